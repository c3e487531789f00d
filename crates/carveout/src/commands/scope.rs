//! `carveout scope size`: the audit's size for a scenario, from the published facts; nothing is written.

use carveout_model::{AuditScope, Category, Evidence, Soc2Report, ThirdParty};
use carveout_scoping::{PartyReport, ResourceCount, Scenario, Scoping, ScopingInput, Sizer};
use carveout_warehouse::{Cell, Column, Reader, Rows};
use jiff::Timestamp;

use crate::{
    cli::{Format, Scope, Size},
    commands::refresh::audit_scope,
    derive::in_scope,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// What is listed of contributors and toggles.
const LINES: usize = 5;

/// Sizes a scenario.
pub fn run(workspace: &Workspace, command: &Scope) -> Result<Exit, CliError> {
    let Scope::Size(arguments) = command;
    let reader = workspace.reader()?;
    let configured = workspace.maybe_config().and_then(|config| config.scope.clone());
    let configured = match configured {
        Some(scope) => Some(scope),
        None => sealed_scope(&reader)?,
    };
    let scenario = scenario(audit_scope(configured.as_ref(), Timestamp::now()), arguments)?;
    let facts = Facts::read(&reader)?;
    if let Some(unknown) = scenario.without.iter().find(|id| facts.parties.iter().all(|party| party.party_id != **id)) {
        return Err(CliError::usage(format!("no third party has the id `{unknown}`"))
            .hint("`carveout query run third-parties` lists all"));
    }
    let sizer = facts.sizer(workspace)?;
    let sizing = || "can't size the audit".to_owned();
    let scoping = sizer.size(&scenario).or_fail(sizing)?;
    printer::print(&table(&scoping), &arguments.output)?;
    if arguments.output.format == Format::Table && arguments.output.out.is_none() {
        let toggles = sizer.toggles(&scenario, LINES).or_fail(sizing)?;
        let mut text = "\nLargest parts\n".to_owned();
        for part in scoping.contributors(LINES).iter().filter(|part| part.kind == "party" || part.kind == "fixed") {
            text += &format!(
                "  {:>7.0} h  {:>4.0} %  {} {}\n",
                part.hours.pert(),
                part.share * 100.0,
                part.kind,
                part.subject
            );
        }
        text += "\nWhat one change would do\n";
        for toggle in toggles {
            text += &format!(
                "  {:>+7.0} h  {:>+5} repeats  {}\n",
                toggle.hours_delta, toggle.real_size_delta, toggle.change
            );
        }
        for note in &scoping.notes {
            text += &format!("\nNote: {note}\n");
        }
        printer::text(&text)?;
    }
    Ok(Exit::Done)
}

/// The configured scope with the flags' changes.
fn scenario(mut scope: AuditScope, arguments: &Size) -> Result<Scenario, CliError> {
    if !arguments.criteria.is_empty() {
        let categories: Vec<Category> = arguments
            .criteria
            .iter()
            .map(|word| word.parse())
            .collect::<Result<_, _>>()
            .or_usage(|| "--criteria can't be used".to_owned())?;
        scope.categories = categories.try_into().or_usage(|| "--criteria can't be used".to_owned())?;
    }
    let mut scenario = Scenario::new("asked", scope);
    scenario.without = arguments.without.iter().cloned().collect();
    Ok(scenario)
}

#[derive(serde::Deserialize)]
struct ScopeRow {
    categories: Vec<Category>,
    report_type: carveout_model::ReportType,
    period_start: jiff::civil::Date,
    period_end: jiff::civil::Date,
    frameworks_in_place: Option<Vec<String>>,
}

/// The scope that the last run was sized for.
fn sealed_scope(reader: &Reader) -> Result<Option<AuditScope>, CliError> {
    let rows: Vec<ScopeRow> = reader
        .rows(
            "SELECT categories, report_type, period_start, period_end, frameworks_in_place
             FROM scoping.scenarios WHERE scenario = 'current'",
            &[],
        )
        .or_fail(|| "can't read the scenarios".to_owned())?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let categories = row.categories.try_into().or_fail(|| "the database holds a scope without security".to_owned())?;
    Ok(Some(AuditScope {
        categories,
        report_type: row.report_type,
        period: carveout_model::Period { start: row.period_start, end: row.period_end },
        frameworks_in_place: row.frameworks_in_place.unwrap_or_default(),
    }))
}

/// What sizing rests on, as the published database has it.
struct Facts {
    parties: Vec<ThirdParty>,
    evidence: Vec<Evidence>,
    resources: Vec<ResourceCount>,
    reports: Vec<PartyReport>,
    incomplete_units: u32,
}

#[derive(serde::Deserialize)]
struct CountRow {
    provider: carveout_model::Provider,
    service: String,
    type_name: String,
    service_model: carveout_model::ServiceModel,
    count: u64,
}

#[derive(serde::Deserialize)]
struct ReportRow {
    party_id: String,
    document: Soc2Report,
}

#[derive(serde::Deserialize)]
struct GapRow {
    units: u32,
}

impl Facts {
    fn read(reader: &Reader) -> Result<Self, CliError> {
        let reading = || "can't read what the size rests on".to_owned();
        let counts: Vec<CountRow> = reader
            .rows(
                "SELECT provider, service, type AS type_name, service_model, count(*) AS count
                 FROM inventory.resources GROUP BY ALL ORDER BY ALL",
                &[],
            )
            .or_fail(reading)?;
        let reports: Vec<ReportRow> = reader
            .rows(
                "SELECT reports.party_id, documents.document
                 FROM parties.reports AS reports
                 INNER JOIN parties.report_documents AS documents ON documents.report_id = reports.report_id
                 WHERE reports.party_id IS NOT NULL ORDER BY reports.report_id",
                &[],
            )
            .or_fail(reading)?;
        let gaps: Vec<GapRow> = reader
            .rows(
                "SELECT count(*) AS units FROM inventory.coverage
                 WHERE run_id = (SELECT max(run_id) FROM inventory.coverage)
                     AND status NOT IN ('ok', 'skipped', 'unsupported')",
                &[],
            )
            .or_fail(reading)?;
        Ok(Self {
            parties: reader
                .rows(
                    "SELECT party_id, name, domain, category, service_model, origin, in_register, relation_strength
                     FROM parties.third_parties ORDER BY party_id",
                    &[],
                )
                .or_fail(reading)?,
            evidence: reader
                .rows(
                    "SELECT party_id, resource_key, signal, relation, strength, direction, detail,
                         relation_confidence, attribution_confidence, status
                     FROM parties.evidence ORDER BY ALL",
                    &[],
                )
                .or_fail(reading)?,
            resources: counts
                .into_iter()
                .map(|row| ResourceCount {
                    provider: row.provider,
                    service: row.service,
                    type_name: row.type_name,
                    service_model: row.service_model,
                    count: row.count,
                })
                .collect(),
            reports: reports
                .into_iter()
                .map(|row| PartyReport { party_id: row.party_id, report: row.document })
                .collect(),
            incomplete_units: gaps.first().map_or(0, |row| row.units),
        })
    }

    fn sizer(&self, workspace: &Workspace) -> Result<Sizer, CliError> {
        let parties = in_scope(&self.parties, &self.evidence, &self.reports);
        let input = ScopingInput {
            parties: &parties,
            resources: &self.resources,
            reports: &self.reports,
            checks: &[],
            populations: &[],
            incomplete_units: self.incomplete_units,
        };
        Sizer::new(&workspace.control_set(), &input).or_fail(|| "can't size the audit".to_owned())
    }
}

/// One row a measure: what is counted, how much, and what it means.
fn table(scoping: &Scoping) -> Rows {
    let sizing = &scoping.sizing;
    let count = |measure: &str, value: u32, meaning: &str| {
        vec![Cell::Text(measure.to_owned()), Cell::Double(f64::from(value)), Cell::Text(meaning.to_owned())]
    };
    let hours = |measure: &str, value: f64, meaning: &str| {
        vec![Cell::Text(measure.to_owned()), Cell::Double(value.round()), Cell::Text(meaning.to_owned())]
    };
    let rows = vec![
        count("criteria", sizing.criteria, "in the chosen categories"),
        count("third_parties", sizing.third_parties, "in scope, the clouds among them"),
        count("naive_size", sizing.naive_size, "each for each: every criterion for every third party"),
        count("inclusive_size", sizing.inclusive_size, "subservice organizations tested at their sites"),
        count("carve_out_size", sizing.carve_out_size, "no tests at the vendors"),
        count("real_size", sizing.real_size, "criteria that have to be shown again, over all third parties"),
        count("report_reviews", sizing.report_reviews, "vendors' reports to read, once each"),
        count("vendor_assessments", sizing.vendor_assessments, "vendors without a report to rely on"),
        count("evidence_requests", sizing.evidence_requests, "pieces of evidence asked for"),
        count("evidence_answered", sizing.evidence_answered, "of those, answered by the inventory"),
        hours("hours_p10", scoping.percentiles.p10, "one estimate in ten is below"),
        hours("hours_pert", sizing.hours_pert, "(low + 4 × likely + high) / 6"),
        hours("hours_p90", scoping.percentiles.p90, "nine estimates in ten are below"),
        count(
            "incomplete_units",
            sizing.incomplete_units,
            "units of the crawl that could not be read: unknown, not zero",
        ),
    ];
    let column = |name: &str, type_name: &str| Column { name: name.to_owned(), type_name: type_name.to_owned() };
    Rows { columns: vec![column("measure", "VARCHAR"), column("value", "DOUBLE"), column("meaning", "VARCHAR")], rows }
}
