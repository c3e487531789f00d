//! `carveout reports`: what vendors send (PDF reports, cards, bridge letters, registers, certificates) into the database,
//! and what is there.

use std::{collections::BTreeSet, fs, path::PathBuf};

use carveout_model::{OtherDocument, Soc2Report};
use carveout_queries::Binding;
use carveout_soc2_reports::{
    CARD_SCHEMA, Combined, Document, Register, RegisterSettings, Succession, TEMPLATE, combine, continues, expand,
    extend, succeed,
};
use carveout_warehouse::Reader;
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    cli::{Global, Reports},
    config::Config,
    derive::{Basis, Imports, seal},
    error::{CliError, Exit, OrFail},
    own_tables::RegisterEntry,
    printer,
    workspace::Workspace,
};

/// Formats of cards, for the card beside a PDF.
const CARDS: &[&str] = &["toml", "yaml", "yml", "json"];

/// Imports, lists or shows.
pub fn run(global: &Global, command: &Reports) -> Result<Exit, CliError> {
    match command {
        Reports::Import { files } => return import(&Workspace::open(global)?, files),
        Reports::Template { schema } => printer::text(if *schema { CARD_SCHEMA } else { TEMPLATE })?,
        Reports::List { all, output } => {
            let reader = Workspace::open(global)?.reader()?;
            let sql = if *all { include_str!("reports_list_all.sql") } else { include_str!("reports_list.sql") };
            let rows = reader.query(sql, &[]);
            printer::print(&rows.or_fail(|| "can't read the reports".to_owned())?, output)?;
        }
        Reports::Show { report, explain, output } => {
            let reader = Workspace::open(global)?.reader()?;
            let show = include_str!("reports_show.sql");
            let sql = if *explain { include_str!("reports_explain.sql") } else { show };
            let report_named = [Binding::text("report", report)];
            let rows = reader.query(sql, &report_named).or_fail(|| "can't read the reports".to_owned())?;
            // A report of a card alone has nothing to explain; one that is not there has no rows at all.
            if rows.rows.is_empty() && (!explain || is_missing(&reader, show, &report_named)?) {
                return Err(CliError::failed(format!("no report and no party is called `{report}`"))
                    .hint("`carveout reports list` shows all"));
            }
            printer::print(&rows, output)?;
        }
    }
    Ok(Exit::Done)
}

fn is_missing(reader: &Reader, sql: &str, report: &[Binding]) -> Result<bool, CliError> {
    Ok(reader.query(sql, report).or_fail(|| "can't read the reports".to_owned())?.rows.is_empty())
}

/// What files gave, ready to be stored.
#[derive(Debug, Default)]
pub struct Found {
    /// Reports that are new or changed.
    pub reports: Vec<Soc2Report>,
    /// Documents that are no SOC 2 report, and new or changed.
    pub documents: Vec<OtherDocument>,
    /// The vendors of registers.
    pub register: Vec<RegisterEntry>,
    /// Files, rows and letters of which nothing was taken.
    pub unreadable: usize,
}

/// Stores what can be read and derives everything again from the last sealed run. A file that can't be read is told.
fn import(workspace: &Workspace, files: &[PathBuf]) -> Result<Exit, CliError> {
    let mut ground = workspace.ground(Timestamp::now())?;
    let known = ground.controls.criterion_ids();
    let stored = Stored::read(workspace)?;
    let settings =
        workspace.maybe_config().and_then(|config| config.connectors.soc2_reports.first().map(register_settings));
    let read = read_all(&with_neighbours(files), &known, &settings.unwrap_or_default());
    let (combined, mut refused) = (combine(read.documents), read.refused);
    let has_report = !combined.reports.is_empty() || !combined.letters.is_empty();
    if !has_report && combined.documents.is_empty() && combined.register == Register::default() {
        return Err(CliError::failed(format!("nothing was imported\n{}", refused.join("\n")))
            .hint("`carveout reports template` prints a commented card"));
    }
    let entries = register_entries(&combined.register);
    let settled = settle(combined, &stored);
    refused.extend(settled.problems);
    let is_new_register = entries.iter().any(|entry| !ground.register.contains(entry));
    if is_new_register {
        let mut all = ground.register.clone();
        all.extend(entries.iter().cloned());
        if workspace.maybe_config().is_some() {
            let tables = workspace.own_tables()?;
            tables.replace_register(all)?;
            ground.register = tables.register()?;
        } else {
            ground.register = all;
        }
    }
    if !settled.reports.is_empty() || !settled.documents.is_empty() || is_new_register {
        let mut warehouse = workspace.warehouse()?;
        let imports = Imports { reports: &settled.reports, documents: &settled.documents };
        seal(&mut warehouse, Basis::LastRun, &ground, imports, false)?;
    }
    printer::text(&settled.said)?;
    if !entries.is_empty() {
        printer::text(&format!("{} vendors in the register\n", entries.len()))?;
    }
    for problem in &refused {
        tracing::warn!("left out\n{problem}");
    }
    Ok(if refused.is_empty() { Exit::Done } else { Exit::Incomplete })
}

/// Reads the files that the configuration names. One that can't be read is told and counted; the others go in.
pub fn configured(workspace: &Workspace, config: &Config, known: &BTreeSet<String>) -> Result<Found, CliError> {
    let mut documents = Vec::new();
    let mut problems = Vec::new();
    for section in &config.connectors.soc2_reports {
        let patterns: Vec<&str> = section.paths.iter().map(String::as_str).collect();
        let found = expand(&workspace.directory, &patterns)
            .or_usage(|| "[[connectors.soc2_reports]] paths can't be used".to_owned())?;
        for pattern in &found.unmatched {
            tracing::warn!(%pattern, "no report card matches");
        }
        let mut read = read_all(&with_neighbours(&found.files), known, &register_settings(section));
        documents.append(&mut read.documents);
        problems.append(&mut read.refused);
    }
    let combined = combine(documents);
    let register = register_entries(&combined.register);
    let settled = settle(combined, &Stored::read(workspace)?);
    problems.extend_from_slice(&settled.problems);
    for problem in &problems {
        tracing::warn!("this report is left out\n{problem}");
    }
    let Settled { reports, documents, .. } = settled;
    Ok(Found { reports, documents, register, unreadable: problems.len() })
}

fn register_settings(section: &crate::config::ReportsSection) -> RegisterSettings {
    RegisterSettings { columns: section.columns.clone(), date_order: section.date_order }
}

struct ReadFiles {
    documents: Vec<Document>,
    /// What is wrong with the others.
    refused: Vec<String>,
}

/// Reads files: what is wrong with one is a value, so that others can go on.
fn read_all(files: &[PathBuf], known: &BTreeSet<String>, settings: &RegisterSettings) -> ReadFiles {
    let mut read = ReadFiles { documents: Vec::new(), refused: Vec::new() };
    for path in files {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                read.refused.push(format!("{}: {error}", path.display()));
                continue;
            }
        };
        match carveout_soc2_reports::read(path, &bytes, known, settings) {
            Ok(document) => {
                if let Document::Register(register) = &document {
                    let row = |problem: &dyn std::fmt::Display| format!("{}, {problem}", path.display());
                    read.refused.extend(register.problems.iter().map(|problem| row(problem)));
                    for other in &register.others {
                        tracing::info!(vendor = %other.vendor, attestation = %other.attestation, "no document that is kept");
                    }
                }
                read.documents.push(document);
            }
            Err(error) => read.refused.push(error.to_string()),
        }
    }
    read
}

/// The files, with the card that lies beside a PDF and the PDF that lies beside a card.
fn with_neighbours(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut all = files.to_vec();
    for file in files {
        let extension =
            file.extension().and_then(|text| text.to_str()).map(str::to_ascii_lowercase).unwrap_or_default();
        let neighbours: &[&str] = if extension == "pdf" {
            CARDS
        } else if CARDS.contains(&extension.as_str()) {
            &["pdf"]
        } else {
            &[]
        };
        let beside = neighbours.iter().map(|extension| file.with_extension(extension));
        all.extend(beside.filter(|path| path.is_file()));
    }
    let mut seen = BTreeSet::new();
    all.retain(|path| seen.insert(path.clone()));
    all
}

struct Settled {
    reports: Vec<Soc2Report>,
    documents: Vec<OtherDocument>,
    problems: Vec<String>,
    /// What became of each report, for people.
    said: String,
}

/// Puts reports and letters beside what is stored: what is known as it is changes nothing, an older version stays with
/// the newer.
fn settle(combined: Combined, stored: &Stored) -> Settled {
    let mut settled = Settled { reports: Vec::new(), documents: Vec::new(), problems: Vec::new(), said: String::new() };
    for report in combined.reports {
        let id = report.report_id.clone();
        let known = stored.reports.iter().find(|known| known.report_id == id);
        match succeed(known, report) {
            Succession::Unchanged => settled.said.push_str(&format!("unchanged {id}\n")),
            Succession::Counts(report) => {
                settled.said.push_str(&format!("imported {id}\n"));
                settled.reports.push(*report);
            }
            Succession::IsOlder(report) => {
                settled.said.push_str(&format!("older than what is known, and kept with it: {id}\n"));
                settled.reports.push(*report);
            }
        }
    }
    for document in combined.documents {
        let id = &document.document_id;
        if stored.has(&document) {
            settled.said.push_str(&format!("unchanged {id}\n"));
        } else {
            settled.said.push_str(&format!("imported {id} ({}): {}\n", document.kind, document.kind.limits()));
            settled.documents.push(document);
        }
    }
    for letter in combined.letters {
        let continued =
            stored.reports.iter().filter(|report| continues(&letter, report)).max_by_key(|report| report.period_end);
        let Some(report) = continued else {
            let problem = "a bridge letter for a report that is not here; import the report first";
            settled.problems.push(format!("{}: {problem}", letter.source));
            continue;
        };
        let mut report = report.clone();
        extend(&mut report, &letter);
        if stored.reports.contains(&report) {
            settled.said.push_str(&format!("unchanged {}\n", report.report_id));
        } else {
            settled.said.push_str(&format!("extended {} until {}\n", report.report_id, letter.until));
            settled.reports.push(report);
        }
    }
    settled
}

/// The vendors that a register lists.
pub fn register_entries(register: &Register) -> Vec<RegisterEntry> {
    let entry = |vendor: &carveout_soc2_reports::RegisteredVendor| RegisterEntry {
        vendor: vendor.party_id.clone().unwrap_or_else(|| vendor.name.clone()),
        domain: vendor.domain.clone().unwrap_or_default(),
    };
    register.vendors.iter().map(entry).collect()
}

/// What is stored of vendors; nothing where there is no database yet.
#[derive(Default)]
struct Stored {
    reports: Vec<Soc2Report>,
    /// Every version of the other documents.
    documents: Vec<OtherDocument>,
}

impl Stored {
    fn read(workspace: &Workspace) -> Result<Self, CliError> {
        if !workspace.database()?.exists() {
            return Ok(Self::default());
        }
        let reader = workspace.reader()?;
        // A database of before such documents has no table for them until it is written to again.
        let tables = reader.query(
            "SELECT table_name FROM duckdb_tables()
             WHERE schema_name = 'parties' AND table_name = 'other_document_imports'",
            &[],
        );
        let has_documents = !tables.or_fail(|| "can't read the tables".to_owned())?.rows.is_empty();
        Ok(Self {
            reports: documents(&reader, "SELECT document FROM parties.report_documents ORDER BY report_id")?,
            documents: if has_documents {
                let every = "SELECT document FROM parties.other_document_imports ORDER BY document_id, imported_at";
                documents(&reader, every)?
            } else {
                Vec::new()
            },
        })
    }

    /// Whether a document is known as it is, wherever it was read from.
    fn has(&self, document: &OtherDocument) -> bool {
        self.documents.iter().any(|known| {
            known.source_sha256 == document.source_sha256
                && *document == OtherDocument { source: document.source.clone(), ..known.clone() }
        })
    }
}

fn documents<T: DeserializeOwned>(reader: &Reader, sql: &str) -> Result<Vec<T>, CliError> {
    #[derive(Deserialize)]
    struct Row<T> {
        document: T,
    }
    let rows: Vec<Row<T>> = reader.rows(sql, &[]).or_fail(|| "can't read the reports that are stored".to_owned())?;
    Ok(rows.into_iter().map(|row| row.document).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_beside_a_pdf_is_read_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let pdf = folder.path().join("northwind.pdf");
        let card = folder.path().join("northwind.toml");
        fs::write(&pdf, "").expect("a file");
        assert_eq!(with_neighbours(std::slice::from_ref(&pdf)), std::slice::from_ref(&pdf));
        fs::write(&card, "").expect("a file");
        assert_eq!(with_neighbours(std::slice::from_ref(&pdf)), [pdf.clone(), card.clone()]);
        assert_eq!(with_neighbours(&[card.clone(), pdf.clone()]), [card, pdf]);
    }
}
