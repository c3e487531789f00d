//! `carveout refresh` over runs that go well and runs that do not: denied is never empty, and nothing last known is lost.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use carveout_simcloud::{Denial, EstateOptions, Faults};
use carveout_tests::{Clouds, Workspace, small_estate};
use serde_json::Value;

const DONE: i32 = 0;
const FAILED: i32 = 1;
const INCOMPLETE: i32 = 3;
const CONDITION: i32 = 4;

const RESOURCES: &str = "SELECT count(*) FROM inventory.resources";

/// A workspace whose estate was read whole.
fn refreshed() -> (Clouds, Workspace) {
    let clouds = Clouds::start(&small_estate());
    let workspace = clouds.workspace();
    workspace.carveout(["refresh"]).expect(DONE);
    (clouds, workspace)
}

fn last_run(workspace: &Workspace) -> Value {
    let mut runs = workspace.rows("SELECT * FROM inventory.runs ORDER BY run_id DESC LIMIT 1");
    runs.pop().expect("a run")
}

/// How many units of the last run ended with this status.
fn units(workspace: &Workspace, status: &str) -> i64 {
    workspace.number(&format!(
        "SELECT count(*) FROM inventory.coverage
         WHERE run_id = (SELECT max(run_id) FROM inventory.coverage) AND status = '{status}'"
    ))
}

#[test]
fn an_estate_that_did_not_change_gives_a_run_without_changes() {
    let (clouds, workspace) = refreshed();
    let expected = clouds.estate().truth().resources.len() as i64;
    assert_eq!(workspace.number(RESOURCES), expected);
    workspace.carveout(["refresh"]).expect(DONE);
    let run = last_run(&workspace);
    assert_eq!([&run["added"], &run["changed"], &run["removed"]], [0, 0, 0].map(Value::from).each_ref(), "{run}");
    assert_eq!(
        workspace.number("SELECT count(*) FROM inventory.resource_history"),
        expected,
        "a state without a change"
    );
}

#[test]
fn a_denied_call_keeps_its_old_rows() {
    let (clouds, workspace) = refreshed();
    let vpcs = "SELECT count(*) FROM inventory.resources WHERE type = 'AWS::EC2::VPC'";
    let before = (workspace.number(RESOURCES), workspace.number(vpcs));
    assert!(before.1 > 0, "the estate has no VPC");
    clouds.set_faults(Faults { denied: vec![Denial::new("*", "ec2:DescribeVpcs")], ..Faults::default() });
    workspace.carveout(["refresh"]).expect(INCOMPLETE);
    assert_eq!((workspace.number(RESOURCES), workspace.number(vpcs)), before);
    assert_eq!(last_run(&workspace)["removed"], 0);
    assert!(units(&workspace, "denied") > 0);
    clouds.set_faults(Faults::default());
    workspace.carveout(["refresh"]).expect(DONE);
    let run = last_run(&workspace);
    assert_eq!([&run["added"], &run["changed"], &run["removed"]], [0, 0, 0].map(Value::from).each_ref(), "{run}");
}

#[test]
fn a_denied_subscription_keeps_its_old_rows() {
    let (clouds, workspace) = refreshed();
    let before = workspace.number(RESOURCES);
    let subscription = clouds.estate().azure_subscriptions()[1].to_owned();
    clouds.set_faults(Faults { denied: vec![Denial::new(&*subscription, "*")], ..Faults::default() });
    workspace.carveout(["refresh"]).expect(INCOMPLETE);
    assert_eq!(workspace.number(RESOURCES), before);
    assert_eq!(last_run(&workspace)["removed"], 0);
}

#[test]
fn a_denied_detail_call_keeps_what_was_known_of_it() {
    let (clouds, workspace) = refreshed();
    let policies = "SELECT count(*) FROM inventory.resources
                    WHERE type = 'AWS::S3::Bucket' AND CAST(config AS VARCHAR) LIKE '%Statement%'";
    let parties = "SELECT count(DISTINCT party_id) FROM parties.evidence";
    let before = (workspace.number(policies), workspace.number(parties));
    assert!(before.0 > 0, "the estate has no bucket with a policy");
    clouds.set_faults(Faults { denied: vec![Denial::new("*", "s3:GetBucketPolicy")], ..Faults::default() });
    workspace.carveout(["refresh"]).expect(INCOMPLETE);
    assert_eq!((workspace.number(policies), workspace.number(parties)), before);
}

#[test]
fn clouds_that_are_down_leave_the_last_run() {
    let (clouds, workspace) = refreshed();
    let before = workspace.number(RESOURCES);
    clouds.stop();
    let ran = workspace.carveout(["refresh"]);
    assert!(matches!(ran.status, Some(FAILED | INCOMPLETE)), "{ran}");
    assert_eq!(workspace.number(RESOURCES), before, "{ran}");
    if ran.status == Some(INCOMPLETE) {
        assert!(units(&workspace, "unreachable") > 0, "{ran}");
        assert_eq!(units(&workspace, "ok"), 0, "{ran}");
    }
}

#[test]
fn one_cloud_that_is_down_does_not_hold_up_the_others() {
    let clouds = Clouds::start(&small_estate());
    // Nobody listens on the port of the discard service.
    let azure =
        "[[connectors.azure]]\nresource_manager_url = \"http://127.0.0.1:9\"\ngraph_url = \"http://127.0.0.1:9\"\n";
    let workspace = clouds.workspace_with(&format!("{}{azure}", clouds.gcp()));
    workspace.carveout(["refresh"]).expect(INCOMPLETE);
    assert!(workspace.number(&format!("{RESOURCES} WHERE provider = 'gcp'")) > 0);
    let unreachable = "SELECT count(*) FROM inventory.coverage WHERE provider = 'azure' AND status = 'unreachable'";
    assert!(workspace.number(unreachable) > 0);
}

#[test]
fn failures_that_pass_are_repeated_and_leave_no_gap() {
    let clouds = Clouds::start(&small_estate());
    let faults = Faults {
        unavailable_once: vec!["ec2:DescribeVpcs".to_owned(), "cloudasset.assets.listResource".to_owned()],
        ..Faults::default()
    };
    clouds.set_faults(faults);
    let workspace = clouds.workspace();
    workspace.carveout(["refresh"]).expect(DONE);
    assert_eq!(workspace.number(RESOURCES), clouds.estate().truth().resources.len() as i64);
    assert!(workspace.number("SELECT CAST(sum(retries) AS BIGINT) FROM inventory.coverage") > 0);
}

#[test]
fn credentials_that_expire_on_the_way_are_renewed() {
    let clouds = Clouds::start(&small_estate());
    let workspace = clouds.workspace_with(&clouds.aws());
    clouds.set_faults(Faults { expired_credentials_once: true, ..Faults::default() });
    workspace.carveout(["refresh"]).expect(DONE);
}

#[test]
fn small_pages_lose_nothing() {
    let clouds = Clouds::start(&small_estate());
    clouds.set_faults(Faults { page_size: Some(3), ..Faults::default() });
    let workspace = clouds.workspace();
    workspace.carveout(["refresh"]).expect(DONE);
    assert_eq!(workspace.number(RESOURCES), clouds.estate().truth().resources.len() as i64);
}

#[test]
fn a_page_link_to_another_host_is_not_followed() {
    let (clouds, workspace) = refreshed();
    let before = workspace.number(RESOURCES);
    let other = Clouds::start(&small_estate());
    let foreign =
        other.azure().lines().find_map(|line| Some(line.split_once("graph_url = \"")?.1.trim_matches('"').to_owned()));
    clouds.set_faults(Faults { foreign_next_link: foreign, page_size: Some(2), ..Faults::default() });
    workspace.carveout(["refresh"]).expect(INCOMPLETE);
    assert_eq!(other.requests(), 0, "a token was carried to another host");
    assert_eq!(workspace.number(RESOURCES), before);
}

#[test]
fn only_the_connectors_that_are_asked_for_run() {
    let (clouds, workspace) = refreshed();
    let before = workspace.number(RESOURCES);
    let requests = clouds.requests();
    workspace.carveout(["refresh", "--only", "gcp"]).expect(DONE);
    assert_eq!(workspace.number(RESOURCES), before, "the others keep their last known state");
    let of_gcp = "SELECT CAST(sum(requests) AS BIGINT) FROM inventory.coverage
                  WHERE run_id = (SELECT max(run_id) FROM inventory.coverage) AND provider <> 'gcp'";
    assert!(
        workspace.rows(of_gcp).iter().all(|row| row.as_object().is_some_and(|row| row.values().all(Value::is_null)))
    );
    assert!(clouds.requests() > requests);
}

#[test]
fn only_the_types_that_are_asked_for_are_crawled_and_the_others_stay() {
    let (clouds, workspace) = refreshed();
    let before = workspace.number(RESOURCES);
    workspace.carveout(["refresh", "--only", "aws", "--types", "AWS::IAM::*"]).expect(DONE);
    assert_eq!(workspace.number(RESOURCES), before);
    assert_eq!(last_run(&workspace)["removed"], 0);
    drop(clouds);
}

#[test]
fn a_killed_refresh_leaves_the_last_run_and_is_recorded_as_interrupted() {
    let (clouds, workspace) = refreshed();
    let (before, requests) = (workspace.number(RESOURCES), clouds.requests());
    clouds.set_faults(Faults { latency_ms: 20, ..Faults::default() });
    let mut running = workspace.start(["refresh"]);
    clouds.wait_for_requests(requests + 100, &mut running);
    running.kill();
    assert_eq!(workspace.number(RESOURCES), before);
    clouds.set_faults(Faults::default());
    workspace.carveout(["refresh"]).expect(DONE);
    assert_eq!(workspace.number(RESOURCES), before);
    let interrupted = "SELECT count(*) FROM inventory.runs WHERE status = 'interrupted'";
    assert_eq!(workspace.number(interrupted), 1);
}

#[test]
fn readers_see_the_last_run_while_a_refresh_is_on_its_way_and_a_second_refresh_waits_for_nobody() {
    let (clouds, workspace) = refreshed();
    let (before, requests) = (workspace.number(RESOURCES), clouds.requests());
    clouds.set_faults(Faults { latency_ms: 20, ..Faults::default() });
    let mut running = workspace.start(["refresh"]);
    clouds.wait_for_requests(requests + 50, &mut running);
    assert_eq!(workspace.number(RESOURCES), before);
    workspace.carveout(["refresh"]).expect(FAILED).says(&["acme.duckdb", "process"]);
    clouds.set_faults(Faults::default());
    running.finish().expect(DONE);
}

#[test]
fn a_condition_to_fail_on_has_its_own_status() {
    let clouds =
        Clouds::start(&EstateOptions { aws_accounts: 1, azure_subscriptions: 3, gcp_projects: 1, ..small_estate() });
    let workspace = clouds.workspace_with(&clouds.azure());
    workspace.carveout(["refresh"]).expect(INCOMPLETE);
    workspace.carveout(["refresh", "--fail-on", "partial"]).expect(CONDITION);
    workspace.carveout(["status", "--fail-on", "partial"]).expect(CONDITION);
    workspace.carveout(["status", "--fail-on", "stale"]).expect(DONE);
}

#[test]
fn no_credentials_are_printed() {
    let clouds = Clouds::start(&small_estate());
    clouds.set_faults(Faults { denied: vec![Denial::new("*", "*")], ..Faults::default() });
    let secret = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLE";
    let workspace = clouds.workspace_with(&clouds.aws()).with_variable("AWS_SECRET_ACCESS_KEY", secret);
    let ran = workspace.carveout(["-vv", "refresh"]);
    assert!(matches!(ran.status, Some(FAILED | INCOMPLETE)), "{ran}");
    assert!(!ran.stderr.contains(secret) && !ran.stdout.contains(secret), "{ran}");
}

#[test]
fn report_cards_are_read_and_a_broken_one_is_told_and_left_out() {
    let clouds = Clouds::start(&small_estate());
    let reports = "[[connectors.soc2_reports]]\npaths = [\"vendors/*.toml\"]\n";
    let workspace = clouds.workspace_with(&format!("{}{reports}", clouds.gcp()));
    let card = "party = \"datadog\"\norganization = \"Datadog, Inc.\"\nreport_type = \"type2\"\n\
                period = { start = 2025-05-01, end = 2026-04-30 }\ncategories = [\"security\"]\nopinion = \"unqualified\"\n";
    workspace.write("vendors/good.toml", card);
    workspace.carveout(["refresh"]).expect(DONE);
    workspace.write("vendors/broken.toml", card.replace("unqualified", "clean"));
    workspace.carveout(["refresh"]).expect(INCOMPLETE).says(&["broken.toml", "clean"]);
    assert_eq!(workspace.number("SELECT count(*) FROM parties.reports"), 1);
}

/// The answer to a GET on this machine, head and body.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn a_schedule_runs_answers_monitors_and_ends_when_it_is_told_to() {
    let clouds = Clouds::start(&small_estate());
    let workspace = clouds.workspace();
    let schedule = ["refresh", "--schedule", "* * * * *", "--health", "127.0.0.1:0", "--notify", "cat >> told.json"];
    let mut running = workspace.start(schedule);
    let line = running.wait_for("/healthz");
    let (_, rest) = line.split_once("http://").expect("it names its address");
    let (address, _) = rest.split_once('/').expect("it names a path");
    assert!(get(address, "/healthz").starts_with("HTTP/1.1 200"), "nothing is wrong before the first run");
    let deadline = Instant::now() + Duration::from_secs(120);
    while !workspace.path("told.json").exists() {
        assert!(Instant::now() < deadline, "no run within two minutes");
        thread::sleep(Duration::from_millis(100));
    }
    running.wait_for("next run");
    let metrics = get(address, "/metrics");
    assert!(metrics.contains("carveout_runs_total{outcome=\"done\"} 1\n"), "{metrics}");
    let resources = clouds.estate().truth().resources.len();
    assert!(metrics.contains(&format!("carveout_resources {resources}\n")), "{metrics}");
    running.terminate().expect(DONE);
    let told: Value = serde_json::from_slice(&workspace.read("told.json")).expect("one summary");
    assert_eq!((&told["outcome"], &told["resources"]), (&Value::from("done"), &Value::from(resources)));
}

#[test]
fn a_schedule_that_never_comes_or_a_port_for_others_is_wrong_usage() {
    let clouds = Clouds::start(&small_estate());
    let workspace = clouds.workspace();
    workspace.carveout(["refresh", "--schedule", "every day"]).expect(2).says(&["0 2 * * *"]);
    let open = ["refresh", "--schedule", "0 2 * * *", "--health", "0.0.0.0:0"];
    workspace.carveout(open).expect(2).says(&["could be reached by others", "127.0.0.1"]);
}

#[test]
fn status_fails_on_an_age_of_ones_own() {
    let (_clouds, workspace) = refreshed();
    workspace.carveout(["status", "--fail-on", "stale=26h"]).expect(DONE);
    workspace.carveout(["status", "--fail-on", "stale=0s"]).expect(CONDITION).says(&["older than 0 s"]);
}
