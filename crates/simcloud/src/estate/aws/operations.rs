//! Watching and running the estate: trails, detection, configuration recording, logs, alarms, stacks and event targets.

use serde_json::json;

use super::{HOME, Scribe, Workload};

/// Writes the region's operations.
pub(super) fn write(scribe: &mut Scribe<'_>) {
    trail(scribe);
    detection(scribe);
    recording(scribe);
    logs(scribe);
    events(scribe);
    stacks(scribe);
}

fn trail(scribe: &mut Scribe<'_>) {
    if scribe.region != HOME {
        return;
    }
    let arn = scribe.arn("cloudtrail", "trail/acme");
    let item = json!({
        "Name": "acme", "TrailARN": arn, "HomeRegion": HOME, "IsMultiRegionTrail": true, "LogFileValidationEnabled": true,
        "IncludeGlobalServiceEvents": true, "IsOrganizationTrail": false, "HasCustomEventSelectors": true,
        "S3BucketName": format!("acme-{}-trail", scribe.environment()), "KmsKeyId": scribe.arn("kms", "alias/acme-02"),
    });
    scribe.answer(
        "cloudtrail:GetTrailStatus",
        &arn,
        json!({"IsLogging": true, "LatestDeliveryTime": 1_768_000_000, "StartLoggingTime": 1_735_689_600}),
    );
    let selector = json!([{"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": []}]);
    scribe.answer("cloudtrail:GetEventSelectors", &arn, json!({"TrailARN": arn, "EventSelectors": selector}));
    scribe.list("cloudtrail:ListTrails", "", json!({"Name": "acme", "TrailARN": arn, "HomeRegion": HOME}));
    scribe.answer("cloudtrail:GetTrail", &arn, json!({"Trail": item}));
    scribe.resource("AWS::CloudTrail::Trail", "cloudtrail:DescribeTrails", &arn, item);
}

fn detection(scribe: &mut Scribe<'_>) {
    // The data account has never turned detection on in Ireland: a gap that a scoping session should see.
    if scribe.is(Workload::Data) && scribe.region != HOME {
        return;
    }
    let id = scribe.random.hex(32);
    let arn = scribe.arn("guardduty", &format!("detector/{id}"));
    scribe.answer(
        "guardduty:GetDetector",
        &id,
        json!({"status": "ENABLED", "createdAt": "2025-01-01T00:00:00.000Z", "updatedAt": "2025-06-01T00:00:00.000Z",
               "findingPublishingFrequency": "FIFTEEN_MINUTES", "features": [{"name": "S3_DATA_EVENTS", "status": "ENABLED"}],
               "serviceRole": scribe.global_arn("iam", "role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty")}),
    );
    let counts =
        json!({"findingStatistics": {"countBySeverity": {"2.0": 3, "8.0": usize::from(scribe.is(Workload::Data))}}});
    scribe.answer("guardduty:GetFindingsStatistics", &id, counts);
    scribe.resource("AWS::GuardDuty::Detector", "guardduty:ListDetectors", &arn, json!(id));
    if scribe.is(Workload::Production) {
        let hub = scribe.arn("securityhub", "hub/default");
        let answer = json!({"HubArn": hub, "SubscribedAt": "2025-01-01T00:00:00.000Z", "AutoEnableControls": true});
        scribe.answer("securityhub:DescribeHub", "", answer);
        scribe.expect("AWS::SecurityHub::Hub", "securityhub:DescribeHub", &hub);
    }
}

fn recording(scribe: &mut Scribe<'_>) {
    let role = scribe.global_arn("iam", "role/acme-config");
    let item = json!({"name": "default", "roleARN": role,
                      "recordingGroup": {"allSupported": true, "includeGlobalResourceTypes": scribe.region == HOME}});
    let arn = scribe.arn("config", "configuration-recorder/default");
    scribe.resource("AWS::Config::ConfigurationRecorder", "config:DescribeConfigurationRecorders", &arn, item);
    let status = json!({"name": "default", "recording": true, "lastStatus": "Success"});
    scribe.list("config:DescribeConfigurationRecorderStatus", "", status);
    for index in 0..scribe.count(6) {
        let name = format!("acme-rule-{index:02}");
        let arn = scribe.arn("config", &format!("config-rule/config-rule-{name}"));
        let item = json!({"ConfigRuleName": name, "ConfigRuleArn": arn, "ConfigRuleState": "ACTIVE",
                          "Source": {"Owner": "AWS", "SourceIdentifier": "ENCRYPTED_VOLUMES"}});
        scribe.resource("AWS::Config::ConfigRule", "config:DescribeConfigRules", &arn, item);
    }
}

fn logs(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(40) {
        let name = format!("/acme/{}/{index:03}", ["lambda", "ecs", "rds", "vpc"][index % 4]);
        let arn = scribe.arn("logs", &format!("log-group:{name}"));
        let mut item = json!({
            "logGroupName": name, "arn": format!("{arn}:*"), "logGroupArn": arn, "storedBytes": scribe.random.below(1 << 30),
            "creationTime": scribe.random.created_seconds() * 1_000, "metricFilterCount": 0,
        });
        if index % 5 != 4 {
            item["retentionInDays"] = json!(365);
        }
        if index == 0 && scribe.is(Workload::Production) && scribe.region == HOME {
            let destination = scribe.arn("firehose", "deliverystream/acme-logs-to-datadog");
            let filter = json!({"filterName": "forward", "logGroupName": name, "destinationArn": destination,
                                "filterPattern": "", "creationTime": 1_735_689_600_000_u64});
            scribe.list("logs:DescribeSubscriptionFilters", &name, filter);
        }
        scribe.resource("AWS::Logs::LogGroup", "logs:DescribeLogGroups", &arn, item);
    }
    for index in 0..scribe.count(30) {
        let name = format!("acme-{}-{index:03}", ["errors", "latency", "queue-age", "cpu"][index % 4]);
        let arn = scribe.arn("cloudwatch", &format!("alarm:{name}"));
        let item = json!({
            "AlarmName": name, "AlarmArn": arn, "StateValue": "OK", "ActionsEnabled": true, "MetricName": "Errors",
            "Namespace": "AWS/Lambda", "AlarmActions": [scribe.arn("sns", "acme-alerts-00")], "Threshold": 1.0,
            "EvaluationPeriods": 3, "Period": 60, "ComparisonOperator": "GreaterThanThreshold",
        });
        scribe.resource("AWS::CloudWatch::Alarm", "cloudwatch:DescribeAlarms", &arn, item);
    }
}

fn events(scribe: &mut Scribe<'_>) {
    let bus = scribe.arn("events", "event-bus/default");
    scribe.resource("AWS::Events::EventBus", "events:ListEventBuses", &bus, json!({"Name": "default", "Arn": bus}));
    for index in 0..scribe.count(6) {
        let name = format!("acme-{}-{index:02}", ["nightly", "deploy", "audit"][index % 3]);
        let arn = scribe.arn("events", &format!("rule/{name}"));
        let item = json!({"Name": name, "Arn": arn, "State": "ENABLED", "EventBusName": "default",
                          "ScheduleExpression": "rate(1 day)"});
        scribe.list("events:ListRules", "default", item);
        scribe.expect("AWS::Events::Rule", "events:ListRules", &arn);
        let target = json!({"Id": "function", "Arn": scribe.arn("lambda", "function:acme-cleanup-004")});
        scribe.list("events:ListTargetsByRule", &name, target);
    }
    if !scribe.is(Workload::Production) || scribe.region != HOME {
        return;
    }
    let connection = scribe.arn("events", "connection/pagerduty/acce0000-0000-4000-8000-0000000000c1");
    let item = json!({"Name": "pagerduty", "ConnectionArn": connection, "ConnectionState": "AUTHORIZED",
                      "AuthorizationType": "API_KEY", "CreationTime": 1_735_689_600});
    scribe.resource("AWS::Events::Connection", "events:ListConnections", &connection, item);
    let destination = scribe.arn("events", "api-destination/pagerduty/acce0000-0000-4000-8000-0000000000d1");
    let url = "https://events.pagerduty.com/v2/enqueue";
    let item = json!({
        "Name": "pagerduty", "ApiDestinationArn": destination, "ApiDestinationState": "ACTIVE", "HttpMethod": "POST",
        "ConnectionArn": connection, "InvocationEndpoint": url, "InvocationRateLimitPerSecond": 10,
        "CreationTime": 1_735_689_600,
    });
    scribe.resource("AWS::Events::ApiDestination", "events:ListApiDestinations", &destination, item);
    scribe.list("events:ListTargetsByRule", "acme-audit-02", json!({"Id": "page", "Arn": destination}));
    scribe.vendor("pagerduty", &destination, "api_destination", url);

    let name = "acme-logs-to-datadog";
    let stream = scribe.arn("firehose", &format!("deliverystream/{name}"));
    let url = "https://aws-kinesis-http-intake.logs.datadoghq.com/v1/input";
    scribe.answer(
        "firehose:DescribeDeliveryStream",
        name,
        json!({"DeliveryStreamDescription": {
            "DeliveryStreamName": name, "DeliveryStreamARN": stream, "DeliveryStreamStatus": "ACTIVE",
            "DeliveryStreamType": "DirectPut", "VersionId": "1", "HasMoreDestinations": false,
            "DeliveryStreamEncryptionConfiguration": {"Status": "ENABLED"},
            "Destinations": [{"DestinationId": "destination-1", "HttpEndpointDestinationDescription": {
                "EndpointConfiguration": {"Url": url, "Name": "log intake"}, "S3BackupMode": "FailedDataOnly"}}],
        }}),
    );
    scribe.list("firehose:ListDeliveryStreams", "", json!(name));
    scribe.expect("AWS::KinesisFirehose::DeliveryStream", "firehose:ListDeliveryStreams", &stream);
    scribe.vendor("datadog", &stream, "firehose_destination", url);
}

fn stacks(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(8) {
        let name = format!("acme-{}-{index:02}", ["network", "service", "baseline", "monitoring"][index % 4]);
        let id = scribe.random.uuid();
        let arn = scribe.arn("cloudformation", &format!("stack/{name}/{id}"));
        let item = json!({
            "StackName": name, "StackId": arn, "StackStatus": "UPDATE_COMPLETE", "CreationTime": scribe.random.created_at(),
            "EnableTerminationProtection": index % 2 == 0, "Tags": scribe.tags(&name),
            "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
        });
        scribe.resource("AWS::CloudFormation::Stack", "cloudformation:DescribeStacks", &arn, item);
    }
    for index in 0..scribe.count(3) {
        let name = format!("acme-build-{index:02}");
        let arn = scribe.arn("codebuild", &format!("project/{name}"));
        scribe.answer(
            "codebuild:BatchGetProjects",
            &name,
            json!({"name": name, "arn": arn, "source": {"type": "GITHUB", "location": "https://github.com/acme-corp/platform.git"},
                   "environment": {"type": "ARM_CONTAINER", "image": "aws/codebuild/amazonlinux-aarch64-standard:3.0",
                                   "computeType": "BUILD_GENERAL1_SMALL", "privilegedMode": false},
                   "created": 1_735_689_600}),
        );
        scribe.resource("AWS::CodeBuild::Project", "codebuild:ListProjects", &arn, json!(name));
    }
}
