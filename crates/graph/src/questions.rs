//! What people ask: why is a party here, what falls with it, who stands behind it, and whose reports would settle a
//! criterion.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use carveout_model::{Edge, Reach, Relation, SubserviceMethod, Treatment};
use serde::Serialize;

use crate::{
    NOWHERE, ORGANIZATION_NODE, Shape,
    build::party_node,
    published::{DaysCovered, EvidenceRow, ObligationRow, PublishedGraph, ReportRow, SubserviceRow},
};

/// One step of a path: `from_id` depends on `to_id`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The dependent node.
    pub from_id: String,
    /// The node that it depends on.
    pub to_id: String,
    /// The edges between the two.
    pub edges: Vec<Edge>,
    /// What reports say of the step, where it leads from one party to another.
    pub subservices: Vec<SubserviceRow>,
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
    pub evidence: Vec<EvidenceRow>,
    /// Reports that speak for the party itself.
    pub reports: Vec<ReportRow>,
}

/// What an impact is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A party that depends on it, directly or through others.
    DependentParty,
    /// A party that we reach only through it.
    PartyBehindIt,
    /// A scope of ours in which it was seen.
    Scope,
    /// A resource of ours that shows it.
    Resource,
    /// A control that has to be shown for it.
    Control,
    /// A (control, criterion) pair that has to be shown for it.
    Obligation,
}

/// One thing that feels the loss of a party, or that trust in it is lost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Impact {
    /// What it is.
    pub what: Subject,
    /// Its id: a party, a scope's node, a resource, a control, `control/criterion`.
    pub subject: String,
    /// In words: the way, the relation, the treatment.
    pub detail: String,
    /// Steps for parties, rows of evidence for scopes and resources, criteria for controls.
    pub count: u64,
}

/// Whether a report speaks for a party of a carve-out chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// A report of its own is current or bridged.
    OwnReport,
    /// The report above covers it too (inclusive method), and can be relied on.
    Included,
    /// Its report is stale, expired, unreliable or can't be judged.
    NotRelied,
    /// There is no report.
    Missing,
}

impl Coverage {
    /// The word for tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnReport => "own_report",
            Self::Included => "included",
            Self::NotRelied => "not_relied",
            Self::Missing => "missing",
        }
    }

    /// Whether a report speaks for the party.
    pub const fn is_covered(self) -> bool {
        matches!(self, Self::OwnReport | Self::Included)
    }
}

/// One link of a carve-out chain: a party, and the party above it that depends on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hop {
    /// 0 for the party that was asked for.
    pub depth: u32,
    /// The party.
    pub party_id: String,
    /// The party above it; none for the first.
    pub via: Option<String>,
    /// What the report above says; none for the first, and where only a published list names it.
    pub named: Option<SubserviceRow>,
    /// The report of its own that can best be relied on.
    pub report: Option<ReportRow>,
    /// Whether a report speaks for it.
    pub coverage: Coverage,
    /// The days of our period that its reports speak for; none where nobody has counted them.
    pub days: Option<DaysCovered>,
    /// The ring that the link closes, from this party down to itself; empty where it closes none.
    pub cycle: Vec<String>,
    /// Whether what stands behind the party is told with another link to it, or above in the ring.
    pub is_told_elsewhere: bool,
}

/// One party whose report is needed to cover a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Needed {
    /// The party.
    pub party_id: String,
    /// The report that covers the criterion already; none where one has to be asked for.
    pub held: Option<String>,
    /// The parties that its report speaks for: itself, and those that it includes.
    pub covers: Vec<String>,
    /// Obligations of these parties for the criterion.
    pub obligations: u64,
}

impl PublishedGraph {
    /// The path that brings a party in, with the evidence for its first step; none for a party that is not known.
    ///
    /// Needs `parties` with the party, its row of `reach`, and `edges`, `subservices`, `reports` and `evidence` of the
    /// parties on that path.
    pub fn why(&self, party_id: &str) -> Option<Why> {
        self.parties.iter().find(|party| party.party_id == party_id)?;
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
        let is_first =
            |row: &&EvidenceRow| Some(&row.party_id) == first.or(Some(&row.party_id).filter(|id| *id == party_id));
        Some(Why {
            party_id: party_id.to_owned(),
            evidence: self.evidence.iter().filter(is_first).cloned().collect(),
            reports: self.reports.iter().filter(|report| report.party_id == party_id).cloned().collect(),
            reach,
            steps,
        })
    }

    fn step(&self, from_id: &str, to_id: &str) -> Step {
        let is_step = |from: &str, to: &str| from == from_id && to == to_id;
        Step {
            edges: self.edges.iter().filter(|edge| is_step(&edge.from_id, &edge.to_id)).cloned().collect(),
            subservices: self
                .subservices
                .iter()
                .filter(|row| is_step(&party_node(&row.vendor_id), &party_node(&row.party_id)))
                .cloned()
                .collect(),
            from_id: from_id.to_owned(),
            to_id: to_id.to_owned(),
        }
    }

    /// What feels the loss of a party, kind by kind; none for a party that is not known.
    ///
    /// Needs `nodes`, and `edges` between parties and into the party; `evidence` and `obligations` of the party.
    pub fn impact(&self, party_id: &str) -> Option<Vec<Impact>> {
        let (party_ids, shape) = self.shape();
        let at = party_ids.binary_search(&party_id).ok()? as u32 + 1;
        let mut rows = self.dependents(&party_ids, &shape, at);
        rows.extend(self.scopes_and_resources(party_id));
        rows.extend(self.controls(party_id));
        Some(rows)
    }

    fn dependents(&self, party_ids: &[&str], shape: &Shape, at: u32) -> Vec<Impact> {
        let id = |at: u32| party_ids[at as usize - 1];
        let back = shape.reversed().distances(at);
        let mut rows: Vec<Impact> = back
            .order
            .iter()
            .filter(|each| **each != 0 && **each != at)
            .map(|each| {
                let way = std::iter::successors(Some(*each), |at| back.parent.get(*at as usize).copied());
                let way: Vec<&str> = way.take_while(|at| *at != NOWHERE).map(id).collect();
                Impact {
                    what: Subject::DependentParty,
                    subject: id(*each).to_owned(),
                    detail: way.join(" > "),
                    count: u64::from(back.depth[*each as usize]),
                }
            })
            .collect();
        rows.sort_by(|a, b| (a.count, &a.subject).cmp(&(b.count, &b.subject)));
        let above = shape.dominators(0);
        let is_behind = |each: u32| {
            let mut ways = std::iter::successors(Some(above[each as usize]), |at| {
                above.get(*at as usize).copied().filter(|at| *at != NOWHERE)
            });
            ways.any(|upper| upper == at)
        };
        let ways = shape.distances(0);
        rows.extend((1..=party_ids.len() as u32).filter(|each| *each != at && is_behind(*each)).map(|each| Impact {
            what: Subject::PartyBehindIt,
            subject: id(each).to_owned(),
            detail: "reached through it alone".to_owned(),
            count: u64::from(ways.depth[each as usize]),
        }));
        rows
    }

    fn scopes_and_resources(&self, party_id: &str) -> Vec<Impact> {
        let node_id = party_node(party_id);
        let mut scopes: BTreeMap<&str, (BTreeSet<&str>, u64)> = BTreeMap::new();
        for edge in self.edges.iter().filter(|edge| edge.to_id == node_id && edge.from_id.starts_with("scope:")) {
            let (relations, count) = scopes.entry(&edge.from_id).or_default();
            relations.insert(edge.relation.as_str());
            *count += edge.evidence_count;
        }
        let mut resources: BTreeMap<&str, (BTreeSet<&str>, u64)> = BTreeMap::new();
        for row in self.evidence.iter().filter(|row| row.party_id == party_id && counts(row)) {
            let (relations, count) = resources.entry(&row.resource_key).or_default();
            relations.insert(row.relation.as_str());
            *count += 1;
        }
        let rows = |what, found: BTreeMap<&str, (BTreeSet<&str>, u64)>| -> Vec<Impact> {
            let row = |(subject, (relations, count)): (&str, (BTreeSet<&str>, u64))| Impact {
                what,
                subject: subject.to_owned(),
                detail: relations.into_iter().collect::<Vec<_>>().join(", "),
                count,
            };
            found.into_iter().map(row).collect()
        };
        [rows(Subject::Scope, scopes), rows(Subject::Resource, resources)].concat()
    }

    fn controls(&self, party_id: &str) -> Vec<Impact> {
        let bears = |row: &&ObligationRow| row.party_id == party_id && row.treatment != Treatment::NotApplicable;
        let mut controls: BTreeMap<&str, (BTreeSet<&str>, u64)> = BTreeMap::new();
        let mut rows = Vec::new();
        for row in self.obligations.iter().filter(bears) {
            let (treatments, count) = controls.entry(&row.control_id).or_default();
            treatments.insert(row.treatment.as_str());
            *count += 1;
            let report = row.report_id.as_ref().map(|id| format!(", relies on {id}")).unwrap_or_default();
            rows.push(Impact {
                what: Subject::Obligation,
                subject: format!("{}/{}", row.control_id, row.criterion_id),
                detail: format!("{}{report}", row.treatment),
                count: 1,
            });
        }
        rows.sort_by(|a, b| a.subject.cmp(&b.subject));
        let control = |(subject, (treatments, count)): (&str, (BTreeSet<&str>, u64))| Impact {
            what: Subject::Control,
            subject: subject.to_owned(),
            detail: treatments.into_iter().collect::<Vec<_>>().join(", "),
            count,
        };
        controls.into_iter().map(control).chain(rows).collect()
    }

    /// The party and everybody whom it depends on to any depth, link by link, each with the report that speaks for it;
    /// none for a party that is not known. A party that several depend on has a link for each, and what stands behind it
    /// comes once; so a cycle is cut where it closes, and named there.
    ///
    /// A carve-out passes what the party below has to do up to whoever reads the report, so that it needs a report of
    /// its own; an inclusive report speaks for it too.
    ///
    /// Needs `parties`, `reports`, `subservices`, `coverage`, and `edges` between parties.
    pub fn chain(&self, party_id: &str) -> Option<Vec<Hop>> {
        self.parties.iter().find(|party| party.party_id == party_id)?;
        let mut below: Below<'_> = BTreeMap::new();
        for edge in self.edges.iter().filter(|edge| edge.relation == Relation::SubserviceOf) {
            if let (Some(from), Some(to)) = (edge.from_id.strip_prefix("party:"), edge.to_id.strip_prefix("party:")) {
                below.entry(from).or_default().insert(to, None);
            }
        }
        // Of several reports that name the same party, one that can be relied on and includes it says the most.
        let relied: BTreeSet<&str> = self
            .reports
            .iter()
            .filter(|report| report.is_relied_on())
            .map(|report| report.report_id.as_str())
            .collect();
        let says =
            |row: &SubserviceRow| (relied.contains(row.report_id.as_str()), row.method == SubserviceMethod::Inclusive);
        for row in self.subservices.iter().filter(|row| row.vendor_id != row.party_id) {
            let named = below.entry(&row.vendor_id).or_default().entry(&row.party_id).or_default();
            if named.is_none_or(|there| says(row) > says(there)) {
                *named = Some(row);
            }
        }
        let mut hops = vec![self.hop(0, party_id, None, None, false)];
        let mut seen = BTreeSet::from([party_id.to_owned()]);
        let mut queue = VecDeque::from([0]);
        while let Some(index) = queue.pop_front() {
            let (depth, via, is_covered) = {
                let hop: &Hop = &hops[index];
                (hop.depth + 1, hop.party_id.clone(), hop.coverage.is_covered())
            };
            let next: Vec<(&str, Option<&SubserviceRow>)> =
                below.get(via.as_str()).into_iter().flatten().map(|(to, named)| (*to, *named)).collect();
            for (to, named) in next {
                let is_included = is_covered
                    && named.is_some_and(|row| {
                        row.method == SubserviceMethod::Inclusive && relied.contains(row.report_id.as_str())
                    });
                let mut hop = self.hop(depth, to, Some(via.clone()), named, is_included);
                if seen.insert(to.to_owned()) {
                    hops.push(hop);
                    queue.push_back(hops.len() - 1);
                } else {
                    hop.cycle = ring(&below, to, &via);
                    hop.is_told_elsewhere = true;
                    hops.push(hop);
                }
            }
        }
        Some(hops)
    }

    fn hop(
        &self,
        depth: u32,
        party_id: &str,
        via: Option<String>,
        named: Option<&SubserviceRow>,
        is_included: bool,
    ) -> Hop {
        let report = self.best_report(party_id).cloned();
        let coverage = match &report {
            Some(report) if report.is_relied_on() => Coverage::OwnReport,
            _ if is_included => Coverage::Included,
            Some(_) => Coverage::NotRelied,
            None => Coverage::Missing,
        };
        let days = self.coverage.iter().find(|row| row.party_id == party_id).map(|row| row.days);
        Hop {
            depth,
            party_id: party_id.to_owned(),
            via,
            named: named.cloned(),
            report,
            coverage,
            days,
            cycle: Vec::new(),
            is_told_elsewhere: false,
        }
    }

    /// The smallest set of parties whose reports would speak for everybody whom a criterion touches, those first whose
    /// report is still to be asked for.
    ///
    /// A criterion touches the parties that own part of one of its controls (treatments `shared`, `inherited` and
    /// `assess`). A party's report speaks for itself and for the parties that it includes, to any depth; what another's
    /// inclusive report covers needs none of its own. The set is the least that there is: a party that nobody else
    /// touched includes has no other way to be covered.
    ///
    /// Needs `obligations` of the criterion, and `subservices`.
    pub fn cover(&self, criterion_id: &str) -> Vec<Needed> {
        let bears = |row: &&ObligationRow| {
            row.criterion_id == criterion_id
                && matches!(row.treatment, Treatment::Shared | Treatment::Inherited | Treatment::Assess)
        };
        let mut touched: BTreeMap<&str, (u64, Option<&str>)> = BTreeMap::new();
        for row in self.obligations.iter().filter(bears) {
            let (count, held) = touched.entry(&row.party_id).or_default();
            *count += 1;
            if row.treatment != Treatment::Assess {
                *held = held.or(row.report_id.as_deref());
            }
        }
        let party_ids: Vec<&str> = touched.keys().copied().collect();
        let number = |party_id: &str| party_ids.binary_search(&party_id).ok().map(|index| index as u32);
        let includes: Vec<(u32, u32)> = self
            .subservices
            .iter()
            .filter(|row| row.method == SubserviceMethod::Inclusive)
            .filter_map(|row| Some((number(&row.vendor_id)?, number(&row.party_id)?)))
            .collect();
        let shape = Shape::new(party_ids.len(), &includes);
        let back = shape.reversed();
        let mut is_covered = vec![false; party_ids.len()];
        let mut needed = Vec::new();
        // One party of each group that nobody outside the group includes.
        for at in 0..party_ids.len() as u32 {
            let above = back.distances(at).order;
            let below = shape.distances(at).order;
            let members: Vec<u32> = above.iter().copied().filter(|each| below.contains(each)).collect();
            if members.len() < above.len() || is_covered[at as usize] {
                continue;
            }
            let held_first = |each: &&u32| (touched[party_ids[**each as usize]].1.is_none(), **each);
            let chosen = members.iter().min_by_key(held_first).copied().unwrap_or(at);
            let mut covers: Vec<u32> =
                below.into_iter().filter(|each| !std::mem::replace(&mut is_covered[*each as usize], true)).collect();
            covers.sort_unstable();
            let id = |at: u32| party_ids[at as usize];
            needed.push(Needed {
                party_id: id(chosen).to_owned(),
                held: touched[id(chosen)].1.map(ToOwned::to_owned),
                obligations: covers.iter().map(|each| touched[id(*each)].0).sum(),
                covers: covers.into_iter().map(|each| id(each).to_owned()).collect(),
            });
        }
        needed.sort_by(|a, b| {
            (a.held.is_some(), std::cmp::Reverse(a.obligations), &a.party_id).cmp(&(
                b.held.is_some(),
                std::cmp::Reverse(b.obligations),
                &b.party_id,
            ))
        });
        needed
    }

    /// Groups of parties that all depend on each other, each as one shortest cycle followed by the members that it
    /// leaves out.
    ///
    /// Needs `nodes`, and `edges` between parties.
    pub fn cycles(&self) -> Vec<Vec<String>> {
        let (party_ids, shape) = self.shape();
        // Nothing leads back to us, so that node 0 is in no cycle.
        let id = |at: u32| party_ids[at as usize - 1].to_owned();
        shape.cycles().into_iter().map(|cycle| cycle.into_iter().map(id).collect()).collect()
    }

    /// Parties that are known and that nothing leads to.
    ///
    /// Needs `parties` and `reach`.
    pub fn unreached(&self) -> Vec<&str> {
        let reached: BTreeSet<&str> = self.reach.iter().map(|row| row.party_id.as_str()).collect();
        self.parties.iter().map(|party| party.party_id.as_str()).filter(|id| !reached.contains(id)).collect()
    }
}

/// The parties that each depends on, with what a report says of it.
type Below<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Option<&'a SubserviceRow>>>;

/// The shortest way from one party down to another that depends on it again, and back to it; empty where none leads
/// there.
fn ring(below: &Below<'_>, from: &str, to: &str) -> Vec<String> {
    let mut above: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            let way = std::iter::successors(Some(at), |at| above.get(*at).copied());
            let mut ring: Vec<String> = std::iter::once(from).chain(way).map(ToOwned::to_owned).collect();
            ring.reverse();
            return ring;
        }
        for next in below.get(at).into_iter().flat_map(BTreeMap::keys).copied() {
            if next != from && !above.contains_key(next) {
                above.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    Vec::new()
}

fn counts(row: &EvidenceRow) -> bool {
    use carveout_model::EvidenceStatus::{Dormant, Live};
    matches!(row.status, Live | Dormant)
}
