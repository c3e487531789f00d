//! `cargo xtask`: sets up what the tests need, runs all of them, and runs the benchmarks.
//!
//! Built with the standard library alone, so that the first command on a fresh machine starts at once; the benchmarks
//! themselves are in `carveout-bench`.

mod emulators;
mod failure;
mod packages;
mod places;
mod python;
mod steps;
mod test;

use std::{ffi::OsString, process::ExitCode, time::Instant};

use crate::{
    failure::{Failure, Result},
    places::Places,
    steps::{Steps, say},
};

const HELP: &str = "\
cargo xtask test [--package NAME]   install what the tests need, then run all of them (or those of one package)
cargo xtask setup                   only install what the tests need
cargo xtask fuzz [SECONDS]          damage valid reports, cards, registers and letters at random, this long (60) a reader
cargo xtask docs                    write docs/reference anew from the queries, the checks and the schema
cargo xtask bench [--out FILE]      measure crawling, loading and querying against their floors; a Markdown table
";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[OsString]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let places = Places::find()?;
    let started = Instant::now();
    match words[..] {
        ["test"] => test::run(&places, None)?,
        ["test", "--package" | "-p", name] => test::run(&places, Some(name))?,
        ["docs"] => docs(&places)?,
        ["fuzz"] => fuzz(&places, "60")?,
        ["fuzz", seconds] if seconds.parse::<u32>().is_ok() => fuzz(&places, seconds)?,
        ["setup"] => set_up(&places, &mut Steps::default()).map(drop)?,
        ["bench", ref rest @ ..] => bench(&places, rest)?,
        [] | ["help" | "--help" | "-h"] => {
            say(HELP.trim_end());
            return Ok(());
        }
        _ => return Err(Failure::new(format!("no such command: {}\n\n{HELP}", words.join(" ")))),
    }
    say(&format!("cargo xtask {}: passed in {:.0} s", words.join(" "), started.elapsed().as_secs_f64()));
    Ok(())
}

/// Installs what the tests need.
fn set_up(places: &Places, steps: &mut Steps) -> Result<python::Python> {
    steps.run("system packages", packages::install)?;
    steps.run("Python environment", || python::Python::prepare(places))
}

/// The tests that refuse stale pages write them when they are told to.
fn docs(places: &Places) -> Result<()> {
    let arguments = ["test", "--release", "--workspace", "--test", "reference"];
    Steps::default().cargo("docs", places, &arguments, &[("CARVEOUT_WRITE_DOCS", "1".into())])
}

/// The tests with damaged files go on for longer; a failure names the seed that repeats it.
fn fuzz(places: &Places, seconds: &str) -> Result<()> {
    let arguments = [
        "test",
        "--release",
        "--package",
        "carveout-soc2-reports",
        "--test",
        "mutations",
        "--",
        "--nocapture",
        "--test-threads",
        "1",
    ];
    Steps::default().cargo("fuzz", places, &arguments, &[("CARVEOUT_MUTATION_SECONDS", seconds.into())])
}

fn bench(places: &Places, arguments: &[&str]) -> Result<()> {
    let mut steps = Steps::default();
    let python = set_up(places, &mut steps)?;
    // Together, so that both are built with the same features.
    steps.cargo(
        "build",
        places,
        &["build", "--release", "--package", "carveout", "--package", "carveout-bench"],
        &[],
    )?;
    let mut command = std::process::Command::new(places.program("carveout-bench"));
    command.arg("--carveout").arg(places.program("carveout")).arg("--python").arg(python.program()).args(arguments);
    steps.command("bench", &mut command)
}
