//! Results of checks as assessment results: what was observed of which subject, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Check, CheckStatus};

use super::{
    Ground,
    catalog::objective_id,
    components::system_component,
    model::{
        Actor, AssessmentResult, AssessmentResults, BackMatter, ControlReference, ControlSelection, Described, Finding,
        FindingTarget, InventoryItem, LocalDefinitions, ObjectiveStatus, Observation, Origin, Reference,
        RelatedObservation, Resource, ReviewedControls, State, Subject, SystemComponent,
    },
    names::{property, token},
};
use crate::{
    draft::{counted, words},
    facts::CheckResult,
};

/// How `resource_type` of a check says that it looks at third parties.
const THIRD_PARTY: &str = "third_party";

pub(super) fn assessment(ground: &Ground<'_>, results: &[CheckResult]) -> AssessmentResults {
    let run = &ground.facts.run;
    let run_id = run.run_id.to_string();
    let plan = ground.uuid("assessment-plan", &[]);
    let mut by_check: BTreeMap<&str, Vec<&CheckResult>> = BTreeMap::new();
    for result in results {
        by_check.entry(&result.check_id).or_default().push(result);
    }
    let checks: Vec<&Check> =
        ground.facts.checks.iter().filter(|check| ground.is_in_scope(&check.control_id)).collect();
    let tool = ground.uuid("tool", &[]);
    let mut observations = Vec::new();
    let mut findings = Vec::new();
    let mut subjects = Subjects::default();
    for check in &checks {
        let outcome = by_check.get(check.check_id.as_str()).map_or(&[][..], Vec::as_slice);
        let observed = observe(ground, check, outcome, &tool, &mut subjects);
        findings.extend(finding(ground, check, outcome, &observed));
        observations.extend(observed);
    }
    let mut components = vec![tool_component(tool)];
    components.extend(subjects.parties.iter().map(|party_id| system_component(ground, party_id)));
    let controls: BTreeSet<String> = checks.iter().map(|check| token(&check.control_id)).collect();
    let selection = if controls.is_empty() {
        ControlSelection::IncludeAll {}
    } else {
        let reference = |control_id| ControlReference { control_id };
        ControlSelection::IncludeControls(controls.into_iter().map(reference).collect())
    };
    AssessmentResults {
        uuid: ground.uuid("assessment-results", &[&run_id]),
        metadata: ground.metadata(&format!("checks of run {run_id}"), None),
        import_ap: Reference { href: format!("#{plan}") },
        results: vec![AssessmentResult {
            uuid: ground.uuid("result", &[&run_id]),
            title: format!("Run {run_id}").into(),
            description: format!("Configuration checks over the inventory of run {run_id} ({}).", run.status).into(),
            start: run.started_at.to_string(),
            end: run.finished_at.to_string(),
            props: vec![
                property("run-id", &run_id),
                property("run-status", &run.status),
                property("units-not-read", ground.facts.gaps.len().to_string()),
            ],
            local_definitions: LocalDefinitions { components, inventory_items: subjects.items.into_values().collect() },
            reviewed_controls: ReviewedControls { control_selections: vec![selection] },
            observations,
            findings,
            remarks: remarks(ground, checks.len()).map(Into::into),
        }],
        back_matter: BackMatter {
            resources: vec![Resource {
                uuid: plan,
                title: "Assessment plan".into(),
                description:
                    "No plan was written in OSCAL. Each check is an assessment objective of its control in the \
                              catalog, and its query is named there."
                        .into(),
                props: Vec::new(),
            }],
        },
    }
}

fn remarks(ground: &Ground<'_>, checks: usize) -> Option<String> {
    let mut remarks = Vec::new();
    if checks == 0 {
        remarks.push("No check of a control in scope has been carried out: nothing is satisfied.".to_owned());
    }
    let left_out = ground.facts.checks.len() - checks;
    if left_out > 0 {
        remarks.push(format!(
            "{} of controls that serve no criterion in scope left out.",
            counted(left_out, "check is", "checks are")
        ));
    }
    if !ground.facts.gaps.is_empty() {
        remarks.push(format!(
            "{} of the crawl could not be read; resources there are in no population.",
            counted(ground.facts.gaps.len(), "unit", "units")
        ));
    }
    (!remarks.is_empty()).then(|| remarks.join(" "))
}

fn tool_component(uuid: String) -> SystemComponent {
    SystemComponent {
        uuid,
        kind: "software",
        title: "carveout".into(),
        description: "Crawls the inventory and carries out the checks.".into(),
        props: vec![property("version", env!("CARGO_PKG_VERSION"))],
        status: State { state: "operational", remarks: None },
    }
}

/// What observations refer to: each once.
#[derive(Default)]
struct Subjects<'a> {
    items: BTreeMap<&'a str, InventoryItem>,
    parties: BTreeSet<&'a str>,
}

impl<'a> Subjects<'a> {
    fn subject(&mut self, ground: &Ground<'_>, check: &Check, result: &'a CheckResult) -> Subject {
        let key = result.resource_key.as_str();
        // A check of third parties that could not be carried out names none.
        let is_known = || ground.facts.parties.iter().any(|party| party.party_id == key);
        let (subject_uuid, kind) = if check.resource_type == THIRD_PARTY && is_known() {
            self.parties.insert(key);
            (ground.component_uuid(key), "component")
        } else {
            let uuid = ground.uuid("subject", &[key]);
            self.items.entry(key).or_insert_with(|| item(uuid.clone(), result));
            (uuid, "inventory-item")
        };
        Subject { subject_uuid, kind, title: key.into(), remarks: result.reason.clone().into() }
    }
}

fn item(uuid: String, result: &CheckResult) -> InventoryItem {
    let known = [("type", &result.type_name), ("scope", &result.scope_id), ("region", &result.region)];
    let mut props = vec![property("resource-key", &result.resource_key)];
    props.extend(known.into_iter().filter_map(|(name, value)| Some(property(name, value.as_ref()?))));
    let description = result.name.clone().filter(|name| !name.trim().is_empty());
    InventoryItem { uuid, description: description.unwrap_or_else(|| result.resource_key.clone()).into(), props }
}

/// An observation per outcome; one that says so where there was nothing to look at.
fn observe<'a>(
    ground: &Ground<'_>,
    check: &Check,
    results: &[&'a CheckResult],
    tool: &str,
    subjects: &mut Subjects<'a>,
) -> Vec<Observation> {
    let run = &ground.facts.run;
    let observation = |outcome: &str, description: String, subjects: Vec<Subject>| Observation {
        uuid: ground.uuid("observation", &[&run.run_id.to_string(), &check.control_id, &check.check_id, outcome]),
        title: format!("{} ({outcome})", check.title).into(),
        description: description.into(),
        props: vec![
            property("check", &check.check_id),
            property("outcome", outcome),
            property("provider", check.provider.as_str()),
        ],
        methods: vec!["TEST"],
        types: vec!["control-objective"],
        origins: vec![Origin { actors: vec![Actor { kind: "tool", actor_uuid: tool.to_owned() }] }],
        subjects,
        relevant_evidence: vec![Described {
            description: format!("Query {} over run {}.", check.query_name, run.run_id).into(),
        }],
        collected: run.finished_at.to_string(),
        remarks: None,
    };
    if results.is_empty() {
        return vec![observation("empty", "No resource of its population is known.".to_owned(), Vec::new())];
    }
    let mut observations = Vec::new();
    for status in CheckStatus::ALL {
        let seen: Vec<Subject> = results
            .iter()
            .filter(|result| result.status == *status)
            .map(|result| subjects.subject(ground, check, result))
            .collect();
        if !seen.is_empty() {
            let description = format!("{}: {}.", words(status.as_str()), counted(seen.len(), "subject", "subjects"));
            observations.push(observation(status.as_str(), description, seen));
        }
    }
    observations
}

/// What a check comes to. Nothing to decide on is no finding; unknown is never satisfied.
fn finding(
    ground: &Ground<'_>,
    check: &Check,
    results: &[&CheckResult],
    observations: &[Observation],
) -> Option<Finding> {
    let count = |status| results.iter().filter(|result| result.status == status).count();
    let (passed, failed, unknown) = (count(CheckStatus::Pass), count(CheckStatus::Fail), count(CheckStatus::Unknown));
    let (state, reason) = match (passed, failed, unknown) {
        (0, 0, 0) => return None,
        (_, 1.., _) => ("not-satisfied", "fail"),
        (_, 0, 1..) => ("not-satisfied", "other"),
        (_, 0, 0) => ("satisfied", "pass"),
    };
    let counts = format!("{passed} pass, {failed} fail, {unknown} unknown");
    let remarks = match reason {
        "other" => format!("{counts}. What is unknown can't be counted as a pass."),
        _ => format!("{counts}."),
    };
    Some(Finding {
        uuid: ground.uuid("finding", &[&ground.facts.run.run_id.to_string(), &check.control_id, &check.check_id]),
        title: check.title.as_str().into(),
        description: format!("{} for {}: {counts}.", check.title, check.control_id).into(),
        target: FindingTarget {
            kind: "objective-id",
            target_id: objective_id(check),
            status: ObjectiveStatus { state, reason, remarks: remarks.into() },
        },
        related_observations: observations
            .iter()
            .map(|each| RelatedObservation { observation_uuid: each.uuid.clone() })
            .collect(),
    })
}
