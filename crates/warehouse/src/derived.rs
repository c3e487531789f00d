//! What is derived from the estate, table by table: every `write_*` replaces what was derived before.

use carveout_model::{
    CommonTest, Concentration, Control, Criterion, CrosswalkEdge, Edge, Evidence, EvidenceGuide, Explained, Exposure,
    Gap, JudgedReport, Layer, Node, Obligation, Reach, Responsibility, Scenario, Sizing, SubserviceMethod, ThirdParty,
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{Sealing, WarehouseError, error, insert::replace_rows};

/// The framework of every report that is read so far.
const FRAMEWORK: &str = "soc2";

/// Third parties with their reasons.
#[derive(Debug, Clone, Copy, Default)]
pub struct PartyRows<'a> {
    /// The parties.
    pub third_parties: &'a [ThirdParty],
    /// Why they are there.
    pub evidence: &'a [Evidence],
    /// What looks foreign and is not.
    pub explained: &'a [Explained],
    /// Access that is nobody's in particular.
    pub exposures: &'a [Exposure],
}

/// The dependency graph.
#[derive(Debug, Clone, Copy, Default)]
pub struct GraphRows<'a> {
    /// Its nodes.
    pub nodes: &'a [Node],
    /// Its edges.
    pub edges: &'a [Edge],
    /// Parties by distance.
    pub reach: &'a [Reach],
    /// How much hangs on each party.
    pub concentration: &'a [Concentration],
}

/// Criteria, controls and what surrounds them.
#[derive(Debug, Clone, Copy, Default)]
pub struct ControlRows<'a> {
    /// The criteria.
    pub criteria: &'a [Criterion],
    /// The controls, with their criteria and layers.
    pub controls: &'a [Control],
    /// Mappings of other frameworks.
    pub crosswalk: &'a [CrosswalkEdge],
    /// Who owns what.
    pub responsibility: &'a [Responsibility],
    /// What one test could serve.
    pub common_tests: &'a [CommonTest],
    /// Evidence in cloud-native form.
    pub evidence_guide: &'a [EvidenceGuide],
}

/// What scenarios ask for and how big they are.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScopingRows<'a> {
    /// What each asks for.
    pub obligations: &'a [Obligation],
    /// How big each is.
    pub sizing: &'a [Sizing],
    /// What stands between each scenario, by its name, and its audit.
    pub gaps: &'a [(&'a str, Gap)],
}

#[derive(Serialize)]
struct PartyRow<'a> {
    first_seen_run: i64,
    #[serde(flatten)]
    party: &'a ThirdParty,
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    first_seen_run: i64,
    last_seen_run: i64,
    #[serde(flatten)]
    evidence: &'a Evidence,
}

#[derive(Serialize)]
struct ReportRow<'a> {
    report_id: &'a str,
    party_id: Option<&'a str>,
    organization: &'a str,
    system: Option<&'a str>,
    framework: &'a str,
    report_type: &'a str,
    auditor: Option<&'a str>,
    period_start: Option<Date>,
    period_end: Option<Date>,
    as_of: Option<Date>,
    issued_on: Option<Date>,
    opinion: Option<&'a str>,
    qualified_criteria: &'a [String],
    categories: Vec<&'a str>,
    subservice_method: Option<&'a str>,
    bridge_until: Option<Date>,
    reliance: Option<&'a str>,
    judged_on: Date,
    source: &'a str,
    source_sha256: &'a str,
    extraction: &'a serde_json::Value,
}

/// A child of a report with the report's id.
#[derive(Serialize)]
struct OfReport<'a, T> {
    report_id: &'a str,
    party_id: Option<&'a str>,
    #[serde(flatten)]
    child: &'a T,
}

#[derive(Serialize)]
struct CriterionOfControl<'a> {
    control_id: &'a str,
    criterion_id: &'a str,
}

#[derive(Serialize)]
struct LayerOfControl<'a> {
    control_id: &'a str,
    layer: Layer,
}

#[derive(Serialize)]
struct LayerRow {
    layer: Layer,
    ordinal: usize,
}

#[derive(Serialize)]
struct GapRow<'a> {
    scenario: &'a str,
    #[serde(flatten)]
    gap: &'a Gap,
}

#[derive(Serialize)]
struct ScenarioRow<'a> {
    scenario: &'a str,
    categories: Vec<&'a str>,
    report_type: &'a str,
    period_start: Date,
    period_end: Date,
    frameworks_in_place: &'a [String],
    without_parties: &'a [String],
    sized_at: Timestamp,
}

impl Sealing<'_> {
    /// Writes `parties.third_parties`, `evidence`, `explained` and `exposures`. Parties and evidence that were there
    /// before keep the run that saw them first.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn write_parties(&mut self, rows: &PartyRows<'_>) -> Result<(), WarehouseError> {
        let doing = error::database("remembering earlier evidence");
        self.connection()
            .execute_batch(
                "CREATE OR REPLACE TEMP TABLE earlier_evidence AS
                SELECT resource_key, signal, relation, detail, first_seen_run FROM parties.evidence;
                CREATE OR REPLACE TEMP TABLE earlier_parties AS
                SELECT party_id, first_seen_run FROM parties.third_parties;",
            )
            .map_err(&doing)?;
        let run = self.run_id().0;
        let parties = rows.third_parties.iter().map(|party| PartyRow { first_seen_run: run, party });
        replace_rows(self.connection(), "parties.third_parties", parties)?;
        let evidence =
            rows.evidence.iter().map(|evidence| EvidenceRow { first_seen_run: run, last_seen_run: run, evidence });
        replace_rows(self.connection(), "parties.evidence", evidence)?;
        replace_rows(self.connection(), "parties.explained", rows.explained)?;
        replace_rows(self.connection(), "parties.exposures", rows.exposures)?;
        self.connection().execute_batch(include_str!("sql/evidence_runs.sql")).map_err(&doing)
    }

    /// Writes `parties.reports` and its children.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn write_reports(&mut self, reports: &[JudgedReport]) -> Result<(), WarehouseError> {
        let connection = self.connection();
        replace_rows(connection, "parties.reports", reports.iter().map(report_row))?;
        let controls = reports.iter().flat_map(|judged| of_report(judged, &judged.report.controls));
        replace_rows(connection, "parties.report_controls", controls)?;
        let exceptions = reports.iter().flat_map(|judged| of_report(judged, &judged.report.exceptions));
        replace_rows(connection, "parties.report_exceptions", exceptions)?;
        let cuecs = reports.iter().flat_map(|judged| of_report(judged, &judged.report.user_entity_controls));
        replace_rows(connection, "parties.user_entity_controls", cuecs)?;
        let organizations = reports.iter().flat_map(|judged| {
            let parties = judged.subservice_party_ids.iter().map(Option::as_deref).chain(std::iter::repeat(None));
            judged.report.subservice_organizations.iter().zip(parties).map(|(child, party_id)| OfReport {
                report_id: &judged.report.report_id,
                party_id,
                child,
            })
        });
        replace_rows(connection, "parties.subservice_organizations", organizations)?;
        let csocs = reports.iter().flat_map(|judged| {
            let parties =
                judged.subservice_control_party_ids.iter().map(Option::as_deref).chain(std::iter::repeat(None));
            judged.report.subservice_controls.iter().zip(parties).map(|(child, party_id)| OfReport {
                report_id: &judged.report.report_id,
                party_id,
                child,
            })
        });
        replace_rows(connection, "parties.subservice_controls", csocs)
    }

    /// Writes the tables of `graph`.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn write_graph(&mut self, rows: &GraphRows<'_>) -> Result<(), WarehouseError> {
        let connection = self.connection();
        replace_rows(connection, "graph.nodes", rows.nodes)?;
        replace_rows(connection, "graph.edges", rows.edges)?;
        replace_rows(connection, "graph.reach", rows.reach)?;
        replace_rows(connection, "graph.concentration", rows.concentration)
    }

    /// Writes the tables of `controls` that no check fills.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn write_controls(&mut self, rows: &ControlRows<'_>) -> Result<(), WarehouseError> {
        let connection = self.connection();
        let layers = Layer::ALL.iter().enumerate().map(|(ordinal, layer)| LayerRow { layer: *layer, ordinal });
        replace_rows(connection, "controls.layers", layers)?;
        replace_rows(connection, "controls.criteria", rows.criteria)?;
        replace_rows(connection, "controls.controls", rows.controls)?;
        let criteria = rows.controls.iter().flat_map(|control| {
            let control_id = control.control_id.as_str();
            control.criteria.iter().map(move |criterion_id| CriterionOfControl { control_id, criterion_id })
        });
        replace_rows(connection, "controls.control_criteria", criteria)?;
        let layers = rows.controls.iter().flat_map(|control| {
            let control_id = control.control_id.as_str();
            control.layers.iter().map(move |layer| LayerOfControl { control_id, layer: *layer })
        });
        replace_rows(connection, "controls.control_layers", layers)?;
        replace_rows(connection, "controls.crosswalk", rows.crosswalk)?;
        replace_rows(connection, "controls.responsibility", rows.responsibility)?;
        replace_rows(connection, "controls.common_tests", rows.common_tests)?;
        replace_rows(connection, "controls.evidence_guide", rows.evidence_guide)
    }

    /// Writes `scoping.scenarios`.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn write_scenarios(&mut self, scenarios: &[Scenario]) -> Result<(), WarehouseError> {
        replace_rows(self.connection(), "scoping.scenarios", scenarios.iter().map(scenario_row))
    }

    /// Writes `scoping.obligations`, `scoping.sizing` and `scoping.gaps`.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn write_scoping(&mut self, rows: &ScopingRows<'_>) -> Result<(), WarehouseError> {
        let connection = self.connection();
        replace_rows(connection, "scoping.obligations", rows.obligations)?;
        replace_rows(connection, "scoping.sizing", rows.sizing)?;
        replace_rows(connection, "scoping.gaps", rows.gaps.iter().map(|(scenario, gap)| GapRow { scenario, gap }))
    }
}

fn of_report<'a, T: Serialize>(judged: &'a JudgedReport, children: &'a [T]) -> impl Iterator<Item = OfReport<'a, T>> {
    children.iter().map(|child| OfReport { report_id: &judged.report.report_id, party_id: None, child })
}

fn report_row(judged: &JudgedReport) -> ReportRow<'_> {
    let report = &judged.report;
    ReportRow {
        report_id: &report.report_id,
        party_id: judged.party_id.as_deref(),
        organization: &report.organization,
        system: report.system.as_deref(),
        framework: FRAMEWORK,
        report_type: report.report_type.as_str(),
        auditor: report.auditor.as_deref(),
        period_start: report.period_start,
        period_end: report.period_end,
        as_of: report.as_of,
        issued_on: report.issued_on,
        opinion: report.opinion.map(|opinion| opinion.as_str()),
        qualified_criteria: &report.qualified_criteria,
        categories: report.categories.iter().map(|category| category.as_str()).collect(),
        subservice_method: subservice_method(judged),
        bridge_until: report.bridge_until,
        reliance: judged.reliance.map(|reliance| reliance.as_str()),
        judged_on: judged.judged_on,
        source: &report.source,
        source_sha256: &report.source_sha256,
        extraction: &report.extraction,
    }
}

/// One word for the methods of all its subservice organizations.
fn subservice_method(judged: &JudgedReport) -> Option<&'static str> {
    let mut methods: Vec<SubserviceMethod> =
        judged.report.subservice_organizations.iter().map(|organization| organization.method).collect();
    methods.sort_unstable();
    methods.dedup();
    match methods.as_slice() {
        [] => None,
        [method] => Some(method.as_str()),
        _ => Some("mixed"),
    }
}

fn scenario_row(scenario: &Scenario) -> ScenarioRow<'_> {
    let scope = &scenario.scope;
    ScenarioRow {
        scenario: &scenario.scenario,
        categories: scope.categories.iter().map(|category| category.as_str()).collect(),
        report_type: scope.report_type.as_str(),
        period_start: scope.period.start,
        period_end: scope.period.end,
        frameworks_in_place: &scope.frameworks_in_place,
        without_parties: &scenario.without_parties,
        sized_at: scenario.sized_at,
    }
}
