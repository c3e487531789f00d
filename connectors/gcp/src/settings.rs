//! `[[connectors.gcp]]` of the configuration file.

use carveout_crawl::{ConnectorError, TypeFilter};
use serde::Deserialize;
use url::{Host, Url};

/// One `[[connectors.gcp]]` table. Unknown keys are refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GcpSettings {
    /// What is crawled, with everything below it: `organizations/1`, `folders/1` or `projects/name`.
    pub parent: String,
    /// Cloud Asset Inventory (REST), for private access and emulators. A plain-http address on loopback is an emulator
    /// and gets no credentials.
    #[serde(default)]
    pub asset_endpoint: Option<String>,
    /// Cloud Storage (gRPC).
    #[serde(default)]
    pub storage_endpoint: Option<String>,
    /// Resource Manager v3 (REST).
    #[serde(default)]
    pub resource_manager_endpoint: Option<String>,
    /// The project whose quota the requests count against; Cloud Asset Inventory has to be enabled in it.
    #[serde(default)]
    pub quota_project: Option<String>,
    /// Globs on type names to crawl; none means all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Globs on type names to leave out.
    #[serde(default)]
    pub skip: Vec<String>,
}

impl GcpSettings {
    /// Settings with everything but the parent at its default.
    pub fn new(parent: impl Into<String>) -> Self {
        Self {
            parent: parent.into(),
            asset_endpoint: None,
            storage_endpoint: None,
            resource_manager_endpoint: None,
            quota_project: None,
            types: Vec::new(),
            skip: Vec::new(),
        }
    }
}

/// What is crawled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Parent {
    /// `organizations/1` or `folders/1`.
    Container(String),
    /// `projects/name` or `projects/1`.
    Project(String),
}

impl Parent {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Container(name) | Self::Project(name) => name,
        }
    }
}

/// Where a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Google's own address.
    Default,
    /// Another address that gets credentials.
    At(String),
    /// An emulator, which gets none.
    Emulator(String),
    /// The others are emulators and this one has no address: it is not called.
    Absent,
}

/// The settings after they were checked.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) parent: Parent,
    pub(crate) assets: Endpoint,
    pub(crate) storage: Endpoint,
    pub(crate) resource_manager: Endpoint,
    pub(crate) filter: TypeFilter,
}

impl GcpSettings {
    pub(crate) fn resolve(&self) -> Result<Resolved, ConnectorError> {
        let assets = endpoint("connectors.gcp.asset_endpoint", self.asset_endpoint.as_deref())?;
        let mut storage = endpoint("connectors.gcp.storage_endpoint", self.storage_endpoint.as_deref())?;
        let resource_manager =
            endpoint("connectors.gcp.resource_manager_endpoint", self.resource_manager_endpoint.as_deref())?;
        if matches!(assets, Endpoint::Emulator(_)) {
            // Credentials of a real cloud have no place in a run against an emulator.
            if resource_manager == Endpoint::Default {
                let reason = "has to be set as well when asset_endpoint is an emulator";
                return Err(configuration("connectors.gcp.resource_manager_endpoint", reason));
            }
            if storage == Endpoint::Default {
                storage = Endpoint::Absent;
            }
        }
        let filter = TypeFilter::new(&self.types, &self.skip)
            .map_err(|error| configuration("connectors.gcp.types", &error.to_string()))?;
        Ok(Resolved { parent: parent(&self.parent)?, assets, storage, resource_manager, filter })
    }
}

pub(crate) fn configuration(setting: &str, reason: &str) -> ConnectorError {
    ConnectorError::Configuration { setting: setting.to_owned(), reason: reason.to_owned() }
}

fn parent(text: &str) -> Result<Parent, ConnectorError> {
    match text.split_once('/') {
        Some(("organizations" | "folders", id)) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => {
            Ok(Parent::Container(text.to_owned()))
        }
        Some(("projects", id)) if !id.is_empty() && !id.contains('/') => Ok(Parent::Project(text.to_owned())),
        _ => {
            let reason = format!("`{text}` is not organizations/NUMBER, folders/NUMBER or projects/NAME");
            Err(configuration("connectors.gcp.parent", &reason))
        }
    }
}

/// An address that a token may be sent to: https, or plain http on loopback for an emulator.
fn endpoint(setting: &str, text: Option<&str>) -> Result<Endpoint, ConnectorError> {
    let Some(text) = text else { return Ok(Endpoint::Default) };
    let url = Url::parse(text).map_err(|error| configuration(setting, &format!("`{text}` is no URL: {error}")))?;
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match url.scheme() {
        "https" => Ok(Endpoint::At(text.to_owned())),
        "http" if is_loopback => Ok(Endpoint::Emulator(text.trim_end_matches('/').to_owned())),
        _ => Err(configuration(setting, &format!("`{text}` is neither https nor a loopback address"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_that_is_none_is_refused_with_the_forms_that_are() {
        for wrong in ["acme", "organizations/acme", "projects/", "projects/a/b"] {
            let error = GcpSettings::new(wrong).resolve().expect_err("no parent");
            assert!(error.to_string().contains("organizations/NUMBER"), "{error}");
        }
        for right in ["organizations/1", "folders/23", "projects/acme-prod"] {
            assert!(GcpSettings::new(right).resolve().is_ok(), "{right}");
        }
    }

    #[test]
    fn an_emulator_gets_no_credentials_and_no_neighbour_with_some() {
        let mut settings = GcpSettings::new("projects/a");
        settings.asset_endpoint = Some("http://127.0.0.1:9".to_owned());
        let error = settings.resolve().expect_err("no Resource Manager");
        assert!(error.to_string().contains("resource_manager_endpoint"), "{error}");
        settings.resource_manager_endpoint = Some("http://127.0.0.1:9".to_owned());
        assert_eq!(settings.resolve().expect("settings").storage, Endpoint::Absent);
        settings.asset_endpoint = Some("http://assets.example".to_owned());
        assert!(settings.resolve().is_err(), "a token would go in the clear");
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = toml::from_str::<GcpSettings>("parent = \"projects/a\"\nqouta = 1").expect_err("no such key");
        assert!(error.to_string().contains("qouta"), "{error}");
    }
}
