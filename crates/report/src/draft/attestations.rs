//! Other information: the reports of third parties that are relied on, those that are not, and those that are missing.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Reliance, Treatment};

use crate::{
    document::{Section, SectionDraft, Table, number, text},
    draft::{
        Index, as_of, counted, criteria_words,
        subservices::{period_words, report_words},
        words,
    },
    facts::{AuditFacts, Report},
    timeline::{Bar, Timeline},
};

pub(super) fn draft(facts: &AuditFacts, index: &Index<'_>) -> SectionDraft {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for obligation in &facts.obligations {
        if let Some(report_id) = &obligation.report_id {
            *used.entry(report_id).or_default() += 1;
        }
    }
    let (relied, idle): (Vec<&Report>, Vec<&Report>) =
        facts.reports.iter().partition(|report| used.contains_key(report.report_id.as_str()));
    let missing = without_report(index);
    let paragraph = format!(
        "{} relied on; {} held without being relied on; {} assessed directly, for want of a report that reaches.",
        counted(relied.len(), "report is", "reports are"),
        counted(idle.len(), "report is", "reports are"),
        counted(missing.len(), "third party has to be", "third parties have to be"),
    );
    SectionDraft {
        section: Section::Attestations,
        as_of: as_of(facts, "Third parties that only those places show are missing here."),
        paragraphs: vec![paragraph],
        timeline: timeline(facts, index),
        tables: vec![
            table("Reports relied on", "Attestations", &relied, &used, index).when_empty("No report is relied on."),
            table("Reports held and not relied on", "Not relied on", &idle, &used, index),
            assessments(&missing, index),
        ],
    }
}

/// The periods of type 2 reports with an opinion that can be relied on, party by party.
fn timeline(facts: &AuditFacts, index: &Index<'_>) -> Option<Timeline> {
    let mut bars: Vec<Bar> = facts
        .reports
        .iter()
        .filter(|report| !matches!(report.reliance, Some(Reliance::Unreliable | Reliance::NotEvaluable)))
        .filter_map(|report| {
            Some(Bar {
                label: index.name(report.party_id.as_deref()?).to_owned(),
                report: (report.period_start?, report.period_end?),
                letter_until: report.bridge_until,
            })
        })
        .collect();
    bars.sort_by(|one, other| (&one.label, one.report).cmp(&(&other.label, other.report)));
    let period = (facts.scenario.period_start, facts.scenario.period_end);
    (!bars.is_empty()).then_some(Timeline { period, bars })
}

fn table(
    title: &'static str,
    sheet: &'static str,
    reports: &[&Report],
    used: &BTreeMap<&str, usize>,
    index: &Index<'_>,
) -> Table {
    let columns = vec![
        text("Party", 28),
        text("Report", 36),
        text("Type", 8),
        text("Period", 26),
        text("Auditor", 28),
        text("Opinion", 14),
        text("Categories", 36),
        number("Exceptions"),
        text("Method", 14),
        text("Reliance", 36),
        number("Obligations resting on it"),
        text("SHA-256 of the source, first half", 36),
    ];
    let row = |report: &&Report| {
        let reliance = match report.reliance {
            None => "belongs to no known party".to_owned(),
            Some(reliance) => format!("{}, judged for {}", why(report, reliance), report.judged_on),
        };
        vec![
            report.party_id.as_deref().map_or(report.organization.as_str(), |party_id| index.name(party_id)).into(),
            report.system.as_ref().unwrap_or(&report.organization).into(),
            report.report_type.as_str().trim_start_matches("type").into(),
            period_words(report).into(),
            report.auditor.as_deref().into(),
            report.opinion.map_or_else(|| "unknown".to_owned(), |opinion| words(opinion.as_str())).into(),
            report.categories.iter().map(|each| words(each.as_str())).collect::<Vec<_>>().join(", ").into(),
            report.exceptions.into(),
            report.subservice_method.as_deref().map(words).into(),
            reliance.into(),
            used.get(report.report_id.as_str()).copied().unwrap_or_default().into(),
            report.source_sha256.get(..32).unwrap_or(&report.source_sha256).into(),
        ]
    };
    Table::new(title, sheet, columns).rows(reports.iter().map(row))
}

/// The word of reliance with the fact behind it.
fn why(report: &Report, reliance: Reliance) -> String {
    let word = words(reliance.as_str());
    match (reliance, report.bridge_until, report.period_end) {
        (Reliance::Bridged, Some(until), _) => format!("{word}: a letter speaks until {until}"),
        (Reliance::Stale | Reliance::Expired, _, Some(end)) => format!("{word}: the period ended on {end}"),
        _ => word,
    }
}

/// Parties that have to be assessed directly, with the criteria.
pub(super) fn without_report<'a>(index: &Index<'a>) -> Vec<(&'a str, BTreeSet<&'a str>)> {
    let criteria = |(party_id, obligations): (&'a str, &[&'a crate::facts::OpenObligation])| {
        let open = obligations.iter().filter(|each| each.treatment == Treatment::Assess);
        (party_id, open.map(|each| each.criterion_id.as_str()).collect::<BTreeSet<_>>())
    };
    index.parties().map(criteria).filter(|(_, criteria)| !criteria.is_empty()).collect()
}

fn assessments(missing: &[(&str, BTreeSet<&str>)], index: &Index<'_>) -> Table {
    let columns = vec![text("Third party", 30), text("Criteria to assess", 70), text("Reports held", 60)];
    Table::new("Third parties to assess directly", "To assess", columns).rows(missing.iter().map(
        |(party_id, criteria)| {
            let held = index.reports_of(party_id);
            vec![
                index.name(party_id).into(),
                criteria_words(criteria).into(),
                held.iter().map(|report| report_words(report)).collect::<Vec<_>>().join("; ").into(),
            ]
        },
    ))
}
