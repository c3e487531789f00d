//! `carveout diff`: what changed between two runs, by resource, by type, and in terms of the audit.

use carveout_queries::{Binding, Value};
use carveout_warehouse::{Cell, Moment, Reader, Rows, RunRow, RunStatus, WarehouseError};
use jiff::Timestamp;

use crate::{
    cli::{Diff, DiffBy},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Prints the difference.
pub fn run(workspace: &Workspace, arguments: &Diff) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    let (from, to) = sides(&reader, arguments)?;
    let kept = reader.history_from().or_fail(|| "can't look back".to_owned())?;
    if from.run_id < kept.estate {
        let error = WarehouseError::Forgotten { run: from.run_id, from: kept.estate };
        return Err(CliError::failed("can't look back that far").because(error));
    }
    let is_derived_kept = from.run_id >= kept.derived;
    if arguments.by == Some(DiffBy::Scoping) && !is_derived_kept {
        return Err(CliError::failed(format!(
            "what was derived from run {} is not kept: that history begins with run {}",
            from.run_id, kept.derived
        ))
        .hint("--by resource and --by type go back further"));
    }
    let ask = |by| rows(&reader, by, &from, &to);
    match arguments.by {
        Some(by) => printer::print(&ask(by)?, &arguments.output)?,
        None if arguments.output.is_for_people() => {
            printer::text(&format!("From {} to {}\n\nResources by type\n", words(&from), words(&to)))?;
            print_or(&ask(DiffBy::Type)?, "none changed", arguments)?;
            printer::text("\nFor the audit\n")?;
            if is_derived_kept {
                print_or(&by_check(ask(DiffBy::Scoping)?), "nothing changed", arguments)?;
            } else {
                printer::text(&format!("not kept before run {}\n", kept.derived))?;
            }
            printer::text("\nEach resource: `carveout diff --by resource`, or `--by scoping` for the checks\n")?;
        }
        None => {
            return Err(CliError::usage("which rows?").hint("add --by resource, --by type or --by scoping"));
        }
    }
    Ok(Exit::Done)
}

/// The two runs, the earlier one first.
fn sides(reader: &Reader, arguments: &Diff) -> Result<(RunRow, RunRow), CliError> {
    let sealed = |moment| reader.sealed_run(moment).or_usage(|| "there is no such run".to_owned());
    let to = sealed(arguments.to.unwrap_or(Moment::At(Timestamp::MAX)))?;
    let from = match arguments.from.or(arguments.since) {
        Some(moment) => sealed(moment)?,
        None => before(reader, &to)?,
    };
    if from.run_id > to.run_id {
        return Err(
            CliError::usage(format!("{} comes after {}", words(&from), words(&to))).hint("name the earlier one first")
        );
    }
    Ok((from, to))
}

/// The last run that was sealed before another one.
fn before(reader: &Reader, to: &RunRow) -> Result<RunRow, CliError> {
    let runs = reader.runs().or_fail(|| "can't read the runs".to_owned())?;
    let is_sealed = |run: &RunRow| matches!(run.status, RunStatus::Complete | RunStatus::Partial);
    runs.into_iter().filter(|run| is_sealed(run) && run.run_id < to.run_id).max_by_key(|run| run.run_id).ok_or_else(
        || {
            CliError::usage(format!("no run was sealed before {}", words(to)))
                .hint("a difference needs two; `carveout status` lists them")
        },
    )
}

fn rows(reader: &Reader, by: DiffBy, from: &RunRow, to: &RunRow) -> Result<Rows, CliError> {
    let sql = match by {
        DiffBy::Resource => include_str!("diff/by_resource.sql"),
        DiffBy::Type => include_str!("diff/by_type.sql"),
        DiffBy::Scoping => include_str!("diff/scoping.sql"),
    };
    let run = |name: &str, run: &RunRow| Binding { name: name.to_owned(), value: Value::Integer(run.run_id.0) };
    reader.query(sql, &[run("from_run", from), run("to_run", to)]).or_fail(|| "can't compare the runs".to_owned())
}

/// Makes one row of all the resources that changed the same way under one check: people read that first.
fn by_check(rows: Rows) -> Rows {
    let [change, subject, resource_key] = ["change", "subject", "resource_key"]
        .map(|name| rows.columns.iter().position(|column| column.name == name).expect("the statement names it"));
    let is_check = |row: &[Cell]| matches!(&row[change], Cell::Text(word) if word.starts_with("check_"));
    let same = |one: &Vec<Cell>, other: &Vec<Cell>| {
        is_check(one) && one[change] == other[change] && one[subject] == other[subject]
    };
    let collapse = |group: &[Vec<Cell>]| {
        let mut row = group[0].clone();
        if group.len() > 1 {
            row[resource_key] = Cell::Text(format!("{} resources", group.len()));
        }
        row
    };
    Rows { rows: rows.rows.chunk_by(same).map(collapse).collect(), columns: rows.columns }
}

fn print_or(rows: &Rows, nothing: &str, arguments: &Diff) -> Result<(), CliError> {
    if rows.rows.is_empty() {
        return printer::text(&format!("{nothing}\n"));
    }
    printer::print(rows, &arguments.output)
}

/// `run 12 (2026-03-31 18:00)`.
fn words(run: &RunRow) -> String {
    let ended = run.finished_at.unwrap_or(run.started_at);
    format!("run {} ({})", run.run_id, ended.strftime("%Y-%m-%d %H:%M"))
}
