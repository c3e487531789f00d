//! Pages of a running crawl on their way to the estate: buffered, then committed to a file of their own.
//!
//! A unit counts from the commit that holds its end. What a killed run had not committed is crawled again.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::Arc,
    time::Duration,
};

use carveout_model::{Coverage, CoverageStatus, Observation, Resource, Scope};
use duckdb::{
    Appender, Connection,
    arrow::{
        array::{ArrayRef, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder},
        record_batch::RecordBatch,
    },
    params,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    RunId, WarehouseError,
    canonical::{Canonical, write_canonical},
    error::{self, failure},
    files::{self, Files},
    insert::insert_rows,
    migration::timestamp,
    rows,
};

/// The layout of the staging tables; a file of another layout is discarded.
const LAYOUT: i64 = 1;
/// The unit of what was known before the crawl.
const BEFORE_THE_CRAWL: i64 = 0;
/// Rows that are kept in memory before they are committed.
const BUFFERED_ROWS: usize = 16_384;
/// Bytes of configuration that are kept in memory before they are committed.
const BUFFERED_BYTES: usize = 32 << 20;
/// Finished units that are kept in memory: what a killed run loses at most.
const BUFFERED_UNITS: usize = 256;

#[derive(Debug, Serialize)]
struct UnitRow {
    unit: i64,
    unit_id: String,
    finished_at: Timestamp,
    is_complete: bool,
}

#[derive(Debug, Serialize)]
struct CoverageRow {
    unit: i64,
    #[serde(rename = "type")]
    type_name: String,
    #[serde(flatten)]
    coverage: Coverage,
}

/// A staged resource that could not be read whole, beside what was known of it.
#[derive(Debug, Deserialize)]
struct HalfRead {
    unit_id: String,
    #[serde(flatten)]
    resource: Resource,
    known: Value,
}

/// The staging file and what is on its way there.
#[derive(Debug)]
pub(crate) struct Stage {
    resources: ResourceBuffer,
    observations: ObservationBuffer,
    units: Vec<UnitRow>,
    coverage: Vec<CoverageRow>,
    numbers: HashMap<String, i64>,
    next_unit: i64,
    next_sequence: i64,
    canonical: Canonical,
}

impl Stage {
    /// Attaches the staging file, and keeps of it what an interrupted crawl finished within `resume_within`.
    pub(crate) fn open(
        connection: &Connection,
        files: &Files,
        run_id: RunId,
        now: Timestamp,
        resume_within: Option<Duration>,
    ) -> Result<(Self, BTreeSet<String>), WarehouseError> {
        let resumable = resume_within.filter(|_| attach_usable(connection, &files.stage));
        let Some(within) = resumable else {
            detach(connection);
            files.remove_stage()?;
            create(connection, &files.stage, run_id)?;
            return Ok((Self::empty(BEFORE_THE_CRAWL, 0), BTreeSet::new()));
        };
        let doing = error::database("taking over an interrupted crawl");
        let oldest = jiff::SignedDuration::try_from(within).ok().and_then(|age| now.checked_sub(age).ok());
        connection
            .execute("SET VARIABLE oldest = CAST(? AS TIMESTAMP)", [timestamp(oldest.unwrap_or(Timestamp::MIN))])
            .map_err(&doing)?;
        connection.execute_batch(include_str!("sql/keep_finished_units.sql")).map_err(&doing)?;
        connection.execute("UPDATE stage.layout SET run_id = ?", params![run_id.0]).map_err(&doing)?;
        let finished: Vec<String> =
            column(connection, "SELECT unit_id FROM stage.units ORDER BY unit_id").map_err(&doing)?;
        let (last_unit, last_sequence): (i64, i64) = connection
            .query_row(
                "SELECT
                    (SELECT coalesce(max(unit), 0) FROM stage.units),
                    greatest(
                        (SELECT coalesce(max(sequence), 0) FROM stage.resources),
                        (SELECT coalesce(max(sequence), 0) FROM stage.observations)
                    )",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(&doing)?;
        Ok((Self::empty(last_unit, last_sequence), finished.into_iter().collect()))
    }

    fn empty(last_unit: i64, last_sequence: i64) -> Self {
        Self {
            resources: ResourceBuffer::default(),
            observations: ObservationBuffer::default(),
            units: Vec::new(),
            coverage: Vec::new(),
            numbers: HashMap::new(),
            next_unit: last_unit + 1,
            next_sequence: last_sequence + 1,
            canonical: Canonical::default(),
        }
    }

    /// Takes a page of a unit.
    pub(crate) fn load(
        &mut self,
        connection: &Connection,
        unit_id: &str,
        resources: &[Resource],
        observations: &[Observation],
    ) -> Result<(), WarehouseError> {
        let unit = self.number_of(unit_id);
        for resource in resources {
            self.resources.push(self.next_sequence, unit, resource, &mut self.canonical);
            self.next_sequence += 1;
            if self.resources.rows >= BUFFERED_ROWS || self.resources.bytes >= BUFFERED_BYTES {
                self.flush(connection)?;
            }
        }
        for observation in observations {
            self.observations.push(self.next_sequence, unit, observation);
            self.next_sequence += 1;
            if self.observations.rows >= BUFFERED_ROWS {
                self.flush(connection)?;
            }
        }
        Ok(())
    }

    /// Ends a unit.
    pub(crate) fn finish(
        &mut self,
        connection: &Connection,
        unit_id: &str,
        coverage: &[Coverage],
        finished_at: Timestamp,
    ) -> Result<(), WarehouseError> {
        let unit = self.number_of(unit_id);
        self.numbers.remove(unit_id);
        let is_complete = !coverage.is_empty() && coverage.iter().all(|row| row.status == CoverageStatus::Ok);
        self.units.push(UnitRow { unit, unit_id: unit_id.to_owned(), finished_at, is_complete });
        self.cover(unit, coverage);
        if self.units.len() >= BUFFERED_UNITS { self.flush(connection) } else { Ok(()) }
    }

    /// Takes coverage that was known before the crawl.
    pub(crate) fn cover_before_the_crawl(&mut self, coverage: &[Coverage]) {
        self.cover(BEFORE_THE_CRAWL, coverage);
    }

    /// Takes scopes; they are few and go straight to the file.
    pub(crate) fn write_scopes(connection: &Connection, scopes: &[Scope]) -> Result<(), WarehouseError> {
        insert_rows(connection, "stage.scopes", scopes)
    }

    /// Commits what is buffered.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Result<(), WarehouseError> {
        if self.resources.rows + self.observations.rows + self.units.len() + self.coverage.len() == 0 {
            return Ok(());
        }
        let doing = error::database("staging pages");
        let transaction = connection.unchecked_transaction().map_err(&doing)?;
        append(&transaction, "resources", self.resources.take())?;
        append(&transaction, "observations", self.observations.take())?;
        insert_rows(&transaction, "stage.units", self.units.drain(..))?;
        insert_rows(&transaction, "stage.coverage", self.coverage.drain(..))?;
        transaction.commit().map_err(&doing)
    }

    /// Puts the last known value in the place of every member that could not be read, so that a denied detail call does
    /// not look like a change.
    pub(crate) fn complete_half_read(&mut self, connection: &Connection) -> Result<(), WarehouseError> {
        self.flush(connection)?;
        let found: Vec<HalfRead> = rows::run(connection, include_str!("sql/half_read.sql"), &[])?.deserialize()?;
        for HalfRead { unit_id, mut resource, known } in found {
            let unit = self.finished_number_of(connection, &unit_id)?;
            if let (Value::Object(config), Value::Object(known)) = (&mut resource.config, known) {
                config.extend(known.into_iter().filter(|(name, _)| resource.unread.contains(name)));
            }
            self.resources.push(self.next_sequence, unit, &resource, &mut self.canonical);
            self.next_sequence += 1;
            if self.resources.rows >= BUFFERED_ROWS || self.resources.bytes >= BUFFERED_BYTES {
                self.flush(connection)?;
            }
        }
        self.flush(connection)
    }

    fn cover(&mut self, unit: i64, coverage: &[Coverage]) {
        self.coverage.extend(coverage.iter().map(|row| CoverageRow {
            unit,
            type_name: row.type_name.clone(),
            coverage: row.clone(),
        }));
    }

    fn number_of(&mut self, unit_id: &str) -> i64 {
        if let Some(&unit) = self.numbers.get(unit_id) {
            return unit;
        }
        let unit = self.next_unit;
        self.next_unit += 1;
        self.numbers.insert(unit_id.to_owned(), unit);
        unit
    }

    fn finished_number_of(&mut self, connection: &Connection, unit_id: &str) -> Result<i64, WarehouseError> {
        if let Some(&unit) = self.numbers.get(unit_id) {
            return Ok(unit);
        }
        let unit = connection
            .query_row("SELECT max(unit) FROM stage.units WHERE unit_id = ?", [unit_id], |row| row.get(0))
            .map_err(error::database("finding a staged unit"))?;
        self.numbers.insert(unit_id.to_owned(), unit);
        Ok(unit)
    }
}

/// Drops the staged pages of a sealed run.
pub(crate) fn discard(connection: &Connection, files: &Files) -> Result<(), WarehouseError> {
    detach(connection);
    files.remove_stage()
}

/// Attaches the staging file when it is there, of this layout, and its run was never sealed.
fn attach_usable(connection: &Connection, path: &Path) -> bool {
    if !path.exists() || attach(connection, path).is_err() {
        return false;
    }
    let sealed = "SELECT layout.version, coalesce(runs.status IN ('complete', 'partial'), false)
        FROM stage.layout AS layout LEFT JOIN inventory.runs AS runs ON runs.run_id = layout.run_id";
    let found: duckdb::Result<(i64, bool)> = connection.query_row(sealed, [], |row| Ok((row.get(0)?, row.get(1)?)));
    match found {
        Ok((LAYOUT, false)) => true,
        Ok(_) => false,
        Err(error) => {
            tracing::warn!(reason = %failure(error), "staged pages can't be read and are crawled again");
            false
        }
    }
}

fn attach(connection: &Connection, path: &Path) -> Result<(), WarehouseError> {
    connection
        .execute("ATTACH ? AS stage (STORAGE_VERSION 'v1.5.0')", [path.to_string_lossy()])
        .map(|_| ())
        .map_err(error::database("attaching the staging file"))
}

fn detach(connection: &Connection) {
    // It may not be attached, or not be readable: either way the file is removed next.
    let _ = connection.execute_batch("DETACH DATABASE IF EXISTS stage");
}

fn create(connection: &Connection, path: &Path, run_id: RunId) -> Result<(), WarehouseError> {
    attach(connection, path)?;
    files::restrict(path)?;
    let doing = error::database("creating the staging tables");
    connection.execute_batch(include_str!("schema/stage.sql")).map_err(&doing)?;
    connection.execute("INSERT INTO stage.layout VALUES (?, ?)", params![LAYOUT, run_id.0]).map_err(&doing)?;
    Ok(())
}

fn column(connection: &Connection, sql: &str) -> duckdb::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn append(connection: &Connection, table: &str, batch: Option<RecordBatch>) -> Result<(), WarehouseError> {
    let Some(batch) = batch else { return Ok(()) };
    let doing = error::database("appending pages");
    let mut appender: Appender<'_> = connection.appender_to_catalog_and_db(table, "stage", "main").map_err(&doing)?;
    appender.append_record_batch(batch).map_err(&doing)?;
    appender.flush().map_err(&doing)
}

/// Columns of `stage.resources`, in the order of the table.
#[derive(Debug, Default)]
struct ResourceBuffer {
    rows: usize,
    bytes: usize,
    sequence: Int64Builder,
    unit: Int64Builder,
    resource_key: StringBuilder,
    provider: StringBuilder,
    scope_id: StringBuilder,
    region: StringBuilder,
    service: StringBuilder,
    service_model: StringBuilder,
    type_name: StringBuilder,
    name: StringBuilder,
    tags: StringBuilder,
    config: StringBuilder,
    unread: StringBuilder,
    created_at: TimestampMicrosecondBuilder,
    content_hash: StringBuilder,
}

impl ResourceBuffer {
    fn push(&mut self, sequence: i64, unit: i64, resource: &Resource, canonical: &mut Canonical) {
        let tags = serde_json::to_string(&resource.tags).expect("texts by texts are JSON");
        self.sequence.append_value(sequence);
        self.unit.append_value(unit);
        self.resource_key.append_value(&resource.resource_key);
        self.provider.append_value(resource.provider.as_str());
        self.scope_id.append_value(&resource.scope_id);
        self.region.append_value(&resource.region);
        self.service.append_value(&resource.service);
        self.service_model.append_value(resource.service_model.as_str());
        self.type_name.append_value(&resource.type_name);
        self.name.append_option(resource.name.as_deref());
        let config = canonical.config(resource);
        self.bytes += config.len();
        self.config.append_value(config);
        self.content_hash.append_value(canonical.hash(resource, &tags));
        self.tags.append_value(tags);
        let unread = (!resource.unread.is_empty())
            .then(|| serde_json::to_string(&resource.unread).expect("a list of texts is JSON"));
        self.unread.append_option(unread);
        self.created_at.append_option(resource.created_at.map(|at| at.as_microsecond()));
        self.rows += 1;
    }

    fn take(&mut self) -> Option<RecordBatch> {
        if self.rows == 0 {
            return None;
        }
        self.rows = 0;
        self.bytes = 0;
        Some(batch(vec![
            ("sequence", Arc::new(self.sequence.finish())),
            ("unit", Arc::new(self.unit.finish())),
            ("resource_key", Arc::new(self.resource_key.finish())),
            ("provider", Arc::new(self.provider.finish())),
            ("scope_id", Arc::new(self.scope_id.finish())),
            ("region", Arc::new(self.region.finish())),
            ("service", Arc::new(self.service.finish())),
            ("service_model", Arc::new(self.service_model.finish())),
            ("type", Arc::new(self.type_name.finish())),
            ("name", Arc::new(self.name.finish())),
            ("tags", Arc::new(self.tags.finish())),
            ("config", Arc::new(self.config.finish())),
            ("unread", Arc::new(self.unread.finish())),
            ("created_at", Arc::new(self.created_at.finish())),
            ("content_hash", Arc::new(self.content_hash.finish())),
        ]))
    }
}

/// Columns of `stage.observations`, in the order of the table.
#[derive(Debug, Default)]
struct ObservationBuffer {
    rows: usize,
    text: Vec<u8>,
    sequence: Int64Builder,
    unit: Int64Builder,
    resource_key: StringBuilder,
    signal: StringBuilder,
    outsider: StringBuilder,
    relation: StringBuilder,
    strength: StringBuilder,
    direction: StringBuilder,
    status: StringBuilder,
    relation_confidence: Float64Builder,
    path: StringBuilder,
    value: StringBuilder,
    context: StringBuilder,
}

impl ObservationBuffer {
    fn push(&mut self, sequence: i64, unit: i64, observation: &Observation) {
        self.sequence.append_value(sequence);
        self.unit.append_value(unit);
        self.resource_key.append_value(&observation.resource_key);
        self.signal.append_value(&observation.signal);
        let outsider = serde_json::to_string(&observation.outsider).expect("kinds and texts are JSON");
        self.outsider.append_value(outsider);
        self.relation.append_value(observation.relation.as_str());
        self.strength.append_value(observation.strength.as_str());
        self.direction.append_value(observation.direction.as_str());
        self.status.append_value(observation.status.as_str());
        self.relation_confidence.append_value(observation.relation_confidence);
        self.path.append_value(&observation.path);
        self.value.append_value(&observation.value);
        self.text.clear();
        write_canonical(&observation.context, &mut self.text);
        self.context.append_value(std::str::from_utf8(&self.text).expect("JSON text is made of texts"));
        self.rows += 1;
    }

    fn take(&mut self) -> Option<RecordBatch> {
        if self.rows == 0 {
            return None;
        }
        self.rows = 0;
        Some(batch(vec![
            ("sequence", Arc::new(self.sequence.finish())),
            ("unit", Arc::new(self.unit.finish())),
            ("resource_key", Arc::new(self.resource_key.finish())),
            ("signal", Arc::new(self.signal.finish())),
            ("outsider", Arc::new(self.outsider.finish())),
            ("relation", Arc::new(self.relation.finish())),
            ("strength", Arc::new(self.strength.finish())),
            ("direction", Arc::new(self.direction.finish())),
            ("status", Arc::new(self.status.finish())),
            ("relation_confidence", Arc::new(self.relation_confidence.finish())),
            ("path", Arc::new(self.path.finish())),
            ("value", Arc::new(self.value.finish())),
            ("context", Arc::new(self.context.finish())),
        ]))
    }
}

fn batch(columns: Vec<(&'static str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .expect("every column was given one value a row")
}
