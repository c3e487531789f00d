//! OSCAL: catalogs, a profile, component definitions, security plans and assessment results.
//!
//! Which model carries what follows the metaschema, and not the words of a request:
//!
//! - a **component definition** says what a third party can do for a control and who owns it. Its statements know no
//!   `provided`, `responsibility`, `inherited` or `satisfied`; owner and treatment are properties of ours there;
//! - `provided` and `responsibility` are what a system *exports*, so they stand in a **security plan of the vendor's
//!   system**, drafted from its report: a criterion that the report answers is provided, a complementary user entity
//!   control is a responsibility;
//! - `inherited` and `satisfied` are what a leveraging system says, so they stand in **our security plan**, under the
//!   component that stands for the vendor, and point to the vendor's plan by UUID. Inherited without a report would be
//!   only a claim, and is not written;
//! - **assessment results** hold an observation per check and outcome, and a finding per check that could be decided one
//!   way or the other. Unknown is `not-satisfied`, never a pass; an empty population has an observation and no finding.
//!
//! No leveraged authorization is written: a SOC 2 report authorizes nothing. The report is a resource that is linked.
//! Folders and file names are those that compliance-trestle expects of a workspace. References between documents are
//! relative to the document that holds them, as OSCAL says; trestle takes them from the current folder, so it is run in the
//! folder of a document.

mod catalog;
mod components;
mod model;
mod names;
mod plans;
mod results;

use std::collections::BTreeMap;

use carveout_model::{Control, Criterion, OWN_ORGANIZATION};
use serde::Serialize;

pub use model::OSCAL_VERSION;

use crate::{
    draft::{Index, words},
    facts::{AuditFacts, CheckResult, Report, UserEntityControlRow},
};
use model::{BackMatter, Metadata, Party, Resource, ResponsibleRole, Role};
use names::{line, property, token};

/// A document in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OscalFile {
    /// Where it belongs, relative to the workspace, with `/` between folders.
    pub path: String,
    /// Its content, for people to read, too.
    pub json: String,
}

/// A document could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{path} can't be written as JSON")]
pub struct OscalFailure {
    /// The document.
    pub path: String,
    source: serde_json::Error,
}

/// Every document, from the facts of a scenario and the results of the checks. The same rows give the same bytes.
///
/// # Errors
/// A document can't be written as JSON.
pub fn export(facts: &AuditFacts, results: &[CheckResult]) -> Result<Vec<OscalFile>, OscalFailure> {
    let ground = Ground::new(facts);
    let mut files = vec![
        file("catalogs/criteria/catalog.json", "catalog", &catalog::criteria(&ground))?,
        file("catalogs/controls/catalog.json", "catalog", &catalog::controls(&ground))?,
        file("profiles/audit/profile.json", "profile", &catalog::audit_profile(&ground))?,
        file("profiles/criteria/profile.json", "profile", &catalog::criteria_profile(&ground))?,
        file(
            "component-definitions/third-parties/component-definition.json",
            "component-definition",
            &components::third_parties(&ground),
        )?,
    ];
    if let Some(plan) = plans::system(&ground) {
        files.push(file("system-security-plans/system/system-security-plan.json", "system-security-plan", &plan)?);
    }
    for (report, plan) in plans::vendors(&ground) {
        let path = format!("system-security-plans/{}/system-security-plan.json", token(&report.report_id));
        files.push(file(&path, "system-security-plan", &plan)?);
    }
    let path = format!("assessment-results/run-{}/assessment-results.json", facts.run.run_id);
    files.push(file(&path, "assessment-results", &results::assessment(&ground, results))?);
    Ok(files)
}

fn file<T: Serialize>(path: &str, root: &str, content: &T) -> Result<OscalFile, OscalFailure> {
    let document = BTreeMap::from([(root, content)]);
    let json =
        serde_json::to_string_pretty(&document).map_err(|source| OscalFailure { path: path.to_owned(), source })?;
    Ok(OscalFile { path: path.to_owned(), json: json + "\n" })
}

/// What every document is made from.
struct Ground<'a> {
    facts: &'a AuditFacts,
    index: Index<'a>,
    /// The criteria of the scenario's categories.
    criteria: Vec<&'a Criterion>,
    /// The controls that serve one of them.
    controls: Vec<&'a Control>,
    /// What reports hand back, by report.
    handed_back: BTreeMap<&'a str, Vec<&'a UserEntityControlRow>>,
}

impl<'a> Ground<'a> {
    fn new(facts: &'a AuditFacts) -> Self {
        let criteria: Vec<&Criterion> =
            facts.criteria.iter().filter(|each| facts.scenario.categories.contains(&each.category)).collect();
        let serves = |control: &&Control| criteria.iter().any(|each| control.criteria.contains(&each.criterion_id));
        let controls = facts.controls.iter().filter(serves).collect();
        let mut handed_back: BTreeMap<&str, Vec<&UserEntityControlRow>> = BTreeMap::new();
        for cuec in &facts.user_entity_controls {
            handed_back.entry(&cuec.report_id).or_default().push(cuec);
        }
        Self { facts, index: Index::new(facts), criteria, controls, handed_back }
    }

    /// A UUID that is ours: two organizations don't share one.
    fn uuid(&self, kind: &str, names: &[&str]) -> String {
        names::uuid(kind, &[&[self.facts.organization.as_str()][..], names].concat())
    }

    fn is_in_scope(&self, control_id: &str) -> bool {
        self.controls.iter().any(|control| control.control_id == control_id)
    }

    fn metadata(&self, title: &str, remarks: Option<&str>) -> Metadata {
        Metadata {
            title: format!("{}: {title}", self.facts.organization).into(),
            last_modified: self.facts.run.finished_at.to_string(),
            version: self.facts.run.run_id.to_string(),
            oscal_version: OSCAL_VERSION,
            roles: self.roles(),
            parties: vec![Party {
                uuid: self.uuid("organization", &[]),
                kind: "organization",
                name: line(&self.facts.organization),
            }],
            remarks: remarks.map(Into::into),
        }
    }

    /// The roles that own controls.
    fn roles(&self) -> Vec<Role> {
        let roles: BTreeMap<String, &str> =
            self.controls.iter().map(|control| (role_id(control), control.owner.as_str())).collect();
        roles.into_iter().map(|(id, title)| Role { id, title: title.into() }).collect()
    }

    /// The reports that anything rests on, as resources to link to.
    fn reports(&self) -> Option<BackMatter> {
        let relied: std::collections::BTreeSet<&str> =
            self.facts.obligations.iter().filter_map(|each| each.report_id.as_deref()).collect();
        let reports = self.facts.reports.iter().filter(|report| relied.contains(report.report_id.as_str()));
        let resources: Vec<Resource> = reports.map(|report| self.report_resource(report)).collect();
        (!resources.is_empty()).then_some(BackMatter { resources })
    }

    fn report_uuid(&self, report_id: &str) -> String {
        self.uuid("report", &[report_id])
    }

    fn report_resource(&self, report: &Report) -> Resource {
        let opinion = report.opinion.map_or_else(|| "unknown".to_owned(), |opinion| words(opinion.as_str()));
        Resource {
            uuid: self.report_uuid(&report.report_id),
            title: crate::draft::report_words(report).into(),
            description: format!(
                "Service auditor: {}; opinion: {opinion}.",
                report.auditor.as_deref().unwrap_or("unknown")
            )
            .into(),
            props: report_properties(report),
        }
    }

    /// The component of a third party; our own organization is the system itself.
    fn component_uuid(&self, party_id: &str) -> String {
        if party_id == OWN_ORGANIZATION { self.this_system_uuid() } else { self.uuid("party", &[party_id]) }
    }

    fn this_system_uuid(&self) -> String {
        self.uuid("this-system", &[])
    }
}

/// What a reliance rests on: without a report and a period it would be only a claim.
fn report_properties(report: &Report) -> Vec<model::Property> {
    let mut properties = vec![
        property("report-id", &report.report_id),
        property("report-type", report.report_type.as_str()),
        property("period", crate::draft::period_words(report)),
        property("judged-on", report.judged_on.to_string()),
        property("source-sha256", &report.source_sha256),
    ];
    if let Some(reliance) = report.reliance {
        properties.push(property("reliance", reliance.as_str()));
    }
    properties
}

fn role_id(control: &Control) -> String {
    token(&control.owner.to_lowercase())
}

fn responsible(control: &Control) -> Vec<ResponsibleRole> {
    vec![ResponsibleRole { role_id: role_id(control) }]
}

/// The statement of a control that is about one criterion.
fn statement_id(control_id: &str, criterion_id: &str) -> String {
    format!("{}_smt.{}", token(control_id), token(criterion_id))
}
