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
/// What an answer adds to the rate, in requests per second.
const INCREASE: f64 = 0.05;

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
    next: Instant,
    /// Answers since the last second's mark, to know the rate at which a free bucket was refused.
    window: (Instant, u32),
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
                window: (Instant::now(), 0),
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
        if now.duration_since(pace.window.0) > Duration::from_secs(1) {
            pace.window = (now, 0);
        }
        pace.window.1 += 1;
        if let Some(rate) = pace.rate {
            pace.rate = Some((rate + INCREASE).min(pace.ceiling));
        }
    }

    /// A refusal for rate: slower, and nothing leaves before `pause` is over.
    pub(crate) fn refused(&self, pause: Option<Duration>) {
        let mut pace = self.lock();
        let now = Instant::now();
        let measured = f64::from(pace.window.1.max(1));
        let rate = pace.rate.unwrap_or(measured).min(measured.max(SLOWEST));
        pace.rate = Some((rate * DECREASE).max(SLOWEST));
        if let Some(pause) = pause {
            pace.next = pace.next.max(now + pause);
        }
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
