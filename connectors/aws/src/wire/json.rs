//! Answers in JSON: members renamed by the shapes, nulls left out.

use serde_json::{Map, Value};

use super::DecodeError;
use crate::shapes::{Kind, Operation, ServiceShapes, Wire};

pub(super) fn decode(shapes: &ServiceShapes, operation: Operation, text: &str) -> Result<Value, DecodeError> {
    let value = if text.trim().is_empty() { Value::Object(Map::new()) } else { serde_json::from_str(text)? };
    let decoder = Decoder { shapes };
    let Some(payload) = operation.payload else {
        return Ok(decoder.value(value, Some(&Kind::Structure(operation.output))));
    };
    let member = shapes.members(operation.output).iter().find(|member| member.name == payload);
    let inner = decoder.value(value, member.map(|member| &member.kind));
    Ok(Value::Object(Map::from_iter([(payload.to_owned(), inner)])))
}

struct Decoder<'a> {
    shapes: &'a ServiceShapes,
}

impl Decoder<'_> {
    fn value(&self, value: Value, kind: Option<&Kind>) -> Value {
        match (value, kind) {
            (Value::Object(members), Some(Kind::Structure(name))) => self.structure(members, name),
            (Value::Object(members), Some(Kind::Map(of))) => self.members(members, Some(of)),
            (Value::Object(members), _) => self.members(members, None),
            (Value::Array(elements), Some(Kind::List { of, .. } | Kind::FlatList(of))) => {
                elements.into_iter().map(|each| self.value(each, Some(of))).collect()
            }
            (Value::Array(elements), _) => elements.into_iter().map(|each| self.value(each, None)).collect(),
            (scalar, _) => scalar,
        }
    }

    fn members(&self, members: Map<String, Value>, kind: Option<&Kind>) -> Value {
        let kept = members.into_iter().filter(|(_, value)| !value.is_null());
        Value::Object(kept.map(|(name, value)| (name, self.value(value, kind))).collect())
    }

    fn structure(&self, members: Map<String, Value>, name: &str) -> Value {
        let shape = self.shapes.members(name);
        let kept = members.into_iter().filter(|(_, value)| !value.is_null());
        let decoded = kept.map(|(wire, value)| {
            let known = shape.iter().find(|member| match member.wire {
                Some(Wire::Tag(tag)) => tag == wire,
                _ => member.name == wire,
            });
            match known {
                Some(member) => (member.name.to_owned(), self.value(value, Some(&member.kind))),
                None => (wire, self.value(value, None)),
            }
        });
        Value::Object(decoded.collect())
    }
}
