//! The Azure endpoints: Resource Manager with Resource Graph, and Microsoft Graph.
//!
//! Any bearer token is accepted. The estate's forbidden subscription is listed among the subscriptions, answers 403 when it
//! is asked for, and is silently missing from Resource Graph, as it would be from a real tenant's index.

mod graph;
mod kql;
mod resource_graph;
mod resource_manager;

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

pub(crate) use self::{graph::GraphEndpoint, resource_manager::ResourceManagerEndpoint};
use crate::faults::{Call, Gate, Refusal};

/// An error in the shape that Azure and Microsoft Graph share: `{"error": {"code", "message"}}`.
#[derive(Debug)]
struct AzureError {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after_seconds: Option<u64>,
}

impl AzureError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after_seconds: None }
    }

    fn not_found(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", format!("The resource {path} was not found."))
    }

    fn refusal(refusal: Refusal, call: Call<'_>) -> Self {
        match refusal {
            Refusal::Denied if call.service == "graph" => Self::new(
                StatusCode::FORBIDDEN,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
            ),
            Refusal::Denied => Self::new(
                StatusCode::FORBIDDEN,
                "AuthorizationFailed",
                format!(
                    "The client with object id 'acce0000-0000-4000-8000-00000000c0de' does not have authorization to \
                     perform action '{}' over scope '/subscriptions/{}' or the scope is invalid.",
                    call.action, call.scope
                ),
            ),
            Refusal::Throttled { retry_after_seconds } => Self {
                retry_after_seconds: Some(retry_after_seconds),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "The request is being throttled.")
            },
            Refusal::Unavailable => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServerUnavailable", "The service is unavailable.")
            }
            Refusal::ExpiredCredentials if call.service == "graph" => Self::new(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                "Lifetime validation failed, the token is expired.",
            ),
            Refusal::ExpiredCredentials => Self::new(
                StatusCode::UNAUTHORIZED,
                "ExpiredAuthenticationToken",
                "The access token expiry UTC time has passed.",
            ),
        }
    }

    fn response(&self) -> Response {
        let mut response = respond(self.status, &json!({"error": {"code": self.code, "message": self.message}}));
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

/// Refuses callers without a bearer token.
fn authenticated(headers: &HeaderMap) -> Result<(), AzureError> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.len() > 7 && value[..7].eq_ignore_ascii_case("bearer "));
    if bearer {
        Ok(())
    } else {
        Err(AzureError::new(StatusCode::UNAUTHORIZED, "AuthenticationFailed", "The 'Authorization' header is missing."))
    }
}

async fn admit(gate: &Gate, call: Call<'_>) -> Result<(), AzureError> {
    gate.admit(call).await.map_err(|refusal| AzureError::refusal(refusal, call))
}

/// One page of a list that is followed by URL: what `next` names the link, and where it leads.
struct Page<'a> {
    items: Vec<Value>,
    size: usize,
    offset: usize,
    base: &'a str,
    path_and_query: String,
    token_parameter: &'a str,
    link_member: &'a str,
}

impl Page<'_> {
    /// The body of the answer.
    fn body(self, gate: &Gate) -> Value {
        let faults = gate.injected();
        let size = self.size.min(faults.page_size.unwrap_or(usize::MAX)).max(1);
        let end = (self.offset + size).min(self.items.len());
        let start = self.offset.min(end);
        let mut body = json!({"value": self.items[start..end]});
        if end < self.items.len() && !faults.truncated_lists {
            let base = faults.foreign_next_link.as_deref().unwrap_or(self.base);
            let separator = if self.path_and_query.contains('?') { '&' } else { '?' };
            let parameter = self.token_parameter.replace('$', "%24");
            body[self.link_member] = json!(format!("{base}{}{separator}{parameter}={end}", self.path_and_query));
        }
        body
    }
}

/// The parameters of a query string, names in lower case.
fn parameters(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned()))
        .collect()
}

fn parameter<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The query string without the page token, to build the next link from.
fn without(parameters: &[(String, String)], name: &str) -> String {
    let mut serializer = url::form_urlencoded::Serializer::new(String::new());
    serializer.extend_pairs(parameters.iter().filter(|(key, _)| key != name));
    serializer.finish()
}
