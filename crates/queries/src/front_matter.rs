//! What the leading comment of a query file says, and whether the SQL below it agrees.

use std::collections::BTreeSet;

use carveout_model::CheckProvider;
use serde::{Deserialize, Deserializer};

use crate::{ParameterType, Value};

/// What opens the front matter; nothing but white space may stand before it.
const OPENING: &str = "/* ---";
/// What closes it.
const CLOSING: &str = "--- */";
/// How the SQL reads a parameter.
const READING: &str = "getvariable('";

/// A parameter of a query, which the SQL reads as `coalesce(getvariable('name'), default)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Lower case, digits and underscores.
    pub name: String,
    /// What a value has to be.
    pub parameter_type: ParameterType,
    /// What the SQL takes without it; none where the SQL then does not filter.
    pub default: Option<Value>,
    /// What it does.
    pub description: String,
}

/// A column of a query's result.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnDescription {
    /// The name in the result.
    pub name: String,
    /// What it means.
    pub description: String,
}

/// What makes a query a check: it says of every resource of its population whether it passes, and why.
///
/// Its columns are always `resource_key`, `status` (pass, fail, not_applicable or unknown) and `reason`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckOf {
    /// The controls that it is evidence for, one or a list of them in the file, which is filed under the first.
    #[serde(rename = "control", deserialize_with = "one_or_more")]
    pub control_ids: Vec<String>,
    /// Those of the controls' criteria that it bears on.
    #[serde(rename = "criteria")]
    pub criterion_ids: Vec<String>,
    /// The cloud, or third parties.
    pub provider: CheckProvider,
    /// The type of its population; `scope` for accounts, subscriptions and projects, `third_party` for parties.
    pub resource_type: String,
}

/// One fact can be evidence for several controls, and most are for one.
fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    OneOrMore::deserialize(deserializer).map(|given| match given {
        OneOrMore::One(id) => vec![id],
        OneOrMore::More(ids) => ids,
    })
}

/// The columns of every check.
const CHECK_COLUMNS: [(&str, &str); 3] = [
    ("resource_key", "The resource, scope or third party."),
    ("status", "pass, fail, not_applicable or unknown."),
    ("reason", "The fact that decided."),
];

/// The front matter of one file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FrontMatter {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) columns: Vec<ColumnDescription>,
    pub(crate) tables: Vec<String>,
    pub(crate) check: Option<CheckOf>,
}

/// Why a file is no packaged query.
#[derive(Debug, thiserror::Error)]
pub enum FrontMatterError {
    /// The file does not begin with the comment.
    #[error("it does not begin with a `{OPENING}` comment")]
    Missing,
    /// The comment has no end.
    #[error("its leading comment is not closed by `{CLOSING}`")]
    Unclosed,
    /// The comment is no TOML of the known shape.
    #[error("its leading comment can't be read as TOML")]
    Toml(#[source] toml::de::Error),
    /// A text that people need is empty.
    #[error("`{field}` is empty")]
    Empty {
        /// The field (`title`, `columns[2].description`).
        field: String,
    },
    /// A name that SQL could not take as it is.
    #[error("the parameter name `{name}` is not lower case letters, digits and underscores")]
    BadName {
        /// The name.
        name: String,
    },
    /// A name twice.
    #[error("`{name}` is described twice")]
    Duplicate {
        /// The parameter, column or control.
        name: String,
    },
    /// The default is not of the parameter's type.
    #[error("the default of `{name}` is no {parameter_type}: {given}")]
    BadDefault {
        /// The parameter.
        name: String,
        /// Its type.
        parameter_type: ParameterType,
        /// The default as written.
        given: String,
    },
    /// The columns of checks are fixed.
    #[error("`{name}` is described, and the columns of a check are always resource_key, status and reason")]
    CheckColumn {
        /// The column.
        name: String,
    },
    /// Described and never read by the SQL.
    #[error("the parameter `{name}` is described, and the SQL never reads it")]
    Unread {
        /// The parameter.
        name: String,
    },
    /// Read by the SQL and not described.
    #[error("the SQL reads `{name}`, which is not described")]
    Undescribed {
        /// The parameter.
        name: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFrontMatter {
    title: String,
    description: String,
    #[serde(default)]
    parameters: Vec<RawParameter>,
    #[serde(default)]
    columns: Vec<ColumnDescription>,
    tables: Vec<String>,
    check: Option<CheckOf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParameter {
    name: String,
    #[serde(rename = "type")]
    parameter_type: ParameterType,
    default: Option<toml::Value>,
    description: String,
}

/// Reads the front matter of a file and checks it against the SQL that follows.
pub(crate) fn parse(text: &str) -> Result<FrontMatter, FrontMatterError> {
    let after_opening = text.trim_start().strip_prefix(OPENING).ok_or(FrontMatterError::Missing)?;
    let (toml_text, sql) = after_opening.split_once(CLOSING).ok_or(FrontMatterError::Unclosed)?;
    let raw: RawFrontMatter = toml::from_str(toml_text).map_err(FrontMatterError::Toml)?;
    let parameters = raw.parameters.into_iter().map(checked_parameter).collect::<Result<Vec<_>, _>>()?;
    let matter = FrontMatter {
        title: raw.title,
        description: raw.description.trim().to_owned(),
        parameters,
        columns: columns_of(raw.columns, raw.check.as_ref())?,
        tables: raw.tables,
        check: raw.check,
    };
    check_texts(&matter)?;
    check_parameters(&matter.parameters, sql)?;
    Ok(matter)
}

/// The described columns; those of a check are known and must not be described again.
fn columns_of(
    described: Vec<ColumnDescription>,
    check: Option<&CheckOf>,
) -> Result<Vec<ColumnDescription>, FrontMatterError> {
    match (check, described.as_slice()) {
        (None, _) => Ok(described),
        (Some(_), []) => {
            let column = |(name, description): (&str, &str)| ColumnDescription {
                name: name.to_owned(),
                description: description.to_owned(),
            };
            Ok(CHECK_COLUMNS.map(column).to_vec())
        }
        (Some(_), [column, ..]) => Err(FrontMatterError::CheckColumn { name: column.name.clone() }),
    }
}

fn checked_parameter(raw: RawParameter) -> Result<Parameter, FrontMatterError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !raw.name.starts_with(|c: char| c.is_ascii_lowercase()) || !raw.name.chars().all(plain) {
        return Err(FrontMatterError::BadName { name: raw.name });
    }
    let default = match raw.default {
        None => None,
        Some(written) => {
            let text = match &written {
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let parsed = raw.parameter_type.parse(&text).map_err(|_| FrontMatterError::BadDefault {
                name: raw.name.clone(),
                parameter_type: raw.parameter_type,
                given: text,
            })?;
            Some(parsed)
        }
    };
    Ok(Parameter { name: raw.name, parameter_type: raw.parameter_type, default, description: raw.description })
}

fn check_texts(matter: &FrontMatter) -> Result<(), FrontMatterError> {
    let mut texts = vec![
        ("title".to_owned(), matter.title.as_str()),
        ("description".to_owned(), matter.description.as_str()),
        ("columns".to_owned(), if matter.columns.is_empty() { "" } else { "some" }),
        ("tables".to_owned(), if matter.tables.is_empty() { "" } else { "some" }),
    ];
    if let Some(check) = &matter.check {
        texts.push(("check.control".to_owned(), check.control_ids.first().map_or("", String::as_str)));
        texts.push(("check.criteria".to_owned(), check.criterion_ids.first().map_or("", String::as_str)));
        texts.push(("check.resource_type".to_owned(), &check.resource_type));
    }
    texts.extend(matter.parameters.iter().map(|p| (format!("parameters.{}.description", p.name), &*p.description)));
    texts.extend(matter.columns.iter().map(|c| (format!("columns.{}.description", c.name), &*c.description)));
    if let Some((field, _)) = texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(FrontMatterError::Empty { field });
    }
    let mut names = BTreeSet::new();
    let control_ids = matter.check.iter().flat_map(|check| &check.control_ids);
    match matter.columns.iter().map(|column| &column.name).chain(control_ids).find(|name| !names.insert(*name)) {
        Some(name) => Err(FrontMatterError::Duplicate { name: name.clone() }),
        None => Ok(()),
    }
}

fn check_parameters(parameters: &[Parameter], sql: &str) -> Result<(), FrontMatterError> {
    let read: BTreeSet<&str> =
        sql.split(READING).skip(1).filter_map(|after| after.split_once('\'')).map(|(name, _)| name).collect();
    let mut described = BTreeSet::new();
    for parameter in parameters {
        if !described.insert(parameter.name.as_str()) {
            return Err(FrontMatterError::Duplicate { name: parameter.name.clone() });
        }
        if !read.contains(parameter.name.as_str()) {
            return Err(FrontMatterError::Unread { name: parameter.name.clone() });
        }
    }
    match read.difference(&described).next() {
        Some(name) => Err(FrontMatterError::Undescribed { name: (*name).to_owned() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"/* ---
title = "Buckets"
description = "Lists buckets."
tables = ["inventory.resources"]

[[parameters]]
name = "at_most"
type = "integer"
default = 3
description = "How many."

[[columns]]
name = "name"
description = "The bucket."
--- */
SELECT name FROM inventory.resources ORDER BY name LIMIT coalesce(getvariable('at_most'), 3);
"#;

    #[test]
    fn a_whole_file_is_read() {
        let matter = parse(WHOLE).expect("it is whole");
        assert_eq!(matter.title, "Buckets");
        assert_eq!(matter.parameters[0].default, Some(Value::Integer(3)));
        assert_eq!(matter.columns[0].name, "name");
    }

    #[test]
    fn a_parameter_that_only_one_side_knows_is_refused() {
        let unread = WHOLE.replace("coalesce(getvariable('at_most'), 3)", "3");
        assert!(matches!(parse(&unread), Err(FrontMatterError::Unread { name }) if name == "at_most"));
        let undescribed = WHOLE.replace("ORDER BY", "WHERE type = getvariable('type_name') ORDER BY");
        assert!(matches!(parse(&undescribed), Err(FrontMatterError::Undescribed { name }) if name == "type_name"));
    }

    #[test]
    fn a_default_of_another_type_is_refused() {
        let broken = WHOLE.replace("default = 3", "default = \"three\"");
        assert!(matches!(parse(&broken), Err(FrontMatterError::BadDefault { given, .. }) if given == "three"));
    }

    #[test]
    fn a_column_without_a_description_is_refused() {
        let broken = WHOLE.replace("The bucket.", " ");
        assert!(
            matches!(parse(&broken), Err(FrontMatterError::Empty { field }) if field == "columns.name.description")
        );
    }

    const CHECK: &str = r#"/* ---
title = "Buckets have names"
description = "A bucket without a name can't be found."
tables = ["inventory.resources"]

[check]
control = "CM-01"
criteria = ["CC6.1"]
provider = "aws"
resource_type = "AWS::S3::Bucket"
--- */
SELECT resource_key, 'pass' AS status, 'it has' AS reason FROM inventory.resources ORDER BY resource_key;
"#;

    #[test]
    fn a_check_has_the_columns_of_all_checks() {
        let matter = parse(CHECK).expect("it is whole");
        assert_eq!(matter.check.expect("it is a check").control_ids, ["CM-01"]);
        let names: Vec<&str> = matter.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["resource_key", "status", "reason"]);
        let with_own = CHECK.replace("[check]", "[[columns]]\nname = \"x\"\ndescription = \"y\"\n[check]");
        assert!(matches!(parse(&with_own), Err(FrontMatterError::CheckColumn { name }) if name == "x"));
    }

    #[test]
    fn a_check_may_be_evidence_for_several_controls_and_names_each_once() {
        let several = CHECK.replace("\"CM-01\"", "[\"CM-01\", \"MN-02\"]");
        let matter = parse(&several).expect("it is whole");
        assert_eq!(matter.check.expect("it is a check").control_ids, ["CM-01", "MN-02"]);
        let twice = CHECK.replace("\"CM-01\"", "[\"CM-01\", \"CM-01\"]");
        assert!(matches!(parse(&twice), Err(FrontMatterError::Duplicate { name }) if name == "CM-01"));
        let none = CHECK.replace("\"CM-01\"", "[]");
        assert!(matches!(parse(&none), Err(FrontMatterError::Empty { field }) if field == "check.control"));
    }

    #[test]
    fn a_check_without_a_criterion_is_refused() {
        let broken = CHECK.replace("[\"CC6.1\"]", "[]");
        assert!(matches!(parse(&broken), Err(FrontMatterError::Empty { field }) if field == "check.criteria"));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let broken = WHOLE.replace("title =", "author = \"x\"\ntitle =");
        assert!(matches!(parse(&broken), Err(FrontMatterError::Toml(_))));
    }

    #[test]
    fn a_file_without_front_matter_is_refused() {
        assert!(matches!(parse("SELECT 1;"), Err(FrontMatterError::Missing)));
        assert!(matches!(parse("/* --- title = 1"), Err(FrontMatterError::Unclosed)));
    }
}
