//! A writer that is killed at any moment: who reads sees the run before or the one after, never between.
//!
//! The writer is this test's own program in another process, which does what a refresh does with the warehouse; the
//! killed `carveout refresh` is in the end-to-end tests.
#![cfg(unix)]

mod common;

use std::{
    env,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use carveout_model::{CoverageStatus, PartyOrigin, Resource, ThirdParty};
use carveout_warehouse::{Note, PartyRows, Reader, RunRequest, Warehouse};
use common::{Workspace, bucket, crawl, first_column, settings};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Names the database to the writer's process.
const DATABASE: &str = "CARVEOUT_TEST_DATABASE";
const KILLS: usize = 220;
const RESOURCES: usize = 300;
const REGIONS: [&str; 3] = ["r1", "r2", "r3"];

/// Not a test of its own: what the other process runs.
#[test]
fn writer() {
    let Some(database) = env::var_os(DATABASE) else { return };
    write_a_run(Path::new(&database)).expect("the run is written");
}

/// Every row of a run carries its number, so that rows of two runs can be told apart.
fn write_a_run(database: &Path) -> Result<(), carveout_warehouse::WarehouseError> {
    let mut warehouse = Warehouse::open(database, &settings())?;
    let now = Timestamp::now();
    let request =
        RunRequest { requested: "aws".to_owned(), started_at: now, resume_within: Some(Duration::from_secs(3600)) };
    let run = warehouse.begin_run(&request)?;
    let run_id = run.run_id.0;
    for region in REGIONS {
        let resources: Vec<Resource> = (0..RESOURCES)
            .map(|number| bucket(region, &format!("{region}-{number}"), json!({"Run": run_id})))
            .collect();
        crawl(&mut warehouse, region, CoverageStatus::Ok, &resources, now);
    }
    let mut sealing = warehouse.seal(now)?;
    let party = ThirdParty {
        party_id: format!("party-{run_id}"),
        name: "Party".to_owned(),
        domain: None,
        category: None,
        service_model: None,
        origin: PartyOrigin::Discovered,
        in_register: false,
        relation_strength: None,
    };
    sealing.write_parties(&PartyRows { third_parties: &[party], ..PartyRows::default() })?;
    sealing.commit()?;
    warehouse.publish()
}

fn start(database: &Path) -> Child {
    Command::new(env::current_exe().expect("the test has a path"))
        .args(["--exact", "writer", "--quiet"])
        .env(DATABASE, database)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

fn finish(database: &Path) -> Duration {
    let began = Instant::now();
    let status = start(database).wait().expect("it can be waited for");
    assert!(status.success(), "{status}");
    began.elapsed()
}

/// The run that everything a reader sees is of; fails when two are mixed.
fn seen(database: &Path) -> i64 {
    let reader = Reader::open(database, &settings()).expect("it is always readable");
    let one = |sql: &str| -> Value {
        let mut values = first_column(&reader, sql);
        assert_eq!(values.len(), 1, "{sql}: {values:?}");
        values.remove(0)
    };
    let run = one("SELECT run_id FROM meta.state");
    assert_eq!(one("SELECT DISTINCT CAST(config ->> '$.Run' AS BIGINT) FROM inventory.resources"), run);
    assert_eq!(one("SELECT count(*) FROM inventory.resources"), json!(RESOURCES * REGIONS.len()));
    assert_eq!(one("SELECT party_id FROM parties.third_parties"), json!(format!("party-{run}")));
    assert_eq!(one("SELECT max(run_id) FROM inventory.coverage"), run);
    assert_eq!(one("SELECT max(run_id) FROM inventory.runs WHERE status = 'complete'"), run);
    run.as_i64().expect("a number")
}

#[test]
fn a_writer_that_is_killed_at_any_moment_leaves_the_run_before_or_the_one_after() {
    let workspace = Workspace::new();
    let database = workspace.database();
    let whole = finish(&database).max(finish(&database));
    let mut random = fastrand::Rng::with_seed(2026);
    let mut before = seen(&database);
    let (mut unchanged, mut published) = (0, 0);
    for kill in 0..KILLS {
        let mut child = start(&database);
        thread::sleep(whole.mul_f64(random.f64() * 1.1));
        child.kill().and_then(|()| child.wait()).expect("it can be killed");
        let after = seen(&database);
        assert!(after >= before, "kill {kill}: from run {before} back to {after}");
        if after == before {
            unchanged += 1
        } else {
            published += 1
        }
        before = after;
    }
    assert!(unchanged > KILLS / 10 && published > KILLS / 50, "{unchanged} before and {published} after are not both");
    finish(&database);
    let reader = Reader::open(&database, &settings()).expect("it opens");
    reader.verify().expect("the ledger agrees");
    assert!(seen(&database) > before, "the next run goes on");
    let running = "SELECT count(*) FROM inventory.runs WHERE status = 'running'";
    assert_eq!(first_column(&reader, running), [json!(0)]);
}

#[test]
fn the_lock_of_a_writer_that_was_killed_is_taken_over_and_told() {
    let workspace = Workspace::new();
    let database = workspace.database();
    finish(&database);
    // It is killed while it holds the lock, which it does from its first milliseconds to its end.
    let told = (0..50).find_map(|attempt| {
        let mut child = start(&database);
        let pid = child.id();
        thread::sleep(Duration::from_millis(20 + attempt * 10));
        child.kill().and_then(|()| child.wait()).expect("it can be killed");
        let warehouse = Warehouse::open(&database, &settings()).expect("the lock is free");
        match warehouse.notes() {
            [Note::LockTakenOver { pid: dead, since, .. }, ..] => Some((pid, *dead, *since)),
            _ => None,
        }
    });
    let (pid, dead, since) = told.expect("it was never killed while it held the lock");
    assert_eq!(pid, dead);
    assert!(since <= Timestamp::now());
}

#[test]
fn a_file_that_can_grow_no_more_ends_the_run_and_leaves_the_last_one() {
    let workspace = Workspace::new();
    let database = workspace.database();
    finish(&database);
    let before = seen(&database);
    let size = std::fs::metadata(&database).expect("it is there").len();
    // From no room at all to room for the working file and not for its copy. The shell counts in blocks of 512 bytes.
    let mut failed = 0;
    for limit in [4_096, size / 4, size / 2, size - 4_096, size + 65_536] {
        let limited = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" --exact writer --quiet", limit / 512);
        let status = Command::new("sh")
            .args(["-c", &limited])
            .arg(env::current_exe().expect("the test has a path"))
            .env(DATABASE, &database)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("it runs");
        let after = seen(&database);
        assert!(status.success() || after == before, "{limit}: a run that failed is not read");
        failed += usize::from(!status.success());
        if status.success() {
            break;
        }
    }
    assert!(failed > 0, "no limit was felt");
    let last = seen(&database);
    finish(&database);
    assert!(seen(&database) > last, "the next run goes on");
}
