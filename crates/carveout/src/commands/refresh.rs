//! `carveout refresh`: one run over the configured connectors.

use jiff::Timestamp;

use crate::{
    cli::{Condition, Global, Refresh},
    commands::{reports, status},
    connectors,
    error::{CliError, Exit},
    run::{self, Request},
    runtime,
    workspace::Workspace,
};

/// Crawls, seals, derives and publishes.
pub fn run(global: &Global, arguments: &Refresh) -> Result<Exit, CliError> {
    let workspace = Workspace::open(global)?;
    let config = workspace.config()?;
    let at = Timestamp::now();
    let connectors = connectors::build(&config.connectors, &arguments.only, &arguments.types)?;
    let wants_reports = arguments.only.is_empty() || arguments.only.iter().any(|kind| kind == "soc2_reports");
    let has_reports = wants_reports && !config.connectors.soc2_reports.is_empty();
    if connectors.is_empty() && !has_reports {
        return Err(CliError::usage("there is nothing to refresh: no connector is configured")
            .hint("add [[connectors.aws]], [[connectors.azure]] or [[connectors.gcp]] to the configuration"));
    }
    let mut ground = workspace.ground(at)?;
    let reports::Found { reports: cards, register, unreadable } = if wants_reports {
        reports::configured(&workspace, config, &ground.controls.criterion_ids())?
    } else {
        reports::Found::default()
    };
    ground.register.extend(register);
    let redaction_key = workspace.redaction_key()?;
    let mut warehouse = workspace.warehouse()?;
    let finished = run::run(
        &mut warehouse,
        &runtime()?,
        Request {
            connectors: &connectors,
            requested: requested(arguments),
            resume_within: arguments.resume_within,
            redaction_key,
            reports: &cards,
            reports_incomplete: unreadable > 0,
            ground,
            quiet: global.quiet,
        },
    )?;
    let reader = workspace.reader()?;
    status::print_summary(&finished)?;
    if status::holds(&reader, &arguments.fail_on.fail_on)? {
        return Ok(Exit::Condition);
    }
    let gaps = !finished.gaps.is_empty() || unreadable > 0;
    if gaps && arguments.fail_on.fail_on.contains(&Condition::Partial) {
        return Ok(Exit::Condition);
    }
    Ok(if gaps { Exit::Incomplete } else { Exit::Done })
}

/// What was asked for, as `inventory.runs` keeps it.
fn requested(arguments: &Refresh) -> String {
    let list = |words: &[String]| if words.is_empty() { "all".to_owned() } else { words.join(" ") };
    format!("connectors: {}; types: {}", list(&arguments.only), list(&arguments.types))
}
