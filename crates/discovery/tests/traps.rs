//! Traps that a list of accounts alone walks into: limits in odd places, shared issuers, partners inside Microsoft's
//! namespace, what is configured and not used, and a party that only a person can name.

mod common;

use carveout_discovery::{Directory, Ours, resolve};
use carveout_model::{EvidenceStatus, PartyOrigin, Provider, Relation, ScopeKind, Strength};
use common::*;
use serde_json::{Value, json};

fn names(rule: &str, config: &Value) -> Vec<String> {
    parties(&resolved(&observe(rule, "r", config), &aws(), "")).into_iter().map(str::to_owned).collect()
}

fn of_statement(statement: &Value) -> (Vec<String>, Vec<String>) {
    let found = resolved(&observe(POLICY, "r", &policy(statement.clone())), &aws(), "");
    let exposures = found.exposures.iter().map(|row| row.kind.clone()).collect();
    (parties(&found).into_iter().map(str::to_owned).collect(), exposures)
}

#[test]
fn a_wildcard_limited_by_a_source_or_a_path_is_whoever_that_names() {
    let of = |condition: Value| {
        of_statement(&json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sns:Publish",
            "Condition": condition}))
    };
    let none = Vec::<String>::new;
    let own = format!("{OWN_ORGANIZATION}/r-ab12/ou-ab12-11111111/*");
    assert_eq!(of(json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [own]}})), (none(), none()));
    let foreign = "o-zz99zz99zz/r-ab12/*";
    assert_eq!(of(json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [foreign]}})).0, ["org-o-zz99zz99zz"]);
    let arn = |account: &str| json!({"ArnLike": {"aws:SourceArn": format!("arn:aws:s3:us-east-1:{account}:bucket")}});
    assert_eq!(of(arn(OTHER_OWN)), (none(), none()));
    assert_eq!(of(arn("061190967865")).0, ["cloudzero"]);
    assert_eq!(of(json!({"StringLike": {"aws:SourceArn": "*"}})).1, ["public_principal"]);
}

#[test]
fn leaving_a_few_actions_out_grants_all_others() {
    let statement = json!({"Effect": "Allow", "Principal": {"AWS": "061190967865"}, "NotAction": "s3:DeleteBucket"});
    let seen = observe(POLICY, "r", &policy(statement));
    assert_eq!((seen[0].relation, seen[0].strength), (Relation::Administers, Strength::CanAdmin));
}

#[test]
fn service_linked_and_identity_center_roles_name_nobody() {
    let service = json!({"Effect": "Allow", "Principal": {"Service": "support.amazonaws.com"},
        "Action": "sts:AssumeRole"});
    assert!(of_statement(&service).0.is_empty());
    for path in ["aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport", "aws-reserved/sso.amazonaws.com/x"]
    {
        let arn = format!("arn:aws:iam::{OTHER_OWN}:role/{path}");
        let statement = json!({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "s3:GetObject"});
        assert!(of_statement(&statement).0.is_empty(), "{path}");
    }
}

#[test]
fn an_account_of_a_merged_organization_is_ours_once_that_is_said() {
    let statement = json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-zz99zz99zz"}}});
    let seen = observe(POLICY, "r", &policy(statement));
    assert_eq!(parties(&resolved(&seen, &aws(), "")), ["org-o-zz99zz99zz"]);
    assert!(parties(&resolved(&seen, &aws(), "aws_organizations = [\"o-zz99zz99zz\"]")).is_empty());
}

#[test]
fn a_shared_issuer_without_its_tenant_claim_lets_in_every_customer() {
    for (issuer, claim, value, vendor) in [
        ("gitlab.com", "sub", "project_path:acme/app:ref_type:branch:ref:main", "gitlab"),
        ("app.terraform.io", "sub", "organization:acme:project:p:workspace:w:run_phase:apply", "hashicorp"),
        ("agent.buildkite.com", "sub", "organization:acme:pipeline:p", "buildkite"),
        ("oidc.vercel.com", "aud", "https://vercel.com/acme", "vercel"),
        ("api.pulumi.com/oidc", "aud", "aws:acme", "pulumi"),
    ] {
        let of = |condition: Value| {
            of_statement(&json!({"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition,
                "Principal": {"Federated": format!("arn:aws:iam::{OWN}:oidc-provider/{issuer}")}}))
        };
        let (found, exposures) = of(json!({"StringLike": {format!("{issuer}:{claim}"): value}}));
        assert_eq!((found, exposures), (vec![vendor.to_owned()], vec![]), "{issuer}");
        for open in [json!({}), json!({"StringLike": {format!("{issuer}:{claim}"): "*"}})] {
            assert_eq!(of(open).1, ["federation_without_subject"], "{issuer}");
        }
    }
}

#[test]
fn partners_inside_microsofts_namespace_are_told_from_microsofts_own() {
    let of = |kind: &str| names("path = \"type\"\nextractor = \"azure_namespace\"", &json!({"type": kind}));
    for (kind, vendor) in [
        ("Microsoft.Confluent/organizations", "confluent"),
        ("Microsoft.Elastic/monitors", "elastic"),
        ("Microsoft.Databricks/workspaces", "databricks"),
        ("Microsoft.RedHatOpenShift/openShiftClusters", "red-hat"),
        ("Microsoft.NetApp/netAppAccounts", "netapp"),
        ("Microsoft.AVS/privateClouds", "vmware"),
        ("NewRelic.Observability/monitors", "new-relic"),
    ] {
        assert_eq!(of(kind), [vendor], "{kind}");
    }
    for own in
        ["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Private.Thing/x", "LiftrBasic.SampleRP/y"]
    {
        assert_eq!(of(own), Vec::<String>::new(), "{own}");
    }
}

#[test]
fn what_is_offered_or_left_over_is_kept_and_does_not_count() {
    let rule = "path = \"Name\"\nextractor = \"partner_event_source\"\n\
        state = { path = \"State\", pending = [\"PENDING\"], stale = [\"DELETED\"] }";
    for (state, status, counts) in [
        ("ACTIVE", EvidenceStatus::Live, true),
        ("PENDING", EvidenceStatus::Pending, false),
        ("DELETED", EvidenceStatus::Stale, false),
    ] {
        let config = json!({"Name": "aws.partner/datadog.com/x", "State": state});
        let found = resolved(&observe(rule, "r", &config), &aws(), "");
        let row = found.evidence.iter().find(|row| row.party_id == "datadog").expect("the row is kept");
        assert_eq!(row.status, status);
        let party = found.parties.iter().find(|party| party.party_id == "datadog").expect("the party is kept");
        assert_eq!(party.relation_strength.is_some(), counts, "{state}");
    }
}

#[test]
fn mail_for_us_and_the_gateway_before_it_are_both_listed() {
    let record = |kind: &str, value: &str| {
        let record = json!({"Name": "acme-example.com.", "Type": kind, "ResourceRecords": [{"Value": value}]});
        names("path = \"\"\nextractor = \"dns_record\"", &record)
    };
    assert_eq!(record("MX", "10 eu-smtp-inbound-1.mimecast.com."), ["mimecast"]);
    assert_eq!(
        record("TXT", "\"v=spf1 include:spf.protection.outlook.com include:eu._netblocks.mimecast.com -all\""),
        ["microsoft-365", "mimecast"]
    );
    assert_eq!(record("TXT", "\"v=spf1 include:_spf.acme-example.com ip4:192.0.2.1 -all\""), Vec::<String>::new());
}

#[test]
fn a_raw_id_that_the_user_names_is_that_vendor_from_then_on() {
    let head = "vendor_id,signal_kind,pattern,match,source\n";
    let named = Directory::bundled()
        .load_overrides(
            Some("vendor_id,name,domain,kind\nacme-scan,Acme Scan,acme-scan.example,security\n"),
            Some(&format!(
                "{head}acme-scan,party_id,unknown-aws-390012345678,exact,named by hand\n\
                 acme-scan,party_id,domain-some-unknown-host.net,exact,named by hand\n\
                 acme-scan,party_id,unknown-aws-cn-061190967865,exact,named by hand\n"
            )),
        )
        .expect("both tables are right");
    let trust = |principal: &str| {
        policy(json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}))
    };
    let mut seen = observe(POLICY, "role", &trust("arn:aws:iam::390012345678:root"));
    seen.extend(observe(POLICY, "china", &trust("arn:aws-cn:iam::061190967865:root")));
    seen.extend(observe(
        "path = \"u\"\nextractor = \"host\"",
        "hook",
        &json!({"u": "https://x.some-unknown-host.net/"}),
    ));
    let found = resolve(&seen, &Ours::new(&aws(), &settings("")), &named);
    assert_eq!(parties(&found), ["acme-scan"], "whatever shows it");
    let party = found.parties.iter().find(|party| party.party_id == "acme-scan").expect("the party");
    assert_eq!((party.name.as_str(), party.origin), ("Acme Scan", PartyOrigin::Directory));
    let rows: Vec<&carveout_model::Evidence> =
        found.evidence.iter().filter(|row| row.party_id == "acme-scan").collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.detail["matched"]["kind"] == "party_id" && row.attribution_confidence > 0.9));
}

#[test]
fn a_management_account_of_a_reseller_administers_us_without_any_role() {
    let reseller = "061190967865";
    let mut scopes = aws();
    scopes[0].raw = json!({"MasterAccountId": reseller});
    let found = resolved(&[], &scopes, "");
    assert_eq!(parties(&found), ["cloudzero"]);
    let row = found.evidence.iter().find(|row| row.party_id == "cloudzero").expect("a row");
    assert_eq!((row.relation, row.strength), (Relation::Administers, Strength::CanAdmin));
    assert_eq!((row.resource_key.as_str(), row.signal.as_str()), (OWN_ORGANIZATION, "management_account"));
    // An account that no vendor is known for is our own.
    scopes[0].raw = json!({"MasterAccountId": OWN});
    assert!(parties(&resolved(&[], &scopes, "")).is_empty());
    assert!(scopes.iter().all(|scope| scope.provider == Provider::Aws && scope.kind != ScopeKind::Project));
}
