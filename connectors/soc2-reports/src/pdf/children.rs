//! What a report lists: subservice organizations, complementary controls, tests of controls with their exceptions, and
//! what management answers.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use carveout_model::SubserviceMethod;
use regex::Regex;

use super::fields::{Seen, clean_name, quote};
use super::heading::{self, Role, Section};
use super::lines::{Hyphens, Layout, Line};
use super::sections::Parts;
use super::table::{Kind, Row, Table};
use crate::criterion::{criteria_in, normalize_criterion, places_in};

/// A subservice organization as far as the report tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subservice {
    pub name: String,
    pub method: Option<SubserviceMethod>,
    pub services: Option<String>,
}

/// A complementary control.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Complementary {
    pub reference: String,
    pub organization: Option<String>,
    pub criteria: Vec<String>,
    pub description: String,
}

/// A control with its test.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tested {
    pub reference: String,
    pub criteria: Vec<String>,
    pub description: String,
    pub test: Option<String>,
    pub outcome: Option<String>,
    pub exception: bool,
    pub response: Option<String>,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

static USES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\buses\s+(?P<name>[A-Z0-9][^;:]{1,100}?),?\s+\(?(?:an?|as\s+an?|as\s+its|its)?\s*(?:third[- ]party\s+)?subservice\s+organi[sz]ation\)?,?\s+(?:for\s+|to\s+provide\s+|to\s+perform\s+|that\s+provides\s+|which\s+provides\s+|to\s+)(?:its\s+)?(?P<services>[^.;]{2,160}?)[.;]",
    )
});
static IS_ONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|[.;:]\s+)(?P<name>[A-Z0-9][^;:]{1,100}?)\s+is\s+an?\s+(?:third[- ]party\s+)?subservice\s+organi[sz]ation\s+(?:that|which)\s+(?:provides|performs)\s+(?P<services>[^.;]{2,160}?)[.;]",
    )
});
static NO_EXCEPTION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:no|without|nor|zero)\s+(?:(?:relevant|significant|other|such|noted|material)\s+)?(?:exceptions?|deviations?|deficienc(?:y|ies)|findings?)\b(?:\s+(?:were|was|are|have\s+been))?(?:\s+(?:noted|identified|found|observed))?",
    )
});
static EXCEPTION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\bexceptions?\b|\bdeviations?\b|\bdeficienc(?:y|ies)\b|\b(?:was|were|did|had|could)\s+not\b|\bnot\s+(?:documented|performed|completed|available|operating|reviewed|approved|retained)\b|\bfailed\b",
    )
});
static NOT_TESTED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:did\s+not\s+occur|no\s+(?:occurrences?|instances?|events?|activity)\b|not\s+applicable|were\s+no\b|was\s+no\b)",
    )
});
static RESPONSE_WITHIN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\s*\bmanagement'?s?'?\s+response\s*[:–-]\s*"));
static LEADING_REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?P<ref>[A-Z]{1,8}[-–_.]?\d[\w.\-]{0,12})\s*[:–—-]?\s+(?P<rest>\S.*)$"));
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:(?P<ref>[A-Z]{2,8}[-–\s#.]{0,2}\d{1,3})|(?P<num>\d{1,3})[.)]|\(?(?:[a-z]|[ivx]{1,4})[.)]|[•\-–▪●○◦·*\x{F0B7}\x{25A0}])\s*[:.)]?\s+(?P<text>\S.*)$",
    )
});
static ADDRESSES_USERS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:user\s+entit(?:y|ies)|customers?|users?|clients?|subscribers?)\b.{0,30}\b(?:responsible|should|must|shall)\b",
    )
});
static TRAILING_CRITERIA: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)\s*(?:[(\[]?\s*(?:(?:related|applicable|relevant)\s+)?(?:tsc|criteri(?:a|on))?\s*[:\-–—]?\s*[(\[]?)$")
});
static RESPONSE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:[•\-–*]\s*)?(?:control\s+|exception\s+(?:for|in)\s+(?:control\s+)?)?(?:#|no\.?\s*)?(?P<ref>[A-Z0-9][\w.\-]{0,20}?)\s*(?::|–|—|\s-\s)\s*(?P<text>\S.*)$",
    )
});

/// Tells whether the result of a test notes an exception. What did not occur could not be tested, and is none.
pub(super) fn notes_exception(outcome: &str) -> bool {
    let rest = NO_EXCEPTION.replace_all(outcome, " ");
    EXCEPTION.is_match(&rest) && (!NOT_TESTED.is_match(&rest) || rest.to_lowercase().contains("exception"))
}

/// The subservice organizations of tables and sentences, in their order.
pub(super) fn subservices(tables: &[Table], parts: &Parts<'_>) -> Vec<Seen<Subservice>> {
    let mut found: Vec<Seen<Subservice>> = Vec::new();
    for table in tables.iter().filter(|table| table.kind == Kind::Subservices) {
        for row in &table.rows {
            let Some(name) = table.cell(row, Role::Subservice) else { continue };
            let services = table.cell(row, Role::Services).map(str::to_owned);
            let method = table.cell(row, Role::Method).and_then(method);
            add(&mut found, row_seen(row, Subservice { name: clean_name(name), method, services }, 0.95));
        }
    }
    for section in [Section::Auditor, Section::Description] {
        let flow = parts.text(section);
        for pattern in [&*USES, &*IS_ONE] {
            for captures in pattern.captures_iter(&flow.text) {
                let Some(whole) = captures.get(0) else { continue };
                let name = clean_name(&captures["name"]);
                let lower = name.to_lowercase();
                if lower.starts_with("the following") || lower.starts_with("certain") || name.len() > 90 {
                    continue;
                }
                let services = Some(captures["services"].trim().trim_start_matches("the ").to_owned());
                let value = Subservice { name, method: None, services };
                add(
                    &mut found,
                    Seen {
                        value,
                        page: flow.page(whole.start()),
                        quote: quote(&flow.text, whole.range()),
                        confidence: 0.9,
                    },
                );
            }
        }
    }
    let whole = parts.all.text.to_lowercase();
    for seen in &mut found {
        if seen.value.method.is_none() {
            seen.value.method = method_said_of(&seen.value.name, &whole);
            seen.confidence = seen.confidence.min(0.9);
        }
    }
    found
}

fn add(found: &mut Vec<Seen<Subservice>>, seen: Seen<Subservice>) {
    match found.iter_mut().find(|each| is_same(&each.value.name, &seen.value.name)) {
        Some(known) => {
            known.value.method = known.value.method.or(seen.value.method);
            if known.value.services.is_none() {
                known.value.services = seen.value.services;
            }
            known.confidence = 0.99;
        }
        None => found.push(seen),
    }
}

/// Whether two names are one: equal, or one is the other with its legal form.
fn is_same(one: &str, other: &str) -> bool {
    let key = |name: &str| {
        name.to_lowercase()
            .split(|each: char| !each.is_alphanumeric())
            .filter(|word| {
                !matches!(*word, "" | "inc" | "llc" | "ltd" | "limited" | "corporation" | "corp" | "gmbh" | "the")
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    key(one) == key(other)
}

fn method(text: &str) -> Option<SubserviceMethod> {
    let lower = text.to_lowercase();
    match (lower.contains("carve"), lower.contains("inclusive")) {
        (true, false) => Some(SubserviceMethod::CarveOut),
        (false, true) => Some(SubserviceMethod::Inclusive),
        _ => None,
    }
}

/// The method that sentences tell: of this organization by its name, else of all.
fn method_said_of(name: &str, text: &str) -> Option<SubserviceMethod> {
    let name = name.to_lowercase();
    let near = |before: &str| {
        text.match_indices(before).any(|(at, _)| text[at + before.len()..].trim_start().starts_with(&name))
    };
    if near("include the controls of") || near("exclude the controls of") || near("excludes the controls of") {
        return Some(SubserviceMethod::CarveOut);
    }
    if near("includes the relevant controls of") || near("includes the controls of") {
        return Some(SubserviceMethod::Inclusive);
    }
    let says_carve_out = text.contains("carve-out method")
        || text.contains("did not include the services provided by the subservice")
        || text.contains("excludes the control")
        || text.contains("does not include the controls of the subservice");
    match (says_carve_out, text.contains("inclusive method")) {
        (true, false) => Some(SubserviceMethod::CarveOut),
        (false, true) => Some(SubserviceMethod::Inclusive),
        _ => None,
    }
}

fn row_seen<T>(row: &Row, value: T, confidence: f64) -> Seen<T> {
    Seen { value, page: row.page, quote: row.text(), confidence }
}

/// Complementary controls of one kind, from its tables, or from the list under its title.
pub(super) fn complementary(
    kind: Kind,
    tables: &[Table],
    layout: &Layout,
    is_taken: impl Fn(usize, usize) -> bool,
    known: &BTreeSet<String>,
    unknown: &mut Vec<String>,
) -> Vec<Seen<Complementary>> {
    let prefix = if kind == Kind::UserEntityControls { "CUEC" } else { "CSOC" };
    let mut found: Vec<Seen<Complementary>> = Vec::new();
    for table in tables.iter().filter(|table| table.kind == kind) {
        let text_role =
            [Role::UserEntity, Role::SubserviceControl, Role::Control].into_iter().find(|role| table.has(*role));
        for row in &table.rows {
            let Some(text) = text_role.and_then(|role| table.cell(row, role)) else { continue };
            let stated = table.cell(row, Role::Criteria).unwrap_or_default();
            let (mut criteria, mut ids) = criteria_in(stated, known);
            unknown.append(&mut ids);
            let (description, within) = without_criteria(text, known);
            if criteria.is_empty() {
                criteria = within;
            }
            criteria.extend(row.group.clone().filter(|_| criteria.is_empty()));
            let reference = reference(table.cell(row, Role::Reference), prefix, found.len());
            let organization = table.cell(row, Role::Subservice).map(clean_name);
            found.push(row_seen(row, Complementary { reference, organization, criteria, description }, 0.95));
        }
    }
    if found.is_empty() {
        for item in list_under(kind, layout, is_taken, known) {
            let (description, mut criteria) = without_criteria(&item.text, known);
            criteria.extend(item.group.filter(|_| criteria.is_empty()));
            let reference = reference(item.reference.as_deref(), prefix, found.len());
            let value = Complementary { reference, organization: item.organization, criteria, description };
            found.push(Seen { value, page: item.page, quote: item.text, confidence: 0.9 });
        }
    }
    found
}

/// The report's own reference, or one by place in the list; numbers alone would say nothing beside other lists.
fn reference(printed: Option<&str>, prefix: &str, before: usize) -> String {
    match printed.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.chars().all(|each| each.is_ascii_digit() || each == '.') => {
            format!("{prefix}-{}", text.trim_matches('.'))
        }
        Some(text) => text.trim_end_matches([':', '.']).to_owned(),
        None => format!("{prefix}-{}", before + 1),
    }
}

/// A text without the criteria that it names at its end in parentheses, and these.
pub(super) fn without_criteria(text: &str, known: &BTreeSet<String>) -> (String, Vec<String>) {
    let places = places_in(text);
    let Some(last) = places.last() else { return (text.trim().to_owned(), Vec::new()) };
    let after = text[last.end..].trim();
    if !after.chars().all(|each| matches!(each, ')' | ']' | '.' | ' ')) {
        return (text.trim().to_owned(), criteria_in(text, known).0);
    }
    // Back over the ids that stand together at the end.
    let mut start = last.start;
    for place in places.iter().rev().skip(1) {
        let between = text[place.end..start].trim();
        if !matches!(between, "," | ";" | "" | "and" | "&" | "/" | ", and" | "-" | "–" | "to" | "through") {
            break;
        }
        start = place.start;
    }
    let (criteria, _) = criteria_in(&text[start..], known);
    let description = TRAILING_CRITERIA.replace(&text[..start], "");
    (description.trim().trim_end_matches(['-', '–', '—', ':']).trim().to_owned(), criteria)
}

struct Item {
    reference: Option<String>,
    text: String,
    page: usize,
    group: Option<String>,
    organization: Option<String>,
}

/// The items of the lists under titles of a kind.
fn list_under(
    kind: Kind,
    layout: &Layout,
    is_taken: impl Fn(usize, usize) -> bool,
    known: &BTreeSet<String>,
) -> Vec<Item> {
    let is_ours = |text: &str| {
        let lower = text.to_lowercase();
        match kind {
            Kind::UserEntityControls => {
                lower.contains("user entity control") || lower.contains("user entity responsib")
            }
            _ => lower.contains("complementary subservice") || lower.contains("csoc"),
        }
    };
    let mut items: Vec<Item> = Vec::new();
    let mut reading = false;
    let mut group = None;
    // Where items begin, the last line of the last one, and whether the list is marked.
    let mut margin = 0.0;
    let mut last: Option<(usize, f64)> = None;
    for (at, page) in layout.pages.iter().enumerate() {
        for (index, line) in page.lines.iter().enumerate() {
            if is_taken(at, index) || heading::is_contents_line(line) {
                reading &= !is_taken(at, index);
                continue;
            }
            let marked = ITEM.captures(&line.text);
            let addresses_users = reading && ADDRESSES_USERS.is_match(&line.text);
            if !addresses_users
                && heading::is_title(line, layout.body_size)
                && (marked.is_none() || is_ours(&line.text) || heading::section(&line.text).is_some())
            {
                let criterion = crate::criterion::begins_with_criterion(&line.text, known);
                if reading && criterion.is_some() && !is_ours(&line.text) {
                    group = criterion;
                    last = None;
                } else {
                    reading = is_ours(&line.text);
                    group = None;
                    last = None;
                }
                continue;
            }
            if !reading {
                continue;
            }
            let close = last.is_some_and(|(page, y)| {
                if page == line.page { line.y - y < 1.7 * line.size && line.y > y } else { line.x0 > margin + 2.0 }
            });
            let starts_plain =
                marked.is_none() && ADDRESSES_USERS.is_match(&line.text) && (!close || line.x0 <= margin + 1.0);
            if let Some(marked) = marked {
                let printed = marked.name("ref").or_else(|| marked.name("num"));
                margin = line.x0;
                items.push(Item {
                    reference: printed.map(|text| text.as_str().to_owned()),
                    text: marked["text"].to_owned(),
                    page: line.page,
                    group: group.clone(),
                    organization: None,
                });
                last = Some((line.page, line.y));
            } else if starts_plain && kind == Kind::UserEntityControls {
                margin = line.x0;
                items.push(Item {
                    reference: None,
                    text: line.text.clone(),
                    page: line.page,
                    group: group.clone(),
                    organization: None,
                });
                last = Some((line.page, line.y));
            } else if let (true, Some(item)) = (close, items.last_mut()) {
                layout.hyphens.join(&mut item.text, &line.text);
                last = Some((line.page, line.y));
            } else if last.is_some() {
                // Prose after the list.
                reading = false;
            }
        }
    }
    items
}

/// Every control of the tests of controls, once, in the order of the report.
pub(super) fn controls(tables: &[Table], known: &BTreeSet<String>, unknown: &mut Vec<String>) -> Vec<Seen<Tested>> {
    let mut found: Vec<Seen<Tested>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for table in tables.iter().filter(|table| table.kind == Kind::Tests) {
        let mut criteria_above: Vec<String> = Vec::new();
        for row in &table.rows {
            let Some(seen) = control(table, row, &mut criteria_above, known, unknown, &found) else { continue };
            add_control(&mut found, &mut places, seen);
        }
    }
    found
}

/// Adds controls that were read elsewhere than in tables; the same one is that one again.
pub(super) fn add_controls(found: &mut Vec<Seen<Tested>>, more: Vec<Seen<Tested>>) {
    let places = found.iter().enumerate().map(|(at, seen)| (seen.value.reference.clone(), at));
    let mut places: HashMap<String, usize> = places.collect();
    for mut seen in more {
        if seen.value.reference.is_empty() {
            seen.value.reference = reference_by_place(&seen.value.criteria, found);
        }
        add_control(found, &mut places, seen);
    }
}

fn add_control(found: &mut Vec<Seen<Tested>>, places: &mut HashMap<String, usize>, seen: Seen<Tested>) {
    match places.get(&seen.value.reference).and_then(|at| found.get_mut(*at)) {
        Some(earlier) => merge(&mut earlier.value, seen.value),
        None => {
            places.insert(seen.value.reference.clone(), found.len());
            found.push(seen);
        }
    }
}

fn control(
    table: &Table,
    row: &Row,
    criteria_above: &mut Vec<String>,
    known: &BTreeSet<String>,
    unknown: &mut Vec<String>,
    before: &[Seen<Tested>],
) -> Option<Seen<Tested>> {
    let printed = table.cell(row, Role::Reference);
    let text = table.cell(row, Role::Control);
    if printed.is_none() && text.is_none() {
        return None;
    }
    let mut confidence = 0.95;
    let (mut reference, within) = printed.map_or((None, Vec::new()), |cell| split_reference(cell, known));
    let mut description = text.unwrap_or_default().to_owned();
    if reference.is_none()
        && let Some(parts) = LEADING_REFERENCE.captures(&description)
    {
        reference = Some(parts["ref"].to_owned());
        description = parts["rest"].to_owned();
    }
    let (stated, mut ids) = criteria_in(table.cell(row, Role::Criteria).unwrap_or_default(), known);
    unknown.append(&mut ids);
    let mut criteria = stated;
    if criteria.is_empty() {
        criteria = within;
    }
    if criteria.is_empty() && table.has(Role::Criteria) {
        criteria.clone_from(criteria_above);
        confidence = 0.85;
    } else {
        criteria_above.clone_from(&criteria);
    }
    if criteria.is_empty() {
        let (bare, named) = without_criteria(&description, known);
        if !named.is_empty() {
            (description, criteria) = (bare, named);
        } else if let Some(group) = &row.group {
            criteria.push(group.clone());
            confidence = 0.9;
        } else if let Some(reference) = &reference {
            // A control numbered under its criterion: CC6.1.3.
            criteria.extend(Some(normalize_criterion(reference)).filter(|id| known.contains(id)));
        }
    }
    let reference = reference.unwrap_or_else(|| {
        confidence = 0.8;
        reference_by_place(&criteria, before)
    });
    let (outcome, response_within) = part_response(table.cell(row, Role::Outcome).map(str::to_owned));
    let value = Tested {
        reference,
        criteria,
        description,
        test: table.cell(row, Role::Test).map(str::to_owned),
        exception: outcome.as_deref().is_some_and(notes_exception),
        outcome,
        response: table.cell(row, Role::Response).map(str::to_owned).or(response_within),
    };
    Some(row_seen(row, value, confidence))
}

/// A report that numbers no controls: the place among those of the criterion is all there is.
fn reference_by_place(criteria: &[String], before: &[Seen<Tested>]) -> String {
    let first = |criteria: &[String]| criteria.first().map_or_else(|| "control".to_owned(), String::clone);
    let criterion = first(criteria);
    let same = before.iter().filter(|each| first(&each.value.criteria) == criterion).count();
    format!("{criterion}#{}", same + 1)
}

/// The result of a test, and what management answers to it in the same place.
pub(super) fn part_response(outcome: Option<String>) -> (Option<String>, Option<String>) {
    let found = outcome.as_deref().and_then(|text| Some((text, RESPONSE_WITHIN.find(text)?)));
    match found {
        Some((text, at)) => (Some(text[..at.start()].trim().to_owned()), Some(text[at.end()..].trim().to_owned())),
        None => (outcome, None),
    }
}

/// A reference, and the criteria that its cell names beside it.
fn split_reference(cell: &str, known: &BTreeSet<String>) -> (Option<String>, Vec<String>) {
    let (first, rest) = match cell.find([' ', '(']) {
        Some(at) => cell.split_at(at),
        None => (cell, ""),
    };
    let has_number = first.chars().any(|each| each.is_ascii_digit());
    let (criteria, _) = criteria_in(rest, known);
    let reference = if has_number || criteria.is_empty() && rest.trim().is_empty() {
        first.to_owned()
    } else {
        // A reference with a space in it: `AC 7`.
        let end = places_in(rest).first().map_or(rest.len(), |place| place.start);
        format!("{first}{}", rest[..end].trim_end_matches(['(', '[', ' ']))
    };
    let reference = reference.trim().trim_end_matches([':', '.', '*']).to_owned();
    ((!reference.is_empty()).then_some(reference), criteria)
}

/// The same control under another criterion, or with another test.
fn merge(earlier: &mut Tested, again: Tested) {
    for criterion in again.criteria {
        if !earlier.criteria.contains(&criterion) {
            earlier.criteria.push(criterion);
        }
    }
    let add = |earlier: &mut Option<String>, again: Option<String>| match (earlier.as_mut(), again) {
        (None, again) => *earlier = again,
        (Some(text), Some(again)) if !text.contains(&again) => {
            text.push(' ');
            text.push_str(&again);
        }
        _ => {}
    };
    add(&mut earlier.test, again.test);
    // Two results that differ only in saying that nothing was found are one.
    if again.exception || earlier.outcome.is_none() {
        add(&mut earlier.outcome, again.outcome);
    }
    add(&mut earlier.response, again.response);
    earlier.exception |= again.exception;
}

/// What management answers to exceptions, by control, from tables and from paragraphs that begin with a reference.
pub(super) fn responses(
    tables: &[Table],
    parts: &Parts<'_>,
    references: &BTreeSet<&str>,
    hyphens: &Hyphens,
) -> Vec<(String, Seen<String>)> {
    let mut found = Vec::new();
    for table in tables.iter().filter(|table| table.kind == Kind::Responses) {
        for row in &table.rows {
            let cell = table.cell(row, Role::Reference).or_else(|| table.cell(row, Role::Control));
            let reference = cell.and_then(|cell| cell.split_whitespace().find(|word| references.contains(word)));
            if let (Some(reference), Some(text)) = (reference, table.cell(row, Role::Response)) {
                found.push((reference.to_owned(), row_seen(row, text.to_owned(), 0.95)));
            }
        }
    }
    for section in [Section::Other, Section::Tests] {
        answers_in(parts.lines(section), references, hyphens, &mut found);
    }
    found
}

/// The paragraphs of a section that begin with a control's reference.
fn answers_in(
    lines: &[&Line],
    references: &BTreeSet<&str>,
    hyphens: &Hyphens,
    found: &mut Vec<(String, Seen<String>)>,
) {
    let mut last: Option<&Line> = None;
    let mut is_open = false;
    for line in lines {
        let named = RESPONSE_LINE.captures(&line.text).filter(|parts| references.contains(&parts["ref"]));
        let goes_on = last.is_some_and(|last| {
            let is_close = last.page != line.page || (line.y > last.y && line.y - last.y < 1.7 * line.size);
            is_close && line.bold == last.bold && (line.size - last.size).abs() < 0.6
        });
        if let Some(parts) = named {
            let value = parts["text"].to_owned();
            let seen = Seen { value, page: line.page, quote: line.text.clone(), confidence: 0.9 };
            found.push((parts["ref"].to_owned(), seen));
            is_open = true;
        } else if let (true, true, Some((_, seen))) = (is_open, goes_on, found.last_mut()) {
            hyphens.join(&mut seen.value, &line.text);
            seen.quote.clone_from(&seen.value);
        } else {
            is_open = false;
        }
        last = Some(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_told_apart() {
        for text in [
            "Exception noted: for 1 of 25 samples, approval was not documented.",
            "Deviation noted. 1 of 25 terminated users kept access beyond one business day.",
            "For 2 of 40 changes, the approval could not be evidenced.",
            "No exceptions noted for design. Exception noted for operation: the review failed in March.",
        ] {
            assert!(notes_exception(text), "{text}");
        }
        for text in [
            "No exceptions noted.",
            "No deviations were identified.",
            "No relevant exceptions noted",
            "Without exception.",
            "The control did not occur during the period; no testing was performed.",
            "None noted.",
        ] {
            assert!(!notes_exception(text), "{text}");
        }
    }

    #[test]
    fn criteria_at_the_end_are_no_part_of_the_text() {
        let known: BTreeSet<String> = ["CC6.1", "CC6.4", "A1.2"].map(str::to_owned).into();
        let split = |text: &str| without_criteria(text, &known);
        assert_eq!(split("Hosts are patched. (CC6.4)"), ("Hosts are patched.".to_owned(), vec!["CC6.4".to_owned()]));
        assert_eq!(
            split("Hosts are patched. [Criteria: CC6.1, A1.2]"),
            ("Hosts are patched.".to_owned(), vec!["CC6.1".to_owned(), "A1.2".to_owned()])
        );
        assert_eq!(split("Hosts are patched."), ("Hosts are patched.".to_owned(), Vec::new()));
    }

    #[test]
    fn references_are_parted_from_the_criteria_beside_them() {
        let known: BTreeSet<String> = ["CC1.1", "CC1.5", "CC1.4"].map(str::to_owned).into();
        let split = |text: &str| split_reference(text, &known);
        assert_eq!(split("CC1.1.1 (CC1.1)"), (Some("CC1.1.1".to_owned()), vec!["CC1.1".to_owned()]));
        assert_eq!(split("CC1.5.1 (CC1.5, CC1.4)").1, ["CC1.5", "CC1.4"]);
        assert_eq!(split("001").0.as_deref(), Some("001"));
        assert_eq!(split("AC 7").0.as_deref(), Some("AC 7"));
    }
}
