//! What can be wrong with a card: where, what, why, and what to do about it.

use std::path::PathBuf;

use jiff::civil::Date;

/// A card that can't be taken, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct CardError {
    /// The file, as it was given.
    pub path: PathBuf,
    /// By line.
    pub problems: Vec<Problem>,
}

impl std::error::Error for CardError {}

impl std::fmt::Display for CardError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.problems.len();
        write!(f, "{}: {count} problem{}", self.path.display(), if count == 1 { "" } else { "s" })?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

/// One thing that is wrong, at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The line, from 1; none where the problem is the whole file.
    pub line: Option<usize>,
    /// The key, with its way down from the root (`controls[2].criteria[0]`); empty for the whole file.
    pub key: String,
    /// What is wrong.
    pub cause: Cause,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        write!(f, "{}; {}", self.cause, self.cause.remedy())
    }
}

/// The kinds of problem that a card can have.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Cause {
    /// The file's name says no format that is read here.
    #[error("a report card is a .toml, .yaml, .yml or .json file, and this is {extension}")]
    UnknownFormat {
        /// `.pdf`, or `a file without extension`.
        extension: String,
    },
    /// Not text.
    #[error("the file is not UTF-8 text")]
    NotUtf8,
    /// Not the format that its name says.
    #[error("not valid {format}: {message}")]
    Syntax {
        /// `TOML`, `YAML` or `JSON`.
        format: &'static str,
        /// The parser's message.
        message: String,
    },
    /// A key that no card has.
    #[error("unknown key")]
    UnknownKey {
        /// The nearest key that exists here, where one is near.
        nearest: Option<&'static str>,
        /// The keys that exist here.
        known: String,
    },
    /// A key twice in one table.
    #[error("the key is written twice, first on line {first_line}")]
    RepeatedKey {
        /// The line of the first.
        first_line: usize,
    },
    /// A key that has to be there.
    #[error("missing")]
    Missing {
        /// What it says.
        meaning: &'static str,
    },
    /// A value of another type.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What it has to be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A word outside its vocabulary.
    #[error("`{word}` is not one of {expected}")]
    UnknownWord {
        /// The word.
        word: String,
        /// The words that are known.
        expected: String,
    },
    /// A day that the calendar does not have, or in another spelling.
    #[error("`{text}` is no date")]
    NotADate {
        /// The text.
        text: String,
    },
    /// An id that no trust services criterion has.
    #[error("`{id}` is no trust services criterion")]
    UnknownCriterion {
        /// The id as written.
        id: String,
    },
    /// A period that ends before it starts.
    #[error("the period ends on {end}, before it starts on {start}")]
    PeriodReversed {
        /// First day.
        start: Date,
        /// Last day.
        end: Date,
    },
    /// A type 2 speaks for a period.
    #[error("a type 2 report without a period")]
    Type2WithoutPeriod,
    /// A type 2 does not speak for one day.
    #[error("a type 2 report speaks for a period and not for a day")]
    Type2WithDay,
    /// A type 1 speaks for one day.
    #[error("a type 1 report without the day that it speaks for")]
    Type1WithoutDay,
    /// A type 1 does not speak for a period.
    #[error("a type 1 report speaks for a day and not for a period")]
    Type1WithPeriod,
    /// A letter that bridges nothing.
    #[error("the bridge letter speaks until {until}, which is not after the period's end on {end}")]
    BridgeBeforePeriodEnd {
        /// The letter's last day.
        until: Date,
        /// The period's last day.
        end: Date,
    },
    /// A letter continues a period.
    #[error("a bridge letter continues the period of a type 2 report, and there is none")]
    BridgeWithoutPeriod,
    /// Criteria excepted by an opinion that is not qualified.
    #[error("criteria are excepted and the opinion is {opinion}")]
    ExceptedWithoutQualification {
        /// The opinion, or `missing`.
        opinion: String,
    },
    /// A reference twice in one list.
    #[error("`{reference}` is used twice, first on line {first_line}")]
    RepeatedReference {
        /// The reference.
        reference: String,
        /// The line of the first.
        first_line: usize,
    },
    /// A value twice in one list.
    #[error("`{value}` is listed twice")]
    RepeatedValue {
        /// The value.
        value: String,
    },
    /// An exception in a control that the card does not list.
    #[error("`{reference}` is none of the card's controls")]
    UnknownControl {
        /// The reference.
        reference: String,
    },
    /// A complementary control assumed of an organization that the card does not list.
    #[error("`{name}` is none of the card's subservice organizations")]
    UnknownSubservice {
        /// The name.
        name: String,
    },
}

impl Cause {
    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::UnknownFormat { .. } => {
                "copy the report's facts into a card (`carveout reports template`)".to_owned()
            }
            Self::NotUtf8 => "save the file as UTF-8".to_owned(),
            Self::Syntax { .. } => "correct the file at that place".to_owned(),
            Self::UnknownKey { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::UnknownKey { nearest: None, known } => format!("the keys here are {known}"),
            Self::RepeatedKey { .. } => "keep one of the two".to_owned(),
            Self::Missing { meaning } => format!("add it: {meaning}"),
            Self::WrongType { expected, .. } => match *expected {
                "text" => "put the value in quotes".to_owned(),
                "a list of texts" => "write `[\"…\", \"…\"]`".to_owned(),
                "a date" => "write it as YYYY-MM-DD".to_owned(),
                _ => format!("write {expected} here"),
            },
            Self::UnknownWord { .. } => "use one of these words".to_owned(),
            Self::NotADate { .. } => "write it as YYYY-MM-DD".to_owned(),
            Self::UnknownCriterion { .. } => "write ids as in CC6.1, A1.2, C1.1, PI1.3 or P4.2".to_owned(),
            Self::PeriodReversed { .. } => "check both dates against the report's title page".to_owned(),
            Self::Type2WithoutPeriod => {
                "add `period = { start = …, end = … }`, or say `report_type = \"type1\"`".to_owned()
            }
            Self::Type2WithDay => "remove `as_of`, or say `report_type = \"type1\"` and remove the period".to_owned(),
            Self::Type1WithoutDay => "add `as_of = …`, or say `report_type = \"type2\"` with a period".to_owned(),
            Self::Type1WithPeriod => "remove `period`, or say `report_type = \"type2\"`".to_owned(),
            Self::BridgeBeforePeriodEnd { .. } => {
                "a letter runs from the period's end on: check its last day".to_owned()
            }
            Self::BridgeWithoutPeriod => "remove `bridge_letter`, or add the period that it continues".to_owned(),
            Self::ExceptedWithoutQualification { .. } => {
                "say `opinion = \"qualified\"`, or remove `qualified_criteria`".to_owned()
            }
            Self::RepeatedReference { .. } => "give each entry the report's own reference, once".to_owned(),
            Self::RepeatedValue { .. } => "list it once".to_owned(),
            Self::UnknownControl { .. } => "use the `ref` of a control, or leave `controls` out altogether".to_owned(),
            Self::UnknownSubservice { .. } => {
                "use a `name` of `subservice_organizations` as it is written there".to_owned()
            }
        }
    }
}
