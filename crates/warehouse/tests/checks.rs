//! What checks say is never better than what was seen.

mod common;

use std::collections::BTreeMap;

use carveout_model::{Check, CheckProvider, CoverageStatus};
use carveout_warehouse::{CheckQuery, WarehouseError};
use common::{BUCKET, Workspace, begin, crawl, day, plain};
use serde_json::json;

const SAID: &str = "SELECT resource_key || ' ' || status || ' ' || reason FROM controls.check_results ORDER BY ALL";

fn check(sql: &str) -> CheckQuery {
    CheckQuery {
        check: Check {
            check_id: "aws-s3-named".to_owned(),
            control_id: "CM-01".to_owned(),
            criterion_ids: vec!["CC6.1".to_owned()],
            provider: CheckProvider::Aws,
            resource_type: BUCKET.to_owned(),
            title: "A bucket has a name".to_owned(),
            rationale: "It can be found.".to_owned(),
            query_name: "aws-s3-named".to_owned(),
        },
        sql: sql.to_owned(),
    }
}

const NAMED: &str = "/* a comment; with a semicolon */ SELECT resource_key, 'pass' AS status, name AS reason
    FROM inventory.resources ORDER BY resource_key;\n";

#[test]
fn a_place_that_could_not_be_listed_is_unknown() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "a")], day(1));
    crawl(&mut warehouse, "r2", CoverageStatus::Denied, &[], day(1));
    let mut sealing = warehouse.seal(day(1)).expect("it applies");
    sealing.run_checks(&[check(NAMED)], &BTreeMap::new()).expect("it runs");
    sealing.commit().expect("it commits");
    warehouse.publish().expect("it publishes");
    let said = workspace.ask(SAID);
    assert_eq!(said.len(), 2, "{said:?}");
    assert_eq!(said[0], json!("arn:aws:s3:::a pass a"));
    let denied = said[1].as_str().expect("a text");
    assert!(denied.starts_with("aws:") && denied.contains(" unknown ") && denied.contains("denied"), "{denied}");
}

#[test]
fn a_check_for_two_controls_runs_once_and_counts_for_both() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "a")], day(1));
    crawl(&mut warehouse, "r2", CoverageStatus::Denied, &[], day(1));
    let mut sealing = warehouse.seal(day(1)).expect("it applies");
    let (one, mut other) = (check(NAMED), check(NAMED));
    other.check.control_id = "DP-01".to_owned();
    sealing.run_checks(&[one, other], &BTreeMap::new()).expect("it runs");
    sealing.commit().expect("it commits");
    warehouse.publish().expect("it publishes");
    assert_eq!(workspace.ask(SAID).len(), 2, "the bucket, and the place that could not be listed");
    let counted = "SELECT control_id || ' ' || passed || ' ' || unknown FROM controls.check_summary ORDER BY ALL";
    assert_eq!(workspace.ask(counted), [json!("CM-01 1 1"), json!("DP-01 1 1")]);
}

#[test]
fn a_gap_of_an_earlier_run_stays_until_the_place_is_read() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    let mut unknown = |run: i8, regions: &[(&str, CoverageStatus)]| {
        begin(&mut warehouse, day(run));
        for (region, status) in regions {
            crawl(&mut warehouse, region, *status, &[], day(run));
        }
        let mut sealing = warehouse.seal(day(run)).expect("it applies");
        sealing.run_checks(&[check(NAMED)], &BTreeMap::new()).expect("it runs");
        sealing.commit().expect("it commits");
        warehouse.publish().expect("it publishes");
        workspace.ask(SAID).len()
    };
    assert_eq!(unknown(1, &[("r1", CoverageStatus::Denied), ("r2", CoverageStatus::Ok)]), 1);
    assert_eq!(unknown(2, &[("r2", CoverageStatus::Ok)]), 1);
    assert_eq!(unknown(3, &[("r1", CoverageStatus::Ok)]), 0);
}

#[test]
fn a_check_that_fails_to_run_is_named_and_says_nothing_once_it_is_known_to_be_broken() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "a")], day(1));
    for sql in [
        "SELECT resource_key, 'perhaps' AS status, name AS reason FROM inventory.resources",
        "SELECT resource_key, CAST(name AS INTEGER) AS status, name AS reason FROM inventory.resources",
        "SELECT resource_key, 'pass' AS status, NULL AS reason FROM inventory.resources",
        "SELECT 1; DROP TABLE inventory.runs",
    ] {
        let mut sealing = warehouse.seal(day(1)).expect("it applies");
        let refused = sealing.run_checks(&[check(sql)], &BTreeMap::new()).expect_err("it can't run");
        assert!(matches!(refused, WarehouseError::Check { check_id, .. } if check_id == "aws-s3-named"), "{sql}");
    }
    let mut sealing = warehouse.seal(day(1)).expect("it applies again");
    let broken = BTreeMap::from([("aws-s3-named".to_owned(), "no such number".to_owned())]);
    sealing.run_checks(&[check("SELECT nonsense")], &broken).expect("it is not run");
    sealing.commit().expect("it commits");
    warehouse.publish().expect("it publishes");
    assert_eq!(workspace.ask(SAID), [json!("* unknown the check could not be carried out: no such number")]);
}
