//! What failed, what to do about it, and the exit status.

use std::{error::Error, fmt, process::ExitCode};

/// How the program ends. The numbers are the contract with schedulers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All done.
    Done,
    /// It failed.
    Failed,
    /// Wrong usage or configuration.
    Usage,
    /// Done, but something could not be read.
    Incomplete,
    /// A --fail-on condition holds.
    Condition,
}

impl Exit {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Incomplete => "incomplete",
            Self::Condition => "condition",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Condition => 4,
        })
    }
}

/// An error on its way to a person.
#[derive(Debug)]
pub struct CliError {
    /// What failed and where.
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    /// What to do.
    hint: Option<String>,
    exit: Exit,
}

impl CliError {
    /// The command line or the configuration is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None, hint: None, exit: Exit::Usage }
    }

    /// Something failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None, hint: None, exit: Exit::Failed }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What failed and why, for other places than a terminal.
    pub fn message(&self) -> String {
        let mut text = self.message.trim_end().to_owned();
        let mut cause = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = cause {
            text = format!("{text}: {}", error.to_string().trim_end());
            cause = error.source();
        }
        text
    }

    /// What to do.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The exit status that it asks for.
    pub const fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for CliError {
    /// `error: …`, the causes one a line, then `hint: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message.trim_end())?;
        let mut cause = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = cause {
            write!(f, "\n  because: {}", error.to_string().trim_end().replace('\n', "\n  "))?;
            cause = error.source();
        }
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Puts a library's error into words for a person.
pub trait OrFail<T> {
    /// Fails with what could not be done; the error itself becomes the cause.
    fn or_fail(self, message: impl FnOnce() -> String) -> Result<T, CliError>;

    /// The same for wrong usage or configuration.
    fn or_usage(self, message: impl FnOnce() -> String) -> Result<T, CliError>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> OrFail<T> for Result<T, E> {
    fn or_fail(self, message: impl FnOnce() -> String) -> Result<T, CliError> {
        self.map_err(|error| CliError::failed(message()).because(error))
    }

    fn or_usage(self, message: impl FnOnce() -> String) -> Result<T, CliError> {
        self.map_err(|error| CliError::usage(message()).because(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_why_and_what_to_do() {
        let io = std::io::Error::other("no space left");
        let error = CliError::failed("can't write a.duckdb").because(io).hint("free some space");
        assert_eq!(error.to_string(), "error: can't write a.duckdb\n  because: no space left\nhint: free some space");
    }
}
