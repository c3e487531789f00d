//! How sure all evidence together makes us of a party.

use std::collections::BTreeMap;

use carveout_model::{Evidence, EvidenceStatus, Outsider};
use serde_json::Value;

use super::verdict::MODERATE;

/// A family of evidence: rows of one family are one fact, ten layers of one vendor are one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    IamTrust,
    Network,
    Event,
    DnsMail,
    DnsWeb,
    Registry,
    Marketplace,
    Identity,
    Name,
}

impl Family {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::IamTrust => "iam_trust",
            Self::Network => "network",
            Self::Event => "event",
            Self::DnsMail => "dns_mail",
            Self::DnsWeb => "dns_web",
            Self::Registry => "registry",
            Self::Marketplace => "marketplace",
            Self::Identity => "identity",
            Self::Name => "name",
        }
    }
}

/// The family of an observation.
pub(super) fn family(outsider: &Outsider, signal: &str) -> Family {
    match outsider {
        Outsider::OidcIssuer(_) | Outsider::SamlEntity(_) => Family::Identity,
        Outsider::DnsRecord { record_type, name, value } => {
            let mail = record_type == "MX" || value.starts_with("include:") || name.contains("_domainkey");
            if mail { Family::DnsMail } else { Family::DnsWeb }
        }
        Outsider::ContainerImage(_) | Outsider::LayerAccount(_) => Family::Registry,
        Outsider::Host(_) | Outsider::EndpointService(_) => Family::Network,
        Outsider::PartnerEventSource(_) => Family::Event,
        Outsider::MarketplacePublisher(_) | Outsider::AzureNamespace(_) => Family::Marketplace,
        Outsider::NameHint(_) => Family::Name,
        _ if signal.contains("peering") || signal.contains("endpoint") => Family::Network,
        _ => Family::IamTrust,
    }
}

/// The confidence that a party is who its id says, over all its evidence: the best row of each family, joined as
/// independent facts (noisy-or), and never above moderate while no matching row has been confirmed.
///
/// Only rows that count are joined, and stale and pending rows only when there are no others.
pub fn attribution<'a>(evidence: impl IntoIterator<Item = &'a Evidence>) -> f64 {
    let rows: Vec<&Evidence> = evidence.into_iter().collect();
    let counts = |row: &&Evidence| matches!(row.status, EvidenceStatus::Live | EvidenceStatus::Dormant);
    let counting: Vec<&Evidence> = rows.iter().copied().filter(counts).collect();
    let rows = if counting.is_empty() { rows } else { counting };

    let mut best: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &rows {
        let family = row.detail.get("family").and_then(Value::as_str).unwrap_or_default();
        let entry = best.entry(family).or_insert(0.0);
        *entry = entry.max(row.attribution_confidence);
    }
    let joined = 1.0 - best.values().map(|confidence| 1.0 - confidence).product::<f64>();
    let unverified = |row: &&Evidence| {
        let source = row.detail.get("matched").and_then(|matched| matched.get("source")).and_then(Value::as_str);
        source.is_some_and(|source| source.ends_with(":unverified"))
    };
    if !rows.is_empty() && rows.iter().all(unverified) { joined.min(MODERATE) } else { joined }
}

#[cfg(test)]
mod tests {
    use carveout_model::{Direction, Relation, Strength};
    use serde_json::json;

    use super::*;

    fn row(family: &str, confidence: f64, source: &str) -> Evidence {
        Evidence {
            party_id: "datadog".into(),
            resource_key: "r".into(),
            signal: "s".into(),
            relation: Relation::Contact,
            strength: Strength::Contact,
            direction: Direction::Neither,
            detail: json!({"family": family, "matched": {"source": source}}),
            relation_confidence: 0.9,
            attribution_confidence: confidence,
            status: EvidenceStatus::Live,
        }
    }

    #[test]
    fn ten_rows_of_one_family_are_one_fact_and_two_families_are_two() {
        let layers: Vec<Evidence> = (0..10).map(|_| row("registry", 0.6, "table")).collect();
        assert!((attribution(&layers) - 0.6).abs() < 1e-9);
        let both = [row("registry", 0.6, "table"), row("network", 0.6, "table")];
        assert!((attribution(&both) - 0.84).abs() < 1e-9);
    }

    #[test]
    fn unconfirmed_rows_never_add_up_to_more_than_moderate() {
        let unverified = "vendor-doc:unverified";
        let both = [row("registry", 0.6, unverified), row("network", 0.6, unverified)];
        assert!((attribution(&both) - 0.6).abs() < 1e-9);
    }
}
