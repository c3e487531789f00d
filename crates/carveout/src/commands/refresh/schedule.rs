//! Runs by a schedule, in one process, until it is told to stop.

use std::{str::FromStr, sync::Arc, time::Duration};

use cronexpr::{Crontab, FallbackTimezoneOption, MakeTimestamp, ParseOptions};
use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::{health::Health, notify, once};
use crate::{
    cli::{Global, Refresh},
    error::{CliError, Exit},
};

/// When to run: a cron expression of five fields with an optional IANA time zone (`0 2 * * * Europe/Berlin`), UTC
/// without.
#[derive(Debug, Clone)]
pub struct Schedule {
    crontab: Crontab,
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut options = ParseOptions::default();
        options.fallback_timezone_option = FallbackTimezoneOption::UTC;
        let crontab = cronexpr::parse_crontab_with(text, options)
            .map_err(|error| format!("{error}\n  write for example \"0 2 * * * Europe/Berlin\""))?;
        Ok(Self { crontab })
    }
}

impl Schedule {
    /// The first time after a moment.
    ///
    /// # Errors
    /// There is none: the 30th of February.
    fn after(&self, moment: Timestamp) -> Result<Timestamp, CliError> {
        let never = |reason: String| CliError::usage(format!("the schedule has no next time: {reason}"));
        let from = MakeTimestamp::from_second(moment.as_second()).map_err(|error| never(error.to_string()))?;
        let next = self.crontab.find_next(from).map_err(|error| never(error.to_string()))?;
        Timestamp::from_second(next.timestamp().as_second()).map_err(|error| never(error.to_string()))
    }
}

/// Waits, runs, and waits again. A run that fails is told and does not end the schedule; an interrupt does, after what
/// is going on was put away.
pub fn run(
    global: &Global,
    arguments: &Refresh,
    schedule: &Schedule,
    runtime: &Runtime,
    stop: &CancellationToken,
) -> Result<Exit, CliError> {
    let health = Arc::new(Health::default());
    if let Some(address) = arguments.health {
        runtime.block_on(Arc::clone(&health).listen(runtime, address))?;
    }
    loop {
        let due = schedule.after(Timestamp::now())?;
        let pause = jitter(arguments.jitter);
        let at = due.checked_add(pause).unwrap_or(due);
        health.is_due(at);
        tracing::info!(at = %at, "next run");
        if !runtime.block_on(wait_until(at, stop)) {
            return Ok(Exit::Done);
        }
        let started = Timestamp::now();
        let outcome = once(global, arguments, runtime, stop);
        health.has_run(&outcome, started);
        notify::tell(arguments.notify.as_deref(), &outcome);
        if stop.is_cancelled() {
            return outcome.map(|refreshed| refreshed.exit);
        }
        if let Err(error) = outcome {
            tracing::error!("{error}");
        }
    }
}

/// Waits for a moment of the clock on the wall, which a suspended machine does not stop; false where it is told to stop.
async fn wait_until(moment: Timestamp, stop: &CancellationToken) -> bool {
    const LONGEST: Duration = Duration::from_secs(30);
    loop {
        let left = Duration::try_from(moment.duration_since(Timestamp::now())).unwrap_or_default();
        if left.is_zero() {
            return !stop.is_cancelled();
        }
        tokio::select! {
            () = stop.cancelled() => return false,
            () = tokio::time::sleep(left.min(LONGEST)) => {}
        }
    }
}

/// A random part of the longest pause, so that many workspaces don't call at the same second.
fn jitter(longest: Duration) -> Duration {
    let mut bytes = [0; 4];
    // Without randomness there is no jitter, and the run is on time.
    if getrandom::fill(&mut bytes).is_err() {
        return Duration::ZERO;
    }
    longest.mul_f64(f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(schedule: &str, after: &str) -> String {
        let schedule: Schedule = schedule.parse().expect("it is one");
        schedule.after(after.parse().expect("a moment")).expect("there is a next time").to_string()
    }

    #[test]
    fn a_zone_counts_and_follows_its_summer_time() {
        assert_eq!(next("0 2 * * *", "2026-11-24T01:00:00Z"), "2026-11-24T02:00:00Z");
        assert_eq!(next("0 2 * * * Europe/Berlin", "2026-11-24T03:00:00Z"), "2026-11-25T01:00:00Z");
        assert_eq!(next("0 2 * * * Europe/Berlin", "2026-07-01T03:00:00Z"), "2026-07-02T00:00:00Z");
    }

    #[test]
    fn what_is_no_schedule_says_what_one_looks_like() {
        let error = "every day".parse::<Schedule>().expect_err("it is none");
        assert!(error.contains("0 2 * * *"), "{error}");
    }

    #[test]
    fn jitter_stays_below_its_limit() {
        assert_eq!(jitter(Duration::ZERO), Duration::ZERO);
        assert!((0..100).all(|_| jitter(Duration::from_secs(10)) <= Duration::from_secs(10)));
    }
}
