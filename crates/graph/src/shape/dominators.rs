//! Dominators: what every way to a node passes.
//!
//! Source: Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001), over arrays in postorder.

use super::{NOWHERE, Shape};

impl Shape {
    /// The nearest node that every way from `root` to a node passes; [`NOWHERE`] for the root and for what it does not
    /// reach.
    pub fn dominators(&self, root: u32) -> Vec<u32> {
        let order = self.postorder(root);
        let mut place = vec![NOWHERE; self.nodes()];
        for (index, at) in order.iter().enumerate() {
            place[*at as usize] = index as u32;
        }
        let back = self.reversed();
        // By place in the postorder, in which the root is last and a dominator always greater.
        let last = order.len() as u32 - 1;
        let mut above = vec![NOWHERE; order.len()];
        above[last as usize] = last;
        let mut has_changed = true;
        while has_changed {
            has_changed = false;
            for index in (0..last).rev() {
                let mut found = NOWHERE;
                for before in back.successors(order[index as usize]) {
                    let before = place[*before as usize];
                    if before == NOWHERE || above[before as usize] == NOWHERE {
                        continue;
                    }
                    found = if found == NOWHERE { before } else { meet(&above, found, before) };
                }
                if above[index as usize] != found {
                    above[index as usize] = found;
                    has_changed = true;
                }
            }
        }
        let mut dominators = vec![NOWHERE; self.nodes()];
        for index in 0..last {
            dominators[order[index as usize] as usize] = order[above[index as usize] as usize];
        }
        dominators
    }

    /// How many nodes each node dominates, itself left out, given what [`Self::dominators`] found.
    ///
    /// `counts` says which nodes count.
    pub fn dominated(&self, root: u32, dominators: &[u32], counts: impl Fn(u32) -> bool) -> Vec<u64> {
        let mut below = vec![0_u64; self.nodes()];
        // A node comes after all that it dominates.
        for at in self.postorder(root) {
            let above = dominators[at as usize];
            if above != NOWHERE {
                below[above as usize] += below[at as usize] + u64::from(counts(at));
            }
        }
        below
    }
}

/// The nearest node that dominates both.
fn meet(above: &[u32], mut one: u32, mut other: u32) -> u32 {
    while one != other {
        while one < other {
            one = above[one as usize];
        }
        while other < one {
            other = above[other as usize];
        }
    }
    one
}
