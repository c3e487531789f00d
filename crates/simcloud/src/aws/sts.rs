//! The security token service: who is calling, and keys for another account.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{error::ApiError, request::Caller};
use crate::estate::{AwsEstate, iso};

/// Access key ids carry the account that they belong to, as the real ones do in a less readable way.
const LONG_TERM_PREFIX: &str = "AKIAACME";
const TEMPORARY_PREFIX: &str = "ASIAACME";

/// A long-term access key id of `account`.
pub(crate) fn long_term_key(account: &str) -> String {
    format!("{LONG_TERM_PREFIX}{account}")
}

/// The account that an access key id belongs to, if it is one of ours.
pub(super) fn account_of(access_key_id: &str) -> Option<&str> {
    access_key_id.strip_prefix(LONG_TERM_PREFIX).or_else(|| access_key_id.strip_prefix(TEMPORARY_PREFIX))
}

/// How a caller is called in messages.
pub(super) fn caller_arn(caller: &Caller) -> String {
    if caller.access_key_id.starts_with(TEMPORARY_PREFIX) {
        format!("arn:aws:sts::{}:assumed-role/carveout-read/carveout", caller.account)
    } else {
        format!("arn:aws:iam::{}:user/carveout", caller.account)
    }
}

/// The members of the answer to `operation`; `None` if STS has no such operation.
pub(super) fn answer(
    estate: &AwsEstate,
    operation: &str,
    caller: &Caller,
    parameter: impl Fn(&str) -> Option<String>,
) -> Option<Result<Map<String, Value>, ApiError>> {
    let result = match operation {
        "GetCallerIdentity" => Ok(json!({
            "Account": caller.account, "Arn": caller_arn(caller), "UserId": caller.access_key_id,
        })),
        "AssumeRole" => assume_role(
            estate,
            caller,
            &parameter("RoleArn").unwrap_or_default(),
            &parameter("RoleSessionName").unwrap_or_default(),
        ),
        _ => return None,
    };
    Some(result.map(|value| match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }))
}

fn assume_role(estate: &AwsEstate, caller: &Caller, role_arn: &str, session: &str) -> Result<Value, ApiError> {
    let parts: Vec<&str> = role_arn.splitn(6, ':').collect();
    let (account, role) = match parts.as_slice() {
        ["arn", _, "iam", "", account, role] if role.starts_with("role/") && !session.is_empty() => {
            (*account, role.trim_start_matches("role/"))
        }
        _ => {
            return Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                "ValidationError",
                format!("{role_arn} is invalid, or RoleSessionName is missing"),
            ));
        }
    };
    let open = estate.account(account).is_some_and(|account| !account.is_denied());
    if !open {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "AccessDenied",
            format!(
                "User: {} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
                caller_arn(caller)
            ),
        ));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let expires = now + Duration::from_secs(3_600);
    Ok(json!({
        "Credentials": {
            "AccessKeyId": format!("{TEMPORARY_PREFIX}{account}"),
            "SecretAccessKey": "simulated/secret/access/key/that/opens/nothing",
            "SessionToken": format!("simulated-session-token-{account}"),
            "Expiration": iso(expires.as_secs()),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": format!("AROAACME{account}:{session}"),
            "Arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        },
    }))
}
