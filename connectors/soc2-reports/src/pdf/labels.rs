//! Values behind their labels, as forms, certificates and letters have them: on the same line, in the next cell, or
//! under the label.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::fields::Seen;
use super::lines::{self, Layout, Line};
use crate::dates::{self, DateOrder};

/// Gaps wider than this many times the size of the text part two cells.
const CELL_GAP: f64 = 1.0;
/// How far behind its label a date may stand, in bytes.
const FARTHEST_DATE: usize = 70;
/// A value under its label begins about where the label does, in points.
const FARTHEST_UNDER: f64 = 60.0;
/// A longer line is prose, or made to take time.
const LONGEST_LINE: usize = 2_000;
/// The longest value that is kept.
const LONGEST: usize = 400;

/// Labels of forms that stand behind a value on its line.
static NEXT_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\s+(?:DBA|Contact|Title|Tele?phone|Phone|E-?[Mm]ail|Address|Business|URL|City|Country|State|Website|Certificate|Scope|Date|Expiry|Issue|Valid)\b[^:]{0,40}:",
    )
    .expect("the pattern is part of the program")
});
/// What makes the date of a first certificate out of a label.
static ORIGINAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:original(?:ly)?|initial(?:ly)?|first|previous)\b[\s\w]{0,24}$")
        .expect("the pattern is part of the program")
});

/// The first value behind a label. The label's pattern matches from the beginning of a stretch of text, and has a group
/// `rest` for what stands behind its colon; `more` lines close under the value belong to it.
pub(super) fn value_of(layout: &Layout, label: &Regex, more: usize) -> Option<Seen<String>> {
    values_of(layout, label, more).into_iter().next()
}

/// All values behind a label, in their order.
pub(super) fn values_of(layout: &Layout, label: &Regex, more: usize) -> Vec<Seen<String>> {
    let mut found = Vec::new();
    for page in &layout.pages {
        for (at, line) in page.lines.iter().enumerate().filter(|(_, line)| line.text.len() <= LONGEST_LINE) {
            let cells = line.segments(CELL_GAP);
            for (cell, words) in cells.iter().enumerate() {
                let text = lines::text_of(words);
                let Some(captures) = label.captures(&text) else { continue };
                let rest = captures.name("rest").map_or("", |rest| rest.as_str()).trim();
                let (mut value, last) = if !rest.is_empty() {
                    (rest.to_owned(), at)
                } else if let Some(next) = cells.get(cell + 1) {
                    (lines::text_of(next), at)
                } else if let Some(under) = under(&page.lines, at, words.first().map_or(line.x0, |word| word.x0)) {
                    (under, at + 1)
                } else {
                    continue;
                };
                for pair in page.lines[last..].windows(2).take(more) {
                    let (above, below) = (&pair[0], &pair[1]);
                    let is_close = below.y - above.y < 1.6 * above.size && below.bold == above.bold;
                    if !is_close || below.text.contains(':') {
                        break;
                    }
                    layout.hyphens.join(&mut value, &below.text);
                }
                let value = NEXT_LABEL.find(&value).map_or(value.as_str(), |next| &value[..next.start()]);
                let value: String = value.trim().chars().take(LONGEST).collect();
                if !value.is_empty() && !value.ends_with(':') {
                    found.push(Seen { value, page: line.page, quote: line.text.clone(), confidence: 0.9 });
                }
            }
        }
    }
    found
}

/// The stretch of text under a label that ends its line.
fn under(lines: &[Line], at: usize, x: f64) -> Option<String> {
    let (line, next) = (lines.get(at)?, lines.get(at + 1)?);
    if next.y - line.y > 3.0 * line.size.max(next.size) {
        return None;
    }
    let cells = next.segments(CELL_GAP);
    let far = |words: &[super::text::Word]| words.first().map_or(f64::MAX, |word| (word.x0 - x).abs());
    let nearest = cells.into_iter().min_by(|one, other| far(one).total_cmp(&far(other)))?;
    (far(nearest) < FARTHEST_UNDER).then(|| lines::text_of(nearest))
}

/// The day behind a label, which may stand anywhere in a line: on the line, or under the label. The label of a first
/// certificate ("Original issue date") is none.
pub(super) fn day_of(layout: &Layout, label: &Regex, order: Option<DateOrder>) -> Option<Seen<Date>> {
    layout.pages.iter().find_map(|page| {
        page.lines.iter().enumerate().find_map(|(at, line)| {
            if line.text.len() > LONGEST_LINE || !label.is_match(&line.text) {
                return None;
            }
            let own = dates::dates_in(&line.text, order);
            let next = page.lines.get(at + 1).filter(|next| own.is_empty() && next.text.len() <= LONGEST_LINE);
            let under = next.map(|next| (next, dates::dates_in(&next.text, order)));
            let seen = |value, line: &Line| Seen { value, page: line.page, quote: line.text.clone(), confidence: 0.9 };
            label.find_iter(&line.text).find_map(|found| {
                let cell = cell_start(line, found.start());
                if ORIGINAL.is_match(&line.text[cell..found.start()]) {
                    return None;
                }
                let near =
                    |range: &Range<usize>| range.start >= found.end() && range.start - found.end() < FARTHEST_DATE;
                if let Some((_, day)) = own.iter().find(|(range, _)| near(range)) {
                    return Some(seen(*day, line));
                }
                let (next, days) = under.as_ref()?;
                let x = x_at(line, found.start());
                let far = |range: &Range<usize>| (x_at(next, range.start) - x).abs();
                let (_, day) = days.iter().min_by(|one, other| far(&one.0).total_cmp(&far(&other.0)))?;
                Some(seen(*day, next))
            })
        })
    })
}

/// Where the cell begins, in a line's text, that a place of it lies in.
fn cell_start(line: &Line, at: usize) -> usize {
    let mut start = 0;
    for words in line.segments(CELL_GAP) {
        let end = start + words.iter().map(|word| word.text.len() + 1).sum::<usize>();
        if at < end {
            return start;
        }
        start = end;
    }
    0
}

/// Where the word at a place of a line's text begins.
fn x_at(line: &Line, at: usize) -> f64 {
    let mut end = 0;
    for word in &line.words {
        end += word.text.len() + 1;
        if at < end {
            return word.x0;
        }
    }
    line.x1
}

/// The paragraphs of a document with their pages: lines of one look that follow close upon each other, up to a short one.
pub(super) fn paragraphs(layout: &Layout) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for page in &layout.pages {
        let right = page.lines.iter().map(|line| line.x1).fold(0.0, f64::max);
        let mut last: Option<&Line> = None;
        for line in &page.lines {
            let goes_on = last.is_some_and(|last| {
                line.y - last.y < 1.7 * line.size
                    && line.bold == last.bold
                    && (line.size - last.size).abs() < 0.4
                    && last.x1 > 0.75 * right
            });
            match found.last_mut() {
                Some((_, text)) if goes_on => layout.hyphens.join(text, &line.text),
                _ => found.push((line.page, line.text.clone())),
            }
            last = Some(line);
        }
    }
    found
}

/// A line as a title: without the marks that frame it.
pub(super) fn text_of(line: &Line) -> String {
    line.text.trim_matches(|each: char| !each.is_alphanumeric() && !matches!(each, '(' | ')')).to_owned()
}
