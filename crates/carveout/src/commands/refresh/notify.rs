//! Tells a command of one's own what a run came to: a JSON summary on its standard input.

use std::{
    io::Write,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::Refreshed;
use crate::error::CliError;

/// After this, the command is ended: a run is not held up by who is told of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the command, if there is one. What goes wrong with it is a warning: the run is what it is.
pub fn tell(command: Option<&str>, outcome: &Result<Refreshed, CliError>) {
    let Some(command) = command else { return };
    if let Err(reason) = run(command, &summary(outcome), PATIENCE) {
        tracing::warn!(command, reason, "--notify: the command could not be told");
    }
}

/// What the command reads; `outcome` is `done`, `incomplete`, `condition` or `failed`.
fn summary(outcome: &Result<Refreshed, CliError>) -> Value {
    match outcome {
        Err(error) => json!({ "outcome": "failed", "error": error.to_string() }),
        Ok(Refreshed { finished, unreadable_reports, exit }) => {
            let (summary, sizing) = (&finished.summary, &finished.scoping.sizing);
            json!({
                "outcome": exit.as_str(),
                "run_id": summary.run_id.0,
                "status": summary.status.as_str(),
                "resources": summary.resources,
                "added": summary.added,
                "changed": summary.changed,
                "removed": summary.removed,
                "carried_forward": summary.carried_forward,
                "requests": summary.requests,
                "unread_units": finished.gaps.len(),
                "unreadable_reports": unreadable_reports,
                "third_parties": sizing.third_parties,
                "real_size": sizing.real_size,
                "hours": { "p10": finished.scoping.percentiles.p10, "p90": finished.scoping.percentiles.p90 },
            })
        }
    }
}

fn run(command: &str, summary: &Value, patience: Duration) -> Result<(), String> {
    let mut child = shell(command).stdin(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    if let Some(mut input) = child.stdin.take() {
        // A command that reads nothing closes its end; that is its own affair.
        let _ = writeln!(input, "{summary}");
    }
    wait(&mut child, patience)
}

fn wait(child: &mut Child, patience: Duration) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("it ended with {status}")),
            None if begun.elapsed() >= patience => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it took longer than {} s and was ended", patience.as_secs()));
            }
            None => thread::sleep(Duration::from_millis(50)),
        }
    }
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.args(["/C", command]);
    shell
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_command_reads_the_summary() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("told.json");
        let told = summary(&Err(CliError::failed("no credentials")));
        run(&format!("cat > {}", file.display()), &told, PATIENCE).expect("it runs");
        let read: Value = serde_json::from_slice(&std::fs::read(file).expect("it was written")).expect("JSON");
        assert_eq!(read["outcome"], "failed");
        assert!(read["error"].as_str().is_some_and(|text| text.contains("no credentials")), "{read}");
    }

    #[test]
    fn a_command_that_fails_or_hangs_is_told_and_ended() {
        let told = summary(&Err(CliError::failed("x")));
        assert!(run("exit 3", &told, PATIENCE).expect_err("it fails").contains('3'));
        let begun = Instant::now();
        let reason = run("exec sleep 30", &told, Duration::from_secs(1)).expect_err("it hangs");
        assert!(reason.contains("was ended") && begun.elapsed() < Duration::from_secs(10), "{reason}");
    }
}
