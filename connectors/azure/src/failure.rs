//! Azure's and Microsoft Graph's error answers, in the classes that decide what happens next.

use std::time::Duration;

use carveout_crawl::{Failure, FailureClass};
use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

/// Longest message that is kept of an error body.
const LONGEST_MESSAGE: usize = 600;

/// Codes for "this resource type or table is not offered here".
const UNSUPPORTED: &[&str] = &[
    "DisallowedLogicalTableName",
    "InvalidQuery",
    "InvalidResourceType",
    "MissingSubscriptionRegistration",
    "NoRegisteredProviderFound",
    "ResourceTypeNotSupported",
    "UnknownTable",
    "UnsupportedResourceType",
];

/// Codes for "you don't see this", whatever the status says.
const DENIED: &[&str] = &[
    "AccessDenied",
    "AuthorizationFailed",
    "Authorization_RequestDenied",
    "InvalidAuthenticationTokenTenant",
    "NoValidSubscriptionsInQueryRequest",
    "ReadOnlyDisabledSubscription",
    "SubscriptionNotFound",
];

/// What an answer that is no success means.
pub(crate) fn from_answer(operation: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    let (codes, message) = read_body(body);
    let has = |known: &[&str]| codes.iter().find(|code| known.iter().any(|each| each.eq_ignore_ascii_case(code)));
    // Some answers have the deciding code only in their text.
    let text = message.as_deref().unwrap_or_default();
    let is_unsupported = has(UNSUPPORTED).is_some() || UNSUPPORTED.iter().any(|code| text.contains(code));
    let class = match status.as_u16() {
        429 => FailureClass::Throttled { retry_after: retry_after(headers) },
        503 if headers.contains_key("retry-after") => FailureClass::Throttled { retry_after: retry_after(headers) },
        401 if has(DENIED).is_none() => FailureClass::CredentialsExpired,
        _ if has(DENIED).is_some() => FailureClass::Denied,
        401 | 403 => FailureClass::Denied,
        400 | 404 | 409 if is_unsupported => FailureClass::Unsupported,
        404 | 410 => FailureClass::Absent,
        408 | 500 | 502 | 503 | 504 => FailureClass::Transient,
        _ => FailureClass::Fatal,
    };
    // The outermost code is often `BadRequest`; a code that decided the class says more.
    let deciding = match class {
        FailureClass::Denied => has(DENIED),
        FailureClass::Unsupported => has(UNSUPPORTED),
        _ => None,
    };
    let code = deciding.or(codes.first()).cloned().unwrap_or_else(|| status.as_u16().to_string());
    Failure::new(class, operation, message.unwrap_or_else(|| format!("the service answered {status}"))).with_code(code)
}

/// A request without an answer.
pub(crate) fn from_transport(operation: &str, error: reqwest::Error) -> Failure {
    let class = if error.is_builder() || error.is_redirect() { FailureClass::Fatal } else { FailureClass::Unreachable };
    let reason = match () {
        () if error.is_timeout() => "no answer in time",
        () if error.is_connect() => "the connection failed",
        () => "the connection broke",
    };
    let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
    Failure::new(class, operation, format!("{reason}{source}"))
}

/// An answer that is not what the service promises.
pub(crate) fn unreadable(operation: &str, reason: impl std::fmt::Display) -> Failure {
    Failure::new(FailureClass::Fatal, operation, format!("the answer can't be read: {reason}"))
}

/// The codes, outermost first, and the message, of `{"error": {code, message, details: […]}}` or of its inner part.
fn read_body(body: &[u8]) -> (Vec<String>, Option<String>) {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return (Vec::new(), None) };
    let mut codes = Vec::new();
    let mut messages = Vec::new();
    collect(body.get("error").unwrap_or(&body), &mut codes, &mut messages);
    let message = messages.join(" · ").chars().take(LONGEST_MESSAGE).collect::<String>();
    (codes, (!message.is_empty()).then_some(message))
}

fn collect(error: &Value, codes: &mut Vec<String>, messages: &mut Vec<String>) {
    let text = |name: &str| error.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    codes.extend(text("code").map(ToOwned::to_owned));
    messages.extend(text("message").map(ToOwned::to_owned));
    for inner in error.get("details").and_then(Value::as_array).into_iter().flatten() {
        collect(inner, codes, messages);
    }
}

/// `Retry-After` in seconds, or the quota header of Resource Graph (`hh:mm:ss`).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let milliseconds = |name: &str| text(name).and_then(|text| text.parse().ok()).map(Duration::from_millis);
    milliseconds("retry-after-ms")
        .or_else(|| milliseconds("x-ms-retry-after-ms"))
        .or_else(|| text("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs))
        .or_else(|| text("x-ms-user-quota-resets-after").and_then(clock))
}

/// `hh:mm:ss` as a duration.
pub(crate) fn clock(text: &str) -> Option<Duration> {
    let parts: Vec<u64> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = parts[..] else { return None };
    Some(Duration::from_secs(hours * 3600 + minutes * 60 + seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn class(status: u16, body: Value) -> (FailureClass, Option<String>) {
        let status = StatusCode::from_u16(status).expect("a status");
        let failure = from_answer("GET /x", status, &HeaderMap::new(), body.to_string().as_bytes());
        (failure.class, failure.code)
    }

    #[test]
    fn the_innermost_code_that_decides_is_named() {
        let unknown_table = json!({"error": {"code": "BadRequest", "message": "Please provide below info.", "details": [
            {"code": "InvalidQuery", "message": "Query is invalid."},
            {"code": "DisallowedLogicalTableName", "message": "Table nosuch is invalid, unsupported or disallowed."}]}});
        assert_eq!(class(400, unknown_table), (FailureClass::Unsupported, Some("InvalidQuery".to_owned())));
        let other = json!({"error": {"code": "InvalidSubscriptionId", "message": "no"}});
        assert_eq!(class(400, other), (FailureClass::Fatal, Some("InvalidSubscriptionId".to_owned())));
        let denied = json!({"error": {"code": "AuthorizationFailed", "message": "no"}});
        assert_eq!(class(403, denied), (FailureClass::Denied, Some("AuthorizationFailed".to_owned())));
        let expired = json!({"error": {"code": "ExpiredAuthenticationToken", "message": "no"}});
        assert_eq!(class(401, expired).0, FailureClass::CredentialsExpired);
    }

    #[test]
    fn a_body_that_is_no_json_still_gives_a_failure() {
        let failure = from_answer("GET /x", StatusCode::BAD_GATEWAY, &HeaderMap::new(), b"<html>");
        assert_eq!((failure.class, failure.code.as_deref()), (FailureClass::Transient, Some("502")));
    }

    #[test]
    fn the_quota_header_stands_in_for_retry_after() {
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-user-quota-resets-after", "00:01:05".parse().expect("a value"));
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(65)));
        headers.insert("retry-after", "7".parse().expect("a value"));
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(7)));
    }
}
