//! Rows as plain values, and how a statement with parameters is run.

use carveout_queries::{Binding, Value as ParameterValue};
use duckdb::{
    Connection, Statement,
    core::LogicalTypeId,
    types::{TimeUnit, Value},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::{WarehouseError, error};

/// One value of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Absent.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Double(f64),
    /// A text.
    Text(String),
    /// A day, `2026-12-31`.
    Date(String),
    /// An instant in UTC, `2026-12-31T23:59:59Z`.
    Timestamp(String),
    /// A list, an object, or what a JSON column holds.
    Json(Json),
}

impl Cell {
    /// The value as JSON; days and instants are texts there.
    pub fn into_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(truth) => Json::Bool(truth),
            Self::Integer(number) => Json::from(number),
            Self::Double(number) => Json::from(number),
            Self::Text(text) | Self::Date(text) | Self::Timestamp(text) => Json::String(text),
            Self::Json(value) => value,
        }
    }
}

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// DuckDB's name for its type (`VARCHAR`, `BIGINT`, `JSON`).
    pub type_name: String,
}

/// The result of a statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The rows; each has one cell per column.
    pub rows: Vec<Vec<Cell>>,
}

impl Rows {
    /// Turns every row into a `T` by its column names.
    ///
    /// # Errors
    /// [`WarehouseError::Row`] where a row does not fit.
    pub fn deserialize<T: DeserializeOwned>(self) -> Result<Vec<T>, WarehouseError> {
        let Self { columns, rows } = self;
        let object = |row: Vec<Cell>| {
            let names = columns.iter().map(|column| column.name.clone());
            Json::Object(names.zip(row.into_iter().map(Cell::into_json)).collect())
        };
        let read = |row| {
            serde_json::from_value(object(row))
                .map_err(|source| WarehouseError::Row { table: std::any::type_name::<T>().to_owned(), source })
        };
        rows.into_iter().map(read).collect()
    }
}

/// Runs one statement that somebody gave, with session variables for its parameters.
pub(crate) fn run(connection: &Connection, sql: &str, bindings: &[Binding]) -> Result<Rows, WarehouseError> {
    for binding in bindings {
        set_variable(connection, binding).map_err(query_failure)?;
    }
    let outcome = fetch(connection, sql).map_err(query_failure);
    for binding in bindings {
        let reset = format!("RESET VARIABLE {}", identifier(&binding.name));
        connection.execute_batch(&reset).map_err(query_failure)?;
    }
    outcome
}

/// Sets a session variable, which SQL reads with `getvariable`.
pub(crate) fn set_variable(connection: &Connection, binding: &Binding) -> duckdb::Result<()> {
    let (type_name, value) = match &binding.value {
        ParameterValue::Text(text) => ("VARCHAR", Value::Text(text.clone())),
        ParameterValue::Integer(number) => ("BIGINT", Value::BigInt(*number)),
        ParameterValue::Double(number) => ("DOUBLE", Value::Double(*number)),
        ParameterValue::Boolean(truth) => ("BOOLEAN", Value::Boolean(*truth)),
        ParameterValue::Date(day) => ("DATE", Value::Text(day.to_string())),
        ParameterValue::Timestamp(instant) => {
            ("TIMESTAMP", Value::Timestamp(TimeUnit::Microsecond, instant.as_microsecond()))
        }
    };
    // A variable's name can't be a parameter; it is quoted, and the type is one of the words above.
    let sql = format!("SET VARIABLE {} = CAST(? AS {type_name})", identifier(&binding.name));
    connection.execute(&sql, [value]).map(|_| ())
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn query_failure(source: duckdb::Error) -> WarehouseError {
    let failure = error::failure(source);
    if failure.message.contains("INTERRUPT") { WarehouseError::Interrupted } else { WarehouseError::Query(failure) }
}

fn fetch(connection: &Connection, sql: &str) -> duckdb::Result<Rows> {
    let mut statement = connection.prepare(sql)?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    while let Some(row) = found.next()? {
        if columns.is_empty() {
            columns = row.as_ref().column_names().into_iter().zip(types_of(row.as_ref())).map(column).collect();
        }
        let cells = columns.iter().enumerate().map(|(index, column)| {
            let value: Value = row.get(index)?;
            Ok(if column.type_name == "JSON" { json_cell(value) } else { cell(value) })
        });
        rows.push(cells.collect::<duckdb::Result<Vec<Cell>>>()?);
    }
    drop(found);
    if columns.is_empty() {
        columns = statement.column_names().into_iter().zip(types_of(&statement)).map(column).collect();
    }
    Ok(Rows { columns, rows })
}

fn column((name, type_name): (String, String)) -> Column {
    Column { name, type_name }
}

fn types_of(statement: &Statement<'_>) -> Vec<String> {
    (0..statement.column_count())
        .map(|index| {
            let logical_type = statement.column_logical_type(index);
            logical_type.get_alias().unwrap_or_else(|| match logical_type.id() {
                LogicalTypeId::TimestampTZ => "TIMESTAMP WITH TIME ZONE".to_owned(),
                id => format!("{id:?}").to_uppercase(),
            })
        })
        .collect()
}

/// A JSON column holds text; text that is none (a broken value that a person stored) stays text.
fn json_cell(value: Value) -> Cell {
    match value {
        Value::Text(text) => serde_json::from_str(&text).map_or(Cell::Text(text), Cell::Json),
        other => cell(other),
    }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Boolean(truth) => Cell::Bool(truth),
        Value::TinyInt(number) => Cell::Integer(number.into()),
        Value::SmallInt(number) => Cell::Integer(number.into()),
        Value::Int(number) => Cell::Integer(number.into()),
        Value::BigInt(number) => Cell::Integer(number),
        Value::UTinyInt(number) => Cell::Integer(number.into()),
        Value::USmallInt(number) => Cell::Integer(number.into()),
        Value::UInt(number) => Cell::Integer(number.into()),
        // Sums are HUGEINT whatever their size; what is really too big keeps its digits as text.
        Value::UBigInt(number) => i64::try_from(number).map_or(Cell::Text(number.to_string()), Cell::Integer),
        Value::HugeInt(number) => i64::try_from(number).map_or(Cell::Text(number.to_string()), Cell::Integer),
        Value::UHugeInt(number) => i64::try_from(number).map_or(Cell::Text(number.to_string()), Cell::Integer),
        Value::Float(number) => Cell::Double(number.into()),
        Value::Double(number) => Cell::Double(number),
        Value::Decimal(number) => {
            let text = number.to_string();
            text.parse().map_or(Cell::Text(text), Cell::Double)
        }
        Value::Timestamp(unit, count) => timestamp(unit.to_micros(count)),
        Value::Date32(days) => day(days),
        Value::Time64(unit, count) => time(unit.to_micros(count)),
        Value::Interval { months, days, nanos } => {
            Cell::Text(format!("P{months}M{days}DT{}S", nanos as f64 / 1_000_000_000.0))
        }
        Value::Text(text) | Value::Enum(text) => Cell::Text(text),
        Value::Blob(bytes) | Value::Geometry(bytes) => {
            Cell::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
        }
        Value::Union(inner) => cell(*inner),
        nested @ (Value::List(_) | Value::Array(_) | Value::Struct(_) | Value::Map(_)) => Cell::Json(json(nested)),
        // The enum may grow with DuckDB; a kind that is not known yet is shown rather than refused.
        other => Cell::Text(format!("{other:?}")),
    }
}

fn json(value: Value) -> Json {
    match value {
        Value::List(values) | Value::Array(values) => Json::Array(values.into_iter().map(json).collect()),
        Value::Struct(fields) => {
            Json::Object(fields.iter().map(|(name, value)| (name.clone(), json(value.clone()))).collect())
        }
        Value::Map(entries) => {
            let key = |key: &Value| match json(key.clone()) {
                Json::String(text) => text,
                other => other.to_string(),
            };
            Json::Object(entries.iter().map(|(name, value)| (key(name), json(value.clone()))).collect())
        }
        other => cell(other).into_json(),
    }
}

fn timestamp(microseconds: i64) -> Cell {
    Timestamp::from_microsecond(microseconds)
        .map_or_else(|_| Cell::Text("infinity".to_owned()), |instant| Cell::Timestamp(instant.to_string()))
}

fn day(days: i32) -> Cell {
    Date::constant(1970, 1, 1)
        .checked_add(i64::from(days).days())
        .map_or_else(|_| Cell::Text("infinity".to_owned()), |date| Cell::Date(date.to_string()))
}

fn time(microseconds: i64) -> Cell {
    let seconds = microseconds / 1_000_000;
    Cell::Text(format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60))
}
