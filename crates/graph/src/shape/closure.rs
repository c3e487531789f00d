//! Closure: how many nodes can reach each node.

use super::Shape;

/// Targets of one pass: as many as a word has bits.
const BLOCK: usize = 64;

impl Shape {
    /// For each node, how many others can reach it. Those that `counts` leaves out pass ways on and are not counted.
    ///
    /// One pass over all edges for every 64 nodes, over components of nodes that reach each other, so that memory stays
    /// in proportion to the nodes.
    pub fn dependents(&self, counts: impl Fn(u32) -> bool) -> Vec<u64> {
        let components = self.components();
        let mut component_of = vec![0_u32; self.nodes()];
        for (index, members) in components.iter().enumerate() {
            for at in members {
                component_of[*at as usize] = index as u32;
            }
        }
        // How many nodes of each component count.
        let sizes: Vec<u64> =
            components.iter().map(|members| members.iter().filter(|at| counts(**at)).count() as u64).collect();
        let mut after: Vec<Vec<u32>> = Vec::with_capacity(components.len());
        for (index, members) in components.iter().enumerate() {
            let mut next: Vec<u32> = members
                .iter()
                .flat_map(|at| self.successors(*at))
                .map(|to| component_of[*to as usize])
                .filter(|to| *to as usize != index)
                .collect();
            next.sort_unstable();
            next.dedup();
            after.push(next);
        }
        let mut reached_by = vec![0_u64; components.len()];
        let mut reaches = vec![0_u64; components.len()];
        for first in (0..components.len()).step_by(BLOCK) {
            // Successors of a component come before it.
            for index in first..components.len() {
                let own = if index < first + BLOCK { 1 << (index - first) } else { 0 };
                let further = after[index].iter().filter(|next| **next as usize >= first);
                let mut bits = further.fold(own, |bits, next| bits | reaches[*next as usize]);
                reaches[index] = bits;
                while bits != 0 {
                    reached_by[first + bits.trailing_zeros() as usize] += sizes[index];
                    bits &= bits - 1;
                }
            }
        }
        let own = |at: u32| u64::from(counts(at));
        (0..self.nodes() as u32).map(|at| reached_by[component_of[at as usize] as usize] - own(at)).collect()
    }
}
