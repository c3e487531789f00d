//! What tells one report from another: its id from what it says, its hash from the bytes.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Vendor, system and time, so that a card that is read again replaces itself and next year's report does not.
pub(crate) fn report_id(
    vendor: &str,
    system: Option<&str>,
    period_start: Option<Date>,
    period_end: Option<Date>,
    as_of: Option<Date>,
) -> String {
    let slug = |text: &str| {
        let lower = text.to_lowercase();
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
    };
    let mut parts = vec![slug(vendor)];
    parts.extend(system.map(slug).filter(|text| !text.is_empty()));
    match (period_start, period_end, as_of) {
        (Some(start), Some(end), _) => parts.push(format!("{start}-to-{end}")),
        (_, _, Some(day)) => parts.push(day.to_string()),
        _ => {}
    }
    parts.join("-")
}
