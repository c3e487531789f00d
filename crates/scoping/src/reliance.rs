//! Whether a report can be relied on: for a day, for a period and for a criterion.
//!
//! The AICPA fixes no age; twelve months, a letter for three and fifteen at the most are practice, and configuration.

use carveout_model::{Category, Opinion, Period, Reliance, ReportType, Soc2Report};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

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
    match report.opinion {
        Some(Opinion::Adverse) => return (Reliance::Unreliable, "the opinion is adverse".to_owned()),
        Some(Opinion::Disclaimer) => return (Reliance::Unreliable, "the auditor disclaims an opinion".to_owned()),
        Some(Opinion::Unqualified | Opinion::Qualified) | None => {}
    }
    if report.report_type == ReportType::Type1 {
        return (Reliance::Unreliable, "a type 1 speaks for one day and never covers a period".to_owned());
    }
    let Some(end) = report.period_end else {
        return (Reliance::NotEvaluable, "the report's period is not known".to_owned());
    };
    if report.opinion.is_none() {
        return (Reliance::NotEvaluable, "the opinion is not known".to_owned());
    }
    if report.categories.is_empty() {
        return (Reliance::NotEvaluable, "the categories are not known".to_owned());
    }
    let after = |months: u32| end.saturating_add(i64::from(months).months());
    let current_until = after(thresholds.current_months);
    if on <= current_until {
        return (Reliance::Current, format!("period ended on {end}, current until {current_until}"));
    }
    let bridge_limit = after(thresholds.current_months + thresholds.bridge_months);
    if let Some(until) = report.bridge_until
        && on <= until.min(bridge_limit)
    {
        return (Reliance::Bridged, format!("period ended on {end}, a bridge letter speaks until {until}"));
    }
    let stale_until = after(thresholds.stale_months);
    if on <= stale_until {
        return (
            Reliance::Stale,
            format!("period ended on {end}, more than {} months before {on}", thresholds.current_months),
        );
    }
    (Reliance::Expired, format!("period ended on {end}, more than {} months before {on}", thresholds.stale_months))
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
    if !report.categories.contains(&category) {
        return Some(format!("the report does not cover {category}"));
    }
    if report.opinion == Some(Opinion::Qualified) {
        if report.qualified_criteria.is_empty() {
            return Some("the opinion is qualified and the excepted criteria are not known".to_owned());
        }
        if report.qualified_criteria.iter().any(|id| id == criterion_id) {
            return Some(format!("the opinion is qualified on {criterion_id}"));
        }
    }
    let exception = report.exceptions.iter().find(|each| each.criteria.iter().any(|id| id == criterion_id))?;
    Some(format!("an exception was found in control {}", exception.control_ref))
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
