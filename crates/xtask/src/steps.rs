//! Runs the steps of a task one after another and says how long each took.

use std::{
    env,
    ffi::{OsStr, OsString},
    io::{self, Write as _},
    process::Command,
    time::Instant,
};

use crate::{
    failure::{Failure, Result},
    places::Places,
};

/// Prints a line for the person who runs the task. A reader that went away is no reason to stop.
pub fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// The steps so far.
#[derive(Debug, Default)]
pub struct Steps {
    done: Vec<(String, f64)>,
}

impl Steps {
    /// Runs one step.
    ///
    /// # Errors
    /// What the step fails with.
    pub fn run<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        say(&format!("==> {name}"));
        let started = Instant::now();
        let result = step();
        let seconds = started.elapsed().as_secs_f64();
        let end = if result.is_ok() { "done" } else { "FAILED" };
        say(&format!("<== {name}: {end} after {seconds:.1} s"));
        self.done.push((name.to_owned(), seconds));
        result
    }

    /// Runs a program as a step; its output goes where ours goes.
    ///
    /// # Errors
    /// It can't be started, or ends with another status than 0.
    pub fn command(&mut self, name: &str, command: &mut Command) -> Result<()> {
        self.run(name, || {
            let status = command.status().map_err(Failure::io(format_args!("can't start {command:?}")))?;
            if status.success() {
                Ok(())
            } else {
                Err(Failure::new(format!("{name}: {command:?} ended with {status}")))
            }
        })
    }

    /// Runs the cargo that runs us, in the root of the workspace.
    ///
    /// # Errors
    /// As [`Self::command`].
    pub fn cargo(
        &mut self,
        name: &str,
        places: &Places,
        arguments: &[&str],
        variables: &[(&str, OsString)],
    ) -> Result<()> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(arguments).current_dir(&places.root);
        // What `cargo run` tells us about this package would change the fingerprints of others.
        for (variable, _) in env::vars_os().filter(|(name, _)| is_about_this_package(name)) {
            command.env_remove(variable);
        }
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        self.command(name, &mut command)
    }

    /// The steps with their seconds, on one line.
    pub fn summary(&self) -> String {
        self.done.iter().map(|(name, seconds)| format!("{name} {seconds:.0} s")).collect::<Vec<_>>().join(", ")
    }
}

fn is_about_this_package(variable: &OsStr) -> bool {
    variable.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
}
