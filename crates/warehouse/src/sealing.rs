//! The transaction that ends a run: what was crawled is applied, what follows from it is derived, and readers get all of
//! it or nothing.

use carveout_model::{Coverage, Observation, Scope, Soc2Report};
use carveout_queries::{Binding, Value};
use duckdb::{Connection, params};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    ResourceScope, Rows, RunId, RunRow, RunSummary, Warehouse, WarehouseError, error, history,
    insert::insert_rows,
    ledger::{self, Depth, Entry, Ledger},
    migration::timestamp,
    rows,
};

/// The run that stands for everything that was derived before the first one.
const BEFORE_THE_FIRST: RunId = RunId(0);

/// An open seal. Reads see the estate as it will be; writes replace what was derived before.
#[derive(Debug)]
pub struct Sealing<'w> {
    warehouse: &'w mut Warehouse,
    run_id: RunId,
    at: Timestamp,
    /// Whether this seals a crawl; otherwise it derives again from the last sealed run.
    crawled: bool,
    is_partial: bool,
    is_open: bool,
}

#[derive(Deserialize)]
struct ReportDocument {
    document: Soc2Report,
}

#[derive(Serialize)]
struct ReportDocumentRow<'a> {
    report_id: &'a str,
    document: &'a Soc2Report,
    imported_at: Timestamp,
}

impl<'w> Sealing<'w> {
    /// Applies the staged pages of a run.
    pub(crate) fn of_run(warehouse: &'w mut Warehouse, run_id: RunId, at: Timestamp) -> Result<Self, WarehouseError> {
        let sealing = Self::begin(warehouse, run_id, at, true)?;
        let doing = error::database("applying a run");
        sealing.set_run()?;
        sealing.connection().execute_batch(include_str!("sql/seal.sql")).map_err(&doing)?;
        sealing
            .connection()
            .execute(
                "UPDATE inventory.runs SET finished_at = ? WHERE run_id = ?",
                params![timestamp(at), sealing.run_id.0],
            )
            .map_err(&doing)?;
        Ok(sealing)
    }

    /// Begins without crawl changes.
    pub(crate) fn of_last_run(warehouse: &'w mut Warehouse, at: Timestamp) -> Result<Self, WarehouseError> {
        let last: Option<i64> = warehouse
            .connection
            .query_row("SELECT run_id FROM meta.state", [], |row| row.get(0))
            .map_err(error::database("reading the last run"))?;
        let sealing = Self::begin(warehouse, last.map_or(BEFORE_THE_FIRST, RunId), at, false)?;
        sealing.set_run()?;
        Ok(sealing)
    }

    fn begin(
        warehouse: &'w mut Warehouse,
        run_id: RunId,
        at: Timestamp,
        crawled: bool,
    ) -> Result<Self, WarehouseError> {
        warehouse.connection.execute_batch("BEGIN TRANSACTION").map_err(error::database("beginning a seal"))?;
        let sealing = Self { warehouse, run_id, at, crawled, is_partial: false, is_open: true };
        history::remember(sealing.connection())?;
        Ok(sealing)
    }

    fn set_run(&self) -> Result<(), WarehouseError> {
        let binding = Binding { name: "run_id".to_owned(), value: Value::Integer(self.run_id.0) };
        rows::set_variable(self.connection(), &binding).map_err(error::database("naming the run"))
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.warehouse.connection
    }

    /// When it is sealed.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// The run that is sealed; 0 where everything is derived before the first one.
    pub fn run_id(&self) -> RunId {
        self.run_id
    }

    /// Everything that live resources name outside themselves, by resource.
    ///
    /// # Errors
    /// DuckDB refuses, or a row is of another version.
    pub fn live_observations(&self) -> Result<Vec<Observation>, WarehouseError> {
        self.rows(
            "SELECT resource_key, signal, outsider, relation, strength, direction, status, relation_confidence, path,
                value, context
            FROM parties.observations ORDER BY resource_key, ordinal",
            &[],
        )
    }

    /// Every scope, in its last known state.
    ///
    /// # Errors
    /// As [`Self::live_observations`].
    pub fn scopes(&self) -> Result<Vec<Scope>, WarehouseError> {
        self.rows(
            "SELECT provider, scope_id, kind, parent_id, name, status, raw
            FROM inventory.scopes ORDER BY provider, scope_id",
            &[],
        )
    }

    /// The coverage of this run.
    ///
    /// # Errors
    /// As [`Self::live_observations`].
    pub fn coverage(&self) -> Result<Vec<Coverage>, WarehouseError> {
        self.rows(
            "SELECT provider, scope_id, region, type AS type_name, status, resources, requests, retries, elapsed_ms,
                error_code, message
            FROM inventory.coverage WHERE run_id = CAST(getvariable('run_id') AS BIGINT)
            ORDER BY provider, scope_id, type, region",
            &[],
        )
    }

    /// Where the resources lie that observations name.
    ///
    /// # Errors
    /// As [`Self::live_observations`].
    pub fn resource_scopes(&self) -> Result<Vec<ResourceScope>, WarehouseError> {
        self.rows(
            "SELECT resource_key, provider, scope_id
            FROM inventory.resources
            WHERE resource_key IN (SELECT resource_key FROM parties.observations)
            ORDER BY resource_key",
            &[],
        )
    }

    /// Every report that was imported, as it was read.
    ///
    /// # Errors
    /// As [`Self::live_observations`].
    pub fn imported_reports(&self) -> Result<Vec<Soc2Report>, WarehouseError> {
        let found: Vec<ReportDocument> =
            self.rows("SELECT document FROM parties.report_documents ORDER BY report_id", &[])?;
        Ok(found.into_iter().map(|row| row.document).collect())
    }

    /// Keeps reports as they were read; one of the same id replaces the older.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn import_reports(&mut self, reports: &[Soc2Report]) -> Result<(), WarehouseError> {
        for report in reports {
            self.connection()
                .execute("DELETE FROM parties.report_documents WHERE report_id = ?", [&report.report_id])
                .map_err(error::database("replacing a report"))?;
        }
        let imported_at = self.at;
        let documents =
            reports.iter().map(|document| ReportDocumentRow { report_id: &document.report_id, document, imported_at });
        insert_rows(self.connection(), "parties.report_documents", documents)?;
        if reports.is_empty() {
            return Ok(());
        }
        self.connection()
            .execute_batch(include_str!("sql/report_imports.sql"))
            .map_err(error::database("recording the versions of reports"))
    }

    /// Runs a statement over the estate as it will be.
    ///
    /// # Errors
    /// [`WarehouseError::Query`] where DuckDB refuses the statement.
    pub fn query(&self, sql: &str, bindings: &[Binding]) -> Result<Rows, WarehouseError> {
        rows::run(self.connection(), sql, bindings)
    }

    /// Runs a statement and turns every row into a `T` by its column names.
    ///
    /// # Errors
    /// As [`Self::query`], and [`WarehouseError::Row`] where a row does not fit.
    pub fn rows<T: DeserializeOwned>(&self, sql: &str, bindings: &[Binding]) -> Result<Vec<T>, WarehouseError> {
        self.query(sql, bindings)?.deserialize()
    }

    /// Says that the run is incomplete for a reason that is not in its coverage: a report could not be read, a query of a
    /// check failed.
    pub fn mark_partial(&mut self) {
        self.is_partial = true;
    }

    /// Makes it the state that [`Warehouse::publish`] publishes.
    ///
    /// # Errors
    /// DuckDB or the file system refuses; nothing is changed then.
    pub fn commit(mut self) -> Result<RunSummary, WarehouseError> {
        let doing = error::database("sealing");
        if self.is_partial {
            self.connection()
                .execute("UPDATE inventory.runs SET status = 'partial' WHERE run_id = ?", params![self.run_id.0])
                .map_err(&doing)?;
        }
        history::record(self.connection(), self.run_id)?;
        let revision = ledger::revision_of(self.connection())? + 1;
        let run_id = (self.run_id != BEFORE_THE_FIRST).then_some(self.run_id);
        self.connection()
            .execute(
                "UPDATE meta.state SET revision = ?, run_id = ?, sealed_at = ?",
                params![revision, run_id.map(|run| run.0), timestamp(self.at)],
            )
            .map_err(&doing)?;
        let summary = self.summary()?;
        let scopes = ledger::scope_sums(self.connection(), Depth::Hashes)?;
        let entry = Entry { revision, run_id, sealed_at: Some(self.at), scopes };
        Ledger::record(&self.warehouse.files.ledger, entry)?;
        self.connection().execute_batch("COMMIT").map_err(&doing)?;
        self.is_open = false;
        if self.crawled {
            self.warehouse.forget_stage()?;
        }
        tracing::info!(run_id = %summary.run_id, revision, status = %summary.status, resources = summary.resources,
            added = summary.added, changed = summary.changed, removed = summary.removed, "sealed");
        Ok(summary)
    }

    fn summary(&self) -> Result<RunSummary, WarehouseError> {
        let run: Option<RunRow> = self
            .rows(
                "SELECT run_id, started_at, finished_at, status, requested, resources, added, changed, removed, requests
                FROM inventory.runs WHERE run_id = CAST(getvariable('run_id') AS BIGINT)",
                &[],
            )?
            .pop();
        let carried_forward = self
            .connection()
            .query_row(
                "SELECT count(*) FROM inventory.resource_history
                WHERE valid_to_run IS NULL AND last_seen_run < CAST(getvariable('run_id') AS BIGINT)",
                [],
                |row| row.get(0),
            )
            .map_err(error::database("counting what was carried forward"))?;
        let count = |number: fn(&RunRow) -> Option<u64>| run.as_ref().and_then(number).unwrap_or_default();
        Ok(RunSummary {
            run_id: self.run_id,
            status: run.as_ref().map_or(crate::RunStatus::Complete, |row| row.status),
            resources: count(|row| row.resources),
            added: count(|row| row.added),
            changed: count(|row| row.changed),
            removed: count(|row| row.removed),
            carried_forward,
            requests: count(|row| row.requests),
        })
    }
}

impl Drop for Sealing<'_> {
    fn drop(&mut self) {
        if self.is_open
            && let Err(error) = self.connection().execute_batch("ROLLBACK")
        {
            // The connection closes the transaction when it is dropped; only the reason would be lost.
            tracing::error!(reason = %error::failure(error), "a seal could not be rolled back");
        }
    }
}
