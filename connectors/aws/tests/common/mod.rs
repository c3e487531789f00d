//! Crawls with the real engine and collects what it hands on.

use std::{collections::BTreeSet, sync::Arc};

use carveout_aws::AwsConnector;
use carveout_crawl::{Connector, Event, Options, Outcome, RedactionKey, crawl};
use carveout_model::{Coverage, CoverageStatus, Observation, Resource, Scope};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What a crawl handed on.
pub struct Found {
    pub resources: Vec<Resource>,
    pub observations: Vec<Observation>,
    pub coverage: Vec<Coverage>,
    pub scopes: Vec<Scope>,
    pub outcome: Outcome,
}

impl Found {
    /// `(type, account, region, resource_key)` of everything.
    pub fn keys(&self) -> BTreeSet<(String, String, String, String)> {
        let key = |each: &Resource| {
            (each.type_name.clone(), each.scope_id.clone(), each.region.clone(), each.resource_key.clone())
        };
        self.resources.iter().map(key).collect()
    }

    /// The rows of the ledger that are not `ok`.
    pub fn not_ok(&self) -> Vec<&Coverage> {
        self.coverage.iter().filter(|row| row.status != CoverageStatus::Ok).collect()
    }

    /// The rows of one type or detail.
    pub fn rows(&self, type_name: &str) -> Vec<&Coverage> {
        self.coverage.iter().filter(|row| row.type_name == type_name).collect()
    }
}

/// Plans and crawls.
///
/// # Panics
/// When the connector can't plan.
pub async fn run(connector: AwsConnector) -> Found {
    let connectors: Vec<Arc<dyn Connector>> = vec![Arc::new(connector)];
    let (events, mut inbox) = mpsc::channel(64);
    let collect = tokio::spawn(async move {
        let (mut resources, mut observations, mut coverage, mut scopes) = (vec![], vec![], vec![], vec![]);
        while let Some(event) = inbox.recv().await {
            match event {
                Event::Planned { scopes: found, coverage: rows, .. } => {
                    scopes.extend(found);
                    coverage.extend(rows);
                }
                Event::Page { page, .. } => {
                    resources.extend(page.resources);
                    observations.extend(page.observations);
                }
                Event::Finished { coverage: rows, .. } => coverage.extend(rows),
            }
        }
        (resources, observations, coverage, scopes)
    });
    let options = Options::new(RedactionKey::new([7; 32]));
    let outcome = crawl(&connectors, options, events, CancellationToken::new(), &|_| {}).await;
    assert!(outcome.failed.is_empty(), "{:?}", outcome.failed);
    let (resources, observations, coverage, scopes) = collect.await.expect("collecting does not panic");
    Found { resources, observations, coverage, scopes, outcome }
}
