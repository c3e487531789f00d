//! The pass over one subscription: every table of Resource Graph, counted against what it should hold, with ARM's own
//! list where Resource Graph is silent.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use carveout_crawl::{Failure, FailureClass, TypeFilter, UnitContext};
use carveout_model::Resource;

use crate::{
    catalogue::{self, RESOURCES},
    index::Index,
    manager::Manager,
    resource,
};

/// What the plan found out for the passes.
#[derive(Debug)]
pub(crate) struct Known {
    /// The tenant that is read.
    pub(crate) tenant: String,
    /// The tables that are there, and how many rows each subscription has in them where that could be asked.
    pub(crate) tables: Vec<(&'static str, Option<HashMap<String, u64>>)>,
    /// The subscriptions that Resource Graph knows, where it could be asked.
    pub(crate) in_index: Option<HashSet<String>>,
}

/// What a pass needs.
pub(crate) struct Pass<'a> {
    pub(crate) index: &'a Index,
    pub(crate) manager: &'a Manager,
    pub(crate) filter: &'a TypeFilter,
    pub(crate) known: &'a Known,
    pub(crate) context: &'a UnitContext,
}

impl Pass<'_> {
    /// Crawls a subscription.
    pub(crate) async fn subscription(&self, subscription: &str) -> Result<(), Failure> {
        if self.known.in_index.as_ref().is_some_and(|known| !known.contains(subscription)) {
            return self.without_index(subscription).await;
        }
        let mut first_failure = None;
        for (table, counts) in &self.known.tables {
            let expected = counts.as_ref().map(|counts| counts.get(subscription).copied().unwrap_or_default());
            let mut accounts = Accounts::open(self, subscription, table);
            let result = if *table == RESOURCES {
                self.resources(subscription, expected, &mut accounts).await
            } else if expected == Some(0) {
                Ok(())
            } else {
                let query = format!("{table} | order by id asc");
                self.read(vec![subscription.to_owned()], query, &mut accounts).await.map(drop)
            };
            if let Err(failure) = &result {
                // Nothing of a subscription that may not be read is worth asking for table by table.
                if *table == RESOURCES && failure.class == FailureClass::Denied {
                    return result;
                }
            }
            accounts.close(result.as_ref().copied());
            first_failure = first_failure.or(result.err());
        }
        first_failure.map_or(Ok(()), Err)
    }

    /// Crawls what belongs to no subscription: assignments at management groups and at the root, the groups themselves.
    pub(crate) async fn tenant(&self) -> Result<(), Failure> {
        let mut first_failure = None;
        for (table, counts) in &self.known.tables {
            let expected = counts.as_ref().map(|counts| counts.get("").copied().unwrap_or_default());
            if *table == RESOURCES {
                continue;
            }
            let mut accounts = Accounts::open(self, &self.known.tenant, table);
            let result = if expected == Some(0) {
                Ok(())
            } else {
                let query = format!("{table} | where subscriptionId == '' | order by id asc");
                self.read(Vec::new(), query, &mut accounts).await.map(drop)
            };
            accounts.close(result.as_ref().copied());
            first_failure = first_failure.or(result.err());
        }
        first_failure.map_or(Ok(()), Err)
    }

    /// The main table, with ARM's list as its check.
    async fn resources(
        &self,
        subscription: &str,
        expected: Option<u64>,
        accounts: &mut Accounts<'_>,
    ) -> Result<(), Failure> {
        let query = format!("{RESOURCES} | order by id asc");
        let read = match expected {
            Some(0) => Ok(HashSet::new()),
            _ => self.read(vec![subscription.to_owned()], query, accounts).await,
        };
        let seen = match read {
            // An empty answer and a subscription that was dropped without a word look the same.
            Ok(seen) if !seen.is_empty() && expected.is_none_or(|expected| seen.len() as u64 >= expected) => {
                return Ok(());
            }
            Ok(seen) => seen,
            Err(failure) => {
                let listed = self.list(subscription, &HashSet::new(), accounts).await;
                return Err(listed.err().filter(|error| error.class == FailureClass::Denied).unwrap_or(failure));
            }
        };
        let missing = self.list(subscription, &seen, accounts).await?;
        if missing > 0 {
            let message =
                format!("{missing} resources are in ARM's list and not in Resource Graph; kept without properties");
            let failure = Failure::new(FailureClass::Fatal, "compare with ARM", message).with_code("IndexLags");
            self.context.gap("resource_graph", &failure);
        }
        Ok(())
    }

    /// A subscription that ARM lists and Resource Graph does not know.
    async fn without_index(&self, subscription: &str) -> Result<(), Failure> {
        let mut accounts = Accounts::open(self, subscription, RESOURCES);
        let listed = self.list(subscription, &HashSet::new(), &mut accounts).await?;
        let message = format!(
            "ARM lists this subscription and Resource Graph does not: {listed} resources were listed by ARM, without \
             their properties, and nothing else of it could be read"
        );
        let failure = Failure::new(FailureClass::Fatal, "Resource Graph: resources", message);
        let failure = failure.with_code("NotInResourceGraph");
        accounts.close(Err(&failure));
        Err(failure)
    }

    /// Reads a query to its end; gives the hashes of the keys that were found.
    async fn read(
        &self,
        subscriptions: Vec<String>,
        query: String,
        accounts: &mut Accounts<'_>,
    ) -> Result<HashSet<u64>, Failure> {
        let mut seen = HashSet::new();
        let mut pages = self.index.pages(self.context, subscriptions, query);
        while let Some(rows) = pages.next().await? {
            let mut resources = Vec::with_capacity(rows.len());
            for row in rows {
                match resource::from_row(row, &self.known.tenant) {
                    // A query over one subscription also gives what belongs to none, such as built-in roles.
                    Some(resource) if resource.scope_id != accounts.scope_id => {}
                    Some(resource) => {
                        seen.insert(hash(&resource.resource_key));
                        resources.push(resource);
                    }
                    None => accounts.nameless(),
                }
            }
            accounts.emit(resources).await;
        }
        Ok(seen)
    }

    /// Reads ARM's generic list and keeps what was not seen yet; gives how many that were.
    async fn list(&self, subscription: &str, seen: &HashSet<u64>, accounts: &mut Accounts<'_>) -> Result<u64, Failure> {
        let mut follow = None;
        let mut found = 0;
        loop {
            let (rows, next) = self.manager.resources(self.context, subscription, follow).await?;
            let mut resources = Vec::new();
            for mut resource in rows.into_iter().filter_map(|row| resource::from_row(row, subscription)) {
                if !seen.contains(&hash(&resource.resource_key)) {
                    // This list has no properties as a rule; what is known of them from before stays.
                    if resource.config.get("properties").is_none() {
                        resource.unread.push("properties".to_owned());
                    }
                    resources.push(resource);
                }
            }
            found += resources.len() as u64;
            accounts.emit(resources).await;
            follow = next;
            if follow.is_none() {
                return Ok(found);
            }
        }
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// One account for each type of a table in one scope: what went through without a resource proves absence, too.
struct Accounts<'a> {
    pass: &'a Pass<'a>,
    scope_id: String,
    parts: BTreeMap<String, UnitContext>,
}

impl<'a> Accounts<'a> {
    fn open(pass: &'a Pass<'a>, scope_id: &str, table: &str) -> Self {
        let types = catalogue::types_of_table(table).map(|record| record.name.clone());
        let parts = types.filter(|name| pass.filter.lets_through(name));
        let parts = parts.map(|name| (name.clone(), pass.context.part(scope_id, "*", &name))).collect();
        Self { pass, scope_id: scope_id.to_owned(), parts }
    }

    /// Asks for details and hands the resources on, type by type.
    async fn emit(&mut self, resources: Vec<Resource>) {
        let mut by_type: BTreeMap<String, Vec<Resource>> = BTreeMap::new();
        for resource in resources {
            if self.pass.filter.lets_through(&resource.type_name) {
                by_type.entry(resource.type_name.clone()).or_default().push(resource);
            }
        }
        for (type_name, mut resources) in by_type {
            let (pass, scope_id) = (self.pass, &self.scope_id);
            let part = self.parts.entry(type_name).or_insert_with_key(|name| pass.context.part(scope_id, "*", name));
            if let Some(record) = catalogue::shared().get(&resources[0].type_name).filter(|r| !r.details.is_empty()) {
                pass.manager.add_details(part, &record.details, &mut resources).await;
            }
            let observations = resources.iter().flat_map(resource::observe).collect();
            part.emit(resources, observations).await;
        }
    }

    /// A row that says neither what it is nor where.
    fn nameless(&self) {
        let message = "a row has no id or no type";
        self.pass.context.gap("rows", &Failure::new(FailureClass::Fatal, "Resource Graph", message));
    }

    fn close(self, result: Result<(), &Failure>) {
        for part in self.parts.into_values() {
            part.close(result);
        }
    }
}
