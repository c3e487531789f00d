//! Files of earlier schema versions: readable as they are, and brought to this one without losing a row.

mod common;

use std::{
    fs::{self, File},
    io,
};

use carveout_model::CoverageStatus;
use carveout_warehouse::{Moment, Reader, RunId, WarehouseError};
use common::{Workspace, begin, crawl, day, plain, seal, settings};
use serde_json::json;
use zip::ZipArchive;

/// A workspace whose published file an earlier version wrote.
fn stored(archive: &str) -> Workspace {
    let workspace = Workspace::new();
    let path = format!("{}/tests/stored/{archive}.zip", env!("CARGO_MANIFEST_DIR"));
    let mut archive = ZipArchive::new(File::open(path).expect("it is there")).expect("an archive");
    let mut entry = archive.by_name("acme.duckdb").expect("the database");
    let mut file = File::create(workspace.database()).expect("a file");
    io::copy(&mut entry, &mut file).expect("it fits");
    workspace
}

fn is_upgraded_without_a_loss(archive: &str) {
    let workspace = stored(archive);
    let before = fs::read(workspace.database()).expect("it is there");
    assert_eq!(workspace.ask("SELECT name FROM inventory.resources"), [json!("a")], "it is read as it is");
    let mut warehouse = workspace.open();
    assert_eq!(fs::read(workspace.database()).expect("it is there"), before, "opening publishes nothing");
    assert!(warehouse.notes().is_empty(), "{:?}", warehouse.notes());
    begin(&mut warehouse, day(20));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "a"), plain("r1", "b")], day(20));
    let summary = seal(&mut warehouse, day(20));
    assert_eq!((summary.run_id, summary.resources, summary.added), (RunId(2), 2, 1));
    let newest = "SELECT max(version) FROM meta.schema_version";
    assert_eq!(workspace.ask(newest), [json!(3)]);
    for (sql, expected) in [
        ("SELECT strftime(first_seen_at, '%d') FROM inventory.resources WHERE name = 'a'", json!("05")),
        ("SELECT party_id || valid_from_run FROM parties.third_parties WHERE party_id = 'scanner'", json!("scanner1")),
        (
            "SELECT status || valid_from_run FROM controls.check_results WHERE check_id = 'bucket-encrypted'",
            json!("fail1"),
        ),
        ("SELECT status FROM inventory.latest_coverage WHERE run_id = 2", json!("ok")),
        ("SELECT count(*) FROM scoping.gaps WHERE scenario = 'none'", json!(0)),
    ] {
        assert_eq!(workspace.ask(sql), [expected], "{sql}");
    }
    workspace.reader().verify().expect("the ledger agrees");
    let first = Reader::open_as_of(&workspace.database(), &settings(), Moment::Run(RunId(1))).expect("it looks back");
    let names = common::first_column(&first, "SELECT name FROM inventory.resources");
    assert_eq!(names, [json!("a")], "the first run is still there");
}

#[test]
fn a_file_of_version_1_is_upgraded_without_a_loss() {
    is_upgraded_without_a_loss("version_1");
}

#[test]
fn a_file_of_version_2_is_upgraded_without_a_loss() {
    is_upgraded_without_a_loss("version_2");
}

#[test]
fn a_file_that_keeps_no_history_yet_says_so() {
    let workspace = stored("version_2");
    let refused = Reader::open_as_of(&workspace.database(), &settings(), Moment::Run(RunId(1)));
    assert!(matches!(refused, Err(WarehouseError::NoHistory { .. })), "{refused:?}");
}
