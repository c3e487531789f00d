//! What a unit of work is given: paced and repeated requests, a way to hand on pages, and its own account.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use carveout_model::{Coverage, CoverageStatus, Observation, Provider, Resource};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use crate::{Event, Failure, FailureClass, Pacer, Quota, Redactor};

/// Requests of one call before it is given up. A crawl has more patience than an interactive caller.
const ATTEMPTS: u32 = 8;
/// First pause after a refusal for rate; doubled each time, with full jitter.
const THROTTLE_PAUSE: Duration = Duration::from_secs(1);
/// First pause after a transient failure.
const TRANSIENT_PAUSE: Duration = Duration::from_millis(50);
/// Longest pause of our own; a provider may ask for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// Longest pause that a provider may ask for; past it, the unit gives up and says so.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(120);
/// A dead endpoint is asked this often, not [`ATTEMPTS`] times.
const UNREACHABLE_ATTEMPTS: u32 = 4;

/// Which try of a call this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// 0 for the first.
    pub number: u32,
    /// The last try found the credentials expired: renew them first.
    pub renew_credentials: bool,
}

/// Resources on their way to the warehouse, with what their size reserves of the memory budget.
#[derive(Debug)]
pub struct Page {
    /// The resources, redacted.
    pub resources: Vec<Resource>,
    /// Who they name.
    pub observations: Vec<Observation>,
    /// Given back when the page is dropped.
    _budget: OwnedSemaphorePermit,
}

/// What all units of a crawl share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) pacer: Pacer,
    pub(crate) redactor: Redactor,
    /// One permit per KiB of pages in flight.
    pub(crate) budget: Arc<Semaphore>,
    pub(crate) budget_kib: u32,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) stop: CancellationToken,
    pub(crate) requests: AtomicU64,
    pub(crate) resources: AtomicU64,
    pub(crate) retries: AtomicU64,
}

/// What an account line is about.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) provider: Provider,
    pub(crate) scope_id: String,
    pub(crate) region: String,
    pub(crate) type_name: String,
}

/// The surroundings of one unit, or of one part of it that is accounted for by itself.
#[derive(Debug)]
pub struct UnitContext {
    shared: Arc<Shared>,
    unit: Arc<str>,
    subject: Subject,
    started: Instant,
    requests: AtomicU64,
    retries: AtomicU64,
    resources: AtomicU64,
    gaps: Mutex<BTreeMap<(String, CoverageStatus), Gap>>,
    /// Closed parts; shared between a unit and all its parts.
    ledger: Arc<Mutex<Vec<Coverage>>>,
}

#[derive(Debug)]
struct Gap {
    times: u64,
    code: Option<String>,
    message: String,
}

impl UnitContext {
    pub(crate) fn new(shared: Arc<Shared>, unit: Arc<str>, subject: Subject) -> Self {
        Self {
            shared,
            unit,
            subject,
            started: Instant::now(),
            requests: AtomicU64::new(0),
            retries: AtomicU64::new(0),
            resources: AtomicU64::new(0),
            gaps: Mutex::default(),
            ledger: Arc::default(),
        }
    }

    /// Sends one request when its bucket has room, and again while that can help.
    ///
    /// # Errors
    /// The last failure, when it can't be repeated or the attempts are used up.
    pub async fn call<T, F, Fut>(&self, bucket: &str, quota: Quota, request: F) -> Result<T, Failure>
    where
        F: Fn(Attempt) -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, Failure>> + Send,
    {
        let bucket = self.shared.pacer.bucket(bucket, quota);
        let mut attempt = Attempt { number: 0, renew_credentials: false };
        let mut renewed = false;
        loop {
            let turn = self.shared.pacer.turn(&bucket).await;
            self.count(&self.requests, &self.shared.requests);
            let failure = match request(attempt).await {
                Ok(answer) => {
                    bucket.answered();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            drop(turn);
            if let FailureClass::Throttled { retry_after } = failure.class {
                bucket.refused(retry_after);
            } else {
                bucket.answered();
            }
            let pause = match failure.class {
                FailureClass::CredentialsExpired if !renewed => {
                    renewed = true;
                    Some(Duration::ZERO)
                }
                _ => pause(&failure, attempt.number),
            };
            let Some(pause) = pause else { return Err(failure) };
            tracing::debug!(unit = %self.unit, attempt = attempt.number, %failure, "repeating a request");
            self.count(&self.retries, &self.shared.retries);
            attempt = Attempt {
                number: attempt.number + 1,
                renew_credentials: failure.class == FailureClass::CredentialsExpired,
            };
            tokio::time::sleep(pause).await;
        }
    }

    fn count(&self, own: &AtomicU64, all: &AtomicU64) {
        own.fetch_add(1, Ordering::Relaxed);
        all.fetch_add(1, Ordering::Relaxed);
    }

    /// Redacts the resources and hands them on; waits while the pages in flight fill the memory budget.
    pub async fn emit(&self, mut resources: Vec<Resource>, observations: Vec<Observation>) {
        let mut bytes = 0;
        for resource in &mut resources {
            bytes += self.shared.redactor.redact(resource);
        }
        let kib = u32::try_from(bytes / 1024 + 1).unwrap_or(u32::MAX).min(self.shared.budget_kib);
        let budget = Arc::clone(&self.shared.budget).acquire_many_owned(kib).await;
        let budget = budget.expect("the memory budget is never closed");
        let count = resources.len() as u64;
        self.resources.fetch_add(count, Ordering::Relaxed);
        self.shared.resources.fetch_add(count, Ordering::Relaxed);
        let page = Page { resources, observations, _budget: budget };
        // A receiver that is gone means that the run is being given up; the engine's own end reports it.
        let _ = self.shared.events.send(Event::Page { unit: Arc::clone(&self.unit), page }).await;
    }

    /// Opens an account of its own for a part of this unit: a child type, or one scope inside a pass over an index.
    #[must_use]
    pub fn part(&self, scope_id: &str, region: &str, type_name: &str) -> Self {
        let subject = Subject {
            provider: self.subject.provider,
            scope_id: scope_id.to_owned(),
            region: region.to_owned(),
            type_name: type_name.to_owned(),
        };
        let part = Self::new(Arc::clone(&self.shared), Arc::clone(&self.unit), subject);
        Self { ledger: Arc::clone(&self.ledger), ..part }
    }

    /// Closes a part's account: how it ended becomes one row of coverage.
    pub fn close(self, result: Result<(), &Failure>) {
        let rows = self.rows(result);
        lock(&self.ledger).extend(rows);
    }

    /// Closes a part's account with a reason of our own: a cap that was reached, a type that is left out.
    pub fn close_as(self, status: CoverageStatus, message: impl Into<String>) {
        let mut rows = self.rows(Ok(()));
        if let Some(row) = rows.first_mut() {
            row.status = status;
            row.message = Some(message.into());
        }
        lock(&self.ledger).extend(rows);
    }

    /// Records that one detail (`GetBucketPolicy`) of one resource could not be read. The listing stands; the gap
    /// becomes a row of coverage named `type#detail` that counts the resources it concerns.
    pub fn gap(&self, detail: &str, failure: &Failure) {
        let mut gaps = lock(&self.gaps);
        let gap = gaps.entry((detail.to_owned(), failure.status())).or_insert_with(|| Gap {
            times: 0,
            code: failure.code.clone(),
            message: failure.message.clone(),
        });
        gap.times += 1;
    }

    /// Whether the run is being stopped: finish the page, don't start another.
    pub fn is_stopping(&self) -> bool {
        self.shared.stop.is_cancelled()
    }

    /// The rows of a finished unit: its own first, then its gaps and its parts.
    pub(crate) fn finish(self, result: Result<(), &Failure>) -> Vec<Coverage> {
        let mut rows = self.rows(result);
        rows.append(&mut lock(&self.ledger));
        rows
    }

    fn rows(&self, result: Result<(), &Failure>) -> Vec<Coverage> {
        let row = |type_name: String, status, resources| Coverage {
            provider: self.subject.provider,
            scope_id: self.subject.scope_id.clone(),
            region: self.subject.region.clone(),
            type_name,
            status,
            resources,
            requests: 0,
            retries: 0,
            elapsed_ms: 0,
            error_code: None,
            message: None,
        };
        let own = Coverage {
            requests: self.requests.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            elapsed_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            error_code: result.err().and_then(|failure| failure.code.clone()),
            message: result.err().map(|failure| format!("{}: {}", failure.operation, failure.message)),
            ..row(
                self.subject.type_name.clone(),
                result.err().map_or(CoverageStatus::Ok, Failure::status),
                self.resources.load(Ordering::Relaxed),
            )
        };
        let gaps = std::mem::take(&mut *lock(&self.gaps));
        let gap_rows = gaps.into_iter().map(|((detail, status), gap)| Coverage {
            error_code: gap.code,
            message: Some(gap.message),
            ..row(format!("{}#{detail}", self.subject.type_name), status, gap.times)
        });
        std::iter::once(own).chain(gap_rows).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long to wait before the next try; none when there should be none.
fn pause(failure: &Failure, number: u32) -> Option<Duration> {
    let attempts = if failure.class == FailureClass::Unreachable { UNREACHABLE_ATTEMPTS } else { ATTEMPTS };
    if !failure.is_worth_repeating() || number + 1 >= attempts {
        return None;
    }
    if let FailureClass::Throttled { retry_after: Some(asked) } = failure.class {
        return (asked <= LONGEST_RETRY_AFTER).then_some(asked);
    }
    let base = if matches!(failure.class, FailureClass::Throttled { .. }) { THROTTLE_PAUSE } else { TRANSIENT_PAUSE };
    let longest = (base * 2_u32.pow(number)).min(LONGEST_PAUSE);
    Some(longest.mul_f64(fastrand::f64()))
}
