//! The workspace's own tables of vendors: CSV files beside the configuration, which `parties name`,
//! `parties subprocessors` and `parties register` write and every run reads. They are the user's, to edit and to keep under version control.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use carveout_discovery::{Directory, Vendor};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    config::WorkspaceSection,
    error::{CliError, OrFail},
    printer,
};

/// Where the tables lie that the configuration does not name.
const FOLDER: &str = "parties";
/// The signal by which the directory knows a party that was named by its raw id.
const PARTY_ID: &str = "party_id";
const NAMED_BY: &str = "named with carveout parties name";

/// One row of `vendors`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct VendorRow {
    vendor_id: String,
    name: String,
    domain: String,
    kind: String,
}

/// One row of `signals`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SignalRow {
    vendor_id: String,
    signal_kind: String,
    pattern: String,
    r#match: String,
    source: String,
}

/// One row of `subprocessors`: whom a vendor says that it depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subprocessor {
    /// The vendor, by name or id.
    pub vendor: String,
    /// Whom it depends on, by name or id.
    pub subprocessor: String,
    /// What for; may be empty.
    pub service: String,
}

/// One row of `register`: a third party that the organization knows of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// Its name or id.
    pub vendor: String,
    /// Its domain; may be empty.
    pub domain: String,
}

/// A vendor that a user names.
#[derive(Debug, Clone, Default)]
pub struct NewVendor {
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: Option<String>,
    /// Its kind of service.
    pub kind: Option<String>,
}

/// Where one table lies.
#[derive(Debug, Clone)]
struct Table {
    path: PathBuf,
    /// The configuration names it, so that it has to be there.
    is_configured: bool,
}

/// Where the tables lie.
#[derive(Debug, Clone)]
pub struct OwnTables {
    vendors: Table,
    signals: Table,
    subprocessors: Table,
    register: Table,
}

impl OwnTables {
    /// Those that the configuration names; the others are `parties/*.csv` beside it, where there are such files.
    pub fn new(section: &WorkspaceSection, folder: &Path) -> Self {
        let table = |configured: &Option<PathBuf>, name: &str| match configured {
            Some(path) => Table { path: folder.join(path), is_configured: true },
            None => Table { path: folder.join(FOLDER).join(name), is_configured: false },
        };
        Self {
            vendors: table(&section.vendors, "vendors.csv"),
            signals: table(&section.signals, "signals.csv"),
            subprocessors: table(&section.subprocessors, "subprocessors.csv"),
            register: table(&section.register, "register.csv"),
        }
    }

    /// The bundled directory with the tables laid over it.
    pub fn directory(&self) -> Result<Directory, CliError> {
        let (vendors, signals) = (self.vendors.text()?, self.signals.text()?);
        Directory::bundled()
            .load_overrides(vendors.as_deref(), signals.as_deref())
            .or_usage(|| format!("{} and {} can't be used", self.vendors.path.display(), self.signals.path.display()))
    }

    /// Whom vendors say that they depend on.
    pub fn subprocessors(&self) -> Result<Vec<Subprocessor>, CliError> {
        self.subprocessors.rows()
    }

    /// The third parties that the organization knows of.
    pub fn register(&self) -> Result<Vec<RegisterEntry>, CliError> {
        self.register.rows()
    }

    /// Replaces the register: it is always handed in whole.
    pub fn replace_register(&self, mut entries: Vec<RegisterEntry>) -> Result<usize, CliError> {
        entries.sort();
        entries.dedup_by(|one, other| one.vendor == other.vendor);
        self.register.write(&entries)?;
        Ok(entries.len())
    }

    /// Names a party by its raw id for good, and returns the vendor's id. A vendor that the directory does not know
    /// under this name becomes a row of its own.
    pub fn name_party(&self, party_id: &str, vendor: &NewVendor) -> Result<String, CliError> {
        let directory = self.directory()?;
        let vendor_id = match directory.vendor_by_name(&vendor.name) {
            Some(known) => known.vendor_id.clone(),
            None => self.add_vendor(&directory, vendor)?,
        };
        let mut signals: Vec<SignalRow> = self.signals.rows()?;
        signals.retain(|row| row.signal_kind != PARTY_ID || row.pattern != party_id);
        signals.push(SignalRow {
            vendor_id: vendor_id.clone(),
            signal_kind: PARTY_ID.to_owned(),
            pattern: party_id.to_owned(),
            r#match: "exact".to_owned(),
            source: NAMED_BY.to_owned(),
        });
        self.signals.write(&signals)?;
        Ok(vendor_id)
    }

    /// Where a name is written, for people.
    pub fn signals_path(&self) -> &Path {
        &self.signals.path
    }

    fn add_vendor(&self, directory: &Directory, vendor: &NewVendor) -> Result<String, CliError> {
        let vendor_id = slug(&vendor.name);
        if vendor_id.is_empty() {
            return Err(CliError::usage(format!("`{}` is no name", vendor.name)));
        }
        if let Some(Vendor { name, .. }) = directory.vendor(&vendor_id) {
            return Err(CliError::usage(format!("the id `{vendor_id}` belongs to {name}"))
                .hint("use that name, or one that tells them apart"));
        }
        let mut vendors: Vec<VendorRow> = self.vendors.rows()?;
        vendors.push(VendorRow {
            vendor_id: vendor_id.clone(),
            name: vendor.name.trim().to_owned(),
            domain: vendor.domain.clone().unwrap_or_default(),
            kind: vendor.kind.clone().unwrap_or_default(),
        });
        self.vendors.write(&vendors)?;
        Ok(vendor_id)
    }

    /// Adds rows to the table of subprocessors; one that is there already is kept once. Returns how many are new.
    pub fn add_subprocessors(&self, new: Vec<Subprocessor>) -> Result<usize, CliError> {
        let mut all = self.subprocessors()?;
        let before = all.len();
        all.extend(new);
        all.sort();
        all.dedup_by(|one, other| one.vendor == other.vendor && one.subprocessor == other.subprocessor);
        let added = all.len().saturating_sub(before);
        self.subprocessors.write(&all)?;
        Ok(added)
    }
}

/// A name as an id: lower case, words joined by hyphens.
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

impl Table {
    /// The file's text; none where there is none and none has to be.
    fn text(&self) -> Result<Option<String>, CliError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.is_configured => Ok(None),
            Err(error) => Err(CliError::usage(format!("can't read {}", self.path.display())).because(error)),
        }
    }

    fn rows<Row: DeserializeOwned>(&self) -> Result<Vec<Row>, CliError> {
        let Some(text) = self.text()? else { return Ok(Vec::new()) };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        reader.deserialize().collect::<Result<_, _>>().or_usage(|| format!("{} can't be used", self.path.display()))
    }

    fn write<Row: Serialize>(&self, rows: &[Row]) -> Result<(), CliError> {
        let writing = || format!("can't write {}", self.path.display());
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).or_fail(writing)?;
        }
        printer::replace_file(&self.path, |out| {
            let mut writer = csv::Writer::from_writer(out);
            rows.iter().try_for_each(|row| writer.serialize(row))?;
            writer.flush()
        })
        .or_fail(writing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(folder: &Path) -> OwnTables {
        let section = WorkspaceSection {
            name: "acme".to_owned(),
            database: "acme.duckdb".into(),
            memory_limit_mib: None,
            vendors: None,
            signals: None,
            subprocessors: None,
            register: None,
        };
        OwnTables::new(&section, folder)
    }

    fn vendor(name: &str) -> NewVendor {
        NewVendor { name: name.to_owned(), ..NewVendor::default() }
    }

    #[test]
    fn a_name_is_kept_and_a_second_one_replaces_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = tables(folder.path());
        let raw = "unknown-aws-390012345678";
        assert_eq!(own.name_party(raw, &vendor("Acme Scanning")).expect("a name"), "acme-scanning");
        assert_eq!(own.name_party(raw, &vendor("Okta, Inc.")).expect("a name"), "okta");
        let directory = own.directory().expect("the tables are right");
        assert_eq!(directory.vendor_of_party(raw).map(|vendor| vendor.vendor_id.as_str()), Some("okta"));
        assert!(directory.vendor("acme-scanning").is_some());
        let signals: Vec<SignalRow> = own.signals.rows().expect("rows");
        assert_eq!(signals.len(), 1);
    }

    #[test]
    fn a_list_is_added_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = tables(folder.path());
        let row = |vendor: &str, service: &str| Subprocessor {
            vendor: vendor.to_owned(),
            subprocessor: "Equinix, Inc.".to_owned(),
            service: service.to_owned(),
        };
        assert_eq!(own.add_subprocessors(vec![row("Okta", "hosting"), row("Datadog", "")]).expect("added"), 2);
        assert_eq!(own.add_subprocessors(vec![row("Okta", "data centres")]).expect("added"), 0);
        assert_eq!(own.subprocessors().expect("rows").len(), 2);
    }
}
