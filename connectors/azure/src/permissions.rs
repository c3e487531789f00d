//! The least that reading the wanted types needs: a custom role, and permissions of Microsoft Graph.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    catalogue,
    settings::{AzureSettings, Subscriptions},
};

/// What planning and the pass itself need, before any type: subscriptions, management groups, Resource Graph, and ARM's
/// own listing that it is compared with.
const ALWAYS: [&str; 4] = [
    "Microsoft.Management/managementGroups/read",
    "Microsoft.ResourceGraph/resources/read",
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resources/read",
];

/// `role` is the definition that `az role definition create` takes, `microsoft_graph` the application permissions that an
/// administrator grants. Resource Graph shows a resource to whoever may read its type, so each type needs its own action.
pub(crate) fn permissions(settings: &AzureSettings, wants: impl Fn(&str) -> bool) -> Value {
    let mut actions: BTreeSet<&str> = ALWAYS.into();
    let mut graph: BTreeSet<&str> = BTreeSet::new();
    for record in catalogue::shared().records().filter(|record| wants(&record.name)) {
        match &record.directory {
            Some(directory) => {
                graph.insert(&record.permission);
                graph.extend(directory.join.as_ref().map(|join| join.permission.as_str()));
            }
            None => {
                actions.insert(&record.permission);
                actions.extend(record.details.iter().map(|detail| detail.permission.as_str()));
            }
        }
    }
    let scopes: Vec<String> = match &settings.subscriptions {
        Subscriptions::All => {
            let root = settings.tenant.as_deref().unwrap_or("TENANT_ID");
            vec![format!("/providers/Microsoft.Management/managementGroups/{root}")]
        }
        Subscriptions::Listed(ids) => ids.iter().map(|id| format!("/subscriptions/{id}")).collect(),
    };
    json!({
        "role": {
            "Name": "carveout reader",
            "IsCustom": true,
            "Description": "Reads the resource types that carveout crawls, and nothing else.",
            "Actions": actions,
            "NotActions": [],
            "DataActions": [],
            "NotDataActions": [],
            "AssignableScopes": scopes,
        },
        "microsoft_graph": { "application_permissions": graph },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(value: &Value) -> Vec<&str> {
        value.as_array().expect("a list").iter().map(|each| each.as_str().expect("a text")).collect()
    }

    #[test]
    fn a_detail_brings_its_own_action_and_nothing_writes() {
        let settings = AzureSettings::default();
        let asked = permissions(&settings, |name| name == "microsoft.storage/storageaccounts");
        let actions = texts(&asked["role"]["Actions"]);
        for action in ["Microsoft.Storage/storageAccounts/read", "Microsoft.Storage/storageAccounts/blobServices/read"]
        {
            assert!(actions.contains(&action), "{action} in {actions:?}");
        }
        assert!(actions.iter().all(|action| action.ends_with("/read")), "{actions:?}");
        assert!(!actions.contains(&"Microsoft.KeyVault/vaults/read"), "{actions:?}");
        assert!(texts(&asked["microsoft_graph"]["application_permissions"]).is_empty());
    }

    #[test]
    fn the_directory_is_read_through_microsoft_graph() {
        let asked = permissions(&AzureSettings::default(), |name| name == "microsoft.graph/serviceprincipals");
        let graph = texts(&asked["microsoft_graph"]["application_permissions"]);
        assert_eq!(graph, ["Application.Read.All", "Directory.Read.All"]);
    }

    #[test]
    fn a_role_is_assignable_where_the_configuration_looks() {
        let mut settings = AzureSettings { tenant: Some("contoso".to_owned()), ..AzureSettings::default() };
        let scopes = |settings: &AzureSettings| permissions(settings, |_| true)["role"]["AssignableScopes"].clone();
        assert_eq!(scopes(&settings), json!(["/providers/Microsoft.Management/managementGroups/contoso"]));
        settings.subscriptions = Subscriptions::Listed(vec!["s1".to_owned()]);
        assert_eq!(scopes(&settings), json!(["/subscriptions/s1"]));
    }
}
