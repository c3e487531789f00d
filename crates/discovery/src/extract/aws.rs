//! AWS accounts where they stand alone: owners, grantees, layer ARNs, S3 grants, partner event sources.

use carveout_model::{Direction, Outsider, Relation, Strength};
use serde_json::{Value, json};

use super::{
    EXACT, Edge, Finding, STATED, below, each,
    principal::{self, Arn, is_account},
    texts,
};
use crate::rule::Subject;

const NAMED: Edge = Edge::new(Relation::Contact, Strength::Contact, Direction::Neither);
const LAYER: Edge = Edge::new(Relation::SuppliesCode, Strength::Hosting, Direction::Inbound);
const EVENTS_IN: Edge = Edge::new(Relation::Contact, Strength::Contact, Direction::Inbound);

/// Account ids, principals and organizations.
pub(super) fn accounts(subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value).into_iter().filter_map(|(at, text)| account(subject, &at, text)).collect()
}

/// Accounts in ARNs of any service.
pub(super) fn accounts_in_arns(subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .filter(|(_, text)| text.starts_with("arn:"))
        .filter_map(|(at, text)| account(subject, &at, text))
        .collect()
}

fn account(subject: &Subject<'_>, at: &str, text: &str) -> Option<Finding> {
    let principal = principal::read(text)?;
    if matches!(&principal.outsider, Outsider::AwsAccount(id) if id == subject.scope_id) {
        return None;
    }
    let mut finding = Finding::new(principal.outsider, at, text, NAMED, EXACT);
    if let Some(partition) = principal.partition.filter(|partition| *partition != "aws") {
        finding.context.insert("partition".to_owned(), json!(partition));
    }
    Some(finding)
}

/// Lambda layer versions: the account in the ARN publishes the code.
pub(super) fn layers(subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .filter_map(|(at, text)| {
            let arn = Arn::parse(text)?;
            let foreign = is_account(arn.account) && arn.account != subject.scope_id;
            foreign.then(|| Finding::new(Outsider::LayerAccount(arn.account.to_owned()), &at, text, LAYER, EXACT))
        })
        .collect()
}

/// EventBridge sources of partners; an AWS service's or an own source has another prefix.
pub(super) fn partner_event_sources(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .filter(|(_, text)| text.starts_with("aws.partner/"))
        .map(|(at, text)| Finding::new(Outsider::PartnerEventSource(text.to_owned()), &at, text, EVENTS_IN, STATED))
        .collect()
}

/// S3 access control grants, or canonical ids alone. The bucket's owner, where the configuration names it, is left out.
pub(super) fn grants(subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    let owner = subject.config.get("Owner").and_then(|owner| owner.get("ID")).and_then(Value::as_str);
    each(at, value)
        .into_iter()
        .filter_map(|(at, value)| match value {
            Value::String(text) => canonical(&at, text, owner),
            Value::Object(_) => grant(&at, value, owner),
            _ => None,
        })
        .collect()
}

fn canonical(at: &str, text: &str, owner: Option<&str>) -> Option<Finding> {
    let foreign = principal::is_canonical_user(text) && owner != Some(text);
    foreign.then(|| {
        let outsider = Outsider::AwsCanonicalUser(text.to_owned());
        Finding::new(outsider, at, text, Edge::inbound(Strength::CanReadData), STATED)
    })
}

fn grant(at: &str, value: &Value, owner: Option<&str>) -> Option<Finding> {
    let (grantee, at) = match value.get("Grantee") {
        Some(grantee) => (grantee, below(at, "Grantee")),
        None => (value, at.to_owned()),
    };
    let mut finding = if let Some(group) = grantee.get("URI").and_then(Value::as_str) {
        // The log delivery group is AWS; the two global groups are everybody.
        let outsider = if group.ends_with("/LogDelivery") {
            Outsider::AwsService("logdelivery.s3.amazonaws.com".to_owned())
        } else {
            Outsider::Anyone
        };
        Finding::new(outsider, &below(&at, "URI"), group, Edge::inbound(Strength::CanReadData), EXACT)
    } else {
        canonical(&below(&at, "ID"), grantee.get("ID")?.as_str()?, owner)?
    };
    if let Some(permission) = value.get("Permission").and_then(Value::as_str) {
        let strength = match permission {
            "READ" => Strength::CanReadData,
            "READ_ACP" => Strength::CanReadConfig,
            _ => Strength::CanAdmin,
        };
        finding.edge = Edge::inbound(strength);
        finding.settled = true;
        finding.context.insert("permission".to_owned(), json!(permission));
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(config: &Value) -> Subject<'_> {
        Subject { resource_key: "r", scope_id: "123456789012", type_name: "T", config }
    }

    #[test]
    fn the_own_account_is_no_observation_and_all_is_everybody() {
        let config = json!({});
        let found = accounts(&subject(&config), "U", &json!(["123456789012", "all", "061190967865"]));
        let outsiders: Vec<_> = found.into_iter().map(|finding| finding.outsider).collect();
        assert_eq!(outsiders, [Outsider::Anyone, Outsider::AwsAccount("061190967865".into())]);
    }

    #[test]
    fn a_partner_source_is_told_from_an_aws_source() {
        let found = partner_event_sources("Name", &json!(["aws.s3", "aws.partner/auth0.com/acme/auth0.logs"]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].at, "Name[1]");
    }

    #[test]
    fn a_buckets_owner_is_no_outsider_and_its_other_grantees_are_graded_by_permission() {
        let (own, other) = ("a".repeat(64), "b".repeat(64));
        let config = json!({"Owner": {"ID": own}});
        let found = grants(
            &subject(&config),
            "Grants",
            &json!([
                {"Grantee": {"ID": own}, "Permission": "FULL_CONTROL"},
                {"Grantee": {"ID": other}, "Permission": "READ_ACP"},
                {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"},
            ]),
        );
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].at.as_str(), found[0].edge.strength), ("Grants[1].Grantee.ID", Strength::CanReadConfig));
        assert_eq!(found[1].outsider, Outsider::Anyone);
    }
}
