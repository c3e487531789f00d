//! The catalogue: one declarative record per asset type, compiled in from `catalogue/*.toml`.
//!
//! A type that has no record is stored all the same, with what every asset has in common; a record adds what only this
//! type has: typed columns, evidence, secrets.

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

/// The asset type of buckets.
pub const BUCKET: &str = "storage.googleapis.com/Bucket";

/// Every record, by type name, with evidence that any asset can show.
pub type Catalogue = TypeCatalogue<Record, EvidenceRule>;

/// The catalogue that is compiled in.
pub fn shared() -> &'static Catalogue {
    &CATALOGUE
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
    pub columns: Vec<TypedColumn>,
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

impl TypeRecord for Record {
    fn type_name(&self) -> &str {
        &self.name
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
        assert_eq!(seen, shared().records().count());
        assert!(seen >= 60, "{seen} records");
        assert!(shared().get(BUCKET).is_some());
    }

    #[test]
    fn a_record_asks_only_for_read_permissions() {
        for record in shared().records() {
            let verb = record.permission.rsplit('.').next().expect("a verb");
            let reads = verb.starts_with("get") || verb.starts_with("list");
            assert!(reads, "{}: {}", record.name, record.permission);
        }
    }
}
