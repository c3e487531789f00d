//! Works out what of a scenario is no join: reports, reuse, costs and overrides.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Owner, Treatment};

use crate::catalogue::{ControlSet, Shown};
use crate::decide::Settled;
use crate::effort::{self, Cost, CostTerms};
use crate::reliance::{criterion_obstacle, handed_back, standing};
use crate::responsibility::owner_over_models;
use crate::scenario::{Scenario, Verdict};
use crate::sizer::Estate;

/// Works out what of a scenario is not a join: reports, reuse, costs and overrides.
pub(crate) fn settle(estate: &Estate, scenario: &Scenario) -> Settled {
    let set = &estate.set;
    let criteria_in: Vec<bool> =
        set.criteria.iter().map(|each| scenario.scope.categories.contains(each.category)).collect();
    let parties_in: Vec<bool> =
        estate.parties.iter().map(|each| !scenario.without.contains(&each.facts.party.party_id)).collect();
    let inclusive: Vec<bool> =
        estate.parties.iter().map(|each| scenario.inclusive.contains(&each.facts.party.party_id)).collect();
    let mut notes = Vec::new();

    let standings: Vec<_> = estate
        .reports
        .iter()
        .map(|(_, each)| standing(&each.report, &scenario.thresholds, scenario.judged_on(), &scenario.scope.period))
        .collect();
    // What stands in the way on each criterion, and what is handed back, by report.
    let mut obstacles = Vec::with_capacity(estate.reports.len());
    let mut cuecs = Vec::with_capacity(estate.reports.len());
    for (at, (_, each)) in estate.reports.iter().enumerate() {
        let by_criterion: Vec<Option<String>> = set
            .criteria
            .iter()
            .map(|criterion| {
                standings[at]
                    .obstacle
                    .clone()
                    .or_else(|| criterion_obstacle(&each.report, &criterion.criterion_id, criterion.category))
            })
            .collect();
        obstacles.push(by_criterion);
        let handed: Vec<Vec<String>> = set
            .criteria
            .iter()
            .map(|each_criterion| {
                handed_back(&each.report, &each_criterion.criterion_id).into_iter().map(ToOwned::to_owned).collect()
            })
            .collect();
        cuecs.push(handed);
    }
    // The best report for each party and criterion: one that can be relied on, and then the latest.
    let mut best: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (at, (party, _)) in estate.reports.iter().enumerate() {
        for (criterion, _) in set.criteria.iter().enumerate() {
            let rank =
                |report: usize| (obstacles[report][criterion].is_none(), estate.reports[report].1.report.period_end);
            let chosen = best.entry((criterion, *party)).or_insert(at);
            if rank(at) > rank(*chosen) {
                *chosen = at;
            }
        }
    }
    let assumed: Vec<bool> =
        estate.parties.iter().map(|each| scenario.assume_reports.contains(&each.facts.party.party_id)).collect();

    let (reused, missing) = reuse(set, scenario);
    for framework in missing {
        notes.push(format!("there is no crosswalk for `{framework}`: nothing of it is reused"));
    }
    if estate.incomplete_units > 0 {
        notes.push(format!(
            "{} units of the crawl are not complete: parties and resources in them are unknown and not counted",
            estate.incomplete_units
        ));
    }
    let without_roles =
        estate.parties.iter().zip(&parties_in).filter(|(each, is_in)| **is_in && each.facts.roles.is_empty());
    let without_roles = without_roles.count();
    if without_roles > 0 {
        notes.push(format!("parties whose role is not known: {without_roles}; nothing was ruled out for them"));
    }
    let named = scenario.without.iter().chain(&scenario.inclusive).chain(&scenario.assume_reports);
    for party_id in named.collect::<BTreeSet<_>>() {
        if !estate.parties.iter().any(|each| each.facts.party.party_id == *party_id) {
            notes.push(format!("the scenario names `{party_id}`, and there is no such party"));
        }
    }

    let terms = CostTerms {
        report_type: scenario.scope.report_type,
        period: scenario.scope.period,
        level: scenario.sample_level,
    };
    let (costs, special_costs) = costs(estate, &terms);
    let overrides = expand_overrides(estate, scenario, &criteria_in, &parties_in, &mut notes);
    Settled {
        scenario: scenario.name.clone(),
        criteria_in,
        parties_in,
        inclusive,
        assumed,
        standings,
        obstacles,
        cuecs,
        best,
        reused,
        costs,
        special_costs,
        overrides,
        notes,
    }
}

/// The framework controls that serve each criterion, and the frameworks that no crosswalk knows.
fn reuse(set: &ControlSet, scenario: &Scenario) -> (Vec<Vec<String>>, Vec<String>) {
    let mut missing = Vec::new();
    let mut frameworks = BTreeSet::new();
    for name in &scenario.scope.frameworks_in_place {
        let framework = set.framework_names.get(&name.to_lowercase()).unwrap_or(name);
        if set.crosswalk.iter().any(|edge| edge.framework == *framework) {
            frameworks.insert(framework.as_str());
        } else {
            missing.push(name.clone());
        }
    }
    let mut sources: BTreeMap<(&str, &str, &str), BTreeSet<&str>> = BTreeMap::new();
    for edge in set.crosswalk.iter().filter(|edge| frameworks.contains(edge.framework.as_str())) {
        let key = (edge.criterion_id.as_str(), edge.framework.as_str(), edge.framework_control_id.as_str());
        sources.entry(key).or_default().insert(&edge.source);
    }
    let wanted = usize::try_from(scenario.agreeing_sources).unwrap_or(usize::MAX);
    let reused = set
        .criteria
        .iter()
        .map(|criterion| {
            sources
                .iter()
                .filter(|((id, _, _), agreeing)| *id == criterion.criterion_id && agreeing.len() >= wanted)
                .map(|((_, framework, control), _)| format!("{framework}:{control}"))
                .collect()
        })
        .collect();
    (reused, missing)
}

/// The cost of each control anywhere, and then at the places where more is known.
fn costs(estate: &Estate, terms: &CostTerms) -> (Vec<Cost>, BTreeMap<(usize, usize), usize>) {
    let set = &estate.set;
    let items = |control: usize, party: usize| {
        let here = estate.populations.get(&(control, Some(party)));
        here.or_else(|| estate.populations.get(&(control, None))).copied()
    };
    let everywhere = |control: usize| estate.populations.get(&(control, None)).copied();
    let mut costs: Vec<Cost> = set
        .controls
        .iter()
        .enumerate()
        .map(|(at, control)| effort::cost(set, control, terms, None, everywhere(at)))
        .collect();
    let places: BTreeSet<(usize, usize)> = estate
        .checks
        .keys()
        .copied()
        .chain(estate.populations.keys().filter_map(|(control, party)| Some((*control, (*party)?))))
        .collect();
    let mut special = BTreeMap::new();
    for (control, party) in places {
        special.insert((control, party), costs.len());
        let checks = estate.checks.get(&(control, party));
        costs.push(effort::cost(set, &set.controls[control], terms, checks, items(control, party)));
    }
    (costs, special)
}

/// Each override as the rows it decides; the last one wins.
fn expand_overrides(
    estate: &Estate,
    scenario: &Scenario,
    criteria_in: &[bool],
    parties_in: &[bool],
    notes: &mut Vec<String>,
) -> BTreeMap<(usize, usize), usize> {
    let mut decided = BTreeMap::new();
    for (number, each) in scenario.overrides.iter().enumerate() {
        let mut matched = false;
        for (at, requirement) in estate.requirements.iter().enumerate() {
            let control = &estate.set.controls[requirement.control];
            let criterion = &estate.set.criteria[requirement.criterion].criterion_id;
            // A control that is shown once has no places, unless the override names it.
            let is_named = each.control.as_ref() == Some(&control.control.control_id);
            if !criteria_in[requirement.criterion]
                || each.criterion.as_ref().is_some_and(|wanted| wanted != criterion)
                || (each.control.is_some() && !is_named)
                || (control.shown == Shown::Once && !is_named)
            {
                continue;
            }
            for (party, facts) in estate.parties.iter().enumerate().filter(|(party, _)| parties_in[*party]) {
                if each.party.as_ref().is_none_or(|wanted| *wanted == facts.facts.party.party_id) {
                    decided.insert((at, party), number);
                    matched = true;
                }
            }
        }
        if !matched {
            notes.push(format!("override {} matches nothing ({})", number + 1, each.reason));
        }
    }
    decided
}

/// The owner and treatment that an override forces on one row.
pub(crate) fn forced(estate: &Estate, verdict: Verdict, row: (usize, usize)) -> (Owner, Option<Treatment>) {
    match verdict {
        Verdict::Owner(owner) => (owner, None),
        Verdict::Treatment(treatment) => {
            let requirement = estate.requirements[row.0];
            let criterion = &estate.set.criteria[requirement.criterion];
            let control = &estate.set.controls[requirement.control].control;
            let mask = estate.parties[row.1].models.mask();
            let owner = owner_over_models(&estate.set, control, &criterion.criterion_id, &criterion.series, mask);
            (owner, Some(treatment))
        }
    }
}
