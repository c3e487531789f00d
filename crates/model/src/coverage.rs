//! What a crawl could and could not see.

use serde::{Deserialize, Serialize};

use crate::{Provider, vocabulary::vocabulary};

vocabulary! {
    /// How one unit of crawl work ended. Only `ok` proves absence: a resource may be marked removed by nothing else.
    CoverageStatus {
        /// Listed to the end.
        Ok => "ok",
        /// The credentials may not read it.
        Denied => "denied",
        /// The provider kept refusing for rate until the attempts ran out.
        Throttled => "throttled",
        /// No answer: connection refused, reset or timed out.
        Unreachable => "unreachable",
        /// The service is not offered or not enabled here.
        Unsupported => "unsupported",
        /// Left out on purpose: a suspended account, a cap, a type that the configuration excludes.
        Skipped => "skipped",
        /// Anything else; the message says what.
        Error => "error",
    }
}

impl CoverageStatus {
    /// Whether something that exists may not have been seen. What was left out on purpose and what is not offered are
    /// known facts, and every real crawl has some.
    pub const fn is_gap(self) -> bool {
        matches!(self, Self::Denied | Self::Throttled | Self::Unreachable | Self::Error)
    }
}

/// How one unit of crawl work (type × scope × region) ended: one row of `inventory.coverage`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// The cloud.
    pub provider: Provider,
    /// The account, subscription or project.
    pub scope_id: String,
    /// The region, or `global`.
    pub region: String,
    /// The resource type, or `*` where the whole scope could not be entered.
    pub type_name: String,
    /// How it ended.
    pub status: CoverageStatus,
    /// How many resources were listed.
    pub resources: u64,
    /// How many requests were sent, retries included.
    pub requests: u64,
    /// How many of those were repeats.
    pub retries: u64,
    /// Wall time from the first request to the last answer, in milliseconds.
    pub elapsed_ms: u64,
    /// The provider's error code.
    pub error_code: Option<String>,
    /// What failed and what to do about it.
    pub message: Option<String>,
}
