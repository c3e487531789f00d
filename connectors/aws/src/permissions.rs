//! The least-privilege policy for the types that are crawled.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::catalogue::Catalogue;

/// What planning itself needs, before any type: the identity, the organization's tree and the regions.
const PLANNING: [&str; 7] = [
    "ec2:DescribeRegions",
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "sts:GetCallerIdentity",
];

/// An IAM policy that allows exactly the operations that crawling the types calls, in every account.
///
/// `sts:AssumeRole` is not in it: it belongs to the one identity that enters the others.
pub fn policy(catalogue: &Catalogue, wants: impl Fn(&str) -> bool) -> Value {
    let wanted = catalogue.types().iter().filter(|record| wants(&record.name));
    let mut actions: BTreeSet<String> = wanted.flat_map(|record| catalogue.actions(record)).collect();
    actions.extend(PLANNING.map(ToOwned::to_owned));
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "CarveoutRead", "Effect": "Allow", "Action": actions, "Resource": "*" }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_brings_the_permission_to_list_its_parent() {
        let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
        let policy = policy(&catalogue, |name| name == "AWS::Route53::RecordSet");
        let actions = policy["Statement"][0]["Action"].as_array().expect("actions");
        for action in ["route53:ListHostedZones", "route53:ListResourceRecordSets"] {
            assert!(actions.iter().any(|each| each == action), "{action} in {actions:?}");
        }
        assert!(!actions.iter().any(|each| each == "s3:ListAllMyBuckets"), "{actions:?}");
    }
}
