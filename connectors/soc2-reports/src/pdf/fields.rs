//! What a report says of itself: who, what, when, and the opinion; each with its page and the words that say it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use carveout_model::{Category, Opinion, ReportType};
use jiff::civil::Date;
use regex::Regex;

use super::heading::Section;
use super::lines::{Flow, Line};
use super::sections::Parts;
use crate::criterion::criteria_in;
use crate::dates::{self, DateOrder};

/// A value with the place that says it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen<T> {
    pub value: T,
    pub page: usize,
    pub quote: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// The fields of a report; none where the report does not say it, or not clearly.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub organization: Option<Seen<String>>,
    pub system: Option<Seen<String>>,
    pub auditor: Option<Seen<String>>,
    pub report_type: Option<Seen<ReportType>>,
    pub period: Option<Seen<(Date, Date)>>,
    pub as_of: Option<Seen<Date>>,
    pub issued_on: Option<Seen<Date>>,
    pub categories: Option<Seen<Vec<Category>>>,
    pub opinion: Option<Seen<Opinion>>,
    pub qualified_criteria: Option<Seen<Vec<String>>>,
    /// What does not fit together.
    pub warnings: Vec<String>,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

static EXAMINED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:[Ww]e (?:have )?examined|[Ww]e were engaged to examine|Report on)\s+(?:the\s+)?(?:accompanying\s+)?(?:description of\s+)?(?:the\s+)?(?P<org>[^;:]{2,120}?)(?:'s|s'|')\s+(?:accompanying\s+)?(?:[Mm]anagement's\s+)?(?:[Dd]escription\s+of\s+(?:[Ii]ts|[Tt]he|[Tt]heir)\s+)?(?P<system>[^;:]{2,140}?)(?:,?\s+(?:throughout|as\s+of|as\s+at|for\s+the\s+period|during|titled|entitled|and\s+(?:on\s+)?the|based\s+on|provided|\()|\s*[,.]\s)",
    )
});
static SYSTEM_OF: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:description\s+of\s+(?:its|the|their)|description\s+presents\s+(?:fairly\s+)?(?:its|the))\s+(?P<system>[^;:]{2,120}?)(?:,?\s+(?:throughout|as\s+of|as\s+at|for\s+the\s+period|that\s+was|titled|entitled|and\s+(?:on\s+)?the|\())",
    )
});
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^to:?\s+(?:the\s+)?(?:board|management|directors|shareholders|audit committee|members)\b.{0,60}?\b(?:of|at)\s+(?P<org>[A-Z0-9].{1,100})$",
    )
});
static PREPARED_BY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:(?:prepared|issued|performed|audited|examined|report)\s+by|(?:independent\s+)?service\s+auditor)\s*[:\s]\s*(?P<firm>[A-Z0-9].{2,80})$",
    )
});
static FIRM: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:LLP|L\.L\.P\.?|LLC|PLLC|P\.C\.|PC|CPAs?|GmbH|AG|Ltd\.?|Limited|Inc\.?|S\.A\.|B\.V\.|Assurance|Auditors?|Audit|Accountants|Partners|Associates|Advisors|Attest|Wirtschaftspr\w+)(?:\b|\s|$)|& Co\b",
    )
});
static TYPE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\btype\s*[-–]?\s*(?P<type>2|1|ii|i)\b"));
static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?P<start>{date})\s*,?\s*(?:to|through|thru|until|till|and|–|—|-)\s+(?P<end>{date})",
        date = *dates::PATTERN
    ))
});
static PERIOD_TIGHT: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"(?P<start>{date})\s*(?:–|—|-)\s*(?P<end>{date})", date = *dates::PATTERN)));
/// A period whose first day takes its year from the last.
static PERIOD_ONE_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?P<start>(?:[A-Z][a-z]{{2,8}}\.?\s+\d{{1,2}}|\d{{1,2}}\s+[A-Z][a-z]{{2,8}}\.?))\s*(?:to|through|until|–|—|-)\s*(?P<end>{})",
        *dates::PATTERN
    ))
});
static AS_OF: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"(?i)\bas\s+(?:of|at)\s+(?P<day>{})", *dates::PATTERN)));
static RELEVANT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:relevant\s+to|categories?\s*:|categories?\s+of|criteria\s+for(?:\s+the)?|in\s+scope\s*:)\s+(?P<list>(?:[\s,&;/]|and|or|the|security|availability|confidentiality|processing\s+integrity|privacy)+)",
    )
});
static CATEGORY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\b(security|availability|confidentiality|processing\s+integrity|privacy)\b"));
static IN_OUR_OPINION: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bin\s+our\s+opinion\b"));
static QUALIFIED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)(?:^|[^n])\bqualified\s+opinion\b|in\s+our\s+opinion,\s+except\s+for\b"));
static ADVERSE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)\badverse\s+opinion\b|in\s+our\s+opinion,?\s+because\s+of\b[^.]{0,240}\b(?:not|did\s+not)\b")
});
static DISCLAIMER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\bdisclaimer\s+of\s+opinion\b|\bdisclaim\s+an\s+opinion\b|we\s+do\s+not\s+express\s+an\s+opinion\s+on\s+(?:whether|the\s+description\s+or|the\s+suitability)",
    )
});

/// Reads all fields.
pub(super) fn read(parts: &Parts<'_>, known: &BTreeSet<String>) -> Fields {
    let order = dates::order_in(&parts.all.text);
    let mut fields = Fields::default();
    (fields.organization, fields.system) = organization_and_system(parts);
    fields.report_type = report_type(parts);
    fields.period = period(parts, order);
    fields.as_of = as_of(parts, order);
    fields.categories = categories(parts, &mut fields.warnings);
    fields.opinion = opinion(parts);
    if fields.opinion.as_ref().is_some_and(|opinion| opinion.value == Opinion::Qualified) {
        fields.qualified_criteria = qualified_criteria(parts, known, &mut fields.warnings);
    }
    (fields.auditor, fields.issued_on) = signature(parts, order);
    settle_time(&mut fields);
    fields
}

/// A type 2 has a period and no day, a type 1 a day and no period.
fn settle_time(fields: &mut Fields) {
    match fields.report_type.as_ref().map(|seen| seen.value) {
        Some(ReportType::Type2) => fields.as_of = None,
        Some(ReportType::Type1) if fields.as_of.is_some() => fields.period = None,
        Some(ReportType::Type1) | None => {}
    }
    let last = fields.period.as_ref().map(|period| period.value.1).or(fields.as_of.as_ref().map(|day| day.value));
    if let (Some(issued), Some(last)) = (&fields.issued_on, last)
        && issued.value < last
    {
        fields.warnings.push(format!("issued on {}, before the last day that it speaks for, {last}", issued.value));
    }
}

/// The words around a place, cut at sentences where they are near.
pub(super) fn quote(text: &str, range: std::ops::Range<usize>) -> String {
    const AROUND: usize = 90;
    let mut from = range.start.saturating_sub(AROUND);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let mut to = (range.end + AROUND).min(text.len()).min(range.start + 400);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let before = text[from..range.start].rfind(". ").map_or(from, |at| from + at + 2);
    let start = if before == from && from > 0 {
        text[from..range.start].find(' ').map_or(range.start, |at| from + at + 1)
    } else {
        before
    };
    let end = if to <= range.end {
        to
    } else {
        let after = &text[range.end..to];
        let stop = after.find(". ").map(|at| at + 1).or_else(|| if to < text.len() { after.rfind(' ') } else { None });
        stop.map_or(to, |at| range.end + at)
    };
    text[start..end.max(start)].trim().to_owned()
}

fn seen<T>(flow: &Flow, range: std::ops::Range<usize>, value: T, confidence: f64) -> Seen<T> {
    Seen { value, page: flow.page(range.start), quote: quote(&flow.text, range), confidence }
}

/// A name as printed, without what is said about it in parentheses or quotes.
pub(super) fn clean_name(name: &str) -> String {
    let name = name.split(" (").next().unwrap_or(name);
    let name = name.trim().trim_matches(|each: char| matches!(each, '"' | ':' | ';' | ',' | '(' | ')'));
    name.strip_prefix("the ").unwrap_or(name).trim().to_owned()
}

/// The organization behind the bodies that a report is addressed to: "Directors of …", "Management of …".
fn after_bodies(text: &str) -> &str {
    const BODIES: &[&str] = &["directors", "management", "managers", "trustees", "shareholders", "members", "partners"];
    match text.split_once(" of ") {
        Some((before, after))
            if before.split_whitespace().any(|word| BODIES.contains(&word.to_lowercase().as_str())) =>
        {
            after_bodies(after)
        }
        _ => text,
    }
}

fn same_name(one: &str, other: &str) -> bool {
    let key = |name: &str| {
        name.chars().filter(|each| each.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    key(one) == key(other)
}

fn organization_and_system(parts: &Parts<'_>) -> (Option<Seen<String>>, Option<Seen<String>>) {
    let auditor = parts.text(Section::Auditor);
    let mut organizations: Vec<Seen<String>> = Vec::new();
    let mut systems: Vec<Seen<String>> = Vec::new();
    for line in parts.lines(Section::Auditor).iter().copied().chain(parts.cover.iter().copied()) {
        if let Some(found) = ADDRESSED.captures(&line.text) {
            let value = clean_name(after_bodies(&found["org"]));
            organizations.push(Seen { value, page: line.page, quote: line.text.clone(), confidence: 0.95 });
        }
    }
    for (flow, confidence) in [(auditor, 0.9), (&parts.cover_text, 0.85)] {
        for found in EXAMINED.captures_iter(&flow.text) {
            let (Some(whole), Some(org), Some(system)) = (found.get(0), found.name("org"), found.name("system")) else {
                continue;
            };
            organizations.push(seen(flow, org.range(), clean_name(org.as_str()), confidence));
            let says_system = whole.as_str().to_lowercase().contains("description of");
            systems.extend(says_system.then(|| seen(flow, system.range(), clean_system(system.as_str()), confidence)));
        }
    }
    for flow in [parts.text(Section::Assertion), auditor] {
        for found in SYSTEM_OF.captures_iter(&flow.text) {
            if let Some(system) = found.name("system").filter(|system| !system.as_str().contains("'s ")) {
                systems.push(seen(flow, system.range(), clean_system(system.as_str()), 0.8));
            }
        }
    }
    organizations.retain(|each| !each.value.is_empty() && each.value.len() < 100);
    systems.retain(|each| {
        let lower = each.value.to_lowercase();
        !each.value.is_empty()
            && !["system", "description", "service organization", "company"].contains(&lower.as_str())
    });
    (agreed(organizations), agreed(systems))
}

pub(super) fn clean_system(name: &str) -> String {
    let name = clean_name(name);
    name.strip_suffix(" system").map(str::to_owned).unwrap_or(name)
}

/// The first of the values, surer the more places say the same.
fn agreed(values: Vec<Seen<String>>) -> Option<Seen<String>> {
    let count = |value: &str| values.iter().filter(|each| same_name(&each.value, value)).count();
    let most = values.iter().map(|each| count(&each.value)).max()?;
    let best = values.iter().find(|each| count(&each.value) == most)?;
    let confidence = if most > 1 { 0.99 } else { best.confidence };
    Some(Seen { confidence, ..best.clone() })
}

fn report_type(parts: &Parts<'_>) -> Option<Seen<ReportType>> {
    let read = |flow: &Flow, confidence: f64| {
        let found = TYPE.captures(&flow.text)?;
        let value = match found["type"].to_lowercase().as_str() {
            "1" | "i" => ReportType::Type1,
            _ => ReportType::Type2,
        };
        Some(seen(flow, found.get(0)?.range(), value, confidence))
    };
    let auditor = parts.text(Section::Auditor);
    let lower = auditor.text.to_lowercase();
    let inferred = if lower.contains("operated effectively") || lower.contains("operating effectiveness") {
        ReportType::Type2
    } else {
        ReportType::Type1
    };
    if let Some(mut stated) = read(&parts.cover_text, 0.95).or_else(|| read(&parts.all, 0.85)) {
        stated.confidence = if stated.value == inferred { 0.99 } else { 0.8 };
        return Some(stated);
    }
    let sign = if inferred == ReportType::Type2 { "operat" } else { "suitability of the design" };
    let at = lower.find(sign)?;
    auditor.text.is_char_boundary(at + sign.len()).then(|| seen(auditor, at..at + sign.len(), inferred, 0.7))
}

/// First and last day.
pub(super) type Days = (Date, Date);

/// The period that most places name, surer the more they are.
pub(super) fn period(parts: &Parts<'_>, order: Option<DateOrder>) -> Option<Seen<Days>> {
    let mut counts: BTreeMap<Days, (f64, Seen<Days>)> = BTreeMap::new();
    let sources = [
        (&parts.cover_text, 2.0),
        (parts.text(Section::Auditor), 2.0),
        (parts.text(Section::Assertion), 1.5),
        (&parts.all, 0.1),
    ];
    for (flow, weight) in sources {
        for pattern in [&*PERIOD, &*PERIOD_TIGHT, &*PERIOD_ONE_YEAR] {
            for found in pattern.captures_iter(&flow.text) {
                let Some(whole) = found.get(0) else { continue };
                let order = dates::order_in(whole.as_str()).or(order);
                let Ok(end) = dates::parse(&found["end"], order) else { continue };
                let start = dates::parse(&found["start"], order).ok().or_else(|| {
                    let with_year = |year: i16| dates::parse(&format!("{} {year}", &found["start"]), order).ok();
                    with_year(end.year()).filter(|start| *start < end).or_else(|| with_year(end.year() - 1))
                });
                let Some(start) = start.filter(|start| *start < end) else { continue };
                let (sum, _) =
                    counts.entry((start, end)).or_insert_with(|| (0.0, seen(flow, whole.range(), (start, end), 0.85)));
                *sum += weight;
            }
        }
    }
    let total: f64 = counts.values().map(|(sum, _)| sum).sum();
    let (sum, best) = counts.into_values().max_by(|one, other| one.0.total_cmp(&other.0))?;
    let confidence = if sum >= 3.5 && sum / total > 0.7 { 0.99 } else { (0.6 + 0.3 * sum / total).min(0.9) };
    Some(Seen { confidence, ..best })
}

/// The day that most places name.
pub(super) fn as_of(parts: &Parts<'_>, order: Option<DateOrder>) -> Option<Seen<Date>> {
    let mut days: Vec<Seen<Date>> = Vec::new();
    for flow in [parts.text(Section::Auditor), &parts.cover_text, parts.text(Section::Assertion)] {
        for found in AS_OF.captures_iter(&flow.text) {
            if let (Some(whole), Ok(day)) = (found.get(0), dates::parse(&found["day"], order)) {
                days.push(seen(flow, whole.range(), day, 0.85));
            }
        }
    }
    let count = |day: Date| days.iter().filter(|each| each.value == day).count();
    let most = days.iter().map(|each| count(each.value)).max()?;
    let best = days.iter().find(|each| count(each.value) == most)?;
    Some(Seen { confidence: if most > 1 { 0.99 } else { 0.85 }, ..best.clone() })
}

fn categories(parts: &Parts<'_>, warnings: &mut Vec<String>) -> Option<Seen<Vec<Category>>> {
    let read = |flow: &Flow, confidence: f64| {
        RELEVANT.captures_iter(&flow.text).find_map(|found| {
            let list = found.name("list")?;
            let mut named: Vec<Category> =
                CATEGORY.find_iter(list.as_str()).filter_map(|word| category(word.as_str())).collect();
            named.sort();
            named.dedup();
            // The criteria's own title names all five, whatever the report covers.
            let lead = found.get(0)?.as_str().to_lowercase();
            let is_title = lead.starts_with("criteria for") && named.len() == Category::ALL.len();
            (!named.is_empty() && !is_title).then(|| seen(flow, list.range(), named, confidence))
        })
    };
    let auditor = read(parts.text(Section::Auditor), 0.9);
    let cover = read(&parts.cover_text, 0.85).or_else(|| categories_on_cover(&parts.cover));
    match (auditor, cover) {
        (Some(auditor), Some(cover)) if auditor.value != cover.value => {
            warnings.push(format!(
                "page {} and page {} name different categories; those of the auditor's report are kept",
                cover.page, auditor.page
            ));
            Some(Seen { confidence: 0.7, ..auditor })
        }
        (Some(auditor), Some(_)) => Some(Seen { confidence: 0.99, ..auditor }),
        (auditor, cover) => auditor.or(cover).or_else(|| read(&parts.all, 0.7)),
    }
}

/// A line of the cover that is little but a list of categories.
fn categories_on_cover(cover: &[&Line]) -> Option<Seen<Vec<Category>>> {
    cover.iter().find_map(|line| {
        let mut named: Vec<Category> =
            CATEGORY.find_iter(&line.text).filter_map(|word| category(word.as_str())).collect();
        named.sort();
        named.dedup();
        let has_security = named.contains(&Category::Security);
        (has_security && line.text.len() < 160).then(|| Seen {
            value: named,
            page: line.page,
            quote: line.text.clone(),
            confidence: 0.75,
        })
    })
}

pub(super) fn category(word: &str) -> Option<Category> {
    word.to_lowercase().split_whitespace().collect::<Vec<_>>().join("_").parse().ok()
}

fn opinion(parts: &Parts<'_>) -> Option<Seen<Opinion>> {
    let auditor = parts.text(Section::Auditor);
    let all_but_one =
        [(&*DISCLAIMER, Opinion::Disclaimer), (&*ADVERSE, Opinion::Adverse), (&*QUALIFIED, Opinion::Qualified)];
    let modified = all_but_one.iter().find_map(|(pattern, opinion)| {
        let found = pattern.find(&auditor.text)?;
        Some(seen(auditor, found.range(), *opinion, 0.97))
    });
    modified.or_else(|| {
        let found = IN_OUR_OPINION.find(&auditor.text)?;
        let mut end = (found.end() + 300).min(auditor.text.len());
        while !auditor.text.is_char_boundary(end) {
            end -= 1;
        }
        let says_yes = auditor.text[found.start()..end].to_lowercase().contains("all material respects");
        says_yes.then(|| seen(auditor, found.range(), Opinion::Unqualified, 0.95))
    })
}

fn qualified_criteria(
    parts: &Parts<'_>,
    known: &BTreeSet<String>,
    warnings: &mut Vec<String>,
) -> Option<Seen<Vec<String>>> {
    let auditor = parts.text(Section::Auditor);
    let lower = auditor.text.to_lowercase();
    let from = lower.find("basis for").or_else(|| lower.find("except for"))?;
    let opinion = lower[from..].find("in our opinion").map_or(lower.len(), |at| from + at);
    let mut end = (opinion + 600).min(auditor.text.len());
    while !auditor.text.is_char_boundary(end) {
        end -= 1;
    }
    let text = auditor.text.get(from..end)?;
    let (found, unknown) = criteria_in(text, known);
    for id in unknown {
        warnings.push(format!("`{id}`, which the opinion names, is no trust services criterion"));
    }
    let place = crate::criterion::places_in(text).into_iter().next()?;
    (!found.is_empty()).then(|| seen(auditor, from + place.start..from + place.end, found, 0.95))
}

/// The auditor's name and the day of signing, from the end of the auditor's report and from the cover.
fn signature(parts: &Parts<'_>, order: Option<DateOrder>) -> (Option<Seen<String>>, Option<Seen<Date>>) {
    let mut names: Vec<Seen<String>> = Vec::new();
    let on_cover = parts.cover.iter().find_map(|line| {
        let firm = PREPARED_BY.captures(&line.text)?;
        Some(Seen { value: clean_name(&firm["firm"]), page: line.page, quote: line.text.clone(), confidence: 0.9 })
    });
    let lines = parts.lines(Section::Auditor);
    let mut issued = None;
    for (at, line) in lines.iter().enumerate().rev() {
        let dates = dates::dates_in(&line.text, order);
        let Some((range, day)) = dates.last().cloned() else { continue };
        let lower = line.text.to_lowercase();
        let is_sentence = ["period", "throughout", "as of", " to ", "through"].iter().any(|word| lower.contains(word));
        let ends = line.text[range.end..].trim().len() <= 1 && line.text.len() < 90 && dates.len() == 1;
        if is_sentence || !ends {
            continue;
        }
        issued = Some(Seen { value: day, page: line.page, quote: line.text.clone(), confidence: 0.95 });
        let above = lines[at.saturating_sub(5)..=at].iter().rev().filter(|above| above.page == line.page);
        let is_known = |text: &str| on_cover.as_ref().is_some_and(|cover| same_name(&cover.value, text));
        let firm = above.into_iter().find(|above| {
            let text = above.text.trim();
            is_known(text)
                || (text.len() < 80 && FIRM.is_match(text) && !text.ends_with('.')
                    || is_known(text.trim_end_matches('.')))
        });
        if let Some(firm) = firm {
            let text = firm.text.trim_start_matches("/s/").trim();
            names.push(Seen { value: clean_name(text), page: firm.page, quote: firm.text.clone(), confidence: 0.85 });
        }
        break;
    }
    names.extend(on_cover);
    (agreed(names), issued)
}
