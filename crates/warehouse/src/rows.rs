//! Rows as plain values, and how a statement with parameters is run.

use carveout_queries::{Binding, Value as ParameterValue};
use duckdb::{
    Connection,
    arrow::{
        array::{Array, ArrayRef, AsArray},
        datatypes::{
            DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
            TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
            UInt8Type, UInt16Type, UInt32Type, UInt64Type,
        },
        record_batch::RecordBatch,
        util::display::{ArrayFormatter, FormatOptions},
    },
    core::{LogicalTypeHandle, LogicalTypeId},
    types::Value,
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

impl Column {
    /// A column of a result that was put together elsewhere than in DuckDB.
    pub fn new(name: impl Into<String>, type_name: &str) -> Self {
        Self { name: name.into(), type_name: type_name.to_owned() }
    }
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
            ("TIMESTAMP", Value::Timestamp(duckdb::types::TimeUnit::Microsecond, instant.as_microsecond()))
        }
    };
    // A variable's name can't be a parameter; it is quoted, and the type is one of the words above.
    let sql = format!("SET VARIABLE {} = CAST(? AS {type_name})", identifier(&binding.name));
    connection.execute(&sql, [value]).map(|_| ())
}

/// A name as SQL quotes it.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL quotes it, where a statement takes no parameters.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn query_failure(source: duckdb::Error) -> WarehouseError {
    let failure = error::failure(source);
    if failure.message.contains("INTERRUPT") { WarehouseError::Interrupted } else { WarehouseError::Query(failure) }
}

fn fetch(connection: &Connection, sql: &str) -> duckdb::Result<Rows> {
    let mut statement = connection.prepare(sql)?;
    let batches: Vec<RecordBatch> = statement.query_arrow([])?.collect();
    let columns: Vec<Column> = statement
        .column_names()
        .into_iter()
        .enumerate()
        .map(|(index, name)| Column { name, type_name: name_of(&statement.column_logical_type(index)) })
        .collect();
    let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let cells = columns.iter().zip(batch.columns()).map(|(column, array)| match cell(array, row) {
                // A JSON column holds text; text that is none (a broken value that a person stored) stays text.
                Cell::Text(text) if column.type_name == "JSON" => {
                    serde_json::from_str(&text).map_or(Cell::Text(text), Cell::Json)
                }
                other => other,
            });
            rows.push(cells.collect());
        }
    }
    Ok(Rows { columns, rows })
}

/// DuckDB's own spelling of a type, so that it can be cast to.
fn name_of(logical_type: &LogicalTypeHandle) -> String {
    if let Some(alias) = logical_type.get_alias() {
        return alias;
    }
    let child = |index| name_of(&logical_type.child(index));
    match logical_type.id() {
        LogicalTypeId::List => format!("{}[]", child(0)),
        LogicalTypeId::Map => format!("MAP({}, {})", child(0), child(1)),
        LogicalTypeId::Struct => {
            let fields = (0..logical_type.num_children())
                .map(|index| format!("{} {}", identifier(&logical_type.child_name(index)), child(index)));
            format!("STRUCT({})", fields.collect::<Vec<_>>().join(", "))
        }
        LogicalTypeId::Decimal => {
            format!("DECIMAL({},{})", logical_type.decimal_width(), logical_type.decimal_scale())
        }
        // A NULL that nobody gave a type: what DuckDB itself makes of it in a table.
        LogicalTypeId::SqlNull => "INTEGER".to_owned(),
        LogicalTypeId::TimestampTZ => "TIMESTAMP WITH TIME ZONE".to_owned(),
        LogicalTypeId::TimestampS => "TIMESTAMP_S".to_owned(),
        LogicalTypeId::TimestampMs => "TIMESTAMP_MS".to_owned(),
        LogicalTypeId::TimestampNs => "TIMESTAMP_NS".to_owned(),
        // Labels of an enumeration are texts outside the file that declares it.
        LogicalTypeId::Enum => "VARCHAR".to_owned(),
        id => format!("{id:?}").to_uppercase(),
    }
}

/// Read from Arrow and not through the crate's own values: those end the process on a NULL without a type.
fn cell(array: &ArrayRef, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Null;
    }
    match array.data_type() {
        DataType::Null => Cell::Null,
        DataType::Boolean => Cell::Bool(array.as_boolean().value(row)),
        DataType::Int8 => Cell::Integer(array.as_primitive::<Int8Type>().value(row).into()),
        DataType::Int16 => Cell::Integer(array.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int32 => Cell::Integer(array.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int64 => Cell::Integer(array.as_primitive::<Int64Type>().value(row)),
        DataType::UInt8 => Cell::Integer(array.as_primitive::<UInt8Type>().value(row).into()),
        DataType::UInt16 => Cell::Integer(array.as_primitive::<UInt16Type>().value(row).into()),
        DataType::UInt32 => Cell::Integer(array.as_primitive::<UInt32Type>().value(row).into()),
        DataType::UInt64 => whole(array.as_primitive::<UInt64Type>().value(row)),
        DataType::Float32 => Cell::Double(array.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => Cell::Double(array.as_primitive::<Float64Type>().value(row)),
        // Sums of whole numbers arrive as decimals without a scale.
        DataType::Decimal128(_, 0) => whole(array.as_primitive::<Decimal128Type>().value(row)),
        DataType::Decimal128(..) => {
            let text = text_of(array, row);
            text.parse().map_or(Cell::Text(text), Cell::Double)
        }
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).to_owned()),
        DataType::Date32 => day(array.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp(unit, _) => timestamp(array, row, *unit),
        DataType::List(_) => Cell::Json(list(&array.as_list::<i32>().value(row))),
        DataType::LargeList(_) => Cell::Json(list(&array.as_list::<i64>().value(row))),
        DataType::FixedSizeList(..) => Cell::Json(list(&array.as_fixed_size_list().value(row))),
        DataType::Struct(fields) => {
            let members = fields.iter().zip(array.as_struct().columns());
            Cell::Json(Json::Object(members.map(|(f, member)| (f.name().clone(), json(member, row))).collect()))
        }
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            let members = (0..entries.len()).map(|entry| (text_of(keys, entry), json(values, entry)));
            Cell::Json(Json::Object(members.collect()))
        }
        // Times, intervals, enums, blobs and what DuckDB may add: shown as text rather than refused.
        _ => Cell::Text(text_of(array, row)),
    }
}

fn whole(number: impl TryInto<i64> + ToString + Copy) -> Cell {
    // What is too big for 64 bits keeps its digits as text.
    number.try_into().map_or_else(|_| Cell::Text(number.to_string()), Cell::Integer)
}

fn json(array: &ArrayRef, row: usize) -> Json {
    cell(array, row).into_json()
}

fn list(elements: &ArrayRef) -> Json {
    Json::Array((0..elements.len()).map(|element| json(elements, element)).collect())
}

fn text_of(array: &ArrayRef, row: usize) -> String {
    let options = FormatOptions::default();
    match ArrayFormatter::try_new(array.as_ref(), &options) {
        Ok(formatter) => formatter.value(row).try_to_string().unwrap_or_else(|error| error.to_string()),
        Err(error) => error.to_string(),
    }
}

fn timestamp(array: &ArrayRef, row: usize, unit: TimeUnit) -> Cell {
    let instant = match unit {
        TimeUnit::Second => Timestamp::from_second(array.as_primitive::<TimestampSecondType>().value(row)),
        TimeUnit::Millisecond => {
            Timestamp::from_millisecond(array.as_primitive::<TimestampMillisecondType>().value(row))
        }
        TimeUnit::Microsecond => {
            Timestamp::from_microsecond(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        TimeUnit::Nanosecond => {
            Timestamp::from_nanosecond(array.as_primitive::<TimestampNanosecondType>().value(row).into())
        }
    };
    instant.map_or_else(|_| Cell::Text("infinity".to_owned()), |instant| Cell::Timestamp(instant.to_string()))
}

fn day(days: i32) -> Cell {
    Date::constant(1970, 1, 1)
        .checked_add(i64::from(days).days())
        .map_or_else(|_| Cell::Text("infinity".to_owned()), |date| Cell::Date(date.to_string()))
}
