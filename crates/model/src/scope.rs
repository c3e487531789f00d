//! Clouds and the containers that resources live in.

use serde::{Deserialize, Serialize};

use crate::vocabulary::vocabulary;

vocabulary! {
    /// A cloud whose inventory is crawled.
    Provider {
        /// Amazon Web Services.
        Aws => "aws",
        /// Microsoft Azure and Entra.
        Azure => "azure",
        /// Google Cloud.
        Gcp => "gcp",
    }
}

impl Provider {
    /// The third party that the cloud itself is, by its id in the vendor directory.
    pub const fn party_id(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Azure => "azure",
            Self::Gcp => "google-cloud",
        }
    }
}

vocabulary! {
    /// What kind of container a scope is, in the provider's own word.
    ScopeKind {
        /// An AWS or Google Cloud organization.
        Organization => "organization",
        /// An AWS organizational unit.
        OrganizationalUnit => "organizational_unit",
        /// An AWS account.
        Account => "account",
        /// An Entra tenant.
        Tenant => "tenant",
        /// An Azure management group.
        ManagementGroup => "management_group",
        /// An Azure subscription.
        Subscription => "subscription",
        /// A Google Cloud folder.
        Folder => "folder",
        /// A Google Cloud project.
        Project => "project",
    }
}

/// A container of resources: one row of `inventory.scopes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// The cloud it belongs to.
    pub provider: Provider,
    /// The provider's id: a 12-digit account, a subscription or tenant UUID, `projects/name`, `folders/1`, `organizations/1`.
    pub scope_id: String,
    /// What it is.
    pub kind: ScopeKind,
    /// The scope that holds it, where one is known.
    pub parent_id: Option<String>,
    /// The display name.
    pub name: Option<String>,
    /// The provider's word for its state, in lower case (`active`, `suspended`, `disabled`, `delete_requested`).
    pub status: String,
    /// The provider's answer.
    pub raw: serde_json::Value,
}
