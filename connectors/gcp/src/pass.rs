//! The pass over one project, or over what lies above projects: policies first, then resources with their policies,
//! then Cloud Storage's own list of the buckets.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use carveout_crawl::{Failure, FailureClass, TypeFilter, UnitContext};
use carveout_model::{CoverageStatus, Resource};
use google_cloud_asset_v1::model::ContentType;

use crate::{
    catalogue::{self, BUCKET},
    clients::Clients,
    failure,
    resource::{self, Asset, IAM_POLICY},
};

/// What a pass needs.
pub(crate) struct Pass<'a> {
    pub(crate) clients: &'a Clients,
    pub(crate) filter: &'a TypeFilter,
    pub(crate) context: &'a UnitContext,
}

/// The policies of a scope by the name of their asset; none when they could not be read.
type Policies = Option<HashMap<String, Asset>>;

impl Pass<'_> {
    /// Crawls a project.
    pub(crate) async fn project(&self, project: &str) -> Result<(), Failure> {
        let mut accounts = Accounts::open(self, catalogue::shared().records().map(|record| (project, &*record.name)));
        let policies = self.policies(project, &[]).await;
        let place = |_: &Asset| Some(project.to_owned());
        let listed = self.assets(project, &[], policies, &place, &mut accounts).await;
        let buckets = accounts.take(project, BUCKET);
        match &listed {
            Ok(seen) => {
                if let Some(part) = buckets {
                    self.check_buckets(project, seen, part).await;
                }
                accounts.close(Ok(()));
            }
            Err(failure) => {
                if let Some(part) = buckets {
                    self.buckets_instead(project, failure, part).await;
                }
                // What a project that may not be read holds is one row, its own.
                if !matches!(failure.class, FailureClass::Denied | FailureClass::Unsupported) {
                    accounts.close(Err(failure));
                }
            }
        }
        listed.map(drop)
    }

    /// Crawls what hangs on the organization and its folders themselves.
    pub(crate) async fn above_projects(&self, parent: &str, containers: &BTreeSet<String>) -> Result<(), Failure> {
        let records = catalogue::shared().records().filter(|record| record.above_projects);
        let types: Vec<_> = records.map(|record| record.name.clone()).filter(|n| self.filter.lets_through(n)).collect();
        if types.is_empty() {
            return Ok(());
        }
        let scopes = containers.iter().flat_map(|scope| types.iter().map(move |name| (scope.as_str(), name.as_str())));
        let mut accounts = Accounts::open(self, scopes);
        let policies = self.policies(parent, &types).await;
        // Assets of projects have their own unit.
        let place = |asset: &Asset| {
            let nearest = asset.ancestors.first().map_or(parent, String::as_str);
            (!nearest.starts_with("projects/")).then(|| nearest.to_owned())
        };
        let listed = self.assets(parent, &types, policies, &place, &mut accounts).await;
        accounts.close(listed.as_ref().map(drop));
        listed.map(drop)
    }

    /// Every IAM policy below a parent.
    async fn policies(&self, parent: &str, types: &[String]) -> Policies {
        let mut policies = HashMap::new();
        let mut token = String::new();
        loop {
            let page = self.clients.assets(self.context, parent, ContentType::IamPolicy, types, &token).await;
            let page = match page {
                Ok(page) => page,
                Err(failure) => {
                    self.context.gap(IAM_POLICY, &failure);
                    return None;
                }
            };
            for asset in page.items {
                if let Some(asset) = self.read(&asset) {
                    policies.insert(asset.name.clone(), asset);
                }
            }
            token = page.next;
            if token.is_empty() {
                return Some(policies);
            }
        }
    }

    /// Every resource below a parent, with its policy; gives the keys of the buckets among them.
    async fn assets(
        &self,
        parent: &str,
        types: &[String],
        mut policies: Policies,
        place: &(dyn Fn(&Asset) -> Option<String> + Sync),
        accounts: &mut Accounts<'_>,
    ) -> Result<HashSet<String>, Failure> {
        let mut buckets = HashSet::new();
        let mut token = String::new();
        loop {
            let page = self.clients.assets(self.context, parent, ContentType::Resource, types, &token).await?;
            let mut resources = Vec::with_capacity(page.items.len());
            for asset in page.items {
                let Some(mut asset) = self.read(&asset) else { continue };
                let policy = policies.as_mut().and_then(|policies| policies.remove(&asset.name));
                if let Some(policy) = policy {
                    asset.iam_policy = policy.iam_policy;
                }
                let Some(scope) = place(&asset) else { continue };
                let mut resource = asset.into_resource(&scope);
                if policies.is_none() {
                    resource.unread.push(IAM_POLICY.to_owned());
                }
                if resource.type_name == BUCKET {
                    buckets.insert(resource.resource_key.clone());
                }
                resources.push(resource);
            }
            accounts.emit(resources).await;
            token = page.next;
            if token.is_empty() {
                break;
            }
        }
        // Assets that have a policy and no resource of their own.
        let mut rest: Vec<_> = policies.into_iter().flatten().map(|(_, asset)| asset).collect();
        rest.sort_by(|a, b| a.name.cmp(&b.name));
        let rest = rest.into_iter().filter_map(|asset| Some((place(&asset)?, asset)));
        accounts.emit(rest.map(|(scope, asset)| asset.into_resource(&scope)).collect()).await;
        Ok(buckets)
    }

    fn read(&self, asset: &google_cloud_asset_v1::model::Asset) -> Option<Asset> {
        let read = serde_json::to_value(asset).map_err(|error| error.to_string());
        let read = read.and_then(|value| Asset::read(value).ok_or_else(|| "it has no name or no type".to_owned()));
        read.map_err(|reason| self.context.gap("assets", &failure::unreadable("cloudasset.assets.list", reason))).ok()
    }

    /// Compares the inventory's buckets with Cloud Storage's own list: the inventory may lag.
    async fn check_buckets(&self, project: &str, seen: &HashSet<String>, part: UnitContext) {
        match self.buckets(project, seen, &part).await {
            Ok(0) => {}
            Ok(missing) => {
                let message = format!("{missing} buckets are in Cloud Storage's list and not in the inventory yet");
                let lag = Failure::new(FailureClass::Fatal, "compare with Cloud Storage", message);
                part.gap("cloud_asset_inventory", &lag.with_code("INVENTORY_LAGS"));
            }
            Err(failure) => part.gap("storage", &failure),
        }
        part.close(Ok(()));
    }

    /// Lists the buckets where the inventory can't be read.
    async fn buckets_instead(&self, project: &str, why: &Failure, part: UnitContext) {
        if !self.clients.has_storage() {
            part.close(Err(why));
            return;
        }
        match self.buckets(project, &HashSet::new(), &part).await {
            Ok(_) => {
                let message = format!("listed by Cloud Storage, without policies: {why}");
                part.close_as(CoverageStatus::Ok, message);
            }
            Err(failure) => part.close(Err(&failure)),
        }
    }

    /// Hands on the buckets that were not seen yet; gives how many that were.
    async fn buckets(&self, project: &str, seen: &HashSet<String>, part: &UnitContext) -> Result<u64, Failure> {
        let mut found = 0;
        let mut token = String::new();
        loop {
            let page = self.clients.buckets(self.context, project, &token).await?;
            let resources = page.items.iter().map(|bucket| resource::from_bucket(bucket, project));
            let resources: Vec<_> = resources.filter(|bucket| !seen.contains(&bucket.resource_key)).collect();
            found += resources.len() as u64;
            if !resources.is_empty() {
                let observations = resources.iter().flat_map(resource::observe).collect();
                part.emit(resources, observations).await;
            }
            token = page.next;
            if token.is_empty() {
                return Ok(found);
            }
        }
    }
}

/// One account for each scope and type: what went through without a resource proves absence, too.
struct Accounts<'a> {
    pass: &'a Pass<'a>,
    parts: BTreeMap<(String, String), UnitContext>,
}

impl<'a> Accounts<'a> {
    fn open<'b>(pass: &'a Pass<'a>, types: impl Iterator<Item = (&'b str, &'b str)>) -> Self {
        let parts = types
            .filter(|(_, name)| pass.filter.lets_through(name))
            .map(|(scope, name)| ((scope.to_owned(), name.to_owned()), pass.context.part(scope, "*", name)))
            .collect();
        Self { pass, parts }
    }

    /// Hands the resources on, scope by scope and type by type.
    async fn emit(&mut self, resources: Vec<Resource>) {
        let mut groups: BTreeMap<(String, String), Vec<Resource>> = BTreeMap::new();
        for resource in resources {
            if self.pass.filter.lets_through(&resource.type_name) {
                let group = (resource.scope_id.clone(), resource.type_name.clone());
                groups.entry(group).or_default().push(resource);
            }
        }
        for (group, resources) in groups {
            let pass = self.pass;
            let part = self.parts.entry(group).or_insert_with_key(|(scope, name)| pass.context.part(scope, "*", name));
            let observations = resources.iter().flat_map(resource::observe).collect();
            part.emit(resources, observations).await;
        }
    }

    fn take(&mut self, scope: &str, type_name: &str) -> Option<UnitContext> {
        self.parts.remove(&(scope.to_owned(), type_name.to_owned()))
    }

    fn close(self, result: Result<(), &Failure>) {
        for part in self.parts.into_values() {
            part.close(result);
        }
    }
}
