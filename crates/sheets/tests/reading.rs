//! The same rows come out of each format, and nothing that a file claims makes it take more than its share.

use std::io::{Cursor, Write};

use carveout_sheets::{SheetError, read};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A workbook with one sheet, from the XML of its rows.
fn workbook(rows: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
                .to_owned(),
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                .to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#
                .to_owned(),
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Vendors" sheetId="1" r:id="rId1"/></sheets></workbook>"#
                .to_owned(),
        ),
        (
            "xl/styles.xml",
            r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
                .to_owned(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
            ),
        ),
    ];
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part starts");
        zip.write_all(text.as_bytes()).expect("a part is written");
    }
    zip.finish().expect("the archive ends").into_inner()
}

const ROWS: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Vendor</t></is></c><c r="B1" t="inlineStr"><is><t>Until</t></is></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>Northwind Logs, Inc.</t></is></c><c r="B3" s="1"><v>46295</v></c><c r="C3"><v>12</v></c></row>"#;

#[test]
fn a_workbook_gives_texts_with_their_rows_and_dates_as_dates() {
    let sheets = read(&workbook(ROWS), "register.xlsx").expect("it is a workbook");
    assert_eq!(sheets.len(), 1);
    assert_eq!(sheets[0].rows, [vec!["Vendor", "Until"], vec!["Northwind Logs, Inc.", "2026-09-30", "12"]]);
    assert_eq!(sheets[0].numbers, [1, 3]);
    assert_eq!(sheets[0].place(1), "row 3 of \"Vendors\"");
}

#[test]
fn csv_is_read_with_commas_semicolons_tabs_and_marks() {
    let expected = [vec!["Vendor", "Until"], vec!["Northwind Logs, Inc.", "2026-09-30"]];
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("Vendor\tUntil\nNorthwind Logs, Inc.\t2026-09-30\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let files: [&[u8]; 4] = [
        b"Vendor,Until\r\n\r\n\"Northwind Logs, Inc.\",2026-09-30\r\n",
        b"\xEF\xBB\xBFVendor;Until\n\nNorthwind Logs, Inc.;2026-09-30\n",
        b"Vendor\tUntil\n,\n Northwind Logs, Inc. \t2026-09-30\t\t\n",
        &wide,
    ];
    for bytes in files {
        let sheet = read(bytes, "register.CSV").expect("it is CSV").remove(0);
        let rows: Vec<_> = sheet.rows.iter().filter(|row| row[0] != ",").cloned().collect();
        assert_eq!(rows, expected);
        assert_eq!(sheet.name, "");
    }
}

#[test]
fn a_row_of_csv_knows_its_line() {
    let sheet = read(b"a\n\n\"b\nb\"\nc\n", "x.csv").expect("it is CSV").remove(0);
    assert_eq!(sheet.numbers, [1, 3, 5]);
    assert_eq!(sheet.place(2), "line 5");
}

#[test]
fn cells_at_the_far_ends_of_a_sheet_take_no_memory_between() {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c><c r="A1048576"><v>3</v></c></row>"#;
    let sheet = read(&workbook(rows), "far.xlsx").expect("it is a workbook").remove(0);
    assert_eq!((sheet.rows.len(), sheet.numbers[1]), (2, 1_048_576));
}

#[test]
fn a_workbook_that_expands_without_end_is_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", SimpleFileOptions::default()).expect("a part starts");
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..300 {
        zip.write_all(&zeros).expect("a part is written");
    }
    let bytes = zip.finish().expect("the archive ends").into_inner();
    assert!(matches!(read(&bytes, "bomb.xlsx"), Err(SheetError::Expands { .. })));
}

#[test]
fn what_is_no_table_is_refused_with_what_to_do() {
    let refused = |bytes: &[u8], name: &str| read(bytes, name).expect_err("it is no table").to_string();
    assert!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old.xls").contains("save it as .xlsx"));
    assert!(refused(b"x", "register.ods").contains(".ods"));
    assert!(refused(b"", "register.csv").contains("empty"));
    assert!(refused(b"a\nb\xFF\n", "register.csv").contains("line 2"));
    assert!(refused(b"PK\x03\x04 and nothing more", "broken.xlsx").contains("workbook"));
    assert!(refused(b"not a workbook", "broken.xlsx").contains("workbook"));
}
