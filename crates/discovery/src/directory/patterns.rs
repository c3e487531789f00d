//! Patterns of one signal kind, indexed so that a look-up costs a few hashes whatever the size of the table.

use std::{collections::HashMap, str::FromStr};

use carveout_model::Provider;

use crate::hosts::suffixes;

/// What a pattern is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SignalKind {
    AwsAccount,
    AwsPartnerEventSource,
    AzureAppId,
    AzureProviderNamespace,
    AzureTenant,
    CanonicalUser,
    ContainerRegistry,
    DnsCnameSuffix,
    DnsMxSuffix,
    DnsSpfInclude,
    DnsTxtPrefix,
    EventSource,
    GcpDomain,
    GcpSaSuffix,
    GcpService,
    HttpDestinationHost,
    IamPrincipal,
    LambdaLayerAccount,
    MarketplacePublisher,
    OidcIssuer,
    PartyId,
    RolePath,
    SamlMetadata,
    SamlProviderName,
    ServicePrincipal,
    VpceService,
}

impl SignalKind {
    const WORDS: &[(&str, Self)] = &[
        ("aws_account", Self::AwsAccount),
        ("aws_partner_event_source", Self::AwsPartnerEventSource),
        ("azure_app_id", Self::AzureAppId),
        ("azure_provider_namespace", Self::AzureProviderNamespace),
        ("azure_tenant", Self::AzureTenant),
        ("canonical_user", Self::CanonicalUser),
        ("container_registry", Self::ContainerRegistry),
        ("dns_cname_suffix", Self::DnsCnameSuffix),
        ("dns_mx_suffix", Self::DnsMxSuffix),
        ("dns_spf_include", Self::DnsSpfInclude),
        ("dns_txt_prefix", Self::DnsTxtPrefix),
        ("event_source", Self::EventSource),
        ("gcp_domain", Self::GcpDomain),
        ("gcp_sa_suffix", Self::GcpSaSuffix),
        ("gcp_service", Self::GcpService),
        ("http_destination_host", Self::HttpDestinationHost),
        ("iam_principal", Self::IamPrincipal),
        ("lambda_layer_account", Self::LambdaLayerAccount),
        ("marketplace_publisher", Self::MarketplacePublisher),
        ("oidc_issuer", Self::OidcIssuer),
        ("party_id", Self::PartyId),
        ("role_path", Self::RolePath),
        ("saml_metadata", Self::SamlMetadata),
        ("saml_provider_name", Self::SamlProviderName),
        ("service_principal", Self::ServicePrincipal),
        ("vpce_service", Self::VpceService),
    ];

    /// The word as the tables spell it.
    pub(crate) fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// Kinds of hosts: a suffix counts at a label only.
    fn is_host(self) -> bool {
        matches!(
            self,
            Self::DnsCnameSuffix
                | Self::DnsMxSuffix
                | Self::DnsSpfInclude
                | Self::GcpDomain
                | Self::HttpDestinationHost
        )
    }

    /// Kinds of paths: a prefix counts up to a slash only.
    fn is_path(self) -> bool {
        matches!(self, Self::ContainerRegistry | Self::AzureProviderNamespace)
    }
}

impl FromStr for SignalKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::WORDS.iter().find(|(each, _)| *each == word).map(|(_, kind)| *kind).ok_or(())
    }
}

/// How a pattern is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum MatchRule {
    Exact,
    Prefix,
    Suffix,
    Contains,
}

impl FromStr for MatchRule {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Ok(match word {
            "exact" => Self::Exact,
            "prefix" => Self::Prefix,
            "suffix" => Self::Suffix,
            "contains" => Self::Contains,
            _ => return Err(()),
        })
    }
}

/// Whether a provider's identity is the provider, or a namespace in which somebody else lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Owned,
    Shared,
}

/// Whom a pattern means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    Vendor(String),
    Provider { provider: Provider, standing: Standing, service: String },
}

/// One row of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) owner: Owner,
    pub(crate) kind: SignalKind,
    /// In lower case.
    pub(crate) text: String,
    pub(crate) source: String,
}

impl Pattern {
    /// Nobody has confirmed the row against what the vendor publishes.
    pub(crate) fn is_unverified(&self) -> bool {
        self.source.ends_with(":unverified")
    }
}

/// A match.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit<'a> {
    pub(crate) pattern: &'a Pattern,
    /// The whole text is the pattern.
    pub(crate) exact: bool,
}

/// The patterns of one kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    exact: HashMap<String, Pattern>,
    prefix: HashMap<String, Pattern>,
    suffix: HashMap<String, Pattern>,
    contains: Vec<Pattern>,
    longest_prefix: usize,
    longest_suffix: usize,
}

impl Patterns {
    /// Adds a row; an equal one is replaced.
    pub(crate) fn insert(&mut self, rule: MatchRule, pattern: Pattern) {
        let text = pattern.text.clone();
        match rule {
            MatchRule::Exact => drop(self.exact.insert(text, pattern)),
            MatchRule::Prefix => {
                self.longest_prefix = self.longest_prefix.max(text.len());
                self.prefix.insert(text, pattern);
            }
            MatchRule::Suffix => {
                self.longest_suffix = self.longest_suffix.max(text.len());
                self.suffix.insert(text, pattern);
            }
            MatchRule::Contains => {
                self.contains.retain(|each| each.text != text);
                self.contains.push(pattern);
                self.contains.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
            }
        }
    }

    /// Adds a row unless an equal one is there.
    pub(crate) fn insert_behind(&mut self, rule: MatchRule, pattern: Pattern) {
        let there = match rule {
            MatchRule::Exact => self.exact.contains_key(&pattern.text),
            MatchRule::Prefix => self.prefix.contains_key(&pattern.text),
            MatchRule::Suffix => self.suffix.contains_key(&pattern.text),
            MatchRule::Contains => self.contains.iter().any(|each| each.text == pattern.text),
        };
        if !there {
            self.insert(rule, pattern);
        }
    }

    /// The longest match; an exact one beats all.
    pub(crate) fn find(&self, kind: SignalKind, text: &str) -> Option<Hit<'_>> {
        let lower = text.trim_end_matches('.').to_ascii_lowercase();
        let text = lower.as_str();
        if let Some(pattern) = self.exact.get(text) {
            return Some(Hit { pattern, exact: true });
        }
        let contains = self.contains.iter().find(|pattern| text.contains(&pattern.text));
        [self.by_prefix(kind, text), self.by_suffix(kind, text), contains]
            .into_iter()
            .flatten()
            .max_by_key(|pattern| pattern.text.len())
            .map(|pattern| Hit { pattern, exact: pattern.text == text })
    }

    fn by_prefix(&self, kind: SignalKind, text: &str) -> Option<&Pattern> {
        let longest = self.longest_prefix.min(text.len());
        (1..=longest).rev().filter(|end| text.is_char_boundary(*end)).find_map(|end| {
            let pattern = self.prefix.get(&text[..end])?;
            let whole = !kind.is_path()
                || end == text.len()
                || text[..end].ends_with(['/', '.'])
                || text[end..].starts_with('/');
            (whole && plausible(pattern, text)).then_some(pattern)
        })
    }

    fn by_suffix(&self, kind: SignalKind, text: &str) -> Option<&Pattern> {
        if kind.is_host() {
            return suffixes(text).find_map(|name| self.suffix.get(name));
        }
        let first = text.len().saturating_sub(self.longest_suffix);
        let registry = kind == SignalKind::ContainerRegistry;
        // A registry's host ends where the path begins.
        let text = if registry { text.split('/').next().unwrap_or(text) } else { text };
        let first = if registry { 0 } else { first };
        (first..text.len())
            .filter(|start| text.is_char_boundary(*start))
            .find_map(|start| self.suffix.get(&text[start..]))
    }
}

/// `00D` is Salesforce's only as the start of an 15- or 18-character organization id before an equals sign.
fn plausible(pattern: &Pattern, text: &str) -> bool {
    if pattern.kind != SignalKind::DnsTxtPrefix || pattern.text != "00d" {
        return true;
    }
    text[3..]
        .split_once('=')
        .is_some_and(|(id, _)| (12..=15).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
