//! Azure and Entra: tenants with what Lighthouse lets them do, applications, partner namespaces.

use carveout_model::{Direction, Outsider, Relation, Strength};
use serde_json::{Value, json};

use super::{EXACT, Edge, Finding, STATED, below, each, texts};
use crate::rule::Subject;

const CONTACT_IN: Edge = Edge::new(Relation::Contact, Strength::Contact, Direction::Inbound);
const DATA_OUT: Edge = Edge::new(Relation::ReceivesData, Strength::SendsDataTo, Direction::Outbound);
const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Tenant ids, or Lighthouse definitions whose authorizations decide the strength.
pub(super) fn tenants(at: &str, value: &Value) -> Vec<Finding> {
    let mut found: Vec<Finding> = texts(at, value)
        .into_iter()
        .filter_map(|(at, text)| Some(Finding::new(Outsider::AzureTenant(guid(text)?), &at, text, CONTACT_IN, EXACT)))
        .collect();
    for (at, definition) in each(at, value) {
        let (body, at) = match definition.get("properties") {
            Some(properties) => (properties, below(&at, "properties")),
            None => (definition, at),
        };
        let Some(text) = body.get("managedByTenantId").or_else(|| body.get("tenantId")).and_then(Value::as_str) else {
            continue;
        };
        let Some(tenant) = guid(text) else { continue };
        let member = if body.get("managedByTenantId").is_some() { "managedByTenantId" } else { "tenantId" };
        let outsider = Outsider::AzureTenant(tenant);
        let mut finding = Finding::new(outsider, &below(&at, member), text, CONTACT_IN, EXACT);
        let roles: Vec<&str> = ["authorizations", "eligibleAuthorizations"]
            .iter()
            .filter_map(|member| body.get(*member)?.as_array())
            .flatten()
            .filter_map(|authorization| authorization.get("roleDefinitionId")?.as_str())
            .collect();
        if let Some(strength) = roles.iter().map(|role| role_strength(role)).max() {
            finding.edge = Edge::inbound(strength);
            finding.settled = true;
            finding.context.insert("roles".to_owned(), json!(roles));
        }
        found.push(finding);
    }
    found
}

/// The strength of a built-in role by its id; one that is not listed could do anything.
///
/// Source: Azure built-in roles reference (the ids are the same in every tenant).
fn role_strength(role: &str) -> Strength {
    let id = role.rsplit('/').next().unwrap_or(role).to_ascii_lowercase();
    match id.as_str() {
        // Reader, Monitoring Reader, Security Reader, Cost Management Reader, Billing Reader
        "acdd72a7-3385-48ef-bd42-f606fba81ae7"
        | "43d0d8ad-25c7-4714-9337-8ba259a9fe05"
        | "39bc4728-0917-49c7-9d2c-d95423bc2eb4"
        | "72fafb9e-0641-4937-9268-a91bfd8191a3"
        | "fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64" => Strength::CanReadConfig,
        // Storage Blob Data Reader, Log Analytics Reader, Key Vault Secrets User
        "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
        | "73c42c96-874c-492b-b04d-ab87d138a893"
        | "4633458b-17de-408a-b874-0445c86b69e6" => Strength::CanReadData,
        _ => Strength::CanAdmin,
    }
}

/// Application ids, with what the service principal says about who made the application: the tenant that owns it and
/// the publisher that Microsoft verified. One that says it has no owner tenant is a managed identity or our own.
pub(super) fn applications(subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    let body = subject.config.get("properties").unwrap_or(subject.config);
    let owner = body.get("appOwnerOrganizationId");
    let is_ownerless = owner.is_some_and(Value::is_null);
    let owner = owner.and_then(Value::as_str).and_then(guid);
    let publisher = body.get("verifiedPublisher").and_then(|publisher| publisher.get("displayName")?.as_str());
    texts(at, value)
        .into_iter()
        .filter_map(|(at, text)| {
            let mut finding = Finding::new(Outsider::AzureApplication(guid(text)?), &at, text, CONTACT_IN, EXACT);
            if let Some(owner) = &owner {
                finding.context.insert("owner_tenant".to_owned(), json!(owner));
            }
            if is_ownerless {
                finding.context.insert("owner_tenant".to_owned(), Value::Null);
            }
            if let Some(publisher) = publisher {
                finding.context.insert("verified_publisher".to_owned(), json!(publisher));
            }
            Some(finding)
        })
        .collect()
}

/// Resource types, alone or inside a resource id; whether a namespace is a partner's is for the directory to say.
pub(super) fn namespaces(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .map(|(at, text)| {
            let lower = text.to_ascii_lowercase();
            let kind = match lower.rsplit_once("/providers/") {
                Some((_, inner)) => inner.split('/').take(2).collect::<Vec<_>>().join("/"),
                None => lower,
            };
            let outsider = Outsider::AzureNamespace(kind);
            Finding::new(outsider, &at, text, DATA_OUT, STATED)
        })
        .collect()
}

/// A UUID in lower case; the one of zeros stands for nobody.
fn guid(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let shaped = lower.len() == 36
        && lower.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    (shaped && lower != NO_ID).then_some(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_id_names_its_type() {
        let id = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Datadog/monitors/m";
        assert_eq!(
            namespaces("id", &json!(id))[0].outsider,
            Outsider::AzureNamespace("microsoft.datadog/monitors".into())
        );
    }

    #[test]
    fn eligible_access_counts_like_standing_access() {
        let definition = json!({"properties": {
            "managedByTenantId": "11111111-2222-3333-4444-555555555555",
            "authorizations": [{"roleDefinitionId": "acdd72a7-3385-48ef-bd42-f606fba81ae7"}],
            "eligibleAuthorizations": [{"roleDefinitionId": "b24988ac-6180-42a0-ab88-20f7382dd24c"}],
        }});
        let found = tenants("", &definition);
        assert_eq!(found[0].edge.strength, Strength::CanAdmin);
        assert_eq!(found[0].at, "properties.managedByTenantId");
    }
}
