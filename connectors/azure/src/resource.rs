//! From a row of Resource Graph, ARM or Microsoft Graph to a resource, with who it names.

use std::collections::BTreeMap;

use carveout_discovery::Subject;
use carveout_model::{Observation, Provider, Resource, ServiceModel};
use jiff::Timestamp;
use serde_json::Value;

use crate::catalogue;

/// Where Azure's types say when they were created; the first that is there counts.
const CREATED_AT: &[&[&str]] = &[
    &["systemData", "createdAt"],
    &["properties", "creationTime"],
    &["properties", "timeCreated"],
    &["properties", "creationDate"],
    &["properties", "createdOn"],
    &["properties", "createdAt"],
    &["properties", "systemData", "createdAt"],
    &["createdTime"],
    &["createdDateTime"],
];

/// The region of what has none.
pub(crate) const GLOBAL: &str = "global";

/// A row of Resource Graph or of ARM's generic list as a resource; none when it has no id or no type.
///
/// `home` is the scope of rows that name no subscription of their own.
pub(crate) fn from_row(row: Value, home: &str) -> Option<Resource> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let resource_key = canonical_id(text("id")?);
    let type_name = text("type")?.to_ascii_lowercase();
    let scope_id = text("subscriptionId")
        .map(str::to_ascii_lowercase)
        .or_else(|| subscription_of(&resource_key).map(ToOwned::to_owned))
        .unwrap_or_else(|| home.to_owned());
    let name = text("name").map(ToOwned::to_owned);
    let region = text("location").map_or_else(|| GLOBAL.to_owned(), region);
    Some(build(resource_key, type_name, scope_id, region, name, row))
}

/// An object of the directory as a resource; none when it has no id.
pub(crate) fn from_directory(object: Value, type_name: &str, tenant: &str) -> Option<Resource> {
    let id = object.get("id").and_then(Value::as_str)?.to_ascii_lowercase();
    let name = object.get("displayName").and_then(Value::as_str).map(ToOwned::to_owned);
    // The object id is what Microsoft Graph knows it by, everywhere in the tenant.
    Some(build(id, type_name.to_owned(), tenant.to_owned(), GLOBAL.to_owned(), name, object))
}

fn build(
    resource_key: String,
    type_name: String,
    scope_id: String,
    region: String,
    name: Option<String>,
    config: Value,
) -> Resource {
    let record = catalogue::shared().get(&type_name);
    Resource {
        resource_key,
        provider: Provider::Azure,
        scope_id,
        region,
        service: type_name.split('/').next().unwrap_or_default().to_owned(),
        // Without a record the middle of the three is the careful guess: Azure's resource types are platform services
        // more often than machines, and a platform leaves more of the stack to us than software does.
        service_model: record.map_or(ServiceModel::Paas, |record| record.service_model),
        name,
        tags: tags(&config),
        created_at: created_at(&config),
        config,
        type_name,
        unread: Vec::new(),
    }
}

/// Who the resource names, by the rules of its record and those for every resource.
pub(crate) fn observe(resource: &Resource) -> Vec<Observation> {
    let catalogue = catalogue::shared();
    let own = catalogue.get(&resource.type_name).map(|record| record.evidence.as_slice()).unwrap_or_default();
    let subject = Subject {
        resource_key: &resource.resource_key,
        scope_id: &resource.scope_id,
        type_name: &resource.type_name,
        config: &resource.config,
    };
    own.iter().chain(catalogue.common_evidence()).flat_map(|rule| rule.observe(&subject)).collect()
}

/// ARM ids come in several spellings of one id; some lack the first slash.
pub(crate) fn canonical_id(id: &str) -> String {
    let lower = id.trim_end_matches('/').to_ascii_lowercase();
    if lower.starts_with('/') { lower } else { format!("/{lower}") }
}

/// The subscription in a canonical id.
fn subscription_of(id: &str) -> Option<&str> {
    id.strip_prefix("/subscriptions/")?.split('/').next()
}

/// `West Europe` and `westeurope` are one place.
fn region(location: &str) -> String {
    location.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase()
}

fn tags(config: &Value) -> BTreeMap<String, String> {
    let members = config.get("tags").and_then(Value::as_object);
    members
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)))
        .collect()
}

fn created_at(config: &Value) -> Option<Timestamp> {
    CREATED_AT.iter().find_map(|path| {
        let text = path.iter().try_fold(config, |value, member| value.get(member))?.as_str()?;
        text.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_in_any_spelling_are_one_key() {
        let row = json!({
            "id": "subscriptions/AAAA/resourcegroups/Web/providers/Microsoft.Storage/storageAccounts/Acme",
            "type": "Microsoft.Storage/storageAccounts", "name": "Acme", "location": "West Europe",
            "tags": {"team": "web", "cost": 4}, "properties": {"creationTime": "2024-05-01T10:00:00.1234567Z"},
        });
        let resource = from_row(row.clone(), "tenant").expect("a resource");
        assert_eq!(
            resource.resource_key,
            "/subscriptions/aaaa/resourcegroups/web/providers/microsoft.storage/storageaccounts/acme"
        );
        assert_eq!((resource.scope_id.as_str(), resource.region.as_str()), ("aaaa", "westeurope"));
        assert_eq!(resource.service, "microsoft.storage");
        assert_eq!(resource.tags["cost"], "4");
        assert!(resource.created_at.is_some());
        assert_eq!(resource.config, row, "the answer stays as it came");
    }

    #[test]
    fn a_row_without_an_id_is_no_resource() {
        assert!(from_row(json!({"type": "a/b", "name": "x"}), "tenant").is_none());
    }

    #[test]
    fn what_belongs_to_no_subscription_belongs_to_the_tenant() {
        let row = json!({"id": "/providers/Microsoft.Authorization/roleAssignments/1",
            "type": "microsoft.authorization/roleassignments", "subscriptionId": "", "location": "global"});
        assert_eq!(from_row(row, "tenant").expect("a resource").scope_id, "tenant");
    }
}
