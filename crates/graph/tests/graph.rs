//! The graph over small estates that can be checked by eye, and over random ones against a plain walk.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use carveout_graph::{DependencyGraph, GraphInput, KnownDependency, PartyRef, ScopeUse, subservice_slug};
use carveout_model::{
    Category, Direction, Evidence, EvidenceStatus, Opinion, PartyOrigin, Provider, Relation, ReportType, Scope,
    ScopeKind, Soc2Report, Strength, SubserviceMethod, SubserviceOrganization, ThirdParty,
};
use serde_json::{Value, json};

fn scope(id: &str) -> Scope {
    Scope {
        provider: Provider::Aws,
        scope_id: id.to_owned(),
        kind: ScopeKind::Account,
        parent_id: None,
        name: None,
        status: "active".to_owned(),
        raw: Value::Null,
    }
}

fn party(id: &str, origin: PartyOrigin) -> ThirdParty {
    ThirdParty {
        party_id: id.to_owned(),
        name: id.to_uppercase(),
        domain: None,
        category: None,
        service_model: None,
        origin,
        in_register: false,
        relation_strength: None,
    }
}

fn evidence(party_id: &str, resource_key: &str, status: EvidenceStatus) -> Evidence {
    Evidence {
        party_id: party_id.to_owned(),
        resource_key: resource_key.to_owned(),
        signal: "iam_trust_policy".to_owned(),
        relation: Relation::ReadsData,
        strength: Strength::CanReadData,
        direction: Direction::Inbound,
        detail: json!({ "path": "AssumeRolePolicyDocument.Statement[0].Principal.AWS" }),
        relation_confidence: 0.9,
        attribution_confidence: 0.5,
        status,
    }
}

fn report(vendor: &str, subservices: &[&str]) -> Soc2Report {
    Soc2Report {
        report_id: format!("{vendor}-2026"),
        party_id: Some(vendor.to_owned()),
        organization: vendor.to_uppercase(),
        system: None,
        report_type: ReportType::Type2,
        auditor: None,
        period_start: None,
        period_end: None,
        as_of: None,
        issued_on: None,
        opinion: Some(Opinion::Unqualified),
        qualified_criteria: Vec::new(),
        categories: vec![Category::Security],
        bridge_until: None,
        subservice_organizations: subservices
            .iter()
            .map(|name| SubserviceOrganization {
                name: (*name).to_owned(),
                method: SubserviceMethod::CarveOut,
                services: None,
            })
            .collect(),
        user_entity_controls: Vec::new(),
        subservice_controls: Vec::new(),
        controls: Vec::new(),
        exceptions: Vec::new(),
        source: String::new(),
        source_sha256: String::new(),
        extraction: Value::Null,
    }
}

struct Estate {
    scopes: Vec<(Scope, u64)>,
    parties: Vec<ThirdParty>,
    evidence: Vec<Evidence>,
    reports: Vec<Soc2Report>,
    known: Vec<KnownDependency>,
}

impl Estate {
    fn build(&self) -> DependencyGraph {
        let scopes: Vec<ScopeUse<'_>> =
            self.scopes.iter().map(|(scope, resources)| ScopeUse { scope, resources: *resources }).collect();
        DependencyGraph::build(&GraphInput {
            organization: "Acme",
            scopes: &scopes,
            parties: &self.parties,
            evidence: &self.evidence,
            reports: &self.reports,
            known_dependencies: &self.known,
            // Keys read `<account>/<name>`.
            scope_of: &|key| key.split_once('/').map(|(account, _)| (Provider::Aws, account.to_owned())),
            resolve_name: &|name| {
                let party_id = match name {
                    "Amazon Web Services, Inc." => "aws",
                    "DATADOG" => "datadog",
                    "OKTA" => "okta",
                    _ => return None,
                };
                Some(PartyRef { party_id: party_id.to_owned(), name: name.to_owned() })
            },
        })
    }
}

/// Acme runs in AWS and uses Datadog and Okta; Datadog uses AWS and Equinix, Okta uses Datadog and Datadog uses Okta.
fn acme() -> Estate {
    Estate {
        scopes: vec![(scope("111111111111"), 40), (scope("222222222222"), 2), (scope("333333333333"), 0)],
        parties: vec![
            party("datadog", PartyOrigin::Directory),
            party("okta", PartyOrigin::Directory),
            party("old-vendor", PartyOrigin::Directory),
            party("unknown-aws-999999999999", PartyOrigin::Discovered),
        ],
        evidence: vec![
            evidence("datadog", "111111111111/role", EvidenceStatus::Live),
            evidence("datadog", "222222222222/role", EvidenceStatus::Dormant),
            evidence("datadog", "elsewhere", EvidenceStatus::Live),
            evidence("okta", "111111111111/saml", EvidenceStatus::Live),
            evidence("old-vendor", "111111111111/left", EvidenceStatus::Stale),
            evidence("unknown-aws-999999999999", "111111111111/x", EvidenceStatus::Live),
        ],
        reports: vec![
            report("datadog", &["Amazon Web Services, Inc.", "Equinix, Inc.", "OKTA"]),
            report("okta", &["DATADOG", "OKTA"]),
        ],
        known: Vec::new(),
    }
}

#[test]
fn a_fourth_party_is_reached_through_the_vendor_whose_report_names_it() {
    let graph = acme().build();
    let row = graph.reach().iter().find(|row| row.party_id == "subservice-equinix").expect("it is reached");
    assert_eq!((row.depth, row.via.as_deref()), (2, Some("datadog")));
    assert_eq!(row.path, ["datadog", "subservice-equinix"]);
    let added: Vec<_> = graph.added_parties().iter().map(|each| (each.party_id.as_str(), each.origin)).collect();
    assert_eq!(added, [("aws", PartyOrigin::Provider), ("subservice-equinix", PartyOrigin::Report)]);
}

#[test]
fn a_provider_that_is_ours_and_a_vendors_is_one_node() {
    let graph = acme().build();
    assert_eq!(graph.nodes().iter().filter(|node| node.node_id == "party:aws").count(), 1);
    let aws = graph.concentration().iter().find(|row| row.party_id == "aws").expect("a row for each party");
    assert_eq!((aws.direct_dependents, aws.total_dependents), (1, 2), "Datadog, and Okta through it");
    assert_eq!((aws.scopes, aws.resources), (2, 42), "an empty account hosts nothing");
}

#[test]
fn a_cycle_of_vendors_is_walked_once() {
    let graph = acme().build();
    let mut parties: Vec<_> = graph.reach().iter().map(|row| row.party_id.as_str()).collect();
    assert_eq!(parties, ["aws", "datadog", "okta", "unknown-aws-999999999999", "subservice-equinix"]);
    parties.dedup();
    assert_eq!(parties.len(), graph.reach().len());
    let itself = graph.edges().iter().find(|edge| edge.from_id == edge.to_id);
    assert_eq!(itself, None, "a vendor that names itself does not depend on itself");
}

#[test]
fn only_live_and_dormant_evidence_makes_an_edge() {
    let graph = acme().build();
    assert_eq!(graph.unreached(), ["old-vendor"]);
    let why = graph.why("old-vendor").expect("the party is known");
    assert_eq!((why.reach, why.steps.len(), why.evidence.len()), (None, 0, 0));
    assert_eq!(graph.why("nobody"), None);
}

#[test]
fn evidence_is_summed_per_scope_and_for_us() {
    let graph = acme().build();
    let edge = |from: &str, to: &str| {
        graph.edges().iter().find(|edge| edge.from_id == from && edge.to_id == to).expect("the edge is there")
    };
    let ours = edge("organization", "party:datadog");
    assert_eq!(ours.evidence_count, 3, "evidence without a known scope counts for us");
    assert!((ours.confidence - 0.45).abs() < 1e-12);
    assert_eq!(edge("scope:aws:222222222222", "party:datadog").evidence_count, 1);
    let raw = edge("organization", "party:unknown-aws-999999999999");
    assert!((raw.confidence - 0.9).abs() < 1e-12, "a raw id has no attribution to doubt");
    assert_eq!(edge("party:datadog", "report:datadog-2026").relation, Relation::Attests);
}

#[test]
fn what_hangs_on_one_party_is_dominated_by_it() {
    let graph = acme().build();
    let row = |id: &str| graph.concentration().iter().find(|row| row.party_id == id).expect("a row for each party");
    assert_eq!(row("datadog").dominates, 1, "only Equinix has no other way");
    assert_eq!(row("okta").dominates, 0);
    assert!(row("datadog").is_cut_vertex);
    assert!(!row("aws").is_cut_vertex);
    assert!(row("datadog").centrality > 0.0 && row("subservice-equinix").centrality == 0.0);
    let impact = graph.impact("datadog").expect("the party is known");
    assert_eq!(impact.dominated, ["subservice-equinix"]);
    assert_eq!(impact.dependents, [("okta".to_owned(), 1)]);
    assert_eq!(impact.scopes, ["scope:aws:111111111111", "scope:aws:222222222222"]);
    assert_eq!(impact.relations, [(Relation::ReadsData, 1), (Relation::SubserviceOf, 1)]);
    assert!(impact.direct && !graph.impact("subservice-equinix").expect("known").direct);
}

#[test]
fn why_gives_each_step_with_what_shows_it() {
    let graph = acme().build();
    let why = graph.why("subservice-equinix").expect("the party is known");
    assert_eq!(why.steps.len(), 2);
    assert_eq!(why.steps[0].edges[0].relation, Relation::ReadsData);
    assert_eq!(why.steps[1].report_ids, ["datadog-2026"]);
    assert_eq!(why.evidence.len(), 3);
    assert_eq!(why.evidence[0].path.as_deref(), Some("AssumeRolePolicyDocument.Statement[0].Principal.AWS"));
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let mut shuffled = acme();
    shuffled.parties.reverse();
    shuffled.evidence.reverse();
    shuffled.reports.reverse();
    shuffled.scopes.reverse();
    let (one, other) = (acme().build(), shuffled.build());
    assert_eq!(one.nodes(), other.nodes());
    assert_eq!(one.edges(), other.edges());
    assert_eq!(one.reach(), other.reach());
    assert_eq!(one.concentration(), other.concentration());
    assert_eq!(one.subservices(), other.subservices());
}

#[test]
fn a_slug_drops_the_legal_form_and_keeps_the_name() {
    assert_eq!(subservice_slug("Equinix, Inc."), "subservice-equinix");
    assert_eq!(subservice_slug("Müller Rechenzentrum GmbH & Co. AG"), "subservice-müller-rechenzentrum");
    assert_eq!(subservice_slug("Inc."), "subservice-inc");
    assert_eq!(subservice_slug("—"), "subservice-unnamed");
}

/// Depths by the plainest walk there is.
fn plain_depths(edges: &BTreeSet<(usize, usize)>, direct: &BTreeSet<usize>) -> BTreeMap<usize, u32> {
    let mut depth: BTreeMap<usize, u32> = direct.iter().map(|at| (*at, 1)).collect();
    let mut queue: VecDeque<usize> = direct.iter().copied().collect();
    while let Some(at) = queue.pop_front() {
        for (_, to) in edges.iter().filter(|(from, _)| *from == at) {
            if !depth.contains_key(to) {
                depth.insert(*to, depth[&at] + 1);
                queue.push_back(*to);
            }
        }
    }
    depth
}

#[test]
fn reach_and_dominators_agree_with_a_plain_walk_on_random_graphs() {
    let mut state: u64 = 20_260_101;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    for _ in 0..200 {
        let n = 2 + random(14);
        let edges: BTreeSet<(usize, usize)> = (0..random(3 * n)).map(|_| (random(n), random(n))).collect();
        let direct: BTreeSet<usize> = (0..1 + random(3)).map(|_| random(n)).collect();
        let id = |at: usize| format!("p{at:02}");
        let estate = Estate {
            scopes: Vec::new(),
            parties: (0..n).map(|at| party(&id(at), PartyOrigin::Directory)).collect(),
            evidence: direct.iter().map(|at| evidence(&id(*at), "key", EvidenceStatus::Live)).collect(),
            reports: Vec::new(),
            known: edges
                .iter()
                .map(|(from, to)| KnownDependency {
                    party_id: id(*from),
                    depends_on: id(*to),
                    relation: Relation::Hosts,
                    confidence: 0.5,
                    source: "made up".to_owned(),
                })
                .collect(),
        };
        let graph = estate.build();
        let expected = plain_depths(&edges, &direct);
        let found: BTreeMap<String, u32> = graph.reach().iter().map(|row| (row.party_id.clone(), row.depth)).collect();
        assert_eq!(found, expected.iter().map(|(at, depth)| (id(*at), *depth)).collect());
        for row in graph.reach() {
            let mut steps = row.path.windows(2).map(|pair| (pair[0].clone(), pair[1].clone()));
            assert!(steps.all(|(from, to)| edges.iter().any(|(a, b)| id(*a) == from && id(*b) == to)), "{row:?}");
            assert_eq!(row.path.len(), row.depth as usize);
        }
        // A party dominates what can't be reached once it is gone.
        for at in 0..n {
            let without: BTreeSet<(usize, usize)> =
                edges.iter().copied().filter(|(from, to)| *from != at && *to != at).collect();
            let still: BTreeSet<usize> = direct.iter().copied().filter(|each| *each != at).collect();
            let left = plain_depths(&without, &still);
            let lost = expected.keys().filter(|each| **each != at && !left.contains_key(each)).count();
            let row = graph.concentration().iter().find(|row| row.party_id == id(at)).expect("a row for each party");
            assert_eq!(row.dominates, lost as u64, "{} in {edges:?} from {direct:?}", id(at));
        }
    }
}
