//! Retention: the history before a day is given up, and the file is written anew without the holes.
//!
//! What was the state on that day, and everything since, stays whole. So do the runs themselves and the last known
//! outcome of every unit of crawl work.

use std::{fs, path::Path};

use duckdb::{Connection, params};
use jiff::Timestamp;

use crate::{
    RunId, RunRow, Warehouse, WarehouseError,
    as_of::{self, Moment},
    error,
    history::FOLLOWED,
    ledger::{self, Depth, Entry, Ledger},
    rows::{identifier, literal},
    warehouse::{STORAGE_VERSION, open_working},
};

/// What pruning gave up, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pruned {
    /// The first run that can still be asked for; none where nothing is old enough.
    pub from: Option<RunRow>,
    /// Rows given up, by table; tables that lose none are left out.
    pub rows: Vec<(String, u64)>,
    /// Size of the published file before.
    pub bytes_before: u64,
    /// And after; none where it was only asked what would be given up.
    pub bytes_after: Option<u64>,
}

/// Whether it is done or only worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Rehearse,
    Commit,
}

impl Warehouse {
    /// Gives up the history before an instant, writes the file anew and publishes it.
    ///
    /// # Errors
    /// DuckDB or the file system refuses; for the time of the copy, the disk holds the file twice more.
    pub fn prune(&mut self, before: Timestamp) -> Result<Pruned, WarehouseError> {
        let mut pruned = self.give_up(before, Mode::Commit)?;
        if pruned.from.is_some() {
            self.compact()?;
            self.publish()?;
        }
        pruned.bytes_after = Some(size(&self.files.published)?);
        Ok(pruned)
    }

    /// What [`Self::prune`] would give up. Nothing is changed.
    ///
    /// # Errors
    /// DuckDB or the file system refuses.
    pub fn rehearse_pruning(&mut self, before: Timestamp) -> Result<Pruned, WarehouseError> {
        self.give_up(before, Mode::Rehearse)
    }

    fn give_up(&mut self, before: Timestamp, mode: Mode) -> Result<Pruned, WarehouseError> {
        let bytes_before = size(&self.files.published)?;
        let unchanged = Pruned { from: None, rows: Vec::new(), bytes_before, bytes_after: None };
        let from = match as_of::sealed_run(&self.connection, Moment::At(before)) {
            Ok(run) => run,
            Err(WarehouseError::NoSealedRun { .. }) => return Ok(unchanged),
            Err(error) => return Err(error),
        };
        let doing = error::database("pruning");
        let transaction = self.connection.unchecked_transaction().map_err(&doing)?;
        let rows = delete_before(&transaction, from.run_id)?;
        if rows.is_empty() || mode == Mode::Rehearse {
            transaction.rollback().map_err(&doing)?;
            let from = (!rows.is_empty()).then_some(from);
            return Ok(Pruned { from, rows, ..unchanged });
        }
        let kept = from.run_id.0;
        transaction
            .execute(
                "UPDATE meta.history SET estate_from_run = greatest(estate_from_run, ?),
                    derived_from_run = greatest(derived_from_run, ?)",
                params![kept, kept],
            )
            .map_err(&doing)?;
        transaction.execute("UPDATE meta.state SET revision = revision + 1", []).map_err(&doing)?;
        let (revision, run_id): (u64, Option<i64>) = transaction
            .query_row("SELECT revision, run_id FROM meta.state", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(&doing)?;
        let scopes = ledger::scope_sums(&transaction, Depth::Hashes)?;
        let entry = Entry { revision, run_id: run_id.map(RunId), sealed_at: from.finished_at, scopes };
        Ledger::record(&self.files.ledger, entry)?;
        transaction.commit().map_err(&doing)?;
        tracing::info!(from = %from.run_id, revision, "pruned");
        Ok(Pruned { from: Some(from), rows, ..unchanged })
    }

    /// Writes the working file anew: DuckDB keeps the blocks of deleted rows as holes.
    fn compact(&mut self) -> Result<(), WarehouseError> {
        let doing = error::database("writing the file anew");
        self.files.remove_compacted()?;
        let working: String =
            self.connection.query_row("SELECT current_database()", [], |row| row.get(0)).map_err(&doing)?;
        self.connection
            .execute_batch(&format!(
                "CHECKPOINT;
                 ATTACH {} AS compacted (STORAGE_VERSION '{STORAGE_VERSION}');
                 COPY FROM DATABASE {} TO compacted;
                 CHECKPOINT compacted;
                 DETACH compacted;",
                literal(&self.files.compacted.to_string_lossy()),
                identifier(&working)
            ))
            .map_err(&doing)?;
        // Closes the working file, so that another can take its place.
        self.connection = Connection::open_in_memory().map_err(&doing)?;
        let taken = self.files.take_compacted();
        self.connection = open_working(&self.files, &self.settings)?;
        taken
    }
}

/// Deletes what no run from `from` on needs, and says how many rows of which table.
fn delete_before(connection: &Connection, from: RunId) -> Result<Vec<(String, u64)>, WarehouseError> {
    let mut statements = vec![
        (
            "inventory.resource_history".to_owned(),
            format!("DELETE FROM inventory.resource_history WHERE valid_to_run <= {from}"),
        ),
        (
            "inventory.resource_changes".to_owned(),
            format!("DELETE FROM inventory.resource_changes WHERE run_id < {from}"),
        ),
        (
            "inventory.coverage".to_owned(),
            // The last outcome of every unit as of that run is what is known of it.
            format!(
                "DELETE FROM inventory.coverage AS coverage
                 USING (
                    SELECT provider, scope_id, region, type, max(run_id) AS run_id
                    FROM inventory.coverage WHERE run_id <= {from}
                    GROUP BY provider, scope_id, region, type
                 ) AS known
                 WHERE known.provider = coverage.provider
                    AND known.scope_id = coverage.scope_id
                    AND known.region = coverage.region
                    AND known.type = coverage.type
                    AND coverage.run_id < known.run_id"
            ),
        ),
    ];
    statements.extend(FOLLOWED.iter().map(|followed| {
        let table = format!("history.{}", followed.table);
        let statement = format!("DELETE FROM {table} WHERE valid_to_run <= {from}");
        (table, statement)
    }));
    let mut rows = Vec::new();
    for (table, statement) in statements {
        let deleted = connection.execute(&statement, []).map_err(error::database("pruning"))?;
        if deleted > 0 {
            rows.push((table, deleted as u64));
        }
    }
    Ok(rows)
}

fn size(path: &Path) -> Result<u64, WarehouseError> {
    fs::metadata(path).map(|metadata| metadata.len()).map_err(error::io("looking at", path))
}
