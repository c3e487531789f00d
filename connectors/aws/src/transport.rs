//! One HTTP client for all services, regions and accounts: sign, send, read.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use bytes::Bytes;
use carveout_crawl::{ConnectorError, Failure, FailureClass};
use http::HeaderMap;

use crate::{errors, record::Service, sign::sign, wire::Request};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest silence within an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Where services are reached, if not at AWS.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    all: Option<String>,
    by_service: HashMap<String, String>,
}

impl Endpoints {
    /// `endpoint_url` of the configuration wins over `AWS_ENDPOINT_URL_<SERVICE>`, and that over `AWS_ENDPOINT_URL`.
    pub(crate) fn new<'a>(
        configured: Option<&str>,
        services: impl Iterator<Item = &'a Service>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConnectorError> {
        let check = |setting: &str, url: &str| match url::Url::parse(url) {
            Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.host().is_some() => {
                Ok(url.trim_end_matches('/').to_owned())
            }
            _ => Err(ConnectorError::Configuration {
                setting: setting.to_owned(),
                reason: format!("`{url}` is no http or https address"),
            }),
        };
        if let Some(url) = configured {
            return Ok(Self { all: Some(check("endpoint_url", url)?), by_service: HashMap::new() });
        }
        let set = |name: &str| variable(name).filter(|url| !url.is_empty());
        let mut endpoints = Self::default();
        if let Some(url) = set("AWS_ENDPOINT_URL") {
            endpoints.all = Some(check("AWS_ENDPOINT_URL", &url)?);
        }
        for service in services {
            let name = format!("AWS_ENDPOINT_URL_{}", service.service_id.to_uppercase().replace([' ', '-'], "_"));
            if let Some(url) = set(&name) {
                endpoints.by_service.insert(service.name.clone(), check(&name, &url)?);
            }
        }
        Ok(endpoints)
    }

    /// The override for a service.
    pub(crate) fn of(&self, service: &str) -> Option<&str> {
        self.by_service.get(service).or(self.all.as_ref()).map(String::as_str)
    }
}

/// An answer with a status of success.
#[derive(Debug)]
pub(crate) struct Answer {
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The client.
#[derive(Debug)]
pub(crate) struct Transport {
    client: reqwest::Client,
    endpoints: Endpoints,
}

impl Transport {
    pub(crate) fn new(endpoints: Endpoints) -> Result<Self, ConnectorError> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            // A redirect would carry the signature to another host; S3's are errors to be seen.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("carveout/", env!("CARGO_PKG_VERSION")))
            .build();
        let client = client.map_err(|error| ConnectorError::Configuration {
            setting: "connectors.aws".to_owned(),
            reason: format!("the HTTP client can't be set up: {}", chain(&error)),
        })?;
        Ok(Self { client, endpoints })
    }

    /// Whether the service is reached somewhere else than at AWS.
    pub(crate) fn is_overridden(&self, service: &str) -> bool {
        self.endpoints.of(service).is_some()
    }

    /// Signs and sends one request, for an account and a region.
    pub(crate) async fn send(
        &self,
        service: &Service,
        (account, region): (&str, &str),
        operation: &str,
        request: &Request,
        credentials: &Credentials,
    ) -> Result<Answer, Failure> {
        let region = service.region.as_deref().unwrap_or(region);
        let mut url = match self.endpoints.of(&service.name) {
            Some(base) => base.to_owned(),
            None => {
                let host = service.endpoint.replace("{region}", region).replace("{account}", account);
                format!("https://{host}{}", suffix_of(region))
            }
        };
        url.push_str(&request.path);
        if !request.query.is_empty() {
            url.push('?');
            url.push_str(&request.query);
        }
        let place = (service.signing.as_str(), region);
        let signature = sign(request, &url, credentials, place, SystemTime::now())
            .map_err(|error| Failure::new(FailureClass::Fatal, operation, error.to_string()))?;
        let mut builder = self.client.request(request.method.clone(), &url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        for (name, value) in signature {
            builder = builder.header(name, value);
        }
        if request.method != http::Method::GET {
            builder = builder.body(request.body.clone());
        }
        let response = builder.send().await.map_err(|error| unanswered(operation, &error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(|error| unanswered(operation, &error))?;
        if status.is_success() {
            return Ok(Answer { headers, body });
        }
        Err(errors::failure(operation, status, &headers, &body))
    }
}

/// China's hosts end differently.
fn suffix_of(region: &str) -> &'static str {
    if region.starts_with("cn-") { ".cn" } else { "" }
}

/// No answer, or half of one.
fn unanswered(operation: &str, error: &reqwest::Error) -> Failure {
    let message = chain(error);
    // A service that a region does not have has no host name there.
    let has_no_host = error.is_connect() && (message.contains("dns error") || message.contains("lookup address"));
    let class = if has_no_host {
        FailureClass::Unsupported
    } else if error.is_connect() || error.is_timeout() {
        FailureClass::Unreachable
    } else {
        FailureClass::Transient
    };
    Failure::new(class, operation, message)
}

/// The error and its causes, without the URL, in which a name may stand that is nobody's business.
fn chain(error: &reqwest::Error) -> String {
    let mut source = std::error::Error::source(error);
    let mut parts = vec![if error.is_timeout() { "timed out" } else { "the request failed" }.to_owned()];
    while let Some(cause) = source {
        parts.push(cause.to_string());
        source = cause.source();
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn the_configured_endpoint_wins_over_the_environment() {
        let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
        let services: Vec<_> = ["logs", "s3"].iter().filter_map(|name| catalogue.service(name)).collect();
        let variable = |name: &str| match name {
            "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:1".to_owned()),
            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS" => Some("http://127.0.0.1:2/".to_owned()),
            _ => None,
        };
        let environment = Endpoints::new(None, services.iter().copied(), variable).expect("addresses");
        assert_eq!(environment.of("logs"), Some("http://127.0.0.1:2"));
        assert_eq!(environment.of("s3"), Some("http://127.0.0.1:1"));
        let configured = Endpoints::new(Some("http://127.0.0.1:3"), services.iter().copied(), variable);
        assert_eq!(configured.expect("an address").of("logs"), Some("http://127.0.0.1:3"));
    }

    #[test]
    fn an_endpoint_that_is_no_address_is_refused_by_name() {
        let refused = Endpoints::new(Some("localhost:5000"), std::iter::empty(), |_| None);
        assert!(refused.is_err_and(|error| error.to_string().starts_with("endpoint_url")));
    }
}
