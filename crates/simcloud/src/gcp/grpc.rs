//! Cloud Storage over gRPC: listing buckets and reading their IAM policies.
//!
//! The messages are the few fields of `google.storage.v2` and `google.iam.v1` that the estate fills, declared by hand with
//! the field numbers of the published protocol buffers; a client's other fields are skipped.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, header};
use http_body_util::{BodyExt, Full};
use prost::Message;

use crate::{
    estate::{Asset, Estate, GcpProject},
    faults::{Call, Gate, Refusal},
};

const BODY_LIMIT: usize = 1 << 20;
/// A gRPC message is preceded by a compression flag and its length.
const PREFIX: usize = 5;
/// Buckets on a page, where the caller asks for more or does not say.
const PAGE: usize = 1_000;
const BUCKET: &str = "storage.googleapis.com/Bucket";

#[derive(Clone, PartialEq, Message)]
struct ListBucketsRequest {
    #[prost(string, tag = "1")]
    parent: String,
    #[prost(int32, tag = "2")]
    page_size: i32,
    #[prost(string, tag = "3")]
    page_token: String,
}

#[derive(Clone, PartialEq, Message)]
struct ListBucketsResponse {
    #[prost(message, repeated, tag = "1")]
    buckets: Vec<Bucket>,
    #[prost(string, tag = "2")]
    next_page_token: String,
}

#[derive(Clone, PartialEq, Message)]
struct Bucket {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    bucket_id: String,
    #[prost(string, tag = "3")]
    project: String,
    #[prost(int64, tag = "4")]
    metageneration: i64,
    #[prost(string, tag = "5")]
    location: String,
    #[prost(string, tag = "6")]
    location_type: String,
    #[prost(string, tag = "7")]
    storage_class: String,
    #[prost(map = "string, string", tag = "15")]
    labels: HashMap<String, String>,
    #[prost(message, optional, tag = "17")]
    versioning: Option<Versioning>,
    #[prost(message, optional, tag = "23")]
    iam_config: Option<IamConfig>,
}

#[derive(Clone, PartialEq, Message)]
struct Versioning {
    #[prost(bool, tag = "1")]
    enabled: bool,
}

#[derive(Clone, PartialEq, Message)]
struct IamConfig {
    #[prost(message, optional, tag = "1")]
    uniform_bucket_level_access: Option<UniformBucketLevelAccess>,
    #[prost(string, tag = "3")]
    public_access_prevention: String,
}

#[derive(Clone, PartialEq, Message)]
struct UniformBucketLevelAccess {
    #[prost(bool, tag = "1")]
    enabled: bool,
}

#[derive(Clone, PartialEq, Message)]
struct GetIamPolicyRequest {
    #[prost(string, tag = "1")]
    resource: String,
}

#[derive(Clone, PartialEq, Message)]
struct Policy {
    #[prost(int32, tag = "1")]
    version: i32,
    #[prost(bytes = "vec", tag = "3")]
    etag: Vec<u8>,
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

/// A gRPC status that is not OK.
#[derive(Debug)]
struct Status {
    code: u16,
    message: String,
}

/// Numbers of the canonical status codes.
const INVALID_ARGUMENT: u16 = 3;
const NOT_FOUND: u16 = 5;
const PERMISSION_DENIED: u16 = 7;
const RESOURCE_EXHAUSTED: u16 = 8;
const UNIMPLEMENTED: u16 = 12;
const UNAVAILABLE: u16 = 14;
const UNAUTHENTICATED: u16 = 16;

impl Status {
    fn new(code: u16, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    fn refusal(refusal: Refusal, call: Call<'_>) -> Self {
        match refusal {
            Refusal::Denied => {
                Self::new(PERMISSION_DENIED, format!("Permission '{}' denied on {}.", call.action, call.scope))
            }
            Refusal::Throttled { .. } => Self::new(RESOURCE_EXHAUSTED, "The rate of requests is too high."),
            Refusal::Unavailable => Self::new(UNAVAILABLE, "The service is currently unavailable."),
            Refusal::ExpiredCredentials => Self::new(UNAUTHENTICATED, "The credentials have expired."),
        }
    }
}

/// What the endpoint needs to answer.
#[derive(Debug)]
pub(crate) struct StorageEndpoint {
    pub(crate) estate: Arc<Estate>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) requests: Arc<AtomicU64>,
}

impl StorageEndpoint {
    /// Answers one call. gRPC says how it went in trailers, behind the message.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let (message, status) = match self.route(request).await {
            Ok(message) => (message, Status::new(0, "")),
            Err(status) => (Bytes::new(), status),
        };
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", HeaderValue::from(status.code));
        if !status.message.is_empty() {
            let text = percent_encoding::utf8_percent_encode(&status.message, percent_encoding::CONTROLS).to_string();
            if let Ok(value) = HeaderValue::from_str(&text) {
                trailers.insert("grpc-message", value);
            }
        }
        let body = Full::new(message).with_trailers(std::future::ready(Some(Ok(trailers))));
        let mut response = Response::new(Body::new(body));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        response
    }

    async fn route(&self, request: Request) -> Result<Bytes, Status> {
        let path = request.uri().path().to_owned();
        let body = to_bytes(request.into_body(), BODY_LIMIT)
            .await
            .map_err(|error| Status::new(INVALID_ARGUMENT, error.to_string()))?;
        if body.len() < PREFIX || body[0] != 0 {
            return Err(Status::new(UNIMPLEMENTED, "Only plain messages are understood."));
        }
        let message = &body[PREFIX..];
        match path.as_str() {
            "/google.storage.v2.Storage/ListBuckets" => {
                self.list_buckets(&decode(message)?).await.map(|answer| frame(&answer))
            }
            "/google.storage.v2.Storage/GetIamPolicy" | "/google.storage.control.v2.StorageControl/GetIamPolicy" => {
                self.get_iam_policy(&decode(message)?).await.map(|answer| frame(&answer))
            }
            _ => Err(Status::new(UNIMPLEMENTED, format!("There is no method {path}."))),
        }
    }

    async fn admit(&self, scope: &str, action: &str) -> Result<(), Status> {
        let call = Call { scope, region: "global", service: "storage", action };
        self.gate.admit(call).await.map_err(|refusal| Status::refusal(refusal, call))
    }

    async fn list_buckets(&self, request: &ListBucketsRequest) -> Result<ListBucketsResponse, Status> {
        let gcp = &self.estate.gcp;
        let name = request.parent.strip_prefix("projects/").unwrap_or(&request.parent);
        let project =
            gcp.project(name).ok_or_else(|| Status::new(NOT_FOUND, format!("There is no project {name}.")))?;
        self.admit(&project.scope(), "storage.buckets.list").await?;
        let buckets: Vec<Bucket> = gcp.of_type(&project.id, BUCKET).map(|asset| bucket(asset, project)).collect();
        let faults = self.gate.injected();
        let size = usize::try_from(request.page_size).ok().filter(|size| *size > 0).unwrap_or(PAGE).min(PAGE);
        let size = size.min(faults.page_size.unwrap_or(PAGE)).max(1);
        let start = match request.page_token.as_str() {
            "" => 0,
            token => token
                .parse::<usize>()
                .ok()
                .filter(|start| *start <= buckets.len())
                .ok_or_else(|| Status::new(INVALID_ARGUMENT, "The page token is invalid."))?,
        };
        let end = (start + size).min(buckets.len());
        let more = end < buckets.len() && !faults.truncated_lists;
        let next_page_token = if more { end.to_string() } else { String::new() };
        Ok(ListBucketsResponse { buckets: buckets[start..end].to_vec(), next_page_token })
    }

    async fn get_iam_policy(&self, request: &GetIamPolicyRequest) -> Result<Policy, Status> {
        let gcp = &self.estate.gcp;
        let name = request.resource.rsplit('/').next().unwrap_or_default();
        let full = format!("//storage.googleapis.com/{name}");
        let asset = gcp
            .assets
            .iter()
            .find(|asset| asset.name == full && asset.asset_type == BUCKET)
            .ok_or_else(|| Status::new(NOT_FOUND, format!("There is no bucket {name}.")))?;
        let project = asset.project.as_deref().and_then(|id| gcp.project(id)).map(GcpProject::scope);
        self.admit(project.as_deref().unwrap_or(&gcp.organization), "storage.buckets.getIamPolicy").await?;
        let bindings =
            asset.bindings.iter().map(|(role, members)| Binding { role: role.clone(), members: members.clone() });
        Ok(Policy { version: 1, etag: b"acme".to_vec(), bindings: bindings.collect() })
    }
}

fn bucket(asset: &Asset, project: &GcpProject) -> Bucket {
    let text = |member: &str| asset.data[member].as_str().unwrap_or_default().to_owned();
    let name = text("name");
    let labels = asset.data["labels"].as_object().into_iter().flatten();
    let prevention = &asset.data["iamConfiguration"]["publicAccessPrevention"];
    Bucket {
        name: format!("projects/_/buckets/{name}"),
        bucket_id: name,
        project: format!("projects/{}", project.number),
        metageneration: 1,
        location: text("location"),
        location_type: text("locationType"),
        storage_class: text("storageClass"),
        labels: labels.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect(),
        versioning: Some(Versioning { enabled: asset.data["versioning"]["enabled"] == true }),
        iam_config: Some(IamConfig {
            uniform_bucket_level_access: Some(UniformBucketLevelAccess { enabled: true }),
            public_access_prevention: prevention.as_str().unwrap_or_default().to_owned(),
        }),
    }
}

fn decode<M: Message + Default>(message: &[u8]) -> Result<M, Status> {
    M::decode(message).map_err(|error| Status::new(INVALID_ARGUMENT, error.to_string()))
}

fn frame(message: &impl Message) -> Bytes {
    let length = message.encoded_len();
    let mut buffer = BytesMut::with_capacity(PREFIX + length);
    buffer.put_u8(0);
    buffer.put_u32(u32::try_from(length).expect("an answer is far below 4 GiB"));
    buffer.put_slice(&message.encode_to_vec());
    buffer.freeze()
}
