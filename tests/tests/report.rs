//! `carveout report` and `carveout export`, over the demo's estate with given results of checks: read back by programs that
//! this project did not write.

use std::{process::Command, sync::OnceLock};

use carveout_tests::{Ran, Workspace, python};
use serde_json::Value;

/// A name that a spreadsheet, a Markdown renderer and a terminal would each obey.
const HOSTILE: &str = "=HYPERLINK(\"https://evil.example\")|<img src=x>";

/// Given results, so that the tests don't depend on what the packaged checks find: a control with a test in each cloud and
/// one of third parties. `every` says what each of four resources in turn comes to.
const RESULTS: &str = r#"
import duckdb, sys
db = duckdb.connect("demo/acme.duckdb")
run = db.execute("SELECT run_id FROM meta.state").fetchone()[0]
db.execute("DELETE FROM controls.check_results")
db.execute("DELETE FROM controls.checks")

def check(check_id, provider, resource_type, every, population):
    db.execute(
        "INSERT INTO controls.checks (check_id, control_id, criterion_ids, provider, resource_type, title, rationale, query_name) VALUES (?, 'AC-08', ['CC6.1'], ?, ?, ?, 'It matters.', ?)",
        [check_id, provider, resource_type, "Title of " + check_id, check_id],
    )
    keys = [row[0] for row in db.execute(population).fetchall()]
    assert len(keys) >= len(every), (check_id, len(keys))
    for index, key in enumerate(keys):
        status = every[index % len(every)]
        db.execute("INSERT INTO controls.check_results (run_id, check_id, resource_key, status, reason) VALUES (?, ?, ?, ?, ?)", [run, check_id, key, status, "a fact"])

def of(provider):
    return f"SELECT resource_key FROM inventory.resources WHERE provider = '{provider}' ORDER BY resource_key LIMIT 40"

check("aws-given", "aws", "AWS::Any", ["pass", "fail", "unknown", "not_applicable"], of("aws"))
check("azure-given", "azure", "any", ["pass"], of("azure"))
check("gcp-given", "gcp", "any", ["pass", "unknown"], of("gcp"))
check("any-given", "any", "third_party", ["pass", "fail"], "SELECT party_id FROM parties.third_parties ORDER BY party_id")
db.execute("INSERT INTO controls.check_results (run_id, check_id, resource_key, status, reason) VALUES (?, 'aws-given', 'aws:1:*:*', 'unknown', 'denied')", [run])
db.execute("INSERT INTO controls.checks (check_id, control_id, criterion_ids, provider, resource_type, title, rationale, query_name) VALUES ('aws-empty', 'AC-08', ['CC6.1'], 'aws', 'AWS::No', 'T', 'R', 'aws-empty')")
db.execute("UPDATE parties.third_parties SET name = ? WHERE party_id = 'datadog'", [sys.argv[1]])
db.close()
"#;

/// The demo, run once.
fn demo() -> &'static Workspace {
    static DEMO: OnceLock<Workspace> = OnceLock::new();
    DEMO.get_or_init(|| {
        let workspace = Workspace::empty();
        // Part of the demo's estate is denied.
        workspace.carveout(["demo", "--dir", "demo"]);
        run_python(&workspace, RESULTS, &[HOSTILE]);
        workspace
    })
}

fn carveout(arguments: &[&str]) -> Ran {
    demo().carveout([&["--config", "demo/carveout.toml"], arguments].concat()).expect(0)
}

/// Runs a script in the workspace and returns what it prints.
fn run_python(workspace: &Workspace, script: &str, arguments: &[&str]) -> String {
    let output = Command::new(python())
        .args(["-c", script])
        .args(arguments)
        .current_dir(workspace.path(""))
        .output()
        .expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

fn text(name: &str) -> String {
    String::from_utf8(demo().read(name)).expect("it is text")
}

#[test]
fn every_section_of_the_document_says_as_of_when_and_what_was_not_seen() {
    carveout(&["report", "--out", "all.md"]);
    let document = text("all.md");
    let sections: Vec<&str> = document.split("\n## ").skip(2).collect();
    assert_eq!(sections.len(), 9);
    for section in sections {
        let as_of = section.lines().find(|line| line.starts_with("> ")).expect("an as-of line");
        assert!(as_of.starts_with("> As of run 1, finished ") && as_of.contains("could not be read"), "{as_of}");
    }
    carveout(&["report", "--out", "all.html"]);
    let page = text("all.html");
    assert_eq!(page.matches("<p class=\"as-of\">As of run 1, finished ").count(), 9);
}

#[test]
fn a_hostile_name_is_text_in_every_document() {
    carveout(&["report", "--out", "hostile.md"]);
    let document = text("hostile.md");
    assert!(document.contains(r#"=HYPERLINK("https&#58;//evil.example")\|&lt;img src=x&gt;"#));
    assert!(!document.contains("<img"));
    carveout(&["report", "--out", "hostile.xlsx"]);
    let found = run_python(
        demo(),
        r#"
import openpyxl, sys
book = openpyxl.load_workbook("hostile.xlsx")
cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
bad = [cell.coordinate for cell in cells if cell.data_type not in ("s", "n") or cell.hyperlink]
print(len(bad), sum(sys.argv[1] in str(cell.value) for cell in cells) > 0)
"#,
        &[HOSTILE],
    );
    assert_eq!(found.trim(), "0 True");
}

#[test]
fn the_workbook_has_a_sheet_per_table_with_its_headings_in_view() {
    carveout(&["report", "--out", "sheets.xlsx"]);
    let sheets = run_python(
        demo(),
        r#"
import json, openpyxl
book = openpyxl.load_workbook("sheets.xlsx")
print(json.dumps({sheet.title: [sheet.freeze_panes, sheet.max_row] for sheet in book}))
"#,
        &[],
    );
    let sheets: Value = serde_json::from_str(&sheets).expect("it prints JSON");
    for name in
        ["Services", "Not seen", "Subservice organizations", "CUECs", "Matrix", "Attestations", "Requests", "Gaps"]
    {
        assert_eq!(sheets[name][0], "A5", "{name}");
        assert!(sheets[name][1].as_u64().is_some_and(|rows| rows > 4), "{name} is empty");
    }
    assert_eq!(sheets["About"][0], Value::Null);
}

#[test]
fn only_the_sections_that_are_asked_for_are_written() {
    carveout(&["report", "--out", "one.md", "--sections", "gaps"]);
    let document = text("one.md");
    assert!(document.contains("## 1. Gaps") && !document.contains("## 2."));
}

#[test]
fn a_report_of_unknown_kind_or_section_is_refused() {
    let refused =
        |arguments: &[&str]| demo().carveout([&["--config", "demo/carveout.toml"], arguments].concat()).expect(2);
    refused(&["report", "--out", "report.docx"]).says(&["report.docx", ".xlsx"]);
    refused(&["report", "--out", "report.md", "--sections", "everything"]).says(&["everything", "cuecs"]);
    refused(&["report"]).says(&["--out"]);
    refused(&["report", "--out", "report.md", "--scenario", "nowhere"]).says(&["nowhere"]);
    assert!(!demo().path("report.md").exists());
}

const SAMPLES: &[&str] = &["report", "samples", "--control", "AC-08", "--provider", "aws", "--size", "5"];

#[test]
fn a_sample_can_be_drawn_again_without_this_program() {
    carveout(&[SAMPLES, &["--seed", "2026", "--out", "samples.csv"]].concat());
    let checked = run_python(
        demo(),
        r#"
import csv, hashlib
rows = [row for row in csv.DictReader(open("samples.csv")) if row["check_id"] == "aws-given"]
members = [row for row in rows if row["rank"]]
key = lambda row: hashlib.sha256(f"2026\n{row['resource_key']}".encode()).hexdigest()
again = sorted(members, key=key)
assert [row["resource_key"] for row in members] == [row["resource_key"] for row in again]
assert all(row["draw_key"] == key(row) for row in members)
assert {row["seed"] for row in rows} == {"2026"} and {row["run_id"] for row in rows} == {"1"}
assert {row["query"] for row in rows} == {"aws-given"} and {row["population"] for row in rows} == {"30"}
assert not any(row["status"] == "not_applicable" for row in rows)
places = [row["resource_key"] for row in rows if not row["rank"]]
print([row["rank"] for row in rows if row["sampled"] == "true"], places)
"#,
        &[],
    );
    assert_eq!(checked.trim(), "['1', '2', '3', '4', '5'] ['aws:1:*:*']");
}

#[test]
fn the_same_seed_draws_the_same_and_another_one_does_not() {
    let drawn = |seed: &str| {
        let rows = carveout(&[SAMPLES, &["--seed", seed, "--format", "json"]].concat()).rows();
        let sampled = rows.into_iter().filter(|row| row["sampled"] == true);
        sampled.map(|row| row["resource_key"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(drawn("a"), drawn("a"));
    assert_ne!(drawn("a"), drawn("b"));
}

#[test]
fn a_control_without_a_check_has_no_population() {
    demo()
        .carveout(["--config", "demo/carveout.toml", "report", "samples", "--control", "XX-99", "--size", "5"])
        .expect(1)
        .says(&["XX-99", "controls.checks"]);
}

#[test]
fn oscal_is_valid_and_its_references_lead_somewhere() {
    carveout(&["export", "oscal", "--out", "oscal"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/oscal/validate.py");
    let output = Command::new(python()).arg(script).arg(demo().path("oscal")).output().expect("Python runs");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn results_of_checks_become_findings_and_unknown_is_not_satisfied() {
    carveout(&["export", "oscal", "--out", "results"]);
    let document = text("results/assessment-results/run-1/assessment-results.json");
    let document: Value = serde_json::from_str(&document).expect("it is JSON");
    let result = &document["assessment-results"]["results"][0];
    let findings = result["findings"].as_array().expect("findings");
    let state = |check: &str| {
        let target = format!("AC-08_obj.{check}");
        let finding = findings.iter().find(|finding| finding["target"]["target-id"] == target.as_str())?;
        let status = &finding["target"]["status"];
        Some((status["state"].as_str()?, status["reason"].as_str()?))
    };
    assert_eq!(state("aws-given"), Some(("not-satisfied", "fail")));
    assert_eq!(state("azure-given"), Some(("satisfied", "pass")));
    assert_eq!(state("gcp-given"), Some(("not-satisfied", "other")));
    assert_eq!(state("any-given"), Some(("not-satisfied", "fail")));
    assert_eq!(state("aws-empty"), None);
}

#[test]
fn two_exports_are_the_same() {
    let names = ["component-definitions/third-parties/component-definition.json", "catalogs/controls/catalog.json"];
    for folder in ["first", "second"] {
        carveout(&["export", "oscal", "--out", folder]);
    }
    for name in names {
        assert_eq!(text(&format!("first/{name}")), text(&format!("second/{name}")), "{name}");
    }
}
