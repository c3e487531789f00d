//! Vendors' SOC 2 reports as metadata, from what vendors really send: report cards (TOML, YAML, JSON), the PDF reports
//! themselves, bridge letters, and registers (CSV, XLSX) become [`Soc2Report`]s. What is sent in their place (SOC 1, SOC 3,
//! certificates, attestations, penetration tests) becomes an [`OtherDocument`], which never counts as one.
//!
//! Every value keeps where it was read: page and quote of a PDF, row of a register. What is not found is null and listed,
//! never guessed. Nothing here knows the warehouse or judges whether a report can be relied on.

mod attestation;
mod card;
mod columns;
mod criterion;
mod dates;
mod document;
mod expand;
mod history;
mod identity;
mod node;
mod pdf;
mod problem;
mod register;
mod samples;

pub use card::read_card;
pub use criterion::normalize_criterion;
pub use dates::DateOrder;
pub use document::{BridgeLetter, Combined, Document, ReadError, combine, continues, extend, read};
pub use expand::{ExpandError, Expanded, expand};
pub use history::{Succession, succeed};
pub use pdf::PdfError;
pub use problem::{CardError, Cause, Problem};
pub use register::{
    OtherAttestation, Register, RegisterError, RegisterSettings, RegisteredVendor, RowCause, RowProblem, read_register,
};
pub use samples::{Sample, samples};

/// A commented card to start from, for `carveout reports template`.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The JSON Schema of a card (draft 2020-12), for editors.
pub const CARD_SCHEMA: &str = include_str!("card.schema.json");

#[cfg(doc)]
use carveout_model::{OtherDocument, Soc2Report};
