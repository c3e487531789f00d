//! Which of two versions of a report counts: importing a file again changes nothing, and a newer version takes the place
//! of the older one, which stays with it.

use carveout_model::Soc2Report;
use serde_json::{Value, json};

/// Older versions that are kept whole. Before them, only the source and the hash are.
const MOST_KEPT: usize = 8;

/// What becomes of a report that is imported.
#[derive(Debug, Clone, PartialEq)]
pub enum Succession {
    /// It is known as it is.
    Unchanged,
    /// It counts from now on; older versions are in `extraction.supersedes`, the last one first.
    Counts(Box<Soc2Report>),
    /// A newer version is known: that one still counts, and has this one in `extraction.supersedes`.
    IsOlder(Box<Soc2Report>),
}

/// Puts a report beside the version that is known of it, told by their ids.
pub fn succeed(known: Option<&Soc2Report>, report: Soc2Report) -> Succession {
    let Some(known) = known else { return Succession::Counts(Box::new(report)) };
    let (current, mut versions) = without_history(known);
    let report = with_letter_of(&current, report);
    // The same file in another folder is the same file.
    let is_same_file = current.source_sha256 == report.source_sha256
        && current == Soc2Report { source: current.source.clone(), ..report.clone() };
    if is_same_file || versions.iter().any(|version| version["source_sha256"] == json!(report.source_sha256)) {
        return Succession::Unchanged;
    }
    let is_older = matches!((report.issued_on, current.issued_on), (Some(mine), Some(theirs)) if mine < theirs);
    let (counts, superseded) = if is_older { (current, report) } else { (report, current) };
    // The same file read anew, by a better reader, is no other version.
    if counts.source_sha256 != superseded.source_sha256 {
        versions.insert(0, serde_json::to_value(&superseded).unwrap_or(Value::Null));
    }
    for version in versions.iter_mut().skip(MOST_KEPT) {
        *version = json!({ "source": version["source"], "source_sha256": version["source_sha256"] });
    }
    let counts = Box::new(with_history(counts, versions));
    if is_older { Succession::IsOlder(counts) } else { Succession::Counts(counts) }
}

/// A letter that came on its own still continues the period when the report is read again.
fn with_letter_of(known: &Soc2Report, mut report: Soc2Report) -> Soc2Report {
    let letter = known.extraction.get("bridge").filter(|_| known.period_end == report.period_end);
    if let (None, Some(letter), Some(extraction)) = (report.bridge_until, letter, report.extraction.as_object_mut()) {
        extraction.insert("bridge".to_owned(), letter.clone());
        report.bridge_until = known.bridge_until;
    }
    report
}

fn without_history(report: &Soc2Report) -> (Soc2Report, Vec<Value>) {
    let mut report = report.clone();
    let versions = report.extraction.as_object_mut().and_then(|extraction| extraction.remove("supersedes"));
    let versions = match versions {
        Some(Value::Array(versions)) => versions,
        _ => Vec::new(),
    };
    (report, versions)
}

fn with_history(mut report: Soc2Report, versions: Vec<Value>) -> Soc2Report {
    if let (Some(extraction), false) = (report.extraction.as_object_mut(), versions.is_empty()) {
        extraction.insert("supersedes".to_owned(), Value::Array(versions));
    }
    report
}
