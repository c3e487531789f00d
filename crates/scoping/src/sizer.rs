//! Holds the estate's facts and sizes scenarios against them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carveout_model::{Criterion, PartyOrigin, Provider, Relation, Soc2Report, Strength, ThirdParty};

use crate::assemble::assemble;
use crate::catalogue::{ControlSet, RoleRule, Shown};
use crate::facts::{CheckCount, PartyFacts, ScopingInput};
use crate::frames::Frames;
use crate::outcome::Scoping;
use crate::reliance::{criterion_obstacle, handed_back};
use crate::responsibility::{Ownership, Profile, Usage, model_of};
use crate::scenario::Scenario;
use crate::settle::{Reading, settle};

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

/// A third party with what we use of it.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub facts: PartyFacts,
    pub provider: Option<Provider>,
    /// Its place among [`Estate::profiles`].
    pub profile: usize,
    /// Resources behind each usage of the profile; a vendor outside the clouds counts once.
    pub weights: Vec<u64>,
}

/// A report with what no scenario changes of it.
#[derive(Debug, Clone)]
pub(crate) struct EstateReport {
    pub party: usize,
    pub report: Soc2Report,
    /// By criterion: what stands in the way of relying on it there, whatever its age.
    pub obstacles: Vec<Option<String>>,
    /// By criterion: the user entity controls that it hands back to us, those left out that do not apply to us.
    pub handed_back: Vec<Vec<String>>,
}

/// Everything that no scenario changes.
#[derive(Debug)]
pub(crate) struct Estate {
    pub set: ControlSet,
    /// By party id.
    pub parties: Vec<Party>,
    pub profiles: Vec<Profile>,
    /// By control and the order of the criteria.
    pub requirements: Vec<Requirement>,
    /// By party and report id.
    pub reports: Vec<EstateReport>,
    /// By control and place; a control that is shown once has its place with us.
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
    pub(crate) estate: Arc<Estate>,
}

impl Sizer {
    /// Takes the facts in and prepares what no scenario changes.
    ///
    /// A cloud with resources counts as a third party, listed or not; its service models and their weights come from
    /// the resources. Reports, checks and populations of parties and controls that are not known are left out.
    ///
    /// # Errors
    /// [`ScopingError`] where the frames can't be built.
    pub fn new(set: &ControlSet, input: &ScopingInput<'_>) -> Result<Self, ScopingError> {
        let (parties, profiles) = parties_of(set, input);
        let requirements = requirements_of(set);
        let party_index: BTreeMap<&str, usize> =
            parties.iter().enumerate().map(|(at, each)| (each.facts.party.party_id.as_str(), at)).collect();
        let control_index: BTreeMap<&str, usize> =
            set.controls.iter().enumerate().map(|(at, each)| (each.control.control_id.as_str(), at)).collect();
        let reports = reports_of(set, input, &party_index);
        let mut checks: BTreeMap<(usize, usize), CheckCount> = BTreeMap::new();
        for each in input.checks {
            let control = control_index.get(each.control_id.as_str());
            let party = party_index.get(each.party_id.as_str());
            let (Some(control), Some(party)) = (control, party) else { continue };
            let place = if set.controls[*control].shown == Shown::Once { parties.len() } else { *party };
            checks.entry((*control, place)).and_modify(|known| known.add(each)).or_insert_with(|| each.clone());
        }
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
        let owner = |requirement: &Requirement, profile: usize| {
            let criterion = &set.criteria[requirement.criterion];
            let control = &set.controls[requirement.control].control;
            let profile = &profiles[profile];
            Ownership::of(set, profile).over(control, criterion, &profile.usages)
        };
        let per_party = |requirement: &Requirement| set.controls[requirement.control].shown == Shown::PerParty;
        let profile_of: Vec<usize> = parties.iter().map(|party| party.profile).collect();
        let frames = Frames::new(&requirements, &per_party, &bears, &profile_of, &owner)?;
        let estate = Estate {
            set: set.clone(),
            parties,
            profiles,
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

    /// The data that it combines.
    pub fn control_set(&self) -> &ControlSet {
        &self.estate.set
    }

    /// The ids of the parties that it knows, in their order.
    pub fn party_ids(&self) -> impl Iterator<Item = &str> {
        self.estate.parties.iter().map(|each| each.facts.party.party_id.as_str())
    }

    /// Sizes one scenario.
    ///
    /// # Errors
    /// [`ScopingError::Frame`] where the frames can't be joined, which is a fault of ours.
    pub fn size(&self, scenario: &Scenario) -> Result<Scoping, ScopingError> {
        self.size_as(scenario, Reading::AsIs)
    }

    /// Sizes a scenario with another reading of reports.
    pub(crate) fn size_as(&self, scenario: &Scenario, reading: Reading) -> Result<Scoping, ScopingError> {
        let estate = &self.estate;
        let settled = settle(estate, scenario, reading);
        let rows = estate.frames.rows(estate, &settled, &scenario.overrides)?;
        Ok(assemble(estate, scenario, settled, rows))
    }
}

/// Every (control, criterion) of the list, by control and the order of the criteria.
fn requirements_of(set: &ControlSet) -> Vec<Requirement> {
    let criterion_index: BTreeMap<&str, usize> =
        set.criteria.iter().enumerate().map(|(at, each)| (each.criterion_id.as_str(), at)).collect();
    let mut requirements = Vec::new();
    for (control, each) in set.controls.iter().enumerate() {
        let criteria: BTreeSet<usize> =
            each.control.criteria.iter().filter_map(|id| criterion_index.get(id.as_str()).copied()).collect();
        requirements.extend(criteria.into_iter().map(|criterion| Requirement { control, criterion }));
    }
    requirements
}

/// The reports of known parties, by party and id.
fn reports_of(set: &ControlSet, input: &ScopingInput<'_>, parties: &BTreeMap<&str, usize>) -> Vec<EstateReport> {
    let applies = |party_id: &str, cuec_ref: &str| {
        set.cuec_owners.get(&(party_id.to_owned(), cuec_ref.to_owned())).is_none_or(|owner| owner.applies)
    };
    let mut reports: Vec<EstateReport> = input
        .reports
        .iter()
        .filter_map(|each| {
            let obstacles = set
                .criteria
                .iter()
                .map(|criterion| criterion_obstacle(&each.report, &criterion.criterion_id, criterion.category));
            let handed_back = set.criteria.iter().map(|criterion| {
                let all = handed_back(&each.report, &criterion.criterion_id).into_iter();
                all.filter(|cuec_ref| applies(&each.party_id, cuec_ref)).map(ToOwned::to_owned).collect()
            });
            Some(EstateReport {
                party: *parties.get(each.party_id.as_str())?,
                report: each.report.clone(),
                obstacles: obstacles.collect(),
                handed_back: handed_back.collect(),
            })
        })
        .collect();
    reports.sort_by(|a, b| (a.party, &a.report.report_id).cmp(&(b.party, &b.report.report_id)));
    reports
}

/// The listed parties and the clouds in use, by id, with what we use of them.
fn parties_of(set: &ControlSet, input: &ScopingInput<'_>) -> (Vec<Party>, Vec<Profile>) {
    let named_services: BTreeSet<&str> = set.owner_rules.iter().filter_map(|rule| rule.service.as_deref()).collect();
    let is_named = |provider: Provider, service: &str| {
        let published = set.service_rules.get(provider.party_id());
        named_services.contains(service) || published.is_some_and(|services| services.contains_key(service))
    };
    let mut clouds: BTreeMap<Provider, BTreeMap<Usage, u64>> = BTreeMap::new();
    for count in input.resources.iter().filter(|count| count.count > 0) {
        let service = count.service.to_lowercase();
        let service = Some(service).filter(|service| is_named(count.provider, service));
        let usage = Usage { model: count.service_model, service };
        *clouds.entry(count.provider).or_default().entry(usage).or_default() += count.count;
    }
    type Found = (PartyFacts, Option<Provider>, BTreeMap<Usage, u64>);
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for facts in input.parties {
        let usages = BTreeMap::from([(Usage { model: model_of(facts), service: None }, 1)]);
        found.insert(facts.party.party_id.clone(), (facts.clone(), None, usages));
    }
    for (provider, usages) in clouds {
        let party_id = provider.party_id();
        let (facts, of, used) =
            found.entry(party_id.to_owned()).or_insert_with(|| (cloud(party_id), None, BTreeMap::new()));
        facts.resources = usages.values().sum();
        facts.roles.entry(Relation::Hosts).or_insert(Strength::Hosting);
        facts.roles.entry(Relation::StoresData).or_insert(Strength::SendsDataTo);
        (*of, *used) = (Some(provider), usages);
    }
    let by_rules = set.owner_rules.iter().filter_map(|rule| rule.party_id.as_deref());
    let named_parties: BTreeSet<&str> = by_rules.chain(set.service_rules.keys().map(String::as_str)).collect();
    let mut profiles: BTreeMap<Profile, usize> = BTreeMap::new();
    let parties = found
        .into_iter()
        .map(|(party_id, (facts, provider, usages))| {
            let (usages, weights) = usages.into_iter().unzip();
            let party_id = Some(party_id).filter(|id| named_parties.contains(id.as_str()));
            let next = profiles.len();
            let profile = *profiles.entry(Profile { party_id, usages }).or_insert(next);
            Party { facts, provider, profile, weights }
        })
        .collect();
    let mut by_number: Vec<(usize, Profile)> = profiles.into_iter().map(|(profile, at)| (at, profile)).collect();
    by_number.sort_by_key(|each| each.0);
    (parties, by_number.into_iter().map(|(_, profile)| profile).collect())
}

/// A cloud that is used and not listed.
fn cloud(party_id: &str) -> PartyFacts {
    PartyFacts {
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
    }
}
