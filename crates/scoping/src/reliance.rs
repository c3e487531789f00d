//! Whether a report can be relied on: for a day, for a period and for a criterion.
//!
//! The AICPA fixes no age; twelve months, a letter for three and fifteen at the most are practice, and configuration.

use carveout_model::{Category, Opinion, Period, Reliance, ReportType, Soc2Report};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How old a report may be, in months after its period's end (not its issue).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Current up to here.
    pub current_months: u32,
    /// A bridge letter carries it this much further.
    pub bridge_months: u32,
    /// Stale without a letter up to here, expired after.
    pub stale_months: u32,
    /// Whether a stale report may be relied on.
    pub rely_on_stale: bool,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { current_months: 12, bridge_months: 3, stale_months: 15, rely_on_stale: false }
    }
}

impl Thresholds {
    /// The last day on which a report is current whose period ended on `end`.
    pub(crate) fn current_until(&self, end: Date) -> Date {
        months_after(end, self.current_months)
    }

    /// The last day on which it is stale and not yet expired.
    pub(crate) fn stale_until(&self, end: Date) -> Date {
        months_after(end, self.stale_months)
    }

    /// The last day after `end` that a bridge letter may speak for, whatever it says.
    pub(crate) fn letter_until(&self, end: Date) -> Date {
        months_after(end, self.bridge_months)
    }
}

/// How a report stands on a day. Opinion and exceptions on single criteria are separate facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The class.
    pub reliance: Reliance,
    /// The day it was judged for.
    pub judged_for: Date,
    /// Why, in words.
    pub reason: String,
}

/// Judges a report for a day.
pub fn judge(report: &Soc2Report, thresholds: &Thresholds, judged_for: Date) -> Judgement {
    let (reliance, reason) = classify(report, thresholds, judged_for);
    Judgement { reliance, judged_for, reason }
}

fn classify(report: &Soc2Report, thresholds: &Thresholds, on: Date) -> (Reliance, String) {
    if let Some(reason) = unreliable(report) {
        return (Reliance::Unreliable, reason.to_owned());
    }
    let Some(end) = report.period_end else {
        return (Reliance::NotEvaluable, "the report's period is not known".to_owned());
    };
    if let Some(reason) = withheld(report) {
        return (Reliance::NotEvaluable, reason.to_owned());
    }
    let current_until = thresholds.current_until(end);
    if on <= current_until {
        return (Reliance::Current, format!("period ended on {end}, current until {current_until}"));
    }
    let bridge_limit = months_after(end, thresholds.current_months + thresholds.bridge_months);
    if let Some(until) = report.bridge_until
        && on <= until.min(bridge_limit)
    {
        return (Reliance::Bridged, format!("period ended on {end}, a bridge letter speaks until {until}"));
    }
    if on <= thresholds.stale_until(end) {
        return (
            Reliance::Stale,
            format!("period ended on {end}, more than {} months before {on}", thresholds.current_months),
        );
    }
    (Reliance::Expired, format!("period ended on {end}, more than {} months before {on}", thresholds.stale_months))
}

fn months_after(day: Date, months: u32) -> Date {
    day.saturating_add(i64::from(months).months())
}

/// Why a report never speaks for a period, whatever its age.
pub(crate) fn unreliable(report: &Soc2Report) -> Option<&'static str> {
    match report.opinion {
        Some(Opinion::Adverse) => Some("the opinion is adverse"),
        Some(Opinion::Disclaimer) => Some("the auditor disclaims an opinion"),
        Some(Opinion::Unqualified | Opinion::Qualified) | None if report.report_type == ReportType::Type1 => {
            Some("a type 1 speaks for one day and never covers a period")
        }
        Some(Opinion::Unqualified | Opinion::Qualified) | None => None,
    }
}

/// Why it can't be told what a report says of its days: the report is not in hand whole.
pub(crate) fn withheld(report: &Soc2Report) -> Option<&'static str> {
    let told = |member: &str| report.extraction.get(member);
    if told("under_nda").and_then(Value::as_bool) == Some(true) {
        return Some("the report is under NDA and was not read");
    }
    if report.opinion.is_none() {
        return Some("the opinion is not known");
    }
    if report.categories.is_empty() {
        return Some("the categories are not known");
    }
    // A card or a register never lists what it leaves out; a document that was read whole does.
    let is_document = told("reader").and_then(Value::as_str).is_some_and(|reader| reader.ends_with("pdf"));
    let is_not_found =
        |part: &str| told("not_found").and_then(Value::as_array).is_some_and(|all| all.iter().any(|each| each == part));
    (is_document && report.controls.is_empty() && is_not_found("controls"))
        .then_some("the section with the tests of controls was not found")
}

/// A report as one scenario sees it: what stands in the way of relying on it at all.
#[derive(Debug)]
pub(crate) struct Standing {
    pub judgement: Judgement,
    /// None where the report as a whole can be relied on.
    pub obstacle: Option<String>,
}

pub(crate) fn standing(report: &Soc2Report, thresholds: &Thresholds, on: Date, audit: &Period) -> Standing {
    let judgement = judge(report, thresholds, on);
    let usable = match judgement.reliance {
        Reliance::Current | Reliance::Bridged => true,
        Reliance::Stale => thresholds.rely_on_stale,
        Reliance::Expired | Reliance::Unreliable | Reliance::NotEvaluable => false,
    };
    let obstacle = if usable { apart(report, audit) } else { Some(judgement.reason.clone()) };
    Standing { judgement, obstacle }
}

/// Why the report's period and the audit period have nothing in common.
fn apart(report: &Soc2Report, audit: &Period) -> Option<String> {
    let (start, end) = (report.period_start?, report.period_end?);
    let reaches = report.bridge_until.map_or(end, |until| until.max(end));
    (start > audit.end || reaches < audit.start).then(|| {
        format!("its period {start} to {end} does not overlap the audit period {} to {}", audit.start, audit.end)
    })
}

/// Why a report that can be relied on can't be relied on for one criterion.
pub(crate) fn criterion_obstacle(report: &Soc2Report, criterion_id: &str, category: Category) -> Option<String> {
    let refs = exceptions_on(report, criterion_id);
    let exception = || refs.first().map(|control_ref| format!("an exception was found in control {control_ref}"));
    out_of_category(report, category).or_else(|| qualified_on(report, criterion_id)).or_else(exception)
}

/// Why a report does not cover a category at all.
pub(crate) fn out_of_category(report: &Soc2Report, category: Category) -> Option<String> {
    (!report.categories.contains(&category)).then(|| format!("the report does not cover {category}"))
}

/// How a report's opinion excepts a criterion.
pub(crate) fn qualified_on(report: &Soc2Report, criterion_id: &str) -> Option<String> {
    if report.opinion != Some(Opinion::Qualified) {
        return None;
    }
    if report.qualified_criteria.is_empty() {
        return Some("the opinion is qualified and the excepted criteria are not known".to_owned());
    }
    let is_excepted = report.qualified_criteria.iter().any(|id| id == criterion_id);
    is_excepted.then(|| format!("the opinion is qualified on {criterion_id}"))
}

/// The controls in which exceptions on a criterion were found.
pub(crate) fn exceptions_on<'r>(report: &'r Soc2Report, criterion_id: &str) -> Vec<&'r str> {
    let on = report.exceptions.iter().filter(|each| each.criteria.iter().any(|id| id == criterion_id));
    on.map(|each| each.control_ref.as_str()).collect()
}

/// The references of the complementary user entity controls on a criterion.
pub(crate) fn handed_back<'r>(report: &'r Soc2Report, criterion_id: &str) -> Vec<&'r str> {
    report
        .user_entity_controls
        .iter()
        .filter(|each| each.criteria.iter().any(|id| id == criterion_id))
        .map(|each| each.cuec_ref.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;
    use crate::coverage::tests::report;

    #[test]
    fn stale_is_counted_from_the_end_of_the_period_and_not_from_the_issue() {
        let thresholds = Thresholds::default();
        let mut late = report("late", date(2025, 1, 1), date(2025, 12, 31));
        late.issued_on = Some(date(2026, 9, 30));
        let on = |day| judge(&late, &thresholds, day).reliance;
        assert_eq!(on(date(2026, 12, 31)), Reliance::Current);
        assert_eq!(on(date(2027, 1, 1)), Reliance::Stale);
        assert_eq!(on(date(2027, 3, 31)), Reliance::Stale);
        assert_eq!(on(date(2027, 4, 1)), Reliance::Expired);
    }

    #[test]
    fn what_is_not_in_hand_whole_is_not_evaluable() {
        let judged = |change: &dyn Fn(&mut Soc2Report)| {
            let mut changed = report("a", date(2026, 1, 1), date(2026, 12, 31));
            change(&mut changed);
            judge(&changed, &Thresholds::default(), date(2026, 12, 31)).reliance
        };
        assert_eq!(judged(&|_| {}), Reliance::Current);
        assert_eq!(judged(&|report| report.period_end = None), Reliance::NotEvaluable);
        assert_eq!(judged(&|report| report.opinion = None), Reliance::NotEvaluable);
        assert_eq!(judged(&|report| report.categories.clear()), Reliance::NotEvaluable);
        assert_eq!(judged(&|report| report.extraction = json!({ "under_nda": true })), Reliance::NotEvaluable);
        let without_tests = |reader: &str| json!({ "reader": reader, "not_found": ["controls"] });
        assert_eq!(judged(&|report| report.extraction = without_tests("pdf")), Reliance::NotEvaluable);
        assert_eq!(judged(&|report| report.extraction = without_tests("register")), Reliance::Current);
        // A type 1 is unreliable before anything else is asked of it.
        let type1 = |report: &mut Soc2Report| {
            report.report_type = ReportType::Type1;
            report.period_end = None;
        };
        assert_eq!(judged(&type1), Reliance::Unreliable);
    }
}
