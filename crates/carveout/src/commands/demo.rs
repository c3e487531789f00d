//! `carveout demo`: the whole main job with no account and no network. The connectors are the real ones; only the
//! clouds behind the endpoints are simulated, in this process.

use std::{fmt::Write as _, fs, path::Path, sync::Arc};

use carveout_aws::{Accounts, AwsConnector, AwsSettings};
use carveout_azure::{AzureConnector, AzureSettings};
use carveout_crawl::Connector;
use carveout_gcp::{GcpConnector, GcpSettings};
use carveout_model::Coverage;
use carveout_queries::Catalogue;
use carveout_simcloud::{Estate, EstateOptions, Faults, SimCloud};
use carveout_soc2_reports::{read_card, samples};
use carveout_warehouse::{Reader, Rows};
use jiff::Timestamp;

use crate::{
    cli::{Demo, Global},
    commands::status::print_summary,
    config::FILE_NAME,
    derive::{Imports, Sealed},
    error::{CliError, Exit, OrFail},
    interrupt, printer,
    run::{self, Request},
    runtime,
    workspace::Workspace,
};

/// The demo's configuration: a workspace to go on with.
const CONFIGURATION: &str = include_str!("demo.toml");
/// Rows of each answer that are shown; the whole answers are among the commands to try next.
const ROWS_SHOWN: usize = 14;
/// Gaps that are shown.
const GAPS_SHOWN: usize = 6;

/// Simulates, crawls and answers.
pub fn run(global: &Global, arguments: &Demo) -> Result<Exit, CliError> {
    let directory = &arguments.dir;
    let configuration = directory.join(FILE_NAME);
    let cards = directory.join("vendors");
    let writing = || format!("can't write to {}", directory.display());
    fs::create_dir_all(&cards).or_fail(writing)?;
    fs::write(&configuration, CONFIGURATION).or_fail(writing)?;
    for sample in samples() {
        fs::write(cards.join(sample.name), sample.bytes).or_fail(writing)?;
    }
    let own = Global { config: Some(configuration), database: None, ..*global };
    let workspace = Workspace::open(&own)?;
    let ground = workspace.ground(Timestamp::now())?;
    let known = ground.controls.criterion_ids();
    let reports = samples()
        .iter()
        .map(|sample| read_card(&cards.join(sample.name), sample.bytes, &known))
        .collect::<Result<Vec<_>, _>>()
        .or_fail(|| "a sample report card is broken".to_owned())?;
    let estate = Estate::generate(&EstateOptions { scale: arguments.scale as usize, ..EstateOptions::default() });
    let runtime = runtime()?;
    let clouds = runtime
        .block_on(SimCloud::start(estate, Faults::default()))
        .or_fail(|| "can't start the simulated clouds".to_owned())?;
    let redaction_key = workspace.redaction_key()?;
    let mut warehouse = workspace.warehouse()?;
    let finished = run::run(
        &mut warehouse,
        &runtime,
        Request {
            connectors: &connectors(&clouds)?,
            requested: "demo".to_owned(),
            resume_within: std::time::Duration::ZERO,
            redaction_key,
            imports: Imports { reports: &reports, ..Imports::default() },
            reports_incomplete: false,
            ground,
            quiet: global.quiet,
            stop: interrupt::stop_token(&runtime),
        },
    )?;
    runtime.block_on(clouds.stop());
    drop(warehouse);
    print_summary(&finished)?;
    printer::text(&answer(&workspace.reader()?, &finished, directory)?)?;
    // What the demo can't see is part of what it shows.
    Ok(Exit::Done)
}

/// The real connectors, pointed at the simulated clouds.
fn connectors(clouds: &SimCloud) -> Result<Vec<Arc<dyn Connector>>, CliError> {
    let estate = clouds.estate();
    let usable = || "the demo's connectors can't be used".to_owned();
    let aws = AwsConnector::new(AwsSettings {
        accounts: Accounts::Organization,
        role: Some("arn:aws:iam::{account}:role/carveout-read".to_owned()),
        endpoint_url: Some(clouds.aws_endpoint()),
        ..AwsSettings::default()
    })
    .or_fail(usable)?
    .with_keys(&estate.aws_access_key_id(), "simulated");
    let azure = AzureConnector::new(
        "azure",
        AzureSettings {
            tenant: Some(estate.azure_tenant().to_owned()),
            resource_manager_url: clouds.azure_resource_manager(),
            graph_url: clouds.azure_graph(),
            ..AzureSettings::default()
        },
    )
    .or_fail(usable)?;
    let gcp = GcpConnector::new(
        "gcp",
        GcpSettings {
            asset_endpoint: Some(clouds.gcp_asset()),
            storage_endpoint: Some(clouds.gcp_storage()),
            resource_manager_endpoint: Some(clouds.gcp_resource_manager()),
            ..GcpSettings::new(estate.gcp_organization())
        },
    )
    .or_fail(usable)?;
    Ok(vec![Arc::new(aws), Arc::new(azure), Arc::new(gcp)])
}

/// What the demo shows at its end.
fn answer(reader: &Reader, finished: &Sealed, directory: &Path) -> Result<String, CliError> {
    let catalogue = Catalogue::embedded().or_fail(|| "the packaged queries are broken".to_owned())?;
    let ask = |name: &str| -> Result<Rows, CliError> {
        let query = catalogue.find(name).or_fail(|| format!("the query {name} is missing"))?;
        reader.query(&query.sql, &[]).or_fail(|| format!("`{name}` failed"))
    };
    let mut text = String::new();
    for (title, name) in [
        ("What repeats at each provider", "repeats-by-provider"),
        ("Which controls repeat per provider", "repeats-by-cloud"),
    ] {
        let mut rows = ask(name)?;
        let total = rows.rows.len();
        rows.rows.truncate(ROWS_SHOWN);
        let _ = writeln!(text, "\n{title} (the first {} of {total})\n\n{}", rows.rows.len(), indented(&rows));
    }
    text.push_str("What could not be seen\n\n");
    for gap in finished.gaps.iter().take(GAPS_SHOWN) {
        let Coverage { status, provider, scope_id, type_name, .. } = gap;
        let _ = writeln!(text, "  {status:<12} {provider} {scope_id} {type_name}");
    }
    if let Some(more) = finished.gaps.len().checked_sub(GAPS_SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(text, "  … and {more} more");
    }
    let _ = writeln!(
        text,
        "\nTry next (in {})\n\n  carveout query run controls-repeat-per-provider -p party=aws\n  carveout graph why datadog\n  \
         carveout scope size --without snowflake",
        directory.display()
    );
    Ok(text)
}

fn indented(rows: &Rows) -> String {
    printer::table(rows).lines().map(|line| format!("  {}\n", line.trim_end())).collect()
}
