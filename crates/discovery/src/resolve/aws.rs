//! AWS accounts, organizations, endpoint services and event sources.

use carveout_model::{Observation, Provider};
use serde_json::{Value, json};

use super::{
    Resolver,
    verdict::{MODERATE, PartyRef, Verdict},
};
use crate::directory::{Owner, SignalKind, Standing};

impl Resolver<'_> {
    pub(super) fn aws_account(&self, account: &str, seen: &Observation) -> Verdict {
        self.account(account, seen, [SignalKind::AwsAccount, SignalKind::LambdaLayerAccount])
    }

    pub(super) fn layer_account(&self, account: &str, seen: &Observation) -> Verdict {
        self.account(account, seen, [SignalKind::LambdaLayerAccount, SignalKind::AwsAccount])
    }

    fn account(&self, account: &str, seen: &Observation, kinds: [SignalKind; 2]) -> Verdict {
        if self.ours.has_account(account) {
            return Verdict::explained(format!("AWS account {account} of the own organization"));
        }
        if let Some(own) = context_list(seen, "limited_to_organizations").find(|id| self.ours.has_organization(id)) {
            return Verdict::explained(format!("AWS account {account}, limited to the own organization {own}"));
        }
        let partition = seen.context.get("partition").and_then(Value::as_str).unwrap_or("aws");
        // The tables are of the standard partition: the same digits mean another account elsewhere.
        if partition == "aws"
            && let Some(hit) = kinds.into_iter().find_map(|kind| self.directory.find(kind, account))
        {
            return match &hit.pattern.owner {
                // The marketplace sells for everybody: the product code tells who, not the account.
                Owner::Provider { standing: Standing::Shared, service, .. } => Verdict::explained(service.clone()),
                _ => self.hit(hit),
            };
        }
        if context_list(seen, "external_ids").any(is_snowflake_external_id)
            && let Some(vendor) = self.directory.vendor("snowflake")
        {
            let matched = json!({"kind": "external_id", "pattern": "_SFCRole=", "source": "vendor-doc:unverified"});
            return Verdict::party(PartyRef::vendor(vendor), MODERATE, matched);
        }
        let infix =
            if partition == "aws" { String::new() } else { format!("{}-", partition.trim_start_matches("aws-")) };
        Verdict::unknown(
            format!("unknown-aws-{infix}{account}"),
            format!("Unknown AWS account {account}"),
            Some(Provider::Aws),
        )
    }

    pub(super) fn aws_organization(&self, id: &str) -> Verdict {
        if self.ours.has_organization(id) {
            return Verdict::explained(format!("own AWS organization {id}"));
        }
        Verdict::unknown(format!("org-{id}"), format!("Unknown AWS organization {id}"), Some(Provider::Aws))
    }

    pub(super) fn canonical_user(&self, id: &str) -> Verdict {
        if let Some(hit) = self.directory.find(SignalKind::CanonicalUser, id) {
            return self.hit(hit);
        }
        let short = id.get(..12).unwrap_or(id);
        let name = format!("Unknown AWS account with canonical id {short}…");
        Verdict::unknown(format!("unknown-aws-canonical-{short}"), name, Some(Provider::Aws))
    }

    pub(super) fn endpoint_service(&self, service: &str) -> Verdict {
        let lower = service.to_ascii_lowercase();
        if lower.starts_with("com.amazonaws.") || lower.starts_with("aws.api.") {
            return self.aws_endpoint_service(&lower);
        }
        if let Some(subscription) = segment_after(&lower, "subscriptions") {
            if self.ours.has_subscription(subscription) {
                return Verdict::explained(format!("private link service in the own subscription {subscription}"));
            }
            let name = format!("Unknown Azure subscription {subscription}");
            return Verdict::unknown(format!("unknown-subscription-{subscription}"), name, Some(Provider::Azure));
        }
        if let Some(project) = segment_after(&lower, "projects") {
            let target = lower.find("projects/").map_or(lower.as_str(), |at| &lower[at..]);
            return match self.directory.find(SignalKind::VpceService, &format!("gcp-psc:{target}")) {
                Some(hit) => self.hit(hit),
                None => self.gcp_project(project),
            };
        }
        if matches!(lower.as_str(), "all-apis" | "vpc-sc") {
            return Verdict::explained(format!("Google's own APIs ({lower})"));
        }
        match self.directory.find(SignalKind::VpceService, &format!("azure-pls:{lower}")) {
            Some(hit) => self.hit(hit),
            None => {
                Verdict::unknown(format!("unknown-endpoint-{lower}"), format!("Unknown endpoint service {lower}"), None)
            }
        }
    }

    /// Vendors' endpoint services share their start with AWS's own; only the longest match tells them apart.
    fn aws_endpoint_service(&self, service: &str) -> Verdict {
        let hit = self.directory.find(SignalKind::VpceService, service);
        let vendor = hit.filter(|hit| matches!(hit.pattern.owner, Owner::Vendor(_)));
        if let Some(hit) = vendor {
            return self.hit(hit);
        }
        if !service.starts_with("com.amazonaws.vpce.") {
            return Verdict::explained(format!("AWS's own service endpoint {service}"));
        }
        let id = service.rsplit('.').next().unwrap_or(service);
        let name = format!("Unknown owner of endpoint service {id}");
        Verdict::unknown(format!("unknown-{id}"), name, Some(Provider::Aws))
    }

    pub(super) fn partner_event_source(&self, source: &str) -> Verdict {
        if let Some(hit) = self.directory.find(SignalKind::AwsPartnerEventSource, source) {
            return self.hit(hit);
        }
        // AppFlow hands on what it reads: the partner is one segment further.
        let mut segments = source.split('/').skip(1).skip_while(|segment| *segment == "appflow");
        match segments.next().filter(|partner| partner.contains('.')) {
            Some(partner) => self.foreign_host(&[], partner),
            None => Verdict::unknown(format!("event-source-{source}"), format!("Unknown event source {source}"), None),
        }
    }
}

/// The texts of a list in an observation's context.
pub(super) fn context_list<'a>(seen: &'a Observation, member: &str) -> impl Iterator<Item = &'a str> {
    seen.context.get(member).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// `ACCOUNT_SFCRole=<number>_<token>`: the external id that Snowflake generates, whatever account it trusts from.
fn is_snowflake_external_id(id: &str) -> bool {
    id.split_once("_SFCRole=").is_some_and(|(account, rest)| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        !account.is_empty()
            && account.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            && digits > 0
            && rest[digits..].starts_with('_')
    })
}

/// The segment that follows a collection's name in a resource name.
fn segment_after<'a>(text: &'a str, collection: &str) -> Option<&'a str> {
    let mut segments = text.split('/');
    segments.find(|segment| *segment == collection)?;
    segments.next().filter(|segment| !segment.is_empty())
}
