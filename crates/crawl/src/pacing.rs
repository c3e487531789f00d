//! Quota buckets: how fast and how many at once, learnt from the provider's refusals.
//!
//! Additive increase, multiplicative decrease, as in the adaptive mode of the AWS SDKs: a bucket without a published
//! limit is free until the first refusal; then its rate is cut and grows back slowly under the rate at which it was
//! refused.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

/// What a provider allows in one bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    /// Requests per second to start with; none where the provider publishes no limit.
    pub requests_per_second: Option<f64>,
    /// Requests in flight at once.
    pub in_flight: usize,
}

/// Never slower than this, in requests per second: a bucket has to be able to find out that it is free again.
const SLOWEST: f64 = 0.5;
/// What a refusal leaves of the rate.
const DECREASE: f64 = 0.7;
/// What a second of answers adds to the rate, in requests per second …
const STEADY_INCREASE: f64 = 0.5;
/// … and as a share of it, so that a bucket of a hundred a second does not need minutes.
const RELATIVE_INCREASE: f64 = 0.1;
/// Refusals this close together answer one burst and count once.
const ONE_BURST: Duration = Duration::from_secs(1);

/// The buckets of one crawl.
#[derive(Debug)]
pub struct Pacer {
    in_flight: Arc<Semaphore>,
    buckets: Mutex<HashMap<String, Arc<Bucket>>>,
}

#[derive(Debug)]
pub(crate) struct Bucket {
    in_flight: Arc<Semaphore>,
    pace: Mutex<Pace>,
}

#[derive(Debug)]
struct Pace {
    /// None: unlimited until the first refusal.
    rate: Option<f64>,
    /// The published limit; the rate never grows past it.
    ceiling: f64,
    /// When the next request may leave.
    next: Instant,
    /// When the rate was last cut or raised.
    changed: Instant,
    /// When it was last cut.
    cut: Option<Instant>,
    /// Since when answers are counted, and how many came.
    window: (Instant, u32),
    /// Answers per second in the window before this one.
    measured: f64,
}

impl Pace {
    fn count(&mut self, now: Instant) {
        let seconds = now.duration_since(self.window.0).as_secs_f64();
        if seconds >= 1.0 {
            self.measured = f64::from(self.window.1) / seconds;
            self.window = (now, 0);
        }
        self.window.1 += 1;
    }
}

/// The right to send one request.
#[derive(Debug)]
pub(crate) struct Turn {
    _process: OwnedSemaphorePermit,
    _bucket: OwnedSemaphorePermit,
}

impl Pacer {
    /// A pacer that lets `in_flight` requests be on their way at once over all buckets.
    pub fn new(in_flight: usize) -> Self {
        Self { in_flight: Arc::new(Semaphore::new(in_flight)), buckets: Mutex::default() }
    }

    pub(crate) fn bucket(&self, name: &str, quota: Quota) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(name) {
            return Arc::clone(bucket);
        }
        let bucket = Arc::new(Bucket {
            in_flight: Arc::new(Semaphore::new(quota.in_flight)),
            pace: Mutex::new(Pace {
                rate: quota.requests_per_second,
                ceiling: quota.requests_per_second.unwrap_or(f64::INFINITY),
                next: Instant::now(),
                changed: Instant::now(),
                cut: None,
                window: (Instant::now(), 0),
                measured: 0.0,
            }),
        });
        buckets.insert(name.to_owned(), Arc::clone(&bucket));
        bucket
    }

    /// Waits for a turn in the bucket, then for room in the process.
    pub(crate) async fn turn(&self, bucket: &Bucket) -> Turn {
        // The semaphores are never closed, so that a permit always comes.
        let bucket_permit = acquire(&bucket.in_flight).await;
        let at = bucket.book();
        sleep_until(at).await;
        Turn { _process: acquire(&self.in_flight).await, _bucket: bucket_permit }
    }
}

async fn acquire(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    Arc::clone(semaphore).acquire_owned().await.expect("a pacer's semaphores are never closed")
}

impl Bucket {
    /// Books the next moment at which a request may leave.
    fn book(&self) -> Instant {
        let mut pace = self.lock();
        let now = Instant::now();
        let Some(rate) = pace.rate else { return now };
        let at = pace.next.max(now);
        pace.next = at + Duration::from_secs_f64(1.0 / rate);
        at
    }

    /// An answer came: a little faster.
    pub(crate) fn answered(&self) {
        let mut pace = self.lock();
        let now = Instant::now();
        pace.count(now);
        if let Some(rate) = pace.rate {
            let seconds = now.duration_since(pace.changed).as_secs_f64().min(1.0);
            pace.rate = Some((rate + (STEADY_INCREASE + RELATIVE_INCREASE * rate) * seconds).min(pace.ceiling));
            pace.changed = now;
        }
    }

    /// A refusal for rate: slower, and nothing leaves before `pause` is over.
    pub(crate) fn refused(&self, pause: Option<Duration>) {
        let mut pace = self.lock();
        let now = Instant::now();
        if let Some(asked) = pause {
            pace.next = pace.next.max(now + asked);
        }
        if pace.cut.is_some_and(|cut| now.duration_since(cut) < ONE_BURST) {
            return;
        }
        let measured = pace.measured.max(f64::from(pace.window.1));
        let rate = pace.rate.map_or(measured, |rate| rate.min(measured.max(SLOWEST)));
        pace.rate = Some((rate * DECREASE).clamp(SLOWEST, pace.ceiling.max(SLOWEST)));
        pace.cut = Some(now);
        pace.changed = now;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_bucket_without_a_limit_is_free_until_it_is_refused() {
        let pacer = Pacer::new(8);
        let bucket = pacer.bucket("a", Quota { requests_per_second: None, in_flight: 2 });
        let start = Instant::now();
        for _ in 0..100 {
            drop(pacer.turn(&bucket).await);
            bucket.answered();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        bucket.refused(Some(Duration::from_secs(3)));
        drop(pacer.turn(&bucket).await);
        assert!(start.elapsed() >= Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_published_limit_is_kept() {
        let pacer = Pacer::new(8);
        let bucket = pacer.bucket("a", Quota { requests_per_second: Some(10.0), in_flight: 4 });
        let start = Instant::now();
        for _ in 0..21 {
            drop(pacer.turn(&bucket).await);
            bucket.answered();
        }
        assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    }

    /// A server that gives `limit` answers a second and refuses the rest, asked by eight at once.
    async fn answers_in_a_minute(limit: u32) -> (u32, u32) {
        let pacer = Pacer::new(64);
        let bucket = pacer.bucket("a", Quota { requests_per_second: None, in_flight: 8 });
        let (start, mut second, mut left, mut answers, mut refusals) = (Instant::now(), 0, limit, 0, 0);
        while start.elapsed() < Duration::from_secs(60) {
            let turn = pacer.turn(&bucket).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
            if start.elapsed().as_secs() != second {
                (second, left) = (start.elapsed().as_secs(), limit);
            }
            if left > 0 {
                left -= 1;
                answers += 1;
                bucket.answered();
            } else {
                refusals += 1;
                bucket.refused(None);
            }
            drop(turn);
        }
        (answers, refusals)
    }

    #[tokio::test(start_paused = true)]
    async fn an_unknown_limit_is_found_and_mostly_used() {
        for limit in [8, 50] {
            let (answers, refusals) = answers_in_a_minute(limit).await;
            assert!(answers * 10 >= limit * 60 * 7, "{answers} answers at {limit} a second");
            assert!(refusals * 10 <= answers, "{refusals} refusals beside {answers} answers at {limit} a second");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_bucket_does_not_hold_up_another() {
        let pacer = Pacer::new(2);
        let slow = pacer.bucket("slow", Quota { requests_per_second: Some(1.0), in_flight: 8 });
        let free = pacer.bucket("free", Quota { requests_per_second: None, in_flight: 8 });
        slow.refused(Some(Duration::from_secs(60)));
        let start = Instant::now();
        let waiting = [pacer.turn(&slow), pacer.turn(&slow), pacer.turn(&slow)].map(Box::pin);
        let others = async {
            for _ in 0..10 {
                drop(pacer.turn(&free).await);
            }
            start.elapsed()
        };
        tokio::select! {
            elapsed = others => assert_eq!(elapsed, Duration::ZERO),
            _ = futures_util::future::join_all(waiting) => panic!("the slow bucket went first"),
        }
    }
}
