//! The catalogue: one record for each resource type, one file for each service.
//!
//! The format is described in `README.md` of this connector. Records are read and checked once; a mistake names the
//! file and the type.

use std::collections::{BTreeSet, HashMap};

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::{
    cloud_control,
    record::{Service, TypeRecord},
    settings::CloudControlType,
};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/catalogue");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    service: Service,
    #[serde(default, rename = "type")]
    types: Vec<toml::Table>,
}

/// A mistake in the catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file that is no catalogue file.
    #[error("catalogue/{file}: {reason}")]
    File {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A record that can't be meant like this.
    #[error("catalogue/{file}, type {type_name}: {reason}")]
    Type {
        /// The file.
        file: String,
        /// The type.
        type_name: String,
        /// What is wrong.
        reason: String,
    },
}

/// All services and types.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    services: HashMap<String, Service>,
    types: Vec<TypeRecord>,
    by_name: HashMap<String, usize>,
}

impl Catalogue {
    /// Reads the catalogue that is built in.
    ///
    /// # Errors
    /// The first mistake; the tests of this crate prove that there is none.
    pub fn embedded() -> Result<Self, CatalogueError> {
        let mut files: Vec<_> =
            FILES.files().filter(|file| file.path().extension().is_some_and(|e| e == "toml")).collect();
        files.sort_by_key(|file| file.path());
        let mut catalogue = Self::default();
        for file in files {
            let name = file.path().to_string_lossy().into_owned();
            let text = file
                .contents_utf8()
                .ok_or_else(|| CatalogueError::File { file: name.clone(), reason: "is not UTF-8".to_owned() })?;
            catalogue.add(&name, text)?;
        }
        catalogue.check_parents()?;
        Ok(catalogue)
    }

    /// Adds one file.
    fn add(&mut self, file: &str, text: &str) -> Result<(), CatalogueError> {
        let at_file = |reason: String| CatalogueError::File { file: file.to_owned(), reason };
        let read: File = toml::from_str(text).map_err(|error| at_file(error.to_string()))?;
        let name = file.trim_end_matches(".toml").to_owned();
        let service = Service { name: name.clone(), ..read.service };
        service.check().map_err(|reason| at_file(reason.to_owned()))?;
        for table in read.types {
            let type_name = table.get("name").and_then(toml::Value::as_str).unwrap_or("(without a name)").to_owned();
            let at_type = |reason| CatalogueError::Type { file: file.to_owned(), type_name: type_name.clone(), reason };
            let mut record: TypeRecord =
                table.try_into().map_err(|error: toml::de::Error| at_type(error.to_string()))?;
            record.service.clone_from(&name);
            record.check(service.protocol).map_err(at_type)?;
            if self.by_name.insert(record.name.clone(), self.types.len()).is_some() {
                return Err(at_type("the type is there twice".to_owned()));
            }
            self.types.push(record);
        }
        self.services.insert(name, service);
        Ok(())
    }

    fn check_parents(&self) -> Result<(), CatalogueError> {
        for record in &self.types {
            let Some(parent) = &record.parent else { continue };
            let reason = match self.find(parent) {
                None => format!("there is no parent {parent}"),
                Some(found) if found.scope != record.scope => format!("{parent} lives in another scope"),
                Some(_) => continue,
            };
            let file = format!("{}.toml", record.service);
            return Err(CatalogueError::Type { file, type_name: record.name.clone(), reason });
        }
        Ok(())
    }

    /// Every type, by service and then as the files have them.
    pub fn types(&self) -> &[TypeRecord] {
        &self.types
    }

    /// A type by its name.
    pub fn find(&self, type_name: &str) -> Option<&TypeRecord> {
        self.by_name.get(type_name).map(|index| &self.types[*index])
    }

    /// The types that are listed under the items of this one.
    pub fn children<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = &'a TypeRecord> + 'a {
        self.types.iter().filter(move |each| each.parent.as_deref() == Some(type_name))
    }

    /// Every service, in no order.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.values()
    }

    /// A service by the name of its file.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(name)
    }

    /// Adds types that the catalogue does not know, to be read through Cloud Control.
    ///
    /// # Errors
    /// What is wrong with a name: it is no type's, or it is in the catalogue already.
    pub fn add_cloud_control(&mut self, types: &[CloudControlType]) -> Result<(), String> {
        for each in types {
            let record = cloud_control::record(each)?;
            if self.by_name.contains_key(&record.name) {
                return Err(format!("{} is read already", record.name));
            }
            self.by_name.insert(record.name.clone(), self.types.len());
            self.types.push(record);
        }
        Ok(())
    }

    /// Sets how many resources of a type are listed in one account and region.
    ///
    /// # Errors
    /// There is no such type.
    pub fn set_cap(&mut self, type_name: &str, cap: u32) -> Result<(), String> {
        let index = self.by_name.get(type_name).ok_or_else(|| format!("there is no type {type_name}"))?;
        self.types[*index].cap = Some(cap);
        Ok(())
    }

    /// The IAM actions that crawling a type needs, those of its parents included.
    pub fn actions(&self, record: &TypeRecord) -> BTreeSet<String> {
        let mut actions: BTreeSet<_> = record.calls().flat_map(|call| call.permissions.iter().cloned()).collect();
        let mut above = record.parent.as_deref().and_then(|parent| self.find(parent));
        while let Some(parent) = above {
            actions.extend(parent.list.permissions.iter().cloned());
            above = parent.parent.as_deref().and_then(|parent| self.find(parent));
        }
        actions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "[service]\nservice_id = \"X\"\nendpoint = \"x.{region}.amazonaws.com\"\nsigning = \"x\"\nprotocol = \"rest-json\"\n";

    fn read(record: &str) -> Result<(), CatalogueError> {
        Catalogue::default().add("x.toml", &format!("{SERVICE}{record}"))
    }

    fn record(change: impl Fn(String) -> String) -> String {
        change(
            "[[type]]\nname = \"AWS::X::Thing\"\ndescription = \"A thing\"\nservice_model = \"paas\"\n\
             criteria = [\"CC6.1\"]\nitems = \"Things[]\"\nid = \"{Name}\"\nkey = \"{Arn}\"\n\
             [type.list]\noperation = \"ListThings\"\nhttp = \"GET /things\"\npermissions = [\"x:ListThings\"]\n"
                .to_owned(),
        )
    }

    #[test]
    fn the_built_in_catalogue_can_be_read() {
        let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
        assert!(catalogue.types().len() >= 140, "{}", catalogue.types().len());
    }

    #[test]
    fn a_record_that_writes_is_refused() {
        assert!(read(&record(|text| text)).is_ok());
        let writes = read(&record(|text| text.replace("ListThings\"\nhttp", "DeleteThings\"\nhttp")));
        assert!(writes.is_err_and(|error| error.to_string().contains("catalogue/x.toml, type AWS::X::Thing")));
        let generates = read(&record(|text| text.replace("ListThings\"\nhttp", "GenerateThings\"\nhttp")));
        assert!(generates.is_err_and(|error| error.to_string().contains("GenerateThings is no read operation")));
        let puts = read(&record(|text| text.replace("GET /things", "PUT /things")));
        assert!(puts.is_err_and(|error| error.to_string().contains("only GET and POST read")));
    }

    #[test]
    fn a_record_without_permission_or_description_is_refused() {
        let unnamed = read(&record(|text| text.replace("[\"x:ListThings\"]", "[]")));
        assert!(unnamed.is_err_and(|error| error.to_string().contains("permissions")));
        let undescribed = read(&record(|text| text.replace("\"A thing\"", "\"\"")));
        assert!(undescribed.is_err_and(|error| error.to_string().contains("description")));
    }

    #[test]
    fn a_path_or_a_column_that_is_there_twice_is_refused() {
        let columns = |second: &str| {
            let first = "{ name = \"a\", path = \"A.B\", description = \"A\" }";
            read(&record(|text| text.replace("[type.list]", &format!("columns = [{first}, {second}]\n[type.list]"))))
        };
        assert!(columns("{ name = \"b\", path = \"A.C\", description = \"B\" }").is_ok());
        for twice in [
            "{ name = \"b\", path = \"A.B\", description = \"B\" }",
            "{ name = \"a\", path = \"A.C\", description = \"B\" }",
        ] {
            assert!(
                columns(twice).is_err_and(|error| error.to_string().contains("repeats a name or a path")),
                "{twice}"
            );
        }
        assert!(columns("{ name = \"b\", path = \"A.C\", description = \"\" }").is_err());
    }

    #[test]
    fn a_cap_without_a_policy_is_refused() {
        let capped =
            |policy: &str| read(&record(|text| text.replace("items =", &format!("cap = 10\n{policy}items ="))));
        assert!(capped("").is_err_and(|error| error.to_string().contains("policy")));
        assert!(capped("policy = \"The first ten\"\n").is_ok());
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_type() {
        let unknown = read(&record(|text| text.replace("items =", "colour = 1\nitems =")));
        let message = unknown.expect_err("colour is no key").to_string();
        assert!(message.contains("AWS::X::Thing") && message.contains("colour"), "{message}");
    }
}
