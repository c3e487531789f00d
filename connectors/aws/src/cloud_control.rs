//! Types that the catalogue does not know: any type of CloudFormation that can be listed, by its name.

use serde_json::Value;

use crate::{record::TypeRecord, settings::CloudControlType};

/// The service that answers for them; its file in the catalogue has no types of its own.
const SERVICE: &str = "cloudcontrol";
const RECORD: &str = include_str!("cloud_control.toml");

/// The record of a type.
///
/// # Errors
/// A name that no type can have.
pub(crate) fn record(wanted: &CloudControlType) -> Result<TypeRecord, String> {
    let name = wanted.type_name.as_str();
    let parts: Vec<&str> = name.split("::").collect();
    let is_word = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    if parts.len() != 3 || !parts.iter().all(is_word) {
        return Err(format!("`{name}` is no name of a type, such as AWS::Batch::JobQueue"));
    }
    let record: TypeRecord =
        toml::from_str(&RECORD.replace("TYPE_NAME", name)).map_err(|error| format!("{name}: {error}"))?;
    Ok(TypeRecord { scope: wanted.scope, service: SERVICE.to_owned(), ..record })
}

/// Whether what a listing says of a resource is no more than its identifier, whose parts stand between bars.
pub(crate) fn is_bare(properties: Option<&Value>, identifier: &str) -> bool {
    let is_part = |value: &Value| value.as_str().is_some_and(|text| identifier.split('|').any(|part| part == text));
    match properties {
        Some(Value::Object(members)) => members.values().all(is_part),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::ScopeKind;

    fn wanted(type_name: &str) -> CloudControlType {
        CloudControlType { type_name: type_name.to_owned(), scope: ScopeKind::Global }
    }

    #[test]
    fn a_type_is_read_by_its_name_alone() {
        let record = record(&wanted("AWS::Batch::JobQueue")).expect("a record");
        assert_eq!((record.name.as_str(), record.scope), ("AWS::Batch::JobQueue", ScopeKind::Global));
        let operations: Vec<_> = record.calls().map(|call| call.operation.as_str()).collect();
        assert_eq!(operations, ["ListResources", "GetResource"]);
    }

    #[test]
    fn what_is_no_name_of_a_type_is_refused() {
        for wrong in ["AWS::S3", "AWS::S3::*", "s3.bucket", "", "AWS::S3::Bucket::More", "AWS::::Bucket", "A::B\"::C"] {
            assert!(record(&wanted(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn properties_that_repeat_the_identifier_are_bare() {
        assert!(is_bare(None, "a"));
        assert!(is_bare(Some(&json!({})), "a"));
        assert!(is_bare(Some(&json!({"Name": "a", "Bus": "b"})), "a|b"));
        assert!(!is_bare(Some(&json!({"Name": "a", "State": "ENABLED"})), "a"));
    }
}
