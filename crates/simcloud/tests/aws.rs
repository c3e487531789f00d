//! The AWS endpoint over plain HTTP: shapes of the protocols, paging, and refusals.

use std::collections::BTreeSet;

use carveout_model::Provider;
use carveout_simcloud::{Denial, Estate, EstateOptions, Faults, SimCloud, Throttle};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const PRODUCTION: &str = "000000001002";

/// A client that reads no root certificates: nothing here speaks TLS, and reading them is slow.
fn client() -> Client {
    Client::builder().tls_certs_only([]).build().expect("a client")
}

async fn start(faults: Faults) -> SimCloud {
    SimCloud::start(Estate::generate(&EstateOptions::default()), faults).await.expect("the loopback has ports")
}

fn signature(account: &str, region: &str, service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=ASIAACME{account}/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
}

async fn json_call(cloud: &SimCloud, account: &str, service: &str, target: &str, body: Value) -> Response {
    client()
        .post(cloud.aws_endpoint())
        .header("authorization", signature(account, "us-east-1", service))
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.1")
        .body(body.to_string())
        .send()
        .await
        .expect("the endpoint answers")
}

async fn query_call(cloud: &SimCloud, account: &str, service: &str, body: &str) -> Response {
    client()
        .post(cloud.aws_endpoint())
        .header("authorization", signature(account, "us-east-1", service))
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(body.to_owned())
        .send()
        .await
        .expect("the endpoint answers")
}

async fn rest_call(cloud: &SimCloud, account: &str, region: &str, service: &str, path: &str) -> Response {
    client()
        .get(format!("{}{path}", cloud.aws_endpoint()))
        .header("authorization", signature(account, region, service))
        .send()
        .await
        .expect("the endpoint answers")
}

/// The texts of every `<tag>`.
fn texts<'a>(xml: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    xml.split(&open).skip(1).filter_map(|rest| rest.split(&close).next()).collect()
}

#[tokio::test]
async fn a_role_gives_keys_of_its_account_and_a_closed_account_refuses() {
    let cloud = start(Faults::default()).await;
    let management = cloud.estate().aws_management_account().to_owned();
    let assume = |account: &str| {
        format!(
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=carveout&RoleArn=arn:aws:iam::{account}:role/carveout-read"
        )
    };
    let response = query_call(&cloud, &management, "sts", &assume(PRODUCTION)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let xml = response.text().await.expect("text");
    assert_eq!(texts(&xml, "AccessKeyId"), [format!("ASIAACME{PRODUCTION}")]);
    let identity = query_call(&cloud, PRODUCTION, "sts", "Action=GetCallerIdentity&Version=2011-06-15").await;
    assert_eq!(texts(&identity.text().await.expect("text"), "Account"), [PRODUCTION]);

    let refused = query_call(&cloud, &management, "sts", &assume("000000001004")).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(texts(&refused.text().await.expect("text"), "Code"), ["AccessDenied"]);
}

#[tokio::test]
async fn an_organization_of_more_than_twenty_accounts_is_paged() {
    let estate = Estate::generate(&EstateOptions { aws_accounts: 45, ..EstateOptions::default() });
    let cloud = SimCloud::start(estate, Faults::default()).await.expect("the loopback has ports");
    let management = cloud.estate().aws_management_account().to_owned();
    let mut sizes = Vec::new();
    let mut token = Value::Null;
    loop {
        let target = "AWSOrganizationsV20161128.ListAccounts";
        let response = json_call(&cloud, &management, "organizations", target, json!({"NextToken": token})).await;
        let body: Value = response.json().await.expect("JSON");
        sizes.push(body["Accounts"].as_array().expect("accounts").len());
        token = body["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(sizes, [20, 20, 5]);
}

#[tokio::test]
async fn ec2_pages_hold_every_instance_once() {
    let cloud = start(Faults::default()).await;
    let mut found = BTreeSet::new();
    let mut token = String::new();
    let mut pages = 0;
    loop {
        let body = format!("Action=DescribeInstances&Version=2016-11-15&MaxResults=5&NextToken={token}");
        let xml = query_call(&cloud, PRODUCTION, "ec2", &body).await.text().await.expect("text");
        assert!(xml.contains("<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"));
        for reservation in texts(&xml, "instancesSet") {
            assert!(reservation.starts_with("<item>"), "a list of EC2 holds <item>s");
            found.insert(texts(reservation, "instanceId")[0].to_owned());
        }
        pages += 1;
        match texts(&xml, "nextToken").first() {
            Some(next) => token = (*next).to_owned(),
            None => break,
        }
    }
    let expected = cloud.estate().truth().resources.iter().filter(|resource| {
        resource.type_name == "AWS::EC2::Instance" && resource.scope_id == PRODUCTION && resource.region == "us-east-1"
    });
    assert_eq!(found.len(), expected.count());
    assert!(pages > 1, "the list really pages");
}

#[tokio::test]
async fn iam_says_that_there_is_more_and_encodes_trust_policies() {
    let cloud = start(Faults { page_size: Some(10), ..Faults::default() }).await;
    let body = "Action=ListRoles&Version=2010-05-08&MaxItems=1000";
    let xml = query_call(&cloud, PRODUCTION, "iam", body).await.text().await.expect("text");
    assert!(xml.contains("<ListRolesResult>"));
    assert_eq!(texts(&xml, "IsTruncated"), ["true"]);
    assert_eq!(texts(&xml, "RoleName").len(), 10);
    assert!(texts(&xml, "AssumeRolePolicyDocument").iter().all(|text| text.starts_with("%7B%22")));
}

#[tokio::test]
async fn record_sets_page_by_the_name_and_type_of_the_next_one() {
    let cloud = start(Faults::default()).await;
    let zone = "/2013-04-01/hostedzone/Z00ACME0000000000001/rrset";
    let first = rest_call(&cloud, PRODUCTION, "us-east-1", "route53", &format!("{zone}?maxitems=3")).await;
    let first = first.text().await.expect("text");
    assert_eq!(texts(&first, "ResourceRecordSet").len(), 3);
    let (name, kind) = (texts(&first, "NextRecordName")[0], texts(&first, "NextRecordType")[0]);
    let path = format!("{zone}?maxitems=3&name={name}&type={kind}");
    let second = rest_call(&cloud, PRODUCTION, "us-east-1", "route53", &path).await.text().await.expect("text");
    assert_eq!(texts(&second, "Name")[0], name);
    assert_eq!(texts(&second, "Type")[0], kind);
}

#[tokio::test]
async fn bucket_settings_are_served_in_the_bucket_s_region_and_absence_is_an_error_code() {
    let cloud = start(Faults::default()).await;
    let list = rest_call(&cloud, PRODUCTION, "us-east-1", "s3", "/?max-buckets=100").await.text().await.expect("text");
    let elsewhere = texts(&list, "Bucket").into_iter().find(|bucket| texts(bucket, "BucketRegion") == ["eu-west-1"]);
    let name = texts(elsewhere.expect("a bucket in Ireland"), "Name")[0];
    let wrong = rest_call(&cloud, PRODUCTION, "us-east-1", "s3", &format!("/{name}?encryption")).await;
    assert_eq!(texts(&wrong.text().await.expect("text"), "Code"), ["AuthorizationHeaderMalformed"]);
    let right = rest_call(&cloud, PRODUCTION, "eu-west-1", "s3", &format!("/{name}?encryption")).await;
    assert!(right.text().await.expect("text").contains("<SSEAlgorithm>"));
    let location = rest_call(&cloud, PRODUCTION, "us-east-1", "s3", &format!("/{name}?location")).await;
    assert!(location.text().await.expect("text").contains(">eu-west-1</LocationConstraint>"));

    let public = "/acme-production-public-assets";
    let absent = rest_call(&cloud, PRODUCTION, "us-east-1", "s3", &format!("{public}?publicAccessBlock")).await;
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
    assert_eq!(texts(&absent.text().await.expect("text"), "Code"), ["NoSuchPublicAccessBlockConfiguration"]);
    let policy: Value =
        rest_call(&cloud, PRODUCTION, "us-east-1", "s3", &format!("{public}?policy")).await.json().await.expect("JSON");
    assert_eq!(policy["Statement"][0]["Principal"], "*");
}

#[tokio::test]
async fn a_known_list_of_nothing_is_empty_and_an_unknown_operation_is_an_error() {
    let cloud = start(Faults::default()).await;
    let empty = query_call(&cloud, PRODUCTION, "ec2", "Action=DescribeVpnConnections&Version=2016-11-15").await;
    assert_eq!(empty.status(), StatusCode::OK);
    assert!(empty.text().await.expect("text").contains("<vpnConnectionSet></vpnConnectionSet>"));
    let apps: Value = rest_call(&cloud, PRODUCTION, "us-east-1", "amplify", "/apps").await.json().await.expect("JSON");
    assert_eq!(apps, json!({"apps": []}));

    let unknown = query_call(&cloud, PRODUCTION, "ec2", "Action=TerminateInstances&Version=2016-11-15").await;
    assert_eq!(texts(&unknown.text().await.expect("text"), "Code"), ["InvalidAction"]);
    let unknown = json_call(&cloud, PRODUCTION, "kms", "TrentService.ScheduleKeyDeletion", json!({})).await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    let body: Value = unknown.json().await.expect("JSON");
    assert_eq!(body["__type"], "UnknownOperationException");
}

#[tokio::test]
async fn a_denial_has_the_shape_of_its_protocol() {
    let cloud = start(Faults { denied: vec![Denial::new(PRODUCTION, "*")], ..Faults::default() }).await;
    let ec2 = query_call(&cloud, PRODUCTION, "ec2", "Action=DescribeVpcs&Version=2016-11-15").await;
    assert_eq!(ec2.status(), StatusCode::FORBIDDEN);
    assert_eq!(texts(&ec2.text().await.expect("text"), "Code"), ["UnauthorizedOperation"]);
    let iam = query_call(&cloud, PRODUCTION, "iam", "Action=ListUsers&Version=2010-05-08").await;
    assert_eq!(texts(&iam.text().await.expect("text"), "Code"), ["AccessDenied"]);
    let kms = json_call(&cloud, PRODUCTION, "kms", "TrentService.ListKeys", json!({})).await;
    assert_eq!(kms.status(), StatusCode::BAD_REQUEST);
    let kms: Value = kms.json().await.expect("JSON");
    assert_eq!(kms["__type"], "AccessDeniedException");
    let lambda = rest_call(&cloud, PRODUCTION, "us-east-1", "lambda", "/2015-03-31/functions").await;
    assert_eq!(lambda.status(), StatusCode::FORBIDDEN);
    assert_eq!(lambda.headers()["x-amzn-errortype"], "AccessDeniedException");
    let s3 = rest_call(&cloud, PRODUCTION, "us-east-1", "s3", "/").await.text().await.expect("text");
    assert!(s3.contains("<Error><Code>AccessDenied</Code>"));

    cloud.set_faults(Faults::default());
    let again = query_call(&cloud, PRODUCTION, "iam", "Action=ListUsers&Version=2010-05-08").await;
    assert_eq!(again.status(), StatusCode::OK, "faults change while the endpoint runs");
}

#[tokio::test]
async fn throttling_has_the_shape_of_its_protocol() {
    let throttle = Throttle { scope: PRODUCTION.to_owned(), per_second: 0.001, burst: 1 };
    let cloud = start(Faults { throttle: vec![throttle], ..Faults::default() }).await;
    let list = "/2015-03-31/functions";
    assert_eq!(rest_call(&cloud, PRODUCTION, "us-east-1", "lambda", list).await.status(), StatusCode::OK);
    let second = rest_call(&cloud, PRODUCTION, "us-east-1", "lambda", list).await;
    assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(second.headers()["x-amzn-errortype"], "TooManyRequestsException");
    for (service, body, code) in [
        ("ec2", "Action=DescribeVpcs&Version=2016-11-15", "RequestLimitExceeded"),
        ("iam", "Action=ListUsers&Version=2010-05-08", "Throttling"),
    ] {
        query_call(&cloud, PRODUCTION, service, body).await;
        let refused = query_call(&cloud, PRODUCTION, service, body).await.text().await.expect("text");
        assert_eq!(texts(&refused, "Code"), [code]);
    }
}

#[tokio::test]
async fn credentials_expire_once_and_a_failure_passes() {
    let faults = Faults {
        expired_credentials_once: true,
        unavailable_once: vec!["kms:ListKeys".to_owned()],
        ..Faults::default()
    };
    let cloud = start(faults).await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        let response = json_call(&cloud, PRODUCTION, "kms", "TrentService.ListKeys", json!({})).await;
        let status = response.status().as_u16();
        let body: Value = response.json().await.expect("JSON");
        codes.push((status, body["__type"].as_str().unwrap_or("-").to_owned()));
    }
    let expected = [(400, "ExpiredTokenException"), (503, "ServiceUnavailable"), (200, "-")];
    assert_eq!(codes, expected.map(|(status, code)| (status, code.to_owned())));
}

#[tokio::test]
async fn the_same_options_give_the_same_estate_and_scale_gives_more_of_it() {
    let (one, two) = (Estate::generate(&EstateOptions::default()), Estate::generate(&EstateOptions::default()));
    assert_eq!(one.truth().resources, two.truth().resources);
    let large = Estate::generate(&EstateOptions { scale: 4, ..EstateOptions::default() });
    let (small, large) = (one.truth().resources.len(), large.truth().resources.len());
    assert!((2_800..3_400).contains(&small), "{small} resources");
    assert!(large > 3 * small, "{large} resources at scale 4");
    let keys: BTreeSet<_> = one.truth().resources.iter().collect();
    assert_eq!(keys.len(), small, "no resource is expected twice");
    let vendors: BTreeSet<_> =
        one.truth().third_parties.iter().filter_map(|party| party.vendor_id.as_deref()).collect();
    assert!(vendors.len() >= 12, "{vendors:?}");
    for provider in Provider::ALL {
        assert!(!one.truth().vendors(*provider).is_empty(), "{provider} shows third parties");
    }
}
