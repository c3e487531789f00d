//! `carveout completions`: a completion script on standard output.

use clap::CommandFactory;

use crate::{
    cli::Cli,
    error::{CliError, Exit},
    printer,
};

/// Prints the script.
pub fn run(shell: clap_complete::Shell) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "carveout", &mut script);
    printer::text(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
