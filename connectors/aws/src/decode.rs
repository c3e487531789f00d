//! What stands as text inside an answer: JSON documents and tables.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use carveout_model::JsonPath;
use serde_json::{Map, Value};

/// A table that can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    #[error("the table is no base64: {0}")]
    Base64(#[from] base64::DecodeError),
    #[error("the table is no CSV: {0}")]
    Csv(#[from] csv::Error),
}

/// Replaces JSON that stands as text by what it says; IAM sends it percent-encoded. Text that is no JSON stays.
pub(crate) fn decode_text(root: &mut Value, path: &JsonPath) {
    path.for_each_mut(root, &mut |value| {
        let Value::String(text) = &*value else { return };
        let decoded = if text.starts_with("%7B") || text.starts_with("%5B") {
            percent_encoding::percent_decode_str(text).decode_utf8_lossy()
        } else {
            text.as_str().into()
        };
        if let Ok(parsed @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(&decoded) {
            *value = parsed;
        }
    });
}

/// Replaces a table that stands as CSV in base64 by a list of structures with the members of its head; all are texts, as
/// AWS wrote them.
///
/// # Errors
/// It is no such table. Rows that are longer or shorter than the head are none either: half a table is no answer.
pub(crate) fn decode_table(root: &mut Value, path: &JsonPath) -> Result<(), TableError> {
    let mut result = Ok(());
    path.for_each_mut(root, &mut |value| {
        let Value::String(text) = &*value else { return };
        match table(text) {
            Ok(rows) => *value = rows,
            Err(error) => result = Err(error),
        }
    });
    result
}

fn table(text: &str) -> Result<Value, TableError> {
    let text: String = text.split_whitespace().collect();
    let bytes = BASE64_STANDARD.decode(text)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let head = reader.headers()?.clone();
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row?;
        let members = head.iter().zip(row.iter()).map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        rows.push(Value::Object(members.collect::<Map<_, _>>()));
    }
    Ok(Value::Array(rows))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn policies_are_decoded_plain_or_percent_encoded_and_other_text_stays() {
        let mut value =
            json!({"A": "%7B%22Version%22%3A%222012-10-17%22%7D", "B": "{\"x\":1}", "C": "{broken", "D": "7"});
        for name in ["A", "B", "C", "D"] {
            decode_text(&mut value, &name.parse().expect("a path"));
        }
        assert_eq!(value, json!({"A": {"Version": "2012-10-17"}, "B": {"x": 1}, "C": "{broken", "D": "7"}));
    }

    fn report(csv: &str) -> Result<Value, TableError> {
        let mut value = json!({"Content": BASE64_STANDARD.encode(csv)});
        decode_table(&mut value, &"Content".parse().expect("a path"))?;
        Ok(value["Content"].take())
    }

    #[test]
    fn a_credential_report_becomes_a_row_for_each_user() {
        let rows = report("user,mfa_active\n<root_account>,true\n\"a, b\",N/A\n").expect("a table");
        let expected = json!([{"user": "<root_account>", "mfa_active": "true"}, {"user": "a, b", "mfa_active": "N/A"}]);
        assert_eq!(rows, expected);
        assert_eq!(report("user,mfa_active\n").expect("a table"), json!([]));
    }

    #[test]
    fn half_a_table_is_an_error() {
        assert!(matches!(report("user,mfa_active\nanna\n"), Err(TableError::Csv(_))));
        let mut broken = json!({"Content": "%%%"});
        let path = "Content".parse().expect("a path");
        assert!(matches!(decode_table(&mut broken, &path), Err(TableError::Base64(_))));
    }
}
