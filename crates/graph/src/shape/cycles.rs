//! Cycles: groups of nodes that all depend on each other.

use petgraph::{algo::kosaraju_scc, graph::DiGraph};

use super::Shape;

impl Shape {
    /// Strongly connected components, those that others lead to first.
    pub(super) fn components(&self) -> Vec<Vec<u32>> {
        let mut graph = DiGraph::<(), (), u32>::with_capacity(self.nodes(), self.edges());
        for _ in 0..self.nodes() {
            graph.add_node(());
        }
        for from in 0..self.nodes() as u32 {
            graph.extend_with_edges(self.successors(from).iter().map(|to| (from, *to)));
        }
        let index = |at: petgraph::graph::NodeIndex<u32>| at.index() as u32;
        kosaraju_scc(&graph).into_iter().map(|component| component.into_iter().map(index).collect()).collect()
    }

    /// Groups of two and more nodes that can all reach each other, each as one shortest cycle through its lowest node
    /// followed by the members that it leaves out; by lowest node.
    pub fn cycles(&self) -> Vec<Vec<u32>> {
        let mut found: Vec<Vec<u32>> = self.components().into_iter().filter(|members| members.len() > 1).collect();
        for members in &mut found {
            members.sort_unstable();
            let lowest = members[0];
            let ways = self.distances(lowest);
            // The way back is the shortest over the nodes that point to the lowest.
            let last = members
                .iter()
                .filter(|at| self.successors(**at).binary_search(&lowest).is_ok())
                .min_by_key(|at| (ways.depth[**at as usize], **at));
            let mut cycle: Vec<u32> =
                std::iter::successors(last.copied(), |at| (*at != lowest).then(|| ways.parent[*at as usize])).collect();
            cycle.reverse();
            let rest: Vec<u32> = members.iter().copied().filter(|at| !cycle.contains(at)).collect();
            *members = [cycle, rest].concat();
        }
        found.sort_unstable_by_key(|members| members[0]);
        found
    }
}
