//! Google's errors (`google.rpc.Status`, over REST and gRPC), in the classes that decide what happens next.

use std::time::Duration;

use carveout_crawl::{Failure, FailureClass};
use google_cloud_gax::error::{
    Error,
    rpc::{Code, StatusDetails},
};

/// The code of a failure to get a token.
pub(crate) const NO_CREDENTIALS: &str = "NO_CREDENTIALS";
/// Reasons of `google.rpc.ErrorInfo` that mean "not here", not "not you".
const NOT_HERE: &[&str] = &["SERVICE_DISABLED", "API_DISABLED", "SERVICE_NOT_VISIBLE"];
/// Longest message that is kept.
const LONGEST_MESSAGE: usize = 600;

/// What an error of a client library means.
pub(crate) fn from_error(operation: &str, error: &Error) -> Failure {
    let Some(status) = error.status() else { return without_status(operation, error) };
    let info = status.details.iter().find_map(|detail| match detail {
        StatusDetails::ErrorInfo(info) => Some(info),
        _ => None,
    });
    let is_not_here = info.is_some_and(|info| NOT_HERE.contains(&info.reason.as_str()));
    let class = match status.code {
        Code::ResourceExhausted => FailureClass::Throttled { retry_after: retry_after(error) },
        Code::PermissionDenied if is_not_here => FailureClass::Unsupported,
        Code::PermissionDenied => FailureClass::Denied,
        Code::Unauthenticated => FailureClass::CredentialsExpired,
        Code::NotFound => FailureClass::Absent,
        Code::Unimplemented => FailureClass::Unsupported,
        Code::Unavailable | Code::Internal | Code::Aborted | Code::DeadlineExceeded | Code::Unknown => {
            FailureClass::Transient
        }
        _ => by_http_status(error),
    };
    let code = info.map(|info| info.reason.clone()).filter(|reason| !reason.is_empty());
    let code = code.unwrap_or_else(|| status.code.name().to_owned());
    Failure::new(class, operation, shortened(&status.message)).with_code(code)
}

/// An answer that no library error stands for.
pub(crate) fn unreadable(operation: &str, reason: impl std::fmt::Display) -> Failure {
    Failure::new(FailureClass::Fatal, operation, format!("the answer can't be read: {reason}"))
}

fn without_status(operation: &str, error: &Error) -> Failure {
    if error.is_authentication() {
        let failure = Failure::new(FailureClass::Denied, operation, shortened(&sentence(error)));
        return failure.with_code(NO_CREDENTIALS);
    }
    let class = match () {
        () if error.is_deserialization() || error.is_serialization() || error.is_binding() => FailureClass::Fatal,
        () if error.http_status_code().is_some() => by_http_status(error),
        () if error.is_connect() || error.is_io() || error.is_timeout() || error.is_transport() => {
            FailureClass::Unreachable
        }
        () => FailureClass::Fatal,
    };
    let failure = Failure::new(class, operation, shortened(&sentence(error)));
    match error.http_status_code() {
        Some(status) => failure.with_code(status.to_string()),
        None => failure,
    }
}

fn by_http_status(error: &Error) -> FailureClass {
    match error.http_status_code() {
        Some(429) => FailureClass::Throttled { retry_after: retry_after(error) },
        Some(401) => FailureClass::CredentialsExpired,
        Some(403) => FailureClass::Denied,
        Some(404) => FailureClass::Absent,
        Some(408 | 500 | 502 | 503 | 504) => FailureClass::Transient,
        _ => FailureClass::Fatal,
    }
}

/// The pause that the service asks for: `google.rpc.RetryInfo`, or the header.
fn retry_after(error: &Error) -> Option<Duration> {
    let details = error.status().map(|status| status.details.as_slice()).unwrap_or_default();
    let stated = details.iter().find_map(|detail| match detail {
        StatusDetails::RetryInfo(info) => Duration::try_from(info.retry_delay?).ok(),
        _ => None,
    });
    stated.or_else(|| {
        let header = error.http_headers()?.get("retry-after")?.to_str().ok()?;
        header.parse().ok().map(Duration::from_secs)
    })
}

/// An error with its causes.
fn sentence(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use google_cloud_gax::error::rpc::Status;

    use super::*;

    fn class(code: Code) -> FailureClass {
        from_error("x", &Error::service(Status::default().set_code(code).set_message("no"))).class
    }

    #[test]
    fn codes_decide_what_happens_next() {
        assert_eq!(class(Code::PermissionDenied), FailureClass::Denied);
        assert_eq!(class(Code::ResourceExhausted), FailureClass::Throttled { retry_after: None });
        assert_eq!(class(Code::Unavailable), FailureClass::Transient);
        assert_eq!(class(Code::Unauthenticated), FailureClass::CredentialsExpired);
        assert_eq!(class(Code::NotFound), FailureClass::Absent);
        assert_eq!(class(Code::InvalidArgument), FailureClass::Fatal);
    }
}
