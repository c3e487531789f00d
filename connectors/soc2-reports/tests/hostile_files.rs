//! A file that is no report, or that was made to harm, gives its own clear error in bounded time.

#![expect(clippy::print_stdout, reason = "figures for whoever runs the tests")]

mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use carveout_soc2_reports::{Document, PdfError, ReadError, RegisterSettings, read};
use common::facts::facts;
use common::typeset::{Style, Tests, set};
use lopdf::{Dictionary, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};

const SAMPLE: &[u8] = include_bytes!("samples/northwind-soc2.pdf");

fn read_pdf(bytes: &[u8]) -> Result<Document, PdfError> {
    let started = Instant::now();
    let read = read(Path::new("vendors/some.pdf"), bytes, &common::criteria(), &RegisterSettings::default());
    assert!(started.elapsed() < Duration::from_secs(60), "it took {:?}", started.elapsed());
    read.map_err(|error| match error {
        ReadError::Pdf { source, .. } => source,
        other => panic!("{other}"),
    })
}

fn refused(bytes: &[u8]) -> PdfError {
    match read_pdf(bytes) {
        Err(error) => error,
        Ok(document) => panic!("it was read as {document:?}"),
    }
}

/// A file of pages with this content each, and these further resources.
fn pages(contents: &[&str], resources: impl FnOnce(&mut lopdf::Document) -> Dictionary) -> lopdf::Document {
    let mut document = lopdf::Document::with_version("1.7");
    let tree = document.new_object_id();
    let font = dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding" };
    let mut all = resources(&mut document);
    all.set("Font", dictionary! { "F1" => font });
    let mut kids = Vec::new();
    for content in contents {
        let stream = document.add_object(Stream::new(Dictionary::new(), content.as_bytes().to_vec()));
        kids.push(Object::Reference(document.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => stream, "Resources" => all.clone(),
            "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
        })));
    }
    let count = i64::try_from(kids.len()).expect("pages are few");
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document
}

fn bytes(mut document: lopdf::Document) -> Vec<u8> {
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("it is written to memory");
    bytes
}

#[test]
fn what_is_no_pdf_or_no_whole_one_is_refused() {
    assert!(matches!(refused(b""), PdfError::Empty));
    assert!(matches!(refused(b"<html>Not found</html>"), PdfError::NotAPdf));
    assert!(matches!(refused(b"%PDF-1.7\n"), PdfError::Damaged { .. }));
    for part in [4, 2] {
        let error = refused(&SAMPLE[..SAMPLE.len() / part]);
        assert!(!matches!(error, PdfError::NotAPdf | PdfError::Encrypted), "{error}");
    }
}

#[test]
fn no_cut_and_no_flipped_byte_makes_it_panic() {
    for cut in (0..SAMPLE.len()).step_by(701) {
        let _ = read_pdf(&SAMPLE[..cut]);
    }
    let mut bytes = SAMPLE.to_vec();
    for at in (0..bytes.len()).step_by(389) {
        let before = bytes[at];
        bytes[at] ^= 0x55;
        let _ = read_pdf(&bytes);
        bytes[at] = before;
    }
}

#[test]
fn an_encrypted_report_is_refused_with_what_to_do() {
    let text = "BT /F1 12 Tf 72 700 Td (SOC 2 Type 2 Report) Tj ET";
    let mut document = pages(&[text], |_| Dictionary::new());
    document
        .trailer
        .set("ID", vec![Object::string_literal("0123456789abcdef"), Object::string_literal("0123456789abcdef")]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).expect("the passwords are right");
    document.encrypt(&state).expect("it is encrypted");
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("it is written to memory");
    let error = refused(&bytes);
    assert!(matches!(error, PdfError::Encrypted), "{error}");
    assert!(error.to_string().contains("without a password"));
}

#[test]
fn a_scan_without_text_is_told_as_one() {
    let image = |document: &mut lopdf::Document| {
        let picture = Stream::new(
            dictionary! { "Type" => "XObject", "Subtype" => "Image", "Width" => 8, "Height" => 8, "BitsPerComponent" => 8, "ColorSpace" => "DeviceGray" },
            vec![0x7F; 64],
        );
        let id = document.add_object(picture);
        dictionary! { "XObject" => dictionary! { "Im0" => id } }
    };
    let content = "q 612 0 0 792 0 0 cm /Im0 Do Q BT /F1 8 Tf 1 0 0 1 300 20 Tm (1) Tj ET";
    let error = refused(&bytes(pages(&[content; 12], image)));
    assert!(matches!(error, PdfError::NoText { pages: 12 }), "{error}");
}

#[test]
fn a_page_that_unpacks_without_end_is_refused() {
    let content = " ".repeat(40 << 20);
    let packed = bytes(pages(&[&content], |_| Dictionary::new()));
    assert!(packed.len() < 1 << 20, "it is small as it comes: {}", packed.len());
    assert!(matches!(refused(&packed), PdfError::Expands { .. }));
}

#[test]
fn forms_that_draw_each_other_without_end_are_refused() {
    let nested = |deep: usize, each: usize| {
        bytes(pages(&["/X0 Do"], |document| {
            let mut inner: Option<lopdf::ObjectId> = None;
            for _ in 0..deep {
                let resources =
                    inner.map_or_else(Dictionary::new, |id| dictionary! { "XObject" => dictionary! { "X0" => id } });
                let form = dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 9.into(), 9.into()], "Resources" => resources };
                inner = Some(document.add_object(Stream::new(form, "/X0 Do ".repeat(each).into_bytes())));
            }
            dictionary! { "XObject" => dictionary! { "X0" => inner.expect("there is one") } }
        }))
    };
    assert!(matches!(refused(&nested(40, 1)), PdfError::TooDeep { .. }));
    assert!(matches!(refused(&nested(10, 40)), PdfError::Expands { .. }));
    let itself = bytes(pages(&["/X0 Do"], |document| {
        let id = document.new_object_id();
        let form = dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => dictionary! { "XObject" => dictionary! { "X0" => id } } };
        document.objects.insert(id, Stream::new(form, b"/X0 Do".to_vec()).into());
        dictionary! { "XObject" => dictionary! { "X0" => id } }
    }));
    assert!(matches!(refused(&itself), PdfError::TooDeep { .. }));
}

#[test]
fn an_object_stream_that_unpacks_without_end_is_refused() {
    // White packs a thousand to one: the file is small, and what is in it is not.
    let white = [b"9 0 ".to_vec(), vec![b' '; 48 << 20]].concat();
    let mut packed = bytes(pages(&["BT /F1 12 Tf 72 700 Td (SOC 2 Type 2 Report) Tj ET"], |document| {
        document.add_object(Stream::new(dictionary! { "Type" => "ObjStX", "N" => 1, "First" => 4 }, white));
        Dictionary::new()
    }));
    // The writer leaves streams of this type out.
    let name = packed.windows(6).position(|window| window == b"ObjStX").expect("the stream is there");
    packed[name + 5] = b'm';
    assert!(packed.len() < 1 << 20, "it is small as it comes: {}", packed.len());
    let error = refused(&packed);
    assert!(matches!(error, PdfError::Expands { .. }), "{error}");
}

#[test]
fn a_font_table_that_unpacks_without_end_is_left_and_the_text_is_read() {
    let line = "An invoice that is long enough to be read as text, and that is no report of any auditor at all";
    let content = format!("BT /F1 12 Tf 72 700 Td ({line}) Tj ET");
    let mut document = pages(&[&content], |_| Dictionary::new());
    let table = document.add_object(Stream::new(Dictionary::new(), vec![b' '; 16 << 20]));
    let font = dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
        "ToUnicode" => table,
    };
    let page = document.get_pages().into_values().next().expect("there is a page");
    let entries = document.get_dictionary_mut(page).expect("a page is a dictionary");
    entries.set("Resources", dictionary! { "Font" => dictionary! { "F1" => font } });
    let error = refused(&bytes(document));
    assert!(matches!(&error, PdfError::NotRecognized { quote, .. } if quote.contains("An invoice")), "{error}");
}

#[test]
fn more_pages_than_any_report_has_are_refused() {
    let error = refused(&bytes(pages(&["BT ET"; 5_001], |_| Dictionary::new())));
    assert!(matches!(error, PdfError::TooManyPages { .. }), "{error}");
}

#[test]
fn two_thousand_pages_are_read_at_a_hundred_a_second_or_more() {
    let long = facts(1, 10_500);
    let packed = set(&long, &Style { tests: Tests::ByCriterion, height: 380.0, ..Style::default() });
    let before = cpu_seconds();
    let Ok(Document::Report(report)) = read_pdf(&packed) else { panic!("it is a report") };
    let seconds = cpu_seconds() - before;
    let pages = report.extraction["pages"].as_u64().unwrap_or_default();
    println!(
        "{pages} pages, {} controls in {seconds:.2} CPU s: {:.0} a second",
        report.controls.len(),
        pages as f64 / seconds
    );
    println!("peak of the process, with what set the report: {} MiB", peak_mib());
    assert!(pages >= 2_000, "{pages}");
    assert_eq!(report.controls.len(), long.controls.len());
    assert!(pages as f64 / seconds > 100.0);
}

/// CPU time of this thread, which other work on the machine does not change; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = after_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}

/// The most memory that this process has had, where the system tells.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}
