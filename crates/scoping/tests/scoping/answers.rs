//! What is asked of a sized scenario: user entity controls, gaps, toggles and comparisons.

use carveout_model::{Category, CheckStatus, GapKind, Treatment, UserEntityControl};
use carveout_scoping::{ControlSet, CuecOwnership, DataFile, Scenario, ToggleKind, compare};
use jiff::civil::date;

use crate::estate::*;

fn cuec(cuec_ref: &str, criteria: &[&str]) -> UserEntityControl {
    UserEntityControl {
        cuec_ref: cuec_ref.to_owned(),
        criteria: criteria.iter().map(|id| (*id).to_owned()).collect(),
        description: "Customers …".to_owned(),
    }
}

/// AWS hands three things back and Datadog one.
fn handing_back() -> Estate {
    let mut estate = estate();
    estate.reports[0].report.user_entity_controls = vec![cuec("1", &["CC6.4"]), cuec("2", &[]), cuec("3", &["CC6.5"])];
    estate.reports[1].report.user_entity_controls = vec![cuec("A", &["CC6.5", "A1.2"])];
    estate
}

fn owners() -> ControlSet {
    let text = "party,cuec_ref,controls,applies,reason\naws,1,PH-01; ac_01,yes,\naws,3,,no,we keep no media there\n";
    ControlSet::with_files(&[DataFile { name: "cuec_owners.csv", text }]).expect("it is right")
}

#[test]
fn every_user_entity_control_is_traced_or_unowned() {
    let traces = handing_back().sizer(&owners()).cuecs(&base(SECURITY));
    let found: Vec<(&str, &str)> = traces.iter().map(|each| (&*each.party_id, &*each.cuec_ref)).collect();
    assert_eq!(found, [("aws", "1"), ("aws", "2"), ("aws", "3"), ("datadog", "A")]);
    assert_eq!(traces[0].ownership, CuecOwnership::Named { reason: String::new() });
    assert_eq!(traces[0].control_ids, ["PH-01", "AC-01"]);
    assert!(matches!(traces[1].ownership, CuecOwnership::Unowned { .. }), "{:?}", traces[1]);
    assert!(
        matches!(&traces[2].ownership, CuecOwnership::NotApplicable { reason } if reason == "we keep no media there")
    );
    assert_eq!(traces[3].ownership, CuecOwnership::ByCriterion);
    assert!(traces[3].control_ids.contains(&"PH-04".to_owned()), "{:?}", traces[3]);
}

#[test]
fn what_does_not_apply_is_not_handed_back() {
    let estate = handing_back();
    let treatment = |set: &ControlSet, criterion: &str| {
        let all = estate.sizer(set).size(&base(SECURITY)).expect("it is sized").obligations();
        all.iter()
            .find(|row| row.control_id == "PH-04" && row.criterion_id == criterion && row.party_id == "aws")
            .expect("it is there")
            .treatment
    };
    assert_eq!(treatment(&ControlSet::bundled(), "CC6.5"), Treatment::Shared);
    assert_eq!(treatment(&owners(), "CC6.5"), Treatment::Inherited);
}

#[test]
fn without_a_vendor_its_user_entity_controls_fall_away() {
    let sizer = handing_back().sizer(&owners());
    let fallen = sizer.cuecs_without(&base(SECURITY), "aws");
    assert_eq!(fallen.cuecs.len(), 3);
    assert_eq!(fallen.criteria_freed, ["CC6.4"], "CC6.5 is still handed back by datadog");
    assert!(fallen.still_handed_back["CC6.5"].contains("datadog"), "{:?}", fallen.still_handed_back);
}

#[test]
fn obligations_fall_away_with_the_user_entity_controls_that_they_rest_on() {
    let sizer = handing_back().sizer(&owners());
    let scenario = base(SECURITY);
    let scoping = sizer.size(&scenario).expect("it is sized");
    let fallen = sizer.cuecs_without(&scenario, "aws");
    let resting = fallen.obligations(&scoping);
    assert!(!resting.is_empty());
    for obligation in &resting {
        assert_eq!((obligation.party_id.as_str(), obligation.criterion_id.as_str()), ("aws", "CC6.4"));
        assert!(["PH-01", "AC-01"].contains(&obligation.control_id.as_str()), "{obligation:?}");
    }
    let mut without = scenario.clone();
    without.without.insert("aws".to_owned());
    let left = sizer.size(&without).expect("it is sized").obligations();
    assert!(!left.iter().any(|obligation| obligation.party_id == "aws"));
}

#[test]
fn the_evidence_of_a_user_entity_control_is_what_its_checks_found_at_the_vendor() {
    let mut estate = handing_back();
    estate.checks =
        vec![checks("AC-01", "aws", 3, 0, 1), checks("AC-01", "datadog", 0, 9, 0), checks("PH-01", "aws", 2, 0, 0)];
    let traces = estate.sizer(&owners()).cuecs(&base(SECURITY));
    assert_eq!(traces[0].evidence.status(), Some(CheckStatus::Unknown), "unknown is never pass");
    let row = traces[0].row("base");
    assert_eq!((row.passed, row.failed, row.unknown), (5, 0, 1));
    assert_eq!((row.ownership.as_str(), row.reason), ("named", None));
    let unowned = traces[1].row("base");
    assert_eq!((unowned.ownership.as_str(), unowned.evidence), ("unowned", None));
    assert!(unowned.reason.is_some());
}

#[test]
fn an_unknown_control_or_a_missing_reason_of_an_owner_is_refused() {
    let text = "party,cuec_ref,controls,applies,reason\naws,1,XX-99,yes,\naws,2,,no,\naws,3,,yes,\n";
    let error = ControlSet::with_files(&[DataFile { name: "cuec_owners.csv", text }]).expect_err("wrong");
    let said: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "cuec_owners.csv:3: a `reason` is needed",
            "cuec_owners.csv:4: `controls` is needed where `applies` is yes",
            "cuec_owners.csv:2: there is no control `XX-99`",
        ]
    );
}

#[test]
fn gaps_are_named_by_what_they_put_at_risk() {
    let mut estate = handing_back();
    estate.reports[1].report.period_end = Some(date(2024, 6, 30));
    estate.checks = vec![checks("DP-01", "aws", 90, 10, 2), checks("VN-02", "okta", 0, 1, 0)];
    let (sizer, scenario) = (estate.sizer(&owners()), base(SECURITY));
    let gaps = sizer.gaps(&scenario, &sizer.size(&scenario).expect("it is sized"));
    let one = |kind, party: &str, control: Option<&str>| {
        gaps.iter()
            .find(|gap| {
                gap.kind == kind && gap.party_id == party && (control.is_none() || gap.control_id.as_deref() == control)
            })
            .unwrap_or_else(|| panic!("no {kind:?} at {party}"))
    };
    assert_eq!(one(GapKind::FailingEvidence, "aws", Some("DP-01")).what, "10 of 102 fail");
    assert_eq!(one(GapKind::UnknownEvidence, "aws", Some("DP-01")).what, "2 of 102 can't be told");
    assert_eq!(one(GapKind::FailingEvidence, "okta", Some("VN-02")).what, "1 of 1 fail");
    let lapsed = one(GapKind::LapsedReliance, "datadog", None);
    assert_eq!(lapsed.report_id.as_deref(), Some("datadog-2026-06-30"));
    assert!(lapsed.what.contains("2024-06-30") && lapsed.criterion_ids.contains(&"CC6.1".to_owned()), "{lapsed:?}");
    assert_eq!(one(GapKind::NoReport, "okta", None).report_id, None);
    assert!(one(GapKind::UnownedCuec, "aws", None).what.starts_with("2: "));
    assert!(one(GapKind::NoEvidence, "aws", Some("AC-05")).obligations >= 1);
    let at_risk: Vec<usize> = gaps.iter().map(|gap| gap.criterion_ids.len()).collect();
    assert!(at_risk.is_sorted_by(|a, b| a >= b), "{at_risk:?}");
}

#[test]
fn checks_of_vendors_count_at_the_vendor_and_for_us_where_shown_once() {
    let mut estate = estate();
    estate.checks = vec![
        checks("VN-02", "okta", 1, 0, 0),
        checks("VN-02", "datadog", 0, 1, 0),
        checks("VN-01", "okta", 1, 0, 0),
        checks("VN-01", "datadog", 1, 1, 0),
        checks("VN-01", "nobody", 9, 9, 9),
    ];
    let all = estate.obligations(&base(SECURITY));
    let basis = |control: &str, party: &str| {
        let row =
            all.iter().find(|row| row.control_id == control && row.party_id == party && row.evidence_requests > 0);
        row.expect("evidence is asked for").basis.join("; ")
    };
    assert!(basis("VN-02", "okta").contains("checks: 1 pass, 0 fail, 0 unknown"), "{}", basis("VN-02", "okta"));
    assert!(basis("VN-02", "datadog").contains("checks: 0 pass, 1 fail, 0 unknown"));
    let once = basis("VN-01", carveout_scoping::OWN_ORGANIZATION);
    assert!(once.contains("checks: 2 pass, 1 fail, 0 unknown"), "{once}");
}

#[test]
fn every_toggle_of_a_scenario_is_tried() {
    let mut scenario = base(&[Category::Security, Category::Availability]);
    scenario.scope.frameworks_in_place = vec!["ccm".to_owned()];
    let toggles = estate().sizer(&ControlSet::bundled()).toggles(&scenario, 100).expect("they are sized");
    let has = |kind, change: &str| toggles.iter().any(|each| each.kind == kind && each.change == change);
    for (kind, change) in [
        (ToggleKind::Category, "without availability"),
        (ToggleKind::Category, "with confidentiality"),
        (ToggleKind::ReportType, "as type1"),
        (ToggleKind::SampleLevel, "with samples for high risk"),
        (ToggleKind::Framework, "without ccm in place"),
        (ToggleKind::Framework, "reuse only what 2 sources agree on"),
        (ToggleKind::Party, "without aws"),
        (ToggleKind::Method, "aws tested at its site"),
        (ToggleKind::Report, "with a clean report of okta"),
    ] {
        assert!(has(kind, change), "{change} is not among {toggles:#?}");
    }
}

#[test]
fn a_comparison_shows_what_drives_the_difference() {
    let sizer = estate().sizer(&ControlSet::bundled());
    let size = |name: &str, change: &dyn Fn(&mut Scenario)| {
        let mut scenario = base(SECURITY);
        scenario.name = name.to_owned();
        change(&mut scenario);
        sizer.size(&scenario).expect("it is sized")
    };
    let comparison = compare(&[
        size("base", &|_| {}),
        size("with-report", &|scenario| {
            scenario.assume_reports.insert("okta".to_owned());
        }),
        size("without-aws", &|scenario| {
            scenario.without.insert("aws".to_owned());
        }),
    ]);
    assert_eq!(comparison.scenarios, ["base", "with-report", "without-aws"]);
    let measure = |name: &str| {
        let found = comparison.measures.iter().find(|each| each.measure == name);
        found.expect("it is measured").values.clone()
    };
    assert_eq!(measure("third_parties"), [4.0, 4.0, 3.0]);
    let hours = measure("hours_pert");
    assert!(hours[1] < hours[0] && hours[2] < hours[0], "{hours:?}");
    let aws = comparison.drivers.iter().find(|each| each.kind == "party" && each.subject == "aws").expect("it drives");
    assert!(aws.hours[0] > 0.0 && aws.hours[2] == 0.0 && aws.spread == aws.hours[0], "{aws:?}");
    let changed = |scenario: &str, party: &str, before, after| {
        comparison.changes.iter().any(|each| {
            each.scenario == scenario && each.party_id == party && each.before == before && each.after == after
        })
    };
    assert!(changed("with-report", "okta", Some(Treatment::Assess), Some(Treatment::Inherited)));
    assert!(changed("without-aws", "aws", Some(Treatment::Inherited), None));
    assert!(!comparison.changes.iter().any(|each| each.scenario == "with-report" && each.party_id != "okta"));
}
