//! The request list (prepared by client): what each owner is asked for, where it repeats, and what is already answered.

use std::collections::BTreeSet;

use carveout_model::{Control, ControlKind, Provider, ReportType, Treatment};

use crate::{
    document::{Field, Section, SectionDraft, Table, number, text},
    draft::{
        Evidence, Index, as_of, attestations::without_report, counted, criteria_words, subservices::report_words, words,
    },
    facts::{AuditFacts, OpenObligation},
};

pub(super) fn draft(facts: &AuditFacts, index: &Index<'_>) -> SectionDraft {
    let requests = requests(facts, index);
    let vendors = vendor_requests(index);
    let owners: BTreeSet<&str> = facts
        .controls
        .iter()
        .filter(|each| repeats(index, each).next().is_some())
        .map(|each| each.owner.as_str())
        .collect();
    let paragraph = format!(
        "{} to {}, and {} to vendors. A check that passes answers a request only where nothing is unknown; what is \
         unknown has to be shown by other means.",
        counted(requests.rows.len(), "request", "requests"),
        counted(owners.len(), "owner", "owners"),
        counted(vendors.rows.len(), "request", "requests"),
    );
    SectionDraft {
        section: Section::Requests,
        as_of: as_of(facts, "What is there is neither counted nor checked, and owners have to show it."),
        paragraphs: vec![paragraph],
        timeline: None,
        tables: vec![requests, vendors, by_party(facts, index)],
    }
}

/// Our own parts of a control.
fn repeats<'a>(index: &'a Index<'a>, control: &'a Control) -> impl Iterator<Item = &'a OpenObligation> {
    index.obligations_of_control(&control.control_id).iter().copied().filter(|each| each.is_ours())
}

/// So many third parties are named; with more, only the clouds are.
const NAMED: usize = 4;

/// Where a control has to be shown: the clouds first. Everybody is in the workbook's sheet by third party.
fn show_for(index: &Index<'_>, parties: &BTreeSet<&str>) -> String {
    let is_cloud = |party_id: &&str| Provider::ALL.iter().any(|provider| provider.party_id() == *party_id);
    let (clouds, others): (Vec<&str>, Vec<&str>) = parties.iter().copied().partition(is_cloud);
    let names = |ids: &[&str]| ids.iter().map(|party_id| index.name(party_id).to_owned()).collect::<Vec<_>>();
    let mut shown = names(&clouds);
    if parties.len() <= NAMED {
        shown.extend(names(&others));
    } else {
        shown.push(counted(others.len(), "other third party", "other third parties"));
    }
    shown.join(", ")
}

/// What the owner of a control is asked for.
fn request_words(control: &Control, report_type: ReportType) -> String {
    let source = match (control.kind, report_type) {
        (ControlKind::Automated, _) => "Configuration that shows",
        (ControlKind::Manual, ReportType::Type1) => "A record that shows",
        (ControlKind::Manual, ReportType::Type2) => "Records over the period that show",
    };
    format!("{source}: {}", control.objective)
}

fn requests(facts: &AuditFacts, index: &Index<'_>) -> Table {
    let columns = vec![
        text("Owner", 22),
        text("Control", 10),
        text("Title", 32),
        text("Request", 64),
        text("Kind", 11),
        text("Frequency", 12),
        text("Show it for", 56),
        number("Pieces of evidence"),
        number("Answered by the inventory"),
        number("Pass"),
        number("Fail"),
        number("Unknown"),
        number("Samples"),
    ];
    let mut rows = Vec::new();
    for control in &facts.controls {
        let ours: Vec<&OpenObligation> = repeats(index, control).collect();
        if ours.is_empty() {
            continue;
        }
        let parties: BTreeSet<&str> = ours.iter().map(|each| each.party_id.as_str()).collect();
        let [passed, failed, unknown] = index.evidence_of_control(&control.control_id).fields();
        rows.push(vec![
            (&control.owner).into(),
            (&control.control_id).into(),
            (&control.title).into(),
            request_words(control, facts.scenario.report_type).into(),
            control.kind.as_str().into(),
            words(control.frequency.as_str()).into(),
            show_for(index, &parties).into(),
            ours.iter().map(|each| each.evidence_requests).sum::<i64>().into(),
            ours.iter().map(|each| each.evidence_answered).sum::<i64>().into(),
            passed,
            failed,
            unknown,
            samples(&ours),
        ]);
    }
    rows.sort_by_cached_key(|row| key(row));
    Table::new("Requests to owners", "Requests", columns)
        .rows(rows)
        .grouped()
        .when_empty("No control has to be shown: no obligation is known. `carveout refresh` derives them.")
}

fn key(row: &[Field]) -> (String, String) {
    let text = |field: Option<&Field>| match field {
        Some(Field::Text(text)) => text.clone(),
        _ => String::new(),
    };
    (text(row.first()), text(row.get(1)))
}

/// Samples over all parties; absent where none is drawn.
fn samples(obligations: &[&OpenObligation]) -> Field {
    let sizes: Vec<i64> = obligations.iter().filter_map(|each| each.sample_size).collect();
    if sizes.is_empty() { Field::Absent } else { sizes.iter().sum::<i64>().into() }
}

fn vendor_requests(index: &Index<'_>) -> Table {
    let columns = vec![text("Vendor", 30), text("Request", 90), text("Held now", 60)];
    Table::new("Requests to vendors", "Vendor requests", columns)
        .rows(without_report(index).into_iter().map(|(party_id, criteria)| {
            let request = format!(
                "A SOC 2 type 2 report, or a bridge letter, that covers the audit period for {}; without one, answers and \
                 evidence for these criteria.",
                criteria_words(criteria),
            );
            let held = index.reports_of(party_id).into_iter().map(report_words).collect::<Vec<_>>();
            vec![index.name(party_id).into(), request.into(), held.join("; ").into()]
        }))
        .when_empty("Every vendor's report reaches.")
}

/// The same requests, a row per control and third party.
fn by_party(facts: &AuditFacts, index: &Index<'_>) -> Table {
    let columns = vec![
        text("Owner", 22),
        text("Control", 10),
        text("Title", 32),
        text("Third party", 30),
        text("Treatment", 12),
        text("Criteria", 26),
        number("Pieces of evidence"),
        number("Answered by the inventory"),
        number("Pass"),
        number("Fail"),
        number("Unknown"),
        number("Population"),
        number("Samples"),
    ];
    let mut rows = Vec::new();
    for control in &facts.controls {
        let ours: Vec<&OpenObligation> = repeats(index, control).collect();
        let parties: BTreeSet<&str> = ours.iter().map(|each| each.party_id.as_str()).collect();
        for party_id in parties {
            let theirs: Vec<&OpenObligation> = ours.iter().copied().filter(|each| each.party_id == party_id).collect();
            let evidence: Evidence = index.evidence(&control.control_id, party_id);
            let [passed, failed, unknown] = evidence.fields();
            let treatments: BTreeSet<Treatment> = theirs.iter().map(|each| each.treatment).collect();
            rows.push(vec![
                (&control.owner).into(),
                (&control.control_id).into(),
                (&control.title).into(),
                index.name(party_id).into(),
                treatments.iter().map(|each| words(each.as_str())).collect::<Vec<_>>().join(", ").into(),
                criteria_words(theirs.iter().map(|each| each.criterion_id.as_str())).into(),
                theirs.iter().map(|each| each.evidence_requests).sum::<i64>().into(),
                theirs.iter().map(|each| each.evidence_answered).sum::<i64>().into(),
                passed,
                failed,
                unknown,
                theirs.iter().filter_map(|each| each.population).max().into(),
                samples(&theirs),
            ]);
        }
    }
    Table::new("Requests by third party", "Requests by third party", columns).rows(rows).detail()
}
