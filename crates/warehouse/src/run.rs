//! Runs and counts as the warehouse tells them.

use std::{collections::BTreeSet, fmt, str::FromStr, time::Duration};

use carveout_model::Provider;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The number of a run; 1 for the first of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Crawling.
    Running,
    /// Sealed, and every unit is `ok`.
    Complete,
    /// Sealed, and some coverage is not `ok`.
    Partial,
    /// Ended without a seal.
    Failed,
    /// Killed or stopped; the next run continues it.
    Interrupted,
}

impl RunStatus {
    /// The word as the table spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for RunStatus {
    type Err = serde_json::Error;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        serde_json::from_value(serde_json::Value::String(word.to_owned()))
    }
}

/// What a run is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRequest {
    /// What was asked for, for people (`aws azure gcp`).
    pub requested: String,
    /// When it began.
    pub started_at: Timestamp,
    /// How old finished units of an interrupted run may be to be taken over; none to start from nothing.
    pub resume_within: Option<Duration>,
}

/// A run that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub run_id: RunId,
    /// Units that an interrupted run finished without a failure, not older than asked for: their pages and coverage are
    /// already in this run and need not be crawled again.
    pub finished_units: BTreeSet<String>,
    /// The run that was found running, without a process to run it; it is marked interrupted.
    pub interrupted: Option<RunId>,
}

/// What a sealed run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Its number.
    pub run_id: RunId,
    /// Complete or partial.
    pub status: RunStatus,
    /// Live resources.
    pub resources: u64,
    /// Seen for the first time.
    pub added: u64,
    /// Seen in another state.
    pub changed: u64,
    /// Proved gone.
    pub removed: u64,
    /// Not seen and not proved gone: kept in their last known state.
    pub carried_forward: u64,
    /// Requests to providers, repeats included.
    pub requests: u64,
}

/// One row of `inventory.runs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRow {
    /// Its number.
    pub run_id: RunId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How it stands.
    pub status: RunStatus,
    /// What was asked for.
    pub requested: String,
    /// Live resources after it.
    pub resources: Option<u64>,
    /// Seen for the first time.
    pub added: Option<u64>,
    /// Seen in another state.
    pub changed: Option<u64>,
    /// Proved gone.
    pub removed: Option<u64>,
    /// Requests to providers, repeats included.
    pub requests: Option<u64>,
}

/// Where a resource lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceScope {
    /// The resource.
    pub resource_key: String,
    /// The cloud.
    pub provider: Provider,
    /// The account, subscription or project.
    pub scope_id: String,
}
