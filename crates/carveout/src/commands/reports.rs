//! `carveout reports`: vendors' SOC 2 report cards into the database, and what is there.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use carveout_model::Soc2Report;
use carveout_queries::Binding;
use carveout_soc2_reports::{TEMPLATE, expand, read_card};
use jiff::Timestamp;

use crate::{
    cli::{Global, Reports},
    commands::refresh::audit_scope,
    config::Config,
    derive::{Ground, derive},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Imports, lists or shows.
pub fn run(global: &Global, command: &Reports) -> Result<Exit, CliError> {
    match command {
        Reports::Import { files } => return import(&Workspace::open(global)?, files),
        Reports::Template => printer::text(TEMPLATE)?,
        Reports::List { output } => {
            let reader = Workspace::open(global)?.reader()?;
            let rows = reader
                .query(
                    "SELECT report_id, party_id, report_type, period_start, coalesce(period_end, as_of) AS until,
                         opinion, reliance, categories
                     FROM parties.reports ORDER BY party_id NULLS LAST, until, report_id",
                    &[],
                )
                .or_fail(|| "can't read the reports".to_owned())?;
            printer::print(&rows, output)?;
        }
        Reports::Show { report, output } => {
            let reader = Workspace::open(global)?.reader()?;
            let rows = reader
                .query(include_str!("reports_show.sql"), &[Binding::text("report", report)])
                .or_fail(|| "can't read the reports".to_owned())?;
            if rows.rows.is_empty() {
                return Err(CliError::failed(format!("no report and no party is called `{report}`"))
                    .hint("`carveout reports list` shows all"));
            }
            printer::print(&rows, output)?;
        }
    }
    Ok(Exit::Done)
}

/// Stores the cards and derives everything again from the last sealed run.
fn import(workspace: &Workspace, files: &[PathBuf]) -> Result<Exit, CliError> {
    let controls = workspace.control_set();
    let known = controls.criterion_ids();
    let mut cards = Vec::new();
    let mut refused = Vec::new();
    for path in files {
        match read(path, &known)? {
            Ok(card) => cards.push(card),
            Err(error) => refused.push(error),
        }
    }
    if !refused.is_empty() {
        return Err(CliError::failed(format!("nothing was imported\n{}", refused.join("\n")))
            .hint("`carveout reports template` prints a commented card"));
    }
    let at = Timestamp::now();
    let config = workspace.maybe_config();
    let scope = audit_scope(config.and_then(|config| config.scope.as_ref()), at);
    let directory = workspace.vendor_directory()?;
    let ours = config.map(|config| config.organization.clone()).unwrap_or_default();
    let mut warehouse = workspace.warehouse()?;
    let mut sealing = warehouse.revise(at).or_fail(|| "can't open the database for changes".to_owned())?;
    sealing.import_reports(&cards).or_fail(|| "can't store the reports".to_owned())?;
    let organization = config.map_or("organization", |config| config.workspace.name.as_str());
    derive(
        &mut sealing,
        &Ground { organization, ours: &ours, directory: &directory, controls: &controls, scope: &scope, at },
    )?;
    sealing.commit().or_fail(|| "can't store the reports".to_owned())?;
    warehouse.publish().or_fail(|| "the reports are stored, but they can't be published".to_owned())?;
    let ids: Vec<&str> = cards.iter().map(|card| card.report_id.as_str()).collect();
    printer::text(&format!("imported {}\n", ids.join(", ")))?;
    Ok(Exit::Done)
}

/// Reads the cards that the configuration names. One that can't be read is told and counted; the others go in.
pub fn configured(
    workspace: &Workspace,
    config: &Config,
    known: &BTreeSet<String>,
) -> Result<(Vec<Soc2Report>, usize), CliError> {
    let mut cards = Vec::new();
    let mut unreadable = 0;
    for section in &config.connectors.soc2_reports {
        let patterns: Vec<&str> = section.paths.iter().map(String::as_str).collect();
        let found = expand(&workspace.directory, &patterns)
            .or_usage(|| "[[connectors.soc2_reports]] paths can't be used".to_owned())?;
        for pattern in &found.unmatched {
            tracing::warn!(%pattern, "no report card matches");
        }
        for path in &found.files {
            match read(path, known)? {
                Ok(card) => cards.push(card),
                Err(error) => {
                    unreadable += 1;
                    tracing::warn!("this report card is left out\n{error}");
                }
            }
        }
    }
    Ok((cards, unreadable))
}

/// Reads one card: what is wrong with it is a value, so that others can go on.
fn read(path: &Path, known: &BTreeSet<String>) -> Result<Result<Soc2Report, String>, CliError> {
    let bytes = fs::read(path).or_fail(|| format!("can't read {}", path.display()))?;
    Ok(read_card(path, &bytes, known).map_err(|error| error.to_string()))
}
