//! Vendor registers (CSV, XLSX): one row a vendor or a report, columns matched by their heads. A row that can't be read
//! is listed, and the rest are taken.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use carveout_model::{
    Category, DocumentKind, Opinion, OtherDocument, ReportType, Soc2Report, SubserviceMethod, SubserviceOrganization,
};
use carveout_sheets::{Sheet, SheetError};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::attestation;
use crate::columns::COLUMNS;
use crate::criterion::criteria_in;
use crate::dates::{self, DateOrder, DateProblem};
use crate::identity::{document_id, report_id, sha256};

/// No table of vendors is wider.
const MOST_HEADS: usize = 1_024;

/// How a register is to be read, from the configuration.
#[derive(Debug, Clone, Default)]
pub struct RegisterSettings {
    /// Heads that are not the usual ones: the column's name (`vendor`, `period_end`, …) to the head as written.
    pub columns: BTreeMap<String, String>,
    /// The order of day and month where digits alone do not tell.
    pub date_order: Option<DateOrder>,
}

/// What a register holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Register {
    /// Every vendor that it lists, once.
    pub vendors: Vec<RegisteredVendor>,
    /// The SOC 2 reports of its rows.
    pub reports: Vec<Soc2Report>,
    /// Rows about other reports and certificates, which nothing is inherited from.
    pub documents: Vec<OtherDocument>,
    /// Rows about something that is no kind of document that is kept.
    pub others: Vec<OtherAttestation>,
    /// What could not be read.
    pub problems: Vec<RowProblem>,
}

/// A vendor that a register lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredVendor {
    /// Its id in the directory, where the register says it.
    pub party_id: Option<String>,
    /// Its name as written.
    pub name: String,
    /// Its domain, where the register says it.
    pub domain: Option<String>,
    /// Where it is listed first: `row 7 of "Vendors"`.
    pub place: String,
}

/// A row about something that is neither a SOC 2 report nor a document that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherAttestation {
    /// The vendor as written.
    pub vendor: String,
    /// What the row says that there is.
    pub attestation: String,
    /// Where.
    pub place: String,
}

/// Something in a row that could not be read. The row's vendor is taken all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// `row 7 of "Vendors"`, `line 7`.
    pub place: String,
    /// The head of the column, as written.
    pub column: String,
    /// What is wrong.
    pub cause: RowCause,
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, column \"{}\": {}", self.place, self.column, self.cause)
    }
}

/// The kinds of problem that a row can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowCause {
    /// A row with facts and without a vendor.
    #[error("the row names no vendor")]
    NoVendor,
    /// Not a date.
    #[error("`{text}` is no date")]
    NotADate {
        /// The cell.
        text: String,
    },
    /// A date of digits that can be read in two ways.
    #[error("`{text}` can be read as two dates; write it as YYYY-MM-DD, or set `date_order`")]
    AmbiguousDate {
        /// The cell.
        text: String,
    },
    /// The period ends before it starts.
    #[error("the period ends on {end}, before it starts on {start}")]
    PeriodReversed {
        /// First day.
        start: Date,
        /// Last day.
        end: Date,
    },
    /// A SOC 2 report without its type.
    #[error("it does not say whether the report is of type 1 or type 2")]
    NoType,
    /// A word outside its vocabulary.
    #[error("`{text}` is no {expected}")]
    UnknownWord {
        /// The cell's word.
        text: String,
        /// What was expected.
        expected: &'static str,
    },
}

/// Why a register can't be read at all.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The file.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// No row that looks like heads.
    #[error("no row has the head of a vendor's column; name it with `columns = {{ vendor = \"…\" }}` (found: {found})")]
    NoHeads {
        /// The first cells of the first row.
        found: String,
    },
    /// A column of the configuration that registers do not have.
    #[error("`columns` names `{name}`, and the columns are {known}")]
    UnknownColumn {
        /// The name.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// A head of the configuration that the file does not have.
    #[error("`columns` names the head \"{head}\" for `{column}`, and no sheet has it")]
    UnknownHead {
        /// The column.
        column: String,
        /// The head.
        head: String,
    },
}

/// Reads a register; the path is kept as its reports' source.
///
/// # Errors
/// [`RegisterError`] for the file as a whole; rows that can't be read are values.
pub fn read_register(
    path: &Path,
    bytes: &[u8],
    known_criteria: &BTreeSet<String>,
    settings: &RegisterSettings,
) -> Result<Register, RegisterError> {
    if let Some(name) = settings.columns.keys().find(|name| COLUMNS.iter().all(|(column, _)| column != name)) {
        let known = COLUMNS.iter().map(|(column, _)| *column).collect::<Vec<_>>().join(", ");
        return Err(RegisterError::UnknownColumn { name: name.clone(), known });
    }
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let sheets = carveout_sheets::read(bytes, &name)?;
    let mut register = Register::default();
    let mut heads_found = BTreeSet::new();
    let mut has_heads = false;
    let mut listed = HashSet::new();
    for sheet in &sheets {
        let Some((row, columns)) = heads(sheet, settings) else { continue };
        has_heads = true;
        heads_found.extend(columns.keys().copied());
        let mut reader = Reader {
            sheet,
            heads: &sheet.rows[row],
            columns,
            known_criteria,
            order: settings.date_order,
            source: path.to_string_lossy().into_owned(),
            register: &mut register,
            listed: &mut listed,
        };
        reader.find_order(row);
        (row + 1..sheet.rows.len()).for_each(|row| reader.row(row));
    }
    if !has_heads {
        let first = sheets.iter().flat_map(|sheet| sheet.rows.first()).next();
        let found = first
            .map_or_else(|| "nothing".to_owned(), |row| row.iter().take(12).cloned().collect::<Vec<_>>().join(", "));
        return Err(RegisterError::NoHeads { found });
    }
    if let Some((column, head)) = settings.columns.iter().find(|(column, _)| !heads_found.contains(column.as_str())) {
        return Err(RegisterError::UnknownHead { column: column.clone(), head: head.clone() });
    }
    Ok(register)
}

/// The row of heads among the first rows, and what each column holds.
fn heads(sheet: &Sheet, settings: &RegisterSettings) -> Option<(usize, BTreeMap<&'static str, usize>)> {
    let plain = |text: &str| {
        let lower = text.to_lowercase().replace('\'', "");
        lower.split(|each: char| !each.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let candidates = sheet.rows.iter().take(20).enumerate().filter_map(|(at, row)| {
        let mut columns: BTreeMap<&'static str, usize> = BTreeMap::new();
        let cells: Vec<String> = row.iter().take(MOST_HEADS).map(|cell| plain(cell)).collect();
        for (column, known) in COLUMNS {
            let wanted = settings.columns.get(*column).map(|head| plain(head));
            let place = match &wanted {
                Some(head) => cells.iter().position(|cell| cell == head),
                // The order of the known heads is their weight: "vendor" before "name".
                None => known.iter().find_map(|head| cells.iter().position(|cell| cell == head)),
            };
            columns.extend(place.map(|place| (*column, place)));
        }
        let mut taken = BTreeSet::new();
        columns.retain(|_, place| taken.insert(*place));
        let names_vendor = columns.contains_key("vendor") || columns.contains_key("party");
        (names_vendor && (columns.len() >= 2 || row.len() == 1)).then_some((at, columns))
    });
    candidates.max_by_key(|(at, columns)| (columns.len(), std::cmp::Reverse(*at)))
}

struct Reader<'r> {
    sheet: &'r Sheet,
    heads: &'r [String],
    columns: BTreeMap<&'static str, usize>,
    known_criteria: &'r BTreeSet<String>,
    order: Option<DateOrder>,
    source: String,
    register: &'r mut Register,
    /// The vendors so far: name and id.
    listed: &'r mut HashSet<(String, Option<String>)>,
}

impl Reader<'_> {
    /// The order of day and month, as other cells of the date columns show it.
    fn find_order(&mut self, heads: usize) {
        if self.order.is_some() {
            return;
        }
        let places: Vec<usize> =
            ["period_start", "period_end", "period", "as_of", "issued_on", "bridge_until", "valid_until"]
                .iter()
                .filter_map(|column| self.columns.get(column).copied())
                .collect();
        let cells = self.sheet.rows.iter().skip(heads + 1).flat_map(|row| places.iter().filter_map(|at| row.get(*at)));
        self.order = dates::order_in(&cells.cloned().collect::<Vec<_>>().join("\n"));
    }

    fn cell(&self, row: usize, column: &str) -> Option<String> {
        let at = self.columns.get(column)?;
        let text = self.sheet.rows.get(row)?.get(*at)?.trim();
        let says_nothing =
            matches!(text.to_lowercase().as_str(), "" | "-" | "–" | "n/a" | "na" | "none" | "tbd" | "unknown" | "?");
        (!says_nothing).then(|| text.to_owned())
    }

    fn problem(&mut self, row: usize, column: &str, cause: RowCause) {
        let head = self.columns.get(column).and_then(|at| self.heads.get(*at)).cloned();
        self.register.problems.push(RowProblem {
            place: self.sheet.place(row),
            column: head.unwrap_or_else(|| column.to_owned()),
            cause,
        });
    }

    fn row(&mut self, row: usize) {
        let party_id = self.cell(row, "party");
        let is_name = |name: &String| name.chars().any(char::is_alphanumeric);
        let vendor = self.cell(row, "vendor").or_else(|| party_id.clone()).filter(is_name);
        let Some(vendor) = vendor else {
            if self.columns.keys().any(|column| self.cell(row, column).is_some()) {
                self.problem(row, "vendor", RowCause::NoVendor);
            }
            return;
        };
        let place = self.sheet.place(row);
        if self.listed.insert((vendor.clone(), party_id.clone())) {
            let domain = self.cell(row, "domain").map(|text| domain(&text));
            self.register.vendors.push(RegisteredVendor {
                party_id: party_id.clone(),
                name: vendor.clone(),
                domain,
                place,
            });
        }
        let before = self.register.problems.len();
        let report = self.report(row, vendor, party_id);
        if self.register.problems.len() == before {
            self.register.reports.extend(report);
        }
    }

    /// The report of a row, where it tells of one.
    fn report(&mut self, row: usize, vendor: String, party_id: Option<String>) -> Option<Soc2Report> {
        let attestation = self.cell(row, "report");
        let (mut period_start, mut period_end) = (self.date(row, "period_start"), self.date(row, "period_end"));
        let as_of = self.date(row, "as_of");
        if let Some(text) = self.cell(row, "period") {
            match dates::dates_in(&text, dates::order_in(&text).or(self.order))[..] {
                [(_, start), (_, end)] => (period_start, period_end) = (Some(start), Some(end)),
                _ => self.problem(row, "period", RowCause::NotADate { text }),
            }
        }
        if let (Some(start), Some(end)) = (period_start, period_end)
            && end < start
        {
            self.problem(row, "period_end", RowCause::PeriodReversed { start, end });
            return None;
        }
        let lower = attestation.as_deref().unwrap_or_default().to_lowercase();
        let says_type = report_type(&lower);
        let is_soc2 = lower.contains("soc 2") || lower.contains("soc2") || lower.contains("soc ii");
        let has_time = period_start.is_some() || period_end.is_some() || as_of.is_some();
        if !is_soc2 && let Some(named) = attestation::named(&lower) {
            self.document(row, vendor, party_id, named, (period_start, period_end, as_of));
            return None;
        }
        if !lower.is_empty() && !is_soc2 && says_type.is_none() {
            if !matches!(lower.as_str(), "no" | "yes" | "requested") {
                let attestation = attestation.unwrap_or_default();
                self.register.others.push(OtherAttestation { vendor, attestation, place: self.sheet.place(row) });
            }
            return None;
        }
        if !is_soc2 && says_type.is_none() && !has_time {
            return None;
        }
        let by_time = match (period_start.is_some() && period_end.is_some(), as_of.is_some()) {
            (true, false) => Some(ReportType::Type2),
            (false, true) => Some(ReportType::Type1),
            _ => None,
        };
        let Some(report_type) = says_type.or(by_time) else {
            self.problem(row, "report", RowCause::NoType);
            return None;
        };
        // A register has one column for dates more often than two: the end of "period" is a type 1's day.
        let (period_start, period_end, as_of) = match report_type {
            ReportType::Type2 => (period_start, period_end, None),
            ReportType::Type1 => (None, None, as_of.or(period_end)),
        };
        let system = self.cell(row, "system");
        let opinion = self.opinion(row);
        let qualified_criteria = self.qualified_criteria(row);
        let categories = self.categories(row);
        let mut report = Soc2Report {
            report_id: report_id(
                party_id.as_deref().unwrap_or(&vendor),
                system.as_deref(),
                period_start,
                period_end,
                as_of,
            ),
            party_id,
            organization: vendor,
            system,
            report_type,
            auditor: self.cell(row, "auditor"),
            period_start,
            period_end,
            as_of,
            issued_on: self.date(row, "issued_on"),
            opinion,
            qualified_criteria,
            categories,
            bridge_until: self.date(row, "bridge_until"),
            subservice_organizations: self.subservices(row),
            user_entity_controls: Vec::new(),
            subservice_controls: Vec::new(),
            controls: Vec::new(),
            exceptions: Vec::new(),
            source: self.source.clone(),
            source_sha256: self.hash(row),
            extraction: Value::Null,
        };
        report.extraction = self.extraction(row, &report);
        Some(report)
    }

    /// The document of a row that tells of something else than a SOC 2 report.
    fn document(
        &mut self,
        row: usize,
        vendor: String,
        party_id: Option<String>,
        (kind, standard): (DocumentKind, Option<String>),
        (start, end, as_of): (Option<Date>, Option<Date>, Option<Date>),
    ) {
        let before = self.register.problems.len();
        let (issued_on, valid_until) = (self.date(row, "issued_on"), self.date(row, "valid_until"));
        if self.register.problems.len() > before {
            return;
        }
        let says_type = self.cell(row, "report").and_then(|text| report_type(&text.to_lowercase()));
        // What is valid for a time has its start and end in the columns of a report's period.
        let is_certificate = matches!(kind, DocumentKind::IsoCertificate | DocumentKind::PciAttestation);
        let (period, validity) =
            if is_certificate { ((None, None), (start, end)) } else { ((start, end), (None, None)) };
        let mut document = OtherDocument {
            document_id: String::new(),
            kind,
            party_id,
            organization: Some(vendor),
            title: self.cell(row, "system"),
            standard,
            issuer: self.cell(row, "auditor"),
            report_type: says_type.filter(|_| kind == DocumentKind::Soc1),
            period_start: period.0,
            period_end: period.1,
            as_of,
            issued_on,
            valid_from: validity.0,
            valid_until: valid_until.or(validity.1),
            source: self.source.clone(),
            source_sha256: self.hash(row),
            extraction: Value::Null,
        };
        let missing = [
            ("title", document.title.is_none()),
            ("issuer", document.issuer.is_none()),
            ("issued_on", document.issued_on.is_none()),
            ("valid_until", is_certificate && document.valid_until.is_none()),
            ("period", !is_certificate && document.period_end.is_none()),
        ];
        let not_found: Vec<&str> = missing.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
        document.extraction = json!({
            "reader": "register", "confidence": 0.8, "fields": self.fields(row), "not_found": not_found, "warnings": [],
        });
        document.document_id = document_id(&document);
        self.register.documents.push(document);
    }

    /// The hash of what a row says, so that it stays itself when others change.
    fn hash(&self, row: usize) -> String {
        let cells = self.sheet.rows.get(row).map_or(&[][..], Vec::as_slice);
        sha256([self.heads.join("\u{1f}"), cells.join("\u{1f}")].join("\n").as_bytes())
    }

    /// Every cell that was read, with its place.
    fn fields(&self, row: usize) -> Vec<Value> {
        let place = self.sheet.place(row);
        let cell = |(column, _): &(&str, &[&str])| {
            let text = self.cell(row, column)?;
            Some(json!({ "field": column, "value": text, "place": place, "quote": text, "confidence": 0.8 }))
        };
        COLUMNS.iter().filter_map(cell).collect()
    }

    fn extraction(&self, row: usize, report: &Soc2Report) -> Value {
        let fields = self.fields(row);
        let mut not_found = Vec::new();
        let mut check = |name: &str, is_there: bool| {
            if !is_there {
                not_found.push(name.to_owned());
            }
        };
        check("period", report.report_type == ReportType::Type1 || report.period_start.is_some());
        check("as_of", report.report_type == ReportType::Type2 || report.as_of.is_some());
        check("system", report.system.is_some());
        check("auditor", report.auditor.is_some());
        check("issued_on", report.issued_on.is_some());
        check("categories", !report.categories.is_empty());
        check("opinion", report.opinion.is_some());
        check("controls", false);
        check("user_entity_controls", false);
        json!({ "reader": "register", "confidence": 0.8, "fields": fields, "not_found": not_found, "warnings": [] })
    }

    fn date(&mut self, row: usize, column: &str) -> Option<Date> {
        let text = self.cell(row, column)?;
        match dates::parse(&text, self.order) {
            Ok(date) => Some(date),
            Err(DateProblem::Ambiguous) => {
                self.problem(row, column, RowCause::AmbiguousDate { text });
                None
            }
            Err(DateProblem::NotADate) => {
                self.problem(row, column, RowCause::NotADate { text });
                None
            }
        }
    }

    fn opinion(&mut self, row: usize) -> Option<Opinion> {
        let text = self.cell(row, "opinion")?;
        let lower = text.to_lowercase();
        let found = if lower.contains("unqualified") || lower.contains("unmodified") || lower.contains("clean") {
            Some(Opinion::Unqualified)
        } else if lower.contains("qualified") {
            Some(Opinion::Qualified)
        } else if lower.contains("adverse") {
            Some(Opinion::Adverse)
        } else if lower.contains("disclaim") {
            Some(Opinion::Disclaimer)
        } else {
            None
        };
        if found.is_none() {
            self.problem(row, "opinion", RowCause::UnknownWord { text, expected: "opinion" });
        }
        found
    }

    fn qualified_criteria(&mut self, row: usize) -> Vec<String> {
        let Some(text) = self.cell(row, "qualified_criteria") else { return Vec::new() };
        let (found, unknown) = criteria_in(&text.to_uppercase(), self.known_criteria);
        for text in unknown {
            self.problem(
                row,
                "qualified_criteria",
                RowCause::UnknownWord { text, expected: "trust services criterion" },
            );
        }
        found
    }

    fn categories(&mut self, row: usize) -> Vec<Category> {
        let Some(text) = self.cell(row, "categories") else { return Vec::new() };
        let mut found = Vec::new();
        let lower = text.to_lowercase().replace(" and ", ",");
        for word in lower.split([',', ';', '/', '&', '+', '\n', '|']).map(str::trim).filter(|word| !word.is_empty()) {
            match word {
                "security" | "common criteria" | "cc" | "s" => found.push(Category::Security),
                "availability" | "a" => found.push(Category::Availability),
                "confidentiality" | "c" => found.push(Category::Confidentiality),
                "processing integrity" | "pi" => found.push(Category::ProcessingIntegrity),
                "privacy" | "p" => found.push(Category::Privacy),
                other => {
                    let text = other.to_owned();
                    self.problem(row, "categories", RowCause::UnknownWord { text, expected: "category" });
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// Names with their method in parentheses, `Amazon Web Services (carve-out); Okta (inclusive)`. One without it can't
    /// be told and is left to the report itself.
    fn subservices(&self, row: usize) -> Vec<SubserviceOrganization> {
        let Some(text) = self.cell(row, "subservice_organizations") else { return Vec::new() };
        text.split([';', '\n', '|'])
            .filter_map(|item| {
                let (name, rest) = item.split_once('(')?;
                let rest = rest.to_lowercase();
                let method = if rest.contains("carve") {
                    SubserviceMethod::CarveOut
                } else if rest.contains("inclusive") {
                    SubserviceMethod::Inclusive
                } else {
                    return None;
                };
                Some(SubserviceOrganization { name: name.trim().to_owned(), method, services: None })
            })
            .collect()
    }
}

fn report_type(lower: &str) -> Option<ReportType> {
    let words: Vec<&str> = lower.split(|each: char| !each.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| match word {
        "1" | "i" => Some(ReportType::Type1),
        "2" | "ii" => Some(ReportType::Type2),
        _ => None,
    };
    let after_type =
        words.windows(2).find(|pair| matches!(pair[0], "type" | "typ" | "t")).and_then(|pair| number(pair[1]));
    after_type.or_else(|| {
        words.iter().find_map(|word| match *word {
            "type1" | "typei" | "t1" => Some(ReportType::Type1),
            "type2" | "typeii" | "t2" => Some(ReportType::Type2),
            _ => None,
        })
    })
}

/// The domain of an address.
fn domain(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}
