//! Acme's AWS organization, kept as the answers that its services give.

mod assurance;
mod compute;
mod data;
mod dns;
mod identity;
mod network;
mod operations;
mod organization;

use std::collections::HashMap;

use carveout_model::Provider;
use serde_json::{Value, json};

use super::{
    EstateOptions, ExpectedEvidence, ExpectedResource, ExpectedScope, Lookalike, PlantedSecret, Truth, random::Random,
};
use crate::aws::operations::{Reach, TABLE};

/// The region of what is the same in all regions.
pub(crate) const EVERYWHERE: &str = "*";
/// Regions that are enabled; the estate has workloads in the first two.
pub(super) const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "us-west-2"];
/// Where global services live.
pub(super) const HOME: &str = "us-east-1";

/// An account of the organization.
#[derive(Debug, Clone)]
pub(crate) struct AwsAccount {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) workload: Workload,
}

/// What an account is for, which decides what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workload {
    Management,
    Production,
    Data,
    /// Can't be entered, so nothing is generated in it.
    Denied,
    Team,
}

impl Workload {
    /// How much of everything such an account holds, in tenths of the production account.
    fn tenths(self) -> usize {
        match self {
            Self::Management => 2,
            Self::Production => 10,
            Self::Data => 6,
            Self::Denied => 0,
            Self::Team => 4,
        }
    }
}

impl AwsAccount {
    /// Whether its roles can't be assumed.
    pub(crate) fn is_denied(&self) -> bool {
        self.workload == Workload::Denied
    }
}

/// Where a bucket is.
#[derive(Debug, Clone)]
pub(crate) struct BucketHome {
    pub(crate) account: String,
    pub(crate) region: String,
}

/// Every answer that the simulated services give.
#[derive(Debug, Clone, Default)]
pub(crate) struct AwsEstate {
    pub(crate) management_account: String,
    pub(crate) organization_id: String,
    pub(crate) accounts: Vec<AwsAccount>,
    lists: HashMap<String, Vec<Value>>,
    answers: HashMap<String, Value>,
    buckets: HashMap<String, BucketHome>,
}

fn slot(account: &str, region: &str, action: &str, key: &str) -> String {
    format!("{account}|{region}|{action}|{key}")
}

/// The last part of an ARN or path: APIs take a name wherever they take an ARN.
fn tail(key: &str) -> &str {
    key.rsplit(['/', ':']).next().unwrap_or(key)
}

impl AwsEstate {
    pub(crate) fn account(&self, id: &str) -> Option<&AwsAccount> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// What a list operation lists for an account, region and parent.
    pub(crate) fn items(&self, account: &str, region: &str, action: &str, key: &str) -> &[Value] {
        self.lists
            .get(&slot(account, region, action, key))
            .or_else(|| self.lists.get(&slot(account, region, action, tail(key))))
            .map_or(&[], Vec::as_slice)
    }

    /// What an operation answers about one key.
    pub(crate) fn answer(&self, account: &str, region: &str, action: &str, key: &str) -> Option<&Value> {
        self.answers
            .get(&slot(account, region, action, key))
            .or_else(|| self.answers.get(&slot(account, region, action, tail(key))))
    }

    pub(crate) fn bucket(&self, name: &str) -> Option<&BucketHome> {
        self.buckets.get(name)
    }
}

/// Writes one account and region of the estate, and the truth about it.
struct Scribe<'a> {
    aws: &'a mut AwsEstate,
    truth: &'a mut Truth,
    random: Random,
    account: AwsAccount,
    region: &'static str,
    scale: usize,
}

impl Scribe<'_> {
    /// `count` things of the production account, scaled to this account.
    fn count(&self, count: usize) -> usize {
        (count * self.scale * self.account.workload.tenths()).div_ceil(10)
    }

    fn is(&self, workload: Workload) -> bool {
        self.account.workload == workload
    }

    fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{rest}", self.region, self.account.id)
    }

    fn global_arn(&self, service: &str, rest: &str) -> String {
        format!("arn:aws:{service}::{}:{rest}", self.account.id)
    }

    /// An id such as `vpc-0f3a…`.
    fn id(&mut self, prefix: &str) -> String {
        format!("{prefix}-0{}", self.random.hex(16))
    }

    fn slot_of(&self, action: &str, key: &str) -> String {
        let global = TABLE.operation(action).is_some_and(|operation| operation.scope == Reach::Global);
        slot(&self.account.id, if global { EVERYWHERE } else { self.region }, action, key)
    }

    /// One more item of a list.
    fn list(&mut self, action: &str, key: &str, item: Value) {
        let slot = self.slot_of(action, key);
        self.aws.lists.entry(slot).or_default().push(item);
    }

    /// The answer about one key.
    fn answer(&mut self, action: &str, key: &str, value: Value) {
        let slot = self.slot_of(action, key);
        self.aws.answers.insert(slot, value);
    }

    /// One more listed item that a crawl must find as a resource called `key`.
    fn resource(&mut self, type_name: &str, action: &str, key: &str, item: Value) {
        self.list(action, "", item);
        self.expect(type_name, action, key);
    }

    /// A crawl must find `key`; the region is that of the operation.
    fn expect(&mut self, type_name: &str, action: &str, key: &str) {
        let global = TABLE.operation(action).is_some_and(|operation| operation.scope == Reach::Global);
        self.expect_in(type_name, if global { "global" } else { self.region }, key);
    }

    fn expect_in(&mut self, type_name: &str, region: &str, key: &str) {
        self.truth.resource(ExpectedResource {
            provider: Provider::Aws,
            type_name: type_name.to_owned(),
            scope_id: self.account.id.clone(),
            region: region.to_owned(),
            key: key.to_owned(),
        });
    }

    fn evidence(&self, resource_key: &str, signal: &str, value: &str) -> ExpectedEvidence {
        ExpectedEvidence {
            provider: Provider::Aws,
            scope_id: self.account.id.clone(),
            resource_key: resource_key.to_owned(),
            signal: signal.to_owned(),
            value: value.to_owned(),
        }
    }

    fn vendor(&mut self, vendor_id: &str, resource_key: &str, signal: &str, value: &str) {
        let evidence = self.evidence(resource_key, signal, value);
        self.truth.vendor(vendor_id, evidence);
    }

    fn lookalike(&mut self, resource_key: &str, value: &str, reason: &str) {
        self.truth.lookalikes.push(Lookalike {
            provider: Provider::Aws,
            resource_key: resource_key.to_owned(),
            value: value.to_owned(),
            reason: reason.to_owned(),
        });
    }

    fn secret(&mut self, resource_key: &str, value: &str) {
        self.truth
            .planted_secrets
            .push(PlantedSecret { resource_key: resource_key.to_owned(), value: value.to_owned() });
    }

    fn environment(&self) -> &'static str {
        match self.account.workload {
            Workload::Management | Workload::Denied => "management",
            Workload::Production => "production",
            Workload::Data => "data",
            Workload::Team => "development",
        }
    }

    /// Tags in the spelling of most services.
    fn tags(&self, name: &str) -> Value {
        json!([{"Key": "Name", "Value": name}, {"Key": "environment", "Value": self.environment()}])
    }

    /// Tags in the spelling of EC2's wire.
    fn ec2_tags(&self, name: &str) -> Value {
        json!([{"key": "Name", "value": name}, {"key": "environment", "value": self.environment()}])
    }
}

/// The members of a map on the query protocol's wire.
fn entries(pairs: &[(&str, String)]) -> Value {
    let entries: Vec<Value> = pairs.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    json!({"entry[]": entries})
}

/// The account with the given position: made-up ids that no real account has reason to look like.
fn account_id(index: usize) -> String {
    format!("{:012}", 1_001 + index)
}

/// Generates the organization.
pub(super) fn generate(options: &EstateOptions, truth: &mut Truth) -> AwsEstate {
    let accounts: Vec<AwsAccount> = (0..options.aws_accounts)
        .map(|index| {
            let (name, workload) = match index {
                0 => ("acme-management".to_owned(), Workload::Management),
                1 => ("acme-production".to_owned(), Workload::Production),
                2 => ("acme-data".to_owned(), Workload::Data),
                3 => ("acme-acquired".to_owned(), Workload::Denied),
                _ => (format!("acme-team-{:02}", index - 3), Workload::Team),
            };
            AwsAccount { id: account_id(index), name, workload }
        })
        .collect();
    let mut aws = AwsEstate {
        management_account: account_id(0),
        organization_id: "o-acme000001".to_owned(),
        accounts: accounts.clone(),
        ..AwsEstate::default()
    };
    for account in accounts {
        let scope = |reason: &str| ExpectedScope {
            provider: Provider::Aws,
            scope_id: account.id.clone(),
            reason: reason.to_owned(),
        };
        match account.workload {
            Workload::Denied => truth.denied_scopes.push(scope("sts:AssumeRole is denied")),
            Workload::Data => truth.throttled_scopes.push(scope("calls are throttled")),
            _ => {}
        }
        if account.is_denied() {
            continue;
        }
        for region in REGIONS {
            let random = Random::for_part(options.seed, &format!("aws {} {region}", account.id));
            let account = account.clone();
            let mut scribe = Scribe { aws: &mut aws, truth, random, account, region, scale: options.scale.max(1) };
            if region == HOME {
                organization::write(&mut scribe);
                identity::write(&mut scribe);
                dns::write(&mut scribe);
                data::write_buckets(&mut scribe);
                assurance::write_account(&mut scribe);
            }
            assurance::write_settings(&mut scribe);
            if region != "us-west-2" {
                operations::write(&mut scribe);
                network::write(&mut scribe);
                data::write(&mut scribe);
                compute::write(&mut scribe);
                assurance::write(&mut scribe);
            }
        }
    }
    for items in aws.lists.values_mut() {
        if items.iter().all(Value::is_string) {
            items.sort_unstable_by(|one, other| one.as_str().cmp(&other.as_str()));
        }
    }
    aws
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_stored_is_served() {
        let aws = generate(&EstateOptions::default(), &mut Truth::default());
        for slot in aws.lists.keys().chain(aws.answers.keys()) {
            let action = slot.split('|').nth(2).unwrap_or_default();
            assert!(TABLE.operation(action).is_some(), "{action} is in operations.csv");
        }
    }
}
