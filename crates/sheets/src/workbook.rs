//! XLSX: unpacked once with a limit before anything is parsed, then read cell by cell, so that neither a packed
//! endless stream nor two cells at the far ends of a sheet take memory.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};

use crate::{Budget, MOST_UNPACKED_BYTES, Sheet, SheetError, trimmed};

/// The widest row that is read; what lies further right is not a table of ours.
const MOST_COLUMNS: usize = 1_024;

pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    check_unpacked_size(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let tables = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = tables.map(|sheet| sheet.name.clone()).collect();
    let mut budget = Budget::new();
    names.into_iter().map(|name| read_sheet(&mut workbook, name, &mut budget)).collect()
}

fn read_sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: String, budget: &mut Budget) -> Result<Sheet, SheetError> {
    let mut sheet = Sheet { name, rows: Vec::new(), numbers: Vec::new() };
    let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(|error| unreadable(&error))?;
    let mut row: Vec<String> = Vec::new();
    let mut at = 0_u32;
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
        let (cell_row, column) = cell.get_position();
        let column = column as usize;
        let text = text_of(cell.get_value());
        if text.is_empty() || column >= MOST_COLUMNS {
            continue;
        }
        budget.take(&text)?;
        if cell_row != at {
            keep(&mut sheet, std::mem::take(&mut row), at);
            at = cell_row;
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = text;
    }
    keep(&mut sheet, row, at);
    Ok(sheet)
}

fn keep(sheet: &mut Sheet, row: Vec<String>, at: u32) {
    if let Some(row) = trimmed(row) {
        sheet.rows.push(row);
        sheet.numbers.push(at as usize + 1);
    }
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => time_of(time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // What a formula could not work out is not there.
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn time_of(time: &ExcelDateTime) -> String {
    if !time.is_datetime() {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

/// Unpacks every part into nothing: sizes that an archive declares can be wrong.
fn check_unpacked_size(bytes: &[u8]) -> Result<(), SheetError> {
    let broken = |reason: String| SheetError::Workbook { reason };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    let mut left = MOST_UNPACKED_BYTES;
    let mut buffer = [0_u8; 16_384];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| broken(error.to_string()))?;
        loop {
            let count = part.read(&mut buffer).map_err(|error| broken(error.to_string()))?;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or(SheetError::Expands { most: MOST_UNPACKED_BYTES })?;
        }
    }
    Ok(())
}

fn unreadable(error: &XlsxError) -> SheetError {
    SheetError::Workbook { reason: error.to_string() }
}
