//! What sizing rests on, read from the database: the estate as it will be inside a seal, or as it was published.

use carveout_model::{Evidence, Provider, ServiceModel, Soc2Report, ThirdParty};
use carveout_scoping::{
    CheckCount, ControlSet, PartyFacts, PartyReport, Population, ResourceCount, ScopingInput, Sizer, party_facts,
};
use carveout_warehouse::{Rows, WarehouseError};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    error::{CliError, OrFail},
    populations::{self, PopulationQuery},
};

/// Every third party, by id.
pub const PARTIES: &str = "
SELECT party_id, name, domain, category, service_model, origin, in_register, relation_strength
FROM parties.third_parties ORDER BY party_id";

const EVIDENCE: &str = "
SELECT
    party_id, resource_key, signal, relation, strength, direction, detail,
    relation_confidence, attribution_confidence, status
FROM parties.evidence ORDER BY ALL";

const REPORTS: &str = "
SELECT reports.party_id, documents.document
FROM parties.reports AS reports
INNER JOIN parties.report_documents AS documents ON documents.report_id = reports.report_id
WHERE reports.party_id IS NOT NULL ORDER BY reports.report_id";

const GAPS: &str = "SELECT count(*) AS units FROM inventory.gaps";

/// Everything about the estate that sizing rests on.
#[derive(Debug)]
pub struct Facts {
    parties: Vec<PartyFacts>,
    resources: Vec<ResourceCount>,
    reports: Vec<PartyReport>,
    checks: Vec<CheckCount>,
    populations: Vec<Population>,
    incomplete_units: u32,
}

#[derive(Deserialize)]
struct CountRow {
    provider: Provider,
    service: String,
    type_name: String,
    service_model: ServiceModel,
    resources: u64,
}

#[derive(Deserialize)]
struct ReportRow {
    party_id: String,
    document: Soc2Report,
}

#[derive(Deserialize)]
struct CheckRow {
    control_id: String,
    party_id: String,
    passed: u64,
    failed: u64,
    unknown: u64,
    not_applicable: u64,
}

#[derive(Deserialize)]
struct GapRow {
    units: u32,
}

impl Facts {
    /// Reads them by asking `query`.
    pub fn read(
        query: &dyn Fn(&str) -> Result<Rows, WarehouseError>,
        populations: &[PopulationQuery],
    ) -> Result<Self, CliError> {
        let parties: Vec<ThirdParty> = ask(query, PARTIES)?;
        let evidence: Vec<Evidence> = ask(query, EVIDENCE)?;
        let reports: Vec<PartyReport> = ask(query, REPORTS)?
            .into_iter()
            .map(|ReportRow { party_id, document }| PartyReport { party_id, report: document })
            .collect();
        let resources = ask(query, include_str!("facts_resources.sql"))?
            .into_iter()
            .map(|row: CountRow| ResourceCount {
                provider: row.provider,
                service: row.service,
                type_name: row.type_name,
                service_model: row.service_model,
                count: row.resources,
            })
            .collect();
        let checks = ask(query, include_str!("facts_checks.sql"))?
            .into_iter()
            .map(|row: CheckRow| CheckCount {
                control_id: row.control_id,
                party_id: row.party_id,
                passed: row.passed,
                failed: row.failed,
                unknown: row.unknown,
                not_applicable: row.not_applicable,
            })
            .collect();
        let gaps: Vec<GapRow> = ask(query, GAPS)?;
        Ok(Self {
            parties: in_scope(&parties, &evidence, &reports),
            resources,
            reports,
            checks,
            populations: populations::counted(populations, query)?,
            incomplete_units: gaps.first().map_or(0, |row| row.units),
        })
    }

    /// Ready to size scenarios.
    pub fn sizer(&self, controls: &ControlSet) -> Result<Sizer, CliError> {
        let input = ScopingInput {
            parties: &self.parties,
            resources: &self.resources,
            reports: &self.reports,
            checks: &self.checks,
            populations: &self.populations,
            incomplete_units: self.incomplete_units,
        };
        Sizer::new(controls, &input).or_fail(|| "can't size the audit".to_owned())
    }
}

/// Rows of one statement.
pub fn ask<T: DeserializeOwned>(
    query: &dyn Fn(&str) -> Result<Rows, WarehouseError>,
    sql: &str,
) -> Result<Vec<T>, CliError> {
    query(sql).and_then(Rows::deserialize).or_fail(|| "can't read what the size rests on".to_owned())
}

/// The parties that bear on an audit: those that evidence shows, and those whose report is held. A fourth party, which
/// only another's report names, is in the graph and not in counts or hours.
fn in_scope(parties: &[ThirdParty], evidence: &[Evidence], reports: &[PartyReport]) -> Vec<PartyFacts> {
    let mut facts = party_facts(parties, evidence);
    facts.retain(|each| !each.roles.is_empty() || reports.iter().any(|report| report.party_id == each.party.party_id));
    facts
}
