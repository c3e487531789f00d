//! The one writer of a workspace's database.

use std::{
    path::{Path, PathBuf},
    thread,
};

use carveout_model::{Coverage, Observation, Resource, Scope, TypeView};
use duckdb::{Config, Connection, params};
use jiff::Timestamp;

use crate::{
    Run, RunId, RunRequest, RunStatus, Sealing, WarehouseError, error,
    files::{self, Files},
    ledger::{self, Depth, Ledger},
    lock::WriterLock,
    migration::{self, MIGRATIONS, timestamp},
    reader,
    stage::{self, Stage},
    type_views,
};

/// The storage format: 1.5 clients, which many analysts have, read it too.
pub(crate) const STORAGE_VERSION: &str = "v1.5.0";

/// What DuckDB may use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Memory, in bytes; by default DuckDB's own choice (four fifths of the machine's). Larger sorts spill to disk.
    pub memory_limit_bytes: Option<u64>,
    /// Threads; by default one per core.
    pub threads: Option<usize>,
}

impl Settings {
    pub(crate) fn config(&self, spill: &Path) -> duckdb::Result<Config> {
        let mut config = Config::default()
            .with("autoload_known_extensions", "false")?
            .with("autoinstall_known_extensions", "false")?
            .with("allow_community_extensions", "false")?
            .with("temp_directory", spill.to_string_lossy())?;
        if let Some(bytes) = self.memory_limit_bytes {
            config = config.with("memory_limit", format!("{bytes}B"))?;
        }
        let threads = self.threads.or_else(|| thread::available_parallelism().ok().map(Into::into));
        if let Some(threads) = threads {
            config = config.with("threads", threads.to_string())?;
        }
        Ok(config)
    }
}

/// What a person may want to know of how the warehouse was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The last writer died holding the lock.
    LockTakenOver {
        /// Its process.
        pid: u32,
        /// Its machine.
        host: String,
        /// Since when it had held the lock.
        since: Timestamp,
    },
    /// The working file did not hold what was sealed; work goes on from the published file.
    WorkingFileRestored {
        /// Where the damaged file lies now.
        set_aside: PathBuf,
        /// What was wrong with it.
        reason: String,
    },
}

/// The database as its one writer sees it. Dropping it releases the lock; what was not committed is not there.
#[derive(Debug)]
pub struct Warehouse {
    pub(crate) connection: Connection,
    pub(crate) files: Files,
    pub(crate) settings: Settings,
    active: Option<Active>,
    notes: Vec<Note>,
    // Last, so that the database is closed before the lock is free.
    _lock: WriterLock,
}

#[derive(Debug)]
struct Active {
    run_id: RunId,
    stage: Stage,
}

impl Warehouse {
    /// Opens the database of a workspace for writing, and creates it where there is none.
    ///
    /// # Errors
    /// [`WarehouseError::Locked`] while another writer lives; [`WarehouseError::NewerSchema`] and
    /// [`WarehouseError::Unreadable`] for files that are left untouched; errors of the file system.
    pub fn open(database: &Path, settings: &Settings) -> Result<Self, WarehouseError> {
        let files = Files::beside(database);
        if files.published.exists() {
            // Before anything is created: a file that is not ours is not touched.
            refuse_foreign(&files, settings)?;
        }
        files.create_private()?;
        let (lock, dead) = WriterLock::take(&files.lock)?;
        let mut notes = Vec::new();
        if let Some(dead) = dead {
            tracing::warn!(pid = dead.pid, host = dead.host, since = %dead.since, "took over the lock of a writer that died");
            notes.push(Note::LockTakenOver { pid: dead.pid, host: dead.host, since: dead.since });
        }
        if !files.working.exists() && files.published.exists() {
            files.copy_published_to_working()?;
        }
        let connection = match open_working(&files, settings) {
            Ok(connection) => connection,
            Err(damage @ (WarehouseError::LedgerMismatch { .. } | WarehouseError::Unreadable { .. })) => {
                let set_aside = files.set_working_aside()?;
                tracing::error!(reason = %damage, set_aside = %set_aside.display(), "the working file is damaged");
                notes.push(Note::WorkingFileRestored { set_aside, reason: damage.to_string() });
                // Nothing was published before the first run has ended: it begins again.
                if files.published.exists() {
                    files.copy_published_to_working()?;
                }
                open_working(&files, settings)?
            }
            Err(other) => return Err(other),
        };
        Ok(Self { connection, files, settings: settings.clone(), active: None, notes, _lock: lock })
    }

    /// What happened while opening.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Makes the views of resource types (`aws.s3_bucket`) as the connectors' catalogues define them now; nothing where
    /// they are so already.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn define_type_views(&self, views: &[TypeView]) -> Result<(), WarehouseError> {
        type_views::define(&self.connection, views)
    }

    /// Begins a run. A run that is found running has no process any more and is marked interrupted; its finished units
    /// are taken over within the age that is asked for.
    ///
    /// # Errors
    /// DuckDB or the file system refuses.
    pub fn begin_run(&mut self, request: &RunRequest) -> Result<Run, WarehouseError> {
        let doing = error::database("beginning a run");
        self.active = None;
        let interrupted: Option<i64> = self
            .connection
            .query_row("SELECT max(run_id) FROM inventory.runs WHERE status = 'running'", [], |row| row.get(0))
            .map_err(&doing)?;
        let last: i64 = self
            .connection
            .query_row("SELECT coalesce(max(run_id), 0) FROM inventory.runs", [], |row| row.get(0))
            .map_err(&doing)?;
        let run_id = RunId(last + 1);
        let (stage, finished_units) =
            Stage::open(&self.connection, &self.files, run_id, request.started_at, request.resume_within)?;
        self.connection
            .execute("UPDATE inventory.runs SET status = 'interrupted' WHERE status = 'running'", [])
            .map_err(&doing)?;
        self.connection
            .execute(
                "INSERT INTO inventory.runs (run_id, started_at, status, requested) VALUES (?, ?, 'running', ?)",
                params![run_id.0, timestamp(request.started_at), request.requested],
            )
            .map_err(&doing)?;
        tracing::info!(%run_id, resumed_units = finished_units.len(), "run begun");
        self.active = Some(Active { run_id, stage });
        Ok(Run { run_id, finished_units, interrupted: interrupted.map(RunId) })
    }

    /// Takes a page of a unit. Memory stays bounded: pages are committed to the staging file as they come.
    ///
    /// # Errors
    /// [`WarehouseError::NoRun`] before [`Self::begin_run`]; DuckDB or the file system refuses.
    pub fn load(
        &mut self,
        unit: &str,
        resources: &[Resource],
        observations: &[Observation],
    ) -> Result<(), WarehouseError> {
        let active = self.active.as_mut().ok_or(WarehouseError::NoRun)?;
        active.stage.load(&self.connection, unit, resources, observations)
    }

    /// Ends a unit with its coverage. It is on disk with the next 256 units or 16,384 rows, or at the seal.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn finish_unit(
        &mut self,
        unit: &str,
        coverage: &[Coverage],
        finished_at: Timestamp,
    ) -> Result<(), WarehouseError> {
        let active = self.active.as_mut().ok_or(WarehouseError::NoRun)?;
        active.stage.finish(&self.connection, unit, coverage, finished_at)
    }

    /// Takes coverage that was known before the crawl: scopes that can't be entered, types that can't be read.
    ///
    /// # Errors
    /// [`WarehouseError::NoRun`] before [`Self::begin_run`].
    pub fn record_coverage(&mut self, coverage: &[Coverage]) -> Result<(), WarehouseError> {
        let active = self.active.as_mut().ok_or(WarehouseError::NoRun)?;
        active.stage.cover_before_the_crawl(coverage);
        Ok(())
    }

    /// Takes the scopes that were found. A scope that is not among them is kept as it was last seen.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn write_scopes(&mut self, scopes: &[Scope]) -> Result<(), WarehouseError> {
        if self.active.is_none() {
            return Err(WarehouseError::NoRun);
        }
        Stage::write_scopes(&self.connection, scopes)
    }

    /// Applies the staged pages to the estate, in a transaction that ends with [`Sealing::commit`] and is rolled back
    /// without.
    ///
    /// # Errors
    /// [`WarehouseError::NoRun`] before [`Self::begin_run`]; DuckDB or the file system refuses.
    pub fn seal(&mut self, finished_at: Timestamp) -> Result<Sealing<'_>, WarehouseError> {
        let active = self.active.as_mut().ok_or(WarehouseError::NoRun)?;
        active.stage.flush(&self.connection)?;
        active.stage.complete_half_read(&self.connection)?;
        let run_id = active.run_id;
        Sealing::of_run(self, run_id, finished_at)
    }

    /// Begins the same transaction without crawl changes, so that everything can be derived again from the last sealed
    /// run: after a report was imported, or a scenario changed.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn revise(&mut self, at: Timestamp) -> Result<Sealing<'_>, WarehouseError> {
        Sealing::of_last_run(self, at)
    }

    /// Ends the run without a seal. Its finished units stay staged and the next run may take them over.
    ///
    /// # Errors
    /// [`WarehouseError::NoRun`] before [`Self::begin_run`]; DuckDB or the file system refuses.
    pub fn end_run(&mut self, status: RunStatus, at: Timestamp) -> Result<(), WarehouseError> {
        let mut active = self.active.take().ok_or(WarehouseError::NoRun)?;
        active.stage.flush(&self.connection)?;
        self.connection
            .execute(
                "UPDATE inventory.runs SET status = ?, finished_at = ? WHERE run_id = ?",
                params![status.as_str(), timestamp(at), active.run_id.0],
            )
            .map_err(error::database("ending a run"))?;
        Ok(())
    }

    /// Publishes the working file: checkpoint, copy, sync, rename. Who has the old file open keeps it.
    ///
    /// # Errors
    /// DuckDB or the file system refuses; the published file is then the old one.
    pub fn publish(&mut self) -> Result<(), WarehouseError> {
        self.connection.execute_batch("CHECKPOINT").map_err(error::database("checkpointing"))?;
        let revision = ledger::revision_of(&self.connection)?;
        self.files.publish_working()?;
        Ledger::mark_published(&self.files, revision)?;
        tracing::info!(revision, path = %self.files.published.display(), "published");
        Ok(())
    }

    /// The run is sealed: its staged pages are in the estate.
    pub(crate) fn forget_stage(&mut self) -> Result<(), WarehouseError> {
        self.active = None;
        stage::discard(&self.connection, &self.files)
    }
}

/// Opens the working file, checks it against the ledger and brings it to this version's schema.
pub(crate) fn open_working(files: &Files, settings: &Settings) -> Result<Connection, WarehouseError> {
    let damaged = error::damaged(&files.working);
    let config = settings
        .config(&files.spill)
        .and_then(|config| config.with("storage_compatibility_version", STORAGE_VERSION))
        .map_err(error::database("configuring DuckDB"))?;
    let is_new = !files.working.exists();
    let connection = Connection::open_with_flags(&files.working, config).map_err(error::unreadable(&files.working))?;
    files::restrict(&files.working)?;
    let found = migration::version_of(&connection, &files.working)?;
    migration::refuse_newer(&files.working, found, migration::last_version(MIGRATIONS))?;
    if !is_new && found > 0 {
        let ledger = Ledger::read(&files.ledger)?;
        let revision = ledger::revision_of(&connection).map_err(&damaged)?;
        if revision < ledger.published && files.published.exists() {
            return Err(WarehouseError::LedgerMismatch {
                path: files.working.clone(),
                scope: "the file".to_owned(),
                expected: format!("revision {}", ledger.published),
                found: format!("revision {revision}"),
            });
        }
        ledger.check(&connection, &files.working, Depth::Hashes).map_err(&damaged)?;
    }
    migration::migrate(&connection, &files.working, MIGRATIONS)?;
    Ok(connection)
}

/// Refuses a published file that is not ours or is of a later version, without changing it.
fn refuse_foreign(files: &Files, settings: &Settings) -> Result<(), WarehouseError> {
    let connection = reader::attach(files, settings)?;
    let found = migration::version_of(&connection, &files.published)?;
    migration::refuse_newer(&files.published, found, migration::last_version(MIGRATIONS))
}
