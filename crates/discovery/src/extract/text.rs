//! Values that are one text: hosts, images, endpoint services, publishers and names.

use carveout_model::{Direction, EvidenceStatus, Outsider, Relation, Strength};
use serde_json::{Value, json};

use super::{EXACT, Edge, Finding, NAME, PATTERN, STATED, texts};
use crate::{hosts, rule::Subject};

const DATA_OUT: Edge = Edge::new(Relation::ReceivesData, Strength::SendsDataTo, Direction::Outbound);
const CODE_IN: Edge = Edge::new(Relation::SuppliesCode, Strength::Hosting, Direction::Inbound);
const NAMED: Edge = Edge::new(Relation::Contact, Strength::Contact, Direction::Neither);

/// Whether a place holds free text in which most values are no hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Free {
    /// The provider says that it is a URL or a host.
    No,
    /// Anything may stand there; only a host that the directory knows is worth raising.
    Yes,
}

/// Hosts of URLs. The observation keeps the host only: paths and queries carry secrets.
pub(super) fn hosts(at: &str, value: &Value, free: Free) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .filter_map(|(at, text)| {
            let host = hosts::host_of(text)?;
            let confidence = if free == Free::Yes { PATTERN } else { STATED };
            let mut finding = Finding::new(Outsider::Host(host.clone()), &at, &host, DATA_OUT, confidence);
            if free == Free::Yes {
                finding.context.insert("known_only".to_owned(), json!(true));
                finding.context.insert("explicit".to_owned(), json!(hosts::is_explicit(text)));
            }
            Some(finding)
        })
        .collect()
}

/// Container image references, as written. App Service writes the kind of runtime first: `DOCKER|nginx:1` is an image,
/// `NODE|20-lts` is none.
pub(super) fn images(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .filter_map(|(at, text)| match text.split_once('|') {
            None => Some((at, text)),
            Some((kind, image)) => kind.eq_ignore_ascii_case("docker").then_some((at, image)),
        })
        .map(|(at, text)| Finding::new(Outsider::ContainerImage(text.to_owned()), &at, text, CODE_IN, STATED))
        .collect()
}

/// Services that private endpoints lead to.
pub(super) fn endpoint_services(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .map(|(at, text)| Finding::new(Outsider::EndpointService(text.to_owned()), &at, text, DATA_OUT, EXACT))
        .collect()
}

/// Publishers and vendors that the provider names. The type's name tells which provider's spelling it is.
pub(super) fn publishers(subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .map(|(at, text)| {
            let mut finding = Finding::new(Outsider::MarketplacePublisher(text.to_owned()), &at, text, CODE_IN, STATED);
            finding.context.insert("resource_type".to_owned(), json!(subject.type_name));
            finding
        })
        .collect()
}

/// Names of secrets, parameters and variables: a hint, whatever else is true.
pub(super) fn name_hints(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .map(|(at, text)| Finding {
            status: EvidenceStatus::Hint,
            ..Finding::new(Outsider::NameHint(text.to_owned()), &at, text, NAMED, NAME)
        })
        .collect()
}
