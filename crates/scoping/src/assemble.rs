//! From decided rows to the answer: the sizing, its parts and what limits it.

use std::collections::BTreeMap;
use std::sync::Arc;

use carveout_model::{Category, Sizing, Treatment};

use crate::catalogue::ThreePoint;
use crate::decide::{Decisions, Settled};
use crate::effort;
use crate::frames::Rows;
use crate::outcome::{Contributor, ReportReliance, Scoping};
use crate::scenario::Scenario;
use crate::sizer::Estate;

/// Turns decided rows into the answer.
pub(crate) fn assemble(estate: &Arc<Estate>, scenario: &Scenario, settled: Settled, rows: Rows) -> Scoping {
    let criteria = settled.criteria_in.iter().filter(|is_in| **is_in).count();
    let third_parties = settled.parties_in.iter().filter(|is_in| **is_in).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);

    let mut units: BTreeMap<String, f64> = BTreeMap::new();
    let (mut requests, mut answered) = (0_u32, 0_u32);
    for (cost, reused, times) in &rows.cost_counts {
        let cost = &settled.costs[*cost];
        requests += cost.requests * times;
        answered += cost.answered * times;
        for (unit, quantity) in cost.units(*reused) {
            *units.entry(unit.clone()).or_default() += quantity * f64::from(*times);
        }
    }
    let reviews = rows.reports_relied_on.len() + rows.assumed_reports.len();
    let assessments = rows.parties_to_assess.len();
    units.insert("report.review".to_owned(), reviews as f64);
    units.insert("vendor.assessment".to_owned(), assessments as f64);
    let lines = effort::lines_with_fixed(&estate.set, units);
    let mut total = ThreePoint::default();
    lines.iter().for_each(|line| total += line.hours);

    let n = |treatment: Treatment| rows.by_treatment[treatment as usize];
    let not_applicable = n(Treatment::NotApplicable) + settled.left_out(estate, rows.third_party_rows);
    let sizing = Sizing {
        scenario: scenario.name.clone(),
        criteria: count(criteria),
        third_parties: count(third_parties),
        naive_size: count(criteria * third_parties),
        carve_out_size: rows.carve_out_size,
        inclusive_size: rows.inclusive_size,
        real_size: rows.real_size,
        customer: n(Treatment::Customer),
        shared: n(Treatment::Shared),
        inherited: n(Treatment::Inherited),
        assess: n(Treatment::Assess),
        not_applicable,
        report_reviews: count(reviews),
        vendor_assessments: count(assessments),
        evidence_requests: requests,
        evidence_answered: answered,
        hours_low: total.low,
        hours_likely: total.likely,
        hours_high: total.high,
        hours_pert: total.pert(),
        incomplete_units: estate.incomplete_units,
    };
    let reliance = estate
        .reports
        .iter()
        .enumerate()
        .filter(|(_, each)| settled.parties_in[each.party])
        .map(|(at, each)| ReportReliance {
            report_id: each.report.report_id.clone(),
            party_id: estate.party_id(each.party).to_owned(),
            reliance: settled.standings[at].judgement.reliance,
            judged_for: settled.standings[at].judgement.judged_for,
            reason: settled.standings[at].judgement.reason.clone(),
            obstacle: settled.standings[at].obstacle.clone(),
            relied_on: rows.reports_relied_on.get(&at).copied().unwrap_or(0),
        })
        .collect();
    let contributors = contributors(estate, &rows, &lines, total.pert());
    let percentiles = effort::percentiles(&lines);
    let notes = settled.notes.clone();
    let decisions = Arc::new(Decisions::new(Arc::clone(estate), settled, rows, scenario.overrides.clone()));
    Scoping { sizing, percentiles, effort: lines, reliance, notes, contributors, decisions }
}

fn contributors(estate: &Estate, rows: &Rows, lines: &[effort::EffortLine], all: f64) -> Vec<Contributor> {
    let share = |hours: ThreePoint| if all > 0.0 { hours.pert() / all } else { 0.0 };
    let mut found: Vec<Contributor> = Vec::new();
    let mut push = |kind, subject: String, hours: ThreePoint| {
        if hours.high > 0.0 {
            found.push(Contributor { kind, subject, hours, share: share(hours) });
        }
    };
    for (party, hours) in &rows.hours_by_party {
        push("party", estate.party_id(*party).to_owned(), *hours);
    }
    for (control, hours) in &rows.hours_by_control {
        push("control", estate.set.controls[*control].control.control_id.clone(), *hours);
    }
    let mut by_category: BTreeMap<Category, ThreePoint> = BTreeMap::new();
    for (criterion, hours) in &rows.hours_by_criterion {
        *by_category.entry(estate.set.criteria[*criterion].category).or_default() += *hours;
    }
    for (category, hours) in by_category {
        push("category", category.to_string(), hours);
    }
    for line in lines {
        let kind = match line.unit.as_str() {
            "report.review" => "report_review",
            "vendor.assessment" => "vendor_assessment",
            unit if unit.starts_with("fixed.") || unit == "review" => "fixed",
            _ => continue,
        };
        push(kind, line.unit.clone(), line.hours);
    }
    found.sort_by(|a, b| {
        b.hours.pert().total_cmp(&a.hours.pert()).then_with(|| (a.kind, &a.subject).cmp(&(b.kind, &b.subject)))
    });
    found
}
