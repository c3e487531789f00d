//! The graph for other tools and for people: DOT, GraphML, JSON and one HTML page.
//!
//! Every format is written from the same [`Document`], in a fixed order, so that two exports of one state are the same
//! bytes. Names come from clouds and documents of others: each format escapes all that it gives a meaning to.

mod dot;
mod graphml;
mod html;

use std::collections::BTreeMap;

use carveout_model::{Concentration, Edge, Node, Reach, Strength, ThirdParty};
use serde::Serialize;

use crate::published::{EvidenceRow, PublishedGraph, ReportRow, SubserviceRow};

/// Rows of evidence that an export holds for one party; the strongest, and `evidence_total` says how many there are.
pub const EVIDENCE_PER_PARTY: usize = 50;

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Graphviz.
    Dot,
    /// GraphML with yEd's graphics, for Gephi, yEd and NetworkX.
    GraphMl,
    /// Everything, for programs.
    Json,
    /// A page for people that needs nothing but a browser.
    Html,
}

/// A party with what is known of it and what hangs on it.
#[derive(Debug, Serialize)]
struct PartyFacts<'a> {
    party_id: &'a str,
    name: &'a str,
    domain: Option<&'a str>,
    category: Option<&'a str>,
    origin: &'a str,
    in_register: bool,
    strength: Option<Strength>,
    depth: Option<u32>,
    via: Option<&'a str>,
    path: &'a [String],
    direct_dependents: u64,
    total_dependents: u64,
    scopes: u64,
    resources: u64,
    dominates: u64,
    is_cut_vertex: bool,
    centrality: f64,
    /// The reliance of its best report.
    report: Option<&'a str>,
    evidence_total: u64,
}

/// Everything that an export holds.
#[derive(Debug, Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    organization: &'a str,
    nodes: &'a [Node],
    edges: &'a [Edge],
    parties: Vec<PartyFacts<'a>>,
    reports: &'a [ReportRow],
    subservices: &'a [SubserviceRow],
    evidence: Vec<&'a EvidenceRow>,
}

impl PublishedGraph {
    /// Writes the whole graph. Needs all rows but `obligations`; of `evidence`, [`EVIDENCE_PER_PARTY`] rows for each
    /// party are enough, and `evidence_totals` says how many there are of each party, by `party_id`.
    ///
    /// # Panics
    /// Never: every row can be written as JSON.
    pub fn export(&self, format: ExportFormat, evidence_totals: &BTreeMap<String, u64>) -> String {
        let document = self.document(evidence_totals);
        match format {
            ExportFormat::Dot => dot::write(&document),
            ExportFormat::GraphMl => graphml::write(&document),
            ExportFormat::Json => {
                let mut text = serde_json::to_string_pretty(&document).expect("rows of texts and numbers");
                text.push('\n');
                text
            }
            ExportFormat::Html => html::write(&document),
        }
    }

    fn document<'a>(&'a self, evidence_totals: &BTreeMap<String, u64>) -> Document<'a> {
        let reach: BTreeMap<&str, &Reach> = self.reach.iter().map(|row| (row.party_id.as_str(), row)).collect();
        let weight: BTreeMap<&str, &Concentration> =
            self.concentration.iter().map(|row| (row.party_id.as_str(), row)).collect();
        let mut rows_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut is_among_first = |row: &&'a EvidenceRow| {
            let rows = rows_of.entry(&row.party_id).or_default();
            *rows += 1;
            *rows <= EVIDENCE_PER_PARTY
        };
        let facts = |party: &'a ThirdParty| {
            let reach = reach.get(party.party_id.as_str());
            let weight = weight.get(party.party_id.as_str());
            let count = |of: fn(&Concentration) -> u64| weight.map_or(0, |row| of(row));
            PartyFacts {
                party_id: &party.party_id,
                name: &party.name,
                domain: party.domain.as_deref(),
                category: party.category.as_deref(),
                origin: party.origin.as_str(),
                in_register: party.in_register,
                strength: party.relation_strength,
                depth: reach.map(|row| row.depth),
                via: reach.and_then(|row| row.via.as_deref()),
                path: reach.map(|row| row.path.as_slice()).unwrap_or_default(),
                direct_dependents: count(|row| row.direct_dependents),
                total_dependents: count(|row| row.total_dependents),
                scopes: count(|row| row.scopes),
                resources: count(|row| row.resources),
                dominates: count(|row| row.dominates),
                is_cut_vertex: weight.is_some_and(|row| row.is_cut_vertex),
                centrality: weight.map_or(0.0, |row| row.centrality),
                report: self.best_report(&party.party_id).map(ReportRow::reliance_word),
                evidence_total: evidence_totals.get(&party.party_id).copied().unwrap_or_default(),
            }
        };
        Document {
            format: "carveout-graph",
            version: 1,
            organization: self
                .nodes
                .iter()
                .find(|node| node.node_id == crate::ORGANIZATION_NODE)
                .map_or("organization", |node| &node.label),
            nodes: &self.nodes,
            edges: &self.edges,
            parties: self.parties.iter().map(facts).collect(),
            reports: &self.reports,
            subservices: &self.subservices,
            evidence: self.evidence.iter().filter(&mut is_among_first).collect(),
        }
    }
}

/// The colour of a strength in pictures, readable on white.
fn color(strength: Option<Strength>) -> &'static str {
    match strength {
        Some(Strength::CanAdmin) => "#c2255c",
        Some(Strength::CanReadData) => "#d9480f",
        Some(Strength::SendsDataTo) => "#c77700",
        Some(Strength::CanReadConfig) => "#5c7d12",
        Some(Strength::Identity) => "#1971c2",
        Some(Strength::Hosting) => "#6741d9",
        Some(Strength::Contact) => "#7a8594",
        None => "#a9b2bd",
    }
}
