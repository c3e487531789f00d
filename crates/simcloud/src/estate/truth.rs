//! What a crawl of the estate must find: the answer key of tests, the demo and the benchmarks.

use std::collections::BTreeMap;

use carveout_model::Provider;
use serde::Serialize;

/// Everything that a complete and honest crawl reports about the estate, and nothing else.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Truth {
    /// Every resource that is listed to a caller with the estate's own rights.
    pub resources: Vec<ExpectedResource>,
    /// Every third party that the resources give away.
    pub third_parties: Vec<ExpectedParty>,
    /// Scopes that are visible and can't be read.
    pub denied_scopes: Vec<ExpectedScope>,
    /// Scopes whose calls are throttled hard enough that a crawl meets it.
    pub throttled_scopes: Vec<ExpectedScope>,
    /// Identities that look foreign and are no third party.
    pub lookalikes: Vec<Lookalike>,
    /// Places that are open to everybody.
    pub exposures: Vec<ExpectedEvidence>,
    /// Secret values that are planted in configuration; none may reach the warehouse.
    pub planted_secrets: Vec<PlantedSecret>,
}

/// One resource that must be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ExpectedResource {
    /// Its cloud.
    pub provider: Provider,
    /// The provider's own type name (`AWS::S3::Bucket`, `microsoft.storage/storageaccounts`, `storage.googleapis.com/Bucket`).
    pub type_name: String,
    /// The account, subscription, tenant or project that holds it.
    pub scope_id: String,
    /// Region or location; `global` where the provider has none.
    pub region: String,
    /// An ARN (or AWS's own id where there is none), an ARM id in lower case, or a Cloud Asset full resource name.
    pub key: String,
}

/// One third party that must be found.
#[derive(Debug, Clone, Serialize)]
pub struct ExpectedParty {
    /// The id in the vendor directory; absent for a party that no directory knows.
    pub vendor_id: Option<String>,
    /// The vendor's name, or what is seen of an unknown party (`aws account 000000777001`).
    pub name: String,
    /// Where it shows.
    pub evidence: Vec<ExpectedEvidence>,
}

/// One place that shows a party or an exposure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpectedEvidence {
    /// The cloud it is seen in.
    pub provider: Provider,
    /// The account, subscription, tenant or project.
    pub scope_id: String,
    /// The resource that shows it, in the form of [`ExpectedResource::key`].
    pub resource_key: String,
    /// The kind of signal, in the word of the connectors' catalogues (`iam_trust_policy`, `dns_record`, `lambda_layer`).
    pub signal: String,
    /// The text that gives it away.
    pub value: String,
}

/// A scope with a peculiarity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpectedScope {
    /// Its cloud.
    pub provider: Provider,
    /// Its id.
    pub scope_id: String,
    /// What happens there.
    pub reason: String,
}

/// An identity that must be explained instead of reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lookalike {
    /// The cloud it is seen in.
    pub provider: Provider,
    /// The resource that shows it.
    pub resource_key: String,
    /// The text that looks foreign.
    pub value: String,
    /// Why it is none: `own_organization`, `provider_owned`, `service_principal`, `deleted_principal`, `person`.
    pub reason: String,
}

/// A secret that the estate's owner left in plain configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlantedSecret {
    /// The resource that carries it.
    pub resource_key: String,
    /// The value, which is made up and opens nothing.
    pub value: String,
}

impl Truth {
    /// How many resources of each type of one cloud must be found.
    pub fn counts(&self, provider: Provider) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for resource in self.resources.iter().filter(|resource| resource.provider == provider) {
            *counts.entry(resource.type_name.as_str()).or_default() += 1;
        }
        counts
    }

    /// The vendor ids that must be found in one cloud, sorted.
    pub fn vendors(&self, provider: Provider) -> Vec<&str> {
        let mut vendors: Vec<&str> = self
            .third_parties
            .iter()
            .filter(|party| party.evidence.iter().any(|evidence| evidence.provider == provider))
            .filter_map(|party| party.vendor_id.as_deref())
            .collect();
        vendors.sort_unstable();
        vendors
    }

    pub(crate) fn resource(&mut self, resource: ExpectedResource) {
        self.resources.push(resource);
    }

    /// Records one more place where a vendor of the directory shows.
    pub(crate) fn vendor(&mut self, vendor_id: &str, evidence: ExpectedEvidence) {
        match self.third_parties.iter_mut().find(|party| party.vendor_id.as_deref() == Some(vendor_id)) {
            Some(party) => party.evidence.push(evidence),
            None => self.third_parties.push(ExpectedParty {
                vendor_id: Some(vendor_id.to_owned()),
                name: vendor_id.to_owned(),
                evidence: vec![evidence],
            }),
        }
    }

    /// Records a place where a party shows that no directory knows.
    pub(crate) fn unknown(&mut self, name: &str, evidence: ExpectedEvidence) {
        match self.third_parties.iter_mut().find(|party| party.vendor_id.is_none() && party.name == name) {
            Some(party) => party.evidence.push(evidence),
            None => {
                self.third_parties.push(ExpectedParty {
                    vendor_id: None,
                    name: name.to_owned(),
                    evidence: vec![evidence],
                });
            }
        }
    }
}
