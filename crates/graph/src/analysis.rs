//! What the shape of the graph says: reach, dominators, cut vertices and betweenness.
//!
//! Works on us and the parties only; scopes and reports are detail of the same dependencies. Parallel edges count
//! once, and a cycle of parties is walked once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use carveout_model::{Concentration, Reach, Relation};
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::algo::{articulation_points::articulation_points, dominators};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::ORGANIZATION_NODE;
use crate::build::{Parts, Sighting, party_node};

/// Us and the parties, with one edge for each pair that depends.
#[derive(Debug)]
pub(crate) struct Topology {
    graph: DiGraph<String, ()>,
    root: NodeIndex,
    index: BTreeMap<String, NodeIndex>,
}

impl Topology {
    pub(crate) fn new(parts: &Parts) -> Self {
        let mut graph = DiGraph::new();
        let root = graph.add_node(ORGANIZATION_NODE.to_owned());
        let index: BTreeMap<String, NodeIndex> =
            parts.party_ids.iter().map(|party_id| (party_id.clone(), graph.add_node(party_id.clone()))).collect();
        let by_node: BTreeMap<String, NodeIndex> = index
            .iter()
            .map(|(party_id, at)| (party_node(party_id), *at))
            .chain([(ORGANIZATION_NODE.to_owned(), root)])
            .collect();
        let pairs: BTreeSet<(NodeIndex, NodeIndex)> = parts
            .edges
            .iter()
            .filter(|edge| edge.relation != Relation::Attests && edge.from_id != edge.to_id)
            .filter_map(|edge| Some((*by_node.get(&edge.from_id)?, *by_node.get(&edge.to_id)?)))
            .collect();
        for (from, to) in pairs {
            graph.add_edge(from, to, ());
        }
        Self { graph, root, index }
    }

    pub(crate) fn index_of(&self, party_id: &str) -> Option<NodeIndex> {
        self.index.get(party_id).copied()
    }

    fn party_id(&self, at: NodeIndex) -> &str {
        &self.graph[at]
    }

    /// Neighbours by party id, so that ties are broken the same way in every build.
    fn neighbours(&self, at: NodeIndex, direction: petgraph::Direction) -> Vec<NodeIndex> {
        let mut found: Vec<NodeIndex> = self.graph.neighbors_directed(at, direction).collect();
        found.sort_by(|a, b| self.graph[*a].cmp(&self.graph[*b]));
        found
    }

    /// Breadth first from us; the parent of a party is the first in order that reaches it.
    pub(crate) fn reach(&self) -> Vec<Reach> {
        let mut parent: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
        let mut paths: BTreeMap<NodeIndex, Vec<String>> = BTreeMap::from([(self.root, Vec::new())]);
        let mut rows = Vec::new();
        let mut queue = VecDeque::from([self.root]);
        while let Some(at) = queue.pop_front() {
            let path = paths.get(&at).cloned().unwrap_or_default();
            for next in self.neighbours(at, Outgoing) {
                if next == self.root || parent.contains_key(&next) {
                    continue;
                }
                parent.insert(next, at);
                let mut longer = path.clone();
                longer.push(self.party_id(next).to_owned());
                rows.push(Reach {
                    party_id: self.party_id(next).to_owned(),
                    depth: u32::try_from(longer.len()).unwrap_or(u32::MAX),
                    via: (at != self.root).then(|| self.party_id(at).to_owned()),
                    path: longer.clone(),
                });
                paths.insert(next, longer);
                queue.push_back(next);
            }
        }
        rows.sort_by(|a, b| (a.depth, &a.party_id).cmp(&(b.depth, &b.party_id)));
        rows
    }

    /// Parties that depend on the given one, with the number of steps to it, nearest first.
    pub(crate) fn dependents(&self, at: NodeIndex) -> Vec<(String, u32)> {
        let mut depth: BTreeMap<NodeIndex, u32> = BTreeMap::from([(at, 0)]);
        let mut found = Vec::new();
        let mut queue = VecDeque::from([(at, 0)]);
        while let Some((here, steps)) = queue.pop_front() {
            for next in self.neighbours(here, Incoming) {
                if next != self.root && !depth.contains_key(&next) {
                    depth.insert(next, steps + 1);
                    found.push((self.party_id(next).to_owned(), steps + 1));
                    queue.push_back((next, steps + 1));
                }
            }
        }
        found.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        found
    }

    /// Parties that we can reach only through the given one.
    pub(crate) fn dominated(&self, at: NodeIndex) -> Vec<String> {
        let tree = dominators::simple_fast(&self.graph, self.root);
        let mut found: Vec<String> = self
            .index
            .values()
            .filter(|each| **each != at)
            .filter(|each| tree.strict_dominators(**each).is_some_and(|mut above| above.any(|upper| upper == at)))
            .map(|each| self.party_id(*each).to_owned())
            .collect();
        found.sort();
        found
    }

    pub(crate) fn concentration(&self, sightings: &BTreeMap<String, Sighting>) -> Vec<Concentration> {
        let mut dominates: BTreeMap<NodeIndex, u64> = BTreeMap::new();
        let tree = dominators::simple_fast(&self.graph, self.root);
        for at in self.index.values() {
            for upper in tree.strict_dominators(*at).into_iter().flatten() {
                *dominates.entry(upper).or_default() += 1;
            }
        }
        let cut = articulation_points(&self.undirected());
        let centrality = self.betweenness();
        self.index
            .iter()
            .map(|(party_id, at)| {
                let sighting = sightings.get(party_id);
                let direct = self.graph.neighbors_directed(*at, Incoming).filter(|from| *from != self.root).count();
                Concentration {
                    party_id: party_id.clone(),
                    direct_dependents: direct as u64,
                    total_dependents: self.dependents(*at).len() as u64,
                    scopes: sighting.map_or(0, |seen| seen.scopes.len() as u64),
                    resources: sighting.map_or(0, |seen| seen.resources.len() as u64 + seen.hosted_resources),
                    dominates: dominates.get(at).copied().unwrap_or(0),
                    is_cut_vertex: cut.contains(at),
                    centrality: centrality[at.index()],
                }
            })
            .collect()
    }

    /// The same nodes at the same indices, each pair joined once.
    fn undirected(&self) -> petgraph::graph::UnGraph<(), ()> {
        let mut graph = petgraph::graph::UnGraph::default();
        for _ in self.graph.node_indices() {
            graph.add_node(());
        }
        let pairs: BTreeSet<(NodeIndex, NodeIndex)> = self
            .graph
            .edge_indices()
            .filter_map(|edge| self.graph.edge_endpoints(edge))
            .map(|(from, to)| (from.min(to), from.max(to)))
            .collect();
        for (from, to) in pairs {
            graph.add_edge(from, to, ());
        }
        graph
    }

    /// Betweenness of every node by Brandes' accumulation (2001), over directed shortest paths, divided by the
    /// (n − 1)(n − 2) ordered pairs of other nodes.
    fn betweenness(&self) -> Vec<f64> {
        let n = self.graph.node_count();
        let successors: Vec<Vec<usize>> = self
            .graph
            .node_indices()
            .map(|at| self.neighbours(at, Outgoing).into_iter().map(NodeIndex::index).collect())
            .collect();
        let mut total = vec![0.0; n];
        for source in 0..n {
            let mut order = Vec::with_capacity(n);
            let mut before: Vec<Vec<usize>> = vec![Vec::new(); n];
            let mut paths = vec![0.0; n];
            let mut distance = vec![usize::MAX; n];
            paths[source] = 1.0;
            distance[source] = 0;
            let mut queue = VecDeque::from([source]);
            while let Some(at) = queue.pop_front() {
                order.push(at);
                for &next in &successors[at] {
                    if distance[next] == usize::MAX {
                        distance[next] = distance[at] + 1;
                        queue.push_back(next);
                    }
                    if distance[next] == distance[at] + 1 {
                        paths[next] += paths[at];
                        before[next].push(at);
                    }
                }
            }
            let mut share = vec![0.0; n];
            while let Some(at) = order.pop() {
                for &upper in &before[at] {
                    share[upper] += paths[upper] / paths[at] * (1.0 + share[at]);
                }
                if at != source {
                    total[at] += share[at];
                }
            }
        }
        if n > 2 {
            let pairs = ((n - 1) * (n - 2)) as f64;
            total.iter_mut().for_each(|each| *each /= pairs);
        }
        total
    }
}
