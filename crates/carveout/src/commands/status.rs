//! `carveout status`: how old the answer is and what it rests on; also the summary at the end of a run.

use std::fmt::Write as _;

use carveout_model::CoverageStatus;
use carveout_warehouse::{Cell, Column, Reader, Rows, RunRow, RunStatus};
use jiff::{SignedDuration, Timestamp};

use crate::{
    cli::{Condition, Status},
    derive::Sealed,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Runs that are listed.
const RUNS_SHOWN: usize = 10;

/// Prints the last runs.
pub fn run(workspace: &Workspace, arguments: &Status) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    let runs = runs(&reader)?;
    let now = Timestamp::now();
    printer::print(&table(&runs, now), &arguments.output)?;
    if arguments.output.is_for_people() {
        printer::text(&gap_lines(&reader)?)?;
    }
    if holds(&reader, &arguments.fail_on.fail_on)? {
        return Ok(Exit::Condition);
    }
    Ok(Exit::Done)
}

fn runs(reader: &Reader) -> Result<Vec<RunRow>, CliError> {
    reader.runs().or_fail(|| "can't read the runs".to_owned())
}

fn sealed(runs: &[RunRow]) -> Option<&RunRow> {
    let is_sealed = |run: &&RunRow| matches!(run.status, RunStatus::Complete | RunStatus::Partial);
    runs.iter().filter(is_sealed).max_by_key(|run| run.run_id)
}

fn is_partial(runs: &[RunRow]) -> bool {
    sealed(runs).is_some_and(|run| run.status == RunStatus::Partial)
}

fn table(runs: &[RunRow], now: Timestamp) -> Rows {
    let count = |value: Option<u64>| value.map_or(Cell::Null, |value| Cell::Integer(value.cast_signed()));
    let mut newest_first: Vec<&RunRow> = runs.iter().collect();
    newest_first.sort_by_key(|run| std::cmp::Reverse(run.run_id));
    let row = |run: &RunRow| {
        vec![
            Cell::Integer(run.run_id.0),
            Cell::Text(run.status.as_str().to_owned()),
            Cell::Timestamp(run.started_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Cell::Text(age(now.duration_since(run.finished_at.unwrap_or(run.started_at)))),
            count(run.resources),
            count(run.added),
            count(run.changed),
            count(run.removed),
            count(run.requests),
        ]
    };
    Rows {
        columns: vec![
            Column::new("run_id", "BIGINT"),
            Column::new("status", "VARCHAR"),
            Column::new("started_at", "TIMESTAMP"),
            Column::new("age", "VARCHAR"),
            Column::new("resources", "BIGINT"),
            Column::new("added", "BIGINT"),
            Column::new("changed", "BIGINT"),
            Column::new("removed", "BIGINT"),
            Column::new("requests", "BIGINT"),
        ],
        rows: newest_first.into_iter().take(RUNS_SHOWN).map(row).collect(),
    }
}

/// `3 d`, `5 h`, `12 min`, `40 s`.
fn age(age: SignedDuration) -> String {
    let seconds = age.as_secs().max(0);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[derive(serde::Deserialize)]
struct Gap {
    provider: String,
    scope_id: String,
    #[serde(rename = "type")]
    type_name: String,
    status: String,
    units: u64,
    message: Option<String>,
}

/// What could not be seen the last time it was tried, one line per scope, type and reason.
fn gap_lines(reader: &Reader) -> Result<String, CliError> {
    let gaps: Vec<Gap> = reader
        .rows(
            "SELECT provider, scope_id, type, status, count(*) AS units, min(message) AS message
             FROM inventory.gaps
             GROUP BY provider, scope_id, type, status
             ORDER BY provider, scope_id, type, status",
            &[],
        )
        .or_fail(|| "can't read the coverage".to_owned())?;
    if gaps.is_empty() {
        return Ok("\nEverything that was asked for was read.\n".to_owned());
    }
    let mut text = format!("\nNot read ({} kinds; see `carveout query run coverage-gaps`):\n", gaps.len());
    for gap in gaps.iter().take(12) {
        let Gap { provider, scope_id, type_name, status, units, .. } = gap;
        let _ = writeln!(text, "  {status:<12} {provider} {scope_id} {type_name} ({units})");
        if let Some(message) = &gap.message {
            let _ = writeln!(text, "               {message}");
        }
    }
    Ok(text)
}

/// Whether any of the conditions holds for the last sealed run.
pub fn holds(reader: &Reader, conditions: &[Condition]) -> Result<bool, CliError> {
    let mut holds = false;
    for condition in conditions {
        let (met, words) = match condition {
            Condition::Stale(limit) => {
                let limit = SignedDuration::try_from(*limit).unwrap_or(SignedDuration::MAX);
                let runs = runs(reader)?;
                let finished = sealed(&runs).and_then(|run| run.finished_at);
                let is_old = |at: Timestamp| Timestamp::now().duration_since(at) > limit;
                (finished.is_none_or(is_old), format!("the last sealed run is older than {}", age(limit)))
            }
            Condition::Partial => {
                (is_partial(&runs(reader)?), "the last sealed run could not see everything".to_owned())
            }
            Condition::FailingCheck => (
                any(reader, "SELECT 1 FROM controls.check_results WHERE status = 'fail' LIMIT 1")?,
                "a check fails".to_owned(),
            ),
            Condition::NewThirdParty => (
                any(
                    reader,
                    "SELECT 1 FROM parties.third_parties
                     WHERE first_seen_run = (SELECT max(run_id) FROM inventory.coverage)
                         AND first_seen_run > (SELECT min(run_id) FROM inventory.coverage)
                     LIMIT 1",
                )?,
                "a third party was seen for the first time".to_owned(),
            ),
        };
        if met {
            tracing::warn!("--fail-on: {words}");
            holds = true;
        }
    }
    Ok(holds)
}

fn any(reader: &Reader, sql: &str) -> Result<bool, CliError> {
    let rows = reader.query(sql, &[]).or_fail(|| "can't read the database".to_owned())?;
    Ok(!rows.rows.is_empty())
}

/// The end of a run, for people: what changed, how big the audit is, what was not seen.
pub fn print_summary(finished: &Sealed) -> Result<(), CliError> {
    let Sealed { summary, scoping, gaps } = finished;
    let sizing = &scoping.sizing;
    let mut text = format!(
        "Run {} {}: {} resources ({} added, {} changed, {} removed, {} carried forward), {} requests\n",
        summary.run_id.0,
        summary.status.as_str(),
        summary.resources,
        summary.added,
        summary.changed,
        summary.removed,
        summary.carried_forward,
        summary.requests
    );
    let _ = writeln!(
        text,
        "{} third parties in scope; {} criteria; each for each {}, really repeating {} ({:.0} to {:.0} hours)",
        sizing.third_parties,
        sizing.criteria,
        sizing.naive_size,
        sizing.real_size,
        scoping.percentiles.p10,
        scoping.percentiles.p90
    );
    if !gaps.is_empty() {
        let denied = gaps.iter().filter(|row| row.status == CoverageStatus::Denied).count();
        let _ = writeln!(
            text,
            "{} units of work could not be read ({denied} denied); what was known of them is kept: `carveout status`",
            gaps.len()
        );
    }
    printer::text(&text)
}
