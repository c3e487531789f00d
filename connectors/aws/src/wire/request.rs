//! Requests: what a record asks for, as its protocol writes it.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::{Map, Value};

use crate::{
    record::{Call, Protocol, Service},
    template::Bindings,
};

/// What RFC 3986 leaves unencoded, and SigV4 with it.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// A request that is ready to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub method: Method,
    /// Percent-encoded, with a leading slash.
    pub path: String,
    /// Percent-encoded, without the question mark.
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// Why a record gives no request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("the path {path} needs a member that the item does not have")]
    Path { path: String },
    #[error("the argument {argument} is a structure, which {protocol:?} can't carry there")]
    Structure { argument: String, protocol: Protocol },
}

/// Builds the request of a call.
pub(crate) fn build(service: &Service, call: &Call, bindings: &Bindings<'_>) -> Result<Request, RequestError> {
    let mut query = Vec::new();
    let mut headers = Vec::new();
    let mut members = Map::new();
    for (name, argument) in &call.args {
        let Some(value) = argument.value(bindings) else { continue };
        if let Some(name) = name.strip_prefix('?') {
            query.extend(fields(name, &value, service.protocol)?);
        } else if let Some(name) = name.strip_prefix('^') {
            headers.extend(fields(name, &value, service.protocol)?);
        } else {
            members.insert(name.clone(), value);
        }
    }
    let (method, path, fixed_query) = match &call.http {
        None => (Method::POST, "/".to_owned(), ""),
        Some(http) => {
            let path = http.path.render(bindings, |text| encode(&text));
            let path = path.ok_or_else(|| RequestError::Path { path: http.path.as_str().to_owned() })?;
            (http.method.clone(), path, http.query.as_str())
        }
    };
    let query = [fixed_query.to_owned(), form(&query)].into_iter().filter(|part| !part.is_empty());
    let query = query.collect::<Vec<_>>().join("&");
    let has_body = method != Method::GET;
    let body = match service.protocol {
        Protocol::Query | Protocol::Ec2 => {
            headers.push(("content-type".to_owned(), FORM.to_owned()));
            let version = service.version.clone().unwrap_or_default();
            let mut all = vec![("Action".to_owned(), call.operation.clone()), ("Version".to_owned(), version)];
            for (name, value) in &members {
                all.extend(fields(name, value, service.protocol)?);
            }
            form(&all)
        }
        Protocol::Json => {
            let version = service.json_version.as_deref().unwrap_or("1.1");
            let target = service.target.as_deref().unwrap_or_default();
            headers.push(("content-type".to_owned(), format!("application/x-amz-json-{version}")));
            headers.push(("x-amz-target".to_owned(), format!("{target}.{}", call.operation)));
            Value::Object(members).to_string()
        }
        Protocol::RestJson if has_body => {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
            Value::Object(members).to_string()
        }
        Protocol::RestJson | Protocol::RestXml => String::new(),
    };
    Ok(Request { method, path, query, headers, body })
}

/// Form fields of an argument: one for text, one for each element of a list.
fn fields(name: &str, value: &Value, protocol: Protocol) -> Result<Vec<(String, String)>, RequestError> {
    let structure = || RequestError::Structure { argument: name.to_owned(), protocol };
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(structure()),
    };
    match value {
        Value::Array(elements) => elements.iter().map(|each| Ok((name.to_owned(), text(each)?))).collect(),
        _ => Ok(vec![(name.to_owned(), text(value)?)]),
    }
}

fn form(fields: &[(String, String)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    percent_encode(text.as_bytes(), UNRESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalogue::Catalogue;

    fn request(type_name: &str, operation: &str, bindings: &Bindings<'_>) -> Request {
        let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
        let record = catalogue.find(type_name).expect("the type is in the catalogue");
        let mut calls = record.calls();
        let call = calls.find(|call| call.operation == operation).expect("the operation is in the record");
        let service = catalogue.service(&record.service).expect("the service is in the catalogue");
        build(service, call, bindings).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn query_sends_a_form_and_leaves_out_the_first_page_token() {
        let first = request("AWS::IAM::Role", "ListRoles", &Bindings { size: Some(1000), ..Bindings::default() });
        assert_eq!(first.body, "Action=ListRoles&Version=2010-05-08&MaxItems=1000");
        let page = [Some(json!("a/b="))];
        let second = request("AWS::IAM::Role", "ListRoles", &Bindings { page: &page, ..Bindings::default() });
        assert_eq!(second.body, "Action=ListRoles&Version=2010-05-08&Marker=a%2Fb%3D");
    }

    #[test]
    fn json_sends_numbers_as_numbers() {
        let request = request("AWS::KMS::Key", "ListKeys", &Bindings { size: Some(1000), ..Bindings::default() });
        assert_eq!(request.body, r#"{"Limit":1000}"#);
        assert!(request.headers.contains(&("x-amz-target".to_owned(), "TrentService.ListKeys".to_owned())));
    }

    #[test]
    fn rest_encodes_names_in_the_path_and_keeps_the_fixed_query() {
        let item = json!({"Name": "a bucket/x"});
        let request =
            request("AWS::S3::Bucket", "GetBucketPolicy", &Bindings { item: Some(&item), ..Bindings::default() });
        assert_eq!((request.path.as_str(), request.query.as_str()), ("/a%20bucket%2Fx", "policy"));
    }

    #[test]
    fn a_path_without_its_member_is_an_error() {
        let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
        let record = catalogue.find("AWS::EKS::Cluster").expect("the type is in the catalogue");
        let service = catalogue.service("eks").expect("the service is in the catalogue");
        assert!(build(service, &record.detail[0], &Bindings::default()).is_err());
    }
}
