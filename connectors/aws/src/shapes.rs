//! The wire-shape table: how answers look, without the service models.
//!
//! `shapes.txt` is generated from botocore's models. `@service protocol` opens a service; `Operation Output
//! [payload=member] [result=wrapper]` is an operation; `Shape{member=wire kind,…}` is a structure. Kinds: `#` integer,
//! `?` boolean, `%` float, `@` timestamp, `!` blob, `:Shape`, `[tag kind` list, `*kind` flattened list, `{kind` map;
//! nothing is text. `^wire` stands in a header, `~wire` in an attribute. JSON services list renamed members and
//! timestamps only.

use std::collections::HashMap;

/// The table as it is built in.
const TABLE: &str = include_str!("shapes.txt");

/// The shapes of all services.
#[derive(Debug)]
pub(crate) struct Shapes {
    services: HashMap<&'static str, ServiceShapes>,
}

/// The shapes of one service.
#[derive(Debug, Default)]
pub(crate) struct ServiceShapes {
    operations: HashMap<&'static str, Operation>,
    structures: HashMap<&'static str, Vec<Member>>,
}

/// What an operation answers with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    /// The output structure.
    pub output: &'static str,
    /// The member that is the whole body.
    pub payload: Option<&'static str>,
    /// The element that wraps the output in the query protocol.
    pub result: Option<&'static str>,
}

/// A member of a structure.
#[derive(Debug)]
pub(crate) struct Member {
    /// Its name, as the SDKs and the CLI have it.
    pub name: &'static str,
    /// Its name on the wire where that is another.
    pub wire: Option<Wire>,
    /// What it holds.
    pub kind: Kind,
}

/// Where a member stands on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    Tag(&'static str),
    Header(&'static str),
    Attribute(&'static str),
}

/// What a member holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Float,
    Boolean,
    Timestamp,
    Blob,
    Structure(&'static str),
    List { tag: Option<&'static str>, of: Box<Kind> },
    FlatList(Box<Kind>),
    Map(Box<Kind>),
}

/// A line of the table that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("shapes.txt, line {line}: {reason}")]
pub struct ShapesError {
    line: usize,
    reason: &'static str,
}

impl Shapes {
    /// Reads the table that is built in.
    pub(crate) fn embedded() -> Result<Self, ShapesError> {
        let mut services = HashMap::<_, ServiceShapes>::new();
        let mut current = "";
        for (index, line) in TABLE.lines().enumerate() {
            let error = |reason| ShapesError { line: index + 1, reason };
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(header) = line.strip_prefix('@') {
                current = header.split_whitespace().next().ok_or_else(|| error("a service has no name"))?;
                continue;
            }
            let service = services.entry(current).or_default();
            if let Some((name, members)) = line.strip_suffix('}').and_then(|line| line.split_once('{')) {
                let members = members.split(',').filter(|text| !text.is_empty()).map(member);
                let members = members.collect::<Option<_>>().ok_or_else(|| error("a member can't be read"))?;
                service.structures.insert(name, members);
            } else {
                let (name, operation) = operation(line).ok_or_else(|| error("an operation can't be read"))?;
                service.operations.insert(name, operation);
            }
        }
        Ok(Self { services })
    }

    pub(crate) fn service(&self, name: &str) -> Option<&ServiceShapes> {
        self.services.get(name)
    }
}

impl ServiceShapes {
    pub(crate) fn operation(&self, name: &str) -> Option<Operation> {
        self.operations.get(name).copied()
    }

    /// The members of a structure; none that need care where the table does not list it.
    pub(crate) fn members(&self, structure: &str) -> &[Member] {
        self.structures.get(structure).map_or(&[], Vec::as_slice)
    }
}

fn operation(line: &'static str) -> Option<(&'static str, Operation)> {
    let mut words = line.split(' ');
    let (name, output) = (words.next()?, words.next()?);
    let mut operation = Operation { output, payload: None, result: None };
    for word in words {
        match word.split_once('=')? {
            ("payload", member) => operation.payload = Some(member),
            ("result", wrapper) => operation.result = Some(wrapper),
            _ => return None,
        }
    }
    Some((name, operation))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

fn split_name(text: &'static str) -> (&'static str, &'static str) {
    text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len()))
}

fn member(text: &'static str) -> Option<Member> {
    let (name, rest) = split_name(text);
    let (wire, rest) = match rest.strip_prefix('=') {
        None => (None, rest),
        Some(rest) => {
            let (make, rest): (fn(&'static str) -> Wire, _) = match (rest.strip_prefix('^'), rest.strip_prefix('~')) {
                (Some(rest), _) => (Wire::Header, rest),
                (_, Some(rest)) => (Wire::Attribute, rest),
                _ => (Wire::Tag, rest),
            };
            let (wire, rest) = split_name(rest);
            (Some(make(wire)), rest)
        }
    };
    (!name.is_empty()).then_some(())?;
    Some(Member { name, wire, kind: kind(rest)? })
}

fn kind(text: &'static str) -> Option<Kind> {
    let Some(mark) = text.chars().next() else { return Some(Kind::Text) };
    let rest = &text[mark.len_utf8()..];
    Some(match mark {
        '#' => Kind::Integer,
        '?' => Kind::Boolean,
        '%' => Kind::Float,
        '@' => Kind::Timestamp,
        '!' => Kind::Blob,
        ':' => Kind::Structure(rest),
        '*' => Kind::FlatList(Box::new(kind(rest)?)),
        '{' => Kind::Map(Box::new(kind(rest)?)),
        '[' => {
            let (tag, rest) = split_name(rest);
            Kind::List { tag: (!tag.is_empty()).then_some(tag), of: Box::new(kind(rest)?) }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_operation_of_the_catalogue_has_a_shape() {
        let shapes = Shapes::embedded().unwrap_or_else(|error| panic!("{error}"));
        let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
        for record in catalogue.types() {
            for call in record.calls() {
                let known = shapes.service(&record.service).and_then(|service| service.operation(&call.operation));
                assert!(known.is_some(), "{} {}", record.service, call.operation);
            }
        }
        let own = crate::organization::OPERATIONS.map(|operation| ("organizations", operation));
        let others = [
            ("sts", "AssumeRole"),
            ("sts", "GetCallerIdentity"),
            ("ec2", "DescribeRegions"),
            ("cloudcontrol", "ListResources"),
            ("cloudcontrol", "GetResource"),
        ];
        for (service, operation) in own.into_iter().chain(others) {
            assert!(shapes.service(service).and_then(|each| each.operation(operation)).is_some(), "{operation}");
        }
    }

    #[test]
    fn every_structure_that_is_named_is_described_in_an_xml_service() {
        let shapes = Shapes::embedded().unwrap_or_else(|error| panic!("{error}"));
        let buckets = shapes.service("s3").map(|s3| s3.members("ListBucketsOutput")).unwrap_or_default();
        let list = Kind::List { tag: Some("Bucket"), of: Box::new(Kind::Structure("Bucket")) };
        assert!(buckets.iter().any(|member| member.name == "Buckets" && member.kind == list), "{buckets:?}");
    }
}
