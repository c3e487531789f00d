//! One published run in memory: the open file, the facts ready to size, and what the page shows of them.

use std::{
    collections::{BTreeSet, VecDeque},
    fs, io,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::SystemTime,
};

use carveout_graph::ExportFormat;
use carveout_model::AuditScope;
use carveout_scoping::{ControlSet, Scenario, Scoping, Sizer};
use carveout_warehouse::{Reader, RunRow, RunStatus};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    commands::{graph::rows::Published, scope::base_scope},
    error::{CliError, OrFail},
    facts::Facts,
    workspace::Workspace,
};

/// Sized scenarios that are kept: the panels of the page ask about the same one, one after another.
const KEPT: usize = 6;

/// Places that could not be read, as far as the page lists them.
const GAPS: &str = "
SELECT provider, scope_id, region, type AS resource_type, status, message
FROM inventory.gaps ORDER BY provider, scope_id, region, type LIMIT 200";

const REPORTS: &str = "
SELECT report_id, party_id, report_type, auditor, period_start, period_end, as_of, opinion, bridge_until
FROM parties.reports WHERE party_id IS NOT NULL ORDER BY report_id";

/// A third party as the page lists it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PartyRow {
    pub party_id: String,
    name: String,
    domain: Option<String>,
    category: Option<String>,
    origin: String,
    in_register: bool,
    strength: Option<String>,
    evidence: u64,
    resources: u64,
    relations: Vec<String>,
}

/// A report as it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportRow {
    report_id: String,
    party_id: String,
    report_type: String,
    auditor: Option<String>,
    period_start: Option<Date>,
    period_end: Option<Date>,
    as_of: Option<Date>,
    opinion: Option<String>,
    bridge_until: Option<Date>,
}

/// A place that could not be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlaceRow {
    provider: String,
    scope_id: String,
    region: Option<String>,
    resource_type: Option<String>,
    status: String,
    message: Option<String>,
}

/// What tells one published file from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileMark {
    modified: SystemTime,
    bytes: u64,
}

impl FileMark {
    fn of(database: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(database)?;
        Ok(Self { modified: metadata.modified()?, bytes: metadata.len() })
    }
}

fn is_sealed(run: &RunRow) -> bool {
    matches!(run.status, RunStatus::Complete | RunStatus::Partial)
}

/// A loaded run.
pub struct Estate {
    /// The open file. A newer one replaces it on the disk, and this one stays readable.
    reader: Mutex<Reader>,
    mark: FileMark,
    pub organization: String,
    pub run: Option<RunRow>,
    pub scope: AuditScope,
    pub controls: ControlSet,
    pub sizer: Sizer,
    /// Those that bear on the audit, by id.
    pub parties: Vec<PartyRow>,
    pub reports: Vec<ReportRow>,
    pub unread: Vec<PlaceRow>,
    party_ids: BTreeSet<String>,
    recent: Mutex<VecDeque<(Scenario, Arc<Scoping>)>>,
    graph: OnceLock<String>,
}

impl Estate {
    /// Opens the published file and reads what sizing rests on.
    pub fn load(workspace: &Workspace) -> Result<Self, CliError> {
        let database = workspace.database()?.to_owned();
        let reading = || format!("can't read {}", database.display());
        // Taken before the file is opened: one that is published meanwhile is then seen as newer. Where there is no
        // file at all, the reader says it best.
        let mark = FileMark::of(&database).or_fail(reading);
        let reader = workspace.reader()?;
        let mark = mark?;
        let scope = base_scope(workspace, &reader)?;
        let controls = workspace.control_set()?;
        let sizer = Facts::read(&|sql| reader.query(sql, &[]), &workspace.populations(&controls)?)?.sizer(&controls)?;
        let sized = sizer.size(&Scenario::new("session", scope.clone()));
        let party_ids: BTreeSet<String> = sized
            .or_fail(|| "can't size the audit".to_owned())?
            .matrix()
            .into_iter()
            .map(|cell| cell.party_id)
            .collect();
        let mut parties: Vec<PartyRow> = reader.rows(include_str!("parties.sql"), &[]).or_fail(reading)?;
        parties.retain(|party| party_ids.contains(&party.party_id));
        let organization = match workspace.maybe_config() {
            Some(config) => config.workspace.name.clone(),
            None => database.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        };
        Ok(Self {
            run: reader.runs().or_fail(reading)?.into_iter().find(is_sealed),
            reports: reader.rows(REPORTS, &[]).or_fail(reading)?,
            unread: reader.rows(GAPS, &[]).or_fail(reading)?,
            reader: Mutex::new(reader),
            mark,
            organization,
            scope,
            controls,
            sizer,
            parties,
            party_ids,
            recent: Mutex::new(VecDeque::with_capacity(KEPT)),
            graph: OnceLock::new(),
        })
    }

    /// Whether another file was published since. One that is gone for a moment is not newer.
    pub fn is_outdated(&self, workspace: &Workspace) -> bool {
        let now = workspace.database().ok().and_then(|database| FileMark::of(database).ok());
        now.is_some_and(|now| now != self.mark)
    }

    /// Whether a third party bears on the audit.
    pub fn holds(&self, party_id: &str) -> bool {
        self.party_ids.contains(party_id)
    }

    /// The frameworks in place of a scenario, by the names that the crosswalk has for them.
    pub fn frameworks(&self, scenario: &Scenario) -> Vec<String> {
        let in_place = scenario.scope.frameworks_in_place.iter();
        in_place.map(|name| self.controls.framework(name).to_owned()).collect()
    }

    /// A scenario's size; the last ones are kept.
    pub fn sized(&self, scenario: &Scenario) -> Result<Arc<Scoping>, CliError> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, scoping)) = recent().iter().find(|(kept, _)| kept == scenario) {
            return Ok(Arc::clone(scoping));
        }
        // Not under the lock: two who ask at once are both answered.
        let scoping = Arc::new(self.sizer.size(scenario).or_fail(|| "can't size the audit".to_owned())?);
        let mut kept = recent();
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((scenario.clone(), Arc::clone(&scoping)));
        Ok(scoping)
    }

    /// Asks the open file.
    pub fn read<T>(&self, ask: impl FnOnce(&Reader) -> Result<T, CliError>) -> Result<T, CliError> {
        ask(&self.reader.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The graph of third parties as a page of its own, drawn once.
    pub fn graph(&self) -> Result<String, CliError> {
        if let Some(page) = self.graph.get() {
            return Ok(page.clone());
        }
        let (graph, totals) = self.read(|reader| Published::new(reader).for_export())?;
        Ok(self.graph.get_or_init(|| graph.export(ExportFormat::Html, &totals)).clone())
    }
}
