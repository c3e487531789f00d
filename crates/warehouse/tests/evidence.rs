//! Every packaged check says of given rows what its cases expect: `tests/evidence/<control>/<check>.toml`.

mod common;

use std::collections::BTreeMap;

use carveout_queries::{Catalogue, Query};
use common::given::{self, Cases, Given, Usual};
use duckdb::Connection;

/// Where the cases are; in each file, what the check says of each key, and of nothing else.
const KIND: &str = "evidence";

/// What a check says.
fn ask(connection: &Connection, query: &Query) -> BTreeMap<String, String> {
    let mut statement = connection.prepare(&query.sql).unwrap_or_else(|error| panic!("{}: {error}", query.name));
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
        let cases: Cases<BTreeMap<String, String>> = Cases::read(KIND, &check.control_ids[0], &query.name);
        let provider = if check.provider.as_str() == "any" { "aws" } else { check.provider.as_str() };
        let usual = Usual { provider, resource_type: &check.resource_type };
        let said = given.with(&cases, &usual, |connection| ask(connection, query));
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
    for (control, name) in given::files_of(KIND) {
        assert!(catalogue.find(&name).is_ok_and(|query| query.check.is_some()), "{control}/{name}");
    }
}
