//! The connector against drongo, an emulator that this project did not write.
//!
//! It serves Resource Manager's projects, and neither folders nor Cloud Asset Inventory: the crawl has to find the
//! project and to say that nothing in it was read.

use std::sync::Arc;

use carveout_crawl::{Connector, Event, Options, RedactionKey, crawl};
use carveout_gcp::{GcpConnector, GcpSettings};
use carveout_model::{CoverageStatus, ScopeKind};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

fn endpoint() -> String {
    std::env::var("CARVEOUT_DRONGO_ENDPOINT")
        .expect("CARVEOUT_DRONGO_ENDPOINT is not set: run the tests by `cargo xtask test`, which starts drongo")
}

#[tokio::test]
async fn projects_are_found_and_what_can_not_be_read_is_not_called_empty() {
    let base = endpoint();
    let project = json!({"projectId": "acme-drongo", "parent": "organizations/90017", "displayName": "Drongo"});
    let answer = reqwest::Client::new().post(format!("{base}/v3/projects")).json(&project).send().await;
    let answer = answer.expect("an answer");
    assert!(answer.status().is_success() || answer.status() == 409, "{}", answer.status());

    let mut settings = GcpSettings::new("organizations/90017");
    settings.asset_endpoint = Some(base.clone());
    settings.resource_manager_endpoint = Some(base);
    let connector: Arc<dyn Connector> = Arc::new(GcpConnector::new("gcp", settings).expect("settings"));
    let (sender, mut events) = mpsc::channel(64);
    let crawl = tokio::spawn(async move {
        let options = Options::new(RedactionKey::new([7; 32]));
        crawl(&[connector], options, sender, CancellationToken::new(), &|_| {}).await
    });
    let (mut found, mut resources, mut coverage) = (Vec::new(), 0, Vec::new());
    while let Some(event) = events.recv().await {
        match event {
            Event::Planned { scopes, coverage: rows, .. } => {
                found = scopes;
                coverage.extend(rows);
            }
            Event::Finished { coverage: rows, .. } => coverage.extend(rows),
            Event::Page { page, .. } => resources += page.resources.len(),
        }
    }
    let outcome = crawl.await.expect("the crawl ends");
    assert!(outcome.failed.is_empty(), "{:?}", outcome.failed);
    assert_eq!(resources, 0);
    let project = found.iter().find(|scope| scope.scope_id == "projects/acme-drongo").expect("the project");
    assert_eq!((project.kind, project.name.as_deref()), (ScopeKind::Project, Some("Drongo")));
    let own = coverage.iter().find(|row| row.scope_id == "projects/acme-drongo" && row.type_name == "*");
    assert_eq!(own.map(|row| row.status), Some(CoverageStatus::Error));
    assert!(!coverage.iter().any(|row| row.status == CoverageStatus::Ok && row.type_name.contains('/')));
}
