//! The responsibility matrix: by layer and service model, by criterion and provider, and every cell with its reasons.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Layer, OWN_ORGANIZATION, Owner, Provider, ServiceModel};

use crate::{
    document::{Field, Section, SectionDraft, Table, text},
    draft::{Index, as_of, joined, words},
    facts::{AuditFacts, OpenObligation},
};

pub(super) fn draft(facts: &AuditFacts, index: &Index<'_>) -> SectionDraft {
    SectionDraft {
        section: Section::Responsibility,
        as_of: as_of(facts, "Cells are weighted by what could be read."),
        paragraphs: vec![format!(
            "Owners are provider, customer (we), shared (provider and customer), outsourced to or shared with a third \
             party, and not applicable. Layers and service models give the start; what is in use and the reports at hand \
             decide each cell, and its reasons are in the workbook. Source of the layers: {}.",
            joined(facts.layer_owners.iter().map(|each| &each.source), "; "),
        )],
        timeline: None,
        tables: vec![layers(facts), criteria(facts, index), obligations(facts, index)],
    }
}

const fn model_name(model: ServiceModel) -> &'static str {
    match model {
        ServiceModel::Iaas => "IaaS",
        ServiceModel::Paas => "PaaS",
        ServiceModel::Saas => "SaaS",
    }
}

fn layers(facts: &AuditFacts) -> Table {
    let mut columns = vec![text("Layer", 22)];
    columns.extend(ServiceModel::ALL.iter().map(|model| text(model_name(*model), 16)));
    let known: BTreeSet<Layer> = facts.layer_owners.iter().map(|each| each.layer).collect();
    let rows = Layer::ALL.iter().filter(|layer| known.contains(layer)).map(|layer| {
        let cells = || facts.layer_owners.iter().filter(|each| each.layer == *layer);
        let mut row = vec![Field::from(words(layer.as_str()))];
        row.extend(ServiceModel::ALL.iter().map(|model| {
            let owners = cells().filter(|each| each.service_model == *model);
            Field::from(joined(owners.map(|each| words(each.owner.as_str())), ", "))
        }));
        row
    });
    Table::new("Layers and service models", "Layers", columns).rows(rows)
}

/// A row per criterion, a column per cloud, and one for everybody else.
fn criteria(facts: &AuditFacts, index: &Index<'_>) -> Table {
    let clouds: Vec<&str> = Provider::ALL
        .iter()
        .map(|provider| provider.party_id())
        .filter(|party_id| !index.obligations_of_party(party_id).is_empty())
        .collect();
    let mut columns = vec![text("Criterion", 11), text("What it asks for", 56)];
    columns.extend(clouds.iter().map(|party_id| text(index.name(party_id), 26)));
    columns.push(text("Our organization alone", 18));
    columns.push(text("Other third parties", 44));
    let is_other = |party_id: &str| party_id != OWN_ORGANIZATION && !clouds.contains(&party_id);
    let mut cells: BTreeMap<&str, Vec<&OpenObligation>> = BTreeMap::new();
    for obligation in &facts.obligations {
        cells.entry(&obligation.criterion_id).or_default().push(obligation);
    }
    let in_scope = facts.criteria.iter().filter(|criterion| cells.contains_key(criterion.criterion_id.as_str()));
    let rows = in_scope.map(|criterion| {
        let obligations = cells.get(criterion.criterion_id.as_str()).map_or(&[][..], Vec::as_slice);
        let mut row = vec![Field::from(&criterion.criterion_id), Field::from(&criterion.title)];
        row.extend(clouds.iter().chain([&OWN_ORGANIZATION]).map(|party_id| {
            let of_cloud = obligations.iter().filter(|each| each.party_id == *party_id);
            Field::from(owners(&of_cloud.map(|each| each.owner).collect()).join(", "))
        }));
        let mut by_party: BTreeMap<&str, BTreeSet<Owner>> = BTreeMap::new();
        for obligation in obligations.iter().filter(|each| is_other(&each.party_id)) {
            by_party.entry(&obligation.party_id).or_default().insert(obligation.owner);
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for party_owners in by_party.values() {
            *counts.entry(owners(party_owners).join(" and ")).or_default() += 1;
        }
        let counts: Vec<String> = counts.iter().map(|(owner, count)| format!("{owner}: {count}")).collect();
        row.push(counts.join(", ").into());
        row
    });
    Table::new("Owner by criterion and provider", "Matrix", columns)
        .rows(rows)
        .when_empty("No obligation is known: `carveout refresh` derives them.")
}

/// What several controls of one criterion come to: what applies goes before what does not.
fn owners(owners: &BTreeSet<Owner>) -> Vec<String> {
    let applying: Vec<String> =
        owners.iter().filter(|owner| **owner != Owner::NotApplicable).map(|owner| words(owner.as_str())).collect();
    if applying.is_empty() { owners.iter().map(|owner| words(owner.as_str())).collect() } else { applying }
}

fn obligations(facts: &AuditFacts, index: &Index<'_>) -> Table {
    let columns = vec![
        text("Criterion", 11),
        text("Control", 10),
        text("Title", 36),
        text("Third party", 26),
        text("Owner", 18),
        text("Treatment", 15),
        text("Report", 44),
        text("Reasons", 100),
    ];
    Table::new("Every cell with its reasons", "Obligations", columns)
        .rows(facts.obligations.iter().map(|each| {
            vec![
                (&each.criterion_id).into(),
                (&each.control_id).into(),
                index.control(&each.control_id).map(|control| &control.title).into(),
                index.name(&each.party_id).into(),
                words(each.owner.as_str()).into(),
                words(each.treatment.as_str()).into(),
                each.report_id.as_ref().into(),
                each.basis.join("; ").into(),
            ]
        }))
        .detail()
}
