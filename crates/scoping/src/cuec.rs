//! Complementary user entity controls traced to our controls and their evidence, and what falls away with a vendor.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{CheckStatus, CuecRow, Obligation, Treatment};
use serde::Serialize;

use crate::catalogue::Shown;
use crate::outcome::Scoping;
use crate::scenario::Scenario;
use crate::sizer::Sizer;

/// Who answers for a complementary user entity control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CuecOwnership {
    /// `cuec_owners.csv` names our controls.
    Named {
        /// The reason given there; may be empty.
        reason: String,
    },
    /// Our controls serve one of its criteria: candidates, until somebody confirms them.
    ByCriterion,
    /// `cuec_owners.csv` says that it does not apply to us.
    NotApplicable {
        /// The reason given there.
        reason: String,
    },
    /// Nobody: a gap.
    Unowned {
        /// What is missing.
        reason: String,
    },
}

impl CuecOwnership {
    /// Every word, the least settled first.
    pub const WORDS: &'static [&'static str] = &["unowned", "by_criterion", "named", "not_applicable"];

    /// The word as tables spell it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Named { .. } => "named",
            Self::ByCriterion => "by_criterion",
            Self::NotApplicable { .. } => "not_applicable",
            Self::Unowned { .. } => "unowned",
        }
    }

    /// What was said of it, or what is missing.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Named { reason } | Self::NotApplicable { reason } | Self::Unowned { reason } => {
                Some(reason.as_str()).filter(|reason| !reason.is_empty())
            }
            Self::ByCriterion => None,
        }
    }
}

/// What the checks of some controls came to at one third party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct EvidenceFound {
    /// Resources that pass.
    pub passed: u64,
    /// Resources that fail.
    pub failed: u64,
    /// Resources of which it can't be told.
    pub unknown: u64,
    /// Resources on which the checks have no bearing.
    pub not_applicable: u64,
}

impl EvidenceFound {
    /// All of it in a word, the worst first; none where no check looked.
    pub fn status(&self) -> Option<CheckStatus> {
        [
            (self.failed, CheckStatus::Fail),
            (self.unknown, CheckStatus::Unknown),
            (self.passed, CheckStatus::Pass),
            (self.not_applicable, CheckStatus::NotApplicable),
        ]
        .into_iter()
        .find_map(|(found, status)| (found > 0).then_some(status))
    }
}

/// One complementary user entity control of one report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CuecTrace {
    /// The third party.
    pub party_id: String,
    /// Its report.
    pub report_id: String,
    /// The report's own reference.
    pub cuec_ref: String,
    /// What the user entity has to do.
    pub description: String,
    /// The criteria it bears on.
    pub criteria: Vec<String>,
    /// Whether any of them is in the scenario's scope; also where the report names none.
    pub in_scope: bool,
    /// Who answers for it.
    pub ownership: CuecOwnership,
    /// Our controls that carry it out, or could.
    pub control_ids: Vec<String>,
    /// What their checks came to at the vendor; with us, for a control that is shown once.
    pub evidence: EvidenceFound,
}

impl CuecTrace {
    /// The row of `scoping.cuec_trace`.
    pub fn row(&self, scenario: &str) -> CuecRow {
        CuecRow {
            scenario: scenario.to_owned(),
            party_id: self.party_id.clone(),
            report_id: self.report_id.clone(),
            cuec_ref: self.cuec_ref.clone(),
            description: self.description.clone(),
            criteria: self.criteria.clone(),
            in_scope: self.in_scope,
            ownership: self.ownership.as_str().to_owned(),
            reason: self.ownership.reason().map(ToOwned::to_owned),
            control_ids: self.control_ids.clone(),
            evidence: self.evidence.status(),
            passed: self.evidence.passed,
            failed: self.evidence.failed,
            unknown: self.evidence.unknown,
        }
    }

    /// Whether an obligation rests on it: what our controls have to show at the vendor for one of its criteria.
    pub fn asks_for(&self, obligation: &Obligation) -> bool {
        obligation.party_id == self.party_id
            && matches!(obligation.treatment, Treatment::Customer | Treatment::Shared)
            && self.criteria.contains(&obligation.criterion_id)
            && self.control_ids.contains(&obligation.control_id)
    }
}

/// What is no longer handed to us without a vendor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FallenAway {
    /// The vendor.
    pub party_id: String,
    /// Its user entity controls.
    pub cuecs: Vec<CuecTrace>,
    /// By criterion: the other vendors that still hand something back on it. Those of `criteria_freed` are not among them.
    pub still_handed_back: BTreeMap<String, BTreeSet<String>>,
    /// Criteria on which no other vendor hands anything back.
    pub criteria_freed: Vec<String>,
}

impl FallenAway {
    /// The obligations that rest on its user entity controls, by control and criterion.
    pub fn obligations(&self, with_vendor: &Scoping) -> Vec<Obligation> {
        let mut found = with_vendor.obligations();
        found.retain(|obligation| self.cuecs.iter().any(|trace| trace.asks_for(obligation)));
        found
    }
}

impl Sizer {
    /// Every complementary user entity control of the reports of parties in scope, by party, report and reference.
    pub fn cuecs(&self, scenario: &Scenario) -> Vec<CuecTrace> {
        let estate = &self.estate;
        let in_scope: BTreeSet<&str> = estate
            .set
            .criteria
            .iter()
            .filter(|each| scenario.scope.categories.contains(each.category))
            .map(|each| each.criterion_id.as_str())
            .collect();
        let mut found = Vec::new();
        for held in &estate.reports {
            let party_id = estate.party_id(held.party);
            if scenario.without.contains(party_id) {
                continue;
            }
            let mut cuecs: Vec<_> = held.report.user_entity_controls.iter().collect();
            cuecs.sort_by(|a, b| a.cuec_ref.cmp(&b.cuec_ref));
            for cuec in cuecs {
                let (ownership, control_ids) = self.owned(party_id, &cuec.cuec_ref, &cuec.criteria);
                let evidence = self.evidence_of(held.party, &control_ids);
                found.push(CuecTrace {
                    party_id: party_id.to_owned(),
                    report_id: held.report.report_id.clone(),
                    cuec_ref: cuec.cuec_ref.clone(),
                    description: cuec.description.clone(),
                    criteria: cuec.criteria.clone(),
                    in_scope: cuec.criteria.is_empty() || cuec.criteria.iter().any(|id| in_scope.contains(id.as_str())),
                    ownership,
                    control_ids,
                    evidence,
                });
            }
        }
        found
    }

    /// Which user entity controls fall away when a vendor does.
    pub fn cuecs_without(&self, scenario: &Scenario, party_id: &str) -> FallenAway {
        let (cuecs, others): (Vec<CuecTrace>, Vec<CuecTrace>) =
            self.cuecs(scenario).into_iter().partition(|trace| trace.party_id == party_id);
        let criteria: BTreeSet<&String> = cuecs.iter().flat_map(|trace| &trace.criteria).collect();
        let mut still_handed_back: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for trace in &others {
            for id in trace.criteria.iter().filter(|id| criteria.contains(id)) {
                still_handed_back.entry(id.clone()).or_default().insert(trace.party_id.clone());
            }
        }
        let criteria_freed = criteria.into_iter().filter(|id| !still_handed_back.contains_key(*id)).cloned().collect();
        FallenAway { party_id: party_id.to_owned(), cuecs, still_handed_back, criteria_freed }
    }

    /// What the checks of controls found at a party, as sizing counts them.
    fn evidence_of(&self, party: usize, control_ids: &[String]) -> EvidenceFound {
        let estate = &self.estate;
        let mut found = EvidenceFound::default();
        for (at, control) in estate.set.controls.iter().enumerate() {
            if !control_ids.contains(&control.control.control_id) {
                continue;
            }
            let place = if control.shown == Shown::Once { estate.own() } else { party };
            if let Some(count) = estate.checks.get(&(at, place)) {
                found.passed += count.passed;
                found.failed += count.failed;
                found.unknown += count.unknown;
                found.not_applicable += count.not_applicable;
            }
        }
        found
    }

    fn owned(&self, party_id: &str, cuec_ref: &str, criteria: &[String]) -> (CuecOwnership, Vec<String>) {
        let set = &self.estate.set;
        if let Some(owner) = set.cuec_owners.get(&(party_id.to_owned(), cuec_ref.to_owned())) {
            let reason = owner.reason.clone();
            return if owner.applies {
                (CuecOwnership::Named { reason }, owner.control_ids.clone())
            } else {
                (CuecOwnership::NotApplicable { reason }, Vec::new())
            };
        }
        if criteria.is_empty() {
            let reason = "the report names no criteria, and cuec_owners.csv names no control".to_owned();
            return (CuecOwnership::Unowned { reason }, Vec::new());
        }
        let serves = |id: &String| criteria.contains(id);
        let control_ids: Vec<String> = set
            .controls
            .iter()
            .filter(|each| each.control.criteria.iter().any(serves))
            .map(|each| each.control.control_id.clone())
            .collect();
        if control_ids.is_empty() {
            let reason = format!("no control of ours serves {}", criteria.join(", "));
            return (CuecOwnership::Unowned { reason }, control_ids);
        }
        (CuecOwnership::ByCriterion, control_ids)
    }
}
