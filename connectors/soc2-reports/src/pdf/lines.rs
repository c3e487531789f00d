//! From words to lines in reading order: running headers, footers and watermarks taken out, columns read one after the
//! other, words that a line end broke put together again.

use std::collections::{HashMap, HashSet};

use super::text::{Drawn, Rule, Word};

/// A line of text on a page.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// From 1, as a viewer counts.
    pub page: usize,
    pub y: f64,
    pub x0: f64,
    pub x1: f64,
    /// The size of most of its text.
    pub size: f64,
    pub bold: bool,
    pub words: Vec<Word>,
    pub text: String,
}

/// A page in reading order.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub lines: Vec<Line>,
    pub rules: Vec<Rule>,
    pub width: f64,
}

/// A whole file in reading order.
#[derive(Debug)]
pub(super) struct Layout {
    pub pages: Vec<Page>,
    /// The size of most of its text.
    pub body_size: f64,
    pub hyphens: Hyphens,
}

impl Layout {
    /// Orders the pages. `keep` says which lines are no running text though they stand on many pages: the heads of
    /// tables.
    pub(super) fn new(mut drawn: Vec<Drawn>, keep: impl Fn(&Line) -> bool) -> Self {
        remove_watermarks(&mut drawn);
        let heights: Vec<f64> = drawn.iter().map(|page| page.height).collect();
        let mut pages: Vec<Page> = drawn
            .into_iter()
            .enumerate()
            .map(|(at, page)| Page { lines: lines(at + 1, page.words), rules: page.rules, width: page.width })
            .collect();
        let body_size = most_of(pages.iter().flat_map(|page| &page.lines).map(|line| (line.size, line.text.len())));
        remove_running(&mut pages, &heights, body_size, &keep);
        for page in &mut pages {
            if !page.lines.iter().any(&keep) {
                page.lines = column_by_column(std::mem::take(&mut page.lines), page.width);
            }
        }
        let hyphens = Hyphens::new(&pages);
        Self { pages, body_size, hyphens }
    }

    /// All lines in reading order.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.pages.iter().flat_map(|page| &page.lines)
    }
}

/// The size that most of the text has, to half a point.
fn most_of(sizes: impl Iterator<Item = (f64, usize)>) -> f64 {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for (size, length) in sizes {
        *counts.entry((size * 2.0).round() as i64).or_default() += length;
    }
    counts.into_iter().max_by_key(|(size, count)| (*count, *size)).map_or(10.0, |(size, _)| size as f64 / 2.0)
}

/// Takes out large words that stand at the same place of many pages: they would tear the lines that they lie over.
fn remove_watermarks(drawn: &mut [Drawn]) {
    let body_size = most_of(drawn.iter().flat_map(|page| &page.words).map(|word| (word.size, word.text.len())));
    let place = |word: &Word| (word.text.clone(), (word.x0 / 4.0).round() as i64, (word.y / 4.0).round() as i64);
    let is_large = |word: &Word| word.size > 1.8 * body_size;
    let mut counts: HashMap<(String, i64, i64), usize> = HashMap::new();
    for word in drawn.iter().flat_map(|page| &page.words).filter(|word| is_large(word)) {
        *counts.entry(place(word)).or_default() += 1;
    }
    let enough = many_of(drawn.len());
    for page in drawn {
        page.words.retain(|word| !is_large(word) || counts.get(&place(word)).is_none_or(|count| *count < enough));
    }
}

/// How many pages are many: two of five, and three at least.
fn many_of(pages: usize) -> usize {
    (pages * 2).div_ceil(5).max(3)
}

/// Groups words into lines from the top.
fn lines(page: usize, mut words: Vec<Word>) -> Vec<Line> {
    // Bold is often the same word drawn twice, a hair apart.
    let mut seen = HashSet::new();
    words
        .retain(|word| seen.insert((word.text.clone(), (word.x0 / 2.0).round() as i64, (word.y / 2.0).round() as i64)));
    words.sort_by(|one, other| one.y.total_cmp(&other.y).then(one.x0.total_cmp(&other.x0)));
    let mut groups: Vec<(f64, f64, Vec<Word>)> = Vec::new();
    for word in words {
        match groups.last_mut() {
            Some((y, size, group)) if word.y - *y <= 0.4 * size.max(word.size) => {
                if word.size > *size {
                    (*y, *size) = (word.y, word.size);
                }
                group.push(word);
            }
            _ => groups.push((word.y, word.size, vec![word])),
        }
    }
    groups.into_iter().filter_map(|(y, _, words)| Line::new(page, y, words)).collect()
}

impl Line {
    /// A line of words; none where there are none.
    pub(super) fn new(page: usize, y: f64, mut words: Vec<Word>) -> Option<Self> {
        words.sort_by(|one, other| one.x0.total_cmp(&other.x0));
        let mut joined: Vec<Word> = Vec::with_capacity(words.len());
        for word in words {
            match joined.last_mut() {
                // Typesetters place parts of a word on their own: no space and no gap is one word.
                Some(last) if !word.spaced && word.x0 - last.x1 < 0.15 * word.size => {
                    last.text.push_str(&word.text);
                    last.x1 = last.x1.max(word.x1);
                }
                _ => joined.push(word),
            }
        }
        let (x0, x1) = (joined.first()?.x0, joined.iter().map(|word| word.x1).fold(f64::MIN, f64::max));
        let size = most_of(joined.iter().map(|word| (word.size, word.text.len())));
        let bold_length: usize = joined.iter().filter(|word| word.bold).map(|word| word.text.len()).sum();
        let length: usize = joined.iter().map(|word| word.text.len()).sum();
        let text = joined.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        Some(Self { page, y, x0, x1, size, bold: bold_length * 2 > length, words: joined, text })
    }

    /// Stretches of text without a gap wider than `gap` times its size.
    pub(super) fn segments(&self, gap: f64) -> Vec<&[Word]> {
        let wide = |pair: &Word, next: &Word| next.x0 - pair.x1 > gap * self.size;
        let mut segments = Vec::new();
        let mut start = 0;
        for at in 1..=self.words.len() {
            if at == self.words.len() || wide(&self.words[at - 1], &self.words[at]) {
                segments.push(&self.words[start..at]);
                start = at;
            }
        }
        segments
    }
}

/// The text of words with spaces between.
pub(super) fn text_of(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Takes out what stands at the edge of many pages, and page numbers.
fn remove_running(pages: &mut [Page], heights: &[f64], body_size: f64, keep: &impl Fn(&Line) -> bool) {
    let shape = |line: &Line| -> String {
        line.text.chars().map(|each| if each.is_ascii_digit() { '#' } else { each.to_ascii_lowercase() }).collect()
    };
    let is_edge = |line: &Line, height: f64| line.y < 0.13 * height || line.y > 0.87 * height;
    let mut counts: HashMap<(String, i64), usize> = HashMap::new();
    for (page, height) in pages.iter().zip(heights) {
        let mut own = HashSet::new();
        for line in page.lines.iter().filter(|line| is_edge(line, *height)) {
            let y = (line.y / 8.0).round() as i64;
            if own.insert((shape(line), y)) {
                *counts.entry((shape(line), y)).or_default() += 1;
            }
        }
    }
    let enough = many_of(pages.len());
    let mut first_of = HashSet::new();
    for (page, height) in pages.iter_mut().zip(heights) {
        page.lines.retain(|line| {
            let edge = is_edge(line, *height);
            if edge && is_page_number(&line.text) {
                return false;
            }
            if !edge || keep(line) {
                return true;
            }
            let y = (line.y / 8.0).round() as i64;
            let count = (-1..=1).filter_map(|near| counts.get(&(shape(line), y + near))).sum::<usize>();
            // A title that every page of its section repeats is a title once.
            count < enough || (line.size > 1.15 * body_size && first_of.insert(shape(line)))
        });
    }
}

fn is_page_number(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|each: char| !each.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| {
        word.len() <= 4
            && (word.bytes().all(|each| each.is_ascii_digit()) || word.chars().all(|each| "ivxl".contains(each)))
    };
    match words.as_slice() {
        [number] => is_number(number),
        ["page", number] => is_number(number),
        [number, "of", total] | ["page", number, "of", total] => is_number(number) && is_number(total),
        _ => false,
    }
}

/// Reads a page that is set in two columns one column after the other. A table is no such page: its cells on one side
/// have gaps within them.
fn column_by_column(lines: Vec<Line>, width: f64) -> Vec<Line> {
    let Some(gutter) = gutter(&lines, width) else { return lines };
    let (mut ordered, mut left, mut right) = (Vec::with_capacity(lines.len()), Vec::new(), Vec::new());
    for line in lines {
        if line.words.iter().any(|word| word.x0 < gutter && word.x1 > gutter) || crosses(&line, gutter) {
            ordered.append(&mut left);
            ordered.append(&mut right);
            ordered.push(line);
            continue;
        }
        let (page, y) = (line.page, line.y);
        let (one, other): (Vec<Word>, Vec<Word>) = line.words.into_iter().partition(|word| word.x0 < gutter);
        left.extend(Line::new(page, y, one));
        right.extend(Line::new(page, y, other));
    }
    ordered.append(&mut left);
    ordered.append(&mut right);
    ordered
}

/// Whether a line runs across the gutter as one stretch of text.
fn crosses(line: &Line, gutter: f64) -> bool {
    line.segments(1.0).iter().any(|words| {
        words.first().is_some_and(|word| word.x0 < gutter) && words.last().is_some_and(|word| word.x1 > gutter)
    })
}

fn gutter(lines: &[Line], width: f64) -> Option<f64> {
    if lines.len() < 16 {
        return None;
    }
    let candidates = (0..=20).map(|step| width * (0.40 + 0.01 * f64::from(step)));
    let crossing = |x: f64| lines.iter().filter(|line| crosses(line, x)).count();
    let gutter = candidates.min_by_key(|x| (crossing(*x), ((*x - width / 2.0).abs() * 10.0) as i64))?;
    if crossing(gutter) * 10 > lines.len() * 3 {
        return None;
    }
    let side = |is_left: bool| {
        let mut count = 0_usize;
        let mut broken = 0_usize;
        let (mut longest, mut sum) = (0.0_f64, 0.0_f64);
        for line in lines.iter().filter(|line| !crosses(line, gutter)) {
            let words: Vec<&Word> = line.words.iter().filter(|word| (word.x0 < gutter) == is_left).collect();
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            count += 1;
            longest = longest.max(last.x1 - first.x0);
            sum += last.x1 - first.x0;
            broken += usize::from(words.windows(2).any(|pair| pair[1].x0 - pair[0].x1 > 1.5 * line.size));
        }
        let fill = if longest > 0.0 { sum / (longest * count as f64) } else { 0.0 };
        count >= 8 && broken * 6 < count && longest > 0.25 * width && fill > 0.6
    };
    (side(true) && side(false)).then_some(gutter)
}

/// What is known of hyphens: which words the file writes with one, and which without.
#[derive(Debug, Default)]
pub(super) struct Hyphens {
    words: HashSet<String>,
}

/// First parts that keep their hyphen where the file does not show the word elsewhere.
const KEEPS_HYPHEN: &[&str] = &[
    "anti", "cross", "end", "first", "high", "long", "low", "multi", "non", "off", "on", "pre", "real", "self", "semi",
    "short", "sub", "third", "two", "up", "well",
];

impl Hyphens {
    fn new(pages: &[Page]) -> Self {
        let mut words = HashSet::new();
        for word in pages.iter().flat_map(|page| &page.lines).flat_map(|line| &line.words) {
            let word = bare(&word.text);
            if word.len() > 3 && !word.ends_with('-') {
                words.insert(word);
            }
        }
        Self { words }
    }

    /// Adds the text of the next line.
    pub(super) fn join(&self, text: &mut String, next: &str) {
        if next.is_empty() {
            return;
        }
        if text.ends_with('\u{AD}') {
            text.pop();
        } else if text.ends_with('-') && next.starts_with(char::is_lowercase) {
            let first = bare(text.rsplit(' ').next().unwrap_or_default());
            let second = bare(next.split(' ').next().unwrap_or_default());
            let stem = first.trim_end_matches('-');
            if stem.chars().last().is_some_and(char::is_alphabetic) {
                let with = self.words.contains(&format!("{stem}-{second}"));
                let without = self.words.contains(&format!("{stem}{second}"));
                if !with && (without || !KEEPS_HYPHEN.contains(&stem)) {
                    text.pop();
                }
            }
        } else if !text.is_empty() && !text.ends_with('/') && !text.ends_with(' ') {
            // A name that breaks after its hyphen, or a range, goes on without a space.
            let goes_on = text.ends_with('-') && !text.ends_with(" -") && next.starts_with(char::is_alphanumeric);
            if !goes_on {
                text.push(' ');
            }
        }
        text.push_str(next);
    }
}

fn bare(word: &str) -> String {
    word.trim_matches(|each: char| !each.is_alphanumeric() && each != '-').to_lowercase()
}

/// Text of several lines as one, with the page of every place in it.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub text: String,
    /// Where each line starts, and its page.
    marks: Vec<(usize, usize)>,
}

impl Flow {
    pub(super) fn new<'l>(lines: impl IntoIterator<Item = &'l Line>, hyphens: &Hyphens) -> Self {
        let mut flow = Self::default();
        for line in lines {
            hyphens.join(&mut flow.text, &line.text);
            flow.marks.push((flow.text.len() - line.text.len(), line.page));
        }
        flow
    }

    /// The page of a place.
    pub(super) fn page(&self, at: usize) -> usize {
        let mark = self.marks.partition_point(|(start, _)| *start <= at);
        self.marks.get(mark.saturating_sub(1)).map_or(1, |(_, page)| *page)
    }
}
