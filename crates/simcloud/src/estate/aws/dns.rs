//! Route 53: the public zone, whose records name most of the vendors that a company has.

use serde_json::{Value, json};

use super::{Scribe, Workload};
use crate::estate::DOMAIN;

/// A record: name, type, values, and the vendor that each value gives away.
type Record = (&'static str, &'static str, &'static [(&'static str, Option<&'static str>)]);

/// Records of the public zone.
///
/// Values are the records that vendors ask their customers for; the tokens in them are made up.
const RECORDS: &[Record] = &[
    ("", "NS", &[("ns-1.awsdns-01.org.", None), ("ns-2.awsdns-02.com.", None)]),
    ("", "SOA", &[("ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400", None)]),
    (
        "",
        "MX",
        &[
            ("1 aspmx.l.google.com.", Some("google-workspace")),
            ("5 alt1.aspmx.l.google.com.", Some("google-workspace")),
        ],
    ),
    (
        "",
        "TXT",
        &[
            ("\"v=spf1 include:_spf.google.com include:sendgrid.net include:mail.zendesk.com ~all\"", Some("sendgrid")),
            ("\"atlassian-domain-verification=acme0000000000000001\"", Some("atlassian")),
            ("\"stripe-verification=acme0000000000000002\"", Some("stripe")),
            ("\"slack-domain-verification=acme0000000000000003\"", Some("slack")),
            ("\"1password-site-verification=ACME0000000000000004\"", Some("1password")),
        ],
    ),
    ("_dmarc.", "TXT", &[("\"v=DMARC1; p=quarantine; rua=mailto:dmarc@acme.example\"", None)]),
    ("help.", "CNAME", &[("acme.zendesk.com", Some("zendesk"))]),
    ("status.", "CNAME", &[("acme0000001.statuspage.io", Some("atlassian"))]),
    ("em4711.", "CNAME", &[("u4711.wl.sendgrid.net", Some("sendgrid"))]),
    ("s1._domainkey.", "CNAME", &[("s1.domainkey.u4711.wl.sendgrid.net", Some("sendgrid"))]),
    ("_acmevalidation.", "CNAME", &[("_acme0000000000000005.acm-validations.aws.", None)]),
];

/// Writes the zones of the production account.
pub(super) fn write(scribe: &mut Scribe<'_>) {
    if !scribe.is(Workload::Production) {
        return;
    }
    let zone = zone(scribe, "Z00ACME0000000000001", DOMAIN, false);
    for (prefix, kind, values) in RECORDS {
        let name = format!("{prefix}{DOMAIN}.");
        let key = record(scribe, &zone, &name, kind, &values.iter().map(|(value, _)| *value).collect::<Vec<_>>());
        for (value, vendor) in *values {
            if let Some(vendor) = vendor {
                scribe.vendor(vendor, &key, "dns_record", value);
            }
        }
        if values.iter().any(|(value, _)| value.contains("include:_spf.google.com")) {
            scribe.vendor("google-workspace", &key, "dns_record", values[0].0);
            scribe.vendor("zendesk", &key, "dns_record", values[0].0);
        }
        if values.iter().any(|(value, _)| value.contains("acm-validations.aws")) {
            scribe.lookalike(&key, values[0].0, "provider_owned");
        }
    }
    for host in ["", "www.", "app.", "api."] {
        let alias = if host == "api." {
            "dualstack.acme-api-1.us-east-1.elb.amazonaws.com."
        } else {
            "d0000acme0001.cloudfront.net."
        };
        let item = json!({
            "Name": format!("{host}{DOMAIN}."), "Type": "A",
            "AliasTarget": {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": alias, "EvaluateTargetHealth": false},
        });
        let key = record_key(&zone, &format!("{host}{DOMAIN}."), "A");
        push(scribe, &zone, &key, item);
    }
    for index in 0..scribe.count(40) {
        let name = format!("tenant-{index:03}.{DOMAIN}.");
        record(scribe, &zone, &name, "CNAME", &["app.acme.example"]);
    }
    let private = self::zone(scribe, "Z00ACME0000000000002", "internal.acme.example", true);
    for index in 0..scribe.count(20) {
        let address = format!("10.20.{}.{}", index / 250, index % 250 + 1);
        record(scribe, &private, &format!("service-{index:03}.internal.{DOMAIN}."), "A", &[&address]);
    }
}

fn zone(scribe: &mut Scribe<'_>, id: &str, name: &str, private: bool) -> String {
    let path = format!("/hostedzone/{id}");
    let item = json!({
        "Id": path, "Name": format!("{name}."), "CallerReference": scribe.random.uuid(),
        "Config": {"Comment": "", "PrivateZone": private}, "ResourceRecordSetCount": 60,
    });
    scribe.resource(
        "AWS::Route53::HostedZone",
        "route53:ListHostedZones",
        &format!("arn:aws:route53:::hostedzone/{id}"),
        item,
    );
    path
}

fn record(scribe: &mut Scribe<'_>, zone: &str, name: &str, kind: &str, values: &[&str]) -> String {
    let records: Vec<Value> = values.iter().map(|value| json!({"Value": value})).collect();
    let item = json!({"Name": name, "Type": kind, "TTL": 300, "ResourceRecords/ResourceRecord": records});
    let key = record_key(zone, name, kind);
    push(scribe, zone, &key, item);
    key
}

fn push(scribe: &mut Scribe<'_>, zone: &str, key: &str, item: Value) {
    let id = zone.rsplit('/').next().unwrap_or(zone);
    let action = "route53:ListResourceRecordSets";
    scribe.list(action, id, item);
    scribe.expect("AWS::Route53::RecordSet", action, key);
}

/// A record set has no ARN: it is named below its zone's.
fn record_key(zone: &str, name: &str, kind: &str) -> String {
    format!("arn:aws:route53::{zone}/recordset/{name}|{kind}|").replacen("::/", ":::", 1)
}
