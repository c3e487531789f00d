//! The prompt: statements over as many lines as they need, history, completion, timing, paging.

use std::{
    env, fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use carveout_warehouse::{Cell, Column, Reader, Rows, TableDoc};
use clap::ValueEnum;
use rustyline::{
    Context, Editor, Helper,
    completion::Completer,
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::FileHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};

use super::words::{COMMANDS, Words};
use crate::{
    cli::{Format, Output},
    error::{CliError, OrFail},
    printer, runtime,
};

const HISTORY: usize = 2_000;

/// What the line editor asks.
struct Typing {
    words: Words,
}

impl Completer for Typing {
    type Candidate = String;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.words.complete(line, cursor))
    }
}

impl Validator for Typing {
    /// A statement ends with a semicolon, a command with its line.
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let typed = context.input().trim();
        let is_whole = typed.is_empty() || typed.ends_with(';') || typed.starts_with('\\') || is_goodbye(typed);
        Ok(if is_whole { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Hinter for Typing {
    type Hint = String;
}

impl Highlighter for Typing {}

impl Helper for Typing {}

fn is_goodbye(typed: &str) -> bool {
    matches!(typed, "exit" | "quit" | ".exit" | ".quit" | "\\q")
}

/// How answers are shown.
struct Shown {
    format: Format,
    is_timed: bool,
    is_paged: bool,
}

/// Reads statements until the end of the input.
pub fn run(reader: &Reader, output: &Output) -> Result<(), CliError> {
    let terminal = || "the terminal can't be read".to_owned();
    let tables = reader.schema().or_fail(|| "can't read the schema".to_owned())?;
    let config = rustyline::Config::builder().max_history_size(HISTORY).or_fail(terminal)?.build();
    let mut editor: Editor<Typing, FileHistory> = Editor::with_config(config).or_fail(terminal)?;
    editor.set_helper(Some(Typing { words: Words::of(reader, &tables)? }));
    let history = history_file();
    if let Some(file) = &history {
        // The first time, there is none.
        let _ = editor.load_history(file);
    }
    let mut shown = Shown { format: output.format, is_timed: true, is_paged: true };
    let runtime = runtime()?;
    let interrupt = reader.interrupt();
    runtime.spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            interrupt.now();
        }
    });
    printer::text("Read-only. \\? lists commands, Tab completes, Ctrl-C stops a statement, Ctrl-D leaves.\n")?;
    loop {
        let typed = match editor.readline("carveout> ") {
            Ok(typed) => typed,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(CliError::failed(terminal()).because(error)),
        };
        let statement = typed.trim();
        if statement.is_empty() {
            continue;
        }
        if is_goodbye(statement) {
            break;
        }
        editor.add_history_entry(statement).or_fail(terminal)?;
        let height = editor.dimensions().map_or(usize::MAX, |(_, rows)| usize::from(rows));
        let outcome = match statement.strip_prefix('\\') {
            Some(command) => obey(command, &tables, &mut shown, height),
            None => answer(reader, statement, &shown, height),
        };
        if let Err(error) = outcome {
            printer::text(&format!("{error}\n"))?;
        }
    }
    if let Some(file) = &history
        && let Err(error) = editor.save_history(file)
    {
        tracing::warn!(file = %file.display(), %error, "the history could not be kept");
    }
    Ok(())
}

fn answer(reader: &Reader, statement: &str, shown: &Shown, height: usize) -> Result<(), CliError> {
    let begun = Instant::now();
    let rows = super::ask(reader, statement)?;
    let took = begun.elapsed();
    let count = rows.rows.len();
    show(&rows, shown, height)?;
    if shown.is_timed {
        let rows = if count == 1 { "row" } else { "rows" };
        printer::text(&format!("{count} {rows} in {}\n", duration(took)))?;
    }
    Ok(())
}

fn duration(took: Duration) -> String {
    match took.as_millis() {
        0..=9_999 => format!("{} ms", took.as_millis()),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

/// Carries out a command, without its backslash.
fn obey(command: &str, tables: &[TableDoc], shown: &mut Shown, height: usize) -> Result<(), CliError> {
    let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
    let rest = rest.trim().trim_end_matches(';');
    match name {
        "d" if rest.is_empty() => show(&list(tables), shown, height),
        "d" => show(&describe(tables, rest)?, shown, height),
        "format" => {
            let format = Format::from_str(rest, true).ok().filter(|format| *format != Format::Parquet);
            shown.format = format.ok_or_else(|| {
                CliError::usage(format!("`{rest}` is no format")).hint("table, csv, json, ndjson or markdown")
            })?;
            Ok(())
        }
        "timing" => switch(&mut shown.is_timed, "timing"),
        "pager" => switch(&mut shown.is_paged, "the pager"),
        "?" | "h" | "help" => {
            COMMANDS.iter().try_for_each(|(name, meaning)| printer::text(&format!("  {name:<10} {meaning}\n")))
        }
        _ => Err(CliError::usage(format!("there is no command \\{name}")).hint("\\? lists the commands")),
    }
}

fn switch(is_on: &mut bool, what: &str) -> Result<(), CliError> {
    *is_on = !*is_on;
    printer::text(&format!("{what} is {}\n", if *is_on { "on" } else { "off" }))
}

fn list(tables: &[TableDoc]) -> Rows {
    let row = |table: &TableDoc| {
        let comment = table.comment.clone().map_or(Cell::Null, Cell::Text);
        vec![Cell::Text(format!("{}.{}", table.schema, table.name)), comment]
    };
    Rows {
        columns: ["table", "description"].map(|name| Column::new(name, "VARCHAR")).to_vec(),
        rows: tables.iter().map(row).collect(),
    }
}

fn describe(tables: &[TableDoc], name: &str) -> Result<Rows, CliError> {
    let is_meant = |table: &&TableDoc| table.name == name || format!("{}.{}", table.schema, table.name) == name;
    let table = tables
        .iter()
        .find(is_meant)
        .ok_or_else(|| CliError::usage(format!("there is no table `{name}`")).hint("\\d lists all tables and views"))?;
    let rows = table.columns.iter().map(|column| {
        let comment = column.comment.clone().map_or(Cell::Null, Cell::Text);
        vec![Cell::Text(column.name.clone()), Cell::Text(column.type_name.clone()), comment]
    });
    Ok(Rows {
        columns: ["column", "type", "description"].map(|name| Column::new(name, "VARCHAR")).to_vec(),
        rows: rows.collect(),
    })
}

/// Prints rows; what is longer than the screen goes through the pager.
fn show(rows: &Rows, shown: &Shown, height: usize) -> Result<(), CliError> {
    let text = printer::rendered(rows, shown.format);
    if shown.is_paged && text.lines().count() >= height && page(&text).is_some() {
        return Ok(());
    }
    printer::text(&text)
}

/// Hands text to `$PAGER`; none where there is no pager.
fn page(text: &str) -> Option<()> {
    let pager = env::var("PAGER").unwrap_or_else(|_| "less -FRSX".to_owned());
    let mut words = pager.split_whitespace();
    let mut child = Command::new(words.next()?).args(words).stdin(Stdio::piped()).spawn().ok()?;
    if let Some(mut input) = child.stdin.take() {
        // Who leaves the pager early closes its end.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().ok().map(drop)
}

/// Where statements are kept between prompts, readable by their owner only; none without a home.
fn history_file() -> Option<PathBuf> {
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".local/state")))?;
    let folder = state.join("carveout");
    fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TableDoc {
        TableDoc { schema: "inventory".to_owned(), name: "runs".to_owned(), comment: None, columns: vec![] }
    }

    #[test]
    fn a_table_is_described_by_either_name() {
        assert!(describe(&[table()], "runs").is_ok() && describe(&[table()], "inventory.runs").is_ok());
        assert!(describe(&[table()], "parties.runs").is_err());
    }

    #[test]
    fn commands_change_how_answers_are_shown() {
        let mut shown = Shown { format: Format::Table, is_timed: true, is_paged: true };
        obey("format csv", &[], &mut shown, 24).expect("it is one");
        obey("timing", &[], &mut shown, 24).expect("it is one");
        assert_eq!((shown.format, shown.is_timed), (Format::Csv, false));
        assert!(obey("format parquet", &[], &mut shown, 24).is_err());
        assert!(obey("drop", &[], &mut shown, 24).is_err());
    }
}
