//! Cut vertices: what splits the graph when it is gone, whichever way its edges point.
//!
//! Source: Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), with a stack of its own.

use super::{NOWHERE, Shape};

impl Shape {
    /// For each node, whether its removal leaves two of its neighbours without a way between them.
    pub fn cut_vertices(&self) -> Vec<bool> {
        let both = self.both_ways();
        let nodes = both.nodes();
        let mut is_cut = vec![false; nodes];
        let mut found_at = vec![NOWHERE; nodes];
        let mut lowest = vec![NOWHERE; nodes];
        let mut clock = 0;
        let mut stack: Vec<(u32, u32, u32)> = Vec::new();
        for root in 0..nodes as u32 {
            if found_at[root as usize] != NOWHERE {
                continue;
            }
            let mut children_of_root = 0;
            found_at[root as usize] = clock;
            lowest[root as usize] = clock;
            clock += 1;
            stack.push((root, NOWHERE, 0));
            while let Some((at, parent, tried)) = stack.last_mut() {
                let (at, parent) = (*at, *parent);
                if let Some(&to) = both.successors(at).get(*tried as usize) {
                    *tried += 1;
                    if found_at[to as usize] == NOWHERE {
                        found_at[to as usize] = clock;
                        lowest[to as usize] = clock;
                        clock += 1;
                        stack.push((to, at, 0));
                    } else if to != parent {
                        lowest[at as usize] = lowest[at as usize].min(found_at[to as usize]);
                    }
                    continue;
                }
                stack.pop();
                if parent == root {
                    children_of_root += 1;
                } else if parent != NOWHERE && lowest[at as usize] >= found_at[parent as usize] {
                    is_cut[parent as usize] = true;
                }
                if parent != NOWHERE {
                    lowest[parent as usize] = lowest[parent as usize].min(lowest[at as usize]);
                }
            }
            is_cut[root as usize] = children_of_root > 1;
        }
        is_cut
    }
}
