//! The five wire protocols: requests from records, JSON from answers.

mod json;
mod request;
mod xml;

pub(crate) use request::{Request, build};
pub(crate) use xml::find_text as xml_text;

use http::HeaderMap;
use serde_json::{Map, Value};

use crate::{
    catalogue::Protocol,
    shapes::{Operation, ServiceShapes, Wire},
};

/// An answer that is not what its protocol says.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("the answer is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the answer is no XML: {0}")]
    Xml(#[from] quick_xml::Error),
    #[error("the answer's XML ends early")]
    Truncated,
    #[error("the answer's XML is nested too deeply")]
    TooDeep,
}

/// Turns an answer into JSON with the names and types that the SDKs and the CLI give it; timestamps stay as they came.
pub(crate) fn decode(
    shapes: &ServiceShapes,
    protocol: Protocol,
    operation: Operation,
    body: &[u8],
    headers: &HeaderMap,
) -> Result<Value, DecodeError> {
    // Bytes that are no UTF-8 stand in names that people gave; the rest of the answer is worth having.
    let text = String::from_utf8_lossy(body);
    if let Some(member) = operation.payload
        && !is_structure(shapes, operation, member)
    {
        return Ok(Value::Object(Map::from_iter([(member.to_owned(), text.into_owned().into())])));
    }
    match protocol {
        Protocol::Json | Protocol::RestJson => json::decode(shapes, operation, &text),
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => {
            let mut answer = xml::decode(shapes, protocol, operation, &text)?;
            for member in shapes.members(operation.output) {
                if let Some(Wire::Header(header)) = member.wire
                    && let Some(value) = headers.get(header).and_then(|value| value.to_str().ok())
                {
                    answer.insert(member.name.to_owned(), value.into());
                }
            }
            Ok(Value::Object(answer))
        }
    }
}

fn is_structure(shapes: &ServiceShapes, operation: Operation, member: &str) -> bool {
    let found = shapes.members(operation.output).iter().find(|each| each.name == member);
    // JSON tables leave out structures without renamed members.
    found.is_none_or(|member| matches!(member.kind, crate::shapes::Kind::Structure(_)))
}
