//! The published rows that each question of the graph needs, and no more: what is asked of one party is not paid for
//! with the whole estate.

use std::collections::BTreeMap;

use carveout_graph::{EVIDENCE_PER_PARTY, PublishedGraph};
use carveout_queries::{Binding, Value};
use carveout_warehouse::Reader;
use serde::de::DeserializeOwned;

use crate::{
    error::{CliError, OrFail},
    facts::PARTIES,
};

const NODES: &str = "SELECT node_id, kind, label, party_id, scope_id FROM graph.nodes ORDER BY node_id";

const ALL_EDGES: &str = "
SELECT from_id, to_id, relation, strength, evidence_count, confidence FROM graph.edges ORDER BY from_id, to_id, relation";

/// Those of scopes only where they lead to the party.
const PARTY_EDGES: &str = "
SELECT from_id, to_id, relation, strength, evidence_count, confidence
FROM graph.edges
WHERE NOT starts_with(from_id, 'scope:') OR to_id = 'party:' || getvariable('party')
ORDER BY from_id, to_id, relation";

const REACH: &str = "SELECT party_id, depth, via, path FROM graph.reach ORDER BY depth, party_id";

const REACH_OF_PARTY: &str = "
SELECT party_id, depth, via, path FROM graph.reach WHERE party_id = getvariable('party')";

const CONCENTRATION: &str = "
SELECT party_id, direct_dependents, total_dependents, scopes, resources, dominates, is_cut_vertex, centrality
FROM graph.concentration ORDER BY party_id";

const REPORTS: &str = "
SELECT
    report_id,
    party_id,
    report_type,
    CAST(coalesce(bridge_until, period_end, as_of) AS VARCHAR) AS speaks_until,
    opinion,
    reliance
FROM parties.reports
WHERE party_id IS NOT NULL
ORDER BY report_id";

/// By party, for the criterion on which its reports speak longest.
const COVERAGE: &str = include_str!("days_covered.sql");

const SUBSERVICES: &str = include_str!("subservices.sql");

const OBLIGATIONS: &str = "
SELECT control_id, criterion_id, party_id, treatment, owner, report_id, hours_likely
FROM scoping.obligations
WHERE scenario = 'current' AND getvariable('party') IN ('', party_id) AND getvariable('criterion') IN ('', criterion_id)
ORDER BY control_id, criterion_id, party_id";

#[derive(serde::Deserialize)]
struct Total {
    party_id: String,
    rows: u64,
}

fn integer(name: &str, value: i64) -> Binding {
    Binding { name: name.to_owned(), value: Value::Integer(value) }
}

/// Rows of a published database, question by question.
pub struct Published<'a> {
    reader: &'a Reader,
}

impl<'a> Published<'a> {
    /// Over an open database.
    pub fn new(reader: &'a Reader) -> Self {
        Self { reader }
    }

    fn ask<T: DeserializeOwned>(&self, sql: &str, bindings: &[Binding]) -> Result<Vec<T>, CliError> {
        self.reader.rows(sql, bindings).or_fail(|| "can't read the graph".to_owned())
    }

    /// For [`PublishedGraph::why`]: with `most` rows of evidence.
    pub fn for_why(&self, party: &Binding, party_id: &str, most: i64) -> Result<PublishedGraph, CliError> {
        let reach: Vec<carveout_model::Reach> = self.ask(REACH_OF_PARTY, std::slice::from_ref(party))?;
        let first = reach.first().and_then(|row| row.path.first()).map_or(party_id, String::as_str);
        let evidence = [Binding::text("party", first), integer("most", most)];
        Ok(PublishedGraph {
            edges: self.ask(include_str!("edges_of_path.sql"), std::slice::from_ref(party))?,
            parties: self.ask(PARTIES, &[])?,
            reports: self.ask(REPORTS, &[])?,
            subservices: self.ask(SUBSERVICES, &[])?,
            evidence: self.ask(include_str!("evidence_of_party.sql"), &evidence)?,
            reach,
            ..PublishedGraph::default()
        })
    }

    /// For [`PublishedGraph::impact`].
    pub fn for_impact(&self, party: &Binding) -> Result<PublishedGraph, CliError> {
        let everything = [party.clone(), integer("most", i64::MAX)];
        Ok(PublishedGraph {
            nodes: self.ask(NODES, &[])?,
            edges: self.ask(PARTY_EDGES, std::slice::from_ref(party))?,
            evidence: self.ask(include_str!("evidence_of_party.sql"), &everything)?,
            obligations: self.ask(OBLIGATIONS, &[party.clone(), Binding::text("criterion", "")])?,
            ..PublishedGraph::default()
        })
    }

    /// For [`PublishedGraph::chain`] and [`PublishedGraph::cycles`].
    pub fn for_chain(&self) -> Result<PublishedGraph, CliError> {
        Ok(PublishedGraph {
            nodes: self.ask(NODES, &[])?,
            edges: self.ask(PARTY_EDGES, &[Binding::text("party", "")])?,
            parties: self.ask(PARTIES, &[])?,
            reports: self.ask(REPORTS, &[])?,
            subservices: self.ask(SUBSERVICES, &[])?,
            coverage: self.ask(COVERAGE, &[])?,
            ..PublishedGraph::default()
        })
    }

    /// For [`PublishedGraph::cover`].
    pub fn for_cover(&self, criterion_id: &str) -> Result<PublishedGraph, CliError> {
        Ok(PublishedGraph {
            parties: self.ask(PARTIES, &[])?,
            subservices: self.ask(SUBSERVICES, &[])?,
            obligations: self
                .ask(OBLIGATIONS, &[Binding::text("party", ""), Binding::text("criterion", criterion_id)])?,
            ..PublishedGraph::default()
        })
    }

    /// For [`PublishedGraph::export`], with how many rows of evidence each party has.
    pub fn for_export(&self) -> Result<(PublishedGraph, BTreeMap<String, u64>), CliError> {
        let per_party = i64::try_from(EVIDENCE_PER_PARTY).unwrap_or(i64::MAX);
        let totals: Vec<Total> = self
            .ask("SELECT party_id, count(*) AS rows FROM parties.evidence GROUP BY party_id ORDER BY party_id", &[])?;
        let graph = PublishedGraph {
            nodes: self.ask(NODES, &[])?,
            edges: self.ask(ALL_EDGES, &[])?,
            reach: self.ask(REACH, &[])?,
            concentration: self.ask(CONCENTRATION, &[])?,
            parties: self.ask(PARTIES, &[])?,
            reports: self.ask(REPORTS, &[])?,
            subservices: self.ask(SUBSERVICES, &[])?,
            evidence: self.ask(include_str!("evidence_of_all.sql"), &[integer("most", per_party)])?,
            ..PublishedGraph::default()
        };
        Ok((graph, totals.into_iter().map(|total| (total.party_id, total.rows)).collect()))
    }
}
