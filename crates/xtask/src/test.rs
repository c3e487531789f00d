//! `cargo xtask test`: everything that has to hold, from formatting to the connectors against foreign emulators.

use std::ffi::OsString;

use crate::{
    emulators::{self, Emulators},
    failure::Result,
    places::Places,
    set_up,
    steps::{Steps, say},
};

/// Sets up and runs the tests, of all packages or of one.
///
/// Everything is built with the release profile: a second profile would compile DuckDB's C++ a second time. Formatting
/// and lints are for the whole, so they are left out for one package.
///
/// # Errors
/// The first step that fails; a test whose tool is missing fails, it is never skipped.
pub fn run(places: &Places, package: Option<&str>) -> Result<()> {
    let mut steps = Steps::default();
    if package.is_none() {
        steps.cargo("formatting", places, &["fmt", "--all", "--check"], &[])?;
    }
    let python = set_up(places, &mut steps)?;
    // Seeding takes a minute of mostly waiting: it goes on while the workspace is built.
    let is_needed = package.is_none_or(|name| emulators::USERS.contains(&name));
    let mut emulators = match is_needed {
        true => Some(steps.run("emulators", || Emulators::start(places, &python))?),
        false => None,
    };
    // The tests run the program as people do, so that it has to be there and new.
    steps.cargo("build", places, &["build", "--release", "--workspace", "--bins"], &[])?;
    if package.is_none() {
        let lints = ["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"];
        steps.cargo("lints", places, &lints, &[])?;
    }
    let mut variables = Vec::new();
    if let Some(emulators) = &mut emulators {
        steps.run("seeded estate", || emulators.wait_until_seeded())?;
        variables = emulators.variables();
    }
    variables.push(("CARVEOUT_PYTHON", OsString::from(python.program())));
    let which: &[&str] = match &package {
        Some(name) => &["--package", name],
        None => &["--workspace"],
    };
    steps.cargo("tests", places, &[&["test", "--release", "--no-fail-fast"], which].concat(), &variables)?;
    steps.run("stopping the emulators", || {
        drop(emulators);
        Ok(())
    })?;
    say(&steps.summary());
    Ok(())
}
