//! The data that scoping combines: criteria, controls, responsibility, roles, samples, effort and crosswalks.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Control, Criterion, EvidenceGuide, Frequency, Layer, Owner, ServiceModel};

use crate::crosswalk::Crosswalk;
use crate::data_error::DataError;
use crate::load::{self, DataFile};

/// For whom a control is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Once, for us, whoever the providers are (a code of conduct).
    Once,
    /// For each third party that bears on it (encryption at rest).
    PerParty,
}

/// One piece of evidence that a control asks for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRequest {
    /// The kind: a key of `[evidence]` in `effort.toml`.
    pub kind: String,
    /// What is asked for, as it would stand in a request list.
    pub request: String,
}

/// A control with what sizing needs beside [`Control`].
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueControl {
    /// The control.
    pub control: Control,
    /// Once, or for each party.
    pub shown: Shown,
    /// What one common test would rest on where a single implementation serves every party (`identity_provider`).
    pub common_test: Option<String>,
    /// The evidence it asks for, wherever it is shown.
    pub evidence: Vec<EvidenceRequest>,
}

/// Hours: optimistic, most likely, pessimistic.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct ThreePoint {
    /// Optimistic.
    pub low: f64,
    /// Most likely.
    pub likely: f64,
    /// Pessimistic.
    pub high: f64,
}

impl ThreePoint {
    /// `count` times as much.
    pub fn times(self, count: f64) -> Self {
        Self { low: self.low * count, likely: self.likely * count, high: self.high * count }
    }

    /// The same hours in multiples of 2⁻³⁰, so that sums below 2²³ hours are exact: a database may add them up in any
    /// order and still answer alike to the last digit.
    pub fn summable(self) -> Self {
        const PARTS: f64 = (1_u32 << 30) as f64;
        let nearest = |hours: f64| (hours * PARTS).round() / PARTS;
        Self { low: nearest(self.low), likely: nearest(self.likely), high: nearest(self.high) }
    }

    /// The PERT mean: (low + 4 × likely + high) / 6.
    pub fn pert(self) -> f64 {
        (self.low + 4.0 * self.likely + self.high) / 6.0
    }
}

impl std::ops::AddAssign for ThreePoint {
    fn add_assign(&mut self, other: Self) {
        self.low += other.low;
        self.likely += other.likely;
        self.high += other.high;
    }
}

/// What one unit of work takes.
#[derive(Debug, Clone, PartialEq)]
pub struct EffortUnit {
    /// Hours for one.
    pub hours: ThreePoint,
    /// For evidence: whether the inventory can answer such a request.
    pub answerable: bool,
    /// Where the figure comes from.
    pub source: String,
}

/// Who owns a layer under a service model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerOwner {
    /// The service model.
    pub service_model: ServiceModel,
    /// The layer.
    pub layer: Layer,
    /// Who owns it.
    pub owner: Owner,
    /// Where that is written.
    pub source: String,
}

/// Who owns a cell of the responsibility matrix, with the reason: one row of `responsibility_overrides.csv`, where people
/// decide it otherwise, or of `service_owners.csv`, for what providers publish about single services. Empty keys match
/// everything; of several rows that match, the one that names most wins, and of those the last.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OwnerRule {
    /// The party (`aws`), where the row is about one.
    pub party_id: Option<String>,
    /// The party's service (`s3`), where the row is about one.
    pub service: Option<String>,
    /// The service model, where the row is about one.
    pub service_model: Option<ServiceModel>,
    /// The layer, where the row is about one.
    pub layer: Option<Layer>,
    /// A criterion (`CC6.1`) or a series (`CC6`), where the row is about one.
    pub criterion: Option<String>,
    /// The control, where the row is about one.
    pub control_id: Option<String>,
    /// Who owns it.
    pub owner: Owner,
    /// Why; never empty.
    pub reason: String,
    /// The file and line; where a provider publishes it, the address.
    pub source: String,
}

impl OwnerRule {
    /// How many keys it names.
    pub(crate) fn keys(&self) -> usize {
        let texts = [&self.party_id, &self.service, &self.criterion, &self.control_id];
        texts.iter().filter(|key| key.is_some()).count()
            + usize::from(self.service_model.is_some())
            + usize::from(self.layer.is_some())
    }

    /// Whether it is about the criterion, its series or all.
    pub(crate) fn names_criterion(&self, criterion: &Criterion) -> bool {
        self.criterion.as_ref().is_none_or(|key| *key == criterion.criterion_id || *key == criterion.series)
    }
}

/// Who answers for a complementary user entity control: one row of `cuec_owners.csv`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CuecOwner {
    /// The party whose reports hand it to us; their references outlive a single report.
    pub party_id: String,
    /// The report's own reference.
    pub cuec_ref: String,
    /// Our controls that carry it out; empty where it does not apply.
    pub control_ids: Vec<String>,
    /// Whether it applies to us at all.
    pub applies: bool,
    /// Why; never empty where it does not apply.
    pub reason: String,
}

/// Whether a party in a role has a bearing on a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    /// A relation, a strength, or `unknown` for a party of which no evidence counts.
    pub role: String,
    /// A criterion (`CC6.4`), a series (`CC6`) or `*`; the most specific rule of a role wins.
    pub criterion: String,
    /// Whether the role bears on it.
    pub applies: bool,
    /// Why.
    pub reason: String,
}

/// What a population's query lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// What is there now.
    Now,
    /// What happened in the audit period.
    Period,
}

/// Where the items of a control are listed: one row of `populations.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PopulationRule {
    /// The control.
    pub control_id: String,
    /// The query, by name.
    pub query: String,
    /// What it lists.
    pub covers: Covers,
}

/// How many items are tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleRule {
    /// How often the control operates.
    pub frequency: Frequency,
    /// The rule holds from this population on.
    pub population_from: u64,
    /// Operations in a year, where the frequency fixes them.
    pub per_year: Option<u64>,
    /// Samples at low, moderate and high risk.
    pub samples: [u32; 3],
    /// Where the figure comes from.
    pub source: String,
}

/// The rows of `service_owners.csv`, by party and service.
pub(crate) type ServiceRules = BTreeMap<String, BTreeMap<String, Vec<OwnerRule>>>;

/// All data that scoping combines, checked against each other.
#[derive(Debug, Clone)]
pub struct ControlSet {
    pub(crate) criteria: Vec<Criterion>,
    pub(crate) controls: Vec<CatalogueControl>,
    pub(crate) layer_owners: Vec<LayerOwner>,
    /// With the source.
    pub(crate) criterion_owners: BTreeMap<(ServiceModel, String), (Owner, String)>,
    pub(crate) owner_rules: Vec<OwnerRule>,
    pub(crate) service_rules: ServiceRules,
    pub(crate) cuec_owners: BTreeMap<(String, String), CuecOwner>,
    pub(crate) roles: Vec<RoleRule>,
    pub(crate) samples: Vec<SampleRule>,
    pub(crate) populations: Vec<PopulationRule>,
    pub(crate) effort: BTreeMap<String, EffortUnit>,
    pub(crate) review_share: ThreePoint,
    pub(crate) crosswalk: Crosswalk,
    pub(crate) framework_names: BTreeMap<String, String>,
    pub(crate) evidence_guide: Vec<EvidenceGuide>,
}

impl ControlSet {
    /// The data that comes with carveout.
    pub fn bundled() -> Self {
        load::bundled()
    }

    /// The bundled data with a user's files over it, by file name:
    ///
    /// `controls.toml` and `controls.csv` add controls and replace those with the same id (`replace = true` on top of
    /// the one, a first line `# replace` in the other drops all before them); `responsibility.csv`,
    /// `criterion_owners.csv`, `service_owners.csv`, `roles.csv`, `sample_sizes.csv`, `populations.csv`, `effort.toml`, `frameworks.csv` and
    /// `evidence_guide.csv` replace the rows with the same key; `responsibility_overrides.csv` decides cells otherwise,
    /// with a reason; `cuec_owners.csv` says who answers for user entity controls; `crosswalk_*.csv` adds edges.
    ///
    /// # Errors
    /// [`DataError`] with every problem of every file: unknown file name, criterion, layer or word, duplicated id,
    /// wrong type, missing column, missing reason.
    pub fn with_files(files: &[DataFile<'_>]) -> Result<Self, DataError> {
        load::with_files(files)
    }

    /// The trust services criteria, in their order.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// The ids of the criteria.
    pub fn criterion_ids(&self) -> BTreeSet<String> {
        self.criteria.iter().map(|each| each.criterion_id.clone()).collect()
    }

    /// The controls, by id.
    pub fn controls(&self) -> &[CatalogueControl] {
        &self.controls
    }

    /// Mappings of every framework that was loaded.
    pub fn crosswalk(&self) -> &Crosswalk {
        &self.crosswalk
    }

    /// The crosswalk's name of a framework in place (`ccm` is `CSA-CCM`); the name itself where none is set.
    pub fn framework<'a>(&'a self, name: &'a str) -> &'a str {
        self.framework_names.get(&name.to_lowercase()).map_or(name, String::as_str)
    }

    /// The responsibility matrix: service model × layer.
    pub fn layer_owners(&self) -> &[LayerOwner] {
        &self.layer_owners
    }

    /// The fallback matrix: service model × criterion, for controls that name no layer.
    pub fn criterion_owners(&self) -> impl Iterator<Item = (ServiceModel, &str, Owner)> {
        self.criterion_owners.iter().map(|((model, criterion), (owner, _))| (*model, criterion.as_str(), *owner))
    }

    /// Cells of the responsibility matrix that people decided otherwise.
    pub fn owner_rules(&self) -> &[OwnerRule] {
        &self.owner_rules
    }

    /// What providers publish of who owns what in single services, by party and service.
    pub fn service_rules(&self) -> impl Iterator<Item = &OwnerRule> {
        self.service_rules.values().flat_map(BTreeMap::values).flatten()
    }

    /// Who answers for complementary user entity controls, by party and reference.
    pub fn cuec_owners(&self) -> impl Iterator<Item = &CuecOwner> {
        self.cuec_owners.values()
    }

    /// Which roles bear on which criteria.
    pub fn roles(&self) -> &[RoleRule] {
        &self.roles
    }

    /// Sample sizes by frequency and population.
    pub fn samples(&self) -> &[SampleRule] {
        &self.samples
    }

    /// Where the items of controls are listed, by control and query.
    pub fn populations(&self) -> &[PopulationRule] {
        &self.populations
    }

    /// What stands in for a traditional test in each cloud, by criterion and cloud.
    pub fn evidence_guide(&self) -> &[EvidenceGuide] {
        &self.evidence_guide
    }

    /// Hours per unit of work, by unit.
    pub fn effort(&self) -> &BTreeMap<String, EffortUnit> {
        &self.effort
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summable_hours_add_up_alike_in_any_order() {
        let hours = |number: u32| {
            let likely = 0.1 * f64::from(number % 97) + 783.85 / f64::from(number + 1);
            ThreePoint { low: likely / 3.0, likely, high: likely * 1.7 }.summable()
        };
        let (mut forwards, mut backwards) = (ThreePoint::default(), ThreePoint::default());
        (0..5_000).for_each(|number| forwards += hours(number));
        (0..5_000).rev().for_each(|number| backwards += hours(number));
        assert_eq!(forwards, backwards);
        assert!((hours(7).likely - (0.7 + 783.85 / 8.0)).abs() < 1e-9);
    }
}
