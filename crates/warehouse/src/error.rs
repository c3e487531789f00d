//! What can go wrong, one variant per cause.

use std::{
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::{Moment, RunId};

/// What DuckDB said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DatabaseFailure {
    /// The message as it came.
    pub message: String,
}

/// Why the warehouse could not do it.
#[derive(Debug, thiserror::Error)]
pub enum WarehouseError {
    /// There is no published file yet.
    #[error("there is no database at {path}")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file was written by a later version of carveout; it was left untouched.
    #[error("{path} has schema version {found}, and this version of carveout knows {supported} at most")]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The last version known.
        supported: u32,
    },
    /// The file is no DuckDB file of carveout, or is damaged.
    #[error("can't read {path} as a carveout database")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What DuckDB says.
        #[source]
        source: DatabaseFailure,
    },
    /// Another refresh of the workspace runs.
    #[error("{path} is held by process {pid} on {host} since {since}")]
    Locked {
        /// The lock.
        path: PathBuf,
        /// The process that holds it.
        pid: u32,
        /// The machine that it runs on.
        host: String,
        /// Since when.
        since: Timestamp,
    },
    /// The rows of the file are not those that were sealed.
    #[error("{path} holds {found} in {scope}, and {expected} were sealed: the file is damaged")]
    LedgerMismatch {
        /// The file.
        path: PathBuf,
        /// `provider/scope_id`, or the run.
        scope: String,
        /// What the ledger says.
        expected: String,
        /// What the file holds.
        found: String,
    },
    /// No sealed run is meant.
    #[error("no sealed run matches {asked}: {known}")]
    NoSealedRun {
        /// What was asked for.
        asked: Moment,
        /// Which runs there are.
        known: String,
    },
    /// The history of a run was pruned.
    #[error("run {run} was pruned: the history of this file begins with run {from}")]
    Forgotten {
        /// The run.
        run: RunId,
        /// The first run whose history is whole.
        from: RunId,
    },
    /// An earlier version of carveout wrote the file and kept no history of what it derived.
    #[error("{path} keeps no history yet: an earlier version of carveout wrote it, and the next refresh begins one")]
    NoHistory {
        /// The file.
        path: PathBuf,
        /// What DuckDB says.
        #[source]
        source: DatabaseFailure,
    },
    /// The ledger beside the file can't be read.
    #[error("{path} is no ledger")]
    Ledger {
        /// The ledger.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The query of a check can't be carried out.
    #[error("the check {check_id} can't be carried out")]
    Check {
        /// The check.
        check_id: String,
        /// What DuckDB says.
        #[source]
        source: DatabaseFailure,
    },
    /// No space is left where the file is.
    #[error("no space is left while {doing}")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
        /// What was said.
        #[source]
        source: DatabaseFailure,
    },
    /// The file system refused.
    #[error("{doing} {path} failed")]
    Io {
        /// What was being done (`creating`).
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A statement of carveout's own failed.
    #[error("{doing} failed")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What DuckDB says.
        #[source]
        source: DatabaseFailure,
    },
    /// A statement that was given to run failed.
    #[error("the statement failed")]
    Query(#[source] DatabaseFailure),
    /// The statement was interrupted.
    #[error("the statement was interrupted")]
    Interrupted,
    /// A row can't be turned into its type, or a type into its row.
    #[error("a row of {table} can't be read or written")]
    Row {
        /// The table or statement.
        table: String,
        /// What does not fit.
        #[source]
        source: serde_json::Error,
    },
    /// Pages, coverage or a seal without [`crate::Warehouse::begin_run`].
    #[error("no run has begun")]
    NoRun,
}

/// The text of a DuckDB error.
pub(crate) fn failure(error: duckdb::Error) -> DatabaseFailure {
    let message = match error {
        duckdb::Error::DuckDBFailure(_, Some(message)) => message,
        other => other.to_string(),
    };
    DatabaseFailure { message }
}

impl DatabaseFailure {
    fn is_full_disk(&self) -> bool {
        let signs = ["No space left", "disk full", "Disk full", "max_temp_directory_size"];
        signs.iter().any(|sign| self.message.contains(sign))
    }
}

/// Says what was being done when DuckDB refused.
pub(crate) fn database(doing: &'static str) -> impl Fn(duckdb::Error) -> WarehouseError {
    move |error| {
        let source = failure(error);
        if source.is_full_disk() {
            WarehouseError::DiskFull { doing, source }
        } else {
            WarehouseError::Database { doing, source }
        }
    }
}

/// Says which file could not be opened. A full disk says nothing of the file.
pub(crate) fn unreadable(path: &Path) -> impl Fn(duckdb::Error) -> WarehouseError {
    move |error| damaged(path)(database("opening the database")(error))
}

/// Says of which file a first look failed.
pub(crate) fn damaged(path: &Path) -> impl Fn(WarehouseError) -> WarehouseError {
    move |error| match error {
        WarehouseError::Database { source, .. } => WarehouseError::Unreadable { path: path.to_path_buf(), source },
        other => other,
    }
}

/// Says what was being done to which file.
pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> WarehouseError {
    let path = path.into();
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            WarehouseError::DiskFull { doing, source: DatabaseFailure { message: source.to_string() } }
        }
        _ => WarehouseError::Io { doing, path, source },
    }
}
