//! `POST /providers/Microsoft.ResourceGraph/resources`.

use axum::response::Response;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::{AzureError, kql, respond};
use crate::{estate::AzureEstate, faults::Faults};

/// The most rows that a page can hold, and how many it holds where the caller does not say.
const PAGE_MAX: usize = 1_000;

/// Answers a query.
pub(super) fn answer(azure: &AzureEstate, body: &[u8], faults: &Faults) -> Result<Response, AzureError> {
    let bad = |code: &'static str, message: String| AzureError::new(StatusCode::BAD_REQUEST, code, message);
    let request: Value =
        serde_json::from_slice(body).map_err(|error| bad("InvalidRequestContent", error.to_string()))?;
    let text = request["query"].as_str().unwrap_or_default();
    let query =
        kql::parse(text).map_err(|part| bad("BadRequest", format!("Query is invalid. ParserFailure: {part}")))?;
    let rows = azure
        .table(&query.table)
        .ok_or_else(|| bad("BadRequest", format!("Query is invalid. DisallowedLogicalTableName: {}", query.table)))?;
    let asked: Option<Vec<&str>> = request["subscriptions"]
        .as_array()
        .filter(|ids| !ids.is_empty())
        .map(|ids| ids.iter().filter_map(Value::as_str).collect());
    if let Some(asked) = &asked {
        let readable = |id: &&str| azure.subscription(id).is_some_and(|subscription| !subscription.denied);
        if !asked.iter().any(readable) {
            return Err(AzureError::new(
                StatusCode::FORBIDDEN,
                "AuthorizationFailed",
                "The client does not have authorization to read any of the given subscriptions.",
            ));
        }
    }
    let in_scope = |row: &&Value| {
        let subscription = row["subscriptionId"].as_str().unwrap_or_default();
        asked
            .as_ref()
            .is_none_or(|asked| subscription.is_empty() || asked.iter().any(|id| id.eq_ignore_ascii_case(subscription)))
    };
    let found = query.run(rows.iter().filter(in_scope));

    let options = &request["options"];
    let size = options["$top"].as_u64().and_then(|top| usize::try_from(top).ok()).unwrap_or(PAGE_MAX);
    if size == 0 || size > PAGE_MAX {
        return Err(bad("BadRequest", format!("$top must be between 1 and {PAGE_MAX}")));
    }
    let size = size.min(faults.page_size.unwrap_or(PAGE_MAX)).max(1);
    let start = match options["$skipToken"].as_str() {
        Some(token) => {
            read_token(token, text).ok_or_else(|| bad("BadRequest", "The skip token is invalid.".to_owned()))?
        }
        None => 0,
    };
    let end = (start + size).min(found.rows.len());
    let page: Vec<&Value> = found.rows[start.min(end)..end].iter().map(AsRef::as_ref).collect();
    let more = end < found.rows.len();
    let truncated = found.cut || (more && faults.truncated_lists);
    let mut answer = json!({
        "totalRecords": found.rows.len(), "count": page.len(), "data": page, "facets": [],
        "resultTruncated": if truncated { "true" } else { "false" },
    });
    if more && !truncated {
        answer["$skipToken"] = json!(token(end, text));
    }
    let mut response = respond(StatusCode::OK, &answer);
    let headers = response.headers_mut();
    headers.insert("x-ms-user-quota-remaining", HeaderValue::from_static("14"));
    headers.insert("x-ms-user-quota-resets-after", HeaderValue::from_static("00:00:05"));
    Ok(response)
}

/// A token goes with the query that it was given for.
fn token(offset: usize, query: &str) -> String {
    BASE64_STANDARD.encode(format!("{offset}:{query}"))
}

fn read_token(token: &str, query: &str) -> Option<usize> {
    let text = String::from_utf8(BASE64_STANDARD.decode(token).ok()?).ok()?;
    let (offset, given_for) = text.split_once(':')?;
    (given_for == query).then(|| offset.parse().ok()).flatten()
}
