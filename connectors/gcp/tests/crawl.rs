//! The connector through the real engine, against Google Cloud endpoints of this test's own making on loopback.

use std::{
    collections::HashMap,
    sync::{
        Arc,
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
use carveout_crawl::{Connector, ConnectorError, Event, Options, Outcome, RedactionKey, crawl};
use carveout_gcp::{BUCKET, GcpConnector, GcpSettings};
use carveout_model::{Coverage, CoverageStatus, Observation, Outsider, Resource, Scope};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_util::sync::CancellationToken;

const ORGANIZATION: &str = "organizations/9";
const WEB: &str = "projects/acme-web";
const CLOSED: &str = "projects/acme-closed";
const GONE: &str = "projects/acme-gone";
const SINK: &str = "logging.googleapis.com/LogSink";
const SUBSCRIPTION: &str = "pubsub.googleapis.com/Subscription";

/// How the endpoints misbehave.
#[derive(Default, Clone)]
struct Faults {
    /// Assets of one page.
    page_size: usize,
    /// Requests for assets that are refused for rate before any is answered.
    throttled: u32,
    /// Requests for assets that fail on the provider's side before any is answered.
    failing: u32,
    /// Policies may not be read.
    has_no_policies: bool,
    /// Cloud Storage refuses the closed project, too.
    is_storage_closed: bool,
}

struct Cloud {
    faults: Faults,
    asked: AtomicU32,
}

impl Cloud {
    fn assets(parent: &str) -> Vec<Value> {
        let asset = |kind: &str, name: &str, ancestor: &str, data: Value| {
            json!({"name": name, "assetType": kind, "ancestors": [ancestor, "organizations/9"],
                "updateTime": "2026-01-01T00:00:00Z", "resource": {"version": "v1", "location": "europe-west1",
                "data": data, "futureField": 1}})
        };
        let mut assets = Vec::new();
        if parent != CLOSED {
            assets.extend((1..=5).map(|n| {
                let name = format!("//compute.googleapis.com/{WEB}/zones/z/disks/disk{n}");
                asset(
                    "compute.googleapis.com/Disk",
                    &name,
                    "projects/1",
                    json!({"name": format!("disk{n}"), "sizeGb": "10"}),
                )
            }));
            let push = json!({"name": "push", "topic": "projects/acme-web/topics/t",
                "pushConfig": {"pushEndpoint": "https://intake.vendor.example/v1?key=1"}});
            assets.push(asset(
                SUBSCRIPTION,
                "//pubsub.googleapis.com/projects/acme-web/subscriptions/push",
                "projects/1",
                push,
            ));
            let bucket = json!({"name": "acme-logs", "labels": {"team": "web"}});
            assets.push(asset(BUCKET, "//storage.googleapis.com/acme-logs", "projects/1", bucket));
        }
        if parent == ORGANIZATION {
            let sink = json!({"name": "all", "destination": "storage.googleapis.com/acme-logs"});
            assets.push(asset(SINK, "//logging.googleapis.com/folders/5/sinks/all", "folders/5", sink));
        }
        assets
    }

    fn policies() -> Vec<Value> {
        vec![
            json!({"name": "//storage.googleapis.com/acme-logs", "assetType": BUCKET, "ancestors": ["projects/1"],
                "iamPolicy": {"bindings": [{"role": "roles/storage.objectViewer",
                    "members": ["serviceAccount:reader@vendor-prod.iam.gserviceaccount.com"]}]}}),
            json!({"name": "//example.googleapis.com/only-policy", "assetType": "example.googleapis.com/Thing",
                "ancestors": ["projects/1"], "iamPolicy": {"bindings": []}}),
        ]
    }

    fn rest(&self, uri: &Uri) -> Response {
        let query: HashMap<String, String> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let path = uri.path();
        if let Some(parent) = path.strip_prefix("/v1/").and_then(|rest| rest.strip_suffix("/assets")) {
            return self.list(parent, &query);
        }
        let project = |id: &str, number: &str, state: &str| json!({"name": format!("projects/{number}"), "projectId": id, "parent": "folders/5", "state": state});
        let projects = [
            project("acme-web", "1", "ACTIVE"),
            project("acme-closed", "2", "ACTIVE"),
            project("acme-gone", "3", "DELETE_REQUESTED"),
        ];
        let body = match path {
            "/v3/organizations:search" => {
                json!({"organizations": [{"name": ORGANIZATION, "displayName": "acme.example", "state": "ACTIVE"}]})
            }
            "/v3/folders:search" => {
                json!({"folders": [{"name": "folders/5", "parent": ORGANIZATION, "displayName": "prod", "state": "ACTIVE"}]})
            }
            // Two pages.
            "/v3/projects:search" if !query.contains_key("pageToken") => {
                json!({"projects": projects[..2], "nextPageToken": "more"})
            }
            "/v3/projects:search" => json!({"projects": projects[2..]}),
            "/v3/projects/acme-web" => projects[0].clone(),
            _ => return error(StatusCode::NOT_FOUND, "NOT_FOUND", path),
        };
        axum::Json(body).into_response()
    }

    fn list(&self, parent: &str, query: &HashMap<String, String>) -> Response {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        if asked < self.faults.throttled {
            let details = json!([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0s"}]);
            let body =
                json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "quota", "details": details}});
            return (StatusCode::TOO_MANY_REQUESTS, axum::Json(body)).into_response();
        }
        if asked < self.faults.throttled + self.faults.failing {
            return error(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "try again");
        }
        if parent == CLOSED {
            return error(StatusCode::FORBIDDEN, "PERMISSION_DENIED", "no rights");
        }
        let all = match query.get("contentType").map(String::as_str) {
            Some("1" | "RESOURCE") => Self::assets(parent),
            Some("2" | "IAM_POLICY") if self.faults.has_no_policies => {
                return error(StatusCode::FORBIDDEN, "PERMISSION_DENIED", "no rights to policies");
            }
            Some("2" | "IAM_POLICY") if parent == WEB => Self::policies(),
            Some("2" | "IAM_POLICY") => Vec::new(),
            other => return error(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", &format!("{other:?}")),
        };
        let start: usize = query.get("pageToken").map_or(0, |token| token.parse().expect("a number"));
        let size = if self.faults.page_size == 0 { 1000 } else { self.faults.page_size };
        let end = (start + size).min(all.len());
        let mut body = json!({"assets": all[start..end], "readTime": "2026-01-01T00:00:00Z"});
        if end < all.len() {
            body["nextPageToken"] = json!(end.to_string());
        }
        axum::Json(body).into_response()
    }

    /// `google.storage.v2.Storage/ListBuckets`, encoded by hand: a length-prefixed message whose field 1 is a bucket.
    fn grpc(&self, body: &[u8]) -> Response {
        let asked = String::from_utf8_lossy(body);
        let headers =
            |status: &str| [("content-type", "application/grpc".to_owned()), ("grpc-status", status.to_owned())];
        if asked.contains(CLOSED) && self.faults.is_storage_closed {
            return headers("7").into_response();
        }
        let names: &[&str] = if asked.contains(CLOSED) { &["acme-hidden"] } else { &["acme-logs", "acme-new"] };
        let text = |field: u8, text: &str| [&[field << 3 | 2, text.len() as u8], text.as_bytes()].concat();
        let message: Vec<u8> = names
            .iter()
            .flat_map(|name| {
                let path = format!("projects/_/buckets/{name}");
                let bucket = [text(1, &path), text(2, name), text(5, "EU")].concat();
                [vec![1 << 3 | 2, bucket.len() as u8], bucket].concat()
            })
            .collect();
        let length = u32::try_from(message.len()).expect("a short message").to_be_bytes();
        (headers("0"), [&[0], &length[..], &message[..]].concat()).into_response()
    }
}

fn error(status: StatusCode, name: &str, message: &str) -> Response {
    let body = json!({"error": {"code": status.as_u16(), "status": name, "message": message}});
    (status, axum::Json(body)).into_response()
}

async fn serve(faults: Faults) -> String {
    async fn answer(State(cloud): State<Arc<Cloud>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
        assert!(!headers.contains_key("authorization"), "an emulator was sent credentials");
        if uri.path() == "/google.storage.v2.Storage/ListBuckets" { cloud.grpc(&body) } else { cloud.rest(&uri) }
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let cloud = Arc::new(Cloud { faults, asked: AtomicU32::new(0) });
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
    fn row(&self, scope: &str, type_name: &str) -> Option<&Coverage> {
        self.coverage.iter().find(|row| row.scope_id == scope && row.type_name == type_name)
    }

    fn status(&self, scope: &str, type_name: &str) -> Option<CoverageStatus> {
        self.row(scope, type_name).map(|row| row.status)
    }

    fn of_type(&self, type_name: &str) -> Vec<&Resource> {
        self.resources.iter().filter(|resource| resource.type_name == type_name).collect()
    }
}

async fn crawled(settings: GcpSettings) -> Crawled {
    let connector: Arc<dyn Connector> = Arc::new(GcpConnector::new("gcp", settings).expect("settings"));
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

fn settings(parent: &str, base: &str, has_storage: bool) -> GcpSettings {
    let mut settings = GcpSettings::new(parent);
    settings.asset_endpoint = Some(base.to_owned());
    settings.resource_manager_endpoint = Some(base.to_owned());
    settings.storage_endpoint = has_storage.then(|| base.to_owned());
    settings
}

async fn crawl_with(faults: Faults) -> Crawled {
    let base = serve(faults).await;
    crawled(settings(ORGANIZATION, &base, true)).await
}

#[tokio::test]
async fn every_page_is_read_and_every_type_is_accounted_for() {
    let crawled = crawl_with(Faults { page_size: 2, ..Faults::default() }).await;
    let disks = crawled.of_type("compute.googleapis.com/Disk");
    assert_eq!(disks.len(), 5);
    assert_eq!(disks[0].config["sizeGb"], "10", "the data stays as it came");
    assert!(disks.iter().all(|disk| disk.scope_id == WEB && disk.region == "europe-west1"));
    let row = crawled.row(WEB, "compute.googleapis.com/Disk").expect("a row");
    assert_eq!((row.status, row.resources, row.region.as_str()), (CoverageStatus::Ok, 5, "*"));
    assert_eq!(crawled.status(WEB, "sqladmin.googleapis.com/Instance"), Some(CoverageStatus::Ok), "proven absent");
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Ok));
}

#[tokio::test]
async fn a_policy_joins_its_resource_and_one_without_a_resource_is_kept() {
    let crawled = crawl_with(Faults::default()).await;
    let bucket =
        crawled.of_type(BUCKET).into_iter().find(|b| b.name.as_deref() == Some("acme-logs")).expect("a bucket");
    assert_eq!(bucket.config["iamPolicy"]["bindings"][0]["role"], "roles/storage.objectViewer");
    assert_eq!(bucket.tags["team"], "web");
    assert_eq!(crawled.of_type("example.googleapis.com/Thing").len(), 1);
    let member = Outsider::GcpMember("serviceAccount:reader@vendor-prod.iam.gserviceaccount.com".to_owned());
    assert!(crawled.observations.iter().any(|seen| seen.outsider == member), "{:#?}", crawled.observations);
    let host = Outsider::Host("intake.vendor.example".to_owned());
    assert!(crawled.observations.iter().any(|seen| seen.outsider == host && seen.signal == "push_endpoint"));
}

#[tokio::test]
async fn a_closed_project_is_denied_and_its_buckets_come_from_cloud_storage() {
    let crawled = crawl_with(Faults::default()).await;
    assert_eq!(crawled.status(CLOSED, "*"), Some(CoverageStatus::Denied));
    let row = crawled.row(CLOSED, BUCKET).expect("a row");
    assert_eq!((row.status, row.resources), (CoverageStatus::Ok, 1));
    assert!(row.message.as_deref().expect("a message").contains("listed by Cloud Storage"));
    assert_eq!(crawled.status(CLOSED, "compute.googleapis.com/Disk"), None);
    let bucket = crawled.of_type(BUCKET).into_iter().find(|bucket| bucket.scope_id == CLOSED).expect("a bucket");
    assert_eq!((bucket.region.as_str(), bucket.unread.as_slice()), ("eu", ["iamPolicy".to_owned()].as_slice()));
    assert_eq!(crawled.status(GONE, "*"), Some(CoverageStatus::Skipped));
    assert_eq!(crawled.scopes.len(), 5);
}

#[tokio::test]
async fn what_neither_service_shows_is_denied_twice_and_not_empty() {
    let crawled = crawl_with(Faults { is_storage_closed: true, ..Faults::default() }).await;
    assert_eq!(crawled.status(CLOSED, "*"), Some(CoverageStatus::Denied));
    assert_eq!(crawled.status(CLOSED, BUCKET), Some(CoverageStatus::Denied));
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Ok), "others go on");
}

#[tokio::test]
async fn a_bucket_that_the_inventory_does_not_know_yet_is_found() {
    let crawled = crawl_with(Faults::default()).await;
    assert!(crawled.of_type(BUCKET).iter().any(|bucket| bucket.name.as_deref() == Some("acme-new")));
    assert_eq!(crawled.status(WEB, &format!("{BUCKET}#cloud_asset_inventory")), Some(CoverageStatus::Error));
}

#[tokio::test]
async fn what_hangs_on_folders_belongs_to_folders() {
    let crawled = crawl_with(Faults::default()).await;
    let sinks = crawled.of_type(SINK);
    assert_eq!(sinks.len(), 1);
    assert_eq!(sinks[0].scope_id, "folders/5");
    assert_eq!(crawled.status("folders/5", SINK), Some(CoverageStatus::Ok));
    assert_eq!(crawled.status(ORGANIZATION, "*"), Some(CoverageStatus::Ok));
}

#[tokio::test]
async fn policies_that_may_not_be_read_are_named_as_unread() {
    let crawled = crawl_with(Faults { has_no_policies: true, ..Faults::default() }).await;
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Ok));
    assert_eq!(crawled.status(WEB, "*#iamPolicy"), Some(CoverageStatus::Denied));
    assert!(crawled.of_type("compute.googleapis.com/Disk").iter().all(|disk| disk.unread == ["iamPolicy"]));
}

#[tokio::test]
async fn refusals_and_failures_are_waited_out() {
    let crawled = crawl_with(Faults { throttled: 2, failing: 2, ..Faults::default() }).await;
    assert_eq!(crawled.status(WEB, "*"), Some(CoverageStatus::Ok));
    assert_eq!(crawled.of_type("compute.googleapis.com/Disk").len(), 5);
}

#[tokio::test]
async fn one_project_alone_can_be_crawled_without_cloud_storage() {
    let base = serve(Faults::default()).await;
    let crawled = crawled(settings(WEB, &base, false)).await;
    assert_eq!(crawled.scopes.len(), 1);
    assert_eq!(crawled.status(WEB, BUCKET), Some(CoverageStatus::Ok));
    assert_eq!(crawled.of_type(BUCKET).len(), 1);
}

#[tokio::test]
async fn a_dead_endpoint_is_an_error_that_names_the_operation() {
    let crawled = crawled(settings(ORGANIZATION, "http://127.0.0.1:9", false)).await;
    let (_, error) = crawled.outcome.failed.first().expect("a connector that could not plan");
    let ConnectorError::Discovery(failure) = error else { panic!("{error}") };
    assert_eq!(failure.operation, "cloudresourcemanager.projects.search");
}
