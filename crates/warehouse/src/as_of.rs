//! The published file as it was after an earlier run: the same names, other rows.
//!
//! Names resolve in a database in memory, whose views stand in for the tables of the published file and show what they
//! held. A view is made when a statement first names it. What keeps no history is refused, never answered with today's
//! rows. Without `--as-of` none of this exists.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    str::FromStr,
};

use duckdb::Connection;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    RunId, RunRow, WarehouseError, error,
    history::{self, FOLLOWED, Followed, HistoryFrom, Stamp, VALID_FROM},
    reader::PUBLISHED,
    rows::{self, identifier, literal},
};

/// A run, or an instant: what is asked for by `--as-of` and by the two sides of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// After this run.
    Run(RunId),
    /// After the last run that had ended by then.
    At(Timestamp),
}

/// A text that is neither a run nor a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a run (12) nor a date (2026-03-31, or 2026-03-31T18:00:00Z)")]
pub struct NoMoment(String);

impl FromStr for Moment {
    type Err = NoMoment;

    /// Reads a run's number, a day (the end of it, in UTC) or an instant.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NoMoment(text.to_owned());
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(|run| Self::Run(RunId(run))).map_err(|_| wrong());
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(Self::At(instant));
        }
        let day: Date = text.parse().map_err(|_| wrong())?;
        let next = day.tomorrow().and_then(|next| next.to_zoned_datetime(TimeZone::UTC)).map_err(|_| wrong())?;
        Ok(Self::At(next.timestamp() - jiff::SignedDuration::from_micros(1)))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(run) => write!(f, "run {run}"),
            Self::At(instant) => write!(f, "{instant}"),
        }
    }
}

/// The sealed run that a moment means.
pub(crate) fn sealed_run(connection: &Connection, moment: Moment) -> Result<RunRow, WarehouseError> {
    let runs: Vec<RunRow> = rows::run(
        connection,
        "SELECT run_id, started_at, finished_at, status, requested, resources, added, changed, removed, requests
         FROM inventory.runs WHERE status IN ('complete', 'partial') ORDER BY run_id",
        &[],
    )?
    .deserialize()?;
    let is_meant = |run: &&RunRow| match moment {
        Moment::Run(asked) => run.run_id == asked,
        Moment::At(instant) => run.finished_at.is_some_and(|finished| finished <= instant),
    };
    if let Some(run) = runs.iter().rev().find(is_meant) {
        return Ok(run.clone());
    }
    let known = match (runs.first(), runs.last()) {
        (Some(first), Some(last)) => {
            format!("sealed are runs {} ({}) to {} ({})", first.run_id, day_of(first), last.run_id, day_of(last))
        }
        _ => "no run was sealed yet".to_owned(),
    };
    Err(WarehouseError::NoSealedRun { asked: moment, known })
}

fn day_of(run: &RunRow) -> String {
    run.finished_at.unwrap_or(run.started_at).strftime("%Y-%m-%d").to_string()
}

/// The views that stand in for what the published file holds.
#[derive(Debug)]
pub(crate) struct AsOf {
    run: RunRow,
    reach: HistoryFrom,
    /// Every table and view of the published file that no view stands in for yet, by schema and name in lower case.
    waiting: RefCell<BTreeMap<(String, String), Object>>,
}

/// A table or a view of the published file.
#[derive(Debug, Clone)]
struct Object {
    schema: String,
    name: String,
    /// How a view was made; none for a table.
    definition: Option<String>,
}

impl AsOf {
    /// Makes names resolve in memory. The connection is at the published file until then.
    pub(crate) fn begin(connection: &Connection, path: &Path, moment: Moment) -> Result<Self, WarehouseError> {
        let doing = error::database("looking back");
        let run = sealed_run(connection, moment)?;
        let reach = history::reach(connection, path)?;
        if run.run_id < reach.estate {
            return Err(WarehouseError::Forgotten { run: run.run_id, from: reach.estate });
        }
        let objects = objects(connection)?;
        let schemas: BTreeSet<&str> = objects.iter().map(|object| object.schema.as_str()).collect();
        let mut statements = format!("SET search_path = 'memory,{PUBLISHED}';");
        for schema in schemas.iter().filter(|schema| **schema != "main") {
            statements.push_str(&format!("CREATE SCHEMA memory.{};", identifier(schema)));
        }
        connection.execute_batch(&statements).map_err(&doing)?;
        let key = |object: &Object| (object.schema.to_lowercase(), object.name.to_lowercase());
        let waiting = objects.into_iter().map(|object| (key(&object), object)).collect();
        Ok(Self { run, reach, waiting: RefCell::new(waiting) })
    }

    /// The run.
    pub(crate) fn run(&self) -> &RunRow {
        &self.run
    }

    /// Makes the views of everything that a statement names, and before them of what those rest on.
    pub(crate) fn stand_in(&self, connection: &Connection, sql: &str) -> Result<(), WarehouseError> {
        for name in qualified_names(sql) {
            // The borrow ends here: what this one rests on is taken out in the same way.
            let Some(object) = self.waiting.borrow_mut().remove(&name) else { continue };
            if let Some(definition) = &object.definition {
                self.stand_in(connection, definition)?;
            }
            connection.execute_batch(&self.view_of(&object)).map_err(error::database("looking back"))?;
        }
        Ok(())
    }

    fn view_of(&self, object: &Object) -> String {
        let Object { schema, name, definition } = object;
        if let Some(definition) = definition {
            // It names what it rests on as it always did, and that resolves in memory now.
            return definition.clone();
        }
        let is_it = |each: &&Followed| each.schema == schema && each.table == name;
        let select = match (schema.as_str(), name.as_str()) {
            ("history", _) | ("meta", "schema_version" | "history" | "type_views") => {
                format!("SELECT * FROM {}", published(schema, name))
            }
            ("meta", "state") => self.state(),
            ("inventory", "runs" | "coverage" | "resource_changes") => {
                format!("SELECT * FROM {} WHERE run_id <= {}", published(schema, name), self.run.run_id)
            }
            ("inventory", "resource_history") => self.resource_history(),
            _ => match FOLLOWED.iter().find(is_it) {
                Some(_) if self.run.run_id < self.reach.derived => {
                    let from = self.reach.derived;
                    refusal(object, &format!("the history of {schema}.{name} begins with run {from}"))
                }
                Some(followed) => self.followed(followed),
                None => refusal(object, &format!("{schema}.{name} keeps no history; ask it without --as-of")),
            },
        };
        format!("CREATE VIEW memory.{}.{} AS {select}", identifier(schema), identifier(name))
    }

    fn state(&self) -> String {
        let run = self.run.run_id;
        format!(
            "SELECT state.revision, runs.run_id, runs.finished_at AS sealed_at
             FROM {} AS state, {} AS runs WHERE runs.run_id = {run}",
            published("meta", "state"),
            published("inventory", "runs")
        )
    }

    /// A state of a resource, as far as the run knew of it. When a later run saw it again, the last time that it was
    /// seen before is the run itself where its listing was whole, and else the time that its state was seen first: it is
    /// known to have been seen then, and may have been seen later.
    fn resource_history(&self) -> String {
        let run = self.run.run_id;
        let whole = format!(
            "SELECT (provider, scope_id, type) FROM {} WHERE run_id = {run} GROUP BY provider, scope_id, type
             HAVING bool_or(status = 'ok')
                AND NOT bool_or(status IN ('denied', 'throttled', 'unreachable', 'error'))",
            published("inventory", "coverage")
        );
        let was_seen = format!(
            "(state.provider, state.scope_id, state.type) IN ({whole})
             OR (state.provider, state.scope_id, '*') IN ({whole})"
        );
        let started = format!("SELECT started_at FROM {} WHERE run_id = {run}", published("inventory", "runs"));
        format!(
            "SELECT state.* REPLACE (
                CASE WHEN state.valid_to_run > {run} THEN NULL ELSE state.valid_to_run END AS valid_to_run,
                CASE
                    WHEN state.last_seen_run <= {run} THEN state.last_seen_run
                    WHEN {was_seen} THEN {run}
                    ELSE state.valid_from_run
                END AS last_seen_run,
                CASE
                    WHEN state.last_seen_run <= {run} THEN state.last_seen_at
                    WHEN {was_seen} THEN greatest(state.changed_at, ({started}))
                    ELSE state.changed_at
                END AS last_seen_at
             )
             FROM {} AS state WHERE state.valid_from_run <= {run}",
            published("inventory", "resource_history")
        )
    }

    fn followed(&self, followed: &Followed) -> String {
        let Followed { schema, table, stamp } = followed;
        let run = self.run.run_id;
        let replaced = match stamp {
            Stamp::None => String::new(),
            Stamp::Run(column) => format!(" REPLACE (CAST({run} AS BIGINT) AS {column})"),
            Stamp::LastSeen(column) | Stamp::ResourceLastSeen(column) => format!(
                " REPLACE (CASE WHEN held.{column} <= {run} THEN held.{column} ELSE {} END AS {column})",
                match stamp {
                    Stamp::ResourceLastSeen(_) => format!("coalesce(seen.{column}, {run})"),
                    _ => format!("held.{VALID_FROM}"),
                }
            ),
        };
        let joined = match stamp {
            Stamp::ResourceLastSeen(column) => format!(
                " LEFT JOIN (
                    SELECT resource_key, max({column}) AS {column} FROM ({}) AS resources
                    WHERE valid_to_run IS NULL GROUP BY resource_key
                 ) AS seen ON seen.resource_key = held.resource_key",
                self.resource_history()
            ),
            _ => String::new(),
        };
        format!(
            "SELECT held.*{replaced} FROM (
                SELECT * FROM {} WHERE {VALID_FROM} <= {run}
                UNION ALL BY NAME
                SELECT * EXCLUDE (valid_to_run) FROM {} WHERE {VALID_FROM} <= {run} AND valid_to_run > {run}
             ) AS held{joined}",
            published(schema, table),
            published("history", table)
        )
    }
}

fn published(schema: &str, name: &str) -> String {
    format!("{PUBLISHED}.{}.{}", identifier(schema), identifier(name))
}

/// A view with the columns of a table that fails whoever asks it for rows. The join is what makes it fail where the table is
/// empty: of an empty table, DuckDB evaluates no condition.
fn refusal(object: &Object, reason: &str) -> String {
    format!(
        "SELECT held.* FROM (SELECT error({}) AS refused) AS asked LEFT JOIN {} AS held ON asked.refused IS NULL",
        literal(reason),
        published(&object.schema, &object.name)
    )
}

/// Every `schema.name` of a statement, in lower case and without quotes. Some are columns of tables, which does no harm.
fn qualified_names(sql: &str) -> BTreeSet<(String, String)> {
    let mut words: Vec<String> = Vec::new();
    let mut names = BTreeSet::new();
    let mut is_open = false;
    for character in sql.chars().filter(|character| *character != '"') {
        if character.is_alphanumeric() || character == '_' {
            if !is_open {
                words.push(String::new());
                is_open = true;
            }
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        } else if character == '.' {
            words.push(".".to_owned());
            is_open = false;
        } else {
            is_open = false;
        }
    }
    for three in words.windows(3) {
        if let [schema, dot, name] = three
            && dot == "."
        {
            names.insert((schema.clone(), name.clone()));
        }
    }
    names
}

/// Every table and view of the published file.
fn objects(connection: &Connection) -> Result<Vec<Object>, WarehouseError> {
    let doing = error::database("looking back");
    let mut statement = connection
        .prepare(
            "SELECT schema_name, table_name AS name, CAST(NULL AS VARCHAR) AS definition FROM duckdb_tables()
             WHERE database_name = current_database()
             UNION ALL
             SELECT schema_name, view_name, sql FROM duckdb_views()
             WHERE database_name = current_database() AND NOT internal
             ORDER BY schema_name, name",
        )
        .map_err(&doing)?;
    let found = statement
        .query_map([], |row| Ok(Object { schema: row.get(0)?, name: row.get(1)?, definition: row.get(2)? }))
        .map_err(&doing)?;
    found.collect::<Result<Vec<_>, _>>().map_err(&doing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        let sql = "SELECT r.name FROM Inventory.\"resources\" AS r, memory . parties\n. evidence WHERE x = 1.5";
        let names = qualified_names(sql);
        for (schema, name) in [("inventory", "resources"), ("parties", "evidence")] {
            assert!(names.contains(&(schema.to_owned(), name.to_owned())), "{names:?}");
        }
    }

    #[test]
    fn a_number_is_a_run_and_a_day_lasts_until_midnight() {
        assert_eq!("12".parse(), Ok(Moment::Run(RunId(12))));
        let end: Moment = "2026-03-31".parse().expect("a day");
        assert_eq!(end.to_string(), "2026-03-31T23:59:59.999999Z");
        let noon: Moment = "2026-03-31T14:00:00+02:00".parse().expect("an instant");
        assert_eq!(noon.to_string(), "2026-03-31T12:00:00Z");
        assert!("last quarter".parse::<Moment>().is_err());
        assert!("".parse::<Moment>().is_err());
    }
}
