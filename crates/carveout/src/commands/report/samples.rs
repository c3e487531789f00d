//! `carveout report samples`: the populations of a control, each in the order of a draw that can be repeated: what its
//! checks look at, and what its population queries list.

use std::{
    collections::{BTreeMap, HashMap},
    ffi::OsStr,
};

use carveout_model::{Check, CheckProvider, CheckStatus};
use carveout_queries::Binding;
use carveout_report::{CheckResult, METHOD, draw};
use carveout_scoping::Covers;
use carveout_warehouse::{Cell, Column, Reader, Rows};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

use super::facts;
use crate::{
    cli::{Format, Samples},
    error::{CliError, Exit, OrFail},
    populations::{self, PopulationQuery},
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
    ("happened_at", "TIMESTAMP"),
    ("status", "VARCHAR"),
    ("reason", "VARCHAR"),
    ("population", "BIGINT"),
    ("sample_size", "BIGINT"),
    ("run_id", "BIGINT"),
    ("query", "VARCHAR"),
    ("parameters", "VARCHAR"),
    ("known", "VARCHAR"),
    ("seed", "VARCHAR"),
    ("draw_key", "VARCHAR"),
    ("method", "VARCHAR"),
];

#[derive(Deserialize)]
struct SizeRow {
    sample_size: Option<i64>,
}

#[derive(Deserialize)]
struct WindowRow {
    period_start: Date,
    period_end: Date,
    known_from: Timestamp,
    is_whole: bool,
}

#[derive(Deserialize)]
struct ItemRow {
    provider: CheckProvider,
    item_key: String,
    item_type: String,
    scope_id: Option<String>,
    name: Option<String>,
    happened_at: Option<String>,
    detail: String,
}

/// One thing that may be drawn, or a place of which nobody knows what is there.
#[derive(Default)]
struct Item {
    key: String,
    type_name: Option<String>,
    scope_id: Option<String>,
    region: Option<String>,
    name: Option<String>,
    happened_at: Option<String>,
    status: Option<CheckStatus>,
    reason: String,
}

/// What one sheet is about, and how its population came about.
struct Sheet {
    control_id: String,
    check_id: Option<String>,
    provider: CheckProvider,
    query: String,
    parameters: Option<String>,
    known: String,
    items: Vec<Item>,
    /// Places that could not be listed: no members of the population.
    places: Vec<Item>,
}

/// Draws and writes.
pub fn run(workspace: &Workspace, arguments: &Samples) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    let run = facts::last_run(&reader)?;
    let provider: Option<CheckProvider> =
        arguments.provider.as_deref().map(str::parse).transpose().or_usage(|| "--provider can't be used".to_owned())?;
    let mut sheets = of_checks(&reader, &arguments.control, provider, run.run_id)?;
    let controls = workspace.control_set()?;
    let mut queries = populations::of_controls(&controls, &workspace.queries()?)?;
    queries.retain(|query| query.control_id == arguments.control);
    for query in &queries {
        let listed = of_query(&reader, query, &arguments.scenario, run.run_id)?;
        sheets.extend(listed.into_iter().filter(|sheet| provider.is_none_or(|wanted| sheet.provider == wanted)));
    }
    if sheets.is_empty() {
        let place = provider.map(|provider| format!(" in {provider}")).unwrap_or_default();
        let message = if queries.is_empty() {
            format!("no check and no query lists what control `{}` is tested on{place}", arguments.control)
        } else {
            let names: Vec<&str> = queries.iter().map(|query| query.query_name.as_str()).collect();
            format!(
                "the population of control `{}` is empty{place}: {} lists nothing",
                arguments.control,
                names.join(", ")
            )
        };
        return Err(CliError::failed(message).hint(
            "`carveout sql \"SELECT DISTINCT control_id FROM controls.checks\"` lists controls with checks; the \
             population of others is not in the inventory",
        ));
    }
    let seed = arguments.seed.clone().unwrap_or_else(|| format!("run-{}", run.run_id));
    let mut rows = Rows { columns: columns(), rows: Vec::new() };
    for sheet in &sheets {
        let size = match arguments.size {
            Some(size) => size,
            None => asked_size(&reader, sheet, &arguments.scenario)?,
        };
        rows.rows.extend(lines(sheet, &seed, size, run.run_id));
    }
    let mut output = arguments.output.clone();
    let is_csv = output.out.as_deref().and_then(std::path::Path::extension) == Some(OsStr::new("csv"));
    if is_csv && output.format == Format::Table {
        output.format = Format::Csv;
    }
    printer::print(&rows, &output)?;
    Ok(Exit::Done)
}

/// A sheet for each check of a control.
fn of_checks(
    reader: &Reader,
    control_id: &str,
    provider: Option<CheckProvider>,
    run_id: i64,
) -> Result<Vec<Sheet>, CliError> {
    let bindings =
        [Binding::text("control", control_id), Binding::text("provider", provider.map_or("", CheckProvider::as_str))];
    let mut results: HashMap<String, Vec<CheckResult>> = HashMap::new();
    for result in facts::check_results(reader, &bindings)? {
        results.entry(result.check_id.clone()).or_default().push(result);
    }
    let sheet = |check: Check| {
        let results = results.remove(&check.check_id).unwrap_or_default();
        let bears = results.into_iter().filter(|result| result.status != CheckStatus::NotApplicable);
        let (places, items): (Vec<CheckResult>, Vec<CheckResult>) = bears.partition(|result| is_place(&check, result));
        Sheet {
            control_id: check.control_id,
            check_id: Some(check.check_id),
            provider: check.provider,
            query: check.query_name,
            parameters: None,
            known: format!("as of run {run_id}"),
            items: items.into_iter().map(item).collect(),
            places: places.into_iter().map(item).collect(),
        }
    };
    Ok(facts::checks(reader, &bindings)?.into_iter().map(sheet).collect())
}

fn item(result: CheckResult) -> Item {
    Item {
        key: result.resource_key,
        type_name: result.type_name,
        scope_id: result.scope_id,
        region: result.region,
        name: result.name,
        happened_at: None,
        status: Some(result.status),
        reason: result.reason,
    }
}

/// A place that could not be listed stands in the results as unknown, and is no member of the population.
fn is_place(check: &Check, result: &CheckResult) -> bool {
    let is_of_resources = !matches!(check.resource_type.as_str(), "scope" | "third_party");
    let is_unlisted = (is_of_resources && result.type_name.is_none()) || result.resource_key == "*";
    is_unlisted && result.status == CheckStatus::Unknown
}

/// A sheet for each cloud in which a population query lists something.
fn of_query(reader: &Reader, query: &PopulationQuery, scenario: &str, run_id: i64) -> Result<Vec<Sheet>, CliError> {
    let bindings = [Binding::text("scenario", scenario)];
    let window: Vec<WindowRow> = facts::rows(reader, include_str!("sample_window.sql"), &bindings)?;
    let (parameters, known) = match (query.covers, window.into_iter().next()) {
        (Covers::Now, _) => (None, format!("as of run {run_id}")),
        (Covers::Period, None) => {
            return Err(CliError::usage(format!("no scenario is called `{scenario}`"))
                .hint("`carveout sql \"SELECT scenario FROM scoping.scenarios\"` lists all"));
        }
        (Covers::Period, Some(window)) => {
            let period = format!("{} to {}", window.period_start, window.period_end);
            let known = if window.is_whole {
                format!("the whole period, {period}")
            } else {
                format!(
                    "a part of the period, {period}: runs from {} to run {run_id}",
                    window.known_from.strftime("%F")
                )
            };
            (Some(format!("scenario={scenario}")), known)
        }
    };
    let rows: Vec<ItemRow> = facts::rows(reader, &query.sql, &bindings)?;
    let mut by_provider: BTreeMap<&'static str, Vec<ItemRow>> = BTreeMap::new();
    for row in rows {
        by_provider.entry(row.provider.as_str()).or_default().push(row);
    }
    let sheet = |rows: Vec<ItemRow>| {
        let provider = rows.first()?.provider;
        let item = |row: ItemRow| Item {
            key: row.item_key,
            type_name: Some(row.item_type),
            scope_id: row.scope_id,
            name: row.name,
            happened_at: row.happened_at,
            reason: row.detail,
            ..Item::default()
        };
        Some(Sheet {
            control_id: query.control_id.clone(),
            check_id: None,
            provider,
            query: query.query_name.clone(),
            parameters: parameters.clone(),
            known: known.clone(),
            items: rows.into_iter().map(item).collect(),
            places: Vec::new(),
        })
    };
    Ok(by_provider.into_values().filter_map(sheet).collect())
}

/// The size that the scenario asks for.
fn asked_size(reader: &Reader, sheet: &Sheet, scenario: &str) -> Result<usize, CliError> {
    let bindings = [
        Binding::text("scenario", scenario),
        Binding::text("control", &sheet.control_id),
        Binding::text("party", populations::party_id(sheet.provider).unwrap_or_default()),
    ];
    let rows: Vec<SizeRow> = facts::rows(reader, include_str!("sample_size.sql"), &bindings)?;
    let size = rows.into_iter().find_map(|row| row.sample_size).and_then(|size| usize::try_from(size).ok());
    size.ok_or_else(|| {
        CliError::usage(format!(
            "scenario `{scenario}` asks for no sample of {} in {}",
            sheet.control_id, sheet.provider
        ))
        .hint("say how many with --size N")
    })
}

fn columns() -> Vec<Column> {
    COLUMNS.iter().map(|(name, type_name)| Column::new(*name, type_name)).collect()
}

/// The population in the order of the draw, then the places that could not be listed: what is there has no rank.
fn lines(sheet: &Sheet, seed: &str, size: usize, run_id: i64) -> Vec<Vec<Cell>> {
    let by_key: HashMap<&str, &Item> = sheet.items.iter().map(|item| (item.key.as_str(), item)).collect();
    let sample = draw(by_key.keys().copied(), seed, size);
    let text = |text: &str| Cell::Text(text.to_owned());
    let optional = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::Text);
    let line = |item: &Item, rank: Option<usize>, is_sampled: bool, draw_key: Option<String>| {
        vec![
            text(&sheet.control_id),
            optional(&sheet.check_id),
            text(sheet.provider.as_str()),
            rank.map_or(Cell::Null, count),
            Cell::Bool(is_sampled),
            text(&item.key),
            optional(&item.type_name),
            optional(&item.scope_id),
            optional(&item.region),
            optional(&item.name),
            item.happened_at.clone().map_or(Cell::Null, Cell::Timestamp),
            item.status.map_or(Cell::Null, |status| text(status.as_str())),
            text(&item.reason),
            count(sample.members.len()),
            count(sample.size),
            Cell::Integer(run_id),
            text(&sheet.query),
            optional(&sheet.parameters),
            text(&sheet.known),
            text(seed),
            draw_key.map_or(Cell::Null, Cell::Text),
            text(METHOD),
        ]
    };
    let drawn = sample.members.iter().filter_map(|member| {
        let item = by_key.get(member.key)?;
        Some(line(item, Some(member.rank), member.is_sampled, Some(member.draw_key.clone())))
    });
    drawn.chain(sheet.places.iter().map(|place| line(place, None, false, None))).collect()
}

fn count(number: usize) -> Cell {
    Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
