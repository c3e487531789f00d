//! Typed columns of resource types, as catalogues declare them.

use serde::Deserialize;

use crate::JsonPath;

/// A typed column of a type's view.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypedColumn {
    /// Its name.
    pub name: String,
    /// Where its value stands in `config`.
    pub path: JsonPath,
    /// What it is cast to.
    #[serde(rename = "type", default)]
    pub column_type: ColumnType,
    /// What it says.
    pub description: String,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text.
    #[default]
    Text,
    /// A whole number.
    Integer,
    /// Any other number.
    Float,
    /// Yes or no.
    Boolean,
    /// A moment in UTC.
    Timestamp,
    /// An object or a list.
    Json,
}
