//! Given rows for checks and queries: how a file of cases writes them, and a database that holds them.

use std::{collections::BTreeMap, fs, path::PathBuf};

use duckdb::{Connection, params};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{ACCOUNT, Workspace};

/// What one file gives, and what it expects of that.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases<E> {
    #[serde(default)]
    resources: Vec<Resource>,
    #[serde(default)]
    gaps: Vec<Gap>,
    #[serde(default)]
    rows: Vec<TableRow>,
    pub expect: E,
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
    config: Option<String>,
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

/// What a resource is of where its case does not say it.
pub struct Usual<'a> {
    pub provider: &'a str,
    pub resource_type: &'a str,
}

impl<E: DeserializeOwned> Cases<E> {
    /// The cases of `tests/<kind>/<folder>/<name>.toml`.
    pub fn read(kind: &str, folder: &str, name: &str) -> Self {
        let path = folder_of(kind).join(folder).join(format!("{name}.toml"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// Where the cases of a kind are.
pub fn folder_of(kind: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../tests", kind].iter().collect()
}

/// Every file of cases of a kind: its folder and its name without the ending.
pub fn files_of(kind: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in fs::read_dir(folder_of(kind)).expect("it is there") {
        let folder = folder.expect("it is there").path();
        for file in fs::read_dir(&folder).expect("it is a folder") {
            let file = file.expect("it is there").path();
            let text = |part: Option<&std::ffi::OsStr>| part.expect("it has a name").to_string_lossy().into_owned();
            files.push((text(folder.file_name()), text(file.file_stem())));
        }
    }
    files
}

/// A column of a table: its name, its type, and whether it may be NULL.
type Column = (String, String, bool);

/// A database of the present schema.
pub struct Given {
    pub connection: Connection,
    /// By the name of the table with its schema. DuckDB looks through all of them for every question about one.
    columns: BTreeMap<String, Vec<Column>>,
    _workspace: Workspace,
}

impl Given {
    pub fn empty() -> Self {
        let workspace = Workspace::new();
        workspace.open().publish().expect("it publishes");
        let connection = Connection::open(workspace.database()).expect("it opens");
        let columns = columns_of(&connection);
        Self { connection, columns, _workspace: workspace }
    }

    /// Inserts what is given, asks, and takes it back.
    pub fn with<E, T>(&self, cases: &Cases<E>, usual: &Usual<'_>, ask: impl FnOnce(&Connection) -> T) -> T {
        self.connection.execute_batch("BEGIN TRANSACTION").expect("it begins");
        self.insert_all(cases, usual);
        let answer = ask(&self.connection);
        self.connection.execute_batch("ROLLBACK").expect("it ends");
        answer
    }

    /// The first run is there without being given.
    fn insert_all<E>(&self, cases: &Cases<E>, usual: &Usual<'_>) {
        self.insert(
            "inventory.runs",
            object(json!({"run_id": 1, "status": "complete", "finished_at": "2026-06-30 01:00:00"})),
        );
        for resource in &cases.resources {
            let json_of = |text: &Option<String>| -> Value {
                serde_json::from_str(text.as_deref().unwrap_or("{}"))
                    .unwrap_or_else(|e| panic!("{}: {e}", resource.key))
            };
            self.insert(
                "inventory.resource_history",
                object(json!({
                    "resource_key": resource.key,
                    "provider": resource.provider.as_deref().unwrap_or(usual.provider),
                    "scope_id": resource.scope.as_deref().unwrap_or(ACCOUNT),
                    "region": resource.region.as_deref().unwrap_or("global"),
                    "type": resource.type_name.as_deref().unwrap_or(usual.resource_type),
                    "name": resource.name,
                    "tags": json_of(&resource.tags),
                    "config": json_of(&resource.config),
                    "unread": resource.unread,
                    "created_at": resource.created_at,
                    "last_seen_at": "2026-06-30 01:00:00",
                })),
            );
        }
        for gap in &cases.gaps {
            self.insert(
                "inventory.coverage",
                object(json!({
                    "run_id": 1,
                    "provider": gap.provider.as_deref().unwrap_or(usual.provider),
                    "scope_id": gap.scope.as_deref().unwrap_or(ACCOUNT),
                    "region": gap.region.as_deref().unwrap_or("*"),
                    "type": gap.type_name,
                    "status": gap.status.as_deref().unwrap_or("denied"),
                    "error_code": "AccessDenied",
                })),
            );
        }
        for row in &cases.rows {
            self.insert(&row.table, row.values.clone());
        }
    }

    /// Inserts a row; columns that can't be null and are not given get a neutral value.
    fn insert(&self, table: &str, given: Map<String, Value>) {
        let columns = self.columns.get(table).unwrap_or_else(|| panic!("there is no table {table}"));
        let mut row = Map::new();
        let mut structure = Map::new();
        for (name, type_name, is_nullable) in columns {
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
}

fn columns_of(connection: &Connection) -> BTreeMap<String, Vec<Column>> {
    let mut statement = connection
        .prepare(
            "SELECT schema_name || '.' || table_name, column_name, data_type, is_nullable FROM duckdb_columns()
            WHERE NOT internal ORDER BY schema_name, table_name, column_index",
        )
        .expect("it is SQL");
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))))
        .expect("it runs");
    let mut columns: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for row in rows {
        let (table, column) = row.expect("rows are read");
        columns.entry(table).or_default().push(column);
    }
    columns
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
