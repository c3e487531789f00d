//! The five wire protocols: requests from records, JSON from answers.

mod json;
mod request;
mod xml;

pub(crate) use request::{Request, build};
pub(crate) use xml::find_text as xml_text;

use http::HeaderMap;
use serde_json::{Map, Value};

use crate::{
    record::Protocol,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shapes::Shapes;

    fn answer(service: &str, protocol: Protocol, operation: &str, body: &str) -> Result<Value, DecodeError> {
        let shapes = Shapes::embedded().unwrap_or_else(|error| panic!("{error}"));
        let shapes = shapes.service(service).expect("the service has shapes");
        let operation = shapes.operation(operation).expect("the operation has a shape");
        decode(shapes, protocol, operation, body.as_bytes(), &HeaderMap::new())
    }

    #[test]
    fn query_lists_stay_lists_with_one_item_and_with_none() {
        let body = |roles: &str| {
            format!(
                "<ListRolesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListRolesResult>{roles}\
                 <IsTruncated>false</IsTruncated></ListRolesResult><ResponseMetadata><RequestId>1</RequestId>\
                 </ResponseMetadata></ListRolesResponse>"
            )
        };
        let role = "<Roles><member><RoleName>a&amp;b</RoleName><MaxSessionDuration>3600</MaxSessionDuration>\
                    <Novelty>kept</Novelty></member></Roles>";
        let one = answer("iam", Protocol::Query, "ListRoles", &body(role)).expect("it can be read");
        let expected = json!({"RoleName": "a&b", "MaxSessionDuration": 3600, "Novelty": "kept"});
        assert_eq!(one, json!({"Roles": [expected], "IsTruncated": false}));
        let none = answer("iam", Protocol::Query, "ListRoles", &body("<Roles/>")).expect("it can be read");
        assert_eq!(none, json!({"Roles": [], "IsTruncated": false}));
    }

    #[test]
    fn ec2_members_get_the_names_of_the_sdks() {
        let body = "<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>1</requestId>\
                    <vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault></item></vpcSet></DescribeVpcsResponse>";
        let vpcs = answer("ec2", Protocol::Ec2, "DescribeVpcs", body).expect("it can be read");
        assert_eq!(vpcs, json!({"Vpcs": [{"VpcId": "vpc-1", "IsDefault": true}]}));
    }

    #[test]
    fn s3_answers_may_be_text_flattened_lists_or_json() {
        let location =
            "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1</LocationConstraint>";
        let location = answer("s3", Protocol::RestXml, "GetBucketLocation", location).expect("it can be read");
        assert_eq!(location, json!({"LocationConstraint": "eu-west-1"}));
        let rules = "<ServerSideEncryptionConfiguration><Rule><BucketKeyEnabled>false</BucketKeyEnabled></Rule>\
                     </ServerSideEncryptionConfiguration>";
        let rules = answer("s3", Protocol::RestXml, "GetBucketEncryption", rules).expect("it can be read");
        assert_eq!(rules, json!({"ServerSideEncryptionConfiguration": {"Rules": [{"BucketKeyEnabled": false}]}}));
        let policy = answer("s3", Protocol::RestXml, "GetBucketPolicy", "{\"Version\":\"1\"}").expect("it can be read");
        assert_eq!(policy, json!({"Policy": "{\"Version\":\"1\"}"}));
    }

    #[test]
    fn json_members_are_renamed_and_nulls_left_out() {
        let body = r#"{"item":[{"id":"a","name":null}],"position":"x"}"#;
        let apis = answer("apigateway", Protocol::RestJson, "GetRestApis", body).expect("it can be read");
        assert_eq!(apis, json!({"items": [{"id": "a"}], "position": "x"}));
    }

    #[test]
    fn a_cut_off_answer_is_an_error_and_not_an_empty_list() {
        let cut = "<ListRolesResponse><ListRolesResult><Roles><member><RoleName>a";
        assert!(answer("iam", Protocol::Query, "ListRoles", cut).is_err());
        assert!(answer("kms", Protocol::Json, "ListKeys", r#"{"Keys":[{"KeyId":"a"#).is_err());
        let deep = "<a>".repeat(5000);
        assert!(matches!(answer("iam", Protocol::Query, "ListRoles", &deep), Err(DecodeError::TooDeep)));
    }
}
