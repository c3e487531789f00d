//! IAM: roles and whom they trust, users, groups, policies and identity providers.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{EVERYWHERE, Scribe, Workload, organization::statement};
use crate::estate::GITHUB_ORGANIZATION;

/// What IAM leaves as it is in the policy documents that it answers with.
const POLICY_TEXT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// An account that no directory names.
const UNKNOWN_ACCOUNT: &str = "000000777001";

/// The one answer that holds the policies of everybody, by what it is asked for.
const DETAILS: &str = "iam:GetAccountAuthorizationDetails";

const CREDENTIAL_REPORT: &str = "iam:GetCredentialReport";
/// The head of a credential report.
const REPORT: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
                      password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,\
                      access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,\
                      access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,\
                      access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,\
                      cert_2_active,cert_2_last_rotated\n";
/// The end of its lines: no second key, no certificates.
const NO_MORE: &str = "false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n";

/// A vendor that was given a role.
struct VendorRole {
    vendor_id: &'static str,
    account: &'static str,
    role: &'static str,
    policies: &'static [&'static str],
    workloads: &'static [Workload],
}

/// Account ids as the vendors publish them (fwdcloudsec/known_aws_accounts).
const VENDOR_ROLES: &[VendorRole] = &[
    VendorRole {
        vendor_id: "datadog",
        account: "464622532012",
        role: "DatadogIntegrationRole",
        policies: &["SecurityAudit", "CloudWatchReadOnlyAccess"],
        workloads: &[Workload::Production, Workload::Data],
    },
    VendorRole {
        vendor_id: "drata",
        account: "269135526815",
        role: "DrataAutopilotRole",
        policies: &["SecurityAudit"],
        workloads: &[Workload::Management],
    },
    VendorRole {
        vendor_id: "lacework",
        account: "434813966438",
        role: "LaceworkPostureRole",
        policies: &["SecurityAudit", "ViewOnlyAccess"],
        workloads: &[Workload::Production],
    },
    VendorRole {
        vendor_id: "fivetran",
        account: "834469178297",
        role: "FivetranLoaderRole",
        policies: &["AmazonS3ReadOnlyAccess"],
        workloads: &[Workload::Data],
    },
];

/// Writes the account's IAM.
pub(super) fn write(scribe: &mut Scribe<'_>) {
    vendor_roles(scribe);
    own_roles(scribe);
    federation(scribe);
    users(scribe);
    policies(scribe);
    summary(scribe);
}

fn role(scribe: &mut Scribe<'_>, path: &str, name: &str, trust: &Value, policies: &[&str], last_used: bool) -> String {
    let arn = scribe.global_arn("iam", &format!("role{path}{name}"));
    let document = statement(trust.clone());
    let mut item = json!({
        "Path": path, "RoleName": name, "RoleId": format!("AROA{}", scribe.random.upper(17)), "Arn": arn,
        "CreateDate": scribe.random.created_at(), "MaxSessionDuration": 3600,
        "AssumeRolePolicyDocument": utf8_percent_encode(&document, POLICY_TEXT).to_string(),
    });
    scribe.resource("AWS::IAM::Role", "iam:ListRoles", &arn, item.clone());
    // What the listing does not say.
    item["RoleLastUsed"] =
        if last_used { json!({"LastUsedDate": "2026-01-15T09:30:00Z", "Region": "us-east-1"}) } else { json!({}) };
    item["Tags"] = json!([{"Key": "owner", "Value": "platform"}]);
    let mut attached = Vec::new();
    for policy in policies {
        let policy_arn = if policy.starts_with("acme-") {
            scribe.global_arn("iam", &format!("policy/{policy}"))
        } else {
            format!("arn:aws:iam::aws:policy/{policy}")
        };
        let policy = json!({"PolicyName": policy, "PolicyArn": policy_arn});
        scribe.list("iam:ListAttachedRolePolicies", name, policy.clone());
        attached.push(policy);
    }
    scribe.answer("iam:GetRole", name, json!({"Role": item}));
    item["AttachedManagedPolicies"] = json!(attached);
    item["RolePolicyList"] = json!([]);
    scribe.list(DETAILS, "Role", item);
    arn
}

fn vendor_roles(scribe: &mut Scribe<'_>) {
    let workload = scribe.account.workload;
    for vendor in VENDOR_ROLES.iter().filter(|vendor| vendor.workloads.contains(&workload)) {
        let principal = format!("arn:aws:iam::{}:root", vendor.account);
        let trust = json!({
            "Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": scribe.random.uuid()}},
        });
        let arn = role(scribe, "/", vendor.role, &trust, vendor.policies, true);
        scribe.vendor(vendor.vendor_id, &arn, "iam_trust_policy", vendor.account);
    }
    if scribe.is(Workload::Production) {
        let principal = format!("arn:aws:iam::{UNKNOWN_ACCOUNT}:root");
        let trust = json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"});
        let arn = role(scribe, "/", "ConsultantBreakGlass", &trust, &["AdministratorAccess"], false);
        let evidence = scribe.evidence(&arn, "iam_trust_policy", UNKNOWN_ACCOUNT);
        scribe.truth.unknown(&format!("aws account {UNKNOWN_ACCOUNT}"), evidence);
        let deleted = "AROAACMEGONE7VENDORXY";
        let trust = json!({"Effect": "Allow", "Principal": {"AWS": deleted}, "Action": "sts:AssumeRole"});
        let arn = role(scribe, "/", "OldMonitoringRole", &trust, &["ReadOnlyAccess"], false);
        scribe.lookalike(&arn, deleted, "deleted_principal");
    }
}

fn own_roles(scribe: &mut Scribe<'_>) {
    let management = scribe.aws.management_account.clone();
    if !scribe.is(Workload::Management) {
        let principal = format!("arn:aws:iam::{management}:root");
        let trust = json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"});
        let arn = role(scribe, "/", "OrganizationAccountAccessRole", &trust, &["AdministratorAccess"], true);
        scribe.lookalike(&arn, &management, "own_organization");
        let principal = format!("arn:aws:iam::{management}:user/carveout");
        let trust = json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"});
        let arn = role(scribe, "/", "carveout-read", &trust, &["SecurityAudit", "ViewOnlyAccess"], true);
        scribe.lookalike(&arn, &management, "own_organization");
    }
    for (service, name) in [
        ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
        ("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),
        ("guardduty.amazonaws.com", "AWSServiceRoleForAmazonGuardDuty"),
        ("organizations.amazonaws.com", "AWSServiceRoleForOrganizations"),
    ] {
        let trust = json!({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"});
        let arn = role(scribe, &format!("/aws-service-role/{service}/"), name, &trust, &[], true);
        scribe.lookalike(&arn, service, "service_principal");
    }
    for index in 0..scribe.count(48) {
        let services = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "ec2.amazonaws.com", "states.amazonaws.com"];
        let service = services[index % services.len()];
        let words = ["billing", "search", "export", "webhook", "report", "import", "notify", "audit"];
        let name =
            format!("acme-{}-{}-{index:03}", words[index % words.len()], service.split('.').next().unwrap_or("job"));
        let trust = json!({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"});
        let used = scribe.random.chance(80);
        let arn = role(scribe, "/", &name, &trust, &["acme-application-baseline"], used);
        if service == "ec2.amazonaws.com" {
            let profile = scribe.global_arn("iam", &format!("instance-profile/{name}"));
            let item = json!({
                "Path": "/", "InstanceProfileName": name, "InstanceProfileId": format!("AIPA{}", scribe.random.upper(17)),
                "Arn": profile, "CreateDate": scribe.random.created_at(),
                "Roles": [{"Path": "/", "RoleName": name, "RoleId": "AROAACMEROLEINPROFILE", "Arn": arn,
                           "CreateDate": "2025-01-01T00:00:00Z"}],
            });
            scribe.resource("AWS::IAM::InstanceProfile", "iam:ListInstanceProfiles", &profile, item);
        }
    }
}

fn federation(scribe: &mut Scribe<'_>) {
    if scribe.is(Workload::Production) || scribe.is(Workload::Management) {
        let (issuer, vendor, role_name, subject) = if scribe.is(Workload::Production) {
            let subject = format!("repo:{GITHUB_ORGANIZATION}/platform:ref:refs/heads/main");
            ("token.actions.githubusercontent.com", "github", "GitHubActionsDeploy", subject)
        } else {
            let subject = format!("organization:{GITHUB_ORGANIZATION}:project:core:workspace:*:run_phase:*");
            ("app.terraform.io", "hashicorp", "TerraformCloudRun", subject)
        };
        let audience = if vendor == "github" { "sts.amazonaws.com" } else { "aws.workload.identity" };
        let arn = scribe.global_arn("iam", &format!("oidc-provider/{issuer}"));
        let thumbprint = scribe.random.hex(40);
        scribe.answer(
            "iam:GetOpenIDConnectProvider",
            &arn,
            json!({
                "Url": issuer, "ClientIDList": [audience], "ThumbprintList": [thumbprint],
                "CreateDate": "2024-05-02T10:00:00Z", "Tags": [],
            }),
        );
        scribe.resource("AWS::IAM::OIDCProvider", "iam:ListOpenIDConnectProviders", &arn, json!({"Arn": arn}));
        let trust = json!({
            "Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {format!("{issuer}:aud"): audience},
                "StringLike": {format!("{issuer}:sub"): subject},
            },
        });
        let role_arn = role(scribe, "/", role_name, &trust, &["PowerUserAccess"], true);
        scribe.vendor(vendor, &arn, "oidc_provider", issuer);
        scribe.vendor(vendor, &role_arn, "iam_trust_policy", issuer);
    }
    let okta = scribe.global_arn("iam", "saml-provider/okta");
    let entity = "http://www.okta.com/exkacme0000000001";
    saml_provider(scribe, &okta, entity, "https://acme.okta.com/app/amazon_aws/exkacme0000000001/sso/saml");
    let trust = json!({
        "Effect": "Allow", "Principal": {"Federated": okta}, "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    });
    role(scribe, "/", "OktaEngineer", &trust, &["PowerUserAccess"], true);
    scribe.vendor("okta", &okta, "saml_provider", entity);

    let center = scribe.global_arn("iam", "saml-provider/AWSSSO_acme0000000001_DO_NOT_DELETE");
    let entity = "https://us-east-1.signin.aws.amazon.com/platform/saml/d-acme000001";
    saml_provider(scribe, &center, entity, "https://portal.sso.us-east-1.amazonaws.com/saml/assertion/acme");
    scribe.lookalike(&center, entity, "provider_owned");
    let trust = json!({"Effect": "Allow", "Principal": {"Federated": center}, "Action": "sts:AssumeRoleWithSAML"});
    let path = "/aws-reserved/sso.amazonaws.com/";
    role(scribe, path, "AWSReservedSSO_AdministratorAccess_acme00000001", &trust, &["AdministratorAccess"], true);
}

fn saml_provider(scribe: &mut Scribe<'_>, arn: &str, entity: &str, location: &str) {
    let metadata = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><md:EntityDescriptor entityID=\"{entity}\" \
         xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"><md:IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:SingleSignOnService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{location}\"/></md:IDPSSODescriptor>\
         </md:EntityDescriptor>"
    );
    let (created, until) = ("2024-03-01T08:00:00Z", "2034-03-01T08:00:00Z");
    let answer = json!({"SAMLMetadataDocument": metadata, "CreateDate": created, "ValidUntil": until, "Tags": []});
    scribe.answer("iam:GetSAMLProvider", arn, answer);
    let item = json!({"Arn": arn, "CreateDate": created, "ValidUntil": until});
    scribe.resource("AWS::IAM::SAMLProvider", "iam:ListSAMLProviders", arn, item);
}

fn users(scribe: &mut Scribe<'_>) {
    let groups =
        [("administrators", "AdministratorAccess"), ("engineers", "PowerUserAccess"), ("read-only", "ReadOnlyAccess")];
    for (group, policy) in groups {
        let arn = scribe.global_arn("iam", &format!("group/{group}"));
        let mut item = json!({
            "Path": "/", "GroupName": group, "GroupId": format!("AGPA{}", scribe.random.upper(17)), "Arn": arn,
            "CreateDate": scribe.random.created_at(),
        });
        scribe.resource("AWS::IAM::Group", "iam:ListGroups", &arn, item.clone());
        item["AttachedManagedPolicies"] = attached(policy);
        item["GroupPolicyList"] = json!([]);
        scribe.list(DETAILS, "Group", item);
    }
    let mut report = format!("{REPORT}{}", root_line(scribe));
    for index in 0..scribe.count(14) {
        let name = if index == 0 { "break-glass".to_owned() } else { format!("svc-integration-{index:02}") };
        let arn = scribe.global_arn("iam", &format!("user/{name}"));
        let mut item = json!({
            "Path": "/", "UserName": name, "UserId": format!("AIDA{}", scribe.random.upper(17)), "Arn": arn,
            "CreateDate": scribe.random.created_at(),
        });
        if index == 0 {
            item["PasswordLastUsed"] = json!("2025-11-03T17:12:00Z");
        }
        let (has_key, has_mfa) = (index % 3 != 0, index % 4 == 0);
        if has_key {
            let key = json!({
                "UserName": name, "AccessKeyId": format!("AKIA{}", scribe.random.upper(16)), "Status": "Active",
                "CreateDate": scribe.random.created_at(),
            });
            scribe.list("iam:ListAccessKeys", &name, key);
        }
        if has_mfa {
            let serial = scribe.global_arn("iam", &format!("mfa/{name}"));
            let device = json!({"UserName": name, "SerialNumber": serial, "EnableDate": "2025-02-01T12:00:00Z"});
            scribe.list("iam:ListMFADevices", &name, device);
        }
        let (created, is_person) = (item["CreateDate"].as_str().unwrap_or_default().to_owned(), index == 0);
        scribe.resource("AWS::IAM::User", "iam:ListUsers", &arn, item.clone());
        item["AttachedManagedPolicies"] = if is_person { attached("AdministratorAccess") } else { json!([]) };
        item["GroupList"] = if is_person { json!(["administrators"]) } else { json!([]) };
        item["UserPolicyList"] = json!([]);
        scribe.list(DETAILS, "User", item);
        let password = if is_person {
            "true,2025-11-03T17:12:00+00:00,2025-02-01T12:00:00+00:00,N/A"
        } else {
            "false,N/A,N/A,N/A"
        };
        let key = if has_key {
            format!("true,{created},2026-01-14T08:00:00+00:00,us-east-1,s3")
        } else {
            "false,N/A,N/A,N/A,N/A".to_owned()
        };
        report.push_str(&format!("{name},{arn},{created},{password},{has_mfa},{key},{NO_MORE}"));
        scribe.expect("AWS::IAM::CredentialReportEntry", CREDENTIAL_REPORT, &format!("{arn}/credential-report"));
    }
    scribe.answer("iam:GenerateCredentialReport", "", json!({"State": "COMPLETE"}));
    let report = json!({"Content": BASE64_STANDARD.encode(report), "ReportFormat": "text/csv",
                        "GeneratedTime": "2026-01-15T10:00:00Z"});
    scribe.answer(CREDENTIAL_REPORT, "", report);
}

/// The root user's line: nobody has signed in with it for long, and in one account it has no MFA device.
fn root_line(scribe: &mut Scribe<'_>) -> String {
    let arn = scribe.global_arn("iam", "root");
    scribe.expect("AWS::IAM::CredentialReportEntry", CREDENTIAL_REPORT, &format!("{arn}/credential-report"));
    let has_mfa = !scribe.is(Workload::Data);
    format!(
        "<root_account>,{arn},2024-01-10T09:00:00+00:00,not_supported,2024-03-01T10:00:00+00:00,not_supported,\
         not_supported,{has_mfa},false,N/A,N/A,N/A,N/A,{NO_MORE}"
    )
}

/// One policy of AWS's own, as identities carry it.
fn attached(policy: &str) -> Value {
    json!([{"PolicyName": policy, "PolicyArn": format!("arn:aws:iam::aws:policy/{policy}")}])
}

fn policies(scribe: &mut Scribe<'_>) {
    let words = ["application-baseline", "deploy", "read-artifacts", "rotate-secrets", "query-logs", "publish-events"];
    for index in 0..scribe.count(18).max(1) {
        let name = match index / words.len() {
            0 => format!("acme-{}", words[index]),
            round => format!("acme-{}-{round}", words[index % words.len()]),
        };
        let arn = scribe.global_arn("iam", &format!("policy/{name}"));
        let item = json!({
            "PolicyName": name, "PolicyId": format!("ANPA{}", scribe.random.upper(17)), "Arn": arn, "Path": "/",
            "DefaultVersionId": "v1", "AttachmentCount": 1 + scribe.random.below(6), "IsAttachable": true,
            "PermissionsBoundaryUsageCount": 0, "CreateDate": scribe.random.created_at(),
            "UpdateDate": scribe.random.created_at(),
        });
        let document = statement(
            json!({"Effect": "Allow", "Action": ["logs:PutLogEvents", "s3:GetObject"], "Resource": EVERYWHERE}),
        );
        let version = json!({"PolicyVersion": {
            "Document": utf8_percent_encode(&document, POLICY_TEXT).to_string(), "VersionId": "v1",
            "IsDefaultVersion": true, "CreateDate": "2025-01-01T00:00:00Z",
        }});
        let mut details = item.clone();
        details["PolicyVersionList"] = json!([version["PolicyVersion"]]);
        scribe.list(DETAILS, "LocalManagedPolicy", details);
        scribe.answer("iam:GetPolicyVersion", &arn, version);
        scribe.resource("AWS::IAM::ManagedPolicy", "iam:ListPolicies", &arn, item);
    }
}

fn summary(scribe: &mut Scribe<'_>) {
    let strong = !scribe.is(Workload::Data);
    let summary: Vec<Value> = [("AccountMFAEnabled", u8::from(strong)), ("AccountAccessKeysPresent", 0), ("Users", 14)]
        .iter()
        .map(|(key, value)| json!({"key": key, "value": value}))
        .collect();
    scribe.answer("iam:GetAccountSummary", "", json!({"SummaryMap": {"entry[]": summary}}));
    let key = scribe.global_arn("iam", "account-summary");
    scribe.expect("AWS::IAM::AccountSummary", "iam:GetAccountSummary", &key);
    if strong {
        let policy = json!({
            "MinimumPasswordLength": 14, "RequireSymbols": true, "RequireNumbers": true, "ExpirePasswords": false,
            "RequireUppercaseCharacters": true, "RequireLowercaseCharacters": true, "PasswordReusePrevention": 24,
            "AllowUsersToChangePassword": true,
        });
        scribe.answer("iam:GetAccountPasswordPolicy", "", json!({"PasswordPolicy": policy}));
        let key = scribe.global_arn("iam", "account-password-policy");
        scribe.expect("AWS::IAM::AccountPasswordPolicy", "iam:GetAccountPasswordPolicy", &key);
    }
}
