//! The organization: its tree and its accounts, the suspended ones included.

use carveout_crawl::{Failure, FailureClass, UnitContext};
use carveout_model::{JsonPath, Provider, Scope, ScopeKind};
use serde_json::{Value, json};

use crate::{
    api::{Api, Place},
    record::{Call, Paging, Tokens},
    template::{Argument, Bindings, Template},
};

/// What the organization says about itself.
#[derive(Debug, Default)]
pub(crate) struct Organization {
    /// Its management account.
    pub management_account: Option<String>,
    /// The organization, its units and its accounts.
    pub scopes: Vec<Scope>,
    /// Why the tree of units could not be read, if so.
    pub without_units: Option<Failure>,
}

/// The operations of this walk, for the test that each has a shape.
#[cfg(test)]
pub(crate) const OPERATIONS: [&str; 5] =
    ["DescribeOrganization", "ListAccounts", "ListRoots", "ListOrganizationalUnitsForParent", "ListAccountsForParent"];

/// Walks the organization of the caller's account. None where the account is in no organization.
pub(crate) async fn walk(api: &Api, context: &UnitContext, place: &Place<'_>) -> Result<Option<Organization>, Failure> {
    let walk = Walk { api, context, place };
    let described = match walk.all("DescribeOrganization", None, "Organization").await {
        Err(failure) if failure.code.as_deref() == Some("AWSOrganizationsNotInUseException") => return Ok(None),
        other => other?,
    };
    let Some(described) = described.into_iter().next() else { return Ok(None) };
    let organization_id = text(&described, "Id");
    let mut organization = Organization {
        management_account: described.get("MasterAccountId").and_then(Value::as_str).map(ToOwned::to_owned),
        ..Organization::default()
    };
    let accounts = walk.all("ListAccounts", None, "Accounts[]").await?;
    organization.scopes.push(scope(ScopeKind::Organization, &organization_id, None, described, "active".to_owned()));
    let mut parents = std::collections::HashMap::new();
    match walk.tree(&organization_id).await {
        Ok(tree) => {
            organization.scopes.extend(tree.units);
            parents = tree.account_parents;
        }
        Err(failure) => organization.without_units = Some(failure),
    }
    for account in accounts {
        let id = text(&account, "Id");
        let parent = parents.remove(&id).unwrap_or_else(|| organization_id.clone());
        let status = state(&account);
        organization.scopes.push(scope(ScopeKind::Account, &id, Some(parent), account, status));
    }
    Ok(Some(organization))
}

struct Walk<'a> {
    api: &'a Api,
    context: &'a UnitContext,
    place: &'a Place<'a>,
}

struct Tree {
    units: Vec<Scope>,
    account_parents: std::collections::HashMap<String, String>,
}

impl Walk<'_> {
    /// Units and which of them holds which account. A root is nothing that people know; its children are the
    /// organization's.
    async fn tree(&self, organization_id: &str) -> Result<Tree, Failure> {
        let mut tree = Tree { units: Vec::new(), account_parents: std::collections::HashMap::new() };
        let roots = self.all("ListRoots", None, "Roots[]").await?;
        let mut open: Vec<_> = roots.iter().map(|root| (text(root, "Id"), organization_id.to_owned())).collect();
        while let Some((parent, shown_as)) = open.pop() {
            for account in self.all("ListAccountsForParent", Some(&parent), "Accounts[]").await? {
                tree.account_parents.insert(text(&account, "Id"), shown_as.clone());
            }
            for unit in self.all("ListOrganizationalUnitsForParent", Some(&parent), "OrganizationalUnits[]").await? {
                let id = text(&unit, "Id");
                open.push((id.clone(), id.clone()));
                let parent = Some(shown_as.clone());
                tree.units.push(scope(ScopeKind::OrganizationalUnit, &id, parent, unit, "active".to_owned()));
            }
        }
        Ok(tree)
    }

    /// The items of all pages.
    async fn all(&self, operation: &str, parent: Option<&str>, items: &str) -> Result<Vec<Value>, Failure> {
        let mut call = Call { operation: operation.to_owned(), ..Call::default() };
        if operation.starts_with("List") {
            call.args.insert("NextToken".to_owned(), reference("{page}"));
            call.args.insert("MaxResults".to_owned(), reference("{size}"));
            call.page = Some(Paging { out: Tokens::One(path("NextToken")), more: None, max: Some(20) });
        }
        if let Some(parent) = parent {
            call.args.insert("ParentId".to_owned(), Argument::Text(Template::literal(parent)));
        }
        let service = self.api.service("organizations")?;
        let answer = self.api.whole(self.context, self.place, service, &call, &Bindings::default()).await?;
        let mut found = Vec::new();
        if let Some(mut answer) = answer {
            path(items).for_each_mut(&mut answer, &mut |item| found.push(item.take()));
        }
        match found.iter().find(|item| item.get("Id").is_none()) {
            Some(_) => Err(Failure::new(FailureClass::Fatal, operation, "an item has no Id")),
            None => Ok(found),
        }
    }
}

fn reference(text: &str) -> Argument {
    Argument::Text(Template::try_from(text.to_owned()).expect("a template in the source can be read"))
}

fn path(text: &str) -> JsonPath {
    text.parse().expect("a path in the source can be read")
}

fn text(item: &Value, member: &str) -> String {
    item.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// `State` is newer and tells more than `Status`.
fn state(account: &Value) -> String {
    let state = account.get("State").or_else(|| account.get("Status")).and_then(Value::as_str);
    state.unwrap_or("active").to_lowercase()
}

fn scope(kind: ScopeKind, id: &str, parent_id: Option<String>, raw: Value, status: String) -> Scope {
    let name = raw.get("Name").and_then(Value::as_str).map(ToOwned::to_owned);
    Scope { provider: Provider::Aws, scope_id: id.to_owned(), kind, parent_id, name, status, raw }
}

/// An account of which the organization tells us nothing.
pub(crate) fn lone_account(account_id: &str) -> Scope {
    scope(ScopeKind::Account, account_id, None, json!({ "Id": account_id }), "active".to_owned())
}
