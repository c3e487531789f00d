//! Complementary user entity controls: what vendors' reports hand back, and which control of ours serves it.

use carveout_model::Control;

use crate::{
    document::{Section, SectionDraft, Table, number, text},
    draft::{Evidence, Index, as_of, counted, criteria_words, joined, words},
    facts::{AuditFacts, UserEntityControlRow},
};

/// What stands where nobody carries a control out.
pub(super) const UNOWNED: &str = "unowned";

/// So many controls are named with their titles.
const TITLED: usize = 3;

pub(super) fn draft(facts: &AuditFacts, index: &Index<'_>) -> SectionDraft {
    let unowned = unowned(facts, index);
    let paragraphs = vec![
        format!(
            "The reports at hand name {} that their vendors assume we carry out: a carve-out counts only while we do. {} \
             without a control of ours that serves its criteria for that vendor.",
            counted(facts.user_entity_controls.len(), "control", "controls"),
            match unowned.len() {
                0 => "None is".to_owned(),
                1 => "1 is".to_owned(),
                many => format!("{many} are"),
            },
        ),
        "Controls are proposed by criterion. Whether a control does what the vendor's words ask for is for its owner to \
         confirm."
            .to_owned(),
    ];
    SectionDraft {
        section: Section::UserEntityControls,
        as_of: as_of(facts, "Results of checks leave out what is there."),
        paragraphs,
        timeline: None,
        tables: vec![table(facts, index)],
    }
}

/// Those that no control of ours serves.
pub(super) fn unowned<'a>(facts: &'a AuditFacts, index: &Index<'a>) -> Vec<&'a UserEntityControlRow> {
    let is_unowned = |cuec: &&UserEntityControlRow| {
        index
            .report(&cuec.report_id)
            .and_then(|report| report.party_id.as_deref())
            .is_none_or(|party_id| index.controls_serving(cuec, party_id).is_empty())
    };
    facts.user_entity_controls.iter().filter(is_unowned).collect()
}

fn title(control: &Control) -> String {
    format!("{} {}", control.control_id, control.title)
}

fn table(facts: &AuditFacts, index: &Index<'_>) -> Table {
    let columns = vec![
        text("Vendor", 28),
        text("Reference", 12),
        text("Criteria", 18),
        text("What we have to do", 60),
        text("Our controls", 50),
        text("Owner", 22),
        number("Pass"),
        number("Fail"),
        number("Unknown"),
        text("Reliance", 14),
    ];
    let row = |cuec: &UserEntityControlRow| {
        let report = index.report(&cuec.report_id);
        let party_id = report.and_then(|report| report.party_id.as_deref());
        let vendor = party_id.map(|party_id| index.name(party_id)).or(report.map(|each| each.organization.as_str()));
        let controls = party_id.map(|party_id| index.controls_serving(cuec, party_id)).unwrap_or_default();
        let mut evidence = Evidence::default();
        for control in &controls {
            evidence.join(party_id.map(|party_id| index.evidence(&control.control_id, party_id)).unwrap_or_default());
        }
        let names = match controls.as_slice() {
            [] => UNOWNED.to_owned(),
            few if few.len() <= TITLED => few.iter().map(|each| title(each)).collect::<Vec<_>>().join("; "),
            many => many.iter().map(|each| each.control_id.as_str()).collect::<Vec<_>>().join(", "),
        };
        let [passed, failed, unknown] = evidence.fields();
        vec![
            vendor.into(),
            (&cuec.cuec_ref).into(),
            criteria_words(&cuec.criteria).into(),
            (&cuec.description).into(),
            names.into(),
            joined(controls.iter().map(|each| &each.owner), ", ").into(),
            passed,
            failed,
            unknown,
            report.and_then(|each| each.reliance).map(|each| words(each.as_str())).into(),
        ]
    };
    Table::new("Controls handed back to us", "CUECs", columns)
        .rows(facts.user_entity_controls.iter().map(row))
        .when_empty("No report at hand names one. That is no proof that there is none: ask the vendors.")
}
