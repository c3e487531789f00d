//! The tenant, its management groups and its subscriptions, from ARM and Resource Graph together.

use std::collections::{BTreeMap, HashSet};

use carveout_model::{Coverage, CoverageStatus, Provider, Scope, ScopeKind};
use serde_json::Value;

use crate::{resource::canonical_id, settings::Subscriptions};

/// The state of a subscription of which no service says any.
const UNKNOWN: &str = "unknown";
/// States in which a subscription can be read.
const READABLE: &[&str] = &["enabled", "warned", "pastdue"];

/// What is known of one subscription.
#[derive(Debug, Default)]
pub(crate) struct Subscription {
    /// ARM's answer.
    arm: Option<Value>,
    /// Resource Graph's row.
    index: Option<Value>,
}

/// What a plan found.
#[derive(Debug)]
pub(crate) struct Found {
    /// The tenant that is read.
    pub(crate) tenant: String,
    /// Every scope.
    pub(crate) scopes: Vec<Scope>,
    /// Subscriptions to crawl.
    pub(crate) subscriptions: Vec<String>,
    /// Subscriptions that won't be, each with its reason.
    pub(crate) coverage: Vec<Coverage>,
    /// The subscriptions that Resource Graph knows, where it could be asked.
    pub(crate) in_index: Option<HashSet<String>>,
}

/// Joins what the services say. `arm` and `index` are none where the service could not be asked; `groups` are rows of
/// management groups. Where neither could be asked, the subscriptions that the configuration names are taken at its word.
pub(crate) fn join(
    tenant: Option<&str>,
    wanted: &Subscriptions,
    arm: Option<Vec<Value>>,
    index: Option<Vec<Value>>,
    groups: Vec<Value>,
) -> Option<Found> {
    let mut known: BTreeMap<String, Subscription> = BTreeMap::new();
    let in_index = index.is_some();
    let is_unheard = arm.is_none() && index.is_none();
    for row in index.into_iter().flatten() {
        if let Some(id) = text(&row, "subscriptionId") {
            known.entry(id).or_default().index = Some(row);
        }
    }
    for row in arm.into_iter().flatten() {
        if let Some(id) = text(&row, "subscriptionId") {
            known.entry(id).or_default().arm = Some(row);
        }
    }
    let first_home = known.values().filter(|subscription| subscription.is_readable()).find_map(Subscription::tenant);
    let group_home = groups.iter().find_map(|row| text(row, "tenantId"));
    let tenant = tenant.map(str::to_ascii_lowercase).or(first_home).or(group_home)?;

    let mut found = Found {
        scopes: vec![Scope {
            provider: Provider::Azure,
            scope_id: tenant.clone(),
            kind: ScopeKind::Tenant,
            parent_id: None,
            name: None,
            status: "active".to_owned(),
            raw: Value::Null,
        }],
        subscriptions: Vec::new(),
        coverage: Vec::new(),
        in_index: in_index.then(|| {
            let listed = known.iter().filter(|(_, subscription)| subscription.index.is_some());
            listed.map(|(id, _)| id.clone()).collect()
        }),
        tenant,
    };
    found.scopes.extend(groups.into_iter().filter_map(|row| management_group(row, &found.tenant)));
    if let Subscriptions::Listed(listed) = wanted
        && is_unheard
    {
        known.extend(listed.iter().map(|id| (id.clone(), Subscription::default())));
    } else if let Subscriptions::Listed(listed) = wanted {
        for id in listed.iter().filter(|id| !known.contains_key(*id)) {
            let message = "named in connectors.azure.subscriptions and not visible to these credentials: \
                           give them Reader on it";
            found.leave_out(id, CoverageStatus::Denied, message.to_owned());
        }
    }
    for (id, subscription) in known {
        found.add(id, subscription, wanted);
    }
    Some(found)
}

impl Found {
    fn add(&mut self, id: String, subscription: Subscription, wanted: &Subscriptions) {
        let state = subscription.state();
        let home = subscription.tenant().unwrap_or_else(|| self.tenant.clone());
        if home != self.tenant {
            let message = format!("belongs to the tenant {home}, which delegated it to us: not ours to count");
            self.leave_out(&id, CoverageStatus::Skipped, message);
        } else if !subscription.is_readable() {
            self.leave_out(&id, CoverageStatus::Skipped, format!("the subscription is {state}"));
        } else if matches!(wanted, Subscriptions::Listed(listed) if !listed.contains(&id)) {
            let message = "not among connectors.azure.subscriptions".to_owned();
            self.leave_out(&id, CoverageStatus::Skipped, message);
        } else {
            self.subscriptions.push(id.clone());
        }
        self.scopes.push(Scope {
            provider: Provider::Azure,
            scope_id: id,
            kind: ScopeKind::Subscription,
            parent_id: Some(subscription.parent().unwrap_or(home)),
            name: subscription.name(),
            status: state,
            raw: subscription.arm.or(subscription.index).unwrap_or_default(),
        });
    }

    fn leave_out(&mut self, id: &str, status: CoverageStatus, message: String) {
        self.coverage.push(row(id, "*", status, message));
    }
}

/// A row of the ledger for what won't be tried.
pub(crate) fn row(scope_id: &str, type_name: &str, status: CoverageStatus, message: String) -> Coverage {
    Coverage {
        provider: Provider::Azure,
        scope_id: scope_id.to_owned(),
        region: "*".to_owned(),
        type_name: type_name.to_owned(),
        status,
        resources: 0,
        requests: 0,
        retries: 0,
        elapsed_ms: 0,
        error_code: None,
        message: Some(message),
    }
}

impl Subscription {
    /// ARM decides; Resource Graph keeps the state in its properties.
    fn state(&self) -> String {
        let arm = self.arm.as_ref().and_then(|row| text(row, "state"));
        let index = || self.index.as_ref()?.get("properties").and_then(|properties| text(properties, "state"));
        arm.or_else(index).unwrap_or_else(|| UNKNOWN.to_owned())
    }

    fn is_readable(&self) -> bool {
        let state = self.state();
        state == UNKNOWN || READABLE.contains(&state.as_str())
    }

    fn tenant(&self) -> Option<String> {
        self.arm.iter().chain(&self.index).find_map(|row| text(row, "tenantId"))
    }

    fn name(&self) -> Option<String> {
        let member = |row: &Option<Value>, name: &str| Some(row.as_ref()?.get(name)?.as_str()?.to_owned());
        member(&self.arm, "displayName").or_else(|| member(&self.index, "name"))
    }

    /// The management group that holds it: the first of the chain, which begins at the nearest.
    fn parent(&self) -> Option<String> {
        let chain = self.index.as_ref()?.get("properties")?.get("managementGroupAncestorsChain")?;
        Some(group_id(chain.get(0)?.get("name")?.as_str()?))
    }
}

fn management_group(row: Value, tenant: &str) -> Option<Scope> {
    let details = row.get("properties").and_then(|properties| properties.get("details"));
    let parent = details.and_then(|details| details.get("parent")).and_then(|parent| parent.get("name"));
    let display_name = row.get("properties").and_then(|properties| properties.get("displayName"));
    Some(Scope {
        provider: Provider::Azure,
        scope_id: canonical_id(row.get("id")?.as_str()?),
        kind: ScopeKind::ManagementGroup,
        parent_id: Some(parent.and_then(Value::as_str).map_or_else(|| tenant.to_owned(), group_id)),
        name: display_name.or(row.get("name")).and_then(Value::as_str).map(ToOwned::to_owned),
        status: "active".to_owned(),
        raw: row,
    })
}

/// A management group's id from its name. The root group is named like the tenant; the full id keeps them apart.
fn group_id(name: &str) -> String {
    format!("/providers/microsoft.management/managementgroups/{}", name.to_ascii_lowercase())
}

/// A member's text in lower case; absent and empty are the same.
fn text(row: &Value, member: &str) -> Option<String> {
    row.get(member)?.as_str().filter(|text| !text.is_empty()).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn arm(id: &str, state: &str, tenant: &str) -> Value {
        json!({"subscriptionId": id, "displayName": id, "state": state, "tenantId": tenant})
    }

    #[test]
    fn a_disabled_subscription_is_recorded_and_left_out() {
        let rows = vec![arm("s1", "Enabled", "t1"), arm("s2", "Disabled", "t1"), arm("s3", "Enabled", "t2")];
        let found = join(None, &Subscriptions::All, Some(rows), Some(Vec::new()), Vec::new()).expect("a tenant");
        assert_eq!(found.tenant, "t1");
        assert_eq!(found.subscriptions, ["s1"]);
        assert_eq!(found.scopes.len(), 4, "the tenant and every subscription");
        let left_out: Vec<_> = found.coverage.iter().map(|row| (row.scope_id.as_str(), row.status)).collect();
        assert_eq!(left_out, [("s2", CoverageStatus::Skipped), ("s3", CoverageStatus::Skipped)]);
        assert!(found.coverage[1].message.as_ref().expect("a reason").contains("delegated"));
    }

    #[test]
    fn a_subscription_that_was_asked_for_and_is_not_visible_is_denied() {
        let wanted = Subscriptions::Listed(vec!["s1".to_owned(), "s9".to_owned()]);
        let rows = vec![arm("S1", "Enabled", "t1"), arm("s2", "Enabled", "t1")];
        let found = join(None, &wanted, Some(rows), None, Vec::new()).expect("a tenant");
        assert_eq!(found.subscriptions, ["s1"]);
        let left_out: Vec<_> = found.coverage.iter().map(|row| (row.scope_id.as_str(), row.status)).collect();
        assert_eq!(left_out, [("s9", CoverageStatus::Denied), ("s2", CoverageStatus::Skipped)]);
    }

    #[test]
    fn a_named_subscription_is_tried_when_nobody_can_be_asked() {
        let wanted = Subscriptions::Listed(vec!["s1".to_owned()]);
        assert!(join(None, &wanted, None, None, Vec::new()).is_none(), "whose tenant?");
        let found = join(Some("T1"), &wanted, None, None, Vec::new()).expect("a tenant");
        assert_eq!((found.tenant.as_str(), found.subscriptions.as_slice()), ("t1", ["s1".to_owned()].as_slice()));
        assert_eq!(found.scopes[1].status, "unknown");
    }

    #[test]
    fn the_hierarchy_comes_from_the_index() {
        let index = vec![json!({"subscriptionId": "s1", "name": "web", "tenantId": "t1", "properties": {
            "state": "Enabled", "managementGroupAncestorsChain": [{"name": "Prod"}, {"name": "t1"}]}})];
        let groups = vec![json!({"id": "/providers/Microsoft.Management/managementGroups/Prod", "name": "Prod",
            "tenantId": "t1", "properties": {"displayName": "Production", "details": {"parent": {"name": "t1"}}}})];
        let found = join(None, &Subscriptions::All, None, Some(index), groups).expect("a tenant");
        let group = &found.scopes[1];
        assert_eq!(group.scope_id, "/providers/microsoft.management/managementgroups/prod");
        assert_eq!(group.parent_id.as_deref(), Some("/providers/microsoft.management/managementgroups/t1"));
        assert_eq!(found.scopes[2].parent_id, Some(group.scope_id.clone()));
    }
}
