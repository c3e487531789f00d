//! `carveout sql`: one read-only statement, or a prompt.

use std::io::{self, IsTerminal, Read};

use carveout_warehouse::Reader;
use rustyline::{DefaultEditor, error::ReadlineError};

use crate::{
    cli::{Output, Sql},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Runs the statement that is given, the one on standard input, or those typed at the prompt.
pub fn run(workspace: &Workspace, arguments: &Sql) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    match &arguments.statement {
        Some(statement) => answer(&reader, statement, &arguments.output)?,
        None if io::stdin().is_terminal() => prompt(&reader, &arguments.output)?,
        None => {
            let mut statement = String::new();
            io::stdin().read_to_string(&mut statement).or_usage(|| "standard input is no text".to_owned())?;
            answer(&reader, &statement, &arguments.output)?;
        }
    }
    Ok(Exit::Done)
}

fn answer(reader: &Reader, statement: &str, output: &Output) -> Result<(), CliError> {
    let rows = reader.query(statement, &[]).or_fail(|| "no answer to that".to_owned()).map_err(|error| {
        error.hint("`carveout schema` lists tables and columns; the database is read-only and sees no files")
    })?;
    printer::print(&rows, output)
}

/// Reads statements that end with a semicolon, over as many lines as they need.
fn prompt(reader: &Reader, output: &Output) -> Result<(), CliError> {
    let terminal = || "the terminal can't be read".to_owned();
    let mut editor = DefaultEditor::new().or_fail(terminal)?;
    let mut statement = String::new();
    loop {
        let line = match editor.readline(if statement.is_empty() { "carveout> " } else { "     ...> " }) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => {
                statement.clear();
                continue;
            }
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(CliError::failed(terminal()).because(error)),
        };
        if statement.is_empty() && matches!(line.trim(), "exit" | "quit" | ".exit" | ".quit" | "\\q") {
            return Ok(());
        }
        statement.push_str(&line);
        statement.push('\n');
        if !line.trim_end().ends_with(';') {
            if statement.trim().is_empty() {
                statement.clear();
            }
            continue;
        }
        editor.add_history_entry(statement.trim()).or_fail(terminal)?;
        if let Err(error) = answer(reader, &statement, output) {
            printer::text(&format!("{error}\n"))?;
        }
        statement.clear();
    }
}
