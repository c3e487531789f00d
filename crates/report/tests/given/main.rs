//! Documents and OSCAL from given rows.

mod common;
mod documents;
mod oscal;
