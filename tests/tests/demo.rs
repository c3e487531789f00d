//! `carveout demo`: the whole main job, compared with what the simulated estate is known to hold.
//!
//! The demo runs once; each test then asks its database a question.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use carveout_model::Provider;
use carveout_simcloud::{Estate, EstateOptions, Lookalike, Truth};
use carveout_tests::{Ran, Workspace};
use serde_json::Value;

struct Demo {
    workspace: Workspace,
    run: Ran,
    truth: Truth,
}

impl Demo {
    fn rows(&self, arguments: &[&str]) -> Vec<Value> {
        self.carveout(&[arguments, &["--format", "json"]].concat()).rows()
    }

    fn carveout(&self, arguments: &[&str]) -> Ran {
        self.workspace.carveout([&["--config", "demo/carveout.toml"], arguments].concat()).expect(0)
    }

    fn sql(&self, sql: &str) -> Vec<Value> {
        self.rows(&["sql", sql])
    }
}

fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(|| {
        let workspace = Workspace::empty();
        let run = workspace.carveout(["demo", "--dir", "demo"]).expect(0);
        let truth = Estate::generate(&EstateOptions::default()).truth().clone();
        Demo { workspace, run, truth }
    })
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_else(|| panic!("no text in {column} of {row}"))
}

fn texts(rows: &[Value], column: &str) -> BTreeSet<String> {
    rows.iter().map(|row| text(row, column).to_owned()).collect()
}

const CLOUDS: [(Provider, &str); 3] = [(Provider::Aws, "aws"), (Provider::Azure, "azure"), (Provider::Gcp, "gcp")];

#[test]
fn the_screen_shows_the_answer_its_limits_and_what_to_try_next() {
    let screen = &demo().run.stdout;
    for part in
        ["per provider", "could not be seen", "each for each", "carveout query run controls-repeat-per-provider"]
    {
        assert!(screen.contains(part), "`{part}` is not on the screen:\n{screen}");
    }
    for scope in &demo().truth.denied_scopes {
        assert!(
            screen.contains(&scope.scope_id),
            "the denied scope {} is not on the screen:\n{screen}",
            scope.scope_id
        );
    }
}

#[test]
fn every_resource_of_the_estate_is_in_the_database_and_nothing_else() {
    let rows = demo().sql("SELECT provider, type, count(*) AS resources FROM inventory.resources GROUP BY ALL");
    let mut found = BTreeMap::new();
    for row in &rows {
        found.insert((text(row, "provider"), text(row, "type")), row["resources"].as_u64().unwrap_or_default());
    }
    let counts = CLOUDS.map(|(provider, word)| (word, demo().truth.counts(provider)));
    let expected: BTreeMap<_, _> = counts
        .iter()
        .flat_map(|(word, counts)| counts.iter().map(|(kind, count)| ((*word, *kind), *count as u64)))
        .collect();
    let differences: Vec<_> = expected
        .keys()
        .chain(found.keys())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter(|key| expected.get(key) != found.get(key))
        .map(|key| format!("{key:?}: expected {:?}, found {:?}", expected.get(key), found.get(key)))
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_vendor_that_the_estate_shows_is_a_third_party() {
    let found = texts(&demo().sql("SELECT DISTINCT party_id FROM parties.evidence"), "party_id");
    let expected = CLOUDS.iter().flat_map(|(provider, _)| demo().truth.vendors(*provider));
    let missing: Vec<&str> = expected.filter(|vendor| !found.contains(*vendor)).collect();
    assert!(missing.is_empty(), "no evidence of {missing:?} among {found:?}");
}

#[test]
fn a_party_that_no_directory_knows_is_kept_with_its_raw_id() {
    let found = demo().sql("SELECT party_id FROM parties.third_parties WHERE origin = 'discovered'");
    let found = texts(&found, "party_id");
    let unknown: Vec<_> = demo().truth.third_parties.iter().filter(|party| party.vendor_id.is_none()).collect();
    assert!(!unknown.is_empty(), "the estate has no unknown party to look for");
    for party in unknown {
        let id = party.name.rsplit(' ').next().unwrap_or_default();
        assert!(found.iter().any(|party_id| party_id.contains(id)), "nothing of {} among {found:?}", party.name);
    }
}

#[test]
fn evidence_names_the_path_and_the_value_that_show_the_party() {
    let rows = demo().sql("SELECT party_id, detail FROM parties.evidence");
    let bare = rows.iter().filter(|row| !row["detail"]["path"].is_string() || !row["detail"]["value"].is_string());
    let bare: Vec<_> = bare.take(5).collect();
    assert!(bare.is_empty(), "{bare:#?}");
}

#[test]
fn a_scope_that_can_not_be_entered_is_a_denied_row_and_not_an_empty_one() {
    for scope in &demo().truth.denied_scopes {
        let sql = format!(
            "SELECT status FROM inventory.coverage WHERE scope_id = '{}' AND run_id = (SELECT max(run_id) FROM inventory.runs)",
            scope.scope_id
        );
        let statuses = texts(&demo().sql(&sql), "status");
        assert!(statuses.contains("denied"), "{}: {statuses:?}", scope.scope_id);
        assert!(!statuses.contains("ok"), "{}: {statuses:?}", scope.scope_id);
    }
}

#[test]
fn a_throttled_scope_is_read_to_its_end() {
    for scope in &demo().truth.throttled_scopes {
        let expected = demo().truth.resources.iter().filter(|resource| resource.scope_id == scope.scope_id).count();
        let sql = format!("SELECT count(*) AS n FROM inventory.resources WHERE scope_id = '{}'", scope.scope_id);
        assert_eq!(demo().sql(&sql)[0]["n"], expected, "{}", scope.scope_id);
    }
}

#[test]
fn what_looks_foreign_and_is_not_is_explained() {
    let rows = demo().sql("SELECT resource_key, value FROM parties.explained");
    let persons = demo().sql("SELECT resource_key FROM parties.exposures WHERE kind = 'personal_account'");
    let persons = texts(&persons, "resource_key");
    // The estate tells an account by its id, the evidence quotes the whole ARN; a name in DNS loses its final dot. A
    // person is no vendor and may still reach in, so that people stand among the exposures.
    let is_accounted_for = |each: &Lookalike| {
        let value = each.value.trim_end_matches('.');
        let is_at = |row: &Value| text(row, "resource_key") == each.resource_key && text(row, "value").contains(value);
        rows.iter().any(is_at) || (each.reason == "person" && persons.contains(&each.resource_key))
    };
    let unexplained: Vec<_> = demo().truth.lookalikes.iter().filter(|each| !is_accounted_for(each)).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}

#[test]
fn what_is_open_to_everybody_is_an_exposure() {
    let exposed = texts(&demo().sql("SELECT resource_key FROM parties.exposures"), "resource_key");
    let missing: Vec<_> =
        demo().truth.exposures.iter().filter(|exposure| !exposed.contains(&exposure.resource_key)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn no_planted_secret_reaches_a_file() {
    for secret in &demo().truth.planted_secrets {
        let sql = format!(
            "SELECT count(*) AS n FROM inventory.resource_history
             WHERE contains(CAST(config AS VARCHAR), '{0}') OR contains(CAST(tags AS VARCHAR), '{0}')",
            secret.value.replace('\'', "''")
        );
        assert_eq!(demo().sql(&sql)[0]["n"], 0, "a secret of {} is in the database", secret.resource_key);
    }
    // Also where SQL does not look: staged pages, logs, the working file.
    let files = std::fs::read_dir(demo().workspace.path("demo")).expect("the demo's folder");
    for file in files.map(|file| file.expect("an entry").path()).filter(|path| path.is_file()) {
        let bytes = std::fs::read(&file).expect("a file of the demo");
        for secret in &demo().truth.planted_secrets {
            let is_there = bytes.windows(secret.value.len()).any(|window| window == secret.value.as_bytes());
            assert!(!is_there, "a secret of {} is in {}", secret.resource_key, file.display());
        }
    }
}

#[test]
fn controls_repeat_at_each_cloud() {
    let rows = demo().rows(&["query", "run", "controls-repeat-per-provider"]);
    for cloud in ["aws", "azure", "google-cloud"] {
        let is_there =
            rows.iter().any(|row| row.as_object().is_some_and(|row| row.values().any(|value| value == cloud)));
        assert!(is_there, "nothing repeats at {cloud}; a row is {:?}", rows.first());
    }
}

#[test]
fn every_packaged_query_runs() {
    let names = texts(&demo().rows(&["query", "list"]), "name");
    assert!(names.contains("controls-repeat-per-provider"), "{names:?}");
    for name in names {
        demo().carveout(&["query", "run", &name]);
        assert!(demo().carveout(&["query", "show", &name]).stdout.starts_with(&name), "{name}");
    }
}

#[test]
fn formats_agree_on_columns_and_rows() {
    let run = |format| demo().carveout(&["query", "run", "controls-repeat-per-provider", "--format", format]).stdout;
    let rows: Vec<Value> = serde_json::from_str(&run("json")).expect("an array");
    let lines = run("ndjson");
    assert_eq!(lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect::<Vec<Value>>(), rows);
    let header = run("csv").lines().next().expect("a header").to_owned();
    let mut columns: Vec<&str> = header.split(',').collect();
    let markdown = run("markdown");
    let head = markdown.lines().next().expect("a header");
    assert!(columns.iter().all(|column| head.contains(column)), "{head}");
    columns.sort_unstable();
    let mut keys: Vec<&String> = rows[0].as_object().expect("an object").keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, columns);
}

#[test]
fn a_party_is_explained_by_its_path_and_its_evidence() {
    let vendor = demo().truth.vendors(Provider::Aws)[0].to_owned();
    let rows = demo().rows(&["graph", "why", &vendor]);
    assert!(!rows.is_empty(), "nothing is said of {vendor}");
}

#[test]
fn without_a_party_the_audit_is_smaller() {
    let measure = |arguments: &[&str], name: &str| {
        let rows = demo().rows(&[&["scope", "size"], arguments].concat());
        let row = rows.iter().find(|row| row["measure"] == name).unwrap_or_else(|| panic!("no {name} in {rows:?}"));
        row["value"].as_f64().expect("a number")
    };
    let (naive, real) = (measure(&[], "naive_size"), measure(&[], "real_size"));
    assert!(0.0 < real && real < naive, "{real} of {naive}");
    let without = measure(&["--without", "aws"], "naive_size");
    assert!((without - (naive - measure(&[], "criteria"))).abs() < 0.5, "{without} of {naive}");
    assert!(measure(&["--criteria", "security"], "criteria") < measure(&[], "criteria"));
}

#[test]
fn report_cards_are_judged_for_their_reliance() {
    let rows = demo().rows(&["reports", "list"]);
    let unjudged: Vec<_> = rows.iter().filter(|row| row["reliance"].is_null()).collect();
    assert!(!rows.is_empty() && unjudged.is_empty(), "{unjudged:#?}");
}

#[test]
fn every_table_and_column_has_a_comment() {
    for (table, name) in [("duckdb_tables()", "table_name"), ("duckdb_views()", "view_name")] {
        let sql = format!(
            "SELECT schema_name || '.' || {name} AS name FROM {table} WHERE NOT internal AND coalesce(comment, '') = ''"
        );
        assert_eq!(texts(&demo().sql(&sql), "name"), BTreeSet::new(), "without a comment");
    }
    let sql = "SELECT schema_name || '.' || table_name || '.' || column_name AS name FROM duckdb_columns()
               WHERE NOT internal AND coalesce(comment, '') = ''";
    assert_eq!(texts(&demo().sql(sql), "name"), BTreeSet::new(), "without a comment");
}

#[test]
fn a_second_demo_in_the_same_folder_is_another_run() {
    let workspace = Workspace::empty();
    workspace.carveout(["demo", "--dir", "again"]).expect(0);
    workspace.carveout(["demo", "--dir", "again"]).expect(0);
    let runs = workspace.carveout(["--database", "again/acme.duckdb", "status", "--format", "json"]).rows();
    assert_eq!(runs.len(), 2, "{runs:?}");
    assert_eq!(runs[0]["changed"], 0, "an unchanged estate changed: {runs:?}");
    assert_eq!((&runs[0]["added"], &runs[0]["removed"]), (&Value::from(0), &Value::from(0)), "{runs:?}");
}
