//! A refresh that is killed, or whose disk is full or read-only: the last sealed run stays, and the next refresh goes on.

use std::{thread, time::Instant};

use carveout_simcloud::{EstateOptions, Faults};
use carveout_tests::{Clouds, Ran, Workspace, small_estate};
use serde_json::Value;

const DONE: i32 = 0;
const FAILED: i32 = 1;

/// A refresh mostly waits for its checks; the writer of the warehouse's own tests is killed at ten times as many points.
const KILLS: usize = 20;

/// What a reader sees, all of which belongs to one run.
const VIEW: &str = "
SELECT
    (SELECT run_id FROM meta.state) AS run_id,
    (SELECT max(run_id) FROM inventory.coverage) AS covered,
    (SELECT min(run_id) FROM controls.check_results) AS checked,
    (SELECT max(run_id) FROM controls.check_results) AS checked_last,
    (SELECT count(*) FROM inventory.resources) AS resources,
    (SELECT count(*) FROM parties.third_parties) AS parties,
    (SELECT count(*) FROM scoping.obligations) AS obligations";

/// One project: a refresh is as short as it gets.
fn tiny() -> Clouds {
    Clouds::start(&EstateOptions { gcp_projects: 1, ..small_estate() })
}

/// The run that is seen, and what there is of everything; fails when two runs are mixed.
fn seen(workspace: &Workspace, database: &str) -> (i64, Value) {
    let ran = workspace.carveout(["sql", VIEW, "--format", "json", "--database", database]).expect(DONE);
    let mut row = ran.rows().pop().expect("one row");
    let run_id = row["run_id"].as_i64().expect("a sealed run");
    for of_run in ["covered", "checked", "checked_last"] {
        assert_eq!(row[of_run], run_id, "{row}");
    }
    for of_run in ["run_id", "covered", "checked", "checked_last"] {
        row.as_object_mut().expect("an object").remove(of_run);
    }
    (run_id, row)
}

#[test]
fn a_refresh_that_is_killed_at_any_moment_leaves_the_run_before_or_the_one_after() {
    let clouds = tiny();
    let workspace = clouds.workspace_with(&clouds.gcp());
    workspace.carveout(["refresh"]).expect(DONE);
    let began = Instant::now();
    workspace.carveout(["refresh"]).expect(DONE);
    let whole = began.elapsed();
    let (mut before, counts) = seen(&workspace, "acme.duckdb");
    let mut unchanged = 0;
    for kill in 1..=KILLS {
        // Multiples of the golden ratio spread evenly, however many there are; the last ones come after the end.
        let point = (kill as f64 * 0.618_033_988_75).fract() * 1.05;
        let running = workspace.start(["refresh"]);
        thread::sleep(whole.mul_f64(point));
        running.kill();
        let (after, after_counts) = seen(&workspace, "acme.duckdb");
        assert!(after >= before, "from run {before} back to {after}");
        assert_eq!(after_counts, counts, "after a kill at {point:.3} of a refresh");
        unchanged += usize::from(after == before);
        before = after;
    }
    assert!(unchanged > KILLS / 2, "{unchanged} of {KILLS} kills came before the end");
    workspace.carveout(["refresh"]).expect(DONE);
    assert!(seen(&workspace, "acme.duckdb").0 > before);
}

#[test]
fn the_lock_of_a_refresh_that_was_killed_is_taken_over_and_told() {
    let clouds = tiny();
    let workspace = clouds.workspace_with(&clouds.gcp());
    workspace.carveout(["refresh"]).expect(DONE);
    let requests = clouds.requests();
    clouds.set_faults(Faults { latency_ms: 50, ..Faults::default() });
    let mut running = workspace.start(["refresh"]);
    clouds.wait_for_requests(requests + 3, &mut running);
    workspace.carveout(["refresh"]).expect(FAILED).says(&["is held by process", "since"]);
    running.kill();
    clouds.set_faults(Faults::default());
    workspace.carveout(["refresh"]).expect(DONE).says(&["took over the lock of a writer that died", "pid="]);
    let quiet = workspace.carveout(["refresh"]).expect(DONE);
    assert!(!quiet.stderr.contains("took over"), "{quiet}");
}

/// A small disk of its own in the workspace's folder `disk`, where that is allowed; a limit on the size of files elsewhere.
struct SmallDisk<'w> {
    workspace: &'w Workspace,
    is_mounted: bool,
}

impl<'w> SmallDisk<'w> {
    fn new(workspace: &'w Workspace) -> Self {
        let ran = workspace.shell("mkdir disk && mount -t tmpfs -o size=200m tmpfs disk");
        Self { workspace, is_mounted: ran.status == Some(DONE) }
    }

    /// Runs a refresh with so many KiB left to write.
    fn refresh_with_room(&self, kib: u32) -> Ran {
        let refresh = "carveout refresh --database disk/acme.duckdb";
        if !self.is_mounted {
            return self.workspace.shell(&format!("trap '' XFSZ; ulimit -f {}; {refresh}", kib * 2));
        }
        // The disk is filled to the last block; then a part of the filling is given back.
        let fill = "dd if=/dev/zero of=disk/filling bs=16k 2>/dev/null";
        self.workspace.shell(&format!(
            "{fill}; truncate -s -{kib}K disk/filling; {refresh}; status=$?; rm disk/filling; exit $status"
        ))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        if self.is_mounted {
            self.workspace.shell("umount disk");
        }
    }
}

#[test]
fn a_full_disk_ends_the_refresh_and_the_next_one_goes_on() {
    let clouds = tiny();
    let workspace = clouds.workspace_with(&clouds.gcp());
    let disk = SmallDisk::new(&workspace);
    let refresh = ["refresh", "--database", "disk/acme.duckdb"];
    workspace.carveout(refresh).expect(DONE);
    let before = seen(&workspace, "disk/acme.duckdb");
    // Nothing can be written; the crawl can be staged and not sealed; it can be sealed and not published.
    for kib in [0, 1_024, 4_096] {
        let ran = disk.refresh_with_room(kib).expect(FAILED);
        let words = if disk.is_mounted { "o space" } else { "too large" };
        assert!(ran.stderr.contains(words), "with {kib} KiB: {ran}");
        assert_eq!(seen(&workspace, "disk/acme.duckdb"), before, "with {kib} KiB: {ran}");
    }
    workspace.carveout(refresh).expect(DONE);
    let after = seen(&workspace, "disk/acme.duckdb");
    assert!(after.0 > before.0);
    assert_eq!(after.1, before.1);
}

#[test]
fn a_read_only_place_can_be_read_and_not_refreshed() {
    let clouds = tiny();
    let workspace = clouds.workspace_with(&clouds.gcp());
    let disk = SmallDisk::new(&workspace);
    let refresh = ["refresh", "--database", "disk/acme.duckdb"];
    workspace.carveout(refresh).expect(DONE);
    let before = seen(&workspace, "disk/acme.duckdb");
    let (lock, unlock) = match disk.is_mounted {
        true => ("mount -o remount,ro disk", "mount -o remount,rw disk"),
        false => ("chmod -R a-w disk", "chmod -R u+w disk"),
    };
    workspace.shell(lock).expect(DONE);
    workspace.carveout(refresh).expect(FAILED).says(&["disk/acme.duckdb"]);
    assert_eq!(seen(&workspace, "disk/acme.duckdb"), before);
    workspace.carveout(["status", "--database", "disk/acme.duckdb"]).expect(DONE);
    workspace.shell(unlock).expect(DONE);
    workspace.carveout(refresh).expect(DONE);
    assert!(seen(&workspace, "disk/acme.duckdb").0 > before.0);
}
