//! From the sealed estate to answers: parties, reports, the graph, obligations. Pure rooms do the work; this file only
//! carries rows between them and the warehouse, inside the transaction that seals the run.

use std::collections::{BTreeMap, HashMap};

use carveout_discovery::{Directory, OrganizationSettings, Ours, resolve};
use carveout_graph::{DependencyGraph, GraphInput, PartyRef, ScopeUse};
use carveout_model::{
    AuditScope, Control, CrosswalkEdge, Evidence, JudgedReport, Provider, Responsibility, Scenario as ScenarioRow,
    Scope, Soc2Report, ThirdParty,
};
use carveout_scoping::{
    ControlSet, PartyFacts, PartyReport, ResourceCount, Scenario, Scoping, ScopingInput, Sizer, party_facts,
};
use carveout_warehouse::{ControlRows, GraphRows, PartyRows, ScopingRows, Sealing};
use jiff::Timestamp;

use crate::error::{CliError, OrFail};

/// The scenario that every run sizes: the configuration's own scope, nothing left out.
pub const CURRENT_SCENARIO: &str = "current";

/// What deriving rests on beside the estate.
#[derive(Debug)]
pub struct Ground<'a> {
    /// Our name.
    pub organization: &'a str,
    /// What is ours beyond what the clouds say.
    pub ours: &'a OrganizationSettings,
    /// The vendors that are known by name.
    pub directory: &'a Directory,
    /// Criteria, controls and the tables that size them.
    pub controls: &'a ControlSet,
    /// What the audit covers.
    pub scope: &'a AuditScope,
    /// Now.
    pub at: Timestamp,
}

/// Derives everything from the open seal and writes it there; returns the size of the current scenario.
pub fn derive(sealing: &mut Sealing<'_>, ground: &Ground<'_>) -> Result<Scoping, CliError> {
    let reading = || "can't read the estate".to_owned();
    let observations = sealing.live_observations().or_fail(reading)?;
    let scopes = sealing.scopes().or_fail(reading)?;
    let resources = sealing.resource_counts().or_fail(reading)?;
    let holders = sealing.resource_scopes().or_fail(reading)?;
    let coverage = sealing.coverage().or_fail(reading)?;
    let reports = sealing.imported_reports().or_fail(reading)?;

    let resolution = resolve(&observations, &Ours::new(&scopes, ground.ours), ground.directory);
    let graph = build_graph(ground, &scopes, &holders, &resolution.parties, &resolution.evidence, &reports);
    let mut parties = resolution.parties;
    parties.extend(graph.added_parties().iter().cloned());
    parties.sort_by(|one, other| one.party_id.cmp(&other.party_id));

    let party_reports: Vec<PartyReport> = reports
        .iter()
        .filter_map(|report| {
            let party_id = graph.report_parties().get(&report.report_id)?.clone();
            Some(PartyReport { party_id, report: report.clone() })
        })
        .collect();
    let counts: Vec<ResourceCount> = resources
        .into_iter()
        .map(|count| ResourceCount {
            provider: count.provider,
            service: count.service,
            type_name: count.type_name,
            service_model: count.service_model,
            count: count.resources,
        })
        .collect();
    let incomplete = coverage.iter().filter(|row| row.status.is_gap()).count();
    let facts = in_scope(&parties, &resolution.evidence, &party_reports);
    let input = ScopingInput {
        parties: &facts,
        resources: &counts,
        reports: &party_reports,
        checks: &[],
        populations: &[],
        incomplete_units: u32::try_from(incomplete).unwrap_or(u32::MAX),
    };
    let scenario = Scenario::new(CURRENT_SCENARIO, ground.scope.clone());
    let scoping = Sizer::new(ground.controls, &input)
        .and_then(|sizer| sizer.size(&scenario))
        .or_fail(|| "can't size the audit".to_owned())?;

    let writing = || "can't write what was derived".to_owned();
    sealing
        .write_parties(&PartyRows {
            third_parties: &parties,
            evidence: &resolution.evidence,
            explained: &resolution.explained,
            exposures: &resolution.exposures,
        })
        .or_fail(writing)?;
    sealing.write_reports(&judged(reports, &graph, &scoping, &scenario)).or_fail(writing)?;
    sealing
        .write_graph(&GraphRows {
            nodes: graph.nodes(),
            edges: graph.edges(),
            reach: graph.reach(),
            concentration: graph.concentration(),
        })
        .or_fail(writing)?;
    write_controls(sealing, ground.controls).or_fail(writing)?;
    let row = ScenarioRow {
        scenario: scenario.name.clone(),
        scope: scenario.scope.clone(),
        without_parties: Vec::new(),
        sized_at: ground.at,
    };
    sealing
        .write_scoping(&ScopingRows {
            scenarios: &[row],
            obligations: &scoping.obligations(),
            sizing: std::slice::from_ref(&scoping.sizing),
        })
        .or_fail(writing)?;
    Ok(scoping)
}

/// The parties that bear on an audit: those that evidence shows, and those whose report is held. A fourth party, which
/// only another's report names, is in the graph and not in counts or hours.
pub fn in_scope(parties: &[ThirdParty], evidence: &[Evidence], reports: &[PartyReport]) -> Vec<PartyFacts> {
    let mut facts = party_facts(parties, evidence);
    facts.retain(|each| !each.roles.is_empty() || reports.iter().any(|report| report.party_id == each.party.party_id));
    facts
}

/// Builds the graph over the whole estate.
fn build_graph(
    ground: &Ground<'_>,
    scopes: &[Scope],
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
    let mut used: BTreeMap<(Provider, &str), u64> = BTreeMap::new();
    for holder in holders {
        *used.entry((holder.provider, &holder.scope_id)).or_default() += 1;
    }
    let uses: Vec<ScopeUse<'_>> = scopes
        .iter()
        .map(|scope| ScopeUse {
            scope,
            resources: used.get(&(scope.provider, scope.scope_id.as_str())).copied().unwrap_or_default(),
        })
        .collect();
    DependencyGraph::build(&GraphInput {
        organization: ground.organization,
        scopes: &uses,
        parties,
        evidence,
        reports,
        known_dependencies: &[],
        scope_of: &|key| holder_of.get(key).map(|(provider, scope_id)| (*provider, (*scope_id).to_owned())),
        resolve_name: &|name| name_to_party(ground.directory, name),
    })
}

/// The party that a printed name stands for.
fn name_to_party(directory: &Directory, name: &str) -> Option<PartyRef> {
    let vendor = directory.vendor_by_name(name)?;
    Some(PartyRef { party_id: vendor.vendor_id.clone(), name: vendor.name.clone() })
}

/// Reports with their parties and how far the base scenario may rely on them.
fn judged(
    reports: Vec<Soc2Report>,
    graph: &DependencyGraph,
    scoping: &Scoping,
    scenario: &Scenario,
) -> Vec<JudgedReport> {
    let reliance: HashMap<&str, _> = scoping.reliance.iter().map(|each| (each.report_id.as_str(), each)).collect();
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
                reliance: reliance.get(report.report_id.as_str()).map(|each| each.reliance),
                judged_on: scenario.judged_on(),
                report,
            }
        })
        .collect()
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
    sealing.write_controls(&ControlRows {
        criteria: set.criteria(),
        controls: &controls,
        crosswalk: &crosswalk,
        responsibility: &responsibility,
        checks: &[],
        evidence_guide: &[],
    })
}
