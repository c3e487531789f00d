//! The algorithms against the plainest ones there are, on some thousand random graphs.

use std::collections::BTreeSet;

use carveout_graph::{NOWHERE, Shape};

/// A generator that needs no crate: the same graphs in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

struct Plain {
    nodes: usize,
    edges: BTreeSet<(usize, usize)>,
}

impl Plain {
    /// Depths from a node in the graph without another.
    fn depths(&self, start: usize, without: Option<usize>) -> Vec<Option<u32>> {
        let mut depth = vec![None; self.nodes];
        if without == Some(start) {
            return depth;
        }
        depth[start] = Some(0);
        for round in 0.. {
            let next: Vec<usize> = self
                .edges
                .iter()
                .filter(|(from, to)| depth[*from] == Some(round) && depth[*to].is_none() && without != Some(*to))
                .map(|(_, to)| *to)
                .collect();
            if next.is_empty() {
                break;
            }
            next.into_iter().for_each(|to| depth[to] = Some(round + 1));
        }
        depth
    }

    /// How many parts the graph falls into, whichever way edges point, without a node.
    fn parts(&self, without: Option<usize>) -> usize {
        let mut part: Vec<usize> = (0..self.nodes).collect();
        let is_there = |at: usize| without != Some(at);
        for _ in 0..self.nodes {
            for (from, to) in self.edges.iter().filter(|(from, to)| is_there(*from) && is_there(*to)) {
                let least = part[*from].min(part[*to]);
                (part[*from], part[*to]) = (least, least);
            }
        }
        (0..self.nodes).filter(|at| is_there(*at)).map(|at| part[at]).collect::<BTreeSet<_>>().len()
    }

    /// How many shortest ways lead from one node to another, and how many of them through a third.
    fn shortest_ways(&self, from: usize, to: usize) -> Vec<Vec<usize>> {
        let Some(length) = self.depths(from, None)[to] else { return Vec::new() };
        let mut ways = vec![vec![from]];
        for _ in 0..length {
            ways = ways
                .iter()
                .flat_map(|way| {
                    let last = *way.last().expect("it has a start");
                    let next = self.edges.iter().filter(move |(at, _)| *at == last);
                    next.map(|(_, to)| [way.as_slice(), &[*to]].concat())
                })
                .collect();
        }
        ways.retain(|way| way.last() == Some(&to));
        ways
    }
}

fn random_graphs(count: usize, most_nodes: usize) -> impl Iterator<Item = (Plain, Shape)> {
    let mut random = Random(20_260_101);
    (0..count).map(move |_| {
        let nodes = 2 + random.below(most_nodes - 1);
        let pairs: Vec<(usize, usize)> =
            (0..random.below(3 * nodes)).map(|_| (random.below(nodes), random.below(nodes))).collect();
        let number = |at: usize| u32::try_from(at).expect("small");
        let edges: Vec<(u32, u32)> = pairs.iter().map(|(from, to)| (number(*from), number(*to))).collect();
        let plain = Plain { nodes, edges: pairs.into_iter().filter(|(from, to)| from != to).collect() };
        (plain, Shape::new(nodes, &edges))
    })
}

#[test]
fn distances_agree_with_rounds_over_all_edges() {
    for (plain, shape) in random_graphs(1000, 16) {
        let found = shape.distances(0);
        let expected = plain.depths(0, None);
        let depths: Vec<Option<u32>> = found.depth.iter().map(|depth| Some(*depth).filter(|d| *d != NOWHERE)).collect();
        assert_eq!(depths, expected);
        for at in 1..plain.nodes {
            if let Some(depth) = expected[at] {
                let parent = found.parent[at] as usize;
                assert!(plain.edges.contains(&(parent, at)));
                assert_eq!(expected[parent], Some(depth - 1));
            }
        }
    }
}

#[test]
fn a_node_dominates_what_is_lost_without_it() {
    for (plain, shape) in random_graphs(1000, 16) {
        let all = plain.depths(0, None);
        let dominators = shape.dominators(0);
        let dominated = shape.dominated(0, &dominators, |at| at != 0);
        let mut above: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); plain.nodes];
        for gone in 0..plain.nodes {
            let left = plain.depths(0, Some(gone));
            let lost: Vec<usize> =
                (0..plain.nodes).filter(|at| *at != gone && all[*at].is_some() && left[*at].is_none()).collect();
            let counted = lost.iter().filter(|at| **at != 0).count() as u64;
            assert_eq!(dominated[gone], if all[gone].is_some() { counted } else { 0 }, "{gone} in {:?}", plain.edges);
            if all[gone].is_some() {
                for at in lost {
                    above[at].insert(gone);
                }
            }
        }
        for at in 0..plain.nodes {
            // The nearest is the one that all others above dominate.
            let nearest = above[at].iter().find(|each| above[**each].len() + 1 == above[at].len());
            let found = Some(dominators[at]).filter(|each| *each != NOWHERE).map(|each| each as usize);
            assert_eq!(found, nearest.copied(), "above {at} in {:?}", plain.edges);
        }
    }
}

#[test]
fn a_cut_vertex_leaves_more_parts_than_there_were() {
    for (plain, shape) in random_graphs(1000, 14) {
        let whole = plain.parts(None);
        let is_cut = shape.cut_vertices();
        assert_eq!(is_cut.len(), plain.nodes);
        for (at, is_cut) in is_cut.into_iter().enumerate() {
            // A node on its own is a part that goes with it.
            let is_alone = plain.edges.iter().all(|(from, to)| *from != at && *to != at);
            let left = plain.parts(Some(at)) + usize::from(is_alone);
            assert_eq!(is_cut, left > whole, "{at} in {:?}", plain.edges);
        }
    }
}

#[test]
fn dependents_are_all_from_whom_a_way_leads() {
    for (index, (plain, shape)) in random_graphs(500, 90).enumerate() {
        // Some nodes pass ways on and are not counted.
        let counts = |at: usize| !(at + index).is_multiple_of(5);
        let found = shape.dependents(|at| counts(at as usize));
        let mut expected = vec![0; plain.nodes];
        for from in (0..plain.nodes).filter(|from| counts(*from)) {
            for (to, depth) in plain.depths(from, None).into_iter().enumerate() {
                expected[to] += u64::from(to != from && depth.is_some());
            }
        }
        assert_eq!(found, expected);
    }
}

#[test]
fn betweenness_is_the_share_of_shortest_ways() {
    for (plain, shape) in random_graphs(200, 9).filter(|(plain, _)| plain.nodes > 2) {
        assert_eq!(shape.sources(), plain.nodes, "a small graph is not sampled");
        let mut expected = vec![0.0; plain.nodes];
        for from in 0..plain.nodes {
            for to in (0..plain.nodes).filter(|to| *to != from) {
                let ways = plain.shortest_ways(from, to);
                for (at, sum) in expected.iter_mut().enumerate().filter(|(at, _)| *at != from && *at != to) {
                    let through = ways.iter().filter(|way| way.contains(&at)).count();
                    *sum += through as f64 / ways.len().max(1) as f64;
                }
            }
        }
        let pairs = ((plain.nodes - 1) * (plain.nodes - 2)) as f64;
        for (found, expected) in shape.betweenness().iter().zip(expected) {
            assert!((found - expected / pairs).abs() < 1e-12);
        }
    }
}

#[test]
fn a_cycle_is_a_shortest_way_round_and_holds_all_that_reach_each_other() {
    for (plain, shape) in random_graphs(1000, 12) {
        let reach: Vec<Vec<Option<u32>>> = (0..plain.nodes).map(|at| plain.depths(at, None)).collect();
        let is_mutual = |one: usize, other: usize| reach[one][other].is_some() && reach[other][one].is_some();
        let mut left: BTreeSet<usize> =
            (0..plain.nodes).filter(|at| (0..plain.nodes).any(|to| to != *at && is_mutual(*at, to))).collect();
        for cycle in shape.cycles() {
            let cycle: Vec<usize> = cycle.into_iter().map(|at| at as usize).collect();
            let first = cycle[0];
            assert_eq!(left.first(), Some(&first), "by lowest node");
            let members: BTreeSet<usize> =
                left.iter().copied().filter(|at| is_mutual(first, *at) || *at == first).collect();
            assert_eq!(cycle.iter().copied().collect::<BTreeSet<_>>(), members);
            let back =
                plain.edges.iter().filter(|(_, to)| *to == first).filter_map(|(from, _)| reach[first][*from]).min();
            let round = back.expect("a way back") as usize + 1;
            assert!(cycle[..round].windows(2).all(|step| plain.edges.contains(&(step[0], step[1]))));
            assert!(plain.edges.contains(&(cycle[round - 1], first)));
            left.retain(|at| !members.contains(at));
        }
        assert_eq!(left, BTreeSet::new());
    }
}

/// Scopes and resources only lead to parties, so that leaving them out changes nothing for parties.
#[test]
fn parties_fare_the_same_with_and_without_scopes_and_resources() {
    let mut random = Random(7);
    for _ in 0..500 {
        let (scopes, resources, parties) = (1 + random.below(3), 1 + random.below(8), 2 + random.below(8));
        let number = |at: usize| u32::try_from(at).expect("small");
        let resource = |at: usize| number(1 + scopes + at);
        let party = |at: usize| number(1 + scopes + resources + at);
        let mut whole: Vec<(u32, u32)> = (1..=scopes).map(|at| (0, number(at))).collect();
        let mut short = Vec::new();
        for at in 0..resources {
            whole.push((number(1 + random.below(scopes)), resource(at)));
            for _ in 0..random.below(3) {
                let seen = random.below(parties);
                whole.push((resource(at), party(seen)));
                short.push((0, number(seen + 1)));
            }
        }
        for _ in 0..random.below(2 * parties) {
            let (from, to) = (random.below(parties), random.below(parties));
            whole.push((party(from), party(to)));
            short.push((number(from + 1), number(to + 1)));
        }
        let whole = Shape::new(1 + scopes + resources + parties, &whole);
        let short = Shape::new(1 + parties, &short);
        let is_party = |at: u32| at >= party(0);
        let all = whole.dominated(0, &whole.dominators(0), is_party);
        let dominated = short.dominated(0, &short.dominators(0), |at| at != 0);
        let (all_cut, cut) = (whole.cut_vertices(), short.cut_vertices());
        let (depth, short_depth) = (whole.distances(0).depth, short.distances(0).depth);
        for at in 0..parties {
            let (there, here) = (party(at) as usize, at + 1);
            assert_eq!((all[there], all_cut[there]), (dominated[here], cut[here]));
            let expected = if short_depth[here] == NOWHERE { NOWHERE } else { short_depth[here] + 2 };
            assert_eq!(depth[there], expected, "two steps more through scope and resource");
        }
    }
}
