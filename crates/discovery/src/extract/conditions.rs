//! What the conditions of a policy statement limit it to.
//!
//! Only a positive operator limits callers: `…IfExists` lets a caller without the key pass, `ForAllValues:` is true when
//! the key is absent, and negative operators and `Null` name whom they leave out. A pattern that matches everything
//! limits nothing. Source: IAM reference, "Condition operators" and "Global condition context keys".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    each,
    principal::{Arn, is_account, is_organization},
};

/// The limits of one statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Conditions {
    /// Organizations that callers must belong to.
    pub(crate) organizations: BTreeSet<String>,
    /// Accounts that callers must belong to.
    pub(crate) accounts: BTreeSet<String>,
    /// Accounts whose resources an AWS service must act for.
    pub(crate) source_accounts: BTreeSet<String>,
    /// Keys that limit callers without naming an account: networks, endpoints, resources.
    pub(crate) others: BTreeSet<String>,
    /// External ids that a caller must present.
    pub(crate) external_ids: BTreeSet<String>,
    /// Claims of a federated token: `issuer:sub` and its values.
    pub(crate) claims: BTreeMap<String, BTreeSet<String>>,
}

const POSITIVE: &[&str] = &[
    "stringequals",
    "stringequalsignorecase",
    "stringlike",
    "arnequals",
    "arnlike",
    "ipaddress",
    "bool",
    "binaryequals",
];

impl Conditions {
    /// Reads the `Condition` member of a statement.
    pub(crate) fn read(condition: Option<&Value>) -> Self {
        let mut limits = Self::default();
        let operators = condition.and_then(Value::as_object).into_iter().flatten();
        for (operator, keys) in operators {
            let operator = operator.to_ascii_lowercase();
            let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
            if !POSITIVE.contains(&operator) {
                continue;
            }
            for (key, values) in keys.as_object().into_iter().flatten() {
                let values: BTreeSet<String> = each("", values).into_iter().filter_map(|(_, v)| scalar(v)).collect();
                limits.add(key, values);
            }
        }
        limits
    }

    fn add(&mut self, key: &str, values: BTreeSet<String>) {
        // The values of one key are alternatives: one that matches everything opens all.
        if values.is_empty() || values.iter().any(|value| value.chars().all(|c| c == '*' || c == '?')) {
            return;
        }
        match key.to_ascii_lowercase().as_str() {
            "aws:principalorgid" | "aws:sourceorgid" => {
                self.organizations.extend(all(&values, organization));
            }
            "aws:principalorgpaths" | "aws:sourceorgpaths" => {
                self.organizations.extend(all(&values, |path| organization(path.split('/').next()?)));
            }
            "aws:principalaccount" | "kms:calleraccount" | "s3:dataaccesspointaccount" => {
                self.accounts.extend(all(&values, account));
            }
            "aws:principalarn" => self.accounts.extend(all(&values, account_of_arn)),
            "aws:sourceaccount" | "aws:sourceowner" => self.source_accounts.extend(all(&values, account)),
            "aws:sourcearn" => {
                // A bucket's ARN limits and does not say whose bucket it is.
                if values.iter().all(|arn| Arn::parse(arn).is_some_and(|arn| arn.account.is_empty())) {
                    self.others.insert(key.to_owned());
                }
                self.source_accounts.extend(all(&values, account_of_arn));
            }
            "aws:sourceip" | "aws:vpcsourceip" => {
                if !values.iter().any(|range| range.ends_with("/0")) {
                    self.others.insert(key.to_owned());
                }
            }
            "aws:sourcevpc" | "aws:sourcevpce" | "aws:userid" | "aws:principalservicename" => {
                self.others.insert(key.to_owned());
            }
            "aws:principalisawsservice" | "elasticfilesystem:accessedviamounttarget" => {
                if values.iter().all(|value| value == "true") {
                    self.others.insert(key.to_owned());
                }
            }
            "sts:externalid" => self.external_ids.extend(values),
            lower => {
                if let Some((issuer, _)) = lower.rsplit_once(':')
                    && (issuer.contains('.') || issuer == "saml")
                {
                    self.claims.entry(lower.to_owned()).or_default().extend(values);
                }
            }
        }
    }

    /// Writes what limits and explains into an observation's context.
    pub(crate) fn describe(&self, context: &mut Map<String, Value>) {
        let mut put = |name: &str, values: &BTreeSet<String>| {
            if !values.is_empty() {
                context.insert(name.to_owned(), json!(values));
            }
        };
        put("limited_to_organizations", &self.organizations);
        put("limited_to_accounts", &self.accounts);
        put("limited_to_source_accounts", &self.source_accounts);
        put("limited_by", &self.others);
        put("external_ids", &self.external_ids);
        if !self.claims.is_empty() {
            context.insert("claims".to_owned(), json!(self.claims));
        }
    }
}

/// What the values name; nothing at all when one of them names nothing, because it leaves the limit open.
fn all(values: &BTreeSet<String>, read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    values.iter().map(|value| read(value)).collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn organization(text: &str) -> Option<String> {
    is_organization(text).then(|| text.to_owned())
}

fn account(text: &str) -> Option<String> {
    is_account(text).then(|| text.to_owned())
}

fn account_of_arn(text: &str) -> Option<String> {
    account(Arn::parse(text)?.account)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(condition: Value) -> bool {
        let limits = Conditions::read(Some(&condition));
        !(limits.organizations.is_empty()
            && limits.accounts.is_empty()
            && limits.source_accounts.is_empty()
            && limits.others.is_empty())
    }

    #[test]
    fn positive_operators_limit() {
        for condition in [
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
            json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/*"]}}),
            json!({"StringLike": {"AWS:SourceAccount": "123456789012"}}),
            json!({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}}),
            json!({"StringEquals": {"aws:SourceVpce": "vpce-1a2b"}}),
            json!({"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}),
            json!({"StringEquals": {"kms:CallerAccount": "123456789012"}}),
        ] {
            assert!(limits(condition.clone()), "{condition}");
        }
    }

    #[test]
    fn absent_keys_negations_and_match_all_patterns_do_not_limit() {
        for condition in [
            json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
            json!({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
            json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
            json!({"Null": {"aws:PrincipalOrgID": "false"}}),
            json!({"StringLike": {"aws:PrincipalOrgID": "*"}}),
            json!({"StringLike": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "*"]}}),
            json!({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/scanner"}}),
            json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
            json!({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}),
            json!({"StringEquals": {"sts:ExternalId": "x"}}),
        ] {
            assert!(!limits(condition.clone()), "{condition}");
        }
    }
}
