//! Every packaged query answers of given rows exactly what its cases expect: `tests/queries/<folder>/<query>.toml`.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use carveout_queries::{Catalogue, ParameterType, Query};
use common::given::{self, Cases, Given, Usual};
use duckdb::Connection;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Where the cases are.
const KIND: &str = "queries";

/// What a resource is of where its case does not say it.
const USUAL: Usual<'static> = Usual { provider: "aws", resource_type: common::BUCKET };

/// What a query answers with some parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    parameters: BTreeMap<String, toml::Value>,
    /// A table: one line of column names and one for each row, in order; cells are parted by `|`, NULL is absent.
    rows: String,
}

impl Expected {
    fn table(&self) -> Vec<Vec<&str>> {
        self.rows.trim().lines().map(|line| line.split('|').map(str::trim).collect()).collect()
    }

    /// The parameters as a person would type them.
    fn typed(&self) -> Vec<(&str, String)> {
        let text = |value: &toml::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.parameters.iter().map(|(name, value)| (name.as_str(), text(value))).collect()
    }
}

/// The questions of the catalogue; checks have cases of their own.
fn questions(catalogue: &Catalogue) -> impl Iterator<Item = &Query> {
    catalogue.iter().filter(|query| query.check.is_none())
}

/// Answers with the names of the columns first, as texts. The types are asserted to be such that other engines hold them
/// without loss.
fn answer(connection: &Connection, query: &Query, parameters: &[(&str, String)]) -> Vec<Vec<String>> {
    let name = &query.name;
    query
        .bind(parameters.iter().map(|(name, text)| (*name, text.as_str())))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    for (parameter, text) in parameters {
        let declared = query.parameters.iter().find(|each| each.name == *parameter).expect("it was bound");
        let sql = format!("SET VARIABLE \"{parameter}\" = CAST(? AS {})", sql_type(declared.parameter_type));
        connection.execute(&sql, [text]).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let made = connection.execute_batch(&format!("CREATE OR REPLACE TEMP TABLE answer AS {}", query.sql));
    for (parameter, _) in parameters {
        connection.execute_batch(&format!("RESET VARIABLE \"{parameter}\"")).expect("it was set");
    }
    made.unwrap_or_else(|error| panic!("{name}: {error}"));
    let columns = texts(connection, "SELECT column_name FROM (DESCRIBE answer)");
    for type_name in texts(connection, "SELECT column_type FROM (DESCRIBE answer)") {
        assert!(type_name != "HUGEINT" && !type_name.starts_with("DECIMAL"), "{name} answers a {type_name}");
    }
    let rows = texts(connection, "SELECT CAST(to_json(answer) AS VARCHAR) FROM answer ORDER BY rowid");
    let rows = rows.iter().map(|row| {
        let row: Map<String, Value> = serde_json::from_str(row).expect("it is an object");
        columns.iter().map(|column| cell(&row[column])).collect()
    });
    std::iter::once(columns.clone()).chain(rows).collect()
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect("it is SQL");
    let rows = statement.query_map([], |row| row.get(0)).expect("it runs");
    rows.collect::<Result<_, _>>().expect("rows are read")
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

const fn sql_type(parameter_type: ParameterType) -> &'static str {
    match parameter_type {
        ParameterType::Text => "VARCHAR",
        ParameterType::Integer => "BIGINT",
        ParameterType::Double => "DOUBLE",
        ParameterType::Boolean => "BOOLEAN",
        ParameterType::Date => "DATE",
        ParameterType::Timestamp => "TIMESTAMP",
    }
}

fn shown(table: &[Vec<impl AsRef<str>>]) -> String {
    let line = |row: &Vec<_>| row.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(" | ");
    table.iter().map(line).collect::<Vec<_>>().join("\n  ")
}

#[test]
fn every_query_answers_of_its_cases_what_they_expect() {
    let catalogue = Catalogue::embedded().expect("they are whole");
    let given = Given::empty();
    let mut wrong = Vec::new();
    for query in questions(&catalogue) {
        let cases: Cases<Vec<Expected>> = Cases::read(KIND, &query.category, &query.name);
        let described: Vec<&str> = query.columns.iter().map(|column| column.name.as_str()).collect();
        let answers = given.with(&cases, &USUAL, |connection| {
            cases.expect.iter().map(|each| answer(connection, query, &each.typed())).collect::<Vec<_>>()
        });
        for (expected, answer) in cases.expect.iter().zip(answers) {
            assert_eq!(answer[0], described, "{} describes other columns than it has", query.name);
            if answer != expected.table() {
                wrong.push(format!(
                    "{} with {:?} answers\n  {}\nexpected\n  {}",
                    query.name,
                    expected.parameters,
                    shown(&answer),
                    shown(&expected.table())
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_query_has_a_case_with_rows_and_one_for_each_parameter() {
    let catalogue = Catalogue::embedded().expect("they are whole");
    for query in questions(&catalogue) {
        let cases: Cases<Vec<Expected>> = Cases::read(KIND, &query.category, &query.name);
        assert!(cases.expect.iter().any(|each| each.table().len() > 1), "no case of {} expects rows", query.name);
        let set: BTreeSet<&String> = cases.expect.iter().flat_map(|each| each.parameters.keys()).collect();
        let declared: BTreeSet<&String> = query.parameters.iter().map(|parameter| &parameter.name).collect();
        assert_eq!(set, declared, "parameters that the cases of {} set", query.name);
    }
}

#[test]
fn every_file_of_cases_belongs_to_a_query() {
    let catalogue = Catalogue::embedded().expect("they are whole");
    for (folder, name) in given::files_of(KIND) {
        let query = catalogue.find(&name).unwrap_or_else(|error| panic!("{folder}/{name}: {error}"));
        assert_eq!(query.category, folder, "{name}");
    }
}
