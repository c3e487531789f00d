//! What a second run keeps, changes and removes.

mod common;

use carveout_model::{CoverageStatus, Provider, Scope, ScopeKind};
use carveout_warehouse::{Cell, RunStatus};
use common::{ACCOUNT, BUCKET, Workspace, begin, bucket, coverage, crawl, day, plain, run, seal, trusts, unit};
use serde_json::json;

const LIVE: &str = "SELECT name FROM inventory.resources ORDER BY name";

#[test]
fn a_denied_region_keeps_its_rows_and_an_ok_region_loses_what_is_gone() {
    let workspace = Workspace::new();
    let (east, west) = (plain("us-east-1", "east"), plain("us-west-2", "west"));
    let first = run(
        &workspace,
        day(1),
        &[("us-east-1", CoverageStatus::Ok, &[east]), ("us-west-2", CoverageStatus::Ok, &[west])],
    );
    assert_eq!((first.resources, first.added, first.status), (2, 2, RunStatus::Complete));
    let second =
        run(&workspace, day(2), &[("us-east-1", CoverageStatus::Ok, &[]), ("us-west-2", CoverageStatus::Denied, &[])]);
    assert_eq!((second.resources, second.removed, second.carried_forward), (1, 1, 1));
    assert_eq!(second.status, RunStatus::Partial);
    assert_eq!(workspace.ask(LIVE), [json!("west")]);
    let changes = "SELECT change || ' ' || resource_key FROM inventory.resource_changes WHERE run_id = 2";
    assert_eq!(workspace.ask(changes), [json!("removed arn:aws:s3:::east")]);
    let seen = workspace.ask("SELECT last_seen_at FROM inventory.resources WHERE name = 'west'");
    assert_eq!(seen, [json!("2026-01-01T12:00:00Z")]);
}

#[test]
fn a_state_that_did_not_change_costs_no_row() {
    let workspace = Workspace::new();
    let mut buckets = vec![bucket("us-east-1", "logs", json!({"Name": "logs", "ETag": "1", "Versioning": null}))];
    run(&workspace, day(1), &[("us-east-1", CoverageStatus::Ok, &buckets)]);
    buckets[0].config["ETag"] = json!("2");
    let second = run(&workspace, day(2), &[("us-east-1", CoverageStatus::Ok, &buckets)]);
    assert_eq!((second.added, second.changed, second.removed), (0, 0, 0));
    buckets[0].config["Versioning"] = json!({"Status": "Enabled"});
    buckets[0].tags.clear();
    let third = run(&workspace, day(3), &[("us-east-1", CoverageStatus::Ok, &buckets)]);
    assert_eq!(third.changed, 1);
    assert_eq!(workspace.ask("SELECT count(*) FROM inventory.resource_history"), [json!(2)]);
    let paths = workspace.ask("SELECT paths FROM inventory.resource_changes WHERE change = 'changed'");
    assert_eq!(paths, [json!(["config.ETag", "config.Versioning", "tags"])]);
    let row = "SELECT strftime(first_seen_at, '%d') || strftime(last_seen_at, '%d') || strftime(changed_at, '%d')
        FROM inventory.resources";
    assert_eq!(workspace.ask(row), [json!("010303")]);
    let as_of_two = "SELECT valid_from_run FROM inventory.resource_history
        WHERE valid_from_run <= 2 AND (valid_to_run IS NULL OR valid_to_run > 2)";
    assert_eq!(workspace.ask(as_of_two), [json!(1)]);
}

#[test]
fn a_global_listing_removes_what_it_had_found_in_any_region() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    for (at, buckets) in
        [(day(1), vec![plain("eu-west-1", "a"), plain("us-east-1", "b")]), (day(2), vec![plain("us-east-1", "b")])]
    {
        begin(&mut warehouse, at);
        crawl(&mut warehouse, "global", CoverageStatus::Ok, &buckets, at);
        seal(&mut warehouse, at);
    }
    assert_eq!(workspace.ask(LIVE), [json!("b")]);
}

#[test]
fn an_index_that_is_ok_does_not_remove_what_a_denied_listing_could_not_see() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    crawl(&mut warehouse, "eu-west-1", CoverageStatus::Ok, &[plain("eu-west-1", "a")], day(1));
    seal(&mut warehouse, day(1));
    begin(&mut warehouse, day(2));
    let mut index = coverage("*", CoverageStatus::Ok, 0);
    index.type_name = "*".to_owned();
    warehouse.finish_unit("aws/index", &[index], day(2)).expect("a unit ends");
    crawl(&mut warehouse, "eu-west-1", CoverageStatus::Denied, &[], day(2));
    assert_eq!(seal(&mut warehouse, day(2)).removed, 0);
}

#[test]
fn observations_follow_their_resource() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    let (a, b, c) = (plain("r1", "a"), plain("r2", "b"), plain("r3", "c"));
    begin(&mut warehouse, day(1));
    for resource in [&a, &b, &c] {
        let observations = [trusts(resource, "Policy.Statement[0].Principal.AWS", "999988887777")];
        warehouse.load(&unit(&resource.region), std::slice::from_ref(resource), &observations).expect("pages load");
        let row = coverage(&resource.region, CoverageStatus::Ok, 1);
        warehouse.finish_unit(&unit(&resource.region), &[row], day(1)).expect("a unit ends");
    }
    seal(&mut warehouse, day(1));

    // a is seen and trusts somebody else, b is denied, c is gone.
    begin(&mut warehouse, day(2));
    let changed = [trusts(&a, "Policy.Statement[1].Principal.AWS", "444455556666")];
    warehouse.load(&unit("r1"), std::slice::from_ref(&a), &changed).expect("pages load");
    warehouse.finish_unit(&unit("r1"), &[coverage("r1", CoverageStatus::Ok, 1)], day(2)).expect("a unit ends");
    crawl(&mut warehouse, "r2", CoverageStatus::Denied, &[], day(2));
    crawl(&mut warehouse, "r3", CoverageStatus::Ok, &[], day(2));
    let sealing = warehouse.seal(day(2)).expect("it applies");
    let observations = sealing.live_observations().expect("they are read");
    assert_eq!(observations, [changed[0].clone(), trusts(&b, "Policy.Statement[0].Principal.AWS", "999988887777")]);
    let counts = sealing.query("SELECT type, count(*) FROM inventory.resources GROUP BY type", &[]);
    assert_eq!(counts.expect("they are counted").rows, [[Cell::Text(BUCKET.to_owned()), Cell::Integer(2)]]);
    let scopes = sealing.resource_scopes().expect("they are read");
    assert_eq!(scopes.iter().map(|row| row.scope_id.as_str()).collect::<Vec<_>>(), [ACCOUNT, ACCOUNT]);
}

#[test]
fn a_member_that_could_not_be_read_keeps_its_last_known_value_and_observations() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    let whole = bucket("r1", "a", json!({"Name": "a", "Policy": {"Statement": []}}));
    begin(&mut warehouse, day(1));
    let known =
        [trusts(&whole, "Policy.Statement[0].Principal.AWS", "999988887777"), trusts(&whole, "Owner", "444455556666")];
    warehouse.load(&unit("r1"), std::slice::from_ref(&whole), &known).expect("pages load");
    warehouse.finish_unit(&unit("r1"), &[coverage("r1", CoverageStatus::Ok, 1)], day(1)).expect("a unit ends");
    seal(&mut warehouse, day(1));

    let mut half = bucket("r1", "a", json!({"Name": "a"}));
    half.unread = vec!["Policy".to_owned()];
    begin(&mut warehouse, day(2));
    crawl(&mut warehouse, "r1", CoverageStatus::Denied, &[half], day(2));
    let sealing = warehouse.seal(day(2)).expect("it applies");
    assert_eq!(sealing.live_observations().expect("they are read"), known[..1]);
    let summary = sealing.commit().expect("it commits");
    assert_eq!((summary.changed, summary.carried_forward), (0, 0));
    warehouse.publish().expect("it publishes");
    assert_eq!(workspace.ask("SELECT config FROM inventory.resources"), std::slice::from_ref(&whole.config));
    assert_eq!(workspace.ask("SELECT unread FROM inventory.resources"), [json!(["Policy"])]);

    begin(&mut warehouse, day(3));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[whole], day(3));
    assert_eq!(seal(&mut warehouse, day(3)).changed, 0);
    assert_eq!(workspace.ask("SELECT unread FROM inventory.resources"), [json!(null)]);
}

#[test]
fn a_resource_that_two_listings_find_is_there_once() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "a"), plain("r1", "a")], day(1));
    crawl(&mut warehouse, "r2", CoverageStatus::Ok, &[bucket("r1", "a", json!({"Name": "a", "From": "r2"}))], day(1));
    assert_eq!(seal(&mut warehouse, day(1)).resources, 1);
    assert_eq!(workspace.ask("SELECT config ->> '$.From' FROM inventory.resources"), [json!("r2")]);
}

#[test]
fn a_resource_that_comes_back_keeps_when_it_was_first_seen() {
    let workspace = Workspace::new();
    for (number, there) in [(1, true), (2, false), (3, true)] {
        let buckets: &[_] = if there { &[plain("r1", "a")] } else { &[] };
        run(&workspace, day(number), &[("r1", CoverageStatus::Ok, buckets)]);
    }
    let seen = "SELECT strftime(first_seen_at, '%d') || strftime(changed_at, '%d') FROM inventory.resources";
    assert_eq!(workspace.ask(seen), [json!("0103")]);
}

#[test]
fn a_scope_that_is_not_listed_is_kept() {
    let scope = |id: &str, status: &str| Scope {
        provider: Provider::Aws,
        scope_id: id.to_owned(),
        kind: ScopeKind::Account,
        parent_id: None,
        name: None,
        status: status.to_owned(),
        raw: json!({"Id": id}),
    };
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    warehouse.write_scopes(&[scope("1", "active"), scope("2", "active")]).expect("they are staged");
    seal(&mut warehouse, day(1));
    begin(&mut warehouse, day(2));
    warehouse.write_scopes(&[scope("2", "suspended")]).expect("they are staged");
    let sealing = warehouse.seal(day(2)).expect("it applies");
    assert_eq!(sealing.scopes().expect("they are read"), [scope("1", "active"), scope("2", "suspended")]);
}
