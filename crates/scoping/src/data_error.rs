//! What can be wrong with data files: which file, which line, what.

use std::fmt;

use carveout_model::{Frequency, ServiceModel};

/// Everything that is wrong with a set of data files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// By file and line.
    pub problems: Vec<DataProblem>,
}

impl std::error::Error for DataError {}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        write!(f, "{count} problem{} in the control data", if count == 1 { "" } else { "s" })?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataProblem {
    /// The file's name.
    pub file: String,
    /// The line, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub cause: DataCause,
}

impl fmt::Display for DataProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.cause),
            None => write!(f, "{}: {}", self.file, self.cause),
        }
    }
}

/// The kinds of problem that data files can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataCause {
    /// A file that nothing reads.
    #[error("no such data file; known are {known}")]
    UnknownFile {
        /// The names that are read.
        known: String,
    },
    /// Not TOML or CSV, an unknown key, a wrong type.
    #[error("{message}")]
    Syntax {
        /// The parser's message.
        message: String,
    },
    /// A CSV without a column that it needs.
    #[error("the column `{column}` is missing")]
    MissingColumn {
        /// The column.
        column: String,
    },
    /// A CSV with a column that nothing reads.
    #[error("the column `{column}` is not read; known are {known}")]
    UnknownColumn {
        /// The column.
        column: String,
        /// The columns that are read.
        known: String,
    },
    /// A word outside its vocabulary.
    #[error("`{column}`: `{word}` is not one of {expected}")]
    UnknownWord {
        /// The column or key.
        column: String,
        /// The word.
        word: String,
        /// The words that are known.
        expected: String,
    },
    /// Not a number.
    #[error("`{column}`: `{text}` is no number")]
    NotANumber {
        /// The column.
        column: String,
        /// The text.
        text: String,
    },
    /// An id that no criterion has.
    #[error("`{id}` is no trust services criterion; ids look like CC6.1, A1.2, C1.1, PI1.3 or P4.2")]
    UnknownCriterion {
        /// The id.
        id: String,
    },
    /// The same id twice in one file.
    #[error("the control `{id}` is listed twice; give one of them another id")]
    DuplicateControl {
        /// The id.
        id: String,
    },
    /// Two ids that people would take for one.
    #[error("the control `{id}` looks like `{other}`; write both the same way, or give one of them another id")]
    LookAlike {
        /// The id.
        id: String,
        /// The other.
        other: String,
    },
    /// An id with signs that no id has.
    #[error("`{id}` can't be a control's id: letters, digits, hyphens and dots only")]
    UnreadableId {
        /// The id as written.
        id: String,
    },
    /// A reference to a control that is not in the list.
    #[error("there is no control `{id}`")]
    UnknownControl {
        /// The id.
        id: String,
    },
    /// Evidence in a CSV that does not say its kind.
    #[error("`evidence`: `{text}` needs a kind before it (`configuration: {text}`)")]
    EvidenceWithoutKind {
        /// The request as written.
        text: String,
    },
    /// What people decide otherwise says why.
    #[error("a `reason` is needed")]
    WithoutReason,
    /// A fact that others publish says where.
    #[error("a `source` is needed")]
    WithoutSource,
    /// A service model for which nobody owns a layer or a criterion.
    #[error("no row says who owns {subject} under {service_model}")]
    WithoutOwner {
        /// The service model.
        service_model: ServiceModel,
        /// The layer or criterion.
        subject: String,
    },
    /// A row that is about nothing in particular.
    #[error("at least one of {keys} is needed")]
    WithoutKey {
        /// The columns.
        keys: String,
    },
    /// A user entity control that applies and that nobody carries out.
    #[error("`controls` is needed where `applies` is yes")]
    CuecWithoutControl,
    /// A larger population or a higher risk with fewer samples.
    #[error("the samples for {frequency} from {population_from} items on are fewer than for less risk or fewer items")]
    SamplesShrink {
        /// How often the control operates.
        frequency: Frequency,
        /// The row's population.
        population_from: u64,
    },
    /// A control without criteria serves nothing.
    #[error("the control `{id}` names no criteria")]
    WithoutCriteria {
        /// The control.
        id: String,
    },
    /// Evidence of a kind without effort.
    #[error("the control `{id}` asks for evidence of the kind `{kind}`, and effort.toml has no `[evidence.{kind}]`")]
    UnknownEvidenceKind {
        /// The control.
        id: String,
        /// The kind.
        kind: String,
    },
    /// Low, likely and high out of order.
    #[error("`{unit}`: low, likely and high have to grow and can't be negative")]
    HoursOutOfOrder {
        /// The unit.
        unit: String,
    },
    /// A unit that the rules need.
    #[error("the unit `{unit}` is missing")]
    MissingUnit {
        /// The unit.
        unit: String,
    },
}
