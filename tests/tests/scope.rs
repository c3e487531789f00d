//! The scoping verbs over the demo's estate: what they refuse, how they group, and what samples are drawn from.

use std::sync::OnceLock;

use carveout_tests::{Ran, Workspace};

const FAILED: i32 = 1;
const USAGE: i32 = 2;

const CATEGORIES: &str = "categories = [\"security\", \"availability\", \"confidentiality\"]\n";

/// The demo, made once.
fn demo() -> &'static Workspace {
    static DEMO: OnceLock<Workspace> = OnceLock::new();
    DEMO.get_or_init(|| {
        let workspace = Workspace::empty();
        // Part of the demo's estate is denied.
        workspace.carveout(["demo", "--dir", "demo"]);
        workspace
    })
}

fn carveout(arguments: &[&str]) -> Ran {
    demo().carveout([&["--config", "demo/carveout.toml"], arguments].concat())
}

#[test]
fn an_override_that_decides_nothing_is_refused_with_the_near_misses() {
    let overrides = "[[overrides]]\nparty = \"datadogg\"\nowner = \"provider\"\nreason = \"a slip\"\n";
    demo().write("party.toml", format!("{CATEGORIES}{overrides}"));
    let size = carveout(&["scope", "size", "--scenario", "party.toml"]);
    size.expect(USAGE).says(&["override 1", "`datadogg`", "did you mean datadog", "a slip"]);
    let overrides = "[[overrides]]\ncontrol = \"DP-1\"\nowner = \"provider\"\nreason = \"a slip\"\n";
    demo().write("control.toml", format!("{CATEGORIES}{overrides}"));
    carveout(&["scope", "compare", "control.toml"]).expect(USAGE).says(&["`DP-1`", "did you mean DP-01"]);
    let overrides =
        "[[overrides]]\ncontrol = \"DP-01\"\ncriterion = \"CC6.4\"\nowner = \"provider\"\nreason = \"apart\"\n";
    demo().write("apart.toml", format!("{CATEGORIES}{overrides}"));
    carveout(&["scope", "gaps", "--scenario", "apart.toml"]).expect(USAGE).says(&["DP-01 serves CC6.1, C1.1"]);
}

#[test]
fn scenarios_of_one_name_are_columns_of_their_own() {
    for (folder, without) in [("spring", "datadog"), ("autumn", "okta")] {
        std::fs::create_dir_all(demo().path(folder)).expect("a folder");
        demo().write(format!("{folder}/next.toml"), format!("{CATEGORIES}without = [\"{without}\"]\n"));
    }
    let rows = carveout(&["scope", "compare", "spring/next.toml", "autumn/next.toml", "--format", "json"]).rows();
    let mut columns: Vec<&str> = rows[0].as_object().expect("an object").keys().map(String::as_str).collect();
    columns.sort_unstable();
    assert_eq!(columns, ["asked", "autumn/next", "measure", "spring/next"]);
    carveout(&["scope", "compare", "spring/next.toml", "spring/next.toml"]).expect(USAGE).says(&["spring/next"]);
}

#[test]
fn evidence_that_a_control_lacks_everywhere_is_one_line() {
    let gaps = |more: &[&str]| {
        let asked: &[&str] = &["scope", "gaps", "--kind", "no_evidence", "--format", "json"];
        carveout(&[asked, more].concat()).rows()
    };
    let (grouped, full) = (gaps(&[]), gaps(&["--full"]));
    let sum =
        |rows: &[serde_json::Value], column: &str| rows.iter().map(|row| row[column].as_i64()).sum::<Option<i64>>();
    assert_eq!(sum(&grouped, "parties"), i64::try_from(full.len()).ok());
    assert_eq!(sum(&grouped, "obligations"), sum(&full, "obligations"));
    assert!(grouped.len() < full.len(), "{} of {}", grouped.len(), full.len());
    let of_several = grouped.iter().find(|row| row["parties"].as_i64() > Some(1)).expect("one");
    assert!(of_several["party_id"].is_null() && of_several["what"].as_str().is_some_and(|what| what.contains(", ")));
    assert!(full.iter().all(|row| row["parties"] == 1 && row["party_id"].is_string()));
}

#[test]
fn each_cell_of_the_matrix_says_why_and_a_service_goes_before_its_model() {
    let matrix = carveout(&["scope", "matrix", "--party", "aws", "--by", "criterion", "--format", "json"]).rows();
    assert!(matrix.iter().all(|row| row["basis"].as_str().is_some_and(|basis| !basis.is_empty())));
    let patched = |service: &str| matrix.iter().find(|row| row["subject"] == "CC7.1" && row["service"] == service);
    let basis = |service: &str| patched(service).expect("a cell")["basis"].as_str().expect("a text").to_owned();
    assert!(basis("rds").contains("service rds: shared: ") && basis("rds").contains("https://docs.aws.amazon.com/"));
    assert!(basis("ecs-fargate").contains("service ecs-fargate: provider: "), "{}", basis("ecs-fargate"));
}

#[test]
fn samples_are_drawn_from_what_a_query_lists_where_no_check_looks() {
    let drawn = |seed: &str| {
        carveout(&["report", "samples", "--control", "AC-05", "--size", "3", "--seed", seed, "--format", "json"]).rows()
    };
    let rows = drawn("2026");
    let of_query: Vec<_> = rows.iter().filter(|row| row["query"] == "population-people").collect();
    assert!(!of_query.is_empty() && of_query.iter().all(|row| row["check_id"].is_null()), "{rows:?}");
    let sampled = |rows: &[serde_json::Value]| -> Vec<String> {
        let sampled = rows.iter().filter(|row| row["query"] == "population-people" && row["sampled"] == true);
        sampled.map(|row| row["resource_key"].to_string()).collect()
    };
    let count = "SELECT count(*) AS people FROM inventory.resources WHERE type IN ('AWS::IAM::User', 'AWS::IdentityStore::User')";
    let people = carveout(&["sql", count, "--format", "json"]).rows()[0]["people"].as_i64();
    let aws = of_query.iter().filter(|row| row["provider"] == "aws");
    assert_eq!(i64::try_from(aws.count()).ok(), people);
    assert_eq!(sampled(&rows), sampled(&drawn("2026")), "the same seed draws the same");
    assert_ne!(sampled(&rows), sampled(&drawn("2027")));
    let unseen = carveout(&["report", "samples", "--control", "AC-03", "--provider", "gcp", "--size", "3"]);
    unseen.expect(FAILED).says(&["AC-03", "population-people-added lists nothing"]);
}
