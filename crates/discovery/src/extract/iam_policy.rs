//! AWS policy documents: whom a role trusts, and whom a resource lets in.
//!
//! Only allowing statements let anybody in; a Deny names outsiders without granting. `NotPrincipal` with Allow lets in
//! everybody else. Source: IAM reference, "JSON policy elements".

use std::{borrow::Cow, collections::BTreeSet};

use carveout_model::{EvidenceStatus, Outsider, Strength};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::{
    EXACT, Edge, Finding, below,
    conditions::Conditions,
    each,
    grade::Grade,
    permissions::{Permissions, is_allow, of_statement},
    principal::{self, Arn},
};
use crate::rule::{EvidenceRule, Subject};

/// How many actions of a statement an observation keeps; the rest is in the resource.
const KEPT_ACTIONS: usize = 20;

/// Everyone whom the policies at one place let in.
pub(crate) fn read(rule: &EvidenceRule, subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    let permissions = Permissions::read(&rule.permissions, subject.config);
    let mut found = Vec::new();
    for (at, value) in each(at, value) {
        let Some(policy) = document(value) else { continue };
        let statements = policy.get("Statement").map(|statements| each(&below(&at, "Statement"), statements));
        for (at, statement) in statements.unwrap_or_default() {
            if is_allow(statement) {
                Statement::new(subject, permissions.as_ref(), statement).read(&at, &mut found);
            }
        }
    }
    found
}

/// A policy document: already an object, JSON text, or URL-encoded JSON text.
pub(crate) fn document(value: &Value) -> Option<Cow<'_, Value>> {
    match value {
        Value::Object(members) => members.contains_key("Statement").then_some(Cow::Borrowed(value)),
        Value::String(text) => {
            let text = text.trim_start();
            let parsed: Value = if text.starts_with('{') {
                serde_json::from_str(text).ok()?
            } else if text.starts_with('%') {
                serde_json::from_str(&percent_decode_str(text).decode_utf8().ok()?).ok()?
            } else {
                return None;
            };
            parsed.get("Statement").is_some().then_some(Cow::Owned(parsed))
        }
        _ => None,
    }
}

/// One allowing statement with what all its principals have in common.
struct Statement<'a> {
    subject: &'a Subject<'a>,
    body: &'a Value,
    limits: Conditions,
    edge: Edge,
    settled: bool,
    status: EvidenceStatus,
    context: Map<String, Value>,
}

impl<'a> Statement<'a> {
    fn new(subject: &'a Subject<'a>, permissions: Option<&Permissions>, body: &'a Value) -> Self {
        let limits = Conditions::read(body.get("Condition"));
        let actions: Vec<&str> = body
            .get("Action")
            .map(|actions| each("", actions))
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(_, action)| action.as_str())
            .collect();
        let trust = !actions.is_empty() && actions.iter().all(|action| action.to_ascii_lowercase().starts_with("sts:"));

        let mut context = Map::new();
        if let Some(sid) = body.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty()) {
            context.insert("sid".to_owned(), json!(sid));
        }
        if !actions.is_empty() {
            context.insert("actions".to_owned(), json!(actions.iter().take(KEPT_ACTIONS).collect::<Vec<_>>()));
        }
        limits.describe(&mut context);

        let grade = if trust {
            match permissions {
                Some(permissions) => permissions.describe(&mut context),
                None => drop(context.insert("strength_basis".to_owned(), json!("default: permissions not known"))),
            }
            permissions.and_then(Permissions::settled)
        } else if actions.is_empty() && body.get("NotAction").is_none() {
            None
        } else {
            context.insert("strength_basis".to_owned(), json!("actions"));
            Some(of_statement(body))
        };
        grade.unwrap_or(Grade::NOTHING).describe(&mut context);
        Self {
            subject,
            body,
            limits,
            edge: Edge::inbound(grade.map_or(Strength::CanAdmin, |grade| grade.strength)),
            settled: grade.is_some(),
            status: if trust && never_used(subject.config) { EvidenceStatus::Dormant } else { EvidenceStatus::Live },
            context,
        }
    }

    fn read(&self, at: &str, found: &mut Vec<Finding>) {
        if let Some(excepted) = self.body.get("NotPrincipal") {
            let mut finding = self.finding(Outsider::Anyone, &below(at, "NotPrincipal"), "NotPrincipal");
            finding.context.insert("not_principal".to_owned(), excepted.clone());
            found.push(finding);
            return;
        }
        let Some(principal) = self.body.get("Principal") else { return };
        let at = below(at, "Principal");
        match principal {
            Value::Object(kinds) => {
                for (kind, names) in kinds {
                    for (at, name) in each(&below(&at, kind), names) {
                        if let Some(name) = name.as_str() {
                            self.principal(kind, &at, name.trim(), found);
                        }
                    }
                }
            }
            other => {
                for (at, name) in each(&at, other) {
                    if let Some(name) = name.as_str() {
                        self.principal("AWS", &at, name.trim(), found);
                    }
                }
            }
        }
    }

    fn principal(&self, kind: &str, at: &str, name: &str, found: &mut Vec<Finding>) {
        if kind == "Federated" {
            found.extend(self.federated(at, name));
            return;
        }
        let Some(read) = principal::read(name) else { return };
        match read.outsider {
            Outsider::Anyone => self.anyone(at, name, found),
            Outsider::AwsService(service) => {
                found.push(self.finding(Outsider::AwsService(service.clone()), at, name));
                // The service acts for whoever owns the source: that account is the caller.
                for account in self.limits.accounts.union(&self.limits.source_accounts) {
                    let mut finding = self.finding(Outsider::AwsAccount(account.clone()), at, name);
                    finding.context.insert("via_service".to_owned(), json!(service));
                    found.extend(self.foreign(finding));
                }
                for organization in &self.limits.organizations {
                    let mut finding = self.finding(Outsider::AwsOrganization(organization.clone()), at, name);
                    finding.context.insert("via_service".to_owned(), json!(service));
                    found.push(finding);
                }
            }
            outsider => {
                let mut finding = self.finding(outsider, at, name);
                if matches!(finding.outsider, Outsider::AwsDeletedPrincipal(_)) {
                    finding.status = EvidenceStatus::Stale;
                }
                if let Some(partition) = read.partition.filter(|partition| *partition != "aws") {
                    finding.context.insert("partition".to_owned(), json!(partition));
                }
                found.extend(self.foreign(finding));
            }
        }
    }

    /// A wildcard is whoever its conditions leave, the narrowest limit first.
    fn anyone(&self, at: &str, name: &str, found: &mut Vec<Finding>) {
        let Conditions { organizations, accounts, source_accounts, .. } = &self.limits;
        let named = |accounts: &BTreeSet<String>| {
            accounts
                .iter()
                .filter_map(|account| self.foreign(self.finding(Outsider::AwsAccount(account.clone()), at, name)))
                .collect::<Vec<_>>()
        };
        if !accounts.is_empty() {
            found.extend(named(accounts));
        } else if !organizations.is_empty() {
            found.extend(organizations.iter().map(|id| self.finding(Outsider::AwsOrganization(id.clone()), at, name)));
        } else if !source_accounts.is_empty() {
            found.extend(named(source_accounts));
        } else {
            found.push(self.finding(Outsider::Anyone, at, name));
        }
    }

    /// A provider registered in the account: the issuer is in the ARN of an OIDC provider, and a SAML provider's
    /// entity is known to its own resource only, so its ARN stands for it.
    fn federated(&self, at: &str, name: &str) -> Option<Finding> {
        let registered = Arn::parse(name).map(|arn| arn.resource);
        let finding = match registered.and_then(|resource| resource.split_once('/')) {
            Some(("oidc-provider", issuer)) => {
                self.finding(Outsider::OidcIssuer(issuer.to_ascii_lowercase()), at, name)
            }
            Some(("saml-provider", _)) => {
                let mut finding = self.finding(Outsider::SamlEntity(name.to_owned()), at, name);
                // It says who our people are; what they may do stays in the context.
                finding.context.insert("role_strength".to_owned(), json!(self.edge.strength));
                finding.edge = Edge::inbound(Strength::Identity);
                finding.settled = true;
                finding
            }
            _ if name.contains('.') => self.finding(Outsider::OidcIssuer(name.to_ascii_lowercase()), at, name),
            _ => return None,
        };
        let mut finding = finding;
        finding.context.insert("federated".to_owned(), json!(true));
        Some(finding)
    }

    /// Leaves out the resource's own account, which every key policy names.
    fn foreign(&self, finding: Finding) -> Option<Finding> {
        let own = matches!(&finding.outsider, Outsider::AwsAccount(account) if account == self.subject.scope_id);
        (!own).then_some(finding)
    }

    fn finding(&self, outsider: Outsider, at: &str, value: &str) -> Finding {
        Finding {
            settled: self.settled,
            status: self.status,
            context: self.context.clone(),
            ..Finding::new(outsider, at, value, self.edge, EXACT)
        }
    }
}

/// A role that says when it was last used, and never was. A list call that leaves the member out says nothing.
fn never_used(config: &Value) -> bool {
    config
        .get("RoleLastUsed")
        .and_then(Value::as_object)
        .is_some_and(|last_used| last_used.get("LastUsedDate").is_none_or(Value::is_null))
}
