//! The crawl: every unit of every connector, interleaved over quota buckets.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, atomic::Ordering},
};

use carveout_model::{Coverage, CoverageStatus, Scope};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Connector, ConnectorError, Pacer, Page, RedactionKey, Redactor, Unit,
    context::{Shared, Subject, UnitContext},
};

/// What a crawl hands on, in order for each unit.
#[derive(Debug)]
pub enum Event {
    /// A connector has planned: its scopes, and what is known not to be readable.
    Planned {
        /// The connector.
        connector: String,
        /// Its scopes.
        scopes: Vec<Scope>,
        /// Rows of the ledger for what won't be tried.
        coverage: Vec<Coverage>,
    },
    /// Resources of a unit.
    Page {
        /// The unit's id.
        unit: Arc<str>,
        /// The resources.
        page: Page,
    },
    /// A unit has ended; no page of it follows.
    Finished {
        /// The unit's id.
        unit: Arc<str>,
        /// Its rows of the ledger.
        coverage: Vec<Coverage>,
    },
}

/// How a crawl is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Requests in flight at once, over all clouds.
    pub requests_in_flight: usize,
    /// Units of one bucket at work at once.
    pub units_per_bucket: usize,
    /// Pages in flight to the warehouse, in bytes of JSON.
    pub page_budget_bytes: usize,
    /// The key of the fingerprints that stand for secrets.
    pub redaction_key: RedactionKey,
    /// Ids of units that an interrupted run has finished and that are taken over.
    pub finished: HashSet<String>,
}

impl Options {
    /// The defaults, with the key that every workspace has of its own.
    pub fn new(redaction_key: RedactionKey) -> Self {
        Self {
            requests_in_flight: 64,
            units_per_bucket: 8,
            page_budget_bytes: 64 << 20,
            redaction_key,
            finished: HashSet::new(),
        }
    }
}

/// How a crawl ended.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Connectors that could not plan, with the reason.
    pub failed: Vec<(String, ConnectorError)>,
    /// Units that were crawled, taken over ones included.
    pub units: u64,
    /// Requests sent.
    pub requests: u64,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

/// What a crawl has done so far, for a progress display.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Units planned by the connectors that have planned.
    pub planned: u64,
    /// Units that have ended.
    pub finished: u64,
    /// Resources found.
    pub resources: u64,
    /// Requests sent.
    pub requests: u64,
    /// Requests repeated.
    pub retries: u64,
    /// What is being crawled, one of many.
    pub current: String,
}

/// Crawls everything that the connectors plan and sends it to `events`.
///
/// A slow or dead scope holds up nothing but itself. `stop` ends the crawl after the units at work; what they have
/// finished stays finished. `report` is called after every unit.
pub async fn crawl(
    connectors: &[Arc<dyn Connector>],
    options: Options,
    events: mpsc::Sender<Event>,
    stop: CancellationToken,
    report: &(dyn Fn(&Progress) + Sync),
) -> Outcome {
    let budget_kib = u32::try_from(options.page_budget_bytes / 1024).unwrap_or(u32::MAX).max(1);
    let mut redactor = Redactor::new(options.redaction_key);
    for (type_name, path) in connectors.iter().flat_map(|connector| connector.secrets()) {
        redactor.declare(&type_name, [path]);
    }
    let shared = Arc::new(Shared {
        pacer: Pacer::new(options.requests_in_flight),
        redactor,
        budget: Arc::new(Semaphore::new(budget_kib as usize)),
        budget_kib,
        events: events.clone(),
        stop: stop.clone(),
        requests: 0.into(),
        resources: 0.into(),
        retries: 0.into(),
    });
    let mut outcome = Outcome::default();
    let mut progress = Progress::default();
    let mut queue = Queue::new(options.units_per_bucket);
    let mut planning = JoinSet::new();
    let mut working = JoinSet::new();
    for connector in connectors {
        let (connector, shared) = (Arc::clone(connector), Arc::clone(&shared));
        planning.spawn(async move {
            let subject = Subject {
                provider: connector.provider(),
                scope_id: "*".to_owned(),
                region: "*".to_owned(),
                type_name: "*".to_owned(),
            };
            let context = UnitContext::new(shared, "plan".into(), subject);
            let plan = connector.plan(&context).await;
            (connector, plan)
        });
    }
    loop {
        while !stop.is_cancelled() && working.len() < options.requests_in_flight {
            let Some((connector, unit)) = queue.next() else { break };
            let shared = Arc::clone(&shared);
            working.spawn(work(shared, connector, unit));
        }
        tokio::select! {
            Some(planned) = planning.join_next() => {
                let (connector, plan) = planned.expect("planning does not panic and is not aborted");
                let name = connector.name().to_owned();
                match plan {
                    Ok(plan) => {
                        tracing::info!(connector = %name, scopes = plan.scopes.len(), units = plan.units.len(), "planned");
                        for unit in plan.units {
                            progress.planned += 1;
                            if options.finished.contains(&unit.id()) {
                                progress.finished += 1;
                            } else {
                                queue.push(Arc::clone(&connector), unit);
                            }
                        }
                        let event = Event::Planned { connector: name, scopes: plan.scopes, coverage: plan.coverage };
                        if events.send(event).await.is_err() {
                            stop.cancel();
                        }
                    }
                    Err(error) => outcome.failed.push((name, error)),
                }
            }
            Some(ended) = working.join_next() => {
                let (unit, coverage) = ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
                queue.release(&unit.bucket);
                progress.finished += 1;
                progress.current = format!("{} {} {}", unit.scope_id, unit.region, unit.type_name);
                if let Some(coverage) = coverage {
                    let event = Event::Finished { unit: unit.id().into(), coverage };
                    if events.send(event).await.is_err() {
                        stop.cancel();
                    }
                }
            }
            else => break,
        }
        progress.requests = shared.requests.load(Ordering::Relaxed);
        progress.resources = shared.resources.load(Ordering::Relaxed);
        progress.retries = shared.retries.load(Ordering::Relaxed);
        report(&progress);
    }
    outcome.units = progress.finished;
    outcome.requests = progress.requests;
    outcome.stopped = stop.is_cancelled();
    outcome
}

/// Crawls one unit. No rows when the run was stopped in the middle of it: it has not ended, it was abandoned.
async fn work(shared: Arc<Shared>, connector: Arc<dyn Connector>, unit: Unit) -> (Unit, Option<Vec<Coverage>>) {
    let subject = Subject {
        provider: unit.provider,
        scope_id: unit.scope_id.clone(),
        region: unit.region.clone(),
        type_name: unit.type_name.clone(),
    };
    let stop = shared.stop.clone();
    let context = UnitContext::new(shared, unit.id().into(), subject);
    let result = tokio::select! {
        result = connector.crawl(&unit, &context) => result,
        () = stop.cancelled() => return (unit, None),
    };
    let coverage = context.finish(result.as_ref().copied());
    for row in coverage.iter().filter(|row| row.status != CoverageStatus::Ok) {
        tracing::debug!(
            scope = %row.scope_id, region = %row.region, r#type = %row.type_name, status = %row.status,
            message = row.message.as_deref().unwrap_or_default(), "not read"
        );
    }
    (unit, Some(coverage))
}

/// Units waiting, one line per bucket; buckets take turns, and none has more than its share at work.
struct Queue {
    per_bucket: usize,
    lines: HashMap<String, Line>,
    /// Buckets with a unit waiting and room to start it.
    ready: VecDeque<String>,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<(Arc<dyn Connector>, Unit)>,
    working: usize,
    is_ready: bool,
}

impl Queue {
    fn new(per_bucket: usize) -> Self {
        Self { per_bucket, lines: HashMap::new(), ready: VecDeque::new() }
    }

    fn push(&mut self, connector: Arc<dyn Connector>, unit: Unit) {
        let bucket = unit.bucket.clone();
        self.lines.entry(bucket.clone()).or_default().waiting.push_back((connector, unit));
        self.refresh(&bucket);
    }

    fn next(&mut self) -> Option<(Arc<dyn Connector>, Unit)> {
        let bucket = self.ready.pop_front()?;
        let line = self.lines.get_mut(&bucket)?;
        line.is_ready = false;
        let next = line.waiting.pop_front();
        line.working += 1;
        self.refresh(&bucket);
        next
    }

    fn release(&mut self, bucket: &str) {
        if let Some(line) = self.lines.get_mut(bucket) {
            line.working -= 1;
        }
        self.refresh(bucket);
    }

    fn refresh(&mut self, bucket: &str) {
        let Some(line) = self.lines.get_mut(bucket) else { return };
        if !line.is_ready && !line.waiting.is_empty() && line.working < self.per_bucket {
            line.is_ready = true;
            self.ready.push_back(bucket.to_owned());
        }
    }
}
