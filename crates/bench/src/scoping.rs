//! Sizing an audit again after a toggle: 500 third parties, all 61 criteria, the bundled control list.

use std::{
    collections::BTreeMap,
    hint::black_box,
    io::Write as _,
    process::Command,
    time::{Duration, Instant},
};

use carveout_model::{
    AuditScope, Category, Opinion, PartyOrigin, Period, Provider, Relation, ReportType, ServiceModel, Soc2Report,
    Strength, ThirdParty,
};
use carveout_scoping::{
    CheckCount, ControlSet, PartyFacts, PartyReport, ResourceCount, Scenario, ScopingInput, Sizer, monte_carlo,
};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::{
    Result, Tools,
    measure::run,
    table::{count, mebibytes, table},
};

/// Vendors; with the two clouds there are 500 third parties.
const VENDORS: usize = 498;
const TOGGLES: usize = 200;
const DRAWS: u32 = 10_000;
const MATRICES: usize = 20;

/// What one kind of work took, in milliseconds.
#[derive(Serialize, Deserialize)]
struct Pace {
    what: String,
    median_ms: f64,
    p95_ms: f64,
}

#[derive(Serialize, Deserialize)]
struct Report {
    obligations: usize,
    controls: usize,
    paces: Vec<Pace>,
}

fn vendor(at: usize) -> PartyFacts {
    // A role as each kind of evidence shows it; contacts are many in every estate.
    let roles = [
        (Relation::StoresData, Strength::SendsDataTo),
        (Relation::Administers, Strength::CanAdmin),
        (Relation::ReceivesTelemetry, Strength::SendsDataTo),
        (Relation::SuppliesCode, Strength::Hosting),
        (Relation::Contact, Strength::Contact),
    ];
    let party_id = format!("vendor-{at:03}");
    PartyFacts {
        party: ThirdParty {
            name: party_id.clone(),
            party_id,
            domain: None,
            category: None,
            service_model: Some(ServiceModel::ALL[at % ServiceModel::ALL.len()]),
            origin: PartyOrigin::Directory,
            in_register: false,
            relation_strength: None,
        },
        roles: BTreeMap::from([roles[at % roles.len()]]),
        resources: 1,
    }
}

fn report(party_id: &str, period_end: Date) -> PartyReport {
    PartyReport {
        party_id: party_id.to_owned(),
        report: Soc2Report {
            report_id: format!("report-{party_id}"),
            party_id: Some(party_id.to_owned()),
            organization: party_id.to_owned(),
            system: None,
            report_type: ReportType::Type2,
            auditor: None,
            period_start: Some(period_end.saturating_sub(jiff::Span::new().years(1))),
            period_end: Some(period_end),
            as_of: None,
            issued_on: None,
            opinion: Some(Opinion::Unqualified),
            qualified_criteria: Vec::new(),
            categories: vec![Category::Security, Category::Availability],
            bridge_until: None,
            subservice_organizations: Vec::new(),
            user_entity_controls: Vec::new(),
            subservice_controls: Vec::new(),
            controls: Vec::new(),
            exceptions: Vec::new(),
            source: String::new(),
            source_sha256: String::new(),
            extraction: serde_json::Value::Null,
        },
    }
}

fn pace(what: &str, mut times: Vec<Duration>) -> Pace {
    times.sort();
    let milliseconds = |at: usize| times[at].as_secs_f64() * 1e3;
    let last = times.len() - 1;
    Pace { what: what.to_owned(), median_ms: milliseconds(last / 2), p95_ms: milliseconds(last * 95 / 100) }
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    black_box(work());
    started.elapsed()
}

/// Sizes again and again and prints the paces.
pub fn child() -> Result<()> {
    let parties: Vec<PartyFacts> = (0..VENDORS).map(vendor).collect();
    let reports: Vec<PartyReport> = parties
        .iter()
        .step_by(2)
        .map(|facts| report(&facts.party.party_id, date(2026, 9, 30)))
        .chain([report("aws", date(2026, 9, 30))])
        .collect();
    let resources: Vec<ResourceCount> = [Provider::Aws, Provider::Gcp]
        .into_iter()
        .flat_map(|provider| ServiceModel::ALL.iter().map(move |model| (provider, *model)))
        .map(|(provider, service_model)| ResourceCount {
            provider,
            service: "service".to_owned(),
            type_name: "type".to_owned(),
            service_model,
            count: 1_000,
        })
        .collect();
    let set = ControlSet::bundled();
    let checks: Vec<CheckCount> = set
        .controls()
        .iter()
        .flat_map(|each| ["aws", "google-cloud"].map(|party_id| (&each.control.control_id, party_id)))
        .map(|(control_id, party_id)| CheckCount {
            control_id: control_id.clone(),
            party_id: party_id.to_owned(),
            passed: 90,
            failed: 10,
            unknown: 0,
            not_applicable: 5,
        })
        .collect();
    let input = ScopingInput {
        parties: &parties,
        resources: &resources,
        reports: &reports,
        checks: &checks,
        populations: &[],
        incomplete_units: 0,
    };
    let scope = AuditScope {
        categories: Category::ALL.to_vec().try_into()?,
        report_type: ReportType::Type2,
        period: Period { start: date(2026, 1, 1), end: date(2026, 12, 31) },
        frameworks_in_place: vec!["ccm".to_owned()],
    };
    let sizer = Sizer::new(&set, &input)?;
    let load = pace("load", (0..MATRICES).map(|_| timed(|| Sizer::new(&set, &input))).collect());

    let base = Scenario::new("base", scope);
    let mut toggles = Vec::with_capacity(TOGGLES);
    for at in 0..TOGGLES {
        let mut scenario = base.clone();
        let party = format!("vendor-{at:03}");
        match at % 4 {
            0 => scenario.without.insert(party),
            1 => scenario.assume_reports.insert(party),
            2 => scenario.inclusive.insert(party),
            _ => {
                let dropped = Category::ALL[1 + at / 4 % (Category::ALL.len() - 1)];
                let kept: Vec<Category> = Category::ALL.iter().copied().filter(|each| *each != dropped).collect();
                scenario.scope.categories = kept.try_into()?;
                true
            }
        };
        let started = Instant::now();
        black_box(sizer.size(&scenario)?);
        toggles.push(started.elapsed());
    }
    let sized = sizer.size(&base)?;
    let draws = (0..MATRICES).map(|at| timed(|| monte_carlo(&sized.effort, DRAWS, at as u64))).collect();
    let modes = (0..MATRICES).map(|_| timed(|| sizer.modes(&base))).collect();
    let matrix = (0..MATRICES).map(|_| timed(|| sizer.matrix(&base))).collect();
    let obligations = (0..MATRICES).map(|_| timed(|| sized.obligations())).collect();
    let answer = Report {
        obligations: sized.obligations().len(),
        controls: set.controls().len(),
        paces: vec![
            load,
            pace("toggle (a party, a report, a method or a category)", toggles),
            pace("10,000 Monte Carlo draws, part of each toggle", draws),
            pace("all four modes", modes),
            pace("responsibility matrix", matrix),
            pace("obligations as rows", obligations),
        ],
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&answer)?)?;
    Ok(())
}

/// Measures and writes the table.
pub fn section(tools: &Tools) -> Result<String> {
    let measured = run(Command::new(&tools.bench).arg("scoping"), &[0])?;
    let report: Report = serde_json::from_str(&measured.stdout)?;
    let rows: Vec<Vec<String>> = report
        .paces
        .iter()
        .map(|pace| vec![pace.what.clone(), format!("{:.1}", pace.median_ms), format!("{:.1}", pace.p95_ms)])
        .collect();
    Ok(table(
        "Sizing",
        &["what", "median ms", "p95 ms"],
        &rows,
        &format!(
            "500 third parties × 61 criteria × {} controls, {} obligations; {TOGGLES} toggles, {MATRICES} of each other \
             kind, one process, {} MiB at its peak. Wanted: a toggle in 50 ms (p95), the draws in 500 ms.",
            report.controls,
            count(report.obligations as f64),
            mebibytes(measured.peak_bytes)
        ),
    ))
}
