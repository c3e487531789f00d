//! The responsibility matrix as it is used: party × service model × layer and criterion, weighted, with its reasons.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Layer, Owner, ServiceModel};
use serde::Serialize;

use crate::basis::Basis;
use crate::catalogue::Shown;
use crate::decide::{NONE, Settled};
use crate::responsibility::{Ownership, Usage, combine, never_moves};
use crate::scenario::{Override, Scenario, Verdict};
use crate::settle::{Reading, settle};
use crate::sizer::{Estate, ScopingError, Sizer};

/// What a cell of the matrix is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A layer of the stack.
    Layer(Layer),
    /// A criterion in scope.
    Criterion(String),
}

/// One cell of the responsibility matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResponsibilityCell {
    /// The third party.
    pub party_id: String,
    /// Its name.
    pub party_name: String,
    /// The service model in which it is used.
    pub service_model: ServiceModel,
    /// The service, where a row about it decides the cell (`responsibility_overrides.csv`, `service_owners.csv`); none
    /// for everything else that is used in the model.
    pub service: Option<String>,
    /// The layer or criterion.
    pub subject: Subject,
    /// Who owns it: one of the six.
    pub owner: Owner,
    /// Live resources behind the cell; for a vendor outside the clouds, resources of ours that show it.
    pub resources: u64,
    /// The part of the party's resources that is used in this way, 0 to 1.
    pub share: f64,
    /// Why, in the order in which it was decided. What a provider owns ends in a report with its period, or in a claim.
    pub basis: Vec<Basis>,
}

impl Sizer {
    /// The responsibility matrix of a scenario: for each third party in scope and each service model in which it is
    /// used, a cell for each layer and each criterion in scope, and one beside it for each service that a row of its own
    /// decides otherwise. By party, service model, service, layers before criteria.
    ///
    /// # Errors
    /// None yet; sizing and the matrix share their preparation, which may fail.
    pub fn matrix(&self, scenario: &Scenario) -> Result<Vec<ResponsibilityCell>, ScopingError> {
        let estate = &*self.estate;
        let settled = settle(estate, scenario, Reading::AsIs);
        let mut overridden: BTreeMap<(usize, usize), BTreeMap<usize, usize>> = BTreeMap::new();
        for ((requirement, party), number) in &settled.overrides {
            let criterion = estate.requirements[*requirement].criterion;
            overridden.entry((criterion, *party)).or_default().insert(*requirement, *number);
        }
        let mut on_criterion: Vec<Vec<usize>> = vec![Vec::new(); estate.set.criteria.len()];
        for (at, each) in estate.requirements.iter().enumerate() {
            on_criterion[each.criterion].push(at);
        }
        let cells = Cells { estate, settled: &settled, overrides: &scenario.overrides, overridden, on_criterion };
        let parties = (0..estate.parties.len()).filter(|party| settled.parties_in[*party]);
        Ok(parties.flat_map(|party| cells.of_party(party)).collect())
    }
}

/// What a cell is about, by index.
#[derive(Debug, Clone, Copy)]
enum About {
    Layer(Layer),
    Criterion(usize),
}

struct Cells<'a> {
    estate: &'a Estate,
    settled: &'a Settled,
    overrides: &'a [Override],
    /// By criterion and party: the override that decides each requirement.
    overridden: BTreeMap<(usize, usize), BTreeMap<usize, usize>>,
    /// Requirements by criterion.
    on_criterion: Vec<Vec<usize>>,
}

impl Cells<'_> {
    fn of_party(&self, party: usize) -> Vec<ResponsibilityCell> {
        let estate = self.estate;
        let of = &estate.parties[party];
        let profile = &estate.profiles[of.profile];
        let all: u64 = of.weights.iter().sum();
        let ownership = Ownership::of(&estate.set, profile);
        let cell = |usage: &Usage, weight: u64, about: About, (owner, basis): (Owner, Vec<Basis>)| ResponsibilityCell {
            party_id: of.facts.party.party_id.clone(),
            party_name: of.facts.party.name.clone(),
            service_model: usage.model,
            service: usage.service.clone(),
            subject: match about {
                About::Layer(layer) => Subject::Layer(layer),
                About::Criterion(at) => Subject::Criterion(estate.set.criteria[at].criterion_id.clone()),
            },
            owner,
            resources: if of.provider.is_some() { weight } else { of.facts.resources },
            share: if all > 0 { weight as f64 / all as f64 } else { 0.0 },
            basis,
        };
        let criteria = (0..estate.set.criteria.len()).filter(|at| self.settled.criteria_in[*at]);
        let subjects: Vec<About> =
            Layer::ALL.iter().map(|layer| About::Layer(*layer)).chain(criteria.map(About::Criterion)).collect();
        let models: BTreeSet<ServiceModel> = profile.usages.iter().map(|usage| usage.model).collect();
        let mut cells = Vec::new();
        for model in models {
            let rest = Usage { model, service: None };
            let mut of_services = Vec::new();
            for about in &subjects {
                let of_rest = self.decided(*about, party, &rest, ownership);
                let mut rest_weight = None;
                let used = profile.usages.iter().zip(&of.weights).filter(|(usage, _)| usage.model == model);
                for (usage, weight) in used {
                    let own = usage.service.as_ref().map(|_| self.decided(*about, party, usage, ownership));
                    match own.filter(|own| *own != of_rest) {
                        Some(own) => of_services.push(cell(usage, *weight, *about, own)),
                        None => rest_weight = Some(rest_weight.unwrap_or(0) + weight),
                    }
                }
                if let Some(weight) = rest_weight {
                    cells.push(cell(&rest, weight, *about, of_rest));
                }
            }
            // Stable: subjects stay in their order.
            of_services.sort_by(|one, other| one.service.cmp(&other.service));
            cells.extend(of_services);
        }
        cells
    }

    fn decided(&self, about: About, party: usize, usage: &Usage, ownership: Ownership<'_>) -> (Owner, Vec<Basis>) {
        match about {
            About::Layer(layer) => {
                let mut basis = Vec::new();
                (ownership.of_layer(layer, None, usage, &mut basis), basis)
            }
            About::Criterion(criterion) => self.of_criterion(criterion, party, usage, ownership),
        }
    }

    fn of_criterion(
        &self,
        criterion: usize,
        party: usize,
        usage: &Usage,
        ownership: Ownership<'_>,
    ) -> (Owner, Vec<Basis>) {
        let estate = self.estate;
        let overridden = self.overridden.get(&(criterion, party));
        let (bears, reason) = estate.bearing(party, criterion);
        let mut owners: BTreeSet<Owner> = BTreeSet::new();
        let mut basis: Vec<Basis> = Vec::new();
        if bears {
            for at in &self.on_criterion[criterion] {
                let control = &estate.set.controls[estate.requirements[*at].control];
                let is_overridden = overridden.is_some_and(|rows| rows.contains_key(at));
                if control.shown == Shown::PerParty && !is_overridden {
                    let criterion = &estate.set.criteria[criterion];
                    owners.insert(ownership.of_control(&control.control, criterion, usage, &mut basis));
                }
            }
        }
        if let Some(rows) = overridden {
            self.scenario_overrides(rows, party, &mut owners, &mut basis);
        }
        let Some(owner) = combine(&owners) else {
            return match (bears, never_moves(&estate.set.criteria[criterion].series)) {
                (_, true) => {
                    let series = estate.set.criteria[criterion].series.clone();
                    (Owner::Customer, vec![Basis::NeverMoves { series }])
                }
                (true, false) => (Owner::Customer, vec![Basis::ShownOnce]),
                (false, false) => (Owner::NotApplicable, vec![Basis::Role { reason }]),
            };
        };
        let mut unique: Vec<Basis> = Vec::new();
        for each in basis {
            if !unique.contains(&each) {
                unique.push(each);
            }
        }
        let owner = self.rests_on(criterion, party, owner, &mut unique);
        (owner, unique)
    }

    /// Owners and reasons of what the scenario decides otherwise; one reason for each override.
    fn scenario_overrides(
        &self,
        rows: &BTreeMap<usize, usize>,
        party: usize,
        owners: &mut BTreeSet<Owner>,
        basis: &mut Vec<Basis>,
    ) {
        let mut controls_of: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (requirement, number) in rows {
            owners.insert(crate::settle::forced(self.estate, self.overrides[*number].verdict, (*requirement, party)).0);
            let control = &self.estate.set.controls[self.estate.requirements[*requirement].control].control;
            controls_of.entry(*number).or_default().push(control.control_id.clone());
        }
        for (number, control_ids) in controls_of {
            let decided = &self.overrides[number];
            let verdict = match decided.verdict {
                Verdict::Owner(owner) => format!("owner {owner}"),
                Verdict::Treatment(treatment) => format!("treatment {treatment}"),
            };
            basis.push(Basis::ScenarioOverride { verdict, control_ids, reason: decided.reason.clone() });
        }
    }

    /// What the provider's part rests on; handed back, it is shared.
    fn rests_on(&self, criterion: usize, party: usize, owner: Owner, basis: &mut Vec<Basis>) -> Owner {
        let provider_has_part = matches!(
            owner,
            Owner::Provider | Owner::OutsourcedToThirdParty | Owner::Shared | Owner::SharedWithThirdParty
        );
        if !provider_has_part {
            return owner;
        }
        if self.settled.assumed[party] {
            basis.push(Basis::AssumedReport);
            return owner;
        }
        let reliance = self.settled.reliance(criterion, party);
        if reliance.report == NONE {
            basis.push(Basis::Claim { reason: "no report of this party is at hand".to_owned() });
            return owner;
        }
        let held = &self.estate.reports[reliance.report as usize];
        let standing = &self.settled.standings[reliance.report as usize];
        let report_id = held.report.report_id.clone();
        if !reliance.relied {
            let obstacle = standing.obstacle.as_ref().or(held.obstacles[criterion].as_ref());
            let reason = obstacle.map_or_else(String::new, |obstacle| format!("report {report_id}: {obstacle}"));
            basis.push(Basis::Claim { reason });
            return owner;
        }
        basis.push(Basis::Report {
            report_id: report_id.clone(),
            period_start: held.report.period_start,
            period_end: held.report.period_end,
            reason: standing.judgement.reason.clone(),
        });
        if !reliance.cuec {
            return owner;
        }
        basis.push(Basis::UserEntityControls { report_id, cuec_refs: held.handed_back[criterion].clone() });
        match owner {
            Owner::Provider => Owner::Shared,
            Owner::OutsourcedToThirdParty => Owner::SharedWithThirdParty,
            other => other,
        }
    }
}
