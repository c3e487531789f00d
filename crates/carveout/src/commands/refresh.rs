//! `carveout refresh`: one run over the configured connectors, or one after the other by a schedule.

mod health;
mod notify;
mod schedule;

use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::{
    cli::{Condition, Global, Refresh},
    commands::{reports, status},
    connectors,
    derive::{Imports, Sealed},
    error::{CliError, Exit},
    interrupt,
    run::{self, Request},
    runtime,
    workspace::Workspace,
};

pub use schedule::Schedule;

/// What a run came to.
pub struct Refreshed {
    /// The sealed run.
    pub finished: Sealed,
    /// Report files that could not be read.
    pub unreadable_reports: usize,
    /// The status to exit with.
    pub exit: Exit,
}

/// Crawls, seals, derives and publishes.
pub fn run(global: &Global, arguments: &Refresh) -> Result<Exit, CliError> {
    let runtime = runtime()?;
    let stop = interrupt::stop_token(&runtime);
    if let Some(schedule) = &arguments.schedule {
        return schedule::run(global, arguments, schedule, &runtime, &stop);
    }
    let outcome = once(global, arguments, &runtime, &stop);
    notify::tell(arguments.notify.as_deref(), &outcome);
    outcome.map(|refreshed| refreshed.exit)
}

/// One run. The configuration is read anew, so that a schedule follows it.
fn once(
    global: &Global,
    arguments: &Refresh,
    runtime: &Runtime,
    stop: &CancellationToken,
) -> Result<Refreshed, CliError> {
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
    let found = if wants_reports {
        reports::configured(&workspace, config, &ground.controls.criterion_ids())?
    } else {
        reports::Found::default()
    };
    let reports::Found { reports, documents, register, unreadable } = found;
    ground.register.extend(register);
    let redaction_key = workspace.redaction_key()?;
    let mut warehouse = workspace.warehouse()?;
    let finished = run::run(
        &mut warehouse,
        runtime,
        Request {
            connectors: &connectors,
            requested: requested(arguments),
            resume_within: arguments.resume_within,
            redaction_key,
            imports: Imports { reports: &reports, documents: &documents },
            reports_incomplete: unreadable > 0,
            ground,
            quiet: global.quiet,
            stop: stop.child_token(),
        },
    )?;
    let reader = workspace.reader()?;
    status::print_summary(&finished)?;
    let gaps = !finished.gaps.is_empty() || unreadable > 0;
    let conditions = &arguments.fail_on.fail_on;
    let holds = status::holds(&reader, conditions)? || (gaps && conditions.contains(&Condition::Partial));
    let exit = match (holds, gaps) {
        (true, _) => Exit::Condition,
        (false, true) => Exit::Incomplete,
        (false, false) => Exit::Done,
    };
    Ok(Refreshed { finished, unreadable_reports: unreadable, exit })
}

/// What was asked for, as `inventory.runs` keeps it.
fn requested(arguments: &Refresh) -> String {
    let list = |words: &[String]| if words.is_empty() { "all".to_owned() } else { words.join(" ") };
    format!("connectors: {}; types: {}", list(&arguments.only), list(&arguments.types))
}
