//! What vendors assume of their own providers, held against those providers' reports.
//!
//! A carve-out leaves the subservice organization's controls out of the vendor's report and assumes some of them. Whether
//! they are there, only the provider's own report can say. Who stands behind whom, to any depth, is the graph's to answer.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use carveout_model::{Criterion, CsocCoverage, CsocStatus, JudgedReport, Reliance, Soc2Report, SubserviceControl};

use crate::reliance::{exceptions_on, out_of_category, qualified_on, standing};
use crate::scenario::Scenario;

/// The rows of `scoping.csoc_coverage`: every complementary subservice organization control of every report, criterion by
/// criterion, against the reports of the party that it is assumed of. By vendor, report, reference, party and criterion.
///
/// Reports without a party are left out, on either side.
pub fn csoc_coverage(reports: &[JudgedReport], criteria: &[Criterion], scenario: &Scenario) -> Vec<CsocCoverage> {
    let mut held: BTreeMap<&str, Vec<&Soc2Report>> = BTreeMap::new();
    for judged in reports {
        if let Some(party_id) = &judged.party_id {
            held.entry(party_id).or_default().push(&judged.report);
        }
    }
    let against = Against { held, criteria, scenario };
    let mut rows = Vec::new();
    for judged in reports {
        let Some(vendor_id) = &judged.party_id else { continue };
        let parties = judged.subservice_control_party_ids.iter().map(Option::as_deref).chain(std::iter::repeat(None));
        for (csoc, party_id) in judged.report.subservice_controls.iter().zip(parties) {
            let mut add = |criterion_id: Option<&String>, found: Found| {
                rows.push(CsocCoverage {
                    scenario: scenario.name.clone(),
                    vendor_id: vendor_id.clone(),
                    report_id: judged.report.report_id.clone(),
                    csoc_ref: csoc.csoc_ref.clone(),
                    party_id: party_id.map(ToOwned::to_owned),
                    criterion_id: criterion_id.cloned(),
                    status: found.status,
                    shown_by: found.shown_by,
                    reason: found.reason,
                });
            };
            if csoc.criteria.is_empty() {
                let reason = "the report names no criteria for it";
                add(None, Found::new(CsocStatus::NotEvaluable, None, reason));
            }
            for criterion_id in &csoc.criteria {
                add(Some(criterion_id), against.judge(csoc, party_id, criterion_id));
            }
        }
    }
    rows.sort_by(|one, other| key(one).cmp(&key(other)));
    rows.dedup();
    rows
}

/// What rows are sorted by.
fn key(row: &CsocCoverage) -> (&str, &str, &str, Option<&str>, Option<&str>) {
    (&row.vendor_id, &row.report_id, &row.csoc_ref, row.party_id.as_deref(), row.criterion_id.as_deref())
}

struct Found {
    status: CsocStatus,
    shown_by: Option<String>,
    reason: String,
}

impl Found {
    fn new(status: CsocStatus, report: Option<&Soc2Report>, reason: impl Into<String>) -> Self {
        Self { status, shown_by: report.map(|report| report.report_id.clone()), reason: reason.into() }
    }
}

/// What assumptions are held against.
struct Against<'a> {
    /// Reports by party.
    held: BTreeMap<&'a str, Vec<&'a Soc2Report>>,
    criteria: &'a [Criterion],
    scenario: &'a Scenario,
}

impl Against<'_> {
    /// What the party's reports say: the one that says most, and of those the latest.
    fn judge(&self, csoc: &SubserviceControl, party_id: Option<&str>, criterion_id: &str) -> Found {
        let Some(party_id) = party_id else {
            let reason = match &csoc.organization {
                Some(name) => format!("{name} is none of the subservice organizations that the report names"),
                None => "the report does not say of whom it is assumed".to_owned(),
            };
            return Found::new(CsocStatus::NotEvaluable, None, reason);
        };
        let Some(reports) = self.held.get(party_id) else {
            return Found::new(CsocStatus::NoReport, None, "no report of it is at hand");
        };
        let Some(criterion) = self.criteria.iter().find(|each| each.criterion_id == criterion_id) else {
            return Found::new(CsocStatus::NotEvaluable, None, format!("there is no criterion {criterion_id}"));
        };
        let judged = reports.iter().map(|report| (*report, self.says(report, criterion)));
        let best =
            judged.min_by_key(|(report, found)| (found.status, Reverse(report.period_end), report.report_id.as_str()));
        best.map_or_else(|| Found::new(CsocStatus::NoReport, None, "no report of it is at hand"), |(_, found)| found)
    }

    /// What one report says of a criterion.
    fn says(&self, report: &Soc2Report, criterion: &Criterion) -> Found {
        let Scenario { thresholds, scope, .. } = self.scenario;
        let id = criterion.criterion_id.as_str();
        let found = |status, reason: String| Found::new(status, Some(report), reason);
        let standing = standing(report, thresholds, self.scenario.judged_on(), &scope.period);
        if let Some(reason) = standing.obstacle {
            let is_unclear = standing.judgement.reliance == Reliance::NotEvaluable;
            return found(if is_unclear { CsocStatus::NotEvaluable } else { CsocStatus::NotRelied }, reason);
        }
        if let Some(reason) = out_of_category(report, criterion.category) {
            return found(CsocStatus::NotTested, reason);
        }
        if let Some(reason) = qualified_on(report, id) {
            return found(CsocStatus::Qualified, reason);
        }
        let tested = || report.controls.iter().filter(|each| each.criteria.iter().any(|on| on == id));
        let mut failed = exceptions_on(report, id);
        failed.extend(tested().filter(|each| each.exception).map(|each| each.control_ref.as_str()));
        failed.sort_unstable();
        failed.dedup();
        if !failed.is_empty() {
            let controls = if failed.len() == 1 {
                "an exception was found in control"
            } else {
                "exceptions were found in controls"
            };
            return found(CsocStatus::Exception, format!("{controls} {}", failed.join(", ")));
        }
        let refs: Vec<&str> = tested().map(|each| each.control_ref.as_str()).collect();
        if report.controls.is_empty() {
            let reason = format!("the report covers {}; which controls were tested is not known", criterion.category);
            found(CsocStatus::Shown, reason)
        } else if refs.is_empty() {
            found(CsocStatus::NotTested, format!("no control in the report is tested for {id}"))
        } else {
            found(CsocStatus::Shown, format!("tested without exception: {}", refs.join(", ")))
        }
    }
}
