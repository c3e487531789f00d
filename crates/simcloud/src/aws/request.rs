//! Reads a request: who calls, in which region, which operation with which parameters.

use std::collections::HashMap;

use http::{HeaderMap, Method, Uri, header::AUTHORIZATION};
use serde_json::Value;

use super::{
    operations::{Operation, Protocol, Service, TABLE},
    sts,
};

/// Whose credentials signed a request, and what for. Signatures are not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) access_key_id: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) signing: String,
}

impl Caller {
    /// Reads the credential scope of a version 4 signature. An access key that is not ours acts for `fallback_account`.
    pub(super) fn read(headers: &HeaderMap, fallback_account: &str) -> Option<Self> {
        let authorization = headers.get(AUTHORIZATION)?.to_str().ok()?;
        let credential = authorization.split("Credential=").nth(1)?.split([',', ' ']).next()?;
        let mut parts = credential.split('/');
        let (key, _day, region, signing) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            access_key_id: key.to_owned(),
            account: sts::account_of(key).unwrap_or(fallback_account).to_owned(),
            region: region.to_owned(),
            signing: signing.to_owned(),
        })
    }
}

/// The parameters of a request, from wherever its protocol puts them.
#[derive(Debug, Default)]
pub(super) struct Parameters(HashMap<String, Value>);

impl Parameters {
    /// A parameter as text; numbers too.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A parameter as a list of texts.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
            Some(Value::String(text)) => vec![text.clone()],
            _ => Vec::new(),
        }
    }

    fn extend(&mut self, pairs: impl IntoIterator<Item = (String, String)>) {
        self.0.extend(pairs.into_iter().map(|(name, text)| (name, Value::String(text))));
    }
}

/// What a request asks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) service: &'static Service,
    /// The operation's name as sent, or the method and path of a REST request that nothing serves.
    pub(super) name: String,
    pub(super) operation: Option<&'static Operation>,
    pub(super) parameters: Parameters,
}

/// Finds the operation; `None` if not even the service is known.
pub(super) fn read(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8], caller: &Caller) -> Option<Asked> {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let mut parameters = Parameters::default();
    if let Some(target) = headers.get("x-amz-target").and_then(|value| value.to_str().ok()) {
        let (service, name) = TABLE.by_target(target)?;
        if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
            parameters.0.extend(members);
        }
        let operation = TABLE.operation(&format!("{}:{name}", service.service));
        return Some(Asked { service, name: name.to_owned(), operation, parameters });
    }
    let form = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let sent = if form { pairs(body) } else { query.clone() };
    if let Some((_, name)) = sent.iter().find(|(key, _)| key == "Action") {
        let name = name.clone();
        let version = sent.iter().find(|(key, _)| key == "Version").map(|(_, value)| value.clone()).unwrap_or_default();
        let service = TABLE.by_version(&caller.signing, &version)?;
        parameters.extend(sent);
        let operation = TABLE.operation(&format!("{}:{name}", service.service));
        return Some(Asked { service, name, operation, parameters });
    }
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        parameters.0.extend(members);
    }
    let subresources: Vec<String> = query.iter().map(|(name, _)| name.clone()).collect();
    parameters.extend(query);
    match TABLE.by_path(&caller.signing, method.as_str(), uri.path(), &subresources) {
        Some((service, operation, labels)) => {
            parameters.extend(labels);
            Some(Asked { service, name: operation.operation.clone(), operation: Some(operation), parameters })
        }
        None => {
            let service = TABLE.rest(&caller.signing)?;
            Some(Asked { service, name: format!("{method} {}", uri.path()), operation: None, parameters })
        }
    }
}

impl Asked {
    /// What a query, EC2 or JSON service calls an operation that it does not have.
    pub(super) fn unknown_code(&self) -> &'static str {
        match self.service.protocol {
            Protocol::Query | Protocol::Ec2 => "InvalidAction",
            Protocol::Json | Protocol::RestJson => "UnknownOperationException",
            Protocol::RestXml => "NotImplemented",
        }
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}
