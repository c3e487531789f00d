//! Refusals in each protocol's own error shape.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde_json::json;

use super::{
    operations::{Protocol, Service},
    respond, xml,
};
use crate::faults::Refusal;

/// An error answer before it is written in a protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) code: String,
    pub(super) message: String,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    /// How `service` says that a call was refused.
    pub(super) fn refusal(refusal: Refusal, service: &Service, action: &str, caller_arn: &str) -> Self {
        let s3 = service.service == "s3";
        let protocol = service.protocol;
        match refusal {
            Refusal::Denied => {
                let message = format!(
                    "User: {caller_arn} is not authorized to perform: {action} because no identity-based policy allows the \
                     {action} action"
                );
                let (status, code) = match protocol {
                    Protocol::Json => (StatusCode::BAD_REQUEST, "AccessDeniedException"),
                    Protocol::RestJson => (StatusCode::FORBIDDEN, "AccessDeniedException"),
                    Protocol::Ec2 => (StatusCode::FORBIDDEN, "UnauthorizedOperation"),
                    Protocol::Query if service.service == "sns" => (StatusCode::FORBIDDEN, "AuthorizationError"),
                    Protocol::Query | Protocol::RestXml => (StatusCode::FORBIDDEN, "AccessDenied"),
                };
                Self::new(status, code, message)
            }
            Refusal::Throttled { .. } => {
                let (status, code) = match protocol {
                    Protocol::Json => (StatusCode::BAD_REQUEST, "ThrottlingException"),
                    Protocol::RestJson => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"),
                    Protocol::Ec2 => (StatusCode::SERVICE_UNAVAILABLE, "RequestLimitExceeded"),
                    Protocol::RestXml if s3 => (StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
                    Protocol::Query | Protocol::RestXml => (StatusCode::BAD_REQUEST, "Throttling"),
                };
                Self::new(status, code, "Rate exceeded")
            }
            Refusal::Unavailable => {
                let code = if protocol == Protocol::Ec2 { "Unavailable" } else { "ServiceUnavailable" };
                Self::new(StatusCode::SERVICE_UNAVAILABLE, code, "The service is unavailable. Try again shortly.")
            }
            Refusal::ExpiredCredentials => {
                let (status, code) = match protocol {
                    Protocol::Json => (StatusCode::BAD_REQUEST, "ExpiredTokenException"),
                    Protocol::RestJson => (StatusCode::FORBIDDEN, "ExpiredTokenException"),
                    Protocol::Ec2 => (StatusCode::BAD_REQUEST, "RequestExpired"),
                    Protocol::RestXml if s3 => (StatusCode::BAD_REQUEST, "ExpiredToken"),
                    Protocol::Query | Protocol::RestXml => (StatusCode::FORBIDDEN, "ExpiredToken"),
                };
                Self::new(status, code, "The security token included in the request is expired")
            }
        }
    }

    /// The answer as `service` sends it.
    pub(super) fn response(&self, service: &Service, request_id: &str) -> Response {
        let (mut code, mut message) = (String::new(), String::new());
        xml::escape(&mut code, &self.code);
        xml::escape(&mut message, &self.message);
        match service.protocol {
            Protocol::Json => {
                let body = json!({"__type": self.code, "message": self.message}).to_string();
                respond(self.status, &format!("application/x-amz-json-{}", service.version), body, request_id)
            }
            Protocol::RestJson => {
                let body = json!({"message": self.message}).to_string();
                let mut response = respond(self.status, "application/json", body, request_id);
                if let Ok(value) = HeaderValue::from_str(&self.code) {
                    response.headers_mut().insert("x-amzn-errortype", value);
                }
                response
            }
            Protocol::Ec2 => {
                let body = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code>\
                     <Message>{message}</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"
                );
                respond(self.status, "text/xml;charset=UTF-8", body, request_id)
            }
            Protocol::RestXml if service.service == "s3" => {
                let body = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
                     <RequestId>{request_id}</RequestId></Error>"
                );
                respond(self.status, "application/xml", body, request_id)
            }
            Protocol::Query | Protocol::RestXml => {
                let body = format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
                     <RequestId>{request_id}</RequestId></ErrorResponse>"
                );
                respond(self.status, "text/xml", body, request_id)
            }
        }
    }
}

/// The answer to a request that names no service at all.
pub(super) fn unidentified(code: &str, message: &str) -> Response {
    let mut response = Response::new(json!({"__type": code, "message": message}).to_string().into());
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    response
}
