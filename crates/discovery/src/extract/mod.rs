//! Extractors: one file for each family of value. They know shapes, and no vendor.

mod aws;
mod azure;
mod conditions;
mod dns;
mod federation;
mod gcp;
mod grade;
mod iam_policy;
mod permissions;
mod principal;
mod text;

use carveout_model::{Direction, EvidenceStatus, Outsider, Relation, Strength};
use serde_json::{Map, Value};

use crate::rule::{EvidenceRule, Extractor, Subject};

/// What a party is to us, how far it reaches and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) relation: Relation,
    pub(crate) strength: Strength,
    pub(crate) direction: Direction,
}

impl Edge {
    pub(crate) const fn new(relation: Relation, strength: Strength, direction: Direction) -> Self {
        Self { relation, strength, direction }
    }

    /// An inbound edge of this strength, with the relation that goes with it.
    pub(crate) fn inbound(strength: Strength) -> Self {
        Self::new(relation_of(strength), strength, Direction::Inbound)
    }
}

/// One outsider found at one place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    pub(crate) outsider: Outsider,
    pub(crate) at: String,
    pub(crate) value: String,
    pub(crate) edge: Edge,
    /// The strength was read from actions, roles or permissions; the rule's own words don't apply.
    pub(crate) settled: bool,
    pub(crate) status: EvidenceStatus,
    pub(crate) confidence: f64,
    pub(crate) context: Map<String, Value>,
}

impl Finding {
    pub(crate) fn new(outsider: Outsider, at: &str, value: &str, edge: Edge, confidence: f64) -> Self {
        Self {
            outsider,
            at: at.to_owned(),
            value: value.to_owned(),
            edge,
            settled: false,
            status: EvidenceStatus::Live,
            confidence,
            context: Map::new(),
        }
    }
}

/// An exact id of somebody else's, in effect.
pub(crate) const EXACT: f64 = 0.95;
/// A name that the provider itself states, or a destination in use.
pub(crate) const STATED: f64 = 0.85;
/// A pattern in a live path.
pub(crate) const PATTERN: f64 = 0.6;
/// A token that may be left over.
pub(crate) const TOKEN: f64 = 0.35;
/// A name only.
pub(crate) const NAME: f64 = 0.15;

/// The relation that a strength means when nothing else is known.
pub(crate) const fn relation_of(strength: Strength) -> Relation {
    match strength {
        Strength::CanAdmin => Relation::Administers,
        Strength::CanReadData => Relation::ReadsData,
        Strength::SendsDataTo => Relation::ReceivesData,
        Strength::CanReadConfig => Relation::ReadsConfig,
        Strength::Identity => Relation::Authenticates,
        Strength::Hosting => Relation::SuppliesCode,
        Strength::Contact => Relation::Contact,
    }
}

/// The strength that a relation means when nothing else is known.
pub(crate) const fn strength_of(relation: Relation) -> Strength {
    match relation {
        Relation::Administers => Strength::CanAdmin,
        Relation::ReadsData => Strength::CanReadData,
        Relation::ReadsConfig => Strength::CanReadConfig,
        Relation::StoresData | Relation::ReceivesData | Relation::ReceivesTelemetry => Strength::SendsDataTo,
        Relation::Authenticates => Strength::Identity,
        Relation::Hosts | Relation::SuppliesCode | Relation::RoutesTraffic => Strength::Hosting,
        Relation::SubserviceOf | Relation::Attests | Relation::Contact => Strength::Contact,
    }
}

/// Everyone named by the value at one concrete path.
pub(crate) fn read(rule: &EvidenceRule, subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    match rule.extractor {
        Extractor::IamPolicy => iam_policy::read(rule, subject, at, value),
        Extractor::AwsAccount => aws::accounts(subject, at, value),
        Extractor::AwsAccountInArn => aws::accounts_in_arns(subject, at, value),
        Extractor::AwsCanonicalUser => aws::grants(subject, at, value),
        Extractor::LayerArn => aws::layers(subject, at, value),
        Extractor::PartnerEventSource => aws::partner_event_sources(at, value),
        Extractor::EndpointService => text::endpoint_services(at, value),
        Extractor::OidcIssuer => federation::oidc_issuers(at, value),
        Extractor::SamlMetadata => federation::saml_entities(at, value),
        Extractor::DnsRecord => dns::record(at, value),
        Extractor::ContainerImage => text::images(at, value),
        Extractor::Host => text::hosts(at, value, text::Free::No),
        Extractor::KnownHost => text::hosts(at, value, text::Free::Yes),
        Extractor::NameHint => text::name_hints(at, value),
        Extractor::MarketplacePublisher => text::publishers(subject, at, value),
        Extractor::AzureTenant => azure::tenants(at, value),
        Extractor::AzureApplication => azure::applications(subject, at, value),
        Extractor::AzureNamespace => azure::namespaces(at, value),
        Extractor::GcpMember => gcp::members(at, value),
        Extractor::GcpProject => gcp::projects(subject, at, value),
        Extractor::GcpServiceAccount => gcp::service_accounts(at, value),
        Extractor::GcpService => gcp::services(at, value),
    }
}

/// The texts at a place: a text, or the texts of a list, each with its concrete path. Empty texts say nothing.
pub(crate) fn texts<'a>(at: &str, value: &'a Value) -> Vec<(String, &'a str)> {
    let mut found = Vec::new();
    match value {
        Value::String(text) => found.push((at.to_owned(), text.trim())),
        Value::Array(elements) => found.extend(
            elements
                .iter()
                .enumerate()
                .filter_map(|(index, element)| Some((format!("{at}[{index}]"), element.as_str()?.trim()))),
        ),
        _ => {}
    }
    found.retain(|(_, text)| !text.is_empty());
    found
}

/// The path of a member below a concrete path.
pub(crate) fn below(at: &str, member: &str) -> String {
    if at.is_empty() { member.to_owned() } else { format!("{at}.{member}") }
}

/// The elements of a list, or a scalar as its only element, each with its concrete path.
pub(crate) fn each<'a>(at: &str, value: &'a Value) -> Vec<(String, &'a Value)> {
    match value {
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, element)| (format!("{at}[{index}]"), element)).collect()
        }
        Value::Null => Vec::new(),
        scalar => vec![(at.to_owned(), scalar)],
    }
}
