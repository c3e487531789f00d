//! Resources to load: made up, alike as those of one type are, and different as those of many are.

use std::collections::BTreeMap;

use carveout_model::{Provider, Resource, ServiceModel};
use serde_json::json;

/// `(type, service)` of what is made.
const TYPES: &[(&str, &str)] = &[
    ("AWS::EC2::Instance", "ec2"),
    ("AWS::EC2::NetworkInterface", "ec2"),
    ("AWS::EC2::SecurityGroup", "ec2"),
    ("AWS::IAM::Role", "iam"),
    ("AWS::KMS::Key", "kms"),
    ("AWS::Lambda::Function", "lambda"),
    ("AWS::S3::Bucket", "s3"),
    ("AWS::SQS::Queue", "sqs"),
];

/// The resource of a number, with about 1.3 kB of configuration. The same number gives the same resource.
pub fn resource(number: usize) -> Resource {
    let (type_name, service) = TYPES[number % TYPES.len()];
    let account = format!("{:012}", number % 7 + 1);
    let region = ["us-east-1", "eu-west-1", "us-west-2"][number / TYPES.len() % 3];
    // Spread over 64 bits (the multiplier of Knuth's linear congruential generator), so that ids do not compress away.
    let id = format!("{:016x}", (number as u64 + 1).wrapping_mul(6_364_136_223_846_793_005));
    let name = format!("{service}-{id}");
    let arn = format!("arn:aws:{service}:{region}:{account}:{name}");
    let principal = |index: usize| {
        format!("arn:aws:iam::{:012}:role/service/{service}-{:04}", index % 50 + 1, (number + index) % 997)
    };
    let statements: Vec<_> = (0..3)
        .map(|index| {
            json!({
                "Sid": format!("Allow{index}"),
                "Effect": "Allow",
                "Principal": { "AWS": [principal(index), principal(index + 9)] },
                "Action": [format!("{service}:Get*"), format!("{service}:List*"), format!("{service}:Describe*")],
                "Resource": format!("{arn}/*"),
                "Condition": { "StringEquals": { "aws:SourceAccount": account } },
            })
        })
        .collect();
    let config = json!({
        "Arn": arn,
        "Name": name,
        "OwnerId": account,
        "State": if number.is_multiple_of(11) { "stopped" } else { "active" },
        "CreateDate": format!("2026-{:02}-{:02}T08:30:00Z", number % 12 + 1, number % 28 + 1),
        "Encryption": { "Algorithm": "aws:kms", "KeyArn": format!("arn:aws:kms:{region}:{account}:key/{id}") },
        "Network": { "SubnetId": format!("subnet-{:08x}", number % 300), "VpcId": format!("vpc-{:08x}", number % 20) },
        "Policy": { "Version": "2012-10-17", "Statement": statements },
    });
    let tags =
        [("owner", format!("team-{}", number % 23)), ("environment", ["prod", "stage", "dev"][number % 3].to_owned())];
    Resource {
        resource_key: arn,
        provider: Provider::Aws,
        scope_id: account,
        region: region.to_owned(),
        service: service.to_owned(),
        service_model: ServiceModel::Paas,
        type_name: type_name.to_owned(),
        name: Some(name),
        tags: BTreeMap::from(tags.map(|(key, value)| (key.to_owned(), value))),
        config,
        created_at: None,
        unread: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_about_as_long_as_a_real_one() {
        let bytes: usize = (0..1000).map(|number| resource(number).config.to_string().len()).sum();
        assert!((1_200..1_500).contains(&(bytes / 1000)), "{} bytes", bytes / 1000);
    }
}
