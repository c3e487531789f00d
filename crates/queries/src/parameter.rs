//! Values for the parameters of a query, typed before the database sees them.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

/// What a value of a parameter has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterType {
    /// Any text.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A number.
    Double,
    /// `true` or `false`.
    Boolean,
    /// `2026-12-31`.
    Date,
    /// `2026-12-31T23:59:59Z`.
    Timestamp,
}

impl ParameterType {
    /// Reads a value as a person wrote it.
    ///
    /// # Errors
    /// The reason, in words, where the text is no value of this type.
    pub fn parse(self, text: &str) -> Result<Value, String> {
        match self {
            Self::Text => Ok(Value::Text(text.to_owned())),
            Self::Integer => text.parse().map(Value::Integer).map_err(|error| error.to_string()),
            Self::Double => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Value::Double(number)),
                Ok(_) => Err("it is not finite".to_owned()),
                Err(error) => Err(error.to_string()),
            },
            Self::Boolean => text.parse().map(Value::Boolean).map_err(|_| "use true or false".to_owned()),
            Self::Date => text.parse().map(Value::Date).map_err(|error| error.to_string()),
            Self::Timestamp => text.parse().map(Value::Timestamp).map_err(|error| error.to_string()),
        }
    }

    /// The word of the front matter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Double => "double",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
        }
    }
}

impl fmt::Display for ParameterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Any text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Double(f64),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// An instant; the database holds it in UTC.
    Timestamp(Timestamp),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            Self::Integer(number) => number.fmt(f),
            Self::Double(number) => number.fmt(f),
            Self::Boolean(truth) => truth.fmt(f),
            Self::Date(day) => day.fmt(f),
            Self::Timestamp(instant) => instant.fmt(f),
        }
    }
}

/// A parameter with its value: what a runner sets as a session variable before it runs the SQL.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// The parameter.
    pub name: String,
    /// Its value.
    pub value: Value,
}

impl Binding {
    /// A text for a parameter.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: Value::Text(value.into()) }
    }
}

/// Why values can't be given to a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// The query has no such parameter.
    #[error("`{query}` has no parameter `{name}`{}", hint(.suggestion.as_deref(), .known))]
    Unknown {
        /// The query.
        query: String,
        /// The name as given.
        name: String,
        /// The parameter that may have been meant.
        suggestion: Option<String>,
        /// Every parameter of the query.
        known: Vec<String>,
    },
    /// The value is of another type.
    #[error("`{name}` of `{query}` has to be {expected}, and `{given}` is none: {reason}")]
    BadValue {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
        /// Its type.
        expected: ParameterType,
        /// The value as given.
        given: String,
        /// Why it can't be read.
        reason: String,
    },
    /// A parameter twice.
    #[error("`{name}` of `{query}` is given twice")]
    Duplicate {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
    },
}

fn hint(suggestion: Option<&str>, known: &[String]) -> String {
    match (suggestion, known) {
        (Some(name), _) => format!("; did you mean `{name}`?"),
        (None, []) => "; it takes none".to_owned(),
        (None, known) => format!("; it takes {}", known.join(", ")),
    }
}

/// The candidates that look like `given`, in whatever case, nearest first; three at most.
pub fn near_misses<'a>(given: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<String> {
    let given = given.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .map(|candidate| {
            let name = candidate.to_lowercase();
            let contained = given.len() > 3 && name.contains(&given);
            let score = if contained { 0.95 } else { strsim::jaro_winkler(&given, &name) };
            (score, candidate)
        })
        .filter(|(score, _)| *score > 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed() {
        assert_eq!(ParameterType::Integer.parse("12"), Ok(Value::Integer(12)));
        assert_eq!(ParameterType::Boolean.parse("true"), Ok(Value::Boolean(true)));
        assert_eq!(ParameterType::Date.parse("2026-02-28"), Ok(Value::Date(jiff::civil::date(2026, 2, 28))));
        for (parameter_type, text) in [
            (ParameterType::Integer, "1.5"),
            (ParameterType::Double, "NaN"),
            (ParameterType::Boolean, "yes"),
            (ParameterType::Date, "2026-02-30"),
            (ParameterType::Timestamp, "yesterday"),
        ] {
            assert!(parameter_type.parse(text).is_err(), "{parameter_type} {text}");
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_suggested_and_nonsense_is_not() {
        let names = ["controls-repeat-per-provider", "third-parties", "scopes"];
        assert_eq!(near_misses("third-party", names.into_iter()), ["third-parties"]);
        assert_eq!(near_misses("repeat", names.into_iter()), ["controls-repeat-per-provider"]);
        assert!(near_misses("zzz", names.into_iter()).is_empty());
        assert_eq!(near_misses("dp-1", ["DP-01", "NW-05"].into_iter()), ["DP-01"]);
    }
}
