//! The AWS endpoint: one host for every service, as with `AWS_ENDPOINT_URL`.
//!
//! Five protocols are spoken (JSON 1.0 and 1.1, REST-JSON, query, EC2 query, REST-XML). A request is identified by the
//! credential in its signature: the access key id says the account, the scope says region and service. Signatures
//! themselves are not checked.

mod answer;
mod error;
pub(crate) mod operations;
mod request;
mod sts;
mod xml;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};

pub(crate) use self::sts::long_term_key;
use self::{
    answer::Answer,
    error::{ApiError, unidentified},
    operations::{Operation, Protocol, Service},
    request::{Asked, Caller},
};
use crate::{
    estate::Estate,
    faults::{Call, Gate, Refusal},
};

/// Requests are small; anything larger is not a read.
const BODY_LIMIT: usize = 1 << 20;

/// What the endpoint needs to answer.
#[derive(Debug)]
pub(crate) struct AwsEndpoint {
    pub(crate) estate: Arc<Estate>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) requests: Arc<AtomicU64>,
    /// Every operation that was asked for, as `service:Operation`.
    pub(crate) asked: Arc<Mutex<BTreeSet<String>>>,
}

impl AwsEndpoint {
    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let request_id = format!("acce0000-0000-4000-8000-{number:012x}");
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
            return unidentified("RequestEntityTooLarge", "The request body is too large");
        };
        let aws = &self.estate.aws;
        let Some(caller) = Caller::read(&parts.headers, &aws.management_account) else {
            return unidentified("MissingAuthenticationTokenException", "Missing Authentication Token");
        };
        let Some(asked) = request::read(&parts.method, &parts.uri, &parts.headers, &body, &caller) else {
            return unidentified("UnknownOperationException", "The service or the operation is not known");
        };
        let caller_arn = sts::caller_arn(&caller);
        let action = format!("{}:{}", asked.service.service, asked.name);
        self.remember(&action);
        let call =
            Call { scope: &caller.account, region: &caller.region, service: &asked.service.service, action: &action };
        if let Err(refusal) = self.gate.admit(call).await {
            let mut response =
                ApiError::refusal(refusal, asked.service, &action, &caller_arn).response(asked.service, &request_id);
            if let Refusal::Throttled { retry_after_seconds } = refusal {
                response.headers_mut().insert("retry-after", HeaderValue::from(retry_after_seconds));
            }
            return response;
        }
        self.dispatch(&asked, &caller)
            .and_then(|answer| write(&asked, answer, &request_id))
            .unwrap_or_else(|error| error.response(asked.service, &request_id))
    }

    fn remember(&self, action: &str) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.contains(action) {
            asked.insert(action.to_owned());
        }
    }

    fn dispatch(&self, asked: &Asked, caller: &Caller) -> Result<Answer, ApiError> {
        let unknown = || {
            ApiError::new(
                StatusCode::BAD_REQUEST,
                asked.unknown_code(),
                format!("There is no operation {}", asked.name),
            )
        };
        if asked.service.service == "sts" {
            let parameter = |name: &str| asked.parameters.text(name);
            return sts::answer(&self.estate.aws, &asked.name, caller, parameter)
                .ok_or_else(unknown)?
                .map(Answer::Members);
        }
        let operation = asked.operation.ok_or_else(unknown)?;
        answer::answer(&self.estate.aws, operation, caller, &asked.parameters, &self.gate.injected())
    }
}

/// Writes an answer in the protocol of its service.
fn write(asked: &Asked, answer: Answer, request_id: &str) -> Result<Response, ApiError> {
    let service = asked.service;
    let ok = StatusCode::OK;
    let mut body = String::new();
    let response = match service.protocol {
        Protocol::Json => {
            let kind = format!("application/x-amz-json-{}", service.version);
            respond(ok, &kind, Value::Object(members(answer)).to_string(), request_id)
        }
        Protocol::RestJson => respond(ok, "application/json", Value::Object(members(answer)).to_string(), request_id),
        Protocol::Query => {
            let (name, version) = (&asked.name, &service.version);
            let host = &service.signing;
            body.push_str(&format!(
                "<{name}Response xmlns=\"https://{host}.amazonaws.com/doc/{version}/\"><{name}Result>"
            ));
            xml::members(&mut body, &members(answer), "member");
            body.push_str(&format!(
                "</{name}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>"
            ));
            respond(ok, "text/xml", body, request_id)
        }
        Protocol::Ec2 => {
            let (name, version) = (&asked.name, &service.version);
            body.push_str(&format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{name}Response \
                 xmlns=\"http://ec2.amazonaws.com/doc/{version}/\"><requestId>{request_id}</requestId>"
            ));
            xml::members(&mut body, &members(answer), "item");
            body.push_str(&format!("</{name}Response>"));
            respond(ok, "text/xml;charset=UTF-8", body, request_id)
        }
        Protocol::RestXml => {
            let operation = asked.operation.ok_or_else(|| {
                ApiError::new(StatusCode::NOT_IMPLEMENTED, asked.unknown_code(), "The operation is not known")
            })?;
            rest_xml(service, operation, answer, request_id)
        }
    };
    Ok(response)
}

fn rest_xml(service: &Service, operation: &Operation, answer: Answer, request_id: &str) -> Response {
    let value = match answer {
        Answer::Members(members) => Value::Object(members),
        Answer::Bare(value) => value,
    };
    let root = &operation.root;
    if root == "text" {
        let text = value.as_str().unwrap_or_default().to_owned();
        return respond(StatusCode::OK, "application/json", text, request_id);
    }
    let namespace = match service.service.as_str() {
        "s3" => "http://s3.amazonaws.com/doc/2006-03-01/",
        "route53" => "https://route53.amazonaws.com/doc/2013-04-01/",
        _ => "http://cloudfront.amazonaws.com/doc/2020-05-31/",
    };
    let mut body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{namespace}\">");
    match &value {
        Value::Object(members) => xml::members(&mut body, members, "member"),
        Value::String(text) => xml::escape(&mut body, text),
        _ => {}
    }
    body.push_str(&format!("</{root}>"));
    respond(StatusCode::OK, "application/xml", body, request_id)
}

fn members(answer: Answer) -> Map<String, Value> {
    match answer {
        Answer::Members(members) => members,
        Answer::Bare(value) => Map::from_iter([("Value".to_owned(), value)]),
    }
}

fn respond(status: StatusCode, content_type: &str, body: String, request_id: &str) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(CONTENT_TYPE, value);
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", value.clone());
        headers.insert("x-amz-request-id", value);
    }
    response
}
