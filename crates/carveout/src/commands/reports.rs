//! `carveout reports`: what vendors send (PDF reports, cards, bridge letters, registers) into the database, and what is
//! there.

use std::{collections::BTreeSet, fs, path::PathBuf};

use carveout_model::Soc2Report;
use carveout_queries::Binding;
use carveout_soc2_reports::{
    CARD_SCHEMA, Combined, Document, Register, RegisterSettings, Succession, TEMPLATE, combine, continues, expand,
    extend, succeed,
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    cli::{Global, Reports},
    config::Config,
    derive::{Basis, seal},
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
        Reports::List { output } => {
            let reader = Workspace::open(global)?.reader()?;
            let rows = reader
                .query(
                    "SELECT report_id, party_id, report_type, period_start, coalesce(period_end, as_of) AS until,
                         opinion, reliance, categories
                     FROM parties.reports ORDER BY party_id NULLS LAST, until, report_id",
                    &[],
                )
                .or_fail(|| "can't read the reports".to_owned())?;
            printer::print(&rows, output)?;
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

fn is_missing(reader: &carveout_warehouse::Reader, sql: &str, report: &[Binding]) -> Result<bool, CliError> {
    Ok(reader.query(sql, report).or_fail(|| "can't read the reports".to_owned())?.rows.is_empty())
}

/// What files gave, ready to be stored.
#[derive(Debug, Default)]
pub struct Found {
    /// Reports that are new or changed.
    pub reports: Vec<Soc2Report>,
    /// The vendors of registers.
    pub register: Vec<RegisterEntry>,
    /// Files, rows and letters of which nothing was taken.
    pub unreadable: usize,
}

/// Stores what can be read and derives everything again from the last sealed run. A file that can't be read is told.
fn import(workspace: &Workspace, files: &[PathBuf]) -> Result<Exit, CliError> {
    let mut ground = workspace.ground(Timestamp::now())?;
    let known = ground.controls.criterion_ids();
    let stored = stored(workspace)?;
    let settings =
        workspace.maybe_config().and_then(|config| config.connectors.soc2_reports.first().map(register_settings));
    let read = read_all(&with_neighbours(files), &known, &settings.unwrap_or_default());
    let (combined, mut refused) = (combine(read.documents), read.refused);
    if combined.reports.is_empty() && combined.letters.is_empty() && combined.register == Register::default() {
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
    if !settled.reports.is_empty() || is_new_register {
        let mut warehouse = workspace.warehouse()?;
        seal(&mut warehouse, Basis::LastRun, &ground, &settled.reports, false)?;
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
    let settled = settle(combined, &stored(workspace)?);
    problems.extend(settled.problems);
    for problem in &problems {
        tracing::warn!("this report is left out\n{problem}");
    }
    Ok(Found { reports: settled.reports, register, unreadable: problems.len() })
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
                        tracing::info!(vendor = %other.vendor, attestation = %other.attestation, "no SOC 2 report");
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
    problems: Vec<String>,
    /// What became of each report, for people.
    said: String,
}

/// Puts reports and letters beside what is stored: what is known as it is changes nothing, an older version stays with
/// the newer.
fn settle(combined: Combined, stored: &[Soc2Report]) -> Settled {
    let mut settled = Settled { reports: Vec::new(), problems: Vec::new(), said: String::new() };
    for report in combined.reports {
        let id = report.report_id.clone();
        let known = stored.iter().find(|known| known.report_id == id);
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
    for letter in combined.letters {
        let continued =
            stored.iter().filter(|report| continues(&letter, report)).max_by_key(|report| report.period_end);
        let Some(report) = continued else {
            let problem = "a bridge letter for a report that is not here; import the report first";
            settled.problems.push(format!("{}: {problem}", letter.source));
            continue;
        };
        let mut report = report.clone();
        extend(&mut report, &letter);
        if stored.contains(&report) {
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

/// The reports as they are stored; none where there is no database yet.
fn stored(workspace: &Workspace) -> Result<Vec<Soc2Report>, CliError> {
    #[derive(Deserialize)]
    struct Stored {
        document: Soc2Report,
    }
    let reading = || "can't read the reports that are stored".to_owned();
    if !workspace.database()?.exists() {
        return Ok(Vec::new());
    }
    let rows = workspace.reader()?.query("SELECT document FROM parties.report_documents ORDER BY report_id", &[]);
    let rows: Vec<Stored> = rows.or_fail(reading)?.deserialize().or_fail(reading)?;
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
