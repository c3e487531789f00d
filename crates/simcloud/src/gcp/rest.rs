//! Cloud Asset Inventory version 1 and Resource Manager version 3.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{body::Body, extract::Request, response::Response};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use serde_json::{Value, json};

use crate::{
    estate::{Asset, Estate, GcpEstate, GcpProject, iso},
    faults::{Call, Gate, Refusal},
};

/// Page sizes of `assets.list` and of the searches.
const LIST_PAGE: usize = 100;
const LIST_PAGE_MAX: usize = 1_000;
const SEARCH_PAGE_MAX: usize = 500;

/// What the endpoint needs to answer.
#[derive(Debug)]
pub(crate) struct RestEndpoint {
    pub(crate) estate: Arc<Estate>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) requests: Arc<AtomicU64>,
}

/// An error in Google's shape.
#[derive(Debug)]
struct GoogleError {
    status: StatusCode,
    name: &'static str,
    message: String,
    retry_after_seconds: Option<u64>,
}

impl GoogleError {
    fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into(), retry_after_seconds: None }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message)
    }

    fn denied(action: &str, scope: &str) -> Self {
        let message = format!("Permission '{action}' denied on resource '{scope}' (or it may not exist).");
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
    }

    fn refusal(refusal: Refusal, call: Call<'_>) -> Self {
        match refusal {
            Refusal::Denied => Self::denied(call.action, call.scope),
            Refusal::Throttled { retry_after_seconds } => Self {
                retry_after_seconds: Some(retry_after_seconds),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "RESOURCE_EXHAUSTED",
                    format!("Quota exceeded for quota metric 'Requests' of service '{}'.", call.service),
                )
            },
            Refusal::Unavailable => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "The service is currently unavailable.")
            }
            Refusal::ExpiredCredentials => {
                let message = "Request had invalid authentication credentials. Expected OAuth 2 access token.";
                Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
            }
        }
    }

    fn response(&self) -> Response {
        let mut error = json!({"code": self.status.as_u16(), "message": self.message, "status": self.name});
        if let Some(seconds) = self.retry_after_seconds {
            error["details"] =
                json!([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": format!("{seconds}s")}]);
        }
        respond(self.status, &json!({"error": error}))
    }
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    response
}

/// The parameters of a request; empty ones count as absent.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn read(query: Option<&str>) -> Self {
        let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self(pairs.into_owned().filter(|(_, value)| !value.is_empty()).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl RestEndpoint {
    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let (parts, _) = request.into_parts();
        match self.route(&parts.method, &parts.uri).await {
            Ok(body) => respond(StatusCode::OK, &body),
            Err(error) => error.response(),
        }
    }

    async fn route(&self, method: &Method, uri: &Uri) -> Result<Value, GoogleError> {
        let path = uri.path();
        let not_found =
            || GoogleError::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("There is no method at {path}."));
        if method != Method::GET {
            return Err(not_found());
        }
        let parameters = Parameters::read(uri.query());
        if let Some(rest) = path.strip_prefix("/v1/") {
            if let Some(parent) = rest.strip_suffix("/assets") {
                return self.list_assets(parent, &parameters).await;
            }
            if let Some(scope) = rest.strip_suffix(":searchAllResources") {
                let view = View { keep: every, write: search_resource };
                return self.search(scope, "cloudasset.assets.searchAllResources", &parameters, view).await;
            }
            if let Some(scope) = rest.strip_suffix(":searchAllIamPolicies") {
                let view = View { keep: has_policy, write: search_policy };
                return self.search(scope, "cloudasset.assets.searchAllIamPolicies", &parameters, view).await;
            }
        }
        let gcp = &self.estate.gcp;
        match path.strip_prefix("/v3/").ok_or_else(not_found)? {
            "organizations:search" => {
                self.admit(&gcp.organization, "resourcemanager.organizations.get").await?;
                self.page(&[gcp], |gcp| organization(gcp), "organizations", SEARCH_PAGE_MAX, LIST_PAGE, &parameters)
            }
            "folders:search" | "folders" => {
                self.admit(&gcp.organization, "resourcemanager.folders.get").await?;
                self.page(&[gcp], |gcp| folder(gcp), "folders", SEARCH_PAGE_MAX, LIST_PAGE, &parameters)
            }
            "projects:search" | "projects" => {
                self.admit(&gcp.organization, "resourcemanager.projects.get").await?;
                self.page(&gcp.projects, |each| project(gcp, each), "projects", SEARCH_PAGE_MAX, LIST_PAGE, &parameters)
            }
            one => match one.split_once('/') {
                Some(("projects", name)) => {
                    let found =
                        gcp.project(name).ok_or_else(|| GoogleError::denied("resourcemanager.projects.get", one))?;
                    self.admit(&found.scope(), "resourcemanager.projects.get").await?;
                    Ok(project(gcp, found))
                }
                Some(("organizations", _)) if one == gcp.organization => Ok(organization(gcp)),
                Some(("folders", _)) if one == gcp.folder => Ok(folder(gcp)),
                _ => Err(not_found()),
            },
        }
    }

    async fn admit(&self, scope: &str, action: &str) -> Result<(), GoogleError> {
        let service = if action.starts_with("cloudasset") { "cloudasset" } else { "cloudresourcemanager" };
        let call = Call { scope, region: "global", service, action };
        self.gate.admit(call).await.map_err(|refusal| GoogleError::refusal(refusal, call))
    }

    /// The assets below `parent`, once it is known that it may be read.
    async fn below(&self, parent: &str, action: &str) -> Result<Vec<&Asset>, GoogleError> {
        let gcp = &self.estate.gcp;
        let (kind, name) =
            parent.split_once('/').ok_or_else(|| GoogleError::invalid(format!("Invalid parent '{parent}'.")))?;
        if kind == "projects" {
            let project = gcp.project(name).ok_or_else(|| GoogleError::denied(action, parent))?;
            self.admit(&project.scope(), action).await?;
            return Ok(gcp.assets.iter().filter(|asset| asset.project.as_ref() == Some(&project.id)).collect());
        }
        if parent != gcp.organization && parent != gcp.folder {
            return Err(GoogleError::denied(action, parent));
        }
        self.admit(parent, action).await?;
        Ok(gcp.assets.iter().filter(|asset| asset.ancestors.iter().any(|ancestor| ancestor == parent)).collect())
    }

    async fn list_assets(&self, parent: &str, parameters: &Parameters) -> Result<Value, GoogleError> {
        let content = parameters.get("contentType").unwrap_or("0");
        let (action, view) = match content {
            "0" | "CONTENT_TYPE_UNSPECIFIED" => ("cloudasset.assets.listResource", View { keep: every, write: bare }),
            "1" | "RESOURCE" => ("cloudasset.assets.listResource", View { keep: every, write: with_resource }),
            "2" | "IAM_POLICY" => ("cloudasset.assets.listIamPolicy", View { keep: has_policy, write: with_policy }),
            "4" | "ORG_POLICY" => ("cloudasset.assets.listOrgPolicy", NOTHING),
            "5" | "ACCESS_POLICY" => ("cloudasset.assets.listAccessPolicy", NOTHING),
            "6" | "OS_INVENTORY" => ("cloudasset.assets.listOSInventories", NOTHING),
            "7" | "RELATIONSHIP" => ("cloudasset.assets.listResource", NOTHING),
            other => return Err(GoogleError::invalid(format!("Invalid content type '{other}'."))),
        };
        let below = self.below(parent, action).await?;
        let patterns: Vec<&str> = parameters.all("assetTypes").collect();
        for pattern in &patterns {
            if !pattern.ends_with(".*") && !pattern.contains('/') {
                return Err(GoogleError::invalid(format!("Invalid asset type '{pattern}'.")));
            }
        }
        let items = view.choose(below, &patterns);
        let mut answer =
            self.page(&items, |asset| (view.write)(asset), "assets", LIST_PAGE_MAX, LIST_PAGE, parameters)?;
        answer["readTime"] = json!(parameters.get("readTime").map_or_else(now, str::to_owned));
        Ok(answer)
    }

    async fn search(
        &self,
        scope: &str,
        action: &str,
        parameters: &Parameters,
        view: View,
    ) -> Result<Value, GoogleError> {
        let below = self.below(scope, action).await?;
        let patterns: Vec<&str> = parameters.all("assetTypes").collect();
        let items = view.choose(below, &patterns);
        self.page(&items, |asset| (view.write)(asset), "results", SEARCH_PAGE_MAX, LIST_PAGE, parameters)
    }

    /// One page of `items`; only those on it are written.
    fn page<T>(
        &self,
        items: &[T],
        write: impl Fn(&T) -> Value,
        member: &str,
        most: usize,
        usual: usize,
        parameters: &Parameters,
    ) -> Result<Value, GoogleError> {
        let faults = self.gate.injected();
        let asked = parameters.get("pageSize").and_then(|size| size.parse().ok()).filter(|size| *size > 0);
        let size = asked.unwrap_or(usual).min(most).min(faults.page_size.unwrap_or(most)).max(1);
        let start = match parameters.get("pageToken") {
            Some(token) => BASE64_STANDARD
                .decode(token)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok()?.parse::<usize>().ok())
                .filter(|start| *start <= items.len())
                .ok_or_else(|| GoogleError::invalid("The page token is invalid."))?,
            None => 0,
        };
        let end = (start + size).min(items.len());
        let written: Vec<Value> = items[start..end].iter().map(write).collect();
        let mut answer = json!({member: written});
        if end < items.len() && !faults.truncated_lists {
            answer["nextPageToken"] = json!(BASE64_STANDARD.encode(end.to_string()));
        }
        Ok(answer)
    }
}

/// What a method shows of the assets: which, and what of each.
#[derive(Clone, Copy)]
struct View {
    keep: fn(&Asset) -> bool,
    write: fn(&Asset) -> Value,
}

/// A content type of which the estate has nothing.
const NOTHING: View = View { keep: |_| false, write: bare };

impl View {
    fn choose<'a>(self, assets: Vec<&'a Asset>, patterns: &[&str]) -> Vec<&'a Asset> {
        assets.into_iter().filter(|asset| (self.keep)(asset) && wanted(asset, patterns)).collect()
    }
}

fn every(_: &Asset) -> bool {
    true
}

fn has_policy(asset: &Asset) -> bool {
    !asset.bindings.is_empty()
}

fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    iso(since.as_secs())
}

/// Asset types are matched exactly, or by their start where the pattern ends in `.*`.
fn wanted(asset: &Asset, patterns: &[&str]) -> bool {
    patterns.is_empty()
        || patterns.iter().any(|pattern| match pattern.strip_suffix(".*") {
            Some(start) => asset.asset_type.starts_with(start.trim_end_matches('/')),
            None => asset.asset_type == *pattern,
        })
}

fn bare(asset: &Asset) -> Value {
    json!({
        "name": asset.name, "assetType": asset.asset_type, "ancestors": asset.ancestors, "updateTime": asset.update_time,
    })
}

fn with_resource(asset: &Asset) -> Value {
    let kind = asset.asset_type.rsplit('/').next().unwrap_or_default();
    let service = asset.asset_type.split('/').next().unwrap_or_default();
    let mut resource = json!({
        "version": "v1", "discoveryDocumentUri": format!("https://{service}/$discovery/rest?version=v1"),
        "discoveryName": kind, "data": asset.data, "location": asset.location,
    });
    if !asset.parent.is_empty() {
        resource["parent"] = json!(asset.parent);
    }
    let mut value = bare(asset);
    value["resource"] = resource;
    value
}

fn policy(asset: &Asset) -> Value {
    let bindings: Vec<Value> =
        asset.bindings.iter().map(|(role, members)| json!({"role": role, "members": members})).collect();
    json!({"version": 1, "etag": BASE64_STANDARD.encode("acme"), "bindings": bindings})
}

fn with_policy(asset: &Asset) -> Value {
    let mut value = bare(asset);
    value["iamPolicy"] = policy(asset);
    value
}

fn search_resource(asset: &Asset) -> Value {
    json!({
        "name": asset.name, "assetType": asset.asset_type, "project": asset.ancestors.first(), "location": asset.location,
        "displayName": asset.name.rsplit('/').next(), "parentFullResourceName": asset.parent, "updateTime": asset.update_time,
    })
}

fn search_policy(asset: &Asset) -> Value {
    json!({
        "resource": asset.name, "assetType": asset.asset_type, "project": asset.ancestors.first(), "policy": policy(asset),
    })
}

fn organization(gcp: &GcpEstate) -> Value {
    json!({
        "name": gcp.organization, "displayName": crate::DOMAIN, "directoryCustomerId": "C0acme001", "state": "ACTIVE",
        "createTime": "2024-01-01T00:00:00Z", "etag": BASE64_STANDARD.encode("acme"),
    })
}

fn folder(gcp: &GcpEstate) -> Value {
    json!({
        "name": gcp.folder, "parent": gcp.organization, "displayName": "Workloads", "state": "ACTIVE",
        "createTime": "2024-01-01T00:00:00Z", "etag": BASE64_STANDARD.encode("acme"),
    })
}

fn project(gcp: &GcpEstate, project: &GcpProject) -> Value {
    json!({
        "name": format!("projects/{}", project.number), "projectId": project.id, "displayName": project.id,
        "parent": gcp.folder, "state": "ACTIVE", "createTime": "2024-06-01T00:00:00Z", "labels": {"owner": "platform"},
        "etag": BASE64_STANDARD.encode("acme"),
    })
}
