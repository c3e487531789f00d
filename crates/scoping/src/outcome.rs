//! What sizing answers: rows for tables, and explanations for people.

use std::sync::Arc;

use carveout_model::{Obligation, Owner, Reliance, Sizing, Treatment};
use jiff::civil::Date;
use serde::Serialize;

use crate::catalogue::ThreePoint;
use crate::decide::Decisions;
use crate::effort::{EffortLine, Percentiles};

/// How one report stands in a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportReliance {
    /// The report.
    pub report_id: String,
    /// The party it speaks for.
    pub party_id: String,
    /// The class.
    pub reliance: Reliance,
    /// The day it was judged for.
    pub judged_for: Date,
    /// Why.
    pub reason: String,
    /// What stands in the way of relying on it at all, where anything does.
    pub obstacle: Option<String>,
    /// Obligations that rest on it.
    pub relied_on: u32,
}

/// One provider at which a control repeats.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RepeatedAt {
    /// The party.
    pub party_id: String,
    /// The strongest treatment over the control's criteria.
    pub treatment: Treatment,
    /// The owner there.
    pub owner: Owner,
    /// Pieces of evidence asked for.
    pub evidence_requests: u32,
    /// Of those, answered by the inventory.
    pub evidence_answered: u32,
    /// Resources that pass the control's checks there.
    pub passed: u64,
    /// Resources that fail.
    pub failed: u64,
    /// Resources of which it can't be told.
    pub unknown: u64,
    /// Hours, most likely.
    pub hours_likely: f64,
}

/// Where one control repeats: the answer to "which controls repeat per provider".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlRepeat {
    /// The control.
    pub control_id: String,
    /// Its title.
    pub title: String,
    /// Where it repeats, by party.
    pub repeats_at: Vec<RepeatedAt>,
    /// Where it is inherited, with the report.
    pub inherited_from: Vec<(String, String)>,
    /// What one common test would rest on, where one could serve all the places.
    pub common_test: Option<String>,
    /// Most likely hours that the common test would save: all places but the dearest.
    pub common_test_saves_hours: f64,
}

/// What is asked of us at one party, over all its controls on one criterion. Who owns what, and why, is
/// [`crate::ResponsibilityCell`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixCell {
    /// The criterion.
    pub criterion_id: String,
    /// The party.
    pub party_id: String,
    /// The treatment that asks most of us.
    pub treatment: Treatment,
    /// The owner over the controls: shared where they differ.
    pub owner: Owner,
    /// Controls with a bearing.
    pub controls: u32,
}

/// A part of the total and its share.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contributor {
    /// `party`, `control`, `category`, `report_review`, `vendor_assessment` or `fixed`.
    pub kind: &'static str,
    /// Which one.
    pub subject: String,
    /// Its hours.
    pub hours: ThreePoint,
    /// Its part of all PERT hours, 0 to 1.
    pub share: f64,
}

/// What a toggle is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ToggleKind {
    /// A category in or out.
    Category,
    /// Type 1 or type 2.
    ReportType,
    /// The column of the sample size table.
    SampleLevel,
    /// A framework in place, or how many sources of a crosswalk agree.
    Framework,
    /// A third party left out.
    Party,
    /// A third party tested at its site or carved out.
    Method,
    /// A clean report received.
    Report,
}

/// What one change to the scenario would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Toggle {
    /// What it is about.
    pub kind: ToggleKind,
    /// The change, in words (`without snowflake`).
    pub change: String,
    /// PERT hours after it, less those before it.
    pub hours_delta: f64,
    /// Pairs that repeat after it, less those before it.
    pub real_size_delta: i64,
    /// Evidence requests after it, less those before it.
    pub evidence_requests_delta: i64,
}

/// One scenario, sized.
#[derive(Debug, Clone)]
pub struct Scoping {
    /// The row of `scoping.sizing`.
    pub sizing: Sizing,
    /// Seeded Monte Carlo range of the hours.
    pub percentiles: Percentiles,
    /// The total, taken apart by unit of work.
    pub effort: Vec<EffortLine>,
    /// How each report stands.
    pub reliance: Vec<ReportReliance>,
    /// What limits the answer, in sentences: incomplete coverage, a framework without crosswalk, an override that
    /// matches nothing.
    pub notes: Vec<String>,
    pub(crate) contributors: Vec<Contributor>,
    pub(crate) decisions: Arc<Decisions>,
}

impl Scoping {
    /// The rows of `scoping.obligations`, by control, criterion and party.
    ///
    /// Built on request: toggling in a session asks for [`Self::sizing`] only.
    pub fn obligations(&self) -> Vec<Obligation> {
        self.decisions.obligations()
    }

    /// Which controls repeat per provider, those with most places first.
    pub fn repeats(&self) -> Vec<ControlRepeat> {
        self.decisions.repeats()
    }

    /// What came out: criterion × party. The responsibility matrix behind it is [`crate::Sizer::matrix`].
    pub fn matrix(&self) -> Vec<MatrixCell> {
        self.decisions.matrix()
    }

    /// The largest parts of the total, at most `limit` of each kind.
    pub fn contributors(&self, limit: usize) -> Vec<Contributor> {
        let mut taken = std::collections::BTreeMap::new();
        self.contributors
            .iter()
            .filter(|each| {
                let count = taken.entry(each.kind).or_insert(0_usize);
                *count += 1;
                *count <= limit
            })
            .cloned()
            .collect()
    }
}
