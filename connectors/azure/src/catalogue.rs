//! The catalogue: one declarative record per resource type, compiled in from `catalogue/*.toml`.
//!
//! A type that has no record is stored all the same, with what every Azure resource has in common; a record adds what
//! only this type has: details to ask for, typed columns, evidence, secrets.

use std::sync::LazyLock;

use carveout_crawl::{TypeCatalogue, TypeRecord};
use carveout_discovery::EvidenceRule;
use carveout_model::{JsonPath, ServiceModel, TypedColumn};
use include_dir::{Dir, include_dir};
use serde::Deserialize;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/catalogue");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let files = FILES.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)));
    Catalogue::read(files).expect("the catalogue that is compiled in is checked by the tests")
});

/// The Resource Graph table that most resources are in.
pub const RESOURCES: &str = "resources";

/// Every record, by type name, with evidence that any resource can show.
pub type Catalogue = TypeCatalogue<Record, EvidenceRule>;

/// The catalogue that is compiled in.
pub fn shared() -> &'static Catalogue {
    &CATALOGUE
}

/// One resource type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The ARM type in lower case, or `microsoft.graph/…` for an object of the directory.
    pub name: String,
    /// What its view in SQL is called below the schema `azure`: ARM's lower-case names have no word borders.
    pub view: String,
    /// What it is, in one sentence.
    pub description: String,
    /// How much of the stack Microsoft runs.
    pub service_model: ServiceModel,
    /// The Resource Graph table that lists it; [`RESOURCES`] unless said otherwise.
    #[serde(default = "resources")]
    pub table: String,
    /// How Microsoft Graph lists it; then `table` means nothing.
    pub directory: Option<DirectoryListing>,
    /// The permission that reading it needs (`Microsoft.Storage/storageAccounts/read`, `Application.Read.All`).
    pub permission: String,
    /// Typed columns of its view.
    #[serde(default)]
    pub columns: Vec<TypedColumn>,
    /// What ARM is asked for each resource, beyond what the index has.
    #[serde(default)]
    pub details: Vec<Detail>,
    /// Where an outside party can show.
    #[serde(default)]
    pub evidence: Vec<EvidenceRule>,
    /// Paths whose values are secret.
    #[serde(default)]
    pub secrets: Vec<JsonPath>,
    /// The criteria it bears on.
    #[serde(default)]
    pub criteria: Vec<String>,
}

impl TypeRecord for Record {
    fn type_name(&self) -> &str {
        &self.name
    }

    fn flaw(&self) -> Option<String> {
        // ARM's type names are compared in lower case.
        (self.name != self.name.to_ascii_lowercase()).then(|| "its name is not in lower case".to_owned())
    }
}

/// The types that a Resource Graph table lists.
pub(crate) fn types_of_table(table: &str) -> impl Iterator<Item = &'static Record> {
    shared().records().filter(move |record| record.directory.is_none() && record.table == table)
}

fn resources() -> String {
    RESOURCES.to_owned()
}

/// A collection of Microsoft Graph.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryListing {
    /// Path and query (`/v1.0/applications?$top=999`).
    pub path: String,
    /// A second collection whose elements are joined to these as one member.
    pub join: Option<DirectoryJoin>,
}

/// A collection of Microsoft Graph that says more about another one's elements.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryJoin {
    /// The member that they become.
    pub member: String,
    /// Path and query.
    pub path: String,
    /// The member of an element that holds the `id` it belongs to.
    pub on: String,
    /// The permission that reading it needs.
    pub permission: String,
}

/// One GET below a resource.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// The member of `config` that the answer becomes.
    pub member: String,
    /// What is appended to the resource's id.
    pub path: String,
    /// The API version.
    pub api_version: String,
    /// The permission that it needs.
    pub permission: String,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::index::TABLES;

    #[test]
    fn every_record_is_complete_and_in_the_file_of_its_namespace() {
        let mut seen = 0;
        for file in FILES.files() {
            let path = file.path().to_str().expect("a name");
            let read = Catalogue::read([(path, file.contents_utf8().expect("text"))]).expect("a catalogue file");
            for record in read.records() {
                let namespace = record.name.split('/').next().expect("a namespace");
                assert_eq!(path, format!("{namespace}.toml"), "{}", record.name);
                assert!(record.description.ends_with('.'), "{}", record.name);
                assert!(record.directory.is_some() || TABLES.contains(&record.table.as_str()), "{}", record.name);
                let columns: BTreeSet<_> = record.columns.iter().map(|column| &column.name).collect();
                assert_eq!(columns.len(), record.columns.len(), "{}", record.name);
                for detail in &record.details {
                    assert!(detail.path.starts_with('/'), "{}: {}", record.name, detail.path);
                }
                seen += 1;
            }
        }
        assert_eq!(seen, shared().records().count());
        assert!(seen >= 60, "{seen} records");
    }

    #[test]
    fn a_record_asks_only_for_read_permissions() {
        for record in shared().records() {
            let asked = record.details.iter().map(|detail| &detail.permission).chain([&record.permission]);
            for permission in asked {
                let reads = permission.ends_with("/read") || permission.contains(".Read.");
                assert!(reads, "{}: {permission}", record.name);
            }
        }
    }
}
