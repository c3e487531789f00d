//! What the tests of this crate share: an estate in a few lines, and rules as catalogues write them.

use carveout_discovery::{Directory, EvidenceRule, OrganizationSettings, Ours, Resolution, Subject, resolve};
use carveout_model::{Observation, Provider, Scope, ScopeKind};
use serde_json::{Value, json};

pub const OWN: &str = "123456789012";
pub const OTHER_OWN: &str = "210987654321";
pub const OWN_ORGANIZATION: &str = "o-a1b2c3d4e5";

pub fn scope(provider: Provider, kind: ScopeKind, id: &str, raw: Value) -> Scope {
    Scope { provider, scope_id: id.to_owned(), kind, parent_id: None, name: None, status: "active".to_owned(), raw }
}

/// An AWS organization of two accounts, one of them suspended and never crawled.
pub fn aws() -> Vec<Scope> {
    let mut suspended = scope(Provider::Aws, ScopeKind::Account, OTHER_OWN, json!({}));
    suspended.status = "suspended".to_owned();
    vec![
        scope(Provider::Aws, ScopeKind::Organization, OWN_ORGANIZATION, json!({})),
        scope(Provider::Aws, ScopeKind::Account, OWN, json!({})),
        suspended,
    ]
}

pub fn settings(toml: &str) -> OrganizationSettings {
    toml::from_str(toml).expect("settings")
}

pub fn rule(toml: &str) -> EvidenceRule {
    toml::from_str(&format!("signal = \"signal\"\n{toml}")).expect("a rule")
}

/// Observations of one resource in the own account.
pub fn observe(toml: &str, resource_key: &str, config: &Value) -> Vec<Observation> {
    rule(toml).observe(&Subject { resource_key, scope_id: OWN, type_name: "T", config })
}

pub fn resolved(observations: &[Observation], scopes: &[Scope], declared: &str) -> Resolution {
    resolve(observations, &Ours::new(scopes, &settings(declared)), &Directory::bundled())
}

/// The parties other than the clouds that hold the scopes.
pub fn parties(resolution: &Resolution) -> Vec<&str> {
    let provider = carveout_model::PartyOrigin::Provider;
    resolution.parties.iter().filter(|party| party.origin != provider).map(|party| party.party_id.as_str()).collect()
}

pub fn policy(statement: Value) -> Value {
    json!({"Policy": {"Version": "2012-10-17", "Statement": statement}})
}

pub const POLICY: &str = "path = \"Policy\"\nextractor = \"iam_policy\"";
