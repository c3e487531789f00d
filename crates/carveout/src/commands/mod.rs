//! One file per verb.

pub mod completions;
mod controls;
mod demo;
mod diff;
mod export;
mod graph;
mod history;
pub mod init;
mod parties;
mod permissions;
mod query;
pub mod refresh;
mod report;
mod reports;
mod schema;
mod scope;
mod serve;
mod sql;
mod status;

use crate::{
    cli::{Cli, Command},
    error::{CliError, Exit},
    workspace::Workspace,
};

/// Runs the verb.
pub fn run(cli: Cli) -> Result<Exit, CliError> {
    let global = &cli.global;
    match cli.command {
        Command::Demo(arguments) => demo::run(global, &arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Completions { shell } => completions::run(shell),
        Command::Permissions(arguments) => permissions::run(global, &arguments),
        Command::Refresh(arguments) => refresh::run(global, &arguments),
        Command::Status(arguments) => status::run(&Workspace::open(global)?, &arguments),
        Command::Reports { command } => reports::run(global, &command),
        Command::Query { command } => query::run(global, &command),
        Command::Sql(arguments) => sql::run(&Workspace::open(global)?, &arguments),
        Command::Diff(arguments) => diff::run(&Workspace::open(global)?, &arguments),
        Command::History { command } => history::run(&Workspace::open(global)?, &command),
        Command::Parties { command } => parties::run(global, &command),
        Command::Graph { command } => graph::run(&Workspace::open(global)?, &command),
        Command::Controls { command } => controls::run(&Workspace::open(global)?, &command),
        Command::Scope { command } => scope::run(&Workspace::open(global)?, &command),
        Command::Serve(arguments) => serve::run(global, &arguments),
        Command::Report(arguments) => report::run(&Workspace::open(global)?, &arguments),
        Command::Export { command } => export::run(&Workspace::open(global)?, &command),
        Command::Schema(arguments) => schema::run(global, &arguments),
    }
}
