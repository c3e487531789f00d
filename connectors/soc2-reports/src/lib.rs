//! Vendors' SOC 2 reports as metadata: report cards in TOML, YAML or JSON become [`Soc2Report`]s.
//!
//! A card is a small text file that a person writes while reading a report; the README documents its keys. All
//! problems of a card are reported together, each with its line, its key and what to do. Nothing here knows the
//! warehouse or judges whether a report can be relied on.

mod card;
mod expand;
mod node;
mod problem;
mod samples;

pub use card::{normalize_criterion, read_card};
pub use expand::{ExpandError, Expanded, expand};
pub use problem::{CardError, Cause, Problem};
pub use samples::{Sample, samples};

/// A commented card to start from, for `carveout reports template`.
pub const TEMPLATE: &str = include_str!("template.toml");

#[cfg(doc)]
use carveout_model::Soc2Report;
