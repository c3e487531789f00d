//! `carveout report samples`: the population of each test of a control, in the order of a draw that can be repeated.

use std::{collections::HashMap, ffi::OsStr};

use carveout_model::{Check, CheckProvider, CheckStatus, Provider};
use carveout_queries::Binding;
use carveout_report::{CheckResult, METHOD, draw};
use carveout_warehouse::{Cell, Column, Reader, Rows};
use serde::Deserialize;

use super::facts;
use crate::{
    cli::{Format, Samples},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// The columns, with DuckDB's names for their types.
const COLUMNS: &[(&str, &str)] = &[
    ("control_id", "VARCHAR"),
    ("check_id", "VARCHAR"),
    ("provider", "VARCHAR"),
    ("rank", "BIGINT"),
    ("sampled", "BOOLEAN"),
    ("resource_key", "VARCHAR"),
    ("type", "VARCHAR"),
    ("scope_id", "VARCHAR"),
    ("region", "VARCHAR"),
    ("name", "VARCHAR"),
    ("status", "VARCHAR"),
    ("reason", "VARCHAR"),
    ("population", "BIGINT"),
    ("sample_size", "BIGINT"),
    ("run_id", "BIGINT"),
    ("query", "VARCHAR"),
    ("seed", "VARCHAR"),
    ("draw_key", "VARCHAR"),
    ("method", "VARCHAR"),
];

#[derive(Deserialize)]
struct SizeRow {
    sample_size: Option<i64>,
}

/// Draws and writes.
pub fn run(workspace: &Workspace, arguments: &Samples) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    let run = facts::last_run(&reader)?;
    let provider: Option<CheckProvider> =
        arguments.provider.as_deref().map(str::parse).transpose().or_usage(|| "--provider can't be used".to_owned())?;
    let bindings = [
        Binding::text("control", &arguments.control),
        Binding::text("provider", provider.map_or("", CheckProvider::as_str)),
    ];
    let checks = facts::checks(&reader, &bindings)?;
    if checks.is_empty() {
        let place = provider.map(|provider| format!(" in {provider}")).unwrap_or_default();
        return Err(CliError::failed(format!("no check is evidence for control `{}`{place}", arguments.control)).hint(
            "`carveout sql \"SELECT DISTINCT control_id FROM controls.checks\"` lists controls with checks; the \
             population of others is not in the inventory",
        ));
    }
    let mut results: HashMap<String, Vec<CheckResult>> = HashMap::new();
    for result in facts::check_results(&reader, &bindings)? {
        results.entry(result.check_id.clone()).or_default().push(result);
    }
    let seed = arguments.seed.clone().unwrap_or_else(|| format!("run-{}", run.run_id));
    let mut rows = Rows { columns: columns(), rows: Vec::new() };
    for check in &checks {
        let results = results.remove(&check.check_id).unwrap_or_default();
        let size = match arguments.size {
            Some(size) => size,
            None => asked_size(&reader, check, &arguments.scenario)?,
        };
        rows.rows.extend(sheet(check, &results, &seed, size, run.run_id));
    }
    let mut output = arguments.output.clone();
    let is_csv = output.out.as_deref().and_then(std::path::Path::extension) == Some(OsStr::new("csv"));
    if is_csv && output.format == Format::Table {
        output.format = Format::Csv;
    }
    printer::print(&rows, &output)?;
    Ok(Exit::Done)
}

/// The size that the scenario asks for.
fn asked_size(reader: &Reader, check: &Check, scenario: &str) -> Result<usize, CliError> {
    let cloud = match check.provider {
        CheckProvider::Aws => Provider::Aws.party_id(),
        CheckProvider::Azure => Provider::Azure.party_id(),
        CheckProvider::Gcp => Provider::Gcp.party_id(),
        CheckProvider::Any => "",
    };
    let bindings = [
        Binding::text("scenario", scenario),
        Binding::text("control", &check.control_id),
        Binding::text("party", cloud),
    ];
    let rows: Vec<SizeRow> = facts::rows(reader, include_str!("sample_size.sql"), &bindings)?;
    let size = rows.into_iter().find_map(|row| row.sample_size).and_then(|size| usize::try_from(size).ok());
    size.ok_or_else(|| {
        CliError::usage(format!(
            "scenario `{scenario}` asks for no sample of {} in {}",
            check.control_id, check.provider
        ))
        .hint("say how many with --size N")
    })
}

fn columns() -> Vec<Column> {
    COLUMNS.iter().map(|(name, type_name)| Column::new(*name, type_name)).collect()
}

/// The population in the order of the draw, then the places that could not be listed: what is there has no rank.
fn sheet(check: &Check, results: &[CheckResult], seed: &str, size: usize, run_id: i64) -> Vec<Vec<Cell>> {
    let bears = results.iter().filter(|result| result.status != CheckStatus::NotApplicable);
    let (places, items): (Vec<&CheckResult>, Vec<&CheckResult>) = bears.partition(|result| is_place(check, result));
    let by_key: HashMap<&str, &CheckResult> = items.iter().map(|item| (item.resource_key.as_str(), *item)).collect();
    let sample = draw(by_key.keys().copied(), seed, size);
    let line = |result: &CheckResult, rank: Option<usize>, is_sampled: bool, draw_key: Option<String>| {
        let text = |text: &str| Cell::Text(text.to_owned());
        let optional = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::Text);
        vec![
            text(&check.control_id),
            text(&check.check_id),
            text(check.provider.as_str()),
            rank.map_or(Cell::Null, count),
            Cell::Bool(is_sampled),
            text(&result.resource_key),
            optional(&result.type_name),
            optional(&result.scope_id),
            optional(&result.region),
            optional(&result.name),
            text(result.status.as_str()),
            text(&result.reason),
            count(sample.members.len()),
            count(sample.size),
            Cell::Integer(run_id),
            text(&check.query_name),
            text(seed),
            draw_key.map_or(Cell::Null, Cell::Text),
            text(METHOD),
        ]
    };
    let drawn = sample.members.iter().filter_map(|member| {
        let result = by_key.get(member.key)?;
        Some(line(result, Some(member.rank), member.is_sampled, Some(member.draw_key.clone())))
    });
    drawn.chain(places.into_iter().map(|place| line(place, None, false, None))).collect()
}

/// A place that could not be listed stands in the results as unknown, and is no member of the population.
fn is_place(check: &Check, result: &CheckResult) -> bool {
    let is_of_resources = !matches!(check.resource_type.as_str(), "scope" | "third_party");
    let is_unlisted = (is_of_resources && result.type_name.is_none()) || result.resource_key == "*";
    is_unlisted && result.status == CheckStatus::Unknown
}

fn count(number: usize) -> Cell {
    Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
