//! The published file for people's questions: read-only, without access to anything but itself.

use std::{fmt, path::Path, sync::Arc};

use carveout_queries::Binding;
use duckdb::{Connection, InterruptHandle};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Moment, Rows, RunRow, Settings, WarehouseError,
    as_of::{self, AsOf},
    error,
    files::Files,
    history::{self, HistoryFrom},
    ledger::{Depth, Ledger},
    migration::{self, MIGRATIONS},
    rows::{self, literal},
};

/// What the published file is called inside DuckDB. Not by its own name: a file that is called like one of its schemas
/// (`graph.duckdb`) would make every name in that schema ambiguous.
pub(crate) const PUBLISHED: &str = "published";

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
    as_of: Option<AsOf>,
}

impl Reader {
    /// Opens the published file: read-only, no other file, no network, no extension, settings locked. A file that is not
    /// byte for byte the one that was published has the rows of every scope counted against the ledger.
    ///
    /// DuckDB's own limits are cooperative; for SQL of people who are not trusted, run it in a process with limits.
    ///
    /// # Errors
    /// [`WarehouseError::Missing`] before the first publication; [`WarehouseError::NewerSchema`],
    /// [`WarehouseError::Unreadable`] and [`WarehouseError::LedgerMismatch`] for what can't be relied on.
    pub fn open(database: &Path, settings: &Settings) -> Result<Self, WarehouseError> {
        let reader = Self::checked(database, settings)?;
        reader.lock_down()?;
        Ok(reader)
    }

    /// Opens the published file as it was after an earlier run: every name answers with the rows of then. What keeps no
    /// history is refused when a statement asks for it.
    ///
    /// # Errors
    /// As [`Self::open`]; [`WarehouseError::NoSealedRun`] where the moment means no run, [`WarehouseError::Forgotten`]
    /// where its history was pruned, [`WarehouseError::NoHistory`] for a file of an earlier version.
    pub fn open_as_of(database: &Path, settings: &Settings, moment: Moment) -> Result<Self, WarehouseError> {
        let mut reader = Self::checked(database, settings)?;
        reader.as_of = Some(AsOf::begin(&reader.connection, database, moment)?);
        reader.lock_down()?;
        Ok(reader)
    }

    fn checked(database: &Path, settings: &Settings) -> Result<Self, WarehouseError> {
        let files = Files::beside(database);
        if !files.published.exists() {
            return Err(WarehouseError::Missing { path: files.published });
        }
        let connection = attach(&files, settings)?;
        let held = migration::held_by(&connection, database)?;
        migration::refuse_newer(database, held.version, migration::last_version(MIGRATIONS))?;
        let ledger = Ledger::read(&files.ledger)?;
        if !ledger.vouches_for(&files, held.revision) {
            ledger.check(&connection, database, Depth::Rows)?;
        }
        Ok(Self { connection, files, as_of: None })
    }

    fn lock_down(&self) -> Result<(), WarehouseError> {
        self.connection
            .execute_batch("SET enable_external_access = false; SET lock_configuration = true;")
            .map_err(error::database("locking DuckDB down"))
    }

    /// The run whose rows are shown, where it is an earlier one.
    pub fn as_of(&self) -> Option<&RunRow> {
        self.as_of.as_ref().map(AsOf::run)
    }

    /// The sealed run that a moment means.
    ///
    /// # Errors
    /// [`WarehouseError::NoSealedRun`] where there is none.
    pub fn sealed_run(&self, moment: Moment) -> Result<RunRow, WarehouseError> {
        as_of::sealed_run(&self.connection, moment)
    }

    /// How far back the file can answer: the first run of the estate, and the first of what is derived from it.
    ///
    /// # Errors
    /// [`WarehouseError::NoHistory`] for a file of an earlier version.
    pub fn history_from(&self) -> Result<HistoryFrom, WarehouseError> {
        history::reach(&self.connection, &self.files.published)
    }

    /// Runs one statement.
    ///
    /// # Errors
    /// [`WarehouseError::Query`] where DuckDB refuses it, [`WarehouseError::Interrupted`] where [`Interrupt::now`] did.
    pub fn query(&self, sql: &str, bindings: &[Binding]) -> Result<Rows, WarehouseError> {
        if let Some(as_of) = &self.as_of {
            as_of.stand_in(&self.connection, sql)?;
        }
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

/// Opens the published file read-only, under a name of our own.
pub(crate) fn attach(files: &Files, settings: &Settings) -> Result<Connection, WarehouseError> {
    let config = settings.config(&files.spill).map_err(error::database("configuring DuckDB"))?;
    let connection = Connection::open_in_memory_with_flags(config).map_err(error::database("starting DuckDB"))?;
    connection
        .execute_batch(&format!(
            "ATTACH {} AS {PUBLISHED} (READ_ONLY, TYPE duckdb); USE {PUBLISHED};",
            literal(&files.published.to_string_lossy())
        ))
        .map_err(error::unreadable(&files.published))?;
    Ok(connection)
}
