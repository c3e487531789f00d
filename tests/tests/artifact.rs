//! Reports that AWS Artifact lists: there, as claims, and never counted as read.

use carveout_tests::{Clouds, small_estate};
use serde_json::Value;

const DONE: i32 = 0;

#[test]
fn what_artifact_lists_is_a_claim_that_counts_as_no_report() {
    let clouds = Clouds::start(&small_estate());
    let workspace = clouds.workspace_with(&clouds.aws());
    workspace.carveout(["refresh"]).expect(DONE);
    let rows = workspace.rows(
        "SELECT organization, system, report_type, CAST(period_end AS VARCHAR) AS period_end, party_id, reliance,
             len(categories) AS categories, extraction ->> '$.grade' AS grade
         FROM parties.reports WHERE source = 'aws-artifact' ORDER BY organization",
    );
    let organizations: Vec<_> = rows.iter().map(|row| row["organization"].as_str().unwrap_or_default()).collect();
    assert_eq!(organizations, ["AWS", "Fivetran"], "the ISO certificate is none");
    for row in &rows {
        assert_eq!((&row["grade"], &row["reliance"]), (&Value::from("claim"), &Value::from("not_evaluable")), "{row}");
        assert_eq!((&row["party_id"], &row["categories"]), (&Value::Null, &Value::from(0)), "{row}");
        assert_eq!(row["period_end"], "2026-03-31");
    }
    let relied = "SELECT count(*) FROM scoping.obligations WHERE report_id LIKE 'aws-artifact%'";
    assert_eq!(workspace.number(relied), 0);
    let held = "SELECT count(*) FROM controls.check_results
                WHERE check_id = 'any-report-held' AND status = 'pass'";
    assert_eq!(workspace.number(held), 0, "a claim is no report that is held");

    let card = "party = \"fivetran\"\norganization = \"Fivetran\"\nreport_type = \"type2\"\n\
                period = { start = 2025-04-01, end = 2026-03-31 }\ncategories = [\"security\"]\nopinion = \"unqualified\"\n";
    workspace.write("fivetran.toml", card);
    workspace.carveout(["reports", "import", "fivetran.toml"]).expect(DONE);
    let claims = "SELECT count(*) FROM parties.reports WHERE source = 'aws-artifact'";
    assert_eq!(workspace.number(claims), 1, "the card takes the claim's place");
}
