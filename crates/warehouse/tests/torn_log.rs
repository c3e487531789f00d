//! A write-ahead log that is cut off or has a bit flipped: DuckDB may open it with rows missing and say nothing.

mod common;

use std::fs;

use carveout_model::{CoverageStatus, Resource};
use carveout_warehouse::Note;
use common::{Workspace, begin, crawl, day, plain, run, seal};
use serde_json::{Value, json};

const COUNT: &str = "SELECT count(*) FROM inventory.resources";
const PUBLISHED: usize = 10;
const SEALED: usize = 200;
/// Cuts, and as many flipped bits.
const DAMAGES: usize = 15;

fn buckets(count: usize) -> Vec<Resource> {
    (0..count).map(|number| plain("r1", &format!("bucket-{number}"))).collect()
}

/// The files of a writer that died between its seal and the publication.
struct Died {
    database: Vec<u8>,
    ledger: Vec<u8>,
    working: Vec<u8>,
    log: Vec<u8>,
}

impl Died {
    fn new() -> Self {
        let workspace = Workspace::new();
        run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &buckets(PUBLISHED))]);
        let mut warehouse = workspace.open();
        begin(&mut warehouse, day(2));
        crawl(&mut warehouse, "r1", CoverageStatus::Ok, &buckets(SEALED), day(2));
        warehouse.seal(day(2)).expect("it applies").commit().expect("it commits");
        // The writer still has them open, as when it is killed.
        Self {
            database: fs::read(workspace.database()).expect("it is there"),
            ledger: fs::read(workspace.database().with_added_extension("ledger.json")).expect("it is there"),
            working: fs::read(workspace.private("working.duckdb")).expect("it is there"),
            log: fs::read(workspace.private("working.duckdb.wal")).expect("the seal is in the log"),
        }
    }

    fn found_with(&self, log: &[u8]) -> Workspace {
        let workspace = Workspace::new();
        fs::create_dir(workspace.private("")).expect("a folder");
        let write = |path, bytes: &[u8]| fs::write(path, bytes).expect("a file");
        write(workspace.database(), &self.database);
        write(workspace.database().with_added_extension("ledger.json"), &self.ledger);
        write(workspace.private("working.duckdb"), &self.working);
        write(workspace.private("working.duckdb.wal"), log);
        workspace
    }
}

#[test]
fn a_damaged_log_never_loses_a_part_of_a_run_in_silence() {
    let died = Died::new();
    let mut random = fastrand::Rng::with_seed(10);
    let mut logs = vec![("whole".to_owned(), died.log.clone())];
    for _ in 0..DAMAGES {
        let at = random.usize(..died.log.len());
        logs.push((format!("cut at {at}"), died.log[..at].to_vec()));
        let (at, bit) = (random.usize(..died.log.len()), random.u8(..8));
        let mut flipped = died.log.clone();
        flipped[at] ^= 1 << bit;
        logs.push((format!("bit {bit} of byte {at} flipped"), flipped));
    }
    let mut restored = 0;
    for (damage, log) in logs {
        let workspace = died.found_with(&log);
        let mut warehouse = workspace.open();
        let is_restored = warehouse.notes().iter().any(|note| matches!(note, Note::WorkingFileRestored { .. }));
        restored += usize::from(is_restored);
        warehouse.publish().unwrap_or_else(|error| panic!("{damage}: {error:?}"));
        workspace.reader().verify().unwrap_or_else(|error| panic!("{damage}: {error:?}"));
        let count = workspace.ask(COUNT);
        // All of the sealed run, or none of it: then the run before, which is the published one.
        let (before, after) = (json!(PUBLISHED), json!(SEALED));
        assert!(count == [before.clone()] || count == [after.clone()], "{damage}: {count:?}");
        assert!(!is_restored || count == [before], "{damage}: {count:?}");
        assert!(damage != "whole" || count == [after], "{damage}: {count:?}");
        begin(&mut warehouse, day(3));
        crawl(&mut warehouse, "r1", CoverageStatus::Ok, &buckets(SEALED), day(3));
        assert_eq!(seal(&mut warehouse, day(3)).resources, SEALED as u64, "{damage}");
        assert_eq!(workspace.ask(COUNT), [Value::from(SEALED)], "{damage}: the next run goes on");
    }
    assert!(restored > 0, "no damage was noticed");
}
