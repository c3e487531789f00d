//! What stands between the scenario and its audit, as it was derived, and what nobody could see.

use crate::{
    document::{Section, SectionDraft, Table, number, text},
    draft::{Index, as_of, counted, criteria_words, provider_name, words},
    facts::{AuditFacts, Gap},
};

pub(super) fn draft(facts: &AuditFacts, index: &Index<'_>) -> SectionDraft {
    let columns =
        vec![text("Gap", 18), text("Where", 44), text("What", 80), text("Criteria at risk", 30), number("Obligations")];
    let count = facts.audit_gaps.len() + facts.gaps.len();
    let paragraph = match count {
        0 => "No gap is known.".to_owned(),
        many => format!(
            "{}: first those that put most criteria at risk, at the end the places that could not be read.",
            counted(many, "gap", "gaps")
        ),
    };
    let of_audit = facts.audit_gaps.iter().map(|gap| {
        let party = index.name(&gap.party_id);
        let control = gap.control_id.as_deref().map(|id| {
            let title = index.control(id).map_or("", |control| control.title.as_str());
            format!("{id} {title} ({party})")
        });
        vec![
            words(gap.kind.as_str()).into(),
            control.unwrap_or_else(|| party.to_owned()).into(),
            gap.what.clone().into(),
            criteria_words(&gap.criterion_ids).into(),
            Some(i64::from(gap.obligations)).into(),
        ]
    });
    let unseen = facts.gaps.iter().map(|gap| {
        let place = format!("{} {}", provider_name(gap.provider), gap.scope_id);
        vec!["not seen".into(), place.into(), unseen_words(gap).into(), String::new().into(), None::<i64>.into()]
    });
    let table = Table::new("Gaps", "Gaps", columns).when_empty("No gap is known.").rows(of_audit.chain(unseen));
    SectionDraft {
        section: Section::Gaps,
        as_of: as_of(facts, "Each is a gap of its own below."),
        paragraphs: vec![paragraph],
        timeline: None,
        tables: vec![table],
    }
}

fn unseen_words(gap: &Gap) -> String {
    format!(
        "{} in {}: {}{}",
        if gap.type_name == "*" { "all types" } else { gap.type_name.as_str() },
        if gap.region == "*" { "all regions" } else { gap.region.as_str() },
        gap.status,
        gap.message.as_deref().map(|message| format!(" ({message})")).unwrap_or_default(),
    )
}
