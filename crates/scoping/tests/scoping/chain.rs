//! What vendors assume of their hosts, against the hosts' reports.

use carveout_model::{
    Category, CsocCoverage, CsocStatus, Exception, JudgedReport, Opinion, ReportControl, ReportType, SubserviceControl,
};
use carveout_scoping::{ControlSet, PartyReport, Scenario, csoc_coverage};
use jiff::civil::date;

use crate::estate::*;

fn csoc(csoc_ref: &str, organization: Option<&str>, criteria: &[&str]) -> SubserviceControl {
    SubserviceControl {
        csoc_ref: csoc_ref.to_owned(),
        organization: organization.map(ToOwned::to_owned),
        criteria: criteria.iter().map(|id| (*id).to_owned()).collect(),
        description: "…".to_owned(),
    }
}

fn tested(control_ref: &str, criteria: &[&str], exception: bool) -> ReportControl {
    ReportControl {
        control_ref: control_ref.to_owned(),
        criteria: criteria.iter().map(|id| (*id).to_owned()).collect(),
        description: "…".to_owned(),
        test: None,
        result: None,
        exception,
    }
}

fn judged(PartyReport { party_id, report }: PartyReport, csoc_parties: &[Option<&str>]) -> JudgedReport {
    JudgedReport {
        report,
        party_id: Some(party_id),
        subservice_party_ids: Vec::new(),
        subservice_control_party_ids: csoc_parties.iter().map(|id| id.map(ToOwned::to_owned)).collect(),
        reliance: None,
        judged_on: date(2026, 12, 31),
    }
}

/// Datadog assumes four things of AWS and one of nobody in particular.
fn datadog() -> JudgedReport {
    let mut held = report("datadog", date(2026, 6, 30));
    held.report.subservice_controls = vec![
        csoc("1", Some("AWS"), &["CC6.4"]),
        csoc("2", Some("AWS"), &["CC6.5", "A1.2"]),
        csoc("3", Some("AWS"), &["C1.1"]),
        csoc("4", Some("AWS"), &[]),
        csoc("5", None, &["CC6.4"]),
    ];
    judged(held, &[Some("aws"), Some("aws"), Some("aws"), Some("aws"), None])
}

fn over(reports: &[JudgedReport]) -> Vec<CsocCoverage> {
    let scenario: Scenario = base(&[Category::Security, Category::Availability]);
    csoc_coverage(reports, ControlSet::bundled().criteria(), &scenario)
}

fn brief(rows: &[CsocCoverage]) -> Vec<(&str, Option<&str>, CsocStatus)> {
    rows.iter().map(|row| (row.csoc_ref.as_str(), row.criterion_id.as_deref(), row.status)).collect()
}

#[test]
fn assumptions_are_shown_by_the_hosts_report_criterion_by_criterion() {
    let mut host = report("aws", date(2026, 9, 30));
    host.report.controls = vec![tested("P-1", &["CC6.4"], false), tested("P-2", &["A1.2"], true)];
    let rows = over(&[datadog(), judged(host, &[])]);
    assert_eq!(
        brief(&rows),
        [
            ("1", Some("CC6.4"), CsocStatus::Shown),
            ("2", Some("A1.2"), CsocStatus::Exception),
            ("2", Some("CC6.5"), CsocStatus::NotTested),
            ("3", Some("C1.1"), CsocStatus::NotTested),
            ("4", None, CsocStatus::NotEvaluable),
            ("5", Some("CC6.4"), CsocStatus::NotEvaluable),
        ]
    );
    let said: Vec<&str> = rows.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!(
        said,
        [
            "tested without exception: P-1",
            "an exception was found in control P-2",
            "no control in the report is tested for CC6.5",
            "the report does not cover confidentiality",
            "the report names no criteria for it",
            "the report does not say of whom it is assumed",
        ]
    );
    assert_eq!(rows[0].shown_by.as_deref(), Some("aws-2026-09-30"));
    assert_eq!((rows[0].vendor_id.as_str(), rows[0].party_id.as_deref()), ("datadog", Some("aws")));
}

#[test]
fn a_host_without_a_report_that_can_be_relied_on_shows_nothing() {
    let first = |reports: &[JudgedReport]| {
        let row = over(reports).into_iter().find(|row| row.csoc_ref == "1").expect("it is assumed");
        (row.status, row.reason)
    };
    let with = |change: &dyn Fn(&mut PartyReport)| {
        let mut host = report("aws", date(2026, 9, 30));
        change(&mut host);
        first(&[datadog(), judged(host, &[])])
    };
    assert_eq!(first(&[datadog()]), (CsocStatus::NoReport, "no report of it is at hand".to_owned()));
    assert_eq!(with(&|host| host.report.period_end = Some(date(2024, 9, 30))).0, CsocStatus::NotRelied);
    assert_eq!(with(&|host| host.report.report_type = ReportType::Type1).0, CsocStatus::NotRelied);
    assert_eq!(with(&|host| host.report.opinion = None).0, CsocStatus::NotEvaluable);
    let qualified = |host: &mut PartyReport| {
        host.report.opinion = Some(Opinion::Qualified);
        host.report.qualified_criteria = vec!["CC6.4".to_owned()];
    };
    assert_eq!(with(&qualified), (CsocStatus::Qualified, "the opinion is qualified on CC6.4".to_owned()));
    let excepted = |host: &mut PartyReport| {
        host.report.exceptions = vec![Exception {
            control_ref: "P-9".to_owned(),
            criteria: vec!["CC6.4".to_owned()],
            description: "…".to_owned(),
            management_response: None,
        }];
    };
    assert_eq!(with(&excepted), (CsocStatus::Exception, "an exception was found in control P-9".to_owned()));
    let by_category = with(&|_| {});
    assert_eq!(by_category.0, CsocStatus::Shown);
    assert!(by_category.1.contains("which controls were tested is not known"), "{}", by_category.1);
}

#[test]
fn of_several_reports_of_a_host_the_one_that_shows_most_decides() {
    let mut older = report("aws", date(2026, 3, 31));
    older.report.controls = vec![tested("P-1", &["CC6.4"], false)];
    let mut newer = report("aws", date(2026, 9, 30));
    newer.report.controls = vec![tested("P-1", &["CC6.4"], true)];
    let rows = over(&[datadog(), judged(newer, &[]), judged(older, &[])]);
    assert_eq!((rows[0].status, rows[0].shown_by.as_deref()), (CsocStatus::Shown, Some("aws-2026-03-31")));
}
