//! Writes answers as the XML of the query, EC2 and REST-XML protocols.
//!
//! Items are kept as JSON in wire names. Three marks in a member's name say what JSON can't: `Wrapper/Item` is a list whose
//! items are tagged `Item`, `Tag[]` is a list without a wrapper, `@name` is an attribute. A plain list gets the protocol's
//! own item tag.

use serde_json::{Map, Value};

/// Appends `members` as elements.
pub(super) fn members(out: &mut String, members: &Map<String, Value>, item_tag: &str) {
    for (name, value) in members {
        if !name.starts_with('@') {
            element(out, name, value, item_tag);
        }
    }
}

/// Appends one element, or several for a list without a wrapper.
pub(super) fn element(out: &mut String, name: &str, value: &Value, item_tag: &str) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            if let Some(tag) = name.strip_suffix("[]") {
                items.iter().for_each(|item| element(out, tag, item, item_tag));
            } else {
                let (wrapper, tag) = name.split_once('/').unwrap_or((name, item_tag));
                out.push_str(&format!("<{wrapper}>"));
                items.iter().for_each(|item| element(out, tag, item, item_tag));
                out.push_str(&format!("</{wrapper}>"));
            }
        }
        Value::Object(object) => {
            out.push('<');
            out.push_str(name);
            for (attribute, text) in object.iter().filter_map(|(key, text)| Some((key.strip_prefix('@')?, text))) {
                out.push_str(&format!(" {attribute}=\""));
                escape(out, text.as_str().unwrap_or_default());
                out.push('"');
            }
            out.push('>');
            members(out, object, item_tag);
            out.push_str(&format!("</{name}>"));
        }
        Value::String(text) => {
            out.push_str(&format!("<{name}>"));
            escape(out, text);
            out.push_str(&format!("</{name}>"));
        }
        scalar => out.push_str(&format!("<{name}>{scalar}</{name}>")),
    }
}

/// Appends `text` with the five characters that XML reserves replaced.
pub(super) fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn marks_in_names_become_wrappers_flat_lists_and_attributes() {
        let value = json!({
            "Grants/Grant": [{"@type": "Group", "URI": "a<b"}],
            "Rule[]": [1, 2],
            "Tags": [{"Key": "k"}],
            "Absent": null,
        });
        let mut out = String::new();
        element(&mut out, "Root", &value, "member");
        assert_eq!(
            out,
            "<Root><Grants><Grant type=\"Group\"><URI>a&lt;b</URI></Grant></Grants><Rule>1</Rule><Rule>2</Rule>\
             <Tags><member><Key>k</Key></member></Tags></Root>"
        );
    }
}
