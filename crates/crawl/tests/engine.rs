//! The engine with connectors that answer from memory: order, repeats, accounts and stopping.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use carveout_crawl::{
    Connector, ConnectorError, Event, Failure, FailureClass, Options, Outcome, Plan, Quota, RedactionKey, Unit,
    UnitContext, crawl,
};
use carveout_model::{Coverage, CoverageStatus, Provider, Resource, ServiceModel};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const QUOTA: Quota = Quota { requests_per_second: None, in_flight: 4 };

/// One type per behaviour.
#[derive(Default)]
struct Scripted {
    types: Vec<&'static str>,
    tries: Mutex<BTreeMap<String, u32>>,
    renewed: AtomicU32,
}

impl Scripted {
    fn resource(type_name: &str, name: &str) -> Resource {
        Resource {
            resource_key: format!("{type_name}/{name}"),
            provider: Provider::Aws,
            scope_id: "111122223333".to_owned(),
            region: "eu-west-1".to_owned(),
            service: "test".to_owned(),
            service_model: ServiceModel::Paas,
            type_name: type_name.to_owned(),
            name: Some(name.to_owned()),
            tags: BTreeMap::new(),
            config: json!({"password": "correct horse battery"}),
            created_at: None,
            unread: Vec::new(),
        }
    }
}

#[async_trait]
impl Connector for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn provider(&self) -> Provider {
        Provider::Aws
    }

    async fn plan(&self, _: &UnitContext) -> Result<Plan, ConnectorError> {
        let unit = |type_name: &&str| Unit {
            provider: Provider::Aws,
            scope_id: "111122223333".to_owned(),
            region: "eu-west-1".to_owned(),
            type_name: (*type_name).to_owned(),
            bucket: format!("test/{type_name}"),
        };
        Ok(Plan { units: self.types.iter().map(unit).collect(), ..Plan::default() })
    }

    async fn crawl(&self, unit: &Unit, context: &UnitContext) -> Result<(), Failure> {
        let kind = unit.type_name.as_str();
        let bucket = unit.bucket.as_str();
        context
            .call(bucket, QUOTA, |attempt| async move {
                let tries = {
                    let mut tries = self.tries.lock().expect("no test panics under the lock");
                    *tries.entry(kind.to_owned()).and_modify(|tries| *tries += 1).or_insert(1)
                };
                let failure = |class| Err(Failure::new(class, "test:List", "scripted").with_code("Scripted"));
                match (kind, tries) {
                    ("Denied", _) => failure(FailureClass::Denied),
                    ("Dead", _) => failure(FailureClass::Unreachable),
                    ("Busy", 1..=3) => failure(FailureClass::Throttled { retry_after: Some(Duration::from_secs(2)) }),
                    ("Closed", _) => failure(FailureClass::Throttled { retry_after: Some(Duration::from_secs(3600)) }),
                    ("Expired", 1) => failure(FailureClass::CredentialsExpired),
                    ("Expired", _) if attempt.renew_credentials => {
                        self.renewed.fetch_add(1, Ordering::Relaxed);
                        Ok(())
                    }
                    ("Endless", _) => std::future::pending().await,
                    _ => Ok(()),
                }
            })
            .await?;
        context.emit(vec![Self::resource(kind, "a"), Self::resource(kind, "b")], Vec::new()).await;
        if kind == "Parent" {
            let denied = Failure::new(FailureClass::Denied, "test:GetPolicy", "not allowed");
            context.gap("GetPolicy", &denied);
            context.gap("GetPolicy", &denied);
            let child = context.part(&unit.scope_id, &unit.region, "Child");
            child.emit(vec![Self::resource("Child", "c")], Vec::new()).await;
            child.close(Ok(()));
            context.part(&unit.scope_id, &unit.region, "Unknown").close(Err(&denied));
        }
        Ok(())
    }
}

async fn run(
    types: &[&'static str],
    options: Options,
    stop: CancellationToken,
) -> (Outcome, Vec<Event>, Arc<Scripted>) {
    let connector = Arc::new(Scripted { types: types.to_vec(), ..Scripted::default() });
    let (sender, mut receiver) = mpsc::channel(64);
    let collect = tokio::spawn(async move {
        let mut events = Vec::new();
        while let Some(event) = receiver.recv().await {
            events.push(event);
        }
        events
    });
    let connectors: [Arc<dyn Connector>; 1] = [Arc::clone(&connector) as _];
    let outcome = crawl(&connectors, options, sender, stop, &|_| {}).await;
    (outcome, collect.await.expect("collecting does not panic"), connector)
}

fn options() -> Options {
    Options::new(RedactionKey::new([1; 32]))
}

fn ledger(events: &[Event]) -> BTreeMap<String, Coverage> {
    let rows = events.iter().filter_map(|event| match event {
        Event::Finished { coverage, .. } => Some(coverage),
        _ => None,
    });
    rows.flatten().map(|row| (row.type_name.clone(), row.clone())).collect()
}

#[tokio::test(start_paused = true)]
async fn every_failure_ends_in_the_ledger_and_none_ends_the_crawl() {
    let types = ["Fine", "Denied", "Dead", "Busy", "Closed", "Expired"];
    let (outcome, events, connector) = run(&types, options(), CancellationToken::new()).await;
    let ledger = ledger(&events);
    let status = |name: &str| (ledger[name].status, ledger[name].resources, ledger[name].requests);
    assert_eq!(status("Fine"), (CoverageStatus::Ok, 2, 1));
    assert_eq!(status("Denied"), (CoverageStatus::Denied, 0, 1));
    assert_eq!(status("Dead"), (CoverageStatus::Unreachable, 0, 4));
    assert_eq!(status("Busy"), (CoverageStatus::Ok, 2, 4));
    assert_eq!(status("Closed"), (CoverageStatus::Throttled, 0, 1));
    assert_eq!(status("Expired"), (CoverageStatus::Ok, 2, 2));
    assert_eq!(connector.renewed.load(Ordering::Relaxed), 1);
    assert_eq!(ledger["Denied"].error_code.as_deref(), Some("Scripted"));
    assert_eq!((outcome.units, outcome.requests), (6, 13));
}

#[tokio::test(start_paused = true)]
async fn parts_and_gaps_have_rows_of_their_own() {
    let (_, events, _) = run(&["Parent"], options(), CancellationToken::new()).await;
    let ledger = ledger(&events);
    let rows: Vec<_> = ledger.values().map(|row| (row.type_name.as_str(), row.status, row.resources)).collect();
    assert_eq!(
        rows,
        [
            ("Child", CoverageStatus::Ok, 1),
            ("Parent", CoverageStatus::Ok, 2),
            ("Parent#GetPolicy", CoverageStatus::Denied, 2),
            ("Unknown", CoverageStatus::Denied, 0),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn pages_leave_redacted_and_before_their_unit_ends() {
    let (_, events, _) = run(&["Fine"], options(), CancellationToken::new()).await;
    let [Event::Planned { .. }, Event::Page { unit: of_page, page }, Event::Finished { unit, .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(of_page, unit);
    assert!(page.resources[0].config["password"].as_str().expect("text").starts_with("redacted:"));
}

#[tokio::test(start_paused = true)]
async fn finished_units_are_taken_over() {
    let finished = "aws/111122223333/eu-west-1/Denied/test/Denied".to_owned();
    let options = Options { finished: [finished].into(), ..options() };
    let (outcome, events, _) = run(&["Fine", "Denied"], options, CancellationToken::new()).await;
    assert_eq!(ledger(&events).keys().collect::<Vec<_>>(), ["Fine"]);
    assert_eq!((outcome.units, outcome.requests), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_stop_leaves_units_at_work_unfinished() {
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stopping.cancel();
    });
    let (outcome, events, _) = run(&["Fine", "Endless"], options(), stop).await;
    assert!(outcome.stopped);
    assert_eq!(ledger(&events).keys().collect::<Vec<_>>(), ["Fine"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_waits_until_the_budget_has_room_for_it() {
    let connectors: [Arc<dyn Connector>; 1] =
        [Arc::new(Scripted { types: vec!["Fine", "Other", "Third"], ..Scripted::default() })];
    let options = Options { page_budget_bytes: 1, ..options() };
    let (sender, mut receiver) = mpsc::channel(64);
    let crawling = tokio::spawn(async move {
        crawl(&connectors, options, sender, CancellationToken::new(), &|_| {}).await;
    });
    let mut finished = 0;
    while let Some(event) = receiver.recv().await {
        match event {
            Event::Page { page, .. } => {
                let more = tokio::time::timeout(Duration::from_secs(60), receiver.recv()).await;
                assert!(!matches!(more, Ok(Some(Event::Page { .. }))), "a second page came while the first was held");
                finished += usize::from(matches!(more, Ok(Some(Event::Finished { .. }))));
                drop(page);
            }
            Event::Finished { .. } => finished += 1,
            Event::Planned { .. } => {}
        }
    }
    crawling.await.expect("the crawl does not panic");
    assert_eq!(finished, 3);
}
