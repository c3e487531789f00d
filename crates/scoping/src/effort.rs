//! Hours: units of work counted, three points each, and a seeded range for the total.

use std::collections::BTreeMap;

use carveout_model::{ControlKind, Period, ReportType};
use serde::Serialize;

use crate::catalogue::{CatalogueControl, ControlSet, ThreePoint};
use crate::facts::CheckCount;
use crate::scenario::SampleLevel;

/// One kind of work in the total.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EffortLine {
    /// The unit (`evidence.policy`, `report.review`, `fixed.planning`, `review`).
    pub unit: String,
    /// How many.
    pub quantity: f64,
    /// Hours for all of them.
    pub hours: ThreePoint,
    /// Where the figure for one comes from.
    pub source: String,
}

/// The range of the hours when each unit's effort is drawn from its triangle, once per draw and unit.
///
/// Drawn per unit and not per item: what one policy takes is uncertain in the same direction for all policies, and
/// independent draws for each item would promise a precision that nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Percentiles {
    /// One draw in ten is below.
    pub p10: f64,
    /// Half of the draws are below.
    pub p50: f64,
    /// Nine draws in ten are below.
    pub p90: f64,
    /// How many draws.
    pub draws: u32,
    /// The seed; the same seed gives the same range.
    pub seed: u64,
}

/// What showing one control at one place takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cost {
    pub requests: u32,
    pub answered: u32,
    pub population: Option<u64>,
    pub samples: Option<u32>,
    /// Hours with and without a framework's evidence to reuse.
    pub hours: ThreePoint,
    pub hours_reused: ThreePoint,
    /// Units counted, in the same two ways.
    pub units: BTreeMap<String, f64>,
    pub units_reused: BTreeMap<String, f64>,
    pub checks: Option<CheckCount>,
}

impl Cost {
    /// Hours, with a framework's evidence or without.
    pub fn hours(&self, reused: bool) -> ThreePoint {
        if reused { self.hours_reused } else { self.hours }
    }

    /// Units counted, in the same two ways.
    pub fn units(&self, reused: bool) -> &BTreeMap<String, f64> {
        if reused { &self.units_reused } else { &self.units }
    }
}

/// What of a scenario decides costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CostTerms {
    pub report_type: ReportType,
    pub period: Period,
    pub level: SampleLevel,
}

impl CostTerms {
    /// The audit period in years.
    fn years(&self) -> f64 {
        let days = self.period.start.until(self.period.end).map_or(0, |span| span.get_days());
        (f64::from(days) + 1.0) / 365.0
    }
}

/// The cost of one control, at a place where checks or a population are known, or anywhere else.
pub(crate) fn cost(
    set: &ControlSet,
    control: &CatalogueControl,
    terms: &CostTerms,
    checks: Option<&CheckCount>,
    items: Option<u64>,
) -> Cost {
    // An answer that leaves some of the resources unknown is no answer yet.
    let is_answered = checks.is_some_and(|each| each.unknown == 0 && each.passed + each.failed > 0);
    let checked = checks.map(CheckCount::population).filter(|all| *all > 0);
    let (population, samples) = match terms.report_type {
        ReportType::Type1 => (items.or(checked), None),
        ReportType::Type2 => {
            let (population, samples) = sample(set, control, terms, items.or(checked));
            (population, Some(samples))
        }
    };

    let mut units: BTreeMap<String, f64> = BTreeMap::new();
    let mut units_reused: BTreeMap<String, f64> = BTreeMap::new();
    let mut answered = 0;
    for request in &control.evidence {
        let unit = format!("evidence.{}", request.kind);
        if is_answered && set.effort.get(&unit).is_some_and(|effort| effort.answerable) {
            answered += 1;
            for counted in [&mut units, &mut units_reused] {
                *counted.entry("evidence.answered".to_owned()).or_default() += 1.0;
            }
        } else {
            *units.entry(unit).or_default() += 1.0;
            *units_reused.entry("evidence.reused".to_owned()).or_default() += 1.0;
        }
    }
    let per_sample = match control.control.kind {
        ControlKind::Manual => "test.sample_manual",
        ControlKind::Automated => "test.sample_automated",
    };
    for counted in [&mut units, &mut units_reused] {
        *counted.entry("test.design".to_owned()).or_default() += 1.0;
        if let Some(samples) = samples {
            *counted.entry(per_sample.to_owned()).or_default() += f64::from(samples);
        }
    }
    Cost {
        requests: u32::try_from(control.evidence.len()).unwrap_or(u32::MAX),
        answered,
        population,
        samples,
        hours: hours_of(set, &units),
        hours_reused: hours_of(set, &units_reused),
        units,
        units_reused,
        checks: checks.cloned(),
    }
}

/// The population in the audit period and how many of it are tested.
fn sample(set: &ControlSet, control: &CatalogueControl, terms: &CostTerms, known: Option<u64>) -> (Option<u64>, u32) {
    // A machine that does not change does the same every time: one test, and change control for the rest.
    if control.control.kind == ControlKind::Automated {
        return (known, 1);
    }
    let of_frequency = |from: Option<u64>| {
        set.samples
            .iter()
            .filter(|rule| rule.frequency == control.control.frequency)
            .filter(|rule| from.is_none_or(|population| rule.population_from <= population))
            .max_by_key(|rule| if from.is_some() { rule.population_from } else { u64::MAX - rule.population_from })
    };
    let scheduled = of_frequency(None)
        .and_then(|rule| rule.per_year)
        .map(|per_year| ((per_year as f64 * terms.years()).round() as u64).max(1));
    let population = scheduled.or(known);
    let Some(rule) = of_frequency(population).or_else(|| of_frequency(None)) else { return (population, 1) };
    let [low, moderate, high] = rule.samples;
    let wanted = match terms.level {
        SampleLevel::Low => low,
        SampleLevel::Moderate => moderate,
        SampleLevel::High => high,
    };
    let samples = population.map_or(wanted, |items| wanted.min(u32::try_from(items).unwrap_or(u32::MAX)));
    (population, samples)
}

fn hours_of(set: &ControlSet, units: &BTreeMap<String, f64>) -> ThreePoint {
    let mut hours = ThreePoint::default();
    for (unit, quantity) in units {
        if let Some(effort) = set.effort.get(unit) {
            hours += effort.hours.times(*quantity);
        }
    }
    hours.summable()
}

/// Lines for counted units and the fixed parts, with the share of review on top of everything.
pub(crate) fn lines_with_fixed(set: &ControlSet, mut units: BTreeMap<String, f64>) -> Vec<EffortLine> {
    for unit in set.effort.keys().filter(|unit| unit.starts_with("fixed.")) {
        units.insert(unit.clone(), 1.0);
    }
    lines(set, &units)
}

/// Lines for counted units, with the share of review on top of everything.
fn lines(set: &ControlSet, units: &BTreeMap<String, f64>) -> Vec<EffortLine> {
    let mut lines: Vec<EffortLine> = units
        .iter()
        .filter(|(_, quantity)| **quantity > 0.0)
        .filter_map(|(unit, quantity)| {
            let effort = set.effort.get(unit)?;
            let (unit, quantity, source) = (unit.clone(), *quantity, effort.source.clone());
            Some(EffortLine { unit, quantity, hours: effort.hours.times(quantity), source })
        })
        .collect();
    let mut before_review = ThreePoint::default();
    lines.iter().for_each(|line| before_review += line.hours);
    let share = set.review_share;
    lines.push(EffortLine {
        unit: "review".to_owned(),
        quantity: 1.0,
        hours: ThreePoint {
            low: before_review.low * share.low,
            likely: before_review.likely * share.likely,
            high: before_review.high * share.high,
        },
        source: "review_share in effort.toml".to_owned(),
    });
    lines
}

/// Draws of the range that comes with every size.
const DRAWS: u32 = 10_000;
/// Its seed.
const SEED: u64 = 0x5eed_ca7e;

/// The range that comes with every size.
pub(crate) fn percentiles(lines: &[EffortLine]) -> Percentiles {
    monte_carlo(lines, DRAWS, SEED)
}

/// Draws the total many times over, each line's hours from its triangle; no draws are one. The same lines, draws and
/// seed give the same range on every machine.
pub fn monte_carlo(lines: &[EffortLine], draws: u32, seed: u64) -> Percentiles {
    let draws = draws.max(1);
    let mut state = seed;
    let mut totals: Vec<f64> =
        (0..draws).map(|_| lines.iter().map(|line| triangle(line.hours, uniform(&mut state))).sum()).collect();
    totals.sort_unstable_by(f64::total_cmp);
    let at = |part: usize| totals[(totals.len() - 1) * part / 10];
    Percentiles { p10: at(1), p50: at(5), p90: at(9), draws, seed }
}

/// The next number in [0, 1) by SplitMix64 (Steele, Lea, Flood 2014).
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// The inverse of the triangular distribution over low, likely and high.
fn triangle(hours: ThreePoint, draw: f64) -> f64 {
    let width = hours.high - hours.low;
    if width <= 0.0 {
        return hours.likely;
    }
    let peak = (hours.likely - hours.low) / width;
    if draw < peak {
        hours.low + (draw * width * (hours.likely - hours.low)).sqrt()
    } else {
        hours.high - ((1.0 - draw) * width * (hours.high - hours.likely)).sqrt()
    }
}
