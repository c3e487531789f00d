//! EC2's network: VPCs, subnets, routes, security groups and endpoints.

use serde_json::{Value, json};

use super::{Scribe, Workload};

/// Writes the region's network.
pub(super) fn write(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(2).max(1) {
        vpc(scribe, index);
    }
}

fn ec2(scribe: &mut Scribe<'_>, type_name: &str, operation: &str, kind: &str, id: &str, item: Value) {
    let arn = scribe.arn("ec2", &format!("{kind}/{id}"));
    scribe.resource(type_name, &format!("ec2:{operation}"), &arn, item);
}

fn vpc(scribe: &mut Scribe<'_>, index: usize) {
    let owner = scribe.account.id.clone();
    let region = scribe.region;
    let block = index % 200;
    let vpc = scribe.id("vpc");
    let name = if index == 0 { "core".to_owned() } else { format!("workload-{index}") };
    let item = json!({
        "vpcId": vpc, "ownerId": owner, "state": "available", "cidrBlock": format!("10.{block}.0.0/16"),
        "dhcpOptionsId": "dopt-0acme", "instanceTenancy": "default", "isDefault": false,
        "cidrBlockAssociationSet": [{"associationId": "vpc-cidr-assoc-0acme", "cidrBlock": format!("10.{block}.0.0/16"),
                                     "cidrBlockState": {"state": "associated"}}],
        "tagSet": scribe.ec2_tags(&name),
    });
    ec2(scribe, "AWS::EC2::VPC", "DescribeVpcs", "vpc", &vpc, item);

    let gateway = scribe.id("igw");
    let item = json!({
        "internetGatewayId": gateway, "ownerId": owner, "tagSet": scribe.ec2_tags(&name),
        "attachmentSet": [{"vpcId": vpc, "state": "available"}],
    });
    ec2(scribe, "AWS::EC2::InternetGateway", "DescribeInternetGateways", "internet-gateway", &gateway, item);

    let subnets = subnets(scribe, &vpc, block);
    let nat = scribe.id("nat");
    let item = json!({
        "natGatewayId": nat, "subnetId": subnets[0], "vpcId": vpc, "state": "available", "connectivityType": "public",
        "createTime": scribe.random.created_at(), "tagSet": scribe.ec2_tags(&name),
        "natGatewayAddressSet": [{"publicIp": format!("192.0.2.{}", block % 250 + 1), "privateIp": format!("10.{block}.0.5")}],
    });
    ec2(scribe, "AWS::EC2::NatGateway", "DescribeNatGateways", "natgateway", &nat, item);
    route_tables(scribe, &vpc, &gateway, &nat, block);

    let acl = scribe.id("acl");
    let entry = |egress: bool| json!({"ruleNumber": 100, "protocol": "-1", "ruleAction": "allow", "egress": egress, "cidrBlock": "0.0.0.0/0"});
    let item = json!({
        "networkAclId": acl, "vpcId": vpc, "ownerId": owner, "default": true,
        "entrySet": [entry(false), entry(true)],
        "associationSet": [{"networkAclAssociationId": "aclassoc-0acme", "networkAclId": acl, "subnetId": subnets[0]}],
    });
    ec2(scribe, "AWS::EC2::NetworkAcl", "DescribeNetworkAcls", "network-acl", &acl, item);

    if !scribe.is(Workload::Team) {
        let log = scribe.id("fl");
        let item = json!({
            "flowLogId": log, "resourceId": vpc, "trafficType": "ALL", "flowLogStatus": "ACTIVE",
            "logDestinationType": "cloud-watch-logs", "logGroupName": "/vpc/flow", "deliverLogsStatus": "SUCCESS",
            "creationTime": scribe.random.created_at(),
        });
        ec2(scribe, "AWS::EC2::FlowLog", "DescribeFlowLogs", "vpc-flow-log", &log, item);
    }
    endpoint(scribe, &vpc, &format!("com.amazonaws.{region}.s3"), "Gateway");
    if scribe.is(Workload::Production) && index == 0 && region == "us-east-1" {
        // Datadog's log intake, as its PrivateLink page publishes it.
        let service = "com.amazonaws.vpce.us-east-1.vpce-svc-025a56b9187ac1f63";
        let arn = endpoint(scribe, &vpc, service, "Interface");
        scribe.vendor("datadog", &arn, "vpc_endpoint", service);
    }
    security_groups(scribe, &vpc);
}

fn subnets(scribe: &mut Scribe<'_>, vpc: &str, block: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for (index, tier) in ["public", "public", "private", "private", "data", "data"].iter().enumerate() {
        let id = scribe.id("subnet");
        let arn = scribe.arn("ec2", &format!("subnet/{id}"));
        let item = json!({
            "subnetId": id, "subnetArn": arn, "vpcId": vpc, "ownerId": scribe.account.id, "state": "available",
            "cidrBlock": format!("10.{block}.{}.0/22", index * 4), "availableIpAddressCount": 1_000,
            "availabilityZone": format!("{}{}", scribe.region, if index % 2 == 0 { "a" } else { "b" }),
            "mapPublicIpOnLaunch": *tier == "public", "defaultForAz": false,
            "tagSet": scribe.ec2_tags(&format!("{tier}-{}", index % 2 + 1)),
        });
        ec2(scribe, "AWS::EC2::Subnet", "DescribeSubnets", "subnet", &id, item);
        ids.push(id);
    }
    ids
}

fn route_tables(scribe: &mut Scribe<'_>, vpc: &str, gateway: &str, nat: &str, block: usize) {
    for tier in ["public", "private", "data"] {
        let id = scribe.id("rtb");
        let local = json!({
            "destinationCidrBlock": format!("10.{block}.0.0/16"), "gatewayId": "local", "state": "active",
            "origin": "CreateRouteTable",
        });
        let outward = match tier {
            "public" => Some(json!({"destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway, "state": "active",
                                    "origin": "CreateRoute"})),
            "private" => Some(json!({"destinationCidrBlock": "0.0.0.0/0", "natGatewayId": nat, "state": "active",
                                     "origin": "CreateRoute"})),
            _ => None,
        };
        let routes: Vec<Value> = std::iter::once(local).chain(outward).collect();
        let item = json!({
            "routeTableId": id, "vpcId": vpc, "ownerId": scribe.account.id, "routeSet": routes,
            "associationSet": [], "propagatingVgwSet": [], "tagSet": scribe.ec2_tags(tier),
        });
        ec2(scribe, "AWS::EC2::RouteTable", "DescribeRouteTables", "route-table", &id, item);
    }
}

fn endpoint(scribe: &mut Scribe<'_>, vpc: &str, service: &str, kind: &str) -> String {
    let id = scribe.id("vpce");
    let item = json!({
        "vpcEndpointId": id, "vpcEndpointType": kind, "vpcId": vpc, "serviceName": service, "state": "available",
        "ownerId": scribe.account.id, "privateDnsEnabled": kind == "Interface", "requesterManaged": false,
        "policyDocument": r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#,
        "creationTimestamp": scribe.random.created_at(), "tagSet": [],
    });
    ec2(scribe, "AWS::EC2::VPCEndpoint", "DescribeVpcEndpoints", "vpc-endpoint", &id, item);
    let arn = scribe.arn("ec2", &format!("vpc-endpoint/{id}"));
    if kind == "Gateway" {
        scribe.lookalike(&arn, service, "provider_owned");
    }
    arn
}

fn security_groups(scribe: &mut Scribe<'_>, vpc: &str) {
    let everywhere = json!([{"cidrIp": "0.0.0.0/0"}]);
    let inside = json!([{"cidrIp": "10.0.0.0/8"}]);
    let roles = ["load-balancer", "application", "database", "cache", "worker", "bastion"];
    // Each VPC has its own few: the number of VPCs grows with the scale already.
    for index in 0..(9 * scribe.account.workload.tenths()).div_ceil(10).max(2) {
        let role = if index == 0 { "default" } else { roles[(index - 1) % roles.len()] };
        let name = if index == 0 { role.to_owned() } else { format!("{role}-{index}") };
        let id = scribe.id("sg");
        let arn = scribe.arn("ec2", &format!("security-group/{id}"));
        // One bastion is open to the world: what CC6.6 is about.
        let open_ssh = role == "bastion" && scribe.is(Workload::Data);
        let (port, source) = match role {
            "default" => (None, &inside),
            "load-balancer" => (Some(443), &everywhere),
            "bastion" => (Some(22), if open_ssh { &everywhere } else { &inside }),
            "database" => (Some(5432), &inside),
            "cache" => (Some(6379), &inside),
            _ => (Some(8080), &inside),
        };
        let ingress: Vec<Value> = port
            .map(|port| {
                json!({"ipProtocol": "tcp", "fromPort": port, "toPort": port, "ipRanges": source, "ipv6Ranges": [],
                       "groups": [], "prefixListIds": []})
            })
            .into_iter()
            .collect();
        let egress = json!([{"ipProtocol": "-1", "ipRanges": everywhere, "ipv6Ranges": [], "groups": [],
                             "prefixListIds": []}]);
        let item = json!({
            "groupId": id, "groupName": name, "groupDescription": format!("{name} of acme"), "vpcId": vpc,
            "ownerId": scribe.account.id, "securityGroupArn": arn, "ipPermissions": ingress,
            "ipPermissionsEgress": egress, "tagSet": scribe.ec2_tags(&name),
        });
        ec2(scribe, "AWS::EC2::SecurityGroup", "DescribeSecurityGroups", "security-group", &id, item);
    }
}
