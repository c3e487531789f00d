//! The dependency graph as rows.

use serde::{Deserialize, Serialize};

use crate::{Relation, Strength, vocabulary::vocabulary};

vocabulary! {
    /// What a node stands for.
    NodeKind {
        /// Us.
        Organization => "organization",
        /// An account, subscription, project or what holds them.
        Scope => "scope",
        /// A third or fourth party.
        ThirdParty => "third_party",
        /// A SOC 2 report.
        Report => "report",
    }
}

/// One row of `graph.nodes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// `organization`, `scope:<provider>:<scope_id>`, `party:<party_id>`, `report:<report_id>`.
    pub node_id: String,
    /// What it stands for.
    pub kind: NodeKind,
    /// The name shown to people.
    pub label: String,
    /// The party, for third parties.
    pub party_id: Option<String>,
    /// The scope, for scopes.
    pub scope_id: Option<String>,
}

/// One row of `graph.edges`: `from_id` depends on `to_id`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// The dependent.
    pub from_id: String,
    /// What it depends on.
    pub to_id: String,
    /// What `to_id` is to `from_id`.
    pub relation: Relation,
    /// The strongest evidence behind it.
    pub strength: Option<Strength>,
    /// How many rows of evidence stand behind it.
    pub evidence_count: u64,
    /// 0 to 1.
    pub confidence: f64,
}

/// One row of `graph.reach`: a party that the organization depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The party.
    pub party_id: String,
    /// 1 for a direct party, 2 and more through others.
    pub depth: u32,
    /// The party through which it is reached; none at depth 1.
    pub via: Option<String>,
    /// The party ids of one shortest path, from the direct party to this one.
    pub path: Vec<String>,
}

/// One row of `graph.concentration`: how much hangs on a party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Concentration {
    /// The party.
    pub party_id: String,
    /// Parties that depend on it directly.
    pub direct_dependents: u64,
    /// Parties that depend on it directly or through others.
    pub total_dependents: u64,
    /// Scopes of ours in which it was seen.
    pub scopes: u64,
    /// Resources of ours that show it.
    pub resources: u64,
    /// Parties that can be reached only through it.
    pub dominates: u64,
    /// Whether its removal splits the graph.
    pub is_cut_vertex: bool,
    /// Betweenness, normalized to 0 to 1.
    pub centrality: f64,
}
