//! Subservice organizations: who performs part of our system, by which method, resting on what, and what is expected.

use std::collections::BTreeSet;

use crate::{
    document::{Field, Section, SectionDraft, Table, number, text},
    draft::{Index, as_of, counted, criteria_words, joined, words},
    facts::{AuditFacts, OpenObligation, Report},
};

pub(super) fn draft(facts: &AuditFacts, index: &Index<'_>) -> SectionDraft {
    let (subservices, vendors): (Vec<_>, Vec<_>) =
        index.parties().partition(|(_, obligations)| obligations.iter().any(|each| each.is_theirs()));
    let paragraph = format!(
        "{} of {} in scope perform controls that the criteria need together with ours: they are presented as subservice \
         organizations. Where a report is relied on, the carve-out method is used: their controls are left out of our \
         description and tests, and the complementary subservice organization controls (CSOCs) that we expect of them are \
         listed by criterion.",
        subservices.len(),
        counted(subservices.len() + vendors.len(), "third party", "third parties"),
    );
    SectionDraft {
        section: Section::Subservices,
        as_of: as_of(facts, "Third parties that only those places show are missing here."),
        paragraphs: vec![paragraph],
        timeline: None,
        tables: vec![
            organizations(facts, index, &subservices),
            others(index, &vendors),
            fourth_parties(facts, index),
            expectations(index, &subservices),
        ],
    }
}

type PartyObligations<'a, 'b> = (&'a str, &'b [&'a OpenObligation]);

fn organizations(facts: &AuditFacts, index: &Index<'_>, parties: &[PartyObligations<'_, '_>]) -> Table {
    let columns = vec![
        text("Organization", 30),
        text("What it is to us", 30),
        number("Resources there"),
        text("Method", 26),
        text("Report relied on", 46),
        text("Reliance", 14),
        text("CSOCs its report covers", 40),
        text("CSOCs no report covers", 40),
    ];
    Table::new("Subservice organizations", "Subservice organizations", columns)
        .rows(parties.iter().map(|(party_id, obligations)| {
            let reports = index.relied_on(party_id);
            let theirs = || obligations.iter().filter(|each| each.is_theirs());
            let covered: BTreeSet<&str> = covered(obligations);
            let open: BTreeSet<&str> =
                theirs().map(|each| each.criterion_id.as_str()).filter(|each| !covered.contains(each)).collect();
            let method = match (covered.is_empty(), open.is_empty()) {
                (false, true) => "carve-out",
                (false, false) => "carve-out; direct assessment where its report does not reach",
                (true, _) => "direct assessment",
            };
            vec![
                index.name(party_id).into(),
                what_it_is(index, party_id).into(),
                resources(facts, index, party_id),
                method.into(),
                reports.iter().map(|report| report_words(report)).collect::<Vec<_>>().join("; ").into(),
                joined(reports.iter().filter_map(|report| report.reliance).map(|each| words(each.as_str())), ", ")
                    .into(),
                criteria_words(covered).into(),
                criteria_words(open).into(),
            ]
        }))
        .when_empty("No third party in scope performs a part of our controls.")
}

/// What evidence shows of a party.
fn what_it_is(index: &Index<'_>, party_id: &str) -> String {
    match index.party_use(party_id) {
        Some(each) => joined(each.relations.iter().map(|each| words(each)), ", "),
        None => "known from its report".to_owned(),
    }
}

/// For a cloud, what runs there; for others, what shows them.
fn resources(facts: &AuditFacts, index: &Index<'_>, party_id: &str) -> Field {
    let in_cloud = facts.services.iter().filter(|each| each.provider.party_id() == party_id);
    match in_cloud.map(|each| each.resources).sum::<i64>() {
        0 => index.party_use(party_id).map(|each| each.resources).into(),
        running => running.into(),
    }
}

/// Criteria that the party's report answers for its part.
fn covered<'a>(obligations: &[&'a OpenObligation]) -> BTreeSet<&'a str> {
    let relied = obligations.iter().filter(|each| each.is_theirs() && each.report_id.is_some());
    relied.map(|each| each.criterion_id.as_str()).collect()
}

/// `SOC 2 type 2, 2025-10-01 to 2026-09-30`.
pub(crate) fn report_words(report: &Report) -> String {
    let system = report.system.as_deref().unwrap_or(&report.organization);
    format!("{system}: SOC 2 {}, {}", words(report.report_type.as_str()).replace("type", "type "), period_words(report))
}

/// The period of a type 2, the day of a type 1, or that it is unknown.
pub(crate) fn period_words(report: &Report) -> String {
    match (report.period_start, report.period_end, report.as_of) {
        (Some(start), Some(end), _) => format!("{start} to {end}"),
        (_, _, Some(day)) => format!("as of {day}"),
        _ => "period unknown".to_owned(),
    }
}

fn others(index: &Index<'_>, parties: &[PartyObligations<'_, '_>]) -> Table {
    let columns = vec![text("Third party", 30), text("What it is to us", 40), text("Why it is none", 70)];
    Table::new("Third parties that are no subservice organizations", "Other third parties", columns)
        .rows(parties.iter().map(|(party_id, obligations)| {
            // The first reason is about its role; it is the same for every criterion that does not apply.
            let reasons = joined(obligations.iter().filter_map(|each| each.basis.first()), "; ");
            vec![index.name(party_id).into(), what_it_is(index, party_id).into(), reasons.into()]
        }))
        .when_empty("Every third party in scope is a subservice organization.")
}

fn fourth_parties(facts: &AuditFacts, index: &Index<'_>) -> Table {
    let columns = vec![
        text("Vendor", 28),
        text("Its subservice organization", 32),
        text("Method", 14),
        text("What it does", 36),
        text("What the vendor's report assumes of it", 80),
    ];
    Table::new("Subservice organizations of our vendors", "Fourth parties", columns)
        .rows(facts.subservices.iter().map(|each| {
            let report = index.report(&each.report_id);
            let vendor = report.map_or(each.report_id.as_str(), |report| {
                report.party_id.as_deref().map_or(report.organization.as_str(), |party_id| index.name(party_id))
            });
            let assumed = facts.subservice_expectations.iter().filter(|row| {
                row.report_id == each.report_id && row.organization.as_ref().is_none_or(|name| *name == each.name)
            });
            let assumed: Vec<String> = assumed
                .map(|row| format!("{} ({}): {}", row.csoc_ref, criteria_words(&row.criteria), row.description))
                .collect();
            vec![
                vendor.into(),
                (&each.name).into(),
                words(each.method.as_str()).into(),
                each.services.as_deref().into(),
                assumed.join(" ").into(),
            ]
        }))
        .when_empty("No report at hand names one.")
}

fn expectations(index: &Index<'_>, parties: &[PartyObligations<'_, '_>]) -> Table {
    let columns =
        vec![text("Organization", 30), text("Criterion", 11), text("What is expected", 70), text("Shown by", 46)];
    let mut rows = Vec::new();
    for (party_id, obligations) in parties {
        let criteria: BTreeSet<&str> =
            obligations.iter().filter(|each| each.is_theirs()).map(|each| each.criterion_id.as_str()).collect();
        for criterion_id in criteria {
            let reports = obligations.iter().filter(|each| each.is_theirs() && each.criterion_id == criterion_id);
            let reports: BTreeSet<&str> = reports.filter_map(|each| each.report_id.as_deref()).collect();
            let shown = match reports.len() {
                0 => "no report: to be assessed directly".to_owned(),
                _ => joined(reports.iter().filter_map(|id| index.report(id)).map(report_words), "; "),
            };
            let title = index.criterion(criterion_id).map(|each| each.title.as_str());
            rows.push(vec![index.name(party_id).into(), criterion_id.into(), title.into(), shown.into()]);
        }
    }
    Table::new("Expected controls, by criterion", "CSOCs expected", columns)
        .rows(rows)
        .when_empty("None is expected.")
        .detail()
}
