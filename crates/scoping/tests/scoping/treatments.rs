//! Treatments, counts and hours over the small estate.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{
    Category, Exception, Obligation, Opinion, Owner, Reliance, ReportType, ServiceModel, Soc2Report, Treatment,
    UserEntityControl,
};
use carveout_scoping::{CheckCount, ControlSet, OWN_ORGANIZATION, Override, Scenario, Thresholds, Verdict, judge};
use jiff::civil::{Date, date};

use crate::estate::*;

#[test]
fn the_bundled_controls_cover_all_61_criteria() {
    let set = ControlSet::bundled();
    assert_eq!(set.criteria().len(), 61);
    let covered: BTreeSet<&String> = set.controls().iter().flat_map(|each| &each.control.criteria).collect();
    assert_eq!(covered.len(), 61);
    assert!(set.controls().len() >= 90);
    assert!(set.controls().iter().all(|each| !each.evidence.is_empty() && !each.control.layers.is_empty()));
    let rows = set.layer_owners().len();
    assert_eq!(rows, ServiceModel::ALL.len() * carveout_model::Layer::ALL.len(), "every cell of the matrix is given");
}

#[test]
fn the_evidence_guide_has_every_criterion_in_every_cloud_once() {
    let set = ControlSet::bundled();
    let cells: BTreeSet<_> = set.evidence_guide().iter().map(|each| (&each.criterion_id, each.provider)).collect();
    assert_eq!((cells.len(), set.evidence_guide().len()), (61 * 3, 61 * 3));
}

#[test]
fn each_treatment_comes_with_its_reasons() {
    let all = estate().obligations(&base(SECURITY));
    let patching = one(&all, "VM-02", "CC6.8", "aws");
    assert_eq!((patching.treatment, patching.owner), (Treatment::Shared, Owner::Shared));
    assert!(
        patching.basis.iter().any(|each| each.contains("under iaas, ec2 (300 resources): customer")),
        "{patching:?}"
    );
    assert!(patching.basis.iter().any(|each| each.contains("under paas (100 resources): provider")), "{patching:?}");

    let halls = one(&all, "PH-01", "CC6.4", "aws");
    assert_eq!((halls.treatment, halls.report_id.as_deref()), (Treatment::Inherited, Some("aws-2026-09-30")));
    assert_eq!(halls.evidence_requests, 0, "what is inherited asks for nothing of ours");

    let pipelines = one(&all, "CH-02", "CC8.1", "aws");
    assert_eq!((pipelines.treatment, pipelines.report_id.as_deref()), (Treatment::Customer, None));

    let boundary = one(&all, "NW-01", "CC6.6", "okta");
    assert_eq!(boundary.treatment, Treatment::Assess);
    assert!(boundary.basis.contains(&"no report of this party is at hand".to_owned()), "{boundary:?}");

    let newsletter = one(&all, "DP-01", "CC6.1", "newsletter");
    assert_eq!(newsletter.treatment, Treatment::NotApplicable);
    assert_eq!(newsletter.basis, ["role contact: no data path to it is visible"]);

    let conduct = one(&all, "GV-01", "CC1.1", OWN_ORGANIZATION);
    assert_eq!(conduct.treatment, Treatment::Customer);
    assert_eq!(one(&all, "GV-01", "CC1.1", "aws").treatment, Treatment::NotApplicable);
}

#[test]
fn governance_and_vendor_management_never_move_to_a_provider() {
    let all = estate().obligations(&base(SECURITY));
    let moved = all
        .iter()
        .filter(|row| {
            ["CC1", "CC2", "CC3", "CC4", "CC5", "CC9"].iter().any(|series| row.criterion_id.starts_with(series))
        })
        .find(|row| !matches!(row.treatment, Treatment::Customer | Treatment::NotApplicable));
    assert_eq!(moved, None);
}

#[test]
fn what_a_report_hands_back_is_shared() {
    let mut estate = estate();
    estate.reports[0].report.user_entity_controls.push(UserEntityControl {
        cuec_ref: "CUEC-9".to_owned(),
        criteria: vec!["CC6.4".to_owned()],
        description: "Customers …".to_owned(),
    });
    let all = estate.obligations(&base(SECURITY));
    let halls = one(&all, "PH-01", "CC6.4", "aws");
    assert_eq!((halls.treatment, halls.report_id.as_deref()), (Treatment::Shared, Some("aws-2026-09-30")));
    assert!(halls.basis.contains(&"the report hands it back to us: CUEC-9".to_owned()), "{halls:?}");
}

#[test]
fn a_report_that_fails_on_a_criterion_is_relied_on_elsewhere() {
    let mut estate = estate();
    let aws = &mut estate.reports[0].report;
    aws.exceptions.push(Exception {
        control_ref: "AWS-1".to_owned(),
        criteria: vec!["CC6.4".to_owned()],
        description: "…".to_owned(),
        management_response: None,
    });
    aws.categories = vec![Category::Security];
    let all = estate.obligations(&base(&[Category::Security, Category::Availability]));
    assert_eq!(one(&all, "PH-01", "CC6.4", "aws").treatment, Treatment::Assess);
    assert_eq!(one(&all, "PH-04", "CC6.5", "aws").treatment, Treatment::Inherited);
    let power = one(&all, "PH-03", "A1.2", "aws");
    assert_eq!(power.treatment, Treatment::Assess);
    assert!(power.basis.iter().any(|each| each.ends_with("the report does not cover availability")), "{power:?}");
}

#[test]
fn a_qualified_opinion_counts_where_it_is_qualified() {
    let mut estate = estate();
    estate.reports[0].report.opinion = Some(Opinion::Qualified);
    estate.reports[0].report.qualified_criteria = vec!["CC6.5".to_owned()];
    let all = estate.obligations(&base(SECURITY));
    assert_eq!(one(&all, "PH-01", "CC6.4", "aws").treatment, Treatment::Inherited);
    assert_eq!(one(&all, "PH-04", "CC6.5", "aws").treatment, Treatment::Assess);
    estate.reports[0].report.qualified_criteria.clear();
    let all = estate.obligations(&base(SECURITY));
    assert_eq!(one(&all, "PH-01", "CC6.4", "aws").treatment, Treatment::Assess, "nobody knows what is excepted");
}

#[test]
fn the_age_of_a_report_counts_from_its_periods_end() {
    let judged = |end: Date, bridge: Option<Date>, on: Date| {
        let mut report = report("x", end).report;
        report.bridge_until = bridge;
        judge(&report, &Thresholds::default(), on).reliance
    };
    let end = date(2025, 12, 31);
    assert_eq!(judged(end, None, date(2026, 12, 31)), Reliance::Current);
    assert_eq!(judged(end, None, date(2027, 1, 1)), Reliance::Stale);
    assert_eq!(judged(end, Some(date(2027, 2, 28)), date(2027, 2, 28)), Reliance::Bridged);
    assert_eq!(judged(end, Some(date(2027, 2, 28)), date(2027, 3, 1)), Reliance::Stale);
    assert_eq!(judged(end, None, date(2027, 3, 31)), Reliance::Stale);
    assert_eq!(judged(end, Some(date(2028, 1, 1)), date(2027, 4, 1)), Reliance::Expired, "no letter carries that far");
}

#[test]
fn type_1_adverse_and_unknown_are_classes_of_their_own() {
    let judged = |change: &dyn Fn(&mut Soc2Report)| {
        let mut report = report("x", date(2026, 9, 30)).report;
        change(&mut report);
        judge(&report, &Thresholds::default(), date(2026, 12, 31)).reliance
    };
    assert_eq!(judged(&|report| report.report_type = ReportType::Type1), Reliance::Unreliable);
    assert_eq!(judged(&|report| report.opinion = Some(Opinion::Adverse)), Reliance::Unreliable);
    assert_eq!(judged(&|report| report.opinion = Some(Opinion::Disclaimer)), Reliance::Unreliable);
    assert_eq!(judged(&|report| report.opinion = None), Reliance::NotEvaluable);
    assert_eq!(judged(&|report| report.period_end = None), Reliance::NotEvaluable);
    assert_eq!(judged(&|report| report.categories.clear()), Reliance::NotEvaluable);
}

#[test]
fn a_report_for_another_time_is_not_relied_on() {
    let mut estate = estate();
    estate.reports[0] = report("aws", date(2025, 12, 30));
    let mut scenario = base(SECURITY);
    scenario.judged_on = Some(date(2026, 6, 1));
    let all = estate.obligations(&scenario);
    let halls = one(&all, "PH-01", "CC6.4", "aws");
    assert_eq!(halls.treatment, Treatment::Assess);
    assert!(halls.basis.iter().any(|each| each.contains("does not overlap the audit period")), "{halls:?}");
    estate.reports[0].report.bridge_until = Some(date(2026, 3, 30));
    assert_eq!(one(&estate.obligations(&scenario), "PH-01", "CC6.4", "aws").treatment, Treatment::Inherited);
}

#[test]
fn the_best_of_several_reports_speaks() {
    let mut estate = estate();
    let mut newer = report("aws", date(2026, 12, 31));
    newer.report.opinion = Some(Opinion::Adverse);
    estate.reports.push(newer);
    let all = estate.obligations(&base(SECURITY));
    assert_eq!(one(&all, "PH-01", "CC6.4", "aws").report_id.as_deref(), Some("aws-2026-09-30"));
}

#[test]
fn sums_of_obligations_are_the_sizing() {
    let mut estate = estate();
    estate.checks.push(CheckCount {
        control_id: "DP-01".to_owned(),
        party_id: "aws".to_owned(),
        passed: 90,
        failed: 10,
        unknown: 0,
        not_applicable: 7,
    });
    let categories = [Category::Security, Category::Availability, Category::Confidentiality];
    let sized = estate.sizer(&ControlSet::bundled()).size(&base(&categories)).expect("it is sized");
    let (all, sizing) = (sized.obligations(), &sized.sizing);
    let count = |treatment| u32::try_from(all.iter().filter(|row| row.treatment == treatment).count()).expect("few");
    assert_eq!(sizing.customer, count(Treatment::Customer));
    assert_eq!(sizing.shared, count(Treatment::Shared));
    assert_eq!(sizing.inherited, count(Treatment::Inherited));
    assert_eq!(sizing.assess, count(Treatment::Assess));
    assert_eq!(sizing.not_applicable, count(Treatment::NotApplicable));
    assert_eq!(sizing.evidence_requests, all.iter().map(|row| row.evidence_requests).sum::<u32>());
    assert_eq!(sizing.evidence_answered, all.iter().map(|row| row.evidence_answered).sum::<u32>());
    assert_eq!(sizing.evidence_answered, 1);
    assert_eq!((sizing.criteria, sizing.third_parties, sizing.naive_size), (38, 4, 152));

    let repeating: BTreeSet<(&str, &str)> = all
        .iter()
        .filter(|row| row.party_id != OWN_ORGANIZATION && row.treatment.repeats())
        .map(|row| (row.criterion_id.as_str(), row.party_id.as_str()))
        .collect();
    assert_eq!(sizing.real_size as usize, repeating.len());
    assert!(sizing.carve_out_size <= sizing.real_size && sizing.real_size <= sizing.inclusive_size, "{sizing:?}");
    assert!(sizing.inclusive_size < sizing.naive_size, "{sizing:?}");
    // Shared without a report: the provider's part has to be shown by somebody, too.
    let is_open = |row: &&Obligation| {
        row.treatment == Treatment::Assess || (row.treatment == Treatment::Shared && row.report_id.is_none())
    };
    let assessed: BTreeSet<&str> = all.iter().filter(is_open).map(|row| row.party_id.as_str()).collect();
    assert_eq!(sizing.vendor_assessments as usize, assessed.len());
    assert_eq!(sizing.report_reviews, 2);

    let hours: f64 = all.iter().map(|row| row.hours_likely).sum();
    let own_work: f64 = sized
        .effort
        .iter()
        .filter(|line| line.unit.starts_with("evidence.") || line.unit.starts_with("test."))
        .map(|line| line.hours.likely)
        .sum();
    assert!((hours - own_work).abs() < 1e-6, "{hours} against {own_work}");
    let lines: f64 = sized.effort.iter().map(|line| line.hours.likely).sum();
    assert!((lines - sizing.hours_likely).abs() < 1e-6);
    assert!(sizing.hours_low < sized.percentiles.p10 && sized.percentiles.p10 < sized.percentiles.p50);
    assert!(sized.percentiles.p50 < sized.percentiles.p90 && sized.percentiles.p90 < sizing.hours_high);
}

#[test]
fn evidence_for_a_control_is_asked_for_once_per_party() {
    let all = estate().obligations(&base(SECURITY));
    let mut asked: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in all.iter().filter(|row| row.evidence_requests > 0) {
        *asked.entry((&row.control_id, &row.party_id)).or_default() += 1;
    }
    assert!(asked.values().all(|times| *times == 1));
    let second = one(&all, "AC-03", "CC6.3", "aws");
    assert_eq!(second.evidence_requests, 0);
    assert!(
        second.basis.contains(&"evidence for this control is asked for once, under CC6.2".to_owned()),
        "{second:?}"
    );
}

#[test]
fn an_answer_with_unknowns_is_no_answer() {
    let mut estate = estate();
    let mut checks = checks("DP-01", "aws", 90, 0, 1);
    estate.checks.push(checks.clone());
    assert_eq!(one(&estate.obligations(&base(SECURITY)), "DP-01", "CC6.1", "aws").evidence_answered, 0);
    checks.unknown = 0;
    estate.checks[0] = checks;
    let all = estate.obligations(&base(SECURITY));
    let answered = one(&all, "DP-01", "CC6.1", "aws");
    assert_eq!((answered.evidence_answered, answered.population), (1, Some(90)));
    assert!(answered.basis.contains(&"checks: 90 pass, 0 fail, 0 unknown".to_owned()));
}

#[test]
fn type_1_draws_no_samples_and_half_a_year_draws_fewer() {
    let estate = estate();
    let sample = |scenario: &Scenario| {
        let all = estate.obligations(scenario);
        let row = one(&all, "AC-05", "CC6.2", "aws").clone();
        (row.population, row.sample_size)
    };
    let mut scenario = base(SECURITY);
    assert_eq!(sample(&scenario), (Some(4), Some(2)), "a quarterly control over a year");
    scenario.scope.period.end = date(2026, 3, 31);
    assert_eq!(sample(&scenario), (Some(1), Some(1)), "and over a quarter");
    scenario.scope.report_type = ReportType::Type1;
    assert_eq!(sample(&scenario).1, None);
}

#[test]
fn a_framework_in_place_makes_it_cheaper_and_is_named() {
    let sizer = estate().sizer(&ControlSet::bundled());
    let mut scenario = base(SECURITY);
    let without = sizer.size(&scenario).expect("it is sized").sizing.hours_pert;
    scenario.scope.frameworks_in_place = vec!["ccm".to_owned(), "iso27001".to_owned()];
    let sized = sizer.size(&scenario).expect("it is sized");
    assert!(sized.sizing.hours_pert < without);
    assert!(sized.notes.contains(&"there is no crosswalk for `iso27001`: nothing of it is reused".to_owned()));
    let all = sized.obligations();
    let reused = one(&all, "DP-01", "CC6.1", "aws").reused_from.as_deref().expect("CCM maps to CC6.1");
    assert!(reused.contains("CSA-CCM:CEK-03"), "{reused}");
    scenario.agreeing_sources = 2;
    let strict = sizer.size(&scenario).expect("it is sized").sizing.hours_pert;
    assert!((strict - without).abs() < 1e-9, "there is one source only");
}

#[test]
fn toggles_take_parties_out_include_them_and_assume_reports() {
    let sizer = estate().sizer(&ControlSet::bundled());
    let size = |change: &dyn Fn(&mut Scenario)| {
        let mut scenario = base(SECURITY);
        change(&mut scenario);
        sizer.size(&scenario).expect("it is sized")
    };
    let all = size(&|_| {});
    let without = size(&|scenario| {
        scenario.without.insert("aws".to_owned());
    });
    assert_eq!(without.sizing.third_parties, 3);
    assert!(without.obligations().iter().all(|row| row.party_id != "aws"));
    let inclusive = size(&|scenario| {
        scenario.inclusive.insert("aws".to_owned());
    });
    let rows = inclusive.obligations();
    let halls = one(&rows, "PH-01", "CC6.4", "aws");
    assert_eq!((halls.treatment, halls.evidence_requests), (Treatment::Assess, 1), "tested at its site");
    let assumed = size(&|scenario| {
        scenario.assume_reports.insert("okta".to_owned());
    });
    assert_eq!(one(&assumed.obligations(), "NW-01", "CC6.6", "okta").treatment, Treatment::Inherited);
    assert_eq!(assumed.sizing.vendor_assessments + 1, all.sizing.vendor_assessments);
    let unknown = size(&|scenario| {
        scenario.without.insert("nobody".to_owned());
    });
    assert_eq!(unknown.notes, ["the scenario names `nobody`, and there is no such party"]);
    let toggles = sizer.toggles(&base(SECURITY), 20).expect("they are sized");
    assert!(toggles.iter().any(|each| each.change == "with privacy" && each.hours_delta > 0.0), "{toggles:?}");
    assert!(toggles.iter().any(|each| each.change == "without aws" && each.hours_delta < 0.0), "{toggles:?}");
}

#[test]
fn an_override_wins_and_its_reason_is_kept() {
    let mut scenario = base(SECURITY);
    let decide = |party: &str, control: &str, verdict| Override {
        party: Some(party.to_owned()),
        criterion: None,
        control: Some(control.to_owned()),
        verdict,
        reason: "agreed with the auditor".to_owned(),
    };
    scenario.overrides = vec![
        decide("newsletter", "DP-01", Verdict::Owner(Owner::Customer)),
        decide("aws", "DP-01", Verdict::Treatment(Treatment::NotApplicable)),
        decide("nobody", "DP-01", Verdict::Owner(Owner::Customer)),
    ];
    let sized = estate().sizer(&ControlSet::bundled()).size(&scenario).expect("it is sized");
    let all = sized.obligations();
    let opened = one(&all, "DP-01", "CC6.1", "newsletter");
    assert_eq!(opened.treatment, Treatment::Customer);
    assert_eq!(opened.basis[0], "override: owner customer: agreed with the auditor");
    assert_eq!(one(&all, "DP-01", "CC6.1", "aws").treatment, Treatment::NotApplicable);
    assert_eq!(sized.notes, ["override 3 matches nothing (agreed with the auditor)"]);
    let kept = u32::try_from(all.iter().filter(|row| row.treatment == Treatment::NotApplicable).count());
    assert_eq!(kept, Ok(sized.sizing.not_applicable));
}

#[test]
fn repeats_name_the_places_and_what_a_common_test_saves() {
    let sized = estate().sizer(&ControlSet::bundled()).size(&base(SECURITY)).expect("it is sized");
    let repeats = sized.repeats();
    let sign_on = repeats.iter().find(|each| each.control_id == "AC-01").expect("it repeats");
    let places: Vec<&str> = sign_on.repeats_at.iter().map(|place| place.party_id.as_str()).collect();
    assert_eq!(places, ["aws", "datadog", "okta"]);
    assert!(sign_on.common_test.as_deref() == Some("identity_provider") && sign_on.common_test_saves_hours > 0.0);
    let halls = repeats.iter().find(|each| each.control_id == "PH-01").expect("it is inherited");
    assert!(halls.inherited_from.contains(&("aws".to_owned(), "aws-2026-09-30".to_owned())));
    let matrix = sized.matrix();
    assert_eq!(matrix.len(), 33 * 4);
    assert!(sized.contributors(1).iter().any(|each| each.kind == "party" && each.share > 0.0));
}

#[test]
fn a_party_without_evidence_is_not_ruled_out() {
    let mut estate = estate();
    estate.parties.push(party("register-only", ServiceModel::Saas, &[]));
    let sized = estate.sizer(&ControlSet::bundled()).size(&base(SECURITY)).expect("it is sized");
    assert_ne!(one(&sized.obligations(), "DP-01", "CC6.1", "register-only").treatment, Treatment::NotApplicable);
    assert_eq!(sized.notes, ["parties whose role is not known: 1; nothing was ruled out for them"]);
}
