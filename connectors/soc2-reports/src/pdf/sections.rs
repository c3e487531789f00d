//! The parts of a report: its cover and its sections, in whatever order and by whatever number they come.

use std::collections::HashMap;

use super::heading::{self, Section};
use super::lines::{Flow, Layout, Line};

/// The parts of a report as text with its pages.
pub(super) struct Parts<'l> {
    /// What stands before the first section.
    pub cover: Vec<&'l Line>,
    lines: HashMap<Section, Vec<&'l Line>>,
    pub cover_text: Flow,
    texts: HashMap<Section, Flow>,
    /// The whole report.
    pub all: Flow,
}

impl<'l> Parts<'l> {
    /// Parts a report; `is_taken` says which lines are a table's, which are not read as prose.
    pub(super) fn new(layout: &'l Layout, is_taken: impl Fn(usize, usize) -> bool) -> Self {
        let titles = titles(layout);
        let mut parts = Self {
            cover: Vec::new(),
            lines: HashMap::new(),
            cover_text: Flow::default(),
            texts: HashMap::new(),
            all: Flow::default(),
        };
        let mut current: Option<Section> = None;
        let mut all = Vec::new();
        for (at, page) in layout.pages.iter().enumerate() {
            for (index, line) in page.lines.iter().enumerate() {
                if let Some(section) = titles.get(&(at, index)) {
                    current = Some(*section);
                }
                if is_taken(at, index) || heading::is_contents_line(line) {
                    continue;
                }
                all.push(line);
                match current {
                    Some(section) => parts.lines.entry(section).or_default().push(line),
                    // A cover is short; what goes on for pages without a title is the report itself.
                    None if at < 3 => parts.cover.push(line),
                    None => {}
                }
            }
        }
        parts.all = Flow::new(all.iter().copied(), &layout.hyphens);
        parts.cover_text = Flow::new(parts.cover.iter().copied(), &layout.hyphens);
        for (section, lines) in &parts.lines {
            parts.texts.insert(*section, Flow::new(lines.iter().copied(), &layout.hyphens));
        }
        parts
    }

    /// The lines of a section; none where the report has no such title.
    pub(super) fn lines(&self, section: Section) -> &[&'l Line] {
        self.lines.get(&section).map_or(&[], Vec::as_slice)
    }

    /// The text of a section, or of the whole report where there is no such title.
    pub(super) fn text(&self, section: Section) -> &Flow {
        self.texts.get(&section).unwrap_or(&self.all)
    }
}

/// Where sections begin: (index of the page, index of the line).
fn titles(layout: &Layout) -> HashMap<(usize, usize), Section> {
    let mut candidates: Vec<((usize, usize), Section, f64, bool)> = Vec::new();
    for (at, page) in layout.pages.iter().enumerate() {
        let mut own = Vec::new();
        let mut index = 0;
        while index < page.lines.len() {
            let first = &page.lines[index];
            if !heading::is_title(first, layout.body_size) || heading::is_contents_line(first) {
                index += 1;
                continue;
            }
            // A long title goes on over lines of the same kind.
            let mut text = first.text.clone();
            let mut next = index + 1;
            while let Some(line) = page.lines.get(next)
                && heading::is_title(line, layout.body_size)
                && (line.size - first.size).abs() < 0.4
                && line.bold == first.bold
                && line.y - page.lines[next - 1].y < 1.7 * first.size
                && text.len() < 160
                && !heading::is_numbered(&line.text)
            {
                text.push(' ');
                text.push_str(&line.text);
                next += 1;
            }
            let title = heading::section(&text).map(|section| (section, text.as_str()));
            let title = title.or_else(|| heading::section(&first.text).map(|section| (section, first.text.as_str())));
            if let Some((section, text)) = title {
                own.push(((at, index), section, first.size, heading::is_numbered(text)));
            }
            index = next;
        }
        // A page that lists the sections is the table of contents.
        let leaders = page.lines.iter().filter(|line| heading::is_contents_line(line)).count();
        let is_contents = leaders >= 2
            || page.lines.iter().take(4).any(|line| {
                let lower = line.text.to_lowercase();
                lower.contains("table of contents") || lower == "contents"
            });
        if !is_contents {
            candidates.extend(own);
        }
    }
    let numbered = candidates.iter().filter(|(.., is_numbered)| *is_numbered).count();
    if numbered >= 3 {
        candidates.retain(|(.., is_numbered)| *is_numbered);
    }
    let mut found = HashMap::new();
    let mut size_now = 0.0;
    for (place, section, size, is_numbered) in candidates {
        // A smaller title within a section ("Description of tests of controls" in the auditor's report) is no section.
        if is_numbered || size > size_now - 0.5 {
            size_now = size;
            found.insert(place, section);
        }
    }
    found
}
