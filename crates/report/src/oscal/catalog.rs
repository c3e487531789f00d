//! The criteria and our controls as catalogs, and the profiles that select what an audit covers.

use std::collections::BTreeMap;

use carveout_model::{Check, Control, Criterion};

use super::{
    Ground,
    model::{Catalog, CatalogControl, Group, Import, Merge, Part, Profile, WithIds},
    names::{property, token},
    role_id, statement_id,
};

const CRITERIA: &str = "../../catalogs/criteria/catalog.json";
const CONTROLS: &str = "../../catalogs/controls/catalog.json";

pub(super) fn criteria(ground: &Ground<'_>) -> Catalog {
    let mut groups: BTreeMap<&str, Vec<CatalogControl>> = BTreeMap::new();
    for criterion in &ground.facts.criteria {
        groups.entry(&criterion.series).or_default().push(criterion_control(criterion));
    }
    Catalog {
        uuid: ground.uuid("catalog", &["criteria"]),
        metadata: ground.metadata(
            "trust services criteria by id",
            Some(
                "Titles are the exporter's own; the text of the criteria is the AICPA's and is not part of this file.",
            ),
        ),
        groups: groups
            .into_iter()
            .map(|(series, controls)| Group { id: token(&format!("series-{series}")), title: series.into(), controls })
            .collect(),
    }
}

fn criterion_control(criterion: &Criterion) -> CatalogControl {
    let id = token(&criterion.criterion_id);
    CatalogControl {
        class: "criterion",
        title: criterion.title.as_str().into(),
        props: vec![property("category", criterion.category.as_str())],
        links: Vec::new(),
        parts: vec![Part {
            id: format!("{id}_smt"),
            name: "statement",
            props: Vec::new(),
            prose: criterion.title.clone().into(),
            parts: Vec::new(),
            links: Vec::new(),
        }],
        id,
    }
}

pub(super) fn controls(ground: &Ground<'_>) -> Catalog {
    let mut groups: BTreeMap<String, (&str, Vec<CatalogControl>)> = BTreeMap::new();
    for control in &ground.facts.controls {
        let group = groups.entry(role_id(control)).or_insert_with(|| (control.owner.as_str(), Vec::new()));
        group.1.push(our_control(ground, control));
    }
    Catalog {
        uuid: ground.uuid("catalog", &["controls"]),
        metadata: ground.metadata("controls", None),
        groups: groups
            .into_iter()
            .map(|(role, (owner, controls))| Group {
                id: format!("owner-{role}"),
                title: format!("Owned by: {owner}").into(),
                controls,
            })
            .collect(),
    }
}

fn our_control(ground: &Ground<'_>, control: &Control) -> CatalogControl {
    let id = token(&control.control_id);
    let items = control.criteria.iter().map(|criterion_id| Part {
        id: statement_id(&control.control_id, criterion_id),
        name: "item",
        props: vec![property("criterion", criterion_id)],
        prose: match ground.index.criterion(criterion_id) {
            Some(criterion) => format!("Serves {criterion_id}: {}", criterion.title).into(),
            None => format!("Serves {criterion_id}").into(),
        },
        parts: Vec::new(),
        links: Vec::new(),
    });
    let statement = Part {
        id: format!("{id}_smt"),
        name: "statement",
        props: Vec::new(),
        prose: control.objective.clone().into(),
        parts: items.collect(),
        links: Vec::new(),
    };
    let checks = ground.facts.checks.iter().filter(|check| check.control_id == control.control_id);
    CatalogControl {
        class: "control",
        title: control.title.as_str().into(),
        props: vec![property("kind", control.kind.as_str()), property("frequency", control.frequency.as_str())],
        links: Vec::new(),
        parts: std::iter::once(statement).chain(checks.map(objective)).collect(),
        id,
    }
}

/// What a check has to find.
fn objective(check: &Check) -> Part {
    Part {
        id: objective_id(check),
        name: "assessment-objective",
        props: vec![
            property("provider", check.provider.as_str()),
            property("resource-type", &check.resource_type),
            property("query", &check.query_name),
        ],
        prose: format!("{}. {}", check.title, check.rationale.trim()).into(),
        parts: Vec::new(),
        links: Vec::new(),
    }
}

pub(super) fn objective_id(check: &Check) -> String {
    format!("{}_obj.{}", token(&check.control_id), token(&check.check_id))
}

/// The criteria of the chosen categories and the controls that serve them.
pub(super) fn audit_profile(ground: &Ground<'_>) -> Profile {
    let mut imports = vec![criteria_import(ground)];
    if !ground.controls.is_empty() {
        imports.push(import(CONTROLS, ground.controls.iter().map(|control| token(&control.control_id)).collect()));
    }
    profile(ground, "audit", "what the audit covers", imports)
}

/// The criteria alone: what a vendor's report speaks in.
pub(super) fn criteria_profile(ground: &Ground<'_>) -> Profile {
    profile(ground, "criteria", "criteria that the audit covers", vec![criteria_import(ground)])
}

fn criteria_import(ground: &Ground<'_>) -> Import {
    import(CRITERIA, ground.criteria.iter().map(|criterion| token(&criterion.criterion_id)).collect())
}

fn import(href: &str, with_ids: Vec<String>) -> Import {
    Import { href: href.to_owned(), include_controls: vec![WithIds { with_ids }] }
}

fn profile(ground: &Ground<'_>, name: &str, title: &str, imports: Vec<Import>) -> Profile {
    Profile {
        uuid: ground.uuid("profile", &[name, &ground.facts.scenario.scenario]),
        metadata: ground.metadata(title, None),
        imports,
        merge: Merge { as_is: true },
    }
}
