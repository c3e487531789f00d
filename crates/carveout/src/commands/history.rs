//! `carveout history`: how far back the file remembers.

use carveout_warehouse::{Cell, Column, Pruned, Rows};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    cli::{History, Prune},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Prunes.
pub fn run(workspace: &Workspace, command: &History) -> Result<Exit, CliError> {
    match command {
        History::Prune(arguments) => prune(workspace, arguments),
    }
}

fn prune(workspace: &Workspace, arguments: &Prune) -> Result<Exit, CliError> {
    let now = Timestamp::now().to_zoned_datetime(TimeZone::UTC);
    let before = now
        .checked_sub(arguments.keep)
        .or_usage(|| format!("{} ago is before any calendar", arguments.keep))?
        .timestamp();
    // Says that there is no database where there is none, instead of making one.
    drop(workspace.reader()?);
    let mut warehouse = workspace.warehouse()?;
    let pruned = if arguments.dry_run { warehouse.rehearse_pruning(before) } else { warehouse.prune(before) };
    let pruned = pruned.or_fail(|| "can't prune the history".to_owned())?;
    printer::print(&rows(&pruned), &arguments.output)?;
    if arguments.output.is_for_people() {
        printer::text(&in_words(&pruned))?;
    }
    Ok(Exit::Done)
}

fn rows(pruned: &Pruned) -> Rows {
    let row = |(table, rows): &(String, u64)| vec![Cell::Text(table.clone()), Cell::Integer(rows.cast_signed())];
    Rows {
        columns: vec![Column::new("table_name", "VARCHAR"), Column::new("rows_given_up", "BIGINT")],
        rows: pruned.rows.iter().map(row).collect(),
    }
}

fn in_words(pruned: &Pruned) -> String {
    let Some(from) = &pruned.from else {
        return "\nNothing is that old: the history stays as it is.\n".to_owned();
    };
    let ended = from.finished_at.unwrap_or(from.started_at).strftime("%Y-%m-%d");
    let from = format!("run {} ({ended})", from.run_id);
    match pruned.bytes_after {
        Some(after) => format!(
            "\nThe history begins with {from} now. The file went from {} to {} MB.\n",
            megabytes(pruned.bytes_before),
            megabytes(after)
        ),
        None => format!(
            "\nThe history would begin with {from}. Nothing was changed; the file has {} MB.\n",
            megabytes(pruned.bytes_before)
        ),
    }
}

/// `11.5`.
fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}
