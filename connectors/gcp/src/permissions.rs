//! The least that reading the wanted types needs, as a custom role.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::catalogue::BUCKET;

/// What every crawl calls: the hierarchy (`search` asks for `get`), and Cloud Asset Inventory with its policies. The
/// inventory shows an asset of any type to whoever may list assets, so types need nothing of their own.
const ALWAYS: [&str; 5] = [
    "cloudasset.assets.listIamPolicy",
    "cloudasset.assets.listResource",
    "resourcemanager.folders.get",
    "resourcemanager.organizations.get",
    "resourcemanager.projects.get",
];

/// A role definition as `gcloud iam roles create --file` takes it.
pub(crate) fn role(counts_against_a_project: bool, wants: impl Fn(&str) -> bool) -> Value {
    let mut permissions: BTreeSet<&str> = ALWAYS.into();
    if wants(BUCKET) {
        permissions.insert("storage.buckets.list");
    }
    if counts_against_a_project {
        permissions.insert("serviceusage.services.use");
    }
    json!({
        "title": "carveout reader",
        "description": "Reads the assets that carveout crawls, and nothing else.",
        "stage": "GA",
        "includedPermissions": permissions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(role: &Value, permission: &str) -> bool {
        role["includedPermissions"].as_array().expect("a list").iter().any(|each| each == permission)
    }

    #[test]
    fn buckets_and_a_quota_project_need_what_they_call() {
        let whole = role(true, |_| true);
        assert!(has(&whole, "storage.buckets.list") && has(&whole, "serviceusage.services.use"));
        let little = role(false, |name| name != BUCKET);
        assert!(!has(&little, "storage.buckets.list") && !has(&little, "serviceusage.services.use"));
        assert!(has(&little, "cloudasset.assets.listResource"));
    }
}
