//! Answers in XML: a small tree, then JSON by the shapes.
//!
//! What the shapes do not know (a member newer than the table) is kept by rule: children that are all `member` or
//! `item` are a list, children that are all `entry` are a map, a repeated child is a list, the rest is text or a
//! structure. No structure of AWS has a member by one of those names.

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use serde_json::{Map, Number, Value};

use super::DecodeError;
use crate::{
    record::Protocol,
    shapes::{Kind, Operation, ServiceShapes, Wire},
};

/// Deeper than any answer of AWS; keeps a hostile one from using up the stack.
const DEEPEST: usize = 100;

/// What every answer carries beside its output.
const METADATA: [&str; 3] = ["requestId", "RequestId", "ResponseMetadata"];

#[derive(Debug, Default)]
struct Element {
    tag: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

pub(super) fn decode(
    shapes: &ServiceShapes,
    protocol: Protocol,
    operation: Operation,
    text: &str,
) -> Result<Map<String, Value>, DecodeError> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    let mut root = parse(text)?;
    if let Some(wrapper) = operation.result
        && let Some(index) = root.children.iter().position(|child| child.tag == wrapper)
    {
        root = root.children.swap_remove(index);
    }
    root.children.retain(|child| !METADATA.contains(&child.tag.as_str()));
    let decoder = Decoder { shapes, is_ec2: protocol == Protocol::Ec2 };
    let members = shapes.members(operation.output);
    if let Some(payload) = operation.payload {
        let kind = members.iter().find(|member| member.name == payload).map(|member| &member.kind);
        return Ok(Map::from_iter([(payload.to_owned(), decoder.value(&root, kind.unwrap_or(&Kind::Text)))]));
    }
    // S3 GetBucketLocation: the root's own text is the only member.
    if let ([member], true, false) = (members, root.children.is_empty(), root.text.trim().is_empty()) {
        return Ok(Map::from_iter([(member.name.to_owned(), root.text.into())]));
    }
    Ok(decoder.structure(&root, operation.output))
}

/// The text of the first `tag` anywhere in the document, for error answers.
pub(crate) fn find_text(text: &str, tag: &str) -> Option<String> {
    fn find<'a>(element: &'a Element, tag: &str) -> Option<&'a Element> {
        if element.tag == tag {
            return Some(element);
        }
        element.children.iter().find_map(|child| find(child, tag))
    }
    let root = parse(text).ok()?;
    find(&root, tag).map(|element| element.text.trim().to_owned())
}

fn parse(text: &str) -> Result<Element, DecodeError> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(DecodeError::TooDeep);
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                let child = element(&start)?;
                top(&mut open).children.push(child);
            }
            Event::End(_) => {
                let child = open.pop().filter(|_| !open.is_empty()).ok_or(DecodeError::Truncated)?;
                top(&mut open).children.push(child);
            }
            Event::Text(part) => top(&mut open).text.push_str(&part.xml10_content()),
            Event::CData(part) => top(&mut open).text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.borrow().into_inner();
                let text = &mut top(&mut open).text;
                if let Some(c) = reference.resolve_char_ref()? {
                    text.push(c);
                } else if let Some(known) = quick_xml::escape::resolve_xml_entity(&name) {
                    text.push_str(known);
                }
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    let document = open.pop().filter(|_| open.is_empty()).ok_or(DecodeError::Truncated)?;
    document.children.into_iter().next().ok_or(DecodeError::Truncated)
}

fn top(open: &mut [Element]) -> &mut Element {
    open.last_mut().expect("the document itself is never closed")
}

fn element(start: &BytesStart<'_>) -> Result<Element, DecodeError> {
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(quick_xml::Error::from)?;
        let name = attribute.key.local_name().as_ref().to_owned();
        attributes.push((name, attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned()));
    }
    let tag = start.local_name().as_ref().to_owned();
    Ok(Element { tag, attributes, ..Element::default() })
}

struct Decoder<'a> {
    shapes: &'a ServiceShapes,
    is_ec2: bool,
}

impl Decoder<'_> {
    fn value(&self, element: &Element, kind: &Kind) -> Value {
        let text = element.text.as_str();
        match kind {
            Kind::Structure(name) => Value::Object(self.structure(element, name)),
            Kind::List { tag, of } => {
                let tag = tag.unwrap_or(if self.is_ec2 { "item" } else { "member" });
                let items = element.children.iter().filter(|child| child.tag == tag);
                items.map(|item| self.value(item, of)).collect()
            }
            Kind::FlatList(of) => Value::Array(vec![self.value(element, of)]),
            Kind::Map(of) => Value::Object(self.map(element, of)),
            Kind::Integer => text.trim().parse::<i64>().map_or_else(|_| text.into(), Into::into),
            Kind::Float => {
                let number = text.trim().parse().ok().and_then(Number::from_f64);
                number.map_or_else(|| text.into(), Value::Number)
            }
            Kind::Boolean => Value::Bool(text.trim() == "true"),
            Kind::Text | Kind::Timestamp | Kind::Blob => text.into(),
        }
    }

    fn map(&self, element: &Element, of: &Kind) -> Map<String, Value> {
        let pair = |entry: &Element| {
            let is_key = |child: &&Element| matches!(child.tag.as_str(), "key" | "Name");
            let key = entry.children.iter().find(is_key)?.text.clone();
            let value = entry.children.iter().find(|child| !is_key(child))?;
            Some((key, self.value(value, of)))
        };
        element.children.iter().filter_map(pair).collect()
    }

    fn structure(&self, element: &Element, name: &str) -> Map<String, Value> {
        let mut out = Map::new();
        let mut known = Vec::new();
        for member in self.shapes.members(name) {
            let tag = match member.wire {
                Some(Wire::Header(_)) => continue,
                Some(Wire::Attribute(attribute)) => {
                    if let Some((_, value)) = element.attributes.iter().find(|(name, _)| name == attribute) {
                        out.insert(member.name.to_owned(), value.as_str().into());
                    }
                    continue;
                }
                Some(Wire::Tag(tag)) => Cow::Borrowed(tag),
                None => self.own_tag(element, member.name),
            };
            let mut found = element.children.iter().filter(|child| child.tag == tag).peekable();
            if let Kind::FlatList(of) = &member.kind {
                if found.peek().is_some() {
                    out.insert(member.name.to_owned(), found.map(|child| self.value(child, of)).collect());
                }
            } else if let Some(child) = found.next() {
                out.insert(member.name.to_owned(), self.value(child, &member.kind));
            }
            known.push(tag);
        }
        for child in &element.children {
            if !known.iter().any(|tag| *tag == child.tag) {
                self.keep_unknown(&mut out, child);
            }
        }
        out
    }

    /// The tag of a member that has no wire name of its own. EC2 writes the first letter small.
    fn own_tag<'n>(&self, element: &Element, name: &'n str) -> Cow<'n, str> {
        if self.is_ec2 {
            let small = change_first(name, |c| c.to_ascii_lowercase());
            if element.children.iter().any(|child| child.tag == small) {
                return Cow::Owned(small);
            }
        }
        Cow::Borrowed(name)
    }

    fn keep_unknown(&self, out: &mut Map<String, Value>, child: &Element) {
        let name = if self.is_ec2 { change_first(&child.tag, |c| c.to_ascii_uppercase()) } else { child.tag.clone() };
        let value = by_rule(child);
        match out.get_mut(&name) {
            None => {
                out.insert(name, value);
            }
            Some(Value::Array(elements)) => elements.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
}

fn by_rule(element: &Element) -> Value {
    let all = |tags: &[&str]| element.children.iter().all(|child| tags.contains(&child.tag.as_str()));
    if element.children.is_empty() {
        return element.text.as_str().into();
    }
    if all(&["member", "item"]) {
        return element.children.iter().map(by_rule).collect();
    }
    let mut out = Map::new();
    for child in &element.children {
        match (all(&["entry"]), child.children.as_slice()) {
            (true, [key, value]) => out.insert(key.text.clone(), by_rule(value)),
            _ => match out.get_mut(&child.tag) {
                None => out.insert(child.tag.clone(), by_rule(child)),
                Some(Value::Array(elements)) => {
                    elements.push(by_rule(child));
                    None
                }
                Some(first) => {
                    *first = Value::Array(vec![first.take(), by_rule(child)]);
                    None
                }
            },
        };
    }
    Value::Object(out)
}

fn change_first(name: &str, change: impl Fn(char) -> char) -> String {
    let mut letters = name.chars();
    letters.next().map(change).into_iter().chain(letters).collect()
}
