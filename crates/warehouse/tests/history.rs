//! What earlier runs held, and how it is given up.

mod common;

use std::fs;

use carveout_model::{Check, CheckProvider, CoverageStatus, PartyOrigin, Resource, ServiceModel, Strength, ThirdParty};
use carveout_warehouse::{CheckQuery, Moment, PartyRows, Reader, RunId, Sealing, Warehouse, WarehouseError};
use common::{BUCKET, Workspace, begin, bucket, crawl, day, first_column, plain, run, settings};
use serde_json::{Value, json};

const NAMES: &str = "SELECT name FROM inventory.resources ORDER BY name";
const PARTIES: &str = "SELECT party_id FROM parties.third_parties ORDER BY party_id";
const RESULTS: &str = "SELECT run_id || ' ' || resource_key || ' ' || status FROM controls.check_results ORDER BY ALL";

fn party(party_id: &str) -> ThirdParty {
    ThirdParty {
        party_id: party_id.to_owned(),
        name: party_id.to_uppercase(),
        domain: None,
        category: None,
        service_model: Some(ServiceModel::Saas),
        origin: PartyOrigin::Directory,
        in_register: false,
        relation_strength: Some(Strength::CanReadData),
    }
}

/// A bucket with a member `Open` passes when it is false.
fn open_check() -> CheckQuery {
    CheckQuery {
        check: Check {
            check_id: "bucket-closed".to_owned(),
            control_id: "DP-04".to_owned(),
            criterion_ids: vec!["CC6.1".to_owned()],
            provider: CheckProvider::Aws,
            resource_type: BUCKET.to_owned(),
            title: "Buckets are closed".to_owned(),
            rationale: "It matters".to_owned(),
            query_name: "bucket-closed".to_owned(),
        },
        sql: "SELECT name AS resource_key,
                CASE (config ->> '$.Open') WHEN 'true' THEN 'fail' WHEN 'false' THEN 'pass' ELSE 'unknown' END AS status,
                'it says so' AS reason
              FROM inventory.resources"
            .to_owned(),
    }
}

fn named(name: &str, is_open: bool) -> Resource {
    bucket("r1", name, json!({"Name": name, "Open": is_open}))
}

fn derive(sealing: &mut Sealing<'_>, parties: &[&str]) {
    let parties: Vec<ThirdParty> = parties.iter().map(|party_id| party(party_id)).collect();
    sealing.write_parties(&PartyRows { third_parties: &parties, ..PartyRows::default() }).expect("parties are written");
    sealing.run_checks(&[open_check()], &Default::default()).expect("the check runs");
}

/// A run with what follows from it.
fn whole_run(warehouse: &mut Warehouse, on: i8, resources: &[Resource], parties: &[&str]) {
    begin(warehouse, day(on));
    crawl(warehouse, "r1", CoverageStatus::Ok, resources, day(on));
    let mut sealing = warehouse.seal(day(on)).expect("it applies");
    derive(&mut sealing, parties);
    sealing.commit().expect("it commits");
    warehouse.publish().expect("it publishes");
}

/// Three runs: a bucket opens and is closed again, another one goes, parties come and go.
fn three_runs() -> Workspace {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    whole_run(&mut warehouse, 1, &[named("a", false), named("b", false)], &["scanner"]);
    whole_run(&mut warehouse, 2, &[named("a", true), named("b", false)], &["scanner", "watcher"]);
    whole_run(&mut warehouse, 3, &[named("a", false)], &["watcher"]);
    workspace
}

fn as_of(workspace: &Workspace, moment: &str) -> Result<Reader, WarehouseError> {
    Reader::open_as_of(&workspace.database(), &settings(), moment.parse().expect("a moment"))
}

fn asked(workspace: &Workspace, moment: &str, sql: &str) -> Vec<Value> {
    first_column(&as_of(workspace, moment).expect("it looks back"), sql)
}

#[test]
fn an_earlier_run_answers_with_its_own_rows() {
    let workspace = three_runs();
    assert_eq!(asked(&workspace, "1", NAMES), [json!("a"), json!("b")]);
    assert_eq!(asked(&workspace, "1", PARTIES), [json!("scanner")]);
    assert_eq!(asked(&workspace, "1", RESULTS), [json!("1 a pass"), json!("1 b pass")]);
    assert_eq!(asked(&workspace, "2", PARTIES), [json!("scanner"), json!("watcher")]);
    assert_eq!(asked(&workspace, "2", RESULTS), [json!("2 a fail"), json!("2 b pass")]);
    assert_eq!(asked(&workspace, "3", RESULTS), [json!("3 a pass")]);
    assert_eq!(asked(&workspace, "2", "SELECT max(run_id) FROM inventory.runs"), [json!(2)]);
    assert_eq!(asked(&workspace, "2", "SELECT run_id FROM meta.state"), [json!(2)]);
    let failed = "SELECT CAST(failed AS BIGINT) FROM controls.check_summary";
    assert_eq!(asked(&workspace, "2", failed), [json!(1)], "views rest on the rows of then");
    assert_eq!(asked(&workspace, "2", "SELECT array_join(['a', 'b'], '-')"), [json!("a-b")]);
}

#[test]
fn the_last_run_looks_the_same_from_both_sides() {
    let workspace = three_runs();
    let reader = workspace.reader();
    let last = as_of(&workspace, "3").expect("it looks back");
    let mut compared = 0;
    for table in reader.schema().expect("it is read") {
        let (schema, name) = (&table.schema, &table.name);
        let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let sql = format!("SELECT {} FROM {schema}.\"{name}\" ORDER BY ALL", columns.join(", "));
        let now = reader.query(&sql, &[]).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        let then = match last.query(&sql, &[]) {
            Ok(then) => then,
            Err(WarehouseError::Query(failure)) if failure.message.contains("keeps no history") => continue,
            Err(error) => panic!("{sql}: {error:?}"),
        };
        compared += 1;
        assert_eq!(now.rows, then.rows, "{schema}.{name}");
    }
    assert!(compared > 60, "only {compared} tables and views could be asked");
}

#[test]
fn a_moment_means_the_last_run_that_had_ended() {
    let workspace = three_runs();
    assert_eq!(asked(&workspace, "2026-01-02", PARTIES).len(), 2);
    assert_eq!(asked(&workspace, "2026-01-02T11:00:00Z", PARTIES), [json!("scanner")]);
    let early = as_of(&workspace, "2025-12-31").expect_err("nothing was sealed");
    assert!(early.to_string().contains("sealed are runs 1 (2026-01-01) to 3 (2026-01-03)"), "{early}");
    assert!(matches!(as_of(&workspace, "9"), Err(WarehouseError::NoSealedRun { asked: Moment::Run(RunId(9)), .. })));
}

#[test]
fn what_keeps_no_history_is_refused_and_not_answered_with_the_rows_of_today() {
    let workspace = three_runs();
    let reader = as_of(&workspace, "1").expect("it looks back");
    for sql in ["SELECT count(*) FROM parties.observations", "SELECT x.path FROM \"parties\".Observations AS x"] {
        let refused = reader.query(sql, &[]).expect_err("it keeps no history");
        let cause = std::error::Error::source(&refused).map(ToString::to_string).unwrap_or_default();
        assert!(cause.contains("parties.observations keeps no history"), "{cause}");
    }
    for refused in ["DELETE FROM parties.third_parties", "SET memory_limit = '1TB'", "ATTACH '/tmp/other.duckdb' AS o"]
    {
        assert!(matches!(reader.query(refused, &[]), Err(WarehouseError::Query(_))), "{refused}");
    }
}

#[test]
fn a_row_that_stays_the_same_costs_nothing() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    for on in 1..=3 {
        whole_run(&mut warehouse, on, &[named("a", false)], &["scanner"]);
    }
    for table in ["third_parties", "check_results", "checks", "scopes"] {
        assert_eq!(workspace.ask(&format!("SELECT count(*) FROM history.{table}")), [json!(0)], "{table}");
    }
    assert_eq!(workspace.ask("SELECT valid_from_run FROM parties.third_parties"), [json!(1)]);
    assert_eq!(workspace.ask("SELECT valid_from_run FROM controls.check_results"), [json!(1)]);
}

#[test]
fn what_one_run_derived_twice_is_kept_as_it_was_last() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    whole_run(&mut warehouse, 1, &[named("a", false)], &["scanner"]);
    whole_run(&mut warehouse, 2, &[named("a", false)], &["scanner", "mistaken"]);
    let mut sealing = warehouse.revise(day(2)).expect("it begins");
    derive(&mut sealing, &["scanner", "watcher"]);
    sealing.commit().expect("it commits");
    whole_run(&mut warehouse, 3, &[named("a", false)], &["scanner"]);
    assert_eq!(asked(&workspace, "2", PARTIES), [json!("scanner"), json!("watcher")]);
    assert_eq!(workspace.ask("SELECT party_id FROM history.third_parties"), [json!("watcher")]);
}

#[test]
fn a_resource_that_was_not_seen_then_and_is_now_was_last_seen_before() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    run(&workspace, day(2), &[("r1", CoverageStatus::Denied, &[])]);
    run(&workspace, day(3), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    let seen = "SELECT last_seen_run FROM inventory.resource_history";
    for (moment, last_seen) in [("1", 1), ("2", 1), ("3", 3)] {
        assert_eq!(asked(&workspace, moment, seen), [json!(last_seen)], "as of run {moment}");
    }
}

#[test]
fn pruning_gives_up_what_only_earlier_runs_need() {
    let workspace = three_runs();
    let mut warehouse = workspace.open();
    let rehearsed = warehouse.rehearse_pruning(day(2)).expect("it is worked out");
    assert_eq!(asked(&workspace, "1", NAMES).len(), 2, "nothing was changed");
    let pruned = warehouse.prune(day(2)).expect("it prunes");
    assert_eq!(pruned.rows, rehearsed.rows);
    assert_eq!(pruned.from.as_ref().map(|run| run.run_id), Some(RunId(2)));
    let given_up = |table: &str| pruned.rows.iter().find(|(name, _)| name == table).map(|(_, rows)| *rows);
    assert_eq!(given_up("inventory.resource_history"), Some(1), "the first state of a");
    assert_eq!(given_up("history.check_results"), Some(1), "its first result");
    assert_eq!(given_up("history.third_parties"), None, "scanner was still there in run 2");
    drop(warehouse);

    assert!(matches!(as_of(&workspace, "1"), Err(WarehouseError::Forgotten { run: RunId(1), from: RunId(2) })));
    assert_eq!(asked(&workspace, "2", RESULTS), [json!("2 a fail"), json!("2 b pass")]);
    assert_eq!(asked(&workspace, "2", PARTIES).len(), 2);
    assert_eq!(workspace.ask("SELECT count(*) FROM inventory.runs"), [json!(3)], "the runs themselves stay");
    workspace.reader().verify().expect("the ledger agrees");
    let mut warehouse = workspace.open();
    assert!(warehouse.notes().is_empty(), "{:?}", warehouse.notes());
    whole_run(&mut warehouse, 4, &[named("a", false)], &["watcher"]);
    assert_eq!(warehouse.prune(day(2)).expect("there is nothing left to prune").from, None);
}

#[test]
fn pruning_makes_the_file_smaller() {
    let workspace = Workspace::new();
    let many = |on: i8| -> Vec<Resource> {
        // Text that does not compress: what is pruned has to show.
        let noise = |seed: u64| -> String {
            let mut random = fastrand::Rng::with_seed(seed);
            (0..3_000).map(|_| random.alphanumeric()).collect()
        };
        let config = |number: u64| json!({"On": on, "Noise": noise(number * 100 + u64::from(on.unsigned_abs()))});
        (0..1_500).map(|number| bucket("r1", &format!("b{number}"), config(number))).collect()
    };
    for on in 1..=4 {
        run(&workspace, day(on), &[("r1", CoverageStatus::Ok, &many(on))]);
    }
    let pruned = workspace.open().prune(day(4)).expect("it prunes");
    let after = fs::metadata(workspace.database()).expect("it is there").len();
    assert_eq!(pruned.bytes_after, Some(after));
    assert!(after * 2 < pruned.bytes_before, "{} of {} bytes are left", after, pruned.bytes_before);
    assert_eq!(workspace.ask("SELECT count(*) FROM inventory.resources"), [json!(1_500)]);
    let zstd = "SELECT count(*) > 0 FROM duckdb_tables() WHERE sql LIKE '%COMPRESSION ZSTD%'";
    assert_eq!(workspace.ask(zstd), [json!(true)], "the copy keeps how columns are stored");
}
