//! `carveout refresh`: one run over the configured connectors.

use carveout_model::{AuditScope, Category, Period, ReportType};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::{
    cli::{Condition, Global, Refresh},
    commands::{reports, status},
    connectors,
    derive::Ground,
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
    let controls = workspace.control_set();
    let (cards, unreadable) = if wants_reports {
        reports::configured(&workspace, config, &controls.criterion_ids())?
    } else {
        (Vec::new(), 0)
    };
    let scope = audit_scope(config.scope.as_ref(), at);
    let redaction_key = workspace.redaction_key()?;
    let directory = workspace.vendor_directory()?;
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
            ground: Ground {
                organization: &config.workspace.name,
                ours: &config.organization,
                directory: &directory,
                controls: &controls,
                scope: &scope,
                at,
            },
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

/// The configured scope, or security over the twelve months before today.
pub fn audit_scope(configured: Option<&AuditScope>, at: Timestamp) -> AuditScope {
    configured.cloned().unwrap_or_else(|| {
        let today = at.to_zoned_datetime(TimeZone::UTC).date();
        tracing::warn!("no [scope] in the configuration: sizing security over the last twelve months");
        AuditScope {
            categories: vec![Category::Security].try_into().expect("security alone is a scope"),
            report_type: ReportType::Type2,
            period: Period { start: today.saturating_sub(12.months()), end: today },
            frameworks_in_place: Vec::new(),
        }
    })
}
