//! Holds the engine to every figure of `docs/worked-example.md`.

use std::collections::BTreeMap;

use carveout_model::{
    AuditScope, Category, Opinion, PartyOrigin, Period, Provider, Relation, ReportType, ServiceModel, Soc2Report,
    Strength, ThirdParty, Treatment,
};
use carveout_scoping::{
    CheckCount, ControlSet, DataFile, Mode, OWN_ORGANIZATION, PartyFacts, PartyReport, ResourceCount, Scenario,
    ScopingInput, Sizer, ThreePoint, monte_carlo,
};
use jiff::civil::date;

const DOCUMENT: &str = include_str!("../../../../docs/worked-example.md");

const CONTROLS: &str = r#"
replace = true

[[controls]]
id = "GV-01"
title = "Code of conduct"
objective = "…"
kind = "manual"
frequency = "annual"
owner = "people lead"
criteria = ["CC1.1"]
layers = ["entity"]
evidence = [{ kind = "policy", request = "…" }, { kind = "records", request = "…" }]

[[controls]]
id = "DP-01"
title = "Encryption at rest"
objective = "…"
kind = "automated"
frequency = "continuous"
owner = "platform lead"
criteria = ["CC6.1"]
layers = ["data"]
evidence = [{ kind = "configuration", request = "…" }]

[[controls]]
id = "PH-01"
title = "Access to the halls"
objective = "…"
kind = "manual"
frequency = "annual"
owner = "security lead"
criteria = ["CC6.4"]
layers = ["physical"]
evidence = [{ kind = "attestation", request = "…" }]

[[controls]]
id = "VM-02"
title = "Patching"
objective = "…"
kind = "manual"
frequency = "monthly"
owner = "platform lead"
criteria = ["CC6.8", "CC7.1"]
layers = ["operating_system"]
evidence = [{ kind = "records", request = "…" }]
"#;

fn party(party_id: &str, roles: &[(Relation, Strength)]) -> PartyFacts {
    PartyFacts {
        party: ThirdParty {
            party_id: party_id.to_owned(),
            name: party_id.to_owned(),
            domain: None,
            category: None,
            service_model: Some(ServiceModel::Saas),
            origin: PartyOrigin::Directory,
            in_register: false,
            relation_strength: None,
        },
        roles: roles.iter().copied().collect(),
        resources: 1,
    }
}

fn report() -> Soc2Report {
    Soc2Report {
        report_id: "aws-2026".to_owned(),
        party_id: Some("aws".to_owned()),
        organization: "aws".to_owned(),
        system: None,
        report_type: ReportType::Type2,
        auditor: None,
        period_start: Some(date(2025, 10, 1)),
        period_end: Some(date(2026, 9, 30)),
        as_of: None,
        issued_on: None,
        opinion: Some(Opinion::Unqualified),
        qualified_criteria: Vec::new(),
        categories: vec![Category::Security],
        bridge_until: None,
        subservice_organizations: Vec::new(),
        user_entity_controls: Vec::new(),
        subservice_controls: Vec::new(),
        controls: Vec::new(),
        exceptions: Vec::new(),
        source: String::new(),
        source_sha256: String::new(),
        extraction: serde_json::Value::Null,
    }
}

fn sizer() -> Sizer {
    let set = ControlSet::with_files(&[DataFile { name: "controls.toml", text: CONTROLS }]).expect("it is right");
    let count = |service: &str, service_model, count| ResourceCount {
        provider: Provider::Aws,
        service: service.to_owned(),
        type_name: service.to_owned(),
        service_model,
        count,
    };
    let checks = [CheckCount {
        control_id: "DP-01".to_owned(),
        party_id: "aws".to_owned(),
        passed: 90,
        failed: 10,
        unknown: 0,
        not_applicable: 0,
    }];
    let input = ScopingInput {
        parties: &[party("logs-vendor", &[(Relation::ReceivesTelemetry, Strength::SendsDataTo)])],
        resources: &[count("ec2", ServiceModel::Iaas, 300), count("s3", ServiceModel::Paas, 100)],
        reports: &[PartyReport { party_id: "aws".to_owned(), report: report() }],
        checks: &checks,
        populations: &[],
        incomplete_units: 0,
    };
    Sizer::new(&set, &input).expect("the frames are built")
}

fn scenario() -> Scenario {
    let scope = AuditScope {
        categories: vec![Category::Security].try_into().expect("security is in it"),
        report_type: ReportType::Type2,
        period: Period { start: date(2026, 1, 1), end: date(2026, 12, 31) },
        frameworks_in_place: Vec::new(),
    };
    Scenario::new("worked example", scope)
}

/// The figures are the engine's, and the document says them.
fn assert_hours(found: ThreePoint, low: f64, likely: f64, high: f64) {
    for (found, wanted) in [(found.low, low), (found.likely, likely), (found.high, high)] {
        assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
    }
    let text = format!("{low} / {likely} / {high}");
    assert!(DOCUMENT.contains(&text), "the document does not say {text}");
}

fn assert_pert(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 5e-4, "{found} is not {wanted}");
    let text = format!("{wanted:.3}").replace('-', "−");
    assert!(DOCUMENT.contains(&text), "the document does not say {text}");
}

#[test]
fn treatments_and_counts_are_those_of_the_document() {
    let sized = sizer().size(&scenario()).expect("it is sized");
    let sizing = &sized.sizing;
    assert_eq!((sizing.criteria, sizing.third_parties), (33, 2));
    assert_eq!((sizing.naive_size, sizing.inclusive_size, sizing.carve_out_size, sizing.real_size), (66, 6, 4, 5));
    let by_treatment = (sizing.customer, sizing.shared, sizing.inherited, sizing.assess, sizing.not_applicable);
    assert_eq!(by_treatment, (1, 4, 1, 1, 4));
    assert_eq!((sizing.report_reviews, sizing.vendor_assessments), (1, 1));
    assert_eq!((sizing.evidence_requests, sizing.evidence_answered), (5, 1));
    let treated: BTreeMap<(String, String, String), Treatment> = sized
        .obligations()
        .into_iter()
        .filter(|row| row.treatment != Treatment::NotApplicable)
        .map(|row| ((row.control_id, row.criterion_id, row.party_id), row.treatment))
        .collect();
    let wanted = [
        ("GV-01", "CC1.1", OWN_ORGANIZATION, Treatment::Customer),
        ("DP-01", "CC6.1", "aws", Treatment::Shared),
        ("PH-01", "CC6.4", "aws", Treatment::Inherited),
        ("VM-02", "CC6.8", "aws", Treatment::Shared),
        ("VM-02", "CC7.1", "aws", Treatment::Shared),
        ("DP-01", "CC6.1", "logs-vendor", Treatment::Shared),
        ("PH-01", "CC6.4", "logs-vendor", Treatment::Assess),
    ];
    let wanted = wanted.map(|(control, criterion, party, treatment)| {
        ((control.to_owned(), criterion.to_owned(), party.to_owned()), treatment)
    });
    assert_eq!(treated, wanted.into());
}

#[test]
fn hours_are_those_of_the_document() {
    let sized = sizer().size(&scenario()).expect("it is sized");
    let rows = sized.obligations();
    let hours = |control: &str, criterion: &str, party: &str| {
        let row = rows
            .iter()
            .find(|row| row.control_id == control && row.criterion_id == criterion && row.party_id == party)
            .expect("it is an obligation");
        ThreePoint { low: row.hours_low, likely: row.hours_likely, high: row.hours_high }
    };
    assert_hours(hours("GV-01", "CC1.1", OWN_ORGANIZATION), 1.83, 3.4, 6.85);
    assert_hours(hours("DP-01", "CC6.1", "aws"), 0.85, 1.7, 3.5);
    assert_hours(hours("DP-01", "CC6.1", "logs-vendor"), 1.25, 2.5, 5.0);
    assert_hours(hours("VM-02", "CC6.8", "aws"), 1.49, 2.95, 6.05);
    assert_eq!(hours("VM-02", "CC7.1", "aws"), ThreePoint::default(), "asked for under CC6.8");
    assert_eq!(hours("PH-01", "CC6.4", "aws"), ThreePoint::default(), "inherited");

    let mut parts: BTreeMap<&str, ThreePoint> = BTreeMap::new();
    for line in &sized.effort {
        let part = line.unit.split('.').next().expect("a word");
        *parts.entry(if part == "test" { "evidence" } else { part }).or_default() += line.hours;
    }
    assert_hours(parts["evidence"], 5.42, 10.55, 21.4);
    assert_hours(parts["report"], 0.75, 1.5, 8.5);
    assert_hours(parts["vendor"], 4.0, 8.0, 20.0);
    assert_hours(parts["fixed"], 21.0, 36.0, 60.0);
    assert_hours(parts["review"], 3.117, 8.4075, 21.98);
    let sizing = &sized.sizing;
    let total = ThreePoint { low: sizing.hours_low, likely: sizing.hours_likely, high: sizing.hours_high };
    assert_hours(total, 34.287, 64.4575, 131.88);
    assert_pert(sizing.hours_pert, 70.666);
}

#[test]
fn the_range_lies_around_the_mean_and_repeats_itself() {
    let sized = sizer().size(&scenario()).expect("it is sized");
    let range = sized.percentiles;
    assert_eq!(range.draws, 10_000);
    let ascending = [sized.sizing.hours_low, range.p10, range.p50, range.p90, sized.sizing.hours_high];
    assert!(ascending.is_sorted_by(|a, b| a < b), "{ascending:?}");
    assert!(range.p10 < sized.sizing.hours_pert && sized.sizing.hours_pert < range.p90);
    assert_eq!(monte_carlo(&sized.effort, 10_000, range.seed), range);
    assert_ne!(monte_carlo(&sized.effort, 10_000, range.seed + 1), range);
}

#[test]
fn the_modes_are_those_of_the_document() {
    let modes = sizer().modes(&scenario()).expect("they are sized");
    let mode = |wanted| modes.iter().find(|each| each.mode == wanted).expect("all modes come");
    let counts = |wanted| {
        let size = mode(wanted);
        (size.pairs, size.report_reviews, size.vendor_assessments)
    };
    assert_eq!(counts(Mode::Real), (5, 1, 1));
    assert_eq!(counts(Mode::EachForEach), (66, 0, 2));
    assert_eq!(counts(Mode::Inclusive), (6, 0, 2));
    assert_eq!(counts(Mode::CarveOut), (4, 2, 0));
    assert_hours(mode(Mode::Real).hours, 34.287, 64.4575, 131.88);
    assert_hours(mode(Mode::EachForEach).hours, 45.353, 86.94, 178.62);
    assert_hours(mode(Mode::Inclusive).hours, 39.688, 75.7275, 154.92);
    assert_hours(mode(Mode::CarveOut).hours, 30.712, 56.9825, 118.08);
    assert_pert(mode(Mode::EachForEach).hours_pert, 95.289);
    assert_pert(mode(Mode::Inclusive).hours_pert, 82.92);
    assert_pert(mode(Mode::CarveOut).hours_pert, 62.787);
    for size in &modes {
        let difference: f64 = size.difference.iter().map(|part| part.hours).sum();
        let wanted = size.hours_pert - mode(Mode::Real).hours_pert;
        assert!((difference - wanted).abs() < 1e-9, "{:?}: {difference} is not {wanted}", size.mode);
        let pairs: i64 = size.difference.iter().map(|part| part.pairs).sum();
        assert_eq!(pairs, i64::from(size.pairs) - i64::from(mode(Mode::Real).pairs), "{:?}", size.mode);
    }
}

#[test]
fn a_report_of_the_vendor_trades_an_assessment_for_a_review() {
    let toggles = sizer().toggles(&scenario(), 50).expect("they are sized");
    let toggle = toggles.iter().find(|each| each.change == "with a clean report of logs-vendor").expect("it is there");
    assert_pert(toggle.hours_delta, -7.879);
    assert_eq!((toggle.real_size_delta, toggle.evidence_requests_delta), (-1, 0));
}
