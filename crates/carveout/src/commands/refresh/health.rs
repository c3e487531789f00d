//! What monitors ask a scheduled refresh: `/healthz`, and `/metrics` in Prometheus' text format (version 0.0.4).

use std::{
    fmt::Write as _,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use jiff::Timestamp;
use tokio::{net::TcpListener, runtime::Runtime};

use super::Refreshed;
use crate::error::{CliError, Exit, OrFail};

/// What is known of the runs of this process.
#[derive(Debug, Default)]
pub struct Health {
    known: Mutex<Known>,
}

#[derive(Debug, Default, Clone)]
struct Known {
    next_run: Option<Timestamp>,
    last: Option<LastRun>,
    done: u64,
    incomplete: u64,
    failed: u64,
}

#[derive(Debug, Clone)]
struct LastRun {
    finished_at: Timestamp,
    seconds: f64,
    /// Absent where the run failed: what was sealed before still stands.
    sealed: Option<SealedRun>,
}

#[derive(Debug, Clone, Copy)]
struct SealedRun {
    run_id: i64,
    resources: u64,
    gaps: usize,
    requests: u64,
}

impl Health {
    /// Says when the next run is due.
    pub fn is_due(&self, at: Timestamp) {
        self.change(|known| known.next_run = Some(at));
    }

    /// Takes what a run came to.
    pub fn has_run(&self, outcome: &Result<Refreshed, CliError>, started: Timestamp) {
        let finished_at = Timestamp::now();
        self.change(|known| {
            let sealed = match outcome {
                Ok(Refreshed { finished, exit, .. }) => {
                    *if matches!(exit, Exit::Done) { &mut known.done } else { &mut known.incomplete } += 1;
                    Some(SealedRun {
                        run_id: finished.summary.run_id.0,
                        resources: finished.summary.resources,
                        gaps: finished.gaps.len(),
                        requests: finished.summary.requests,
                    })
                }
                Err(_) => {
                    known.failed += 1;
                    None
                }
            };
            let seconds = finished_at.duration_since(started).as_secs_f64();
            known.last = Some(LastRun { finished_at, seconds, sealed });
        });
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers on an address of this machine, as long as the runtime lives.
    ///
    /// # Errors
    /// An address that others can reach, or that is taken.
    pub async fn listen(self: Arc<Self>, runtime: &Runtime, address: SocketAddr) -> Result<(), CliError> {
        if !address.ip().is_loopback() {
            return Err(CliError::usage(format!("--health {address} could be reached by others"))
                .hint("use an address of this machine, for example 127.0.0.1:9464; a proxy may publish it"));
        }
        let listener = TcpListener::bind(address).await.or_fail(|| format!("can't listen on {address}"))?;
        let place = listener.local_addr().or_fail(|| format!("can't listen on {address}"))?;
        tracing::info!("health at http://{place}/healthz, metrics at http://{place}/metrics");
        let site = Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics)).with_state(self);
        runtime.spawn(async move { axum::serve(listener, site).await });
        Ok(())
    }
}

/// 503 while the last run of this process has failed; what it had sealed before is still there to read.
async fn healthz(State(health): State<Arc<Health>>) -> (StatusCode, String) {
    match health.known().last {
        None => (StatusCode::OK, "no run yet\n".to_owned()),
        Some(LastRun { sealed: Some(run), finished_at, .. }) => {
            (StatusCode::OK, format!("run {} sealed at {finished_at}\n", run.run_id))
        }
        Some(LastRun { sealed: None, finished_at, .. }) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("the last run failed at {finished_at}\n"))
        }
    }
}

async fn metrics(State(health): State<Arc<Health>>) -> String {
    text(&health.known())
}

fn text(known: &Known) -> String {
    let mut out = String::new();
    let mut metric = |name: &str, kind: &str, help: &str, samples: &[(&str, f64)]| {
        let _ = writeln!(out, "# HELP carveout_{name} {help}\n# TYPE carveout_{name} {kind}");
        for (labels, value) in samples {
            let _ = writeln!(out, "carveout_{name}{labels} {value}");
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a double in this format")]
    let number = |count: u64| count as f64;
    metric(
        "runs_total",
        "counter",
        "Runs of this process, by what they came to.",
        &[
            ("{outcome=\"done\"}", number(known.done)),
            ("{outcome=\"incomplete\"}", number(known.incomplete)),
            ("{outcome=\"failed\"}", number(known.failed)),
        ],
    );
    if let Some(at) = known.next_run {
        let help = "When the next run is due.";
        metric("next_run_timestamp_seconds", "gauge", help, &[("", at.as_duration().as_secs_f64())]);
    }
    let Some(last) = &known.last else { return out };
    let finished = last.finished_at.as_duration().as_secs_f64();
    metric("last_run_timestamp_seconds", "gauge", "When the last run ended.", &[("", finished)]);
    metric("last_run_duration_seconds", "gauge", "How long it took.", &[("", last.seconds)]);
    let is_sealed = if last.sealed.is_some() { 1.0 } else { 0.0 };
    metric("last_run_sealed", "gauge", "Whether it was sealed; 0 where it failed.", &[("", is_sealed)]);
    if let Some(run) = last.sealed {
        metric("resources", "gauge", "Live resources after the last run.", &[("", number(run.resources))]);
        metric("coverage_gaps", "gauge", "Units that the last run could not read.", &[("", number(run.gaps as u64))]);
        metric("requests", "gauge", "Requests to providers in the last run.", &[("", number(run.requests))]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_run_says_nothing_of_resources_but_that_it_failed() {
        let health = Health::default();
        health.has_run(&Err(CliError::failed("no credentials")), Timestamp::now());
        let text = text(&health.known());
        assert!(text.contains("carveout_runs_total{outcome=\"failed\"} 1\n"), "{text}");
        assert!(text.contains("carveout_last_run_sealed 0\n"), "{text}");
        assert!(!text.contains("carveout_resources"), "{text}");
    }
}
