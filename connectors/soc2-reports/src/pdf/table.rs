//! Tables: found by their heads, cut into columns by the white between them or by ruled lines, and into rows by ruled
//! lines, by the white between rows, or by references in the first column; over the ends of pages.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::heading::{self, Role};
use super::lines::{Layout, Line, Page, text_of};
use super::text::{Rule, Word};
use crate::criterion::begins_with_criterion;

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Tests,
    UserEntityControls,
    SubserviceControls,
    Subservices,
    Responses,
}

/// A table, over all its pages.
#[derive(Debug)]
pub(super) struct Table {
    pub kind: Kind,
    roles: Vec<Role>,
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    pub page: usize,
    /// The criterion in whose group the row stands.
    pub group: Option<String>,
    cells: Vec<String>,
}

impl Row {
    /// All its cells, for a quote.
    pub(super) fn text(&self) -> String {
        self.cells.iter().filter(|text| !text.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" | ")
    }
}

impl Table {
    /// A cell of a row; none where the table has no such column or the cell is empty.
    pub(super) fn cell<'r>(&self, row: &'r Row, role: Role) -> Option<&'r str> {
        let at = self.roles.iter().position(|each| *each == role)?;
        row.cells.get(at).map(String::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// The tables of a file, and the lines that are theirs: (index of the page, index of the line).
pub(super) struct Found {
    pub tables: Vec<Table>,
    pub taken: HashSet<(usize, usize)>,
}

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z]{0,8}[-–_.#/ ]{0,2}\d[\w.\-–/]{0,14}[*:]?(?:\s|$)")
        .expect("the pattern is part of the program")
});

/// Gaps wider than this many times the size of the text part two cells.
const CELL_GAP: f64 = 0.55;
/// Gaps in a head: its words are few, so that a narrower one is more likely a space.
const HEAD_GAP: f64 = 0.7;

struct Head {
    /// Lines that it takes.
    length: usize,
    columns: Vec<(Role, f64, f64)>,
}

/// Whether a line is the head of a table, or its first line.
pub(super) fn is_head(line: &Line) -> bool {
    let cells = line.segments(HEAD_GAP);
    let roles = cells.iter().filter_map(|words| heading::role(&text_of(words))).count();
    cells.len() >= 2 && roles == cells.len()
}

/// Finds all tables.
pub(super) fn find(layout: &Layout, known: &BTreeSet<String>) -> Found {
    let mut found = Found { tables: Vec::new(), taken: HashSet::new() };
    let mut finder = Finder { layout, known, group: None, heading: String::new(), open: None };
    for (at, page) in layout.pages.iter().enumerate() {
        finder.page(at, page, &mut found);
    }
    found
}

struct Open {
    columns: Vec<(Role, f64, f64)>,
    bounds: Vec<f64>,
    size: f64,
}

struct Finder<'l> {
    layout: &'l Layout,
    known: &'l BTreeSet<String>,
    /// The criterion that the last heading of a group named.
    group: Option<String>,
    /// The last title before the table.
    heading: String,
    /// The table that reached the end of the page before.
    open: Option<Open>,
}

impl Finder<'_> {
    fn page(&mut self, at: usize, page: &Page, found: &mut Found) {
        let lines = &page.lines;
        let mut next = 0;
        while next < lines.len() {
            if let Some(head) = head_at(lines, next) {
                let start = next + head.length;
                let same = self.open.as_ref().is_some_and(|open| {
                    open.columns.iter().map(|column| column.0).eq(head.columns.iter().map(|column| column.0))
                });
                let size = lines.get(start).map_or(lines[next].size, |line| line.size);
                let end = self.region(page, start, &head.columns, size);
                let Some(kind) = kind(&head.columns, &self.heading) else {
                    next += 1;
                    continue;
                };
                if !(same && next == 0 && found.tables.last().is_some_and(|table| table.kind == kind)) {
                    let roles = head.columns.iter().map(|column| column.0).collect();
                    found.tables.push(Table { kind, roles, rows: Vec::new() });
                }
                let bounds = bounds(page, &lines[next..end.max(start)], &head, self.known);
                self.open = Some(Open { columns: head.columns, bounds, size });
                self.rows(page, start, end, found);
                found.taken.extend((next..end).map(|line| (at, line)));
                next = end.max(start);
                if next < lines.len() {
                    self.open = None;
                }
                continue;
            }
            if next == 0 && self.goes_on(page) {
                let (columns, size) =
                    self.open.as_ref().map(|open| (open.columns.clone(), open.size)).unwrap_or_default();
                let end = self.region(page, 0, &columns, size);
                self.rows(page, 0, end, found);
                found.taken.extend((0..end).map(|line| (at, line)));
                next = end;
                if next < lines.len() {
                    self.open = None;
                }
                if end > 0 {
                    continue;
                }
            }
            self.open = None;
            let line = &lines[next];
            if let Some(group) = begins_with_criterion(&line.text, self.known) {
                self.group = Some(group);
            } else if heading::section(&line.text).is_some() && heading::is_title(line, self.layout.body_size) {
                self.group = None;
            }
            if heading::is_title(line, self.layout.body_size) {
                self.heading = line.text.to_lowercase();
            }
            next += 1;
        }
    }

    /// Whether the table of the page before goes on at the top of this one without a head of its own.
    fn goes_on(&self, page: &Page) -> bool {
        let Some(open) = &self.open else { return false };
        let Some(first) = page.lines.first() else { return false };
        if (first.size - open.size).abs() > 0.6 || heading::is_subheading(first, self.layout.body_size) {
            return false;
        }
        let near = page.lines.iter().take(6).filter(|line| !spans(line, &open.columns, &[]));
        let filled: HashSet<usize> =
            near.flat_map(|line| &line.words).map(|word| column_of(word, &open.bounds)).collect();
        filled.len() >= 2 && !spans(first, &open.columns, &[])
    }

    /// Where the table ends: at the next head, at a title, or where text runs across its columns.
    fn region(&self, page: &Page, start: usize, columns: &[(Role, f64, f64)], size: f64) -> usize {
        let lines = &page.lines;
        let is_bold = lines.get(start).is_some_and(|line| line.bold);
        let mut in_group = false;
        for at in start..lines.len() {
            let line = &lines[at];
            let before = (at > start).then(|| &lines[at - 1]);
            let gap = before.map_or(0.0, |before| line.y - before.y);
            let is_far = gap > 5.0 * size && !rules_between(&page.rules, before.map_or(0.0, |before| before.y), line.y);
            if head_at(lines, at).is_some() || line.size > 1.15 * size || is_far || gap < -1.0 {
                return at;
            }
            let splits = vertical_rules(&page.rules, line.y);
            let is_across = spans(line, columns, &splits);
            let group = begins_with_criterion(&line.text, self.known).is_some();
            let is_one_cell = line.segments(CELL_GAP).len() == 1;
            if group && is_across {
                in_group = true;
                continue;
            }
            if is_across && !in_group {
                return at;
            }
            if is_one_cell && !group && !is_bold && heading::is_subheading(line, self.layout.body_size) {
                return at;
            }
            in_group &= is_across || is_one_cell;
        }
        lines.len()
    }

    /// Cuts lines into rows and adds them to the last table.
    fn rows(&mut self, page: &Page, start: usize, end: usize, found: &mut Found) {
        let (Some(open), Some(table)) = (&self.open, found.tables.last_mut()) else { return };
        let lines = &page.lines[start..end.max(start)];
        let key = key_column(&table.roles);
        let cells: Vec<Vec<String>> = lines.iter().map(|line| cells_of(line, &open.bounds)).collect();
        let separators = separators(page, lines, &open.columns);
        let is_ruled = rows_are_ruled(lines, &cells, key, &separators);
        let threshold = row_gap(lines, &open.bounds);
        let mut row_is_new = true;
        let mut group_end: Option<f64> = None;
        for (at, line) in lines.iter().enumerate() {
            let splits = vertical_rules(&page.rules, line.y);
            if spans(line, &open.columns, &splits) {
                if let Some(group) = begins_with_criterion(&line.text, self.known) {
                    self.group = Some(group);
                }
                group_end = Some(line.y);
                row_is_new = true;
                continue;
            }
            let cut = at > 0 && {
                let above = &lines[at - 1];
                if is_ruled {
                    separators.iter().any(|y| *y > above.y && *y <= line.y)
                } else {
                    line.y - above.y > threshold
                }
            };
            // What a group's heading goes on with stands alone, close under it.
            if let Some(y) = group_end
                && line.segments(CELL_GAP).len() == 1
                && !cut
                && line.y - y < 1.6 * line.size
            {
                group_end = Some(line.y);
                continue;
            }
            group_end = None;
            let current = table.rows.last().filter(|_| !row_is_new);
            let key_text = cells[at].get(key).map_or("", String::as_str);
            let splits_block = current
                .is_some_and(|row| !is_ruled && starts_anew(row.cells.get(key).map_or("", String::as_str), key_text));
            if row_is_new || cut || splits_block {
                // The lines of this row: a first column that is empty in all of them goes on with the row before.
                let has_key = row_has_key(lines, &cells, at, key, &separators, is_ruled, threshold);
                let goes_on = !has_key && !table.rows.is_empty() && !starts_by_control(table, &cells[at], at == 0);
                if !goes_on {
                    let cells = vec![String::new(); table.roles.len()];
                    table.rows.push(Row { page: line.page, group: self.group.clone(), cells });
                }
                row_is_new = false;
            }
            let Some(row) = table.rows.last_mut() else { continue };
            for (cell, text) in row.cells.iter_mut().zip(&cells[at]) {
                self.layout.hyphens.join(cell, text);
            }
        }
    }
}

/// The column that a row is told by.
fn key_column(roles: &[Role]) -> usize {
    let order = [Role::Reference, Role::Criteria, Role::Subservice, Role::UserEntity, Role::SubserviceControl];
    let is_list = roles.contains(&Role::UserEntity) || roles.contains(&Role::SubserviceControl);
    let order: &[Role] = if is_list { &[Role::Reference, Role::UserEntity, Role::SubserviceControl] } else { &order };
    order.iter().find_map(|role| roles.iter().position(|each| each == role)).unwrap_or(0)
}

/// In a table without references, the controls under one criterion are rows of their own.
fn starts_by_control(table: &Table, cells: &[String], is_first: bool) -> bool {
    if table.has(Role::Reference) {
        return false;
    }
    let Some(at) = table.roles.iter().position(|role| *role == Role::Control) else { return false };
    let text = cells.get(at).map_or("", String::as_str);
    !text.is_empty() && (!is_first || !text.starts_with(char::is_lowercase))
}

/// Whether the row that starts at a line has text in the first column before the next row starts.
fn row_has_key(
    lines: &[Line],
    cells: &[Vec<String>],
    start: usize,
    key: usize,
    separators: &[f64],
    is_ruled: bool,
    threshold: f64,
) -> bool {
    for at in start..lines.len() {
        if at > start {
            let (above, line) = (&lines[at - 1], &lines[at]);
            let cut = if is_ruled {
                separators.iter().any(|y| *y > above.y && *y <= line.y)
            } else {
                line.y - above.y > threshold
            };
            if cut {
                return false;
            }
        }
        if cells[at].get(key).is_some_and(|text| !text.is_empty()) {
            return true;
        }
    }
    false
}

/// Whether the text in the first column begins another row, and does not go on with the reference above it.
fn starts_anew(above: &str, text: &str) -> bool {
    !above.is_empty()
        && !above.ends_with([',', '(', '/', '-', '–', '&', ';'])
        && above.matches('(').count() == above.matches(')').count()
        && REFERENCE.is_match(text)
        && REFERENCE.is_match(above)
}

fn kind(columns: &[(Role, f64, f64)], heading: &str) -> Option<Kind> {
    let has = |role: Role| columns.iter().any(|column| column.0 == role);
    let about = |word: &str| heading.contains(word);
    if has(Role::Test) || (has(Role::Outcome) && !has(Role::Response)) {
        return Some(Kind::Tests);
    }
    if has(Role::Response) {
        return Some(Kind::Responses);
    }
    if has(Role::UserEntity) {
        return Some(Kind::UserEntityControls);
    }
    if has(Role::SubserviceControl) {
        return Some(Kind::SubserviceControls);
    }
    if has(Role::Control) {
        if about("user entity") || about("cuec") {
            return Some(Kind::UserEntityControls);
        }
        if about("complementary subservice") || about("csoc") {
            return Some(Kind::SubserviceControls);
        }
    }
    if has(Role::Subservice) && (has(Role::Services) || has(Role::Method)) {
        return Some(Kind::Subservices);
    }
    (has(Role::Control) && (has(Role::Reference) || has(Role::Criteria))).then_some(Kind::Tests)
}

/// The head that begins at a line, over up to four lines.
fn head_at(lines: &[Line], at: usize) -> Option<Head> {
    let first = &lines[at];
    let mut best: Option<Head> = None;
    // Cells of a head that are set to their bottom begin below its first line: every cell so far may be half a head.
    for length in 1..=4.min(lines.len() - at) {
        let block = &lines[at..at + length];
        let last = &block[length - 1];
        let is_close = length == 1
            || (last.y - block[length - 2].y <= 1.7 * first.size
                && last.y > block[length - 2].y
                && (last.size - first.size).abs() < 0.6);
        if !is_close {
            break;
        }
        let Some(columns) = head_cells(block).filter(|columns| columns.len() >= 2) else { continue };
        let roles: Vec<Option<Role>> = columns.iter().map(|(text, ..)| heading::role(text)).collect();
        if roles.iter().any(Option::is_none) {
            continue;
        }
        let mut columns: Vec<(Role, f64, f64)> =
            roles.iter().zip(&columns).filter_map(|(role, (_, x0, x1))| Some(((*role)?, *x0, *x1))).collect();
        tell_reference_from_control(&mut columns, &roles);
        // A longer head has to say more, not only what a first row of the same words would.
        if best.as_ref().is_none_or(|best| columns.len() >= best.columns.len()) {
            best = Some(Head { length, columns });
        }
    }
    best
}

/// Of two columns for the control, the first and shorter one holds its reference; of two alike, the first counts.
fn tell_reference_from_control(columns: &mut [(Role, f64, f64)], roles: &[Option<Role>]) {
    let controls: Vec<usize> =
        roles.iter().enumerate().filter(|(_, role)| **role == Some(Role::Control)).map(|(at, _)| at).collect();
    if let [first, _, ..] = controls[..]
        && !roles.contains(&Some(Role::Reference))
    {
        columns[first].0 = Role::Reference;
    }
}

/// The cells of a head's lines: stretches of text that lie over each other are one cell. None where one stretch lies over
/// two of another line: that is a title over a table.
fn head_cells(block: &[Line]) -> Option<Vec<(String, f64, f64)>> {
    let mut cells: Vec<(String, f64, f64)> = Vec::new();
    for line in block {
        let before = cells.clone();
        for words in line.segments(HEAD_GAP) {
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            let (x0, x1) = (first.x0, last.x1);
            if before.iter().filter(|(_, from, to)| x0 < *to && x1 > *from).count() > 1 {
                return None;
            }
            match cells.iter_mut().find(|(_, from, to)| x0 < *to && x1 > *from) {
                Some((text, from, to)) => {
                    text.push(' ');
                    text.push_str(&text_of(words));
                    *from = from.min(x0);
                    *to = to.max(x1);
                }
                None => cells.push((text_of(words), x0, x1)),
            }
        }
    }
    cells.sort_by(|one, other| one.1.total_cmp(&other.1));
    let overlap = cells.windows(2).any(|pair| pair[0].2 > pair[1].1);
    (!overlap).then_some(cells)
}

/// Whether one stretch of text runs from one column into the next.
fn spans(line: &Line, columns: &[(Role, f64, f64)], splits: &[f64]) -> bool {
    line.segments(CELL_GAP).iter().any(|words| {
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
        columns.windows(2).any(|pair| {
            let (left, right) = (pair[0], pair[1]);
            let is_split =
                splits.iter().any(|x| words.windows(2).any(|two| two[0].x1 <= *x + 1.0 && two[1].x0 >= *x - 1.0));
            let is_aligned = words.iter().skip(1).any(|word| (word.x0 - right.1).abs() < 1.0);
            first.x0 < left.2 && last.x1 > right.1 + 6.0 && first.x0 < right.1 - 2.0 && !is_split && !is_aligned
        })
    })
}

fn column_of(word: &Word, bounds: &[f64]) -> usize {
    bounds.iter().filter(|bound| **bound <= word.x0 + 1.0).count()
}

fn cells_of(line: &Line, bounds: &[f64]) -> Vec<String> {
    let mut cells = vec![String::new(); bounds.len() + 1];
    for word in &line.words {
        let cell = &mut cells[column_of(word, bounds)];
        if !cell.is_empty() {
            cell.push(' ');
        }
        cell.push_str(&word.text);
    }
    cells
}

/// Where one column ends and the next begins: at a ruled line, or in the widest white between their heads.
fn bounds(page: &Page, lines: &[Line], head: &Head, known: &BTreeSet<String>) -> Vec<f64> {
    let body = lines.get(head.length..).unwrap_or_default();
    let usable: Vec<&Line> = body
        .iter()
        .filter(|line| {
            let splits = vertical_rules(&page.rules, line.y);
            !spans(line, &head.columns, &splits)
                && begins_with_criterion(&line.text, known).is_none_or(|_| line.words.len() < 40)
        })
        .collect();
    let ruled = vertical_rules(&page.rules, lines.first().map_or(0.0, |line| line.y));
    head.columns
        .windows(2)
        .map(|pair| {
            let (left, right) = (pair[0], pair[1]);
            // White may reach to the left of the right head, where text is set to the left and heads to the middle.
            let (from, to) = (left.1 + 2.0, right.2);
            if let Some(x) =
                ruled.iter().find(|x| **x > left.1 && **x < right.2 && **x > (left.2 - 2.0) && **x < right.1 + 2.0)
            {
                return *x;
            }
            widest_white(&usable, from, to, left, right)
        })
        .collect()
}

fn widest_white(lines: &[&Line], from: f64, to: f64, left: (Role, f64, f64), right: (Role, f64, f64)) -> f64 {
    let cells = ((to - from).max(1.0)).ceil() as usize;
    let mut covered = vec![0_usize; cells + 1];
    let mut cover = |x0: f64, x1: f64, weight: usize| {
        let first = (x0 - from).floor().max(0.0) as usize;
        let last = (x1 - from).ceil().min(cells as f64);
        if last >= 0.0 && x1 > from && x0 < to {
            for cell in covered.iter_mut().take(last as usize + 1).skip(first) {
                *cell += weight;
            }
        }
    };
    for line in lines {
        for words in line.segments(CELL_GAP) {
            if let (Some(start), Some(end)) = (words.first(), words.last()) {
                cover(start.x0, end.x1, 1);
            }
        }
    }
    // The heads themselves are in their columns, whatever lies under them.
    cover(left.1, left.2, 1_000);
    cover(right.1, right.2, 1_000);
    let tolerance = covered.iter().copied().min().unwrap_or_default() + lines.len() / 40;
    let (mut best, mut start) = ((0_usize, 0_usize), None);
    for at in 0..=cells + 1 {
        let is_white = covered.get(at).is_some_and(|count| *count <= tolerance);
        match (is_white, start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                if at - begin > best.1 - best.0 {
                    best = (begin, at);
                }
                start = None;
            }
            _ => {}
        }
    }
    if best.1 == 0 {
        return right.1 - 1.0;
    }
    from + (best.0 + best.1) as f64 / 2.0
}

/// The gap between two lines from which on they belong to two rows: more than the lines of one cell have.
fn row_gap(lines: &[Line], bounds: &[f64]) -> f64 {
    let size = lines.first().map_or(10.0, |line| line.size);
    let mut gaps: Vec<f64> = Vec::new();
    for column in 0..=bounds.len() {
        let own: Vec<f64> = lines
            .iter()
            .filter(|line| line.words.iter().any(|word| column_of(word, bounds) == column))
            .map(|line| line.y)
            .collect();
        gaps.extend(own.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap < 1.7 * size && *gap > 0.8 * size));
    }
    gaps.sort_by(f64::total_cmp);
    // The narrower gaps are those within cells.
    let leading = gaps.get(gaps.len() / 4).copied().unwrap_or(1.2 * size);
    leading + (0.15 * size).max(1.2)
}

/// Ruled lines that run over most of the table's width, by height.
fn separators(page: &Page, lines: &[Line], columns: &[(Role, f64, f64)]) -> Vec<f64> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Vec::new() };
    let x0 = columns.iter().map(|column| column.1).fold(f64::MAX, f64::min);
    let x1 = lines.iter().map(|line| line.x1).chain(columns.iter().map(|column| column.2)).fold(0.0, f64::max);
    let mut across: Vec<&Rule> = page
        .rules
        .iter()
        .filter(|rule| (rule.y1 - rule.y0) < 1.5 && rule.y0 > first.y - first.size && rule.y0 < last.y + last.size)
        .collect();
    across.sort_by(|one, other| one.y0.total_cmp(&other.y0));
    let mut heights: Vec<(f64, f64)> = Vec::new();
    for rule in across {
        let width = rule.x1.min(x1) - rule.x0.max(x0);
        match heights.last_mut() {
            Some((y, sum)) if rule.y0 - *y < 1.5 => *sum += width.max(0.0),
            _ => heights.push((rule.y0, width.max(0.0))),
        }
    }
    heights.into_iter().filter(|(_, width)| *width > 0.6 * (x1 - x0)).map(|(y, _)| y).collect()
}

/// Whether ruled lines part the rows, and not only frame the table.
fn rows_are_ruled(lines: &[Line], cells: &[Vec<String>], key: usize, separators: &[f64]) -> bool {
    let mut groups: Vec<usize> = vec![0];
    for (at, line) in lines.iter().enumerate() {
        if at > 0 && separators.iter().any(|y| *y > lines[at - 1].y && *y <= line.y) {
            groups.push(0);
        }
        if cells[at].get(key).is_some_and(|text| REFERENCE.is_match(text)) {
            *groups.last_mut().expect("there is a first group") += 1;
        }
    }
    groups.len() >= 2 && groups.iter().filter(|starts| **starts > 1).count() * 5 <= groups.len()
}

fn vertical_rules(rules: &[Rule], y: f64) -> Vec<f64> {
    let covers = |rule: &&Rule| rule.x1 - rule.x0 < 1.5 && rule.y0 - 2.0 <= y && y <= rule.y1 + 2.0;
    rules.iter().filter(covers).map(|rule| rule.x0).collect()
}

fn rules_between(rules: &[Rule], from: f64, to: f64) -> bool {
    rules.iter().any(|rule| rule.y1 - rule.y0 < 1.5 && rule.y0 > from && rule.y0 < to)
}
