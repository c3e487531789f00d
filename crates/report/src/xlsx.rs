//! A document as a workbook: a sheet that says what it is, then a sheet per table. Only texts and numbers are written, so
//! nothing from the inventory or from a vendor can become a formula or a link.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::{
    document::{Document, Field, SectionDraft, Table},
    draft::words,
    markdown::is_invisible,
};

/// Excel's own limit for a text in a cell, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
const CUT: &str = " … (cut)";
/// Excel's own limit for rows, less those above a table.
const MOST_ROWS: usize = 1_048_000;

const INK: Color = Color::RGB(0x1F_2937);
const MUTED: Color = Color::RGB(0x6B_7280);
const BAND: Color = Color::RGB(0x1F_3A5F);
const RULE: Color = Color::RGB(0xD1_D5DB);
const A4: u8 = 9;
/// Title, as-of line, an empty row.
const HEADER_ROW: u32 = 3;

/// The workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum XlsxFailure {
    /// The library refuses.
    #[error("the workbook can't be written")]
    Write(#[from] XlsxError),
    /// More rows than a sheet can hold.
    #[error("the sheet `{sheet}` would have {rows} rows, more than a workbook can hold")]
    TooLong {
        /// The sheet.
        sheet: &'static str,
        /// How many rows.
        rows: usize,
    },
}

struct Formats {
    title: Format,
    subtitle: Format,
    heading: Format,
    label: Format,
    text: Format,
    number: Format,
    column: Format,
    number_column: Format,
}

impl Formats {
    fn new() -> Self {
        let base = || Format::new().set_font_name("Calibri").set_font_color(INK).set_align(FormatAlign::Top);
        let cell = || base().set_font_size(10).set_border(FormatBorder::Thin).set_border_color(RULE);
        let column = || cell().set_bold().set_font_color(Color::White).set_background_color(BAND).set_text_wrap();
        Self {
            title: base().set_font_size(16).set_bold(),
            subtitle: base().set_font_size(10).set_italic().set_font_color(MUTED),
            heading: base().set_font_size(12).set_bold(),
            label: base().set_font_size(10).set_bold(),
            text: cell().set_text_wrap(),
            number: cell().set_num_format("#,##0"),
            column: column(),
            number_column: column().set_align(FormatAlign::Right),
        }
    }
}

/// Renders a document. The same document gives the same bytes: the file's own date is that of `written_at`
/// (`2026-12-31T23:59:59Z`).
///
/// # Errors
/// [`XlsxFailure::TooLong`] where a table does not fit a sheet; [`XlsxFailure::Write`] where the library refuses.
pub fn xlsx(document: &Document, written_at: &str) -> Result<Vec<u8>, XlsxFailure> {
    let formats = Formats::new();
    let mut workbook = Workbook::new();
    let written = ExcelDateTime::parse_from_str(written_at)?;
    workbook.set_properties(&DocProperties::new().set_title(plain(&document.title)).set_creation_datetime(&written));
    write_cover(workbook.add_worksheet(), document, &formats)?;
    for section in &document.sections {
        for table in &section.tables {
            write_table(workbook.add_worksheet(), section, table, &formats)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_cover(sheet: &mut Worksheet, document: &Document, formats: &Formats) -> Result<(), XlsxFailure> {
    sheet.set_name("About")?.set_screen_gridlines(false);
    page(sheet);
    sheet.set_column_width(0, 26)?.set_column_width(1, 110)?;
    sheet.write_string_with_format(0, 0, plain(&document.title), &formats.title)?;
    let mut row = 2;
    for (label, text) in &document.facts {
        sheet.write_string_with_format(row, 0, *label, &formats.label)?;
        sheet.write_string_with_format(row, 1, plain(text), &formats.text)?;
        row += 1;
    }
    for section in &document.sections {
        row += 1;
        sheet.write_string_with_format(row, 0, section.section.title(), &formats.heading)?;
        row += 1;
        for text in std::iter::once(&section.as_of).chain(&section.paragraphs) {
            sheet.write_string_with_format(row, 1, plain(text), &formats.text)?;
            row += 1;
        }
        for table in &section.tables {
            let rows = match table.rows.len() {
                0 => table.when_empty.to_owned(),
                1 => "1 row".to_owned(),
                many => format!("{many} rows"),
            };
            sheet.write_string_with_format(row, 0, table.sheet, &formats.label)?;
            sheet.write_string_with_format(row, 1, format!("{}: {rows}", table.title), &formats.text)?;
            row += 1;
        }
    }
    Ok(())
}

fn write_table(
    sheet: &mut Worksheet,
    section: &SectionDraft,
    table: &Table,
    formats: &Formats,
) -> Result<(), XlsxFailure> {
    if table.rows.len() > MOST_ROWS {
        return Err(XlsxFailure::TooLong { sheet: table.sheet, rows: table.rows.len() });
    }
    sheet.set_name(table.sheet)?.set_screen_gridlines(false);
    page(sheet);
    let title = format!("{} · {}", section.section.title(), table.title);
    sheet.write_string_with_format(0, 0, title, &formats.title)?;
    sheet.write_string_with_format(1, 0, plain(&section.as_of), &formats.subtitle)?;
    for (column, index) in table.columns.iter().zip(0..) {
        sheet.set_column_width(index, column.width)?;
        let format = if column.is_number { &formats.number_column } else { &formats.column };
        sheet.write_string_with_format(HEADER_ROW, index, plain(&column.title), format)?;
    }
    for (fields, row) in table.rows.iter().zip(HEADER_ROW + 1..) {
        for ((field, column), index) in fields.iter().zip(&table.columns).zip(0..) {
            let format = if column.is_number { &formats.number } else { &formats.text };
            match field {
                Field::Absent => sheet.write_blank(row, index, format)?,
                Field::Text(text) => sheet.write_string_with_format(row, index, plain(text), format)?,
                Field::Treatment(treatment) => {
                    sheet.write_string_with_format(row, index, words(treatment.as_str()), format)?
                }
                #[expect(clippy::cast_precision_loss, reason = "a workbook holds every number as a double")]
                Field::Number(value) => sheet.write_number_with_format(row, index, *value as f64, format)?,
            };
        }
    }
    if table.rows.is_empty() {
        sheet.write_string_with_format(HEADER_ROW + 1, 0, plain(table.when_empty), &formats.subtitle)?;
    } else {
        let last_row = HEADER_ROW + u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        let last_column = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(HEADER_ROW, 0, last_row, last_column)?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    sheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    Ok(())
}

/// As wide as one A4 page, as long as it gets, with page numbers.
fn page(sheet: &mut Worksheet) {
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_footer("&L&A&R&P / &N");
}

/// What a cell can hold: no control characters, and no longer than the limit, with a word where it was cut.
fn plain(text: &str) -> String {
    let shown = |character: char| match character {
        '\n' => '\n',
        '\t' | '\r' => ' ',
        _ if is_invisible(character) => '\u{fffd}',
        _ => character,
    };
    let mut units = 0;
    let mut out = String::with_capacity(text.len());
    for character in text.chars().map(shown) {
        units += character.len_utf16();
        if units > LONGEST_TEXT - CUT.len() {
            out += CUT;
            break;
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_no_cell_can_hold_is_cut_with_a_word() {
        let text = plain(&"𝒳".repeat(40_000));
        assert!(text.ends_with(CUT));
        assert!(text.encode_utf16().count() <= LONGEST_TEXT);
        assert_eq!(plain("a\u{1b}\u{202e}b\tc"), "a\u{fffd}\u{fffd}b c");
    }
}
