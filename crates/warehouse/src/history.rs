//! What derived tables held in earlier runs.
//!
//! A derived table is written anew by every run. Each of its rows says since which run it holds as it is
//! (`valid_from_run`), and a row that is replaced or gone goes to the table of the same name in the schema `history`,
//! with the run that saw it go. A row that stays the same costs nothing.

use std::{collections::HashMap, path::Path};

use duckdb::Connection;

use crate::{
    RunId, WarehouseError, error,
    rows::{identifier, literal},
};

/// A derived table whose earlier rows are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Followed {
    pub(crate) schema: &'static str,
    pub(crate) table: &'static str,
    pub(crate) stamp: Stamp,
}

/// A column that changes with every run though nothing has changed. It does not make a new row, and is worked out for an
/// earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// There is none.
    None,
    /// The run itself.
    Run(&'static str),
    /// The last run that saw the row.
    LastSeen(&'static str),
    /// The last run that saw the resource that the row is about.
    ResourceLastSeen(&'static str),
}

impl Stamp {
    const fn column(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Run(column) | Self::LastSeen(column) | Self::ResourceLastSeen(column) => Some(column),
        }
    }
}

/// Since which run a row holds as it is.
pub(crate) const VALID_FROM: &str = "valid_from_run";
const VALID_FROM_MEANS: &str = "The run since which this row is as it is; earlier rows are in the schema history.";

const fn followed(schema: &'static str, table: &'static str) -> Followed {
    Followed { schema, table, stamp: Stamp::None }
}

/// Every table whose earlier rows are kept. Others can't be asked as of an earlier run.
pub(crate) const FOLLOWED: &[Followed] = &[
    Followed { schema: "inventory", table: "scopes", stamp: Stamp::LastSeen("last_seen_run") },
    followed("parties", "third_parties"),
    Followed { schema: "parties", table: "evidence", stamp: Stamp::ResourceLastSeen("last_seen_run") },
    followed("parties", "explained"),
    followed("parties", "exposures"),
    followed("parties", "reports"),
    followed("parties", "report_controls"),
    followed("parties", "report_exceptions"),
    followed("parties", "user_entity_controls"),
    followed("parties", "subservice_organizations"),
    followed("parties", "subservice_controls"),
    followed("parties", "names"),
    followed("parties", "other_documents"),
    followed("parties", "report_imports"),
    followed("graph", "nodes"),
    followed("graph", "edges"),
    followed("graph", "reach"),
    followed("graph", "concentration"),
    followed("controls", "criteria"),
    followed("controls", "controls"),
    followed("controls", "control_criteria"),
    followed("controls", "control_layers"),
    followed("controls", "crosswalk"),
    followed("controls", "layers"),
    followed("controls", "responsibility"),
    followed("controls", "checks"),
    Followed { schema: "controls", table: "check_results", stamp: Stamp::Run("run_id") },
    followed("controls", "common_tests"),
    followed("controls", "evidence_guide"),
    followed("scoping", "scenarios"),
    followed("scoping", "obligations"),
    followed("scoping", "sizing"),
    followed("scoping", "gaps"),
    followed("scoping", "report_coverage"),
    followed("scoping", "csoc_coverage"),
    followed("scoping", "cuec_trace"),
];

/// A column as the catalogue has it.
#[derive(Debug)]
struct Column {
    name: String,
    data_type: String,
    comment: String,
}

/// Gives every followed table its history, in the shape that the table has now. Part of an upgrade; a file of before the
/// history is left as it is.
pub(crate) fn prepare(connection: &Connection) -> Result<(), WarehouseError> {
    let doing = error::database("making room for history");
    let has_history: bool = connection
        .query_row(
            "SELECT count(*) > 0 FROM duckdb_schemas()
             WHERE schema_name = 'history' AND database_name = current_database()",
            [],
            |row| row.get(0),
        )
        .map_err(&doing)?;
    if !has_history {
        return Ok(());
    }
    let columns = columns(connection)?;
    for Followed { schema, table, .. } in FOLLOWED {
        let of = |schema: &str| columns.get(&(schema.to_owned(), (*table).to_owned())).map_or(&[][..], Vec::as_slice);
        let (live, kept) = (of(schema), of("history"));
        let mut statements = String::new();
        if !live.iter().any(|column| column.name == VALID_FROM) {
            statements.push_str(&format!(
                "ALTER TABLE {schema}.{table} ADD COLUMN {VALID_FROM} BIGINT;
                 UPDATE {schema}.{table} SET {VALID_FROM} = (SELECT derived_from_run FROM meta.history);
                 COMMENT ON COLUMN {schema}.{table}.{VALID_FROM} IS {};\n",
                literal(VALID_FROM_MEANS)
            ));
        }
        if kept.is_empty() {
            statements.push_str(&format!(
                "CREATE TABLE history.{table} ({VALID_FROM} BIGINT NOT NULL, valid_to_run BIGINT NOT NULL);
                 COMMENT ON TABLE history.{table} IS 'Rows of {schema}.{table} that were replaced or are gone.';
                 COMMENT ON COLUMN history.{table}.{VALID_FROM} IS 'The run since which the row was as it is here.';
                 COMMENT ON COLUMN history.{table}.valid_to_run IS 'The run that replaced it or found it gone.';\n"
            ));
        }
        for Column { name, data_type, comment } in live.iter().filter(|column| column.name != VALID_FROM) {
            let column = identifier(name);
            if !kept.iter().any(|column| column.name == *name) {
                statements.push_str(&format!("ALTER TABLE history.{table} ADD COLUMN {column} {data_type};\n"));
            }
            statements.push_str(&format!("COMMENT ON COLUMN history.{table}.{column} IS {};\n", literal(comment)));
        }
        connection.execute_batch(&statements).map_err(&doing)?;
    }
    Ok(())
}

/// Remembers what the followed tables hold, before a seal writes them. Part of its transaction.
pub(crate) fn remember(connection: &Connection) -> Result<(), WarehouseError> {
    let copy = |each: &Followed| {
        let Followed { schema, table, .. } = each;
        format!("CREATE OR REPLACE TEMP TABLE before_{table} AS SELECT * FROM {schema}.{table};")
    };
    let statements: Vec<String> = FOLLOWED.iter().map(copy).collect();
    connection.execute_batch(&statements.join("\n")).map_err(error::database("remembering what was derived"))
}

/// Says of every row since when it holds, and keeps those that were remembered and are no more. Rows that the same run
/// wrote and took back were never the state of a run, and are not kept.
pub(crate) fn record(connection: &Connection, run: RunId) -> Result<(), WarehouseError> {
    let doing = error::database("keeping the history");
    let columns = columns(connection)?;
    for Followed { schema, table, stamp } in written(connection)? {
        let is_state = |name: &str| name != VALID_FROM && Some(name) != stamp.column();
        let same: Vec<String> = columns
            .get(&((*schema).to_owned(), (*table).to_owned()))
            .into_iter()
            .flatten()
            .filter(|column| is_state(&column.name))
            .map(|column| identifier(&column.name))
            .map(|name| format!("live.{name} IS NOT DISTINCT FROM earlier.{name}"))
            .collect();
        let same = same.join(" AND ");
        connection
            .execute_batch(&format!(
                "UPDATE {schema}.{table} AS live SET {VALID_FROM} = earlier.{VALID_FROM}
                 FROM before_{table} AS earlier WHERE {same};
                 UPDATE {schema}.{table} SET {VALID_FROM} = {run} WHERE {VALID_FROM} IS NULL;
                 INSERT INTO history.{table} BY NAME
                 SELECT earlier.*, CAST({run} AS BIGINT) AS valid_to_run
                 FROM before_{table} AS earlier
                 ANTI JOIN {schema}.{table} AS live ON {same}
                 WHERE earlier.{VALID_FROM} < {run};"
            ))
            .map_err(&doing)?;
    }
    let forget: Vec<String> = FOLLOWED.iter().map(|each| format!("DROP TABLE before_{};", each.table)).collect();
    connection.execute_batch(&forget.join("\n")).map_err(&doing)
}

/// The followed tables that were written since they were remembered: a written row does not say yet since when it holds.
fn written(connection: &Connection) -> Result<Vec<&'static Followed>, WarehouseError> {
    let doing = error::database("looking for what was written");
    let is_written = |(place, each): (usize, &Followed)| {
        let Followed { schema, table, .. } = each;
        format!(
            "SELECT {place} WHERE EXISTS (SELECT 1 FROM {schema}.{table} WHERE {VALID_FROM} IS NULL)
                OR (SELECT count(*) FROM {schema}.{table}) <> (SELECT count(*) FROM before_{table})"
        )
    };
    let branches: Vec<String> = FOLLOWED.iter().enumerate().map(is_written).collect();
    let mut statement = connection.prepare(&branches.join("\nUNION ALL\n")).map_err(&doing)?;
    let places = statement.query_map([], |row| row.get::<_, usize>(0)).map_err(&doing)?;
    places.map(|place| place.map(|place| &FOLLOWED[place]).map_err(&doing)).collect()
}

/// How far back a file can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryFrom {
    /// The first run of the estate: resources, changes, coverage. 0 where nothing was pruned.
    pub estate: RunId,
    /// The first run of what is derived from it.
    pub derived: RunId,
}

/// How far back the open file can answer.
///
/// # Errors
/// [`WarehouseError::NoHistory`] for a file that an earlier version of carveout wrote.
pub(crate) fn reach(connection: &Connection, path: &Path) -> Result<HistoryFrom, WarehouseError> {
    let read = connection.query_row("SELECT estate_from_run, derived_from_run FROM meta.history", [], |row| {
        Ok(HistoryFrom { estate: RunId(row.get(0)?), derived: RunId(row.get(1)?) })
    });
    read.map_err(|source| WarehouseError::NoHistory { path: path.to_path_buf(), source: error::failure(source) })
}

/// The columns of every table, in order, by schema and table.
fn columns(connection: &Connection) -> Result<HashMap<(String, String), Vec<Column>>, WarehouseError> {
    let doing = error::database("describing tables");
    let mut statement = connection
        .prepare(
            "SELECT columns.schema_name, columns.table_name, columns.column_name, columns.data_type,
                coalesce(columns.comment, '')
             FROM duckdb_columns() AS columns
             INNER JOIN duckdb_tables() AS tables
                 ON tables.database_name = columns.database_name
                 AND tables.schema_name = columns.schema_name
                 AND tables.table_name = columns.table_name
             WHERE columns.database_name = current_database()
             ORDER BY columns.schema_name, columns.table_name, columns.column_index",
        )
        .map_err(&doing)?;
    let mut found = statement.query([]).map_err(&doing)?;
    let mut tables: HashMap<(String, String), Vec<Column>> = HashMap::new();
    while let Some(row) = found.next().map_err(&doing)? {
        let text = |index: usize| row.get::<_, String>(index).map_err(&doing);
        let column = Column { name: text(2)?, data_type: text(3)?, comment: text(4)? };
        tables.entry((text(0)?, text(1)?)).or_default().push(column);
    }
    Ok(tables)
}
