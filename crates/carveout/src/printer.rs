//! Rows to standard output or a file, in the formats of the contract. Everything for people goes to standard error.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    path::Path,
};

use carveout_warehouse::{Cell, Rows};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde_json::{Map, Value};

use crate::{
    cli::{Format, Output},
    error::{CliError, OrFail},
};

/// Prints rows where and how the flags say.
pub fn print(rows: &Rows, output: &Output) -> Result<(), CliError> {
    if output.format == Format::Parquet {
        let Some(path) = &output.out else {
            return Err(CliError::usage("Parquet is binary and needs a file").hint("add --out FILE.parquet"));
        };
        return carveout_warehouse::write_parquet(rows, path).or_fail(|| format!("can't write {}", path.display()));
    }
    let (result, target) = match &output.out {
        None => (write(rows, output.format, &mut io::stdout().lock()), "standard output".to_owned()),
        Some(path) => (replace_file(path, |out| write(rows, output.format, out)), path.display().to_string()),
    };
    match result {
        // `carveout … | head` is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.or_fail(|| format!("can't write to {target}")),
    }
}

/// Rows as text, in any format that is text.
pub fn rendered(rows: &Rows, format: Format) -> String {
    let mut out = Vec::new();
    // Memory takes everything.
    let _ = write(rows, format, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Replaces a file when the new one is whole; a device or a pipe is written to as it is.
pub fn replace_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if path.exists() && !path.is_file() {
        return write(&mut File::create(path)?);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut buffered = BufWriter::new(&mut file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.persist(path)?;
    Ok(())
}

/// Writes plain text to standard output.
pub fn text(text: &str) -> Result<(), CliError> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.or_fail(|| "can't write to standard output".to_owned()),
    }
}

fn write(rows: &Rows, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table | Format::Parquet => write_table(rows, out),
        Format::Csv => write_csv(rows, out),
        Format::Json => write_json(rows, out),
        Format::Ndjson => write_ndjson(rows, out),
        Format::Markdown => write_markdown(rows, out),
    }
}

/// A table as wide as the terminal; as wide as it needs to be elsewhere.
pub fn table(rows: &Rows) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !io::stdout().is_terminal() {
        table.set_width(width_from_environment().unwrap_or(u16::MAX));
    }
    table.set_header(rows.columns.iter().map(|column| column.name.to_uppercase()));
    for row in &rows.rows {
        table.add_row(row.iter().map(cell_text));
    }
    for (index, column) in rows.columns.iter().enumerate() {
        let Some(laid_out) = table.column_mut(index) else { continue };
        laid_out.set_padding((0, 2));
        // Sentences may wrap; a column's name is what a query is written with, and a word is one.
        let word = rows.rows.iter().map(|row| cell_text(&row[index]).chars().count()).max().unwrap_or_default();
        let whole = if word <= LONGEST_WORD { column.name.len().max(word) } else { column.name.len() };
        let whole = u16::try_from(whole).unwrap_or(u16::MAX);
        laid_out.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(whole.saturating_add(2))));
        if is_number(&column.type_name) {
            laid_out.set_cell_alignment(comfy_table::CellAlignment::Right);
        }
    }
    table
}

/// A column of cells no longer than this is never broken.
const LONGEST_WORD: usize = 16;

fn width_from_environment() -> Option<u16> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}

fn is_number(type_name: &str) -> bool {
    ["INT", "DOUBLE", "FLOAT", "DECIMAL"].iter().any(|number| type_name.to_uppercase().contains(number))
        && !type_name.ends_with(']')
}

fn write_table(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    if rows.rows.is_empty() {
        return writeln!(out, "no rows");
    }
    table(rows).lines().try_for_each(|line| writeln!(out, "{}", line.trim_end()))
}

fn write_csv(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(rows.columns.iter().map(|column| &column.name))?;
    for row in &rows.rows {
        writer.write_record(row.iter().map(|cell| defused(cell_plain(cell))))?;
    }
    writer.flush()
}

/// A spreadsheet runs text that starts like a formula; a leading quote keeps it text.
fn defused(text: String) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if is_formula { format!("'{text}") } else { text }
}

fn write_json(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"[")?;
    for (index, row) in rows.rows.iter().enumerate() {
        out.write_all(if index == 0 { b"\n  " } else { b",\n  " })?;
        serde_json::to_writer(&mut *out, &object(rows, row))?;
    }
    out.write_all(if rows.rows.is_empty() { b"]\n" } else { b"\n]\n" })
}

fn write_ndjson(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    for row in &rows.rows {
        serde_json::to_writer(&mut *out, &object(rows, row))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn write_markdown(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    writeln!(out, "{}", line(rows.columns.iter().map(|column| column.name.clone()).collect()))?;
    let rule = |type_name: &str| if is_number(type_name) { "---:" } else { "---" }.to_owned();
    writeln!(out, "{}", line(rows.columns.iter().map(|column| rule(&column.type_name)).collect()))?;
    let escaped = |cell: &Cell| {
        let text = cell_text(cell).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
        text.replace(['\n', '\r'], " ")
    };
    rows.rows.iter().try_for_each(|row| writeln!(out, "{}", line(row.iter().map(escaped).collect())))
}

fn object(rows: &Rows, row: &[Cell]) -> Map<String, Value> {
    rows.columns.iter().map(|column| column.name.clone()).zip(row.iter().map(cell_json)).collect()
}

fn cell_json(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(value) => (*value).into(),
        Cell::Integer(value) => (*value).into(),
        Cell::Double(value) => (*value).into(),
        Cell::Text(text) | Cell::Date(text) | Cell::Timestamp(text) => text.clone().into(),
        Cell::Json(value) => value.clone(),
    }
}

/// For files: absent is the empty text, numbers are whole.
fn cell_plain(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Bool(value) => value.to_string(),
        Cell::Integer(value) => value.to_string(),
        Cell::Double(value) => value.to_string(),
        Cell::Text(text) | Cell::Date(text) | Cell::Timestamp(text) => text.clone(),
        Cell::Json(value) => value.to_string(),
    }
}

/// For people: lists without brackets, numbers short, and nothing that a terminal would obey.
fn cell_text(cell: &Cell) -> String {
    let text = match cell {
        Cell::Double(value) => {
            let text = format!("{value:.2}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Cell::Json(Value::Array(elements)) => {
            let texts = elements.iter().map(|each| each.as_str().map_or_else(|| each.to_string(), ToOwned::to_owned));
            texts.collect::<Vec<_>>().join(", ")
        }
        other => cell_plain(other),
    };
    harmless(&text)
}

/// Words in lines of 80 columns, each behind so many blanks.
pub fn wrapped(text: &str, indent: usize) -> String {
    const WIDTH: usize = 80;
    let (mut lines, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && indent + line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push_str(&format!("{:indent$}{line}\n", ""));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push_str(&format!("{:indent$}{line}\n", ""));
    }
    lines
}

/// Text without anything that a terminal would obey.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() && character != '\n' { '\u{fffd}' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use carveout_warehouse::Column;

    use super::*;

    fn sample() -> Rows {
        Rows {
            columns: vec![
                Column::new("party", "VARCHAR"),
                Column::new("hours", "DOUBLE"),
                Column::new("criteria", "VARCHAR[]"),
            ],
            rows: vec![
                vec![
                    Cell::Text("=cmd|' /C calc'!A0".into()),
                    Cell::Double(2.5),
                    Cell::Json(serde_json::json!(["CC6.1"])),
                ],
                vec![Cell::Text("a|b\u{1b}[31m".into()), Cell::Null, Cell::Json(serde_json::json!([]))],
            ],
        }
    }

    fn written(format: Format) -> String {
        let mut out = Vec::new();
        write(&sample(), format, &mut out).expect("memory takes it");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn csv_defuses_formulas() {
        assert_eq!(
            written(Format::Csv),
            "party,hours,criteria\n'=cmd|' /C calc'!A0,2.5,\"[\"\"CC6.1\"\"]\"\na|b\u{1b}[31m,,[]\n"
        );
    }

    #[test]
    fn json_keys_are_the_column_names() {
        let value: Value = serde_json::from_str(&written(Format::Json)).expect("it is JSON");
        assert_eq!(value[0]["hours"], 2.5);
        assert_eq!(value[1]["hours"], Value::Null);
        assert_eq!(value[0]["criteria"][0], "CC6.1");
    }

    #[test]
    fn markdown_escapes_cells() {
        assert!(written(Format::Markdown).contains(r"a\|b"));
    }

    #[test]
    fn long_texts_are_wrapped_at_80_columns_and_long_words_are_kept() {
        let text = ["word"; 40].join(" ");
        let lines = wrapped(&text, 6);
        assert!(lines.lines().all(|line| line.starts_with("      word") && line.len() <= 80), "{lines}");
        assert_eq!(lines.split_whitespace().count(), 40);
        assert_eq!(wrapped(&"w".repeat(100), 2), format!("  {}\n", "w".repeat(100)));
        assert_eq!(wrapped(" ", 2), "");
    }

    #[test]
    fn a_terminal_gets_no_escape_sequences_from_data() {
        assert!(!written(Format::Table).contains('\u{1b}'));
    }
}
