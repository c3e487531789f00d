//! The words of the domain: what a crawl finds, what a vendor's report says and what an audit asks.
//!
//! Plain data with serde; no I/O, no cloud and no database. Every other room speaks in these types.

mod assurance;
mod column;
mod control;
mod coverage;
mod document;
mod graph;
mod obligation;
mod party;
mod path;
mod reliance;
mod report;
mod resource;
mod scope;
mod type_view;
mod vocabulary;

pub use assurance::{
    Check, CheckProvider, CheckStatus, CommonTest, CrosswalkEdge, EvidenceGuide, Gap, GapKind, JudgedReport,
    Responsibility, Scenario,
};
pub use column::{ColumnType, TypedColumn};
pub use control::{
    AuditScope, Category, CategorySet, CategorySetError, Control, ControlKind, Criterion, Frequency, Layer, Owner,
    Period, ReportType,
};
pub use coverage::{Coverage, CoverageStatus};
pub use document::{DocumentKind, DocumentStanding, JudgedDocument, OtherDocument};
pub use graph::{Concentration, Edge, Node, NodeKind, Reach};
pub use obligation::{OWN_ORGANIZATION, Obligation, Sizing, Treatment};
pub use party::{
    Direction, Evidence, EvidenceStatus, Explained, Exposure, Observation, Outsider, PartyOrigin, Relation, Strength,
    ThirdParty,
};
pub use path::{JsonPath, PathError};
pub use reliance::{CoverageClass, CsocCoverage, CsocStatus, CuecRow, NamePlace, NameRule, PartyName, ReportCoverage};
pub use report::{
    Exception, Opinion, Reliance, ReportControl, Soc2Report, SubserviceControl, SubserviceMethod,
    SubserviceOrganization, UserEntityControl,
};
pub use resource::{Resource, ServiceModel};
pub use scope::{Provider, Scope, ScopeKind};
pub use type_view::{TypeView, snake_case};
pub use vocabulary::UnknownWord;
