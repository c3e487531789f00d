//! Rows per CPU second into the warehouse, against DuckDB's own bulk insert of the same rows from NDJSON.
//!
//! `cargo run --release --package carveout-warehouse --example load_rate -- 200000`
#![allow(clippy::print_stdout)]

use std::{collections::BTreeMap, error::Error, fs, io::Write, path::Path, time::Instant};

use carveout_model::{Coverage, CoverageStatus, Provider, Resource, ServiceModel};
use carveout_warehouse::{RunRequest, Settings, Warehouse};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Rows that are held in memory at once; making them is not measured.
const BATCH: usize = 20_000;
/// Ticks of `/proc/self/stat` in a second.
const TICKS_A_SECOND: f64 = 100.0;

fn main() -> Result<(), Box<dyn Error>> {
    let rows: usize = std::env::args().nth(1).map_or(Ok(200_000), |text| text.parse())?;
    let directory = tempfile::tempdir()?;
    let (ours, staged) = load(&directory.path().join("ours.duckdb"), rows)?;
    let theirs = bulk_insert(directory.path(), rows)?;
    let rate = |seconds: f64| rows as f64 / seconds;
    println!("rows                          {rows}");
    println!("staged, rows per CPU second   {:.0}", rate(staged));
    println!("sealed, rows per CPU second   {:.0}", rate(ours));
    println!("read_json, rows per CPU s     {:.0}", rate(theirs));
    println!("staged against read_json      {:.2}", theirs / staged);
    println!("sealed against read_json      {:.2}", theirs / ours);
    Ok(())
}

/// CPU seconds of a whole first run, and of staging alone.
fn load(database: &Path, rows: usize) -> Result<(f64, f64), Box<dyn Error>> {
    let at: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    let mut warehouse = Warehouse::open(database, &Settings::default())?;
    warehouse.begin_run(&RunRequest { requested: "all".to_owned(), started_at: at, resume_within: None })?;
    let mut staged = 0.0;
    for first in (0..rows).step_by(BATCH) {
        let batch: Vec<Resource> = (first..rows.min(first + BATCH)).map(resource).collect();
        let before = cpu_seconds()?;
        for page in batch.chunks(200) {
            warehouse.load("unit", page, &[])?;
        }
        staged += cpu_seconds()? - before;
    }
    let (before, started) = (cpu_seconds()?, Instant::now());
    warehouse.finish_unit("unit", &[coverage(rows)], at)?;
    let sealing = warehouse.seal(at)?;
    sealing.commit()?;
    warehouse.publish()?;
    let sealed = cpu_seconds()? - before;
    println!("seal and publish              {:.2} s wall, {sealed:.2} CPU s", started.elapsed().as_secs_f64());
    println!("published bytes a row         {:.0}", fs::metadata(database)?.len() as f64 / rows as f64);
    Ok((staged + sealed, staged))
}

/// CPU seconds of DuckDB's own way.
fn bulk_insert(directory: &Path, rows: usize) -> Result<f64, Box<dyn Error>> {
    let source = directory.join("rows.ndjson");
    let mut file = std::io::BufWriter::new(fs::File::create(&source)?);
    for number in 0..rows {
        serde_json::to_writer(&mut file, &resource(number))?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    let connection = duckdb::Connection::open(directory.join("theirs.duckdb"))?;
    connection.execute_batch(
        "CREATE TABLE resources (resource_key VARCHAR, provider VARCHAR, scope_id VARCHAR, region VARCHAR,
            service VARCHAR, service_model VARCHAR, type_name VARCHAR, name VARCHAR, tags JSON,
            config JSON USING COMPRESSION zstd, created_at TIMESTAMP)",
    )?;
    let before = cpu_seconds()?;
    connection.execute(
        "INSERT INTO resources SELECT * FROM read_json(?, format = 'newline_delimited', columns = {
            resource_key: 'VARCHAR', provider: 'VARCHAR', scope_id: 'VARCHAR', region: 'VARCHAR', service: 'VARCHAR',
            service_model: 'VARCHAR', type_name: 'VARCHAR', name: 'VARCHAR', tags: 'JSON', config: 'JSON',
            created_at: 'TIMESTAMP'})",
        [source.to_string_lossy()],
    )?;
    connection.execute_batch("CHECKPOINT")?;
    Ok(cpu_seconds()? - before)
}

/// User and system time of this process, its threads included.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("a stat line has a name in parentheses")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / TICKS_A_SECOND)
}

fn coverage(rows: usize) -> Coverage {
    Coverage {
        provider: Provider::Aws,
        scope_id: "111122223333".to_owned(),
        region: "*".to_owned(),
        type_name: "*".to_owned(),
        status: CoverageStatus::Ok,
        resources: rows as u64,
        requests: 1,
        retries: 0,
        elapsed_ms: 1,
        error_code: None,
        message: None,
    }
}

/// A resource of about 1.3 kB of configuration, different for every number.
fn resource(number: usize) -> Resource {
    // Spreads the digits, so that neighbours share no long runs.
    let mixed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let scope_id = format!("{:012}", 111_122_220_000 + mixed % 40);
    let region = ["eu-west-1", "us-east-1", "ap-southeast-2"][number % 3].to_owned();
    let kind = number % 14;
    let rules: Vec<Value> = (0..6)
        .map(|rule| {
            json!({
                "IpProtocol": "tcp",
                "FromPort": (mixed >> rule) % 65_536,
                "ToPort": (mixed >> rule) % 65_536 + 1,
                "IpRanges": [{"CidrIp": format!("10.{}.{}.0/24", mixed >> 8 & 255, rule), "Description": "office"}],
                "UserIdGroupPairs": [{"GroupId": format!("sg-{:016x}", mixed.rotate_left(rule)), "UserId": scope_id}],
            })
        })
        .collect();
    Resource {
        resource_key: format!("arn:aws:service{kind}:{region}:{scope_id}:thing/{mixed:016x}"),
        provider: Provider::Aws,
        scope_id,
        region,
        service: format!("service{kind}"),
        service_model: ServiceModel::Paas,
        type_name: format!("AWS::Service{kind}::Thing"),
        name: Some(format!("thing-{number}")),
        tags: BTreeMap::from([("team".to_owned(), format!("team-{}", number % 25))]),
        config: json!({
            "Id": format!("{mixed:016x}"),
            "Arn": format!("arn:aws:service{kind}:thing/{mixed:016x}"),
            "Encrypted": !number.is_multiple_of(5),
            "State": {"Name": "available", "Since": "2026-01-01T00:00:00Z"},
            "Rules": rules,
        }),
        created_at: Some(Timestamp::UNIX_EPOCH),
        unread: Vec::new(),
    }
}
