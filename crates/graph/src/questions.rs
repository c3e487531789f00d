//! What people ask of one party: why is it here, and what falls with it.

use carveout_model::{Edge, Evidence, EvidenceStatus, NodeKind, Reach, Relation, Strength};
use serde::Serialize;

use crate::build::party_node;
use crate::{DependencyGraph, ORGANIZATION_NODE};

/// One row of evidence, by what finds it again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EvidenceRef {
    /// The resource that shows the party.
    pub resource_key: String,
    /// The signal.
    pub signal: String,
    /// What the party is to us.
    pub relation: Relation,
    /// How far it reaches.
    pub strength: Strength,
    /// Live or dormant.
    pub status: EvidenceStatus,
    /// JSON path in the resource's `config`, where the evidence names one.
    pub path: Option<String>,
}

impl From<&Evidence> for EvidenceRef {
    fn from(row: &Evidence) -> Self {
        Self {
            resource_key: row.resource_key.clone(),
            signal: row.signal.clone(),
            relation: row.relation,
            strength: row.strength,
            status: row.status,
            path: row.detail.get("path").and_then(|path| path.as_str()).map(ToOwned::to_owned),
        }
    }
}

/// One step of a path: `from_id` depends on `to_id`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The dependent node.
    pub from_id: String,
    /// The node that it depends on.
    pub to_id: String,
    /// The edges between the two.
    pub edges: Vec<Edge>,
    /// Reports that name the step, where it leads from one party to another.
    pub report_ids: Vec<String>,
}

/// Why a party is in the graph.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    /// The party.
    pub party_id: String,
    /// The shortest path from us; none where the party is known and nothing leads to it (a register entry, say).
    pub reach: Option<Reach>,
    /// The steps of that path, from us to the party.
    pub steps: Vec<Step>,
    /// Our own evidence for the first party on the path, strongest first.
    pub evidence: Vec<EvidenceRef>,
    /// Reports that speak for the party itself.
    pub report_ids: Vec<String>,
}

/// What falls with a party.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Impact {
    /// The party.
    pub party_id: String,
    /// Whether we depend on it ourselves, and not only through others.
    pub direct: bool,
    /// Parties that depend on it, with the number of steps, nearest first.
    pub dependents: Vec<(String, u32)>,
    /// Parties that we can reach only through it.
    pub dominated: Vec<String>,
    /// Node ids of our scopes in which it was seen.
    pub scopes: Vec<String>,
    /// Keys of our resources that show it. Those that a cloud hosts are counted in `hosted_resources` instead.
    pub resources: Vec<String>,
    /// Resources of ours that the party hosts as a cloud.
    pub hosted_resources: u64,
    /// What the party is to us and to others, with how many edges say so.
    pub relations: Vec<(Relation, u64)>,
}

impl DependencyGraph {
    /// The path that brings a party in, with the evidence for its first step; none for a party that is not known.
    pub fn why(&self, party_id: &str) -> Option<Why> {
        self.topology.index_of(party_id)?;
        let reach = self.reach.iter().find(|row| row.party_id == party_id).cloned();
        let mut steps = Vec::new();
        if let Some(found) = &reach {
            let mut from_id = ORGANIZATION_NODE.to_owned();
            for id in &found.path {
                let to_id = party_node(id);
                steps.push(self.step(&from_id, &to_id));
                from_id = to_id;
            }
        }
        let first = reach.as_ref().and_then(|found| found.path.first());
        let mut evidence =
            first.and_then(|id| self.sightings.get(id)).map(|seen| seen.evidence.clone()).unwrap_or_default();
        evidence.sort_by(|a, b| b.strength.cmp(&a.strength).then_with(|| a.cmp(b)));
        let report_ids =
            self.report_parties.iter().filter(|(_, vendor)| *vendor == party_id).map(|(id, _)| id.clone()).collect();
        Some(Why { party_id: party_id.to_owned(), reach, steps, evidence, report_ids })
    }

    /// What depends on a party and what would be lost without it; none for a party that is not known.
    pub fn impact(&self, party_id: &str) -> Option<Impact> {
        let at = self.topology.index_of(party_id)?;
        let node_id = party_node(party_id);
        let mut relations = std::collections::BTreeMap::new();
        let mut direct = false;
        for edge in self.edges.iter().filter(|edge| edge.to_id == node_id) {
            direct |= edge.from_id == ORGANIZATION_NODE;
            // The organization's own edge sums up those of its scopes.
            if !edge.from_id.starts_with("scope:") {
                *relations.entry(edge.relation).or_insert(0) += 1;
            }
        }
        let seen = self.sightings.get(party_id);
        Some(Impact {
            party_id: party_id.to_owned(),
            direct,
            dependents: self.topology.dependents(at),
            dominated: self.topology.dominated(at),
            scopes: seen.map(|seen| seen.scopes.iter().cloned().collect()).unwrap_or_default(),
            resources: seen.map(|seen| seen.resources.iter().cloned().collect()).unwrap_or_default(),
            hosted_resources: seen.map_or(0, |seen| seen.hosted_resources),
            relations: relations.into_iter().collect(),
        })
    }

    /// The label of a node, for people.
    pub fn label(&self, node_id: &str) -> Option<&str> {
        let at = self.nodes.binary_search_by(|node| node.node_id.as_str().cmp(node_id)).ok()?;
        Some(&self.nodes[at].label)
    }

    /// Parties that are known and that nothing leads to.
    pub fn unreached(&self) -> Vec<&str> {
        let reached: std::collections::BTreeSet<&str> = self.reach.iter().map(|row| row.party_id.as_str()).collect();
        self.nodes
            .iter()
            .filter(|node| node.kind == NodeKind::ThirdParty)
            .filter_map(|node| node.party_id.as_deref())
            .filter(|party_id| !reached.contains(party_id))
            .collect()
    }

    fn step(&self, from_id: &str, to_id: &str) -> Step {
        let edges: Vec<Edge> =
            self.edges.iter().filter(|edge| edge.from_id == from_id && edge.to_id == to_id).cloned().collect();
        let report_ids = self
            .subservices
            .iter()
            .filter(|row| party_node(&row.vendor_id) == from_id && party_node(&row.party_id) == to_id)
            .map(|row| row.report_id.clone())
            .collect();
        Step { from_id: from_id.to_owned(), to_id: to_id.to_owned(), edges, report_ids }
    }
}
