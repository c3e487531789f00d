//! From an asset of Cloud Asset Inventory, or a bucket of Cloud Storage, to a resource with who it names.
//!
//! `config` is `resource.data` as Google gives it, with the asset's IAM policy as its member `iamPolicy`. Both spellings
//! of an asset are read: `assets.list` answers in camelCase, an export file is in snake_case.

use std::collections::BTreeMap;

use carveout_discovery::Subject;
use carveout_model::{Observation, Provider, Resource, ServiceModel};
use google_cloud_storage::model::Bucket;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::catalogue::{self, BUCKET};

/// The member of `config` that holds the IAM policy.
pub(crate) const IAM_POLICY: &str = "iamPolicy";
/// The region of what has none.
const GLOBAL: &str = "global";
/// Where Google's types keep their labels.
const LABELS: &[&[&str]] = &[&["labels"], &["settings", "userLabels"], &["resourceLabels"], &["userLabels"]];
/// Where Google's types say when they were created.
const CREATED_AT: &[&str] = &["creationTimestamp", "createTime", "timeCreated", "creationTime"];

/// What an asset says beside its data.
pub(crate) struct Asset {
    pub(crate) name: String,
    pub(crate) asset_type: String,
    /// The nearest container first (`projects/1`, `folders/2`, `organizations/3`).
    pub(crate) ancestors: Vec<String>,
    data: Option<Map<String, Value>>,
    location: Option<String>,
    pub(crate) iam_policy: Option<Value>,
}

impl Asset {
    /// Reads an asset; none when it has no name or no type.
    pub(crate) fn read(mut asset: Value) -> Option<Self> {
        let text = |camel: &str, snake: &str, from: &Value| {
            let found = from.get(camel).or_else(|| from.get(snake))?.as_str()?;
            (!found.is_empty()).then(|| found.to_owned())
        };
        let name = text("name", "name", &asset)?;
        let asset_type = text("assetType", "asset_type", &asset)?;
        let mut take = |camel: &str, snake: &str| {
            let member = if asset.get(camel).is_some() { camel } else { snake };
            asset.get_mut(member).map(Value::take).filter(|value| !value.is_null())
        };
        let ancestors = take("ancestors", "ancestors");
        let iam_policy = take("iamPolicy", "iam_policy");
        let mut resource = take("resource", "resource").unwrap_or_default();
        let location = text("location", "location", &resource);
        let data = match resource.get_mut("data").map(Value::take) {
            Some(Value::Object(data)) => Some(data),
            _ => None,
        };
        let ancestors = ancestors.as_ref().and_then(Value::as_array).into_iter().flatten();
        let ancestors = ancestors.filter_map(Value::as_str).map(ToOwned::to_owned).collect();
        Some(Self { name, asset_type, ancestors, data, location, iam_policy })
    }

    /// The asset as a resource of a scope.
    pub(crate) fn into_resource(self, scope_id: &str) -> Resource {
        let mut config = self.data.unwrap_or_default();
        let location = self.location.or_else(|| location(&config));
        if let Some(policy) = self.iam_policy {
            config.insert(IAM_POLICY.to_owned(), policy);
        }
        build(self.name, self.asset_type, scope_id, location, Value::Object(config))
    }
}

/// A bucket as Cloud Storage's own API lists it, in the field names of its JSON API, which are the inventory's too.
pub(crate) fn from_bucket(bucket: &Bucket, scope_id: &str) -> Resource {
    let mut config = json!({
        "kind": "storage#bucket",
        "id": bucket.bucket_id,
        "name": bucket.bucket_id,
        "location": bucket.location,
        "locationType": bucket.location_type,
        "storageClass": bucket.storage_class,
        "labels": bucket.labels,
        "timeCreated": bucket.create_time.map(String::from),
        "updated": bucket.update_time.map(String::from),
        "iamConfiguration": bucket.iam_config.as_ref().map(|iam| json!({
            // Comes as `enforced` or `ENFORCED`.
            "publicAccessPrevention": iam.public_access_prevention.to_ascii_lowercase(),
            "uniformBucketLevelAccess": iam.uniform_bucket_level_access.as_ref().map(|access| json!({
                "enabled": access.enabled, "lockedTime": access.lock_time.map(String::from),
            })),
        })),
        "encryption": bucket.encryption.as_ref().map(|encryption| json!({
            "defaultKmsKeyName": encryption.default_kms_key,
        })),
        "versioning": bucket.versioning.as_ref().map(|versioning| json!({"enabled": versioning.enabled})),
        "logging": bucket.logging.as_ref().map(|logging| json!({
            "logBucket": logging.log_bucket, "logObjectPrefix": logging.log_object_prefix,
        })),
        "retentionPolicy": bucket.retention_policy.as_ref().map(|retention| json!({
            "retentionPeriod": retention.retention_duration.map(|duration| duration.seconds()),
            "effectiveTime": retention.effective_time.map(String::from), "isLocked": retention.is_locked,
        })),
        "softDeletePolicy": bucket.soft_delete_policy.as_ref().map(|policy| json!({
            "retentionDurationSeconds": policy.retention_duration.map(|duration| duration.seconds()),
        })),
    });
    if let Value::Object(members) = &mut config {
        members.retain(|_, value| !value.is_null());
    }
    let key = format!("//storage.googleapis.com/{}", bucket.bucket_id);
    let location = Some(bucket.location.clone());
    let mut resource = build(key, BUCKET.to_owned(), scope_id, location, config);
    resource.unread.push(IAM_POLICY.to_owned());
    resource
}

fn build(key: String, type_name: String, scope_id: &str, location: Option<String>, config: Value) -> Resource {
    let record = catalogue::shared().get(&type_name);
    let service = type_name.split('/').next().unwrap_or_default();
    Resource {
        provider: Provider::Gcp,
        scope_id: scope_id.to_owned(),
        region: location
            .filter(|place| !place.is_empty())
            .map_or_else(|| GLOBAL.to_owned(), |p| p.to_ascii_lowercase()),
        service: service.strip_suffix(".googleapis.com").unwrap_or(service).to_owned(),
        // Without a record the middle of the three is the careful guess.
        service_model: record.map_or(ServiceModel::Paas, |record| record.service_model),
        name: name(&key, &config),
        tags: labels(&config),
        created_at: created_at(&config),
        config,
        type_name,
        unread: Vec::new(),
        resource_key: key,
    }
}

/// Who the resource names, by the rules of its record and those for every asset.
pub(crate) fn observe(resource: &Resource) -> Vec<Observation> {
    let catalogue = catalogue::shared();
    let own = catalogue.get(&resource.type_name).map(|record| record.evidence.as_slice()).unwrap_or_default();
    let subject = Subject {
        resource_key: &resource.resource_key,
        // The bare id: members and names in a policy carry no `projects/`.
        scope_id: resource.scope_id.rsplit('/').next().unwrap_or(&resource.scope_id),
        type_name: &resource.type_name,
        config: &resource.config,
    };
    own.iter().chain(catalogue.common_evidence()).flat_map(|rule| rule.observe(&subject)).collect()
}

fn name(key: &str, config: &Value) -> Option<String> {
    let text = |member: &str| config.get(member).and_then(Value::as_str).filter(|text| !text.is_empty());
    let last = |text: &str| text.rsplit('/').next().unwrap_or(text).to_owned();
    text("displayName").map(ToOwned::to_owned).or_else(|| text("name").map(last)).or_else(|| Some(last(key)))
}

/// A place in the data, for types whose asset names none.
fn location(config: &Map<String, Value>) -> Option<String> {
    let found = ["location", "region", "zone"].iter().find_map(|member| config.get(*member)?.as_str())?;
    Some(found.rsplit('/').next().unwrap_or(found).to_owned())
}

fn labels(config: &Value) -> BTreeMap<String, String> {
    let found = LABELS
        .iter()
        .find_map(|path| path.iter().try_fold(config, |value, member| value.get(member)).and_then(Value::as_object));
    found
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)))
        .collect()
}

fn created_at(config: &Value) -> Option<Timestamp> {
    let text = CREATED_AT.iter().find_map(|member| config.get(*member)?.as_str())?;
    // BigQuery counts milliseconds, as a text.
    text.parse().ok().or_else(|| Timestamp::from_millisecond(text.parse().ok()?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_an_asset_are_one_resource() {
        let camel = json!({"name": "//storage.googleapis.com/acme", "assetType": BUCKET, "ancestors": ["projects/1"],
            "resource": {"location": "EU", "data": {"name": "acme", "labels": {"team": "web"},
                "timeCreated": "2024-05-01T10:00:00Z"}}});
        let snake = json!({"name": "//storage.googleapis.com/acme", "asset_type": BUCKET, "ancestors": ["projects/1"],
            "resource": {"location": "EU", "data": {"name": "acme", "labels": {"team": "web"},
                "timeCreated": "2024-05-01T10:00:00Z"}}});
        let read = |asset| Asset::read(asset).expect("an asset").into_resource("projects/acme");
        let resource = read(camel);
        assert_eq!(resource, read(snake));
        assert_eq!((resource.region.as_str(), resource.service.as_str()), ("eu", "storage"));
        assert_eq!(resource.tags["team"], "web");
        assert!(resource.created_at.is_some());
    }

    #[test]
    fn a_policy_is_a_member_of_the_configuration() {
        let asset = json!({"name": "//x/y", "assetType": "x.googleapis.com/Y", "iamPolicy": {"bindings": []}});
        let resource = Asset::read(asset).expect("an asset").into_resource("projects/acme");
        assert_eq!(resource.config, json!({"iamPolicy": {"bindings": []}}));
        assert_eq!(resource.name.as_deref(), Some("y"));
    }

    #[test]
    fn zones_in_the_data_stand_in_for_a_location() {
        let asset = json!({"name": "//compute.googleapis.com/z", "assetType": "compute.googleapis.com/Disk",
            "resource": {"data": {"zone": "https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b"}}});
        assert_eq!(Asset::read(asset).expect("an asset").into_resource("p").region, "europe-west1-b");
    }
}
