//! What looks like a third party and is none, and what looks like none and is one.

mod common;

use carveout_model::{EvidenceStatus, Outsider, PartyOrigin, Provider, ScopeKind, Strength};
use common::*;
use serde_json::{Value, json};

/// The parties, reasons and exposures that a policy statement in an AWS estate comes to.
fn of_statement(statement: Value) -> (Vec<String>, Vec<String>, Vec<String>) {
    let found = resolved(&observe(POLICY, "r", &policy(statement)), &aws(), "");
    (
        parties(&found).into_iter().map(str::to_owned).collect(),
        found.explained.into_iter().map(|row| row.reason).collect(),
        found.exposures.into_iter().map(|row| row.kind).collect(),
    )
}

fn trusting(principal: Value) -> Value {
    json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
}

#[test]
fn a_service_principal_is_explained_and_the_foreign_account_it_acts_for_is_a_party() {
    let service = json!({"Service": ["ec2.amazonaws.com", "x.amazonaws.com.cn", "y.amazon.com"]});
    let (parties, explained, _) = of_statement(trusting(service));
    assert!(parties.is_empty());
    assert_eq!(explained.len(), 3);

    let (parties, ..) = of_statement(json!({
        "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
        "Condition": {"StringEquals": {"aws:SourceAccount": ["061190967865", OWN, OTHER_OWN]}},
    }));
    assert_eq!(parties, ["cloudzero"]);
}

#[test]
fn accounts_that_aws_owns_are_explained_also_with_leading_zeros() {
    let (parties, explained, _) = of_statement(trusting(json!({"AWS": [
        "arn:aws:iam::127311923021:root", "arn:aws:iam::033677994240:root", "193672423079"]})));
    assert!(parties.is_empty(), "{parties:?}");
    assert_eq!(explained.len(), 3);
}

#[test]
fn an_own_account_is_ours_although_it_is_suspended_and_not_crawled() {
    let (parties, explained, _) = of_statement(trusting(json!({"AWS": format!("arn:aws:iam::{OTHER_OWN}:root")})));
    assert!(parties.is_empty());
    assert_eq!(explained, [format!("AWS account {OTHER_OWN} of the own organization")]);
}

#[test]
fn without_the_own_organization_a_foreign_account_is_provisional_and_that_is_said() {
    let alone = [scope(Provider::Aws, ScopeKind::Account, OWN, json!({}))];
    let seen = observe(POLICY, "r", &policy(trusting(json!({"AWS": OTHER_OWN}))));
    let found = resolved(&seen, &alone, "");
    assert_eq!(parties(&found), [format!("unknown-aws-{OTHER_OWN}")]);
    let row = found.evidence.iter().find(|row| row.resource_key == "r").expect("a row");
    assert_eq!(row.detail["provisional"], "own aws organization unknown");
    assert!(found.explained.iter().any(|row| row.reason.starts_with("own organization unknown")));

    let declared = resolved(&seen, &alone, &format!("aws_accounts = [\"{OTHER_OWN}\"]"));
    assert!(parties(&declared).is_empty());
}

#[test]
fn a_wildcard_is_whoever_its_conditions_leave() {
    let open = |condition: Value| {
        of_statement(json!({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Condition": condition}))
    };
    let (parties, explained, exposures) = open(json!({"StringEquals": {"aws:PrincipalOrgID": OWN_ORGANIZATION}}));
    assert_eq!((parties.len(), explained.len(), exposures.len()), (0, 1, 0));
    let (parties, ..) = open(json!({"StringEquals": {"aws:PrincipalOrgID": "o-zz99zz99zz"}}));
    assert_eq!(parties, ["org-o-zz99zz99zz"]);
    let (parties, ..) = open(json!({"StringEquals": {"aws:PrincipalAccount": "061190967865"}}));
    assert_eq!(parties, ["cloudzero"]);
    let (_, explained, exposures) = open(json!({"StringEquals": {"aws:SourceVpce": "vpce-1"}}));
    assert_eq!((explained.len(), exposures.len()), (1, 0));
    for condition in [
        json!({}),
        json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": OWN_ORGANIZATION}}),
        json!({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": OWN_ORGANIZATION}}),
        json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-zz99zz99zz"}}),
        json!({"Null": {"aws:PrincipalOrgID": "false"}}),
    ] {
        let (parties, _, exposures) = open(condition.clone());
        assert!(parties.is_empty());
        assert_eq!(exposures, ["public_principal"], "{condition}");
    }
}

#[test]
fn a_deny_lets_nobody_in_and_not_principal_lets_everybody_in() {
    let deny = json!({"Effect": "Deny", "Principal": {"AWS": "061190967865"}, "Action": "*"});
    assert!(observe(POLICY, "r", &policy(deny)).is_empty());
    let except = json!({"Effect": "Allow", "NotPrincipal": {"AWS": OTHER_OWN}, "Action": "s3:GetObject"});
    let (parties, _, exposures) = of_statement(except);
    assert!(parties.is_empty());
    assert_eq!(exposures, ["public_principal"]);
}

#[test]
fn identity_center_is_no_identity_vendor() {
    let arn = format!("arn:aws:iam::{OWN}:saml-provider/AWSSSO_1a2b_DO_NOT_DELETE");
    let (parties, explained, _) = of_statement(json!({"Effect": "Allow", "Principal": {"Federated": arn},
        "Action": "sts:AssumeRoleWithSAML"}));
    assert!(parties.is_empty());
    assert_eq!(explained.len(), 1);
    let metadata = json!({"M": "<EntityDescriptor entityID=\"https://portal.sso.us-east-1.amazonaws.com/saml/1\"/>"});
    let seen = observe("path = \"M\"\nextractor = \"saml_metadata\"", "r", &metadata);
    assert!(parties_of(&seen).is_empty());
}

fn parties_of(seen: &[carveout_model::Observation]) -> Vec<String> {
    parties(&resolved(seen, &aws(), "")).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_deleted_principal_is_stale_and_no_party() {
    let seen = observe(POLICY, "r", &policy(trusting(json!({"AWS": "AROAEXAMPLEEXAMPLE123"}))));
    assert_eq!(seen[0].status, EvidenceStatus::Stale);
    assert!(parties_of(&seen).is_empty());
}

#[test]
fn an_origin_access_identity_is_cloudfront_and_no_account() {
    let identity = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1A2";
    let (parties, explained, exposures) = of_statement(trusting(json!({"AWS": identity})));
    assert_eq!((parties.len(), explained.len(), exposures.len()), (0, 1, 0));
}

#[test]
fn the_same_digits_in_another_partition_are_another_account() {
    let (parties, ..) = of_statement(trusting(json!({"AWS": "arn:aws-cn:iam::061190967865:root"})));
    assert_eq!(parties, ["unknown-aws-cn-061190967865"]);
}

#[test]
fn microsofts_account_in_aws_is_microsoft_and_no_new_vendor_where_azure_is_used() {
    let seen = observe(POLICY, "r", &policy(trusting(json!({"AWS": "arn:aws:iam::197857026523:root"}))));
    let found = resolved(&seen, &aws(), "");
    assert_eq!(parties(&found), ["azure"]);
    let mut both = aws();
    both.push(scope(Provider::Azure, ScopeKind::Tenant, "11111111-2222-3333-4444-555555555555", json!({})));
    let found = resolved(&seen, &both, "");
    assert!(parties(&found).is_empty());
    let azure = found.parties.iter().find(|party| party.party_id == "azure").expect("Azure hosts us");
    assert_eq!(azure.origin, PartyOrigin::Provider);
}

fn github(subject: Option<&str>) -> Value {
    let issuer = "token.actions.githubusercontent.com";
    let mut condition = json!({"StringEquals": {format!("{issuer}:aud"): "sts.amazonaws.com"}});
    if let Some(subject) = subject {
        condition["StringLike"] = json!({format!("{issuer}:sub"): subject});
    }
    json!({"Effect": "Allow", "Principal": {"Federated": format!("arn:aws:iam::{OWN}:oidc-provider/{issuer}")},
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition})
}

#[test]
fn the_issuer_proves_github_and_only_the_subject_proves_whose_repository() {
    let of = |subject: Option<&str>| {
        let seen = observe(POLICY, "r", &policy(github(subject)));
        let found = resolved(&seen, &aws(), "github = [\"acme\"]");
        let exposures: Vec<String> = found.exposures.iter().map(|row| row.kind.clone()).collect();
        (parties(&found).into_iter().map(str::to_owned).collect::<Vec<_>>(), found.explained.len(), exposures)
    };
    assert_eq!(of(Some("repo:acme/app:ref:refs/heads/main")), (vec!["github".to_owned()], 1, vec![]));
    assert_eq!(of(Some("repo:Other/app:*")).0, ["github", "github-org-other"]);
    for open in [None, Some("repo:*"), Some("*")] {
        assert_eq!(of(open).2, ["federation_without_subject"], "{open:?}");
    }
}

#[test]
fn a_cluster_issuer_of_ours_is_ours_and_a_foreign_one_is_unknown() {
    let rule = "path = \"Url\"\nextractor = \"oidc_issuer\"";
    let seen = observe(rule, "r", &json!({"Url": "https://oidc.eks.us-east-1.amazonaws.com/id/AB12"}));
    let own = resolved(&seen, &aws(), "issuers = [\"oidc.eks.us-east-1.amazonaws.com/id/ab12\"]");
    assert!(parties(&own).is_empty());
    let foreign = resolved(&seen, &aws(), "issuers = [\"oidc.eks.us-east-1.amazonaws.com/id/ffff\"]");
    assert_eq!(parties(&foreign), ["unknown-cluster-ab12"]);
}

fn image(image: &str) -> Vec<String> {
    parties_of(&observe("path = \"i\"\nextractor = \"container_image\"", "r", &json!({"i": image})))
}

#[test]
fn an_image_names_its_registry_and_the_next_segment_its_publisher() {
    assert_eq!(image("nginx:1"), ["docker"]);
    assert_eq!(image("quay.io/sysdig/agent:13"), ["sysdig"]);
    assert_eq!(image("ghcr.io/somebody/tool"), ["github"]);
    assert_eq!(image("ghcr.io/grafana/agent"), ["grafana"]);
    assert_eq!(image("709825985650.dkr.ecr.us-east-1.amazonaws.com/tavily/x:1"), ["tavily"]);
    assert_eq!(image("709825985650.dkr.ecr.us-east-1.amazonaws.com/a-seller/x:1"), ["publisher-a-seller"]);
    assert_eq!(image(&format!("{OWN}.dkr.ecr.us-east-1.amazonaws.com/app:1")), Vec::<String>::new());
    assert_eq!(image("464622532012.dkr.ecr.us-east-1.amazonaws.com/agent"), ["datadog"]);
    assert_eq!(image("public.ecr.aws/lambda/python:3"), Vec::<String>::new());
}

#[test]
fn a_private_vendor_endpoint_is_not_taken_for_awss_own() {
    let rule = "path = \"s\"\nextractor = \"endpoint_service\"";
    let of = |name: &str| parties_of(&observe(rule, "r", &json!({"s": name})));
    assert_eq!(of("com.amazonaws.us-east-1.s3"), Vec::<String>::new());
    assert_eq!(of("com.amazonaws.vpce.us-east-1.vpce-svc-09143d1e626de2f04"), ["databricks"]);
    assert_eq!(of("com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001"), ["unknown-vpce-svc-00000000000000001"]);
}

#[test]
fn a_layer_of_aws_itself_is_explained() {
    let rule = "path = \"Layers[].Arn\"\nextractor = \"layer_arn\"";
    let of = |account: &str| {
        let arn = format!("arn:aws:lambda:us-east-1:{account}:layer:x:1");
        parties_of(&observe(rule, "r", &json!({"Layers": [{"Arn": arn}]})))
    };
    assert_eq!(of("580247275435"), Vec::<String>::new());
    assert_eq!(of("464622532012"), ["datadog"]);
}

#[test]
fn a_partners_namespace_below_microsofts_is_the_partners() {
    let rule = "path = \"type\"\nextractor = \"azure_namespace\"";
    let of = |name: &str| {
        let found = resolved(&observe(rule, "r", &json!({"type": name})), &[], "");
        (parties(&found).into_iter().map(str::to_owned).collect::<Vec<_>>(), found.explained.len())
    };
    assert_eq!(of("Microsoft.Datadog/monitors").0, ["datadog"]);
    assert_eq!(of("Microsoft.Cache/redisEnterprise").0, ["redis"]);
    assert_eq!(of("Microsoft.Compute/virtualMachines"), (vec![], 0));
    assert_eq!(of("Providers.Test/x"), (vec![], 0));
}

#[test]
fn a_google_service_agent_is_ours_by_its_project_number_only() {
    let gcp = [
        scope(Provider::Gcp, ScopeKind::Organization, "organizations/1", json!({"displayName": "acme-example.com"})),
        scope(
            Provider::Gcp,
            ScopeKind::Project,
            "projects/acme-prod",
            json!({"projectId": "acme-prod", "name": "projects/415104041262"}),
        ),
    ];
    let of = |member: &str| {
        let config = json!({"bindings": [{"role": "roles/viewer", "members": [member]}]});
        let found = resolved(&observe("path = \"\"\nextractor = \"gcp_member\"", "r", &config), &gcp, "");
        let exposures: Vec<String> = found.exposures.iter().map(|row| row.kind.clone()).collect();
        (parties(&found).join(" "), found.explained.len(), exposures.join(" "))
    };
    let nobody = || (String::new(), 1, String::new());
    assert_eq!(of("serviceAccount:service-415104041262@compute-system.iam.gserviceaccount.com"), nobody());
    assert_eq!(of("serviceAccount:415104041262-compute@developer.gserviceaccount.com"), nobody());
    assert_eq!(of("serviceAccount:acme-prod@appspot.gserviceaccount.com"), nobody());
    assert_eq!(of("serviceAccount:app@acme-prod.iam.gserviceaccount.com"), nobody());
    assert_eq!(
        of("serviceAccount:service-999999999999@compute-system.iam.gserviceaccount.com").0,
        "unknown-gcp-project-999999999999"
    );
    assert_eq!(of("serviceAccount:x@fivetran-production.iam.gserviceaccount.com").0, "fivetran");
    assert_eq!(of("user:someone@gmail.com"), (String::new(), 0, "personal_account".to_owned()));
    assert_eq!(of("user:someone@acme-example.com"), nobody());
    assert_eq!(of("user:someone@epam.com").0, "epam");
    assert_eq!(of("deleted:serviceAccount:x@y.iam.gserviceaccount.com?uid=1"), nobody());
    assert_eq!(of("allUsers").2, "public_principal");
    assert_eq!(of("allAuthenticatedUsers").2, "any_tenant");
}

fn dns(kind: &str, name: &str, value: &str) -> (Vec<String>, usize) {
    let record = json!({"Name": name, "Type": kind, "ResourceRecords": [{"Value": value}]});
    let seen = observe("path = \"\"\nextractor = \"dns_record\"", "r", &record);
    let found = resolved(&seen, &aws(), "");
    (parties(&found).into_iter().map(str::to_owned).collect(), found.explained.len())
}

#[test]
fn dns_names_its_vendors_and_its_lookalikes_are_explained() {
    let nobody = |explained| (Vec::<String>::new(), explained);
    assert_eq!(dns("TXT", "asuid.app.acme-example.com.", "\"0123456789ABCDEF\""), nobody(1));
    assert_eq!(dns("TXT", "acme-example.com.", "\"google-site-verification=abc\""), nobody(1));
    assert_eq!(dns("CNAME", "_1a2b.acme-example.com.", "_3c4d.acm-validations.aws."), nobody(1));
    assert_eq!(dns("CNAME", "a.acme-example.com.", "d111.cloudfront.net."), nobody(1));
    assert_eq!(dns("CNAME", "a.acme-example.com.", "b.acme-example.com."), nobody(1));
    assert_eq!(dns("NS", "acme-example.com.", "ns-1.awsdns-01.com."), nobody(1));
    assert_eq!(dns("TXT", "acme-example.com.", "\"some text\""), nobody(0));
    assert_eq!(dns("TXT", "acme-example.com.", "\"linear-domain-verification=x\"").0, ["linear"]);
    assert_eq!(dns("CNAME", "x.acme-example.com.", "y.some-unknown-host.net.").0, ["domain-some-unknown-host.net"]);
    assert_eq!(dns("CNAME", "x.acme-example.com.", "notzendesk.com.").0, ["domain-notzendesk.com"]);
    assert_eq!(dns("TXT", "_github-challenge-acme.acme-example.com.", "\"a1b2\"").0, ["github"]);
}

#[test]
fn a_role_that_was_never_used_is_dormant_and_still_counts() {
    let config = json!({"RoleLastUsed": {}, "Policy": policy(trusting(json!({"AWS": "061190967865"})))["Policy"]});
    let seen = observe(POLICY, "r", &config);
    assert_eq!(seen[0].status, EvidenceStatus::Dormant);
    let found = resolved(&seen, &aws(), "");
    let party = found.parties.iter().find(|party| party.party_id == "cloudzero").expect("the party");
    assert_eq!(party.relation_strength, Some(Strength::CanAdmin));
}

#[test]
fn evidence_that_does_not_count_gives_a_party_without_a_strength() {
    let seen = observe("path = \"n\"\nextractor = \"name_hint\"", "r", &json!({"n": "/prod/new-relic/license_key"}));
    let found = resolved(&seen, &aws(), "");
    let party = found.parties.iter().find(|party| party.party_id == "new-relic").expect("the party");
    assert_eq!(party.relation_strength, None);
}

#[test]
fn two_domains_of_one_vendor_are_one_party() {
    let rule = "path = \"names[]\"\nextractor = \"partner_event_source\"";
    let config = json!({"names": ["aws.partner/datadoghq.com/x", "aws.partner/datadog.com/y"]});
    assert_eq!(parties_of(&observe(rule, "r", &config)), ["datadog"]);
}

#[test]
fn snowflake_is_known_by_its_external_id_whatever_the_account() {
    let (parties, ..) =
        of_statement(json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::390012345678:user/k7x1-s"},
        "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "AB12345_SFCRole=2_a1b2c3="}}}));
    assert_eq!(parties, ["snowflake"]);
}

#[test]
fn encoded_scalar_and_bare_spellings_of_a_policy_say_the_same() {
    let plain = json!({"Version": "2012-10-17", "Statement": [trusting(json!({"AWS": ["061190967865"]}))]});
    let encoded = plain.to_string().replace('"', "%22").replace('{', "%7B").replace('}', "%7D").replace(' ', "%20");
    let scalar = json!({"Statement": trusting(json!({"AWS": "061190967865"}))});
    for document in [plain.clone(), json!(plain.to_string()), json!(encoded), scalar] {
        let seen = observe(POLICY, "r", &json!({"Policy": document}));
        assert_eq!(seen.len(), 1, "{document}");
        assert_eq!(seen[0].outsider, Outsider::AwsAccount("061190967865".into()));
    }
    let seen = observe(POLICY, "r", &json!({"Policy": plain}));
    assert_eq!(seen[0].path, "Policy.Statement[0].Principal.AWS[0]");
}

#[test]
fn an_application_is_whose_tenant_owns_it() {
    let (own, other) = ("11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000");
    let scopes = [scope(Provider::Azure, ScopeKind::Tenant, own, json!({}))];
    let of = |owner: &str, publisher: Value| {
        let config = json!({"appId": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "appOwnerOrganizationId": owner,
            "verifiedPublisher": publisher});
        let seen = observe("path = \"appId\"\nextractor = \"azure_application\"", "r", &config);
        parties(&resolved(&seen, &scopes, "")).join(" ")
    };
    assert_eq!(of(own, json!(null)), "");
    assert_eq!(of("f8cdef31-a31e-4b4a-93e4-5f571e91255a", json!(null)), "");
    assert_eq!(of(other, json!({"displayName": "Asana"})), "asana");
    assert_eq!(of(other, json!({"displayName": null})), format!("unknown-tenant-{other}"));
}

#[test]
fn a_providers_own_products_are_no_publishers() {
    let mut scopes = aws();
    scopes.push(scope(Provider::Azure, ScopeKind::Tenant, "11111111-2222-3333-4444-555555555555", json!({})));
    let of = |name: &str| {
        let seen = observe("path = \"p\"\nextractor = \"marketplace_publisher\"", "r", &json!({"p": name}));
        parties(&resolved(&seen, &scopes, "")).join(" ")
    };
    for own in [
        "S3",
        "scheduled_query",
        "webhook_tokenauth",
        "MicrosoftWindowsServer",
        "Microsoft.Azure.Extensions",
        "azureblob",
        "eks",
    ] {
        assert_eq!(of(own), "", "{own}");
    }
    assert_eq!(of("GitHubEnterpriseServer"), "github");
    assert_eq!(of("Bitbucket"), "atlassian");
    assert_eq!(of("projects/p/locations/l/providers/datadog"), "datadog");
    assert_eq!(of("paloaltonetworks"), "palo-alto-networks");
    assert_eq!(of("Some Seller"), "publisher-some-seller");
}

#[test]
fn a_personal_mailbox_is_a_person_and_no_vendor() {
    let seen = observe("path = \"m\"\nextractor = \"host\"", "r", &json!({"m": "someone@gmail.com"}));
    let found = resolved(&seen, &aws(), "");
    assert!(parties(&found).is_empty());
    assert_eq!(found.exposures[0].kind, "personal_account");
}
