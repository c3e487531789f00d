//! Which controls repeat: a row per control, what is done about it per cloud and for everybody else.

use std::collections::BTreeMap;

use carveout_model::{OWN_ORGANIZATION, Provider, Treatment};

use crate::{
    document::{Field, Section, SectionDraft, Table, number, text},
    draft::{Index, as_of, counted, words},
    facts::{AuditFacts, OpenObligation},
};

/// The heaviest first: what one of a control's criteria asks for, the control asks for.
const BY_WEIGHT: [Treatment; 5] =
    [Treatment::Assess, Treatment::Customer, Treatment::Shared, Treatment::Inherited, Treatment::NotApplicable];

pub(super) fn draft(facts: &AuditFacts, index: &Index<'_>) -> SectionDraft {
    let clouds: Vec<&str> = Provider::ALL
        .iter()
        .map(|provider| provider.party_id())
        .filter(|party_id| !index.obligations_of_party(party_id).is_empty())
        .collect();
    let mut columns = vec![text("Control", 10), text("Title", 44)];
    columns.extend(clouds.iter().map(|party_id| text(index.name(party_id), 16)));
    columns.push(text("Other third parties", 44));
    columns.push(number("Repeats for"));
    let mut repeating = 0;
    let mut rows = Vec::new();
    for control in &facts.controls {
        let treatments = by_party(index.obligations_of_control(&control.control_id));
        if treatments.is_empty() {
            continue;
        }
        let repeats = treatments.values().filter(|treatment| treatment.repeats()).count();
        repeating += usize::from(repeats > 1);
        let mut row = vec![Field::from(&control.control_id), Field::from(&control.title)];
        row.extend(
            clouds.iter().map(|cloud| treatments.get(cloud).map_or(Field::Absent, |one| Field::Treatment(*one))),
        );
        let of_others = treatments.iter().filter(|(party_id, _)| !clouds.contains(party_id)).map(|(_, one)| *one);
        row.push(counts(of_others).into());
        row.push(repeats.into());
        rows.push(row);
    }
    let paragraph = format!(
        "{} shown for more than one provider or third party. A control repeats where we own it (customer), own part of it \
         (shared), or have to assess the vendor because no report can be relied on (assess); where a report answers it, it \
         is inherited.",
        counted(repeating, "control has to be", "controls have to be")
    );
    SectionDraft {
        section: Section::Repeats,
        as_of: as_of(facts, "Third parties that only those places show are missing here."),
        paragraphs: vec![paragraph],
        timeline: None,
        tables: vec![
            Table::new("Treatment by control", "Repeated controls", columns)
                .rows(rows)
                .when_empty("No obligation is known: `carveout refresh` derives them."),
        ],
    }
}

/// The heaviest treatment of a control for each third party.
fn by_party<'a>(obligations: &[&'a OpenObligation]) -> BTreeMap<&'a str, Treatment> {
    let weight = |treatment: Treatment| BY_WEIGHT.iter().position(|one| *one == treatment);
    let mut treatments: BTreeMap<&str, Treatment> = BTreeMap::new();
    for obligation in obligations.iter().filter(|each| each.party_id != OWN_ORGANIZATION) {
        let heaviest = treatments.entry(&obligation.party_id).or_insert(obligation.treatment);
        if weight(obligation.treatment) < weight(*heaviest) {
            *heaviest = obligation.treatment;
        }
    }
    treatments
}

/// `assess: 3, shared: 1`, the heaviest first.
fn counts(treatments: impl Iterator<Item = Treatment>) -> String {
    let treatments: Vec<Treatment> = treatments.collect();
    let count = |wanted: &Treatment| treatments.iter().filter(|one| *one == wanted).count();
    let told = BY_WEIGHT.iter().map(|one| (one, count(one))).filter(|(_, count)| *count > 0);
    told.map(|(one, count)| format!("{}: {count}", words(one.as_str()))).collect::<Vec<_>>().join(", ")
}
