//! From rows to nodes and edges: evidence is summed up per (scope, party, relation), names in reports become parties.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{
    Edge, EvidenceStatus, Node, NodeKind, PartyOrigin, Provider, Relation, ServiceModel, Soc2Report, Strength,
    ThirdParty,
};

use crate::questions::EvidenceRef;
use crate::{GraphInput, ORGANIZATION_NODE, PartyRef, Subservice};

/// Where a party was seen in our estate.
#[derive(Debug, Default)]
pub(crate) struct Sighting {
    /// Node ids of the scopes.
    pub scopes: BTreeSet<String>,
    /// Keys of the resources that show it.
    pub resources: BTreeSet<String>,
    /// Resources that a cloud hosts for us, which are counted and not listed.
    pub hosted_resources: u64,
    /// The rows of evidence that count.
    pub evidence: Vec<EvidenceRef>,
}

/// The assembled rows, before anything is computed from them.
pub(crate) struct Parts {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    pub party_ids: BTreeSet<String>,
    pub added_parties: Vec<ThirdParty>,
    pub report_parties: BTreeMap<String, String>,
    pub subservices: Vec<Subservice>,
    pub sightings: BTreeMap<String, Sighting>,
}

/// Everything that several rows say about one edge.
#[derive(Default)]
struct EdgeSum {
    strength: Option<Strength>,
    evidence_count: u64,
    confidence: f64,
}

impl EdgeSum {
    fn add(&mut self, strength: Option<Strength>, count: u64, confidence: f64) {
        self.strength = self.strength.max(strength);
        self.evidence_count += count;
        self.confidence = self.confidence.max(confidence);
    }
}

type EdgeSums = BTreeMap<(String, String, Relation), EdgeSum>;

/// The id of a party that only a report names: `subservice-` and the name in lower case without its legal form.
///
/// The prefix keeps such a party apart from a directory vendor whose id happens to read the same.
pub fn subservice_slug(name: &str) -> String {
    const LEGAL_FORMS: [&str; 16] = [
        "inc",
        "llc",
        "ltd",
        "limited",
        "corp",
        "corporation",
        "gmbh",
        "ag",
        "bv",
        "nv",
        "sa",
        "sas",
        "plc",
        "pty",
        "co",
        "se",
    ];
    let lower = name.to_lowercase().replace(['.', '\''], "");
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|last| LEGAL_FORMS.contains(last)) {
        words.pop();
    }
    if words.is_empty() {
        return "subservice-unnamed".to_owned();
    }
    format!("subservice-{}", words.join("-"))
}

pub(crate) fn party_node(party_id: &str) -> String {
    format!("party:{party_id}")
}

pub(crate) fn scope_node(provider: Provider, scope_id: &str) -> String {
    format!("scope:{provider}:{scope_id}")
}

pub(crate) fn report_node(report_id: &str) -> String {
    format!("report:{report_id}")
}

pub(crate) fn assemble(input: &GraphInput<'_>) -> Parts {
    let mut parties: BTreeMap<String, ThirdParty> =
        input.parties.iter().map(|party| (party.party_id.clone(), party.clone())).collect();
    let listed: BTreeSet<String> = parties.keys().cloned().collect();
    let mut sums = EdgeSums::new();
    let mut sightings: BTreeMap<String, Sighting> = BTreeMap::new();

    add_clouds(input, &mut parties, &mut sums, &mut sightings);
    add_evidence(input, &mut parties, &mut sums, &mut sightings);
    let (report_parties, subservices) = add_reports(input, &mut parties, &mut sums);
    for known in input.known_dependencies {
        for party_id in [&known.party_id, &known.depends_on] {
            ensure_party(&mut parties, party_id, party_id, PartyOrigin::Directory);
        }
        if known.party_id != known.depends_on {
            let key = (party_node(&known.party_id), party_node(&known.depends_on), known.relation);
            sums.entry(key).or_default().add(None, 1, known.confidence);
        }
    }

    let mut nodes = vec![Node {
        node_id: ORGANIZATION_NODE.to_owned(),
        kind: NodeKind::Organization,
        label: input.organization.to_owned(),
        party_id: None,
        scope_id: None,
    }];
    nodes.extend(input.scopes.iter().map(|each| Node {
        node_id: scope_node(each.scope.provider, &each.scope.scope_id),
        kind: NodeKind::Scope,
        label: each.scope.name.clone().unwrap_or_else(|| each.scope.scope_id.clone()),
        party_id: None,
        scope_id: Some(each.scope.scope_id.clone()),
    }));
    nodes.extend(parties.values().map(|party| Node {
        node_id: party_node(&party.party_id),
        kind: NodeKind::ThirdParty,
        label: party.name.clone(),
        party_id: Some(party.party_id.clone()),
        scope_id: None,
    }));
    nodes.extend(input.reports.iter().map(|report| Node {
        node_id: report_node(&report.report_id),
        kind: NodeKind::Report,
        label: report_label(report),
        party_id: report_parties.get(&report.report_id).cloned(),
        scope_id: None,
    }));
    nodes.sort_by(|a, b| a.node_id.cmp(&b.node_id));
    nodes.dedup_by(|a, b| a.node_id == b.node_id);

    let edges = sums
        .into_iter()
        .map(|((from_id, to_id, relation), sum)| Edge {
            from_id,
            to_id,
            relation,
            strength: sum.strength,
            evidence_count: sum.evidence_count,
            confidence: sum.confidence.clamp(0.0, 1.0),
        })
        .collect();
    let party_ids = parties.keys().cloned().collect();
    let added_parties = parties.into_values().filter(|party| !listed.contains(&party.party_id)).collect();
    Parts { nodes, edges, party_ids, added_parties, report_parties, subservices, sightings }
}

fn report_label(report: &Soc2Report) -> String {
    let day = report.period_end.or(report.as_of).map(|day| format!(" to {day}")).unwrap_or_default();
    format!("{} {}{day}", report.organization, report.report_type)
}

fn ensure_party(parties: &mut BTreeMap<String, ThirdParty>, party_id: &str, name: &str, origin: PartyOrigin) {
    parties.entry(party_id.to_owned()).or_insert_with(|| ThirdParty {
        party_id: party_id.to_owned(),
        name: name.to_owned(),
        domain: None,
        category: None,
        service_model: None,
        origin,
        in_register: false,
        relation_strength: None,
    });
}

/// A scope with resources is hosted by its cloud; the organization is, through it.
fn add_clouds(
    input: &GraphInput<'_>,
    parties: &mut BTreeMap<String, ThirdParty>,
    sums: &mut EdgeSums,
    sightings: &mut BTreeMap<String, Sighting>,
) {
    for each in input.scopes.iter().filter(|each| each.resources > 0) {
        let provider = each.scope.provider;
        let party_id = provider.party_id();
        let name = match provider {
            Provider::Aws => "Amazon Web Services",
            Provider::Azure => "Microsoft Azure",
            Provider::Gcp => "Google Cloud",
        };
        ensure_party(parties, party_id, name, PartyOrigin::Provider);
        if let Some(party) = parties.get_mut(party_id) {
            party.service_model.get_or_insert(ServiceModel::Iaas);
        }
        let scope = scope_node(provider, &each.scope.scope_id);
        for from in [ORGANIZATION_NODE.to_owned(), scope.clone()] {
            let key = (from, party_node(party_id), Relation::Hosts);
            sums.entry(key).or_default().add(Some(Strength::Hosting), each.resources, 1.0);
        }
        let sighting = sightings.entry(party_id.to_owned()).or_default();
        sighting.scopes.insert(scope);
        sighting.hosted_resources += each.resources;
    }
}

fn add_evidence(
    input: &GraphInput<'_>,
    parties: &mut BTreeMap<String, ThirdParty>,
    sums: &mut EdgeSums,
    sightings: &mut BTreeMap<String, Sighting>,
) {
    let counted =
        input.evidence.iter().filter(|row| matches!(row.status, EvidenceStatus::Live | EvidenceStatus::Dormant));
    for row in counted {
        ensure_party(parties, &row.party_id, &row.party_id, PartyOrigin::Discovered);
        // A raw id is its own attribution: that the account is there is all that can be said of it.
        let named = parties.get(&row.party_id).is_some_and(|party| party.origin != PartyOrigin::Discovered);
        let confidence = row.relation_confidence * if named { row.attribution_confidence } else { 1.0 };
        let to = party_node(&row.party_id);
        let scope = (input.scope_of)(&row.resource_key).map(|(provider, scope_id)| scope_node(provider, &scope_id));
        for from in [Some(ORGANIZATION_NODE.to_owned()), scope.clone()].into_iter().flatten() {
            sums.entry((from, to.clone(), row.relation)).or_default().add(Some(row.strength), 1, confidence);
        }
        let sighting = sightings.entry(row.party_id.clone()).or_default();
        sighting.scopes.extend(scope);
        sighting.resources.insert(row.resource_key.clone());
        sighting.evidence.push(EvidenceRef::from(row));
    }
    for sighting in sightings.values_mut() {
        sighting.evidence.sort();
    }
}

fn add_reports(
    input: &GraphInput<'_>,
    parties: &mut BTreeMap<String, ThirdParty>,
    sums: &mut EdgeSums,
) -> (BTreeMap<String, String>, Vec<Subservice>) {
    let mut report_parties = BTreeMap::new();
    let mut subservices = BTreeSet::new();
    let mut party_for = |name: &str| {
        let (PartyRef { party_id, name }, origin) = match (input.resolve_name)(name) {
            Some(found) => (found, PartyOrigin::Directory),
            None => (PartyRef { party_id: subservice_slug(name), name: name.to_owned() }, PartyOrigin::Report),
        };
        ensure_party(parties, &party_id, &name, origin);
        party_id
    };
    for report in input.reports {
        let vendor_id = match &report.party_id {
            Some(party_id) => party_id.clone(),
            None => party_for(&report.organization),
        };
        report_parties.insert(report.report_id.clone(), vendor_id.clone());
        let confidence = report.extraction.get("confidence").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
        let key = (party_node(&vendor_id), report_node(&report.report_id), Relation::Attests);
        sums.entry(key).or_default().add(None, 1, confidence);
        for named in &report.subservice_organizations {
            let party_id = party_for(&named.name);
            // A group may name a company of its own; that is no dependency on somebody else.
            if party_id != vendor_id {
                let key = (party_node(&vendor_id), party_node(&party_id), Relation::SubserviceOf);
                sums.entry(key).or_default().add(None, 1, confidence);
            }
            subservices.insert(Subservice {
                report_id: report.report_id.clone(),
                vendor_id: vendor_id.clone(),
                name: named.name.clone(),
                party_id,
                method: named.method,
            });
        }
    }
    // A card may name its vendor by an id that nothing else has shown yet.
    for report in input.reports {
        if let Some(vendor_id) = report_parties.get(&report.report_id) {
            ensure_party(parties, vendor_id, &report.organization, PartyOrigin::Report);
        }
    }
    (report_parties, subservices.into_iter().collect())
}
