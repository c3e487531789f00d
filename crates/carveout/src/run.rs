//! One run: crawl, load, seal, derive, publish. `refresh` and `demo` differ in where their connectors point.

use std::sync::Arc;

use carveout_crawl::{Connector, ConnectorError, Event, Options, Outcome, RedactionKey, crawl};
use carveout_model::{Coverage, CoverageStatus, Provider};
use carveout_warehouse::{RunRequest, RunStatus, Warehouse};
use jiff::Timestamp;
use tokio::{runtime::Runtime, sync::mpsc};
use tokio_util::sync::CancellationToken;

use crate::{
    derive::{Basis, Ground, Imports, Sealed, seal},
    error::{CliError, OrFail},
    progress::Display,
};

/// Pages and ends of units waiting for the warehouse; their bytes are bounded by the crawl's own budget.
const EVENTS_WAITING: usize = 256;

/// What a run is asked to do.
pub struct Request<'a> {
    /// Where to read.
    pub connectors: &'a [Arc<dyn Connector>],
    /// What was asked for, in words, for `inventory.runs`.
    pub requested: String,
    /// Continue an interrupted run that is no older.
    pub resume_within: std::time::Duration,
    /// The key of the fingerprints that stand for secrets.
    pub redaction_key: RedactionKey,
    /// Vendors' reports and other documents that were read.
    pub imports: Imports<'a>,
    /// Whether some of them could not be read.
    pub reports_incomplete: bool,
    /// What deriving rests on.
    pub ground: Ground,
    /// Say nothing but the result.
    pub quiet: bool,
    /// Cancelled when the run is to stop; see [`crate::interrupt`].
    pub stop: CancellationToken,
}

/// Carries a run out and publishes it; when it fails before its seal, what was sealed last stays.
pub fn run(warehouse: &mut Warehouse, runtime: &Runtime, mut request: Request<'_>) -> Result<Sealed, CliError> {
    let started_at = Timestamp::now();
    let begun = warehouse
        .begin_run(&RunRequest {
            requested: request.requested.clone(),
            started_at,
            resume_within: (!request.resume_within.is_zero()).then_some(request.resume_within),
        })
        .or_fail(|| "can't begin a run".to_owned())?;
    if let Some(interrupted) = begun.interrupted
        && !begun.finished_units.is_empty()
    {
        tracing::warn!(run = interrupted.0, units = begun.finished_units.len(), "continuing an interrupted run");
    }
    let mut options = Options::new(request.redaction_key.clone());
    options.finished = begun.finished_units.into_iter().collect();
    let outcome = load(warehouse, runtime, &request, options)?;
    if outcome.stopped {
        warehouse
            .end_run(RunStatus::Interrupted, Timestamp::now())
            .or_fail(|| "can't record the interrupted run".to_owned())?;
        return Err(CliError::failed("stopped before the end; the last sealed run is untouched")
            .hint("run `carveout refresh` again to continue with what is left"));
    }
    let crawled = request.connectors.len() - outcome.failed.len();
    if crawled == 0 && !request.connectors.is_empty() {
        warehouse.end_run(RunStatus::Failed, Timestamp::now()).or_fail(|| "can't record the failed run".to_owned())?;
        let reasons: Vec<String> =
            outcome.failed.iter().map(|(name, error)| format!("{name}: {}", chain(error))).collect();
        return Err(CliError::failed(format!(
            "no connector could start; the last sealed run is untouched\n  {}",
            reasons.join("\n  ")
        ))
        .hint("check credentials and endpoints in the configuration"));
    }
    for (name, error) in &outcome.failed {
        tracing::warn!(connector = %name, reason = %chain(error), "this connector could not start");
    }
    record_failed(warehouse, &request, &outcome)?;
    // A run is finished when it has crawled, not when it was asked for.
    request.ground.at = Timestamp::now();
    seal(warehouse, Basis::Crawl, &request.ground, request.imports, request.reports_incomplete)
}

/// Crawls on the runtime and loads on this thread, until the crawl has nothing more to hand on.
fn load(
    warehouse: &mut Warehouse,
    runtime: &Runtime,
    request: &Request<'_>,
    options: Options,
) -> Result<Outcome, CliError> {
    let (sender, mut events) = mpsc::channel(EVENTS_WAITING);
    let stop = request.stop.clone();
    let display = Arc::new(Display::new(request.quiet));
    let crawling = {
        let (connectors, stop, display) = (request.connectors.to_vec(), stop.clone(), Arc::clone(&display));
        runtime
            .spawn(async move { crawl(&connectors, options, sender, stop, &|progress| display.update(progress)).await })
    };
    let mut failure = None;
    while let Some(event) = events.blocking_recv() {
        if failure.is_none()
            && let Err(error) = take(warehouse, event)
        {
            stop.cancel();
            failure = Some(error);
        }
    }
    let outcome = runtime.block_on(crawling).or_fail(|| "the crawl broke off".to_owned());
    display.finish();
    match failure {
        None => outcome,
        Some(error) => {
            // The disk may be full; the run's row is then put right by the next run.
            let _ = warehouse.end_run(RunStatus::Failed, Timestamp::now());
            Err(error)
        }
    }
}

fn take(warehouse: &mut Warehouse, event: Event) -> Result<(), CliError> {
    match event {
        Event::Planned { scopes, coverage, .. } => {
            warehouse.write_scopes(&scopes).and_then(|()| warehouse.record_coverage(&coverage))
        }
        Event::Page { unit, page } => warehouse.load(&unit, &page.resources, &page.observations),
        Event::Finished { unit, coverage } => warehouse.finish_unit(&unit, &coverage, Timestamp::now()),
    }
    .or_fail(|| "can't store what was crawled".to_owned())
}

/// Records which connectors did not start.
fn record_failed(warehouse: &mut Warehouse, request: &Request<'_>, outcome: &Outcome) -> Result<(), CliError> {
    for (name, error) in &outcome.failed {
        let Some(connector) = request.connectors.iter().find(|connector| connector.name() == name) else { continue };
        let row = failed_connector(connector.provider(), name, error);
        warehouse.record_coverage(&[row]).or_fail(|| "can't record what was not read".to_owned())?;
    }
    Ok(())
}

fn failed_connector(provider: Provider, name: &str, error: &ConnectorError) -> Coverage {
    let (status, error_code) = match error {
        ConnectorError::Discovery(failure) => (failure.status(), failure.code.clone()),
        ConnectorError::Credentials { .. } => (CoverageStatus::Denied, None),
        ConnectorError::Configuration { .. } => (CoverageStatus::Error, None),
    };
    Coverage {
        provider,
        scope_id: "*".to_owned(),
        region: "*".to_owned(),
        type_name: "*".to_owned(),
        status,
        resources: 0,
        requests: 0,
        retries: 0,
        elapsed_ms: 0,
        error_code,
        message: Some(format!("connector {name} could not start: {}", chain(error))),
    }
}

/// An error with its causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
