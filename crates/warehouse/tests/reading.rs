//! What analysts may and may not do with the published file.

mod common;

use std::{thread, time::Duration};

use carveout_model::CoverageStatus;
use carveout_queries::{Binding, Value};
use carveout_warehouse::{Cell, Reader, WarehouseError};
use common::{Workspace, day, plain, run, settings};
use serde_json::json;

fn published() -> Workspace {
    let workspace = Workspace::new();
    run(&workspace, day(1), &[("r1", CoverageStatus::Ok, &[plain("r1", "a")])]);
    workspace
}

#[test]
fn a_reader_reaches_nothing_but_the_file() {
    let reader = published().reader();
    for refused in [
        "SELECT content FROM read_text('/etc/hostname')",
        "ATTACH '/tmp/other.duckdb' AS other",
        "COPY (SELECT 1) TO '/tmp/carveout-must-not-be-there.csv'",
        "CREATE TABLE inventory.mine (a INTEGER)",
        "DELETE FROM inventory.runs",
        "SET enable_external_access = true",
        "SET memory_limit = '1TB'",
        "INSTALL httpfs",
    ] {
        assert!(matches!(reader.query(refused, &[]), Err(WarehouseError::Query(_))), "{refused}");
    }
    assert!(!std::path::Path::new("/tmp/carveout-must-not-be-there.csv").exists());
    assert!(reader.query("SELECT resource_key FROM inventory.resources", &[]).is_ok());
}

#[test]
fn values_keep_their_types() {
    let rows = published()
        .reader()
        .query(
            "SELECT 1 AS whole, sum(x) AS total, 1.5 AS number, true AS truth, 'ü' AS words, DATE '2026-02-28' AS on_day,
                TIMESTAMP '2026-02-28 12:00:00.5' AS at, ['a', 'b'] AS list, {'k': [1]} AS object,
                '{\"b\": null}'::JSON AS json, NULL AS absent, TIME '10:20:30' AS clock,
                [NULL] AS holes, MAP {'a': 1} AS pairs, 170141183460469231731687303715884105727 AS huge
            FROM range(3) AS r(x)",
            &[],
        )
        .expect("it runs");
    let names: Vec<&str> = rows.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "whole", "total", "number", "truth", "words", "on_day", "at", "list", "object", "json", "absent", "clock",
            "holes", "pairs", "huge"
        ]
    );
    let types: Vec<&str> = rows.columns.iter().map(|column| column.type_name.as_str()).collect();
    assert_eq!(
        types,
        [
            "INTEGER",
            "HUGEINT",
            "DECIMAL(2,1)",
            "BOOLEAN",
            "VARCHAR",
            "DATE",
            "TIMESTAMP",
            "VARCHAR[]",
            "STRUCT(\"k\" INTEGER[])",
            "JSON",
            "INTEGER",
            "TIME",
            "INTEGER[]",
            "MAP(VARCHAR, INTEGER)",
            "HUGEINT",
        ]
    );
    assert_eq!(
        rows.rows,
        [vec![
            Cell::Integer(1),
            Cell::Integer(3),
            Cell::Double(1.5),
            Cell::Bool(true),
            Cell::Text("ü".to_owned()),
            Cell::Date("2026-02-28".to_owned()),
            Cell::Timestamp("2026-02-28T12:00:00.5Z".to_owned()),
            Cell::Json(json!(["a", "b"])),
            Cell::Json(json!({"k": [1]})),
            Cell::Json(json!({"b": null})),
            Cell::Null,
            Cell::Text("10:20:30".to_owned()),
            Cell::Json(json!([null])),
            Cell::Json(json!({"a": 1})),
            Cell::Text("170141183460469231731687303715884105727".to_owned()),
        ]]
    );
}

#[test]
fn an_empty_result_still_has_its_columns() {
    let rows =
        published().reader().query("SELECT name, tags FROM inventory.resources WHERE false", &[]).expect("it runs");
    let names: Vec<&str> = rows.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names, rows.rows.len()), (vec!["name", "tags"], 0));
}

#[test]
fn parameters_are_set_for_one_statement() {
    let reader = published().reader();
    let sql = "SELECT coalesce(getvariable('on_day'), DATE '2000-01-01') AS on_day, coalesce(getvariable('words'), 'none') AS words";
    let given = [
        Binding { name: "on_day".to_owned(), value: Value::Date(jiff::civil::date(2026, 2, 28)) },
        Binding::text("words", "it's"),
    ];
    let row = |bindings: &[Binding]| reader.query(sql, bindings).expect("it runs").rows.remove(0);
    assert_eq!(row(&given), [Cell::Date("2026-02-28".to_owned()), Cell::Text("it's".to_owned())]);
    assert_eq!(row(&[]), [Cell::Date("2000-01-01".to_owned()), Cell::Text("none".to_owned())]);
}

#[test]
fn a_long_statement_can_be_stopped() {
    let reader = published().reader();
    let interrupt = reader.interrupt();
    let (done, stopped) = std::sync::mpsc::channel::<()>();
    let stopper = thread::spawn(move || {
        // DuckDB forgets an interrupt that comes while a statement is still being prepared.
        while stopped.recv_timeout(Duration::from_millis(20)).is_err() {
            interrupt.now();
        }
    });
    let sql = "SELECT count(*) FROM range(1000000000) AS a(x), range(1000000) AS b(y) WHERE (x * y) % 7 = 3";
    let outcome = reader.query(sql, &[]);
    done.send(()).expect("it listens");
    stopper.join().expect("it ends");
    assert!(matches!(outcome, Err(WarehouseError::Interrupted)), "{outcome:?}");
    assert!(reader.query("SELECT 1", &[]).is_ok());
}

#[test]
fn the_schema_is_told_with_its_comments() {
    let tables = published().reader().schema().expect("it is read");
    let resources = tables.iter().find(|table| table.name == "resources").expect("it is there");
    assert_eq!((resources.schema.as_str(), resources.columns[0].name.as_str()), ("inventory", "resource_key"));
    for table in &tables {
        assert!(table.comment.is_some(), "{}.{}", table.schema, table.name);
        for column in &table.columns {
            assert!(column.comment.is_some(), "{}.{}.{}", table.schema, table.name, column.name);
        }
    }
}

#[test]
fn a_database_that_is_not_there_is_missing() {
    let missing = Reader::open(&Workspace::new().database(), &settings()).expect_err("nothing is published");
    assert!(matches!(missing, WarehouseError::Missing { .. }));
}
