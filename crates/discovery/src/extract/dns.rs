//! DNS records in the shapes of Route 53, Cloud DNS and Azure DNS.
//!
//! MX, TXT, CNAME (with aliases) and NS can name an outsider. Addresses and the zone's own SOA name nobody that we
//! could tell, and are left out.

use carveout_model::{Direction, Outsider, Relation, Strength};
use serde_json::Value;

use super::{Edge, Finding, PATTERN, STATED, TOKEN, below, each};
use crate::hosts;

const MAIL: Edge = Edge::new(Relation::ReceivesData, Strength::SendsDataTo, Direction::Both);
const MAIL_OUT: Edge = Edge::new(Relation::ReceivesData, Strength::SendsDataTo, Direction::Outbound);
const HOSTED: Edge = Edge::new(Relation::Hosts, Strength::Hosting, Direction::Outbound);
const ROUTED: Edge = Edge::new(Relation::RoutesTraffic, Strength::Hosting, Direction::Outbound);
const TOKEN_ONLY: Edge = Edge::new(Relation::Contact, Strength::Contact, Direction::Neither);

/// Everyone whom one record, or each record of a list, names.
pub(super) fn record(at: &str, value: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, record) in each(at, value) {
        let Some((name, kind)) = name_and_type(record) else { continue };
        for (at, text) in values(&at, record, &kind) {
            found.extend(findings(&at, &name, &kind, &text));
        }
    }
    found
}

fn name_and_type(record: &Value) -> Option<(String, String)> {
    let text = |member: &str| record.get(member).and_then(Value::as_str);
    let fqdn = record.get("properties").unwrap_or(record).get("fqdn").and_then(Value::as_str);
    let name = fqdn.or_else(|| text("Name")).or_else(|| text("name"))?;
    let kind = text("Type").or_else(|| text("type"))?;
    // Azure writes `Microsoft.Network/dnszones/CNAME`.
    let kind = kind.rsplit('/').next().unwrap_or(kind).to_ascii_uppercase();
    // Route 53 writes `*` as an octal escape.
    let name = name.trim_end_matches('.').replace("\\052", "*").to_ascii_lowercase();
    Some((name, kind))
}

/// The values of a record, each with its path.
fn values(at: &str, record: &Value, kind: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut push = |at: String, text: &str| found.push((at, text.trim().to_owned()));
    // Route 53.
    if let Some(records) = record.get("ResourceRecords") {
        for (at, element) in each(&below(at, "ResourceRecords"), records) {
            if let Some(text) = element.get("Value").and_then(Value::as_str) {
                push(below(&at, "Value"), text);
            }
        }
    }
    if let Some(target) = record.get("AliasTarget").and_then(|alias| alias.get("DNSName")).and_then(Value::as_str) {
        push(below(&below(at, "AliasTarget"), "DNSName"), target);
    }
    // Cloud DNS.
    if let Some(texts) = record.get("rrdatas") {
        for (at, element) in each(&below(at, "rrdatas"), texts) {
            if let Some(text) = element.as_str() {
                push(at, text);
            }
        }
    }
    // Azure DNS, with its members below `properties` or flat.
    let (azure, at) = match record.get("properties") {
        Some(properties) => (properties, below(at, "properties")),
        None => (record, at.to_owned()),
    };
    let member = match kind {
        "CNAME" => "CNAMERecord",
        "MX" => "MXRecords",
        "NS" => "NSRecords",
        "TXT" => "TXTRecords",
        _ => return found,
    };
    let spelled = [member.to_owned(), format!("{}{}", member[..1].to_ascii_lowercase(), &member[1..])];
    let Some((member, records)) = spelled.iter().find_map(|member| Some((member, azure.get(member)?))) else {
        return found;
    };
    for (at, element) in each(&below(&at, member), records) {
        for target in ["cname", "exchange", "nsdname"] {
            if let Some(text) = element.get(target).and_then(Value::as_str) {
                found.push((below(&at, target), text.trim().to_owned()));
            }
        }
        if let Some(parts) = element.get("value") {
            let joined: String = each("", parts).iter().filter_map(|(_, part)| part.as_str()).collect();
            found.push((below(&at, "value"), joined));
        }
    }
    found
}

fn findings(at: &str, name: &str, kind: &str, text: &str) -> Vec<Finding> {
    let finding = |kind: &str, value: &str, edge, confidence| {
        let outsider =
            Outsider::DnsRecord { record_type: kind.to_owned(), name: name.to_owned(), value: value.to_owned() };
        Finding::new(outsider, at, value, edge, confidence)
    };
    match kind {
        "MX" => {
            let exchange = text.split_whitespace().last().unwrap_or_default();
            host(exchange).map(|host| finding("MX", &host, MAIL, STATED)).into_iter().collect()
        }
        "NS" => host(text).map(|host| finding("NS", &host, ROUTED, PATTERN)).into_iter().collect(),
        "CNAME" | "A" | "AAAA" if text.parse::<std::net::IpAddr>().is_err() => {
            // Addresses with an alias target are names too.
            host(text).map(|host| finding("CNAME", &host, HOSTED, PATTERN)).into_iter().collect()
        }
        "TXT" | "SPF" => {
            let text = unquoted(text);
            if text.len() >= 6 && text[..6].eq_ignore_ascii_case("v=spf1") {
                text.split_whitespace()
                    .filter_map(|term| {
                        let lower = term.to_ascii_lowercase();
                        let mechanism = lower.trim_start_matches(['+', '-', '~', '?']);
                        let other =
                            mechanism.strip_prefix("include:").or_else(|| mechanism.strip_prefix("redirect="))?;
                        // A macro stands for a name that only the mail server knows; what follows it is the vendor's.
                        let other = other.rsplit('}').next().unwrap_or(other).trim_start_matches('.');
                        (!other.is_empty()).then(|| finding("TXT", &format!("include:{other}"), MAIL_OUT, PATTERN))
                    })
                    .collect()
            } else if text.is_empty() {
                Vec::new()
            } else {
                vec![finding("TXT", &text, TOKEN_ONLY, TOKEN)]
            }
        }
        _ => Vec::new(),
    }
}

fn host(text: &str) -> Option<String> {
    let host = hosts::host_of(text)?;
    host.parse::<std::net::IpAddr>().is_err().then_some(host)
}

/// The text of a TXT value: quoted strings run together, as a resolver hands them out.
fn unquoted(text: &str) -> String {
    if !text.starts_with('"') {
        return text.to_owned();
    }
    text.split('"').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seen(value: Value) -> Vec<(String, String)> {
        record("", &value).into_iter().map(|finding| (finding.at, finding.value)).collect()
    }

    #[test]
    fn every_include_of_an_spf_record_is_its_own_observation() {
        let found = seen(json!({"Name": "example.com.", "Type": "TXT", "ResourceRecords": [
            {"Value": "\"v=spf1 include:_spf.google.com \" \"include:sendgrid.net ~all\""},
            {"Value": "\"MS=ms1\""},
        ]}));
        let path = "ResourceRecords[0].Value".to_owned();
        assert_eq!(
            found,
            [
                (path.clone(), "include:_spf.google.com".to_owned()),
                (path, "include:sendgrid.net".to_owned()),
                ("ResourceRecords[1].Value".to_owned(), "MS=ms1".to_owned()),
            ]
        );
    }

    #[test]
    fn the_three_providers_shapes_say_the_same() {
        let mx = |value: Value| record("", &value).into_iter().map(|finding| finding.outsider).collect::<Vec<_>>();
        let expected = vec![Outsider::DnsRecord {
            record_type: "MX".into(),
            name: "example.com".into(),
            value: "mxa.mailgun.org".into(),
        }];
        assert_eq!(
            mx(json!({"Name": "example.com.", "Type": "MX", "ResourceRecords": [{"Value": "10 mxa.mailgun.org."}]})),
            expected
        );
        assert_eq!(mx(json!({"name": "example.com.", "type": "MX", "rrdatas": ["10 mxa.mailgun.org."]})), expected);
        assert_eq!(
            mx(json!({"name": "@", "type": "Microsoft.Network/dnszones/MX", "properties": {
                "fqdn": "example.com.", "MXRecords": [{"preference": 10, "exchange": "mxa.mailgun.org"}]}})),
            expected
        );
    }

    #[test]
    fn an_alias_is_a_cname_and_an_address_is_nobody() {
        let alias = json!({"Name": "a.example.com.", "Type": "A", "AliasTarget": {"DNSName": "d1.cloudfront.net."}});
        assert_eq!(seen(alias), [("AliasTarget.DNSName".to_owned(), "d1.cloudfront.net".to_owned())]);
        assert!(seen(json!({"Name": "b.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]})).is_empty());
    }
}
