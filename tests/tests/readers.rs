//! Analysts in other processes, with two versions of DuckDB, while one refresh follows another.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use carveout_simcloud::EstateOptions;
use carveout_tests::{Clouds, python, small_estate};
use serde_json::Value;

const REFRESHES: usize = 20;

/// Where `cargo xtask setup` puts the older DuckDB, beside the Python environment.
fn older_duckdb() -> PathBuf {
    let environment = python().ancestors().nth(2).expect("an environment has a bin folder").to_owned();
    let folder = environment.join("older-duckdb");
    assert!(folder.is_dir(), "{} is missing: run `cargo xtask setup`", folder.display());
    folder
}

/// Which DuckDB a reader uses.
#[derive(Debug, Clone, Copy)]
enum With {
    Newest,
    Older,
    OlderCommandLine,
}

fn start(with: With, database: &Path, stop: &Path) -> Child {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("readers/reader.py");
    let mut command = Command::new(python());
    command.arg(script).arg(database).arg(stop).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    match with {
        With::Newest => {}
        With::Older => {
            command.env("PYTHONPATH", older_duckdb());
        }
        With::OlderCommandLine => {
            command.env("PYTHONPATH", older_duckdb()).arg(older_duckdb().join("bin/duckdb"));
        }
    }
    command.spawn().expect("it starts")
}

#[test]
fn eight_readers_go_through_twenty_refreshes_without_an_error_or_a_mixed_state() {
    let clouds = Clouds::start(&EstateOptions { gcp_projects: 1, ..small_estate() });
    let workspace = clouds.workspace_with(&clouds.gcp());
    workspace.carveout(["refresh"]).expect(0);
    let (database, stop) = (workspace.path("acme.duckdb"), workspace.path("stop"));
    use With::{Newest, Older, OlderCommandLine};
    let kinds = [Newest, Newest, Newest, Older, Older, Older, OlderCommandLine, OlderCommandLine];
    let readers: Vec<(With, Child)> = kinds.into_iter().map(|with| (with, start(with, &database, &stop))).collect();
    for _ in 0..REFRESHES {
        workspace.carveout(["refresh"]).expect(0);
    }
    workspace.write("stop", "");
    for (with, reader) in readers {
        let ended = reader.wait_with_output().expect("it can be waited for");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{with:?} ended with {}: {said}", ended.status);
        let told: Value = serde_json::from_slice(&ended.stdout).expect("one object");
        let version = told["duckdb"].as_str().expect("a version");
        let expected = if matches!(with, Newest) { "v2." } else { "v1.5." };
        assert!(version.starts_with(expected), "{with:?} was {version}");
        let runs = told["runs"].as_array().expect("runs").len();
        assert!(runs > REFRESHES / 2, "{with:?} saw only {runs} runs: {told}");
    }
    assert_eq!(workspace.number("SELECT run_id FROM meta.state"), REFRESHES as i64 + 1);
}
