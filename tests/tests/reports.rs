//! What vendors send is kept as what it is, older versions stay behind newer ones, and a second import changes nothing.

use std::collections::BTreeSet;

use carveout_tests::Workspace;
use serde_json::Value;

const WORKSPACE: &str = "[workspace]\nname = \"acme\"\ndatabase = \"acme.duckdb\"\n";
const REGISTER: &str = "Vendor,Report,Issued on,Valid until\n\
    Okta,ISO 27001:2022,2026-01-10,2029-01-09\n\
    Okta,Pen test,2019-02-01,\n\
    Halden Freight Systems GmbH,SOC 3,2026-02-01,\n";

fn card(year: i16, auditor: &str) -> String {
    format!(
        "party = \"datadog\"\norganization = \"Datadog, Inc.\"\nsystem = \"Datadog\"\nreport_type = \"type2\"\n\
         period = {{ start = {year}-01-01, end = {year}-12-31 }}\nissued_on = {}-02-01\nauditor = \"{auditor}\"\n\
         categories = [\"security\"]\nopinion = \"unqualified\"\n",
        year + 1
    )
}

fn texts<'v>(rows: &'v [Value], column: &str) -> Vec<&'v str> {
    rows.iter().map(|row| row[column].as_str().unwrap_or("-")).collect()
}

#[test]
fn documents_of_a_register_are_listed_by_their_kind_and_cover_nothing() {
    let workspace = Workspace::new(WORKSPACE);
    workspace.write("register.csv", REGISTER);
    let said = workspace.carveout(["reports", "import", "register.csv"]).expect(0).stdout;
    assert!(said.contains("(iso_certificate)") && said.contains("nothing can be inherited"), "{said}");
    assert!(said.contains("it has no tests of controls"), "{said}");
    let rows = workspace.carveout(["reports", "list", "--format", "json"]).expect(0).rows();
    let kinds: BTreeSet<&str> = texts(&rows, "kind").into_iter().collect();
    assert_eq!(kinds, BTreeSet::from(["iso_certificate", "penetration_test", "soc3"]));
    let okta: BTreeSet<&str> =
        rows.iter().filter(|row| row["party_id"] == "okta").filter_map(|row| row["reliance"].as_str()).collect();
    assert_eq!(okta, BTreeSet::from(["informative", "lapsed"]));
    assert_eq!(workspace.number("SELECT count(*) FROM parties.reports"), 0);
    let covered = "SELECT count(*) FROM scoping.obligations WHERE treatment = 'inherited' AND party_id = 'okta'";
    assert_eq!(workspace.number(covered), 0);
    let known = "SELECT count(*) FROM parties.other_documents AS documents
                 INNER JOIN parties.third_parties AS parties ON parties.party_id = documents.party_id";
    assert_eq!(workspace.number(known), 3);
    let id = rows.iter().find(|row| row["kind"] == "soc3").and_then(|row| row["report_id"].as_str()).expect("a SOC 3");
    let shown = workspace.carveout(["reports", "show", id]).expect(0).stdout;
    assert!(shown.contains("no tests of controls"), "{shown}");
    let explained = workspace.carveout(["reports", "show", id, "--explain"]).expect(0).stdout;
    assert!(explained.contains("line 4") && explained.contains("not found"), "{explained}");
    let before = workspace.rows("SELECT * FROM parties.other_document_imports ORDER BY ALL");
    let said = workspace.carveout(["reports", "import", "register.csv"]).expect(0).stdout;
    assert!(!said.contains("imported "), "{said}");
    assert_eq!(workspace.rows("SELECT * FROM parties.other_document_imports ORDER BY ALL"), before);
}

#[test]
fn superseded_versions_and_periods_are_left_out_of_the_list_and_in_all() {
    let workspace = Workspace::new(WORKSPACE);
    for (year, auditor) in [(2024, "One LLP"), (2024, "Two LLP"), (2025, "Two LLP")] {
        workspace.write("card.toml", card(year, auditor));
        workspace.carveout(["reports", "import", "card.toml"]).expect(0);
    }
    let rows = workspace.carveout(["reports", "list", "--format", "json"]).expect(0).rows();
    assert_eq!(texts(&rows, "report_id"), ["datadog-datadog-2025-01-01-to-2025-12-31"]);
    let all = workspace.carveout(["reports", "list", "--all", "--format", "json"]).expect(0).rows();
    let reasons: Vec<&str> = texts(&all, "superseded_because");
    assert_eq!(reasons, ["newer_version", "later_period", "-"]);
    let shown = workspace.carveout(["reports", "show", "datadog-datadog-2024-01-01-to-2024-12-31"]).expect(0).stdout;
    assert!(shown.contains("(newer_version)") && shown.contains("(later_period)"), "{shown}");
    let said = workspace.carveout(["reports", "import", "card.toml"]).expect(0).stdout;
    assert!(said.contains("unchanged"), "{said}");
    let again = workspace.carveout(["reports", "list", "--all", "--format", "json"]).expect(0).rows();
    assert_eq!(again, all);
}
