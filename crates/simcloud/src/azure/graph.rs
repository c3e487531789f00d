//! Microsoft Graph version 1.0: the collections of the directory.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{extract::Request, response::Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{AzureError, Page, admit, authenticated, parameter, parameters, respond, without};
use crate::{
    estate::Estate,
    faults::{Call, Gate},
};

/// Microsoft Graph pages by a hundred unless it is asked for more, up to 999.
const PAGE: usize = 100;
const PAGE_MAX: usize = 999;

/// What the endpoint needs to answer.
#[derive(Debug)]
pub(crate) struct GraphEndpoint {
    pub(crate) estate: Arc<Estate>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) requests: Arc<AtomicU64>,
    pub(crate) base: String,
}

impl GraphEndpoint {
    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.route(request).await.unwrap_or_else(|error| error.response())
    }

    async fn route(&self, request: Request) -> Result<Response, AzureError> {
        authenticated(request.headers())?;
        let uri = request.uri();
        let azure = &self.estate.azure;
        let path = uri.path().trim_end_matches('/').to_owned();
        let query = parameters(uri.query().unwrap_or_default());
        let unknown = || {
            AzureError::new(
                StatusCode::BAD_REQUEST,
                "BadRequest",
                format!("Resource not found for the segment {path}."),
            )
        };
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let ["v1.0", collection, below @ ..] = segments.as_slice() else { return Err(unknown()) };
        let action = format!("graph:{collection}");
        let call = Call { scope: &azure.tenant_id, region: "global", service: "graph", action: &action };
        admit(&self.gate, call).await?;
        let items = azure.directory.get(*collection).ok_or_else(unknown)?;
        let items: Vec<Value> = match below {
            [] => items.clone(),
            [id] => {
                let item = items.iter().find(|item| item["id"].as_str() == Some(id));
                let not_found = || {
                    AzureError::new(
                        StatusCode::NOT_FOUND,
                        "Request_ResourceNotFound",
                        format!("Resource '{id}' does not exist."),
                    )
                };
                return Ok(respond(StatusCode::OK, item.ok_or_else(not_found)?));
            }
            [_, "appRoleAssignments" | "appRoleAssignedTo"] => Vec::new(),
            [id, "federatedIdentityCredentials"] => items
                .iter()
                .find(|item| item["id"].as_str() == Some(id))
                .and_then(|item| item["federatedIdentityCredentials"].as_array().cloned())
                .unwrap_or_default(),
            _ => return Err(unknown()),
        };
        let items = match parameter(&query, "$filter") {
            Some(filter) => filtered(items, filter)?,
            None => items,
        };
        let items = match parameter(&query, "$select") {
            Some(columns) => items.iter().map(|item| select(item, columns)).collect(),
            None => items,
        };
        let size = parameter(&query, "$top").and_then(|top| top.parse().ok()).unwrap_or(PAGE).clamp(1, PAGE_MAX);
        let offset = parameter(&query, "$skiptoken").and_then(|token| token.parse().ok()).unwrap_or_default();
        let page = Page {
            items,
            size,
            offset,
            base: &self.base,
            path_and_query: format!("{path}?{}", without(&query, "$skiptoken")),
            token_parameter: "$skiptoken",
            link_member: "@odata.nextLink",
        };
        let mut body = page.body(&self.gate);
        body["@odata.context"] = json!(format!("{}/v1.0/$metadata#{collection}", self.base));
        Ok(respond(StatusCode::OK, &body))
    }
}

/// Keeps what an OData filter of the form `property eq 'value'` keeps.
fn filtered(items: Vec<Value>, filter: &str) -> Result<Vec<Value>, AzureError> {
    let unsupported = || {
        AzureError::new(
            StatusCode::BAD_REQUEST,
            "Request_UnsupportedQuery",
            format!("Unsupported query filter: {filter}"),
        )
    };
    let (property, value) = filter.split_once(" eq ").ok_or_else(unsupported)?;
    let value = match value.trim() {
        "true" => json!(true),
        "false" => json!(false),
        quoted => {
            let text = quoted.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).ok_or_else(unsupported)?;
            json!(text)
        }
    };
    Ok(items.into_iter().filter(|item| item.get(property.trim()) == Some(&value)).collect())
}

fn select(item: &Value, columns: &str) -> Value {
    let member = |name: &str| Some((name.to_owned(), item.get(name)?.clone()));
    Value::Object(columns.split(',').filter_map(|name| member(name.trim())).collect::<Map<_, _>>())
}
