//! The scoping engine from outside: a small estate, a large one, one worked out by hand and many at random.

mod answers;
mod chain;
mod coverage;
mod draw;
mod estate;
mod files;
mod pace;
mod properties;
mod responsibility;
mod sheets;
mod treatments;
mod worked_example;
