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

/// What one common test of a control would rest on: one row of `controls.common_tests`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonTest {
    /// The control.
    pub control_id: String,
    /// The single implementation.
    pub rests_on: String,
}

vocabulary! {
    /// Where a check looks.
    CheckProvider {
        /// Amazon Web Services.
        Aws => "aws",
        /// Microsoft Azure and Entra.
        Azure => "azure",
        /// Google Cloud.
        Gcp => "gcp",
        /// Third parties, wherever they show.
        Any => "any",
    }
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
    /// The cloud, or third parties.
    pub provider: CheckProvider,
    /// The resource type it looks at; `scope` for accounts, subscriptions and projects, `third_party` for parties.
    pub resource_type: String,
    /// What holds when it passes.
    pub title: String,
    /// Why it matters.
    pub rationale: String,
    /// The packaged query that carries it out.
    pub query_name: String,
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

vocabulary! {
    /// The kinds of gap between a scenario and its audit, the plainest failure first.
    GapKind {
        /// Checks fail.
        FailingEvidence => "failing_evidence",
        /// Checks can't tell for some resources: never counted as a pass.
        UnknownEvidence => "unknown_evidence",
        /// A report is held and can't be relied on.
        LapsedReliance => "lapsed_reliance",
        /// No report speaks for what the party owns.
        NoReport => "no_report",
        /// A report hands something to us that nobody answers for.
        UnownedCuec => "unowned_cuec",
        /// Evidence is asked for that the inventory does not answer.
        NoEvidence => "no_evidence",
    }
}

/// One gap: one row of `scoping.gaps`, without its scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its kind.
    pub kind: GapKind,
    /// The control, where it is about one.
    pub control_id: Option<String>,
    /// The third party, or us.
    pub party_id: String,
    /// The report, where it is about one.
    pub report_id: Option<String>,
    /// The criteria that it puts at risk.
    pub criterion_ids: Vec<String>,
    /// (control, criterion) of the party that rest on it.
    pub obligations: u32,
    /// What is wrong, with the figures.
    pub what: String,
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
    /// The third party behind each of `report.subservice_controls`, in the same order.
    pub subservice_control_party_ids: Vec<Option<String>>,
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
