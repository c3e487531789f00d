//! The drafts that an audit ends in, from plain rows: documents as HTML, Markdown and XLSX, samples, and OSCAL.
//!
//! Nothing here reads a database or writes a file: rows come in, text and bytes go out, and the same rows give the same
//! bytes. What could not be seen is part of every section.

mod document;
mod draft;
mod facts;
mod html;
mod markdown;
pub mod oscal;
mod sample;
mod timeline;
mod xlsx;

pub use document::{Column, Document, Field, Section, SectionDraft, Table};
pub use draft::draft;
pub use facts::{
    AuditFacts, CheckResult, CheckSummary, Gap, LayerOwner, OpenObligation, PartyUse, Report, Run, Scenario, ScopeUse,
    ServiceUse, Subservice, SubserviceExpectation, UserEntityControlRow,
};
pub use html::html;
pub use markdown::markdown;
pub use sample::{METHOD, Member, Sample, draw, draw_key};
pub use timeline::{Bar, Timeline};
pub use xlsx::{XlsxFailure, xlsx};
