//! Responses, and the headers that keep the page to itself.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    StatusCode,
    header::{self, HeaderName, HeaderValue},
};

use crate::{ProblemBody, ProblemText};

/// A whole response in memory.
pub(crate) type Reply = hyper::Response<Full<Bytes>>;

/// What the page may load and do: its own files and nothing else. Markup can't be made from texts at all.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The graph's page brings a policy of its own, which names its style and script by their hashes. On top of that it has
/// no origin here, so that nothing in it could ask us anything.
const GRAPH_POLICY: &str = "sandbox allow-scripts; frame-ancestors 'self'";

/// On every response, whatever it is.
const ALWAYS: &[(&str, &str)] = &[
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

fn with_policy(status: StatusCode, media: &'static str, body: Bytes, policy: &'static str) -> Reply {
    let mut reply = Reply::new(Full::new(body));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    reply
}

/// A file of the page, or an answer.
pub(crate) fn content(status: StatusCode, media: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = with_policy(status, media, body.into(), PAGE_POLICY);
    reply.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    reply
}

/// The graph, which the page shows in a frame.
pub(crate) fn graph(body: impl Into<Bytes>) -> Reply {
    let mut reply = with_policy(StatusCode::OK, "text/html; charset=utf-8", body.into(), GRAPH_POLICY);
    reply.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    reply
}

/// What went wrong and what to do, as JSON.
pub(crate) fn problem(status: StatusCode, message: &str, remedy: Option<&str>) -> Reply {
    let body = ProblemBody { error: ProblemText { message, remedy } };
    content(status, "application/json", serde_json::to_vec(&body).expect("two texts"))
}
