//! What the page asks and what it is answered, as JSON.

use std::collections::{BTreeMap, HashMap};

use carveout_graph::Why;
use carveout_model::{Criterion, Gap, GapKind, Obligation, Reliance, Sizing};
use carveout_queries::Binding;
use carveout_scoping::{
    Comparison, Contributor, ControlRepeat, EffortLine, Percentiles, RepeatedAt, ReportReliance, Scoping, Shown,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{commands::graph::rows::Published, error::CliError};

use super::{
    estate::{Estate, PartyRow, PlaceRow, ReportRow},
    scenario,
};

/// Largest parts of each kind.
const PARTS: usize = 12;
/// Drivers and changes of a comparison.
const DIFFERENCES: usize = 40;
/// Columns of the heat map.
const MOST_COLUMNS: usize = 100;
/// Rows of gaps and of evidence in one answer.
const MOST_ROWS: usize = 1000;

/// A question about one scenario.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub scenario: toml::Table,
}

/// A question about several scenarios.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedScenarios {
    pub scenarios: Vec<toml::Table>,
}

/// Which controls repeat at these third parties?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedRepeats {
    pub scenario: toml::Table,
    pub parties: Vec<String>,
}

/// What does one control ask for at one third party?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedObligations {
    pub scenario: toml::Table,
    pub control: String,
    pub party: String,
}

/// What stands in the way, of one kind and at one third party where they are given?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedGaps {
    pub scenario: toml::Table,
    pub kind: Option<GapKind>,
    pub party: Option<String>,
    pub most: usize,
}

/// Why is a third party here?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedWhy {
    pub party: String,
    /// Rows of evidence.
    pub most: usize,
}

/// A file that was loaded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedText {
    pub name: String,
    pub text: String,
}

#[derive(Serialize)]
struct ControlRow<'a> {
    control_id: &'a str,
    title: &'a str,
    objective: &'a str,
    /// Shown once, for the organization, and not for each third party.
    is_shown_once: bool,
}

/// What no scenario changes.
#[derive(Serialize)]
pub struct EstateAnswer<'a> {
    organization: &'a str,
    run: RunAnswer,
    criteria: &'a [Criterion],
    controls: Vec<ControlRow<'a>>,
    frameworks: Vec<&'a str>,
    parties: &'a [PartyRow],
    reports: &'a [ReportRow],
    unread: &'a [PlaceRow],
    /// The scenario to start from.
    scenario: serde_json::Value,
}

/// Which run is loaded.
#[derive(Serialize)]
pub struct RunAnswer {
    run_id: Option<i64>,
    finished_at: Option<Timestamp>,
    status: Option<String>,
    resources: Option<u64>,
    is_outdated: bool,
}

/// What no scenario changes.
pub fn estate(estate: &Estate) -> Result<EstateAnswer<'_>, CliError> {
    Ok(EstateAnswer {
        organization: &estate.organization,
        run: run(estate, false),
        criteria: estate.controls.criteria(),
        controls: estate
            .controls
            .controls()
            .iter()
            .map(|each| ControlRow {
                control_id: &each.control.control_id,
                title: &each.control.title,
                objective: &each.control.objective,
                is_shown_once: each.shown == Shown::Once,
            })
            .collect(),
        frameworks: estate.controls.crosswalk().frameworks().into_iter().collect(),
        parties: &estate.parties,
        reports: &estate.reports,
        unread: &estate.unread,
        scenario: scenario::base(estate)?,
    })
}

/// Which run is loaded, and whether a newer one is there.
pub fn run(estate: &Estate, is_outdated: bool) -> RunAnswer {
    let run = estate.run.as_ref();
    RunAnswer {
        run_id: run.map(|run| run.run_id.0),
        finished_at: run.and_then(|run| run.finished_at),
        status: run.map(|run| run.status.to_string()),
        resources: run.and_then(|run| run.resources),
        is_outdated,
    }
}

#[derive(Serialize)]
struct PartyHours {
    party_id: String,
    hours: f64,
}

/// A scenario's size.
#[derive(Serialize)]
pub struct SizeAnswer<'a> {
    run_id: Option<i64>,
    sizing: &'a Sizing,
    percentiles: Percentiles,
    notes: &'a [String],
    /// PERT hours of evidence and tests; a party that asks for none is not there.
    party_hours: Vec<PartyHours>,
    parts: Vec<Contributor>,
    effort: &'a [EffortLine],
    reliance: Vec<StandingRow<'a>>,
}

/// How a report stands; why it can't be relied on, where it can't.
#[derive(Serialize)]
struct StandingRow<'a> {
    report_id: &'a str,
    party_id: &'a str,
    reliance: Reliance,
    obstacle: Option<&'a str>,
}

impl<'a> From<&'a ReportReliance> for StandingRow<'a> {
    fn from(each: &'a ReportReliance) -> Self {
        Self {
            report_id: &each.report_id,
            party_id: &each.party_id,
            reliance: each.reliance,
            obstacle: each.obstacle.as_deref(),
        }
    }
}

/// A scenario's size.
pub fn size<'a>(estate: &Estate, scoping: &'a Scoping) -> SizeAnswer<'a> {
    let parties = scoping.contributors(usize::MAX).into_iter().filter(|part| part.kind == "party");
    SizeAnswer {
        run_id: estate.run.as_ref().map(|run| run.run_id.0),
        sizing: &scoping.sizing,
        percentiles: scoping.percentiles,
        notes: &scoping.notes,
        party_hours: parties.map(|part| PartyHours { party_id: part.subject, hours: part.hours.pert() }).collect(),
        parts: scoping.contributors(PARTS),
        effort: &scoping.effort,
        reliance: scoping.reliance.iter().map(StandingRow::from).collect(),
    }
}

/// One control at one third party.
#[derive(Serialize)]
#[serde(untagged)]
enum Cell {
    Repeats(RepeatedAt),
    Inherited { party_id: String, report_id: String },
}

#[derive(Serialize)]
struct RepeatRow {
    control_id: String,
    title: String,
    /// Over all third parties, not only those asked for.
    repeats: usize,
    inherited: usize,
    common_test: Option<String>,
    common_test_saves_hours: f64,
    /// In the order of the parties asked for; nothing where the control has no bearing.
    cells: Vec<Option<Cell>>,
}

/// The control × provider map.
#[derive(Serialize)]
pub struct RepeatsAnswer {
    parties: Vec<String>,
    rows: Vec<RepeatRow>,
}

/// Which controls repeat at these third parties.
pub fn repeats(scoping: &Scoping, parties: &[String]) -> RepeatsAnswer {
    let parties: Vec<String> = parties.iter().take(MOST_COLUMNS).cloned().collect();
    let column_of: HashMap<&str, usize> = parties.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let row = |repeat: ControlRepeat| {
        let mut cells: Vec<Option<Cell>> = std::iter::repeat_with(|| None).take(parties.len()).collect();
        let (repeats, inherited) = (repeat.repeats_at.len(), repeat.inherited_from.len());
        for (party_id, report_id) in repeat.inherited_from {
            if let Some(column) = column_of.get(party_id.as_str()) {
                cells[*column] = Some(Cell::Inherited { party_id, report_id });
            }
        }
        for place in repeat.repeats_at {
            if let Some(column) = column_of.get(place.party_id.as_str()) {
                cells[*column] = Some(Cell::Repeats(place));
            }
        }
        RepeatRow {
            control_id: repeat.control_id,
            title: repeat.title,
            repeats,
            inherited,
            common_test: repeat.common_test,
            common_test_saves_hours: repeat.common_test_saves_hours,
            cells,
        }
    };
    let rows = scoping.repeats().into_iter().map(row).collect();
    RepeatsAnswer { rows, parties }
}

/// The obligations of one control at one third party.
pub fn obligations(scoping: &Scoping, control_id: &str, party_id: &str) -> Vec<Obligation> {
    let mut found = scoping.obligations();
    found.retain(|each| each.control_id == control_id && each.party_id == party_id);
    found
}

/// Gaps, as many as were asked for, with how many there are.
#[derive(Serialize)]
pub struct GapsAnswer {
    /// Of each kind, whatever was asked for.
    by_kind: BTreeMap<&'static str, usize>,
    /// Of those asked for.
    found: usize,
    gaps: Vec<Gap>,
}

/// What stands between a scenario and its audit.
pub fn gaps(mut gaps: Vec<Gap>, kind: Option<GapKind>, party: Option<&str>, most: usize) -> GapsAnswer {
    let mut by_kind: BTreeMap<&'static str, usize> = GapKind::ALL.iter().map(|kind| (kind.as_str(), 0)).collect();
    for gap in &gaps {
        *by_kind.entry(gap.kind.as_str()).or_default() += 1;
    }
    gaps.retain(|gap| kind.is_none_or(|kind| gap.kind == kind) && party.is_none_or(|party| gap.party_id == party));
    let found = gaps.len();
    gaps.truncate(most.min(MOST_ROWS));
    GapsAnswer { by_kind, found, gaps }
}

/// Scenarios side by side, with the largest differences only.
pub fn comparison(mut comparison: Comparison) -> Comparison {
    comparison.drivers.truncate(DIFFERENCES);
    comparison.changes.truncate(DIFFERENCES);
    comparison
}

/// Why a third party is here.
#[derive(Serialize)]
pub struct WhyAnswer {
    why: Why,
    /// Names of the parties on the way.
    names: BTreeMap<String, String>,
    /// Whether there is more evidence than was asked for.
    has_more: bool,
}

/// Why a third party is here, with at most so many rows of evidence.
pub fn why(estate: &Estate, party_id: &str, most: usize) -> Result<WhyAnswer, CliError> {
    let most = most.min(MOST_ROWS);
    let graph = estate.read(|reader| {
        // One more than is shown, to tell that there are more.
        let rows = i64::try_from(most + 1).unwrap_or(i64::MAX);
        Published::new(reader).for_why(&Binding::text("party", party_id), party_id, rows)
    })?;
    let mut why = graph.why(party_id).ok_or_else(|| {
        CliError::usage(format!("no third party has the id `{party_id}`")).hint("`carveout parties list` lists all")
    })?;
    let has_more = why.evidence.len() > most;
    why.evidence.truncate(most);
    let on_the_way = why.reach.iter().flat_map(|reach| &reach.path).map(String::as_str).chain([party_id]);
    let names = on_the_way.map(|id| (id.to_owned(), graph.name(id).to_owned())).collect();
    Ok(WhyAnswer { why, names, has_more })
}
