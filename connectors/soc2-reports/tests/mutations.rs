//! Valid files, damaged at random and always alike: no reader panics, hangs or invents. The inputs follow from their seeds,
//! and a failure names the sample and the seed; `CARVEOUT_MUTATION_SEED` repeats one, `CARVEOUT_MUTATION_SECONDS` goes on
//! for longer than a test run does.

#![expect(clippy::print_stdout, reason = "figures for whoever runs the tests")]

mod common;

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use carveout_model::Soc2Report;
use carveout_soc2_reports::{Document, RegisterSettings, TEMPLATE, read, samples};
use common::facts::facts;
use common::paper::paper;
use common::typeset::{Style, Tests, UserControls, set};
use fastrand::Rng;
use zip::{ZipWriter, write::SimpleFileOptions};

/// Longer than any reader takes for a file of this size, on a loaded machine.
const MOST_TIME: Duration = Duration::from_secs(20);
/// How long each test goes on, where nothing else is asked for.
const SECONDS: u64 = 5;
/// The most inputs of a test, whatever the time.
const MOST_INPUTS: u64 = 1_000_000;
/// A damaged file is at most so many times as long as the valid one, and this much longer.
const MOST_ADDED: usize = 64 << 10;

/// A valid file. What is damaged is a part of it where the file is an archive.
struct Sample {
    name: String,
    bytes: Vec<u8>,
    /// Makes the file of the part.
    pack: fn(&[u8]) -> Vec<u8>,
}

fn plain(name: &str, bytes: impl Into<Vec<u8>>) -> Sample {
    Sample { name: name.to_owned(), bytes: bytes.into(), pack: <[u8]>::to_vec }
}

/// Texts that parsers have a special mind for.
const TOKENS: &[&str] = &[
    "0",
    "-1",
    "4294967296",
    "-9223372036854775809",
    "1e309",
    "NaN",
    "\0",
    "\u{FEFF}",
    "\u{202E}",
    "\"",
    "'",
    "[[",
    "]]",
    "{{{{",
    "<<",
    ">>",
    "endobj",
    "stream\n",
    "endstream",
    "obj",
    "xref",
    "/Kids",
    "/Length 0",
    "/Rotate 91",
    "/W [0 0]",
    "BT",
    "ET",
    "Tj",
    "q q q q",
    "(",
    ")",
    "\\",
    "&a",
    "*a",
    "!!binary ",
    "- - - ",
    "? ",
    "|\n",
    ">-\n",
    "\t",
    "\r\n",
    ",,,",
    ";;",
    "9999-99-99",
    "31/02/2026",
    "CC6.1 - CC99999999.4294967295",
    "CC6.1 through CC6.99",
    "<c r=\"XFD1048576\">",
    "<row r=\"4294967295\">",
    "]]>",
    "&#0;",
    "&lt;",
];

/// Damages a file: some strokes, each of one of many kinds. `other` is a file to take pieces from.
fn damage(bytes: &[u8], other: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.usize(1..=6) {
        let length = bytes.len();
        if length == 0 {
            break;
        }
        let at = random.usize(0..length);
        let part = 1 + random.usize(0..20);
        let piece = random.usize(1..=1 + length.min(2_000) / part);
        let end = (at + piece).min(length);
        match random.usize(0..9) {
            0 => bytes[at] ^= 1 << random.u8(0..8),
            1 => bytes[at] = random.u8(..),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..end)),
            4 => {
                // The same piece again and again, as deep nesting and long lists are made.
                let again: Vec<u8> = bytes[at..end].repeat(random.usize(1..200));
                drop(bytes.splice(at..at, again.into_iter().take(MOST_ADDED)));
            }
            5 if !other.is_empty() => {
                let from = random.usize(0..other.len());
                let to = (from + piece).min(other.len());
                drop(bytes.splice(at..end, other[from..to].iter().copied()));
            }
            6 => drop(bytes.splice(at..at, random.choice(TOKENS).unwrap_or(&"").bytes())),
            7 => bytes[at..end]
                .iter_mut()
                .filter(|byte| byte.is_ascii_digit())
                .for_each(|byte| *byte = random.u8(b'0'..=b'9')),
            _ => {
                let target = random.usize(0..length);
                bytes.swap(at, target);
            }
        }
        bytes.truncate(length + MOST_ADDED);
    }
    bytes
}

/// What holds of every report, however damaged its file was.
fn check(report: &Soc2Report, known: &BTreeSet<String>) {
    assert!(!report.report_id.is_empty() && report.source_sha256.len() == 64);
    let criteria = report
        .controls
        .iter()
        .flat_map(|each| &each.criteria)
        .chain(report.user_entity_controls.iter().flat_map(|each| &each.criteria))
        .chain(report.exceptions.iter().flat_map(|each| &each.criteria))
        .chain(&report.qualified_criteria);
    for id in criteria {
        assert!(known.contains(id), "{id} is no criterion");
    }
    if let (Some(start), Some(end)) = (report.period_start, report.period_end) {
        assert!(start <= end, "{start} to {end}");
    }
}

/// Reads an input on a thread of its own, whose name tells a panic or an overflow of the stack apart.
fn read_apart(sample: &str, seed: u64, bytes: Vec<u8>, known: &Arc<BTreeSet<String>>) -> Duration {
    let (done, waits) = mpsc::channel();
    let (path, known) = (sample.to_owned(), Arc::clone(known));
    let reading = move || {
        let started = Instant::now();
        match read(Path::new(&path), &bytes, &known, &RegisterSettings::default()) {
            Ok(Document::Report(report)) => check(&report, &known),
            Ok(Document::Register(register)) => register.reports.iter().for_each(|report| check(report, &known)),
            Ok(Document::Other(document)) => assert!(!document.document_id.is_empty()),
            Ok(Document::Letter(_)) => {}
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        done.send(started.elapsed()).expect("the test waits");
    };
    thread::Builder::new().name(format!("{sample}, seed {seed}")).spawn(reading).expect("a thread");
    match waits.recv_timeout(MOST_TIME) {
        Ok(elapsed) => elapsed,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{sample}, seed {seed}: not read within {MOST_TIME:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => panic!("{sample}, seed {seed}: it panicked"),
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Damages the samples one after the other, until the time is over.
fn mutate(what: &str, samples: &[Sample]) {
    let known = Arc::new(common::criteria());
    for sample in samples {
        let bytes = (sample.pack)(&sample.bytes);
        let whole = read(Path::new(&sample.name), &bytes, &known, &RegisterSettings::default());
        assert!(whole.is_ok(), "{} is no valid sample: {whole:?}", sample.name);
    }
    let input = |seed: u64| {
        let mut random = Rng::with_seed(seed);
        let sample = &samples[usize::try_from(seed).expect("seeds are small") % samples.len()];
        let other = &samples[random.usize(0..samples.len())];
        (sample.name.as_str(), (sample.pack)(&damage(&sample.bytes, &other.bytes, &mut random)))
    };
    if let Some(seed) = number("CARVEOUT_MUTATION_SEED") {
        let (name, bytes) = input(seed);
        println!("{name}, seed {seed}: {} bytes in {:?}", bytes.len(), read_apart(name, seed, bytes, &known));
        return;
    }
    let ends = Instant::now() + Duration::from_secs(number("CARVEOUT_MUTATION_SECONDS").unwrap_or(SECONDS));
    let mut slowest = (Duration::ZERO, 0);
    let mut seed = 0;
    while seed < MOST_INPUTS && Instant::now() < ends {
        let (name, bytes) = input(seed);
        let elapsed = read_apart(name, seed, bytes, &known);
        slowest = slowest.max((elapsed, seed));
        seed += 1;
    }
    println!("{what}: {seed} damaged files, the slowest {:?} (seed {})", slowest.0, slowest.1);
    assert!(seed >= 20, "only {seed} were read");
}

#[test]
fn damaged_cards_are_read_or_refused() {
    let cards = samples().iter().map(|sample| plain(sample.name, sample.bytes));
    mutate("cards", &cards.chain([plain("template.toml", TEMPLATE)]).collect::<Vec<_>>());
}

const REGISTER: &str = "Vendor register 2026\n\
    Vendor Name;Website;SOC report type;Period start;Period end;Report date;TSC;Opinion;Qualified criteria;Subservice organizations\n\
    Northwind Logs, Inc.;https://www.northwind.example/x;SOC 2 Type II;01/10/2025;30/09/2026;06/11/2026;Security, Availability;Qualified;CC6.1 - CC6.3;Amazon Web Services (carve-out)\n\
    Papertrail Payments Ltd;papertrail.example;SOC 2 Type 1;;30/06/2026;;S;clean;;\n\
    \"Bright;pipe\" AG;;ISO 27001;;;;;;;\n";

#[test]
fn damaged_registers_are_read_or_refused() {
    mutate("registers", &[plain("register.csv", REGISTER), plain("register.tsv", REGISTER.replace(';', "\t"))]);
}

const SHEET: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Vendor</t></is></c><c r="B1" t="inlineStr"><is><t>Report</t></is></c><c r="C1" t="inlineStr"><is><t>Period end</t></is></c><c r="D1" t="inlineStr"><is><t>Period start</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Northwind</t></is></c><c r="B2" t="inlineStr"><is><t>SOC 2 Type 2</t></is></c><c r="C2" s="1"><v>46295</v></c><c r="D2" s="1"><v>45931</v></c></row></sheetData></worksheet>"#;
const SHEET_PARTS: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Vendors" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
    ),
];

/// A workbook of the usual parts and this sheet.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = SHEET_PARTS.iter().map(|(name, text)| (*name, text.as_bytes()));
    for (name, bytes) in parts.chain([("xl/worksheets/sheet1.xml", sheet)]) {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part starts");
        zip.write_all(bytes).expect("a part is written");
    }
    zip.finish().expect("the archive ends").into_inner()
}

#[test]
fn damaged_workbooks_are_read_or_refused() {
    // The sheet within a sound archive, and the archive itself.
    let sheet = Sample { name: "sheet.xlsx".to_owned(), bytes: SHEET.as_bytes().to_vec(), pack: workbook };
    mutate("workbooks", &[sheet, plain("register.xlsx", workbook(SHEET.as_bytes()))]);
}

#[test]
fn damaged_reports_are_read_or_refused() {
    let small = |tests: Tests| Style { tests, user_controls: UserControls::Numbered, ..Style::default() };
    let unpacked = |bytes: Vec<u8>| {
        let mut document = lopdf::Document::load_mem(&bytes).expect("it is a PDF");
        document.decompress();
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).expect("it is written to memory");
        bytes
    };
    mutate(
        "reports",
        &[
            plain("northwind.pdf", &include_bytes!("samples/northwind-soc2.pdf")[..]),
            plain("table.pdf", set(&facts(1, 8), &small(Tests::ByControl))),
            // Without compression the damage reaches the text and its places.
            plain("unpacked.pdf", unpacked(set(&facts(1, 8), &small(Tests::ByCriterion)))),
            plain("paragraphs.pdf", unpacked(set(&facts(2, 8), &small(Tests::Labelled)))),
            plain("composite.pdf", unpacked(set(&facts(3, 4), &Style { composite: true, ..small(Tests::GroupRows) }))),
        ],
    );
}

#[test]
fn damaged_letters_and_certificates_are_read_or_refused() {
    mutate(
        "letters",
        &[
            plain(
                "letter.pdf",
                paper(&[
                    (14.0, "Northwind Logs, Inc. SOC 2 Bridge Letter"),
                    (
                        11.0,
                        "The most recent SOC 2 Type 2 report covers the period October 1, 2025 to September 30, 2026.",
                    ),
                    (11.0, "Management is not aware of any material changes to its controls"),
                    (11.0, "from October 1, 2026 to December 15, 2026."),
                ]),
            ),
            plain(
                "certificate.pdf",
                paper(&[
                    (22.0, "Certificate of Registration"),
                    (11.0, "This is to certify that"),
                    (16.0, "Halden Freight Systems, Inc."),
                    (10.0, "complies with the requirements of ISO/IEC 27001:2022 for the following scope"),
                    (
                        10.0,
                        "Development and operation of the Halden Dispatch Cloud, as of its statement of applicability",
                    ),
                    (10.0, "Issue date\tExpiry date"),
                    (10.0, "March 3, 2025\tFebruary 28, 2028"),
                ]),
            ),
            plain(
                "attestation.pdf",
                paper(&[
                    (18.0, "Payment Card Industry Data Security Standard"),
                    (14.0, "Attestation of Compliance, PCI DSS v4.0.1"),
                    (10.0, "Company name:\tHalden Freight Systems, Inc."),
                    (10.0, "Name of service(s) assessed:\tHalden Dispatch Cloud"),
                    (10.0, "Date of Report as noted in the Report on Compliance: 2026-05-04"),
                ]),
            ),
            plain(
                "penetration.pdf",
                paper(&[
                    (16.0, "Letter of Attestation: Penetration Test"),
                    (
                        10.0,
                        "Larkspur Offensive Security Ltd performed a penetration test of Halden Freight Systems, Inc.'s",
                    ),
                    (
                        10.0,
                        "Halden Dispatch Cloud between March 2, 2026 and March 13, 2026. No critical findings remain open.",
                    ),
                ]),
            ),
        ],
    );
}
