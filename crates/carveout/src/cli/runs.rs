//! Verbs that go on: a refresh, its schedule, what monitors ask, and the page of a session.

use std::path::PathBuf;

use clap::Args;

use super::Output;
use crate::commands::refresh::Schedule;

#[derive(Debug, Args)]
pub struct Refresh {
    /// Only these connectors (aws, azure, gcp, soc2_reports)
    #[arg(long, value_name = "CONNECTOR", num_args = 1.., value_delimiter = ',')]
    pub only: Vec<String>,
    /// Only these resource types; others keep their last known state
    #[arg(long, value_name = "GLOB", num_args = 1.., value_delimiter = ',')]
    pub types: Vec<String>,
    /// Continue an interrupted run that is no older than this (30m, 6h, 2d); 0s starts over
    #[arg(long, value_name = "AGE", default_value = "6h", value_parser = parse_age)]
    pub resume_within: std::time::Duration,
    /// Run again and again: a cron expression, with a time zone or in UTC ("0 2 * * * Europe/Berlin")
    #[arg(long, value_name = "CRON")]
    pub schedule: Option<Schedule>,
    /// Begin a scheduled run up to this much later, at random
    #[arg(long, value_name = "AGE", default_value = "0s", value_parser = parse_age, requires = "schedule")]
    pub jitter: std::time::Duration,
    /// Answer /healthz and /metrics (Prometheus) on this address of this machine
    #[arg(long, value_name = "ADDRESS:PORT", requires = "schedule")]
    pub health: Option<std::net::SocketAddr>,
    /// After each run, run this in a shell with a JSON summary on its standard input
    #[arg(long, value_name = "COMMAND")]
    pub notify: Option<String>,
    #[command(flatten)]
    pub fail_on: FailOn,
}

/// Conditions that end with exit status 4.
#[derive(Debug, Clone, Args)]
pub struct FailOn {
    /// End with status 4 when this holds
    ///
    /// stale (older than a day) or stale=AGE, partial (something could not be read), failing-check, new-third-party
    #[arg(long, value_name = "CONDITION", num_args = 1.., value_delimiter = ',', value_parser = parse_condition)]
    pub fail_on: Vec<Condition>,
}

/// What --fail-on can watch for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The last sealed run is older than this
    Stale(std::time::Duration),
    /// Something could not be read
    Partial,
    /// A check fails
    FailingCheck,
    /// A third party was seen for the first time
    NewThirdParty,
}

#[derive(Debug, Args)]
pub struct Status {
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub fail_on: FailOn,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8577")]
    pub listen: std::net::SocketAddr,
    /// A name under which the page is reached, beyond addresses and localhost
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub allow_host: Vec<String>,
    /// A file with the token to ask for; without it, one is made where others can connect
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

fn parse_condition(text: &str) -> Result<Condition, String> {
    const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);
    match text.split_once('=') {
        Some(("stale", age)) => parse_age(age).map(Condition::Stale),
        None if text == "stale" => Ok(Condition::Stale(DAY)),
        None if text == "partial" => Ok(Condition::Partial),
        None if text == "failing-check" => Ok(Condition::FailingCheck),
        None if text == "new-third-party" => Ok(Condition::NewThirdParty),
        _ => Err("one of stale, stale=26h, partial, failing-check, new-third-party".to_owned()),
    }
}

fn parse_age(text: &str) -> Result<std::time::Duration, String> {
    let span: jiff::Span =
        text.parse().map_err(|_| format!("`{text}` is not an age; write for example 30m, 6h or 2d"))?;
    let day = jiff::SpanRelativeTo::days_are_24_hours();
    let duration = span.to_duration(day).map_err(|error| error.to_string())?;
    std::time::Duration::try_from(duration).map_err(|_| format!("`{text}` lies in the future"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staleness_has_an_age() {
        let hours = |hours: u64| Condition::Stale(std::time::Duration::from_secs(hours * 3_600));
        assert_eq!(parse_condition("stale"), Ok(hours(24)));
        assert_eq!(parse_condition("stale=26h"), Ok(hours(26)));
        assert!(parse_condition("stale=soon").is_err() && parse_condition("partial=1h").is_err());
    }

    #[test]
    fn ages_are_read_with_days() {
        assert_eq!(parse_age("2d"), Ok(std::time::Duration::from_secs(172_800)));
        assert_eq!(parse_age("30m"), Ok(std::time::Duration::from_secs(1800)));
        assert!(parse_age("soon").is_err());
    }
}
