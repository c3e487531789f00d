//! The vendors of a realistic AWS estate, each where such an estate shows it.

mod common;

use std::time::Instant;

use carveout_model::{Direction, Observation, Outsider, Relation, Strength};
use common::*;
use serde_json::{Value, json};

fn party_of(seen: &[Observation]) -> String {
    parties(&resolved(seen, &aws(), "github = [\"acme\"]")).join(" ")
}

fn role(principal: &str) -> Value {
    json!({
        "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": principal},
            "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "acme-1"}}}]},
        "AttachedPolicies": [],
        "RolePolicyList": [{"PolicyName": "access", "PolicyDocument": {"Statement": [
            {"Effect": "Allow", "Action": ["ec2:Describe*", "s3:ListAllMyBuckets"], "Resource": "*"}]}}],
    })
}

const TRUST: &str = concat!(
    "path = \"AssumeRolePolicyDocument\"\nextractor = \"iam_policy\"\n",
    "permissions = [\"AttachedPolicies\", \"RolePolicyList\"]",
);

#[test]
fn the_accounts_that_vendors_publish_are_named() {
    for (account, vendor) in [
        ("464622532012", "datadog"),
        ("956993596390", "vanta"),
        ("269135526815", "drata"),
        ("834469178297", "fivetran"),
        ("754728514883", "new-relic"),
        ("292230061137", "crowdstrike"),
        ("434813966438", "lacework"),
        ("926226587429", "sumo-logic"),
        ("414351767826", "databricks"),
        ("107630771604", "segment"),
        ("391854517948", "cloudflare"),
        ("536727724300", "mongodb"),
        ("061190967865", "cloudzero"),
        ("976280145156", "orca"),
        ("008923505280", "grafana"),
        ("324880187172", "spacelift"),
        ("324528010823", "hightouch"),
        ("190812797848", "monte-carlo"),
        ("951887872838", "auth0"),
        // Nobody publishes these: they stay on the list as they are.
        ("390012345678", "unknown-aws-390012345678"),
        ("440012345678", "unknown-aws-440012345678"),
    ] {
        let seen = observe(TRUST, "role", &role(&format!("arn:aws:iam::{account}:root")));
        assert_eq!(party_of(&seen), vendor);
        // What the role may do decides, not who is trusted.
        assert_eq!((seen[0].relation, seen[0].strength), (Relation::ReadsConfig, Strength::CanReadConfig));
    }
}

#[test]
fn identity_providers_are_named_also_through_the_roles_that_trust_them() {
    let provider = format!("arn:aws:iam::{OWN}:saml-provider/Okta");
    let metadata = json!({"SAMLMetadataDocument": "<EntityDescriptor entityID=\"http://www.okta.com/exk1abc\">xxx"});
    let mut seen = observe("path = \"SAMLMetadataDocument\"\nextractor = \"saml_metadata\"", &provider, &metadata);
    let statement = json!({"Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}});
    seen.extend(observe(POLICY, "okta-admin", &policy(statement)));
    let found = resolved(&seen, &aws(), "");
    assert_eq!(parties(&found), ["okta"]);
    let trust = found.evidence.iter().find(|row| row.resource_key == "okta-admin").expect("the role's row");
    assert_eq!((trust.party_id.as_str(), trust.relation), ("okta", Relation::Authenticates));

    for (issuer, vendor) in [
        ("https://token.actions.githubusercontent.com", "github"),
        ("https://gitlab.com", "gitlab"),
        ("https://app.terraform.io", "hashicorp"),
        ("https://oidc.circleci.com/org/5f1c7b1e", "circleci"),
        ("https://acme.okta.com", "okta"),
    ] {
        let seen = observe("path = \"Url\"\nextractor = \"oidc_issuer\"", "r", &json!({"Url": issuer}));
        assert_eq!(party_of(&seen), vendor);
    }
}

#[test]
fn code_and_images_of_vendors_are_named() {
    for (arn, vendor) in [
        ("arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Extension:65", "datadog"),
        ("arn:aws:lambda:us-east-1:451483290750:layer:NewRelicPython311:30", "new-relic"),
        ("arn:aws:lambda:us-east-1:943013980633:layer:SentryPythonServerlessSDK:112", "sentry"),
    ] {
        let seen =
            observe("path = \"Layers[].Arn\"\nextractor = \"layer_arn\"", "r", &json!({"Layers": [{"Arn": arn}]}));
        assert_eq!(party_of(&seen), vendor);
    }
    for (image, vendor) in [
        ("public.ecr.aws/datadog/agent:7.54.0", "datadog"),
        ("quay.io/sysdig/agent:13.1.0", "sysdig"),
        ("docker.io/snyk/kubernetes-monitor:2.12", "snyk"),
        ("newrelic/infrastructure-bundle:3.2", "new-relic"),
    ] {
        let seen = observe("path = \"image\"\nextractor = \"container_image\"", "r", &json!({"image": image}));
        assert_eq!(party_of(&seen), vendor);
    }
}

#[test]
fn dns_records_name_their_vendors() {
    for (name, kind, value, vendor) in [
        ("", "MX", "1 aspmx.l.google.com.", "google-workspace"),
        ("", "TXT", "\"v=spf1 include:_spf.google.com include:sendgrid.net -all\"", "google-workspace sendgrid"),
        ("em4321.", "CNAME", "u4321.wl.sendgrid.net", "sendgrid"),
        ("support.", "CNAME", "acme.zendesk.com", "zendesk"),
        ("status.", "CNAME", "8tk2.stspg-customer.com", "atlassian"),
        ("info.", "CNAME", "12345.group7.sites.hubspot.net", "hubspot"),
        ("login.", "CNAME", "acme.customdomains.okta.com", "okta"),
        ("", "TXT", "\"atlassian-domain-verification=a7Zq\"", "atlassian"),
        ("", "TXT", "\"stripe-verification=0a1b\"", "stripe"),
        ("shop.", "CNAME", "shops.myshopify.com", "shopify"),
        ("", "TXT", "\"MS=ms91234567\"", "microsoft-365"),
        ("", "TXT", "\"ZOOM_verify_x1\"", "zoom"),
        ("www.", "CNAME", "acme.netlify.app", "netlify"),
        ("app.", "CNAME", "cname.vercel-dns.com", "vercel"),
        ("help.", "CNAME", "custom.intercom.help", "intercom"),
        ("mg.", "MX", "10 mxa.mailgun.org.", "mailgun"),
        ("", "TXT", "\"docusign=7a3c\"", "docusign"),
        ("cdn.", "CNAME", "acme.map.fastly.net", "fastly"),
        ("", "TXT", "\"1password-site-verification=Q1\"", "1password"),
    ] {
        let record = json!({"Name": format!("{name}prod0.acme-example.com."), "Type": kind,
            "ResourceRecords": [{"Value": value}]});
        let seen = observe("path = \"\"\nextractor = \"dns_record\"", "r", &record);
        assert_eq!(party_of(&seen), vendor, "{value}");
    }
}

#[test]
fn destinations_sources_and_names_are_named() {
    for (url, vendor) in [
        ("https://aws-kinesis-http-intake.logs.datadoghq.com/v1/input", "datadog"),
        ("https://aws-api.newrelic.com/firehose/v1", "new-relic"),
        ("https://api.honeycomb.io/1/kinesis_events/prod", "honeycomb"),
        ("https://hooks.slack.com/services/T0/B0/x", "slack"),
        ("https://events.pagerduty.com/v2/enqueue", "pagerduty"),
        ("https://acme.zendesk.com/api/v2/tickets", "zendesk"),
        ("https://http-intake.logs.datadoghq.com/api/v2/logs", "datadog"),
        ("jdbc:snowflake://acme.snowflakecomputing.com", "snowflake"),
        ("https://github.com/acme/app.git", "github"),
    ] {
        let seen = observe("path = \"u\"\nextractor = \"host\"", "r", &json!({"u": url}));
        assert_eq!(party_of(&seen), vendor);
        assert!(!seen[0].value.contains('/'), "only the host is kept: {}", seen[0].value);
    }
    let variables = json!({"V": {"DD_SITE": "datadoghq.com", "LOG_LEVEL": "info", "HANDLER": "index.handler"}});
    assert_eq!(party_of(&observe("path = \"V.*\"\nextractor = \"known_host\"", "r", &variables)), "datadog");
    let source = json!({"Name": "aws.partner/auth0.com/acme-9012-us-east-1/auth0.logs"});
    assert_eq!(party_of(&observe("path = \"Name\"\nextractor = \"partner_event_source\"", "r", &source)), "auth0");
    for (name, vendor) in [
        ("datadog/api_key", "datadog"),
        ("stripe/secret_key", "stripe"),
        ("twilio/auth_token", "twilio"),
        ("openai/api_key", "openai"),
        ("sentry/dsn", "sentry"),
        ("auth0/client_secret", "auth0"),
        ("launchdarkly/sdk_key", "launchdarkly"),
        ("/prod/pagerduty/routing_key", "pagerduty"),
        ("/prod/slack/webhook_url", "slack"),
        ("/prod/segment/write_key", "segment"),
        ("/prod/algolia/admin_key", "algolia"),
        ("mongodb-atlas-privatelink", "mongodb"),
        ("snowflake-privatelink", "snowflake"),
        ("acme-prod-secret-0001", ""),
    ] {
        assert_eq!(party_of(&observe("path = \"n\"\nextractor = \"name_hint\"", "r", &json!({"n": name}))), vendor);
    }
}

#[test]
fn a_resource_policys_actions_decide_the_strength() {
    let of = |actions: Value| {
        let statement = json!({"Effect": "Allow", "Principal": {"AWS": "107630771604"}, "Action": actions});
        let seen = observe(POLICY, "r", &policy(statement));
        (seen[0].relation, seen[0].strength, seen[0].direction, seen[0].context["write_only"] == json!(true))
    };
    let inbound = Direction::Inbound;
    assert_eq!(of(json!("SQS:SendMessage")), (Relation::Administers, Strength::CanAdmin, inbound, true));
    assert_eq!(of(json!(["s3:PutObject"])), (Relation::Administers, Strength::CanAdmin, inbound, true));
    assert_eq!(of(json!("SNS:Subscribe")), (Relation::ReadsData, Strength::CanReadData, inbound, false));
    assert_eq!(of(json!(["ecr:BatchGetImage"])), (Relation::ReadsData, Strength::CanReadData, inbound, false));
    let key = json!(["kms:Decrypt", "kms:DescribeKey"]);
    assert_eq!(of(key), (Relation::ReadsConfig, Strength::CanReadConfig, inbound, false));
}

#[test]
fn the_order_of_the_observations_changes_nothing() {
    let mut seen = Vec::new();
    for account in ["464622532012", "390012345678", OTHER_OWN, "127311923021"] {
        seen.extend(observe(TRUST, account, &role(account)));
    }
    let forward = resolved(&seen, &aws(), "");
    seen.reverse();
    assert_eq!(forward, resolved(&seen, &aws(), ""));
}

#[test]
fn a_large_estate_is_resolved_in_a_moment() {
    let outsiders = [
        Outsider::AwsAccount("464622532012".into()),
        Outsider::AwsAccount("390012345678".into()),
        Outsider::AwsService("ec2.amazonaws.com".into()),
        Outsider::Host("aws-kinesis-http-intake.logs.datadoghq.com".into()),
        Outsider::ContainerImage("public.ecr.aws/datadog/agent:7.54.0".into()),
        Outsider::DnsRecord {
            record_type: "CNAME".into(),
            name: "a.acme-example.com".into(),
            value: "x.y.unknown-host.net".into(),
        },
        Outsider::OidcIssuer("token.actions.githubusercontent.com".into()),
        Outsider::AzureNamespace("microsoft.compute/virtualmachines".into()),
    ];
    let sample = observe(TRUST, "r", &role("464622532012")).remove(0);
    let seen: Vec<Observation> = (0..100_000)
        .map(|index| Observation {
            resource_key: format!("arn:aws:iam::{OWN}:role/r{index}"),
            outsider: outsiders[index % outsiders.len()].clone(),
            ..sample.clone()
        })
        .collect();
    let started = Instant::now();
    let found = resolved(&seen, &aws(), "");
    let took = started.elapsed();
    assert!(found.evidence.len() > 60_000);
    // Ten times what a release build needs, so that a busy machine does not fail it and a quadratic index does.
    assert!(took.as_secs() < 30, "took {took:?}");
    eprintln_took(took);
}

/// Shown with `--nocapture`.
#[expect(clippy::print_stderr, reason = "a measurement for whoever runs the test")]
fn eprintln_took(took: std::time::Duration) {
    eprintln!("100000 observations in {took:?}");
}
