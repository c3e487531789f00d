//! The client libraries and how they are called: no repeats of their own, a limit on each attempt, one page at a time.
//!
//! The crawl engine paces and repeats; a library that repeats by itself would hide its requests from the ledger and
//! hammer a quota that is used up.

use std::{future::Future, time::Duration};

use carveout_crawl::{ConnectorError, Failure, Quota, UnitContext};
use google_cloud_asset_v1::{
    client::AssetService,
    model::{Asset, ContentType},
};
use google_cloud_auth::credentials::{self, Credentials, anonymous};
use google_cloud_gax::{error::Error, options::RequestOptionsBuilder as _, retry_policy::NeverRetry};
use google_cloud_resourcemanager_v3::{
    client::{Folders, Organizations, Projects},
    model::{Folder, Organization, Project},
};
use google_cloud_storage::{client::StorageControl, model::Bucket};

use crate::{
    failure,
    settings::{Endpoint, Resolved},
};

/// An attempt that takes longer is broken off.
const ATTEMPT: Duration = Duration::from_secs(60);
/// Assets of one page; the most that the service gives.
const ASSETS_PAGE: i32 = 1000;
/// Buckets of one page.
const BUCKETS_PAGE: i32 = 1000;
/// `ListAssets` allows 100 requests a minute for each consumer project.
const ASSETS_PER_SECOND: f64 = 1.5;
/// Resource Manager and Cloud Storage publish limits that a crawl does not come near.
const FREE: Quota = Quota { requests_per_second: None, in_flight: 4 };

/// The services of one workspace.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    assets: AssetService,
    /// None when it is not to be called.
    storage: Option<StorageControl>,
    organizations: Organizations,
    folders: Folders,
    projects: Projects,
    name: String,
    assets_quota: Quota,
}

/// One page of a list, with the token of the next; an empty token ends it.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: String,
}

macro_rules! client {
    ($builder:expr, $endpoint:expr, $credentials:expr) => {{
        let builder = $builder
            .with_retry_policy(NeverRetry)
            .with_attempt_timeout(ATTEMPT)
            .with_credentials($credentials(&$endpoint)?);
        let builder = match &$endpoint {
            Endpoint::At(address) | Endpoint::Emulator(address) => builder.with_endpoint(address.clone()),
            Endpoint::Default | Endpoint::Absent => builder,
        };
        builder.build().await.map_err(|error| ConnectorError::Credentials { reason: error.to_string() })?
    }};
}

impl Clients {
    pub(crate) async fn connect(
        name: &str,
        settings: &Resolved,
        quota_project: Option<&str>,
    ) -> Result<Self, ConnectorError> {
        let credentials = |endpoint: &Endpoint| match endpoint {
            Endpoint::Emulator(_) | Endpoint::Absent => Ok(anonymous::Builder::new().build()),
            Endpoint::Default | Endpoint::At(_) => application_default(quota_project),
        };
        let storage = match settings.storage {
            Endpoint::Absent => None,
            _ => Some(client!(StorageControl::builder(), settings.storage, credentials)),
        };
        let is_emulator = matches!(settings.assets, Endpoint::Emulator(_));
        Ok(Self {
            assets: client!(AssetService::builder(), settings.assets, credentials),
            storage,
            organizations: client!(Organizations::builder(), settings.resource_manager, credentials),
            folders: client!(Folders::builder(), settings.resource_manager, credentials),
            projects: client!(Projects::builder(), settings.resource_manager, credentials),
            name: name.to_owned(),
            assets_quota: Quota { requests_per_second: (!is_emulator).then_some(ASSETS_PER_SECOND), in_flight: 8 },
        })
    }

    /// The bucket that requests for assets count against.
    pub(crate) fn assets_bucket(&self) -> String {
        format!("{}/cloud-asset-inventory", self.name)
    }

    /// Whether Cloud Storage is to be called at all.
    pub(crate) fn has_storage(&self) -> bool {
        self.storage.is_some()
    }

    /// A page of the assets of a project, folder or organization; of every type when none is named.
    pub(crate) async fn assets(
        &self,
        context: &UnitContext,
        parent: &str,
        content: ContentType,
        types: &[String],
        token: &str,
    ) -> Result<Page<Asset>, Failure> {
        let kind = content.name().unwrap_or_default().to_owned();
        let operation = format!("cloudasset.assets.list {parent} {kind}");
        call(context, &self.assets_bucket(), self.assets_quota, &operation, || {
            let request = self.assets.list_assets().set_parent(parent).set_content_type(content.clone());
            let request = request.set_page_size(ASSETS_PAGE).set_page_token(token).set_asset_types(types.to_vec());
            async move {
                let answer = request.with_attempt_timeout(ATTEMPT).send().await?;
                Ok(Page { items: answer.assets, next: answer.next_page_token })
            }
        })
        .await
    }

    /// A page of the buckets of a project; an empty one where Cloud Storage is not to be called.
    pub(crate) async fn buckets(
        &self,
        context: &UnitContext,
        project: &str,
        token: &str,
    ) -> Result<Page<Bucket>, Failure> {
        let Some(storage) = &self.storage else { return Ok(Page { items: Vec::new(), next: String::new() }) };
        let operation = format!("storage.buckets.list {project}");
        call(context, &format!("{}/storage", self.name), FREE, &operation, || {
            let request = storage.list_buckets().set_parent(project);
            let request = request.set_page_size(BUCKETS_PAGE).set_page_token(token);
            async move {
                let answer = request.with_attempt_timeout(ATTEMPT).send().await?;
                Ok(Page { items: answer.buckets, next: answer.next_page_token })
            }
        })
        .await
    }

    /// Every organization that the credentials see.
    pub(crate) async fn organizations(&self, context: &UnitContext) -> Result<Vec<Organization>, Failure> {
        self.every(context, "cloudresourcemanager.organizations.search", |token| {
            let request = self.organizations.search_organizations().set_page_token(token);
            async move { request.send().await.map(|a| Page { items: a.organizations, next: a.next_page_token }) }
        })
        .await
    }

    /// Every folder that the credentials see.
    pub(crate) async fn folders(&self, context: &UnitContext) -> Result<Vec<Folder>, Failure> {
        self.every(context, "cloudresourcemanager.folders.search", |token| {
            let request = self.folders.search_folders().set_page_token(token);
            async move { request.send().await.map(|a| Page { items: a.folders, next: a.next_page_token }) }
        })
        .await
    }

    /// Every project that the credentials see, those being deleted included.
    pub(crate) async fn projects(&self, context: &UnitContext) -> Result<Vec<Project>, Failure> {
        self.every(context, "cloudresourcemanager.projects.search", |token| {
            let request = self.projects.search_projects().set_page_token(token);
            async move { request.send().await.map(|a| Page { items: a.projects, next: a.next_page_token }) }
        })
        .await
    }

    /// One project.
    pub(crate) async fn project(&self, context: &UnitContext, name: &str) -> Result<Project, Failure> {
        let operation = format!("cloudresourcemanager.projects.get {name}");
        call(context, &self.resource_manager_bucket(), FREE, &operation, || {
            let request = self.projects.get_project().set_name(name);
            async move { request.send().await }
        })
        .await
    }

    fn resource_manager_bucket(&self) -> String {
        format!("{}/resource-manager", self.name)
    }

    async fn every<T, F, Fut>(&self, context: &UnitContext, operation: &str, request: F) -> Result<Vec<T>, Failure>
    where
        T: Send,
        F: Fn(String) -> Fut + Send + Sync,
        Fut: Future<Output = Result<Page<T>, Error>> + Send,
    {
        let mut items = Vec::new();
        let mut token = String::new();
        loop {
            let send = || request(token.clone());
            let page = call(context, &self.resource_manager_bucket(), FREE, operation, send).await?;
            items.extend(page.items);
            token = page.next;
            if token.is_empty() {
                return Ok(items);
            }
        }
    }
}

/// One request in its turn, and again while that helps.
async fn call<T, F, Fut>(
    context: &UnitContext,
    bucket: &str,
    quota: Quota,
    operation: &str,
    request: F,
) -> Result<T, Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<T, Error>> + Send,
{
    let send = |_| {
        let answer = request();
        async move { answer.await.map_err(|error| failure::from_error(operation, &error)) }
    };
    context.call(bucket, quota, send).await
}

/// Application default credentials in all their forms, with the project that pays for the quota.
fn application_default(quota_project: Option<&str>) -> Result<Credentials, ConnectorError> {
    let builder = credentials::Builder::default();
    let builder = match quota_project {
        Some(project) => builder.with_quota_project_id(project),
        None => builder,
    };
    builder.build().map_err(|error| ConnectorError::Credentials {
        reason: format!("{error}; run `gcloud auth application-default login` or set GOOGLE_APPLICATION_CREDENTIALS"),
    })
}
