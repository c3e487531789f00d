//! The connector contract and the crawl engine: units of work, quota buckets, retry, redaction and the coverage ledger.
//!
//! A connector plans units and turns one unit into pages of resources; everything around that (order, pace, repeats,
//! what becomes of a failure, what may leave as plain text) is decided here, once, for every cloud. The engine knows
//! no cloud and no database: it hands [`Event`]s to a channel.

mod catalogue;
mod connector;
mod context;
mod engine;
mod failure;
mod pacing;
mod redact;
mod types;

pub use catalogue::{TypeCatalogue, TypeCatalogueError, TypeRecord};
pub use connector::{Connector, ConnectorError, Plan, Unit};
pub use context::{Attempt, Page, UnitContext};
pub use engine::{Event, Options, Outcome, Progress, crawl};
pub use failure::{Failure, FailureClass};
pub use pacing::{Pacer, Quota};
pub use redact::{RedactionKey, Redactor};
pub use types::{TypeFilter, TypeFilterError};
