//! The third-party dependency graph: who depends on whom, through whom, and what hangs on a single party.
//!
//! Three parts. [`DependencyGraph`] builds the graph from the estate, the reports and lists of subprocessors, and
//! computes its standing rows. [`PublishedGraph`] answers questions from those rows, as they were published, and exports
//! them. [`Shape`] is what both compute with: a graph of numbered nodes. The only room that knows petgraph, which never
//! shows in a signature. No I/O and no clock: the caller hands in rows, and gets rows back in a total order, so that two
//! builds from the same rows are the same.

mod build;
mod export;
mod published;
mod questions;
mod shape;

use std::collections::{BTreeMap, HashMap};

use carveout_model::{
    Concentration, Edge, Evidence, EvidenceStatus, Node, Provider, Reach, Relation, Scope, Soc2Report, Strength,
    SubserviceMethod, ThirdParty,
};

pub use build::{party_node, subservice_slug};
pub use export::{EVIDENCE_PER_PARTY, ExportFormat};
pub use published::{CoverageRow, DaysCovered, EvidenceRow, ObligationRow, PublishedGraph, ReportRow, SubserviceRow};
pub use questions::{Coverage, Hop, Impact, Needed, Step, Subject, Why};
pub use shape::{Distances, NOWHERE, Shape};

/// The node that everything starts from: us.
pub const ORGANIZATION_NODE: &str = "organization";

/// Names a party that the caller's directory knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartyRef {
    /// Its id in the directory.
    pub party_id: String,
    /// Its name in the directory.
    pub name: String,
}

/// A container of resources with what was counted in it; one with resources depends on its cloud.
#[derive(Debug, Clone, Copy)]
pub struct ScopeUse<'a> {
    /// The scope.
    pub scope: &'a Scope,
    /// Live resources directly in it.
    pub resources: u64,
}

/// One row of evidence that counts, as far as the graph needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting<'a> {
    /// The party.
    pub party_id: &'a str,
    /// The resource that shows it.
    pub resource_key: &'a str,
    /// The scope that holds the resource, where it is known.
    pub scope: Option<(Provider, &'a str)>,
    /// What the party is to us.
    pub relation: Relation,
    /// How far it reaches.
    pub strength: Strength,
    /// That an outside party is there, 0 to 1.
    pub relation_confidence: f64,
    /// That it is this party, 0 to 1.
    pub attribution_confidence: f64,
}

impl<'a> Sighting<'a> {
    /// The sighting that a row of evidence is; none for one that does not count.
    pub fn of(row: &'a Evidence, scope: Option<(Provider, &'a str)>) -> Option<Self> {
        matches!(row.status, EvidenceStatus::Live | EvidenceStatus::Dormant).then_some(Self {
            party_id: &row.party_id,
            resource_key: &row.resource_key,
            scope,
            relation: row.relation,
            strength: row.strength,
            relation_confidence: row.relation_confidence,
            attribution_confidence: row.attribution_confidence,
        })
    }
}

/// A dependency that is known from elsewhere than the estate and the reports (a published list of subprocessors).
#[derive(Debug, Clone, PartialEq)]
pub struct KnownDependency {
    /// The dependent party.
    pub party_id: String,
    /// Its name, for a party that nothing else shows.
    pub party_name: String,
    /// The party that it depends on.
    pub depends_on: String,
    /// Its name, for a party that nothing else shows.
    pub depends_on_name: String,
    /// What `depends_on` is to it.
    pub relation: Relation,
    /// 0 to 1; a published list is weaker than a report.
    pub confidence: f64,
}

/// Everything that the graph is built from beside sightings.
#[derive(Clone, Copy)]
pub struct GraphInput<'a> {
    /// Our name.
    pub organization: &'a str,
    /// Our scopes.
    pub scopes: &'a [ScopeUse<'a>],
    /// The third parties that are known so far.
    pub parties: &'a [ThirdParty],
    /// Vendors' reports, each with its subservice organizations.
    pub reports: &'a [Soc2Report],
    /// Dependencies between parties from other sources; may be empty.
    pub known_dependencies: &'a [KnownDependency],
    /// The party that a report's printed name stands for.
    pub resolve_name: &'a dyn Fn(&str) -> Option<PartyRef>,
}

/// A subservice organization as a report names it, with the party that it turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subservice {
    /// The report.
    pub report_id: String,
    /// The party that the report speaks for.
    pub vendor_id: String,
    /// The name as printed.
    pub name: String,
    /// The party that the name stands for.
    pub party_id: String,
    /// Carve-out or inclusive.
    pub method: SubserviceMethod,
}

/// The graph as it is built at the end of a run, with its standing rows.
#[derive(Debug)]
pub struct DependencyGraph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    added_parties: Vec<ThirdParty>,
    report_parties: BTreeMap<String, String>,
    subservices: Vec<Subservice>,
    reach: Vec<Reach>,
    concentration: Vec<Concentration>,
}

impl DependencyGraph {
    /// Builds the graph. Sightings are taken one by one and not kept: their number bounds the time, and the distinct
    /// pairs of parties and resources the memory.
    ///
    /// Reach, dominators and cut vertices are computed over us and the parties. That is exact for parties although
    /// scopes and resources are left out: no way leads back from a party into our estate, so that every way from us to
    /// a party is a direct sighting followed by steps between parties.
    pub fn build<'a>(input: &GraphInput<'a>, sightings: impl IntoIterator<Item = Sighting<'a>>) -> Self {
        let parts = build::assemble(input, sightings);
        let shape = party_shape(&parts.party_ids, &parts.edges);
        let reach = reach(&shape, &parts.party_ids);
        let concentration = concentration(&shape, &parts);
        Self {
            nodes: parts.nodes,
            edges: parts.edges,
            added_parties: parts.added_parties,
            report_parties: parts.report_parties,
            subservices: parts.subservices,
            reach,
            concentration,
        }
    }

    /// The rows of `graph.nodes`, by `node_id`.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The rows of `graph.edges`, by `from_id`, `to_id` and relation.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The rows of `graph.reach`, nearest first and then by party. A party that nothing leads to has no row.
    pub fn reach(&self) -> &[Reach] {
        &self.reach
    }

    /// The rows of `graph.concentration`, one for each party, by party.
    pub fn concentration(&self) -> &[Concentration] {
        &self.concentration
    }

    /// Parties that the input did not list: the clouds in use, and those that only a report or a published list names.
    ///
    /// They belong in `parties.third_parties` too.
    pub fn added_parties(&self) -> &[ThirdParty] {
        &self.added_parties
    }

    /// The party that each report speaks for, by `report_id`.
    pub fn report_parties(&self) -> &BTreeMap<String, String> {
        &self.report_parties
    }

    /// The subservice organizations of all reports with the parties they turned out to be.
    pub fn subservices(&self) -> &[Subservice] {
        &self.subservices
    }
}

/// Us (node 0) and the parties (from 1, in the order of their sorted ids), with an edge for each pair that depends.
fn party_shape<Id: AsRef<str>>(party_ids: &[Id], edges: &[Edge]) -> Shape {
    let numbers: HashMap<&str, u32> =
        party_ids.iter().enumerate().map(|(index, party_id)| (party_id.as_ref(), index as u32 + 1)).collect();
    let number = |node_id: &str| match node_id.strip_prefix("party:") {
        Some(party_id) => numbers.get(party_id).copied(),
        None => (node_id == ORGANIZATION_NODE).then_some(0),
    };
    let pairs: Vec<(u32, u32)> = edges
        .iter()
        .filter(|edge| edge.relation != Relation::Attests)
        .filter_map(|edge| Some((number(&edge.from_id)?, number(&edge.to_id)?)))
        .collect();
    Shape::new(party_ids.len() + 1, &pairs)
}

fn reach(shape: &Shape, party_ids: &[String]) -> Vec<Reach> {
    let found = shape.distances(0);
    let id = |at: u32| party_ids[at as usize - 1].clone();
    let path = |at: u32| {
        let ways = std::iter::successors(Some(at), |at| Some(found.parent[*at as usize]).filter(|parent| *parent != 0));
        let mut path: Vec<String> = ways.map(id).collect();
        path.reverse();
        path
    };
    let mut rows: Vec<Reach> = found.order[1..]
        .iter()
        .map(|at| Reach {
            party_id: id(*at),
            depth: found.depth[*at as usize],
            via: Some(found.parent[*at as usize]).filter(|parent| *parent != 0).map(id),
            path: path(*at),
        })
        .collect();
    rows.sort_by(|a, b| (a.depth, &a.party_id).cmp(&(b.depth, &b.party_id)));
    rows
}

fn concentration(shape: &Shape, parts: &build::Parts) -> Vec<Concentration> {
    let is_party = |at: u32| at != 0;
    let back = shape.reversed();
    let dependents = shape.dependents(is_party);
    let dominates = shape.dominated(0, &shape.dominators(0), is_party);
    let is_cut = shape.cut_vertices();
    let centrality = shape.betweenness();
    parts
        .party_ids
        .iter()
        .zip(&parts.footprints)
        .enumerate()
        .map(|(index, (party_id, footprint))| {
            let at = index + 1;
            Concentration {
                party_id: party_id.clone(),
                direct_dependents: back.successors(at as u32).iter().filter(|from| is_party(**from)).count() as u64,
                total_dependents: dependents[at],
                scopes: footprint.scopes,
                resources: footprint.resources,
                dominates: dominates[at],
                is_cut_vertex: is_cut[at],
                centrality: centrality[at],
            }
        })
        .collect()
}
