//! The carve-out chain: as a tree for people, as rows for everything else.

use std::{collections::BTreeMap, fmt::Write as _};

use carveout_graph::{Coverage, Hop, PublishedGraph};
use carveout_model::SubserviceMethod;
use carveout_warehouse::{Cell, Rows};

use super::{COUNT, TEXT, count, maybe, table, text};
use crate::printer;

const CHAIN: &[(&str, &str)] = &[
    ("depth", COUNT),
    ("party_id", TEXT),
    ("name", TEXT),
    ("via", TEXT),
    ("named_by", TEXT),
    ("method", TEXT),
    ("coverage", TEXT),
    ("report_id", TEXT),
    ("reliance", TEXT),
    ("speaks_until", TEXT),
    ("report_days", COUNT),
    ("letter_days", COUNT),
    ("period_days", COUNT),
    ("csocs", COUNT),
    ("csocs_shown", COUNT),
    ("csocs_open", "VARCHAR[]"),
    ("cycle", "VARCHAR[]"),
];

/// One row for each link.
pub fn rows(graph: &PublishedGraph, hops: Vec<Hop>) -> Rows {
    let row = |hop: Hop| {
        let (named, report, days) = (hop.named.as_ref(), hop.report.as_ref(), hop.days);
        vec![
            count(u64::from(hop.depth)),
            text(&hop.party_id),
            text(graph.name(&hop.party_id)),
            maybe(hop.via.as_deref()),
            maybe(named.map(|named| named.report_id.as_str())),
            maybe(named.map(|named| named.method.as_str())),
            text(hop.coverage.as_str()),
            maybe(report.map(|report| report.report_id.as_str())),
            maybe(report.map(|report| report.reliance_word())),
            maybe(report.and_then(|report| report.speaks_until.as_deref())),
            days.map_or(Cell::Null, |days| count(days.report_days.into())),
            days.map_or(Cell::Null, |days| count(days.letter_days.into())),
            days.map_or(Cell::Null, |days| count(days.period_days.into())),
            named.map_or(Cell::Null, |named| count(named.csocs)),
            named.map_or(Cell::Null, |named| count(named.csocs_shown)),
            Cell::Json(named.map(|named| named.csocs_open.clone()).unwrap_or_default().into()),
            Cell::Json(hop.cycle.into()),
        ]
    };
    table(CHAIN, hops.into_iter().map(row).collect())
}

/// The chain as a tree: under each party, whom it depends on.
pub fn for_people(graph: &PublishedGraph, hops: &[Hop]) -> String {
    // What stands behind a party hangs on the first link to it.
    let mut below: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, hop) in hops.iter().enumerate() {
        if let Some(via) = &hop.via {
            below.entry(via).or_default().push(at);
        }
    }
    let mut out = String::new();
    // A chain of any depth is walked without recursion: the last of the stack comes next.
    let mut stack: Vec<(usize, String, String)> = vec![(0, String::new(), String::new())];
    while let Some((at, first, rest)) = stack.pop() {
        let hop = &hops[at];
        let children = if hop.is_told_elsewhere { None } else { below.get(hop.party_id.as_str()) };
        let children = children.map_or(&[][..], Vec::as_slice);
        let _ = writeln!(out, "{first}{}", heading(graph, hop));
        let indent = format!("{rest}{}", if children.is_empty() { "   " } else { "│  " });
        for line in details(hop) {
            let _ = writeln!(out, "{indent}{line}");
        }
        for (place, child) in children.iter().enumerate().rev() {
            let (branch, under) = if place + 1 == children.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            stack.push((*child, format!("{rest}{branch}"), format!("{rest}{under}")));
        }
    }
    printer::harmless(&out)
}

fn heading(graph: &PublishedGraph, hop: &Hop) -> String {
    let name = graph.name(&hop.party_id);
    let called = if name == hop.party_id { name.to_owned() } else { format!("{name} ({})", hop.party_id) };
    match (&hop.named, &hop.via) {
        (Some(named), _) if named.method == SubserviceMethod::Inclusive => format!("{called}, included"),
        (Some(_), _) => format!("{called}, carved out"),
        (None, Some(_)) => format!("{called}, on a published list"),
        (None, None) => called,
    }
}

/// What is known of a link, a line each.
fn details(hop: &Hop) -> Vec<String> {
    let mut lines = Vec::new();
    let until = hop.report.as_ref().and_then(|report| report.speaks_until.as_ref());
    let until = until.map(|day| format!(", speaks until {day}")).unwrap_or_default();
    let word = hop.report.as_ref().map(|report| report.reliance_word().replace('_', " ")).unwrap_or_default();
    lines.push(match hop.coverage {
        Coverage::OwnReport => format!("its report is {word}{until}"),
        Coverage::Included => "the report above speaks for it".to_owned(),
        Coverage::NotRelied => format!("its report is {word}{until}: not relied on"),
        Coverage::Missing => "no report of it is at hand".to_owned(),
    });
    if let Some(days) = hop.days.filter(|_| hop.report.is_some()) {
        let letter = if days.letter_days > 0 { format!(", {} by a letter", days.letter_days) } else { String::new() };
        let none = days.period_days.saturating_sub(days.report_days + days.letter_days);
        lines.push(format!(
            "of our {} days {} by a report{letter}, {none} by neither",
            days.period_days, days.report_days
        ));
    }
    if let Some(named) = hop.named.as_ref().filter(|named| named.csocs > 0) {
        lines.push(format!("{} of {} assumed controls (CSOCs) shown", named.csocs_shown, named.csocs));
        lines.extend(named.csocs_open.iter().map(|open| format!("  {open}")));
    }
    if !hop.cycle.is_empty() {
        lines.push(format!("a cycle, cut here: {}", hop.cycle.join(" > ")));
    } else if hop.is_told_elsewhere {
        lines.push("what stands behind it is told with another link".to_owned());
    }
    lines
}
