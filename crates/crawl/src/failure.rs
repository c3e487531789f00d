//! Why a request failed, in the classes that decide what happens next.

use std::time::Duration;

use carveout_model::CoverageStatus;

/// What a failure means for the crawl. The connector decides it from the provider's own codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// Refused for rate: repeated after a pause, and the bucket slows down.
    Throttled {
        /// The pause that the provider asks for.
        retry_after: Option<Duration>,
    },
    /// Failed on the provider's side: repeated.
    Transient,
    /// No answer at all: repeated.
    Unreachable,
    /// The session's credentials ran out: renewed and repeated once.
    CredentialsExpired,
    /// The credentials may not do it: recorded, never repeated.
    Denied,
    /// The service is not offered or not enabled here: recorded, never repeated.
    Unsupported,
    /// The thing asked about does not exist: the caller decides whether that is an answer.
    Absent,
    /// Left out on purpose: a cap was reached, and there is more. Recorded, never repeated; what was listed is not whole.
    LeftOut,
    /// Anything else, an answer that can't be read included: recorded, never repeated.
    Fatal,
}

/// One failed request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {message}{}", code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default())]
pub struct Failure {
    /// What it means.
    pub class: FailureClass,
    /// What was asked (`iam:ListRoles`, `GET /subscriptions`).
    pub operation: String,
    /// The provider's error code.
    pub code: Option<String>,
    /// The provider's message, without credentials.
    pub message: String,
}

impl Failure {
    /// A failure without a provider's code.
    pub fn new(class: FailureClass, operation: impl Into<String>, message: impl Into<String>) -> Self {
        Self { class, operation: operation.into(), code: None, message: message.into() }
    }

    /// Adds the provider's error code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// How a unit that ended with this failure stands in the coverage ledger.
    pub fn status(&self) -> CoverageStatus {
        match self.class {
            FailureClass::Throttled { .. } => CoverageStatus::Throttled,
            FailureClass::Unreachable => CoverageStatus::Unreachable,
            FailureClass::Denied | FailureClass::CredentialsExpired => CoverageStatus::Denied,
            FailureClass::Unsupported => CoverageStatus::Unsupported,
            FailureClass::LeftOut => CoverageStatus::Skipped,
            FailureClass::Transient | FailureClass::Absent | FailureClass::Fatal => CoverageStatus::Error,
        }
    }

    /// Whether asking again may help.
    pub(crate) fn is_worth_repeating(&self) -> bool {
        matches!(self.class, FailureClass::Throttled { .. } | FailureClass::Transient | FailureClass::Unreachable)
    }
}
