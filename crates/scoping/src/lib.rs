//! What an audit asks of each third party, and what that costs.
//!
//! Criteria, controls, responsibility, roles, sample sizes and effort are data files that a user reads and overrides
//! ([`ControlSet`]); code holds only the rules that combine them. [`Sizer`] keeps the estate's facts as polars frames
//! and sizes one [`Scenario`] after another against them; it also answers for the responsibility matrix, the
//! modes of an audit, gaps, user entity controls and toggles. No I/O and no clock: files, rows and days come from the
//! caller. polars shows in no signature.

mod assemble;
mod basis;
mod catalogue;
mod chain;
mod compare;
mod coverage;
mod crosswalk;
mod cuec;
mod data_error;
mod decide;
mod effort;
mod facts;
mod frames;
mod gaps;
mod idle;
mod ids;
mod load;
mod matrix;
mod modes;
mod outcome;
mod reliance;
mod responsibility;
mod scenario;
mod sensitivity;
mod settle;
mod sheet;
mod sizer;

pub use basis::Basis;
pub use carveout_model::OWN_ORGANIZATION;
pub use catalogue::{
    CatalogueControl, ControlSet, Covers, CuecOwner, EffortUnit, EvidenceRequest, LayerOwner, OwnerRule,
    PopulationRule, RoleRule, SampleRule, Shown, ThreePoint,
};
pub use chain::csoc_coverage;
pub use compare::{Comparison, Driver, Measure, TreatmentChange, compare};
pub use coverage::{Segment, coverage};
pub use crosswalk::{Agreement, Crosswalk, CrosswalkEdge, crosswalk_csv};
pub use cuec::{CuecOwnership, CuecTrace, EvidenceFound, FallenAway};
pub use data_error::{DataCause, DataError, DataProblem};
pub use effort::{EffortLine, Percentiles, monte_carlo};
pub use facts::{CheckCount, PartyFacts, PartyReport, Population, ResourceCount, ScopingInput, party_facts};
pub use idle::{IdleOverride, IdleReason};
pub use load::DataFile;
pub use matrix::{ResponsibilityCell, Subject};
pub use modes::{Difference, Mode, ModeSize};
pub use outcome::{Contributor, ControlRepeat, MatrixCell, RepeatedAt, ReportReliance, Scoping, Toggle, ToggleKind};
pub use reliance::{Judgement, Thresholds, judge};
pub use scenario::{Override, SampleLevel, Scenario, ScenarioError, Verdict};
pub use sheet::{CellCause, CellProblem, SheetError, SheetImport, SheetLayout, SheetTerms, import_sheet};
pub use sizer::{ScopingError, Sizer};
