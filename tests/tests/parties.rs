//! Third parties end to end: how many are found on estates with an answer key, and what the user says of them.

use std::collections::BTreeSet;

use carveout_simcloud::{EstateOptions, Faults, Truth};
use carveout_tests::{Clouds, Workspace, small_estate};
use serde_json::Value;

/// What discovery found against what the answer key holds.
struct Score {
    found: BTreeSet<String>,
    expected: BTreeSet<String>,
}

impl Score {
    /// Share of the expected that was found.
    fn recall(&self) -> f64 {
        self.found.intersection(&self.expected).count() as f64 / self.expected.len().max(1) as f64
    }

    /// Share of the found that was expected.
    fn precision(&self) -> f64 {
        self.found.intersection(&self.expected).count() as f64 / self.found.len().max(1) as f64
    }
}

/// Vendors by their ids, and unknown parties by the id that the answer key names last.
fn score(workspace: &Workspace, truth: &Truth) -> Score {
    // The clouds that are crawled are parties by themselves, and hints make none.
    let sql = "SELECT DISTINCT evidence.party_id, parties.origin
               FROM parties.evidence AS evidence
               INNER JOIN parties.third_parties AS parties ON parties.party_id = evidence.party_id
               WHERE parties.origin <> 'provider' AND evidence.status <> 'hint'";
    let unknown: BTreeSet<&str> = truth
        .third_parties
        .iter()
        .filter(|party| party.vendor_id.is_none())
        .map(|party| party.name.rsplit(' ').next().unwrap_or_default())
        .collect();
    let rows = workspace.rows(sql);
    let found = rows.iter().map(|row| {
        let party_id = row["party_id"].as_str().expect("an id");
        let named = unknown.iter().find(|id| party_id.contains(**id));
        named.map_or_else(|| party_id.to_owned(), |id| (*id).to_owned())
    });
    let expected = truth.third_parties.iter().map(|party| {
        party.vendor_id.clone().unwrap_or_else(|| party.name.rsplit(' ').next().unwrap_or_default().to_owned())
    });
    let clouds = ["aws", "azure", "google-cloud"];
    Score { found: found.collect(), expected: expected.filter(|id| !clouds.contains(&id.as_str())).collect() }
}

/// Shown with `--nocapture`, and when the test fails.
#[expect(clippy::print_stdout, reason = "a measurement for whoever runs the test")]
fn tell(seed: u64, score: &Score) {
    println!(
        "seed {seed}: {} parties expected, {} found; precision {:.3}, recall {:.3}",
        score.expected.len(),
        score.found.len(),
        score.precision(),
        score.recall()
    );
}

#[test]
fn every_party_of_the_answer_key_is_found_and_no_other() {
    for seed in [2026, 7, 31] {
        let clouds = Clouds::start(&EstateOptions { seed, ..small_estate() });
        clouds.set_faults(Faults::default());
        let workspace = clouds.workspace();
        // What no cloud can say: which organization on GitHub is ours.
        let configuration = String::from_utf8(workspace.read("carveout.toml")).expect("it is text");
        let own = "[organization]\ngithub = [\"acme-corp\"]";
        workspace.write("carveout.toml", configuration.replace("[organization]", own));
        workspace.carveout(["refresh"]);
        let score = score(&workspace, clouds.estate().truth());
        tell(seed, &score);
        let missed: Vec<&String> = score.expected.difference(&score.found).collect();
        let extra: Vec<&String> = score.found.difference(&score.expected).collect();
        assert!(missed.is_empty(), "not found with seed {seed}: {missed:?}");
        assert!(score.precision() >= 0.99, "found with seed {seed} and not there: {extra:?}");
        clouds.stop();
    }
}

/// A demo of its own, whose workspace can be written to.
fn demo() -> Workspace {
    let workspace = Workspace::empty();
    workspace.carveout(["demo", "--dir", "."]).expect(0);
    workspace
}

fn texts(rows: &[Value], column: &str) -> Vec<String> {
    rows.iter().map(|row| row[column].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_raw_id_that_is_named_keeps_its_name_through_the_next_refresh() {
    let workspace = demo();
    let sql = "SELECT party_id FROM parties.third_parties WHERE starts_with(party_id, 'unknown-aws-') ORDER BY ALL";
    let raw = texts(&workspace.rows(sql), "party_id").into_iter().next().expect("the demo has an unknown account");
    let told = workspace.carveout(["parties", "name", &raw, "Acme Scanning", "--domain", "acme-scanning.example"]);
    assert!(told.expect(0).stdout.contains("acme-scanning"));
    let is_named = || {
        let rows = workspace.carveout(["parties", "show", "Acme Scanning", "--format", "json"]).expect(0).rows();
        assert!(texts(&rows, "text").contains(&"acme-scanning".to_owned()), "{rows:?}");
        let left = format!("SELECT count(*) FROM parties.evidence WHERE party_id = '{raw}'");
        assert_eq!(workspace.number(&left), 0);
    };
    is_named();
    workspace.carveout(["demo", "--dir", "."]).expect(0);
    is_named();
    let refused = workspace.carveout(["parties", "name", "acme-scanning", "Somebody Else"]).expect(2);
    refused.says(&["is a vendor of the directory already"]);
}

#[test]
fn a_register_says_what_is_not_in_it_and_what_is_not_seen() {
    let workspace = demo();
    workspace.write("register.csv", "vendor,domain\n\"Datadog, Inc.\",datadoghq.com\nPayroll Bureau Ltd,\n");
    let told = workspace.carveout(["parties", "register", "register.csv"]).expect(0);
    assert!(told.stdout.starts_with("2 parties in the register: 1 are seen in the estate, 1 are not"), "{told}");
    let rows = workspace.carveout(["query", "run", "register-differences", "--format", "json"]).expect(0).rows();
    let of = |finding: &str| -> BTreeSet<String> {
        let rows: Vec<Value> = rows.iter().filter(|row| row["finding"] == finding).cloned().collect();
        texts(&rows, "party_id").into_iter().collect()
    };
    assert_eq!(of("not_seen"), BTreeSet::from(["register-payroll-bureau".to_owned()]));
    assert!(of("not_in_register").len() > 5 && !of("not_in_register").contains("datadog"));
    workspace.write(
        "none.csv",
        "Product
x
",
    );
    assert_ne!(workspace.carveout(["parties", "register", "none.csv"]).status, Some(0), "no column names a vendor");
}

#[test]
fn a_list_of_subprocessors_leads_to_fourth_parties_and_their_missing_reports() {
    let workspace = demo();
    workspace.write(
        "list.csv",
        "vendor,subprocessor,service\nDatadog,Harbour Hosting GmbH,hosting\nHarbour Hosting GmbH,Power & Pipes,power\n",
    );
    workspace.carveout(["parties", "subprocessors", "list.csv"]).expect(0);
    let rows = workspace.carveout(["graph", "chain", "datadog", "--format", "json"]).expect(0).rows();
    let hop =
        |id: &str| rows.iter().find(|row| row["party_id"] == id).unwrap_or_else(|| panic!("no {id} in {rows:#?}"));
    assert_eq!((&hop("datadog")["depth"], &hop("subservice-power-pipes")["depth"]), (&0.into(), &2.into()));
    assert_eq!(hop("subservice-harbour-hosting")["coverage"], "missing");
    let why = workspace.carveout(["graph", "why", "subservice-power-pipes"]).expect(0);
    assert!(why.stdout.contains("Datadog (datadog)") && why.stdout.contains("no report speaks for it"), "{why}");
    let again = workspace.carveout(["parties", "subprocessors", "list.csv"]).expect(0);
    assert_eq!(again.stdout, "2 rows, 0 new\n");
}

#[test]
fn the_graph_answers_down_to_the_line_of_policy() {
    let workspace = demo();
    let why = workspace.carveout(["graph", "why", "datadog"]).expect(0);
    assert!(why.stdout.starts_with("us\n└─ Datadog (datadog): "), "{why}");
    let sql = "SELECT resource_key, detail ->> '$.path' AS path FROM parties.evidence
               WHERE party_id = 'datadog' AND strength = 'can_admin' ORDER BY ALL LIMIT 1";
    let strongest = workspace.rows(sql);
    if let Some(row) = strongest.first() {
        for column in ["resource_key", "path"] {
            assert!(why.stdout.contains(row[column].as_str().expect("a text")), "{row} is not in {why}");
        }
    }
    let kinds: BTreeSet<String> =
        texts(&workspace.carveout(["graph", "impact", "aws", "--format", "json"]).expect(0).rows(), "what")
            .into_iter()
            .collect();
    for kind in ["dependent_party", "scope", "resource", "control", "obligation"] {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
    let needed = workspace.carveout(["graph", "cover", "cc6.1", "--format", "json"]).expect(0).rows();
    assert!(needed.iter().any(|row| row["state"] == "ask") && needed.iter().any(|row| row["state"] == "held"));
    workspace.carveout(["graph", "cover", "ZZ9.9"]).expect(2).says(&["no obligation of the current scope"]);
    workspace.carveout(["graph", "cycles"]).expect(0);
    workspace.carveout(["graph", "concentration"]).expect(0);
}
