//! How big the audit is: each for each against what repeats, what is asked for, and the hours as a range.

use crate::{
    document::{Field, Section, SectionDraft, Table, number, text},
    draft::{as_of, counted},
    facts::AuditFacts,
};

pub(super) fn draft(facts: &AuditFacts) -> SectionDraft {
    let sizing = &facts.sizing;
    let left = i64::from(sizing.evidence_requests) - i64::from(sizing.evidence_answered);
    let paragraphs = vec![
        format!(
            "Of {} pairs of a criterion and a third party, {} really repeat: the others are answered by a report, or have \
             no bearing on each other. The least that any scenario leaves is {} (every report relied on, nothing tested \
             at a vendor), the most {} (subservice organizations tested at their sites).",
            sizing.naive_size, sizing.real_size, sizing.carve_out_size, sizing.inclusive_size
        ),
        format!(
            "{} asked for; the inventory answers {}, and {left} have to be collected. {} to review, {} to assess directly.",
            counted(sizing.evidence_requests as usize, "piece of evidence is", "pieces of evidence are"),
            sizing.evidence_answered,
            counted(sizing.report_reviews as usize, "report", "reports"),
            counted(sizing.vendor_assessments as usize, "vendor", "vendors"),
        ),
        format!(
            "The work is some {} hours (PERT mean), between {} and {}. Hours are three-point estimates per control and \
             sample, summed over what repeats; they are for planning and not a quote.",
            rounded(sizing.hours_pert),
            rounded(sizing.hours_low),
            rounded(sizing.hours_high)
        ),
    ];
    let pairs: [(&str, &str, u32); 5] = [
        ("Criteria", "of the chosen categories", sizing.criteria),
        ("Third parties", "in scope", sizing.third_parties),
        ("Each for each", "criteria × third parties", sizing.naive_size),
        ("Carve-out", "every report is relied on, nothing is tested at a vendor", sizing.carve_out_size),
        ("Inclusive", "subservice organizations are tested at their sites", sizing.inclusive_size),
    ];
    let real = ("This scenario", "pairs that really repeat", sizing.real_size);
    let treatments: [(&str, &str, u32); 5] = [
        ("Ours", "obligations that we own outright", sizing.customer),
        ("Shared", "obligations that both own part of", sizing.shared),
        ("Inherited", "obligations that a report answers", sizing.inherited),
        ("To assess", "obligations that no report answers", sizing.assess),
        ("Not applicable", "obligations without bearing", sizing.not_applicable),
    ];
    let unseen =
        ("Not seen", "units of the crawl that could not be read: the size can't know them", sizing.incomplete_units);
    let rows = pairs
        .into_iter()
        .chain([real])
        .chain(treatments)
        .chain([unseen])
        .map(|(label, meaning, count)| vec![label.into(), meaning.into(), Field::Number(i64::from(count))]);
    let columns = vec![text("Figure", 24), text("What it counts", 60), number("Number")];
    SectionDraft {
        section: Section::Size,
        as_of: as_of(facts, "What could not be seen is not in the size."),
        paragraphs,
        timeline: None,
        tables: vec![Table::new("Figures", "Size", columns).rows(rows)],
    }
}

/// Whole hours.
#[expect(clippy::cast_possible_truncation, reason = "hours are far below 2^63")]
fn rounded(hours: f64) -> i64 {
    hours.round() as i64
}
