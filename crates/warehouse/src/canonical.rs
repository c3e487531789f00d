//! One text and one hash for one state of a resource.
//!
//! Members are written in the order of their names whatever order the map keeps, so that the hash does not depend on a
//! feature of `serde_json` that some other crate may switch on.

use std::io::Write as _;

use carveout_model::Resource;
use serde_json::Value;

/// Members whose change says nothing about the resource, wherever they stand in `config`. Without this list a daily
/// crawl finds every role changed, because somebody used it.
pub(crate) const VOLATILE_MEMBERS: &[&str] = &[
    // Fingerprints of an answer, not of the resource.
    "ETag",
    "Etag",
    "etag",
    // When somebody used it.
    "AccessKeyLastUsed",
    "LastAccessedDate",
    "LastUsedDate",
    "PasswordLastUsed",
    "RoleLastUsed",
    "lastAccessedDate",
    "lastSignInDateTime",
    "signInActivity",
    "lastRecordedPullTime",
    // When the provider last measured or talked to it.
    "EarliestRestorableTime",
    "LastPingDateTime",
    "LatestCloudWatchLogsDeliveryTime",
    "LatestDeliveryAttemptSucceeded",
    "LatestDeliveryAttemptTime",
    "LatestDeliveryTime",
    "LatestDigestDeliveryTime",
    "LatestRestorableTime",
    "LastStatusUpdate",
    "LastStatusChangeTime",
    "PingStatusLastUpdated",
    "lastHeartbeat",
    "lastSyncTime",
];

/// Hex digits kept of the hash: 128 bits, so that two states of one resource never share one by chance.
const HASH_DIGITS: usize = 32;

/// Appends `value` as JSON text with the members of every object in the order of their names.
pub(crate) fn write_canonical(value: &Value, out: &mut Vec<u8>) {
    write_value(value, out, false);
}

/// Writes canonical texts and hashes; keeps its buffers between resources.
#[derive(Debug, Default)]
pub(crate) struct Canonical {
    config: Vec<u8>,
    steady: Vec<u8>,
}

impl Canonical {
    /// The canonical text of `config`, valid until the next call.
    pub(crate) fn config(&mut self, resource: &Resource) -> &str {
        self.config.clear();
        write_canonical(&resource.config, &mut self.config);
        as_text(&self.config)
    }

    /// The hash of the state whose `config` was written last, without volatile members.
    pub(crate) fn hash(&mut self, resource: &Resource, tags: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut part = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        for text in [
            resource.resource_key.as_str(),
            resource.provider.as_str(),
            &resource.scope_id,
            &resource.region,
            &resource.service,
            resource.service_model.as_str(),
            &resource.type_name,
            resource.name.as_deref().unwrap_or_default(),
            tags,
        ] {
            part(text.as_bytes());
        }
        part(&resource.created_at.map_or(0, |at| at.as_microsecond()).to_le_bytes());
        if has_volatile(&resource.config) {
            self.steady.clear();
            write_value(&resource.config, &mut self.steady, true);
            part(&self.steady);
        } else {
            part(&self.config);
        }
        let mut hex = hasher.finalize().to_hex().to_string();
        hex.truncate(HASH_DIGITS);
        hex
    }
}

fn as_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("JSON text is made of texts, digits and ASCII")
}

fn is_volatile(name: &str) -> bool {
    VOLATILE_MEMBERS.contains(&name)
}

fn has_volatile(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| is_volatile(name) || has_volatile(member)),
        Value::Array(elements) => elements.iter().any(has_volatile),
        _ => false,
    }
}

fn write_value(value: &Value, out: &mut Vec<u8>, steady: bool) {
    match value {
        Value::Object(members) if members.keys().is_sorted() => write_members(members.iter(), out, steady),
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            write_members(sorted.into_iter(), out, steady);
        }
        Value::Array(elements) => {
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(element, out, steady);
            }
            out.push(b']');
        }
        Value::String(text) => write_text(text, out),
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write!(out, "{number}").expect("a vector takes every write"),
    }
}

fn write_members<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>, out: &mut Vec<u8>, steady: bool) {
    out.push(b'{');
    let mut first = true;
    for (name, member) in members.filter(|(name, _)| !steady || !is_volatile(name)) {
        if !first {
            out.push(b',');
        }
        first = false;
        write_text(name, out);
        out.push(b':');
        write_value(member, out, steady);
    }
    out.push(b'}');
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a vector takes every write and a text is always JSON");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use carveout_model::{Provider, ServiceModel};
    use serde_json::json;

    use super::*;

    fn role(config: Value) -> Resource {
        Resource {
            resource_key: "arn:aws:iam::111122223333:role/audit".to_owned(),
            provider: Provider::Aws,
            scope_id: "111122223333".to_owned(),
            region: "global".to_owned(),
            service: "iam".to_owned(),
            service_model: ServiceModel::Saas,
            type_name: "AWS::IAM::Role".to_owned(),
            name: Some("audit".to_owned()),
            tags: BTreeMap::new(),
            config,
            created_at: None,
            unread: Vec::new(),
        }
    }

    fn hash(resource: &Resource) -> String {
        let mut canonical = Canonical::default();
        canonical.config(resource);
        canonical.hash(resource, "{}")
    }

    #[test]
    fn members_are_written_in_the_order_of_their_names() {
        let value: Value = serde_json::from_str(r#"{"b": [1, {"z": null, "a": "ü\n"}], "a": 1.5}"#).expect("JSON");
        let mut out = Vec::new();
        write_canonical(&value, &mut out);
        assert_eq!(as_text(&out), r#"{"a":1.5,"b":[1,{"a":"ü\n","z":null}]}"#);
        assert_eq!(serde_json::from_slice::<Value>(&out).expect("JSON"), value);
    }

    #[test]
    fn somebody_using_a_role_is_no_change_of_it() {
        let before = role(json!({"Path": "/", "RoleLastUsed": {"LastUsedDate": "2026-01-01"}}));
        let after = role(json!({"Path": "/", "RoleLastUsed": {"LastUsedDate": "2026-02-01"}}));
        assert_eq!(hash(&before), hash(&after));
        assert_ne!(hash(&before), hash(&role(json!({"Path": "/x/"}))));
    }

    #[test]
    fn every_column_counts() {
        let before = role(json!({}));
        let mut renamed = before.clone();
        renamed.name = None;
        let mut moved = before.clone();
        moved.region = "eu-west-1".to_owned();
        let mut canonical = Canonical::default();
        canonical.config(&before);
        let tagged = canonical.hash(&before, r#"{"a":"b"}"#);
        let hashes = [hash(&before), hash(&renamed), hash(&moved), tagged];
        assert_eq!(hashes.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
        assert_eq!(hashes[0].len(), HASH_DIGITS);
    }
}
