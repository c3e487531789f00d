//! Request templates of the catalogue: `{RoleName}`, `arn:{partition}:s3:::{id}`, `{parent.Id|last}`.
//!
//! A reference names one of `account`, `region`, `partition`, `size`, `page`, `page.0` …, `each` or `id`; anything else is a
//! member of the item, or of the parent's item after `parent.`. `|last` keeps what follows the last slash, `|relative`
//! drops a slash in front, `|digest` leaves a hash where the member itself may hold a secret. A trailing `?` makes an absent member the empty text; without it, a template with an absent member has no value at all.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

/// Enough to tell the items of one parent apart.
const DIGEST_BYTES: usize = 8;

/// Text with references.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Reference { source: Source, filter: Filter, is_optional: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    None,
    LastSegment,
    Relative,
    Digest,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Account,
    Region,
    Partition,
    Size,
    Page(usize),
    Each,
    Id,
    Item(String),
    Parent(String),
}

/// A template that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{template}` is no template: {reason}")]
pub struct TemplateError {
    template: String,
    reason: &'static str,
}

/// A request argument: a template, a fixed value, or a structure of them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Argument {
    /// Text.
    Text(Template),
    /// A fixed number.
    Number(i64),
    /// A fixed truth value.
    Flag(bool),
    /// A list.
    List(Vec<Argument>),
    /// A structure.
    Table(BTreeMap<String, Argument>),
}

/// What the references of a template stand for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bindings<'a> {
    /// `{account}`.
    pub account: &'a str,
    /// `{region}`.
    pub region: &'a str,
    /// `{partition}`.
    pub partition: &'a str,
    /// `{size}`: the page size to ask for.
    pub size: Option<u32>,
    /// `{page}` or `{page.0}` …: the tokens of the last page; empty for the first.
    pub page: &'a [Option<Value>],
    /// `{each}`: the value for which the listing is asked.
    pub each: Option<&'a str>,
    /// `{id}`.
    pub id: Option<&'a str>,
    /// The item.
    pub item: Option<&'a Value>,
    /// The item of the parent type.
    pub parent: Option<&'a Value>,
}

impl Template {
    /// A template without references, whatever braces the text holds.
    pub fn literal(text: &str) -> Self {
        Self { text: text.to_owned(), parts: vec![Part::Literal(text.to_owned())] }
    }

    /// The text as the catalogue has it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The value: that of the reference, as it is, where the template is nothing but one reference; otherwise text.
    /// None when a member that it needs is absent or null.
    pub fn value(&self, bindings: &Bindings<'_>) -> Option<Value> {
        match self.parts.as_slice() {
            [Part::Reference { source, filter: Filter::None, .. }] => source.find(bindings),
            _ => self.text(bindings).map(Value::String),
        }
    }

    /// The value as text.
    pub fn text(&self, bindings: &Bindings<'_>) -> Option<String> {
        self.render(bindings, |text| text)
    }

    /// The value as text, with what each reference stands for changed by `encode`.
    pub fn render(&self, bindings: &Bindings<'_>, encode: impl Fn(String) -> String) -> Option<String> {
        let mut out = String::with_capacity(self.text.len() + 32);
        for part in &self.parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Reference { source, filter, is_optional } => {
                    let found = source.find(bindings).and_then(scalar_text);
                    let text = match (found, is_optional) {
                        (Some(text), _) => text,
                        (None, true) => String::new(),
                        (None, false) => return None,
                    };
                    out.push_str(&encode(filter.apply(text)));
                }
            }
        }
        Some(out)
    }

    /// Whether it refers to nothing but the place and `{id}`.
    pub fn needs_only_the_id(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Literal(_) => true,
            Part::Reference { source, .. } => !matches!(source, Source::Item(_) | Source::Parent(_)),
        })
    }
}

impl Argument {
    /// The value; none when a template in it has none, so that an argument without a value is left out.
    pub fn value(&self, bindings: &Bindings<'_>) -> Option<Value> {
        Some(match self {
            Self::Text(template) => template.value(bindings)?,
            Self::Number(number) => Value::Number(Number::from(*number)),
            Self::Flag(flag) => Value::Bool(*flag),
            Self::List(elements) => {
                Value::Array(elements.iter().map(|each| each.value(bindings)).collect::<Option<Vec<_>>>()?)
            }
            Self::Table(members) => Value::Object(
                members
                    .iter()
                    .map(|(name, each)| Some((name.clone(), each.value(bindings)?)))
                    .collect::<Option<Map<_, _>>>()?,
            ),
        })
    }
}

impl Filter {
    fn apply(self, text: String) -> String {
        match self {
            Self::None => text,
            Self::LastSegment => text.rsplit_once('/').map_or_else(|| text.clone(), |(_, last)| last.to_owned()),
            Self::Relative => text.trim_start_matches('/').to_owned(),
            Self::Digest => {
                let hash = Sha256::digest(text.as_bytes());
                hash.iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect()
            }
        }
    }
}

impl Source {
    fn find(&self, bindings: &Bindings<'_>) -> Option<Value> {
        let member = |item: Option<&Value>, name: &str| {
            item.and_then(|item| item.get(name)).filter(|value| !value.is_null()).cloned()
        };
        match self {
            Self::Account => Some(bindings.account.into()),
            Self::Region => Some(bindings.region.into()),
            Self::Partition => Some(bindings.partition.into()),
            Self::Size => bindings.size.map(Into::into),
            Self::Page(index) => bindings.page.get(*index).cloned().flatten(),
            Self::Each => bindings.each.map(Into::into),
            // In the template of the id itself and in requests: the member of that name.
            Self::Id => bindings.id.map(Into::into).or_else(|| member(bindings.item, "id")),
            Self::Item(name) => member(bindings.item, name),
            Self::Parent(name) => member(bindings.parent, name),
        }
    }
}

fn scalar_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(text: String) -> Result<Self, TemplateError> {
        let error = |reason| TemplateError { template: text.clone(), reason };
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (literal, after) = rest.split_once('{').unwrap_or((rest, ""));
            if literal.contains('}') {
                return Err(error("a brace is closed that was not opened"));
            }
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            if literal.len() == rest.len() {
                break;
            }
            let (name, after) = after.split_once('}').ok_or_else(|| error("a brace is not closed"))?;
            parts.push(reference(name).map_err(error)?);
            rest = after;
        }
        Ok(Self { text, parts })
    }
}

fn reference(name: &str) -> Result<Part, &'static str> {
    let (name, is_optional) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
    let (name, filter) = match name.split_once('|') {
        None => (name, Filter::None),
        Some((name, "last")) => (name, Filter::LastSegment),
        Some((name, "relative")) => (name, Filter::Relative),
        Some((name, "digest")) => (name, Filter::Digest),
        Some(_) => return Err("the filters are `|last`, `|relative` and `|digest`"),
    };
    let source = match name {
        "" => return Err("a reference is empty"),
        "account" => Source::Account,
        "region" => Source::Region,
        "partition" => Source::Partition,
        "size" => Source::Size,
        "page" => Source::Page(0),
        "each" => Source::Each,
        "id" => Source::Id,
        _ => match (name.strip_prefix("page."), name.strip_prefix("parent.")) {
            (Some(index), _) => Source::Page(index.parse().map_err(|_| "a page token is counted by number")?),
            (_, Some(member)) => Source::Parent(member.to_owned()),
            _ if name.contains(['{', '.']) => return Err("a reference names one member"),
            _ => Source::Item(name.to_owned()),
        },
    };
    Ok(Part::Reference { source, filter, is_optional })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(text: &str) -> Template {
        Template::try_from(text.to_owned()).expect("a template")
    }

    #[test]
    fn references_are_filled_from_place_item_and_parent() {
        let (item, parent) = (json!({"Name": "a/b", "Limit": 5}), json!({"Id": "/hostedzone/Z1"}));
        let bindings = Bindings {
            account: "111122223333",
            partition: "aws",
            item: Some(&item),
            parent: Some(&parent),
            ..Bindings::default()
        };
        assert_eq!(template("zone/{parent.Id|last}").text(&bindings).as_deref(), Some("zone/Z1"));
        assert_eq!(template("{Limit}").value(&bindings), Some(json!(5)));
        assert_eq!(template("n:{Limit}").value(&bindings), Some(json!("n:5")));
        assert_eq!(template("{Name|digest}").text(&bindings).map(|text| text.len()), Some(16));
        let encoded = template("/x/{Name}").render(&bindings, |text| text.replace('/', "%2F"));
        assert_eq!(encoded.as_deref(), Some("/x/a%2Fb"));
    }

    #[test]
    fn an_absent_member_leaves_no_value_unless_it_is_optional() {
        let item = json!({"Name": "a", "Gone": null});
        let bindings = Bindings { item: Some(&item), ..Bindings::default() };
        assert_eq!(template("{Gone}").value(&bindings), None);
        assert_eq!(template("x/{Other}").text(&bindings), None);
        assert_eq!(template("x/{Name}/{Other?}").text(&bindings).as_deref(), Some("x/a/"));
    }

    #[test]
    fn a_member_called_id_can_be_the_id() {
        let item = json!({"id": "abc"});
        let bindings = Bindings { item: Some(&item), ..Bindings::default() };
        assert_eq!(template("{id}").text(&bindings).as_deref(), Some("abc"));
        let with_id = Bindings { id: Some("own"), ..bindings };
        assert_eq!(template("{id}").text(&with_id).as_deref(), Some("own"));
    }

    #[test]
    fn a_broken_template_is_refused() {
        for broken in ["{", "}", "{}", "{a|first}", "{page.x}", "a{b", "{a.b}"] {
            assert!(Template::try_from(broken.to_owned()).is_err(), "{broken}");
        }
    }
}
