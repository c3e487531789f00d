//! The graph as it was published: the rows of the database that questions are answered from.

use carveout_model::{
    Concentration, Edge, EvidenceStatus, Node, NodeKind, Owner, Reach, Relation, Strength, SubserviceMethod,
    ThirdParty, Treatment,
};
use serde::{Deserialize, Serialize};

use crate::{Shape, party_shape};

/// One report that speaks for a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// The report.
    pub report_id: String,
    /// The party that it speaks for.
    pub party_id: String,
    /// `type1` or `type2`.
    pub report_type: String,
    /// The last day that it speaks for, `YYYY-MM-DD`.
    pub speaks_until: Option<String>,
    /// `unqualified`, `qualified`, `adverse` or `disclaimer`.
    pub opinion: Option<String>,
    /// `current`, `bridged`, `stale`, `expired` or `unreliable`; none where it can't be judged.
    pub reliance: Option<String>,
}

impl ReportRow {
    /// Whether its period still speaks.
    pub fn is_relied_on(&self) -> bool {
        matches!(self.reliance.as_deref(), Some("current" | "bridged"))
    }

    /// The reliance in a word; `not evaluable` where it can't be judged.
    pub fn reliance_word(&self) -> &str {
        self.reliance.as_deref().unwrap_or("not evaluable")
    }

    /// The better the sooner it sorts.
    fn rank(&self) -> (usize, std::cmp::Reverse<&Option<String>>, &str) {
        const WORDS: [&str; 6] = ["current", "bridged", "stale", "expired", "unreliable", "not evaluable"];
        let word = self.reliance_word();
        let rank = WORDS.iter().position(|each| *each == word).unwrap_or(WORDS.len());
        (rank, std::cmp::Reverse(&self.speaks_until), &self.report_id)
    }
}

/// One subservice organization of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubserviceRow {
    /// The report that names it.
    pub report_id: String,
    /// The party that the report speaks for.
    pub vendor_id: String,
    /// The party that it is.
    pub party_id: String,
    /// Carve-out or inclusive.
    pub method: SubserviceMethod,
    /// Complementary subservice organization controls that the report expects of it.
    pub csocs: u64,
    /// Of those, shown by the party's own report on every criterion.
    pub csocs_shown: u64,
    /// The others, criterion by criterion, with the reason.
    pub csocs_open: Vec<String>,
}

/// How many days of the audit period the reports of a party speak for, on the criterion for which they speak longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaysCovered {
    /// By a report.
    pub report_days: u32,
    /// By a bridge letter.
    pub letter_days: u32,
    /// Of so many.
    pub period_days: u32,
}

/// The days of one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageRow {
    /// The party.
    pub party_id: String,
    /// Its days.
    #[serde(flatten)]
    pub days: DaysCovered,
}

/// One row of evidence with what finds it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRow {
    /// The party.
    pub party_id: String,
    /// The node of the scope that holds the resource, where one is known.
    pub scope: Option<String>,
    /// The resource that shows the party.
    pub resource_key: String,
    /// The signal.
    pub signal: String,
    /// What the party is to us.
    pub relation: Relation,
    /// How far it reaches.
    pub strength: Strength,
    /// Whether the row counts.
    pub status: EvidenceStatus,
    /// JSON path in the resource's `config`, where the evidence names one.
    pub path: Option<String>,
    /// The text found there.
    pub value: Option<String>,
}

/// One obligation of the current scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObligationRow {
    /// The control.
    pub control_id: String,
    /// The criterion.
    pub criterion_id: String,
    /// The third party.
    pub party_id: String,
    /// What it asks for.
    pub treatment: Treatment,
    /// Who owns the control here.
    pub owner: Owner,
    /// The report that is relied on.
    pub report_id: Option<String>,
    /// Hours, most likely.
    pub hours_likely: f64,
}

/// Published rows. A question needs only some of them, and its documentation says which; the rest may be empty.
#[derive(Debug, Clone, Default)]
pub struct PublishedGraph {
    /// `graph.nodes`.
    pub nodes: Vec<Node>,
    /// `graph.edges`.
    pub edges: Vec<Edge>,
    /// `graph.reach`.
    pub reach: Vec<Reach>,
    /// `graph.concentration`.
    pub concentration: Vec<Concentration>,
    /// `parties.third_parties`.
    pub parties: Vec<ThirdParty>,
    /// `parties.reports` that have a party.
    pub reports: Vec<ReportRow>,
    /// `parties.subservice_organizations`.
    pub subservices: Vec<SubserviceRow>,
    /// `scoping.report_coverage`, counted.
    pub coverage: Vec<CoverageRow>,
    /// `parties.evidence`, the strongest first.
    pub evidence: Vec<EvidenceRow>,
    /// `scoping.obligations`.
    pub obligations: Vec<ObligationRow>,
}

impl PublishedGraph {
    /// The name of a party; its id where no row has one.
    pub fn name<'a>(&'a self, party_id: &'a str) -> &'a str {
        self.parties.iter().find(|party| party.party_id == party_id).map_or(party_id, |party| &party.name)
    }

    /// The report of a party that can best be relied on.
    pub fn best_report(&self, party_id: &str) -> Option<&ReportRow> {
        self.reports
            .iter()
            .filter(|report| report.party_id == party_id)
            .min_by(|one, other| one.rank().cmp(&other.rank()))
    }

    /// The ids of all parties of `nodes`, sorted, and the graph of them behind us (node 0).
    pub(crate) fn shape(&self) -> (Vec<&str>, Shape) {
        let mut party_ids: Vec<&str> = self
            .nodes
            .iter()
            .filter(|node| node.kind == NodeKind::ThirdParty)
            .filter_map(|node| node.party_id.as_deref())
            .collect();
        party_ids.sort_unstable();
        party_ids.dedup();
        let shape = party_shape(&party_ids, &self.edges);
        (party_ids, shape)
    }
}
