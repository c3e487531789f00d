//! What shows that controls work: account settings, scans, patches, quotas, restores, people's access, reports of others.

use serde_json::{Value, json};

use super::{HOME, REGIONS, Scribe, Workload};

/// When most of it was made, in seconds since 1970.
const CREATED: u64 = 1_735_689_600;

/// Writes the settings that every region has, used or not.
pub(super) fn write_settings(scribe: &mut Scribe<'_>) {
    let hardened = !scribe.is(Workload::Data);
    let arn = scribe.arn("ec2", "ebs-encryption-by-default");
    scribe.answer("ec2:GetEbsEncryptionByDefault", "", json!({"ebsEncryptionByDefault": hardened}));
    scribe.expect("AWS::EC2::EbsEncryptionByDefault", "ec2:GetEbsEncryptionByDefault", &arn);
    let arn = scribe.arn("ec2", "snapshot-block-public-access");
    let state = if hardened { "block-all-sharing" } else { "unblocked" };
    scribe.answer("ec2:GetSnapshotBlockPublicAccessState", "", json!({"state": state}));
    scribe.expect("AWS::EC2::SnapshotBlockPublicAccess", "ec2:GetSnapshotBlockPublicAccessState", &arn);
}

/// Writes what the account has once.
pub(super) fn write_account(scribe: &mut Scribe<'_>) {
    if !scribe.is(Workload::Data) {
        let block = json!({"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true,
                           "RestrictPublicBuckets": true});
        scribe.answer("s3control:GetPublicAccessBlock", "", block);
        let arn = format!("arn:aws:s3::{}:account-public-access-block", scribe.account.id);
        scribe.expect("AWS::S3::AccountPublicAccessBlock", "s3control:GetPublicAccessBlock", &arn);
    }
    if scribe.is(Workload::Management) {
        reports(scribe);
    }
}

/// Writes the region's share.
pub(super) fn write(scribe: &mut Scribe<'_>) {
    quotas(scribe);
    restores(scribe);
    if scribe.region != HOME {
        return;
    }
    match scribe.account.workload {
        Workload::Management => {
            people(scribe);
            aggregate(scribe);
            event_store(scribe);
        }
        Workload::Production => {
            scans(scribe);
            machines(scribe);
            access(scribe);
            by_name(scribe);
        }
        Workload::Data | Workload::Denied | Workload::Team => {}
    }
}

fn reports(scribe: &mut Scribe<'_>) {
    let listed = [
        ("report-acme0soc2", "SOC 2 Report - Security, Availability, Confidentiality", "AWS", "AWS", "SOC 2 Report"),
        ("report-acme0iso", "ISO 27001 Certificate", "AWS", "AWS", "ISO 27001"),
        ("report-acmevendor", "Fivetran SOC 2 Type 2 Report", "Fivetran", "Fivetran Platform", "SOC 2"),
    ];
    for (id, name, company, product, series) in listed {
        let arn = format!("arn:aws:artifact:us-east-1::report/{id}:1");
        let item = json!({
            "id": id, "arn": arn, "name": name, "companyName": company, "productName": product, "series": series,
            "category": "Certifications and Attestations", "version": 1, "state": "PUBLISHED", "uploadState": "COMPLETE",
            "acceptanceType": "PASSTHROUGH", "periodStart": "2025-04-01T00:00:00Z", "periodEnd": "2026-03-31T00:00:00Z",
        });
        scribe.resource("AWS::Artifact::Report", "artifact:ListReports", &arn, item);
    }
}

fn quotas(scribe: &mut Scribe<'_>) {
    for (service, code, name, value) in [
        ("ec2", "L-1216C47A", "Running On-Demand Standard instances", 512.0),
        ("lambda", "L-B99A9384", "Concurrent executions", 1_000.0),
    ] {
        let arn = scribe.arn("servicequotas", &format!("{service}/{code}"));
        let item = json!({
            "ServiceCode": service, "QuotaArn": arn, "QuotaCode": code, "QuotaName": name, "Value": value,
            "Adjustable": true, "GlobalQuota": false,
            "UsageMetric": {"MetricNamespace": "AWS/Usage", "MetricName": "ResourceCount"},
        });
        scribe.list("service-quotas:ListServiceQuotas", service, item);
        scribe.expect("AWS::ServiceQuotas::ServiceQuota", "service-quotas:ListServiceQuotas", &arn);
    }
    let unmeasured = json!({"ServiceCode": "ec2", "QuotaArn": scribe.arn("servicequotas", "ec2/L-0ACME"),
                            "QuotaCode": "L-0ACME", "QuotaName": "Something that nobody counts", "Value": 5.0});
    scribe.list("service-quotas:ListServiceQuotas", "ec2", unmeasured);
}

fn restores(scribe: &mut Scribe<'_>) {
    let plans = scribe.aws.items(&scribe.account.id, scribe.region, "backup:ListBackupPlans", "").to_vec();
    for plan in plans {
        let id = plan["BackupPlanId"].as_str().unwrap_or_default();
        let (selection, action) = ("acce0000-0000-4000-8000-0000000000b1", "backup:ListBackupSelections");
        let item = json!({"SelectionId": selection, "SelectionName": "tagged", "BackupPlanId": id,
                          "CreationDate": CREATED, "IamRoleArn": scribe.global_arn("iam", "role/acme-backup")});
        scribe.list(action, id, item);
        let tags = json!([{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}]);
        let whole = json!({"SelectionName": "tagged", "IamRoleArn": scribe.global_arn("iam", "role/acme-backup"),
                           "ListOfTags": tags});
        scribe.answer(
            "backup:GetBackupSelection",
            selection,
            json!({"BackupSelection": whole, "SelectionId": selection}),
        );
        let arn = scribe.arn("backup", &format!("backup-plan:{id}/selection/{selection}"));
        scribe.expect("AWS::Backup::BackupSelection", action, &arn);
    }
    for day in 1..=2 {
        let arn = scribe.arn("backup", &format!("recovery-point:acce0000-0000-4000-8000-0000000000{day:02}"));
        let item = json!({
            "RecoveryPointArn": arn, "BackupVaultName": "acme", "ResourceArn": scribe.arn("rds", "db:acme-db-00"),
            "ResourceType": "RDS", "Status": "COMPLETED", "IsEncrypted": true, "CreationDate": 1_767_000_000 + day * 86_400,
            "CalculatedLifecycle": {"DeleteAt": 1_770_000_000 + day * 86_400},
        });
        scribe.list("backup:ListRecoveryPointsByBackupVault", "acme", item);
        scribe.expect("AWS::Backup::RecoveryPoint", "backup:ListRecoveryPointsByBackupVault", &arn);
    }
    if !scribe.is(Workload::Production) {
        return;
    }
    let plan = scribe.arn("backup", "restore-testing-plan:monthly");
    let item = json!({"RestoreTestingPlanName": "monthly", "RestoreTestingPlanArn": plan, "CreationTime": CREATED,
                      "ScheduleExpression": "cron(0 5 1 * ? *)", "LastExecutionTime": 1_767_250_800});
    scribe.resource("AWS::Backup::RestoreTestingPlan", "backup:ListRestoreTestingPlans", &plan, item);
    let id = scribe.random.uuid();
    let arn = scribe.arn("backup", &format!("restore-job:{id}"));
    let item = json!({"RestoreJobId": id, "Status": "COMPLETED", "ResourceType": "RDS", "CreationDate": 1_767_250_800,
                      "CompletionDate": 1_767_252_600, "ValidationStatus": "SUCCESSFUL",
                      "CreatedBy": {"RestoreTestingPlanArn": plan}});
    scribe.resource("AWS::Backup::RestoreJob", "backup:ListRestoreJobs", &arn, item);
}

fn people(scribe: &mut Scribe<'_>) {
    let instance = "arn:aws:sso:::instance/ssoins-acme000000000001";
    let item = json!({"InstanceArn": instance, "IdentityStoreId": "d-acme000001", "Name": "acme", "Status": "ACTIVE",
                      "CreatedDate": CREATED, "OwnerAccountId": scribe.account.id});
    scribe.resource("AWS::SSO::Instance", "sso-admin:ListInstances", instance, item);
    let set = "arn:aws:sso:::permissionSet/ssoins-acme000000000001/ps-acme000000000001";
    scribe.list("sso-admin:ListPermissionSets", instance, json!(set));
    scribe.expect("AWS::SSO::PermissionSet", "sso-admin:ListPermissionSets", set);
    let described = json!({"Name": "Administrator", "PermissionSetArn": set, "SessionDuration": "PT4H",
                           "CreatedDate": CREATED});
    scribe.answer("sso-admin:DescribePermissionSet", set, json!({"PermissionSet": described}));
    let policy = json!({"Name": "AdministratorAccess", "Arn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    scribe.list("sso-admin:ListManagedPoliciesInPermissionSet", set, policy);
    scribe.answer("sso-admin:GetInlinePolicyForPermissionSet", set, json!({"InlinePolicy": ""}));
    for account in scribe.aws.accounts.clone().iter().take(2) {
        let id = &account.id;
        let action = "sso-admin:ListAccountsForProvisionedPermissionSet";
        scribe.list(action, set, json!(id));
        scribe.expect("AWS::SSO::ProvisionedAccount", action, &format!("{set}/account/{id}"));
        let principal = "acce0000-0000-4000-8000-00000000a001";
        let item =
            json!({"AccountId": id, "PermissionSetArn": set, "PrincipalType": "GROUP", "PrincipalId": principal});
        scribe.list("sso-admin:ListAccountAssignments", id, item);
        let key = format!("{set}/account/{id}/assignment/GROUP/{principal}");
        scribe.expect("AWS::SSO::Assignment", "sso-admin:ListAccountAssignments", &key);
    }
}

fn aggregate(scribe: &mut Scribe<'_>) {
    let arn = scribe.arn("config", "config-aggregator/acme");
    let item =
        json!({"ConfigurationAggregatorName": "acme", "ConfigurationAggregatorArn": arn, "CreationTime": CREATED});
    scribe.resource("AWS::Config::ConfigurationAggregator", "config:DescribeConfigurationAggregators", &arn, item);
    let (account, kind) = (scribe.account.id.clone(), "AWS::EC2::VPC");
    for region in REGIONS {
        let count = json!({"accountId": account, "awsRegion": region, "resourceType": kind, "COUNT(*)": 1});
        scribe.list("config:SelectAggregateResourceConfig", "acme", json!(count.to_string()));
        let key = format!("{arn}/{account}/{region}/{kind}");
        scribe.expect("AWS::Config::AggregateResourceCount", "config:SelectAggregateResourceConfig", &key);
    }
}

fn event_store(scribe: &mut Scribe<'_>) {
    let arn = scribe.arn("cloudtrail", "eventdatastore/acce0000-0000-4000-8000-0000000000e1");
    let item = json!({"EventDataStoreArn": arn, "Name": "acme", "Status": "ENABLED"});
    scribe.resource("AWS::CloudTrail::EventDataStore", "cloudtrail:ListEventDataStores", &arn, item);
    let whole = json!({"EventDataStoreArn": arn, "Name": "acme", "Status": "ENABLED", "RetentionPeriod": 2_557,
                       "MultiRegionEnabled": true, "OrganizationEnabled": true, "TerminationProtectionEnabled": true,
                       "CreatedTimestamp": CREATED});
    scribe.answer("cloudtrail:GetEventDataStore", &arn, whole);
}

fn scans(scribe: &mut Scribe<'_>) {
    let account = scribe.account.id.clone();
    let arn = scribe.arn("inspector2", "account-status");
    let on = json!({"status": "ENABLED"});
    let item = json!({"accountId": account, "state": on,
                      "resourceState": {"ec2": on, "ecr": on, "lambda": on, "lambdaCode": {"status": "DISABLED"}}});
    scribe.resource("AWS::InspectorV2::AccountStatus", "inspector2:BatchGetAccountStatus", &arn, item);
    let covered = json!([{"count": 60, "groupKey": "ACTIVE"}, {"count": 2, "groupKey": "INACTIVE"}]);
    let covered = json!({"totalCounts": 62, "countsByGroup": covered});
    scribe.answer("inspector2:ListCoverageStatistics", "", covered);
    let found = json!([{"accountAggregation": {"accountId": account,
                        "severityCounts": {"all": 9, "critical": 0, "high": 2, "medium": 7}}}]);
    let found = json!({"aggregationType": "ACCOUNT", "responses": found});
    scribe.answer("inspector2:ListFindingAggregations", "", found);
    let standard = "standards/aws-foundational-security-best-practices/v/1.0.0";
    let arn = scribe.arn("securityhub", "subscription/aws-foundational-security-best-practices/v/1.0.0");
    let item = json!({"StandardsSubscriptionArn": arn, "StandardsArn": scribe.arn("securityhub", standard),
                      "StandardsInput": {}, "StandardsStatus": "READY"});
    scribe.resource("AWS::SecurityHub::Standard", "securityhub:GetEnabledStandards", &arn, item);
    let graph = scribe.arn("detective", "graph:acce0000000040008000000000000001");
    let item = json!({"Arn": graph, "CreatedTime": "2025-01-01T00:00:00Z"});
    scribe.resource("AWS::Detective::Graph", "detective:ListGraphs", &graph, item);
}

fn machines(scribe: &mut Scribe<'_>) {
    for (index, status) in ["COMPLIANT", "NON_COMPLIANT"].iter().enumerate() {
        let id = format!("i-0acme0000000000{index}");
        let arn = scribe.arn("ssm", &format!("managed-instance-inventory/{id}"));
        let item = json!({"InstanceId": id, "PingStatus": "Online", "PlatformName": "Amazon Linux",
                          "PlatformVersion": "2023", "AgentVersion": "3.3.1611.0", "IsLatestVersion": index == 0,
                          "ResourceType": "EC2Instance", "ComputerName": format!("app-{index}.acme.internal"),
                          "RegistrationDate": CREATED});
        scribe.resource("AWS::SSM::ManagedInstanceInventory", "ssm:DescribeInstanceInformation", &arn, item);
        let arn = scribe.arn("ssm", &format!("patch-compliance/{id}"));
        let item = json!({"ComplianceType": "Patch", "ResourceType": "ManagedInstance", "ResourceId": id,
                          "Status": status, "OverallSeverity": if index == 0 { "UNSPECIFIED" } else { "HIGH" },
                          "ExecutionSummary": {"ExecutionTime": 1_768_000_000},
                          "CompliantSummary": {"CompliantCount": 120}, "NonCompliantSummary": {"NonCompliantCount": index}});
        scribe.resource("AWS::SSM::PatchCompliance", "ssm:ListResourceComplianceSummaries", &arn, item);
    }
    let id = "pb-0acme000000000001";
    let arn = scribe.arn("ssm", &format!("patchbaseline/{id}"));
    let item = json!({"BaselineId": id, "BaselineName": "acme-linux", "OperatingSystem": "AMAZON_LINUX_2023",
                      "DefaultBaseline": true});
    scribe.resource("AWS::SSM::PatchBaseline", "ssm:DescribePatchBaselines", &arn, item);
    let rules = json!({"PatchRules": [{"ApproveAfterDays": 7, "ComplianceLevel": "HIGH"}]});
    scribe.answer("ssm:GetPatchBaseline", id, json!({"BaselineId": id, "Name": "acme-linux", "ApprovalRules": rules}));
    let id = "policy-0acme00000000001";
    let arn = scribe.arn("dlm", &format!("policy/{id}"));
    let item = json!({"PolicyId": id, "Description": "nightly snapshots", "State": "ENABLED",
                      "PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "Tags": {}});
    scribe.resource("AWS::DLM::LifecyclePolicy", "dlm:GetLifecyclePolicies", &arn, item);
    let details = json!({"ResourceTypes": ["VOLUME"], "TargetTags": [{"Key": "snapshot", "Value": "nightly"}],
                         "Schedules": [{"Name": "nightly", "RetainRule": {"Count": 14}}]});
    let whole =
        json!({"PolicyId": id, "State": "ENABLED", "DateCreated": "2025-01-01T00:00:00Z", "PolicyDetails": details});
    scribe.answer("dlm:GetLifecyclePolicy", id, json!({"Policy": whole}));
    for (service, target) in [("ecs", "service/acme/web-00"), ("dynamodb", "table/acme-table-00")] {
        let dimension = if service == "ecs" { "ecs:service:DesiredCount" } else { "dynamodb:table:ReadCapacityUnits" };
        let arn = scribe.arn("application-autoscaling", &format!("scalable-target/{target}/{dimension}"));
        let item = json!({"ServiceNamespace": service, "ResourceId": target, "ScalableDimension": dimension,
                          "MinCapacity": 2, "MaxCapacity": 20, "CreationTime": CREATED});
        scribe.list("application-autoscaling:DescribeScalableTargets", service, item);
        let listed = "application-autoscaling:DescribeScalableTargets";
        scribe.expect("AWS::ApplicationAutoScaling::ScalableTarget", listed, &arn);
    }
}

fn access(scribe: &mut Scribe<'_>) {
    let api = "acme000001";
    let arn = format!("arn:aws:apigateway:{}::/restapis/{api}", scribe.region);
    let item = json!({"id": api, "name": "partners", "createdDate": CREATED,
                      "endpointConfiguration": {"types": ["REGIONAL"]}});
    scribe.resource("AWS::ApiGateway::RestApi", "apigateway:GetRestApis", &arn, item);
    let log = scribe.arn("logs", "log-group:/acme/api");
    let item = json!({"stageName": "live", "createdDate": CREATED, "tracingEnabled": true,
                      "accessLogSettings": {"destinationArn": log}});
    scribe.list("apigateway:GetStages", api, item);
    scribe.expect("AWS::ApiGateway::Stage", "apigateway:GetStages", &format!("{arn}/stages/live"));
    let pool = format!("{}:acce0000-0000-4000-8000-0000000000f1", scribe.region);
    let arn = scribe.arn("cognito-identity", &format!("identitypool/{pool}"));
    let item = json!({"IdentityPoolId": pool, "IdentityPoolName": "mobile"});
    scribe.resource("AWS::Cognito::IdentityPool", "cognito-identity:ListIdentityPools", &arn, item);
    let whole = json!({"IdentityPoolId": pool, "IdentityPoolName": "mobile", "AllowUnauthenticatedIdentities": false});
    scribe.answer("cognito-identity:DescribeIdentityPool", &pool, whole);
    let authority = scribe.arn("acm-pca", "certificate-authority/acce0000-0000-4000-8000-0000000000ca");
    let item = json!({"Arn": authority, "Type": "SUBORDINATE", "Status": "ACTIVE", "CreatedAt": CREATED,
                      "NotAfter": 1_893_456_000, "CertificateAuthorityConfiguration": {"KeyAlgorithm": "EC_prime256v1"}});
    scribe.resource("AWS::ACMPCA::CertificateAuthority", "acm-pca:ListCertificateAuthorities", &authority, item);
    let point = scribe.arn("s3", "accesspoint/exports");
    let item = json!({"Name": "exports", "NetworkOrigin": "VPC", "VpcConfiguration": {"VpcId": "vpc-0acme"},
                      "Bucket": "acme-production-exports", "AccessPointArn": point,
                      "BucketAccountId": scribe.account.id});
    scribe.resource("AWS::S3::AccessPoint", "s3control:ListAccessPoints", &point, item);
    let stream = scribe.arn("cloudwatch", "metric-stream/acme");
    let item = json!({"Name": "acme", "Arn": stream, "State": "running", "OutputFormat": "opentelemetry1.0",
                      "CreationDate": CREATED, "FirehoseArn": scribe.arn("firehose", "deliverystream/acme-logs-to-datadog")});
    scribe.resource("AWS::CloudWatch::MetricStream", "cloudwatch:ListMetricStreams", &stream, item);
    let group = "/acme/lambda/000";
    let arn = scribe.arn("logs", &format!("log-group:{group}:metric-filter:root-sign-in"));
    let item = json!({"filterName": "root-sign-in", "logGroupName": group, "creationTime": CREATED * 1_000,
                      "filterPattern": "{ $.userIdentity.type = \"Root\" }",
                      "metricTransformations": [{"metricName": "RootSignIn", "metricNamespace": "acme", "metricValue": "1"}]});
    scribe.resource("AWS::Logs::MetricFilter", "logs:DescribeMetricFilters", &arn, item);
    snapshot_of_cluster(scribe);
}

fn snapshot_of_cluster(scribe: &mut Scribe<'_>) {
    let name = "acme-cluster-final";
    let arn = scribe.arn("rds", &format!("cluster-snapshot:{name}"));
    let item = json!({"DBClusterSnapshotIdentifier": name, "DBClusterSnapshotArn": arn, "DBClusterIdentifier": "acme-cluster",
                      "Engine": "aurora-postgresql", "SnapshotType": "manual", "Status": "available",
                      "StorageEncrypted": true, "SnapshotCreateTime": "2025-12-01T03:10:00Z"});
    let attributes: [Value; 1] = [json!({"AttributeName": "restore", "AttributeValues/AttributeValue": []})];
    let shared = json!({"DBClusterSnapshotAttributesResult": {"DBClusterSnapshotIdentifier": name,
                        "DBClusterSnapshotAttributes/DBClusterSnapshotAttribute": attributes}});
    scribe.answer("rds:DescribeDBClusterSnapshotAttributes", name, shared);
    scribe.resource("AWS::RDS::DBClusterSnapshot", "rds:DescribeDBClusterSnapshots", &arn, item);
}

/// What can be read by its CloudFormation name only: one job queue with all of its properties, one with its name alone.
fn by_name(scribe: &mut Scribe<'_>) {
    let queue = |scribe: &Scribe<'_>, name: &str| scribe.arn("batch", &format!("job-queue/{name}"));
    let (whole, bare) = (queue(scribe, "reports"), queue(scribe, "exports"));
    let properties = |arn: &str, name: &str| {
        json!({"JobQueueArn": arn, "JobQueueName": name, "State": "ENABLED", "Priority": 1,
               "ComputeEnvironmentOrder": []})
    };
    let (list, kind) = ("cloudcontrol:ListResources", "AWS::Batch::JobQueue");
    let listed = properties(&whole, "reports").to_string();
    scribe.list(list, kind, json!({"Identifier": whole, "Properties": listed}));
    let listed = json!({"JobQueueArn": bare}).to_string();
    scribe.list(list, kind, json!({"Identifier": bare, "Properties": listed}));
    let described = json!({"Identifier": bare, "Properties": properties(&bare, "exports").to_string()});
    let answer = json!({"TypeName": kind, "ResourceDescription": described});
    scribe.answer("cloudcontrol:GetResource", &bare, answer);
}
