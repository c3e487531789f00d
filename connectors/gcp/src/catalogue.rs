//! The catalogue: one declarative record per asset type, compiled in from `catalogue/*.toml`.
//!
//! A type that has no record is stored all the same, with what every asset has in common; a record adds what only this
//! type has: typed columns, evidence, secrets.

use std::{collections::BTreeMap, sync::LazyLock};

use carveout_discovery::EvidenceRule;
use carveout_model::{JsonPath, ServiceModel};
use include_dir::{Dir, include_dir};
use serde::Deserialize;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/catalogue");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let files = FILES.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)));
    Catalogue::read(files).expect("the catalogue that is compiled in is checked by the tests")
});

/// The asset type of buckets.
pub const BUCKET: &str = "storage.googleapis.com/Bucket";

/// Every record, by type name.
#[derive(Debug, Default)]
pub struct Catalogue {
    types: BTreeMap<String, Record>,
    common: Vec<EvidenceRule>,
}

/// One asset type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Cloud Asset Inventory's own name (`storage.googleapis.com/Bucket`).
    pub name: String,
    /// What it is, in one sentence.
    pub description: String,
    /// How much of the stack Google runs.
    pub service_model: ServiceModel,
    /// Whether it is also found on folders and on the organization itself.
    #[serde(default)]
    pub above_projects: bool,
    /// The permission that reading it needs.
    pub permission: String,
    /// Typed columns of its view.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Where an outside party can show, beyond the IAM policy that every asset may have.
    #[serde(default)]
    pub evidence: Vec<EvidenceRule>,
    /// Paths whose values are secret.
    #[serde(default)]
    pub secrets: Vec<JsonPath>,
    /// The criteria it bears on.
    #[serde(default)]
    pub criteria: Vec<String>,
}

/// A typed column of a type's view.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Where its value is in `config`.
    pub path: JsonPath,
    /// What it is cast to.
    #[serde(rename = "type", default)]
    pub kind: ColumnType,
    /// What it says.
    pub description: String,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text.
    #[default]
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// A moment in UTC.
    Timestamp,
    /// An object or a list.
    Json,
}

/// A catalogue file that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// No TOML, or not of the shape of a record.
    #[error("{file}: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// Where and why.
        reason: String,
    },
    /// The same type twice.
    #[error("{file}: the type {type_name} has a record already")]
    Duplicate {
        /// The file.
        file: String,
        /// The type.
        type_name: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "type")]
    types: Vec<Record>,
    /// Evidence that any asset can show.
    #[serde(default)]
    evidence: Vec<EvidenceRule>,
}

impl Catalogue {
    /// The catalogue that is compiled in.
    pub fn shared() -> &'static Self {
        &CATALOGUE
    }

    /// Reads catalogue files, each with its name.
    ///
    /// # Errors
    /// The first file that can't be used.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::default();
        for (name, text) in files {
            let file: File = toml::from_str(text)
                .map_err(|error| CatalogueError::Unreadable { file: name.to_owned(), reason: error.to_string() })?;
            catalogue.common.extend(file.evidence);
            for record in file.types {
                let type_name = record.name.clone();
                if catalogue.types.insert(type_name.clone(), record).is_some() {
                    return Err(CatalogueError::Duplicate { file: name.to_owned(), type_name });
                }
            }
        }
        Ok(catalogue)
    }

    /// The record of a type.
    pub fn get(&self, type_name: &str) -> Option<&Record> {
        self.types.get(type_name)
    }

    /// Every record, by name.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.types.values()
    }

    /// Evidence that any asset can show, whatever its type.
    pub fn common_evidence(&self) -> &[EvidenceRule] {
        &self.common
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_record_is_complete_and_in_the_file_of_its_service() {
        let mut seen = 0;
        for file in FILES.files() {
            let path = file.path().to_str().expect("a name");
            let read = Catalogue::read([(path, file.contents_utf8().expect("text"))]).expect("a catalogue file");
            for record in read.records() {
                let (service, _) = record.name.split_once(".googleapis.com/").expect("an asset type");
                assert_eq!(path, format!("{service}.toml"), "{}", record.name);
                assert!(record.description.ends_with('.'), "{}", record.name);
                let columns: BTreeSet<_> = record.columns.iter().map(|column| &column.name).collect();
                assert_eq!(columns.len(), record.columns.len(), "{}", record.name);
                seen += 1;
            }
        }
        assert_eq!(seen, Catalogue::shared().records().count());
        assert!(seen >= 60, "{seen} records");
        assert!(Catalogue::shared().get(BUCKET).is_some());
    }

    #[test]
    fn a_record_asks_only_for_read_permissions() {
        for record in Catalogue::shared().records() {
            let verb = record.permission.rsplit('.').next().expect("a verb");
            let reads = verb.starts_with("get") || verb.starts_with("list");
            assert!(reads, "{}: {}", record.name, record.permission);
        }
    }
}
