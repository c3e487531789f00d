//! Rules of the house that no compiler checks: the direction of dependencies, and what no file may hold.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// What each crate may use of the workspace outside its tests. A crate that is not listed is refused, so that a new one
/// finds its place here first.
const MAY_USE: &[(&str, &[&str])] = &[
    ("carveout-model", &[]),
    ("carveout-crawl", &["carveout-model"]),
    ("carveout-discovery", &["carveout-model"]),
    ("carveout-queries", &["carveout-model"]),
    ("carveout-graph", &["carveout-model"]),
    ("carveout-scoping", &["carveout-model"]),
    ("carveout-report", &["carveout-model", "carveout-scoping"]),
    ("carveout-serve", &[]),
    ("carveout-sheets", &[]),
    ("carveout-simcloud", &["carveout-model"]),
    ("carveout-aws", CONNECTOR),
    ("carveout-azure", CONNECTOR),
    ("carveout-gcp", CONNECTOR),
    ("carveout-soc2-reports", &["carveout-model", "carveout-sheets"]),
    ("carveout-warehouse", &["carveout-model", "carveout-queries"]),
    ("carveout", ANYTHING),
    ("carveout-bench", ANYTHING),
    ("carveout-tests", &["carveout-model", "carveout-simcloud"]),
    ("xtask", &[]),
];

/// A connector sees neither the warehouse nor another connector.
const CONNECTOR: &[&str] = &["carveout-model", "carveout-crawl", "carveout-discovery"];
const ANYTHING: &[&str] = &["*"];

/// Libraries that one crate owns, so that they can be replaced in one place.
const OWNERS: &[(&str, &str)] =
    &[("duckdb", "carveout-warehouse"), ("petgraph", "carveout-graph"), ("polars", "carveout-scoping")];

/// A longer file does several jobs.
const MOST_LINES: usize = 700;

/// What no tracked file may hold, with the reason. In two parts, so that this file does not.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("/wo", "rk/", "a path of one machine"),
    ("TO", "DO", "do it, or write an issue"),
    ("FIX", "ME", "fix it, or write an issue"),
    ("dbg", "!(", "a leftover"),
    ("todo", "!(", "not done"),
    ("unimplemented", "!(", "not done"),
    ("#[ign", "ore", "a test that does not run"),
];

struct Package {
    name: String,
    manifest: PathBuf,
    /// Names of dependencies outside tests.
    uses: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace").to_owned()
}

fn output(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

fn packages() -> Vec<Package> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = output(Command::new(cargo).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]));
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo prints JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    list(&metadata["packages"])
        .iter()
        .map(|package| Package {
            name: text(&package["name"]),
            manifest: text(&package["manifest_path"]).into(),
            uses: list(&package["dependencies"])
                .iter()
                .filter(|dependency| dependency["kind"] != "dev")
                .map(|dependency| text(&dependency["name"]))
                .collect(),
        })
        .collect()
}

/// Files that are tracked, or would be with the next `git add`, relative to the root.
fn files() -> Vec<PathBuf> {
    let listed = output(Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]));
    let paths = listed.split_terminator('\0').map(PathBuf::from);
    paths.filter(|path| root().join(path).is_file()).collect()
}

/// The files that are text, with their text.
fn texts(is_wanted: impl Fn(&Path) -> bool) -> Vec<(PathBuf, String)> {
    let read = |path: PathBuf| fs::read_to_string(root().join(&path)).ok().map(|text| (path, text));
    files().into_iter().filter(|path| is_wanted(path)).filter_map(read).collect()
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

#[test]
fn dependencies_point_one_way() {
    let may_use: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let packages = packages();
    let members: BTreeSet<&String> = packages.iter().map(|package| &package.name).collect();
    let mut wrong = Vec::new();
    for package in &packages {
        let Some(allowed) = may_use.get(package.name.as_str()) else {
            wrong.push(format!("{} has no place in the table of this test", package.name));
            continue;
        };
        let is_allowed = |used: &str| allowed.contains(&used) || *allowed == ANYTHING;
        let used = package.uses.iter().filter(|used| members.contains(used) && !is_allowed(used));
        wrong.extend(used.map(|used| format!("{} uses {used}", package.name)));
    }
    assert_none("against the direction of dependencies", &wrong);
}

#[test]
fn a_library_has_one_owner() {
    let packages = packages();
    for (library, owner) in OWNERS {
        let users = packages.iter().filter(|package| package.uses.contains(*library));
        let users: Vec<&str> = users.map(|package| package.name.as_str()).collect();
        assert_eq!(users, [*owner], "{library}");
    }
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    let takes = |package: &Package| {
        let text = fs::read_to_string(&package.manifest).expect("cargo has just read it");
        let lints = text.split_once("[lints]").map(|(_, rest)| rest.trim_start().to_owned());
        lints.is_some_and(|lints| lints.starts_with("workspace = true"))
    };
    let without: Vec<String> =
        packages().iter().filter(|package| !takes(package)).map(|package| package.name.clone()).collect();
    assert_none("packages without [lints] workspace = true", &without);
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let silent = texts(is_rust).into_iter().filter(|(_, text)| !text.starts_with("//! "));
    assert_none(
        "files without a //! line on top",
        &silent.map(|(path, _)| path.display().to_string()).collect::<Vec<_>>(),
    );
}

#[test]
fn no_rust_file_is_too_long() {
    let long = texts(is_rust).into_iter().filter(|(_, text)| text.lines().count() > MOST_LINES);
    let long = long.map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()));
    assert_none("files that do several jobs", &long.collect::<Vec<_>>());
}

#[test]
fn no_file_holds_leftovers() {
    let mut found = Vec::new();
    for (path, text) in texts(|path| path.file_name().is_none_or(|name| name != "Cargo.lock")) {
        for (number, line) in text.lines().enumerate() {
            for (start, end, reason) in FORBIDDEN {
                let word = format!("{start}{end}");
                if line.contains(&word) {
                    found.push(format!("{}:{}: `{word}`: {reason}", path.display(), number + 1));
                }
            }
        }
    }
    assert_none("leftovers", &found);
}
