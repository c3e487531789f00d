//! The published file for people's questions: read-only, without access to anything but itself.

use std::{fmt, path::Path, sync::Arc};

use carveout_queries::Binding;
use duckdb::{AccessMode, Connection, InterruptHandle};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Rows, RunRow, Settings, WarehouseError, error,
    files::Files,
    ledger::{Depth, Ledger},
    migration::{self, MIGRATIONS},
    rows,
};

/// Stops the running statement of a [`Reader`], from any thread.
#[derive(Clone)]
pub struct Interrupt(Arc<InterruptHandle>);

impl Interrupt {
    /// Stops the statement that runs now; without one, nothing happens.
    pub fn now(&self) {
        self.0.interrupt();
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interrupt")
    }
}

/// One table or view as its comments describe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDoc {
    /// The schema.
    pub schema: String,
    /// The name in it.
    pub name: String,
    /// What it holds.
    pub comment: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<ColumnDoc>,
}

/// One column as its comment describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDoc {
    /// The name.
    pub name: String,
    /// DuckDB's name for its type.
    pub type_name: String,
    /// What it means.
    pub comment: Option<String>,
}

#[derive(Deserialize)]
struct SchemaRow {
    schema_name: String,
    table_name: String,
    table_comment: Option<String>,
    column_name: String,
    data_type: String,
    column_comment: Option<String>,
}

/// The last published state. It stays as it is while a refresh runs; open again to see a newer one.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    files: Files,
}

impl Reader {
    /// Opens the published file: read-only, no other file, no network, no extension, settings locked. The rows of every
    /// scope are counted against the ledger.
    ///
    /// DuckDB's own limits are cooperative; for SQL of people who are not trusted, run it in a process with limits.
    ///
    /// # Errors
    /// [`WarehouseError::Missing`] before the first publication; [`WarehouseError::NewerSchema`],
    /// [`WarehouseError::Unreadable`] and [`WarehouseError::LedgerMismatch`] for what can't be relied on.
    pub fn open(database: &Path, settings: &Settings) -> Result<Self, WarehouseError> {
        let files = Files::beside(database);
        if !files.published.exists() {
            return Err(WarehouseError::Missing { path: files.published });
        }
        let unreadable =
            |source| WarehouseError::Unreadable { path: database.to_path_buf(), source: error::failure(source) };
        let config = settings
            .config(&files.spill)
            .and_then(|config| config.access_mode(AccessMode::ReadOnly))
            .map_err(error::database("configuring DuckDB"))?;
        let connection = Connection::open_with_flags(database, config).map_err(unreadable)?;
        let found = migration::version_of(&connection, database)?;
        migration::refuse_newer(database, found, migration::last_version(MIGRATIONS))?;
        Ledger::read(&files.ledger)?.check(&connection, database, Depth::Rows)?;
        connection
            .execute_batch("SET enable_external_access = false; SET lock_configuration = true;")
            .map_err(error::database("locking DuckDB down"))?;
        Ok(Self { connection, files })
    }

    /// Runs one statement.
    ///
    /// # Errors
    /// [`WarehouseError::Query`] where DuckDB refuses it, [`WarehouseError::Interrupted`] where [`Interrupt::now`] did.
    pub fn query(&self, sql: &str, bindings: &[Binding]) -> Result<Rows, WarehouseError> {
        rows::run(&self.connection, sql, bindings)
    }

    /// Runs one statement and turns every row into a `T` by its column names.
    ///
    /// # Errors
    /// As [`Self::query`], and [`WarehouseError::Row`] where a row does not fit.
    pub fn rows<T: DeserializeOwned>(&self, sql: &str, bindings: &[Binding]) -> Result<Vec<T>, WarehouseError> {
        self.query(sql, bindings)?.deserialize()
    }

    /// A handle that stops the running statement.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt(self.connection.interrupt_handle())
    }

    /// Every table and view with its comments.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn schema(&self) -> Result<Vec<TableDoc>, WarehouseError> {
        let mut tables: Vec<TableDoc> = Vec::new();
        for row in self.rows::<SchemaRow>(include_str!("sql/schema.sql"), &[])? {
            let column = ColumnDoc { name: row.column_name, type_name: row.data_type, comment: row.column_comment };
            match tables.last_mut() {
                Some(last) if last.schema == row.schema_name && last.name == row.table_name => {
                    last.columns.push(column)
                }
                _ => tables.push(TableDoc {
                    schema: row.schema_name,
                    name: row.table_name,
                    comment: row.table_comment,
                    columns: vec![column],
                }),
            }
        }
        Ok(tables)
    }

    /// Every run, the last one first.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn runs(&self) -> Result<Vec<RunRow>, WarehouseError> {
        self.rows(
            "SELECT run_id, started_at, finished_at, status, requested, resources, added, changed, removed, requests
            FROM inventory.runs ORDER BY run_id DESC",
            &[],
        )
    }

    /// Compares the hash sums of every scope with the ledger.
    ///
    /// # Errors
    /// [`WarehouseError::LedgerMismatch`] names the first scope that differs.
    pub fn verify(&self) -> Result<(), WarehouseError> {
        Ledger::read(&self.files.ledger)?.check(&self.connection, &self.files.published, Depth::Hashes)
    }
}
