//! One way to cut the audit: categories, period, parties in or out, frameworks in place, and overrides with reasons.

use std::collections::BTreeSet;

use carveout_model::{AuditScope, CategorySet, Owner, Period, ReportType, Treatment};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::catalogue::ControlSet;
use crate::ids;
use crate::reliance::Thresholds;

/// Which column of the sample size table is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleLevel {
    /// Low risk.
    Low,
    /// Moderate risk.
    #[default]
    Moderate,
    /// High risk.
    High,
}

/// What an override decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The owner; the treatment follows from it by the usual rules.
    Owner(Owner),
    /// The treatment itself.
    Treatment(Treatment),
}

/// A cell of the matrix that people decided otherwise, with their reason. Empty keys match everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The party, where it is meant for one.
    pub party: Option<String>,
    /// The criterion, where it is meant for one.
    pub criterion: Option<String>,
    /// The control, where it is meant for one.
    pub control: Option<String>,
    /// What is decided.
    pub verdict: Verdict,
    /// Why; never empty.
    pub reason: String,
}

/// One scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name: the key of its rows.
    pub name: String,
    /// Categories, report type, period and frameworks in place.
    pub scope: AuditScope,
    /// The day for which reports are judged; the last day of the audit period without one.
    pub judged_on: Option<Date>,
    /// Parties that are left out.
    pub without: BTreeSet<String>,
    /// Parties whose controls are tested at their sites (inclusive method); all others are carved out.
    pub inclusive: BTreeSet<String>,
    /// Parties for which a clean report on every chosen category is assumed: what would receiving it change?
    pub assume_reports: BTreeSet<String>,
    /// Which column of the sample size table is used.
    pub sample_level: SampleLevel,
    /// How old a report may be.
    pub thresholds: Thresholds,
    /// How many sources of a crosswalk have to agree before evidence is reused.
    pub agreeing_sources: u32,
    /// Later ones win over earlier ones.
    pub overrides: Vec<Override>,
}

impl Scenario {
    /// The plain scenario of a scope: every party in, carved out, nothing overridden.
    pub fn new(name: impl Into<String>, scope: AuditScope) -> Self {
        Self {
            name: name.into(),
            scope,
            judged_on: None,
            without: BTreeSet::new(),
            inclusive: BTreeSet::new(),
            assume_reports: BTreeSet::new(),
            sample_level: SampleLevel::default(),
            thresholds: Thresholds::default(),
            agreeing_sources: 1,
            overrides: Vec::new(),
        }
    }

    /// Reads a scenario file (TOML); what it leaves out is taken from `defaults`.
    ///
    /// # Errors
    /// [`ScenarioError`] where the text is no TOML, has an unknown key or a wrong type, leaves out security, has a
    /// period that ends before it starts, or an override without exactly one verdict and a reason.
    pub fn from_toml(name: &str, text: &str, defaults: &AuditScope) -> Result<Self, ScenarioError> {
        let file: ScenarioFile = toml::from_str(text).map_err(|error| ScenarioError::Syntax {
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            message: error.message().to_owned(),
        })?;
        let scope = AuditScope {
            categories: file.categories.unwrap_or_else(|| defaults.categories.clone()),
            report_type: file.report_type.unwrap_or(defaults.report_type),
            period: file.period.unwrap_or(defaults.period),
            frameworks_in_place: file.frameworks_in_place.unwrap_or_else(|| defaults.frameworks_in_place.clone()),
        };
        if scope.period.end < scope.period.start {
            return Err(ScenarioError::PeriodReversed { start: scope.period.start, end: scope.period.end });
        }
        let line_of = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
        let overrides = file.overrides.into_iter().enumerate().map(|(at, each)| {
            let line = line_of(each.span().start);
            each.into_inner().check(at + 1, line)
        });
        let overrides = overrides.collect::<Result<_, _>>()?;
        Ok(Self {
            judged_on: file.judged_on,
            without: file.without,
            inclusive: file.inclusive,
            assume_reports: file.assume_reports,
            sample_level: file.sample_level,
            thresholds: file.thresholds,
            agreeing_sources: file.agreeing_sources,
            overrides,
            ..Self::new(file.name.unwrap_or_else(|| name.to_owned()), scope)
        })
    }

    /// What of the scenario a control list does not know: controls, criteria and frameworks. None of it stops sizing,
    /// which leaves it out and says so in its notes.
    pub fn unknown(&self, set: &ControlSet) -> Vec<ScenarioError> {
        let mut problems = Vec::new();
        for (at, each) in self.overrides.iter().enumerate() {
            let mut unknown = |what, id: &String| {
                let (number, reason) = (at + 1, each.reason.clone());
                problems.push(ScenarioError::UnknownId { number, reason, what, id: id.clone() });
            };
            if let Some(id) = &each.criterion
                && !set.criteria().iter().any(|criterion| criterion.criterion_id == *id)
            {
                unknown("criterion", id);
            }
            if let Some(id) = &each.control
                && !set.controls().iter().any(|control| control.control.control_id == *id)
            {
                unknown("control", id);
            }
        }
        let mapped = set.crosswalk().frameworks();
        let in_place = self.scope.frameworks_in_place.iter();
        for framework in in_place.filter(|name| !mapped.contains(set.framework(name))) {
            let known = mapped.iter().copied().collect::<Vec<_>>().join(", ");
            problems.push(ScenarioError::UnknownFramework { framework: framework.clone(), known });
        }
        problems
    }

    /// The day for which reports are judged.
    pub fn judged_on(&self) -> Date {
        self.judged_on.unwrap_or(self.scope.period.end)
    }
}

/// Why a text is no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// Not TOML, an unknown key, a wrong type or a scope without security.
    #[error("{}{message}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Syntax {
        /// The line, where it is known.
        line: Option<usize>,
        /// What is wrong with it.
        message: String,
    },
    /// A period that ends before it starts.
    #[error("the audit period ends on {end}, before it starts on {start}")]
    PeriodReversed {
        /// First day.
        start: Date,
        /// Last day.
        end: Date,
    },
    /// An override decides one thing.
    #[error("line {line}: override {number} needs exactly one of `owner` and `treatment`")]
    OverrideVerdict {
        /// Its place among the overrides, from 1.
        number: usize,
        /// The line on which it starts.
        line: usize,
    },
    /// An override says why.
    #[error("line {line}: override {number} needs a `reason`")]
    OverrideReason {
        /// Its place among the overrides, from 1.
        number: usize,
        /// The line on which it starts.
        line: usize,
    },
    /// An override names something that the control list does not have.
    #[error("override {number} ({reason}) names the {what} `{id}`, and there is none")]
    UnknownId {
        /// Its place among the overrides, from 1.
        number: usize,
        /// Its reason.
        reason: String,
        /// `control` or `criterion`.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A framework in place that no crosswalk maps.
    #[error("there is no crosswalk for `{framework}`; mapped are {known}")]
    UnknownFramework {
        /// The framework as written.
        framework: String,
        /// The frameworks that are mapped.
        known: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioFile {
    name: Option<String>,
    categories: Option<CategorySet>,
    report_type: Option<ReportType>,
    period: Option<Period>,
    frameworks_in_place: Option<Vec<String>>,
    judged_on: Option<Date>,
    #[serde(default)]
    without: BTreeSet<String>,
    #[serde(default)]
    inclusive: BTreeSet<String>,
    #[serde(default)]
    assume_reports: BTreeSet<String>,
    #[serde(default)]
    sample_level: SampleLevel,
    #[serde(default)]
    thresholds: Thresholds,
    #[serde(default = "one")]
    agreeing_sources: u32,
    #[serde(default)]
    overrides: Vec<toml::Spanned<OverrideEntry>>,
}

fn one() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideEntry {
    party: Option<String>,
    criterion: Option<String>,
    control: Option<String>,
    owner: Option<Owner>,
    treatment: Option<Treatment>,
    #[serde(default)]
    reason: String,
}

impl OverrideEntry {
    fn check(self, number: usize, line: usize) -> Result<Override, ScenarioError> {
        let verdict = match (self.owner, self.treatment) {
            (Some(owner), None) => Verdict::Owner(owner),
            (None, Some(treatment)) => Verdict::Treatment(treatment),
            _ => return Err(ScenarioError::OverrideVerdict { number, line }),
        };
        if self.reason.trim().is_empty() {
            return Err(ScenarioError::OverrideReason { number, line });
        }
        let Self { party, reason, .. } = self;
        let criterion = self.criterion.map(|id| ids::criterion(&id));
        let control = self.control.map(|id| ids::control(&id).unwrap_or(id));
        Ok(Override { party, criterion, control, verdict, reason })
    }
}
