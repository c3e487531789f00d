//! From rows to nodes and edges: sightings are summed up per scope, party and relation; names in reports become parties.
//!
//! Sightings are taken one by one and none is kept, so that memory is in proportion to the distinct pairs of parties
//! and resources (8 bytes each) and not to the text of the evidence.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use carveout_model::{
    Edge, Node, NodeKind, PartyOrigin, Provider, Relation, ServiceModel, Soc2Report, Strength, ThirdParty,
};

use crate::{GraphInput, ORGANIZATION_NODE, PartyRef, Sighting, Subservice};

/// How much of our estate shows a party.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Footprint {
    /// Scopes in which it was seen.
    pub scopes: u64,
    /// Distinct resources that show it, and those that it hosts as a cloud.
    pub resources: u64,
}

/// The assembled rows, before anything is computed from them.
pub(crate) struct Parts {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// Sorted.
    pub party_ids: Vec<String>,
    pub added_parties: Vec<ThirdParty>,
    pub report_parties: BTreeMap<String, String>,
    pub subservices: Vec<Subservice>,
    /// By party, in the order of `party_ids`.
    pub footprints: Vec<Footprint>,
}

/// Everything that several rows say about one edge.
#[derive(Debug, Clone, Copy, Default)]
struct EdgeSum {
    strength: Option<Strength>,
    evidence_count: u64,
    confidence: f64,
}

impl EdgeSum {
    fn add(&mut self, other: Self) {
        self.strength = self.strength.max(other.strength);
        self.evidence_count += other.evidence_count;
        self.confidence = self.confidence.max(other.confidence);
    }
}

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

/// The node of a party.
pub fn party_node(party_id: &str) -> String {
    format!("party:{party_id}")
}

pub(crate) fn scope_node(provider: Provider, scope_id: &str) -> String {
    format!("scope:{provider}:{scope_id}")
}

fn report_node(report_id: &str) -> String {
    format!("report:{report_id}")
}

/// Numbers texts in the order in which they come.
struct Numbers<K> {
    of: HashMap<K, u32>,
}

impl<K> Default for Numbers<K> {
    fn default() -> Self {
        Self { of: HashMap::new() }
    }
}

impl<K: std::hash::Hash + Eq> Numbers<K> {
    fn number(&mut self, key: K) -> u32 {
        let next = self.of.len() as u32;
        *self.of.entry(key).or_insert(next)
    }
}

/// Stands for no scope: the resource is in none that is known.
const NO_SCOPE: u32 = u32::MAX;

/// What the estate shows, summed up.
#[derive(Default)]
struct Estate<'a> {
    parties: Numbers<&'a str>,
    scopes: Numbers<(Provider, &'a str)>,
    resources: Numbers<&'a str>,
    /// By scope, party and relation.
    sums: HashMap<(u32, u32, Relation), EdgeSum>,
    /// (party, resource), many times over.
    pairs: Vec<(u32, u32)>,
    hosted: HashMap<u32, u64>,
}

/// Pairs that are kept before equal ones are thrown out.
const PAIRS_BEFORE_TIDYING: usize = 1 << 22;

impl<'a> Estate<'a> {
    fn see(&mut self, seen: &Sighting<'a>, is_named: bool) {
        // A raw id is its own attribution: that the account is there is all that can be said of it.
        let confidence = seen.relation_confidence * if is_named { seen.attribution_confidence } else { 1.0 };
        let party = self.parties.number(seen.party_id);
        let scope = seen.scope.map_or(NO_SCOPE, |scope| self.scopes.number(scope));
        let sum = EdgeSum { strength: Some(seen.strength), evidence_count: 1, confidence };
        self.sums.entry((scope, party, seen.relation)).or_default().add(sum);
        let resource = self.resources.number(seen.resource_key);
        if self.pairs.last() != Some(&(party, resource)) {
            self.pairs.push((party, resource));
            if self.pairs.len().is_multiple_of(PAIRS_BEFORE_TIDYING) {
                self.tidy();
            }
        }
    }

    fn tidy(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
    }

    /// A scope with resources is hosted by its cloud.
    fn host(&mut self, provider: Provider, scope_id: &'a str, resources: u64) {
        let party = self.parties.number(provider.party_id());
        let scope = self.scopes.number((provider, scope_id));
        let sum = EdgeSum { strength: Some(Strength::Hosting), evidence_count: resources, confidence: 1.0 };
        self.sums.entry((scope, party, Relation::Hosts)).or_default().add(sum);
        *self.hosted.entry(party).or_default() += resources;
    }
}

/// Edges under construction, by the ids of their ends.
type EdgeSums = BTreeMap<(String, String, Relation), EdgeSum>;

pub(crate) fn assemble<'a>(input: &GraphInput<'a>, sightings: impl IntoIterator<Item = Sighting<'a>>) -> Parts {
    let mut parties: BTreeMap<String, ThirdParty> =
        input.parties.iter().map(|party| (party.party_id.clone(), party.clone())).collect();
    let listed: BTreeSet<String> = parties.keys().cloned().collect();
    let mut estate = Estate::default();
    for each in input.scopes.iter().filter(|each| each.resources > 0) {
        add_cloud(&mut parties, each.scope.provider);
        estate.host(each.scope.provider, &each.scope.scope_id, each.resources);
    }
    let named: HashMap<&str, bool> =
        input.parties.iter().map(|party| (party.party_id.as_str(), party.origin != PartyOrigin::Discovered)).collect();
    for seen in sightings {
        let is_cloud = || parties.get(seen.party_id).is_some_and(|party| party.origin == PartyOrigin::Provider);
        let is_named = named.get(seen.party_id).copied().unwrap_or_else(is_cloud);
        estate.see(&seen, is_named);
    }
    for party_id in estate.parties.of.keys() {
        ensure_party(&mut parties, party_id, party_id, PartyOrigin::Discovered);
    }
    let mut sums = EdgeSums::new();
    let (report_parties, subservices) = add_reports(input, &mut parties, &mut sums);
    for known in input.known_dependencies {
        for (party_id, name) in [(&known.party_id, &known.party_name), (&known.depends_on, &known.depends_on_name)] {
            ensure_party(&mut parties, party_id, name, PartyOrigin::Directory);
        }
        if known.party_id != known.depends_on {
            let key = (party_node(&known.party_id), party_node(&known.depends_on), known.relation);
            sums.entry(key).or_default().add(EdgeSum {
                strength: None,
                evidence_count: 1,
                confidence: known.confidence,
            });
        }
    }
    let footprints = add_estate(estate, &parties, &mut sums);
    let nodes = nodes(input, &parties, &report_parties);
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
    Parts { nodes, edges, party_ids, added_parties, report_parties, subservices, footprints }
}

/// Turns the sums of the estate into edges of scopes and of the organization, and counts what shows each party.
fn add_estate(mut estate: Estate<'_>, parties: &BTreeMap<String, ThirdParty>, sums: &mut EdgeSums) -> Vec<Footprint> {
    estate.tidy();
    let mut party_ids = vec![""; estate.parties.of.len()];
    for (party_id, number) in &estate.parties.of {
        party_ids[*number as usize] = party_id;
    }
    let mut scope_ids = vec![String::new(); estate.scopes.of.len()];
    for ((provider, scope_id), number) in &estate.scopes.of {
        scope_ids[*number as usize] = scope_node(*provider, scope_id);
    }
    let mut found = vec![Footprint::default(); party_ids.len()];
    for (party, _) in &estate.pairs {
        found[*party as usize].resources += 1;
    }
    for (party, resources) in &estate.hosted {
        found[*party as usize].resources += resources;
    }
    let mut seen_in: Vec<(u32, u32)> = Vec::new();
    for ((scope, party, relation), sum) in &estate.sums {
        let to = party_node(party_ids[*party as usize]);
        sums.entry((ORGANIZATION_NODE.to_owned(), to.clone(), *relation)).or_default().add(*sum);
        if *scope != NO_SCOPE {
            seen_in.push((*party, *scope));
            sums.entry((scope_ids[*scope as usize].clone(), to, *relation)).or_default().add(*sum);
        }
    }
    seen_in.sort_unstable();
    seen_in.dedup();
    for (party, _) in seen_in {
        found[party as usize].scopes += 1;
    }
    let of_party = |party_id: &String| estate.parties.of.get(party_id.as_str()).map(|number| found[*number as usize]);
    parties.keys().map(|party_id| of_party(party_id).unwrap_or_default()).collect()
}

fn nodes(
    input: &GraphInput<'_>,
    parties: &BTreeMap<String, ThirdParty>,
    report_parties: &BTreeMap<String, String>,
) -> Vec<Node> {
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
    nodes
}

fn report_label(report: &Soc2Report) -> String {
    let day = report.period_end.or(report.as_of).map(|day| format!(" to {day}")).unwrap_or_default();
    format!("{} {}{day}", report.organization, report.report_type)
}

fn ensure_party(parties: &mut BTreeMap<String, ThirdParty>, party_id: &str, name: &str, origin: PartyOrigin) {
    if parties.contains_key(party_id) {
        return;
    }
    let party = ThirdParty {
        party_id: party_id.to_owned(),
        name: name.to_owned(),
        domain: None,
        category: None,
        service_model: None,
        origin,
        in_register: false,
        relation_strength: None,
    };
    parties.insert(party_id.to_owned(), party);
}

fn add_cloud(parties: &mut BTreeMap<String, ThirdParty>, provider: Provider) {
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
        let sum = EdgeSum { strength: None, evidence_count: 1, confidence };
        let key = (party_node(&vendor_id), report_node(&report.report_id), Relation::Attests);
        sums.entry(key).or_default().add(sum);
        for named in &report.subservice_organizations {
            let party_id = party_for(&named.name);
            // A group may name a company of its own; that is no dependency on somebody else.
            if party_id != vendor_id {
                let key = (party_node(&vendor_id), party_node(&party_id), Relation::SubserviceOf);
                sums.entry(key).or_default().add(sum);
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
