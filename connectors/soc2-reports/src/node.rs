//! One tree for three formats: values with the line they stand on.
//!
//! serde would stop at the first unknown key or wrong type. A tree lets the reader go on and report everything, with
//! lines, in the same words for TOML, YAML and JSON.

use std::fmt;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::problem::{Cause, Problem};

/// A value and its line.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub line: usize,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    /// A date or time that the format knows as such, as written.
    Time(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub key: String,
    pub line: usize,
    pub node: Node,
}

impl Value {
    /// The type and the value in the words of a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Null => "nothing".to_owned(),
            Self::Bool(value) => format!("`{value}`"),
            Self::Number(text) => format!("the number `{text}`"),
            Self::Text(text) => format!("the text `{text}`"),
            Self::Time(text) => format!("the date or time `{text}`"),
            Self::List(_) => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        }
    }
}

/// Parses a file by the format that its name says.
pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Node, Vec<Problem>> {
    let whole = |cause| vec![Problem { line: None, key: String::new(), cause }];
    let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| whole(Cause::NotUtf8));
    match extension.as_deref() {
        Some("toml") => parse_toml(text(bytes)?),
        Some("yaml" | "yml") => parse_yaml("YAML", text(bytes)?),
        Some("json") => {
            let text = text(bytes)?;
            // Strict first; the lines then come from the YAML reader, which every JSON text is valid for.
            serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| {
                vec![Problem {
                    line: Some(error.line()),
                    key: String::new(),
                    cause: Cause::Syntax { format: "JSON", message: error.to_string() },
                }]
            })?;
            parse_yaml("JSON", text)
        }
        Some(other) => Err(whole(Cause::UnknownFormat { extension: format!(".{other}") })),
        None => Err(whole(Cause::UnknownFormat { extension: "a file without extension".to_owned() })),
    }
}

fn parse_yaml(format: &'static str, text: &str) -> Result<Node, Vec<Problem>> {
    serde_saphyr::from_str::<Located>(text).map(|located| located.0).map_err(|error| {
        let line = error.location().and_then(|at| usize::try_from(at.line()).ok()).filter(|line| *line > 0);
        let message = first_line(&error.without_snippet().to_string());
        vec![Problem { line, key: String::new(), cause: Cause::Syntax { format, message } }]
    })
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn parse_toml(text: &str) -> Result<Node, Vec<Problem>> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1)).collect();
    let line_of = |offset: usize| starts.partition_point(|start| *start <= offset);
    let (table, errors) = toml::de::DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors
            .iter()
            .map(|error| Problem {
                line: error.span().map(|span| line_of(span.start)),
                key: String::new(),
                cause: Cause::Syntax { format: "TOML", message: first_line(error.message()) },
            })
            .collect());
    }
    Ok(Node { line: 1, value: toml_table(table.get_ref(), &line_of) })
}

fn toml_table(table: &toml::de::DeTable<'_>, line_of: &dyn Fn(usize) -> usize) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            line: line_of(key.span().start),
            node: toml_node(value, line_of),
        })
        .collect();
    entries.sort_by_key(|entry| entry.line);
    Value::Table(entries)
}

fn toml_node(value: &toml::Spanned<toml::de::DeValue<'_>>, line_of: &dyn Fn(usize) -> usize) -> Node {
    use toml::de::DeValue;
    let line = line_of(value.span().start);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(time) => Value::Time(time.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| toml_node(item, line_of)).collect()),
        DeValue::Table(table) => toml_table(table, line_of),
    };
    Node { line, value }
}

/// A node as the YAML reader gives it.
struct Located(Node);

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_saphyr::Spanned::<Any>::deserialize(deserializer)?;
        let line = usize::try_from(spanned.referenced.line()).unwrap_or(1);
        Ok(Self(Node { line, value: spanned.value.0 }))
    }
}

struct Any(Value);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor).map(Self)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Located(node)) = items.next_element()? {
            list.push(node);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<serde_saphyr::Spanned<String>>()? {
            let line = usize::try_from(key.referenced.line()).unwrap_or(1);
            let Located(node) = map.next_value()?;
            entries.push(Entry { key: key.value, line, node });
        }
        Ok(Value::Table(entries))
    }
}
