//! The Google Cloud endpoints: Asset Inventory and Resource Manager over REST, Cloud Storage over gRPC.

use std::collections::BTreeSet;

use carveout_model::Provider;
use carveout_simcloud::{Denial, Estate, EstateOptions, Faults, SimCloud, Throttle};
use http_body_util::BodyExt;
use prost::Message;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

/// A client that reads no root certificates: nothing here speaks TLS, and reading them is slow.
fn client() -> Client {
    Client::builder().tls_certs_only([]).build().expect("a client")
}

async fn start(faults: Faults) -> SimCloud {
    SimCloud::start(Estate::generate(&EstateOptions::default()), faults).await.expect("the loopback has ports")
}

async fn get(url: &str) -> Response {
    client().get(url).send().await.expect("the endpoint answers")
}

#[tokio::test]
async fn every_asset_of_the_organization_is_listed_once_over_pages() {
    let cloud = start(Faults::default()).await;
    let parent = cloud.estate().gcp_organization();
    let mut names = Vec::new();
    let mut token = String::new();
    loop {
        // As the generated client sends it: enums as numbers, and parameters that are empty.
        let url =
            format!("{}/v1/{parent}/assets?contentType=1&pageSize=150&pageToken={token}&$alt=json", cloud.gcp_asset());
        let body: Value = get(&url).await.json().await.expect("JSON");
        let assets = body["assets"].as_array().expect("assets");
        assert!(assets.len() <= 150 && assets.iter().all(|asset| asset["resource"]["data"].is_object()));
        names.extend(assets.iter().map(|asset| asset["name"].as_str().expect("a name").to_owned()));
        match body["nextPageToken"].as_str() {
            Some(next) => token = url_encoded(next),
            None => break,
        }
    }
    let count = names.len();
    let found: BTreeSet<String> = names.into_iter().collect();
    assert_eq!(found.len(), count, "no asset comes twice");
    let resources = &cloud.estate().truth().resources;
    let expected: BTreeSet<String> =
        resources.iter().filter(|each| each.provider == Provider::Gcp).map(|each| each.key.clone()).collect();
    assert_eq!(found, expected);
}

fn url_encoded(text: &str) -> String {
    text.replace('+', "%2B").replace('=', "%3D")
}

#[tokio::test]
async fn iam_policies_are_a_content_type_of_their_own_and_types_can_be_chosen() {
    let cloud = start(Faults::default()).await;
    let base = format!("{}/v1/{}/assets?pageSize=1000", cloud.gcp_asset(), cloud.estate().gcp_organization());
    let body: Value = get(&format!("{base}&contentType=IAM_POLICY")).await.json().await.expect("JSON");
    let assets = body["assets"].as_array().expect("assets");
    assert!(assets.iter().all(|asset| asset.get("resource").is_none() && asset["iamPolicy"]["bindings"].is_array()));
    let members = Value::Array(assets.clone()).to_string();
    assert!(members.contains("@fivetran-production.iam.gserviceaccount.com") && members.contains("allUsers"));
    let buckets = format!("{base}&contentType=1&assetTypes=storage.googleapis.com%2FBucket");
    let body: Value = get(&buckets).await.json().await.expect("JSON");
    let counts = cloud.estate().truth().counts(Provider::Gcp);
    assert_eq!(body["assets"].as_array().expect("assets").len(), counts["storage.googleapis.com/Bucket"]);
}

#[tokio::test]
async fn the_forbidden_project_is_found_and_can_t_be_read_by_id_or_number() {
    let cloud = start(Faults::default()).await;
    let found: Value = get(&format!("{}/v3/projects:search?query=&pageToken=", cloud.gcp_resource_manager()))
        .await
        .json()
        .await
        .expect("JSON");
    let projects = found["projects"].as_array().expect("projects");
    assert_eq!(projects.len(), 3);
    for name in ["projects/acme-legacy", "projects/900000000103"] {
        let response = get(&format!("{}/v1/{name}/assets?contentType=1", cloud.gcp_asset())).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let body: Value = response.json().await.expect("JSON");
        assert_eq!(body["error"]["status"], "PERMISSION_DENIED");
    }
    let folders: Value =
        get(&format!("{}/v3/folders:search", cloud.gcp_resource_manager())).await.json().await.expect("JSON");
    assert_eq!(folders["folders"][0]["displayName"], "Workloads");
}

#[tokio::test]
async fn a_used_up_quota_says_how_long_to_wait() {
    let throttle = Throttle { scope: "organizations/900000000001".to_owned(), per_second: 0.25, burst: 1 };
    let cloud = start(Faults { throttle: vec![throttle], ..Faults::default() }).await;
    let url = format!("{}/v1/organizations/900000000001/assets", cloud.gcp_asset());
    assert_eq!(get(&url).await.status(), StatusCode::OK);
    let response = get(&url).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["error"]["status"], "RESOURCE_EXHAUSTED");
    assert_eq!(body["error"]["details"][0]["retryDelay"], "4s");
}

/// `google.storage.v2.ListBucketsRequest`, as far as the test needs it.
#[derive(Clone, PartialEq, Message)]
struct ListBuckets {
    #[prost(string, tag = "1")]
    parent: String,
    #[prost(int32, tag = "2")]
    page_size: i32,
    #[prost(string, tag = "3")]
    page_token: String,
}

#[derive(Clone, PartialEq, Message)]
struct Buckets {
    #[prost(message, repeated, tag = "1")]
    buckets: Vec<Bucket>,
    #[prost(string, tag = "2")]
    next_page_token: String,
}

#[derive(Clone, PartialEq, Message)]
struct Bucket {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "5")]
    location: String,
}

#[derive(Clone, PartialEq, Message)]
struct GetIamPolicy {
    #[prost(string, tag = "1")]
    resource: String,
}

#[derive(Clone, PartialEq, Message)]
struct Policy {
    #[prost(message, repeated, tag = "4")]
    bindings: Vec<Binding>,
}

#[derive(Clone, PartialEq, Message)]
struct Binding {
    #[prost(string, tag = "1")]
    role: String,
    #[prost(string, repeated, tag = "2")]
    members: Vec<String>,
}

/// Calls a gRPC method; gives the message and the status from the trailers.
async fn call<Q: Message, A: Message + Default>(cloud: &SimCloud, method: &str, request: &Q) -> (A, String) {
    let mut body = vec![0];
    body.extend(u32::try_from(request.encoded_len()).expect("short").to_be_bytes());
    body.extend(request.encode_to_vec());
    let client = Client::builder().tls_certs_only([]).http2_prior_knowledge().build().expect("a client");
    let response = client
        .post(format!("{}{method}", cloud.gcp_storage()))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(body)
        .send()
        .await
        .expect("the endpoint answers");
    let response: http::Response<reqwest::Body> = response.into();
    let collected = response.into_body().collect().await.expect("a body");
    let status = collected.trailers().expect("trailers")["grpc-status"].to_str().expect("text").to_owned();
    let bytes = collected.to_bytes();
    let answer = A::decode(bytes.get(5..).unwrap_or_default()).expect("a message");
    (answer, status)
}

#[tokio::test]
async fn buckets_page_over_grpc_and_tell_who_may_read_them() {
    let cloud = start(Faults::default()).await;
    let method = "/google.storage.v2.Storage/ListBuckets";
    let mut request = ListBuckets { parent: "projects/acme-prod".to_owned(), page_size: 7, page_token: String::new() };
    let mut names = Vec::new();
    loop {
        let (answer, status): (Buckets, _) = call(&cloud, method, &request).await;
        assert_eq!(status, "0");
        assert!(answer.buckets.len() <= 7 && answer.buckets.iter().all(|bucket| !bucket.location.is_empty()));
        names.extend(answer.buckets.into_iter().map(|bucket| bucket.name));
        if answer.next_page_token.is_empty() {
            break;
        }
        request.page_token = answer.next_page_token;
    }
    let buckets = cloud.estate().truth().resources.iter();
    let own = buckets
        .filter(|each| each.type_name == "storage.googleapis.com/Bucket" && each.scope_id == "projects/acme-prod");
    assert_eq!(names.len(), own.count());

    let method = "/google.storage.control.v2.StorageControl/GetIamPolicy";
    let request = GetIamPolicy { resource: "projects/_/buckets/acme-prod-assets-03".to_owned() };
    let (policy, _): (Policy, _) = call(&cloud, method, &request).await;
    assert_eq!(policy.bindings[0].members, ["allUsers"]);
    assert_eq!(policy.bindings[0].role, "roles/storage.objectViewer");
}

#[tokio::test]
async fn a_refusal_over_grpc_is_a_status() {
    let cloud = start(Faults::default()).await;
    let method = "/google.storage.v2.Storage/ListBuckets";
    let request = |project: &str| ListBuckets { parent: format!("projects/{project}"), ..ListBuckets::default() };
    let (_, status): (Buckets, _) = call(&cloud, method, &request("acme-legacy")).await;
    assert_eq!(status, "7", "PERMISSION_DENIED");
    let (_, status): (Buckets, _) = call(&cloud, method, &request("no-such-project")).await;
    assert_eq!(status, "5", "NOT_FOUND");
    cloud.set_faults(Faults { denied: vec![Denial::new("*", "storage.buckets.list")], ..Faults::default() });
    let (_, status): (Buckets, _) = call(&cloud, method, &request("acme-prod")).await;
    assert_eq!(status, "7");
}

#[tokio::test]
async fn a_stopped_cloud_answers_no_more() {
    let cloud = start(Faults::default()).await;
    let url = format!("{}/v3/projects:search", cloud.gcp_resource_manager());
    assert_eq!(get(&url).await.status(), StatusCode::OK);
    assert_eq!(cloud.requests().gcp, 1);
    cloud.stop().await;
    assert!(client().get(&url).send().await.is_err());
}
