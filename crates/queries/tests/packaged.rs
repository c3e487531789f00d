//! Every packaged query is documented and portable, and the catalogue finds queries by name.

use std::fs;

use carveout_queries::{BindError, Binding, Catalogue, CatalogueError, Origin, Query, Value, packaged_names};

/// Queries that the design and the command line name.
const PROMISED: &[&str] = &[
    "controls-repeat-per-provider",
    "coverage-gaps",
    "changes-of-run",
    "cuecs-to-own",
    "evidence-of-party",
    "explained",
    "exposures",
    "fourth-parties",
    "hours-by-party",
    "naive-size-against-real",
    "obligations-of-party",
    "report-coverage",
    "resources-by-type",
    "scopes",
    "third-parties",
];

fn packaged() -> Catalogue {
    Catalogue::embedded().expect("every packaged file is a query")
}

/// The SQL without its comments and in one line.
fn bare_sql(query: &Query) -> String {
    let (_, sql) = query.sql.split_once("--- */").expect("front matter is closed");
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_promised_query_is_there() {
    let catalogue = packaged();
    for name in PROMISED {
        assert!(catalogue.find(name).is_ok(), "{name}");
    }
    assert!(catalogue.iter().all(|query| query.origin == Origin::Packaged && !query.category.is_empty()));
}

#[test]
fn no_query_depends_on_the_clock_or_the_order_of_columns() {
    for query in packaged().iter() {
        // A pattern in a text may look like anything.
        let sql = bare_sql(query).to_lowercase().split('\'').step_by(2).collect::<String>();
        for banned in ["current_date", "current_timestamp", "now()", "today()", "select *", ".*"] {
            assert!(!sql.contains(banned), "{} contains `{banned}`", query.name);
        }
        // Checks run where the estate is sealed; every other question runs on other engines too.
        let portable = ["date_diff(", "using key"].iter().all(|banned| !sql.contains(banned));
        assert!(portable || query.check.is_some(), "{} is not portable", query.name);
    }
}

#[test]
fn every_query_is_one_select_that_ends_in_a_total_order() {
    for query in packaged().iter() {
        let sql = bare_sql(query);
        assert!(sql.starts_with("SELECT ") || sql.starts_with("WITH "), "{} starts with {sql:.20}", query.name);
        let outside_texts: String = sql.split('\'').step_by(2).collect();
        assert_eq!(outside_texts.matches(';').count(), 1, "{} is one statement", query.name);
        let (_, order) = sql.rsplit_once(" ORDER BY ").unwrap_or_else(|| panic!("{} has no order", query.name));
        assert!(!order.contains(')') || order.contains('('), "{} orders only inside", query.name);
        assert!(!order.contains(" FROM "), "{} orders only inside", query.name);
    }
}

#[test]
fn every_table_that_is_read_is_declared() {
    for query in packaged().iter() {
        let sql = bare_sql(query);
        let words: Vec<&str> = sql.split(|c: char| c.is_whitespace() || c == '(' || c == ')' || c == ',').collect();
        let reads = words.windows(2).filter(|pair| matches!(pair[0], "FROM" | "JOIN") && pair[1].contains('.'));
        let mut read: Vec<&str> = reads.map(|pair| pair[1].trim_end_matches(';')).collect();
        read.sort_unstable();
        read.dedup();
        let mut declared: Vec<&str> = query.tables.iter().map(String::as_str).collect();
        declared.sort_unstable();
        assert_eq!(read, declared, "{}", query.name);
    }
}

#[test]
fn a_check_is_filed_under_its_first_control_and_named_after_its_provider() {
    for (check, query) in packaged().checks() {
        assert!(query.name.starts_with(&format!("{}-", check.provider)), "{}", query.name);
        assert_eq!(query.category, "evidence");
        let file = format!(
            "{}/../../queries/evidence/{}/{}.sql",
            env!("CARGO_MANIFEST_DIR"),
            check.control_ids[0],
            query.name
        );
        assert!(fs::exists(&file).expect("it can be asked"), "{file}");
    }
}

#[test]
fn shells_complete_every_query_that_is_no_check() {
    let catalogue = packaged();
    let mut questions: Vec<&str> =
        catalogue.iter().filter(|query| query.check.is_none()).map(|query| query.name.as_str()).collect();
    questions.sort_unstable();
    assert_eq!(packaged_names(), questions);
}

#[test]
fn a_wrong_name_is_answered_with_the_near_ones() {
    let unknown = packaged().find("controls-repeat-by-provider").expect_err("there is none").suggestions;
    assert_eq!(unknown.first().map(String::as_str), Some("controls-repeat-per-provider"));
}

#[test]
fn values_are_bound_by_declared_names_only() {
    let catalogue = packaged();
    let query = catalogue.find("controls-repeat-per-provider").expect("it is packaged");
    assert_eq!(query.bind([("scenario", "next year")]), Ok(vec![Binding::text("scenario", "next year")]));
    let refused = query.bind([("scenaro", "x")]).expect_err("it is misspelt");
    assert!(matches!(refused, BindError::Unknown { suggestion: Some(name), .. } if name == "scenario"));
    let twice = query.bind([("scenario", "x"), ("scenario", "y")]);
    assert!(matches!(twice, Err(BindError::Duplicate { .. })));
}

#[test]
fn a_query_of_the_users_own_goes_before_a_packaged_one() {
    let directory = tempfile::tempdir().expect("a directory");
    let folder = directory.path().join("inventory");
    fs::create_dir(&folder).expect("a folder");
    let catalogue = packaged();
    let original = catalogue.find("scopes").expect("it is packaged");
    fs::write(folder.join("scopes.sql"), original.sql.replace("title = \"", "title = \"Our ")).expect("a file");
    let catalogue = catalogue.with_directory(directory.path()).expect("it is a query");
    let own = catalogue.find("scopes").expect("it is there");
    assert!(own.title.starts_with("Our "));
    assert_eq!(own.origin, Origin::File(folder.join("scopes.sql")));
    assert_eq!(own.category, "inventory");
}

#[test]
fn two_own_queries_of_one_name_are_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let sql = packaged().find("scopes").expect("it is packaged").sql.clone();
    for folder in ["a", "b"] {
        fs::create_dir(directory.path().join(folder)).expect("a folder");
        fs::write(directory.path().join(folder).join("mine.sql"), &sql).expect("a file");
    }
    let refused = packaged().with_directory(directory.path()).expect_err("they clash");
    assert!(matches!(refused, CatalogueError::Duplicate { name, .. } if name == "mine"));
}

#[test]
fn a_default_is_shown_as_the_sql_writes_it() {
    for query in packaged().iter() {
        for parameter in &query.parameters {
            let Some(default) = &parameter.default else { continue };
            let written = match default {
                Value::Text(text) => format!("getvariable('{}'), '{text}')", parameter.name),
                other => format!("getvariable('{}'), {other})", parameter.name),
            };
            assert!(unspaced(&query.sql).contains(&unspaced(&written)), "{}: {written}", query.name);
        }
    }
}

/// A text without white space, which a long line may break anywhere.
fn unspaced(text: &str) -> String {
    text.split_whitespace().collect()
}
