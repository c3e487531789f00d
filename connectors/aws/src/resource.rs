//! From an item and its details to a resource and its observations.

use std::collections::BTreeMap;

use carveout_crawl::{Failure, FailureClass};
use carveout_discovery::Subject;
use carveout_model::{Observation, Provider, Resource};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::{Map, Value};

use crate::{record::TypeRecord, template::Bindings};

/// Numbers past this are milliseconds: in seconds they would be in the year 5138.
const FIRST_MILLISECONDS: f64 = 1e11;

/// What was read of one item.
#[derive(Debug)]
pub(crate) struct Parts {
    pub item: Value,
    /// Answers by operation; null where there is nothing.
    pub details: Map<String, Value>,
    /// Operations that failed.
    pub unread: Vec<String>,
}

/// Makes the resource.
///
/// # Errors
/// An item without its id: it can't be kept, and must not be taken for removed.
pub(crate) fn build(
    record: &TypeRecord,
    region: &str,
    parts: Parts,
    around: &Bindings<'_>,
) -> Result<(Resource, Vec<Observation>), Failure> {
    let bindings = Bindings { item: Some(&parts.item), ..*around };
    let id = record.id.text(&bindings);
    let with_id = Bindings { id: id.as_deref(), ..bindings };
    let key = id.as_ref().and_then(|_| record.key.text(&with_id));
    let key = match (&record.fallback_key, key) {
        (Some(fallback), Some(key)) if !key.starts_with("arn:") => fallback.text(&with_id),
        (_, key) => key,
    };
    let key = key.ok_or_else(|| {
        let operation = format!("{}:{}", record.service, record.list.operation);
        let message = format!("an item has no {}, so that it can't be told from others", record.key.as_str());
        Failure::new(FailureClass::Fatal, operation, message)
    })?;
    let given = record.display_name.as_ref().and_then(|name| name.text(&with_id)).filter(|name| !name.is_empty());
    let mut members = match parts.item {
        Value::Object(members) => members,
        other => Map::from_iter([("Value".to_owned(), other)]),
    };
    members.extend(parts.details);
    let config = Value::Object(members);
    let tags = record.tags.as_ref().and_then(|path| path.first(&config)).map(tags).unwrap_or_default();
    let created_at = record.created.as_ref().and_then(|path| path.first(&config)).and_then(timestamp);
    let name = given.or_else(|| tags.get("Name").filter(|name| !name.is_empty()).cloned());
    let subject = Subject { resource_key: &key, scope_id: around.account, type_name: &record.name, config: &config };
    let observations = record.evidence.iter().flat_map(|rule| rule.observe(&subject)).collect();
    let resource = Resource {
        resource_key: key,
        provider: Provider::Aws,
        scope_id: around.account.to_owned(),
        region: region.to_owned(),
        service: record.service.clone(),
        service_model: record.service_model,
        type_name: record.name.clone(),
        name,
        tags,
        config,
        created_at,
        unread: parts.unread,
    };
    Ok((resource, observations))
}

/// Tags in any of AWS's shapes: a map, or a list of pairs.
fn tags(value: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let first = |pair: &Value, names: [&str; 3]| names.iter().find_map(|name| pair.get(*name)).map(text);
    match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), text(value))).collect(),
        Value::Array(pairs) => pairs
            .iter()
            .filter_map(|pair| {
                let key = first(pair, ["Key", "key", "TagKey"])?;
                Some((key, first(pair, ["Value", "value", "TagValue"]).unwrap_or_default()))
            })
            .collect(),
        _ => BTreeMap::new(),
    }
}

/// A time in any of AWS's shapes: ISO 8601 with or without an offset, seconds or milliseconds since 1970.
pub(crate) fn timestamp(value: &Value) -> Option<Timestamp> {
    let from_number = |number: f64| {
        let milliseconds = if number.abs() >= FIRST_MILLISECONDS { number } else { number * 1000.0 };
        // Checked by the range of timestamps: what does not fit becomes the nearest integer and is refused there.
        #[expect(clippy::cast_possible_truncation)]
        Timestamp::from_millisecond(milliseconds as i64).ok()
    };
    match value {
        Value::Number(number) => number.as_f64().and_then(from_number),
        Value::String(text) => text
            .parse::<Timestamp>()
            .ok()
            .or_else(|| TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok())
            .or_else(|| text.parse::<f64>().ok().and_then(from_number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_are_read_in_every_shape() {
        let expected = BTreeMap::from([("env".to_owned(), "prod".to_owned())]);
        for shape in [
            json!({"env": "prod"}),
            json!([{"Key": "env", "Value": "prod"}]),
            json!([{"key": "env", "value": "prod"}]),
            json!([{"TagKey": "env", "TagValue": "prod"}]),
        ] {
            assert_eq!(tags(&shape), expected, "{shape}");
        }
    }

    #[test]
    fn times_are_read_in_every_shape() {
        let expected: Timestamp = "2026-01-02T03:04:05Z".parse().expect("a time");
        for shape in [
            json!("2026-01-02T03:04:05Z"),
            json!("2026-01-02T03:04:05.000Z"),
            json!("2026-01-02T03:04:05.000+0000"),
            json!("2026-01-02T05:04:05+02:00"),
            json!("2026-01-02T03:04:05"),
            json!(1767323045),
            json!(1767323045.0),
            json!(1767323045000_u64),
            json!("1767323045"),
        ] {
            assert_eq!(timestamp(&shape), Some(expected), "{shape}");
        }
        assert_eq!(timestamp(&json!("soon")), None);
    }
}
