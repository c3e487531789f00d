//! What a judgement says about one observation.

use carveout_model::{PartyOrigin, Provider, ServiceModel};
use serde_json::{Value, json};

use super::Resolver;
use crate::{
    Vendor,
    directory::{Hit, Owner, SignalKind, Standing},
};

/// An exact id that the vendor publishes.
pub(super) const PROVEN: f64 = 0.95;
/// A name that the provider states.
pub(super) const STRONG: f64 = 0.85;
/// A pattern in a live path.
pub(super) const MODERATE: f64 = 0.6;
/// A token or a fallback.
pub(super) const WEAK: f64 = 0.35;
/// A word in a name.
pub(super) const HINT: f64 = 0.15;
/// Nobody is named.
pub(super) const NONE: f64 = 0.0;

/// One judgement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// Somebody outside.
    Party(Box<Sighting>),
    /// Looks foreign and is not.
    Explained { reason: String },
    /// Nobody's party, and must still be seen.
    Exposure { kind: &'static str },
    /// Says nothing at all: a place where most values are no identities.
    Silent,
}

/// A party at one place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sighting {
    pub(super) party: PartyRef,
    pub(super) attribution: f64,
    pub(super) matched: Value,
    /// The provider whose own organization would have to be known to be sure that this is not ours.
    pub(super) provisional: Option<Provider>,
}

/// A party before any evidence is counted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PartyRef {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) domain: Option<String>,
    pub(super) category: Option<String>,
    pub(super) service_model: Option<ServiceModel>,
    pub(super) origin: PartyOrigin,
}

impl PartyRef {
    pub(super) fn vendor(vendor: &Vendor) -> Self {
        Self {
            id: vendor.vendor_id.clone(),
            name: vendor.name.clone(),
            domain: vendor.domain.clone(),
            category: vendor.kind.clone(),
            service_model: vendor.service_model(),
            origin: PartyOrigin::Directory,
        }
    }

    pub(super) fn unknown(id: String, name: String) -> Self {
        Self { id, name, domain: None, category: None, service_model: None, origin: PartyOrigin::Discovered }
    }
}

impl Verdict {
    pub(super) fn explained(reason: impl Into<String>) -> Self {
        Self::Explained { reason: reason.into() }
    }

    /// A party that nothing names.
    pub(super) fn unknown(id: String, name: String, provisional: Option<Provider>) -> Self {
        let party = PartyRef::unknown(id, name);
        Self::Party(Box::new(Sighting { party, attribution: NONE, matched: json!({"kind": "unknown"}), provisional }))
    }

    pub(super) fn party(party: PartyRef, attribution: f64, matched: Value) -> Self {
        Self::Party(Box::new(Sighting { party, attribution, matched, provisional: None }))
    }
}

impl Resolver<'_> {
    /// What a match in the directory means: a vendor, the provider itself, or a namespace of the provider's in which
    /// nothing tells the tenant.
    ///
    /// A cloud's own identity explains itself while we use that cloud; otherwise the cloud is the party.
    pub(super) fn hit(&self, hit: Hit<'_>) -> Verdict {
        let pattern = hit.pattern;
        let matched = json!({"kind": pattern.kind.as_str(), "pattern": pattern.text, "source": pattern.source});
        let confidence = confidence(hit);
        match &pattern.owner {
            Owner::Vendor(vendor_id) => match self.directory.vendor(vendor_id) {
                Some(vendor) => Verdict::party(PartyRef::vendor(vendor), confidence, matched),
                None => Verdict::unknown(format!("vendor-{vendor_id}"), vendor_id.clone(), None),
            },
            Owner::Provider { provider, standing, service } => {
                let party = self.provider_party(*provider);
                if self.ours.uses(*provider) || pattern.kind == SignalKind::DnsTxtPrefix {
                    let whose = match standing {
                        Standing::Owned => "own",
                        Standing::Shared => "shared namespace",
                    };
                    Verdict::explained(format!("{}'s {whose}: {service}", party.name))
                } else {
                    Verdict::party(party, confidence, matched)
                }
            }
        }
    }
}

/// How sure a match makes us that it is this vendor. A row that nobody confirmed is never more than moderate.
fn confidence(hit: Hit<'_>) -> f64 {
    let by_kind = match hit.pattern.kind {
        SignalKind::AwsAccount
        | SignalKind::AzureAppId
        | SignalKind::AzureTenant
        | SignalKind::CanonicalUser
        | SignalKind::GcpSaSuffix
        | SignalKind::LambdaLayerAccount
        | SignalKind::OidcIssuer
        | SignalKind::PartyId
        | SignalKind::VpceService => PROVEN,
        SignalKind::AwsPartnerEventSource
        | SignalKind::AzureProviderNamespace
        | SignalKind::DnsMxSuffix
        | SignalKind::GcpDomain
        | SignalKind::GcpService
        | SignalKind::MarketplacePublisher
        | SignalKind::SamlMetadata => STRONG,
        SignalKind::HttpDestinationHost if hit.exact => STRONG,
        SignalKind::DnsTxtPrefix => WEAK,
        _ => MODERATE,
    };
    if hit.pattern.is_unverified() { by_kind.min(MODERATE) } else { by_kind }
}
