//! What tells one report from another: its id from what it says, its hash from the bytes.

use carveout_model::OtherDocument;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// Words of a title that tell two documents of one kind apart.
const WORDS_OF_TITLE: usize = 6;

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
    let mut parts = vec![slug_of_vendor(vendor)];
    parts.extend(system.map(slug).filter(|text| !text.is_empty()));
    match (period_start, period_end, as_of) {
        (Some(start), Some(end), _) => parts.push(format!("{start}-to-{end}")),
        (_, _, Some(day)) => parts.push(day.to_string()),
        _ => {}
    }
    parts.join("-")
}

/// Vendor, kind, standard, the first words of what it is about, and time, as with reports. Where the vendor or the time is not known, the hash tells documents
/// apart that would read the same.
pub(crate) fn document_id(document: &OtherDocument) -> String {
    let vendor = document.party_id.as_deref().or(document.organization.as_deref());
    let mut parts = vec![slug_of_vendor(vendor.unwrap_or_default()), slug(document.kind.as_str())];
    parts.extend(document.standard.as_deref().map(slug));
    let first_words = |text: &str| slug(&text.split_whitespace().take(WORDS_OF_TITLE).collect::<Vec<_>>().join(" "));
    parts.extend(document.title.as_deref().map(first_words).filter(|text| !text.is_empty()));
    let time = match (document.period_start, document.period_end) {
        (Some(start), Some(end)) => Some(format!("{start}-to-{end}")),
        _ => document.last_day().or(document.valid_until).map(|day| day.to_string()),
    };
    let is_named = vendor.is_some() && time.is_some();
    parts.extend(time);
    if !is_named {
        parts.extend(document.source_sha256.get(..12).map(str::to_owned));
    }
    parts.join("-")
}

/// A name of nothing but signs is none.
fn slug_of_vendor(name: &str) -> String {
    Some(slug(name)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "unnamed".to_owned())
}

fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
