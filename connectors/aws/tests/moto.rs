//! The connector against moto, a simulated AWS that this project did not write, seeded with an organization whose
//! manifest says exactly what there is to find.
//!
//! `cargo xtask test` starts the server and sets the two variables; see [`Estate::open`] for doing it by hand.

#![expect(clippy::print_stderr, reason = "measurements are for whoever runs the test")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Instant,
};

use carveout_aws::{Accounts, AwsConnector, AwsSettings, Bindings, Catalogue, Regions};
use carveout_model::{CoverageStatus, Observation};
use common::Found;
use serde::Deserialize;
use tokio::sync::{Mutex, MutexGuard};

/// Faults are the server's, so that one test at a time may set them.
static SERVER: Mutex<()> = Mutex::const_new(());

#[derive(Deserialize)]
struct Manifest {
    regions: Vec<String>,
    management_account: String,
    organization: String,
    accounts: Vec<Account>,
    resources: Vec<Expected>,
    third_parties: BTreeMap<String, Vec<Evidence>>,
}

#[derive(Deserialize)]
struct Account {}

#[derive(Deserialize)]
struct Expected {
    #[serde(rename = "type")]
    kind: String,
    account: String,
    region: String,
    id: String,
    arn: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Evidence {
    #[serde(rename = "type")]
    kind: String,
    account: String,
    signal: String,
    value: String,
}

struct Estate {
    endpoint: String,
    manifest: Manifest,
    types: HashMap<String, String>,
    catalogue: Catalogue,
}

impl Estate {
    /// The estate that the harness serves.
    ///
    /// # Panics
    /// When it is not served, with how to serve it.
    fn open() -> Self {
        let variable = |name: &str| {
            std::env::var(name).unwrap_or_else(|_| {
                panic!(
                    "{name} is not set: run `cargo xtask test`, which starts moto and seeds it, or start a seeded moto \
                     and set CARVEOUT_MOTO_ENDPOINTS=http://127.0.0.1:PORT and CARVEOUT_MOTO_MANIFEST=estate.json"
                )
            })
        };
        let endpoints = variable("CARVEOUT_MOTO_ENDPOINTS");
        let path = variable("CARVEOUT_MOTO_MANIFEST");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let names = include_str!("data/estate_type_names.csv").lines().skip(1);
        Self {
            endpoint: endpoints.split(',').next().unwrap_or_default().to_owned(),
            manifest: serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}")),
            types: names.filter_map(|line| line.split_once(',')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect(),
            catalogue: Catalogue::embedded().unwrap_or_else(|error| panic!("{error}")),
        }
    }

    fn settings(&self) -> AwsSettings {
        AwsSettings {
            accounts: Accounts::Organization,
            role: Some("arn:aws:iam::{account}:role/OrganizationAccountAccessRole".to_owned()),
            external_id: Some("carveout-test".to_owned()),
            regions: Regions::List(self.manifest.regions.clone()),
            // moto serves more types than the estate seeds, and makes up some of their resources.
            types: self.types_seeded().into_iter().collect(),
            endpoint_url: Some(self.endpoint.clone()),
            ..AwsSettings::default()
        }
    }

    /// `(type, account, region, resource_key)` of everything that the manifest lists.
    fn expected(&self) -> BTreeSet<(String, String, String, String)> {
        self.manifest.resources.iter().map(|each| self.key(each)).collect()
    }

    fn types_seeded(&self) -> BTreeSet<String> {
        self.manifest.resources.iter().map(|each| self.types[&each.kind].clone()).collect()
    }

    fn key(&self, expected: &Expected) -> (String, String, String, String) {
        let type_name = self.types.get(&expected.kind).unwrap_or_else(|| panic!("no name for {}", expected.kind));
        let record = self.catalogue.find(type_name).unwrap_or_else(|| panic!("{type_name} is not in the catalogue"));
        let bindings = Bindings {
            account: &expected.account,
            region: &expected.region,
            partition: "aws",
            id: Some(&expected.id),
            ..Bindings::default()
        };
        let arn = || expected.arn.clone().unwrap_or_else(|| panic!("{} {} has no ARN", expected.kind, expected.id));
        let key = match type_name.as_str() {
            "AWS::Route53::RecordSet" => {
                let (zone, record) = expected.id.split_once('|').expect("zone and record");
                format!("arn:aws:route53:::{}/recordset/{record}", zone.trim_start_matches('/'))
            }
            // The resource is the family; the manifest has the revision.
            "AWS::ECS::TaskDefinition" => {
                arn().rsplit_once(':').map(|(family, _)| family.to_owned()).expect("a revision")
            }
            "AWS::Organizations::DelegatedAdministrator" => format!("{}/delegated-administrator", arn()),
            _ if record.key.needs_only_the_id() => record.key.text(&bindings).expect("the id is there"),
            // moto has no ARN of a parameter.
            "AWS::SSM::Parameter" => {
                record.fallback_key.as_ref().and_then(|key| key.text(&bindings)).expect("the id is there")
            }
            _ => arn(),
        };
        (type_name.clone(), expected.account.clone(), expected.region.clone(), key)
    }
}

async fn run(settings: AwsSettings) -> Found {
    let connector = AwsConnector::new(settings).unwrap_or_else(|error| panic!("{error}"));
    common::run(connector.with_keys("test", "test")).await
}

/// Sets the server's faults (none for the empty text) and keeps other tests away from it.
async fn with_faults(estate: &Estate, faults: &str) -> MutexGuard<'static, ()> {
    let guard = SERVER.lock().await;
    let url = format!("{}/bench/faults?{faults}", estate.endpoint);
    let answer = reqwest::Client::new().post(&url).send().await.unwrap_or_else(|error| panic!("{url}: {error}"));
    assert!(answer.status().is_success(), "{url}: {}", answer.status());
    guard
}

fn assert_everything_is_found(estate: &Estate, found: &Found) {
    let (expected, keys) = (estate.expected(), found.keys());
    let missing: Vec<_> = expected.difference(&keys).take(10).collect();
    let extra: Vec<_> = keys.difference(&expected).take(10).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:#?}\nextra {extra:#?}");
    assert_eq!(found.resources.len(), keys.len(), "a resource was handed on twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_the_estate_is_found_and_nothing_else() {
    let estate = Estate::open();
    let _guard = with_faults(&estate, "").await;
    let started = Instant::now();
    let found = run(estate.settings()).await;
    let elapsed = started.elapsed();
    eprintln!("{} resources, {} requests, {elapsed:?}", found.resources.len(), found.outcome.requests);
    assert_everything_is_found(&estate, &found);
    assert!(found.not_ok().is_empty(), "{:#?}", found.not_ok());
    let of_accounts = found.scopes.iter().filter(|scope| scope.kind == carveout_model::ScopeKind::Account);
    assert_eq!(of_accounts.count(), estate.manifest.accounts.len());
    assert!(found.scopes.iter().any(|scope| scope.scope_id == estate.manifest.organization));
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_of_third_parties_is_read_where_the_estate_has_it() {
    let estate = Estate::open();
    let _guard = with_faults(&estate, "").await;
    let found = run(estate.settings()).await;
    let places: HashMap<_, _> = found
        .resources
        .iter()
        .map(|each| (each.resource_key.as_str(), (each.type_name.as_str(), each.scope_id.as_str())))
        .collect();
    let mut seen = HashMap::<_, Vec<&Observation>>::new();
    for observation in &found.observations {
        seen.entry(places[observation.resource_key.as_str()]).or_default().push(observation);
    }
    let mut without = BTreeMap::<&str, Vec<String>>::new();
    for (vendor, evidence) in &estate.manifest.third_parties {
        for each in evidence {
            let type_name = estate.types[&each.kind].as_str();
            let is_there = seen.get(&(type_name, each.account.as_str())).into_iter().flatten().any(|observation| {
                let found = observation.value.trim_matches('"');
                let wanted = each.value.trim_matches('"');
                !found.is_empty() && (found.contains(wanted) || wanted.contains(found))
            });
            if !is_there {
                let what = format!("{vendor} {type_name} {} {}", each.account, each.value);
                without.entry(each.signal.as_str()).or_default().push(what);
            }
        }
    }
    assert!(without.is_empty(), "{without:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_three_items_lose_nothing() {
    let estate = Estate::open();
    let _guard = with_faults(&estate, "page_size=3").await;
    assert_everything_is_found(&estate, &run(estate.settings()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_slows_down_and_loses_nothing() {
    let estate = Estate::open();
    let _guard = with_faults(&estate, "throttle_rps=10").await;
    let wanted =
        |kind: &str| ["AWS::IAM::", "AWS::EC2::", "AWS::S3::", "AWS::KMS::"].iter().any(|p| kind.starts_with(p));
    let mut settings = estate.settings();
    settings.types.retain(|kind| wanted(kind));
    let found = run(settings).await;
    let expected: BTreeSet<_> = estate.expected().into_iter().filter(|key| wanted(&key.0)).collect();
    assert_eq!(found.keys(), expected);
    assert!(found.coverage.iter().map(|row| row.retries).sum::<u64>() > 0, "nothing was throttled");
    assert!(found.not_ok().is_empty(), "{:?}", found.not_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_denied_lands_in_the_ledger_and_not_among_the_empty() {
    let estate = Estate::open();
    let bucket = estate.manifest.resources.iter().find(|each| each.kind == "s3.bucket").expect("a bucket");
    let faults = format!(
        "deny=iam:ListUsers,ec2:DescribeVpcs,route53:GET%20/2013-04-01/hostedzone,sqs:ListQueues,lambda:GET%20/2015-03-31/functions,s3:GET%20/{}%3Fpolicy",
        bucket.id
    );
    let _guard = with_faults(&estate, &faults).await;
    let mut settings = estate.settings();
    settings.types =
        ["AWS::IAM::User", "AWS::EC2::VPC", "AWS::Route53::*", "AWS::SQS::*", "AWS::Lambda::Function", "AWS::S3::*"]
            .map(str::to_owned)
            .to_vec();
    let found = run(settings).await;
    let denied = [
        "AWS::IAM::User",
        "AWS::EC2::VPC",
        "AWS::Route53::HostedZone",
        "AWS::Route53::RecordSet",
        "AWS::SQS::Queue",
        "AWS::Lambda::Function",
    ];
    for type_name in denied {
        let rows = found.rows(type_name);
        assert!(!rows.is_empty(), "{type_name} is in no row");
        for row in rows {
            assert_eq!((row.status, row.resources), (CoverageStatus::Denied, 0), "{row:?}");
            assert!(row.error_code.is_some() && row.message.is_some(), "{row:?}");
        }
    }
    let gaps = found.rows("AWS::S3::Bucket#GetBucketPolicy");
    assert_eq!(gaps.iter().map(|row| (row.status, row.resources)).collect::<Vec<_>>(), [(CoverageStatus::Denied, 1)]);
    let unread = found.resources.iter().find(|each| each.name.as_deref() == Some(bucket.id.as_str()));
    let unread = unread.expect("the bucket itself is listed");
    assert_eq!(unread.unread, ["GetBucketPolicy"]);
    assert!(unread.config.get("GetBucketPolicy").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_can_not_be_entered_is_a_row_and_stays_a_scope() {
    let estate = Estate::open();
    let _guard = with_faults(&estate, "deny=sts:AssumeRole").await;
    let found = run(AwsSettings { types: vec!["AWS::IAM::Group".to_owned()], ..estate.settings() }).await;
    let rows = found.rows("*");
    let members = estate.manifest.accounts.len() - 1;
    assert_eq!(rows.len(), members);
    assert!(rows.iter().all(|row| row.status == CoverageStatus::Denied), "{rows:?}");
    assert!(found.resources.iter().all(|each| each.scope_id == estate.manifest.management_account));
    let accounts = found.scopes.iter().filter(|scope| scope.kind == carveout_model::ScopeKind::Account);
    assert_eq!(accounts.count(), members + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_is_wanted_without_its_parent_accounts_for_itself_alone() {
    let estate = Estate::open();
    let _guard = with_faults(&estate, "").await;
    let found = run(AwsSettings { types: vec!["AWS::Route53::RecordSet".to_owned()], ..estate.settings() }).await;
    assert!(found.rows("AWS::Route53::HostedZone").is_empty());
    let expected: BTreeSet<_> =
        estate.expected().into_iter().filter(|key| key.0 == "AWS::Route53::RecordSet").collect();
    assert_eq!(found.keys(), expected);
}

/// What moto does not serve, or serves as an empty answer, is recorded by the simulator's tests instead.
const ACCOUNT_WIDE: [&str; 6] = [
    "AWS::EC2::EbsEncryptionByDefault",
    "AWS::IAM::AccountPasswordPolicy",
    "AWS::IAM::AccountSummary",
    "AWS::IAM::CredentialReportEntry",
    "AWS::S3::AccountPublicAccessBlock",
    "AWS::IAM::User",
];

#[tokio::test(flavor = "multi_thread")]
async fn account_settings_and_the_credential_report_are_read() {
    let estate = Estate::open();
    let _guard = with_faults(&estate, "").await;
    let types = ACCOUNT_WIDE.map(str::to_owned).to_vec();
    let found = run(AwsSettings { types, ..estate.settings() }).await;
    assert!(found.not_ok().is_empty(), "{:#?}", found.not_ok());
    let accounts = estate.manifest.accounts.len();
    let count = |type_name: &str| found.resources.iter().filter(|each| each.type_name == type_name).count();
    assert_eq!(count("AWS::IAM::AccountSummary"), accounts);
    assert_eq!(count("AWS::EC2::EbsEncryptionByDefault"), accounts * estate.manifest.regions.len());
    let users: BTreeSet<_> = estate.expected().into_iter().filter(|key| key.0 == "AWS::IAM::User").collect();
    let reported: BTreeSet<_> = found
        .resources
        .iter()
        .filter(|each| each.type_name == "AWS::IAM::CredentialReportEntry")
        .filter_map(|each| each.resource_key.strip_suffix("/credential-report").map(str::to_owned))
        .collect();
    assert!(!users.is_empty());
    for (_, _, _, arn) in users {
        assert!(reported.contains(&arn), "{arn} is not in {reported:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_of_roles_are_read_at_once() {
    let estate = Estate::open();
    let _guard = with_faults(&estate, "").await;
    let found = run(AwsSettings { types: vec!["AWS::IAM::Role".to_owned()], ..estate.settings() }).await;
    assert!(found.not_ok().is_empty(), "{:#?}", found.not_ok());
    let pages = found.rows("AWS::IAM::Role").iter().map(|row| row.requests).sum::<u64>();
    assert!(pages <= 4 * estate.manifest.accounts.len() as u64, "{pages} requests");
    for role in &found.resources {
        assert!(role.unread.is_empty() && role.config["AttachedManagedPolicies"].is_array(), "{role:?}");
    }
    let is_attached = |role: &&carveout_model::Resource| {
        role.config["AttachedManagedPolicies"].as_array().is_some_and(|policies| !policies.is_empty())
    };
    assert!(found.resources.iter().any(|role| is_attached(&role)), "no role carries a policy");
}
