//! Rows of a CSV or XLSX file as texts with their places, bounded in size. No meaning: what a column says is the
//! caller's. `XLS`, `ODS` and encrypted workbooks are refused with what to do.

mod delimited;
mod workbook;

use std::path::Path;

/// The largest file that is read.
pub const MOST_BYTES: usize = 32 << 20;
/// The most that a workbook may unpack to.
pub const MOST_UNPACKED_BYTES: u64 = 256 << 20;
/// The most cells in a file, so that rows of one file stay in memory.
pub const MOST_CELLS: usize = 1_000_000;
/// The most text in a file: a workbook may name one long text in every cell.
pub const MOST_TEXT_BYTES: usize = 64 << 20;

/// One sheet: a workbook's, or the whole of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The sheet's name; empty for a CSV file.
    pub name: String,
    /// Rows from the top, each up to its last cell with text. Cells are trimmed; rows without text are left out.
    pub rows: Vec<Vec<String>>,
    /// The number of each row in its file, from 1: the row of a sheet, the line of a CSV file.
    pub numbers: Vec<usize>,
}

impl Sheet {
    /// Where a row is, in words: `row 7 of "Vendors"`, `line 7`.
    pub fn place(&self, row: usize) -> String {
        let number = self.numbers.get(row).copied().unwrap_or(row + 1);
        if self.name.is_empty() { format!("line {number}") } else { format!("row {number} of \"{}\"", self.name) }
    }
}

/// Why a file can't be read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Neither CSV nor XLSX.
    #[error("{extension} is no table that can be read here: save it as .xlsx or .csv")]
    UnknownFormat {
        /// `.ods`, or `a file without extension`.
        extension: String,
    },
    /// A workbook of the format before 2007, or an encrypted one.
    #[error("the workbook is encrypted or of the format before 2007: save it as .xlsx without a password")]
    OldOrEncrypted,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The file is larger than [`MOST_BYTES`].
    #[error("the file has {bytes} bytes, more than the {most} that are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// The workbook unpacks to more than [`MOST_UNPACKED_BYTES`].
    #[error("the workbook unpacks to more than {most} bytes")]
    Expands {
        /// The limit.
        most: u64,
    },
    /// More than [`MOST_CELLS`] or [`MOST_TEXT_BYTES`].
    #[error("the file has more than {cells} cells or {text_bytes} bytes of text")]
    TooManyCells {
        /// The limit of cells.
        cells: usize,
        /// The limit of text.
        text_bytes: usize,
    },
    /// Neither UTF-8 nor UTF-16 with its mark.
    #[error("the file is not UTF-8 text (line {line}): save it as \"CSV UTF-8\"")]
    NotUnicode {
        /// The line of the first byte that is not.
        line: usize,
    },
    /// A record that is no CSV.
    #[error("line {line} is no CSV: {reason}")]
    Csv {
        /// The line.
        line: u64,
        /// The reader's message.
        reason: String,
    },
    /// Not a workbook, or a damaged one.
    #[error("not a readable workbook: {reason}")]
    Workbook {
        /// The reader's message.
        reason: String,
    },
}

/// Reads all sheets of a file. The format is told by the content where it shows, else by the name's extension
/// (`.csv`, `.tsv`, `.txt`).
///
/// Dates of a workbook become `2026-01-31`, or `2026-01-31T13:45:00` with a time; whole numbers have no decimal point.
///
/// # Errors
/// [`SheetError`] for the file as a whole; there is no half of a file.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Vec<Sheet>, SheetError> {
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.len() > MOST_BYTES {
        return Err(SheetError::TooLarge { bytes: bytes.len(), most: MOST_BYTES });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook::read(bytes);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(SheetError::OldOrEncrypted);
    }
    let extension = Path::new(file_name).extension().and_then(|text| text.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("csv" | "tsv" | "txt") => Ok(vec![delimited::read(bytes)?]),
        Some("xlsx" | "xlsm") => Err(SheetError::Workbook { reason: "it does not begin as one".to_owned() }),
        Some(other) => Err(SheetError::UnknownFormat { extension: format!(".{other}") }),
        None => Err(SheetError::UnknownFormat { extension: "a file without extension".to_owned() }),
    }
}

/// What may still be taken in, over all sheets of a file.
struct Budget {
    cells: usize,
    text_bytes: usize,
}

impl Budget {
    const fn new() -> Self {
        Self { cells: MOST_CELLS, text_bytes: MOST_TEXT_BYTES }
    }

    fn take(&mut self, text: &str) -> Result<(), SheetError> {
        let left = self.cells.checked_sub(1).zip(self.text_bytes.checked_sub(text.len()));
        let Some((cells, text_bytes)) = left else {
            return Err(SheetError::TooManyCells { cells: MOST_CELLS, text_bytes: MOST_TEXT_BYTES });
        };
        (self.cells, self.text_bytes) = (cells, text_bytes);
        Ok(())
    }
}

/// Cuts the empty end off a row; none where nothing is left.
fn trimmed(mut row: Vec<String>) -> Option<Vec<String>> {
    while row.last().is_some_and(String::is_empty) {
        row.pop();
    }
    (!row.is_empty()).then_some(row)
}
