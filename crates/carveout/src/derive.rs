//! From the sealed estate to answers: parties, reports, the graph, obligations. Pure rooms do the work; this file only
//! carries rows between them and the warehouse, inside the transaction that seals the run.

use std::collections::{BTreeMap, HashMap};

use carveout_discovery::{Directory, OrganizationSettings, Ours, resolve};
use carveout_graph::{DependencyGraph, GraphInput, KnownDependency, PartyRef, ScopeUse, Sighting, subservice_slug};
use carveout_model::{
    AuditScope, CommonTest, Control, Coverage, CrosswalkEdge, CuecRow, Evidence, Gap, JudgedReport, OtherDocument,
    PartyName, Provider, Relation, Responsibility, Scenario as ScenarioRow, Scope, Soc2Report, ThirdParty,
};
use carveout_scoping::{ControlSet, Scenario, Scoping, Sizer, csoc_coverage, judge};
use carveout_warehouse::{
    CheckQuery, ControlRows, GraphRows, PartyRows, RelianceRows, RunSummary, ScopingRows, Sealing, Warehouse,
    WarehouseError,
};
use jiff::Timestamp;

use crate::{
    artifact, documents,
    error::{CliError, OrFail},
    facts::Facts,
    names,
    own_tables::{RegisterEntry, Subprocessor},
    populations::PopulationQuery,
    register,
};

/// The scenario that every run sizes: the configuration's own scope, nothing left out.
pub const CURRENT_SCENARIO: &str = "current";

/// What deriving rests on beside the estate.
#[derive(Debug)]
pub struct Ground {
    /// Our name.
    pub organization: String,
    /// What is ours beyond what the clouds say.
    pub ours: OrganizationSettings,
    /// The vendors that are known by name.
    pub directory: Directory,
    /// Whom vendors say that they depend on.
    pub subprocessors: Vec<Subprocessor>,
    /// The third parties that the organization knows of.
    pub register: Vec<RegisterEntry>,
    /// Criteria, controls and the tables that size them.
    pub controls: ControlSet,
    /// The checks that give evidence for controls.
    pub checks: Vec<CheckQuery>,
    /// The queries that list what samples are drawn from.
    pub populations: Vec<PopulationQuery>,
    /// What the audit covers.
    pub scope: AuditScope,
    /// Now.
    pub at: Timestamp,
}

/// What is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The crawl that has just ended.
    Crawl,
    /// The last sealed run, derived again.
    LastRun,
}

/// What was read of vendors since the last seal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Imports<'a> {
    /// SOC 2 reports.
    pub reports: &'a [Soc2Report],
    /// Documents that are none.
    pub documents: &'a [OtherDocument],
}

/// What a seal gave.
#[derive(Debug)]
pub struct Sealed {
    /// The run's row.
    pub summary: RunSummary,
    /// The size of the current scenario.
    pub scoping: Scoping,
    /// Everything that the run could not read.
    pub gaps: Vec<Coverage>,
}

/// Seals, derives and publishes: all of it, or the last state stays. A check that can't be carried out is left out and
/// unknown, and makes the run partial; it does not take the run down.
pub fn seal(
    warehouse: &mut Warehouse,
    basis: Basis,
    ground: &Ground,
    imports: Imports<'_>,
    is_partial: bool,
) -> Result<Sealed, CliError> {
    let mut broken = BTreeMap::new();
    loop {
        let sealing = match basis {
            Basis::Crawl => warehouse.seal(ground.at),
            Basis::LastRun => warehouse.revise(ground.at),
        };
        let mut sealing = sealing.or_fail(|| "can't begin to seal".to_owned())?;
        let storing = || "can't store the reports".to_owned();
        sealing.import_reports(imports.reports).or_fail(storing)?;
        sealing.import_documents(imports.documents).or_fail(storing)?;
        if is_partial || !broken.is_empty() {
            sealing.mark_partial();
        }
        let gaps = sealing.coverage().or_fail(|| "can't read the coverage".to_owned())?;
        let gaps = gaps.into_iter().filter(|row| row.status.is_gap()).collect();
        match derive(&mut sealing, ground, &broken)? {
            Derived::Whole(scoping) => {
                let summary = sealing.commit().or_fail(|| "can't seal".to_owned())?;
                warehouse.publish().or_fail(|| "it is sealed, but it can't be published".to_owned())?;
                return Ok(Sealed { summary, scoping: *scoping, gaps });
            }
            Derived::BrokenCheck { check_id, reason } => {
                tracing::warn!(check = %check_id, %reason, "this check can't be carried out; its control stays unknown");
                broken.insert(check_id, reason);
            }
        }
    }
}

enum Derived {
    Whole(Box<Scoping>),
    BrokenCheck { check_id: String, reason: String },
}

/// Derives everything from the open seal and writes it there.
fn derive(sealing: &mut Sealing<'_>, ground: &Ground, broken: &BTreeMap<String, String>) -> Result<Derived, CliError> {
    let reading = || "can't read the estate".to_owned();
    let observations = sealing.live_observations().or_fail(reading)?;
    let scopes = sealing.scopes().or_fail(reading)?;
    let holders = sealing.resource_scopes().or_fail(reading)?;
    let held: Vec<Held> = sealing.rows(HELD, &[]).or_fail(reading)?;
    let reports = sealing.imported_reports().or_fail(reading)?;
    let documents = sealing.imported_documents().or_fail(reading)?;

    let resolution = resolve(&observations, &Ours::new(&scopes, &ground.ours), &ground.directory);
    let mut parties = resolution.parties;
    let documents_of = documents::place(&documents, &mut parties, &ground.directory);
    register::mark(&mut parties, &ground.register, &ground.directory);
    let graph = build_graph(ground, &scopes, &held, &holders, &parties, &resolution.evidence, &reports);
    parties.extend(graph.added_parties().iter().cloned());
    parties.sort_by(|one, other| one.party_id.cmp(&other.party_id));
    let scenario = Scenario::new(CURRENT_SCENARIO, ground.scope.clone());

    let writing = || "can't write what was derived".to_owned();
    sealing
        .write_parties(&PartyRows {
            third_parties: &parties,
            evidence: &resolution.evidence,
            explained: &resolution.explained,
            exposures: &resolution.exposures,
        })
        .or_fail(writing)?;
    let judged = judged(reports, &graph, &scenario, &ground.directory);
    let names = names::rows(&ground.directory, &graph, &judged, &ground.register, &parties);
    let listed = sealing.rows(artifact::LISTED, &[]).or_fail(reading)?;
    let claims = artifact::claims(listed, &judged, &ground.directory, scenario.judged_on());
    sealing.write_reports(&[judged.as_slice(), claims.as_slice()].concat()).or_fail(writing)?;
    let (months, on) = (scenario.thresholds.current_months, scenario.judged_on());
    sealing.write_documents(&documents::judged(documents, documents_of, months, on)).or_fail(writing)?;
    sealing
        .write_graph(&GraphRows {
            nodes: graph.nodes(),
            edges: graph.edges(),
            reach: graph.reach(),
            concentration: graph.concentration(),
        })
        .or_fail(writing)?;
    write_controls(sealing, &ground.controls).or_fail(writing)?;
    let row = ScenarioRow {
        scenario: scenario.name.clone(),
        scope: scenario.scope.clone(),
        without_parties: Vec::new(),
        sized_at: ground.at,
    };
    sealing.write_scenarios(&[row]).or_fail(writing)?;

    // Checks ask the tables that were written above, and sizing what the checks found.
    match sealing.run_checks(&ground.checks, broken) {
        Ok(()) => {}
        Err(WarehouseError::Check { check_id, source }) => {
            return Ok(Derived::BrokenCheck { check_id, reason: source.message });
        }
        Err(error) => return Err(error).or_fail(writing),
    }
    let sizer = Facts::read(&|sql| sealing.query(sql, &[]), &ground.populations)?.sizer(&ground.controls)?;
    let scoping = sizer.size(&scenario).or_fail(|| "can't size the audit".to_owned())?;
    let gaps: Vec<(&str, Gap)> =
        sizer.gaps(&scenario, &scoping).into_iter().map(|gap| (CURRENT_SCENARIO, gap)).collect();
    sealing
        .write_scoping(&ScopingRows {
            obligations: &scoping.obligations(),
            sizing: std::slice::from_ref(&scoping.sizing),
            gaps: &gaps,
        })
        .or_fail(writing)?;
    write_reliance(sealing, ground, &sizer, &scenario, &judged, &names).or_fail(writing)?;
    Ok(Derived::Whole(Box::new(scoping)))
}

/// Live resources by scope: how much each scope holds of its cloud.
const HELD: &str = "
SELECT provider, scope_id, count(*) AS resources FROM inventory.resources
GROUP BY provider, scope_id ORDER BY provider, scope_id";

#[derive(serde::Deserialize)]
struct Held {
    provider: Provider,
    scope_id: String,
    resources: u64,
}

/// Builds the graph over the whole estate.
fn build_graph(
    ground: &Ground,
    scopes: &[Scope],
    held: &[Held],
    holders: &[carveout_warehouse::ResourceScope],
    parties: &[ThirdParty],
    evidence: &[Evidence],
    reports: &[Soc2Report],
) -> DependencyGraph {
    let holder_of: HashMap<&str, (Provider, &str)> = holders
        .iter()
        .map(|holder| (holder.resource_key.as_str(), (holder.provider, holder.scope_id.as_str())))
        .chain(scopes.iter().map(|scope| (scope.scope_id.as_str(), (scope.provider, scope.scope_id.as_str()))))
        .collect();
    let used: HashMap<(Provider, &str), u64> =
        held.iter().map(|row| ((row.provider, row.scope_id.as_str()), row.resources)).collect();
    let uses: Vec<ScopeUse<'_>> = scopes
        .iter()
        .map(|scope| ScopeUse {
            scope,
            resources: used.get(&(scope.provider, scope.scope_id.as_str())).copied().unwrap_or_default(),
        })
        .collect();
    let input = GraphInput {
        organization: &ground.organization,
        scopes: &uses,
        parties,
        reports,
        known_dependencies: &known_dependencies(ground, parties),
        resolve_name: &|name| names::party(&ground.directory, name),
    };
    let sightings =
        evidence.iter().filter_map(|row| Sighting::of(row, holder_of.get(row.resource_key.as_str()).copied()));
    DependencyGraph::build(&input, sightings)
}

/// A published list is weaker than a report: it is not audited, and has no period.
const LIST_CONFIDENCE: f64 = 0.5;

/// What vendors say of their subprocessors, with the parties that the names stand for.
fn known_dependencies(ground: &Ground, parties: &[ThirdParty]) -> Vec<KnownDependency> {
    let party = |name: &str| {
        let listed = parties.iter().find(|party| party.party_id == name);
        listed
            .map(|party| PartyRef { party_id: party.party_id.clone(), name: party.name.clone() })
            .or_else(|| names::party(&ground.directory, name))
            .unwrap_or_else(|| PartyRef { party_id: subservice_slug(name), name: name.to_owned() })
    };
    let row = |row: &Subprocessor| {
        let (vendor, subprocessor) = (party(&row.vendor), party(&row.subprocessor));
        KnownDependency {
            party_id: vendor.party_id,
            party_name: vendor.name,
            depends_on: subprocessor.party_id,
            depends_on_name: subprocessor.name,
            relation: Relation::SubserviceOf,
            confidence: LIST_CONFIDENCE,
        }
    };
    ground.subprocessors.iter().map(row).collect()
}

/// Reports with their parties and how far the scenario may rely on them.
fn judged(
    reports: Vec<Soc2Report>,
    graph: &DependencyGraph,
    scenario: &Scenario,
    directory: &Directory,
) -> Vec<JudgedReport> {
    reports
        .into_iter()
        .map(|report| {
            let subservice = |name: &str| {
                let found =
                    graph.subservices().iter().find(|each| each.report_id == report.report_id && each.name == name);
                found.map(|each| each.party_id.clone())
            };
            JudgedReport {
                party_id: graph.report_parties().get(&report.report_id).cloned(),
                subservice_party_ids: report
                    .subservice_organizations
                    .iter()
                    .map(|organization| subservice(&organization.name))
                    .collect(),
                subservice_control_party_ids: names::csoc_parties(directory, graph, &report),
                reliance: Some(judge(&report, &scenario.thresholds, scenario.judged_on()).reliance),
                judged_on: scenario.judged_on(),
                report,
            }
        })
        .collect()
}

/// What the current scenario may rely on, to the day and to the criterion.
fn write_reliance(
    sealing: &mut Sealing<'_>,
    ground: &Ground,
    sizer: &Sizer,
    scenario: &Scenario,
    judged: &[JudgedReport],
    names: &[PartyName],
) -> Result<(), WarehouseError> {
    let cuecs: Vec<CuecRow> = sizer.cuecs(scenario).iter().map(|trace| trace.row(&scenario.name)).collect();
    sealing.write_reliance(&RelianceRows {
        names,
        coverage: &sizer.report_coverage(scenario),
        csocs: &csoc_coverage(judged, ground.controls.criteria(), scenario),
        cuecs: &cuecs,
    })
}

fn write_controls(sealing: &mut Sealing<'_>, set: &ControlSet) -> Result<(), carveout_warehouse::WarehouseError> {
    let controls: Vec<Control> = set.controls().iter().map(|each| each.control.clone()).collect();
    let crosswalk: Vec<CrosswalkEdge> = set
        .crosswalk()
        .iter()
        .map(|edge| CrosswalkEdge {
            framework: edge.framework.clone(),
            framework_version: edge.framework_version.clone(),
            framework_control_id: edge.framework_control_id.clone(),
            criterion_id: edge.criterion_id.clone(),
            source: edge.source.clone(),
            relation: Some(edge.relation.clone()),
            licence: Some(edge.licence.clone()),
        })
        .collect();
    let responsibility: Vec<Responsibility> = set
        .layer_owners()
        .iter()
        .map(|cell| Responsibility {
            service_model: cell.service_model,
            layer: cell.layer,
            criterion_id: None,
            party_id: None,
            owner: cell.owner,
            source: cell.source.clone(),
        })
        .collect();
    let common_tests: Vec<CommonTest> = set
        .controls()
        .iter()
        .filter_map(|each| {
            let (control_id, rests_on) = (each.control.control_id.clone(), each.common_test.clone()?);
            Some(CommonTest { control_id, rests_on })
        })
        .collect();
    sealing.write_controls(&ControlRows {
        criteria: set.criteria(),
        controls: &controls,
        crosswalk: &crosswalk,
        responsibility: &responsibility,
        common_tests: &common_tests,
        evidence_guide: set.evidence_guide(),
    })
}
