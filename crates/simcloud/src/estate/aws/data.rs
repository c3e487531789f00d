//! Stores of data: buckets, keys, databases, queues, topics and secrets, with the policies that open them to vendors.

use serde_json::{Value, json};

use super::{BucketHome, HOME, Scribe, Workload, entries, organization::statement};

/// Writes the account's buckets, which are listed once and live in regions.
pub(super) fn write_buckets(scribe: &mut Scribe<'_>) {
    let account = scribe.account.id.clone();
    let words = ["uploads", "invoices", "exports", "backups", "artifacts", "reports", "thumbnails", "events"];
    for index in 0..scribe.count(34).max(3) {
        let region = if index % 4 == 3 { "eu-west-1" } else { HOME };
        let name = format!("acme-{}-{}-{index:03}", scribe.environment(), words[index % words.len()]);
        bucket(scribe, &name, region, None, true);
    }
    let logs = format!("acme-{}-trail", scribe.environment());
    let policy = json!({"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
                        "Resource": format!("arn:aws:s3:::{logs}/AWSLogs/{account}/*")});
    let arn = bucket(scribe, &logs, HOME, Some(policy), true);
    scribe.lookalike(&arn, "cloudtrail.amazonaws.com", "service_principal");
    if scribe.is(Workload::Production) {
        // The account that writes load balancer logs in us-east-1, as AWS publishes it.
        let name = "acme-production-load-balancer-logs";
        let policy = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::127311923021:root"},
                            "Action": "s3:PutObject", "Resource": format!("arn:aws:s3:::{name}/*")});
        let arn = bucket(scribe, name, HOME, Some(policy), true);
        scribe.lookalike(&arn, "127311923021", "provider_owned");
        let name = "acme-production-public-assets";
        let policy = json!({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                            "Resource": format!("arn:aws:s3:::{name}/*")});
        let arn = bucket(scribe, name, HOME, Some(policy), false);
        let exposure = scribe.evidence(&arn, "bucket_policy", "*");
        scribe.truth.exposures.push(exposure);
    }
    if scribe.is(Workload::Data) {
        vendor_bucket(
            scribe,
            "acme-data-fivetran-staging",
            "fivetran",
            "834469178297",
            &["s3:GetObject", "s3:ListBucket"],
        );
        vendor_bucket(scribe, "acme-data-segment-archive", "segment", "107630771604", &["s3:PutObject"]);
    }
}

fn vendor_bucket(scribe: &mut Scribe<'_>, name: &str, vendor: &str, account: &str, actions: &[&str]) {
    let policy = json!({"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{account}:root")},
                        "Action": actions,
                        "Resource": [format!("arn:aws:s3:::{name}"), format!("arn:aws:s3:::{name}/*")]});
    let arn = bucket(scribe, name, HOME, Some(policy), true);
    scribe.vendor(vendor, &arn, "bucket_policy", account);
}

fn bucket(scribe: &mut Scribe<'_>, name: &str, region: &str, policy: Option<Value>, blocked: bool) -> String {
    let arn = format!("arn:aws:s3:::{name}");
    let item = json!({
        "Name": name, "CreationDate": scribe.random.created_at(), "BucketRegion": region, "BucketArn": arn,
    });
    scribe.list("s3:ListBuckets", "", item);
    scribe.expect_in("AWS::S3::Bucket", region, &arn);
    let home = BucketHome { account: scribe.account.id.clone(), region: region.to_owned() };
    scribe.aws.buckets.insert(name.to_owned(), home);
    let location = if region == HOME { Value::Null } else { json!(region) };
    scribe.answer("s3:GetBucketLocation", name, location);
    let algorithm = if scribe.random.chance(60) { "aws:kms" } else { "AES256" };
    scribe.answer(
        "s3:GetBucketEncryption",
        name,
        json!({"Rule[]": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}, "BucketKeyEnabled": true}]}),
    );
    if scribe.random.chance(70) {
        scribe.answer("s3:GetBucketVersioning", name, json!({"Status": "Enabled"}));
    }
    if blocked {
        scribe.answer(
            "s3:GetPublicAccessBlock",
            name,
            json!({"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true}),
        );
    }
    if let Some(policy) = policy {
        scribe.answer("s3:GetBucketPolicy", name, json!(statement(policy)));
        scribe.answer("s3:GetBucketPolicyStatus", name, json!({"IsPublic": !blocked}));
    }
    if scribe.random.chance(50) {
        let target = format!("acme-{}-trail", scribe.environment());
        let logging = json!({"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": format!("{name}/")}});
        scribe.answer("s3:GetBucketLogging", name, logging);
    }
    let tags = json!([{"Key": "environment", "Value": scribe.environment()}]);
    scribe.answer("s3:GetBucketTagging", name, json!({"TagSet/Tag": tags}));
    let owner = json!({"ID": format!("acme{}", "0".repeat(60))});
    let grantee = json!({
        "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "@xsi:type": "CanonicalUser", "ID": owner["ID"],
    });
    let grants = json!([{"Grantee": grantee, "Permission": "FULL_CONTROL"}]);
    scribe.answer("s3:GetBucketAcl", name, json!({"Owner": owner, "AccessControlList/Grant": grants}));
    arn
}

/// Writes the region's stores.
pub(super) fn write(scribe: &mut Scribe<'_>) {
    keys(scribe);
    databases(scribe);
    tables_and_caches(scribe);
    topics_and_queues(scribe);
    secrets(scribe);
    backups(scribe);
}

fn keys(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(10).max(1) {
        let id = scribe.random.uuid();
        let arn = scribe.arn("kms", &format!("key/{id}"));
        let created = scribe.random.created_seconds();
        let description = ["application data", "backups", "logs", "secrets"][index % 4];
        scribe.answer(
            "kms:DescribeKey",
            &id,
            json!({"KeyMetadata": {
                "AWSAccountId": scribe.account.id, "KeyId": id, "Arn": arn, "Description": description, "Enabled": true,
                "KeyState": "Enabled", "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS",
                "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": false, "CreationDate": created,
            }}),
        );
        let root = scribe.global_arn("iam", "root");
        let mut statements =
            vec![json!({"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"})];
        if index == 0 && scribe.is(Workload::Production) && scribe.region == HOME {
            let atlas = "arn:aws:iam::536727724300:root";
            statements.push(json!({"Effect": "Allow", "Principal": {"AWS": atlas},
                                   "Action": ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"], "Resource": "*"}));
            scribe.vendor("mongodb", &arn, "key_policy", "536727724300");
        }
        let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        scribe.answer("kms:GetKeyPolicy", &id, json!({"Policy": policy, "PolicyName": "default"}));
        let rotates = scribe.random.chance(85);
        scribe.answer("kms:GetKeyRotationStatus", &id, json!({"KeyRotationEnabled": rotates, "KeyId": arn}));
        scribe.resource("AWS::KMS::Key", "kms:ListKeys", &arn, json!({"KeyId": id, "KeyArn": arn}));
        let alias = scribe.arn("kms", &format!("alias/acme-{index:02}"));
        let item = json!({"AliasName": format!("alias/acme-{index:02}"), "AliasArn": alias, "TargetKeyId": id});
        scribe.resource("AWS::KMS::Alias", "kms:ListAliases", &alias, item);
    }
}

fn databases(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(4) {
        let name = format!("acme-db-{index:02}");
        let arn = scribe.arn("rds", &format!("db:{name}"));
        let hardened = !(scribe.is(Workload::Data) && index == 0);
        let item = json!({
            "DBInstanceIdentifier": name, "DBInstanceArn": arn, "DBInstanceClass": "db.r6g.large", "Engine": "postgres",
            "EngineVersion": "16.4", "DBInstanceStatus": "available", "MasterUsername": "acme", "AllocatedStorage": 200,
            "StorageEncrypted": hardened, "PubliclyAccessible": !hardened, "MultiAZ": hardened && index % 3 != 2,
            "BackupRetentionPeriod": if hardened { 14 } else { 0 }, "DeletionProtection": hardened,
            "AutoMinorVersionUpgrade": true, "IAMDatabaseAuthenticationEnabled": false, "StorageType": "gp3",
            "InstanceCreateTime": scribe.random.created_at(), "DbiResourceId": format!("db-{}", scribe.random.upper(26)),
            "Endpoint": {"Address": format!("{name}.acme.{}.rds.amazonaws.com", scribe.region), "Port": 5432},
            "VpcSecurityGroups/VpcSecurityGroupMembership": [{"VpcSecurityGroupId": "sg-0acmedatabase", "Status": "active"}],
            "TagList/Tag": scribe.tags(&name),
        });
        scribe.resource("AWS::RDS::DBInstance", "rds:DescribeDBInstances", &arn, item);
        for day in 1..=3 {
            let snapshot = format!("rds:{name}-2026-01-{day:02}-03-10");
            let arn = scribe.arn("rds", &format!("snapshot:{snapshot}"));
            let item = json!({
                "DBSnapshotIdentifier": snapshot, "DBSnapshotArn": arn, "DBInstanceIdentifier": name, "Engine": "postgres",
                "SnapshotType": "automated", "Status": "available", "Encrypted": hardened, "AllocatedStorage": 200,
                "SnapshotCreateTime": format!("2026-01-{day:02}T03:10:00Z"),
            });
            let shared = json!({"DBSnapshotAttributesResult": {"DBSnapshotIdentifier": snapshot,
                "DBSnapshotAttributes/DBSnapshotAttribute": [{"AttributeName": "restore",
                                                              "AttributeValues/AttributeValue": []}]}});
            scribe.answer("rds:DescribeDBSnapshotAttributes", &snapshot, shared);
            scribe.resource("AWS::RDS::DBSnapshot", "rds:DescribeDBSnapshots", &arn, item);
        }
    }
    let group = scribe.arn("rds", "subgrp:acme-data");
    let item = json!({
        "DBSubnetGroupName": "acme-data", "DBSubnetGroupDescription": "data subnets", "DBSubnetGroupArn": group,
        "SubnetGroupStatus": "Complete", "VpcId": "vpc-0acme", "Subnets/Subnet": [],
    });
    scribe.resource("AWS::RDS::DBSubnetGroup", "rds:DescribeDBSubnetGroups", &group, item);
}

fn tables_and_caches(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(7) {
        let name = format!("acme-{}-{index:02}", ["sessions", "idempotency", "locks", "feature-flags"][index % 4]);
        let arn = scribe.arn("dynamodb", &format!("table/{name}"));
        let (items, bytes) = (scribe.random.below(100_000), scribe.random.below(10_000_000));
        let created = scribe.random.created_seconds();
        scribe.answer(
            "dynamodb:DescribeTable",
            &name,
            json!({"Table": {
                "TableName": name, "TableArn": arn, "TableStatus": "ACTIVE", "ItemCount": items,
                "TableSizeBytes": bytes, "CreationDateTime": created,
                "SSEDescription": {"Status": "ENABLED", "SSEType": "KMS"}, "DeletionProtectionEnabled": index % 2 == 0,
            }}),
        );
        let status = if index % 3 == 0 { "DISABLED" } else { "ENABLED" };
        scribe.answer(
            "dynamodb:DescribeContinuousBackups",
            &name,
            json!({"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED",
                   "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status}}}),
        );
        scribe.resource("AWS::DynamoDB::Table", "dynamodb:ListTables", &arn, json!(name));
    }
    for index in 0..scribe.count(2) {
        let name = format!("acme-cache-{index}");
        let arn = scribe.arn("elasticache", &format!("replicationgroup:{name}"));
        let item = json!({
            "ReplicationGroupId": name, "ARN": arn, "Description": "sessions", "Status": "available",
            "AutomaticFailover": "enabled", "MultiAZ": "enabled", "AtRestEncryptionEnabled": true,
            "TransitEncryptionEnabled": index == 0, "AuthTokenEnabled": false, "SnapshotRetentionLimit": 1,
            "MemberClusters/ClusterId": [format!("{name}-001"), format!("{name}-002")],
        });
        scribe.resource("AWS::ElastiCache::ReplicationGroup", "elasticache:DescribeReplicationGroups", &arn, item);
    }
}

fn topics_and_queues(scribe: &mut Scribe<'_>) {
    let owner = scribe.account.id.clone();
    for index in 0..scribe.count(6).max(2) {
        let name = format!("acme-{}-{index:02}", ["alerts", "orders", "billing", "deployments"][index % 4]);
        let arn = scribe.arn("sns", &name);
        let vendor_topic = index == 1 && scribe.is(Workload::Management) && scribe.region == HOME;
        let principal =
            if vendor_topic { "arn:aws:iam::061190967865:root".to_owned() } else { scribe.global_arn("iam", "root") };
        let policy =
            json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sns:Subscribe", "Resource": arn});
        if vendor_topic {
            scribe.vendor("cloudzero", &arn, "topic_policy", "061190967865");
        }
        let attributes = entries(&[
            ("TopicArn", arn.clone()),
            ("Owner", owner.clone()),
            ("Policy", statement(policy)),
            ("KmsMasterKeyId", "alias/aws/sns".to_owned()),
            ("SubscriptionsConfirmed", "1".to_owned()),
        ]);
        scribe.answer("sns:GetTopicAttributes", &arn, json!({"Attributes": attributes}));
        scribe.resource("AWS::SNS::Topic", "sns:ListTopics", &arn, json!({"TopicArn": arn}));
        let subscription = format!("{arn}:{}", scribe.random.uuid());
        let (protocol, endpoint) = if index == 0 && scribe.is(Workload::Production) {
            ("https", "https://events.pagerduty.com/integration/acme0000000001/enqueue".to_owned())
        } else {
            ("sqs", scribe.arn("sqs", &name))
        };
        if protocol == "https" {
            scribe.vendor("pagerduty", &subscription, "sns_subscription", &endpoint);
        }
        let item = json!({"SubscriptionArn": subscription, "Owner": owner, "Protocol": protocol, "Endpoint": endpoint,
                          "TopicArn": arn});
        scribe.resource("AWS::SNS::Subscription", "sns:ListSubscriptions", &subscription, item);
    }
    for index in 0..scribe.count(8) {
        let name = format!("acme-{}-{index:02}", ["orders", "billing", "mail", "webhooks"][index % 4]);
        let arn = scribe.arn("sqs", &name);
        let url = format!("https://sqs.{}.amazonaws.com/{owner}/{name}", scribe.region);
        let mut attributes = json!({"QueueArn": arn, "VisibilityTimeout": "30", "MessageRetentionPeriod": "345600",
            "SqsManagedSseEnabled": if index % 4 == 3 { "false" } else { "true" },
            "CreatedTimestamp": scribe.random.created_seconds().to_string()});
        if index == 0 && scribe.is(Workload::Data) && scribe.region == HOME {
            let sumo = "926226587429";
            let policy = json!({"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{sumo}:root")},
                                "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": arn});
            attributes["Policy"] = json!(statement(policy));
            scribe.vendor("sumo-logic", &arn, "queue_policy", sumo);
        }
        scribe.answer("sqs:GetQueueAttributes", &url, json!({"Attributes": attributes}));
        scribe.resource("AWS::SQS::Queue", "sqs:ListQueues", &arn, json!(url));
    }
}

fn secrets(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(10) {
        let name = format!("acme/{}/{index:02}", ["database", "stripe-key", "session-signing", "webhook"][index % 4]);
        let arn = scribe.arn("secretsmanager", &format!("secret:{name}-Acme{:02}", index % 100));
        let item = json!({
            "ARN": arn, "Name": name, "RotationEnabled": index % 2 == 0, "CreatedDate": scribe.random.created_seconds(),
            "LastChangedDate": 1_760_000_000, "KmsKeyId": "alias/acme-03", "Tags": scribe.tags(&name),
        });
        scribe.answer("secretsmanager:GetResourcePolicy", &arn, json!({"ARN": arn, "Name": name}));
        scribe.answer("secretsmanager:DescribeSecret", &arn, item.clone());
        scribe.resource("AWS::SecretsManager::Secret", "secretsmanager:ListSecrets", &arn, item);
    }
    for index in 0..scribe.count(18) {
        let name = format!("/acme/{}/setting-{index:03}", scribe.environment());
        let arn = scribe.arn("ssm", &format!("parameter{name}"));
        let kind = if index % 3 == 0 { "SecureString" } else { "String" };
        let item = json!({
            "Name": name, "ARN": arn, "Type": kind, "LastModifiedDate": 1_760_000_000 + index, "Version": 1,
            "Tier": "Standard", "DataType": "text", "Policies": [],
        });
        scribe.resource("AWS::SSM::Parameter", "ssm:DescribeParameters", &arn, item);
    }
}

fn backups(scribe: &mut Scribe<'_>) {
    let arn = scribe.arn("backup", "backup-vault:acme");
    let item = json!({
        "BackupVaultName": "acme", "BackupVaultArn": arn, "CreationDate": 1_735_689_600, "NumberOfRecoveryPoints": 42,
        "EncryptionKeyArn": scribe.arn("kms", "alias/acme-01"), "Locked": false,
    });
    scribe.resource("AWS::Backup::BackupVault", "backup:ListBackupVaults", &arn, item);
    let id = scribe.random.uuid();
    let arn = scribe.arn("backup", &format!("backup-plan:{id}"));
    let rule = json!({"RuleName": "daily", "TargetBackupVaultName": "acme", "ScheduleExpression": "cron(0 3 * * ? *)",
                      "Lifecycle": {"DeleteAfterDays": 35}});
    let plan = json!({"BackupPlanId": id, "BackupPlanArn": arn,
                      "BackupPlan": {"BackupPlanName": "daily", "Rules": [rule]}});
    scribe.answer("backup:GetBackupPlan", &id, plan);
    let item = json!({"BackupPlanId": id, "BackupPlanArn": arn, "BackupPlanName": "daily", "VersionId": "1",
                      "CreationDate": 1_735_689_600});
    scribe.resource("AWS::Backup::BackupPlan", "backup:ListBackupPlans", &arn, item);
}
