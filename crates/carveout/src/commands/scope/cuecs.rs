//! `carveout scope cuecs`: who answers for what vendors hand back to us, and what falls away with a vendor.

use std::collections::BTreeSet;

use carveout_model::Obligation;
use carveout_scoping::{CuecOwnership, CuecTrace, EvidenceFound, Scenario, Sizer};
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::Cuecs,
    commands::{parties, scope::prepared},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Prints the trace, or with `--without` what is no longer handed to us.
pub fn run(workspace: &Workspace, arguments: &Cuecs) -> Result<Exit, CliError> {
    let (sizer, mut scenario) = prepared(workspace, &arguments.scenario)?;
    // What falls away is asked of the scenario that still has the vendors.
    let dropped = std::mem::take(&mut scenario.without);
    let party_id = match &arguments.party {
        Some(party) => Some(parties::find(&workspace.reader()?, party)?.party_id),
        None => None,
    };
    let is_asked = |trace: &CuecTrace| {
        party_id.as_ref().is_none_or(|party_id| trace.party_id == *party_id)
            && (!arguments.unowned || matches!(trace.ownership, CuecOwnership::Unowned { .. }))
    };
    if !dropped.is_empty() {
        return fallen(&sizer, &scenario, &dropped, arguments, is_asked);
    }
    let mut traces = sizer.cuecs(&scenario);
    traces.retain(is_asked);
    if arguments.output.is_for_people() {
        printer::text(&traces_for_people(&traces))?;
    } else {
        printer::print(&trace_table(&traces), &arguments.output)?;
    }
    Ok(Exit::Done)
}

/// Vendor by vendor: what we have to do, who does it, and what the checks say of it.
fn traces_for_people(traces: &[CuecTrace]) -> String {
    let mut text = String::new();
    for of_party in traces.chunk_by(|one, next| one.party_id == next.party_id) {
        text.push_str(&format!("{}\n", of_party[0].party_id));
        for trace in of_party {
            text.push_str(&head(trace, &format!("{}, {}", ownership(trace), evidence(trace))));
            if let Some(reason) = trace.ownership.reason() {
                text.push_str(&printer::wrapped(reason, 6));
            }
        }
        text.push('\n');
    }
    let count = |word: &str| traces.iter().filter(|trace| trace.ownership.as_str() == word).count();
    text.push_str(&printer::wrapped(
        &format!(
            "{} user entity controls: {} of nobody, {} by criterion until controls/cuec_owners.csv names their owners.",
            traces.len(),
            count("unowned"),
            count("by_criterion")
        ),
        0,
    ));
    printer::harmless(&text)
}

/// The reference with its criteria, what is to be said of it, what we have to do, and our controls.
fn head(trace: &CuecTrace, said: &str) -> String {
    let criteria = if trace.criteria.is_empty() { "no criterion".to_owned() } else { trace.criteria.join(", ") };
    let first = printer::wrapped(&format!("{} on {criteria}: {said}", trace.cuec_ref), 2);
    first + &printer::wrapped(&trace.description, 6) + &printer::wrapped(&trace.control_ids.join(", "), 6)
}

fn ownership(trace: &CuecTrace) -> &'static str {
    match trace.ownership {
        CuecOwnership::Named { .. } => "named owner",
        CuecOwnership::ByCriterion => "by criterion",
        CuecOwnership::NotApplicable { .. } => "does not apply",
        CuecOwnership::Unowned { .. } => "unowned",
    }
}

fn evidence(trace: &CuecTrace) -> String {
    let EvidenceFound { passed, failed, unknown, .. } = trace.evidence;
    match trace.evidence.status() {
        None => "no check looks there".to_owned(),
        Some(_) => format!("{passed} pass, {failed} fail, {unknown} unknown"),
    }
}

fn trace_table(traces: &[CuecTrace]) -> Rows {
    let row = |trace: &CuecTrace| {
        vec![
            Cell::Text(trace.party_id.clone()),
            Cell::Text(trace.cuec_ref.clone()),
            Cell::Json(trace.criteria.clone().into()),
            Cell::Bool(trace.in_scope),
            Cell::Text(trace.ownership.as_str().to_owned()),
            Cell::Json(trace.control_ids.clone().into()),
            trace.evidence.status().map_or(Cell::Null, |status| Cell::Text(status.as_str().to_owned())),
            whole(trace.evidence.passed),
            whole(trace.evidence.failed),
            whole(trace.evidence.unknown),
            Cell::Text(trace.description.clone()),
            trace.ownership.reason().map_or(Cell::Null, |reason| Cell::Text(reason.to_owned())),
            Cell::Text(trace.report_id.clone()),
        ]
    };
    Rows {
        columns: vec![
            Column::new("party_id", "VARCHAR"),
            Column::new("cuec_ref", "VARCHAR"),
            Column::new("criteria", "VARCHAR[]"),
            Column::new("in_scope", "BOOLEAN"),
            Column::new("ownership", "VARCHAR"),
            Column::new("control_ids", "VARCHAR[]"),
            Column::new("evidence", "VARCHAR"),
            Column::new("passed", "BIGINT"),
            Column::new("failed", "BIGINT"),
            Column::new("unknown", "BIGINT"),
            Column::new("description", "VARCHAR"),
            Column::new("reason", "VARCHAR"),
            Column::new("report_id", "VARCHAR"),
        ],
        rows: traces.iter().map(row).collect(),
    }
}

/// What each vendor's leaving would take with it: its user entity controls, and the obligations that rest on them.
fn fallen(
    sizer: &Sizer,
    scenario: &Scenario,
    dropped: &BTreeSet<String>,
    arguments: &Cuecs,
    is_asked: impl Fn(&CuecTrace) -> bool,
) -> Result<Exit, CliError> {
    let scoping = sizer.size(scenario).or_fail(|| "can't size the audit".to_owned())?;
    let mut rows = Vec::new();
    let mut text = String::new();
    for party_id in dropped {
        let away = sizer.cuecs_without(scenario, party_id);
        let obligations = away.obligations(&scoping);
        text.push_str(&format!("{party_id}\n"));
        for trace in away.cuecs.iter().filter(|trace| is_asked(trace)) {
            let resting: Vec<&Obligation> =
                obligations.iter().filter(|obligation| trace.asks_for(obligation)).collect();
            let others: BTreeSet<&String> =
                trace.criteria.iter().filter_map(|id| away.still_handed_back.get(id)).flatten().collect();
            let others: Vec<String> = others.into_iter().cloned().collect();
            text.push_str(&head(trace, &format!("{} obligations, {:.1} h", resting.len(), hours(&resting))));
            if !others.is_empty() {
                text.push_str(&printer::wrapped(&format!("still handed back by {}", others.join(", ")), 6));
            }
            rows.push(fallen_row(trace, &resting, others));
        }
        let freed = match away.criteria_freed.as_slice() {
            [] => "On each criterion another vendor still hands something back.".to_owned(),
            ids => format!("On {} nobody else hands anything back.", ids.join(", ")),
        };
        let all: Vec<&Obligation> = obligations.iter().collect();
        let summary = format!(
            "Without {party_id}, {} user entity controls and {} obligations that rest on them ({:.0} h, most likely) fall \
             away. {freed}",
            away.cuecs.len(),
            all.len(),
            hours(&all)
        );
        text.push_str(&format!("\n{}\n", printer::wrapped(&summary, 0)));
    }
    if arguments.output.is_for_people() {
        printer::text(&printer::harmless(&text))?;
    } else {
        printer::print(&Rows { columns: fallen_columns(), rows }, &arguments.output)?;
    }
    Ok(Exit::Done)
}

fn hours(obligations: &[&Obligation]) -> f64 {
    obligations.iter().map(|obligation| obligation.hours_likely).sum()
}

fn fallen_columns() -> Vec<Column> {
    vec![
        Column::new("party_id", "VARCHAR"),
        Column::new("cuec_ref", "VARCHAR"),
        Column::new("criteria", "VARCHAR[]"),
        Column::new("control_ids", "VARCHAR[]"),
        Column::new("obligations", "BIGINT"),
        Column::new("hours_likely", "DOUBLE"),
        Column::new("still_handed_back_by", "VARCHAR[]"),
        Column::new("description", "VARCHAR"),
        Column::new("report_id", "VARCHAR"),
    ]
}

fn fallen_row(trace: &CuecTrace, resting: &[&Obligation], others: Vec<String>) -> Vec<Cell> {
    vec![
        Cell::Text(trace.party_id.clone()),
        Cell::Text(trace.cuec_ref.clone()),
        Cell::Json(trace.criteria.clone().into()),
        Cell::Json(trace.control_ids.clone().into()),
        whole(resting.len() as u64),
        Cell::Double(hours(resting)),
        Cell::Json(others.into()),
        Cell::Text(trace.description.clone()),
        Cell::Text(trace.report_id.clone()),
    ]
}

fn whole(count: u64) -> Cell {
    Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
