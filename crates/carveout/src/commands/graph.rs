//! `carveout graph`: why a party is in scope, what hangs on it, who stands behind it, and the graph for other tools.
//!
//! The questions are answered by `carveout-graph` from published rows; this file picks the rows and prints the answers.

pub mod chain;
pub mod rows;

use std::{fmt::Write as _, path::Path};

use carveout_graph::{ExportFormat, PublishedGraph, Why};
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::{Graph, GraphFormat, Output},
    commands::parties,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};
use rows::Published;

/// Rows of evidence that people are shown of one party unless they ask for more.
const EVIDENCE_SHOWN: u32 = 20;

/// Answers one question of the graph.
pub fn run(workspace: &Workspace, command: &Graph) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    let published = Published::new(&reader);
    let unknown = || CliError::failed("the graph does not hold this party").hint("`carveout refresh` builds it anew");
    match command {
        Graph::Why { party, evidence, output } => {
            let party = parties::find(&reader, party)?;
            let is_for_people = output.is_for_people();
            let limit = evidence.or(is_for_people.then_some(EVIDENCE_SHOWN));
            // One more than is shown, to tell that there are more.
            let most = limit.map_or(i64::MAX, |most| i64::from(most) + 1);
            let graph = published.for_why(&party.binding(), &party.party_id, most)?;
            let why = graph.why(&party.party_id).ok_or_else(unknown)?;
            let shown = limit.map_or(usize::MAX, |most| most as usize);
            if is_for_people {
                printer::text(&why_for_people(&graph, &why, shown))?;
            } else {
                printer::print(&why_rows(&graph, &why, shown), output)?;
            }
        }
        Graph::Impact { party, output } => {
            let party = parties::find(&reader, party)?;
            let impact = published.for_impact(&party.binding())?.impact(&party.party_id).ok_or_else(unknown)?;
            let row = |row: carveout_graph::Impact| {
                let what = serde_json::to_value(row.what).ok().and_then(|what| what.as_str().map(ToOwned::to_owned));
                vec![text(what.unwrap_or_default()), text(row.subject), text(row.detail), count(row.count)]
            };
            let columns = [("what", TEXT), ("subject", TEXT), ("detail", TEXT), ("count", COUNT)];
            print(&columns, impact.into_iter().map(row).collect(), output)?;
        }
        Graph::Concentration { output } => {
            let rows = reader.query(include_str!("graph/concentration.sql"), &[]);
            printer::print(&rows.or_fail(|| "can't read the graph".to_owned())?, output)?;
        }
        Graph::Chain { party, output } => {
            let party = parties::find(&reader, party)?;
            let graph = published.for_chain()?;
            let hops = graph.chain(&party.party_id).ok_or_else(unknown)?;
            if output.is_for_people() {
                printer::text(&chain::for_people(&graph, &hops))?;
            } else {
                printer::print(&chain::rows(&graph, hops), output)?;
            }
        }
        Graph::Cover { criterion, output } => {
            let criterion = criterion.to_uppercase();
            let graph = published.for_cover(&criterion)?;
            if graph.obligations.is_empty() {
                return Err(CliError::usage(format!("no obligation of the current scope is about `{criterion}`"))
                    .hint("`carveout sql \"SELECT criterion_id, title FROM controls.criteria\"` lists the criteria"));
            }
            let row = |needed: carveout_graph::Needed| {
                vec![
                    text(&needed.party_id),
                    text(graph.name(&needed.party_id)),
                    text(if needed.held.is_some() { "held" } else { "ask" }),
                    maybe(needed.held),
                    Cell::Json(needed.covers.into()),
                    count(needed.obligations),
                ]
            };
            let columns = [
                ("party_id", TEXT),
                ("name", TEXT),
                ("state", TEXT),
                ("report_id", TEXT),
                ("covers", "VARCHAR[]"),
                ("obligations", COUNT),
            ];
            print(&columns, graph.cover(&criterion).into_iter().map(row).collect(), output)?;
        }
        Graph::Cycles { output } => {
            let cycles = published.for_chain()?.cycles();
            let row = |(index, parties): (usize, Vec<String>)| {
                vec![count(index as u64 + 1), count(parties.len() as u64), Cell::Json(parties.into())]
            };
            let columns = [("cycle", COUNT), ("size", COUNT), ("parties", "VARCHAR[]")];
            print(&columns, cycles.into_iter().enumerate().map(row).collect(), output)?;
        }
        Graph::Export { format, out } => {
            let (graph, totals) = published.for_export()?;
            let format = match format {
                GraphFormat::Dot => ExportFormat::Dot,
                GraphFormat::Graphml => ExportFormat::GraphMl,
                GraphFormat::Json => ExportFormat::Json,
                GraphFormat::Html => ExportFormat::Html,
            };
            write(&graph.export(format, &totals), out.as_deref())?;
        }
    }
    Ok(Exit::Done)
}

const TEXT: &str = "VARCHAR";
const COUNT: &str = "BIGINT";

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn maybe(value: Option<impl Into<String>>) -> Cell {
    value.map_or(Cell::Null, text)
}

fn count(value: u64) -> Cell {
    Cell::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn table(columns: &[(&str, &str)], rows: Vec<Vec<Cell>>) -> Rows {
    Rows { columns: columns.iter().map(|(name, type_name)| Column::new(*name, type_name)).collect(), rows }
}

fn print(columns: &[(&str, &str)], rows: Vec<Vec<Cell>>, output: &Output) -> Result<(), CliError> {
    printer::print(&table(columns, rows), output)
}

/// Writes a document whole, or to standard output.
fn write(document: &str, out: Option<&Path>) -> Result<(), CliError> {
    match out {
        Some(path) => printer::replace_file(path, |out| out.write_all(document.as_bytes()))
            .or_fail(|| format!("can't write {}", path.display())),
        None => printer::text(document),
    }
}

const WHY: &[(&str, &str)] = &[
    ("step", COUNT),
    ("what", TEXT),
    ("subject", TEXT),
    ("relation", TEXT),
    ("strength", TEXT),
    ("status", TEXT),
    ("place", TEXT),
    ("value", TEXT),
];

/// The chain as rows: each step, what shows it, and the reports that speak for the party.
fn why_rows(graph: &PublishedGraph, why: &Why, shown: usize) -> Rows {
    let mut rows = Vec::new();
    for (index, step) in why.steps.iter().enumerate() {
        let number = || count(index as u64 + 1);
        for edge in &step.edges {
            rows.push(vec![
                number(),
                text("step"),
                text(&edge.to_id),
                text(edge.relation.as_str()),
                maybe(edge.strength.map(|strength| strength.as_str())),
                Cell::Null,
                text(&edge.from_id),
                text(format!("{} rows of evidence, confidence {:.2}", edge.evidence_count, edge.confidence)),
            ]);
        }
        for named in &step.subservices {
            rows.push(vec![
                number(),
                text("named in"),
                text(&named.report_id),
                text("subservice_of"),
                Cell::Null,
                text(named.method.as_str()),
                text(&named.vendor_id),
                text(format!("{} CSOCs", named.csocs)),
            ]);
        }
        if index == 0 {
            rows.extend(why.evidence.iter().take(shown).map(|row| evidence_row(number(), row)));
        }
    }
    if why.steps.is_empty() {
        rows.extend(why.evidence.iter().take(shown).map(|row| evidence_row(Cell::Null, row)));
    }
    rows.extend(why.reports.iter().map(|report| {
        vec![
            Cell::Null,
            text("report"),
            text(&report.report_id),
            text("attests"),
            Cell::Null,
            text(report.reliance_word()),
            text(graph.name(&report.party_id)),
            maybe(report.speaks_until.as_ref().map(|day| format!("speaks until {day}"))),
        ]
    }));
    table(WHY, rows)
}

fn evidence_row(step: Cell, row: &carveout_graph::EvidenceRow) -> Vec<Cell> {
    let value = [row.path.as_deref(), row.value.as_deref()];
    vec![
        step,
        text("evidence"),
        text(&row.signal),
        text(row.relation.as_str()),
        text(row.strength.as_str()),
        text(row.status.as_str()),
        text(&row.resource_key),
        text(value.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" = ")),
    ]
}

/// The chain as a tree: us, each party on the way, and under the first the resources and lines of policy that show it.
fn why_for_people(graph: &PublishedGraph, why: &Why, shown: usize) -> String {
    let name = |party_id: &str| {
        let name = graph.name(party_id);
        if name == party_id { name.to_owned() } else { format!("{name} ({party_id})") }
    };
    let mut out = String::new();
    if why.steps.is_empty() {
        let _ = writeln!(out, "{}: nothing that counts leads to it", name(&why.party_id));
    } else {
        out.push_str("us\n");
    }
    for (index, step) in why.steps.iter().enumerate() {
        let indent = "   ".repeat(index);
        let party_id = step.to_id.strip_prefix("party:").unwrap_or(&step.to_id);
        let relations: Vec<String> = step
            .edges
            .iter()
            .map(|edge| match edge.strength {
                Some(strength) => format!("{} ({strength}, {} rows)", edge.relation, edge.evidence_count),
                None => edge.relation.to_string(),
            })
            .collect();
        let _ = writeln!(out, "{indent}└─ {}: {}", name(party_id), relations.join(", "));
        for named in &step.subservices {
            let _ =
                writeln!(out, "{indent}      named in {}, {}, {} CSOCs", named.report_id, named.method, named.csocs);
        }
        if index == 0 {
            evidence_lines(&mut out, why, shown);
        }
    }
    if why.steps.is_empty() {
        evidence_lines(&mut out, why, shown);
    }
    for report in &why.reports {
        let until = report.speaks_until.as_ref().map(|day| format!(", speaks until {day}")).unwrap_or_default();
        let _ = writeln!(out, "report {}: {}{until}", report.report_id, report.reliance_word());
    }
    if why.reports.is_empty() {
        out.push_str("no report speaks for it\n");
    }
    printer::harmless(&out)
}

fn evidence_lines(out: &mut String, why: &Why, shown: usize) {
    for row in why.evidence.iter().take(shown) {
        let _ = writeln!(out, "      {} {} {}: {}", row.status, row.strength, row.signal, row.resource_key);
        let value = [row.path.as_deref(), row.value.as_deref()];
        let value: Vec<&str> = value.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if !value.is_empty() {
            let _ = writeln!(out, "         {}", value.join(" = "));
        }
    }
    if why.evidence.len() > shown {
        out.push_str("      … and more; --evidence N shows as many as you like, `query run evidence-of-party` all\n");
    }
}
