//! What drafts are made of: rows of the published database, as the queries of the binary read them.

use carveout_model::{
    Category, Check, CheckProvider, CheckStatus, Control, Criterion, Layer, Opinion, Owner, Provider, Reliance,
    ReportType, ScopeKind, ServiceModel, Sizing, SubserviceMethod, ThirdParty, Treatment,
};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

/// Everything that drafts rest on, for one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditFacts {
    /// Our name.
    pub organization: String,
    /// The last sealed run.
    pub run: Run,
    /// What the audit covers.
    pub scenario: Scenario,
    /// How big it is.
    pub sizing: Sizing,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// What stands between the scenario and its audit, the most pressing first.
    pub audit_gaps: Vec<carveout_model::Gap>,
    /// Accounts, subscriptions and projects.
    pub scopes: Vec<ScopeUse>,
    /// What is in use there.
    pub services: Vec<ServiceUse>,
    /// Every third party that is known.
    pub parties: Vec<ThirdParty>,
    /// What third parties are to us, where evidence shows it.
    pub party_uses: Vec<PartyUse>,
    /// Reports that are held.
    pub reports: Vec<Report>,
    /// What reports hand back to us.
    pub user_entity_controls: Vec<UserEntityControlRow>,
    /// Our vendors' own subservice organizations.
    pub subservices: Vec<Subservice>,
    /// What our vendors assume of those.
    pub subservice_expectations: Vec<SubserviceExpectation>,
    /// The trust services criteria.
    pub criteria: Vec<Criterion>,
    /// Our controls, with the criteria they serve.
    pub controls: Vec<Control>,
    /// Who owns a layer, by service model.
    pub layer_owners: Vec<LayerOwner>,
    /// What has to be shown, for whom.
    pub obligations: Vec<OpenObligation>,
    /// The checks.
    pub checks: Vec<Check>,
    /// What each check found, counted.
    pub check_summaries: Vec<CheckSummary>,
}

/// A finished run: what drafts are as of.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Run {
    /// 1 for the first.
    pub run_id: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// complete, partial or another word of `inventory.runs`.
    pub status: String,
    /// Live resources after it.
    pub resources: Option<i64>,
}

/// What the audit covers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Scenario {
    /// Its name.
    pub scenario: String,
    /// The categories.
    pub categories: Vec<Category>,
    /// Type 1 or type 2.
    pub report_type: ReportType,
    /// First day of the audit period.
    pub period_start: Date,
    /// Last day of the audit period.
    pub period_end: Date,
}

/// A unit of crawl work that could not be carried out: resources may be there, and nobody knows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Gap {
    /// The run that tried last.
    pub run_id: i64,
    /// The cloud.
    pub provider: Provider,
    /// The scope; `*` for all.
    pub scope_id: String,
    /// The region; `*` for all.
    pub region: String,
    /// The type; `*` for all, `type#detail` for a detail call.
    #[serde(rename = "type")]
    pub type_name: String,
    /// denied, throttled, unreachable or error.
    pub status: String,
    /// The provider's error code.
    pub error_code: Option<String>,
    /// What failed.
    pub message: Option<String>,
}

/// A scope with how much is in it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ScopeUse {
    /// The cloud.
    pub provider: Provider,
    /// The provider's id.
    pub scope_id: String,
    /// What it is.
    pub kind: ScopeKind,
    /// Its display name.
    pub name: Option<String>,
    /// The provider's word for its state.
    pub status: String,
    /// Live resources.
    pub resources: i64,
}

/// A service in one scope.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ServiceUse {
    /// The cloud.
    pub provider: Provider,
    /// The scope.
    pub scope_id: String,
    /// The provider's service.
    pub service: String,
    /// How much of the stack the provider runs.
    pub service_model: ServiceModel,
    /// Live resources.
    pub resources: i64,
    /// Where they are, sorted.
    pub regions: Vec<String>,
}

/// What a third party is to us.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PartyUse {
    /// The party.
    pub party_id: String,
    /// Its relations, sorted.
    pub relations: Vec<String>,
    /// Resources of ours that show it.
    pub resources: i64,
}

/// A report that is held.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Report {
    /// Stable id.
    pub report_id: String,
    /// The party it speaks for, where somebody has said.
    pub party_id: Option<String>,
    /// The service organization, as printed.
    pub organization: String,
    /// The system it describes.
    pub system: Option<String>,
    /// Type 1 or type 2.
    pub report_type: ReportType,
    /// The service auditor.
    pub auditor: Option<String>,
    /// First day of a type 2's period.
    pub period_start: Option<Date>,
    /// Last day of a type 2's period.
    pub period_end: Option<Date>,
    /// The day a type 1 speaks for.
    pub as_of: Option<Date>,
    /// The day the auditor signed.
    pub issued_on: Option<Date>,
    /// The opinion.
    pub opinion: Option<Opinion>,
    /// The categories it covers.
    pub categories: Vec<Category>,
    /// How it treats its own subservice organizations.
    pub subservice_method: Option<String>,
    /// The last day that a bridge letter speaks for.
    pub bridge_until: Option<Date>,
    /// How far it can be relied on; absent without a party.
    pub reliance: Option<Reliance>,
    /// The day that reliance was judged for.
    pub judged_on: Date,
    /// SHA-256 of what was read.
    pub source_sha256: String,
    /// Exceptions in its tests of controls.
    pub exceptions: i64,
}

/// A complementary user entity control.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct UserEntityControlRow {
    /// The report.
    pub report_id: String,
    /// The report's own reference.
    pub cuec_ref: String,
    /// The criteria it bears on.
    pub criteria: Vec<String>,
    /// What we have to do.
    pub description: String,
}

/// A vendor's own subservice organization.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Subservice {
    /// The vendor's report.
    pub report_id: String,
    /// The name as printed.
    pub name: String,
    /// Carve-out or inclusive.
    pub method: SubserviceMethod,
    /// What it does for the vendor.
    pub services: Option<String>,
}

/// A complementary subservice organization control that a vendor's report assumes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SubserviceExpectation {
    /// The vendor's report.
    pub report_id: String,
    /// The report's own reference.
    pub csoc_ref: String,
    /// The subservice organization, as printed.
    pub organization: Option<String>,
    /// The criteria it bears on.
    pub criteria: Vec<String>,
    /// What is assumed.
    pub description: String,
}

/// Who owns a layer under a service model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct LayerOwner {
    /// iaas, paas or saas.
    pub service_model: ServiceModel,
    /// The layer.
    pub layer: Layer,
    /// Who owns it.
    pub owner: Owner,
    /// Where that comes from.
    pub source: String,
}

/// An obligation of the scenario, without its hours.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OpenObligation {
    /// The control.
    pub control_id: String,
    /// The criterion.
    pub criterion_id: String,
    /// The third party.
    pub party_id: String,
    /// What is done about it.
    pub treatment: Treatment,
    /// Who owns the control here.
    pub owner: Owner,
    /// Why.
    pub basis: Vec<String>,
    /// The report that is relied on.
    pub report_id: Option<String>,
    /// Pieces of evidence asked for.
    pub evidence_requests: i64,
    /// How many of those the inventory answers.
    pub evidence_answered: i64,
    /// What the control is tested on, where the inventory knows how much there is.
    pub population: Option<i64>,
    /// Samples to draw.
    pub sample_size: Option<i64>,
}

impl OpenObligation {
    /// Whether we have a part of our own to show.
    pub const fn is_ours(&self) -> bool {
        matches!(self.treatment, Treatment::Customer | Treatment::Shared)
    }

    /// Whether the party owns it or a part of it.
    pub const fn is_theirs(&self) -> bool {
        matches!(self.treatment, Treatment::Shared | Treatment::Inherited | Treatment::Assess)
            && !matches!(self.owner, Owner::Customer | Owner::NotApplicable)
    }
}

/// What a check found at one third party, counted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckSummary {
    /// The control it is evidence for.
    pub control_id: String,
    /// The cloud, or third parties.
    pub provider: CheckProvider,
    /// The cloud whose resources were looked at, or the third party; absent where a check of third parties found none.
    pub party_id: Option<String>,
    /// The check.
    pub check_id: String,
    /// Resources that pass.
    pub passed: i64,
    /// Resources that fail.
    pub failed: i64,
    /// Resources, and places that could not be listed, of which nobody knows.
    pub unknown: i64,
    /// Resources that the check has no bearing on.
    pub not_applicable: i64,
}

/// What a check said of one resource, with what the inventory knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckResult {
    /// The run.
    pub run_id: i64,
    /// The check.
    pub check_id: String,
    /// The resource, the scope or the party; for a place that could not be listed, `provider:scope:region:type`.
    pub resource_key: String,
    /// What it said.
    pub status: CheckStatus,
    /// The fact that decided.
    pub reason: String,
    /// The scope, where the key is a live resource.
    pub scope_id: Option<String>,
    /// The region, where the key is a live resource.
    pub region: Option<String>,
    /// The type, where the key is a live resource.
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    /// The name a person gave it.
    pub name: Option<String>,
}
