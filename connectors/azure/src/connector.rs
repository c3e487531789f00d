//! The connector: sign-in, the plan, and which reader a unit belongs to.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use carveout_crawl::{Connector, ConnectorError, Failure, FailureClass, Plan, Quota, TypeFilter, Unit, UnitContext};
use carveout_model::{CoverageStatus, JsonPath, Provider};
use serde_json::Value;

use crate::{
    catalogue::{self, Record},
    credentials::{Environment, NO_CREDENTIALS, Tokens},
    directory::Directory,
    index::{Index, TABLES},
    manager::Manager,
    pass::{Known, Pass},
    permissions, scopes,
    service::{Service, http_client},
    settings::{self, AzureSettings, Subscriptions},
};

/// The unit of what belongs to no subscription.
const TENANT_ROWS: &str = "resource-graph";

/// Azure and Entra as a source of resources.
#[derive(Debug)]
pub struct AzureConnector {
    name: String,
    settings: AzureSettings,
    filter: TypeFilter,
    sign_in: Service,
    index: Index,
    manager: Manager,
    directory: Directory,
    known: RwLock<Option<Arc<Known>>>,
}

impl AzureConnector {
    /// A connector with the credential chain of the process: environment, workload identity, managed identity,
    /// `az login`. An emulator (a plain-http address on loopback) gets no credentials.
    ///
    /// # Errors
    /// A setting that can't be meant like this.
    pub fn new(name: impl Into<String>, settings: AzureSettings) -> Result<Self, ConnectorError> {
        let resolved = settings.resolve()?;
        let http = http_client()
            .map_err(|error| settings::configuration("connectors.azure", &format!("no HTTP client: {error}")))?;
        let tokens = |base: &url::Url| {
            Arc::new(if settings::is_emulator(base) {
                Tokens::fixed("emulator")
            } else {
                let (tenant, authority) = (settings.tenant.clone(), settings.authority.clone());
                Tokens::chain(Environment::of_process(), tenant, authority, http.clone())
            })
        };
        let arm = Service::new(resolved.resource_manager.clone(), tokens(&resolved.resource_manager), http.clone());
        let graph = Service::new(resolved.graph.clone(), tokens(&resolved.graph), http);
        // One principal's quota is shared by all its tenants; two connectors with two principals don't wait for each other.
        let name = name.into();
        Ok(Self {
            index: Index::new(arm.clone(), format!("{name}/resource-graph")),
            manager: Manager::new(arm.clone(), format!("{name}/arm")),
            directory: Directory::new(graph, format!("{name}/microsoft-graph")),
            filter: resolved.filter,
            sign_in: arm,
            known: RwLock::default(),
            settings,
            name,
        })
    }

    /// The least that the configured types need: a custom role and permissions of Microsoft Graph.
    pub fn permissions(&self) -> Value {
        permissions::permissions(&self.settings, |name| self.filter.lets_through(name))
    }

    /// The rows of a query that plans.
    async fn rows(&self, context: &UnitContext, query: &str) -> Result<Vec<Value>, Failure> {
        let mut pages = self.index.pages(context, Vec::new(), query.to_owned());
        let mut rows = Vec::new();
        while let Some(page) = pages.next().await? {
            rows.extend(page);
        }
        Ok(rows)
    }

    fn unit(&self, scope_id: &str, region: &str, type_name: &str, bucket: &str) -> Unit {
        Unit {
            provider: Provider::Azure,
            scope_id: scope_id.to_owned(),
            region: region.to_owned(),
            type_name: type_name.to_owned(),
            bucket: bucket.to_owned(),
        }
    }

    /// The type of a subscription's unit: everything, or, since a filtered pass proves nothing about the rest, a text
    /// that is no type's name.
    fn pass_type(&self) -> String {
        let AzureSettings { types, skip, .. } = &self.settings;
        if types.iter().all(|glob| glob == "*") && skip.is_empty() {
            return "*".to_owned();
        }
        let skipped = skip.iter().map(|glob| format!("!{glob}"));
        format!("types:{}", types.iter().cloned().chain(skipped).collect::<Vec<_>>().join(","))
    }
}

#[async_trait]
impl Connector for AzureConnector {
    fn name(&self) -> &str {
        &self.name
    }

    fn provider(&self) -> Provider {
        Provider::Azure
    }

    fn secrets(&self) -> Vec<(String, JsonPath)> {
        let of = |record: &'static Record| record.secrets.iter().map(|path| (record.name.clone(), path.clone()));
        catalogue::shared().records().flat_map(of).collect()
    }

    async fn plan(&self, context: &UnitContext) -> Result<Plan, ConnectorError> {
        let quota = Quota { requests_per_second: None, in_flight: 1 };
        let bucket = format!("{}/sign-in", self.name);
        context.call(&bucket, quota, |_| self.sign_in.sign_in()).await.map_err(no_start)?;

        let arm = self.manager.subscriptions(context).await;
        let index = self
            .rows(context, "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | order by id asc")
            .await;
        let groups = self
            .rows(
                context,
                "resourcecontainers | where type =~ 'microsoft.management/managementgroups' | order by id asc",
            )
            .await;
        let is_told = self.settings.tenant.is_some() && self.settings.subscriptions != Subscriptions::All;
        if let (Err(failure), Err(_)) = (&arm, &index)
            && !is_told
        {
            return Err(no_start(failure.clone()));
        }
        let unheard: Vec<_> = [arm.as_ref().err(), index.as_ref().err()].into_iter().flatten().cloned().collect();
        let tenant = self.settings.tenant.as_deref();
        let (groups, no_groups) = groups.map_or_else(|failure| (Vec::new(), Some(failure)), |groups| (groups, None));
        let found = scopes::join(tenant, &self.settings.subscriptions, arm.ok(), index.ok(), groups);
        let Some(found) = found else {
            let reason = "these credentials see no subscription and no management group, and `tenant` is not set: \
                          give them Reader on the root management group";
            return Err(settings::configuration("connectors.azure.tenant", reason));
        };
        let mut coverage = found.coverage;
        let missing =
            |what: &str, failure: &Failure| scopes::row(&found.tenant, what, failure.status(), failure.to_string());
        coverage.extend(unheard.iter().map(|failure| missing("microsoft.resources/subscriptions#listing", failure)));
        coverage.extend(no_groups.iter().map(|failure| missing("microsoft.management/managementgroups", failure)));

        let mut tables = Vec::new();
        for table in TABLES {
            match self.index.counts(context, table).await {
                Ok(counts) => tables.push((*table, Some(counts))),
                Err(failure) if failure.class == FailureClass::Unsupported => {
                    coverage.push(missing(&format!("{TENANT_ROWS}:{table}"), &failure));
                    coverage.extend(found.subscriptions.iter().flat_map(|subscription| {
                        let types = catalogue::types_of_table(table);
                        types.filter(|record| self.filter.lets_through(&record.name)).map(|record| {
                            let message = format!("the table {table} is not available here");
                            scopes::row(subscription, &record.name, CoverageStatus::Unsupported, message)
                        })
                    }));
                }
                // The pass itself will say what is wrong, for each subscription.
                Err(_) => tables.push((*table, None)),
            }
        }

        let pass = self.pass_type();
        let mut units = vec![self.unit(&found.tenant, "*", TENANT_ROWS, self.index.bucket())];
        units.extend(catalogue::shared().records().filter_map(|record| {
            let wanted = record.directory.is_some() && self.filter.lets_through(&record.name);
            wanted.then(|| self.unit(&found.tenant, "*", &record.name, self.directory.bucket()))
        }));
        units.extend(found.subscriptions.iter().map(|id| self.unit(id, "*", &pass, self.index.bucket())));
        let known = Known { tenant: found.tenant.clone(), tables, in_index: found.in_index };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(known));
        Ok(Plan { identity: Some(format!("tenant {}", found.tenant)), scopes: found.scopes, units, coverage })
    }

    async fn crawl(&self, unit: &Unit, context: &UnitContext) -> Result<(), Failure> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let known = known.ok_or_else(|| {
            Failure::new(FailureClass::Fatal, "plan", "a unit was crawled before its connector had planned")
        })?;
        if let Some((record, listing)) =
            catalogue::shared().get(&unit.type_name).and_then(|record| Some((record, record.directory.as_ref()?)))
        {
            return self.directory.crawl(context, record, listing, &unit.scope_id).await;
        }
        let pass = Pass { index: &self.index, manager: &self.manager, filter: &self.filter, known: &known, context };
        if unit.type_name == TENANT_ROWS { pass.tenant().await } else { pass.subscription(&unit.scope_id).await }
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
