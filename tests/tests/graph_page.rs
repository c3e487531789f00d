//! The exported graph: the page in a real browser, and formats that other programs read.

use std::{collections::BTreeSet, path::PathBuf, process::Command, sync::OnceLock};

use carveout_tests::{Workspace, python};
use serde_json::Value;

/// A demo, run once for all tests of this file.
fn demo() -> &'static Workspace {
    static DEMO: OnceLock<Workspace> = OnceLock::new();
    DEMO.get_or_init(|| {
        let workspace = Workspace::empty();
        workspace.carveout(["demo", "--dir", "demo"]).expect(0);
        workspace
    })
}

fn export(format: &str) -> PathBuf {
    let path = demo().path(format!("graph.{format}"));
    let out = path.to_str().expect("a plain path");
    demo().carveout(["--config", "demo/carveout.toml", "graph", "export", "--format", format, "--out", out]).expect(0);
    path
}

fn script(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("browser").join(name)
}

/// What the browser saw of the page, with so many made-up parties in it; none for the page as it is.
fn looked_at(parties: usize) -> Value {
    let page = export("html");
    let output = Command::new(python())
        .arg(script("graph_page.py"))
        .arg(&page)
        .arg(parties.to_string())
        .output()
        .expect("Python can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn is_usable(seen: &Value) {
    assert_eq!(seen["errors"], Value::Array(Vec::new()), "errors, or refusals of the content security policy");
    assert_eq!(seen["requests"], serde_json::json!(["file"]), "nothing but the page is asked for");
    assert_eq!((&seen["outside"], &seen["overlaps"]), (&0.into(), &0.into()), "everything is there at first sight");
    assert!(seen["painted"].as_u64() > Some(100), "edges are drawn: {}", seen["painted"]);
    assert_eq!(seen["chosen"], seen["expected"], "search and Enter choose the party");
    let details = seen["details"].as_str().expect("a text");
    assert!(details.contains("Evidence (") && details.contains("SOC 2 reports"), "{details}");
    for name in ["walked", "left", "moves"] {
        assert_eq!(seen[name], true, "{name}");
    }
    assert_eq!((&seen["tab_stops_on_map"], &seen["unnamed_buttons"]), (&1.into(), &0.into()));
    assert!(seen["without_direct"].as_u64() < seen["nodes"].as_u64());
    assert_eq!(seen["again"], seen["nodes"]);
}

#[test]
fn the_page_works_in_a_browser_with_the_keyboard_and_without_a_network() {
    let seen = looked_at(0);
    is_usable(&seen);
    assert!(seen["nodes"].as_u64() > Some(20), "{}", seen["nodes"]);
}

#[test]
fn three_hundred_parties_are_legible_and_their_names_stay_names() {
    let seen = looked_at(300);
    is_usable(&seen);
    assert!(seen["nodes"].as_u64() >= Some(300));
    assert!(seen["letter_pixels"].as_f64() > Some(6.0), "{} px at first sight", seen["letter_pixels"]);
    assert_eq!(seen["title"], "acme: third parties", "no name ran as a script");
}

#[test]
fn graphml_is_read_by_networkx_with_every_node_edge_and_label() {
    let script = "import json, sys, networkx\n\
        graph = networkx.read_graphml(sys.argv[1])\n\
        edges = graph.number_of_edges()\n\
        labels = sorted(data['label'] for _, data in graph.nodes(data=True))\n\
        print(json.dumps({'nodes': graph.number_of_nodes(), 'edges': edges, 'labels': labels}))";
    let output = Command::new(python()).args(["-c", script]).arg(export("graphml")).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let data: Value = serde_json::from_slice(&std::fs::read(export("json")).expect("the export")).expect("JSON");
    let rows = |name: &str| data[name].as_array().expect("rows");
    assert_eq!(read["nodes"], rows("nodes").len());
    assert_eq!(read["edges"], rows("edges").len());
    let mut labels: Vec<&str> = rows("nodes").iter().map(|node| node["label"].as_str().expect("a label")).collect();
    labels.sort_unstable();
    assert_eq!(read["labels"], serde_json::json!(labels));
}

#[test]
fn an_export_is_the_same_each_time_and_holds_every_party() {
    for format in ["dot", "graphml", "json", "html"] {
        let first = std::fs::read(export(format)).expect("the export");
        assert_eq!(std::fs::read(export(format)).expect("the export"), first, "{format}");
    }
    let data: Value = serde_json::from_slice(&std::fs::read(export("json")).expect("the export")).expect("JSON");
    let exported: BTreeSet<String> = data["parties"]
        .as_array()
        .expect("parties")
        .iter()
        .map(|party| party["party_id"].as_str().expect("an id").to_owned())
        .collect();
    let sql = "SELECT party_id FROM parties.third_parties";
    let rows = demo().carveout(["--config", "demo/carveout.toml", "sql", sql, "--format", "json"]).expect(0).rows();
    let stored: BTreeSet<String> = rows.iter().map(|row| row["party_id"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(exported, stored);
}
