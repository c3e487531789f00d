//! Betweenness: on how many shortest ways a node lies.

use super::{NOWHERE, Shape};

/// Work in edge visits, some two seconds of a core: within it every node is a source.
const BUDGET: usize = 400_000_000;
/// Sources that are taken at least.
const FEWEST_SOURCES: usize = 64;

impl Shape {
    /// How many nodes betweenness is counted from: all, until that would take longer than a few seconds.
    pub fn sources(&self) -> usize {
        (BUDGET / (self.nodes() + self.edges()).max(1)).max(FEWEST_SOURCES).min(self.nodes())
    }

    /// Betweenness over directed shortest ways, as a share of the (n − 1)(n − 2) ordered pairs of other nodes.
    ///
    /// A large graph is counted from [`Self::sources`] evenly spaced nodes and scaled up, the same ones every time.
    ///
    /// Source: Brandes, "A Faster Algorithm for Betweenness Centrality" (2001); sampled as in Brandes and Pich,
    /// "Centrality Estimation in Large Networks" (2007).
    pub fn betweenness(&self) -> Vec<f64> {
        let nodes = self.nodes();
        let sources = self.sources();
        let mut total = vec![0.0; nodes];
        let mut ways = vec![0.0; nodes];
        let mut share = vec![0.0; nodes];
        let mut depth = vec![NOWHERE; nodes];
        let mut order: Vec<u32> = Vec::with_capacity(nodes);
        for index in 0..sources {
            let source = (index * nodes / sources) as u32;
            order.push(source);
            ways[source as usize] = 1.0;
            depth[source as usize] = 0;
            let mut head = 0;
            while let Some(&at) = order.get(head) {
                head += 1;
                for &to in self.successors(at) {
                    if depth[to as usize] == NOWHERE {
                        depth[to as usize] = depth[at as usize] + 1;
                        order.push(to);
                    }
                    if depth[to as usize] == depth[at as usize] + 1 {
                        ways[to as usize] += ways[at as usize];
                    }
                }
            }
            for &at in order.iter().rev() {
                for &to in self.successors(at) {
                    if depth[to as usize] == depth[at as usize] + 1 {
                        share[at as usize] += ways[at as usize] / ways[to as usize] * (1.0 + share[to as usize]);
                    }
                }
                if at != source {
                    total[at as usize] += share[at as usize];
                }
            }
            for at in order.drain(..) {
                ways[at as usize] = 0.0;
                share[at as usize] = 0.0;
                depth[at as usize] = NOWHERE;
            }
        }
        if nodes > 2 {
            let pairs = ((nodes - 1) * (nodes - 2)) as f64 * sources as f64 / nodes as f64;
            total.iter_mut().for_each(|each| *each /= pairs);
        }
        total
    }
}
