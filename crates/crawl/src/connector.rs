//! What a connector has to be.

use async_trait::async_trait;
use carveout_model::{Coverage, JsonPath, Provider, Scope};

use crate::{Failure, UnitContext};

/// One piece of crawl work that can be done, repeated and accounted for by itself: a type in a scope and a region.
///
/// Its children (a queue's policy, a zone's records) belong to it. A connector that reads an index may plan coarser
/// units and account for each scope and type inside by [`UnitContext::account`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The cloud.
    pub provider: Provider,
    /// The account, subscription or project.
    pub scope_id: String,
    /// The region, or `global`.
    pub region: String,
    /// The resource type; `*` for a pass over an index.
    pub type_name: String,
    /// The quota that its requests count against; units of one bucket wait for each other, units of two don't.
    pub bucket: String,
}

impl Unit {
    /// Stable between runs of one workspace, so that an interrupted run can be continued.
    pub fn id(&self) -> String {
        format!("{}/{}/{}/{}/{}", self.provider, self.scope_id, self.region, self.type_name, self.bucket)
    }
}

/// What a connector is going to do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Who the credentials say that we are, for people (`arn:aws:iam::111122223333:role/audit`).
    pub identity: Option<String>,
    /// Every scope that was found, those that can't be crawled included.
    pub scopes: Vec<Scope>,
    /// The work.
    pub units: Vec<Unit>,
    /// Scopes and types that are known before the crawl not to be readable, each with its reason.
    pub coverage: Vec<Coverage>,
}

/// Why a connector could not even plan.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorError {
    /// The configuration can't be meant like this.
    #[error("{setting}: {reason}")]
    Configuration {
        /// The key in the configuration file.
        setting: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// No credentials were found, or they were refused.
    #[error("no usable credentials: {reason}")]
    Credentials {
        /// What was tried and what to do.
        reason: String,
    },
    /// The first requests failed.
    #[error("can't find out what there is to crawl")]
    Discovery(#[source] Failure),
}

/// A source of resources.
///
/// A connector holds its credentials and clients and is shared between tasks.
#[async_trait]
pub trait Connector: Send + Sync {
    /// The name in configuration and messages (`aws`); with a number where a workspace has several of one kind.
    fn name(&self) -> &str;

    /// The cloud it reads.
    fn provider(&self) -> Provider;

    /// Paths whose values are secret, by type name, beyond what is recognized by name or shape.
    fn secrets(&self) -> Vec<(String, JsonPath)> {
        Vec::new()
    }

    /// Finds the scopes and plans the units. The context counts, paces and repeats its requests.
    ///
    /// # Errors
    /// Only when nothing at all can be planned; a scope that can't be entered is a row of [`Plan::coverage`].
    async fn plan(&self, context: &UnitContext) -> Result<Plan, ConnectorError>;

    /// Crawls one unit: lists its pages and hands them to [`UnitContext::emit`].
    ///
    /// # Errors
    /// The failure that ended it; what was emitted before stays, and nothing is taken as absent.
    async fn crawl(&self, unit: &Unit, context: &UnitContext) -> Result<(), Failure>;
}
