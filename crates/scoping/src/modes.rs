//! The size of an audit in the three modes that a scoping call knows, beside the real one.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::Treatment;
use serde::Serialize;

use crate::catalogue::{Shown, ThreePoint};
use crate::decide::Settled;
use crate::effort::{self, EffortLine, Percentiles};
use crate::outcome::Scoping;
use crate::scenario::Scenario;
use crate::settle::{Reading, settle};
use crate::sizer::{Estate, ScopingError, Sizer};

/// How subservice organizations are dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// As the scenario says, with the reports that are held.
    Real,
    /// Every criterion in scope for every third party, by our own evidence and a direct assessment: the upper bound
    /// from which a first scoping call starts.
    EachForEach,
    /// Every subservice organization tested at its site, for the criteria it takes part in.
    Inclusive,
    /// No tests at the vendors: every report is received and relied on, and what held reports hand back stays ours.
    CarveOut,
}

/// One mode's size, and what makes the difference to the real one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModeSize {
    /// The mode.
    pub mode: Mode,
    /// (criterion, third party) pairs that have to be shown.
    pub pairs: u32,
    /// (control, criterion, third party) that have to be shown, and those that are shown once for us.
    pub obligations: u32,
    /// Pieces of evidence asked for.
    pub evidence_requests: u32,
    /// Reports to review.
    pub report_reviews: u32,
    /// Vendors to assess directly, or to visit.
    pub vendor_assessments: u32,
    /// Hours: optimistic, most likely, pessimistic.
    pub hours: ThreePoint,
    /// PERT mean of the hours.
    pub hours_pert: f64,
    /// Seeded Monte Carlo range of the hours.
    pub percentiles: Percentiles,
    /// Against the real mode, the largest hours first; empty for the real mode itself. Hours add up to the whole
    /// difference.
    pub difference: Vec<Difference>,
}

/// A part of the difference between a mode and the real one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The third party (or us) whose evidence it is; none for reviews, assessments and what comes on top.
    pub party_id: Option<String>,
    /// What it is: `evidence and tests` or a unit of work.
    pub what: String,
    /// Pairs more (or less) than in the real mode.
    pub pairs: i64,
    /// PERT hours more (or less).
    pub hours: f64,
    /// Why.
    pub why: String,
}

/// A mode taken apart, so that two can be set against each other.
struct Parts {
    lines: Vec<EffortLine>,
    hours_by_party: BTreeMap<usize, ThreePoint>,
    /// By party.
    pairs: BTreeMap<usize, u32>,
    obligations: u32,
    evidence_requests: u32,
}

impl Sizer {
    /// The real size and the three modes beside it: [`Mode::Real`], [`Mode::EachForEach`], [`Mode::Inclusive`],
    /// [`Mode::CarveOut`]. Overrides, categories and parties left out hold in all of them; each for each knows neither
    /// overrides nor roles.
    ///
    /// # Errors
    /// As [`Self::size`].
    pub fn modes(&self, scenario: &Scenario) -> Result<Vec<ModeSize>, ScopingError> {
        let real = self.size(scenario)?;
        let real_parts = parts(&real);
        let mut sizes = vec![mode_size(Mode::Real, &real_parts)];
        let settled = settle(&self.estate, scenario, Reading::AsIs);
        let others = [
            (Mode::EachForEach, each_for_each(&self.estate, &settled)),
            (Mode::Inclusive, parts(&self.size_as(scenario, Reading::Inclusive)?)),
            (Mode::CarveOut, parts(&self.size_as(scenario, Reading::CarveOut)?)),
        ];
        for (mode, other) in others {
            let mut size = mode_size(mode, &other);
            size.difference = self.differences(&real, &real_parts, &other, mode);
            sizes.push(size);
        }
        Ok(sizes)
    }

    fn differences(&self, real: &Scoping, real_parts: &Parts, other: &Parts, mode: Mode) -> Vec<Difference> {
        let mut found = Vec::new();
        let parties: BTreeSet<usize> = real_parts
            .hours_by_party
            .keys()
            .chain(other.hours_by_party.keys())
            .chain(other.pairs.keys())
            .copied()
            .collect();
        for party in parties {
            let hours = |parts: &Parts| parts.hours_by_party.get(&party).map_or(0.0, |hours| hours.pert());
            let pairs = |parts: &Parts| i64::from(parts.pairs.get(&party).copied().unwrap_or(0));
            let difference = Difference {
                party_id: Some(self.estate.party_id(party).to_owned()),
                what: "evidence and tests".to_owned(),
                pairs: pairs(other) - pairs(real_parts),
                hours: hours(other) - hours(real_parts),
                why: why(real, party, mode),
            };
            found.push(difference);
        }
        let own_work = |line: &&EffortLine| !line.unit.starts_with("evidence.") && !line.unit.starts_with("test.");
        let by_unit = |parts: &Parts| -> BTreeMap<String, (f64, f64)> {
            let lines = parts.lines.iter().filter(own_work);
            lines.map(|line| (line.unit.clone(), (line.quantity, line.hours.pert()))).collect()
        };
        let (before, after) = (by_unit(real_parts), by_unit(other));
        for unit in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            let of = |units: &BTreeMap<String, (f64, f64)>| units.get(unit).copied().unwrap_or_default();
            let ((old_count, old_hours), (new_count, new_hours)) = (of(&before), of(&after));
            found.push(Difference {
                party_id: None,
                what: unit.clone(),
                pairs: 0,
                hours: new_hours - old_hours,
                why: if unit == "review" {
                    "a share of everything else".to_owned()
                } else {
                    format!("{new_count} instead of {old_count}")
                },
            });
        }
        found.retain(|each| each.pairs != 0 || each.hours.abs() > 1e-9);
        found.sort_by(|a, b| {
            b.hours.abs().total_cmp(&a.hours.abs()).then_with(|| (&a.party_id, &a.what).cmp(&(&b.party_id, &b.what)))
        });
        found
    }
}

fn mode_size(mode: Mode, parts: &Parts) -> ModeSize {
    let mut hours = ThreePoint::default();
    parts.lines.iter().for_each(|line| hours += line.hours);
    let quantity = |unit: &str| {
        let line = parts.lines.iter().find(|line| line.unit == unit);
        line.map_or(0, |line| line.quantity.round() as u32)
    };
    ModeSize {
        mode,
        pairs: parts.pairs.values().sum(),
        obligations: parts.obligations,
        evidence_requests: parts.evidence_requests,
        report_reviews: quantity("report.review"),
        vendor_assessments: quantity("vendor.assessment"),
        hours,
        hours_pert: hours.pert(),
        percentiles: effort::percentiles(&parts.lines),
        difference: Vec::new(),
    }
}

fn parts(scoping: &Scoping) -> Parts {
    let decisions = &scoping.decisions;
    let own = decisions.estate.own();
    let mut found = Parts {
        lines: scoping.effort.clone(),
        hours_by_party: BTreeMap::new(),
        pairs: BTreeMap::new(),
        obligations: 0,
        evidence_requests: scoping.sizing.evidence_requests,
    };
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for row in &decisions.rows {
        if row.treatment.repeats() {
            found.obligations += 1;
            if row.party != own {
                pairs.insert((row.party, decisions.estate.requirements[row.requirement].criterion));
            }
        }
        if row.primary {
            let hours = decisions.settled.costs[row.cost].hours(row.reused);
            *found.hours_by_party.entry(row.party).or_default() += hours;
        }
    }
    for (party, _) in pairs {
        *found.pairs.entry(party).or_default() += 1;
    }
    found
}

/// Every control of the criteria in scope at every third party and once for us, nothing reused and nothing relied on.
fn each_for_each(estate: &Estate, settled: &Settled) -> Parts {
    let criteria = settled.criteria_in.iter().filter(|is_in| **is_in).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let parties: Vec<usize> = (0..estate.own()).filter(|party| settled.parties_in[*party]).collect();
    let in_scope = estate.requirements.iter().filter(|each| settled.criteria_in[each.criterion]);
    let controls: BTreeSet<usize> = in_scope.clone().map(|each| each.control).collect();
    let mut found = Parts {
        lines: Vec::new(),
        hours_by_party: BTreeMap::new(),
        pairs: parties.iter().map(|party| (*party, count(criteria))).collect(),
        obligations: 0,
        evidence_requests: 0,
    };
    let mut units: BTreeMap<String, f64> = BTreeMap::new();
    for control in controls {
        let is_once = estate.set.controls[control].shown == Shown::Once;
        for place in parties.iter().copied().chain(is_once.then_some(estate.own())) {
            let cost = &settled.costs[settled.cost(control, place)];
            *found.hours_by_party.entry(place).or_default() += cost.hours(false);
            found.evidence_requests += cost.requests;
            for (unit, quantity) in cost.units(false) {
                *units.entry(unit.clone()).or_default() += quantity;
            }
        }
    }
    for each in in_scope {
        let is_once = estate.set.controls[each.control].shown == Shown::Once;
        found.obligations += count(parties.len() + usize::from(is_once));
    }
    units.insert("vendor.assessment".to_owned(), parties.len() as f64);
    found.lines = effort::lines_with_fixed(&estate.set, units);
    found
}

/// Why a party's part differs from the real one.
fn why(real: &Scoping, party: usize, mode: Mode) -> String {
    let decisions = &real.decisions;
    let estate = &decisions.estate;
    if party == estate.own() {
        return "controls that are shown once, for us".to_owned();
    }
    let mut criteria: BTreeMap<Treatment, BTreeSet<usize>> = BTreeMap::new();
    let mut shown: BTreeSet<usize> = BTreeSet::new();
    for row in decisions.rows.iter().filter(|row| row.party == party) {
        let criterion = estate.requirements[row.requirement].criterion;
        criteria.entry(row.treatment).or_default().insert(criterion);
        if row.treatment != Treatment::NotApplicable {
            shown.insert(criterion);
        }
    }
    let count = |treatment: Treatment| criteria.get(&treatment).map_or(0, BTreeSet::len);
    match mode {
        Mode::Real => String::new(),
        Mode::EachForEach => {
            let all = decisions.settled.criteria_in.iter().filter(|is_in| **is_in).count();
            format!(
                "no bearing on {} of {all} criteria, and {} inherited",
                all - shown.len(),
                count(Treatment::Inherited)
            )
        }
        Mode::Inclusive => format!(
            "tested at its site instead of inherited on {} and assessed on {} criteria",
            count(Treatment::Inherited),
            count(Treatment::Assess)
        ),
        Mode::CarveOut => match count(Treatment::Assess) {
            0 => "its report is relied on already".to_owned(),
            assessed => format!("a report is relied on for {assessed} criteria that none speaks for today"),
        },
    }
}
