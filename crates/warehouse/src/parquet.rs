//! A result as a Parquet file. The reader that made it sees no files, so a database of its own, in memory, writes it.

use std::path::Path;

use duckdb::{Connection, appender_params_from_iter};

use crate::{Cell, Column, Rows, WarehouseError, error, rows::identifier};

/// Writes the rows as one Parquet file with the result's own column types; a file that is there is replaced when the
/// new one is whole.
///
/// # Errors
/// [`WarehouseError::DiskFull`], [`WarehouseError::Io`] or [`WarehouseError::Database`]; a file that was there stays.
pub fn write_parquet(rows: &Rows, path: &Path) -> Result<(), WarehouseError> {
    let doing = error::database("writing Parquet");
    let connection = Connection::open_in_memory().map_err(&doing)?;
    // Every value goes in as text and is cast on the way out: one path for every type that a result can have.
    connection
        .execute_batch(&format!(
            "CREATE TABLE result ({})",
            list(rows, |column| format!("{} VARCHAR", identifier(&column.name)))
        ))
        .map_err(&doing)?;
    let mut appender = connection.appender("result").map_err(&doing)?;
    for row in &rows.rows {
        appender.append_row(appender_params_from_iter(row.iter().map(text))).map_err(&doing)?;
    }
    appender.flush().map_err(&doing)?;
    drop(appender);
    let part = path.with_added_extension("part");
    let target = part.to_string_lossy().replace('\'', "''");
    let columns = list(rows, cast);
    connection
        .execute_batch(&format!("COPY (SELECT {columns} FROM result) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"))
        .map_err(&doing)?;
    std::fs::rename(&part, path).map_err(error::io("renaming", &part))
}

fn list(rows: &Rows, written: impl Fn(&Column) -> String) -> String {
    rows.columns.iter().map(written).collect::<Vec<_>>().join(", ")
}

fn cast(column: &Column) -> String {
    let name = identifier(&column.name);
    let is_nested = column.type_name.ends_with(']') || column.type_name.contains('(');
    let value = if is_nested && !column.type_name.starts_with("DECIMAL") {
        format!("CAST({name} AS JSON)")
    } else {
        name.clone()
    };
    format!("CAST({value} AS {}) AS {name}", column.type_name)
}

fn text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Bool(value) => Some(value.to_string()),
        Cell::Integer(value) => Some(value.to_string()),
        Cell::Double(value) => Some(value.to_string()),
        Cell::Timestamp(text) => Some(text.trim_end_matches('Z').to_owned()),
        Cell::Text(text) | Cell::Date(text) => Some(text.clone()),
        Cell::Json(value) => Some(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_come_back_with_their_types() {
        let rows = Rows {
            columns: vec![
                Column::new("party id", "VARCHAR"),
                Column::new("hours", "DOUBLE"),
                Column::new("criteria", "VARCHAR[]"),
                Column::new("at", "TIMESTAMP"),
            ],
            rows: vec![
                vec![
                    Cell::Text("Z's".to_owned()),
                    Cell::Double(1.5),
                    Cell::Json(json!(["CC6.1", "CC6.2"])),
                    Cell::Timestamp("2026-01-31T10:00:00Z".to_owned()),
                ],
                vec![Cell::Null, Cell::Null, Cell::Null, Cell::Null],
            ],
        };
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("it's.parquet");
        write_parquet(&rows, &path).expect("it is written");
        let connection = Connection::open_in_memory().expect("a database");
        let sql = format!(
            "SELECT \"party id\", hours, criteria[2], CAST(\"at\" AS VARCHAR) FROM '{}' ORDER BY hours NULLS LAST",
            path.to_string_lossy().replace('\'', "''")
        );
        let first: (String, f64, String, String) = connection
            .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .expect("a row");
        assert_eq!(first, ("Z's".to_owned(), 1.5, "CC6.2".to_owned(), "2026-01-31 10:00:00".to_owned()));
    }
}
