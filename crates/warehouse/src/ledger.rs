//! Rows and hash sums per scope beside the file: a torn write-ahead log can open without an error, and this tells.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use duckdb::Connection;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    RunId, WarehouseError, error,
    files::{self, Files},
};

/// DuckDB keeps three blocks of this size in front: what the file is, and two that take turns in pointing at its
/// catalogue. Every checkpoint changes one of them.
const HEADER_BYTES: u64 = 3 * 4096;

/// What one scope holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScopeSum {
    provider: String,
    scope_id: String,
    rows: u64,
    /// Exclusive or of the first 64 bits of every content hash, 16 hex digits; none where only rows were counted.
    hash: Option<String>,
}

/// What a file holds at one revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) revision: u64,
    pub(crate) run_id: Option<RunId>,
    pub(crate) sealed_at: Option<Timestamp>,
    pub(crate) scopes: Vec<ScopeSum>,
}

/// How a file lay on the disk when it was published. A file that still lies so is that file, and its rows need not be
/// counted: DuckDB checks the sum of every block that it reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileStamp {
    bytes: u64,
    modified_at: Timestamp,
    /// BLAKE3 of its first blocks, 64 hex digits.
    header: String,
}

impl FileStamp {
    /// Looks at a file.
    pub(crate) fn of(path: &Path) -> Result<Self, WarehouseError> {
        let looking = || error::io("reading", path);
        let mut file = File::open(path).map_err(looking())?;
        let metadata = file.metadata().map_err(looking())?;
        let modified = metadata.modified().map_err(looking())?;
        let mut header = Vec::new();
        file.by_ref().take(HEADER_BYTES).read_to_end(&mut header).map_err(looking())?;
        Ok(Self {
            bytes: metadata.len(),
            // A clock outside the range of years makes a stamp that the next look does not match, and rows are counted.
            modified_at: Timestamp::try_from(modified).unwrap_or(Timestamp::MIN),
            header: blake3::hash(&header).to_hex().to_string(),
        })
    }
}

/// The ledger: the published revision and those that are about to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub(crate) published: u64,
    /// How the published file lay when it was published; none in a ledger of an earlier version.
    #[serde(default)]
    file: Option<FileStamp>,
    entries: Vec<Entry>,
}

/// How much of a file is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Rows per scope: milliseconds whatever the size.
    Rows,
    /// Hash sums too.
    Hashes,
}

impl Ledger {
    /// Reads the ledger; an absent one is empty.
    pub(crate) fn read(path: &Path) -> Result<Self, WarehouseError> {
        match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|source| WarehouseError::Ledger { path: path.to_path_buf(), source }),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(error::io("reading", path)(source)),
        }
    }

    /// Writes the ledger with one more entry, before the transaction that makes it true commits.
    pub(crate) fn record(path: &Path, entry: Entry) -> Result<(), WarehouseError> {
        let mut ledger = Self::read(path)?;
        let before = entry.revision.saturating_sub(1);
        ledger.entries.retain(|kept| kept.revision == ledger.published || kept.revision == before);
        ledger.entries.push(entry);
        ledger.write(path)
    }

    /// Notes which revision everybody reads, and how its file lies.
    pub(crate) fn mark_published(files: &Files, revision: u64) -> Result<(), WarehouseError> {
        let mut ledger = Self::read(&files.ledger)?;
        ledger.published = revision;
        ledger.file = Some(FileStamp::of(&files.published)?);
        ledger.write(&files.ledger)
    }

    /// Whether the published file is untouched since it was published, and holds this revision.
    pub(crate) fn vouches_for(&self, files: &Files, revision: u64) -> bool {
        let lies_as_published = || FileStamp::of(&files.published).is_ok_and(|found| self.file == Some(found));
        // A log beside the file holds what somebody wrote into it since.
        revision == self.published && !files::log_of(&files.published).exists() && lies_as_published()
    }

    fn write(&self, path: &Path) -> Result<(), WarehouseError> {
        let text = serde_json::to_vec_pretty(self).expect("a ledger is numbers and texts");
        files::replace(path, &text)
    }

    /// Compares an open file with the entry of its revision. A revision that the ledger does not know can't be compared.
    pub(crate) fn check(&self, connection: &Connection, path: &Path, depth: Depth) -> Result<(), WarehouseError> {
        let revision = revision_of(connection)?;
        let Some(expected) = self.entries.iter().find(|entry| entry.revision == revision) else {
            if revision > 0 {
                tracing::warn!(path = %path.display(), revision, "no ledger entry to check the file against");
            }
            return Ok(());
        };
        let found = scope_sums(connection, depth)?;
        let sums = |scopes: &[ScopeSum]| scopes.iter().map(|scope| scope.sum(depth)).collect::<Vec<_>>();
        let (expected, found) = (sums(&expected.scopes), sums(&found));
        if expected == found {
            return Ok(());
        }
        let absent = (String::new(), "nothing".to_owned());
        let differs = |a: &[(String, String)], b: &[(String, String)]| a.iter().find(|sum| !b.contains(sum)).cloned();
        let expected_sum = differs(&expected, &found);
        let found_sum = differs(&found, &expected);
        let scope = expected_sum.as_ref().or(found_sum.as_ref()).unwrap_or(&absent).0.clone();
        let of_scope = |sums: &[(String, String)]| sums.iter().find(|sum| sum.0 == scope).unwrap_or(&absent).1.clone();
        Err(WarehouseError::LedgerMismatch {
            path: path.to_path_buf(),
            expected: of_scope(&expected),
            found: of_scope(&found),
            scope,
        })
    }
}

impl ScopeSum {
    fn sum(&self, depth: Depth) -> (String, String) {
        let scope = format!("{}/{}", self.provider, self.scope_id);
        let sum = match (depth, &self.hash) {
            (Depth::Hashes, Some(hash)) => format!("{} rows with hash sum {hash}", self.rows),
            _ => format!("{} rows", self.rows),
        };
        (scope, sum)
    }
}

/// The revision that a file holds.
pub(crate) fn revision_of(connection: &Connection) -> Result<u64, WarehouseError> {
    connection
        .query_row("SELECT revision FROM meta.state", [], |row| row.get(0))
        .map_err(error::database("reading the revision"))
}

/// Rows and hash sums of the live estate per scope.
pub(crate) fn scope_sums(connection: &Connection, depth: Depth) -> Result<Vec<ScopeSum>, WarehouseError> {
    let doing = error::database("summing up scopes");
    let sql = match depth {
        Depth::Rows => include_str!("sql/scope_rows.sql"),
        Depth::Hashes => include_str!("sql/scope_sums.sql"),
    };
    let mut statement = connection.prepare(sql).map_err(&doing)?;
    let found = statement
        .query_map([], |row| {
            Ok(ScopeSum { provider: row.get(0)?, scope_id: row.get(1)?, rows: row.get(2)?, hash: row.get(3)? })
        })
        .map_err(&doing)?;
    found.collect::<Result<Vec<_>, _>>().map_err(&doing)
}
