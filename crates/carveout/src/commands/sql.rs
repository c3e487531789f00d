//! `carveout sql`: one read-only statement, or a prompt.

mod prompt;
mod words;

use std::io::{self, IsTerminal, Read};

use carveout_warehouse::{Reader, Rows};

use crate::{
    cli::{Output, Sql},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Runs the statement that is given, the one on standard input, or those typed at the prompt.
pub fn run(workspace: &Workspace, arguments: &Sql) -> Result<Exit, CliError> {
    let reader = workspace.reader_as_of(arguments.look_back.as_of)?;
    match &arguments.statement {
        Some(statement) => answer(&reader, statement, &arguments.output)?,
        None if io::stdin().is_terminal() => prompt::run(&reader, &arguments.output)?,
        None => {
            let mut statement = String::new();
            io::stdin().read_to_string(&mut statement).or_usage(|| "standard input is no text".to_owned())?;
            answer(&reader, &statement, &arguments.output)?;
        }
    }
    Ok(Exit::Done)
}

fn answer(reader: &Reader, statement: &str, output: &Output) -> Result<(), CliError> {
    printer::print(&ask(reader, statement)?, output)
}

fn ask(reader: &Reader, statement: &str) -> Result<Rows, CliError> {
    reader.query(statement, &[]).or_fail(|| "no answer to that".to_owned()).map_err(|error| {
        error.hint("`carveout schema` lists tables and columns; the database is read-only and sees no files")
    })
}
