//! The connector itself: settings, identities and the two verbs of the contract.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use aws_config::BehaviorVersion;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use carveout_crawl::{Connector, ConnectorError, Failure, FailureClass, Plan, TypeFilter, Unit, UnitContext};
use carveout_model::{JsonPath, Provider};
use serde_json::Value;

use crate::{
    api::{Api, Place},
    catalogue::Catalogue,
    crawl::Crawler,
    credentials::Session,
    permissions,
    plan::{self, Planned},
    settings::AwsSettings,
    shapes::Shapes,
    transport::{Endpoints, Transport},
};

/// The region that answers for services without one, and where the caller's identity is asked by default.
pub(crate) const HOME_REGION: &str = "us-east-1";
/// Where a resource without a region is filed.
pub(crate) const GLOBAL: &str = "global";

/// Reads one AWS organization, or some of its accounts.
#[derive(Debug)]
pub struct AwsConnector {
    pub(crate) settings: AwsSettings,
    pub(crate) api: Arc<Api>,
    filter: TypeFilter,
    /// Set where the caller brings keys of its own: simulated clouds and tests.
    fixed: Option<Credentials>,
    planned: RwLock<HashMap<String, Planned>>,
}

impl AwsConnector {
    /// Checks the settings and reads the catalogue; asks nothing yet.
    ///
    /// # Errors
    /// Settings that can't be meant like this, named by their key.
    pub fn new(settings: AwsSettings) -> Result<Self, ConnectorError> {
        settings.check()?;
        let built_in = |reason: String| ConnectorError::Configuration { setting: "connectors.aws".to_owned(), reason };
        let shapes = Shapes::embedded().map_err(|error| built_in(error.to_string()))?;
        let mut catalogue = Catalogue::embedded().map_err(|error| built_in(error.to_string()))?;
        let wrong = |setting: &str| {
            let setting = setting.to_owned();
            move |reason| ConnectorError::Configuration { setting, reason }
        };
        catalogue.add_cloud_control(&settings.cloud_control).map_err(wrong("cloud_control"))?;
        for (type_name, cap) in &settings.caps {
            catalogue.set_cap(type_name, *cap).map_err(wrong("caps"))?;
        }
        let mut types = settings.types.clone();
        if !types.is_empty() {
            // Who names a type there wants it, whatever is chosen from the catalogue.
            types.extend(settings.cloud_control.iter().map(|each| each.type_name.clone()));
        }
        let filter = TypeFilter::new(&types, &settings.skip).map_err(|error| ConnectorError::Configuration {
            setting: "types".to_owned(),
            reason: error.to_string(),
        })?;
        let names: Vec<_> = catalogue.types().iter().map(|record| record.name.as_str()).collect();
        if let Some(pattern) = filter.without_match(&names).first() {
            return Err(ConnectorError::Configuration {
                setting: "types".to_owned(),
                reason: format!("`{pattern}` matches no type of the catalogue"),
            });
        }
        let variable = |name: &str| std::env::var(name).ok();
        let endpoints = Endpoints::new(settings.endpoint_url.as_deref(), catalogue.services(), variable)?;
        let transport = Transport::new(endpoints)?;
        let api = Arc::new(Api { catalogue, shapes, transport });
        Ok(Self { settings, api, filter, fixed: None, planned: RwLock::default() })
    }

    /// Uses these keys instead of the credential chain, as a simulated cloud wants them.
    #[must_use]
    pub fn with_keys(mut self, access_key_id: &str, secret_access_key: &str) -> Self {
        self.fixed = Some(Credentials::new(access_key_id, secret_access_key, None, None, "given"));
        self
    }

    /// The catalogue, for documentation and views.
    pub fn catalogue(&self) -> &Catalogue {
        &self.api.catalogue
    }

    /// The IAM policy that the configured types need in every account.
    pub fn permissions(&self) -> Value {
        permissions::policy(&self.api.catalogue, |name| self.wants(name))
    }

    pub(crate) fn wants(&self, type_name: &str) -> bool {
        self.filter.lets_through(type_name)
    }

    /// The caller's own identity, and the region of its configuration.
    pub(crate) async fn base(&self) -> Result<(Session, String), ConnectorError> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest());
        if let Some(profile) = &self.settings.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(fixed) = &self.fixed {
            let provider = SharedCredentialsProvider::new(fixed.clone());
            return Ok((Session::chain(provider), HOME_REGION.to_owned()));
        }
        let loaded = loader.load().await;
        let region = loaded.region().map_or_else(|| HOME_REGION.to_owned(), ToString::to_string);
        let none = || ConnectorError::Credentials { reason: "the credential chain is empty".to_owned() };
        Ok((Session::chain(loaded.credentials_provider().ok_or_else(none)?), region))
    }

    pub(crate) fn remember(&self, accounts: HashMap<String, Planned>) {
        *self.planned.write().unwrap_or_else(PoisonError::into_inner) = accounts;
    }

    fn planned(&self, account: &str) -> Option<Planned> {
        self.planned.read().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }
}

#[async_trait]
impl Connector for AwsConnector {
    fn name(&self) -> &str {
        self.settings.name.as_deref().unwrap_or("aws")
    }

    fn provider(&self) -> Provider {
        Provider::Aws
    }

    fn secrets(&self) -> Vec<(String, JsonPath)> {
        let of = |record: &crate::TypeRecord| {
            let name = record.name.clone();
            record.secrets.clone().into_iter().map(move |path| (name.clone(), path))
        };
        self.api.catalogue.types().iter().flat_map(of).collect()
    }

    async fn plan(&self, context: &UnitContext) -> Result<Plan, ConnectorError> {
        plan::plan(self, context).await
    }

    async fn crawl(&self, unit: &Unit, context: &UnitContext) -> Result<(), Failure> {
        let wrong = |message: &str| Failure::new(FailureClass::Fatal, unit.type_name.as_str(), message);
        let record = self.api.catalogue.find(&unit.type_name).ok_or_else(|| wrong("the catalogue has no such type"))?;
        let planned = self.planned(&unit.scope_id).ok_or_else(|| wrong("the account was not planned"))?;
        let region = if unit.region == GLOBAL { &*planned.home_region } else { unit.region.as_str() };
        let place = Place { session: &planned.session, account: &unit.scope_id, region, partition: &planned.partition };
        let crawler = Crawler { api: &self.api, place, filed_under: &unit.region };
        let branch = crawler.plan(record, context, &|name| self.wants(name))?;
        crawler.run(branch).await
    }
}
