//! Exports: the same bytes each time, and no name that breaks out of its place.

mod common;

use std::collections::BTreeMap;

use carveout_graph::{EVIDENCE_PER_PARTY, ExportFormat, PublishedGraph};
use common::*;
use serde_json::Value;

/// Ends a script, a comment, a quoted text and an element, and goes on with orders of its own.
const HOSTILE: &str = "a\"]; evil [label=\"x\\\n</script><script>alert(1)</script><!--]]>&amp;'\u{1}\u{2028}";

const FORMATS: [ExportFormat; 4] = [ExportFormat::Dot, ExportFormat::GraphMl, ExportFormat::Json, ExportFormat::Html];

fn export(graph: &PublishedGraph, format: ExportFormat) -> String {
    let mut totals = BTreeMap::new();
    for row in &graph.evidence {
        *totals.entry(row.party_id.clone()).or_insert(0) += 1;
    }
    graph.export(format, &totals)
}

fn hostile() -> PublishedGraph {
    let mut graph = acme().publish();
    for node in &mut graph.nodes {
        node.label = HOSTILE.to_owned();
    }
    for party in &mut graph.parties {
        party.name = HOSTILE.to_owned();
        party.domain = Some(HOSTILE.to_owned());
    }
    for row in &mut graph.evidence {
        row.value = Some(HOSTILE.to_owned());
    }
    graph
}

#[test]
fn two_exports_of_one_state_are_the_same_bytes() {
    for format in FORMATS {
        assert_eq!(export(&acme().publish(), format), export(&acme().publish(), format));
    }
}

#[test]
fn a_hostile_name_stays_a_name_in_dot() {
    let text = export(&hostile(), ExportFormat::Dot);
    // Outside quoted texts there is nothing but what we write.
    let mut outside = String::new();
    let mut characters = text.chars();
    let mut is_quoted = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' if is_quoted => drop(characters.next()),
            '"' => is_quoted = !is_quoted,
            _ if !is_quoted => outside.push(character),
            _ => {}
        }
    }
    assert!(!is_quoted && !outside.contains("evil") && !outside.contains("script"), "{outside}");
    assert!(text.lines().all(|line| line.ends_with([';', '{', '}'])), "a name stays on its line");
}

#[test]
fn a_hostile_name_stays_a_name_in_graphml() {
    let text = export(&hostile(), ExportFormat::GraphMl);
    assert!(!text.contains("<script") && !text.contains('\u{1}'));
    assert_eq!(text.matches("<node ").count(), hostile().nodes.len());
    assert_eq!(text.matches("<edge ").count(), hostile().edges.len());
    assert!(text.contains("&lt;/script&gt;"));
}

#[test]
fn a_hostile_name_stays_a_name_in_the_page() {
    let text = export(&hostile(), ExportFormat::Html);
    assert_eq!(text.matches("<script").count(), 2, "the data and the script");
    assert_eq!(text.matches("</script").count(), 2);
    assert!(!text.contains("<!--") && !text.contains("alert(1)</"));
    let (_, data) = text.split_once("id=\"graph\">").expect("the data");
    let (data, _) = data.split_once("</script>").expect("its end");
    let data: Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["parties"][0]["name"], HOSTILE);
}

#[test]
fn the_page_lets_in_nothing_from_outside() {
    let text = export(&acme().publish(), ExportFormat::Html);
    let (_, policy) = text.split_once("http-equiv=\"Content-Security-Policy\" content=\"").expect("a policy");
    let (policy, _) = policy.split_once('"').expect("its end");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "XMLHttpRequest"]
    {
        assert!(!text.contains(word), "{word}");
    }
    assert!(!text.contains("src=\"") && !text.contains("href=\"") && !text.contains("{{"));
}

#[test]
fn json_holds_everything_and_the_strongest_evidence() {
    let mut graph = acme().publish();
    let row = graph.evidence[0].clone();
    graph.evidence.extend(std::iter::repeat_n(row, 2 * EVIDENCE_PER_PARTY));
    let data: Value = serde_json::from_str(&export(&graph, ExportFormat::Json)).expect("JSON");
    assert_eq!(data["format"], "carveout-graph");
    assert_eq!(data["nodes"].as_array().map(Vec::len), Some(graph.nodes.len()));
    assert_eq!(data["edges"].as_array().map(Vec::len), Some(graph.edges.len()));
    let datadog = data["parties"].as_array().expect("parties").iter().find(|party| party["party_id"] == "datadog");
    let datadog = datadog.expect("it is there");
    assert_eq!((&datadog["depth"], &datadog["report"]), (&Value::from(1), &Value::from("current")));
    assert_eq!(datadog["evidence_total"], 3 + 2 * EVIDENCE_PER_PARTY);
    let rows = data["evidence"].as_array().expect("evidence").iter().filter(|row| row["party_id"] == "datadog");
    assert_eq!(rows.count(), EVIDENCE_PER_PARTY);
}
