//! The connector through the real engine, against Azure endpoints of this test's own making on loopback.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use carveout_azure::{AzureConnector, AzureSettings};
use carveout_crawl::{Connector, ConnectorError, Event, Options, Outcome, RedactionKey, crawl};
use carveout_model::{Coverage, CoverageStatus, Observation, Outsider, Resource, Scope};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_util::sync::CancellationToken;

const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const WEB: &str = "aaaaaaaa-0000-4000-8000-00000000000a";
const CLOSED: &str = "aaaaaaaa-0000-4000-8000-00000000000b";
const OLD: &str = "aaaaaaaa-0000-4000-8000-00000000000c";

/// How the endpoints misbehave.
#[derive(Default, Clone)]
struct Faults {
    /// Rows of one page of Resource Graph.
    page_size: usize,
    /// Requests that are refused for rate before any is answered.
    throttled: u32,
    /// Every answer of Resource Graph says that it was cut off.
    is_truncated: bool,
    /// The page link of ARM's and Microsoft Graph's lists.
    foreign_link: Option<String>,
    /// Resource Graph keeps silent about this subscription's resources.
    silent: Option<&'static str>,
}

struct Cloud {
    faults: Faults,
    tables: HashMap<&'static str, Vec<Value>>,
    requests: Mutex<Vec<String>>,
    refused: AtomicU32,
}

fn row(subscription: &str, kind: &str, name: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{subscription}/resourceGroups/rg/providers/{kind}/{name}"), "name": name,
        "type": kind.to_ascii_lowercase(), "tenantId": TENANT, "subscriptionId": subscription, "location": "westeurope",
        "resourceGroup": "rg", "properties": {}, "tags": {"team": "web"},
    })
}

impl Cloud {
    fn new(faults: Faults) -> Self {
        let vaults = (1..=5).map(|n| row(WEB, "Microsoft.Network/publicIPAddresses", &format!("ip{n}")));
        let mut resources: Vec<_> = vaults.collect();
        let mut monitor = row(WEB, "Microsoft.Datadog/monitors", "observe");
        monitor["plan"] = json!({"publisher": "datadog1591740804488"});
        resources.push(monitor);
        resources.push(row(WEB, "Microsoft.Storage/storageAccounts", "acme"));
        resources.push(row(CLOSED, "Microsoft.KeyVault/vaults", "hidden"));
        let subscription = |id: &str, state: &str| {
            json!({"id": format!("/subscriptions/{id}"), "name": id, "type": "microsoft.resources/subscriptions",
                "subscriptionId": id, "tenantId": TENANT, "properties": {"state": state}})
        };
        let lighthouse = json!({
            "id": format!("/subscriptions/{WEB}/providers/Microsoft.ManagedServices/registrationDefinitions/1"),
            "type": "microsoft.managedservices/registrationdefinitions", "subscriptionId": WEB, "name": "1",
            "properties": {"managedByTenantId": "bbbbbbbb-0000-4000-8000-000000000009", "provisioningState": "Succeeded",
                "authorizations": [{"principalId": "p",
                    "roleDefinitionId": "b24988ac-6180-42a0-ab88-20f7382dd24c"}]},
        });
        let tables = HashMap::from([
            ("resources", resources),
            (
                "resourcecontainers",
                vec![subscription(WEB, "Enabled"), subscription(CLOSED, "Enabled"), subscription(OLD, "Disabled")],
            ),
            ("authorizationresources", Vec::new()),
            ("managedservicesresources", vec![lighthouse]),
        ]);
        Self { faults, tables, requests: Mutex::default(), refused: AtomicU32::new(0) }
    }

    fn answer(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Response {
        let path = uri.path();
        self.requests.lock().expect("a lock").push(uri.to_string());
        if headers.get("authorization").is_none_or(|value| value != "Bearer emulator") {
            return error(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", "no token");
        }
        if self.refused.fetch_add(1, Ordering::SeqCst) < self.faults.throttled {
            let mut answer = error(StatusCode::TOO_MANY_REQUESTS, "RateLimiting", "slow down");
            answer.headers_mut().insert("retry-after", "0".parse().expect("a value"));
            return answer;
        }
        match path {
            "/subscriptions" => {
                let row = |id: &str, state: &str| json!({"subscriptionId": id, "displayName": id, "state": state, "tenantId": TENANT});
                let rows = [row(WEB, "Enabled"), row(CLOSED, "Enabled"), row(OLD, "Disabled")];
                self.list(json!(rows), "nextLink")
            }
            "/providers/Microsoft.ResourceGraph/resources" => {
                self.query(&serde_json::from_slice(body).expect("a query"))
            }
            _ if path.ends_with("/blobServices/default") => {
                axum::Json(json!({"properties": {"isVersioningEnabled": true}})).into_response()
            }
            _ if path.starts_with("/subscriptions/") && path.ends_with("/resources") => {
                let subscription = path.split('/').nth(2).expect("an id");
                if subscription == CLOSED {
                    return error(StatusCode::FORBIDDEN, "AuthorizationFailed", "not allowed");
                }
                let mut rows: Vec<Value> = self.tables["resources"].clone();
                rows.retain(|row| row["subscriptionId"] == subscription);
                for row in &mut rows {
                    row.as_object_mut().expect("a row").remove("properties");
                }
                self.list(json!(rows), "nextLink")
            }
            "/v1.0/servicePrincipals" => self.list(
                json!([{"id": "sp1", "appId": "app1", "displayName": "Vendor app",
                    "appOwnerOrganizationId": "bbbbbbbb-0000-4000-8000-000000000009"}]),
                "@odata.nextLink",
            ),
            "/v1.0/oauth2PermissionGrants" => axum::Json(
                json!({"value": [{"clientId": "sp1", "scope": "User.Read", "consentType": "AllPrincipals"}]}),
            )
            .into_response(),
            _ if path.starts_with("/v1.0/") => error(StatusCode::FORBIDDEN, "Authorization_RequestDenied", "no rights"),
            _ => error(StatusCode::NOT_FOUND, "ResourceNotFound", path),
        }
    }

    fn list(&self, rows: Value, link: &str) -> Response {
        let mut body = json!({"value": rows});
        if let Some(foreign) = &self.faults.foreign_link {
            body[link] = json!(foreign);
        }
        axum::Json(body).into_response()
    }

    fn query(&self, request: &Value) -> Response {
        let query = request["query"].as_str().expect("a query");
        let table = query.split_whitespace().next().expect("a table");
        let Some(rows) = self.tables.get(table) else {
            return error(StatusCode::BAD_REQUEST, "DisallowedLogicalTableName", &format!("Table {table} is invalid"));
        };
        let asked: Vec<&str> =
            request["subscriptions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if asked == [CLOSED] {
            return error(StatusCode::FORBIDDEN, "AuthorizationFailed", "not allowed");
        }
        let wanted_type = query.split("type =~ '").nth(1).and_then(|rest| rest.split('\'').next());
        let mut rows: Vec<Value> = rows
            .iter()
            .filter(|row| asked.is_empty() || asked.iter().any(|id| row["subscriptionId"] == *id))
            .filter(|row| wanted_type.is_none_or(|kind| row["type"] == kind))
            .filter(|row| !query.contains("subscriptionId == ''") || row["subscriptionId"] == "")
            .filter(|row| table != "resources" || self.faults.silent.is_none_or(|id| row["subscriptionId"] != id))
            .cloned()
            .collect();
        if query.contains("summarize") {
            let mut counts: HashMap<String, u64> = HashMap::new();
            for row in &rows {
                *counts.entry(row["subscriptionId"].as_str().expect("an id").to_owned()).or_default() += 1;
            }
            rows = counts.into_iter().map(|(id, n)| json!({"subscriptionId": id, "n": n})).collect();
        }
        let start: usize =
            request["options"]["$skipToken"].as_str().map_or(0, |token| token.parse().expect("a number"));
        let size = if self.faults.page_size == 0 { 1000 } else { self.faults.page_size };
        let end = (start + size).min(rows.len());
        let is_truncated = self.faults.is_truncated && table == "resources" && !query.contains("summarize");
        let mut body = json!({"totalRecords": rows.len(), "count": end - start, "data": rows[start..end],
            "resultTruncated": if is_truncated { "true" } else { "false" }});
        if end < rows.len() && !is_truncated {
            body["$skipToken"] = json!(end.to_string());
        }
        axum::Json(body).into_response()
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (status, axum::Json(json!({"error": {"code": code, "message": message}}))).into_response()
}

async fn serve(cloud: Arc<Cloud>) -> String {
    async fn answer(State(cloud): State<Arc<Cloud>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
        cloud.answer(&uri, &headers, &body)
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = Router::new().fallback(answer).with_state(cloud);
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

/// What a crawl handed on.
#[derive(Default)]
struct Crawled {
    scopes: Vec<Scope>,
    resources: Vec<Resource>,
    observations: Vec<Observation>,
    coverage: Vec<Coverage>,
    outcome: Outcome,
}

impl Crawled {
    fn status(&self, scope: &str, type_name: &str) -> Option<CoverageStatus> {
        let row = self.coverage.iter().find(|row| row.scope_id == scope && row.type_name == type_name);
        row.map(|row| row.status)
    }

    fn of_type(&self, type_name: &str) -> Vec<&Resource> {
        self.resources.iter().filter(|resource| resource.type_name == type_name).collect()
    }
}

async fn crawled(settings: AzureSettings) -> Crawled {
    let connector: Arc<dyn Connector> = Arc::new(AzureConnector::new("azure", settings).expect("settings"));
    let (sender, mut events) = mpsc::channel(64);
    let crawl = tokio::spawn(async move {
        let options = Options::new(RedactionKey::new([7; 32]));
        crawl(&[connector], options, sender, CancellationToken::new(), &|_| {}).await
    });
    let mut crawled = Crawled::default();
    while let Some(event) = events.recv().await {
        match event {
            Event::Planned { scopes, coverage, .. } => {
                crawled.scopes = scopes;
                crawled.coverage.extend(coverage);
            }
            Event::Page { page, .. } => {
                crawled.resources.extend(page.resources);
                crawled.observations.extend(page.observations);
            }
            Event::Finished { coverage, .. } => crawled.coverage.extend(coverage),
        }
    }
    crawled.outcome = crawl.await.expect("the crawl ends");
    crawled
}

async fn crawl_with(faults: Faults) -> (Crawled, Arc<Cloud>) {
    let cloud = Arc::new(Cloud::new(faults));
    let base = serve(Arc::clone(&cloud)).await;
    let settings = AzureSettings { resource_manager_url: base.clone(), graph_url: base, ..AzureSettings::default() };
    (crawled(settings).await, cloud)
}

#[tokio::test]
async fn every_page_is_read_and_every_type_is_accounted_for() {
    let (crawled, _) = crawl_with(Faults { page_size: 2, ..Faults::default() }).await;
    assert_eq!(crawled.of_type("microsoft.network/publicipaddresses").len(), 5);
    let row = crawled
        .coverage
        .iter()
        .find(|row| row.scope_id == WEB && row.type_name == "microsoft.network/publicipaddresses")
        .expect("a row");
    assert_eq!((row.status, row.resources, row.region.as_str()), (CoverageStatus::Ok, 5, "*"));
    assert_eq!(crawled.status(WEB, "microsoft.keyvault/vaults"), Some(CoverageStatus::Ok), "proven absent");
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Ok));
    let account = crawled.of_type("microsoft.storage/storageaccounts")[0];
    assert_eq!(account.config["blobServices"]["properties"]["isVersioningEnabled"], true);
    assert_eq!(account.config["diagnosticSettings"], Value::Null, "asked for and not there");
    assert_eq!(account.tags["team"], "web");
}

#[tokio::test]
async fn a_closed_subscription_is_denied_and_a_disabled_one_is_left_out() {
    let (crawled, _) = crawl_with(Faults::default()).await;
    assert_eq!(crawled.status(CLOSED, "*"), Some(CoverageStatus::Denied));
    assert_eq!(crawled.status(CLOSED, "microsoft.keyvault/vaults"), None);
    assert_eq!(crawled.status(OLD, "*"), Some(CoverageStatus::Skipped));
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Ok));
    assert_eq!(crawled.scopes.len(), 4);
    assert!(crawled.outcome.failed.is_empty());
}

#[tokio::test]
async fn a_table_that_is_not_there_is_unsupported_not_empty() {
    let (crawled, _) = crawl_with(Faults::default()).await;
    assert_eq!(crawled.status(WEB, "microsoft.security/pricings"), Some(CoverageStatus::Unsupported));
    assert_eq!(crawled.status(TENANT, "resource-graph:securityresources"), Some(CoverageStatus::Unsupported));
}

#[tokio::test]
async fn outsiders_are_named_by_what_azure_says_of_them() {
    let (crawled, _) = crawl_with(Faults::default()).await;
    let names = |outsider: &Outsider| crawled.observations.iter().any(|seen| seen.outsider == *outsider);
    let manager = Outsider::AzureTenant("bbbbbbbb-0000-4000-8000-000000000009".to_owned());
    assert!(names(&manager), "{:#?}", crawled.observations);
    assert!(names(&Outsider::AzureNamespace("microsoft.datadog/monitors".to_owned())));
    assert!(names(&Outsider::MarketplacePublisher("datadog1591740804488".to_owned())));
    let signals: Vec<_> = crawled.observations.iter().map(|seen| seen.signal.as_str()).collect();
    assert!(signals.contains(&"lighthouse") && signals.contains(&"service_principal"));
}

#[tokio::test]
async fn the_directory_is_read_as_far_as_it_may_be() {
    let (crawled, _) = crawl_with(Faults::default()).await;
    let principal = crawled.of_type("microsoft.graph/serviceprincipals")[0];
    assert_eq!(principal.config["oauth2PermissionGrants"][0]["scope"], "User.Read");
    assert_eq!(crawled.status(TENANT, "microsoft.graph/serviceprincipals"), Some(CoverageStatus::Ok));
    assert_eq!(crawled.status(TENANT, "microsoft.graph/users"), Some(CoverageStatus::Denied));
}

#[tokio::test]
async fn a_refusal_for_rate_is_waited_out() {
    let (crawled, _) = crawl_with(Faults { throttled: 3, ..Faults::default() }).await;
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Ok));
    assert_eq!(crawled.of_type("microsoft.network/publicipaddresses").len(), 5);
}

#[tokio::test]
async fn an_answer_that_was_cut_off_is_a_gap_and_never_the_whole() {
    let (crawled, _) = crawl_with(Faults { is_truncated: true, page_size: 3, ..Faults::default() }).await;
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Error));
    let row = crawled.coverage.iter().find(|row| row.scope_id == WEB && row.type_name == "*").expect("a row");
    assert_eq!(row.error_code.as_deref(), Some("ResultTruncated"));
    assert_eq!(crawled.status(WEB, "microsoft.network/publicipaddresses"), Some(CoverageStatus::Error));
    assert!(!crawled.of_type("microsoft.network/publicipaddresses").is_empty(), "what was read is kept");
}

#[tokio::test]
async fn what_resource_graph_keeps_silent_about_is_listed_by_arm() {
    let (crawled, _) = crawl_with(Faults { silent: Some(WEB), ..Faults::default() }).await;
    let addresses = crawled.of_type("microsoft.network/publicipaddresses");
    assert_eq!(addresses.len(), 5);
    assert_eq!(addresses[0].unread, ["properties"]);
    assert_eq!(crawled.status(WEB, "*#resource_graph"), Some(CoverageStatus::Error));
}

#[tokio::test]
async fn a_page_link_to_another_host_is_refused_and_gets_no_token() {
    let stranger = Arc::new(Cloud::new(Faults::default()));
    let foreign = serve(Arc::clone(&stranger)).await;
    let faults = Faults { foreign_link: Some(format!("{foreign}/more")), silent: Some(WEB), ..Faults::default() };
    let (crawled, _) = crawl_with(faults).await;
    assert_eq!(stranger.requests.lock().expect("a lock").len(), 0, "the stranger was asked");
    let row = crawled
        .coverage
        .iter()
        .find(|row| row.type_name == "microsoft.graph/serviceprincipals")
        .expect("a row of the directory");
    assert_eq!((row.status, row.error_code.as_deref()), (CoverageStatus::Error, Some("ForeignLink")));
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Error), "ARM's list was not read to its end");
}

#[tokio::test]
async fn a_dead_endpoint_is_an_error_that_names_it() {
    let settings = AzureSettings {
        resource_manager_url: "http://127.0.0.1:9".to_owned(),
        graph_url: "http://127.0.0.1:9".to_owned(),
        ..AzureSettings::default()
    };
    let crawled = crawled(settings).await;
    let (_, error) = crawled.outcome.failed.first().expect("a connector that could not plan");
    assert!(matches!(error, ConnectorError::Discovery(failure) if failure.operation == "GET /subscriptions"));
}

#[tokio::test]
async fn a_filter_leaves_out_types_and_proves_nothing_about_them() {
    let cloud = Arc::new(Cloud::new(Faults::default()));
    let base = serve(cloud).await;
    let settings = AzureSettings {
        resource_manager_url: base.clone(),
        graph_url: base,
        types: vec!["microsoft.network/*".to_owned()],
        ..AzureSettings::default()
    };
    let crawled = crawled(settings).await;
    assert!(crawled.resources.iter().all(|resource| resource.service == "microsoft.network"));
    assert_eq!(crawled.resources.len(), 5);
    assert_eq!(crawled.status(WEB, "*"), None);
    assert_eq!(crawled.status(WEB, "types:microsoft.network/*"), Some(CoverageStatus::Ok));
}
