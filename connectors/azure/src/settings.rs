//! `[[connectors.azure]]` of the configuration file.

use std::fmt;

use carveout_crawl::{ConnectorError, TypeFilter};
use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};
use url::{Host, Url};

/// One `[[connectors.azure]]` table. Unknown keys are refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AzureSettings {
    /// The Entra tenant to read; without it, the one that the credentials belong to.
    pub tenant: Option<String>,
    /// Which subscriptions to crawl.
    pub subscriptions: Subscriptions,
    /// Azure Resource Manager and Resource Graph; another cloud's address for a sovereign cloud. A plain-http address on
    /// loopback is an emulator and gets no credentials.
    pub resource_manager_url: String,
    /// Microsoft Graph.
    pub graph_url: String,
    /// Where tokens come from, for a sovereign cloud (`https://login.microsoftonline.us`).
    pub authority: Option<String>,
    /// Globs on type names to crawl; none means all.
    pub types: Vec<String>,
    /// Globs on type names to leave out.
    pub skip: Vec<String>,
}

impl Default for AzureSettings {
    fn default() -> Self {
        Self {
            tenant: None,
            subscriptions: Subscriptions::All,
            resource_manager_url: "https://management.azure.com".to_owned(),
            graph_url: "https://graph.microsoft.com".to_owned(),
            authority: None,
            types: Vec::new(),
            skip: Vec::new(),
        }
    }
}

/// `subscriptions = "all"` or a list of subscription ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Subscriptions {
    /// Every subscription that the credentials see.
    #[default]
    All,
    /// These, in lower case.
    Listed(Vec<String>),
}

impl<'de> Deserialize<'de> for Subscriptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape;
        impl<'de> Visitor<'de> for Shape {
            type Value = Subscriptions;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"all\" or a list of subscription ids")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Subscriptions, E> {
                match word {
                    "all" => Ok(Subscriptions::All),
                    _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Subscriptions, A::Error> {
                let mut ids = Vec::new();
                while let Some(id) = elements.next_element::<String>()? {
                    ids.push(id.to_ascii_lowercase());
                }
                Ok(Subscriptions::Listed(ids))
            }
        }
        deserializer.deserialize_any(Shape)
    }
}

/// The settings after they were checked.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) resource_manager: Url,
    pub(crate) graph: Url,
    pub(crate) filter: TypeFilter,
}

impl AzureSettings {
    pub(crate) fn resolve(&self) -> Result<Resolved, ConnectorError> {
        if let Some(authority) = &self.authority {
            address("connectors.azure.authority", authority)?;
        }
        if self.subscriptions == Subscriptions::Listed(Vec::new()) {
            return Err(configuration(
                "connectors.azure.subscriptions",
                "an empty list means that nothing is crawled; write \"all\" or name some",
            ));
        }
        let filter = TypeFilter::new(&self.types, &self.skip)
            .map_err(|error| configuration("connectors.azure.types", &error.to_string()))?;
        Ok(Resolved {
            resource_manager: address("connectors.azure.resource_manager_url", &self.resource_manager_url)?,
            graph: address("connectors.azure.graph_url", &self.graph_url)?,
            filter,
        })
    }
}

pub(crate) fn configuration(setting: &str, reason: &str) -> ConnectorError {
    ConnectorError::Configuration { setting: setting.to_owned(), reason: reason.to_owned() }
}

/// An address that a bearer token may be sent to: https, or plain http on loopback for an emulator.
fn address(setting: &str, text: &str) -> Result<Url, ConnectorError> {
    let url = Url::parse(text).map_err(|error| configuration(setting, &format!("`{text}` is no URL: {error}")))?;
    match url.scheme() {
        "https" => {}
        "http" if is_emulator(&url) => {}
        _ => return Err(configuration(setting, &format!("`{text}` is neither https nor a loopback address"))),
    }
    if url.path() != "/" || url.query().is_some() {
        return Err(configuration(setting, &format!("`{text}` has a path; only scheme, host and port are understood")));
    }
    Ok(url)
}

/// A plain-http address on loopback.
pub(crate) fn is_emulator(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && is_loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_and_a_list_are_both_subscriptions() {
        let all: AzureSettings = toml::from_str("subscriptions = \"all\"").expect("settings");
        assert_eq!(all.subscriptions, Subscriptions::All);
        let one: AzureSettings = toml::from_str("subscriptions = [\"ABC\"]").expect("settings");
        assert_eq!(one.subscriptions, Subscriptions::Listed(vec!["abc".to_owned()]));
        let error = toml::from_str::<AzureSettings>("subscriptions = \"some\"").expect_err("no such word");
        assert!(error.to_string().contains("\"all\" or a list of subscription ids"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = toml::from_str::<AzureSettings>("tennant = \"x\"").expect_err("no such key");
        assert!(error.to_string().contains("tennant"), "{error}");
    }

    #[test]
    fn tokens_are_never_sent_in_the_clear_to_another_machine() {
        for url in ["http://management.azure.com", "http://10.0.0.8:80", "ftp://127.0.0.1", "https://a/b"] {
            let settings = AzureSettings { resource_manager_url: url.to_owned(), ..AzureSettings::default() };
            assert!(settings.resolve().is_err(), "{url}");
        }
        for url in ["https://management.usgovcloudapi.net", "http://127.0.0.1:9000", "http://localhost:9000"] {
            let settings = AzureSettings { resource_manager_url: url.to_owned(), ..AzureSettings::default() };
            assert!(settings.resolve().is_ok(), "{url}");
        }
    }
}
