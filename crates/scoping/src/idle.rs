//! Overrides that decide nothing: a slip of the finger would otherwise pass for a decision.

use std::fmt;

use crate::scenario::{Override, Scenario};
use crate::settle::{in_scope, rows_of_override};
use crate::sizer::{Estate, Sizer};

/// An override of a scenario that decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleOverride {
    /// Its place among the scenario's overrides, from 1.
    pub number: usize,
    /// Why it decides nothing.
    pub why: IdleReason,
}

/// Why an override decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdleReason {
    /// There is no such party.
    UnknownParty(String),
    /// There is no such criterion.
    UnknownCriterion(String),
    /// There is no such control.
    UnknownControl(String),
    /// The scenario leaves the party out.
    PartyLeftOut(String),
    /// The criterion is in none of the chosen categories.
    CriterionLeftOut(String),
    /// The control serves other criteria.
    OtherCriteria {
        /// The control.
        control_id: String,
        /// Those that it serves.
        serves: Vec<String>,
    },
    /// Everything that it names is there, and no control that is shown per party meets it.
    NoSuchRow,
}

impl fmt::Display for IdleReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownParty(id) => write!(f, "there is no third party `{id}` in scope"),
            Self::UnknownCriterion(id) => write!(f, "there is no criterion `{id}`"),
            Self::UnknownControl(id) => write!(f, "there is no control `{id}`"),
            Self::PartyLeftOut(id) => write!(f, "the scenario leaves `{id}` out"),
            Self::CriterionLeftOut(id) => write!(f, "{id} is in none of the chosen categories"),
            Self::OtherCriteria { control_id, serves } => write!(f, "{control_id} serves {}", serves.join(", ")),
            Self::NoSuchRow => f.write_str("no control that is shown per third party meets it"),
        }
    }
}

impl Sizer {
    /// The overrides of a scenario that decide nothing, in their order. Sizing leaves them out and says so in its notes.
    pub fn idle_overrides(&self, scenario: &Scenario) -> Vec<IdleOverride> {
        let estate = &*self.estate;
        let (criteria_in, parties_in) = in_scope(estate, scenario);
        let is_idle = |each: &Override| rows_of_override(estate, each, &criteria_in, &parties_in).is_empty();
        let numbered = scenario.overrides.iter().enumerate().filter(|(_, each)| is_idle(each));
        numbered.map(|(at, each)| IdleOverride { number: at + 1, why: reason(estate, scenario, each) }).collect()
    }
}

fn reason(estate: &Estate, scenario: &Scenario, each: &Override) -> IdleReason {
    if let Some(id) = &each.party {
        if !estate.parties.iter().any(|party| party.facts.party.party_id == *id) {
            return IdleReason::UnknownParty(id.clone());
        }
        if scenario.without.contains(id) {
            return IdleReason::PartyLeftOut(id.clone());
        }
    }
    let mut controls = estate.set.controls.iter().map(|listed| &listed.control);
    let control = each.control.as_ref().map(|id| (id, controls.find(|listed| listed.control_id == *id)));
    if let Some((id, None)) = control {
        return IdleReason::UnknownControl(id.clone());
    }
    if let Some(id) = &each.criterion {
        let Some(criterion) = estate.set.criteria.iter().find(|listed| listed.criterion_id == *id) else {
            return IdleReason::UnknownCriterion(id.clone());
        };
        if !scenario.scope.categories.contains(criterion.category) {
            return IdleReason::CriterionLeftOut(id.clone());
        }
    }
    match control {
        Some((id, Some(listed))) => {
            IdleReason::OtherCriteria { control_id: id.clone(), serves: listed.criteria.clone() }
        }
        _ => IdleReason::NoSuchRow,
    }
}
