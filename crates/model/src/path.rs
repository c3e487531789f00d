//! Paths into a provider's answer, as the catalogues write them: `Layers[].Arn`, `Environment.Variables.*`.

use std::{fmt, str::FromStr};

use serde::Deserialize;
use serde_json::Value;

/// A path into JSON: member names separated by dots, `[]` for every element of a list, `*` for every member of an
/// object. The empty path is the root. A member name that holds a dot is written in double quotes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct JsonPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    EveryMember,
    EveryElement,
}

/// A path that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` is no path: {reason}")]
pub struct PathError {
    path: String,
    reason: &'static str,
}

impl JsonPath {
    /// Every place that the path reaches, with its concrete path (`Layers[0].Arn`); absent members reach nothing.
    pub fn select<'a>(&self, root: &'a Value) -> Vec<(String, &'a Value)> {
        let mut places = vec![(String::new(), root)];
        for step in &self.steps {
            places = places.into_iter().flat_map(|(at, value)| descend(step, &at, value)).collect();
        }
        places
    }

    /// The first place that the path reaches.
    pub fn first<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.select(root).into_iter().next().map(|(_, value)| value)
    }

    /// Whether it can reach more than one place.
    pub fn is_many(&self) -> bool {
        self.steps.iter().any(|step| !matches!(step, Step::Member(_)))
    }

    /// The same path in the notation of SQL/JSON (ISO/IEC 9075-2): `$."Layers"[*]."Arn"`.
    pub fn to_sql_json(&self) -> String {
        let step = |step: &Step| match step {
            Step::Member(name) => format!(".\"{name}\""),
            Step::EveryMember => ".*".to_owned(),
            Step::EveryElement => "[*]".to_owned(),
        };
        std::iter::once("$".to_owned()).chain(self.steps.iter().map(step)).collect()
    }

    /// Calls `change` on every place that the path reaches.
    pub fn for_each_mut(&self, root: &mut Value, change: &mut dyn FnMut(&mut Value)) {
        walk_mut(&self.steps, root, change);
    }
}

/// `parent.member` as a concrete path prints it; the root prints nothing.
fn join(at: &str, member: &str) -> String {
    let member = if member.contains('.') { format!("\"{member}\"") } else { member.to_owned() };
    if at.is_empty() { member } else { format!("{at}.{member}") }
}

fn descend<'a>(step: &Step, at: &str, value: &'a Value) -> Vec<(String, &'a Value)> {
    match (step, value) {
        (Step::Member(name), Value::Object(members)) => {
            members.get(name).map(|found| (join(at, name), found)).into_iter().collect()
        }
        (Step::EveryMember, Value::Object(members)) => {
            members.iter().map(|(name, found)| (join(at, name), found)).collect()
        }
        (Step::EveryElement, Value::Array(elements)) => {
            elements.iter().enumerate().map(|(index, found)| (format!("{at}[{index}]"), found)).collect()
        }
        _ => Vec::new(),
    }
}

fn walk_mut(steps: &[Step], value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    let Some((step, rest)) = steps.split_first() else {
        return change(value);
    };
    match (step, value) {
        (Step::Member(name), Value::Object(members)) => {
            if let Some(found) = members.get_mut(name) {
                walk_mut(rest, found, change);
            }
        }
        (Step::EveryMember, Value::Object(members)) => members.values_mut().for_each(|v| walk_mut(rest, v, change)),
        (Step::EveryElement, Value::Array(elements)) => elements.iter_mut().for_each(|v| walk_mut(rest, v, change)),
        _ => {}
    }
}

impl FromStr for JsonPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let error = |reason| PathError { path: text.to_owned(), reason };
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("[]") {
                steps.push(Step::EveryElement);
                rest = after;
            } else if let Some(quoted) = rest.strip_prefix('"') {
                let (name, after) = quoted.split_once('"').ok_or_else(|| error("a quote is not closed"))?;
                steps.push(Step::Member(name.to_owned()));
                rest = after;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                match &rest[..end] {
                    "" => return Err(error("a member name is missing")),
                    "*" => steps.push(Step::EveryMember),
                    name => steps.push(Step::Member(name.to_owned())),
                }
                rest = &rest[end..];
            }
            if let Some(after) = rest.strip_prefix('.') {
                if after.is_empty() {
                    return Err(error("it ends with a dot"));
                }
                rest = after;
            } else if !rest.is_empty() && !rest.starts_with("[]") {
                return Err(error("only `[]` may follow a member without a dot"));
            }
        }
        Ok(Self { text: text.to_owned(), steps })
    }
}

impl TryFrom<String> for JsonPath {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, PathError> {
        text.parse()
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn concrete_paths_name_elements_and_members() {
        let value = json!({"Layers": [{"Arn": "a"}, {"Size": 1}, {"Arn": "b"}], "Tags": {"a.b": 1}});
        let layers: JsonPath = "Layers[].Arn".parse().expect("a path");
        let found: Vec<_> = layers.select(&value).into_iter().map(|(at, v)| (at, v.clone())).collect();
        assert_eq!(found, [("Layers[0].Arn".to_owned(), json!("a")), ("Layers[2].Arn".to_owned(), json!("b"))]);
        let tags: JsonPath = "Tags.*".parse().expect("a path");
        assert_eq!(tags.select(&value)[0].0, "Tags.\"a.b\"");
        let quoted: JsonPath = "Tags.\"a.b\"".parse().expect("a path");
        assert_eq!(quoted.first(&value), Some(&json!(1)));
    }

    #[test]
    fn the_root_is_the_empty_path() {
        let root: JsonPath = "".parse().expect("a path");
        assert_eq!(root.select(&json!(1)), [(String::new(), &json!(1))]);
    }

    #[test]
    fn sql_writes_paths_with_a_root_and_quotes() {
        let path: JsonPath = "Layers[].\"a.b\".*".parse().expect("a path");
        assert_eq!((path.to_sql_json().as_str(), path.is_many()), ("$.\"Layers\"[*].\"a.b\".*", true));
        let plain: JsonPath = "Name".parse().expect("a path");
        assert_eq!((plain.to_sql_json().as_str(), plain.is_many()), ("$.\"Name\"", false));
    }

    #[test]
    fn a_broken_path_is_refused() {
        for broken in ["a..b", "a.", "a[0]", "\"a", "\"a\"b"] {
            assert!(broken.parse::<JsonPath>().is_err(), "{broken}");
        }
    }

    #[test]
    fn values_change_in_place() {
        let mut value = json!({"Variables": {"A": "x", "B": "y"}});
        let path: JsonPath = "Variables.*".parse().expect("a path");
        path.for_each_mut(&mut value, &mut |v| *v = json!("hidden"));
        assert_eq!(value, json!({"Variables": {"A": "hidden", "B": "hidden"}}));
    }
}
