//! Rows around the controls: who owns a layer, what maps to a criterion, what is checked, and reports as judged.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{AuditScope, Layer, Owner, Provider, Reliance, ServiceModel, Soc2Report, vocabulary::vocabulary};

/// One cell of the responsibility matrix: one row of `controls.responsibility`.
///
/// A cell that names a party or a criterion goes before the cell that does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsibility {
    /// How much of the stack the provider runs.
    pub service_model: ServiceModel,
    /// The layer.
    pub layer: Layer,
    /// The criterion, where the cell is about one.
    pub criterion_id: Option<String>,
    /// The third party, where the cell is about one.
    pub party_id: Option<String>,
    /// Who owns it.
    pub owner: Owner,
    /// Where that comes from.
    pub source: String,
}

/// One published mapping of another framework's control to a criterion: one row of `controls.crosswalk`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrosswalkEdge {
    /// The framework (`ccm`, `iso27001`, …).
    pub framework: String,
    /// Its version.
    pub framework_version: String,
    /// Its control id.
    pub framework_control_id: String,
    /// The criterion.
    pub criterion_id: String,
    /// Who published the mapping.
    pub source: String,
    /// How the two relate, where the source says it (`equal`, `subset`, `intersects`).
    pub relation: Option<String>,
    /// The licence of the source.
    pub licence: Option<String>,
}

vocabulary! {
    /// What a check says of a resource. Unknown is never pass.
    CheckStatus {
        /// It holds.
        Pass => "pass",
        /// It does not hold.
        Fail => "fail",
        /// The check does not apply to this resource.
        NotApplicable => "not_applicable",
        /// It could not be found out.
        Unknown => "unknown",
    }
}

/// One check of configuration: one row of `controls.checks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Stable id (`aws-s3-public-access-blocked`).
    pub check_id: String,
    /// The control it is evidence for.
    pub control_id: String,
    /// The criteria it bears on.
    pub criterion_ids: Vec<String>,
    /// The cloud.
    pub provider: Provider,
    /// The resource type it looks at.
    pub resource_type: String,
    /// What holds when it passes.
    pub title: String,
    /// Why it matters.
    pub rationale: String,
    /// The packaged query that carries it out.
    pub query_name: String,
}

/// What a check says of one resource: one row of `controls.check_results`, without its run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The check.
    pub check_id: String,
    /// The resource.
    pub resource_key: String,
    /// What it says.
    pub status: CheckStatus,
    /// The fact that decided.
    pub reason: String,
}

/// What stands in for a traditional test in a cloud: one row of `controls.evidence_guide`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceGuide {
    /// The criterion.
    pub criterion_id: String,
    /// The cloud.
    pub provider: Provider,
    /// The test as it is written for data centres and appliances.
    pub traditional_test: String,
    /// What shows the same in this cloud.
    pub cloud_native_evidence: String,
    /// The packaged query that lists it.
    pub query_name: Option<String>,
}

/// A report with what was decided about it on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedReport {
    /// The report as read.
    pub report: Soc2Report,
    /// The third party it speaks for.
    pub party_id: Option<String>,
    /// The third party behind each of `report.subservice_organizations`, in the same order.
    pub subservice_party_ids: Vec<Option<String>>,
    /// Whether its period still speaks; none where that can't be judged (a period is missing).
    pub reliance: Option<Reliance>,
    /// The day it was judged for.
    pub judged_on: Date,
}

/// One scenario of an audit: one row of `scoping.scenarios`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its name.
    pub scenario: String,
    /// What the audit covers.
    pub scope: AuditScope,
    /// The third parties that were left out by hand.
    pub without_parties: Vec<String>,
    /// When it was sized.
    pub sized_at: Timestamp,
}
