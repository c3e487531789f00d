//! OIDC issuers with their tenant claims, and SAML entities.
//!
//! A shared issuer proves the vendor; only a claim proves the tenant. Whoever trusts a shared issuer without such a
//! claim lets in every customer of the vendor.

use std::collections::BTreeSet;

use carveout_model::{Observation, PartyOrigin, Provider};
use serde_json::{Value, json};

use super::{
    Resolver,
    verdict::{MODERATE, PROVEN, PartyRef, Sighting, Verdict, WEAK},
};
use crate::{
    directory::SignalKind,
    hosts::{host_of, registrable},
};

/// Issuers that serve every customer of a vendor, with the claim that tells the customers apart.
///
/// Source: the AWS documentation's list of shared OIDC providers and the claims that it demands of them.
const SHARED_ISSUERS: &[(&str, &str)] = &[
    ("accounts.google.com", "aud"),
    ("agent.buildkite.com", "sub"),
    ("api.pulumi.com/oidc", "aud"),
    ("app.terraform.io", "sub"),
    ("cognito-identity.amazonaws.com", "aud"),
    ("gitlab.com", "sub"),
    ("graph.facebook.com", "app_id"),
    ("oidc.codefresh.io", "sub"),
    ("oidc.vercel.com", "aud"),
    ("proidc.upbound.io", "sub"),
    ("sandboxes.cloud", "aud"),
    ("scalr.io", "sub"),
    ("studio.datachain.ai/api", "sub"),
    ("token.actions.githubusercontent.com", "sub"),
    ("tokens.cloud.shisho.dev", "sub"),
    ("www.amazon.com", "app_id"),
];

const GITHUB: &str = "token.actions.githubusercontent.com";
const FEDERATION_WITHOUT_SUBJECT: Verdict = Verdict::Exposure { kind: "federation_without_subject" };

impl Resolver<'_> {
    pub(super) fn oidc_issuer(&self, issuer: &str, seen: &Observation) -> Vec<Verdict> {
        let issuer = issuer.trim_end_matches('/');
        if let Some(verdict) = self.cluster_issuer(issuer).or_else(|| self.entra_issuer(issuer)) {
            return vec![verdict];
        }
        let host = issuer.split('/').next().unwrap_or(issuer);
        if self.ours.has_host(host) || self.ours.has_issuer(issuer) == Some(true) {
            return vec![Verdict::explained(format!("own OIDC issuer {issuer}"))];
        }
        let mut verdicts = vec![match self.directory.find(SignalKind::OidcIssuer, issuer) {
            Some(hit) => self.hit(hit),
            None => self.foreign_host(&[SignalKind::HttpDestinationHost], host),
        }];
        // A provider resource states no conditions; only a role's trust can leave the claim out.
        let federated = seen.context.get("federated") == Some(&Value::Bool(true));
        if let Some((_, claim)) = SHARED_ISSUERS.iter().find(|(shared, _)| *shared == issuer).filter(|_| federated) {
            let values = claims(seen, issuer, claim);
            if issuer == GITHUB {
                verdicts.extend(self.github_organizations(&values));
            } else if values.is_empty() {
                verdicts.push(FEDERATION_WITHOUT_SUBJECT);
            }
        }
        verdicts
    }

    /// The organizations in `repo:<organization>/…` subjects; a subject that leaves the organization open lets in
    /// every repository there is.
    fn github_organizations(&self, subjects: &BTreeSet<&str>) -> Vec<Verdict> {
        let organizations: Option<BTreeSet<String>> = subjects
            .iter()
            .map(|subject| {
                let organization = subject.strip_prefix("repo:")?.split(['/', ':']).next()?;
                let named = !organization.is_empty() && !organization.contains(['*', '?']);
                named.then(|| organization.to_ascii_lowercase())
            })
            .collect();
        match organizations {
            Some(organizations) if !organizations.is_empty() => {
                organizations.iter().map(|organization| self.github_organization(organization)).collect()
            }
            _ => vec![FEDERATION_WITHOUT_SUBJECT],
        }
    }

    fn github_organization(&self, organization: &str) -> Verdict {
        if self.ours.github_organizations.contains(organization) {
            return Verdict::explained(format!("own GitHub organization {organization}"));
        }
        let own_unknown = self.ours.github_organizations.is_empty();
        let matched = json!({"kind": "oidc_subject", "pattern": format!("repo:{organization}/"),
            "provisional": own_unknown.then_some("own GitHub organizations unknown")});
        let party = PartyRef {
            domain: Some("github.com".to_owned()),
            ..PartyRef::unknown(format!("github-org-{organization}"), format!("GitHub organization {organization}"))
        };
        Verdict::party(party, PROVEN, matched)
    }

    /// Issuers of Kubernetes clusters: of an own cluster ours, of a foreign one an unknown party.
    fn cluster_issuer(&self, issuer: &str) -> Option<Verdict> {
        if let Some(rest) = issuer.strip_prefix("container.googleapis.com/v1/projects/") {
            return Some(self.gcp_project(rest.split('/').next().unwrap_or(rest)));
        }
        let host = issuer.split('/').next().unwrap_or(issuer);
        let provider = if host.starts_with("oidc.eks.") || host.starts_with("oidc-eks.") {
            Provider::Aws
        } else if host.ends_with("oic.prod-aks.azure.com") || host == "oidc.prod-aks.azure.com" {
            Provider::Azure
        } else {
            return None;
        };
        Some(match self.ours.has_issuer(issuer) {
            Some(true) => Verdict::explained(format!("issuer of an own cluster, {issuer}")),
            Some(false) => {
                let id = issuer.rsplit('/').next().unwrap_or(issuer);
                Verdict::unknown(format!("unknown-cluster-{id}"), format!("Unknown cluster {id}"), Some(provider))
            }
            None => Verdict::explained(format!(
                "issuer of a cluster, taken for our own because no cluster of the inventory says its issuer: {issuer}"
            )),
        })
    }

    /// Entra issuers carry the tenant.
    fn entra_issuer(&self, issuer: &str) -> Option<Verdict> {
        let rest =
            issuer.strip_prefix("sts.windows.net/").or_else(|| issuer.strip_prefix("login.microsoftonline.com/"))?;
        Some(match rest.split('/').next().unwrap_or(rest) {
            "common" | "organizations" | "consumers" => Verdict::Exposure { kind: "any_tenant" },
            tenant => self.azure_tenant(tenant),
        })
    }

    pub(super) fn saml_entity(&self, entity: &str, seen: &Observation) -> Verdict {
        if let Some((_, name)) = entity.split_once(":saml-provider/") {
            return self.saml_provider(entity, name);
        }
        let sign_on_host = seen.context.get("sign_on_host").and_then(Value::as_str);
        self.saml_metadata(entity, sign_on_host)
    }

    fn saml_provider(&self, arn: &str, name: &str) -> Verdict {
        if self.directory.find(SignalKind::SamlProviderName, name).is_some() {
            return Verdict::explained("IAM Identity Center's own SAML provider");
        }
        if let Some(registered) = self.saml.get(arn)
            && let carveout_model::Outsider::SamlEntity(entity) = &registered.outsider
        {
            return self.saml_entity(entity, registered);
        }
        // The metadata was not read: the provider's name is all there is.
        match self.directory.vendor_by_name(name) {
            Some(vendor) => {
                let matched = json!({"kind": "saml_provider_name", "pattern": name});
                Verdict::party(PartyRef::vendor(vendor), WEAK, matched)
            }
            None => Verdict::unknown(
                format!("unknown-saml-{}", name.to_ascii_lowercase()),
                format!("Unknown SAML identity provider {name}"),
                None,
            ),
        }
    }

    fn saml_metadata(&self, entity: &str, sign_on_host: Option<&str>) -> Verdict {
        let host = host_of(entity);
        if let Some(tenant) =
            entity.to_ascii_lowercase().split_once("sts.windows.net/").map(|(_, rest)| rest.to_owned())
        {
            let tenant = tenant.trim_end_matches('/');
            if self.ours.has_tenant(tenant) {
                return Verdict::explained(format!("own Entra tenant {tenant}"));
            }
        }
        if let Some(hit) = self.directory.find(SignalKind::SamlMetadata, entity) {
            return self.hit(hit);
        }
        // An entity below the customer's own domain can still be a vendor's service.
        if let Some(hit) = sign_on_host.and_then(|host| self.directory.find(SignalKind::HttpDestinationHost, host)) {
            return self.hit(hit);
        }
        if let Some((domain, vendor)) = sign_on_host.and_then(|host| self.directory.vendor_of_domain(host)) {
            let matched = json!({"kind": "vendor_domain", "pattern": domain});
            return Verdict::party(PartyRef::vendor(vendor), MODERATE, matched);
        }
        match host {
            Some(host) if self.ours.has_host(&host) => Verdict::explained(format!("own SAML identity provider {host}")),
            Some(host) => self.foreign_host(&[SignalKind::HttpDestinationHost], &host),
            None => Verdict::unknown(
                format!("unknown-saml-{}", entity.to_ascii_lowercase()),
                format!("Unknown SAML identity provider {entity}"),
                None,
            ),
        }
    }

    /// Somebody's host that is not ours: a vendor's by pattern or domain, an organization's by domain, or unknown.
    pub(super) fn foreign_host(&self, kinds: &[SignalKind], host: &str) -> Verdict {
        if let Some(hit) = kinds.iter().find_map(|kind| self.directory.find(*kind, host)) {
            return self.hit(hit);
        }
        if let Some((domain, vendor)) = self.directory.vendor_of_domain(host) {
            let matched = json!({"kind": "vendor_domain", "pattern": domain});
            return Verdict::party(PartyRef::vendor(vendor), MODERATE, matched);
        }
        if let Some((domain, owner)) = self.directory.domain_owner(host) {
            let matched = json!({"kind": "domain_owner", "pattern": domain, "source": "domainaware/parsedmarc"});
            let known = owner.vendor_id.as_deref().and_then(|vendor_id| self.directory.vendor(vendor_id));
            let party = known.map_or_else(
                || PartyRef {
                    id: format!("domain-{domain}"),
                    name: owner.organization.clone(),
                    domain: Some(domain.to_owned()),
                    category: owner.category.as_ref().map(|category| category.to_ascii_lowercase()),
                    service_model: None,
                    origin: PartyOrigin::Directory,
                },
                PartyRef::vendor,
            );
            return Verdict::party(party, WEAK, matched);
        }
        if host.parse::<std::net::IpAddr>().is_ok() {
            return Verdict::unknown(format!("address-{host}"), format!("Unknown address {host}"), None);
        }
        let domain = registrable(host);
        let party = PartyRef {
            domain: Some(domain.to_owned()),
            ..PartyRef::unknown(format!("domain-{domain}"), domain.to_owned())
        };
        let matched = json!({"kind": "unknown"});
        Verdict::Party(Box::new(Sighting { party, attribution: super::verdict::NONE, matched, provisional: None }))
    }
}

/// The values that a role's trust demands of one claim of an issuer.
fn claims<'a>(seen: &'a Observation, issuer: &str, claim: &str) -> BTreeSet<&'a str> {
    let key = format!("{issuer}:{claim}");
    let values = seen.context.get("claims").and_then(|claims| claims.get(&key)).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str).collect()
}
