//! Bad input: a clear error that names the place and the remedy, the right exit status, and nothing touched.

use std::{fs, process::Command};

use carveout_tests::{Workspace, python};

const FAILED: i32 = 1;
const INCOMPLETE: i32 = 3;
const USAGE: i32 = 2;

const WORKSPACE: &str = "[workspace]\nname = \"acme\"\ndatabase = \"acme.duckdb\"\n";

/// A card with nothing wrong in it.
const CARD: &str = r#"party = "datadog"
organization = "Datadog, Inc."
report_type = "type2"
period = { start = 2025-05-01, end = 2026-04-30 }
categories = ["security"]
opinion = "unqualified"
"#;

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let workspace = Workspace::new(&format!("{WORKSPACE}[scope]\ncriterias = [\"security\"]\n"));
    workspace.carveout(["refresh"]).expect(USAGE).says(&["carveout.toml", "criterias", "line 5"]);
    assert!(!workspace.path("acme.duckdb").exists());
}

#[test]
fn an_unknown_key_of_a_connector_is_named_with_its_line() {
    let workspace = Workspace::new(&format!("{WORKSPACE}[[connectors.aws]]\nregion = \"eu-west-1\"\n"));
    workspace.carveout(["refresh"]).expect(USAGE).says(&["region", "line 5"]);
}

#[test]
fn a_wrong_type_is_named_with_its_line() {
    let workspace = Workspace::new("[workspace]\nname = 7\ndatabase = \"acme.duckdb\"\n");
    workspace.carveout(["refresh"]).expect(USAGE).says(&["name", "line 2", "string"]);
}

#[test]
fn a_scope_without_security_is_refused() {
    let scope = "[scope]\ncriteria = [\"privacy\"]\nperiod = { start = 2026-01-01, end = 2026-12-31 }\n";
    let workspace = Workspace::new(&format!("{WORKSPACE}{scope}"));
    workspace.carveout(["refresh"]).expect(USAGE).says(&["security", "line 5"]);
}

#[test]
fn a_period_that_ends_before_it_starts_is_refused() {
    let scope = "[scope]\ncriteria = [\"security\"]\nperiod = { start = 2026-12-31, end = 2026-01-01 }\n";
    let workspace = Workspace::new(&format!("{WORKSPACE}{scope}"));
    workspace.carveout(["refresh"]).expect(USAGE).says(&["period", "2026-01-01"]);
}

#[test]
fn an_organization_without_a_role_is_refused() {
    let workspace = Workspace::new(&format!("{WORKSPACE}[[connectors.aws]]\naccounts = \"organization\"\n"));
    workspace.carveout(["refresh"]).expect(USAGE).says(&["connectors.aws", "role"]);
}

#[test]
fn a_refresh_without_a_connector_says_what_to_add() {
    let workspace = Workspace::new(WORKSPACE);
    workspace.carveout(["refresh"]).expect(USAGE).says(&["[[connectors.aws]]"]);
}

#[test]
fn a_refresh_without_a_configuration_says_how_to_write_one() {
    Workspace::empty().carveout(["refresh"]).expect(USAGE).says(&["carveout.toml", "carveout init"]);
}

#[test]
fn a_connector_that_there_is_not_is_refused() {
    let workspace = Workspace::new(&format!("{WORKSPACE}[[connectors.aws]]\n"));
    workspace.carveout(["refresh", "--only", "oracle"]).expect(USAGE).says(&["oracle", "azure"]);
}

#[test]
fn a_verb_that_there_is_not_is_refused() {
    Workspace::empty().carveout(["refreshh"]).expect(USAGE).says(&["refreshh"]);
}

#[test]
fn init_writes_a_configuration_that_is_one_and_keeps_what_is_there() {
    let workspace = Workspace::empty();
    workspace.carveout(["init"]).expect(0);
    let written = workspace.read("carveout.toml");
    workspace.carveout(["init"]).expect(USAGE).says(&["--force"]);
    assert_eq!(workspace.read("carveout.toml"), written);
    // It is read without an error: what is missing is the database.
    workspace.carveout(["status"]).expect(FAILED).says(&["carveout refresh"]);
}

#[test]
fn a_database_that_is_not_there_says_what_makes_it() {
    let workspace = Workspace::new(WORKSPACE);
    for verb in [&["status"][..], &["sql", "SELECT 1"], &["scope", "size"], &["graph", "why", "aws"]] {
        workspace.carveout(verb).expect(FAILED).says(&["acme.duckdb", "carveout refresh"]);
        assert!(!workspace.path("acme.duckdb").exists(), "{verb:?} made a database");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_untouched() {
    let workspace = Workspace::new(&format!("{WORKSPACE}[[connectors.aws]]\nendpoint_url = \"http://127.0.0.1:9\"\n"))
        .with_variable("AWS_ACCESS_KEY_ID", "test")
        .with_variable("AWS_SECRET_ACCESS_KEY", "test");
    let garbage = b"this is a letter and no database\n".repeat(300);
    workspace.write("acme.duckdb", &garbage);
    for verb in [&["status"][..], &["refresh"], &["sql", "SELECT 1"]] {
        workspace.carveout(verb).expect(FAILED).says(&["acme.duckdb"]);
        assert_eq!(workspace.read("acme.duckdb"), garbage, "{verb:?}");
    }
}

#[test]
fn a_database_of_a_later_version_is_refused_and_untouched() {
    let workspace = Workspace::new(&format!("{WORKSPACE}[[connectors.soc2_reports]]\npaths = [\"card.toml\"]\n"));
    workspace.write("card.toml", CARD);
    let sql = "create schema meta; create table meta.schema_version (version bigint, applied_at timestamp); \
               insert into meta.schema_version values (99, now()::timestamp)";
    // By DuckDB's own Python package: a later version of this program wrote it as far as this one can tell.
    let script = format!("import duckdb; duckdb.connect('acme.duckdb').execute(\"{sql}\")");
    let status = Command::new(python()).args(["-c", &script]).current_dir(workspace.path("")).status();
    assert!(status.is_ok_and(|status| status.success()), "Python can't make a database");
    let before = workspace.read("acme.duckdb");
    for verb in [&["status"][..], &["refresh"]] {
        workspace.carveout(verb).expect(FAILED).says(&["acme.duckdb", "99"]);
        assert_eq!(workspace.read("acme.duckdb"), before, "{verb:?}");
    }
}

#[test]
fn every_problem_of_a_report_card_is_named_with_its_line() {
    let workspace = Workspace::new(WORKSPACE);
    let card = CARD
        .replace("start = 2025-05-01, end = 2026-04-30", "start = 2026-04-30, end = 2025-05-01")
        .replace("\"unqualified\"", "\"clean\"");
    workspace.write("card.toml", format!("{card}\n[[user_entity_controls]]\nref = \"C1\"\ncriteria = [\"CC99.1\"]\n"));
    workspace.carveout(["reports", "import", "card.toml"]).expect(FAILED).says(&[
        "card.toml",
        "period",
        "clean",
        "CC99.1",
        "carveout reports template",
    ]);
    assert!(!workspace.path("acme.duckdb").exists(), "nothing was imported, and still there is a database");
}

#[test]
fn a_type_2_report_without_a_period_is_refused() {
    let workspace = Workspace::new(WORKSPACE);
    let without: String =
        CARD.lines().filter(|line| !line.starts_with("period")).map(|line| format!("{line}\n")).collect();
    workspace.write("card.toml", without);
    workspace
        .carveout(["reports", "import", "card.toml"])
        .expect(FAILED)
        .says(&["card.toml", "a type 2 report without a period"]);
}

#[test]
fn a_card_that_is_not_there_is_named() {
    let workspace = Workspace::new(WORKSPACE);
    workspace.carveout(["reports", "import", "nowhere.toml"]).expect(FAILED).says(&["nowhere.toml"]);
}

/// A database with one report in it.
fn with_a_report() -> Workspace {
    let workspace = Workspace::new(WORKSPACE);
    workspace.write("card.toml", CARD);
    workspace.carveout(["reports", "import", "card.toml"]).expect(0);
    workspace
}

#[test]
fn a_refused_file_is_told_and_the_others_are_imported() {
    let workspace = with_a_report();
    workspace.write("broken.toml", CARD.replace("\"security\"", "\"safety\""));
    workspace.write("scan.pdf", "%PDF-1.7\nand nothing more");
    workspace.carveout(["reports", "import", "card.toml", "broken.toml", "scan.pdf"]).expect(INCOMPLETE).says(&[
        "broken.toml",
        "safety",
        "scan.pdf",
        "damaged",
    ]);
    let before = workspace.read("acme.duckdb");
    workspace.carveout(["reports", "import", "broken.toml"]).expect(FAILED).says(&["nothing was imported", "safety"]);
    assert_eq!(workspace.read("acme.duckdb"), before);
}

#[test]
fn a_query_that_there_is_not_is_refused_with_where_to_look() {
    let workspace = with_a_report();
    workspace
        .carveout(["query", "run", "controls-repeat"])
        .expect(USAGE)
        .says(&["controls-repeat", "carveout query list"]);
}

#[test]
fn a_misspelt_query_is_answered_with_the_near_ones() {
    let workspace = with_a_report();
    for verb in ["run", "show"] {
        workspace
            .carveout(["query", verb, "controls-repeat-by-provider"])
            .expect(USAGE)
            .says(&["there is no query `controls-repeat-by-provider`", "controls-repeat-per-provider"]);
    }
}

#[test]
fn a_misspelt_parameter_is_answered_with_the_near_one() {
    with_a_report()
        .carveout(["query", "run", "controls-repeat-per-provider", "-p", "scenaro=current"])
        .expect(USAGE)
        .says(&["no parameter `scenaro`", "did you mean `scenario`?"]);
}

#[test]
fn a_parameter_of_another_type_or_given_twice_is_refused() {
    let workspace = with_a_report();
    workspace
        .carveout(["query", "run", "expiring-certificates", "-p", "days=soon"])
        .expect(USAGE)
        .says(&["days", "integer", "soon"]);
    workspace
        .carveout(["query", "run", "expiring-certificates", "-p", "days=7", "-p", "days=8"])
        .expect(USAGE)
        .says(&["`days` of `expiring-certificates` is given twice"]);
    workspace
        .carveout(["query", "run", "coverage-by-scope", "-p", "days"])
        .expect(USAGE)
        .says(&["`days` is not KEY=VALUE"]);
}

#[test]
fn a_parameter_that_the_query_does_not_declare_is_refused() {
    let workspace = with_a_report();
    workspace
        .carveout(["query", "run", "controls-repeat-per-provider", "-p", "colour=red"])
        .expect(USAGE)
        .says(&["controls-repeat-per-provider", "colour"]);
}

#[test]
fn sql_can_not_write_and_sees_no_files() {
    let workspace = with_a_report();
    let before = workspace.read("acme.duckdb");
    let secret = workspace.write("secret.csv", "password\nhunter2\n");
    for statement in [
        "DROP TABLE parties.reports".to_owned(),
        "DELETE FROM parties.reports".to_owned(),
        format!("SELECT * FROM read_csv('{}')", secret.display()),
        format!("SELECT * FROM read_text('{}')", workspace.path("carveout.toml").display()),
        format!("COPY parties.reports TO '{}'", workspace.path("out.csv").display()),
        format!("ATTACH '{}' AS other", workspace.path("other.duckdb").display()),
        "SET enable_external_access = true".to_owned(),
    ] {
        let ran = workspace.carveout(["sql", &statement]).expect(FAILED);
        assert!(!ran.stdout.contains("hunter2"), "{ran}");
    }
    assert_eq!(workspace.read("acme.duckdb"), before);
    assert!(!workspace.path("out.csv").exists() && !workspace.path("other.duckdb").exists());
}

#[test]
fn a_statement_that_fails_says_why() {
    with_a_report()
        .carveout(["sql", "SELECT nothing FROM inventory.resources"])
        .expect(FAILED)
        .says(&["nothing", "carveout schema"]);
}

#[test]
fn parquet_needs_a_file() {
    let workspace = with_a_report();
    workspace.carveout(["sql", "SELECT 1 AS one", "--format", "parquet"]).expect(USAGE).says(&["--out"]);
    workspace.carveout(["sql", "SELECT 1 AS one", "--format", "parquet", "--out", "one.parquet"]).expect(0);
    assert_eq!(&workspace.read("one.parquet")[..4], b"PAR1");
}

#[test]
fn criteria_without_security_are_refused() {
    let workspace = with_a_report();
    workspace.carveout(["scope", "size", "--criteria", "privacy"]).expect(USAGE).says(&["--criteria", "security"]);
}

#[test]
fn a_party_that_there_is_not_says_where_to_look() {
    with_a_report().carveout(["graph", "why", "nobody-of-that-name"]).expect(FAILED).says(&["nobody-of-that-name"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_database() {
    use std::os::unix::fs::PermissionsExt as _;
    let workspace = with_a_report();
    let mode = fs::metadata(workspace.path("acme.duckdb")).expect("the database").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}
