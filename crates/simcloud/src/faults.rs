//! What goes wrong on purpose: delays, throttling, denials, one-off failures and answers that can't be trusted.
//!
//! A [`Gate`] decides per call; each protocol writes the decision in its own error shape. Leaves out what only one
//! provider knows (a bucket in another region, a scope that its index leaves out): that is the estate's doing.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// Faults that are injected into every endpoint; [`Faults::default`] injects none.
///
/// What belongs to the estate itself (its denied and throttled scopes) is always in force, beside these.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    /// Every answer waits this many milliseconds.
    pub latency_ms: u64,
    /// Scopes whose calls are limited.
    pub throttle: Vec<Throttle>,
    /// Calls that are refused for lack of permission.
    pub denied: Vec<Denial>,
    /// Actions (`ec2:DescribeVpcs`, `*`) of which the first call to each scope fails with 503 and later ones don't.
    pub unavailable_once: Vec<String>,
    /// The first call of each scope is told that its credentials have expired.
    pub expired_credentials_once: bool,
    /// Azure and Graph `nextLink`s point to this base URL instead of the endpoint itself.
    pub foreign_next_link: Option<String>,
    /// No page holds more items than this, whatever the caller asks for.
    pub page_size: Option<usize>,
    /// A list ends after its first page without a token, as an index that hit a limit does; Resource Graph then says
    /// `resultTruncated: "true"`.
    pub truncated_lists: bool,
}

/// A limit on calls, as a token bucket per scope, service and region.
#[derive(Debug, Clone, PartialEq)]
pub struct Throttle {
    /// An account, subscription or project id, or `*`.
    pub scope: String,
    /// Calls per second that get through in the long run.
    pub per_second: f64,
    /// Calls that get through at once after a pause.
    pub burst: u32,
}

/// A permission that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// An account, subscription or project id, or `*`.
    pub scope: String,
    /// `service:Operation` on AWS (`iam:ListUsers`), the permission's name elsewhere; a trailing `*` stands for the rest.
    pub action: String,
}

impl Denial {
    /// Refuses `action` in `scope`; both may be `*`.
    pub fn new(scope: impl Into<String>, action: impl Into<String>) -> Self {
        Self { scope: scope.into(), action: action.into() }
    }
}

/// One call, as far as a fault is concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) scope: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) action: &'a str,
}

/// Why a call is not answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Refusal {
    Throttled { retry_after_seconds: u64 },
    Denied,
    Unavailable,
    ExpiredCredentials,
}

/// Decides which calls get through.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    standing: Faults,
    injected: RwLock<Faults>,
    buckets: Mutex<HashMap<String, Bucket>>,
    spent: Mutex<HashSet<String>>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Gate {
    /// A gate with the estate's `standing` faults and those that are `injected` from outside.
    pub(crate) fn new(standing: Faults, injected: Faults) -> Self {
        Self { standing, injected: RwLock::new(injected), ..Self::default() }
    }

    /// Replaces what is injected. One-off faults fire anew.
    pub(crate) fn set(&self, faults: Faults) {
        *self.injected.write().unwrap_or_else(PoisonError::into_inner) = faults;
        lock(&self.buckets).clear();
        lock(&self.spent).clear();
    }

    /// What is injected now.
    pub(crate) fn injected(&self) -> Faults {
        self.injected.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for the latency and says whether the call gets through.
    pub(crate) async fn admit(&self, call: Call<'_>) -> Result<(), Refusal> {
        let injected = self.injected();
        if injected.latency_ms > 0 {
            tokio::time::sleep(Duration::from_millis(injected.latency_ms)).await;
        }
        let denied = |faults: &Faults| {
            faults
                .denied
                .iter()
                .any(|denial| matches(&denial.scope, call.scope) && matches(&denial.action, call.action))
        };
        if injected.expired_credentials_once && self.first_time(&format!("expired {}", call.scope)) {
            return Err(Refusal::ExpiredCredentials);
        }
        if injected.unavailable_once.iter().any(|action| matches(action, call.action))
            && self.first_time(&format!("unavailable {} {} {}", call.scope, call.region, call.action))
        {
            return Err(Refusal::Unavailable);
        }
        for throttle in self.standing.throttle.iter().chain(&injected.throttle) {
            if matches(&throttle.scope, call.scope) && !self.take(throttle, call) {
                let wait = (1.0 / throttle.per_second.max(0.001)).ceil().clamp(1.0, 60.0);
                return Err(Refusal::Throttled { retry_after_seconds: wait as u64 });
            }
        }
        if denied(&self.standing) || denied(&injected) { Err(Refusal::Denied) } else { Ok(()) }
    }

    fn take(&self, throttle: &Throttle, call: Call<'_>) -> bool {
        let burst = f64::from(throttle.burst.max(1));
        let mut buckets = lock(&self.buckets);
        let key = format!("{}|{}|{}|{}", throttle.scope, call.scope, call.region, call.service);
        let bucket = buckets.entry(key).or_insert_with(|| Bucket { tokens: burst, filled_at: Instant::now() });
        let now = Instant::now();
        let earned = now.duration_since(bucket.filled_at).as_secs_f64() * throttle.per_second;
        bucket.tokens = (bucket.tokens + earned).min(burst);
        bucket.filled_at = now;
        let enough = bucket.tokens >= 1.0;
        if enough {
            bucket.tokens -= 1.0;
        }
        enough
    }

    fn first_time(&self, what: &str) -> bool {
        lock(&self.spent).insert(what.to_owned())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Call<'_> = Call { scope: "000000001001", region: "us-east-1", service: "iam", action: "iam:ListUsers" };

    #[tokio::test]
    async fn a_denial_holds_for_its_scope_and_action_only() {
        let faults = Faults { denied: vec![Denial::new("000000001001", "iam:List*")], ..Faults::default() };
        let gate = Gate::new(Faults::default(), faults);
        assert_eq!(gate.admit(CALL).await, Err(Refusal::Denied));
        assert_eq!(gate.admit(Call { scope: "000000001002", ..CALL }).await, Ok(()));
        assert_eq!(gate.admit(Call { action: "iam:GetRole", ..CALL }).await, Ok(()));
    }

    #[tokio::test]
    async fn a_one_off_failure_happens_once() {
        let gate = Gate::new(Faults::default(), Faults { unavailable_once: vec!["*".into()], ..Faults::default() });
        assert_eq!(gate.admit(CALL).await, Err(Refusal::Unavailable));
        assert_eq!(gate.admit(CALL).await, Ok(()));
    }

    #[tokio::test]
    async fn a_burst_gets_through_and_then_the_rate_holds() {
        let throttle = Throttle { scope: "*".into(), per_second: 0.5, burst: 2 };
        let gate = Gate::new(Faults::default(), Faults { throttle: vec![throttle], ..Faults::default() });
        assert_eq!(gate.admit(CALL).await, Ok(()));
        assert_eq!(gate.admit(CALL).await, Ok(()));
        assert_eq!(gate.admit(CALL).await, Err(Refusal::Throttled { retry_after_seconds: 2 }));
        assert_eq!(
            gate.admit(Call { service: "ec2", ..CALL }).await,
            Ok(()),
            "another service has a bucket of its own"
        );
    }
}
