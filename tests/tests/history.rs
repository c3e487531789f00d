//! Looking back: what changed between two runs, what an earlier run would have answered, and how that is given up.

use std::collections::BTreeMap;

use carveout_simcloud::EstateOptions;
use carveout_tests::{Clouds, Workspace, small_estate};
use serde_json::Value;

const DONE: i32 = 0;
const FAILED: i32 = 1;
const USAGE: i32 = 2;

const RESOURCES: &str = "SELECT count(*) FROM inventory.resources";
const PARTIES: &str = "SELECT party_id FROM parties.third_parties ORDER BY party_id";

/// A workspace after a run over one project, and the clouds in which there are two.
fn first_run() -> (Workspace, Clouds) {
    let one = Clouds::start(&EstateOptions { gcp_projects: 1, ..small_estate() });
    let two = Clouds::start(&EstateOptions { gcp_projects: 2, ..small_estate() });
    let workspace = one.workspace_with(&one.gcp());
    workspace.carveout(["refresh"]).expect(DONE);
    (workspace, two)
}

/// A second run, in which the other project has come.
fn second_run(workspace: &Workspace, two: &Clouds) {
    workspace.write("carveout.toml", two.workspace_with(&two.gcp()).read("carveout.toml"));
    workspace.carveout(["refresh"]).expect(DONE);
}

fn diff(workspace: &Workspace, by: &str) -> Vec<Value> {
    workspace.carveout(["diff", "--by", by, "--format", "json"]).expect(DONE).rows()
}

fn as_of(workspace: &Workspace, run: &str, sql: &str) -> Vec<Value> {
    workspace.carveout(["sql", sql, "--as-of", run, "--format", "json"]).expect(DONE).rows()
}

fn texts(rows: &[Value], column: &str) -> Vec<String> {
    rows.iter().map(|row| row[column].as_str().unwrap_or_default().to_owned()).collect()
}

/// What every packaged query that needs no parameter answers.
fn answers(workspace: &Workspace, look_back: &[&str]) -> BTreeMap<String, String> {
    let listed = workspace.carveout(["query", "list", "--format", "json"]).expect(DONE).rows();
    let run = |name: &String| {
        let arguments = [&["query", "run", name, "--format", "csv"], look_back].concat();
        let ran = workspace.carveout(arguments);
        (ran.status == Some(DONE)).then(|| (name.clone(), ran.stdout))
    };
    texts(&listed, "name").iter().filter_map(run).collect()
}

#[test]
fn every_query_answers_as_it_did_after_an_earlier_run() {
    let (workspace, two) = first_run();
    let then = answers(&workspace, &[]);
    assert!(then.len() > 20, "only {} queries need no parameter", then.len());
    let before = workspace.number(RESOURCES);
    second_run(&workspace, &two);
    assert!(workspace.number(RESOURCES) > before, "the estate has not grown");
    let now = answers(&workspace, &["--as-of", "1"]);
    for (name, answer) in &then {
        let now = now.get(name).unwrap_or_else(|| panic!("{name} has no answer as of run 1"));
        assert_eq!(now, answer, "{name} as of run 1");
    }
    assert_eq!(as_of(&workspace, "1", RESOURCES)[0], serde_json::json!({"count_star()": before}));
}

#[test]
fn a_difference_is_told_by_resource_by_type_and_for_the_audit() {
    let (workspace, two) = first_run();
    let before = workspace.number(RESOURCES);
    workspace.carveout(["diff"]).expect(USAGE).says(&["no run was sealed before run 1"]);
    second_run(&workspace, &two);
    let grown = workspace.number(RESOURCES) - before;
    let added = |rows: &[Value]| rows.iter().filter(|row| row["change"] == "added").count();
    let by_resource = diff(&workspace, "resource");
    let removed = by_resource.iter().filter(|row| row["change"] == "removed").count();
    assert_eq!(added(&by_resource) as i64 - removed as i64, grown);
    for row in by_resource.iter().filter(|row| row["change"] == "changed") {
        assert!(row["changed_members"].as_array().is_some_and(|members| !members.is_empty()), "{row}");
    }
    let by_type = diff(&workspace, "type");
    let sum = |column: &str| by_type.iter().filter_map(|row| row[column].as_u64()).sum::<u64>();
    assert_eq!(sum("added"), added(&by_resource) as u64);

    let scoping = diff(&workspace, "scoping");
    let new_parties: Vec<String> = texts(&scoping, "change")
        .into_iter()
        .zip(texts(&scoping, "party_id"))
        .filter(|(change, _)| change == "new_third_party")
        .map(|(_, party_id)| party_id)
        .collect();
    let then = texts(&as_of(&workspace, "1", PARTIES), "party_id");
    let mut expected = texts(&workspace.rows(PARTIES), "party_id");
    expected.retain(|party_id| !then.contains(party_id));
    assert_eq!(new_parties, expected);
    let failing = "SELECT count(*) FROM controls.check_results WHERE status = 'fail' AND valid_from_run = 2";
    let newly_failing = texts(&scoping, "change").iter().filter(|change| *change == "check_newly_failing").count();
    assert!(newly_failing > 0 && newly_failing as i64 <= workspace.number(failing), "{newly_failing}");

    let told = workspace.carveout(["diff", "1", "2"]).expect(DONE);
    for words in ["From run 1 (", "to run 2 (", "ADDED", "CHANGE"] {
        assert!(told.stdout.contains(words), "nothing of `{words}`: {told}");
    }
    workspace.carveout(["diff", "--since", "1", "--by", "type", "--format", "csv"]).expect(DONE);
    workspace.carveout(["diff", "--format", "csv"]).expect(USAGE).says(&["--by resource"]);
    workspace.carveout(["diff", "2", "1"]).expect(USAGE).says(&["comes after"]);
}

#[test]
fn what_can_not_be_answered_from_then_is_refused() {
    let (workspace, _two) = first_run();
    workspace.carveout(["sql", RESOURCES, "--as-of", "2020-01-01"]).expect(USAGE).says(&["sealed are runs 1 ("]);
    workspace.carveout(["sql", RESOURCES, "--as-of", "7"]).expect(USAGE).says(&["no sealed run matches run 7"]);
    workspace.carveout(["sql", RESOURCES, "--as-of", "soon"]).expect(USAGE).says(&["neither a run"]);
    let observations = "SELECT count(*) FROM parties.observations";
    workspace.carveout(["sql", observations, "--as-of", "1"]).expect(FAILED).says(&["keeps no history"]);
}

#[test]
fn a_pruned_history_begins_with_the_run_that_is_kept() {
    let (workspace, two) = first_run();
    second_run(&workspace, &two);
    let nothing = workspace.carveout(["history", "prune", "--keep", "18mo"]).expect(DONE);
    assert!(nothing.stdout.contains("Nothing is that old"), "{nothing}");
    let rehearsed = workspace.carveout(["history", "prune", "--keep", "0s", "--dry-run"]).expect(DONE);
    assert!(rehearsed.stdout.contains("The history would begin with run 2"), "{rehearsed}");
    assert!(!as_of(&workspace, "1", PARTIES).is_empty(), "nothing was pruned yet");
    let pruned = workspace.carveout(["history", "prune", "--keep", "0s"]).expect(DONE);
    assert!(pruned.stdout.contains("The history begins with run 2"), "{pruned}");
    workspace.carveout(["sql", PARTIES, "--as-of", "1"]).expect(FAILED).says(&["run 1 was pruned"]);
    workspace.carveout(["diff"]).expect(FAILED).says(&["run 1 was pruned"]);
    let last = workspace.rows(PARTIES);
    assert_eq!(as_of(&workspace, "2", PARTIES), last);
    workspace.carveout(["refresh"]).expect(DONE);
    assert_eq!(workspace.rows(PARTIES), last);
}
