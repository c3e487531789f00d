//! A crawl of AWS by the real connector, beside the same requests from the smallest client on the same server.

use std::{fs, io::Write as _, path::Path, process::Command, sync::Arc};

use carveout_aws::{Accounts, AwsConnector, AwsSettings, Regions};
use carveout_crawl::{Connector, Event, Options, RedactionKey, crawl};
use carveout_model::CoverageStatus;
use carveout_simcloud::{Estate, EstateOptions, Faults, SimCloud};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    Result, Tools,
    measure::{Measured, median_of, run},
    record::{self, Recorder},
    table::{count, mebibytes, seconds, table},
};

/// Requests in flight, of the connector (its default) and of the floor.
pub const IN_FLIGHT: usize = 64;
/// Milliseconds until a region answers.
const LATENCY_MS: u64 = 30;
const REPEATS: usize = 3;
/// Done, or done with gaps: a region that offers less is no failure.
const DONE_OR_INCOMPLETE: &[i32] = &[0, 3];

/// What a child crawls.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Target {
    endpoint: String,
    access_key_id: String,
    role: String,
    external_id: Option<String>,
    /// All that are enabled where there are none.
    regions: Vec<String>,
}

/// What a child found.
#[derive(Debug, Serialize, Deserialize)]
struct Found {
    resources: u64,
    requests: u64,
    not_ok: u64,
}

/// Crawls what the JSON text says and prints what was found.
pub fn child(target: &str) -> Result<()> {
    let target: Target = serde_json::from_str(target)?;
    let settings = AwsSettings {
        accounts: Accounts::Organization,
        role: Some(target.role),
        external_id: target.external_id,
        regions: if target.regions.is_empty() { Regions::Enabled } else { Regions::List(target.regions) },
        endpoint_url: Some(target.endpoint),
        ..AwsSettings::default()
    };
    let connector = AwsConnector::new(settings)?.with_keys(&target.access_key_id, "simulated");
    let connectors: Vec<Arc<dyn Connector>> = vec![Arc::new(connector)];
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let found = runtime.block_on(async {
        let (events, mut inbox) = mpsc::channel(256);
        let counting = tokio::spawn(async move {
            let mut found = Found { resources: 0, requests: 0, not_ok: 0 };
            let is_gap = |status| status != CoverageStatus::Ok;
            while let Some(event) = inbox.recv().await {
                match event {
                    Event::Page { page, .. } => found.resources += page.resources.len() as u64,
                    Event::Planned { coverage, .. } | Event::Finished { coverage, .. } => {
                        found.not_ok += coverage.iter().filter(|row| is_gap(row.status)).count() as u64;
                    }
                }
            }
            found
        });
        let mut options = Options::new(RedactionKey::new([7; 32]));
        options.requests_in_flight = IN_FLIGHT;
        let outcome = crawl(&connectors, options, events, CancellationToken::new(), &|_| {}).await;
        if let Some((name, error)) = outcome.failed.into_iter().next() {
            return Err(format!("{name}: {error}").into());
        }
        let found = counting.await?;
        Ok::<Found, Box<dyn std::error::Error + Send + Sync>>(Found { requests: outcome.requests, ..found })
    })?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&found)?)?;
    Ok(())
}

/// Measures and writes the table.
pub fn section(tools: &Tools) -> Result<String> {
    let mut rows = Vec::new();
    let runtime = tokio::runtime::Runtime::new()?;
    let estate = Estate::generate(&EstateOptions {
        aws_accounts: 2,
        azure_subscriptions: 1,
        gcp_projects: 1,
        scale: 4,
        ..EstateOptions::default()
    });
    let access_key_id = estate.aws_access_key_id();
    let cloud = runtime.block_on(SimCloud::start(estate, Faults::default()))?;
    let target = Target {
        endpoint: cloud.aws_endpoint(),
        access_key_id,
        role: "arn:aws:iam::{account}:role/carveout-read".to_owned(),
        external_id: None,
        regions: Vec::new(),
    };
    let requests = record_requests(tools, &runtime, &target)?;
    rows.extend(compare(tools, "simulated", &target, &requests, REPEATS)?);
    cloud.set_faults(Faults { latency_ms: LATENCY_MS, ..Faults::default() });
    rows.extend(compare(tools, &format!("simulated, {LATENCY_MS} ms an answer"), &target, &requests, REPEATS)?);
    runtime.block_on(cloud.stop());
    if let Some(target) = moto()? {
        let requests = record_requests(tools, &runtime, &target)?;
        rows.extend(compare(tools, "moto", &target, &requests, 1)?);
    }
    Ok(table(
        "Crawling AWS",
        &["server", "client", "wall s", "× floor", "CPU s", "peak MiB", "requests", "resources"],
        &rows,
        &format!(
            "The floor sends the recorded requests of the same crawl over {IN_FLIGHT} kept connections and reads every \
             answer without looking into it. The connector has {IN_FLIGHT} requests in flight; it signs, parses, redacts \
             and looks for third parties. The refresh also stores, derives and publishes. The server shares the \
             machine's processors. Of {REPEATS} runs the one with the middle wall time (refresh and moto: one run)."
        ),
    ))
}

/// A seeded moto, when `cargo xtask test`'s variables name one.
fn moto() -> Result<Option<Target>> {
    #[derive(Deserialize)]
    struct Manifest {
        regions: Vec<String>,
    }
    let variable = |name| std::env::var(name).ok();
    let (Some(endpoints), Some(manifest)) = (variable("CARVEOUT_MOTO_ENDPOINTS"), variable("CARVEOUT_MOTO_MANIFEST"))
    else {
        return Ok(None);
    };
    let manifest: Manifest = serde_json::from_str(&fs::read_to_string(manifest)?)?;
    Ok(Some(Target {
        endpoint: endpoints.split(',').next().unwrap_or_default().to_owned(),
        access_key_id: "test".to_owned(),
        role: "arn:aws:iam::{account}:role/OrganizationAccountAccessRole".to_owned(),
        external_id: None,
        regions: manifest.regions,
    }))
}

/// Crawls through a recorder and returns the file with the requests.
fn record_requests(tools: &Tools, runtime: &tokio::runtime::Runtime, target: &Target) -> Result<Recording> {
    let upstream = target.endpoint.trim_start_matches("http://").to_owned();
    let recorder = runtime.block_on(Recorder::start(upstream))?;
    let through = Target { endpoint: recorder.endpoint(), ..target.clone() };
    crawl_once(tools, &through)?;
    let requests = recorder.finish();
    let path = tools.scratch.join("requests.bin");
    fs::write(&path, record::to_bytes(&requests))?;
    Ok(Recording { path: path.to_string_lossy().into_owned(), requests: requests.len() })
}

struct Recording {
    path: String,
    requests: usize,
}

fn compare(
    tools: &Tools,
    server: &str,
    target: &Target,
    recording: &Recording,
    times: usize,
) -> Result<Vec<Vec<String>>> {
    let floor =
        median_of(times, || run(Command::new(&tools.bench).args(["replay", &recording.path, &target.endpoint]), &[0]))?;
    let crawled = median_of(times, || crawl_once(tools, target))?;
    let found: Found = serde_json::from_str(&crawled.stdout)?;
    let workspace = tools.scratch.join("workspace");
    let refreshed = refresh(tools, target, &workspace)?;
    let row = |client: &str, measured: &Measured, requests: u64, resources: Option<u64>| {
        vec![
            server.to_owned(),
            client.to_owned(),
            seconds(measured.wall_seconds),
            format!("{:.1}", measured.wall_seconds / floor.wall_seconds),
            seconds(measured.cpu_seconds),
            mebibytes(measured.peak_bytes),
            count(requests as f64),
            resources.map_or_else(|| "–".to_owned(), |resources| count(resources as f64)),
        ]
    };
    Ok(vec![
        row("floor: the same requests", &floor, recording.requests as u64, None),
        row("connector", &crawled, found.requests, Some(found.resources)),
        row("`carveout refresh`", &refreshed, found.requests, Some(found.resources)),
    ])
}

fn crawl_once(tools: &Tools, target: &Target) -> Result<Measured> {
    run(Command::new(&tools.bench).arg("crawl").arg(serde_json::to_string(target)?), &[0])
}

/// A first refresh of a new workspace.
fn refresh(tools: &Tools, target: &Target, workspace: &Path) -> Result<Measured> {
    if workspace.exists() {
        fs::remove_dir_all(workspace)?;
    }
    fs::create_dir_all(workspace)?;
    let Target { endpoint, access_key_id, role, external_id, regions } = target;
    let regions = if regions.is_empty() { "\"enabled\"".to_owned() } else { serde_json::to_string(regions)? };
    let external_id = external_id.as_ref().map(|id| format!("external_id = \"{id}\"\n")).unwrap_or_default();
    let configuration = format!(
        "[workspace]\nname = \"acme\"\ndatabase = \"acme.duckdb\"\n\n[scope]\ncriteria = [\"security\"]\n\
         period = {{ start = 2026-01-01, end = 2026-12-31 }}\n\n[[connectors.aws]]\naccounts = \"organization\"\n\
         role = \"{role}\"\n{external_id}regions = {regions}\nendpoint_url = \"{endpoint}\"\n"
    );
    fs::write(workspace.join("carveout.toml"), configuration)?;
    run(
        Command::new(&tools.carveout)
            .args(["--quiet", "refresh"])
            .current_dir(workspace)
            .env("AWS_ACCESS_KEY_ID", access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", "simulated")
            .env_remove("AWS_PROFILE"),
        DONE_OR_INCOMPLETE,
    )
}
