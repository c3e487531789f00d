//! CSV in the forms that spreadsheets write: commas, semicolons or tabs; UTF-8 with or without a mark, or UTF-16.

use std::borrow::Cow;

use crate::{Budget, Sheet, SheetError, trimmed};

pub(crate) fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut sheet = Sheet { name: String::new(), rows: Vec::new(), numbers: Vec::new() };
    let mut budget = Budget::new();
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        let more =
            reader.read_record(&mut record).map_err(|error| SheetError::Csv { line, reason: error.to_string() })?;
        if !more {
            return Ok(sheet);
        }
        let number = record.position().map_or(line, |position| first_line(&text, position));
        let mut row = Vec::with_capacity(record.len());
        for cell in &record {
            let cell = cell.trim();
            budget.take(cell)?;
            row.push(cell.to_owned());
        }
        if let Some(row) = trimmed(row) {
            sheet.rows.push(row);
            sheet.numbers.push(usize::try_from(number).unwrap_or(usize::MAX));
        }
    }
}

/// The line of a record: its position is that of the empty lines before it.
fn first_line(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let before = text.bytes().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + before.filter(|byte| *byte == b'\n').count() as u64
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map(Cow::Owned).map_err(|_| SheetError::NotUnicode { line: 1 })
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                SheetError::NotUnicode { line: 1 + before.iter().filter(|byte| **byte == b'\n').count() }
            })
        }
    }
}

/// The delimiter that the first lines show most often outside quotes; where a comma is the decimal sign, spreadsheets
/// write semicolons.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(16_384) {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted && let Some((_, count)) = counts.iter_mut().find(|(each, _)| *each == byte) {
            *count += 1;
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(byte, _)| *byte)
}
