//! Resolution: whose the observed identities are.
//!
//! A pure function of the observations of the whole estate, of what is ours and of the directory, with sorted output.
//! It drops nothing: what is not a party is explained or an exposure, and what nobody knows stays as an unknown party.

mod attribution;
mod aws;
mod federation;
mod hosts;
mod microsoft_google;
mod publishers;
mod verdict;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use carveout_model::{
    Direction, Evidence, EvidenceStatus, Explained, Exposure, Observation, Outsider, PartyOrigin, Provider, Relation,
    ServiceModel, Strength, ThirdParty,
};
use serde_json::{Map, Value, json};

pub use attribution::attribution;
use attribution::family;
use verdict::{PartyRef, Sighting, Verdict};

use crate::{Directory, Ours, directory::SignalKind};

/// What the observations come to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resolution {
    /// Every party, by id. One whose evidence does not count (stale, pending, hints) has no relation strength.
    pub parties: Vec<ThirdParty>,
    /// Why each is there, by party, resource, signal and path.
    pub evidence: Vec<Evidence>,
    /// What looks foreign and is not.
    pub explained: Vec<Explained>,
    /// Access that is nobody's party.
    pub exposures: Vec<Exposure>,
}

/// Says whose every observed identity is.
///
/// Evidence that a cloud hosts us is given for every scope of a provider, with the scope's id as `resource_key`.
/// While an organization's own list of accounts, tenants or projects is not known, an unknown identity of that
/// provider carries `provisional` in its evidence, and the explained rows say so once.
pub fn resolve<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
    ours: &Ours,
    directory: &Directory,
) -> Resolution {
    let observations: Vec<&Observation> = observations.into_iter().collect();
    let resolver =
        Resolver { ours, directory, saml: saml_providers(&observations), applications: applications(&observations) };
    let mut found = Collected::default();
    for (provider, scope_id) in &ours.hosting_scopes {
        found.hosting(&resolver, *provider, scope_id);
    }
    for (organization, account) in &ours.management_accounts {
        found.management(&resolver, organization, account);
    }
    for provider in ours.providers.iter().filter(|provider| !ours.organization_known(**provider)) {
        let scopes: Vec<&str> =
            ours.hosting_scopes.iter().filter(|(held, _)| held == provider).map(|(_, id)| id.as_str()).collect();
        found.explained.insert((
            scopes.first().copied().unwrap_or(provider.as_str()).to_owned(),
            provider.as_str().to_owned(),
            "own organization unknown: every foreign identity of this provider is provisional".to_owned(),
        ));
    }
    for observation in observations {
        for verdict in resolver.judge(observation) {
            found.add(&resolver, observation, resolver.named(verdict));
        }
    }
    found.finish()
}

/// The entity behind each SAML provider, by the provider's ARN: a role's trust names the ARN only.
fn saml_providers<'a>(observations: &[&'a Observation]) -> HashMap<&'a str, &'a Observation> {
    observations
        .iter()
        .filter(|seen| matches!(&seen.outsider, Outsider::SamlEntity(entity) if !entity.starts_with("arn:")))
        .map(|seen| (seen.resource_key.as_str(), *seen))
        .collect()
}

/// The application behind each service principal: it may name the vendor whose tenant nobody knows.
fn applications<'a>(observations: &[&'a Observation]) -> HashMap<&'a str, &'a Observation> {
    observations
        .iter()
        .filter(|seen| matches!(seen.outsider, Outsider::AzureApplication(_)))
        .map(|seen| (seen.resource_key.as_str(), *seen))
        .collect()
}

/// What a judgement needs.
pub(crate) struct Resolver<'a> {
    pub(crate) ours: &'a Ours,
    pub(crate) directory: &'a Directory,
    saml: HashMap<&'a str, &'a Observation>,
    applications: HashMap<&'a str, &'a Observation>,
}

impl Resolver<'_> {
    fn judge(&self, seen: &Observation) -> Vec<Verdict> {
        let one = |verdict| vec![verdict];
        match &seen.outsider {
            Outsider::AwsAccount(account) => one(self.aws_account(account, seen)),
            Outsider::LayerAccount(account) => one(self.layer_account(account, seen)),
            Outsider::AwsOrganization(id) => one(self.aws_organization(id)),
            Outsider::AwsService(service) => one(Verdict::explained(format!("AWS service principal {service}"))),
            Outsider::AwsDeletedPrincipal(id) => {
                one(Verdict::explained(format!("deleted principal {id}: its id stays in the policy and admits nobody")))
            }
            Outsider::AwsCanonicalUser(id) => one(self.canonical_user(id)),
            Outsider::OidcIssuer(issuer) => self.oidc_issuer(issuer, seen),
            Outsider::SamlEntity(entity) => one(self.saml_entity(entity, seen)),
            Outsider::DnsRecord { record_type, name, value } => one(self.dns_record(record_type, name, value)),
            Outsider::ContainerImage(image) => one(self.container_image(image, seen)),
            Outsider::Host(host) => one(self.destination(host, seen)),
            Outsider::AzureTenant(tenant) => one(self.owner_tenant(tenant, seen)),
            Outsider::AzureApplication(application) => one(self.azure_application(application, seen)),
            Outsider::AzureNamespace(namespace) => one(self.azure_namespace(namespace)),
            Outsider::GcpMember(member) => one(self.gcp_member(member)),
            Outsider::GcpProject(project) => one(self.gcp_project(project)),
            Outsider::MarketplacePublisher(publisher) => one(self.publisher(publisher)),
            Outsider::EndpointService(service) => one(self.endpoint_service(service)),
            Outsider::PartnerEventSource(source) => one(self.partner_event_source(source)),
            Outsider::NameHint(name) => one(self.name_hint(name)),
            Outsider::Anyone => one(anyone(seen)),
        }
    }

    /// A party whose raw id the user has named is that vendor, whatever shows it.
    fn named(&self, verdict: Verdict) -> Verdict {
        let Verdict::Party(sighting) = &verdict else { return verdict };
        match self.directory.find(SignalKind::PartyId, &sighting.party.id) {
            Some(hit) => self.hit(hit),
            None => verdict,
        }
    }
}

/// A wildcard is nobody's party: it is limited to something, or it is an exposure.
fn anyone(seen: &Observation) -> Verdict {
    if let Some(limits) = seen.context.get("limited_by").and_then(Value::as_array).filter(|limits| !limits.is_empty()) {
        let keys: Vec<&str> = limits.iter().filter_map(Value::as_str).collect();
        return Verdict::explained(format!("a wildcard that {} limits", keys.join(", ")));
    }
    let any_account = seen.value.ends_with("/AuthenticatedUsers") || seen.value == "allAuthenticatedUsers";
    Verdict::Exposure { kind: if any_account { "any_tenant" } else { "public_principal" } }
}

type EvidenceKey = (String, String, String, String, String);

/// Rows under their sort keys, so that order and duplicates don't depend on the input.
#[derive(Default)]
struct Collected {
    parties: BTreeMap<String, ThirdParty>,
    evidence: BTreeMap<EvidenceKey, Evidence>,
    explained: BTreeSet<(String, String, String)>,
    exposures: BTreeMap<(String, &'static str, String), Exposure>,
}

impl Collected {
    fn hosting(&mut self, resolver: &Resolver<'_>, provider: Provider, scope_id: &str) {
        let party = resolver.provider_party(provider);
        let evidence = Evidence {
            party_id: party.id.clone(),
            resource_key: scope_id.to_owned(),
            signal: "scope".to_owned(),
            relation: Relation::Hosts,
            strength: Strength::Hosting,
            direction: Direction::Outbound,
            detail: json!({"path": "", "value": scope_id, "matched": {"kind": "provider"}, "context": {},
                "family": "hosting"}),
            relation_confidence: 1.0,
            attribution_confidence: 1.0,
            status: EvidenceStatus::Live,
        };
        self.put(party, evidence);
    }

    /// A reseller's payer account at the top of our organization can do everything below it, with no role that says so.
    fn management(&mut self, resolver: &Resolver<'_>, organization: &str, account: &str) {
        let Some(hit) = resolver.directory.find(SignalKind::AwsAccount, account) else { return };
        let Verdict::Party(sighting) = resolver.hit(hit) else { return };
        let evidence = Evidence {
            party_id: sighting.party.id.clone(),
            resource_key: organization.to_owned(),
            signal: "management_account".to_owned(),
            relation: Relation::Administers,
            strength: Strength::CanAdmin,
            direction: Direction::Inbound,
            detail: json!({"path": "MasterAccountId", "value": account, "matched": sighting.matched, "context": {},
                "family": "iam_trust"}),
            relation_confidence: 1.0,
            attribution_confidence: sighting.attribution,
            status: EvidenceStatus::Live,
        };
        self.put(sighting.party, evidence);
    }

    fn add(&mut self, resolver: &Resolver<'_>, seen: &Observation, verdict: Verdict) {
        match verdict {
            Verdict::Party(sighting) => {
                let Sighting { party, attribution, matched, provisional } = *sighting;
                let mut detail = Map::new();
                detail.insert("path".to_owned(), json!(seen.path));
                detail.insert("value".to_owned(), json!(seen.value));
                detail.insert("matched".to_owned(), matched);
                detail.insert("context".to_owned(), seen.context.clone());
                detail.insert("family".to_owned(), json!(family(&seen.outsider, &seen.signal).as_str()));
                if let Some(provider) = provisional.filter(|provider| !resolver.ours.organization_known(*provider)) {
                    let note = format!("own {} organization unknown", provider.as_str());
                    detail.insert("provisional".to_owned(), json!(note));
                }
                let evidence = Evidence {
                    party_id: party.id.clone(),
                    resource_key: seen.resource_key.clone(),
                    signal: seen.signal.clone(),
                    relation: seen.relation,
                    strength: seen.strength,
                    direction: seen.direction,
                    detail: Value::Object(detail),
                    relation_confidence: seen.relation_confidence,
                    attribution_confidence: attribution,
                    status: seen.status,
                };
                self.put(party, evidence);
            }
            Verdict::Explained { reason } => {
                self.explained.insert((seen.resource_key.clone(), seen.value.clone(), reason));
            }
            Verdict::Exposure { kind } => {
                let exposure = Exposure {
                    resource_key: seen.resource_key.clone(),
                    kind: kind.to_owned(),
                    detail: json!({"path": seen.path, "value": seen.value, "signal": seen.signal,
                        "strength": seen.strength, "context": seen.context}),
                };
                self.exposures.insert((seen.resource_key.clone(), kind, seen.path.clone()), exposure);
            }
            Verdict::Silent => {}
        }
    }

    fn put(&mut self, party: PartyRef, evidence: Evidence) {
        let counts = matches!(evidence.status, EvidenceStatus::Live | EvidenceStatus::Dormant);
        let row = self.parties.entry(party.id.clone()).or_insert_with(|| party.into_third_party());
        if counts {
            row.relation_strength = row.relation_strength.max(Some(evidence.strength));
        }
        let text = |member: &str| evidence.detail.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        let key = (
            evidence.party_id.clone(),
            evidence.resource_key.clone(),
            evidence.signal.clone(),
            text("path"),
            text("value"),
        );
        // One place can name one party twice (an account through a service and by itself): the stronger row stays.
        match self.evidence.entry(key) {
            std::collections::btree_map::Entry::Vacant(vacant) => drop(vacant.insert(evidence)),
            std::collections::btree_map::Entry::Occupied(mut there) => {
                let rank = |row: &Evidence| (std::cmp::Reverse(row.status), row.strength);
                if rank(&evidence) > rank(there.get()) {
                    there.insert(evidence);
                }
            }
        }
    }

    fn finish(self) -> Resolution {
        Resolution {
            parties: self.parties.into_values().collect(),
            evidence: self.evidence.into_values().collect(),
            explained: self
                .explained
                .into_iter()
                .map(|(resource_key, value, reason)| Explained { resource_key, value, reason })
                .collect(),
            exposures: self.exposures.into_values().collect(),
        }
    }
}

impl PartyRef {
    fn into_third_party(self) -> ThirdParty {
        ThirdParty {
            party_id: self.id,
            name: self.name,
            domain: self.domain,
            category: self.category,
            service_model: self.service_model,
            origin: self.origin,
            in_register: false,
            relation_strength: None,
        }
    }
}

impl Resolver<'_> {
    /// The party that a cloud is: a third party of origin `provider` when we crawl it.
    fn provider_party(&self, provider: Provider) -> PartyRef {
        let (vendor_id, name) = match provider {
            Provider::Aws => ("aws", "Amazon Web Services"),
            Provider::Azure => ("azure", "Microsoft Azure"),
            Provider::Gcp => ("google-cloud", "Google Cloud"),
        };
        let vendor = self.directory.vendor(vendor_id);
        PartyRef {
            id: vendor_id.to_owned(),
            name: vendor.map_or(name, |vendor| &vendor.name).to_owned(),
            domain: vendor.and_then(|vendor| vendor.domain.clone()),
            category: vendor.and_then(|vendor| vendor.kind.clone()),
            service_model: Some(ServiceModel::Iaas),
            origin: if self.ours.uses(provider) { PartyOrigin::Provider } else { PartyOrigin::Directory },
        }
    }
}
