//! The third-party dependency graph: who depends on whom, through whom, and what hangs on a single party.
//!
//! The only room that knows petgraph, which never shows in a signature. No I/O and no clock: the caller hands in
//! rows, and gets rows back in a total order, so that two builds from the same rows are the same.

mod analysis;
mod build;
mod questions;

use std::collections::BTreeMap;

use carveout_model::{
    Concentration, Edge, Evidence, Node, Provider, Reach, Relation, Scope, Soc2Report, SubserviceMethod, ThirdParty,
};

pub use build::subservice_slug;
pub use questions::{EvidenceRef, Impact, Step, Why};

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

/// A dependency that is known from elsewhere than the estate and the reports (a public subprocessor list, a register).
#[derive(Debug, Clone, PartialEq)]
pub struct KnownDependency {
    /// The dependent party.
    pub party_id: String,
    /// The party that it depends on.
    pub depends_on: String,
    /// What `depends_on` is to it.
    pub relation: Relation,
    /// 0 to 1; a published list is weaker than a report.
    pub confidence: f64,
    /// Where it was read.
    pub source: String,
}

/// Everything that the graph is built from.
#[derive(Clone, Copy)]
pub struct GraphInput<'a> {
    /// Our name.
    pub organization: &'a str,
    /// Our scopes.
    pub scopes: &'a [ScopeUse<'a>],
    /// The third parties that are known so far.
    pub parties: &'a [ThirdParty],
    /// Why they are there. Only `live` and `dormant` rows make edges.
    pub evidence: &'a [Evidence],
    /// Vendors' reports, each with its subservice organizations.
    pub reports: &'a [Soc2Report],
    /// Dependencies between parties from other sources; may be empty.
    pub known_dependencies: &'a [KnownDependency],
    /// The scope that holds a resource, by `resource_key`.
    pub scope_of: &'a dyn Fn(&str) -> Option<(Provider, String)>,
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

/// The graph, built once and asked often.
#[derive(Debug)]
pub struct DependencyGraph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    added_parties: Vec<ThirdParty>,
    report_parties: BTreeMap<String, String>,
    subservices: Vec<Subservice>,
    sightings: BTreeMap<String, build::Sighting>,
    reach: Vec<Reach>,
    concentration: Vec<Concentration>,
    topology: analysis::Topology,
}

impl DependencyGraph {
    /// Builds the graph and answers its standing questions once.
    pub fn build(input: &GraphInput<'_>) -> Self {
        let parts = build::assemble(input);
        let topology = analysis::Topology::new(&parts);
        let reach = topology.reach();
        let concentration = topology.concentration(&parts.sightings);
        Self {
            nodes: parts.nodes,
            edges: parts.edges,
            added_parties: parts.added_parties,
            report_parties: parts.report_parties,
            subservices: parts.subservices,
            sightings: parts.sightings,
            reach,
            concentration,
            topology,
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
