//! The shape of a catalogue record: a service, a type, its calls, and what may not be written in one.

use std::collections::{BTreeMap, BTreeSet};

use carveout_discovery::EvidenceRule;
use carveout_model::{JsonPath, ServiceModel, TypedColumn};
use serde::Deserialize;
use serde_json::Value;

use crate::template::{Argument, Template};

/// Verbs of operations that read.
const READ_VERBS: [&str; 8] = ["List", "Describe", "Get", "Search", "Lookup", "Query", "Select", "Batch"];
/// Operations that make a report so that it can be read; AWS's own access level of each is Read.
const PREPARING: [&str; 1] = ["GenerateCredentialReport"];

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
    /// The host, with `{region}` where it has one for each region, and `{account}` where it has one for each account.
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
    /// A member of the answer that holds a table as CSV in base64: it becomes a list of structures, by the table's head.
    #[serde(default)]
    pub csv: Option<JsonPath>,
    /// In a detail: where the answer names the region in which the item's other details are asked.
    #[serde(default)]
    pub item_region: Option<JsonPath>,
    /// In a detail: asked of those items only; of the others, it is known that there is nothing.
    #[serde(default)]
    pub when: Option<Condition>,
    /// In a detail: asked only where what stands at this path says no more than the item's id does.
    #[serde(default)]
    pub when_bare: Option<JsonPath>,
}

/// Something that an item has to say of itself: `path`, `path=text` or `path!=text`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Condition {
    path: JsonPath,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    IsThere,
    Equals(String),
    Differs(String),
}

/// A call that tells of all items at once what would else be asked of each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The call; its `json_fields` are relative to its items.
    pub call: Call,
    /// Where the answer has its items.
    pub items: JsonPath,
    /// The member that is the same in both.
    pub on: String,
    /// The members that are taken over. One that the found item does not have is null.
    pub members: Vec<String>,
}

/// A call that has something made ready before it can be listed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepare {
    /// The call, repeated until it is ready.
    pub call: Call,
    /// What the answer says then.
    pub until: Condition,
}

/// A value for which a listing is asked: `REGIONAL`, or `CLOUDFRONT@us-east-1` in that region only.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Each {
    /// What `{each}` stands for.
    pub value: String,
    /// The only region in which it is asked.
    pub region: Option<String>,
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
    /// What an item has to say to be one of this type (aliases of a key, clusters of an engine).
    #[serde(default, rename = "where")]
    pub is_ours: Option<Condition>,
    /// The member under which an item that is plain text is kept.
    #[serde(default)]
    pub scalar: Option<String>,
    /// Values for which the listing is asked once each, as `{each}`.
    #[serde(default)]
    pub each: Vec<Each>,
    /// What an item does not say and its surroundings do: members that are added to it.
    #[serde(default)]
    pub carry: BTreeMap<String, Template>,
    /// What has to be made ready first.
    #[serde(default)]
    pub prepare: Option<Prepare>,
    /// What is left out on purpose of a type of which there can be very many, in one line.
    #[serde(default)]
    pub policy: Option<String>,
    /// Most resources that are listed in one account and region. What is past that is left out, and coverage says so.
    #[serde(default)]
    pub cap: Option<u32>,
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
    /// What is asked once for all items.
    #[serde(default)]
    pub lookup: Vec<Lookup>,
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

impl Service {
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
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
    /// Every call that crawling the type makes, those of its parents aside.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        let before = self.prepare.iter().map(|prepare| &prepare.call).chain([&self.list]);
        before.chain(self.lookup.iter().map(|lookup| &lookup.call)).chain(&self.detail)
    }

    /// What is wrong with it.
    pub(crate) fn check(&self, protocol: Protocol) -> Result<(), String> {
        if self.description.is_empty() || self.criteria.is_empty() {
            return Err("`description` and `criteria` may not be empty".to_owned());
        }
        if self.cap.is_some() && self.policy.is_none() {
            return Err("a `cap` needs a `policy` that says what is left out".to_owned());
        }
        let mut operations = BTreeSet::new();
        for call in self.calls() {
            call.check(protocol)?;
            if !operations.insert(&call.operation) {
                return Err(format!("{} is asked twice", call.operation));
            }
        }
        if let Some(lookup) = self.lookup.iter().find(|lookup| lookup.members.is_empty()) {
            return Err(format!("{}: nothing is taken from it", lookup.call.operation));
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
        self.check_reading()
    }

    /// Whether every operation reads, or makes ready what is then read.
    fn check_reading(&self) -> Result<(), String> {
        let prepares = self.prepare.as_ref().map(|prepare| prepare.call.operation.as_str());
        for call in self.calls() {
            let operation = call.operation.as_str();
            let is_preparing = prepares == Some(operation) && PREPARING.contains(&operation);
            if !is_preparing && !READ_VERBS.iter().any(|verb| operation.starts_with(verb)) {
                return Err(format!("{operation} is no read operation"));
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

impl Condition {
    /// Whether the value says it.
    pub fn holds(&self, value: &Value) -> bool {
        let found = self.path.first(value).filter(|found| !found.is_null());
        let is = |wanted: &str| found.is_some_and(|found| found.as_str().unwrap_or_default() == wanted);
        match &self.test {
            Test::IsThere => found.is_some(),
            Test::Equals(wanted) => is(wanted),
            Test::Differs(other) => !is(other),
        }
    }
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (path, test) = match (text.split_once("!="), text.split_once('=')) {
            (Some((path, other)), _) => (path, Test::Differs(other.to_owned())),
            (None, Some((path, wanted))) => (path, Test::Equals(wanted.to_owned())),
            (None, None) => (text.as_str(), Test::IsThere),
        };
        Ok(Self { path: path.parse().map_err(|error: carveout_model::PathError| error.to_string())?, test })
    }
}

impl From<String> for Each {
    fn from(text: String) -> Self {
        match text.split_once('@') {
            Some((value, region)) => Self { value: value.to_owned(), region: Some(region.to_owned()) },
            None => Self { value: text, region: None },
        }
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
    use serde_json::json;

    use super::*;

    #[test]
    fn an_absence_may_need_words_of_the_message() {
        let absence = Absence::from("AccessDeniedException: not enabled".to_owned());
        let call = Call { operation: "GetMacieSession".to_owned(), absent: vec![absence], ..Call::default() };
        assert!(call.means_absent("AccessDeniedException", "Macie is not enabled"));
        assert!(
            !call.means_absent("AccessDeniedException", "User is not authorized to perform: macie2:GetMacieSession")
        );
    }

    #[test]
    fn a_condition_asks_for_a_member_a_value_or_another_value() {
        let condition = |text: &str| Condition::try_from(text.to_owned()).expect("a condition");
        let (docdb, mysql) = (json!({"Engine": "docdb", "State": {"Name": "on"}}), json!({"Engine": "mysql"}));
        assert!(condition("State.Name").holds(&docdb) && !condition("State.Name").holds(&mysql));
        assert!(condition("Engine=docdb").holds(&docdb) && !condition("Engine=docdb").holds(&mysql));
        assert!(condition("Engine!=docdb").holds(&mysql) && !condition("Engine!=docdb").holds(&docdb));
        assert!(condition("Other!=docdb").holds(&mysql), "what is not there is another value");
    }

    #[test]
    fn a_value_may_be_asked_in_one_region_only() {
        let each = Each::from("CLOUDFRONT@us-east-1".to_owned());
        assert_eq!((each.value.as_str(), each.region.as_deref()), ("CLOUDFRONT", Some("us-east-1")));
        assert_eq!(Each::from("REGIONAL".to_owned()).region, None);
    }
}
