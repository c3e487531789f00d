//! The notebooks: each runs from top to bottom on a database that the program wrote, and shows what it should.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use carveout_simcloud::{Denial, EstateOptions, Faults};
use carveout_tests::{Clouds, demo, program, python, small_estate};
use serde_json::Value;

/// Every notebook, with how many pictures and tables it shows of the demo. Where one shows fewer, something is empty.
const NOTEBOOKS: [(&str, usize, usize); 6] = [
    ("drift", 1, 0),
    ("first-look", 5, 2),
    ("report-coverage", 5, 5),
    ("sizing-a-scope", 5, 3),
    ("third-parties", 3, 7),
    ("which-controls-repeat", 5, 3),
];

/// Of a picture without marks, next to nothing is darker than its paper.
const LEAST_INKED: f64 = 0.01;
const DONE: i32 = 0;
const INCOMPLETE: i32 = 3;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace").to_owned()
}

fn notebook(name: &str) -> PathBuf {
    root().join("notebooks").join(format!("{name}.ipynb"))
}

/// The demo's database.
fn demo_database() -> PathBuf {
    demo().path("demo/acme.duckdb")
}

/// What a person sees of a notebook that ran to its end.
struct Shown(Vec<Value>);

impl Shown {
    fn run(name: &str, database: &Path) -> Self {
        let output = Command::new(python())
            .arg(root().join("tests/notebooks/run_notebook.py"))
            .arg(notebook(name))
            .arg(database)
            .arg(program())
            .output()
            .expect("Python can be started");
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        Self(serde_json::from_slice(&output.stdout).expect("JSON"))
    }

    fn of(&self, kind: &str) -> Vec<&Value> {
        self.0.iter().filter(|output| output["kind"] == kind).collect()
    }

    /// The words that a cell ended in.
    fn words(&self, cell: &str) -> &str {
        let words = self.of("words").into_iter().find(|output| output["cell"] == cell);
        words.and_then(|output| output["text"].as_str()).unwrap_or_else(|| panic!("no words in {cell}: {:#?}", self.0))
    }

    /// No cell printed anything else, every picture has marks and words, every table has rows, and none is missing.
    fn is_whole(&self, pictures: usize, tables: usize) {
        assert_eq!(self.of("other"), Vec::<&Value>::new(), "warnings, or values without a form");
        for picture in self.of("picture") {
            assert!(picture["inked"].as_f64() > Some(LEAST_INKED), "an empty picture: {picture}");
            assert!(
                picture["alt"].as_str().is_some_and(|words| words.len() > 20),
                "a picture without words: {picture}"
            );
        }
        for table in self.of("table") {
            assert!(table["rows"].as_u64() > Some(0), "an empty table: {table}");
        }
        let counts = (self.of("picture").len(), self.of("table").len());
        assert_eq!(counts, (pictures, tables), "pictures and tables: {:#?}", self.0);
    }
}

/// Runs a notebook on the demo's database.
fn shows_the_demo(name: &str) -> Shown {
    let (_, pictures, tables) = NOTEBOOKS.into_iter().find(|(known, ..)| *known == name).expect("it is in the table");
    let shown = Shown::run(name, &demo_database());
    shown.is_whole(pictures, tables);
    let freshness = shown.words("open");
    assert!(freshness.contains("Run 1") && freshness.contains("places could not be read"), "{freshness}");
    shown
}

#[test]
fn first_look_runs() {
    shows_the_demo("first-look");
}

#[test]
fn third_parties_runs() {
    shows_the_demo("third-parties");
}

#[test]
fn which_controls_repeat_runs() {
    shows_the_demo("which-controls-repeat");
}

#[test]
fn sizing_a_scope_runs_and_compares_scenarios() {
    shows_the_demo("sizing-a-scope");
}

#[test]
fn report_coverage_runs() {
    shows_the_demo("report-coverage");
}

#[test]
fn drift_of_a_single_run_says_that_there_is_nothing_to_compare() {
    let shown = shows_the_demo("drift");
    assert!(shown.words("runs").contains("This file holds one sealed run"), "{}", shown.words("runs"));
    for cell in ["types", "fields", "weighty", "parties", "evidence", "coverage"] {
        assert!(!shown.words(cell).is_empty(), "{cell}");
    }
}

#[test]
fn drift_between_two_runs_shows_changes_new_parties_and_lost_sight() {
    let first = Clouds::start(&small_estate());
    let workspace = first.workspace_with(&[first.aws(), first.gcp()].concat());
    workspace.carveout(["refresh"]).expect(DONE);
    first.stop();
    // The estate grows, a cloud is added, and one permission is lost.
    let second = Clouds::start(&EstateOptions { scale: 2, ..small_estate() });
    second.set_faults(Faults { denied: vec![Denial::new("*", "ec2:DescribeVpcs")], ..Faults::default() });
    let workspace = workspace.with_variable("AWS_ACCESS_KEY_ID", second.estate().aws_access_key_id());
    workspace.write("carveout.toml", second.workspace().read("carveout.toml"));
    workspace.carveout(["refresh"]).expect(INCOMPLETE);
    let shown = Shown::run("drift", &workspace.path("acme.duckdb"));
    shown.is_whole(4, 3);
    assert_eq!(shown.words("runs"), "Below, run 2 is compared with run 1, the sealed run before it.");
    let tables: BTreeSet<&str> = shown.of("table").iter().filter_map(|table| table["cell"].as_str()).collect();
    assert_eq!(tables, BTreeSet::from(["coverage", "parties", "weighty"]));
}

#[test]
fn the_package_keeps_its_promises() {
    let output = Command::new(python())
        .args(["-m", "unittest", "discover", "--start-directory"])
        .arg(root().join("tests/notebooks"))
        .env("CARVEOUT_DATABASE", demo_database())
        .env("CARVEOUT_PROGRAM", program())
        .env("PYTHONPATH", root().join("notebooks"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_notebook_is_run_here_and_listed_in_the_readme() {
    let entries = fs::read_dir(root().join("notebooks")).expect("the folder of the notebooks");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"));
    let found: BTreeSet<String> = names.filter_map(|name| name.strip_suffix(".ipynb").map(str::to_owned)).collect();
    assert_eq!(found, NOTEBOOKS.map(|(name, ..)| name.to_owned()).into());
    let readme = fs::read_to_string(root().join("notebooks/README.md")).expect("a README");
    for name in found {
        assert!(readme.contains(&format!("`{name}.ipynb`")), "{name} is not in the README");
    }
}

#[test]
fn notebooks_are_stored_without_outputs_and_traces_of_a_session() {
    let plain = serde_json::json!({
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    });
    for (name, ..) in NOTEBOOKS {
        let text = fs::read_to_string(notebook(name)).expect("a notebook");
        let stored: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(stored["metadata"], plain, "{name}");
        let cells = stored["cells"].as_array().expect("cells");
        let ids: BTreeSet<&str> = cells.iter().filter_map(|cell| cell["id"].as_str()).collect();
        assert_eq!(ids.len(), cells.len(), "{name}: an id twice, or none");
        for cell in cells {
            assert_eq!(cell["metadata"], serde_json::json!({}), "{name}: {}", cell["id"]);
            if cell["cell_type"] == "code" {
                assert_eq!(cell["outputs"], serde_json::json!([]), "{name}: {}", cell["id"]);
                assert_eq!(cell["execution_count"], Value::Null, "{name}: {}", cell["id"]);
            }
        }
    }
}
