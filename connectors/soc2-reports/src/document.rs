//! Any file that vendors send, read by what it is; and what several files say of one report, brought together: a card
//! over its PDF, a letter over the period that it continues, a register under both.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use carveout_model::{OtherDocument, Soc2Report};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::card::read_card;
use crate::identity::{document_id, sha256};
use crate::pdf::{self, PdfDocument, PdfError};
use crate::problem::CardError;
use crate::register::{Register, RegisterError, RegisterSettings, read_register};

/// What a file holds.
#[derive(Debug)]
pub enum Document {
    /// A SOC 2 report, from a card or a PDF.
    Report(Box<Soc2Report>),
    /// A letter that continues a report's period.
    Letter(BridgeLetter),
    /// Something else that vendors send, kept as what it is: nothing is inherited from it.
    Other(Box<OtherDocument>),
    /// A register of vendors.
    Register(Register),
}

/// A bridge letter: the vendor's word that nothing changed since its report.
#[derive(Debug, Clone, PartialEq)]
pub struct BridgeLetter {
    /// Whose it is, where it says so.
    pub organization: Option<String>,
    /// The last day of the period that it continues, where it says so.
    pub after: Option<Date>,
    /// The last day that it speaks for.
    pub until: Date,
    /// Where it was read from.
    pub source: String,
    /// SHA-256 of the file.
    pub source_sha256: String,
    /// What was read, with page and quote.
    pub fields: Vec<Value>,
}

/// Why a file gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A card with problems.
    #[error(transparent)]
    Card(#[from] CardError),
    /// A PDF.
    #[error("{}: {source}", path.display())]
    Pdf {
        /// The file.
        path: PathBuf,
        /// Why.
        source: PdfError,
    },
    /// A register.
    #[error("{}: {source}", path.display())]
    Register {
        /// The file.
        path: PathBuf,
        /// Why.
        source: RegisterError,
    },
}

/// Reads a file by its content and its name: PDF, register (`.csv`, `.tsv`, `.xlsx`) or card.
///
/// # Errors
/// [`ReadError`] with the reason; nothing of the file is taken then. Rows of a register that can't be read are values.
pub fn read(
    path: &Path,
    bytes: &[u8],
    known_criteria: &BTreeSet<String>,
    settings: &RegisterSettings,
) -> Result<Document, ReadError> {
    let extension = path.extension().and_then(|text| text.to_str()).map(str::to_ascii_lowercase).unwrap_or_default();
    if extension == "pdf" || bytes.starts_with(b"%PDF-") {
        let failed = |source| ReadError::Pdf { path: path.to_owned(), source };
        let (source, source_sha256) = (path.to_string_lossy().into_owned(), sha256(bytes));
        return Ok(match pdf::read(bytes, known_criteria).map_err(failed)? {
            PdfDocument::Report(report) => Document::Report(Box::new(Soc2Report { source, source_sha256, ..*report })),
            PdfDocument::Letter { organization, after, until, fields } => {
                Document::Letter(BridgeLetter { organization, after, until, source, source_sha256, fields })
            }
            PdfDocument::Other(other) => {
                let mut other = OtherDocument { source, source_sha256, ..*other };
                other.document_id = document_id(&other);
                Document::Other(Box::new(other))
            }
        });
    }
    if ["csv", "tsv", "txt", "xlsx", "xlsm", "xls"].contains(&extension.as_str()) {
        let failed = |source| ReadError::Register { path: path.to_owned(), source };
        return read_register(path, bytes, known_criteria, settings).map(Document::Register).map_err(failed);
    }
    Ok(read_card(path, bytes, known_criteria).map(|report| Document::Report(Box::new(report)))?)
}

/// Several files, brought together.
#[derive(Debug, Default)]
pub struct Combined {
    /// One for each report, whatever number of files tell of it.
    pub reports: Vec<Soc2Report>,
    /// Letters whose report is not among these.
    pub letters: Vec<BridgeLetter>,
    /// Documents that are no SOC 2 report.
    pub documents: Vec<OtherDocument>,
    /// The registers, their reports and documents taken out.
    pub register: Register,
}

/// Brings together what several files say. A card overrides the PDF of the same name beside it, or of the same report;
/// what it says differently is listed in `extraction.overridden`. A register's row gives way to both.
pub fn combine(documents: Vec<Document>) -> Combined {
    let mut combined = Combined::default();
    let (mut cards, mut pdfs, mut rows, mut listed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for document in documents {
        match document {
            Document::Report(report) if report.extraction["reader"] == "pdf" => pdfs.push(*report),
            Document::Report(report) => cards.push(*report),
            Document::Letter(letter) => combined.letters.push(letter),
            Document::Other(other) => combined.documents.push(*other),
            Document::Register(mut register) => {
                rows.append(&mut register.reports);
                listed.append(&mut register.documents);
                combined.register.vendors.append(&mut register.vendors);
                combined.register.others.append(&mut register.others);
                combined.register.problems.append(&mut register.problems);
            }
        }
    }
    for card in cards {
        let beside = pdfs.iter().position(|pdf| {
            is_beside(&card, pdf) || is_same_report(&card, pdf, is_same_name(&card.organization, &pdf.organization))
        });
        combined.reports.push(match beside {
            Some(at) => over(card, pdfs.remove(at)),
            None => card,
        });
    }
    combined.reports.append(&mut pdfs);
    // A register may have thousands of rows: each name is brought to its key once.
    let mut keys: Vec<String> = combined.reports.iter().map(|report| name_key(&report.organization)).collect();
    for row in rows {
        let key = name_key(&row.organization);
        if !combined.reports.iter().zip(&keys).any(|(report, other)| is_same_report(&row, report, key == *other)) {
            combined.reports.push(row);
            keys.push(key);
        }
    }
    for row in listed {
        if !combined.documents.iter().any(|document| is_told_by(&row, document)) {
            combined.documents.push(row);
        }
    }
    let letters = std::mem::take(&mut combined.letters);
    for letter in letters {
        match combined
            .reports
            .iter_mut()
            .filter(|report| continues(&letter, report))
            .max_by_key(|report| report.period_end)
        {
            Some(report) => extend(report, &letter),
            None => combined.letters.push(letter),
        }
    }
    combined
}

/// Whether a letter continues a report: the same organization, and its period.
pub fn continues(letter: &BridgeLetter, report: &Soc2Report) -> bool {
    let Some(end) = report.period_end else { return false };
    let by_period = letter.after.map_or(end < letter.until, |after| after == end);
    let by_name = letter.organization.as_deref().map(|name| is_same_name(name, &report.organization));
    match by_name {
        Some(is_same) => is_same && by_period && end < letter.until,
        None => letter.after == Some(end) && end < letter.until,
    }
}

/// Extends a report by a letter. The one that speaks longest counts.
pub fn extend(report: &mut Soc2Report, letter: &BridgeLetter) {
    if report.bridge_until.is_none_or(|until| until < letter.until) {
        report.bridge_until = Some(letter.until);
        if let Some(extraction) = report.extraction.as_object_mut() {
            let bridge = json!({ "source": letter.source, "sha256": letter.source_sha256, "fields": letter.fields });
            extraction.insert("bridge".to_owned(), bridge);
        }
    }
}

/// Whether two files tell of the same report: the same organization, and the same period or day.
fn is_same_report(one: &Soc2Report, other: &Soc2Report, is_same_name: bool) -> bool {
    let by_party = one.party_id.is_some() && one.party_id == other.party_id;
    let has_time = one.period_end.is_some() || one.as_of.is_some();
    one.report_id == other.report_id
        || (has_time
            && (by_party || is_same_name)
            && one.report_type == other.report_type
            && (one.period_end, one.as_of) == (other.period_end, other.as_of)
            && (one.system.is_none() || other.system.is_none() || one.system == other.system))
}

/// Whether a document itself says what a register's row tells of it.
fn is_told_by(row: &OtherDocument, document: &OtherDocument) -> bool {
    let by_party = row.party_id.is_some() && row.party_id == document.party_id;
    let names = row.organization.as_deref().zip(document.organization.as_deref());
    let by_name = || names.is_some_and(|(one, other)| is_same_name(one, other));
    let days = |each: &OtherDocument| [each.valid_until, each.last_day()];
    let is_same_time = days(row).iter().flatten().all(|day| days(document).contains(&Some(*day)));
    let bare = |standard: &str| standard.split(':').next().unwrap_or_default().to_owned();
    let is_same_standard = row
        .standard
        .as_deref()
        .is_none_or(|standard| document.standard.as_deref().is_some_and(|other| other.contains(&bare(standard))));
    let is_same_title = row.title.is_none() || document.title.is_none() || row.title == document.title;
    row.kind == document.kind && is_same_time && is_same_standard && is_same_title && (by_party || by_name())
}

fn is_same_name(one: &str, other: &str) -> bool {
    name_key(one) == name_key(other)
}

/// A name without its legal form.
fn name_key(name: &str) -> String {
    const FORMS: &[&str] = &[
        "",
        "ag",
        "bv",
        "co",
        "corp",
        "corporation",
        "gmbh",
        "inc",
        "limited",
        "llc",
        "lp",
        "ltd",
        "plc",
        "sa",
        "the",
    ];
    let lower = name.to_lowercase();
    let words = lower.split(|each: char| !each.is_alphanumeric()).filter(|word| !FORMS.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

fn is_beside(card: &Soc2Report, pdf: &Soc2Report) -> bool {
    let (card, pdf) = (Path::new(&card.source), Path::new(&pdf.source));
    card.with_extension("") == pdf.with_extension("")
}

/// A card over a PDF: what the card says counts, what it leaves open is the PDF's.
fn over(card: Soc2Report, pdf: Soc2Report) -> Soc2Report {
    let mut overridden = Vec::new();
    let mut note = |name: &str, by_card: Value, by_pdf: Value| {
        if !by_pdf.is_null() && by_pdf != json!([]) && by_card != by_pdf {
            overridden.push(json!({ "field": name, "card": by_card, "pdf": by_pdf }));
        }
    };
    let mut report = pdf.clone();
    macro_rules! stated {
        ($($name:ident),+) => { $(
            if card.$name.is_some() {
                note(stringify!($name), json!(card.$name), json!(pdf.$name));
                report.$name = card.$name;
            }
        )+ };
    }
    macro_rules! listed {
        ($($name:ident),+) => { $(
            if !card.$name.is_empty() {
                note(stringify!($name), json!(card.$name), json!(pdf.$name));
                report.$name = card.$name;
            }
        )+ };
    }
    note("report_type", json!(card.report_type), json!(pdf.report_type));
    note("organization", json!(card.organization), json!(pdf.organization));
    stated!(party_id, system, auditor, issued_on, opinion, bridge_until);
    listed!(qualified_criteria, categories, subservice_organizations, user_entity_controls, subservice_controls);
    listed!(controls, exceptions);
    note("period_start", json!(card.period_start), json!(pdf.period_start));
    note("period_end", json!(card.period_end), json!(pdf.period_end));
    note("as_of", json!(card.as_of), json!(pdf.as_of));
    (report.organization, report.report_type) = (card.organization, card.report_type);
    (report.period_start, report.period_end, report.as_of) = (card.period_start, card.period_end, card.as_of);
    report.report_id = card.report_id;
    report.source_sha256 = sha256(format!("{} {}", card.source_sha256, pdf.source_sha256).as_bytes());
    let mut extraction = pdf.extraction;
    extraction["reader"] = json!("card over pdf");
    extraction["card"] = json!({ "source": card.source, "sha256": card.source_sha256 });
    extraction["pdf"] = json!({ "source": pdf.source, "sha256": pdf.source_sha256 });
    extraction["overridden"] = json!(overridden);
    extraction["under_nda"] = card.extraction["under_nda"].clone();
    if let (Some(mine), Some(theirs)) = (extraction["warnings"].as_array_mut(), card.extraction["warnings"].as_array())
    {
        mine.extend(theirs.iter().cloned());
    }
    report.extraction = extraction;
    report
}
