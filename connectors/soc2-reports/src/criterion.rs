//! Ids of the trust services criteria in the spellings that vendors use, brought to one.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// An id with its series, and what may follow: `CC.6.1`, `cc_6_1`, `A 1.2`, `CC6.1-POF3`, `CC6.1.3`.
const ID: &str =
    r"(CC|PI|PP|P|A|C)[ ._-]{0,2}0?(\d{1,2})[ ]?[._][ ]?0?(\d{1,2})((?:[ ]?[._-][ ]?(?:POF|PoF|pof)?[ ]?\d{1,2})*)";

static WHOLE: LazyLock<Regex> = LazyLock::new(|| regex(&format!("(?i)^{ID}$")));
static WITHIN: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"\b{ID}\b")));
static RANGE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:-|–|—|to|through|thru)\s*$"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

/// The plain spelling of a criterion id: `CC.6.1`, `cc_6_1` and `CC 6.1` are `CC6.1`; a point of focus (`CC6.1-POF3`,
/// `CC6.1.3`) is its criterion; `PP1.2` is `PI1.2`. What is no id at all comes back in upper case without spaces, so
/// that it can be refused by its name.
pub fn normalize_criterion(id: &str) -> String {
    let id = id.trim();
    WHOLE.captures(id).map_or_else(
        || id.chars().filter(|each| !each.is_whitespace()).collect::<String>().to_uppercase(),
        |parts| spelled(&parts[1], &parts[2], &parts[3]),
    )
}

fn spelled(series: &str, category: &str, number: &str) -> String {
    let series = series.to_uppercase();
    let series = if series == "PP" { "PI" } else { &series };
    format!("{series}{category}.{number}")
}

/// The criteria that a text names, each once and in its order, and the ids in it that no criterion has. A range
/// (`CC6.1 - CC6.3`) is all that lies between.
pub(crate) fn criteria_in(text: &str, known: &BTreeSet<String>) -> (Vec<String>, Vec<String>) {
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    let mut add = |id: String| {
        let list = if known.contains(&id) { &mut found } else { &mut unknown };
        if !list.contains(&id) {
            list.push(id);
        }
    };
    let mut before: Option<(String, u32, usize)> = None;
    for parts in WITHIN.captures_iter(text) {
        let Some(whole) = parts.get(0) else { continue };
        let series = format!("{}{}", &parts[1], &parts[2]);
        let number: u32 = parts[3].parse().unwrap_or_default();
        if let Some((first_series, first, end)) = &before
            && *first_series == series
            && RANGE.is_match(&text[*end..whole.start()])
        {
            (first + 1..number).for_each(|between| add(spelled(&parts[1], &parts[2], &between.to_string())));
        }
        add(spelled(&parts[1], &parts[2], &parts[3]));
        before = Some((series, number, whole.end()));
    }
    (found, unknown)
}

/// Where a text names ids, as byte ranges.
pub(crate) fn places_in(text: &str) -> Vec<std::ops::Range<usize>> {
    WITHIN.find_iter(text).map(|found| found.range()).collect()
}

/// Whether a text begins with the id of a criterion, as the heading of a group of controls does.
pub(crate) fn begins_with_criterion(text: &str, known: &BTreeSet<String>) -> Option<String> {
    let parts = WITHIN.captures(text)?;
    let before = &text[..parts.get(0)?.start()];
    let id = spelled(&parts[1], &parts[2], &parts[3]);
    let is_lead = before.split_whitespace().all(|word| {
        let word = word.trim_matches(|each: char| !each.is_alphanumeric()).to_lowercase();
        matches!(word.as_str(), "" | "criteria" | "criterion" | "tsc" | "ref" | "trust" | "services")
    });
    (is_lead && known.contains(&id)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_id_are_one_id() {
        for id in ["CC.6.1", "cc_6_1", "CC 6.1", "cc6.1", "CC6.1-POF3", "CC6.1.3", "CC6.01", " CC6.1 ", "CC-6.1"] {
            assert_eq!(normalize_criterion(id), "CC6.1", "{id}");
        }
        assert_eq!(normalize_criterion("A.1.2"), "A1.2");
        assert_eq!(normalize_criterion("PP1.2"), "PI1.2");
        assert_eq!(normalize_criterion("p 4.2"), "P4.2");
    }

    #[test]
    fn what_is_no_id_keeps_its_name() {
        assert_eq!(normalize_criterion("ISO 27001"), "ISO27001");
        assert_eq!(normalize_criterion("P1.4"), "P1.4");
        assert_eq!(normalize_criterion("CC6"), "CC6");
    }

    #[test]
    fn ranges_name_what_lies_between_and_invented_ids_are_told_apart() {
        let known: BTreeSet<String> = ["CC6.1", "CC6.2", "CC6.3", "A1.2"].map(str::to_owned).into();
        let (found, unknown) = criteria_in("CC6.1 – CC6.3, A1.2 and P1.4", &known);
        assert_eq!(found, ["CC6.1", "CC6.2", "CC6.3", "A1.2"]);
        assert_eq!(unknown, ["P1.4"]);
    }
}
