//! Every packaged check says of given rows what its cases expect: `tests/evidence/<control>/<check>.toml`.

mod common;

use std::{collections::BTreeMap, fs, path::PathBuf};

use carveout_queries::{Catalogue, CheckOf, Query};
use common::Workspace;
use duckdb::{Connection, params};
use serde::Deserialize;
use serde_json::{Map, Value, json};

const ACCOUNT: &str = "111122223333";

/// The cases of one check.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    #[serde(default)]
    resources: Vec<Resource>,
    #[serde(default)]
    gaps: Vec<Gap>,
    #[serde(default)]
    rows: Vec<TableRow>,
    /// What the check says of each, and of nothing else.
    expect: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resource {
    key: String,
    #[serde(rename = "type")]
    type_name: Option<String>,
    provider: Option<String>,
    scope: Option<String>,
    region: Option<String>,
    name: Option<String>,
    tags: Option<String>,
    config: String,
    #[serde(default)]
    unread: Vec<String>,
    created_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gap {
    #[serde(rename = "type")]
    type_name: String,
    provider: Option<String>,
    scope: Option<String>,
    region: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableRow {
    table: String,
    values: Map<String, Value>,
}

/// An empty database of the present schema.
struct Given {
    connection: Connection,
    _workspace: Workspace,
}

impl Given {
    fn empty() -> Self {
        let workspace = Workspace::new();
        workspace.open().publish().expect("it publishes");
        let connection = Connection::open(workspace.database()).expect("it opens");
        Self { connection, _workspace: workspace }
    }

    /// Inserts a row; columns that can't be null and are not given get a neutral value.
    fn insert(&self, table: &str, given: Map<String, Value>) {
        let columns = self.columns(table);
        assert!(!columns.is_empty(), "there is no table {table}");
        let mut row = Map::new();
        let mut structure = Map::new();
        for (name, type_name, is_nullable) in &columns {
            let value = match (given.get(name), is_nullable) {
                // Cases write JSON columns as text.
                (Some(Value::String(text)), _) if type_name == "JSON" => {
                    serde_json::from_str(text).unwrap_or_else(|error| panic!("{table}.{name}: {error}"))
                }
                (Some(value), _) => value.clone(),
                (None, true) => continue,
                (None, false) => neutral(type_name),
            };
            row.insert(name.clone(), value);
            let shape = type_name.strip_suffix("[]").map_or_else(|| json!(type_name), |element| json!([element]));
            structure.insert(name.clone(), shape);
        }
        let unknown: Vec<&String> = given.keys().filter(|key| !row.contains_key(*key)).collect();
        assert!(unknown.is_empty(), "{table} has no {unknown:?}");
        let sql = format!("INSERT INTO {table} BY NAME SELECT unnest(from_json(?, ?))");
        let (row, structure) = (Value::Object(row).to_string(), Value::Object(structure).to_string());
        self.connection.execute(&sql, params![row, structure]).unwrap_or_else(|error| panic!("{table}: {error}"));
    }

    fn columns(&self, table: &str) -> Vec<(String, String, bool)> {
        let (schema_name, table_name) = table.split_once('.').expect("tables have a schema");
        let mut statement = self
            .connection
            .prepare(
                "SELECT column_name, data_type, is_nullable FROM duckdb_columns()
                WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
            )
            .expect("it is SQL");
        let rows = statement
            .query_map([schema_name, table_name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .expect("it runs");
        rows.collect::<Result<_, _>>().expect("rows are read")
    }
}

fn neutral(type_name: &str) -> Value {
    match type_name {
        "JSON" => json!({}),
        "BIGINT" | "INTEGER" | "DOUBLE" => json!(1),
        "BOOLEAN" => json!(false),
        "DATE" => json!("2026-01-01"),
        "TIMESTAMP" => json!("2026-01-01 00:00:00"),
        list if list.ends_with("[]") => json!([]),
        _ => json!(""),
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().expect("it is an object").clone()
}

fn cases_of(control_id: &str, name: &str) -> Cases {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "../../tests/evidence", control_id, &format!("{name}.toml")].iter().collect();
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a check says of its cases.
fn ask(given: &Given, check: &CheckOf, query: &Query, cases: &Cases) -> BTreeMap<String, String> {
    let provider = if check.provider.as_str() == "any" { "aws" } else { check.provider.as_str() };
    given.insert(
        "inventory.runs",
        object(json!({"run_id": 1, "status": "complete", "finished_at": "2026-06-30 01:00:00"})),
    );
    for resource in &cases.resources {
        let config: Value = serde_json::from_str(&resource.config).expect("config is JSON");
        let tags: Value = serde_json::from_str(resource.tags.as_deref().unwrap_or("{}")).expect("tags are JSON");
        given.insert(
            "inventory.resource_history",
            object(json!({
                "resource_key": resource.key,
                "provider": resource.provider.as_deref().unwrap_or(provider),
                "scope_id": resource.scope.as_deref().unwrap_or(ACCOUNT),
                "region": resource.region.as_deref().unwrap_or("global"),
                "type": resource.type_name.as_deref().unwrap_or(&check.resource_type),
                "name": resource.name,
                "tags": tags,
                "config": config,
                "unread": resource.unread,
                "created_at": resource.created_at,
                "last_seen_at": "2026-06-30 01:00:00",
            })),
        );
    }
    for gap in &cases.gaps {
        given.insert(
            "inventory.coverage",
            object(json!({
                "run_id": 1,
                "provider": gap.provider.as_deref().unwrap_or(provider),
                "scope_id": gap.scope.as_deref().unwrap_or(ACCOUNT),
                "region": gap.region.as_deref().unwrap_or("*"),
                "type": gap.type_name,
                "status": gap.status.as_deref().unwrap_or("denied"),
                "error_code": "AccessDenied",
            })),
        );
    }
    for row in &cases.rows {
        given.insert(&row.table, row.values.clone());
    }
    let mut statement = given.connection.prepare(&query.sql).unwrap_or_else(|error| panic!("{}: {error}", query.name));
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)))
        .unwrap_or_else(|error| panic!("{}: {error}", query.name));
    let mut said = BTreeMap::new();
    for row in rows {
        let (key, status, reason) = row.unwrap_or_else(|error| panic!("{}: {error}", query.name));
        assert!(!reason.trim().is_empty(), "{} gives no reason for {key}", query.name);
        assert!(said.insert(key.clone(), status).is_none(), "{} says of {key} twice", query.name);
    }
    said
}

#[test]
fn every_check_says_of_its_cases_what_they_expect() {
    let catalogue = Catalogue::embedded().expect("they are whole");
    let given = Given::empty();
    let mut wrong = Vec::new();
    for (check, query) in catalogue.checks() {
        let cases = cases_of(&check.control_id, &query.name);
        given.connection.execute_batch("BEGIN TRANSACTION").expect("it begins");
        let said = ask(&given, check, query, &cases);
        given.connection.execute_batch("ROLLBACK").expect("it ends");
        for needed in ["pass", "fail"] {
            assert!(said.values().any(|status| status == needed), "{} has no case that is a {needed}", query.name);
        }
        if said != cases.expect {
            wrong.push(format!("{}: says {said:?}, expected {:?}", query.name, cases.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_cases_belongs_to_a_check() {
    let catalogue = Catalogue::embedded().expect("they are whole");
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../tests/evidence"].iter().collect();
    for control in fs::read_dir(folder).expect("it is there") {
        for file in fs::read_dir(control.expect("it is there").path()).expect("it is a folder of a control") {
            let path = file.expect("it is there").path();
            let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            assert!(catalogue.find(&name).is_ok_and(|query| query.check.is_some()), "{}", path.display());
        }
    }
}
