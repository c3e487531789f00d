//! What reports can be relied on for, end to end: days of the audit period, the chain behind a carve-out, what comes back to
//! us, and whom a printed name stands for.

use std::{collections::BTreeSet, sync::OnceLock};

use carveout_tests::Workspace;
use serde_json::{Value, json};

/// A demo of its own, whose workspace can be written to.
fn fresh() -> Workspace {
    let workspace = Workspace::empty();
    workspace.carveout(["demo", "--dir", "."]).expect(0);
    workspace
}

/// The demo, run once, to be read only. Its audit period is the year 2026.
fn demo() -> &'static Workspace {
    static DEMO: OnceLock<Workspace> = OnceLock::new();
    DEMO.get_or_init(fresh)
}

/// A demo with a vendor that hosts at a party whose own report has an exception, and that depends on the vendor in turn.
fn with_hosts() -> Workspace {
    let workspace = fresh();
    workspace.write("cards/vendor.toml", VENDOR);
    workspace.write("cards/host.toml", HOST);
    workspace.carveout(["reports", "import", "cards/vendor.toml", "cards/host.toml"]).expect(0);
    workspace
}

const VENDOR: &str = r#"
organization = "Alder Analytics GmbH"
report_type = "type2"
period = { start = 2026-01-01, end = 2026-09-30 }
bridge_letter = { until = 2026-11-30 }
categories = ["security"]
opinion = "unqualified"

[[subservice_organizations]]
name = "Birch Hosting, Inc."
method = "carve_out"

[[subservice_organizations]]
name = "AWS"
method = "carve_out"

[[user_entity_controls]]
ref = "U-1"
criteria = ["CC6.2"]
description = "Customers remove their users."

[[user_entity_controls]]
ref = "U-2"
criteria = []
description = "Customers keep their contacts up to date."

[[subservice_controls]]
ref = "S-1"
organization = "Birch Hosting, Inc."
criteria = ["CC6.4", "CC6.5"]
description = "Data centres are locked and media destroyed."

[[subservice_controls]]
ref = "S-2"
organization = "AWS"
criteria = ["A1.2"]
description = "Power is redundant."
"#;

const HOST: &str = r#"
organization = "Birch Hosting, Inc."
report_type = "type2"
period = { start = 2025-07-01, end = 2026-06-30 }
categories = ["security"]
opinion = "unqualified"

[[subservice_organizations]]
name = "Alder Analytics"
method = "carve_out"

[[controls]]
ref = "B-1"
criteria = ["CC6.4"]
description = "Doors are locked."
result = "No exceptions noted."

[[controls]]
ref = "B-2"
criteria = ["CC6.5"]
description = "Media are destroyed."
result = "Exception noted: 1 of 25 was not recorded."
exception = true
"#;

const ALDER: &str = "subservice-alder-analytics";
const BIRCH: &str = "subservice-birch-hosting";

fn days(rows: &[Value]) -> Vec<(&str, i64)> {
    rows.iter().map(|row| (row["class"].as_str().expect("a word"), row["days"].as_i64().expect("days"))).collect()
}

/// The rows of a verb on one party and one of its criteria.
fn coverage(workspace: &Workspace, criterion: &str, arguments: &[&str]) -> Vec<Value> {
    let arguments = [&["scope", "coverage"], arguments, &["--format", "json"]].concat();
    let mut rows = workspace.carveout(arguments).expect(0).rows();
    rows.retain(|row| row["criteria"].as_array().expect("a list").contains(&json!(criterion)));
    rows
}

#[test]
fn a_period_is_told_to_the_day_by_report_letter_and_nothing() {
    let workspace = demo();
    assert_eq!(days(&coverage(workspace, "CC6.1", &["datadog"])), [("report", 120), ("nothing", 245)]);
    let letter = coverage(workspace, "CC6.1", &["github"]);
    assert_eq!(days(&letter), [("bridge_letter", 31), ("nothing", 334)], "a letter goes for three months");
    assert_eq!(letter[1]["from_day"], "2026-02-01");
    assert!(letter[1]["reason"].as_str().expect("a reason").contains("2026-12-31"), "{letter:?}");
    assert_eq!(days(&coverage(workspace, "CC6.1", &["papertrail"])), [("nothing", 365)], "a type 1 covers no day");
    let june = coverage(workspace, "CC6.1", &["datadog", "--period", "2025-06-01..2025-06-30"]);
    assert_eq!(days(&june), [("report", 30)]);
    workspace
        .carveout(["scope", "coverage", "--period", "2026-12-31..2026-01-01"])
        .expect(2)
        .says(&["before it starts"]);
    let told = workspace.carveout(["scope", "coverage", "datadog"]).expect(0);
    assert!(told.stdout.contains("2026-01-01 to 2026-04-30   120 days  report\n"), "{told}");
    assert!(told.stdout.lines().all(|line| line.chars().count() <= 80), "{told}");
}

#[test]
fn the_days_of_every_party_and_criterion_add_up_to_the_period() {
    let sums = "SELECT party_id, criterion_id, sum(days) AS days FROM scoping.report_coverage GROUP BY ALL";
    let workspace = demo();
    assert!(workspace.number(&format!("SELECT count(*) FROM ({sums})")) > 1_000);
    assert_eq!(workspace.number(&format!("SELECT count(*) FROM ({sums}) WHERE days <> 365")), 0);
    let qualified = workspace.rows(
        "SELECT DISTINCT coverage.class
         FROM parties.reports AS reports
         INNER JOIN scoping.report_coverage AS coverage
             ON coverage.party_id = reports.party_id
             AND list_contains(reports.qualified_criteria, coverage.criterion_id)
         WHERE reports.opinion = 'qualified' ORDER BY ALL",
    );
    assert_eq!(qualified, [json!({ "class": "nothing" })], "what an opinion excepts is not covered");
}

#[test]
fn the_chain_says_what_the_hosts_reports_show_and_where_it_closes() {
    let workspace = with_hosts();
    let rows = workspace.carveout(["graph", "chain", ALDER, "--format", "json"]).expect(0).rows();
    let link = |id: &str, depth: i64| {
        let found = rows.iter().find(|row| row["party_id"] == id && row["depth"] == depth);
        found.unwrap_or_else(|| panic!("no {id} at {depth} in {rows:#?}"))
    };
    let birch = link(BIRCH, 1);
    assert_eq!(
        (&birch["coverage"], &birch["report_days"], &birch["period_days"]),
        (&json!("own_report"), &json!(181), &json!(365))
    );
    assert_eq!((&birch["csocs"], &birch["csocs_shown"]), (&json!(1), &json!(0)));
    assert_eq!(birch["csocs_open"], json!(["S-1 on CC6.5: an exception was found in control B-2"]));
    // Its own report is in another name, and covers the criterion.
    let aws = link("aws", 1);
    assert_eq!((&aws["csocs"], &aws["csocs_shown"]), (&json!(1), &json!(1)), "{aws}");
    let closing = link(ALDER, 2);
    assert_eq!(closing["cycle"], json!([ALDER, BIRCH, ALDER]));
    let (root, letter) = (link(ALDER, 0), json!(61));
    assert_eq!((&root["report_days"], &root["letter_days"]), (&json!(273), &letter));
    let tree = workspace.carveout(["graph", "chain", ALDER]).expect(0).stdout;
    assert!(tree.contains("├─ ") && tree.contains("a cycle, cut here: "), "{tree}");
    assert!(tree.contains("of our 365 days 273 by a report, 61 by a letter, 31 by neither"), "{tree}");
    let query = ["query", "run", "carve-out-chain", "-p"].map(ToOwned::to_owned);
    let query = [&query[..], &[format!("party={ALDER}"), "--format".to_owned(), "json".to_owned()]].concat();
    let rows = workspace.carveout(query).expect(0).rows();
    let path = format!("{ALDER} > {BIRCH} > {ALDER}");
    assert!(rows.iter().any(|row| row["path"] == path.as_str() && row["is_cycle"] == true), "{rows:#?}");
}

#[test]
fn what_comes_back_to_us_has_a_control_and_evidence_or_is_unowned() {
    let workspace = with_hosts();
    let trace = |arguments: &[&str]| {
        let arguments = [&["scope", "cuecs"], arguments, &["--format", "json"]].concat();
        workspace.carveout(arguments).expect(0).rows()
    };
    let unowned = trace(&["--unowned"]);
    let refs: BTreeSet<&str> = unowned.iter().map(|row| row["cuec_ref"].as_str().expect("a reference")).collect();
    assert_eq!(refs, BTreeSet::from(["U-2"]), "it names no criterion");
    let aws = trace(&["aws"]);
    assert!(aws.iter().all(|row| row["ownership"] == "by_criterion"), "{aws:#?}");
    assert!(aws.iter().any(|row| row["evidence"] == "fail" && row["failed"].as_u64() > Some(0)), "{aws:#?}");
    let owners = format!(
        "party,cuec_ref,controls,applies,reason\n{ALDER},U-1,AC-04,yes,leavers are removed\n{ALDER},U-2,,no,we have one contact\n"
    );
    workspace.write("controls/cuec_owners.csv", owners);
    let named = trace(&[ALDER]);
    assert_eq!((&named[0]["ownership"], &named[0]["control_ids"]), (&json!("named"), &json!(["AC-04"])));
    assert_eq!(
        (&named[1]["ownership"], &named[1]["reason"]),
        (&json!("not_applicable"), &json!("we have one contact"))
    );
    workspace.carveout(["scope", "cuecs"]).expect(0);
}

#[test]
fn with_a_vendor_its_user_entity_controls_and_their_obligations_fall_away() {
    let workspace = demo();
    let rows = workspace.carveout(["scope", "cuecs", "--without", "datadog", "--format", "json"]).expect(0).rows();
    assert_eq!(rows.len(), 4);
    let secrets = rows.iter().find(|row| row["cuec_ref"] == "CUEC-4").expect("it is handed back");
    assert_eq!(secrets["still_handed_back_by"], json!([]), "nobody else hands C1.1 back");
    assert!(rows.iter().any(|row| row["obligations"].as_u64() > Some(0)), "{rows:#?}");
    let asked = ["query", "run", "cuecs-that-fall-away", "-p", "party=datadog", "--format", "json"];
    let packaged = workspace.carveout(asked).expect(0).rows();
    let counts = |rows: &[Value]| rows.iter().map(|row| row["obligations"].clone()).collect::<Vec<_>>();
    assert_eq!(counts(&packaged), counts(&rows), "the query and the verb count the same");
    let told = workspace.carveout(["scope", "cuecs", "--without", "datadog"]).expect(0);
    assert!(told.stdout.contains("Without datadog, 4 user entity controls and "), "{told}");
    workspace.carveout(["scope", "cuecs", "--without", "nobody"]).expect(2).says(&["nobody"]);
}

#[test]
fn names_of_one_party_are_matched_by_a_rule_that_is_shown_and_can_be_overridden() {
    let workspace = with_hosts();
    let found_by = |party: &str| {
        let rows = workspace.carveout(["reports", "list", "--format", "json"]).expect(0).rows();
        let row = rows.iter().find(|row| row["party_id"] == party).unwrap_or_else(|| panic!("no {party}"));
        row["found_by"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(found_by("datadog"), "given: datadog");
    assert_eq!(found_by(BIRCH), "as printed");
    let names = workspace.rows("SELECT name, rule FROM parties.names WHERE party_id = 'aws' ORDER BY ALL");
    for name in [
        json!({ "name": "AWS", "rule": "directory_id" }),
        json!({ "name": "Amazon Web Services, Inc.", "rule": "directory_name" }),
    ] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    let told = workspace.carveout(["parties", "name", "Birch Hosting, Inc.", "Okta"]).expect(0);
    assert!(told.stdout.starts_with("`Birch Hosting, Inc.` is Okta (okta)"), "{told}");
    let shown = workspace.rows(
        "SELECT names.rule, names.matched
         FROM parties.names AS names WHERE names.name = 'Birch Hosting, Inc.' AND names.place = 'report'",
    );
    assert_eq!(shown, [json!({ "rule": "workspace", "matched": BIRCH })]);
    let report = workspace.rows("SELECT party_id FROM parties.reports WHERE organization = 'Birch Hosting, Inc.'");
    assert_eq!(report, [json!({ "party_id": "okta" })]);
    let facts = workspace.carveout(["reports", "show", "datadog", "--format", "json"]).expect(0).rows();
    assert!(facts.iter().any(|row| row["reference"] == "02 party found by" && row["text"] == "given: datadog"));
}
