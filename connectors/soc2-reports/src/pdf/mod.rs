//! PDF reports: text with places, then structure, then fields; each with the page and the words that say it.

mod children;
mod copying;
mod fields;
mod font;
mod heading;
mod kind;
mod labelled;
mod labels;
mod lines;
mod metrics;
mod other;
mod sections;
mod table;
mod text;

use std::collections::BTreeSet;

use carveout_model::{
    Exception, OtherDocument, ReportControl, ReportType, Soc2Report, SubserviceControl, SubserviceOrganization,
    UserEntityControl,
};
use jiff::civil::Date;
use serde_json::{Value, json};

use self::fields::Seen;
use self::kind::Recognized;
use self::lines::Layout;
use self::sections::Parts;
use self::table::{Found, Kind};
use self::text::Pages;
use crate::identity::report_id;

/// Why a PDF gives no report.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Another format under a PDF's name.
    #[error("not a PDF: it does not begin as one")]
    NotAPdf,
    /// Opening it needs a password.
    #[error("the PDF is encrypted: save it without a password")]
    Encrypted,
    /// Cut off or broken.
    #[error("the PDF is damaged: {reason}")]
    Damaged {
        /// The parser's message.
        reason: String,
    },
    /// Larger than is read.
    #[error("the PDF has {bytes} bytes, more than the {most} that are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// More pages than are read.
    #[error("the PDF has more than {most} pages, and no report has")]
    TooManyPages {
        /// The limit.
        most: usize,
    },
    /// Unpacks or draws without end.
    #[error("the PDF expands beyond a limit of {most}: it is no document that people read")]
    Expands {
        /// The limit: of bytes, operators or words.
        most: usize,
    },
    /// Forms within forms.
    #[error("the PDF draws forms within forms more than {most} deep")]
    TooDeep {
        /// The limit.
        most: usize,
    },
    /// Pictures of pages.
    #[error("the PDF has {pages} pages and no text: it is a scan; have its text recognized (OCR), or write a card")]
    NoText {
        /// Its pages.
        pages: usize,
    },
    /// Text whose fonts do not say what it reads as.
    #[error("the fonts of the PDF do not say what its characters read as: print it to PDF again, or write a card")]
    Unreadable,
    /// Neither a SOC 2 report nor any of the documents that are kept beside one.
    #[error("not recognized as a SOC 2 report or as another document that is kept (page {page}: \"{quote}\")")]
    NotRecognized {
        /// The first page with text.
        page: usize,
        /// What it says.
        quote: String,
    },
    /// A report that does not say what a report has to.
    #[error("a SOC 2 report in which {missing} can't be found: write a card for it")]
    Undetermined {
        /// What is missing.
        missing: &'static str,
    },
    /// A letter that does not say until when, or after which report.
    #[error("a bridge letter without {missing}: put `bridge_letter` on the report's card")]
    UndeterminedLetter {
        /// What is missing.
        missing: &'static str,
    },
}

/// What a PDF turned out to be.
#[derive(Debug)]
pub(crate) enum PdfDocument {
    Report(Box<Soc2Report>),
    Letter { organization: Option<String>, after: Option<Date>, until: Date, fields: Vec<Value> },
    Other(Box<OtherDocument>),
}

/// Reads a PDF. Source and hash are the caller's to set.
pub(crate) fn read(bytes: &[u8], known: &BTreeSet<String>) -> Result<PdfDocument, PdfError> {
    let drawn = Pages::open(bytes)?.draw()?;
    let pages = drawn.len();
    let characters: usize = drawn.iter().flat_map(|page| &page.words).map(|word| word.text.chars().count()).sum();
    let unreadable: usize = drawn.iter().map(|page| page.unreadable).sum();
    // A scan may carry a stamp or a page number on each page.
    if characters < 200.min(40 * pages) {
        return Err(PdfError::NoText { pages });
    }
    if unreadable * 4 > characters {
        return Err(PdfError::Unreadable);
    }
    let layout = Layout::new(drawn, table::is_head);
    match kind::recognize(&layout) {
        Recognized::Soc2 => report(&layout, pages, known).map(|report| PdfDocument::Report(Box::new(report))),
        Recognized::Other(kind) => Ok(PdfDocument::Other(Box::new(other::read(&layout, &kind, pages, known)))),
        Recognized::Unknown { page, quote } => Err(PdfError::NotRecognized { page, quote }),
        Recognized::Bridge { until, organization, after } => {
            let until = until.ok_or(PdfError::UndeterminedLetter { missing: "the day that it speaks until" })?;
            let mut fields = vec![field("bridge_until", &until, until.value.to_string())];
            fields.extend(after.as_ref().map(|seen| field("period_end", seen, seen.value.to_string())));
            fields.extend(organization.as_ref().map(|seen| field("organization", seen, seen.value.clone())));
            Ok(PdfDocument::Letter {
                organization: organization.map(|seen| seen.value),
                after: after.map(|seen| seen.value),
                until: until.value,
                fields,
            })
        }
    }
}

/// One entry of `extraction.fields`.
fn field<T>(name: &str, seen: &Seen<T>, value: impl Into<Value>) -> Value {
    json!({
        "field": name,
        "value": value.into(),
        "page": seen.page,
        "quote": seen.quote.chars().take(400).collect::<String>(),
        "confidence": seen.confidence,
    })
}

/// Everything that was read, on its way into a report: the entries of `extraction` beside the values.
struct Record {
    fields: Vec<Value>,
    not_found: Vec<String>,
    confidence: f64,
}

impl Record {
    /// Notes a field and hands its value on; one that is not there is listed as such.
    fn take<T: Clone>(&mut self, name: &str, seen: Option<&Seen<T>>, say: impl Fn(&T) -> Value) -> Option<T> {
        let Some(seen) = seen else {
            self.not_found.push(name.to_owned());
            return None;
        };
        self.confidence = self.confidence.min(seen.confidence);
        self.fields.push(field(name, seen, say(&seen.value)));
        Some(seen.value.clone())
    }
}

fn report(layout: &Layout, pages: usize, known: &BTreeSet<String>) -> Result<Soc2Report, PdfError> {
    let Found { tables, mut taken } = table::find(layout, known);
    let paragraphs = labelled::find(layout, |page, line| taken.contains(&(page, line)), known);
    taken.extend(paragraphs.taken);
    let is_taken = |page: usize, line: usize| taken.contains(&(page, line));
    let parts = Parts::new(layout, is_taken);
    let mut seen = fields::read(&parts, known);
    let mut warnings = std::mem::take(&mut seen.warnings);
    let mut record = Record { fields: Vec::new(), not_found: Vec::new(), confidence: 1.0 };
    let text = |value: &String| Value::from(value.as_str());

    let organization = record
        .take("organization", seen.organization.as_ref(), text)
        .ok_or(PdfError::Undetermined { missing: "the service organization" })?;
    let system = record.take("system", seen.system.as_ref(), text);
    let auditor = record.take("auditor", seen.auditor.as_ref(), text);
    let report_type = record
        .take("report_type", seen.report_type.as_ref(), |value| value.as_str().into())
        .ok_or(PdfError::Undetermined { missing: "its type (1 or 2)" })?;
    let (period, as_of) = match report_type {
        ReportType::Type2 => {
            (record.take("period", seen.period.as_ref(), |(start, end)| format!("{start} to {end}").into()), None)
        }
        ReportType::Type1 => (None, record.take("as_of", seen.as_of.as_ref(), |day| day.to_string().into())),
    };
    let issued_on = record.take("issued_on", seen.issued_on.as_ref(), |day| day.to_string().into());
    let categories = record.take("categories", seen.categories.as_ref(), |list| json!(list)).unwrap_or_default();
    let opinion = record.take("opinion", seen.opinion.as_ref(), |value| value.as_str().into());
    let qualified_criteria = if opinion == Some(carveout_model::Opinion::Qualified) {
        record.take("qualified_criteria", seen.qualified_criteria.as_ref(), |list| json!(list)).unwrap_or_default()
    } else {
        Vec::new()
    };

    let mut unknown = Vec::new();
    let (period_start, period_end) = period.unzip();
    let subservice_organizations = subservices(&mut record, &tables, &parts);
    let mut report = Soc2Report {
        report_id: report_id(&organization, system.as_deref(), period_start, period_end, as_of),
        party_id: None,
        organization,
        system,
        report_type,
        auditor,
        period_start,
        period_end,
        as_of,
        issued_on,
        opinion,
        qualified_criteria,
        categories,
        bridge_until: None,
        user_entity_controls: user_entity_controls(&mut record, &tables, layout, is_taken, known, &mut unknown),
        subservice_controls: Vec::new(),
        subservice_organizations,
        controls: Vec::new(),
        exceptions: Vec::new(),
        source: String::new(),
        source_sha256: String::new(),
        extraction: Value::Null,
    };
    subservice_controls(&mut record, &mut report, &tables, layout, is_taken, known, &mut unknown);
    unknown.extend(paragraphs.unknown);
    let mut tested = children::controls(&tables, known, &mut unknown);
    children::add_controls(&mut tested, paragraphs.controls);
    if tested.is_empty() && report_type == ReportType::Type1 {
        children::add_controls(&mut tested, paragraphs.untested);
    }
    tested_controls(&mut record, &mut report, &tested, &tables, &parts, layout);
    unknown.sort();
    unknown.dedup();
    warnings.extend(unknown.iter().map(|id| format!("`{id}` is no trust services criterion and is left out")));
    report.extraction = json!({
        "reader": "pdf",
        "confidence": (record.confidence * 100.0).round() / 100.0,
        "pages": pages,
        "fields": record.fields,
        "not_found": record.not_found,
        "warnings": warnings,
    });
    Ok(report)
}

fn subservices(record: &mut Record, tables: &[table::Table], parts: &Parts<'_>) -> Vec<SubserviceOrganization> {
    let mut found = Vec::new();
    for seen in children::subservices(tables, parts) {
        let name = seen.value.name.clone();
        let Some(method) = seen.value.method else {
            record.not_found.push(format!("subservice_organizations: the method for {name}"));
            continue;
        };
        let value = json!({ "name": name, "method": method, "services": seen.value.services });
        record.fields.push(field("subservice_organizations", &seen, value));
        found.push(SubserviceOrganization { name, method, services: seen.value.services });
    }
    if found.is_empty() {
        record.not_found.push("subservice_organizations".to_owned());
    }
    found
}

fn user_entity_controls(
    record: &mut Record,
    tables: &[table::Table],
    layout: &Layout,
    is_taken: impl Fn(usize, usize) -> bool,
    known: &BTreeSet<String>,
    unknown: &mut Vec<String>,
) -> Vec<UserEntityControl> {
    let seen = children::complementary(Kind::UserEntityControls, tables, layout, is_taken, known, unknown);
    if seen.is_empty() {
        record.not_found.push("user_entity_controls".to_owned());
    }
    let keep = |seen: Seen<children::Complementary>| {
        record.fields.push(field(
            &format!("user_entity_controls {}", seen.value.reference),
            &seen,
            json!(seen.value.criteria),
        ));
        UserEntityControl {
            cuec_ref: seen.value.reference,
            criteria: seen.value.criteria,
            description: seen.value.description,
        }
    };
    seen.into_iter().map(keep).collect()
}

fn subservice_controls(
    record: &mut Record,
    report: &mut Soc2Report,
    tables: &[table::Table],
    layout: &Layout,
    is_taken: impl Fn(usize, usize) -> bool,
    known: &BTreeSet<String>,
    unknown: &mut Vec<String>,
) {
    let seen = children::complementary(Kind::SubserviceControls, tables, layout, is_taken, known, unknown);
    if seen.is_empty() {
        record.not_found.push("subservice_controls".to_owned());
    }
    // They are assumed of those that are carved out: of the one, where there is only one.
    let carved_out: Vec<&SubserviceOrganization> = report
        .subservice_organizations
        .iter()
        .filter(|each| each.method == carveout_model::SubserviceMethod::CarveOut)
        .collect();
    let only = if let [only] = carved_out[..] { Some(only.name.clone()) } else { None };
    for seen in seen {
        let name = format!("subservice_controls {}", seen.value.reference);
        record.fields.push(field(&name, &seen, json!(seen.value.criteria)));
        report.subservice_controls.push(SubserviceControl {
            csoc_ref: seen.value.reference,
            organization: seen.value.organization.or_else(|| only.clone()),
            criteria: seen.value.criteria,
            description: seen.value.description,
        });
    }
}

fn tested_controls(
    record: &mut Record,
    report: &mut Soc2Report,
    tested: &[Seen<children::Tested>],
    tables: &[table::Table],
    parts: &Parts<'_>,
    layout: &Layout,
) {
    if tested.is_empty() {
        record.not_found.push("controls".to_owned());
    }
    let references: BTreeSet<&str> = tested.iter().map(|seen| seen.value.reference.as_str()).collect();
    let answers = children::responses(tables, parts, &references, &layout.hyphens);
    for seen in tested {
        let control = &seen.value;
        record.fields.push(field(&format!("controls {}", control.reference), seen, json!(control.criteria)));
        if control.exception {
            let answered = answers.iter().find(|(reference, _)| *reference == control.reference).map(|(_, seen)| seen);
            let response = control.response.clone().or_else(|| answered.map(|seen| seen.value.clone()));
            record.fields.push(field(&format!("exceptions {}", control.reference), seen, json!(control.outcome)));
            if let Some(answered) = answered {
                let name = format!("exceptions {} management_response", control.reference);
                record.fields.push(field(&name, answered, answered.value.clone()));
            }
            report.exceptions.push(Exception {
                control_ref: control.reference.clone(),
                criteria: control.criteria.clone(),
                description: control.outcome.clone().unwrap_or_default(),
                management_response: response,
            });
        }
        report.controls.push(ReportControl {
            control_ref: control.reference.clone(),
            criteria: control.criteria.clone(),
            description: control.description.clone(),
            test: control.test.clone(),
            result: control.outcome.clone(),
            exception: control.exception,
        });
    }
}
