//! `docs/reference` says what the packaged queries, the checks and the schema say; `cargo xtask docs` writes it anew.

mod common;

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use carveout_queries::{Catalogue, CheckOf, Query, Value};
use common::Workspace;
use serde::Deserialize;

/// Set by `cargo xtask docs`.
const WRITES: &str = "CARVEOUT_WRITE_DOCS";

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Compares a page with what it should be, or writes it.
fn is_up_to_date(page: &str, text: &str) {
    let path = in_repository("docs/reference").join(page);
    if env::var_os(WRITES).is_some() {
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let found = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let differs = found.lines().zip(text.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or_else(|| found.lines().count().min(text.lines().count())) + 1;
    assert!(found == text, "docs/reference/{page} is stale from line {line} on: run `cargo xtask docs`");
}

/// A row of a Markdown table.
fn row(page: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

/// The head of a Markdown table.
fn head(page: &mut String, titles: &[&str]) {
    row(page, titles);
    row(page, &vec!["---"; titles.len()]);
}

fn default_of(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Text(text)) if text.is_empty() => "all".to_owned(),
        Some(value) => format!("`{value}`"),
    }
}

fn query_section(page: &mut String, query: &Query) {
    let _ = writeln!(page, "\n### {}\n\n**{}**\n\n{}", query.name, query.title, query.description);
    if !query.parameters.is_empty() {
        let _ = writeln!(page);
        head(page, &["parameter", "type", "default", "what it does"]);
        for parameter in &query.parameters {
            let name = format!("`{}`", parameter.name);
            let default = default_of(parameter.default.as_ref());
            row(page, &[&name, parameter.parameter_type.as_str(), &default, &parameter.description]);
        }
    }
    let _ = writeln!(page);
    head(page, &["column", "what it means"]);
    for column in &query.columns {
        row(page, &[&format!("`{}`", column.name), &column.description]);
    }
    let tables: Vec<String> = query.tables.iter().map(|table| format!("`{table}`")).collect();
    let _ = writeln!(page, "\nReads {}.", tables.join(", "));
}

fn queries_page(catalogue: &Catalogue) -> String {
    let mut folders: BTreeMap<&str, Vec<&Query>> = BTreeMap::new();
    for query in catalogue.iter().filter(|query| query.check.is_none()) {
        folders.entry(&query.category).or_default().push(query);
    }
    let mut page = "# Packaged queries\n\n\
        Written by `cargo xtask docs` from the files under `queries/`. Each is one `.sql` file that runs unchanged in the \
        DuckDB command line.\n\n\
        ```sh\ncarveout query list\ncarveout query show third-parties\n\
        carveout query run controls-repeat-per-provider -p party=aws --format csv\n```\n\n\
        In the DuckDB command line, `SET VARIABLE party = 'aws';` sets a parameter. The checks, which are queries too, are \
        in [checks.md](checks.md), and the tables in [schema.md](schema.md).\n"
        .to_owned();
    for (folder, queries) in &folders {
        let _ = writeln!(page, "\n## {folder}\n");
        for query in queries {
            let _ = writeln!(page, "- [{}](#{}): {}", query.name, query.name, query.title);
        }
        for query in queries {
            query_section(&mut page, query);
        }
    }
    page
}

/// The control list, as far as the page of checks needs it.
#[derive(Deserialize)]
struct ControlList {
    controls: Vec<ControlEntry>,
}

#[derive(Deserialize)]
struct ControlEntry {
    id: String,
    title: String,
}

fn checks_page(catalogue: &Catalogue) -> String {
    let list = fs::read_to_string(in_repository("crates/scoping/data/controls.toml")).expect("it is there");
    let list: ControlList = toml::from_str(&list).expect("it is the control list");
    let mut page = "# Checks\n\n\
        Written by `cargo xtask docs` from the files under `queries/evidence/`. A check says of each resource of its \
        population whether it passes, fails, is unknown or not applicable, and why; `carveout query show NAME` prints its \
        SQL, `carveout query run check-results -p check=NAME` what it found. Controls without a check are for people to \
        show.\n"
        .to_owned();
    let checks: Vec<(&CheckOf, &Query)> = catalogue.checks().collect();
    for control in &list.controls {
        let of_control: Vec<_> = checks.iter().filter(|(check, _)| check.control_ids.contains(&control.id)).collect();
        let _ = writeln!(page, "\n## {} {}\n", control.id, control.title);
        if of_control.is_empty() {
            let _ = writeln!(page, "No check.");
            continue;
        }
        head(&mut page, &["check", "where", "looks at", "criteria", "what holds when it passes"]);
        for (check, query) in of_control {
            let (name, looks_at) = (format!("`{}`", query.name), format!("`{}`", check.resource_type));
            let criteria = check.criterion_ids.join(", ");
            row(&mut page, &[&name, check.provider.as_str(), &looks_at, &criteria, &query.title]);
        }
    }
    page
}

fn schema_page() -> String {
    let workspace = Workspace::new();
    workspace.open().publish().expect("it publishes");
    let mut page = "# Tables and views\n\n\
        Written by `cargo xtask docs` from the comments in the database; `carveout schema` prints the same of a database \
        at hand, with the views of resource types (`aws.s3_bucket`) beside it. Instants are UTC.\n"
        .to_owned();
    let mut schema_name = String::new();
    for table in workspace.reader().schema().expect("it is read") {
        if table.schema != schema_name {
            schema_name.clone_from(&table.schema);
            let _ = writeln!(page, "\n## {schema_name}");
        }
        let comment = table.comment.unwrap_or_else(|| panic!("{}.{} says nothing", table.schema, table.name));
        let _ = writeln!(page, "\n### {}.{}\n\n{comment}\n", table.schema, table.name);
        head(&mut page, &["column", "type", "what it means"]);
        for column in &table.columns {
            let comment = column.comment.as_deref();
            let comment =
                comment.unwrap_or_else(|| panic!("{}.{}.{} says nothing", table.schema, table.name, column.name));
            row(&mut page, &[&format!("`{}`", column.name), &column.type_name, comment]);
        }
    }
    page
}

#[test]
fn the_page_of_queries_is_up_to_date() {
    is_up_to_date("queries.md", &queries_page(&Catalogue::embedded().expect("they are whole")));
}

#[test]
fn the_page_of_checks_is_up_to_date() {
    is_up_to_date("checks.md", &checks_page(&Catalogue::embedded().expect("they are whole")));
}

#[test]
fn the_page_of_tables_is_up_to_date() {
    is_up_to_date("schema.md", &schema_page());
}
