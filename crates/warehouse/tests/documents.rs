//! Documents that are no SOC 2 report, and the versions of reports: nothing that was imported is lost, and the last counts.

mod common;

use carveout_model::{
    Category, DocumentKind, DocumentStanding, JudgedDocument, JudgedReport, Opinion, OtherDocument, ReportType,
    Soc2Report,
};
use carveout_warehouse::Sealing;
use common::{Workspace, day};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

fn certificate(hash: &str, until: Date) -> OtherDocument {
    OtherDocument {
        document_id: "tessel-iso-certificate".to_owned(),
        kind: DocumentKind::IsoCertificate,
        party_id: None,
        organization: Some("Tessel, Inc.".to_owned()),
        title: None,
        standard: Some("ISO/IEC 27001:2022".to_owned()),
        issuer: None,
        report_type: None,
        period_start: None,
        period_end: None,
        as_of: None,
        issued_on: Some(date(2025, 3, 3)),
        valid_from: None,
        valid_until: Some(until),
        source: "certificate.pdf".to_owned(),
        source_sha256: hash.to_owned(),
        extraction: json!({ "reader": "pdf", "not_found": ["issuer"] }),
    }
}

fn report(year: i16, hash: &str, supersedes: &Value) -> Soc2Report {
    Soc2Report {
        report_id: format!("tessel-{year}"),
        party_id: Some("tessel".to_owned()),
        organization: "Tessel, Inc.".to_owned(),
        system: Some("Tessel Cloud".to_owned()),
        report_type: ReportType::Type2,
        auditor: None,
        period_start: Some(date(year, 1, 1)),
        period_end: Some(date(year, 12, 31)),
        as_of: None,
        issued_on: None,
        opinion: Some(Opinion::Unqualified),
        qualified_criteria: Vec::new(),
        categories: vec![Category::Security],
        bridge_until: None,
        subservice_organizations: Vec::new(),
        user_entity_controls: Vec::new(),
        subservice_controls: Vec::new(),
        controls: Vec::new(),
        exceptions: Vec::new(),
        source: format!("{hash}.pdf"),
        source_sha256: hash.to_owned(),
        extraction: json!({ "reader": "pdf", "supersedes": supersedes }),
    }
}

fn write_reports(sealing: &mut Sealing<'_>, reports: Vec<Soc2Report>) {
    let judged: Vec<JudgedReport> = reports
        .into_iter()
        .map(|report| JudgedReport {
            party_id: report.party_id.clone(),
            subservice_party_ids: Vec::new(),
            subservice_control_party_ids: Vec::new(),
            reliance: None,
            judged_on: date(2026, 12, 31),
            report,
        })
        .collect();
    sealing.write_reports(&judged).expect("reports are written");
}

#[test]
fn every_version_of_a_document_is_kept_and_the_last_is_derived() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    for (number, document) in
        [certificate("aa", date(2026, 1, 1)), certificate("aa", date(2026, 1, 1)), certificate("bb", date(2028, 1, 1))]
            .into_iter()
            .enumerate()
    {
        let at = day(i8::try_from(number).expect("few") + 1);
        let mut sealing = warehouse.revise(at).expect("it begins");
        sealing.import_documents(std::slice::from_ref(&document)).expect("it is stored");
        let imported = sealing.imported_documents().expect("they are read");
        assert_eq!(imported, std::slice::from_ref(&document));
        let judged = JudgedDocument {
            document,
            party_id: Some("tessel".to_owned()),
            reliance: DocumentStanding::Informative,
            judged_on: date(2026, 12, 31),
        };
        sealing.write_documents(&[judged]).expect("it is written");
        sealing.commit().expect("it commits");
        warehouse.publish().expect("it publishes");
    }
    let versions = "SELECT source_sha256 FROM parties.other_document_imports ORDER BY imported_at";
    assert_eq!(workspace.ask(versions), ["aa", "bb"]);
    let row = "SELECT to_json(documents) FROM parties.other_documents AS documents";
    let rows = workspace.ask(row);
    let text = rows[0].as_str().map_or_else(|| rows[0].to_string(), str::to_owned);
    let row: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (&row["kind"], &row["standard"], &row["valid_until"], &row["reliance"], &row["issuer"]),
        (
            &json!("iso_certificate"),
            &json!("ISO/IEC 27001:2022"),
            &json!("2028-01-01"),
            &json!("informative"),
            &Value::Null
        )
    );
    assert_eq!(row["limits"], DocumentKind::IsoCertificate.limits());
}

#[test]
fn a_newer_version_and_a_later_period_supersede_and_both_stay_in_history() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    let import = |warehouse: &mut carveout_warehouse::Warehouse, number: i8, reports: &[Soc2Report]| {
        let mut sealing = warehouse.revise(day(number)).expect("it begins");
        sealing.import_reports(reports).expect("they are stored");
        let all = sealing.imported_reports().expect("they are read");
        write_reports(&mut sealing, all);
        sealing.commit().expect("it commits");
        warehouse.publish().expect("it publishes");
    };
    let first = report(2024, "aa", &json!([]));
    import(&mut warehouse, 1, std::slice::from_ref(&first));
    let newer = report(2024, "bb", &json!([{ "source": "aa.pdf", "source_sha256": "aa" }]));
    import(&mut warehouse, 2, &[newer, report(2025, "cc", &Value::Null)]);
    let versions = "SELECT concat_ws(' ', source_sha256, day(imported_at), superseded_by, superseded_because)
                    FROM parties.report_versions ORDER BY source_sha256";
    let expected = ["aa 1 tessel-2024 newer_version", "bb 2 tessel-2025 later_period", "cc 2"];
    assert_eq!(workspace.ask(versions), expected);
    import(&mut warehouse, 3, &[report(2025, "cc", &Value::Null)]);
    assert_eq!(workspace.ask(versions), expected, "importing again changes nothing");
    let kept = "SELECT report_id FROM parties.reports ORDER BY report_id";
    assert_eq!(workspace.ask(kept), ["tessel-2024", "tessel-2025"], "an earlier period is still spoken for");
}
