//! One web service and how it is called: its own host, its own audience, one HTTP client under every SDK.
//!
//! The pagers of the management crates send the bearer token to whatever host a page link names. The check here is
//! below them, in the transport, so that no path goes around it.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use azure_core_legacy::headers::Headers;
use bytes::Bytes;
use carveout_crawl::{Attempt, Failure, FailureClass, Quota, UnitContext};
use futures_util::stream;
use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, HeaderMap},
};
use serde_json::Value;
use url::Url;

use crate::{
    credentials::{Bridge, Tokens},
    failure,
};

/// An answer of the service, success or not.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON, or what the answer means.
    pub(crate) fn json(&self, operation: &str) -> Result<Value, Failure> {
        if !self.status.is_success() {
            return Err(failure::from_answer(operation, self.status, &self.headers, &self.body));
        }
        serde_json::from_slice(&self.body).map_err(|error| failure::unreadable(operation, error))
    }
}

/// A web service of Azure.
#[derive(Clone)]
pub(crate) struct Service {
    base: Url,
    scope: Arc<str>,
    tokens: Arc<Tokens>,
    http: reqwest::Client,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

/// The HTTP client for every request, tokens' included. Redirects are not followed: no service of ours sends any.
pub(crate) fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(60))
        .user_agent(concat!("carveout/", env!("CARGO_PKG_VERSION")))
        .build()
}

impl Service {
    pub(crate) fn new(base: Url, tokens: Arc<Tokens>, http: reqwest::Client) -> Self {
        let scope = format!("{}.default", base.as_str()).into();
        Self { base, scope, tokens, http }
    }

    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// A path with its query on this service.
    pub(crate) fn url(&self, path: &str) -> Result<Url, Failure> {
        self.base.join(path).map_err(|error| failure::unreadable(path, error))
    }

    /// A link that the service gave; only its own host is followed.
    pub(crate) fn link(&self, text: &str, operation: &str) -> Result<Url, Failure> {
        let url = Url::parse(text).map_err(|error| failure::unreadable(operation, error))?;
        self.check(&url, operation)?;
        Ok(url)
    }

    /// Makes sure that the sign-in works before anything else is asked.
    pub(crate) async fn sign_in(&self) -> Result<(), Failure> {
        self.tokens.token(&self.scope, false).await.map(drop)
    }

    /// Sends a GET request in its turn, and again while that helps.
    pub(crate) async fn get(
        &self,
        context: &UnitContext,
        bucket: &str,
        quota: Quota,
        url: &Url,
    ) -> Result<Value, Failure> {
        let operation = format!("GET {}", url.path());
        let request = |attempt: Attempt| {
            let operation = operation.as_str();
            async move {
                let token = self.tokens.token(&self.scope, attempt.renew_credentials).await?;
                let mut headers = HeaderMap::new();
                let bearer = format!("Bearer {}", token.token.secret());
                let bearer = bearer.parse().map_err(|_| failure::unreadable("sign in to Azure", "no token text"))?;
                headers.insert(AUTHORIZATION, bearer);
                self.send(Method::GET, url.clone(), headers, Bytes::new(), operation).await?.json(operation)
            }
        };
        context.call(bucket, quota, request).await
    }

    /// Sends one request through a management crate and gives the raw answer: their models lose fields, and one
    /// unknown word fails a whole page. `follow` replaces the address of the request: a page link, which their pagers
    /// can only reach by reading every page before it.
    pub(crate) async fn through_sdk<F, Fut>(
        &self,
        operation: &str,
        attempt: Attempt,
        follow: Option<Url>,
        run: F,
    ) -> Result<Answer, Failure>
    where
        F: FnOnce(SdkParts) -> Fut,
        Fut: Future<Output = azure_core_legacy::Result<()>>,
    {
        let token = self.tokens.token(&self.scope, attempt.renew_credentials).await?;
        let capture = Arc::new(Capture {
            service: self.clone(),
            operation: operation.to_owned(),
            follow,
            outcome: Mutex::default(),
        });
        let parts = SdkParts {
            credential: Arc::new(Bridge::new(&token)),
            endpoint: self.base.clone(),
            scope: self.scope.to_string(),
            transport: azure_core_legacy::TransportOptions::new(Arc::clone(&capture) as _),
        };
        let result = run(parts).await;
        match (capture.take(), result) {
            (Some(outcome), _) => outcome,
            (None, Err(error)) => Err(failure::unreadable(operation, error)),
            (None, Ok(())) => Err(failure::unreadable(operation, "no request was sent")),
        }
    }

    async fn send(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: Bytes,
        operation: &str,
    ) -> Result<Answer, Failure> {
        self.check(&url, operation)?;
        let sent = self.http.request(method, url).headers(headers).body(body).send().await;
        let response = sent.map_err(|error| failure::from_transport(operation, error.without_url()))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(|error| failure::from_transport(operation, error.without_url()))?;
        Ok(Answer { status, headers, body })
    }

    fn check(&self, url: &Url, operation: &str) -> Result<(), Failure> {
        if url.origin() == self.base.origin() && url.username().is_empty() && url.password().is_none() {
            return Ok(());
        }
        let message = format!(
            "a link to {} was not followed: tokens for {} go to no other host",
            url.origin().ascii_serialization(),
            self.base.origin().ascii_serialization()
        );
        Err(Failure::new(FailureClass::Fatal, operation, message).with_code("ForeignLink"))
    }
}

/// What a client of the management crates is built from.
pub(crate) struct SdkParts {
    pub(crate) credential: Arc<dyn azure_core_legacy::auth::TokenCredential>,
    pub(crate) endpoint: Url,
    pub(crate) scope: String,
    pub(crate) transport: azure_core_legacy::TransportOptions,
}

/// The transport under one request of a management crate; keeps the raw answer.
#[derive(Debug)]
struct Capture {
    service: Service,
    operation: String,
    follow: Option<Url>,
    outcome: Mutex<Option<Result<Answer, Failure>>>,
}

impl Capture {
    fn take(&self) -> Option<Result<Answer, Failure>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[async_trait]
impl azure_core_legacy::HttpClient for Capture {
    async fn execute_request(
        &self,
        request: &azure_core_legacy::Request,
    ) -> azure_core_legacy::Result<azure_core_legacy::Response> {
        let url = self.follow.clone().unwrap_or_else(|| request.url().clone());
        let headers = request
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().parse::<reqwest::header::HeaderName>().ok()?, value.as_str().parse().ok()?))
            })
            .collect();
        let body = match request.body() {
            azure_core_legacy::Body::Bytes(body) => body.clone(),
            azure_core_legacy::Body::SeekableStream(_) => Bytes::new(),
        };
        let method = match request.method() {
            azure_core_legacy::Method::Post => Method::POST,
            _ => Method::GET,
        };
        let outcome = self.service.send(method, url, headers, body, &self.operation).await;
        let reply = match &outcome {
            Ok(answer) => {
                let status = azure_core_legacy::StatusCode::try_from(answer.status.as_u16())
                    .unwrap_or(azure_core_legacy::StatusCode::BadGateway);
                let body = answer.body.clone();
                Ok(azure_core_legacy::Response::new(
                    status,
                    Headers::new(),
                    Box::pin(stream::once(std::future::ready(Ok(body)))),
                ))
            }
            Err(failure) => Err(azure_core_legacy::Error::message(
                azure_core_legacy::error::ErrorKind::Other,
                failure.message.clone(),
            )),
        };
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        reply
    }
}
