//! Killed refreshes, foreign files and rollbacks: the last good state is always there.

mod common;

use std::{fs, time::Duration};

use carveout_model::{CoverageStatus, Resource};
use carveout_warehouse::{Note, Reader, RunId, RunRequest, RunStatus, Warehouse, WarehouseError};
use common::{Workspace, begin, coverage, crawl, day, first_column, plain, run, seal, settings, unit};
use serde_json::json;

const NAMES: &str = "SELECT name FROM inventory.resources ORDER BY name";

fn resume(warehouse: &mut Warehouse, at: jiff::Timestamp, hours: u64) -> carveout_warehouse::Run {
    let request = RunRequest {
        requested: "aws".to_owned(),
        started_at: at,
        resume_within: Some(Duration::from_secs(hours * 3600)),
    };
    warehouse.begin_run(&request).expect("a run begins")
}

#[test]
fn a_seal_that_is_not_committed_leaves_the_last_state() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(2));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "b")], day(2));
    let sealing = warehouse.seal(day(2)).expect("it applies");
    assert_eq!(sealing.rows::<serde_json::Value>(NAMES, &[]).expect("it runs"), [json!({"name": "b"})]);
    drop(sealing);
    let sealing = warehouse.revise(day(2)).expect("it begins");
    assert_eq!(sealing.rows::<serde_json::Value>(NAMES, &[]).expect("it runs"), [json!({"name": "a"})]);
    drop(sealing);
    // The pages are still staged: the seal can be tried again.
    assert_eq!(seal(&mut warehouse, day(2)).added, 1);
    assert_eq!(workspace.ask(NAMES), [json!("b")]);
}

#[test]
fn a_killed_run_is_continued_within_its_age() {
    let workspace = Workspace::new();
    let mut killed = workspace.open();
    assert_eq!(begin(&mut killed, day(1)).run_id, RunId(1));
    let kept: Vec<Resource> = (0..20_000).map(|number| plain("r1", &format!("a{number}"))).collect();
    crawl(&mut killed, "r1", CoverageStatus::Ok, &kept, day(1));
    crawl(&mut killed, "r2", CoverageStatus::Denied, &[], day(1));
    // Enough rows to be committed with the end of both units; what is not committed is lost with the process.
    killed.load(&unit("r3"), &kept, &[]).expect("pages load");
    drop(killed);

    let mut warehouse = workspace.open();
    let resumed = resume(&mut warehouse, day(1) + Duration::from_secs(1800), 1);
    assert_eq!(resumed.interrupted, Some(RunId(1)));
    assert_eq!(resumed.finished_units.iter().collect::<Vec<_>>(), [&unit("r1")]);
    crawl(&mut warehouse, "r2", CoverageStatus::Ok, &[plain("r2", "b")], day(1));
    let summary = seal(&mut warehouse, day(1));
    assert_eq!((summary.run_id, summary.resources, summary.status), (RunId(2), 20_001, RunStatus::Complete));
    let statuses = workspace.reader().runs().expect("they are read");
    assert_eq!(
        statuses.iter().map(|run| run.status).collect::<Vec<_>>(),
        [RunStatus::Complete, RunStatus::Interrupted]
    );
}

#[test]
fn staged_pages_that_are_too_old_are_crawled_again() {
    let workspace = Workspace::new();
    let mut stopped = workspace.open();
    begin(&mut stopped, day(1));
    crawl(&mut stopped, "r1", CoverageStatus::Ok, &[plain("r1", "a")], day(1));
    stopped.end_run(RunStatus::Interrupted, day(1)).expect("it ends");
    drop(stopped);
    let mut warehouse = workspace.open();
    assert!(resume(&mut warehouse, day(3), 1).finished_units.is_empty());
    assert_eq!(seal(&mut warehouse, day(3)).resources, 0);
}

#[test]
fn pages_of_a_sealed_run_are_not_taken_over() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    let mut warehouse = workspace.open();
    assert!(resume(&mut warehouse, day(1), 24).finished_units.is_empty());
}

#[test]
fn a_newer_file_is_refused_and_untouched() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[]);
    let foreign = duckdb::Connection::open(workspace.database()).expect("it opens");
    foreign
        .execute_batch("INSERT INTO meta.schema_version VALUES (9, TIMESTAMP '2030-01-01'); CHECKPOINT;")
        .expect("it runs");
    drop(foreign);
    let before = fs::read(workspace.database()).expect("it is there");
    let newer = |error: &WarehouseError| matches!(error, WarehouseError::NewerSchema { found: 9, supported: 3, .. });
    assert!(newer(&Warehouse::open(&workspace.database(), &settings()).expect_err("it is newer")));
    assert!(newer(&Reader::open(&workspace.database(), &settings()).expect_err("it is newer")));
    assert_eq!(fs::read(workspace.database()).expect("it is there"), before);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_untouched() {
    let workspace = Workspace::new();
    fs::write(workspace.database(), "name,amount\nrent,12\n").expect("a file");
    let refused = Warehouse::open(&workspace.database(), &settings()).expect_err("it is a table");
    assert!(matches!(refused, WarehouseError::Unreadable { .. }), "{refused:?}");
    assert!(matches!(Reader::open(&workspace.database(), &settings()), Err(WarehouseError::Unreadable { .. })));
    assert_eq!(fs::read_to_string(workspace.database()).expect("it is there"), "name,amount\nrent,12\n");
    assert!(!workspace.private("").exists());
}

#[test]
fn a_working_file_that_lost_rows_is_replaced_by_the_published_one() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a"), plain("r1", "b")])]);
    let damage = duckdb::Connection::open(workspace.private("working.duckdb")).expect("it opens");
    damage.execute_batch("DELETE FROM inventory.resource_history WHERE name = 'a'").expect("it runs");
    drop(damage);
    let mut warehouse = workspace.open();
    assert!(matches!(warehouse.notes(), [Note::WorkingFileRestored { reason, .. }] if reason.contains("aws/1111")));
    warehouse.publish().expect("it publishes");
    assert_eq!(workspace.ask(NAMES), [json!("a"), json!("b")]);
}

#[test]
fn a_published_file_that_lost_rows_is_refused() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a"), plain("r1", "b")])]);
    let damage = duckdb::Connection::open(workspace.database()).expect("it opens");
    damage
        .execute_batch("UPDATE inventory.resource_history SET content_hash = repeat('0', 32) WHERE name = 'a'")
        .expect("it runs");
    assert!(matches!(damage.close(), Ok(())));
    assert!(matches!(workspace.reader().verify(), Err(WarehouseError::LedgerMismatch { .. })));
    let damage = duckdb::Connection::open(workspace.database()).expect("it opens");
    damage.execute_batch("DELETE FROM inventory.resource_history WHERE name = 'a'").expect("it runs");
    drop(damage);
    let refused = Reader::open(&workspace.database(), &settings()).expect_err("a row is missing");
    assert!(
        matches!(&refused, WarehouseError::LedgerMismatch { expected, found, .. } if expected == "2 rows" && found == "1 rows")
    );
}

#[test]
fn a_lost_working_file_starts_from_the_published_one() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    fs::remove_dir_all(workspace.private("")).expect("it is removed");
    let second = run(&workspace, day(2), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    assert_eq!((second.run_id, second.added), (RunId(2), 0));
}

#[test]
fn a_second_writer_is_told_who_holds_the_workspace() {
    let workspace = Workspace::new();
    let held = workspace.open();
    let refused = Warehouse::open(&workspace.database(), &settings()).expect_err("it is held");
    assert!(matches!(refused, WarehouseError::Locked { pid, .. } if pid == std::process::id()));
    drop(held);
    assert!(workspace.open().notes().is_empty());
}

#[test]
fn a_reader_sees_the_last_sealed_run_while_another_is_written() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    let early = workspace.reader();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(2));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "b")], day(2));
    assert_eq!(workspace.ask(NAMES), [json!("a")]);
    seal(&mut warehouse, day(2));
    assert_eq!(workspace.ask(NAMES), [json!("b")]);
    assert_eq!(first_column(&early, NAMES), [json!("a")]);
}

#[test]
fn coverage_known_before_the_crawl_is_part_of_the_run() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    let mut suspended = coverage("*", CoverageStatus::Denied, 0);
    suspended.type_name = "*".to_owned();
    warehouse.record_coverage(std::slice::from_ref(&suspended)).expect("it is staged");
    let sealing = warehouse.seal(day(1)).expect("it applies");
    assert_eq!(sealing.coverage().expect("it is read"), [suspended]);
    assert_eq!(sealing.commit().expect("it commits").status, RunStatus::Partial);
}

#[test]
fn pages_without_a_run_are_refused() {
    let mut warehouse = Workspace::new().open();
    assert!(matches!(warehouse.load("u", &[], &[]), Err(WarehouseError::NoRun)));
    assert!(matches!(warehouse.seal(day(1)), Err(WarehouseError::NoRun)));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    let mode = |path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(workspace.database()), 0o600);
    assert_eq!(mode(workspace.private("")), 0o700);
    assert_eq!(mode(workspace.private("working.duckdb")), 0o600);
}

#[test]
fn a_published_file_that_is_untouched_needs_no_counting_and_any_other_is_counted() {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a"), plain("r1", "b")])]);
    // A ledger that expects other rows tells whether they are counted at all.
    let ledger = workspace.database().with_added_extension("ledger.json");
    let text = fs::read_to_string(&ledger).expect("it is there");
    fs::write(&ledger, text.replace("\"rows\": 2", "\"rows\": 3")).expect("it is written");
    assert_eq!(workspace.ask(NAMES).len(), 2, "it lies as it was published");
    let bytes = fs::read(workspace.database()).expect("it is there");
    fs::write(workspace.database(), bytes).expect("it is written");
    let refused = Reader::open(&workspace.database(), &settings()).expect_err("somebody wrote it since");
    assert!(matches!(refused, WarehouseError::LedgerMismatch { .. }), "{refused:?}");
}

#[test]
fn a_file_may_be_called_like_one_of_its_schemas() {
    for name in ["graph.duckdb", "inventory.duckdb", "meta.duckdb", "published.duckdb", "memory.duckdb"] {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join(name);
        for on in [1, 2] {
            let mut warehouse = Warehouse::open(&database, &settings()).expect("it opens");
            begin(&mut warehouse, day(on));
            crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "a")], day(on));
            seal(&mut warehouse, day(on));
        }
        let reader = Reader::open(&database, &settings()).expect("it opens");
        assert_eq!(first_column(&reader, NAMES), [json!("a")], "{name}");
        assert_eq!(first_column(&reader, "SELECT count(*) FROM graph.nodes"), [json!(0)], "{name}");
    }
}

#[test]
fn a_first_run_that_was_killed_while_it_made_its_file_can_begin_again() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.private("")).expect("a folder");
    fs::write(workspace.private("working.duckdb"), b"half a header").expect("a file");
    let summary = run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    assert_eq!(summary.resources, 1);
}
