//! From an operation and its parameters to the members of the answer: look-up and paging.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::StatusCode;
use serde_json::{Map, Value};

use super::{
    error::ApiError,
    operations::{Kind, Operation, Reach},
    request::{Caller, Parameters},
};
use crate::{
    estate::{AwsEstate, EVERYWHERE},
    faults::Faults,
};

/// What an operation answers.
#[derive(Debug)]
pub(super) enum Answer {
    /// Members of the output.
    Members(Map<String, Value>),
    /// The output is one value, not a structure.
    Bare(Value),
}

/// Most items that a page holds where neither the caller nor the service says.
const USUAL_PAGE: usize = 100;
/// EC2 answers everything at once unless it is asked for pages.
const EC2_PAGE: usize = 1_000;

/// Answers a known operation for the caller's account and region.
pub(super) fn answer(
    estate: &AwsEstate,
    operation: &Operation,
    caller: &Caller,
    parameters: &Parameters,
    faults: &Faults,
) -> Result<Answer, ApiError> {
    let region = if operation.scope == Reach::Global { EVERYWHERE } else { caller.region.as_str() };
    let action = operation.action();
    let key =
        if operation.key.is_empty() { String::new() } else { parameters.text(&operation.key).unwrap_or_default() };
    if operation.service == "s3" && operation.key == "Name" {
        check_bucket(estate, operation, caller, &key)?;
    }
    match operation.kind {
        Kind::List => {
            let items = estate.items(&caller.account, region, &action, &key);
            if items.is_empty() && !operation.missing.is_empty() {
                return Err(missing(operation, &key, &caller.account));
            }
            page(operation, operation.list_of(&key), items, parameters, faults).map(Answer::Members)
        }
        Kind::Get => match estate.answer(&caller.account, region, &action, &key) {
            Some(Value::Object(members)) => Ok(Answer::Members(members.clone())),
            Some(value) => Ok(Answer::Bare(value.clone())),
            None if operation.missing.is_empty() => Ok(Answer::Members(Map::new())),
            None => Err(missing(operation, &key, &caller.account)),
        },
        Kind::Batch => {
            let found = parameters
                .texts(&operation.key)
                .iter()
                .filter_map(|key| estate.answer(&caller.account, region, &action, key).cloned())
                .collect();
            Ok(Answer::Members(Map::from_iter([(operation.list.clone(), Value::Array(found))])))
        }
    }
}

/// S3 serves a bucket's settings in the bucket's own region only.
fn check_bucket(estate: &AwsEstate, operation: &Operation, caller: &Caller, bucket: &str) -> Result<(), ApiError> {
    let Some(home) = estate.bucket(bucket) else {
        return Err(ApiError::new(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist"));
    };
    if home.account != caller.account {
        return Err(ApiError::new(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied"));
    }
    if home.region != caller.region && operation.operation != "GetBucketLocation" {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "AuthorizationHeaderMalformed",
            format!(
                "The authorization header is malformed; the region '{}' is wrong; expecting '{}'",
                caller.region, home.region
            ),
        ));
    }
    Ok(())
}

/// How a service says that there is nothing: by an error, which is not a denial even where it is called one.
fn missing(operation: &Operation, key: &str, account: &str) -> ApiError {
    let absent = format!("The {} for {key} does not exist.", operation.operation.trim_start_matches("Get"));
    let (status, message) = match (operation.service.as_str(), operation.http.is_empty()) {
        ("macie2", _) => (StatusCode::FORBIDDEN, "Macie is not enabled.".to_owned()),
        ("securityhub", _) => {
            (StatusCode::UNAUTHORIZED, format!("Account {account} is not subscribed to AWS Security Hub"))
        }
        ("iam", _) | (_, false) => (StatusCode::NOT_FOUND, absent),
        _ => (StatusCode::BAD_REQUEST, absent),
    };
    ApiError::new(status, &operation.missing, message)
}

fn page(
    operation: &Operation,
    list: &str,
    items: &[Value],
    parameters: &Parameters,
    faults: &Faults,
) -> Result<Map<String, Value>, ApiError> {
    let mut members = Map::new();
    if operation.token_out.is_empty() {
        members.insert(list.to_owned(), Value::Array(items.to_vec()));
        if !operation.more.is_empty() {
            members.insert(operation.more.clone(), Value::Bool(false));
        }
        return Ok(members);
    }
    let usual = if operation.service == "ec2" { EC2_PAGE } else { USUAL_PAGE };
    let asked = parameters.text(&operation.size_in).and_then(|text| text.parse::<usize>().ok()).unwrap_or(usual);
    let size = asked.min(operation.page_max.unwrap_or(usual)).min(faults.page_size.unwrap_or(usize::MAX)).max(1);
    let start = start(operation, items, parameters)?;
    let end = (start + size).min(items.len());
    let more = end < items.len() && !faults.truncated_lists;
    members.insert(list.to_owned(), Value::Array(items[start..end].to_vec()));
    if !operation.more.is_empty() {
        members.insert(operation.more.clone(), Value::Bool(more));
    }
    if more {
        let (last, next) = (&items[end - 1], &items[end]);
        for (index, name) in operation.token_out.split('+').enumerate() {
            let token = match operation.token_in.as_str() {
                RECORD_TOKENS => next.get(RECORD_MEMBERS[index.min(2)]).cloned().unwrap_or_default(),
                LAST_NAME_TOKEN => last.clone(),
                _ => Value::String(BASE64_URL_SAFE_NO_PAD.encode(format!("page:{end}"))),
            };
            members.insert(name.to_owned(), token);
        }
    }
    Ok(members)
}

/// Route 53 pages record sets by the name, type and set identifier of the next one.
const RECORD_TOKENS: &str = "name+type+identifier";
const RECORD_MEMBERS: [&str; 3] = ["Name", "Type", "SetIdentifier"];
/// DynamoDB goes on after the last name of the page before.
const LAST_NAME_TOKEN: &str = "ExclusiveStartTableName";

fn start(operation: &Operation, items: &[Value], parameters: &Parameters) -> Result<usize, ApiError> {
    let invalid =
        || ApiError::new(StatusCode::BAD_REQUEST, "InvalidNextToken", "The token is not one that was given out");
    let sent: Vec<Option<String>> =
        operation.token_in.split('+').map(|name| parameters.text(name).filter(|text| !text.is_empty())).collect();
    let Some(Some(first)) = sent.first() else { return Ok(0) };
    match operation.token_in.as_str() {
        RECORD_TOKENS => items
            .iter()
            .position(|item| {
                RECORD_MEMBERS.iter().zip(&sent).all(|(member, sent)| {
                    sent.as_deref().is_none_or(|sent| item.get(*member).and_then(Value::as_str) == Some(sent))
                })
            })
            .ok_or_else(invalid),
        LAST_NAME_TOKEN => {
            items.iter().position(|item| item.as_str() == Some(first)).map(|index| index + 1).ok_or_else(invalid)
        }
        _ => BASE64_URL_SAFE_NO_PAD
            .decode(first)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| text.strip_prefix("page:").and_then(|offset| offset.parse().ok()))
            .filter(|offset: &usize| *offset <= items.len())
            .ok_or_else(invalid),
    }
}
