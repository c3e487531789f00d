//! Controls that are set as labelled paragraphs instead of tables: "Control AC-01: …", "Test performed: …", "Result: …",
//! under the titles of their criteria.
//!
//! A control counts only with a test or a result behind it: paragraphs that merely begin with a control's reference are
//! management's answers, or prose. A report of type 1 shows no tests: its controls are told by their labels and criteria.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::children::{self, Tested, notes_exception, without_criteria};
use super::fields::Seen;
use super::heading::{self, Section};
use super::lines::{Layout, Line};
use crate::criterion::{begins_with_criterion, criteria_in, normalize_criterion, places_in};

/// What the paragraphs of a report tell.
#[derive(Default)]
pub(super) struct Paragraphs {
    /// In the order of the report; one whose reference is not printed has an empty one.
    pub controls: Vec<Seen<Tested>>,
    /// Controls with a label, a reference and criteria, and without a test: those of a report of type 1.
    pub untested: Vec<Seen<Tested>>,
    /// Ids that no criterion has.
    pub unknown: Vec<String>,
    /// The lines that are theirs: (index of the page, index of the line).
    pub taken: HashSet<(usize, usize)>,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

static CONTROL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^control(?:\s+(?:activity|activities|description|statement|specified))?\s*(?:(?:#|no\.?|number|id|identifier|ref(?:erence)?)\s*[:.]?\s*)?(?P<ref>[A-Z0-9][A-Z0-9._/\-–]*\d[\w.\-]*|\d{1,3})?(?:\s*[(\[](?P<criteria>[^)\]]{3,80})[)\]])?\s*(?::|\s[–—-]\s|\.\s|$)\s*(?P<text>.*)$",
    )
});
static LEADING: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?P<ref>[A-Z]{1,8}[-–_.]?\d[\w.\-]{0,14})(?:\s*[:–—]\s*|\s+-\s+|$)(?P<text>.*)$"));
static TITLED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?P<ref>[A-Z]{1,8}[-–_.]?\d[\w.\-]{0,14})\s*[:–—-]?\s+(?P<text>\S.*)$"));
static TEST: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:(?:service\s+)?auditors?'?s?'?\s+)?(?:tests?|testing|procedures?)(?:\s+(?:performed|procedures?|steps?|applied|of\s+(?:the\s+)?(?:controls?|design|operation|operating\s+effectiveness|design\s+and\s+operating\s+effectiveness)|by\s+(?:the\s+)?(?:service\s+)?auditors?))*\s*(?:#?\s*\d{1,2})?\s*(?::|\s[–—-]\s|$)\s*(?P<text>.*)$",
    )
});
static OUTCOME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:test(?:ing|s)?\s+|auditors?'?s?'?\s+)?(?:results?|conclusions?|outcome)(?:\s+of\s+(?:the\s+)?(?:tests?|testing|procedures?)(?:\s+(?:of\s+controls?|performed))?)?\s*(?:#?\s*\d{1,2})?\s*(?::|\s[–—-]\s|$)\s*(?P<text>.*)$",
    )
});
/// A result that begins as such and has no label.
static BARE_OUTCOME: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^(?:no\s+)?(?:relevant\s+)?(?:exceptions?|deviations?)(?:\s+(?:noted|identified|were|was)\b|\s*:)")
});
static RESPONSE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^management'?s?'?\s+response\s*(?::|\s[–—-]\s|$)\s*(?P<text>.*)$"));
static CRITERIA: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:(?:applicable|related|relevant|mapped)\s+)?(?:trust\s+services?\s+)?(?:criteri(?:a|on)|tscs?)(?:\s+(?:ref(?:erence)?s?|ids?|addressed|supported|mapping))*\s*(?::|\s[–—-]\s)\s*(?P<text>.*)$",
    )
});

/// Of a control, and neither its text nor its test.
static ASIDE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^(?:control\s+)?(?:owner|type|frequency|nature|category)\s*:"));

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Control,
    Criteria,
    Test,
    Outcome,
    Response,
    Aside,
}

enum Label {
    Control { reference: Option<String>, criteria: String, text: String },
    Field(Field, String),
}

/// A control whose paragraphs are being read.
struct Block {
    reference: Option<String>,
    /// A title over it, which stands for the control where no paragraph does.
    heading: String,
    description: String,
    criteria: String,
    test: String,
    outcome: String,
    response: String,
    aside: String,
    group: Option<String>,
    page: usize,
    lines: Vec<(usize, usize)>,
    field: Field,
    /// Whether its label says that it is a control, outside of management's answers.
    is_control: bool,
}

impl Block {
    fn new(reference: Option<String>, group: Option<String>, page: usize) -> Self {
        Self {
            reference,
            heading: String::new(),
            description: String::new(),
            criteria: String::new(),
            test: String::new(),
            outcome: String::new(),
            response: String::new(),
            aside: String::new(),
            group,
            page,
            lines: Vec::new(),
            field: Field::Control,
            is_control: false,
        }
    }

    fn text(&mut self) -> &mut String {
        match self.field {
            Field::Control => &mut self.description,
            Field::Criteria => &mut self.criteria,
            Field::Test => &mut self.test,
            Field::Outcome => &mut self.outcome,
            Field::Response => &mut self.response,
            Field::Aside => &mut self.aside,
        }
    }

    /// Whether it has no more than its reference or title yet.
    fn is_bare(&self) -> bool {
        self.description.is_empty() && self.test.is_empty() && self.outcome.is_empty()
    }
}

struct Reader<'l> {
    layout: &'l Layout,
    known: &'l BTreeSet<String>,
    /// The criterion under whose title the next control stands.
    group: Option<String>,
    open: Option<Block>,
    last: Option<&'l Line>,
    /// Whether the line before was a title: a long one goes on.
    in_title: bool,
    /// Whether this is where management answers.
    in_answers: bool,
    found: Paragraphs,
}

/// Finds the controls of a report that stand in paragraphs; `is_taken` says which lines are a table's.
pub(super) fn find(layout: &Layout, is_taken: impl Fn(usize, usize) -> bool, known: &BTreeSet<String>) -> Paragraphs {
    let mut reader = Reader {
        layout,
        known,
        group: None,
        open: None,
        last: None,
        in_title: false,
        in_answers: false,
        found: Paragraphs::default(),
    };
    for (at, page) in layout.pages.iter().enumerate() {
        for (index, line) in page.lines.iter().enumerate() {
            if is_taken(at, index) {
                reader.close();
                continue;
            }
            if !heading::is_contents_line(line) {
                reader.line((at, index), line);
                reader.last = Some(line);
            }
        }
    }
    reader.close();
    reader.found
}

impl<'l> Reader<'l> {
    fn line(&mut self, place: (usize, usize), line: &'l Line) {
        let was_title = std::mem::take(&mut self.in_title);
        if let Some(label) = self.label(line) {
            self.start(label, line);
        } else if heading::is_title(line, self.layout.body_size) && !self.looks_alike(line) {
            self.in_title = true;
            self.title(line, was_title && !self.is_apart(line));
        } else if let Some(group) = self.header(line) {
            self.close();
            self.group = Some(group);
        } else {
            self.go_on(line);
        }
        if let Some(block) = &mut self.open {
            block.lines.push(place);
        }
    }

    /// What a line is the label of. Tests and results are labels behind a control only.
    fn label(&self, line: &Line) -> Option<Label> {
        let text = line.text.as_str();
        if let Some(parts) = CONTROL.captures(text) {
            let rest = parts["text"].to_owned();
            let printed = parts.name("ref").map(|found| found.as_str().trim_end_matches('.').to_owned());
            let criteria = parts.name("criteria").map_or_else(String::new, |found| found.as_str().to_owned());
            let leading = LEADING.captures(&rest).filter(|_| printed.is_none());
            let leading = leading.map(|parts| (parts["ref"].to_owned(), parts["text"].to_owned()));
            let (reference, text) = match leading {
                Some((reference, text)) => (Some(reference), text),
                None => (printed, rest),
            };
            return Some(Label::Control { reference, criteria, text });
        }
        if self.open.as_ref().is_none_or(|block| !block.outcome.is_empty())
            && let Some(parts) = LEADING.captures(text).filter(|parts| self.is_reference(&parts["ref"]))
        {
            let reference = Some(parts["ref"].to_owned());
            return Some(Label::Control { reference, criteria: String::new(), text: parts["text"].to_owned() });
        }
        // A larger line is a title, whatever it says.
        let is_larger = self.last.is_some_and(|last| line.size > 1.15 * last.size);
        let block = self.open.as_ref().filter(|_| !is_larger)?;
        if ASIDE.is_match(text) {
            return Some(Label::Field(Field::Aside, text.to_owned()));
        }
        let of = |field, parts: regex::Captures<'_>| Some(Label::Field(field, parts["text"].to_owned()));
        if let Some(parts) = OUTCOME.captures(text) {
            return of(Field::Outcome, parts);
        }
        if let Some(parts) = TEST.captures(text) {
            return of(Field::Test, parts);
        }
        if let Some(parts) = RESPONSE.captures(text) {
            return of(Field::Response, parts);
        }
        if let Some(parts) = CRITERIA.captures(text).filter(|parts| is_list_of_ids(&parts["text"])) {
            return of(Field::Criteria, parts);
        }
        let is_outcome = block.outcome.is_empty() && !block.test.is_empty() && BARE_OUTCOME.is_match(text);
        is_outcome.then(|| Label::Field(Field::Outcome, text.to_owned()))
    }

    /// Whether a text can be a control's own reference: a plain criterion is none, and neither is that of another list.
    fn is_reference(&self, text: &str) -> bool {
        !self.known.contains(text) && !text.starts_with("CUEC") && !text.starts_with("CSOC")
    }

    fn start(&mut self, label: Label, line: &Line) {
        match label {
            Label::Control { reference, criteria, text } => {
                let goes_on = self.open.as_ref().is_some_and(|block| {
                    block.is_bare()
                        && (reference.is_none() || block.reference.is_none() || block.reference == reference)
                });
                if !goes_on {
                    self.close();
                }
                let group = self.group.clone();
                let block = self.open.get_or_insert_with(|| Block::new(None, group, line.page));
                block.is_control = !self.in_answers;
                block.reference = reference.or_else(|| block.reference.take());
                if !criteria.is_empty() {
                    block.criteria = criteria;
                }
                block.description = text;
                block.field = Field::Control;
            }
            Label::Field(field, text) => {
                let Some(block) = &mut self.open else { return };
                block.field = field;
                self.layout.hyphens.join(block.text(), &text);
            }
        }
    }

    fn title(&mut self, line: &Line, goes_on: bool) {
        if goes_on {
            if let Some(block) = self.open.as_mut().filter(|block| block.is_bare() && !block.heading.is_empty()) {
                self.layout.hyphens.join(&mut block.heading, &line.text);
            }
            return;
        }
        self.close();
        let text = line.text.as_str();
        if let Some(group) = begins_with_criterion(text, self.known) {
            self.group = Some(group);
        } else if let Some(section) = heading::section(text) {
            self.group = None;
            self.in_answers = section == Section::Other;
        }
        self.in_answers |= text.to_lowercase().contains("response");
        if let Some(parts) = TITLED.captures(text).filter(|parts| self.is_reference(&parts["ref"])) {
            let mut block = Block::new(Some(parts["ref"].to_owned()), self.group.clone(), line.page);
            block.heading = parts["text"].to_owned();
            self.open = Some(block);
        }
    }

    /// The criterion of a line that is one's heading without looking like a title.
    fn header(&self, line: &Line) -> Option<String> {
        let group = begins_with_criterion(&line.text, self.known)?;
        self.open.as_ref().is_none_or(|block| !block.outcome.is_empty() && self.is_apart(line)).then_some(group)
    }

    /// Whether a line only goes on with a control's text: beside the small text of tables, all of that looks like a title.
    fn looks_alike(&self, line: &Line) -> bool {
        let is_same = |last: &&Line| (last.size - line.size).abs() < 0.4 && last.bold == line.bold;
        self.open.is_some() && !line.bold && self.last.as_ref().is_some_and(is_same) && !self.is_apart(line)
    }

    /// Whether white parts a line from the one before it.
    fn is_apart(&self, line: &Line) -> bool {
        self.last.is_some_and(|last| last.page == line.page && line.y - last.y > 1.7 * line.size)
    }

    fn go_on(&mut self, line: &Line) {
        let is_apart = self.is_apart(line);
        let Some(block) = &mut self.open else { return };
        let is_begun = !block.text().is_empty();
        match block.field {
            // What stands apart below a result is prose again.
            Field::Outcome | Field::Response if is_apart && is_begun => {
                self.close();
                return;
            }
            Field::Criteria if !block.criteria.trim_end().ends_with([',', ';', '&']) => block.field = Field::Control,
            _ => {}
        }
        self.layout.hyphens.join(block.text(), &line.text);
    }

    /// Ends the control that is being read, and keeps it where it is one.
    fn close(&mut self) {
        let Some(block) = self.open.take() else { return };
        let said = if block.description.is_empty() { &block.heading } else { &block.description };
        let is_tested = !block.test.is_empty() || !block.outcome.is_empty();
        if said.is_empty() || !(is_tested || (block.is_control && block.reference.is_some())) {
            return;
        }
        let (mut criteria, mut unknown) = criteria_in(&block.criteria, self.known);
        let (bare, named) = without_criteria(said, self.known);
        let mut description = said.clone();
        if criteria.is_empty() && !named.is_empty() {
            (description, criteria) = (bare, named);
        }
        if criteria.is_empty() {
            criteria.extend(block.group.clone());
        }
        if criteria.is_empty() {
            let own = block.reference.as_deref().map(normalize_criterion);
            criteria.extend(own.filter(|id| self.known.contains(id)));
        }
        let text = |text: String| (!text.is_empty()).then_some(text);
        let (outcome, within) = children::part_response(text(block.outcome));
        let confidence = if block.reference.is_some() { 0.9 } else { 0.8 };
        let quote = format!("{} {description}", block.reference.as_deref().unwrap_or_default()).trim().to_owned();
        let value = Tested {
            reference: block.reference.unwrap_or_default(),
            criteria,
            description,
            test: text(block.test),
            exception: outcome.as_deref().is_some_and(notes_exception),
            outcome,
            response: text(block.response).or(within),
        };
        let seen = Seen { value, page: block.page, quote, confidence };
        if is_tested {
            self.found.taken.extend(block.lines);
            self.found.unknown.append(&mut unknown);
            self.found.controls.push(seen);
        } else if !seen.value.criteria.is_empty() {
            self.found.untested.push(seen);
        }
    }
}

/// Whether a text is nothing but ids and what stands between them.
fn is_list_of_ids(text: &str) -> bool {
    let places = places_in(text);
    let alphanumeric = |text: &str| text.chars().filter(|each| each.is_alphanumeric()).count();
    let ids: usize = places.iter().map(|place| alphanumeric(&text[place.clone()])).sum();
    let between: usize =
        text.split_whitespace().filter(|word| ["and", "to", "through"].contains(word)).map(str::len).sum();
    !places.is_empty() && alphanumeric(text) <= ids + between
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_several_auditors_are_labels_and_sentences_are_none() {
        let control = |text: &str| {
            let parts = CONTROL.captures(text)?;
            Some((parts.name("ref").map(|found| found.as_str().to_owned()), parts["text"].to_owned()))
        };
        let with = |reference: &str, text: &str| Some((Some(reference.to_owned()), text.to_owned()));
        assert_eq!(control("Control CC6.1-02: Access is reviewed."), with("CC6.1-02", "Access is reviewed."));
        assert_eq!(control("Control ID: AC-01"), with("AC-01", ""));
        assert_eq!(control("Control #12 – Access is reviewed."), with("12", "Access is reviewed."));
        assert_eq!(control("Control AC-01 (CC6.1, CC6.2): Access"), with("AC-01", "Access"));
        assert_eq!(control("Control Activity: Access is reviewed."), Some((None, "Access is reviewed.".to_owned())));
        assert_eq!(control("Controls are tested every year."), None);
        assert_eq!(control("Control environment: the tone at the top"), None);
        for label in
            ["Test performed:", "Tests of operating effectiveness: x", "Test 2: x", "Auditor's test - x", "Testing"]
        {
            assert!(TEST.is_match(label), "{label}");
        }
        for label in ["Result: x", "Test results: x", "Results of testing:", "Conclusion – x", "Result 1: x"] {
            assert!(OUTCOME.is_match(label), "{label}");
        }
        for prose in ["Test results were shared.", "Results were good: all of them", "Testing is done yearly."] {
            assert!(!TEST.is_match(prose) && !OUTCOME.is_match(prose), "{prose}");
        }
    }

    #[test]
    fn a_list_of_ids_is_told_from_the_heading_of_a_criterion() {
        assert!(is_list_of_ids("CC6.1, CC6.2 and A1.2"));
        assert!(is_list_of_ids("CC6.1-POF3"));
        assert!(!is_list_of_ids("CC6.1 The entity implements logical access"));
        assert!(!is_list_of_ids("as agreed"));
    }
}
