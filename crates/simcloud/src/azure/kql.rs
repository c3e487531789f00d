//! As much of the Kusto query language as an inventory sends to Resource Graph.
//!
//! A table, then any of: `where column == 'x'` (also `=~`, `!=`, `in (…)`, `in~ (…)`, joined by `and`), `project`, `order by`
//! or `sort by`, `limit` or `take`, `count`, `distinct column`, `summarize [name =] count() [by column]`. Anything else is an
//! error, as it would be for a misspelt operator.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Map, Value, json};

/// A query that is understood.
#[derive(Debug, PartialEq)]
pub(super) struct Query {
    pub(super) table: String,
    steps: Vec<Step>,
}

#[derive(Debug, PartialEq)]
enum Step {
    Where(Vec<Condition>),
    Project(Vec<String>),
    OrderById,
    Limit(usize),
    Count,
    Distinct(String),
    Summarize { name: String, by: Vec<String> },
}

#[derive(Debug, PartialEq)]
struct Condition {
    column: String,
    values: Vec<String>,
    ignore_case: bool,
    negated: bool,
}

/// What a query gives.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer<'a> {
    pub(super) rows: Vec<Cow<'a, Value>>,
    /// `limit` and `take` give up paging.
    pub(super) cut: bool,
}

/// Reads a query.
///
/// # Errors
/// The part that is not understood.
pub(super) fn parse(text: &str) -> Result<Query, String> {
    let mut parts = split(text, '|').into_iter();
    let table = parts.next().map(|part| part.trim().to_ascii_lowercase()).filter(|table| !table.is_empty());
    let table = table.ok_or_else(|| "the query is empty".to_owned())?;
    let steps = parts.map(|part| step(part.trim())).collect::<Result<_, _>>()?;
    Ok(Query { table, steps })
}

fn step(text: &str) -> Result<Step, String> {
    let (verb, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    match verb.to_ascii_lowercase().as_str() {
        "where" => conditions(rest).map(Step::Where),
        "project" => Ok(Step::Project(columns(rest))),
        "order" | "sort" => Ok(Step::OrderById),
        "limit" | "take" => rest.parse().map(Step::Limit).map_err(|_| text.to_owned()),
        "count" => Ok(Step::Count),
        "distinct" => Ok(Step::Distinct(rest.to_owned())),
        "summarize" => summarize(rest).ok_or_else(|| text.to_owned()),
        _ => Err(text.to_owned()),
    }
}

fn columns(text: &str) -> Vec<String> {
    text.split(',').map(|column| column.trim().to_owned()).filter(|column| !column.is_empty()).collect()
}

fn summarize(text: &str) -> Option<Step> {
    let (aggregate, by) = text.split_once(" by ").unwrap_or((text, ""));
    let (name, function) =
        aggregate.split_once('=').map_or(("count_", aggregate), |(name, function)| (name.trim(), function));
    (function.trim() == "count()").then(|| Step::Summarize { name: name.to_owned(), by: columns(by) })
}

fn conditions(text: &str) -> Result<Vec<Condition>, String> {
    text.split(" and ").map(|part| condition(part.trim()).ok_or_else(|| part.to_owned())).collect()
}

fn condition(text: &str) -> Option<Condition> {
    let operators = [
        (" in~ ", true, false),
        (" in ", false, false),
        ("=~", true, false),
        ("==", false, false),
        ("!~", true, true),
        ("!=", false, true),
    ];
    let (operator, ignore_case, negated) = *operators.iter().find(|(operator, ..)| text.contains(operator))?;
    let (column, value) = text.split_once(operator)?;
    let mut values = Vec::new();
    for quoted in value.trim().trim_start_matches('(').trim_end_matches(')').split(',') {
        let quoted = quoted.trim();
        let quote = quoted.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        values.push(quoted.strip_prefix(quote)?.strip_suffix(quote)?.to_owned());
    }
    Some(Condition { column: column.trim().to_owned(), values, ignore_case, negated })
}

/// Splits at `separator` outside quotes.
fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    for character in text.chars() {
        match quote {
            None if character == separator => {
                parts.push(String::new());
                continue;
            }
            None if matches!(character, '\'' | '"') => quote = Some(character),
            Some(open) if open == character => quote = None,
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

impl Query {
    /// Applies the query to the rows of its table.
    pub(super) fn run<'a>(&self, rows: impl Iterator<Item = &'a Value>) -> Answer<'a> {
        let mut rows: Vec<Cow<'a, Value>> = rows.map(Cow::Borrowed).collect();
        let mut cut = false;
        for step in &self.steps {
            match step {
                Step::Where(conditions) => rows.retain(|row| conditions.iter().all(|condition| condition.holds(row))),
                Step::Project(columns) => {
                    rows = rows.iter().map(|row| Cow::Owned(Value::Object(project(row, columns)))).collect();
                }
                // The tables are kept in the order of their ids.
                Step::OrderById => {}
                Step::Limit(limit) => {
                    cut = true;
                    rows.truncate(*limit);
                }
                Step::Count => rows = vec![Cow::Owned(json!({"Count": rows.len()}))],
                Step::Distinct(column) => {
                    let distinct: BTreeMap<String, Value> =
                        rows.iter().map(|row| (text(row, column), row[column].clone())).collect();
                    rows = distinct.into_values().map(|value| Cow::Owned(json!({column: value}))).collect();
                }
                Step::Summarize { name, by } => rows = count_by(&rows, name, by),
            }
        }
        Answer { rows, cut }
    }
}

impl Condition {
    fn holds(&self, row: &Value) -> bool {
        let found = text(row, &self.column);
        let equal = self
            .values
            .iter()
            .any(|value| if self.ignore_case { value.eq_ignore_ascii_case(&found) } else { *value == found });
        equal != self.negated
    }
}

fn text(row: &Value, column: &str) -> String {
    let value = column.split('.').try_fold(row, |value, part| value.get(part));
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn project(row: &Value, columns: &[String]) -> Map<String, Value> {
    let column = |name: &String| (name.clone(), row.get(name).cloned().unwrap_or_default());
    columns.iter().map(column).collect()
}

fn count_by<'a>(rows: &[Cow<'_, Value>], name: &str, by: &[String]) -> Vec<Cow<'a, Value>> {
    let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(by.iter().map(|column| text(row, column)).collect()).or_default() += 1;
    }
    if by.is_empty() {
        counts.entry(Vec::new()).or_default();
    }
    counts
        .into_iter()
        .map(|(values, count)| {
            let mut row: Map<String, Value> = by.iter().cloned().zip(values.into_iter().map(Value::String)).collect();
            row.insert(name.to_owned(), json!(count));
            Cow::Owned(Value::Object(row))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> &'static [Value] {
        static ROWS: std::sync::LazyLock<Vec<Value>> = std::sync::LazyLock::new(some_rows);
        &ROWS
    }

    fn some_rows() -> Vec<Value> {
        vec![
            json!({"id": "1", "type": "microsoft.web/sites", "subscriptionId": "a"}),
            json!({"id": "2", "type": "microsoft.web/sites", "subscriptionId": "b"}),
            json!({"id": "3", "type": "microsoft.sql/servers", "subscriptionId": "a"}),
        ]
    }

    fn ask(text: &str) -> Answer<'static> {
        parse(text).expect("the query is understood").run(rows().iter())
    }

    #[test]
    fn rows_are_chosen_without_regard_to_case() {
        let answer = ask("Resources | where type =~ 'Microsoft.Web/Sites' and subscriptionId == 'a' | order by id asc");
        assert_eq!(answer.rows.len(), 1);
        assert_eq!(ask("resources | where type in~ ('MICROSOFT.WEB/SITES', 'microsoft.sql/servers')").rows.len(), 3);
        assert_eq!(ask("resources | where type != 'microsoft.web/sites'").rows.len(), 1);
    }

    fn owned(answer: Answer<'_>) -> Vec<Value> {
        answer.rows.into_iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(
            owned(ask("resources | summarize n=count() by subscriptionId")),
            [json!({"subscriptionId": "a", "n": 2}), json!({"subscriptionId": "b", "n": 1})]
        );
        assert_eq!(owned(ask("resources | summarize count()")), [json!({"count_": 3})]);
        assert_eq!(owned(ask("resources | count")), [json!({"Count": 3})]);
        assert_eq!(ask("resources | distinct type").rows.len(), 2);
    }

    #[test]
    fn a_limit_gives_up_paging_and_an_unknown_operator_is_an_error() {
        assert!(ask("resources | take 1").cut);
        assert_eq!(parse("resources | mv-expand x").expect_err("not understood"), "mv-expand x");
        assert!(parse("resources | where type startswith 'x'").is_err());
    }
}
