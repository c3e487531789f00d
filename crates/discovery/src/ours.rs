//! What is our own: accounts, tenants, projects, domains. Taken from the organization's own list, not from what was
//! crawled, so that a suspended or skipped account is never a third party.

use std::collections::BTreeSet;

use carveout_model::{Provider, Scope, ScopeKind};
use serde::Deserialize;
use serde_json::Value;

use crate::hosts::suffixes;

/// What the user says is theirs, beside what the clouds say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrganizationSettings {
    /// AWS accounts outside the crawled organization (a merged company's, a former one's).
    pub aws_accounts: Vec<String>,
    /// Further AWS organizations.
    pub aws_organizations: Vec<String>,
    /// Further Entra tenants.
    pub azure_tenants: Vec<String>,
    /// Further Azure subscriptions.
    pub azure_subscriptions: Vec<String>,
    /// Further Google Cloud projects, by id or number.
    pub gcp_projects: Vec<String>,
    /// Own domains; everything below them is own too.
    pub domains: Vec<String>,
    /// Own GitHub organizations and users.
    pub github: Vec<String>,
    /// Own container registries by host (`acme.azurecr.io`).
    pub registries: Vec<String>,
    /// OIDC issuers of own clusters, without the scheme.
    pub issuers: Vec<String>,
}

/// The identities that are not outsiders.
#[derive(Debug, Clone, Default)]
pub struct Ours {
    pub(crate) providers: BTreeSet<Provider>,
    /// Providers whose whole list of accounts, tenants or projects is known.
    organized: BTreeSet<Provider>,
    aws_accounts: BTreeSet<String>,
    aws_organizations: BTreeSet<String>,
    tenants: BTreeSet<String>,
    subscriptions: BTreeSet<String>,
    projects: BTreeSet<String>,
    domains: BTreeSet<String>,
    pub(crate) github_organizations: BTreeSet<String>,
    registries: BTreeSet<String>,
    issuers: BTreeSet<String>,
    /// `(organization, account)`: whoever holds the management account of an AWS organization administers all of it.
    pub(crate) management_accounts: BTreeSet<(String, String)>,
    /// `(provider, scope id)` of the scopes that hold resources, or of the organization where nothing else is known.
    pub(crate) hosting_scopes: BTreeSet<(Provider, String)>,
}

impl Ours {
    /// Reads what the clouds say about our own organization (`scopes`: every account, also suspended ones, every
    /// tenant, subscription and project) and what the user adds.
    pub fn new(scopes: &[Scope], declared: &OrganizationSettings) -> Self {
        let mut ours = Self::default();
        for scope in scopes {
            ours.add_scope(scope);
        }
        let lower = |list: &[String]| list.iter().map(|each| each.trim().to_ascii_lowercase()).collect::<Vec<_>>();
        ours.aws_accounts.extend(declared.aws_accounts.iter().cloned());
        ours.aws_organizations.extend(lower(&declared.aws_organizations));
        ours.tenants.extend(lower(&declared.azure_tenants));
        ours.subscriptions.extend(lower(&declared.azure_subscriptions));
        ours.projects.extend(lower(&declared.gcp_projects));
        ours.domains.extend(lower(&declared.domains));
        ours.github_organizations.extend(lower(&declared.github));
        ours.registries.extend(lower(&declared.registries));
        ours.issuers.extend(lower(&declared.issuers));
        for provider in ours.providers.clone() {
            if !ours.hosting_scopes.iter().any(|(held, _)| *held == provider) {
                let whole = scopes.iter().filter(|scope| scope.provider == provider);
                ours.hosting_scopes.extend(whole.map(|scope| (provider, scope.scope_id.clone())));
            }
        }
        ours
    }

    fn add_scope(&mut self, scope: &Scope) {
        self.providers.insert(scope.provider);
        let id = scope.scope_id.to_ascii_lowercase();
        let bare = id.rsplit('/').next().unwrap_or(&id).to_owned();
        let raw = |member: &str| scope.raw.get(member).and_then(Value::as_str).map(str::to_ascii_lowercase);
        match scope.kind {
            ScopeKind::Organization => {
                self.organized.insert(scope.provider);
                match scope.provider {
                    Provider::Aws => {
                        self.aws_organizations.insert(bare);
                        if let Some(account) = ["MasterAccountId", "ManagementAccountId"].into_iter().find_map(raw) {
                            self.management_accounts.insert((scope.scope_id.clone(), account.clone()));
                            self.aws_accounts.insert(account);
                        }
                    }
                    // An organization of Google Cloud is called by its domain.
                    _ => self.domains.extend(raw("displayName").filter(|name| name.contains('.'))),
                }
            }
            ScopeKind::Account => {
                self.aws_accounts.insert(bare);
                self.hosting_scopes.insert((scope.provider, scope.scope_id.clone()));
            }
            ScopeKind::Tenant => {
                self.organized.insert(scope.provider);
                self.tenants.insert(bare);
                self.domains.extend(raw("defaultDomain"));
                for member in ["verifiedDomains", "domains"] {
                    let domains = scope.raw.get(member).and_then(Value::as_array).into_iter().flatten();
                    let name = |domain: &Value| {
                        domain.as_str().or_else(|| domain.get("name")?.as_str()).map(str::to_ascii_lowercase)
                    };
                    self.domains.extend(domains.filter_map(name));
                }
            }
            ScopeKind::Subscription => {
                self.subscriptions.insert(bare);
                self.tenants.extend(raw("tenantId"));
                self.hosting_scopes.insert((scope.provider, scope.scope_id.clone()));
            }
            ScopeKind::Project => {
                self.projects.insert(bare);
                self.projects.extend(raw("projectId"));
                self.projects.extend(raw("name").and_then(|name| Some(name.strip_prefix("projects/")?.to_owned())));
                let number = scope.raw.get("projectNumber");
                let number =
                    number.and_then(|n| n.as_str().map(str::to_owned).or_else(|| Some(n.as_u64()?.to_string())));
                self.projects.extend(number);
                self.hosting_scopes.insert((scope.provider, scope.scope_id.clone()));
            }
            ScopeKind::OrganizationalUnit | ScopeKind::ManagementGroup | ScopeKind::Folder => {}
        }
    }

    /// Adds domains that are ours because we verified or host them.
    #[must_use]
    pub fn with_domains(mut self, domains: impl IntoIterator<Item = String>) -> Self {
        let canonical = |domain: String| domain.trim_end_matches('.').to_ascii_lowercase();
        self.domains.extend(domains.into_iter().map(canonical).filter(|domain| domain.contains('.')));
        self
    }

    /// Adds container registries that the inventory holds, by host.
    #[must_use]
    pub fn with_registries(mut self, registries: impl IntoIterator<Item = String>) -> Self {
        self.registries.extend(registries.into_iter().map(|registry| registry.to_ascii_lowercase()));
        self
    }

    /// Adds OIDC issuers of clusters that the inventory holds, with or without the scheme.
    #[must_use]
    pub fn with_issuers(mut self, issuers: impl IntoIterator<Item = String>) -> Self {
        let bare = |issuer: String| issuer.trim_start_matches("https://").trim_end_matches('/').to_ascii_lowercase();
        self.issuers.extend(issuers.into_iter().map(bare));
        self
    }

    /// Whether the whole list of a provider's accounts, tenants or projects is known. Without it a foreign identity
    /// may be our own, and is marked provisional.
    pub fn organization_known(&self, provider: Provider) -> bool {
        self.organized.contains(&provider)
    }

    pub(crate) fn uses(&self, provider: Provider) -> bool {
        self.providers.contains(&provider)
    }

    pub(crate) fn has_account(&self, account: &str) -> bool {
        self.aws_accounts.contains(account)
    }

    pub(crate) fn has_organization(&self, id: &str) -> bool {
        self.aws_organizations.contains(id)
    }

    pub(crate) fn has_tenant(&self, id: &str) -> bool {
        self.tenants.contains(id)
    }

    pub(crate) fn has_subscription(&self, id: &str) -> bool {
        self.subscriptions.contains(id)
    }

    pub(crate) fn has_project(&self, id_or_number: &str) -> bool {
        self.projects.contains(id_or_number)
    }

    pub(crate) fn has_host(&self, host: &str) -> bool {
        suffixes(host).any(|name| self.domains.contains(name))
    }

    /// `None` when no registry of ours is known at all.
    pub(crate) fn has_registry(&self, host: &str) -> Option<bool> {
        (!self.registries.is_empty()).then(|| self.registries.contains(host))
    }

    /// `None` when no cluster issuer of ours is known at all.
    pub(crate) fn has_issuer(&self, issuer: &str) -> Option<bool> {
        (!self.issuers.is_empty()).then(|| self.issuers.contains(issuer))
    }
}
