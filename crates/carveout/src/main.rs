//! carveout: the binary. Parses, dispatches, and decides the exit status; a verb is one file in `commands/`.

mod artifact;
mod cli;
mod commands;
mod config;
mod connectors;
mod derive;
mod documents;
mod error;
mod facts;
mod interrupt;
mod names;
mod own_tables;
mod populations;
mod printer;
mod progress;
mod register;
mod run;
mod workspace;

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::{
    cli::{Cli, Color, Global, LogFormat},
    error::CliError,
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    log(&cli.global);
    match commands::run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            report(&error);
            error.exit().into()
        }
    }
}

/// Standard error may be gone; the exit status still tells.
fn report(error: &CliError) {
    let _ = writeln!(io::stderr(), "{error}");
}

/// Logs to standard error: warnings by default, more with -v, `CARVEOUT_LOG` for a filter of one's own.
fn log(global: &Global) {
    let is_terminal = io::stderr().is_terminal();
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        // A terminal has the moving line instead.
        (false, 0) if is_terminal => "warn",
        (false, 0) => "warn,carveout=info",
        (false, 1) => "info",
        (false, _) => "debug,hyper=info,h2=info,reqwest=info,rustls=info,aws=info,tower=info",
    };
    let filter = EnvFilter::try_from_env("CARVEOUT_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let colored = match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(colored);
    match global.log_format {
        LogFormat::Json => lines.json().flatten_event(true).with_target(false).init(),
        LogFormat::Text if is_terminal => lines.without_time().with_target(false).init(),
        LogFormat::Text => lines.with_target(false).init(),
    }
}

/// A tokio runtime for the connectors.
fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::failed("can't start the threads of the crawl").because(error))
}
