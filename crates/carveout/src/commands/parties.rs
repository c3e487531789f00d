//! `carveout parties`: who the third parties are, what a raw id is called, and whom vendors say that they depend on.

use std::{
    fs,
    path::{Path, PathBuf},
};

use carveout_graph::subservice_slug;
use carveout_queries::Binding;
use carveout_sheets::Sheet;
use carveout_soc2_reports::{RegisterSettings, read_register};
use carveout_warehouse::Reader;
use jiff::Timestamp;

use crate::{
    cli::{Global, Parties},
    commands::{query, reports},
    derive::{Basis, Imports, seal},
    error::{CliError, Exit, OrFail},
    own_tables::{NewVendor, Subprocessor},
    printer,
    workspace::Workspace,
};

/// Lists, shows, names or imports.
pub fn run(global: &Global, command: &Parties) -> Result<Exit, CliError> {
    let workspace = Workspace::open(global)?;
    match command {
        Parties::List { output } => return query::print_packaged(&workspace, "third-parties", &[], output),
        Parties::Show { party, output } => {
            let reader = workspace.reader()?;
            let party = find(&reader, party)?;
            let rows = reader.query(include_str!("parties_show.sql"), &[party.binding()]);
            printer::print(&rows.or_fail(|| "can't read the party".to_owned())?, output)?;
        }
        Parties::Name { party, vendor, domain, kind } => {
            let vendor = NewVendor { name: vendor.clone(), domain: domain.clone(), kind: kind.clone() };
            name(&workspace, party, &vendor)?;
        }
        Parties::Register { file } => register(&workspace, file)?,
        Parties::Subprocessors { files } => subprocessors(&workspace, files)?,
    }
    Ok(Exit::Done)
}

/// A party of the published database.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Party {
    /// Its id.
    pub party_id: String,
    is_exact: bool,
}

impl Party {
    /// The variable `party` of a statement.
    pub fn binding(&self) -> Binding {
        Binding::text("party", &self.party_id)
    }
}

/// The party that is meant: by id, by name without regard to case, or by the only name that contains the word.
pub fn find(reader: &Reader, party: &str) -> Result<Party, CliError> {
    let matches: Vec<Party> = reader
        .rows(
            "SELECT party_id,
                 lower(party_id) = lower(getvariable('party')) OR lower(name) = lower(getvariable('party')) AS is_exact
             FROM parties.third_parties
             WHERE is_exact OR contains(lower(name), lower(getvariable('party')))
                 OR contains(lower(party_id), lower(getvariable('party')))
             ORDER BY is_exact DESC, party_id LIMIT 6",
            &[Binding::text("party", party)],
        )
        .or_fail(|| "can't read the parties".to_owned())?;
    match matches.as_slice() {
        [only] => Ok(only.clone()),
        [one, next, ..] if one.is_exact && !next.is_exact => Ok(one.clone()),
        [] => {
            Err(CliError::failed(format!("no third party is called `{party}`"))
                .hint("`carveout parties list` lists all"))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|each| each.party_id.as_str()).collect();
            Err(CliError::failed(format!("`{party}` may mean several parties"))
                .hint(format!("one of {}", ids.join(", "))))
        }
    }
}

/// Writes the name into the workspace's tables and derives again, so that it holds at once and after every refresh.
fn name(workspace: &Workspace, party: &str, vendor: &NewVendor) -> Result<(), CliError> {
    let tables = workspace.own_tables()?;
    let reader = workspace.reader()?;
    if let Some(printed) = printed_name(&reader, party)? {
        let vendor_id = tables.name_party(&subservice_slug(&printed), vendor)?;
        derive_again(workspace)?;
        let place = tables.signals_path().display();
        return printer::text(&format!("`{printed}` is {} ({vendor_id}); written to {place}\n", vendor.name));
    }
    let party_id = find(&reader, party)?.party_id;
    if let Some(known) = tables.directory()?.vendor(&party_id) {
        return Err(CliError::usage(format!("{party_id} is a vendor of the directory already: {}", known.name))
            .hint("a row in the workspace's own `vendors` table changes how it is shown"));
    }
    let vendor_id = tables.name_party(&party_id, vendor)?;
    derive_again(workspace)?;
    let place = tables.signals_path().display();
    printer::text(&format!("{party_id} is {} ({vendor_id}); written to {place}\n", vendor.name))
}

/// The name as a report or the register prints it, where the words are one and no party has them for its id.
fn printed_name(reader: &Reader, words: &str) -> Result<Option<String>, CliError> {
    #[derive(serde::Deserialize)]
    struct Printed {
        name: String,
    }
    let found: Vec<Printed> = reader
        .rows(
            "SELECT names.name
             FROM parties.names AS names
             WHERE lower(names.name) = lower(getvariable('words'))
                 AND NOT EXISTS (
                     SELECT 1 FROM parties.third_parties AS parties
                     WHERE lower(parties.party_id) = lower(getvariable('words'))
                 )
             ORDER BY names.name LIMIT 1",
            &[Binding::text("words", words)],
        )
        .or_fail(|| "can't read the names of parties".to_owned())?;
    Ok(found.into_iter().next().map(|printed| printed.name))
}

/// Replaces the workspace's register, derives again, and says what differs. Reports that its rows name come in with
/// `reports import`.
fn register(workspace: &Workspace, file: &Path) -> Result<(), CliError> {
    let bytes = fs::read(file).or_fail(|| format!("can't read {}", file.display()))?;
    let known = workspace.control_set()?.criterion_ids();
    let register = read_register(file, &bytes, &known, &RegisterSettings::default())
        .or_usage(|| format!("{} can't be used", file.display()))?;
    for problem in &register.problems {
        tracing::warn!(file = %file.display(), "left out: {problem}");
    }
    let entries = reports::register_entries(&register);
    let read = workspace.own_tables()?.replace_register(entries)?;
    derive_again(workspace)?;
    let found: Vec<Finding> = workspace
        .reader()?
        .rows(
            "SELECT
                 count(*) FILTER (WHERE parties.in_register AND shown.party_id IS NOT NULL) AS seen,
                 count(*) FILTER (WHERE NOT parties.in_register AND shown.party_id IS NOT NULL) AS not_in_register,
                 count(*) FILTER (WHERE parties.in_register AND shown.party_id IS NULL) AS not_seen
             FROM parties.third_parties AS parties
             LEFT JOIN (SELECT DISTINCT party_id FROM parties.evidence WHERE status IN ('live', 'dormant')) AS shown
                 ON shown.party_id = parties.party_id",
            &[],
        )
        .or_fail(|| "can't compare the register".to_owned())?;
    let Some(Finding { seen, not_in_register, not_seen }) = found.first() else { return Ok(()) };
    printer::text(&format!(
        "{read} parties in the register: {seen} are seen in the estate, {not_seen} are not; {not_in_register} are seen and \
         not in the register\n`carveout query run register-differences` lists them\n"
    ))
}

#[derive(serde::Deserialize)]
struct Finding {
    seen: u64,
    not_in_register: u64,
    not_seen: u64,
}

/// Adds the lists to the workspace's table and derives again.
fn subprocessors(workspace: &Workspace, files: &[PathBuf]) -> Result<(), CliError> {
    let mut rows = Vec::new();
    for file in files {
        read_tables(file, |sheet| {
            rows.extend(read_list(sheet)?);
            Ok(())
        })?;
    }
    let read = rows.len();
    let added = workspace.own_tables()?.add_subprocessors(rows)?;
    derive_again(workspace)?;
    printer::text(&format!("{read} rows, {added} new\n"))
}

/// Hands every sheet of a file on; what is wrong with one is told with its file.
fn read_tables(file: &Path, mut read: impl FnMut(&Sheet) -> Result<(), String>) -> Result<(), CliError> {
    let bytes = fs::read(file).or_fail(|| format!("can't read {}", file.display()))?;
    let unusable = || format!("{} can't be used", file.display());
    let sheets = carveout_sheets::read(&bytes, &file.to_string_lossy()).or_usage(unusable)?;
    for sheet in sheets.iter().filter(|sheet| !sheet.rows.is_empty()) {
        read(sheet).map_err(|error| {
            CliError::usage(format!("{}: {error}", unusable())).hint("the first row names the columns; see --help")
        })?;
    }
    Ok(())
}

/// A sheet whose first row names its columns, one of which names the vendor.
struct Table<'a> {
    sheet: &'a Sheet,
    vendor: usize,
}

impl<'a> Table<'a> {
    fn of(sheet: &'a Sheet, vendor: &[&str]) -> Result<Self, String> {
        let table = Self { sheet, vendor: 0 };
        let missing = || format!("there is no column `{}` in {}", vendor[0], sheet.place(0));
        Ok(Self { vendor: table.column(vendor).ok_or_else(missing)?, ..table })
    }

    /// The first column of one of these names, in the order of the names.
    fn column(&self, names: &[&str]) -> Option<usize> {
        let head = self.sheet.rows.first()?;
        names.iter().find_map(|name| head.iter().position(|cell| cell.eq_ignore_ascii_case(name)))
    }

    /// The number, the vendor and the cells of every row.
    fn rows(&self) -> Result<Vec<NumberedRow<'a>>, String> {
        let rows = self.sheet.rows.iter().enumerate().skip(1);
        rows.map(|(number, row)| match row.get(self.vendor).filter(|vendor| !vendor.is_empty()) {
            Some(vendor) => Ok((number, vendor.clone(), row.as_slice())),
            None => Err(format!("{} names no vendor", self.sheet.place(number))),
        })
        .collect()
    }
}

/// The number of a row, the vendor it names, and its cells.
type NumberedRow<'a> = (usize, String, &'a [String]);

/// The rows of a list of subprocessors, or what is wrong with it and where.
fn read_list(sheet: &Sheet) -> Result<Vec<Subprocessor>, String> {
    let table = Table::of(sheet, &["vendor"])?;
    let missing = || format!("there is no column `subprocessor` in {}", sheet.place(0));
    let subprocessor = table.column(&["subprocessor", "sub-processor"]).ok_or_else(missing)?;
    let service = table.column(&["service", "purpose"]);
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let mut list = Vec::new();
    for (number, vendor, row) in table.rows()? {
        let subprocessor = cell(row, subprocessor);
        if subprocessor.is_empty() {
            return Err(format!("{} names no subprocessor", sheet.place(number)));
        }
        list.push(Subprocessor { vendor, subprocessor, service: service.map(|at| cell(row, at)).unwrap_or_default() });
    }
    Ok(list)
}

/// Derives everything again from the last sealed run; the tables are written already.
fn derive_again(workspace: &Workspace) -> Result<(), CliError> {
    let ground = workspace.ground(Timestamp::now())?;
    let mut warehouse =
        workspace.warehouse().map_err(|error| error.hint("it is written, and holds from the next refresh on"))?;
    seal(&mut warehouse, Basis::LastRun, &ground, Imports::default(), false).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        Sheet {
            name: String::new(),
            rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
            numbers: (1..=rows.len()).collect(),
        }
    }

    #[test]
    fn a_list_is_read_whatever_the_order_of_its_columns() {
        let list = read_list(&sheet(&[&["Service", "Subprocessor", "Vendor"], &["mail", "SendGrid", "Okta"]]));
        let [row] = list.expect("it is right").try_into().expect("one row");
        assert_eq!(
            (row.vendor.as_str(), row.subprocessor.as_str(), row.service.as_str()),
            ("Okta", "SendGrid", "mail")
        );
    }

    #[test]
    fn a_list_without_a_vendor_says_where() {
        let error = read_list(&sheet(&[&["vendor", "subprocessor"], &["", "SendGrid"]])).expect_err("no vendor");
        assert_eq!(error, "line 2 names no vendor");
        let error = read_list(&sheet(&[&["supplier", "subprocessor"]])).expect_err("no column");
        assert_eq!(error, "there is no column `vendor` in line 1");
    }
}
