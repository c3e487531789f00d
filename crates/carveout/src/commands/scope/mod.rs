//! `carveout scope`: sizes and explains an audit from the published facts; nothing is written.

mod compare;
mod coverage;
mod cuecs;
mod evidence;
mod gaps;
mod matrix;
mod modes;
mod size;

use std::path::Path;

use carveout_model::{AuditScope, Category, Period, ReportType};
use carveout_queries::{Binding, near_misses};
use carveout_scoping::{IdleReason, Scenario, Sizer};
use carveout_warehouse::{Cell, Column, Reader, Rows};
use jiff::{Timestamp, civil::Date};

use crate::{
    cli::{ScenarioFlags, Scope},
    error::{CliError, Exit, OrFail},
    facts::Facts,
    workspace::Workspace,
};

/// The scenario of every run, as `scoping.scenarios` names it.
const CURRENT: &str = crate::derive::CURRENT_SCENARIO;

/// Sizes, lists or explains.
pub fn run(workspace: &Workspace, command: &Scope) -> Result<Exit, CliError> {
    match command {
        Scope::Size(arguments) => size::run(workspace, arguments),
        Scope::Modes(arguments) => modes::run(workspace, arguments),
        Scope::Matrix(arguments) => matrix::run(workspace, arguments),
        Scope::Gaps(arguments) => gaps::run(workspace, arguments),
        Scope::Compare(arguments) => compare::run(workspace, arguments),
        Scope::Coverage(arguments) => coverage::run(workspace, arguments),
        Scope::Cuecs(arguments) => cuecs::run(workspace, arguments),
        Scope::Evidence(arguments) => evidence::run(workspace, arguments),
    }
}

/// One row a measure, one column a scenario or mode.
fn side_by_side<'a>(
    names: impl IntoIterator<Item = &'a str>,
    measures: impl IntoIterator<Item = (&'static str, Vec<f64>)>,
) -> Rows {
    let numbers = names.into_iter().map(|name| Column::new(name, "DOUBLE"));
    let row = |(measure, values): (&str, Vec<f64>)| {
        std::iter::once(Cell::Text(measure.to_owned())).chain(values.into_iter().map(Cell::Double)).collect()
    };
    Rows {
        columns: std::iter::once(Column::new("measure", "VARCHAR")).chain(numbers).collect(),
        rows: measures.into_iter().map(row).collect(),
    }
}

/// The estate's facts, ready to size, with the scenario that the flags ask for.
fn prepared(workspace: &Workspace, flags: &ScenarioFlags) -> Result<(Sizer, Scenario), CliError> {
    let reader = workspace.reader()?;
    let scenario = scenario(&base_scope(workspace, &reader)?, flags)?;
    let controls = workspace.control_set()?;
    let facts = Facts::read(&|sql| reader.query(sql, &[]), &workspace.populations(&controls)?)?;
    let sizer = facts.sizer(&controls)?;
    check(&sizer, &scenario)?;
    Ok((sizer, scenario))
}

/// Refuses a scenario that names a party that isn't there, or has an override that decides nothing: a slip of the finger
/// is no decision.
fn check(sizer: &Sizer, scenario: &Scenario) -> Result<(), CliError> {
    let named = scenario.without.iter().chain(&scenario.inclusive).chain(&scenario.assume_reports);
    if let Some(unknown) = named.into_iter().find(|id| !sizer.party_ids().any(|known| known == *id)) {
        let error = CliError::usage(format!("no third party in scope has the id `{unknown}`"));
        return Err(match near_misses(unknown, sizer.party_ids()).as_slice() {
            [] => error.hint("`carveout query run third-parties` lists all"),
            near => error.hint(format!("did you mean {}?", near.join(", "))),
        });
    }
    let Some(idle) = sizer.idle_overrides(scenario).into_iter().next() else { return Ok(()) };
    let set = sizer.control_set();
    let near = match &idle.why {
        IdleReason::UnknownParty(id) => near_misses(id, sizer.party_ids()),
        IdleReason::UnknownCriterion(id) => near_misses(id, set.criteria().iter().map(|each| &*each.criterion_id)),
        IdleReason::UnknownControl(id) => near_misses(id, set.controls().iter().map(|each| &*each.control.control_id)),
        _ => Vec::new(),
    };
    let reason = scenario.overrides.get(idle.number - 1).map_or("", |each| each.reason.as_str());
    let (number, name, why) = (idle.number, &scenario.name, &idle.why);
    let error =
        CliError::usage(format!("override {number} of the scenario `{name}` decides nothing: {why} (\"{reason}\")"));
    Err(match near.as_slice() {
        [] => error.hint("`carveout controls list` and `carveout parties list` show what can be named"),
        near => error.hint(format!("did you mean {}?", near.join(", "))),
    })
}

/// The scope that the flags change: the configured one, or the one that the last run was sized for.
pub fn base_scope(workspace: &Workspace, reader: &Reader) -> Result<AuditScope, CliError> {
    if workspace.maybe_config().is_none_or(|config| config.scope.is_none())
        && let Some(sealed) = sealed_scope(reader)?
    {
        return Ok(sealed);
    }
    Ok(workspace.audit_scope(Timestamp::now()))
}

/// The scenario file, or the base scope, with the flags' changes.
fn scenario(base: &AuditScope, flags: &ScenarioFlags) -> Result<Scenario, CliError> {
    let mut scenario = match &flags.scenario {
        Some(path) => read_scenario(path, base)?,
        None => Scenario::new("asked", base.clone()),
    };
    if !flags.criteria.is_empty() {
        let categories: Vec<Category> = flags
            .criteria
            .iter()
            .map(|word| word.parse())
            .collect::<Result<_, _>>()
            .or_usage(|| "--criteria can't be used".to_owned())?;
        scenario.scope.categories = categories.try_into().or_usage(|| "--criteria can't be used".to_owned())?;
    }
    scenario.without.extend(flags.without.iter().cloned());
    scenario.inclusive.extend(flags.inclusive.iter().cloned());
    scenario.assume_reports.extend(flags.with_report.iter().cloned());
    Ok(scenario)
}

/// Reads a scenario file; its name is the file's unless it says another.
fn read_scenario(path: &Path, base: &AuditScope) -> Result<Scenario, CliError> {
    let text = std::fs::read_to_string(path).or_usage(|| format!("can't read the scenario {}", path.display()))?;
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Scenario::from_toml(&name, &text, base).or_usage(|| format!("{} is no scenario", path.display()))
}

#[derive(serde::Deserialize)]
struct ScopeRow {
    categories: Vec<Category>,
    report_type: ReportType,
    period_start: Date,
    period_end: Date,
    frameworks_in_place: Option<Vec<String>>,
}

/// The scope that the last run was sized for.
fn sealed_scope(reader: &Reader) -> Result<Option<AuditScope>, CliError> {
    let rows: Vec<ScopeRow> = reader
        .rows(
            "SELECT categories, report_type, period_start, period_end, frameworks_in_place
             FROM scoping.scenarios WHERE scenario = getvariable('scenario')",
            &[Binding::text("scenario", CURRENT)],
        )
        .or_fail(|| "can't read the scenarios".to_owned())?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let categories = row.categories.try_into().or_fail(|| "the database holds a scope without security".to_owned())?;
    Ok(Some(AuditScope {
        categories,
        report_type: row.report_type,
        period: Period { start: row.period_start, end: row.period_end },
        frameworks_in_place: row.frameworks_in_place.unwrap_or_default(),
    }))
}
