//! Complementary user entity controls traced to our controls, and what falls away with a vendor.

use std::collections::BTreeSet;

use serde::Serialize;

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
}

/// What is no longer handed to us without a vendor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FallenAway {
    /// The vendor.
    pub party_id: String,
    /// Its user entity controls.
    pub cuecs: Vec<CuecTrace>,
    /// Criteria on which no other vendor hands anything back.
    pub criteria_freed: Vec<String>,
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
                found.push(CuecTrace {
                    party_id: party_id.to_owned(),
                    report_id: held.report.report_id.clone(),
                    cuec_ref: cuec.cuec_ref.clone(),
                    description: cuec.description.clone(),
                    criteria: cuec.criteria.clone(),
                    in_scope: cuec.criteria.is_empty() || cuec.criteria.iter().any(|id| in_scope.contains(id.as_str())),
                    ownership,
                    control_ids,
                });
            }
        }
        found
    }

    /// Which user entity controls fall away when a vendor does.
    pub fn cuecs_without(&self, scenario: &Scenario, party_id: &str) -> FallenAway {
        let (cuecs, others): (Vec<CuecTrace>, Vec<CuecTrace>) =
            self.cuecs(scenario).into_iter().partition(|trace| trace.party_id == party_id);
        let still: BTreeSet<&String> = others.iter().flat_map(|trace| &trace.criteria).collect();
        let freed: BTreeSet<&String> =
            cuecs.iter().flat_map(|trace| &trace.criteria).filter(|id| !still.contains(id)).collect();
        let criteria_freed = freed.into_iter().cloned().collect();
        FallenAway { party_id: party_id.to_owned(), cuecs, criteria_freed }
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
