//! A small estate and the steps of a run, for the tests of the warehouse.
#![allow(dead_code)]

pub mod given;

use std::{collections::BTreeMap, path::PathBuf};

use carveout_model::{
    Coverage, CoverageStatus, Direction, EvidenceStatus, Observation, Outsider, Provider, Relation, Resource,
    ServiceModel, Strength,
};
use carveout_warehouse::{Cell, Reader, Run, RunRequest, RunSummary, Settings, Warehouse};
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const ACCOUNT: &str = "111122223333";
pub const BUCKET: &str = "AWS::S3::Bucket";

/// A database in a directory of its own.
pub struct Workspace {
    directory: TempDir,
}

impl Workspace {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a directory") }
    }

    pub fn database(&self) -> PathBuf {
        self.directory.path().join("acme.duckdb")
    }

    pub fn private(&self, name: &str) -> PathBuf {
        self.directory.path().join("acme.duckdb.work").join(name)
    }

    pub fn open(&self) -> Warehouse {
        Warehouse::open(&self.database(), &settings()).expect("it opens")
    }

    pub fn reader(&self) -> Reader {
        Reader::open(&self.database(), &settings()).expect("it opens")
    }

    /// One column of texts or numbers from the published file.
    pub fn ask(&self, sql: &str) -> Vec<Value> {
        first_column(&self.reader(), sql)
    }
}

pub fn settings() -> Settings {
    Settings { memory_limit_bytes: Some(512 << 20), threads: Some(2) }
}

pub fn first_column(reader: &Reader, sql: &str) -> Vec<Value> {
    let rows = reader.query(sql, &[]).expect("it runs").rows;
    rows.into_iter().map(|row| row.into_iter().next().map_or(Value::Null, Cell::into_json)).collect()
}

/// Noon of a day in January 2026.
pub fn day(day: i8) -> Timestamp {
    format!("2026-01-{day:02}T12:00:00Z").parse().expect("a day")
}

pub fn bucket(region: &str, name: &str, config: Value) -> Resource {
    Resource {
        resource_key: format!("arn:aws:s3:::{name}"),
        provider: Provider::Aws,
        scope_id: ACCOUNT.to_owned(),
        region: region.to_owned(),
        service: "s3".to_owned(),
        service_model: ServiceModel::Saas,
        type_name: BUCKET.to_owned(),
        name: Some(name.to_owned()),
        tags: BTreeMap::from([("team".to_owned(), "data".to_owned())]),
        config,
        created_at: Some(day(1)),
        unread: Vec::new(),
    }
}

pub fn plain(region: &str, name: &str) -> Resource {
    bucket(region, name, json!({"Name": name}))
}

pub fn trusts(resource: &Resource, path: &str, account: &str) -> Observation {
    Observation {
        resource_key: resource.resource_key.clone(),
        signal: "s3_bucket_policy".to_owned(),
        outsider: Outsider::AwsAccount(account.to_owned()),
        relation: Relation::ReadsData,
        strength: Strength::CanReadData,
        direction: Direction::Inbound,
        status: EvidenceStatus::Live,
        relation_confidence: 0.9,
        path: path.to_owned(),
        value: format!("arn:aws:iam::{account}:root"),
        context: json!({"actions": ["s3:GetObject"]}),
    }
}

pub fn coverage(region: &str, status: CoverageStatus, resources: usize) -> Coverage {
    Coverage {
        provider: Provider::Aws,
        scope_id: ACCOUNT.to_owned(),
        region: region.to_owned(),
        type_name: BUCKET.to_owned(),
        status,
        resources: resources as u64,
        requests: 2,
        retries: 0,
        elapsed_ms: 5,
        error_code: (status != CoverageStatus::Ok).then(|| "AccessDenied".to_owned()),
        message: None,
    }
}

pub fn unit(region: &str) -> String {
    format!("aws/{ACCOUNT}/{region}/{BUCKET}")
}

pub fn begin(warehouse: &mut Warehouse, at: Timestamp) -> Run {
    let request = RunRequest { requested: "aws".to_owned(), started_at: at, resume_within: None };
    warehouse.begin_run(&request).expect("a run begins")
}

/// Crawls one region.
pub fn crawl(warehouse: &mut Warehouse, region: &str, status: CoverageStatus, resources: &[Resource], at: Timestamp) {
    warehouse.load(&unit(region), resources, &[]).expect("pages load");
    let row = coverage(region, status, resources.len());
    warehouse.finish_unit(&unit(region), &[row], at).expect("a unit ends");
}

/// Seals without deriving anything, and publishes.
pub fn seal(warehouse: &mut Warehouse, at: Timestamp) -> RunSummary {
    let summary = warehouse.seal(at).expect("it applies").commit().expect("it commits");
    warehouse.publish().expect("it publishes");
    summary
}

/// A whole run over regions.
pub fn run(workspace: &Workspace, at: Timestamp, regions: &[(&str, CoverageStatus, &[Resource])]) -> RunSummary {
    let mut warehouse = workspace.open();
    begin(&mut warehouse, at);
    for (region, status, resources) in regions {
        crawl(&mut warehouse, region, *status, resources, at);
    }
    seal(&mut warehouse, at)
}
