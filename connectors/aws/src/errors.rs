//! What AWS's error answers mean.
//!
//! Codes are botocore's lists of throttling and transient errors and the protocols' own shapes; a code that is on no
//! list is judged by the HTTP status.

use std::time::Duration;

use carveout_crawl::{Failure, FailureClass};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::wire;

const THROTTLED: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

const TRANSIENT: [&str; 6] = [
    "InternalError",
    "InternalFailure",
    "InternalServiceError",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
];

const EXPIRED: [&str; 4] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

const DENIED: [&str; 9] = [
    "AccessDenied",
    "AccessDeniedException",
    "AccessDeniedForDependencyException",
    "AllAccessDisabled",
    "AuthorizationError",
    "AuthorizationErrorException",
    "NotAuthorized",
    "UnauthorizedException",
    "UnauthorizedOperation",
];

/// Not enabled, not subscribed, not offered. The last three are what a region that is switched off says to good keys;
/// the keys themselves have been proven by then.
const UNSUPPORTED: [&str; 14] = [
    "AWSOrganizationsNotInUseException",
    "InvalidAccessException",
    "NotSignedUp",
    "OptInRequired",
    "PrivateTypeException",
    "SubscriptionRequiredException",
    "TypeNotFoundException",
    "UnknownOperationException",
    "UnsupportedActionException",
    "UnsupportedOperation",
    "UnsupportedOperationException",
    "AuthFailure",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
];

const ABSENT: [&str; 9] = [
    "EntityNotExist",
    "NoSuchBucket",
    "NoSuchEntity",
    "NoSuchHostedZone",
    "NotFound",
    "NotFoundException",
    "ParentNotFoundException",
    "ResourceNotFound",
    "ResourceNotFoundException",
];

/// Longest message that is kept.
const LONGEST_MESSAGE: usize = 500;

/// An error answer, read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ErrorAnswer {
    pub code: Option<String>,
    pub message: String,
}

/// Reads code and message from whichever shape the answer has.
pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> ErrorAnswer {
    let text = String::from_utf8_lossy(body);
    let from_header = headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(bare_code);
    if text.trim_start().starts_with('{')
        && let Ok(Value::Object(members)) = serde_json::from_str::<Value>(&text)
    {
        let first = |names: &[&str]| names.iter().find_map(|name| members.get(*name)).and_then(Value::as_str);
        let code = from_header.or_else(|| first(&["__type", "code", "Code"]).map(bare_code));
        let message = first(&["message", "Message", "errorMessage"]).unwrap_or_default();
        return ErrorAnswer { code, message: shorten(message) };
    }
    let code = from_header.or_else(|| wire::xml_text(&text, "Code"));
    let message = match &code {
        Some(_) => wire::xml_text(&text, "Message").unwrap_or_default(),
        None => text.into_owned(),
    };
    ErrorAnswer { code, message: shorten(&message) }
}

/// Decides what the error means for the crawl.
pub(crate) fn failure(operation: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    let answer = read(headers, body);
    let class = class(status, answer.code.as_deref(), headers);
    let message = if answer.message.is_empty() { format!("HTTP status {status}") } else { answer.message };
    let failure = Failure::new(class, operation, message);
    match answer.code {
        Some(code) => failure.with_code(code),
        None => failure.with_code(status.as_u16().to_string()),
    }
}

fn class(status: StatusCode, code: Option<&str>, headers: &HeaderMap) -> FailureClass {
    let among = |codes: &[&str]| code.is_some_and(|code| codes.contains(&code));
    if among(&THROTTLED) || status == StatusCode::TOO_MANY_REQUESTS {
        return FailureClass::Throttled { retry_after: retry_after(headers) };
    }
    if among(&EXPIRED) {
        return FailureClass::CredentialsExpired;
    }
    if among(&DENIED) {
        return FailureClass::Denied;
    }
    if among(&UNSUPPORTED) {
        return FailureClass::Unsupported;
    }
    if among(&ABSENT) || code.is_some_and(|code| code.ends_with(".NotFound") || code.ends_with("NotFoundFault")) {
        return FailureClass::Absent;
    }
    if among(&TRANSIENT) {
        return FailureClass::Transient;
    }
    match status.as_u16() {
        401 | 403 => FailureClass::Denied,
        404 => FailureClass::Absent,
        501 => FailureClass::Unsupported,
        500 | 502..=504 => FailureClass::Transient,
        _ => FailureClass::Fatal,
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    number("x-amz-retry-after").map(Duration::from_millis).or_else(|| number("retry-after").map(Duration::from_secs))
}

/// `com.amazonaws.kms#NotFoundException:http://…` names `NotFoundException`.
fn bare_code(text: &str) -> String {
    let text = text.split_once(':').map_or(text, |(code, _)| code);
    text.rsplit_once('#').map_or(text, |(_, code)| code).trim().to_owned()
}

fn shorten(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/\"><Error><Type>Sender</Type><Code>{}</Code><Message>No &amp; no</Message></Error><RequestId>1</RequestId></ErrorResponse>";
    const EC2: &str = "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>{}</Code><Message>m</Message></Error></Errors><RequestID>1</RequestID></Response>";

    fn of(status: u16, body: &str) -> Failure {
        let status = StatusCode::from_u16(status).expect("a status");
        failure("x:Y", status, &HeaderMap::new(), body.as_bytes())
    }

    fn with_header(status: u16, name: &'static str, value: &str, body: &str) -> Failure {
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static(name),
            http::HeaderValue::from_str(value).expect("a header"),
        )]);
        failure("x:Y", StatusCode::from_u16(status).expect("a status"), &headers, body.as_bytes())
    }

    #[test]
    fn a_denial_is_known_in_every_protocol() {
        let denied = [
            of(403, &QUERY.replace("{}", "AccessDenied")),
            of(403, &EC2.replace("{}", "UnauthorizedOperation")),
            of(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"),
            of(400, r#"{"__type":"com.amazonaws.x#AccessDeniedException","Message":"no"}"#),
            with_header(403, "x-amzn-errortype", "AccessDeniedException:http://x/", r#"{"message":"no"}"#),
            of(403, ""),
        ];
        for failure in denied {
            assert_eq!(failure.class, FailureClass::Denied, "{failure}");
        }
        assert_eq!(of(403, &QUERY.replace("{}", "AccessDenied")).message, "No & no");
    }

    #[test]
    fn a_refusal_for_rate_is_known_in_every_protocol() {
        let throttled = [
            of(400, &QUERY.replace("{}", "Throttling")),
            of(503, &EC2.replace("{}", "RequestLimitExceeded")),
            of(503, "<Error><Code>SlowDown</Code></Error>"),
            of(400, r#"{"__type":"ThrottlingException"}"#),
            of(429, "{}"),
        ];
        for failure in throttled {
            assert_eq!(failure.class, FailureClass::Throttled { retry_after: None }, "{failure}");
        }
        let asked = with_header(429, "retry-after", "7", "{}");
        assert_eq!(asked.class, FailureClass::Throttled { retry_after: Some(Duration::from_secs(7)) });
    }

    #[test]
    fn not_enabled_is_not_denied_and_a_broken_server_is_transient() {
        let unused = of(400, r#"{"__type":"AWSOrganizationsNotInUseException","message":"m"}"#);
        assert_eq!(unused.class, FailureClass::Unsupported);
        assert_eq!(of(500, "<!doctype html>").class, FailureClass::Transient);
        assert_eq!(of(400, r#"{"__type":"ValidationException"}"#).class, FailureClass::Fatal);
        assert_eq!(of(400, r#"{"__type":"ExpiredTokenException"}"#).class, FailureClass::CredentialsExpired);
    }
}
