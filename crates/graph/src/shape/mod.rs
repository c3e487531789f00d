//! What the shape of a directed graph says, over numbered nodes: distances, dominators, cut vertices, closure,
//! betweenness, cycles.
//!
//! Nodes are `u32` and edges lie in one array (compressed sparse rows), so that ten million edges take 40 MiB and every
//! algorithm is a walk over slices. Nothing here knows what a node stands for, and nothing recurses: a chain of any
//! length is walked.

mod centrality;
mod closure;
mod cut;
mod cycles;
mod dominators;

/// A node that is not there: no parent, not reached.
pub const NOWHERE: u32 = u32::MAX;

/// A directed graph without parallel edges and loops, as sorted lists of successors.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Where each node's successors begin in `targets`, and one past the last.
    starts: Vec<u32>,
    targets: Vec<u32>,
}

/// The shortest ways from one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distances {
    /// Steps to each node; [`NOWHERE`] where no way leads.
    pub depth: Vec<u32>,
    /// The node before each node on its way; [`NOWHERE`] at the start and where no way leads.
    pub parent: Vec<u32>,
    /// The nodes in the order in which they were reached, the start first.
    pub order: Vec<u32>,
}

impl Shape {
    /// Builds the graph of `nodes` nodes. Parallel edges are merged, loops dropped.
    ///
    /// # Panics
    /// When an edge names a node that is not there, or there are more edges than a `u32` counts.
    pub fn new(nodes: usize, edges: &[(u32, u32)]) -> Self {
        assert!(u32::try_from(edges.len()).is_ok(), "more edges than fit");
        let mut starts = vec![0_u32; nodes + 1];
        for (from, _) in edges {
            starts[*from as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut targets = vec![0_u32; edges.len()];
        for (from, to) in edges {
            assert!((*to as usize) < nodes, "an edge leads out of the graph");
            targets[next[*from as usize] as usize] = *to;
            next[*from as usize] += 1;
        }
        drop(next);
        let mut kept = 0;
        for from in 0..nodes {
            let (begin, end) = (starts[from] as usize, starts[from + 1] as usize);
            targets[begin..end].sort_unstable();
            starts[from] = kept as u32;
            let mut last = NOWHERE;
            for at in begin..end {
                let to = targets[at];
                if to != last && to as usize != from {
                    targets[kept] = to;
                    kept += 1;
                }
                last = to;
            }
        }
        starts[nodes] = kept as u32;
        targets.truncate(kept);
        Self { starts, targets }
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many edges are left after merging.
    pub fn edges(&self) -> usize {
        self.targets.len()
    }

    /// The nodes that a node points to, in order.
    pub fn successors(&self, at: u32) -> &[u32] {
        &self.targets[self.starts[at as usize] as usize..self.starts[at as usize + 1] as usize]
    }

    /// The same graph with every edge turned round.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut starts = vec![0_u32; self.starts.len()];
        for to in &self.targets {
            starts[*to as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut targets = vec![0_u32; self.targets.len()];
        // Sources come in order, so that every list is sorted.
        for from in 0..self.nodes() as u32 {
            for to in self.successors(from) {
                targets[next[*to as usize] as usize] = from;
                next[*to as usize] += 1;
            }
        }
        Self { starts, targets }
    }

    /// The same graph with every edge in both directions.
    #[must_use]
    pub fn both_ways(&self) -> Self {
        let back = self.reversed();
        let mut starts = Vec::with_capacity(self.starts.len());
        let mut targets = Vec::with_capacity(2 * self.targets.len());
        starts.push(0);
        for at in 0..self.nodes() as u32 {
            let (mut left, mut right) = (self.successors(at), back.successors(at));
            while let (Some(one), Some(other)) = (left.first(), right.first()) {
                targets.push(*one.min(other));
                left = &left[usize::from(one <= other)..];
                right = &right[usize::from(other <= one)..];
            }
            targets.extend_from_slice(left);
            targets.extend_from_slice(right);
            starts.push(targets.len() as u32);
        }
        Self { starts, targets }
    }

    /// Breadth first from a node. Of several shortest ways the one through the first node reached counts, and among its
    /// successors the lowest comes first.
    pub fn distances(&self, start: u32) -> Distances {
        let mut depth = vec![NOWHERE; self.nodes()];
        let mut parent = vec![NOWHERE; self.nodes()];
        let mut order = vec![start];
        depth[start as usize] = 0;
        let mut head = 0;
        while let Some(&at) = order.get(head) {
            head += 1;
            for &to in self.successors(at) {
                if depth[to as usize] == NOWHERE {
                    depth[to as usize] = depth[at as usize] + 1;
                    parent[to as usize] = at;
                    order.push(to);
                }
            }
        }
        Distances { depth, parent, order }
    }

    /// Every node that can be reached from a node, after all nodes that can be reached from it: children first.
    fn postorder(&self, start: u32) -> Vec<u32> {
        let mut seen = vec![false; self.nodes()];
        let mut order = Vec::new();
        let mut stack = vec![(start, 0_u32)];
        seen[start as usize] = true;
        while let Some((at, tried)) = stack.last_mut() {
            match self.successors(*at).get(*tried as usize) {
                Some(&to) => {
                    *tried += 1;
                    if !seen[to as usize] {
                        seen[to as usize] = true;
                        stack.push((to, 0));
                    }
                }
                None => {
                    order.push(*at);
                    stack.pop();
                }
            }
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parallel_edges_are_merged_and_loops_dropped() {
        let shape = Shape::new(3, &[(0, 2), (0, 1), (0, 2), (1, 1), (2, 0)]);
        assert_eq!((shape.nodes(), shape.edges()), (3, 3));
        assert_eq!((shape.successors(0), shape.successors(1), shape.successors(2)), (&[1, 2][..], &[][..], &[0][..]));
        assert_eq!(shape.reversed().successors(2), [0]);
        assert_eq!(shape.both_ways().successors(0), [1, 2]);
    }

    #[test]
    fn a_chain_of_a_million_is_walked_without_a_deep_stack() {
        let edges: Vec<(u32, u32)> = (0..999_999).map(|at| (at, at + 1)).collect();
        let shape = Shape::new(1_000_000, &edges);
        assert_eq!(shape.distances(0).depth[999_999], 999_999);
        assert_eq!(shape.dominators(0)[999_999], 999_998);
        assert_eq!(shape.cut_vertices().iter().filter(|is_cut| **is_cut).count(), 999_998);
        assert_eq!(shape.cycles(), Vec::<Vec<u32>>::new());
    }
}
