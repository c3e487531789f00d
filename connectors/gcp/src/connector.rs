//! The connector: the plan, and which pass a unit is.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use carveout_crawl::{Connector, ConnectorError, Failure, FailureClass, Plan, TypeFilter, Unit, UnitContext};
use carveout_model::{CoverageStatus, JsonPath, Provider};
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::{
    catalogue::{self, Record},
    clients::Clients,
    failure::NO_CREDENTIALS,
    pass::Pass,
    permissions,
    scopes::{self, Found},
    settings::{GcpSettings, Parent, Resolved},
};

/// Google Cloud as a source of resources.
#[derive(Debug)]
pub struct GcpConnector {
    name: String,
    settings: GcpSettings,
    resolved: Resolved,
    clients: OnceCell<Clients>,
    /// The folders and the organization that the plan found.
    containers: RwLock<Arc<BTreeSet<String>>>,
}

impl GcpConnector {
    /// A connector with application default credentials. An emulator (a plain-http endpoint on loopback) gets none.
    ///
    /// # Errors
    /// A setting that can't be meant like this.
    pub fn new(name: impl Into<String>, settings: GcpSettings) -> Result<Self, ConnectorError> {
        let resolved = settings.resolve()?;
        Ok(Self { name: name.into(), settings, resolved, clients: OnceCell::new(), containers: RwLock::default() })
    }

    /// The least that the configured types need, as a custom role.
    pub fn permissions(&self) -> Value {
        permissions::role(self.settings.quota_project.is_some(), |name| self.filter().lets_through(name))
    }

    async fn clients(&self) -> Result<&Clients, ConnectorError> {
        let quota_project = self.settings.quota_project.as_deref();
        self.clients.get_or_try_init(|| Clients::connect(&self.name, &self.resolved, quota_project)).await
    }

    fn filter(&self) -> &TypeFilter {
        &self.resolved.filter
    }

    async fn find(&self, clients: &Clients, context: &UnitContext) -> Result<Found, ConnectorError> {
        let parent = &self.resolved.parent;
        if let Parent::Project(name) = parent {
            return match clients.project(context, name).await {
                Ok(project) => Ok(scopes::below(parent, Vec::new(), Vec::new(), vec![project])),
                Err(failure) => Err(no_start(failure)),
            };
        }
        let mut missing = Vec::new();
        let mut heard = |what: &str, failure: Failure| {
            missing.push(scopes::row(parent.as_str(), what, failure.status(), failure.to_string()));
        };
        let organizations = clients.organizations(context).await.unwrap_or_else(|failure| {
            heard("cloudresourcemanager.googleapis.com/Organization#search", failure);
            Vec::new()
        });
        let folders = clients.folders(context).await.unwrap_or_else(|failure| {
            heard("cloudresourcemanager.googleapis.com/Folder#search", failure);
            Vec::new()
        });
        let projects = clients.projects(context).await.map_err(no_start)?;
        let mut found = scopes::below(parent, organizations, folders, projects);
        if found.projects.is_empty() {
            let message = "no active project below it is visible: give the credentials roles/browser on it".to_owned();
            missing.push(scopes::row(
                parent.as_str(),
                "cloudresourcemanager.googleapis.com/Project#search",
                CoverageStatus::Denied,
                message,
            ));
        }
        found.coverage.append(&mut missing);
        Ok(found)
    }

    fn unit(&self, scope_id: &str, bucket: &str) -> Unit {
        Unit {
            provider: Provider::Gcp,
            scope_id: scope_id.to_owned(),
            region: "*".to_owned(),
            type_name: self.pass_type(),
            bucket: bucket.to_owned(),
        }
    }

    /// The type of a unit: everything, or, since a filtered pass proves nothing about the rest, a text that is no
    /// type's name.
    fn pass_type(&self) -> String {
        let GcpSettings { types, skip, .. } = &self.settings;
        if types.iter().all(|glob| glob == "*") && skip.is_empty() {
            return "*".to_owned();
        }
        let skipped = skip.iter().map(|glob| format!("!{glob}"));
        format!("types:{}", types.iter().cloned().chain(skipped).collect::<Vec<_>>().join(","))
    }
}

#[async_trait]
impl Connector for GcpConnector {
    fn name(&self) -> &str {
        &self.name
    }

    fn provider(&self) -> Provider {
        Provider::Gcp
    }

    fn secrets(&self) -> Vec<(String, JsonPath)> {
        let of = |record: &'static Record| record.secrets.iter().map(|path| (record.name.clone(), path.clone()));
        catalogue::shared().records().flat_map(of).collect()
    }

    async fn plan(&self, context: &UnitContext) -> Result<Plan, ConnectorError> {
        let clients = self.clients().await?;
        let found = self.find(clients, context).await?;
        let bucket = clients.assets_bucket();
        let mut units = Vec::new();
        if let Parent::Container(parent) = &self.resolved.parent {
            units.push(self.unit(parent, &bucket));
        }
        units.extend(found.projects.iter().map(|project| self.unit(project, &bucket)));
        *self.containers.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(found.containers);
        let identity = Some(self.resolved.parent.as_str().to_owned());
        Ok(Plan { identity, scopes: found.scopes, units, coverage: found.coverage })
    }

    async fn crawl(&self, unit: &Unit, context: &UnitContext) -> Result<(), Failure> {
        let clients = self
            .clients()
            .await
            .map_err(|error| Failure::new(FailureClass::Denied, "sign in to Google Cloud", error.to_string()))?;
        let pass = Pass { clients, filter: self.filter(), context };
        if unit.scope_id.starts_with("projects/") {
            return pass.project(&unit.scope_id).await;
        }
        let containers = self.containers.read().unwrap_or_else(PoisonError::into_inner).clone();
        pass.above_projects(&unit.scope_id, &containers).await
    }
}

/// Why nothing can be planned.
fn no_start(failure: Failure) -> ConnectorError {
    let is_sign_in = failure.code.as_deref() == Some(NO_CREDENTIALS);
    if is_sign_in || failure.class == FailureClass::CredentialsExpired {
        ConnectorError::Credentials { reason: failure.message }
    } else {
        ConnectorError::Discovery(failure)
    }
}
