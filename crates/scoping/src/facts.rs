//! The facts of the estate that sizing rests on, as the caller reads them from the warehouse.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Evidence, EvidenceStatus, Provider, Relation, ServiceModel, Soc2Report, Strength, ThirdParty};

/// A third party with what it is to us.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyFacts {
    /// The party.
    pub party: ThirdParty,
    /// Each relation that live or dormant evidence shows, with its greatest strength. Empty: its role is not known.
    pub roles: BTreeMap<Relation, Strength>,
    /// Resources of ours that show it.
    pub resources: u64,
}

/// Sums evidence up to what each party is to us. Parties without evidence that counts keep an empty role.
pub fn party_facts(parties: &[ThirdParty], evidence: &[Evidence]) -> Vec<PartyFacts> {
    let mut found: BTreeMap<&str, (BTreeMap<Relation, Strength>, BTreeSet<&str>)> = BTreeMap::new();
    for row in evidence.iter().filter(|row| matches!(row.status, EvidenceStatus::Live | EvidenceStatus::Dormant)) {
        let (roles, resources) = found.entry(&row.party_id).or_default();
        let strength = roles.entry(row.relation).or_insert(row.strength);
        *strength = row.strength.max(*strength);
        resources.insert(&row.resource_key);
    }
    parties
        .iter()
        .map(|party| {
            let (roles, resources) = found.remove(party.party_id.as_str()).unwrap_or_default();
            PartyFacts { party: party.clone(), roles, resources: resources.len() as u64 }
        })
        .collect()
}

/// How many live resources of one type there are: the weights of the responsibility matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceCount {
    /// The cloud. A cloud with resources counts as a third party, listed or not.
    pub provider: Provider,
    /// The provider's service.
    pub service: String,
    /// The provider's type name.
    pub type_name: String,
    /// How much of the stack the provider runs.
    pub service_model: ServiceModel,
    /// Live resources.
    pub count: u64,
}

/// A report with the party that it speaks for.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyReport {
    /// The party.
    pub party_id: String,
    /// Its report.
    pub report: Soc2Report,
}

/// What the packaged checks found for one control at one party.
///
/// Checks of a cloud's resources belong to the party that the cloud is ([`Provider::party_id`]); checks that look at
/// third parties give one count per party. Counts of the same control and party are added up; those of a control that
/// is shown once are added up over all parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckCount {
    /// The control.
    pub control_id: String,
    /// The third party: a cloud (`aws`, `azure`, `google-cloud`) or a vendor.
    pub party_id: String,
    /// Resources that pass.
    pub passed: u64,
    /// Resources that fail.
    pub failed: u64,
    /// Resources of which it can't be told. Never counted as a pass.
    pub unknown: u64,
    /// Resources on which the checks have no bearing: in no population.
    pub not_applicable: u64,
}

impl CheckCount {
    /// Resources that the checks bear on: the population.
    pub fn population(&self) -> u64 {
        self.passed + self.failed + self.unknown
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.unknown += other.unknown;
        self.not_applicable += other.not_applicable;
    }
}

/// A population that samples are drawn from, where it is known from elsewhere than the checks (users, changes, hires).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// The control.
    pub control_id: String,
    /// The party at which it is tested; none for every place where it is.
    pub party_id: Option<String>,
    /// Items in the audit period.
    pub items: u64,
}

/// Everything about the estate that sizing rests on.
#[derive(Debug, Clone, Copy)]
pub struct ScopingInput<'a> {
    /// The third parties.
    pub parties: &'a [PartyFacts],
    /// Live resources by type.
    pub resources: &'a [ResourceCount],
    /// Vendors' reports; several for one party are allowed.
    pub reports: &'a [PartyReport],
    /// Results of the checks; may be empty.
    pub checks: &'a [CheckCount],
    /// Known populations; may be empty.
    pub populations: &'a [Population],
    /// Coverage rows of the run that are not `ok`.
    pub incomplete_units: u32,
}
