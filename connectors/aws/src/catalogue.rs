//! The catalogue: one record for each resource type, one file for each service.
//!
//! The format is described in `README.md` of this connector. Records are read and checked once; a mistake names the
//! file and the type.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use carveout_discovery::EvidenceRule;
use carveout_model::{JsonPath, ServiceModel, TypedColumn};
use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::template::{Argument, Template};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/catalogue");

/// Verbs of operations that read.
const READ_VERBS: [&str; 8] = ["List", "Describe", "Get", "Search", "Lookup", "Query", "Select", "Batch"];

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// AWS JSON 1.0 and 1.1: the operation in a header.
    Json,
    /// JSON with paths and verbs.
    RestJson,
    /// Form fields in, XML out.
    Query,
    /// EC2's own form of `query`.
    Ec2,
    /// XML with paths and verbs.
    RestXml,
}

/// A service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The file's name; set after reading.
    #[serde(skip)]
    pub name: String,
    /// AWS's service id (`CloudWatch Logs`), from which `AWS_ENDPOINT_URL_…` is named.
    pub service_id: String,
    /// The host, with `{region}` where it has one for each region.
    pub endpoint: String,
    /// The service's name in signatures.
    pub signing: String,
    /// The wire protocol.
    pub protocol: Protocol,
    /// `1.0` or `1.1`, for `json`.
    pub json_version: Option<String>,
    /// The prefix of `X-Amz-Target`, for `json`.
    pub target: Option<String>,
    /// The API version, for `query` and `ec2`.
    pub version: Option<String>,
    /// The region in signatures, for a service with one endpoint for all regions.
    pub region: Option<String>,
    /// Requests per second to start with in one account and region.
    pub requests_per_second: Option<f64>,
}

/// Where the resources of a type live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// In each region.
    #[default]
    Regional,
    /// Once in each account.
    Global,
    /// In the organization's management account only.
    Management,
}

/// One read operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The operation's name.
    pub operation: String,
    /// `GET /path/{member}?fixed`, for the REST protocols.
    #[serde(default)]
    pub http: Option<Http>,
    /// Arguments in wire names: `?name` goes to the query string, `^name` to a header, any other is a form field or a
    /// JSON member.
    #[serde(default)]
    pub args: BTreeMap<String, Argument>,
    /// How further pages are asked for.
    #[serde(default)]
    pub page: Option<Paging>,
    /// Error codes that mean that there is nothing, some with words that the message must hold (`Code: words`).
    #[serde(default)]
    pub absent: Vec<Absence>,
    /// Members of the answer (of the item, in a listing) that hold JSON as text.
    #[serde(default)]
    pub json_fields: Vec<JsonPath>,
    /// The IAM actions that it needs.
    pub permissions: Vec<String>,
    /// In a detail: where the answer names the region in which the item's other details are asked.
    #[serde(default)]
    pub item_region: Option<JsonPath>,
}

/// Verb and path of a REST operation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Http {
    /// The verb.
    pub method: http::Method,
    /// The path, with references.
    pub path: Template,
    /// The query string that is always there (`policy`), without the question mark.
    pub query: String,
}

/// An error code that is an answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Absence {
    code: String,
    words: Option<String>,
}

/// How an operation is paged.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Where the answer has the token or tokens of the next page.
    pub out: Tokens,
    /// Where the answer says whether there is another page.
    #[serde(default)]
    pub more: Option<JsonPath>,
    /// The largest page that may be asked for.
    #[serde(default)]
    pub max: Option<u32>,
}

/// One path or several.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Tokens {
    /// The usual case.
    One(JsonPath),
    /// Route 53's record sets.
    Several(Vec<JsonPath>),
}

/// One resource type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeRecord {
    /// The provider's own name (`AWS::S3::Bucket`).
    pub name: String,
    /// What it is, in one line.
    pub description: String,
    /// How much of the stack AWS runs.
    pub service_model: ServiceModel,
    /// Where it lives.
    #[serde(default)]
    pub scope: ScopeKind,
    /// The type under whose items it is listed; it belongs to the same service, or to one in the same account.
    #[serde(default)]
    pub parent: Option<String>,
    /// Whether its items hold items of the same type (organizational units).
    #[serde(default)]
    pub is_recursive: bool,
    /// The criteria it bears on.
    pub criteria: Vec<String>,
    /// The listing.
    pub list: Call,
    /// Where the answer has the items: elements of a list, or one structure.
    pub items: JsonPath,
    /// A member without which an item is none of ours (aliases of no key).
    #[serde(default, rename = "where")]
    pub needs_member: Option<String>,
    /// The member under which an item that is plain text is kept.
    #[serde(default)]
    pub scalar: Option<String>,
    /// The short id, unique within account, region and type.
    pub id: Template,
    /// `resource_key`: the ARN, or a stable form of it where AWS has none.
    pub key: Template,
    /// The key of an item whose `key` is no ARN yet (a subscription that waits for its confirmation).
    #[serde(default)]
    pub fallback_key: Option<Template>,
    /// The name a person gave it. Without it, the tag `Name`.
    #[serde(default)]
    pub display_name: Option<Template>,
    /// Where `config` has the tags.
    #[serde(default)]
    pub tags: Option<JsonPath>,
    /// Where `config` has the time of creation.
    #[serde(default)]
    pub created: Option<JsonPath>,
    /// A member of the item that names its region, in which its details are asked.
    #[serde(default)]
    pub item_region: Option<String>,
    /// What is asked for each item; each answer is kept in `config` under the operation's name.
    #[serde(default)]
    pub detail: Vec<Call>,
    /// Typed columns.
    #[serde(default)]
    pub columns: Vec<TypedColumn>,
    /// Paths in `config` whose values are secret.
    #[serde(default)]
    pub secrets: Vec<JsonPath>,
    /// Where an outside party can show.
    #[serde(default)]
    pub evidence: Vec<EvidenceRule>,
    /// The service; set after reading.
    #[serde(skip)]
    pub service: String,
}

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

    /// The IAM actions that crawling a type needs, those of its parents included.
    pub fn actions(&self, record: &TypeRecord) -> BTreeSet<String> {
        let own = std::iter::once(&record.list).chain(&record.detail);
        let mut actions: BTreeSet<_> = own.flat_map(|call| call.permissions.iter().cloned()).collect();
        let mut above = record.parent.as_deref().and_then(|parent| self.find(parent));
        while let Some(parent) = above {
            actions.extend(parent.list.permissions.iter().cloned());
            above = parent.parent.as_deref().and_then(|parent| self.find(parent));
        }
        actions
    }
}

impl Service {
    fn check(&self) -> Result<(), &'static str> {
        match self.protocol {
            Protocol::Json if self.json_version.is_none() || self.target.is_none() => {
                Err("a json service needs `json_version` and `target`")
            }
            Protocol::Query | Protocol::Ec2 if self.version.is_none() => Err("a query service needs `version`"),
            _ => Ok(()),
        }
    }
}

impl TypeRecord {
    fn check(&self, protocol: Protocol) -> Result<(), String> {
        if self.description.is_empty() || self.criteria.is_empty() {
            return Err("`description` and `criteria` may not be empty".to_owned());
        }
        let mut operations = BTreeSet::new();
        for call in std::iter::once(&self.list).chain(&self.detail) {
            call.check(protocol)?;
            if !operations.insert(&call.operation) {
                return Err(format!("{} is asked twice", call.operation));
            }
        }
        let mut names = BTreeSet::new();
        let mut paths = BTreeSet::new();
        for column in &self.columns {
            if !names.insert(&column.name) || !paths.insert(column.path.to_string()) {
                return Err(format!("column {} repeats a name or a path", column.name));
            }
            if column.description.is_empty() {
                return Err(format!("column {} has no description", column.name));
            }
        }
        Ok(())
    }
}

impl Call {
    fn check(&self, protocol: Protocol) -> Result<(), String> {
        let is_rest = matches!(protocol, Protocol::RestJson | Protocol::RestXml);
        if self.http.is_some() != is_rest {
            return Err(format!("{}: `http` belongs to the REST protocols and to all of them", self.operation));
        }
        if !READ_VERBS.iter().any(|verb| self.operation.starts_with(verb)) {
            return Err(format!("{} is no read operation", self.operation));
        }
        let method = self.http.as_ref().map(|http| &http.method);
        if method.is_some_and(|method| !matches!(*method, http::Method::GET | http::Method::POST)) {
            return Err(format!("{}: only GET and POST read", self.operation));
        }
        if self.permissions.is_empty() || self.permissions.iter().any(|action| !action.contains(':')) {
            return Err(format!("{}: `permissions` needs IAM actions (`service:Action`)", self.operation));
        }
        Ok(())
    }

    /// Whether the error is an answer: there is nothing.
    pub fn means_absent(&self, code: &str, message: &str) -> bool {
        self.absent.iter().any(|absence| {
            absence.code == code && absence.words.as_ref().is_none_or(|words| message.contains(words.as_str()))
        })
    }
}

impl TryFrom<String> for Http {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (method, path) = text.split_once(' ').ok_or_else(|| format!("`{text}` is no verb and path"))?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if !path.starts_with('/') {
            return Err(format!("the path of `{text}` does not begin with a slash"));
        }
        Ok(Self {
            method: method.parse().map_err(|_| format!("`{method}` is no HTTP verb"))?,
            path: Template::try_from(path.to_owned()).map_err(|error| error.to_string())?,
            query: query.to_owned(),
        })
    }
}

impl From<String> for Absence {
    fn from(text: String) -> Self {
        match text.split_once(": ") {
            Some((code, words)) => Self { code: code.to_owned(), words: Some(words.to_owned()) },
            None => Self { code: text, words: None },
        }
    }
}

impl Tokens {
    /// The paths.
    pub fn paths(&self) -> &[JsonPath] {
        match self {
            Self::One(path) => std::slice::from_ref(path),
            Self::Several(paths) => paths,
        }
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
    fn an_unknown_key_is_refused_with_its_type() {
        let unknown = read(&record(|text| text.replace("items =", "colour = 1\nitems =")));
        let message = unknown.expect_err("colour is no key").to_string();
        assert!(message.contains("AWS::X::Thing") && message.contains("colour"), "{message}");
    }

    #[test]
    fn an_absence_may_need_words_of_the_message() {
        let absence = Absence::from("AccessDeniedException: not enabled".to_owned());
        let call = Call { operation: "GetMacieSession".to_owned(), absent: vec![absence], ..Call::default() };
        assert!(call.means_absent("AccessDeniedException", "Macie is not enabled"));
        assert!(
            !call.means_absent("AccessDeniedException", "User is not authorized to perform: macie2:GetMacieSession")
        );
    }
}
