//! Plain rows into tables: a type whose fields are called like the columns needs no code of its own.

use duckdb::{Connection, params};
use serde::Serialize;

use crate::{WarehouseError, error};

/// Rows that one statement carries as JSON; bounds its memory.
const ROWS_A_STATEMENT: usize = 10_000;

/// Inserts rows by the names of their fields. `table` is one of this crate's own names, never input.
pub(crate) fn insert_rows<T: Serialize>(
    connection: &Connection,
    table: &'static str,
    rows: impl IntoIterator<Item = T>,
) -> Result<(), WarehouseError> {
    let mut rows = rows.into_iter().peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let structure = structure_of(connection, table)?;
    let sql = format!(
        "INSERT INTO {table} BY NAME SELECT unnest(row_value) FROM (SELECT unnest(from_json(?, ?)) AS row_value)"
    );
    let mut statement = connection.prepare(&sql).map_err(error::database("preparing an insert"))?;
    while rows.peek().is_some() {
        let chunk: Vec<T> = rows.by_ref().take(ROWS_A_STATEMENT).collect();
        let text =
            serde_json::to_string(&chunk).map_err(|source| WarehouseError::Row { table: table.to_owned(), source })?;
        statement.execute(params![text, structure]).map_err(error::database("inserting rows"))?;
    }
    Ok(())
}

/// Replaces everything in a table.
pub(crate) fn replace_rows<T: Serialize>(
    connection: &Connection,
    table: &'static str,
    rows: impl IntoIterator<Item = T>,
) -> Result<(), WarehouseError> {
    connection.execute_batch(&format!("DELETE FROM {table}")).map_err(error::database("emptying a table"))?;
    insert_rows(connection, table, rows)
}

/// The shape of a list of the table's rows, as `from_json` wants it.
fn structure_of(connection: &Connection, table: &str) -> Result<String, WarehouseError> {
    let doing = error::database("describing a table");
    let mut statement =
        connection.prepare(&format!("SELECT column_name, column_type FROM (DESCRIBE {table})")).map_err(&doing)?;
    let mut found = statement.query([]).map_err(&doing)?;
    let mut members = serde_json::Map::new();
    while let Some(row) = found.next().map_err(&doing)? {
        let name: String = row.get(0).map_err(&doing)?;
        let column_type: String = row.get(1).map_err(&doing)?;
        let shape = match column_type.strip_suffix("[]") {
            Some(element) => serde_json::json!([element]),
            None => serde_json::json!(column_type),
        };
        members.insert(name, shape);
    }
    Ok(serde_json::json!([members]).to_string())
}
