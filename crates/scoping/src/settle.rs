//! Works out what no walk over rows decides: reports, reuse, costs and overrides.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Owner, Treatment};

use crate::catalogue::{ControlSet, Shown};
use crate::decide::{NONE, ReportAt, Settled};
use crate::effort::{self, Cost, CostTerms};
use crate::reliance::{Standing, standing};
use crate::responsibility::Ownership;
use crate::scenario::{Override, Scenario, Verdict};
use crate::sizer::Estate;

/// How far reports are taken into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As the scenario says.
    AsIs,
    /// Every party's report is relied on, held or not; what held reports hand back stays ours.
    CarveOut,
    /// Every party is tested at its site.
    Inclusive,
}

/// Works out what of a scenario no walk over rows decides: reports, reuse, costs and overrides.
pub(crate) fn settle(estate: &Estate, scenario: &Scenario, reading: Reading) -> Settled {
    let set = &estate.set;
    let is_named = |names: &BTreeSet<String>| -> Vec<bool> {
        estate.parties.iter().map(|each| names.contains(&each.facts.party.party_id)).collect()
    };
    let (criteria_in, parties_in) = in_scope(estate, scenario);
    let all = |value: bool| vec![value; estate.parties.len()];
    let (inclusive, assumed) = match reading {
        Reading::AsIs => (is_named(&scenario.inclusive), is_named(&scenario.assume_reports)),
        Reading::CarveOut => (all(false), all(true)),
        Reading::Inclusive => (all(true), all(false)),
    };

    let standings: Vec<Standing> = estate
        .reports
        .iter()
        .map(|each| standing(&each.report, &scenario.thresholds, scenario.judged_on(), &scenario.scope.period))
        .collect();
    let mut reliance = best_reports(estate, &standings);
    for (party, _) in assumed.iter().enumerate().filter(|(_, is_assumed)| **is_assumed) {
        for criterion in 0..set.criteria.len() {
            let cell = &mut reliance[criterion * (estate.own() + 1) + party];
            // A clean report hands nothing back; in the carve-out mode what is known to be handed back stays.
            let cuec = reading == Reading::CarveOut && cell.cuec;
            *cell = ReportAt { report: NONE, relied: true, cuec };
        }
    }

    let (reused, missing) = reuse(set, scenario);
    let notes = notes(estate, scenario, &parties_in, missing);
    let terms = CostTerms {
        report_type: scenario.scope.report_type,
        period: scenario.scope.period,
        level: scenario.sample_level,
    };
    let (costs, cost_at) = costs(estate, &terms);
    let mut settled = Settled {
        scenario: scenario.name.clone(),
        criteria_in,
        parties_in,
        inclusive,
        assumed,
        standings,
        places: estate.own() + 1,
        reliance,
        reused,
        costs,
        cost_at,
        overrides: BTreeMap::new(),
        notes,
    };
    settled.overrides =
        expand_overrides(estate, scenario, &settled.criteria_in, &settled.parties_in, &mut settled.notes);
    settled
}

/// Which criteria and which parties a scenario is about.
pub(crate) fn in_scope(estate: &Estate, scenario: &Scenario) -> (Vec<bool>, Vec<bool>) {
    let criteria = estate.set.criteria.iter().map(|each| scenario.scope.categories.contains(each.category)).collect();
    let parties = estate.parties.iter().map(|each| !scenario.without.contains(&each.facts.party.party_id)).collect();
    (criteria, parties)
}

/// The report that speaks for each criterion and party: one that can be relied on there, and of those the latest.
fn best_reports(estate: &Estate, standings: &[Standing]) -> Vec<ReportAt> {
    let criteria = estate.set.criteria.len();
    let mut best = vec![ReportAt { report: NONE, relied: false, cuec: false }; criteria * (estate.own() + 1)];
    for (at, (report, standing)) in estate.reports.iter().zip(standings).enumerate() {
        let Ok(number) = u32::try_from(at) else { continue };
        for criterion in 0..criteria {
            let relied = standing.obstacle.is_none() && report.obstacles[criterion].is_none();
            let cell = &mut best[criterion * (estate.own() + 1) + report.party];
            let is_better = cell.report == NONE
                || (relied, report.report.period_end)
                    > (cell.relied, estate.reports[cell.report as usize].report.period_end);
            if is_better {
                *cell = ReportAt { report: number, relied, cuec: !report.handed_back[criterion].is_empty() };
            }
        }
    }
    best
}

/// What limits the answer.
fn notes(estate: &Estate, scenario: &Scenario, parties_in: &[bool], missing: Vec<String>) -> Vec<String> {
    let mut notes: Vec<String> = missing
        .into_iter()
        .map(|framework| format!("there is no crosswalk for `{framework}`: nothing of it is reused"))
        .collect();
    if estate.incomplete_units > 0 {
        notes.push(format!(
            "{} units of the crawl are not complete: parties and resources in them are unknown and not counted",
            estate.incomplete_units
        ));
    }
    let without_roles =
        estate.parties.iter().zip(parties_in).filter(|(each, is_in)| **is_in && each.facts.roles.is_empty()).count();
    if without_roles > 0 {
        notes.push(format!("parties whose role is not known: {without_roles}; nothing was ruled out for them"));
    }
    let known: BTreeSet<&str> = estate.parties.iter().map(|each| each.facts.party.party_id.as_str()).collect();
    let named: BTreeSet<&String> =
        scenario.without.iter().chain(&scenario.inclusive).chain(&scenario.assume_reports).collect();
    for party_id in named.into_iter().filter(|party_id| !known.contains(party_id.as_str())) {
        notes.push(format!("the scenario names `{party_id}`, and there is no such party"));
    }
    notes
}

/// The framework controls that serve each criterion, by as many sources as the scenario wants, and the frameworks that
/// no crosswalk knows.
fn reuse(set: &ControlSet, scenario: &Scenario) -> (Vec<Vec<String>>, Vec<String>) {
    let mut reused = vec![Vec::new(); set.criteria.len()];
    let in_place = &scenario.scope.frameworks_in_place;
    if in_place.is_empty() {
        return (reused, Vec::new());
    }
    let frameworks: BTreeSet<&str> = in_place.iter().map(|name| set.framework(name)).collect();
    for agreement in set.crosswalk.agreeing_in(&frameworks, scenario.agreeing_sources) {
        let criterion = set.criteria.iter().position(|each| each.criterion_id == agreement.criterion_id);
        if let Some(criterion) = criterion {
            reused[criterion].push(format!("{}:{}", agreement.framework, agreement.framework_control_id));
        }
    }
    let mapped = set.crosswalk.frameworks();
    let missing = in_place.iter().filter(|name| !mapped.contains(set.framework(name))).cloned().collect();
    (reused, missing)
}

/// The cost of each control anywhere, and then at the places where more is known; and which holds where.
fn costs(estate: &Estate, terms: &CostTerms) -> (Vec<Cost>, Vec<u32>) {
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
    let number = |at: usize| u32::try_from(at).expect("controls and places are fewer than indices");
    let places = estate.own() + 1;
    let mut cost_at: Vec<u32> =
        (0..costs.len()).flat_map(|control| std::iter::repeat_n(number(control), places)).collect();
    let known: BTreeSet<(usize, usize)> = estate
        .checks
        .keys()
        .copied()
        .chain(estate.populations.keys().filter_map(|(control, party)| Some((*control, (*party)?))))
        .collect();
    for (control, place) in known {
        cost_at[control * places + place] = number(costs.len());
        let checks = estate.checks.get(&(control, place));
        costs.push(effort::cost(set, &set.controls[control], terms, checks, items(control, place)));
    }
    (costs, cost_at)
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
        let rows = rows_of_override(estate, each, criteria_in, parties_in);
        if rows.is_empty() {
            notes.push(format!("override {} matches nothing ({})", number + 1, each.reason));
        }
        decided.extend(rows.into_iter().map(|row| (row, number)));
    }
    decided
}

/// The rows that an override decides: requirement and party.
pub(crate) fn rows_of_override(
    estate: &Estate,
    each: &Override,
    criteria_in: &[bool],
    parties_in: &[bool],
) -> Vec<(usize, usize)> {
    let mut rows = Vec::new();
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
        let parties = estate.parties.iter().enumerate().filter(|(party, _)| parties_in[*party]);
        let is_meant = |id: &String| each.party.as_ref().is_none_or(|wanted| wanted == id);
        rows.extend(parties.filter(|(_, of)| is_meant(&of.facts.party.party_id)).map(|(party, _)| (at, party)));
    }
    rows
}

/// The owner and treatment that an override forces on one row.
pub(crate) fn forced(estate: &Estate, verdict: Verdict, row: (usize, usize)) -> (Owner, Option<Treatment>) {
    match verdict {
        Verdict::Owner(owner) => (owner, None),
        Verdict::Treatment(treatment) => {
            let requirement = estate.requirements[row.0];
            let criterion = &estate.set.criteria[requirement.criterion];
            let control = &estate.set.controls[requirement.control].control;
            let profile = &estate.profiles[estate.parties[row.1].profile];
            let owner = Ownership::of(&estate.set, profile).over(control, criterion, &profile.usages);
            (owner, Some(treatment))
        }
    }
}
