//! A document before it has a format: sections of text and tables.

use std::{fmt, str::FromStr};

use carveout_model::{Treatment, UnknownWord};

use crate::timeline::Timeline;

/// What a document can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// How big the audit is, and how that was found.
    Size,
    /// Which controls repeat, per provider.
    Repeats,
    /// What is in use, per provider, scope and service, and what could not be seen.
    Infrastructure,
    /// Who performs part of our system, what is expected of them, and what that rests on.
    Subservices,
    /// What vendors' reports hand back to us, and which control of ours serves it.
    UserEntityControls,
    /// Who owns what.
    Responsibility,
    /// The reports that are relied on, and those that are not.
    Attestations,
    /// What owners are asked for.
    Requests,
    /// What is missing.
    Gaps,
}

impl Section {
    /// Every section, in the order of a document.
    pub const ALL: &'static [Self] = &[
        Self::Size,
        Self::Repeats,
        Self::Infrastructure,
        Self::Subservices,
        Self::UserEntityControls,
        Self::Responsibility,
        Self::Attestations,
        Self::Requests,
        Self::Gaps,
    ];

    /// The word by which it is asked for.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Repeats => "controls",
            Self::Infrastructure => "infrastructure",
            Self::Subservices => "subservices",
            Self::UserEntityControls => "cuecs",
            Self::Responsibility => "responsibility",
            Self::Attestations => "attestations",
            Self::Requests => "requests",
            Self::Gaps => "gaps",
        }
    }

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Size => "Size of the audit",
            Self::Repeats => "Controls that repeat",
            Self::Infrastructure => "Infrastructure",
            Self::Subservices => "Subservice organizations",
            Self::UserEntityControls => "Complementary user entity controls",
            Self::Responsibility => "Responsibility matrix",
            Self::Attestations => "Attestations relied on",
            Self::Requests => "Request list",
            Self::Gaps => "Gaps",
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Section {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|each| each.as_str() == word).ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            expected: Self::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

/// A whole document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Facts about the document, as label and text.
    pub facts: Vec<(&'static str, String)>,
    /// Its sections.
    pub sections: Vec<SectionDraft>,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionDraft {
    /// Which one.
    pub section: Section,
    /// As of which run, and what coverage is missing.
    pub as_of: String,
    /// Its text, before the tables.
    pub paragraphs: Vec<String>,
    /// What a page draws; its facts are in the tables, too.
    pub timeline: Option<Timeline>,
    /// Its tables.
    pub tables: Vec<Table>,
}

/// A table. In a workbook it is a sheet of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its heading.
    pub title: &'static str,
    /// The name of its sheet: at most 31 characters, unique in the document.
    pub sheet: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has one field per column.
    pub rows: Vec<Vec<Field>>,
    /// What stands in its place when it has no rows: an empty table must not look like one that was left out.
    pub when_empty: &'static str,
    /// The first column heads a group of rows: a heading of its own on paper.
    pub is_grouped: bool,
    /// Too long for paper: only in a workbook.
    pub is_detail: bool,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(title: &'static str, sheet: &'static str, columns: Vec<Column>) -> Self {
        Self { title, sheet, columns, rows: Vec::new(), when_empty: "None.", is_grouped: false, is_detail: false }
    }

    /// Says what stands in its place when it is empty.
    pub(crate) fn when_empty(mut self, text: &'static str) -> Self {
        self.when_empty = text;
        self
    }

    /// Its first column heads groups.
    pub(crate) fn grouped(mut self) -> Self {
        self.is_grouped = true;
        self
    }

    /// Only in a workbook.
    pub(crate) fn detail(mut self) -> Self {
        self.is_detail = true;
        self
    }

    /// Adds rows.
    pub(crate) fn rows(mut self, rows: impl IntoIterator<Item = Vec<Field>>) -> Self {
        self.rows.extend(rows);
        debug_assert!(self.rows.iter().all(|row| row.len() == self.columns.len()), "{}", self.title);
        self
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// How wide it is in a workbook, in characters.
    pub width: u16,
    /// Whether it holds numbers.
    pub is_number: bool,
}

/// A column of text.
pub(crate) fn text(title: impl Into<String>, width: u16) -> Column {
    Column { title: title.into(), width, is_number: false }
}

/// A column of numbers.
pub(crate) fn number(title: impl Into<String>) -> Column {
    Column { title: title.into(), width: 11, is_number: true }
}

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// Not known, or there is none.
    Absent,
    /// A text, which may come from anywhere.
    Text(String),
    /// A number.
    Number(i64),
    /// What is done about a control, which a page may colour.
    Treatment(Treatment),
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Absent } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Absent } else { Self::Text(text) }
    }
}

impl From<&String> for Field {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<i64> for Field {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Field {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Field>> From<Option<T>> for Field {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}
