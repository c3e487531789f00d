//! What runs: instances with their disks, functions, containers, load balancers and the web front.

use serde_json::{Value, json};

use super::{HOME, Scribe, Workload};

/// Writes the region's workloads.
pub(super) fn write(scribe: &mut Scribe<'_>) {
    instances(scribe);
    functions(scribe);
    containers(scribe);
    load_balancers(scribe);
    front(scribe);
}

fn ec2(scribe: &mut Scribe<'_>, type_name: &str, operation: &str, kind: &str, id: &str, item: Value) -> String {
    let arn = scribe.arn("ec2", &format!("{kind}/{id}"));
    scribe.resource(type_name, &format!("ec2:{operation}"), &arn, item);
    arn
}

fn instances(scribe: &mut Scribe<'_>) {
    let owner = scribe.account.id.clone();
    let zone = format!("{}a", scribe.region);
    for index in 0..scribe.count(18) {
        let (instance, volume, interface) = (scribe.id("i"), scribe.id("vol"), scribe.id("eni"));
        let name = format!("{}-{index:03}", ["worker", "bastion", "build", "search"][index % 4]);
        let created = scribe.random.created_at();
        // Version 1 of the metadata service is still allowed on a few.
        let tokens = if index % 7 == 6 { "optional" } else { "required" };
        let address = format!("10.0.{}.{}", index / 250, index % 250 + 4);
        let item = json!({
            "reservationId": scribe.id("r"), "ownerId": owner, "groupSet": [],
            "instancesSet": [{
                "instanceId": instance, "imageId": "ami-0acme0000000001", "instanceType": "m7g.large",
                "instanceState": {"code": 16, "name": "running"}, "launchTime": created, "privateIpAddress": address,
                "subnetId": "subnet-0acme", "vpcId": "vpc-0acme", "architecture": "arm64", "ebsOptimized": true,
                "placement": {"availabilityZone": zone, "tenancy": "default"}, "monitoring": {"state": "enabled"},
                "metadataOptions": {"state": "applied", "httpTokens": tokens, "httpEndpoint": "enabled",
                                    "httpPutResponseHopLimit": 1},
                "groupSet": [{"groupId": "sg-0acmeapplication", "groupName": "application-1"}],
                "blockDeviceMapping": [{"deviceName": "/dev/xvda", "ebs": {"volumeId": volume, "status": "attached",
                                        "attachTime": created, "deleteOnTermination": true}}],
                "tagSet": scribe.ec2_tags(&name),
            }],
        });
        ec2(scribe, "AWS::EC2::Instance", "DescribeInstances", "instance", &instance, item);
        let encrypted = index % 9 != 8;
        let item = json!({
            "volumeId": volume, "size": 100, "volumeType": "gp3", "iops": 3000, "status": "in-use",
            "encrypted": encrypted, "availabilityZone": zone, "createTime": created, "snapshotId": "",
            "attachmentSet": [{"volumeId": volume, "instanceId": instance, "device": "/dev/xvda", "status": "attached",
                               "attachTime": created, "deleteOnTermination": true}],
            "tagSet": scribe.ec2_tags(&name),
        });
        ec2(scribe, "AWS::EC2::Volume", "DescribeVolumes", "volume", &volume, item);
        let item = json!({
            "networkInterfaceId": interface, "ownerId": owner, "status": "in-use", "vpcId": "vpc-0acme",
            "subnetId": "subnet-0acme", "interfaceType": "interface", "privateIpAddress": address,
            "availabilityZone": zone, "requesterManaged": false, "sourceDestCheck": true, "description": "",
            "attachment": {"instanceId": instance, "status": "attached", "deviceIndex": 0}, "tagSet": [],
        });
        let kind = "network-interface";
        ec2(scribe, "AWS::EC2::NetworkInterface", "DescribeNetworkInterfaces", kind, &interface, item);
        if index % 2 == 0 {
            let snapshot = scribe.id("snap");
            let item = json!({
                "snapshotId": snapshot, "volumeId": volume, "ownerId": owner, "status": "completed", "progress": "100%",
                "startTime": "2026-01-02T03:00:00Z", "volumeSize": 100, "encrypted": encrypted,
                "description": "nightly", "tagSet": [],
            });
            let shared = json!({"snapshotId": snapshot, "createVolumePermission": []});
            scribe.answer("ec2:DescribeSnapshotAttribute", &snapshot, shared);
            ec2(scribe, "AWS::EC2::Snapshot", "DescribeSnapshots", "snapshot", &snapshot, item);
        }
    }
    let image = scribe.id("ami");
    let item = json!({
        "imageId": image, "name": "acme-base-2026-01", "imageOwnerId": owner, "imageState": "available",
        "isPublic": false, "architecture": "arm64", "creationDate": "2026-01-05T10:00:00.000Z", "imageType": "machine",
        "rootDeviceType": "ebs", "virtualizationType": "hvm", "tagSet": [],
    });
    scribe.answer("ec2:DescribeImageAttribute", &image, json!({"imageId": image, "launchPermission": []}));
    ec2(scribe, "AWS::EC2::Image", "DescribeImages", "image", &image, item);
    let encrypts = !scribe.is(Workload::Data);
    scribe.answer("ec2:GetEbsEncryptionByDefault", "", json!({"ebsEncryptionByDefault": encrypts}));
}

fn functions(scribe: &mut Scribe<'_>) {
    let words = ["webhook", "export", "thumbnail", "invoice", "cleanup", "notify", "sync", "report"];
    for index in 0..scribe.count(24) {
        let name = format!("acme-{}-{index:03}", words[index % words.len()]);
        let arn = scribe.arn("lambda", &format!("function:{name}"));
        let mut variables = json!({"STAGE": scribe.environment(), "LOG_LEVEL": "info"});
        let mut layers = Vec::new();
        if scribe.is(Workload::Production) {
            if index % 3 == 0 {
                let layer = format!("arn:aws:lambda:{}:464622532012:layer:Datadog-Extension-ARM:62", scribe.region);
                scribe.vendor("datadog", &arn, "lambda_layer", &layer);
                layers.push(layer);
                variables["DD_SITE"] = json!("datadoghq.com");
                scribe.vendor("datadog", &arn, "environment_variable", "datadoghq.com");
            }
            if index % 5 == 1 {
                let layer = format!("arn:aws:lambda:{}:580247275435:layer:LambdaInsightsExtension:53", scribe.region);
                scribe.lookalike(&arn, &layer, "provider_owned");
                layers.push(layer);
            }
            if index == 2 {
                let dsn = "https://acme0000000000000001@o4711.ingest.us.sentry.io/4711";
                variables["SENTRY_DSN"] = json!(dsn);
                scribe.vendor("sentry", &arn, "environment_variable", "o4711.ingest.us.sentry.io");
            }
            if index == 4 && scribe.region == HOME {
                let password = "Tr0ub4dor-and-3-simulated";
                variables["DATABASE_PASSWORD"] = json!(password);
                scribe.secret(&arn, password);
            }
        }
        let layers: Vec<Value> = layers.iter().map(|layer| json!({"Arn": layer, "CodeSize": 1_000_000})).collect();
        let item = json!({
            "FunctionName": name, "FunctionArn": arn, "Runtime": "nodejs22.x", "Handler": "index.handler", "Timeout": 30,
            "Role": scribe.global_arn("iam", "role/acme-billing-lambda-000"), "MemorySize": 512, "PackageType": "Zip",
            "LastModified": "2025-12-01T08:00:00.000+0000", "Environment": {"Variables": variables}, "Layers": layers,
            "Architectures": ["arm64"], "Version": "$LATEST", "TracingConfig": {"Mode": "Active"},
        });
        if index % 4 == 0 {
            let source = scribe.arn("events", "rule/acme-nightly");
            let policy = json!({"Version": "2012-10-17", "Id": "default", "Statement": [{
                "Sid": "events", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
                "Action": "lambda:InvokeFunction", "Resource": arn,
                "Condition": {"ArnLike": {"AWS:SourceArn": source}}}]});
            scribe.answer("lambda:GetPolicy", &name, json!({"Policy": policy.to_string(), "RevisionId": "1"}));
        }
        scribe.resource("AWS::Lambda::Function", "lambda:ListFunctions", &arn, item);
    }
}

fn containers(scribe: &mut Scribe<'_>) {
    let registry = format!("{}.dkr.ecr.{}.amazonaws.com", scribe.account.id, scribe.region);
    for index in 0..scribe.count(6) {
        let name = format!("acme/{}", ["web", "api", "worker", "billing", "search", "mailer"][index % 6]);
        let name = if index < 6 { name } else { format!("{name}-{index}") };
        let arn = scribe.arn("ecr", &format!("repository/{name}"));
        let item = json!({
            "repositoryArn": arn, "repositoryName": name, "registryId": scribe.account.id,
            "repositoryUri": format!("{registry}/{name}"), "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": index % 3 != 2}, "createdAt": 1_735_689_600,
            "encryptionConfiguration": {"encryptionType": "KMS"},
        });
        scribe.resource("AWS::ECR::Repository", "ecr:DescribeRepositories", &arn, item);
        let digest = format!("sha256:{}", scribe.random.hex(64));
        let mut image = json!({"repositoryName": name, "registryId": scribe.account.id, "imageDigest": digest,
                               "imageTags": ["2026.01"], "imagePushedAt": 1_765_000_000});
        if index % 3 != 2 {
            image["imageScanStatus"] = json!({"status": "COMPLETE"});
            image["imageScanFindingsSummary"] =
                json!({"imageScanCompletedAt": 1_765_000_100, "findingSeverityCounts": {"MEDIUM": index}});
        }
        scribe.list("ecr:DescribeImages", &name, image);
        scribe.expect("AWS::ECR::Image", "ecr:DescribeImages", &format!("{arn}@{digest}"));
    }
    if scribe.is(Workload::Management) {
        return;
    }
    let cluster = scribe.arn("ecs", "cluster/acme");
    scribe.answer(
        "ecs:DescribeClusters",
        &cluster,
        json!({"clusterArn": cluster, "clusterName": "acme", "status": "ACTIVE",
               "settings": [{"name": "containerInsights", "value": "enabled"}]}),
    );
    scribe.resource("AWS::ECS::Cluster", "ecs:ListClusters", &cluster, json!(cluster));
    for index in 0..scribe.count(10) {
        let name = format!("{}-{index:02}", ["web", "api", "worker", "billing"][index % 4]);
        let task = scribe.arn("ecs", &format!("task-definition/{name}"));
        let revision = format!("{task}:7");
        let mut images = vec![format!("{registry}/acme/web:2026.01.{index}")];
        if index % 2 == 0 {
            let agent = "public.ecr.aws/datadog/agent:7.61.0";
            images.push(agent.to_owned());
            scribe.vendor("datadog", &task, "container_image", agent);
        }
        if index == 1 && scribe.is(Workload::Data) {
            let agent = "docker.io/grafana/alloy:v1.5.1";
            images.push(agent.to_owned());
            scribe.vendor("grafana", &task, "container_image", agent);
        }
        let containers: Vec<Value> = images
            .iter()
            .enumerate()
            .map(|(position, image)| {
                json!({"name": format!("container-{position}"), "image": image, "essential": position == 0, "cpu": 256,
                       "environment": [{"name": "STAGE", "value": scribe.environment()}],
                       "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": format!("/ecs/{name}")}}})
            })
            .collect();
        scribe.answer(
            "ecs:DescribeTaskDefinition",
            &name,
            json!({"taskDefinition": {
                "taskDefinitionArn": revision, "family": name, "revision": 7, "status": "ACTIVE", "networkMode": "awsvpc",
                "containerDefinitions": containers, "requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024",
                "registeredAt": 1_765_000_000,
            }}),
        );
        scribe.list("ecs:ListTaskDefinitions", "", json!(revision));
        scribe.resource("AWS::ECS::TaskDefinition", "ecs:ListTaskDefinitionFamilies", &task, json!(name));
        let service = scribe.arn("ecs", &format!("service/acme/{name}"));
        scribe.answer(
            "ecs:DescribeServices",
            &service,
            json!({"serviceArn": service, "serviceName": name, "clusterArn": cluster, "status": "ACTIVE",
                   "desiredCount": 2, "runningCount": 2, "launchType": "FARGATE", "taskDefinition": revision}),
        );
        scribe.list("ecs:ListServices", &cluster, json!(service));
        scribe.expect("AWS::ECS::Service", "ecs:ListServices", &service);
    }
}

fn load_balancers(scribe: &mut Scribe<'_>) {
    if scribe.is(Workload::Management) {
        return;
    }
    for index in 0..scribe.count(3) {
        let name = format!("acme-{}-{index}", ["api", "web", "internal"][index % 3]);
        let suffix = scribe.random.hex(16);
        let arn = scribe.arn("elasticloadbalancing", &format!("loadbalancer/app/{name}/{suffix}"));
        let item = json!({
            "LoadBalancerArn": arn, "LoadBalancerName": name, "Type": "application", "State": {"Code": "active"},
            "DNSName": format!("{name}.{}.elb.amazonaws.com", scribe.region), "CreatedTime": scribe.random.created_at(),
            "Scheme": if index % 3 == 2 { "internal" } else { "internet-facing" }, "VpcId": "vpc-0acme",
            "IpAddressType": "ipv4", "SecurityGroups": ["sg-0acmeloadbalancer"],
            "AvailabilityZones": [{"ZoneName": format!("{}a", scribe.region), "SubnetId": "subnet-0acme"}],
        });
        let logs = if index % 2 == 0 { "true" } else { "false" };
        let attributes = json!({"Attributes": [
            {"Key": "access_logs.s3.enabled", "Value": logs}, {"Key": "deletion_protection.enabled", "Value": "true"}]});
        scribe.answer("elbv2:DescribeLoadBalancerAttributes", &arn, attributes);
        scribe.resource("AWS::ElasticLoadBalancingV2::LoadBalancer", "elbv2:DescribeLoadBalancers", &arn, item);
        let group = scribe.arn("elasticloadbalancing", &format!("targetgroup/{name}/{suffix}"));
        let item = json!({
            "TargetGroupArn": group, "TargetGroupName": name, "Protocol": "HTTP", "Port": 8080, "VpcId": "vpc-0acme",
            "TargetType": "ip", "HealthCheckEnabled": true, "HealthCheckPath": "/health", "LoadBalancerArns": [arn],
        });
        scribe.resource("AWS::ElasticLoadBalancingV2::TargetGroup", "elbv2:DescribeTargetGroups", &group, item);
        for (port, protocol) in [(443, "HTTPS"), (80, "HTTP")] {
            let listener = format!("{}/{}", arn.replacen(":loadbalancer/", ":listener/", 1), scribe.random.hex(16));
            let action = if port == 443 {
                json!([{"Type": "forward", "TargetGroupArn": group, "Order": 1}])
            } else {
                json!([{"Type": "redirect", "Order": 1,
                        "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}])
            };
            let mut item = json!({"ListenerArn": listener, "LoadBalancerArn": arn, "Port": port, "Protocol": protocol,
                                  "DefaultActions": action});
            if port == 443 {
                item["SslPolicy"] = json!("ELBSecurityPolicy-TLS13-1-2-2021-06");
            }
            let action = "elbv2:DescribeListeners";
            scribe.list(action, &arn, item);
            scribe.expect("AWS::ElasticLoadBalancingV2::Listener", action, &listener);
        }
    }
}

fn front(scribe: &mut Scribe<'_>) {
    if !scribe.is(Workload::Production) || scribe.region != HOME {
        return;
    }
    let arn = scribe.global_arn("cloudfront", "distribution/E00ACME0000001");
    let item = json!({
        "Id": "E00ACME0000001", "ARN": arn, "Status": "Deployed", "DomainName": "d0000acme0001.cloudfront.net",
        "Enabled": true, "LastModifiedTime": "2025-09-01T10:00:00Z", "Comment": "web", "PriceClass": "PriceClass_100",
        "WebACLId": "", "HttpVersion": "http2and3", "IsIPV6Enabled": true, "Staging": false,
        "Aliases": {"Quantity": 2, "Items/CNAME": ["acme.example", "www.acme.example"]},
        "Origins": {"Quantity": 1, "Items/Origin": [{
            "Id": "assets", "DomainName": "acme-production-public-assets.s3.us-east-1.amazonaws.com", "OriginPath": ""}]},
        "DefaultCacheBehavior": {"TargetOriginId": "assets", "ViewerProtocolPolicy": "redirect-to-https",
                                 "Compress": true},
        "ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021", "SSLSupportMethod": "sni-only"},
    });
    scribe.resource("AWS::CloudFront::Distribution", "cloudfront:ListDistributions", &arn, item);
    let id = scribe.random.uuid();
    let certificate = scribe.arn("acm", &format!("certificate/{id}"));
    let item = json!({"CertificateArn": certificate, "DomainName": "acme.example", "Status": "ISSUED", "InUse": true,
                      "Type": "AMAZON_ISSUED", "NotAfter": 1_790_000_000});
    scribe.answer("acm:DescribeCertificate", &certificate, json!({"Certificate": item}));
    scribe.resource("AWS::CertificateManager::Certificate", "acm:ListCertificates", &certificate, item);
    let acl = scribe.arn("wafv2", "regional/webacl/acme-edge/acce0000-0000-4000-8000-0000000000ac");
    let item = json!({"Name": "acme-edge", "Id": "acce0000-0000-4000-8000-0000000000ac", "ARN": acl, "Description": "",
                      "LockToken": "acme"});
    let rule = json!({"Name": "common", "Priority": 0, "OverrideAction": {"None": {}},
                      "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}});
    let whole = json!({"Name": "acme-edge", "Id": "acce0000-0000-4000-8000-0000000000ac", "ARN": acl, "Rules": [rule]});
    scribe.answer("wafv2:GetWebACL", "acce0000-0000-4000-8000-0000000000ac", json!({"WebACL": whole}));
    scribe.list("wafv2:ListWebACLs", "REGIONAL", item);
    scribe.expect("AWS::WAFv2::WebACL", "wafv2:ListWebACLs", &acl);
}
