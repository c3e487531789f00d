//! What a crawl finds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Provider, vocabulary::vocabulary};

vocabulary! {
    /// How much of the stack the provider runs for us: the fallback key of the responsibility matrix.
    ServiceModel {
        /// Infrastructure: we own the operating system and everything above it.
        Iaas => "iaas",
        /// Platform: the provider runs the operating system and the runtime.
        Paas => "paas",
        /// Software: the provider runs the application; the data and the access to it stay ours.
        Saas => "saas",
    }
}

/// One resource in its present state: one row of `inventory.resources`.
///
/// `config` has been redacted before the value leaves its connector; nothing downstream sees a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// The provider's canonical id: an ARN; an ARM id in lower case; a Cloud Asset Inventory full resource name.
    pub resource_key: String,
    /// The cloud it was found in.
    pub provider: Provider,
    /// The account, subscription or project that holds it.
    pub scope_id: String,
    /// The provider's region or location; `global` where it has none.
    pub region: String,
    /// The provider's service (`s3`, `microsoft.storage`, `storage`).
    pub service: String,
    /// How much of the stack the provider runs.
    pub service_model: ServiceModel,
    /// The provider's own type name (`AWS::S3::Bucket`).
    pub type_name: String,
    /// The name a person gave it.
    pub name: Option<String>,
    /// Tags or labels.
    pub tags: BTreeMap<String, String>,
    /// The provider's answer in the provider's own field names, secrets replaced by fingerprints.
    pub config: serde_json::Value,
    /// When it was created, where the provider says so.
    pub created_at: Option<Timestamp>,
    /// Top-level members of `config` that could not be read this time (a detail call that was denied or failed).
    /// What was last known of them is kept; a member that was read and is not there is `null` in `config` instead.
    #[serde(default)]
    pub unread: Vec<String>,
}
