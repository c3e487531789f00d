//! Coverage to the day against a plain reading of each day, over reports drawn at random, the same ones every time.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Category, CoverageClass, Criterion, Exception, Opinion, Period, ReportType, Soc2Report};
use carveout_scoping::{ControlSet, Segment, Thresholds, coverage};
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use serde_json::json;

use crate::draw::Draw;
use crate::estate::*;

const CASES: u64 = 1_000;

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(1.day()).take_while(move |day| *day <= last)
}

fn some_day(draw: &mut Draw) -> Date {
    date(2024, 1, 1).saturating_add(Span::new().days(draw.below(1_400) as i64))
}

fn a_report(draw: &mut Draw, at: usize) -> Soc2Report {
    let end = some_day(draw);
    let mut report = report("vendor", end).report;
    report.report_id = format!("report-{at}");
    report.period_start = Some(end.saturating_sub(Span::new().days(draw.below(500) as i64)));
    report.categories = draw.categories();
    report.opinion = draw.one(&[
        None,
        Some(Opinion::Unqualified),
        Some(Opinion::Unqualified),
        Some(Opinion::Unqualified),
        Some(Opinion::Qualified),
        Some(Opinion::Adverse),
        Some(Opinion::Disclaimer),
    ]);
    if report.opinion == Some(Opinion::Qualified) {
        let excepted: [&[&str]; 3] = [&[], &["A1.2"], &["CC6.1", "A1.2"]];
        report.qualified_criteria = draw.one(&excepted).iter().map(|id| (*id).to_owned()).collect();
    }
    if draw.chance(15) {
        report.report_type = ReportType::Type1;
    }
    if draw.chance(30) {
        report.bridge_until = Some(end.saturating_add(Span::new().days(draw.below(200) as i64)));
    }
    match draw.below(12) {
        0 => report.period_start = None,
        1 => report.period_end = None,
        2 => (report.period_start, report.period_end) = (None, None),
        3 => report.extraction = json!({ "under_nda": true }),
        4 => report.extraction = json!({ "reader": "pdf", "not_found": ["controls"] }),
        5 => report.categories.clear(),
        6 => report.exceptions.push(Exception {
            control_ref: "C-1".to_owned(),
            criteria: vec!["A1.2".to_owned()],
            description: String::new(),
            management_response: None,
        }),
        _ => {}
    }
    report
}

/// What one report says of one day, as the words of the rule say it.
fn plainly(report: &Soc2Report, criterion: &Criterion, thresholds: &Thresholds, day: Date) -> CoverageClass {
    let never = report.report_type == ReportType::Type1
        || matches!(report.opinion, Some(Opinion::Adverse | Opinion::Disclaimer));
    let is_other_category = !report.categories.is_empty() && !report.categories.contains(&criterion.category);
    let is_qualified = report.opinion == Some(Opinion::Qualified)
        && (report.qualified_criteria.is_empty() || report.qualified_criteria.contains(&criterion.criterion_id));
    if never || is_other_category || is_qualified {
        return CoverageClass::Nothing;
    }
    let is_unclear = report.opinion.is_none() || report.categories.is_empty() || !report.extraction.is_null();
    let is_after_start = report.period_start.is_none_or(|start| start <= day);
    let is_before_end = report.period_end.is_none_or(|end| day <= end);
    let is_in_letter = match (report.period_end, report.bridge_until) {
        (Some(end), Some(until)) => {
            end < day && day <= until && day <= end.saturating_add(i64::from(thresholds.bridge_months).months())
        }
        _ => false,
    };
    let has_whole_period = report.period_start.is_some() && report.period_end.is_some();
    if is_after_start && is_before_end {
        if is_unclear || !has_whole_period { CoverageClass::NotEvaluable } else { CoverageClass::Report }
    } else if is_in_letter {
        if is_unclear { CoverageClass::NotEvaluable } else { CoverageClass::BridgeLetter }
    } else {
        CoverageClass::Nothing
    }
}

fn covered(segments: &[Segment]) -> u32 {
    let covers = |segment: &&Segment| matches!(segment.class, CoverageClass::Report | CoverageClass::BridgeLetter);
    segments.iter().filter(covers).map(Segment::days).sum()
}

#[test]
fn every_day_is_in_one_segment_and_of_the_class_that_a_plain_reading_gives() {
    let criteria: Vec<Criterion> = ControlSet::bundled()
        .criteria()
        .iter()
        .filter(|each| ["CC6.1", "A1.2"].contains(&each.criterion_id.as_str()))
        .cloned()
        .collect();
    assert_eq!(criteria.len(), 2);
    for seed in 0..CASES {
        let mut draw = Draw(seed);
        let start = some_day(&mut draw);
        let period = Period { start, end: start.saturating_add(Span::new().days(draw.below(420) as i64)) };
        let thresholds = Thresholds { bridge_months: draw.below(5) as u32, ..Thresholds::default() };
        let mut reports: Vec<Soc2Report> = (0..draw.below(5)).map(|at| a_report(&mut draw, at)).collect();
        for criterion in &criteria {
            let held: Vec<&Soc2Report> = reports.iter().collect();
            let segments = coverage(&held, Some(criterion), &thresholds, &period);
            let total: u32 = segments.iter().map(Segment::days).sum();
            let mut read = segments
                .iter()
                .flat_map(|segment| days(segment.from_day, segment.to_day).map(|day| (day, segment.class)));
            let mut expected_total = 0;
            for day in days(period.start, period.end) {
                let classes = held.iter().map(|report| plainly(report, criterion, &thresholds, day));
                let best = classes.min().unwrap_or(CoverageClass::Nothing);
                assert_eq!(read.next(), Some((day, best)), "seed {seed}, {}", criterion.criterion_id);
                expected_total += 1;
            }
            assert_eq!(read.next(), None, "seed {seed}");
            assert_eq!(total, expected_total, "seed {seed}");
            let named = segments.iter().all(|segment| segment.report.is_some() != held.is_empty());
            assert!(named, "seed {seed}: a party with reports is told which one comes nearest");
        }
        // The order in which reports come does not matter, and one more never takes a day away.
        let criterion = &criteria[draw.below(2)];
        let held: Vec<&Soc2Report> = reports.iter().collect();
        let before = coverage(&held, Some(criterion), &thresholds, &period);
        let backwards: Vec<&Soc2Report> = reports.iter().rev().collect();
        let turned = coverage(&backwards, Some(criterion), &thresholds, &period);
        let said = |segments: &[Segment]| -> Vec<(Date, CoverageClass, String)> {
            segments.iter().map(|each| (each.to_day, each.class, each.reason.clone())).collect()
        };
        assert_eq!(said(&before), said(&turned), "seed {seed}");
        let at = reports.len();
        let covered_before = covered(&before);
        reports.push(a_report(&mut draw, at));
        let held: Vec<&Soc2Report> = reports.iter().collect();
        assert!(covered(&coverage(&held, Some(criterion), &thresholds, &period)) >= covered_before, "seed {seed}");
    }
}

#[test]
fn the_rows_of_each_party_and_criterion_in_scope_add_up_to_the_period() {
    let mut estate = estate();
    estate.reports[1].report.bridge_until = Some(date(2026, 12, 31));
    let mut scenario = base(&[Category::Security, Category::Availability]);
    scenario.without.insert("newsletter".to_owned());
    scenario.assume_reports.insert("okta".to_owned());
    let rows = estate.sizer(&ControlSet::bundled()).report_coverage(&scenario);
    let mut sums: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in &rows {
        *sums.entry((&row.party_id, &row.criterion_id)).or_default() += row.days;
    }
    assert!(sums.values().all(|days| *days == 365), "{sums:?}");
    let parties: BTreeSet<&str> = sums.keys().map(|(party, _)| *party).collect();
    assert_eq!(parties.into_iter().collect::<Vec<_>>(), ["aws", "datadog", "okta"]);
    assert_eq!(sums.len(), 3 * 36, "33 common criteria and 3 of availability");
    let of = |party: &str| -> Vec<(CoverageClass, u32)> {
        let of_party = rows.iter().filter(|row| row.party_id == party && row.criterion_id == "CC6.1");
        of_party.map(|row| (row.class, row.days)).collect()
    };
    assert_eq!(of("aws"), [(CoverageClass::Report, 273), (CoverageClass::Nothing, 92)]);
    assert_eq!(
        of("datadog"),
        [(CoverageClass::Report, 181), (CoverageClass::BridgeLetter, 92), (CoverageClass::Nothing, 92)]
    );
    assert_eq!(of("okta"), [(CoverageClass::Report, 365)]);
}
