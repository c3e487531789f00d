//! The connector against the simulated AWS: what it asks for, what it is allowed to ask for, and what the ledger says.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use carveout_aws::{Accounts, AwsConnector, AwsSettings, Call, CloudControlType, ScopeKind};
use carveout_model::{CoverageStatus, Provider, Resource};
use carveout_simcloud::{Denial, Estate, EstateOptions, Faults, SimCloud};
use common::{Found, run};

/// What planning calls before any type.
const PLANNING: [&str; 8] = [
    "ec2:DescribeRegions",
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
];

/// The simulated organization: the management account and the one of production.
async fn start(faults: Faults) -> SimCloud {
    let options =
        EstateOptions { aws_accounts: 2, azure_subscriptions: 1, gcp_projects: 1, ..EstateOptions::default() };
    SimCloud::start(Estate::generate(&options), faults).await.expect("the loopback has ports")
}

fn settings(cloud: &SimCloud, types: &[&str]) -> AwsSettings {
    AwsSettings {
        accounts: Accounts::Organization,
        role: Some("arn:aws:iam::{account}:role/carveout-read".to_owned()),
        types: types.iter().map(|name| (*name).to_owned()).collect(),
        endpoint_url: Some(cloud.aws_endpoint()),
        ..AwsSettings::default()
    }
}

fn connector(cloud: &SimCloud, settings: AwsSettings) -> AwsConnector {
    let connector = AwsConnector::new(settings).unwrap_or_else(|error| panic!("{error}"));
    connector.with_keys(&cloud.estate().aws_access_key_id(), "simulated")
}

async fn crawl(cloud: &SimCloud, settings: AwsSettings) -> Found {
    run(connector(cloud, settings)).await
}

fn of_type<'a>(found: &'a Found, type_name: &str) -> Vec<&'a Resource> {
    found.resources.iter().filter(|each| each.type_name == type_name).collect()
}

/// Details that a run does not call, because the simulated estate has no item of their type. Buckets are listed with
/// their regions, as AWS does it, so that nobody has to ask.
const WITHOUT_ITEMS: &[&str] = &[
    "accessanalyzer:ListFindingsV2",
    "codepipeline:GetPipeline",
    "cognito-idp:DescribeIdentityProvider",
    "cognito-idp:ListIdentityProviders",
    "ec2:DescribeVpcEndpointServicePermissions",
    "eks:DescribeCluster",
    "eks:DescribeNodegroup",
    "eks:ListNodegroups",
    "opensearch:DescribeDomain",
    "ram:GetResourceShareAssociations",
    "s3:GetBucketLocation",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_allows_exactly_what_a_run_calls() {
    let cloud = start(Faults::default()).await;
    let connector = connector(&cloud, settings(&cloud, &[]));
    let mut permissions = BTreeMap::<String, BTreeSet<String>>::new();
    for record in connector.catalogue().types() {
        for Call { operation, permissions: actions, .. } in record.calls() {
            let of = permissions.entry(format!("{}:{operation}", record.service)).or_default();
            of.extend(actions.iter().cloned());
        }
    }
    let policy = connector.permissions();
    let allowed: BTreeSet<String> = serde_json::from_value(policy["Statement"][0]["Action"].clone()).expect("actions");
    run(connector).await;
    let called = cloud.aws_operations();
    let unknown: Vec<_> =
        called.iter().filter(|each| !permissions.contains_key(*each) && !PLANNING.contains(&each.as_str())).collect();
    assert!(unknown.is_empty(), "called, and in no record: {unknown:?}");
    // Neptune's endpoint is that of RDS.
    let never: Vec<_> =
        permissions.keys().filter(|each| !called.contains(*each) && !each.starts_with("neptune:")).collect();
    assert_eq!(never, WITHOUT_ITEMS, "in a record, and not called");
    let planned = PLANNING.iter().filter(|each| **each != "sts:AssumeRole").map(|each| (*each).to_owned());
    let needed: BTreeSet<String> = permissions.into_values().flatten().chain(planned).collect();
    assert_eq!(allowed, needed);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_the_estate_is_found_and_nothing_else() {
    let cloud = start(Faults::default()).await;
    let found = crawl(&cloud, settings(&cloud, &[])).await;
    let truth = cloud.estate().truth();
    let of_aws = truth.resources.iter().filter(|each| each.provider == Provider::Aws);
    let expected: BTreeSet<_> = of_aws
        .map(|each| (each.type_name.clone(), each.scope_id.clone(), each.region.clone(), each.key.clone()))
        .collect();
    let keys: BTreeSet<_> = found.keys();
    // Buckets are filed under `global`, and the truth knows their region.
    let bucket = |key: &&(String, String, String, String)| key.0 == "AWS::S3::Bucket";
    let missing: Vec<_> = expected.difference(&keys).filter(|key| !bucket(key)).collect();
    let extra: Vec<_> = keys.difference(&expected).filter(|key| !bucket(key)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:#?}\nextra {extra:#?}");
    let gaps: Vec<_> = found.not_ok().into_iter().filter(|row| row.status.is_gap()).collect();
    assert!(gaps.is_empty(), "{gaps:#?}");
    // The rest belongs to no unit: the identity, the organization, sessions and regions.
    let of_units = found.coverage.iter().map(|row| row.requests).sum::<u64>();
    assert!(of_units < found.outcome.requests && found.outcome.requests < of_units + 50);
    assert!(!found.observations.is_empty() && found.scopes.len() > 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_credential_report_has_a_row_for_each_user_and_for_the_root_user() {
    let cloud = start(Faults::default()).await;
    let found = crawl(&cloud, settings(&cloud, &["AWS::IAM::User", "AWS::IAM::CredentialReportEntry"])).await;
    let rows = of_type(&found, "AWS::IAM::CredentialReportEntry");
    assert_eq!(rows.len(), of_type(&found, "AWS::IAM::User").len() + 2);
    let root: Vec<_> = rows.iter().filter(|row| row.name.as_deref() == Some("<root_account>")).collect();
    assert_eq!(root.len(), 2);
    assert!(
        root.iter().all(|row| row.config["mfa_active"] == "true" && row.config["password_enabled"] == "not_supported")
    );
    let with_key = rows.iter().find(|row| row.config["access_key_1_active"] == "true").expect("a user with a key");
    assert_eq!(with_key.config["access_key_1_last_used_date"], "2026-01-14T08:00:00+00:00");
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_come_with_one_call_for_all_and_a_denial_of_it_leaves_the_roles() {
    let cloud = start(Faults::default()).await;
    let whole = crawl(&cloud, settings(&cloud, &["AWS::IAM::Role"])).await;
    let attached =
        |role: &&Resource| role.config["AttachedManagedPolicies"].as_array().is_some_and(|all| !all.is_empty());
    let roles = of_type(&whole, "AWS::IAM::Role");
    assert!(roles.iter().filter(|role| attached(role)).count() > 10);
    assert!(roles.iter().all(|role| role.unread.is_empty() && role.tags["owner"] == "platform"));
    // One page of roles and one of their policies, in each of two accounts.
    assert_eq!(whole.rows("AWS::IAM::Role").iter().map(|row| row.requests).sum::<u64>(), 4);

    let denied = vec![Denial::new("*", "iam:GetAccountAuthorizationDetails")];
    cloud.set_faults(Faults { denied, ..Faults::default() });
    let partly = crawl(&cloud, settings(&cloud, &["AWS::IAM::Role"])).await;
    assert_eq!(of_type(&partly, "AWS::IAM::Role").len(), roles.len());
    for role in &partly.resources {
        assert!(role.unread.contains(&"RolePolicyList".to_owned()), "{:?}", role.unread);
        assert!(role.config.get("RolePolicyList").is_none(), "what was not read is not empty");
    }
    let gaps = partly.rows("AWS::IAM::Role#GetAccountAuthorizationDetails");
    assert!(gaps.iter().all(|row| row.status == CoverageStatus::Denied));
    assert_eq!(gaps.iter().map(|row| row.resources).sum::<u64>(), roles.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_may_not_be_made_is_denied_and_not_empty() {
    let denied = vec![Denial::new("*", "iam:GenerateCredentialReport")];
    let cloud = start(Faults { denied, ..Faults::default() }).await;
    let found = crawl(&cloud, settings(&cloud, &["AWS::IAM::CredentialReportEntry"])).await;
    let rows = found.rows("AWS::IAM::CredentialReportEntry");
    assert!(rows.len() == 2 && rows.iter().all(|row| row.status == CoverageStatus::Denied), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_type_can_be_read_by_its_name() {
    let cloud = start(Faults::default()).await;
    let by_name = |type_name: &str| CloudControlType { type_name: type_name.to_owned(), scope: ScopeKind::Regional };
    let cloud_control = vec![by_name("AWS::Batch::JobQueue"), by_name("AWS::Batch::Nonsense")];
    let settings = AwsSettings { cloud_control, ..settings(&cloud, &["AWS::IAM::Group"]) };
    let connector = connector(&cloud, settings);
    let policy = connector.permissions().to_string();
    for action in ["cloudformation:ListResources", "cloudformation:GetResource"] {
        assert!(policy.contains(action), "{policy}");
    }
    let found = run(connector).await;
    let queues = of_type(&found, "AWS::Batch::JobQueue");
    assert_eq!(queues.len(), 2);
    let whole = queues.iter().find(|each| each.resource_key.ends_with("/reports")).expect("the queue of reports");
    assert_eq!(whole.config["Properties"]["State"], "ENABLED");
    assert!(whole.config.get("GetResource").is_none(), "the listing had said it all");
    let bare = queues.iter().find(|each| each.resource_key.ends_with("/exports")).expect("the queue of exports");
    assert_eq!(bare.config["GetResource"]["ResourceDescription"]["Properties"]["State"], "ENABLED");
    let unknown = found.rows("AWS::Batch::Nonsense");
    assert!(!unknown.is_empty() && unknown.iter().all(|row| row.status == CoverageStatus::Unsupported), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_is_a_row_with_its_reason_and_never_complete() {
    let cloud = start(Faults::default()).await;
    let caps = BTreeMap::from([("AWS::IAM::Role".to_owned(), 3)]);
    let found = crawl(&cloud, AwsSettings { caps, ..settings(&cloud, &["AWS::IAM::Role", "AWS::IAM::Group"]) }).await;
    assert_eq!(of_type(&found, "AWS::IAM::Role").len(), 6);
    for row in found.rows("AWS::IAM::Role") {
        assert_eq!((row.status, row.resources), (CoverageStatus::Skipped, 3));
        assert!(row.message.as_deref().is_some_and(|message| message.contains("the cap of 3 was reached")), "{row:?}");
    }
    assert!(found.rows("AWS::IAM::Group").iter().all(|row| row.status == CoverageStatus::Ok));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_that_is_just_met_leaves_nothing_out() {
    let cloud = start(Faults::default()).await;
    let groups = of_type(&crawl(&cloud, settings(&cloud, &["AWS::IAM::Group"])).await, "AWS::IAM::Group").len() / 2;
    let caps = BTreeMap::from([("AWS::IAM::Group".to_owned(), u32::try_from(groups).expect("a few"))]);
    let found = crawl(&cloud, AwsSettings { caps, ..settings(&cloud, &["AWS::IAM::Group"]) }).await;
    assert!(found.not_ok().is_empty(), "{:?}", found.not_ok());
}

#[test]
fn caps_and_names_that_can_not_be_meant_are_refused() {
    let wrong = |settings: AwsSettings| AwsConnector::new(settings).expect_err("it is wrong").to_string();
    let caps = BTreeMap::from([("AWS::IAM::Rolle".to_owned(), 3)]);
    assert!(wrong(AwsSettings { caps, ..AwsSettings::default() }).starts_with("caps"));
    for name in ["AWS::IAM::Role", "Role"] {
        let cloud_control = vec![CloudControlType { type_name: name.to_owned(), scope: ScopeKind::Regional }];
        assert!(wrong(AwsSettings { cloud_control, ..AwsSettings::default() }).starts_with("cloud_control"), "{name}");
    }
}
