//! The connector against amber-cloud, an emulator that this project did not write.
//!
//! It serves resource groups and ARM's generic list, and nothing else: the crawl has to find what is there by ARM alone
//! and to say of everything else that it was not read.

use std::sync::Arc;

use carveout_azure::{AzureConnector, AzureSettings, Subscriptions};
use carveout_crawl::{Connector, Event, Options, RedactionKey, crawl};
use carveout_model::CoverageStatus;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const SUBSCRIPTION: &str = "5b3e7c1a-2f60-4d0c-9a51-0c6f4f0e7d21";

fn endpoint() -> String {
    std::env::var("CARVEOUT_AMBER_ENDPOINT")
        .expect("CARVEOUT_AMBER_ENDPOINT is not set: run the tests by `cargo xtask test`, which starts amber-cloud")
}

#[tokio::test]
async fn what_arm_alone_knows_is_found_and_the_rest_is_not_called_empty() {
    let base = endpoint();
    let client = reqwest::Client::new();
    let group = format!("{base}/subscriptions/{SUBSCRIPTION}/resourcegroups/web?api-version=2021-04-01");
    let account = format!(
        "{base}/subscriptions/{SUBSCRIPTION}/resourceGroups/web/providers/Microsoft.Storage/storageAccounts/acme\
         ?api-version=2021-04-01"
    );
    for (url, body) in [(group, json!({"location": "westeurope"})), (account, json!({"properties": {"a": 1}}))] {
        let answer = client.put(url).json(&body).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    let settings = AzureSettings {
        tenant: Some("5b3e7c1a-2f60-4d0c-9a51-0c6f4f0e7d20".to_owned()),
        subscriptions: Subscriptions::Listed(vec![SUBSCRIPTION.to_owned()]),
        resource_manager_url: base.clone(),
        graph_url: base,
        ..AzureSettings::default()
    };
    let connector: Arc<dyn Connector> = Arc::new(AzureConnector::new("azure", settings).expect("settings"));
    let (sender, mut events) = mpsc::channel(64);
    let crawl = tokio::spawn(async move {
        let options = Options::new(RedactionKey::new([7; 32]));
        crawl(&[connector], options, sender, CancellationToken::new(), &|_| {}).await
    });
    let (mut resources, mut coverage) = (Vec::new(), Vec::new());
    while let Some(event) = events.recv().await {
        match event {
            Event::Planned { coverage: rows, .. } | Event::Finished { coverage: rows, .. } => coverage.extend(rows),
            Event::Page { page, .. } => resources.extend(page.resources),
        }
    }
    let outcome = crawl.await.expect("the crawl ends");
    assert!(outcome.failed.is_empty(), "{:?}", outcome.failed);
    let keys: Vec<_> = resources.iter().map(|resource| resource.resource_key.as_str()).collect();
    let account =
        format!("/subscriptions/{SUBSCRIPTION}/resourcegroups/web/providers/microsoft.storage/storageaccounts/acme");
    assert_eq!(keys, [account.as_str()]);
    assert_eq!(resources[0].type_name, "microsoft.storage/storageaccounts");
    let own = coverage.iter().find(|row| row.scope_id == SUBSCRIPTION && row.type_name == "*").expect("a row");
    assert_eq!(own.status, CoverageStatus::Error, "Resource Graph is not there: {own:?}");
    let is_claimed = |row: &&carveout_model::Coverage| row.status == CoverageStatus::Ok && row.type_name.contains('/');
    assert_eq!(coverage.iter().find(is_claimed), None, "nothing was proven absent");
}
