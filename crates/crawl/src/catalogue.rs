//! Catalogues of resource types: one declarative record for each, in TOML files that are compiled into a connector.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};

/// What a connector knows of one resource type.
pub trait TypeRecord: DeserializeOwned {
    /// The provider's own name of the type.
    fn type_name(&self) -> &str;

    /// What is wrong with the record, beyond its shape.
    fn flaw(&self) -> Option<String> {
        None
    }
}

/// Every record by type name, with the rules `E` for evidence that a resource of any type can show.
#[derive(Debug)]
pub struct TypeCatalogue<R, E> {
    types: BTreeMap<String, R>,
    common: Vec<E>,
}

/// A catalogue file that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TypeCatalogueError {
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
    /// The connector does not take the record.
    #[error("{file}: the record of {type_name} can't be used: {flaw}")]
    Flawed {
        /// The file.
        file: String,
        /// The type.
        type_name: String,
        /// What is wrong.
        flaw: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "R: DeserializeOwned, E: DeserializeOwned")]
struct File<R, E> {
    #[serde(default = "Vec::new", rename = "type")]
    types: Vec<R>,
    #[serde(default = "Vec::new")]
    evidence: Vec<E>,
}

impl<R: TypeRecord, E: DeserializeOwned> TypeCatalogue<R, E> {
    /// Reads catalogue files, each with its name: `[[type]]` are records, `[[evidence]]` rules for all types.
    ///
    /// # Errors
    /// The first file that can't be used.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, TypeCatalogueError> {
        let (mut types, mut common) = (BTreeMap::new(), Vec::new());
        for (name, text) in files {
            let file: File<R, E> = toml::from_str(text)
                .map_err(|error| TypeCatalogueError::Unreadable { file: name.to_owned(), reason: error.to_string() })?;
            common.extend(file.evidence);
            for record in file.types {
                let (file, type_name) = (name.to_owned(), record.type_name().to_owned());
                if let Some(flaw) = record.flaw() {
                    return Err(TypeCatalogueError::Flawed { file, type_name, flaw });
                }
                if types.insert(type_name.clone(), record).is_some() {
                    return Err(TypeCatalogueError::Duplicate { file, type_name });
                }
            }
        }
        Ok(Self { types, common })
    }

    /// The record of a type. A type without one is crawled all the same where an index lists it.
    pub fn get(&self, type_name: &str) -> Option<&R> {
        self.types.get(type_name)
    }

    /// Every record, by name.
    pub fn records(&self) -> impl Iterator<Item = &R> {
        self.types.values()
    }

    /// Rules for evidence that a resource of any type can show.
    pub fn common_evidence(&self) -> &[E] {
        &self.common
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Record {
        name: String,
    }

    impl TypeRecord for Record {
        fn type_name(&self) -> &str {
            &self.name
        }

        fn flaw(&self) -> Option<String> {
            self.name.is_empty().then(|| "it has no name".to_owned())
        }
    }

    fn read(files: &[(&str, &str)]) -> Result<TypeCatalogue<Record, String>, TypeCatalogueError> {
        TypeCatalogue::read(files.iter().copied())
    }

    #[test]
    fn records_of_all_files_are_found_by_name() {
        let catalogue = read(&[("one.toml", "[[type]]\nname = \"a\""), ("two.toml", "evidence = [\"x\"]")]);
        let catalogue = catalogue.expect("they are right");
        assert!(catalogue.get("a").is_some() && catalogue.get("b").is_none());
        assert_eq!(catalogue.common_evidence(), ["x"]);
    }

    #[test]
    fn a_type_twice_is_refused() {
        let record = "[[type]]\nname = \"a\"";
        let error = read(&[("one.toml", record), ("two.toml", record)]).expect_err("twice");
        assert!(matches!(error, TypeCatalogueError::Duplicate { file, .. } if file == "two.toml"));
    }

    #[test]
    fn a_flaw_names_the_file_and_the_type() {
        let error = read(&[("one.toml", "[[type]]\nname = \"\"")]).expect_err("no name");
        assert_eq!(error.to_string(), "one.toml: the record of  can't be used: it has no name");
    }
}
