//! Names as OSCAL wants them: deterministic UUIDs, tokens, and texts of one line.

use sha1::{Digest, Sha1};

use super::model::Property;
use crate::markdown::is_invisible;

/// The namespace of the properties that this project defines.
pub(crate) const NAMESPACE: &str = "urn:carveout:oscal:1";

/// A version 5 UUID (RFC 9562, 5.5) of a kind and what tells one of that kind from another, under a namespace that is
/// itself a UUID of `carveout` in the DNS namespace: the same names give the same UUID in every export.
pub(crate) fn uuid(kind: &str, names: &[&str]) -> String {
    // 6ba7b810-9dad-11d1-80b4-00c04fd430c8, the DNS namespace of RFC 9562.
    const DNS: [u8; 16] =
        [0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];
    let mut name = kind.to_owned();
    for each in names {
        // No name can hold this separator and pass for two.
        name.push('\u{1f}');
        name += each;
    }
    text(version_5(version_5(DNS, "carveout"), &name))
}

fn version_5(namespace: [u8; 16], name: &str) -> [u8; 16] {
    let mut hash = Sha1::new();
    hash.update(namespace);
    hash.update(name.as_bytes());
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}

fn text(bytes: [u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// A token: a letter or an underscore, then letters, digits, dots, dashes and underscores. Ids of ours are tokens
/// already; a user's own may not be.
pub(crate) fn token(name: &str) -> String {
    let safe = |character: char| if is_token_character(character) { character } else { '-' };
    let token: String = name.chars().map(safe).collect();
    if token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        token
    } else {
        format!("_{token}")
    }
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_')
}

/// A text of one line that is not empty and does not begin or end with a space.
pub(crate) fn line(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' => ' ',
            _ if is_invisible(character) => '\u{fffd}',
            _ => character,
        })
        .collect();
    let shown = shown.trim();
    if shown.is_empty() { "–".to_owned() } else { shown.to_owned() }
}

/// A property of ours.
pub(crate) fn property(name: &'static str, value: impl AsRef<str>) -> Property {
    Property { name, ns: NAMESPACE, value: line(value.as_ref()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_5_is_that_of_the_standard() {
        // RFC 9562, appendix A.4.
        let dns = [0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];
        assert_eq!(text(version_5(dns, "www.example.com")), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }

    #[test]
    fn names_do_not_run_together() {
        assert_ne!(uuid("a", &["bc", "d"]), uuid("a", &["b", "cd"]));
    }

    #[test]
    fn any_id_becomes_a_token() {
        assert_eq!(token("AC-08"), "AC-08");
        assert_eq!(token("1.2 (a)"), "_1.2--a-");
        assert_eq!(token(""), "_");
    }

    #[test]
    fn a_line_is_never_empty_and_never_two() {
        assert_eq!(line(" a\nb "), "a b");
        assert_eq!(line(" \t"), "–");
    }
}
