//! What the head of a table and the title of a section say, whoever wrote them.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::Line;

/// What a column of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Reference,
    Control,
    Criteria,
    Test,
    Outcome,
    Response,
    UserEntity,
    SubserviceControl,
    Subservice,
    Services,
    Method,
}

/// Words that stand in heads of tables. A cell with any other word is no head.
const WORDS: &[&str] = &[
    "a",
    "activities",
    "activity",
    "and",
    "applicable",
    "area",
    "assumed",
    "auditor",
    "auditor's",
    "auditors",
    "by",
    "carve",
    "carveout",
    "category",
    "common",
    "company",
    "company's",
    "complementary",
    "conclusion",
    "control",
    "controls",
    "corresponding",
    "criteria",
    "criterion",
    "csoc",
    "csocs",
    "cuec",
    "cuecs",
    "deficiency",
    "description",
    "design",
    "detailed",
    "deviation",
    "deviations",
    "effectiveness",
    "entities",
    "entity",
    "exception",
    "exceptions",
    "expected",
    "for",
    "function",
    "functions",
    "id",
    "identified",
    "identifier",
    "implemented",
    "in",
    "inclusive",
    "independent",
    "mapping",
    "management",
    "management's",
    "method",
    "name",
    "no",
    "nos",
    "noted",
    "number",
    "of",
    "on",
    "operating",
    "organisation",
    "organisation's",
    "organisations",
    "organization",
    "organization's",
    "organizations",
    "or",
    "out",
    "outcome",
    "performed",
    "place",
    "point",
    "points",
    "procedure",
    "procedures",
    "provided",
    "provider",
    "purpose",
    "ref",
    "reference",
    "referenced",
    "relevant",
    "related",
    "response",
    "responses",
    "responsibilities",
    "responsibility",
    "result",
    "results",
    "role",
    "scope",
    "service",
    "services",
    "specified",
    "stated",
    "subservice",
    "supported",
    "supporting",
    "suitability",
    "test",
    "testing",
    "tests",
    "the",
    "to",
    "treatment",
    "trust",
    "tsc",
    "tscs",
    "tsp",
    "used",
    "user",
    "vendor",
    "vendors",
    "with",
];

/// The role that a head's cell gives its column.
pub(super) fn role(cell: &str) -> Option<Role> {
    let lower = cell.to_lowercase();
    let words: Vec<&str> =
        lower.split(|each: char| !(each.is_alphanumeric() || each == '\'')).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return (lower.trim() == "#").then_some(Role::Reference);
    }
    if words.len() > 14 || !words.iter().all(|word| WORDS.contains(word)) {
        return None;
    }
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let is_number = lower.contains('#') || has(&["no", "nos", "number", "ref", "reference", "id", "identifier"]);
    let role = if has(&["response", "responses"]) {
        Role::Response
    } else if has(&["result", "results", "outcome", "conclusion"]) {
        Role::Outcome
    } else if has(&["test", "tests", "testing", "procedure", "procedures"]) {
        Role::Test
    } else if has(&["deviation", "deviations", "exception", "exceptions", "deficiency"]) {
        Role::Outcome
    } else if is_number && !has(&["criteria", "criterion", "tsc"]) {
        Role::Reference
    } else if has(&["cuec", "cuecs"]) || (has(&["user"]) && has(&["entity", "entities"])) {
        Role::UserEntity
    } else if has(&["csoc", "csocs"]) || (has(&["subservice"]) && has(&["control", "controls"])) {
        Role::SubserviceControl
    } else if has(&["criteria", "criterion", "tsc", "tscs", "tsp"]) {
        Role::Criteria
    } else if has(&["method", "treatment", "inclusive", "carve", "carveout"]) {
        Role::Method
    } else if has(&["subservice", "vendor", "vendors", "provider"])
        || (has(&["organization", "organisation"]) && !has(&["control", "controls", "service"]))
    {
        Role::Subservice
    } else if has(&["control", "controls", "activity", "activities"]) {
        Role::Control
    } else if has(&["service", "services", "function", "functions", "purpose", "role"]) {
        Role::Services
    } else if words.first() == Some(&"description") {
        Role::Control
    } else {
        return None;
    };
    Some(role)
}

/// A part of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Section {
    Auditor,
    Assertion,
    Description,
    Tests,
    Other,
}

static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^(?:(?:section|part|chapter)\s+)?(?:[IVX]{1,4}|\d{1,2}|[A-F])\s*(?:[.:)\-–—|]+|\s)\s*(.+)$")
});
static LEADERS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:\.\s?){4,}\s*\d*\s*$|…+\s*\d+\s*$"));
static SUBHEADING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:[\dA-Z.)\s]{0,8})?(?:complementary (?:user|customer|sub)|user entity (?:controls|responsib)|subservice organi[sz]ation|management'?s'? response|other information|basis for|opinion|scope|company overview|overview of|section )",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

/// The section whose title this text is.
pub(super) fn section(text: &str) -> Option<Section> {
    let text = text.trim();
    if text.len() > 160 || LEADERS.is_match(text) || text.ends_with('.') {
        return None;
    }
    let bare = NUMBERED.captures(text).map_or(text, |parts| parts.get(1).map_or(text, |title| title.as_str()));
    let lower = bare.to_lowercase();
    let has = |word: &str| lower.contains(word);
    let starts = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    if has("auditor") && has("report") && starts(&["independent", "report of", "service auditor", "auditor"]) {
        Some(Section::Auditor)
    } else if has("assertion") && (starts(&["assertion", "management", "statement"]) || has("management")) {
        Some(Section::Assertion)
    } else if starts(&["other information", "additional information", "supplemental information", "unaudited"]) {
        Some(Section::Other)
    } else if (has("criteria") && has("control")) || (has("test") && has("control")) || starts(&["testing matrices"]) {
        Some(Section::Tests)
    } else if has("description of") || starts(&["system description", "description"]) {
        Some(Section::Description)
    } else {
        None
    }
}

/// Whether a text is written with a section's number before it.
pub(super) fn is_numbered(text: &str) -> bool {
    NUMBERED.is_match(text.trim())
}

/// Whether a line is one of a table of contents.
pub(super) fn is_contents_line(line: &Line) -> bool {
    LEADERS.is_match(&line.text)
}

/// Whether a line looks like a title: larger, bold or in capitals, and no sentence.
pub(super) fn is_title(line: &Line, body_size: f64) -> bool {
    let letters = line.text.chars().filter(|each| each.is_alphabetic()).count();
    let capitals = line.text.chars().filter(|each| each.is_uppercase()).count();
    let stands_out = line.bold || line.size > 1.1 * body_size || (letters > 5 && capitals * 10 > letters * 9);
    // A line of a sentence that ends in parentheses is no title, however large it is beside the text of tables.
    let goes_on = line.text.chars().find(|each| each.is_alphanumeric()).is_some_and(char::is_lowercase);
    letters > 2 && !goes_on && line.text.len() < 160 && stands_out && !line.text.trim_end().ends_with(['.', ';', ','])
}

/// Whether a line is a title that ends what went before, as tables and lists.
pub(super) fn is_subheading(line: &Line, body_size: f64) -> bool {
    (is_title(line, body_size) && SUBHEADING.is_match(&line.text))
        || (is_title(line, body_size) && section(&line.text).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_several_auditors_have_the_same_roles() {
        for (cell, expected) in [
            ("Control #", Role::Reference),
            ("Ref", Role::Reference),
            ("CUEC No.", Role::Reference),
            ("Control specified by the service organization", Role::Control),
            ("Control activity", Role::Control),
            ("TSC", Role::Criteria),
            ("Trust Services Criteria", Role::Criteria),
            ("Tests performed by the service auditor", Role::Test),
            ("Service Auditor's Test of Controls", Role::Test),
            ("Results of tests", Role::Outcome),
            ("Management's Response", Role::Response),
            ("Complementary user entity control", Role::UserEntity),
            ("Complementary subservice organization controls", Role::SubserviceControl),
            ("Subservice organization", Role::Subservice),
            ("Services provided", Role::Services),
            ("Method", Role::Method),
        ] {
            assert_eq!(role(cell), Some(expected), "{cell}");
        }
        assert_eq!(role("Access to production is reviewed"), None);
    }

    #[test]
    fn titles_are_told_from_the_table_of_contents() {
        assert_eq!(section("SECTION I – INDEPENDENT SERVICE AUDITOR'S REPORT"), Some(Section::Auditor));
        assert_eq!(section("2. Management's Assertion"), Some(Section::Assertion));
        assert_eq!(section("Section I Independent Service Auditor's Report ........... 4"), None);
        assert_eq!(section("SECTION III – DESCRIPTION OF THE TESSEL SSO"), Some(Section::Description));
        assert_eq!(section("4. Trust Services Criteria and Related Controls"), Some(Section::Tests));
        assert_eq!(section("Section V – Other Information Provided by the Service Organization"), Some(Section::Other));
    }
}
