//! The organization, its accounts and units, and the regions that are enabled.

use serde_json::{Value, json};

use super::{REGIONS, Scribe, Workload};

const ROOT: &str = "r-acme";
const ROOT_POLICY: &str = "p-FullAWSAccess";

/// Writes what the account can say about itself, and, in the management account, about the organization.
pub(super) fn write(scribe: &mut Scribe<'_>) {
    for region in REGIONS {
        scribe.list(
            "ec2:DescribeRegions",
            "",
            json!({
                "regionName": region, "regionEndpoint": format!("ec2.{region}.amazonaws.com"),
                "optInStatus": "opt-in-not-required",
            }),
        );
        let arn = scribe.global_arn("account", &format!("region/{region}"));
        let item = json!({"RegionName": region, "RegionOptStatus": "ENABLED_BY_DEFAULT"});
        scribe.resource("AWS::Account::Region", "account:ListRegions", &arn, item);
    }
    scribe.list("iam:ListAccountAliases", "", json!(scribe.account.name));
    if scribe.is(Workload::Management) {
        management(scribe);
    }
}

fn management(scribe: &mut Scribe<'_>) {
    let organization = scribe.aws.organization_id.clone();
    let owner = scribe.account.id.clone();
    let arn = |rest: &str| format!("arn:aws:organizations::{owner}:{rest}");
    let organization_arn = arn(&format!("organization/{organization}"));
    scribe.answer(
        "organizations:DescribeOrganization",
        "",
        json!({"Organization": {
            "Id": organization, "Arn": organization_arn, "FeatureSet": "ALL", "MasterAccountId": owner,
            "MasterAccountArn": arn(&format!("account/{organization}/{owner}")),
            "MasterAccountEmail": "aws@acme.example",
            "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
        }}),
    );
    scribe.expect("AWS::Organizations::Organization", "organizations:DescribeOrganization", &organization_arn);
    let root_arn = arn(&format!("root/{organization}/{ROOT}"));
    scribe.resource(
        "AWS::Organizations::Root",
        "organizations:ListRoots",
        &root_arn,
        json!({
            "Id": ROOT, "Arn": root_arn, "Name": "Root",
            "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
        }),
    );
    for (id, name) in [("ou-acme-workload", "Workloads"), ("ou-acme-acquired", "Acquired")] {
        let unit_arn = arn(&format!("ou/{organization}/{id}"));
        let action = "organizations:ListOrganizationalUnitsForParent";
        scribe.list(action, ROOT, json!({"Id": id, "Arn": unit_arn, "Name": name}));
        scribe.list("organizations:ListParents", id, json!({"Id": ROOT, "Type": "ROOT"}));
        scribe.list("organizations:ListChildren", ROOT, json!({"Id": id, "Type": "ORGANIZATIONAL_UNIT"}));
        scribe.expect("AWS::Organizations::OrganizationalUnit", action, &unit_arn);
    }
    for account in scribe.aws.accounts.clone() {
        let account_arn = arn(&format!("account/{organization}/{}", account.id));
        let item = json!({
            "Id": account.id, "Arn": account_arn, "Name": account.name,
            "Email": format!("{}@acme.example", account.name), "Status": "ACTIVE", "State": "ACTIVE",
            "JoinedMethod": if account.workload == Workload::Denied { "INVITED" } else { "CREATED" },
            "JoinedTimestamp": scribe.random.created_seconds(),
        });
        let (parent, kind) = match account.workload {
            Workload::Management => (ROOT, "ROOT"),
            Workload::Denied => ("ou-acme-acquired", "ORGANIZATIONAL_UNIT"),
            _ => ("ou-acme-workload", "ORGANIZATIONAL_UNIT"),
        };
        scribe.list("organizations:ListParents", &account.id, json!({"Id": parent, "Type": kind}));
        scribe.list("organizations:ListChildren", parent, json!({"Id": account.id, "Type": "ACCOUNT"}));
        scribe.list("organizations:ListAccountsForParent", parent, item.clone());
        scribe.answer("organizations:DescribeAccount", &account.id, json!({"Account": item}));
        scribe.resource("AWS::Organizations::Account", "organizations:ListAccounts", &account_arn, item);
    }
    let policies = [(ROOT_POLICY, "FullAWSAccess", true), ("p-acmeregions", "deny-other-regions", false)];
    for (id, name, aws_managed) in policies {
        let policy_arn = if aws_managed {
            format!("arn:aws:organizations::aws:policy/service_control_policy/{id}")
        } else {
            arn(&format!("policy/{organization}/service_control_policy/{id}"))
        };
        let summary = json!({
            "Id": id, "Arn": policy_arn, "Name": name, "Description": "", "Type": "SERVICE_CONTROL_POLICY",
            "AwsManaged": aws_managed,
        });
        let content = if aws_managed {
            statement(json!({"Effect": "Allow", "Action": "*", "Resource": "*"}))
        } else {
            statement(json!({
                "Effect": "Deny", "NotAction": ["iam:*", "organizations:*", "route53:*", "sts:*", "support:*"],
                "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": REGIONS}},
            }))
        };
        scribe.answer(
            "organizations:DescribePolicy",
            id,
            json!({"Policy": {"PolicySummary": summary, "Content": content}}),
        );
        scribe.list(
            "organizations:ListTargetsForPolicy",
            id,
            json!({"TargetId": ROOT, "Arn": root_arn, "Type": "ROOT"}),
        );
        scribe.resource("AWS::Organizations::Policy", "organizations:ListPolicies", &policy_arn, summary);
    }
}

/// A policy document of one statement, as text.
pub(super) fn statement(statement: Value) -> String {
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}
