//! Holds the estate's facts and sizes scenarios against them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carveout_model::{Category, Criterion, PartyOrigin, Provider, Relation, Sizing, Strength, ThirdParty, Treatment};

use crate::catalogue::{ControlSet, RoleRule, Shown, ThreePoint};
use crate::decide::{Decisions, Settled};
use crate::effort;
use crate::facts::{CheckCount, PartyFacts, PartyReport, ScopingInput};
use crate::frames::{Frames, Rows, ScenarioFrames};
use crate::outcome::{Contributor, ReportReliance, Scoping, Toggle};
use crate::responsibility::{Models, model_of, owner_over_models};
use crate::scenario::Scenario;
use crate::settle::settle;

/// Why a scenario can't be sized.
#[derive(Debug, thiserror::Error)]
pub enum ScopingError {
    /// The frames could not be joined or summed: a fault of ours.
    #[error("sizing failed while {step}")]
    Frame {
        /// What was being done.
        step: &'static str,
        /// The engine's message.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More rows than ids can number.
    #[error("{count} parties or controls are more than can be sized")]
    TooMany {
        /// How many.
        count: usize,
    },
}

/// One (control, criterion) of the catalogue, by its index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requirement {
    pub control: usize,
    pub criterion: usize,
}

/// A third party, ready for the joins.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub facts: PartyFacts,
    pub models: Models,
    pub provider: Option<Provider>,
}

/// Everything that no scenario changes.
#[derive(Debug)]
pub(crate) struct Estate {
    pub set: ControlSet,
    /// By party id.
    pub parties: Vec<Party>,
    /// By control and the order of the criteria.
    pub requirements: Vec<Requirement>,
    pub reports: Vec<(usize, PartyReport)>,
    pub checks: BTreeMap<(usize, usize), CheckCount>,
    pub populations: BTreeMap<(usize, Option<usize>), u64>,
    pub incomplete_units: u32,
    pub roles: RoleIndex,
    pub frames: Frames,
}

/// The rows of the role table, by role and then by criterion or series.
pub(crate) type RoleIndex = BTreeMap<String, BTreeMap<String, RoleRule>>;

fn index_roles(set: &ControlSet) -> RoleIndex {
    let mut index = RoleIndex::new();
    for rule in &set.roles {
        index.entry(rule.role.clone()).or_default().insert(rule.criterion.clone(), rule.clone());
    }
    index
}

impl Estate {
    /// The index that stands for us among the parties.
    pub fn own(&self) -> usize {
        self.parties.len()
    }

    pub fn party_id(&self, party: usize) -> &str {
        self.parties.get(party).map_or(crate::OWN_ORGANIZATION, |each| &each.facts.party.party_id)
    }

    /// Whether a party bears on a criterion, by which of its roles, and why.
    ///
    /// One role that applies is enough; where none does, the reason of the strongest is kept.
    pub fn bearing(&self, party: usize, criterion: usize) -> (bool, String) {
        bearing(&self.roles, &role_words(&self.parties[party].facts), &self.set.criteria[criterion])
    }
}

/// The words under which the role table knows a party.
fn role_words(facts: &PartyFacts) -> Vec<&'static str> {
    if facts.roles.is_empty() {
        return vec!["unknown"];
    }
    let mut words: BTreeSet<&'static str> = BTreeSet::new();
    for (relation, strength) in &facts.roles {
        // No data path: whatever the relation is called, there is nothing to show beyond the contract.
        if *strength == Strength::Contact {
            words.insert(Relation::Contact.as_str());
        } else {
            words.insert(relation.as_str());
            words.insert(strength.as_str());
        }
    }
    words.into_iter().collect()
}

fn bearing(roles: &RoleIndex, words: &[&str], criterion: &Criterion) -> (bool, String) {
    let mut refusal: Option<String> = None;
    for word in words {
        let rule = roles.get(*word).and_then(|rules| {
            [criterion.criterion_id.as_str(), criterion.series.as_str(), "*"].into_iter().find_map(|key| rules.get(key))
        });
        match rule {
            Some(rule) if rule.applies => return (true, format!("{word}: {}", rule.reason)),
            Some(rule) => refusal = refusal.or_else(|| Some(format!("{word}: {}", rule.reason))),
            None => {}
        }
    }
    (false, refusal.unwrap_or_else(|| "no rule gives its roles a bearing on this criterion".to_owned()))
}

/// The estate in memory, ready to size scenarios one after another.
#[derive(Debug, Clone)]
pub struct Sizer {
    estate: Arc<Estate>,
}

impl Sizer {
    /// Takes the facts in and prepares the joins that no scenario changes.
    ///
    /// A cloud with resources counts as a third party, listed or not; its service models and their weights come from
    /// the resources. Reports, checks and populations of parties and controls that are not known are left out.
    ///
    /// # Errors
    /// [`ScopingError`] where the frames can't be built.
    pub fn new(set: &ControlSet, input: &ScopingInput<'_>) -> Result<Self, ScopingError> {
        let parties = parties_of(input);
        let party_index: BTreeMap<&str, usize> =
            parties.iter().enumerate().map(|(at, each)| (each.facts.party.party_id.as_str(), at)).collect();
        let criterion_index: BTreeMap<&str, usize> =
            set.criteria.iter().enumerate().map(|(at, each)| (each.criterion_id.as_str(), at)).collect();
        let control_index: BTreeMap<&str, usize> =
            set.controls.iter().enumerate().map(|(at, each)| (each.control.control_id.as_str(), at)).collect();
        let mut requirements = Vec::new();
        for (control, each) in set.controls.iter().enumerate() {
            let mut criteria: Vec<usize> =
                each.control.criteria.iter().filter_map(|id| criterion_index.get(id.as_str()).copied()).collect();
            criteria.sort_unstable();
            criteria.dedup();
            requirements.extend(criteria.into_iter().map(|criterion| Requirement { control, criterion }));
        }
        let mut reports: Vec<(usize, PartyReport)> = input
            .reports
            .iter()
            .filter_map(|each| Some((*party_index.get(each.party_id.as_str())?, each.clone())))
            .collect();
        reports.sort_by(|a, b| (a.0, &a.1.report.report_id).cmp(&(b.0, &b.1.report.report_id)));
        let checks = input
            .checks
            .iter()
            .filter_map(|each| {
                let control = *control_index.get(each.control_id.as_str())?;
                Some(((control, *party_index.get(each.provider.party_id())?), each.clone()))
            })
            .collect();
        let populations = input
            .populations
            .iter()
            .filter_map(|each| {
                let party = match &each.party_id {
                    Some(party_id) => Some(*party_index.get(party_id.as_str())?),
                    None => None,
                };
                Some(((*control_index.get(each.control_id.as_str())?, party), each.items))
            })
            .collect();
        let roles = index_roles(set);
        // Many parties have the same roles.
        let mut known: BTreeMap<Vec<&'static str>, Vec<bool>> = BTreeMap::new();
        let bears: Vec<Vec<bool>> = parties
            .iter()
            .map(|party| {
                let words = role_words(&party.facts);
                let judged = || set.criteria.iter().map(|criterion| bearing(&roles, &words, criterion).0).collect();
                known.entry(words.clone()).or_insert_with(judged).clone()
            })
            .collect();
        let owner = |requirement: &Requirement, mask: u32| {
            let criterion = &set.criteria[requirement.criterion];
            let control = &set.controls[requirement.control].control;
            owner_over_models(set, control, &criterion.criterion_id, &criterion.series, mask)
        };
        let per_party = |requirement: &Requirement| set.controls[requirement.control].shown == Shown::PerParty;
        let masks: Vec<u32> = parties.iter().map(|party| party.models.mask()).collect();
        let frames = Frames::new(&requirements, &per_party, &bears, &masks, &owner)?;
        let estate = Estate {
            set: set.clone(),
            parties,
            requirements,
            reports,
            checks,
            populations,
            incomplete_units: input.incomplete_units,
            roles,
            frames,
        };
        Ok(Self { estate: Arc::new(estate) })
    }

    /// Sizes one scenario.
    ///
    /// # Errors
    /// [`ScopingError::Frame`] where the frames can't be joined, which is a fault of ours.
    pub fn size(&self, scenario: &Scenario) -> Result<Scoping, ScopingError> {
        let estate = &self.estate;
        let settled = settle(estate, scenario);
        let rows = estate.frames.rows(&ScenarioFrames::of(estate, &settled, &scenario.overrides)?)?;
        Ok(assemble(estate, scenario, settled, rows))
    }

    /// What single changes would do to a scenario: each chosen category dropped, each party dropped, each missing
    /// report received, the frameworks dropped. Largest first, at most `limit`.
    ///
    /// # Errors
    /// As [`Self::size`].
    pub fn toggles(&self, scenario: &Scenario, limit: usize) -> Result<Vec<Toggle>, ScopingError> {
        let base = self.size(scenario)?;
        let mut changes: Vec<(String, Scenario)> = Vec::new();
        for category in Category::ALL.iter().filter(|each| **each != Category::Security) {
            let mut other = scenario.clone();
            let mut categories: Vec<Category> = scenario.scope.categories.iter().collect();
            let change = if scenario.scope.categories.contains(*category) {
                categories.retain(|each| each != category);
                format!("without {category}")
            } else {
                categories.push(*category);
                format!("with {category}")
            };
            if let Ok(set) = categories.try_into() {
                other.scope.categories = set;
                changes.push((change, other));
            }
        }
        // The dearest parties are those whose removal or report can change most.
        let dearest: Vec<String> = base
            .contributors(limit)
            .into_iter()
            .filter(|each| each.kind == "party" && each.subject != crate::OWN_ORGANIZATION)
            .map(|each| each.subject)
            .collect();
        let unreliable: BTreeSet<String> = base.decisions.parties_to_assess().into_iter().collect();
        for party_id in dearest {
            let mut other = scenario.clone();
            other.without.insert(party_id.clone());
            changes.push((format!("without {party_id}"), other));
        }
        for party_id in unreliable.into_iter().take(limit) {
            let mut other = scenario.clone();
            other.assume_reports.insert(party_id.clone());
            changes.push((format!("with a clean report of {party_id}"), other));
        }
        if !scenario.scope.frameworks_in_place.is_empty() {
            let mut other = scenario.clone();
            other.scope.frameworks_in_place.clear();
            changes.push(("without the frameworks in place".to_owned(), other));
        }
        let mut toggles = Vec::with_capacity(changes.len());
        for (change, other) in changes {
            let sized = self.size(&other)?.sizing;
            let delta = |after: u32, before: u32| i64::from(after) - i64::from(before);
            toggles.push(Toggle {
                change,
                hours_delta: sized.hours_pert - base.sizing.hours_pert,
                real_size_delta: delta(sized.real_size, base.sizing.real_size),
                evidence_requests_delta: delta(sized.evidence_requests, base.sizing.evidence_requests),
            });
        }
        toggles
            .sort_by(|a, b| b.hours_delta.abs().total_cmp(&a.hours_delta.abs()).then_with(|| a.change.cmp(&b.change)));
        toggles.truncate(limit);
        Ok(toggles)
    }
}

/// The listed parties and the clouds in use, by id.
fn parties_of(input: &ScopingInput<'_>) -> Vec<Party> {
    let mut cloud_models: BTreeMap<Provider, Models> = BTreeMap::new();
    for count in input.resources.iter().filter(|count| count.count > 0) {
        cloud_models.entry(count.provider).or_insert(Models { weights: [0; 3] }).weights
            [count.service_model as usize] += count.count;
    }
    let mut found: BTreeMap<String, Party> = BTreeMap::new();
    for facts in input.parties {
        let party = Party { facts: facts.clone(), models: Models::only(model_of(facts)), provider: None };
        found.insert(facts.party.party_id.clone(), party);
    }
    for (provider, models) in cloud_models {
        let party_id = provider.party_id();
        let party = found.entry(party_id.to_owned()).or_insert_with(|| Party {
            facts: PartyFacts {
                party: ThirdParty {
                    party_id: party_id.to_owned(),
                    name: party_id.to_owned(),
                    domain: None,
                    category: Some("iaas".to_owned()),
                    service_model: None,
                    origin: PartyOrigin::Provider,
                    in_register: false,
                    relation_strength: Some(Strength::Hosting),
                },
                roles: BTreeMap::new(),
                resources: 0,
            },
            models,
            provider: None,
        });
        party.models = models;
        party.provider = Some(provider);
        party.facts.resources = models.weights.iter().sum();
        party.facts.roles.entry(Relation::Hosts).or_insert(Strength::Hosting);
        party.facts.roles.entry(Relation::StoresData).or_insert(Strength::SendsDataTo);
    }
    found.into_values().collect()
}

/// Turns joined rows into the answer.
fn assemble(estate: &Arc<Estate>, scenario: &Scenario, settled: Settled, rows: Rows) -> Scoping {
    let set = &estate.set;
    let criteria = settled.criteria_in.iter().filter(|is_in| **is_in).count();
    let third_parties = settled.parties_in.iter().filter(|is_in| **is_in).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);

    let mut units: BTreeMap<String, f64> = BTreeMap::new();
    let (mut requests, mut answered) = (0_u32, 0_u32);
    for (cost, reused, times) in &rows.cost_counts {
        let cost = &settled.costs[*cost];
        requests += cost.requests * times;
        answered += cost.answered * times;
        for (unit, quantity) in if *reused { &cost.units_reused } else { &cost.units } {
            *units.entry(unit.clone()).or_default() += quantity * f64::from(*times);
        }
    }
    let reviews = rows.reports_relied_on.len();
    let assessments = rows.parties_to_assess.len();
    units.insert("report.review".to_owned(), reviews as f64);
    units.insert("vendor.assessment".to_owned(), assessments as f64);
    for (unit, _) in set.effort.iter().filter(|(unit, _)| unit.starts_with("fixed.")) {
        units.insert(unit.clone(), 1.0);
    }
    let lines = effort::lines(set, &units);
    let mut total = ThreePoint::default();
    lines.iter().for_each(|line| total += line.hours);

    let n = |treatment: Treatment| rows.by_treatment[treatment as usize];
    let not_applicable = n(Treatment::NotApplicable) + settled.left_out(estate, rows.third_party_rows);
    let sizing = Sizing {
        scenario: scenario.name.clone(),
        criteria: count(criteria),
        third_parties: count(third_parties),
        naive_size: count(criteria * third_parties),
        carve_out_size: rows.carve_out_size,
        inclusive_size: rows.inclusive_size,
        real_size: rows.real_size,
        customer: n(Treatment::Customer),
        shared: n(Treatment::Shared),
        inherited: n(Treatment::Inherited),
        assess: n(Treatment::Assess),
        not_applicable,
        report_reviews: count(reviews),
        vendor_assessments: count(assessments),
        evidence_requests: requests,
        evidence_answered: answered,
        hours_low: total.low,
        hours_likely: total.likely,
        hours_high: total.high,
        hours_pert: total.pert(),
        incomplete_units: estate.incomplete_units,
    };
    let reliance = estate
        .reports
        .iter()
        .enumerate()
        .filter(|(_, (party, _))| settled.parties_in[*party])
        .map(|(at, (_, each))| ReportReliance {
            report_id: each.report.report_id.clone(),
            party_id: each.party_id.clone(),
            reliance: settled.standings[at].judgement.reliance,
            judged_for: settled.standings[at].judgement.judged_for,
            reason: settled.standings[at].judgement.reason.clone(),
            obstacle: settled.standings[at].obstacle.clone(),
            relied_on: rows.reports_relied_on.get(&at).copied().unwrap_or(0),
        })
        .collect();
    let contributors = contributors(estate, &rows, &lines, total.pert());
    let percentiles = effort::percentiles(&lines);
    let notes = settled.notes.clone();
    let decisions = Arc::new(Decisions::new(Arc::clone(estate), settled, rows, scenario.overrides.clone()));
    Scoping { sizing, percentiles, effort: lines, reliance, notes, contributors, decisions }
}

fn contributors(estate: &Estate, rows: &Rows, lines: &[effort::EffortLine], all: f64) -> Vec<Contributor> {
    let share = |hours: ThreePoint| if all > 0.0 { hours.pert() / all } else { 0.0 };
    let mut found: Vec<Contributor> = Vec::new();
    let mut push = |kind, subject: String, hours: ThreePoint| {
        if hours.high > 0.0 {
            found.push(Contributor { kind, subject, hours, share: share(hours) });
        }
    };
    for (party, hours) in &rows.hours_by_party {
        push("party", estate.party_id(*party).to_owned(), *hours);
    }
    for (control, hours) in &rows.hours_by_control {
        push("control", estate.set.controls[*control].control.control_id.clone(), *hours);
    }
    let mut by_category: BTreeMap<Category, ThreePoint> = BTreeMap::new();
    for (criterion, hours) in &rows.hours_by_criterion {
        *by_category.entry(estate.set.criteria[*criterion].category).or_default() += *hours;
    }
    for (category, hours) in by_category {
        push("category", category.to_string(), hours);
    }
    for line in lines {
        let kind = match line.unit.as_str() {
            "report.review" => "report_review",
            "vendor.assessment" => "vendor_assessment",
            unit if unit.starts_with("fixed.") || unit == "review" => "fixed",
            _ => continue,
        };
        push(kind, line.unit.clone(), line.hours);
    }
    found.sort_by(|a, b| {
        b.hours.pert().total_cmp(&a.hours.pert()).then_with(|| (a.kind, &a.subject).cmp(&(b.kind, &b.subject)))
    });
    found
}
