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
    if current == report || versions.iter().any(|version| version["source_sha256"] == json!(report.source_sha256)) {
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
