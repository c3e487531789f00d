//! Which AWS operations are served, and how each looks on the wire.
//!
//! `operations.csv` has one row per operation; its `list`, token and `key` columns are wire names. The facts are those of
//! the service models that AWS publishes (botocore, Apache-2.0). An operation that is in the table and of which the estate
//! has nothing answers an empty list; one that is not in the table is unknown.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

/// How a service speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Protocol {
    Json,
    RestJson,
    Query,
    Ec2,
    RestXml,
}

/// One service.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Service {
    /// The name in front of an operation (`elbv2`).
    pub(crate) service: String,
    /// The name that requests are signed for (`elasticloadbalancing`).
    pub(crate) signing: String,
    pub(crate) protocol: Protocol,
    /// The API version of a query service, or `1.0` or `1.1` of a JSON one.
    pub(crate) version: String,
    /// What stands before the operation in `X-Amz-Target`.
    pub(crate) target: String,
}

/// What an operation answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Items, in pages.
    List,
    /// One stored answer.
    Get,
    /// One stored item for each key asked for.
    Batch,
}

/// Where an operation's answers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Reach {
    Global,
    Region,
}

/// One operation.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Operation {
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) kind: Kind,
    pub(crate) scope: Reach,
    /// `METHOD /path/{Label}?subresource` of a REST operation.
    pub(crate) http: String,
    /// The member that holds the items; `Wrapper/Item` where the items have a tag of their own, `key=member|key=member`
    /// where it depends on the key.
    pub(crate) list: String,
    /// The parameters that carry the page token in, joined by `+` where there are several.
    pub(crate) token_in: String,
    /// The members that carry it out.
    pub(crate) token_out: String,
    /// The flag that says whether there is more.
    pub(crate) more: String,
    /// The parameter that asks for a page size.
    pub(crate) size_in: String,
    /// The most items that a page can hold.
    pub(crate) page_max: Option<usize>,
    /// The parameter that chooses the parent or the item.
    pub(crate) key: String,
    /// The error code for a key without an answer or items; empty where the answer is then empty.
    pub(crate) missing: String,
    /// The root element of a REST-XML answer; `text` where the body is the value itself.
    pub(crate) root: String,
}

impl Operation {
    /// `service:Operation`.
    pub(crate) fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    /// The member that holds the items of a key.
    pub(crate) fn list_of(&self, key: &str) -> &str {
        let mut members = self.list.split('|').filter_map(|pair| pair.split_once('='));
        members.find(|(own, _)| *own == key).map_or(self.list.as_str(), |(_, member)| member)
    }

    /// The labels of the path, if the request is this operation's.
    fn matches(&self, method: &str, segments: &[&str], subresources: &[String]) -> Option<Vec<(String, String)>> {
        let (own_method, target) = self.http.split_once(' ')?;
        if own_method != method {
            return None;
        }
        let (path, subresource) = target.split_once('?').unwrap_or((target, ""));
        if !subresource.is_empty() && !subresources.iter().any(|name| name == subresource) {
            return None;
        }
        let own: Vec<&str> = split_path(path);
        if own.len() != segments.len() {
            return None;
        }
        let mut labels = Vec::new();
        for (pattern, segment) in own.iter().zip(segments) {
            match pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(name) => labels.push((name.to_owned(), decode(segment))),
                None if pattern == segment => {}
                None => return None,
            }
        }
        Some(labels)
    }
}

/// The table, with its ways in.
#[derive(Debug)]
pub(crate) struct Table {
    services: Vec<Service>,
    operations: Vec<Operation>,
    by_action: HashMap<String, usize>,
}

/// The one table.
pub(crate) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table {
        services: read(include_bytes!("services.csv")),
        operations: read(include_bytes!("operations.csv")),
        by_action: HashMap::new(),
    }
    .indexed()
});

fn read<T: for<'de> Deserialize<'de>>(text: &[u8]) -> Vec<T> {
    csv::Reader::from_reader(text)
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded table is read by a test")
}

/// What a request asks for: the service, the operation, and the labels of its path.
pub(crate) type Routed<'a> = (&'a Service, &'a Operation, Vec<(String, String)>);

impl Table {
    fn indexed(mut self) -> Self {
        self.by_action = self.operations.iter().enumerate().map(|(index, each)| (each.action(), index)).collect();
        self
    }

    /// The operation called `service:Operation`.
    pub(crate) fn operation(&self, action: &str) -> Option<&Operation> {
        self.by_action.get(action).map(|index| &self.operations[*index])
    }

    /// The service called `name`.
    pub(crate) fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.service == name)
    }

    /// The JSON service that an `X-Amz-Target` names, and the operation's name.
    pub(crate) fn by_target<'a>(&self, target: &'a str) -> Option<(&Service, &'a str)> {
        let (prefix, operation) = target.rsplit_once('.')?;
        let service = self.services.iter().find(|service| !service.target.is_empty() && service.target == prefix)?;
        Some((service, operation))
    }

    /// The query service that a signature and an API version name; some share a signing name.
    pub(crate) fn by_version(&self, signing: &str, version: &str) -> Option<&Service> {
        let query = |service: &&Service| {
            service.signing == signing && matches!(service.protocol, Protocol::Query | Protocol::Ec2)
        };
        self.services.iter().filter(query).find(|service| service.version == version || version.is_empty())
    }

    /// The services that speak REST and are signed as `signing`.
    pub(crate) fn rest(&self, signing: &str) -> Option<&Service> {
        self.services.iter().find(|service| {
            service.signing == signing && matches!(service.protocol, Protocol::RestJson | Protocol::RestXml)
        })
    }

    /// The REST operation of a request, with the labels of its path. The most literal path wins.
    pub(crate) fn by_path(
        &self,
        signing: &str,
        method: &str,
        path: &str,
        subresources: &[String],
    ) -> Option<Routed<'_>> {
        let segments = split_path(path);
        let candidates = self.operations.iter().filter_map(|operation| {
            let service = self.service(&operation.service).filter(|service| service.signing == signing)?;
            let labels = operation.matches(method, &segments, subresources)?;
            Some((service, operation, labels))
        });
        candidates.min_by_key(|(_, operation, labels)| (!operation.http.contains('?'), labels.len()))
    }
}

fn split_path(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !segment.is_empty()).collect()
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_service_and_list_operations_have_a_list() {
        for operation in &TABLE.operations {
            assert!(TABLE.service(&operation.service).is_some(), "{}", operation.action());
            assert_eq!(operation.kind == Kind::Get, operation.list.is_empty(), "{}", operation.action());
            let rest = matches!(
                TABLE.service(&operation.service).map(|service| service.protocol),
                Some(Protocol::RestJson | Protocol::RestXml)
            );
            assert_eq!(rest, !operation.http.is_empty(), "{}", operation.action());
        }
        assert_eq!(TABLE.by_action.len(), TABLE.operations.len(), "no operation is listed twice");
    }

    #[test]
    fn a_sub_resource_beats_the_plain_path_and_a_literal_beats_a_label() {
        let policy = TABLE.by_path("s3", "GET", "/acme-logs", &["policy".to_owned()]).expect("a bucket policy");
        assert_eq!((policy.1.operation.as_str(), policy.2[0].1.as_str()), ("GetBucketPolicy", "acme-logs"));
        assert_eq!(TABLE.by_path("s3", "GET", "/", &[]).expect("buckets").1.operation, "ListBuckets");
        let api = TABLE.by_path("apigateway", "GET", "/v2/apis", &[]).expect("version 2 shares the signing name");
        assert_eq!(api.1.operation, "GetApis");
    }
}
