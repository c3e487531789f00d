//! Scenarios side by side, and what drives the difference.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use carveout_model::{Sizing, Treatment};
use serde::Serialize;

use crate::outcome::Scoping;

/// Scenarios side by side; every list of values is in the order of [`Self::scenarios`], the first is the base.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The scenarios' names.
    pub scenarios: Vec<String>,
    /// Counts and hours.
    pub measures: Vec<Measure>,
    /// Parts of the hours that differ, by how much they differ, the most first.
    pub drivers: Vec<Driver>,
    /// What became of obligations whose treatment differs from the base, the most first.
    pub changes: Vec<TreatmentChange>,
}

/// One measure over all scenarios.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measure {
    /// The column of `scoping.sizing`, or `hours_p10`, `hours_p50`, `hours_p90`.
    pub measure: &'static str,
    /// Its value in each scenario.
    pub values: Vec<f64>,
}

/// One part of the hours over all scenarios.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Driver {
    /// As [`crate::Contributor::kind`]. Parties, controls and categories each take the same hours apart.
    pub kind: &'static str,
    /// Which one.
    pub subject: String,
    /// PERT hours in each scenario; 0 where it has no part.
    pub hours: Vec<f64>,
    /// The most less the least.
    pub spread: f64,
}

/// Obligations of one party that are treated otherwise than in the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TreatmentChange {
    /// The scenario.
    pub scenario: String,
    /// The party.
    pub party_id: String,
    /// The treatment in the base; none where it is out of scope there, or the party has no bearing.
    pub before: Option<Treatment>,
    /// The treatment in the scenario; none where it is out of scope, or the party has no bearing.
    pub after: Option<Treatment>,
    /// How many obligations.
    pub obligations: u32,
}

/// Compares scenarios with the first of them. One scenario is compared with nothing.
pub fn compare(scopings: &[Scoping]) -> Comparison {
    let scenarios = scopings.iter().map(|each| each.sizing.scenario.clone()).collect();
    let changes = scopings.first().map_or_else(Vec::new, |base| changes(base, &scopings[1..]));
    Comparison { scenarios, measures: measures(scopings), drivers: drivers(scopings), changes }
}

fn measures(scopings: &[Scoping]) -> Vec<Measure> {
    type Read = fn(&Sizing) -> f64;
    type ReadRange = fn(&Scoping) -> f64;
    let of_sizing: [(&'static str, Read); 19] = [
        ("criteria", |sizing| f64::from(sizing.criteria)),
        ("third_parties", |sizing| f64::from(sizing.third_parties)),
        ("naive_size", |sizing| f64::from(sizing.naive_size)),
        ("inclusive_size", |sizing| f64::from(sizing.inclusive_size)),
        ("carve_out_size", |sizing| f64::from(sizing.carve_out_size)),
        ("real_size", |sizing| f64::from(sizing.real_size)),
        ("customer", |sizing| f64::from(sizing.customer)),
        ("shared", |sizing| f64::from(sizing.shared)),
        ("inherited", |sizing| f64::from(sizing.inherited)),
        ("assess", |sizing| f64::from(sizing.assess)),
        ("not_applicable", |sizing| f64::from(sizing.not_applicable)),
        ("report_reviews", |sizing| f64::from(sizing.report_reviews)),
        ("vendor_assessments", |sizing| f64::from(sizing.vendor_assessments)),
        ("evidence_requests", |sizing| f64::from(sizing.evidence_requests)),
        ("evidence_answered", |sizing| f64::from(sizing.evidence_answered)),
        ("hours_low", |sizing| sizing.hours_low),
        ("hours_likely", |sizing| sizing.hours_likely),
        ("hours_high", |sizing| sizing.hours_high),
        ("hours_pert", |sizing| sizing.hours_pert),
    ];
    let mut found: Vec<Measure> = of_sizing
        .into_iter()
        .map(|(measure, read)| Measure { measure, values: scopings.iter().map(|each| read(&each.sizing)).collect() })
        .collect();
    let of_range: [(&'static str, ReadRange); 3] = [
        ("hours_p10", |each| each.percentiles.p10),
        ("hours_p50", |each| each.percentiles.p50),
        ("hours_p90", |each| each.percentiles.p90),
    ];
    found.extend(
        of_range.into_iter().map(|(measure, read)| Measure { measure, values: scopings.iter().map(read).collect() }),
    );
    found
}

fn drivers(scopings: &[Scoping]) -> Vec<Driver> {
    let mut hours: BTreeMap<(&'static str, &str), Vec<f64>> = BTreeMap::new();
    for (at, scoping) in scopings.iter().enumerate() {
        for part in &scoping.contributors {
            let values = hours.entry((part.kind, &part.subject)).or_insert_with(|| vec![0.0; scopings.len()]);
            values[at] += part.hours.pert();
        }
    }
    let mut found: Vec<Driver> = hours
        .into_iter()
        .map(|((kind, subject), hours)| {
            let most = hours.iter().copied().fold(f64::MIN, f64::max);
            let least = hours.iter().copied().fold(f64::MAX, f64::min);
            Driver { kind, subject: subject.to_owned(), hours, spread: most - least }
        })
        .filter(|driver| driver.spread > 1e-9)
        .collect();
    found.sort_by(|a, b| b.spread.total_cmp(&a.spread).then_with(|| (a.kind, &a.subject).cmp(&(b.kind, &b.subject))));
    found
}

/// Control, criterion and party.
type Key<'a> = (&'a str, &'a str, &'a str);

fn treatments(scoping: &Scoping) -> HashMap<Key<'_>, Treatment> {
    let decisions = &scoping.decisions;
    let estate = &decisions.estate;
    decisions
        .rows
        .iter()
        .map(|row| {
            let each = estate.requirements[row.requirement];
            let control = estate.set.controls[each.control].control.control_id.as_str();
            let criterion = estate.set.criteria[each.criterion].criterion_id.as_str();
            ((control, criterion, estate.party_id(row.party)), row.treatment)
        })
        .collect()
}

fn changes(base: &Scoping, others: &[Scoping]) -> Vec<TreatmentChange> {
    let before = treatments(base);
    let mut found = Vec::new();
    for other in others {
        let after = treatments(other);
        let keys: BTreeSet<&Key<'_>> = before.keys().chain(after.keys()).collect();
        let mut counted: BTreeMap<(&str, Option<Treatment>, Option<Treatment>), u32> = BTreeMap::new();
        for key in keys {
            let (before, after) = (before.get(key).copied(), after.get(key).copied());
            if before != after {
                *counted.entry((key.2, before, after)).or_default() += 1;
            }
        }
        found.extend(counted.into_iter().map(|((party_id, before, after), obligations)| TreatmentChange {
            scenario: other.sizing.scenario.clone(),
            party_id: party_id.to_owned(),
            before,
            after,
            obligations,
        }));
    }
    // Stable: scenarios stay in their order where counts are equal.
    found.sort_by_key(|change| std::cmp::Reverse(change.obligations));
    found
}
