//! What an audit asks of each third party, and what that costs.
//!
//! Criteria, controls, responsibility, roles, sample sizes and effort are data files that a user reads and overrides
//! ([`ControlSet`]); code holds only the rules that combine them. [`Sizer`] keeps the estate's facts as polars frames
//! and sizes one [`Scenario`] after another against them. No I/O and no clock: files, rows and days come from the
//! caller. polars shows in no signature.

mod catalogue;
mod data_error;
mod decide;
mod effort;
mod facts;
mod frames;
mod load;
mod outcome;
mod reliance;
mod responsibility;
mod scenario;
mod settle;
mod sizer;

pub use catalogue::{
    CatalogueControl, ControlSet, CrosswalkEdge, EffortUnit, EvidenceRequest, LayerOwner, RoleRule, SampleRule, Shown,
    ThreePoint,
};
pub use data_error::{DataCause, DataError, DataProblem};
pub use effort::{EffortLine, Percentiles};
pub use facts::{CheckCount, PartyFacts, PartyReport, Population, ResourceCount, ScopingInput, party_facts};
pub use load::DataFile;
pub use outcome::{Contributor, ControlRepeat, MatrixCell, RepeatedAt, ReportReliance, Scoping, Toggle};
pub use reliance::{Judgement, Thresholds, judge};
pub use scenario::{Override, SampleLevel, Scenario, ScenarioError, Verdict};
pub use sizer::{ScopingError, Sizer};

/// The party id under which controls that are shown once, for us and not for a provider, appear among obligations.
///
/// The same word as the graph's node for us. It is no third party: it counts in no `third_parties`, naive or real size.
pub const OWN_ORGANIZATION: &str = "organization";
