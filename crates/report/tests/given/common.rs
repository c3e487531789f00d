//! A small audit: one cloud with a report, one vendor without, and one place that could not be read.

use carveout_model::{
    Category, Check, CheckProvider, CheckStatus, Control, ControlKind, Criterion, Frequency, Gap as AuditGap, GapKind,
    Layer, Opinion, Owner, PartyOrigin, Provider, Reliance, ReportType, ScopeKind, ServiceModel, Sizing, Strength,
    SubserviceMethod, ThirdParty, Treatment,
};
use carveout_report::{
    AuditFacts, CheckResult, CheckSummary, Gap, LayerOwner, OpenObligation, PartyUse, Report, Run, Scenario, ScopeUse,
    ServiceUse, Subservice, SubserviceExpectation, UserEntityControlRow,
};

pub const REPORT: &str = "aws-2026";
pub const KEYS: &str = "aws-keys-rotated";

fn text(text: &str) -> String {
    text.to_owned()
}

pub fn criterion(id: &str, category: Category) -> Criterion {
    Criterion { criterion_id: text(id), category, series: id[..2].to_owned(), title: format!("What {id} asks") }
}

fn control(id: &str, kind: ControlKind, owner: &str, criteria: &[&str]) -> Control {
    Control {
        control_id: text(id),
        title: format!("Title of {id}"),
        objective: format!("Objective of {id}."),
        kind,
        frequency: Frequency::Continuous,
        owner: text(owner),
        criteria: criteria.iter().map(|each| text(each)).collect(),
        layers: vec![Layer::Data],
    }
}

pub fn obligation(control: &str, criterion: &str, party: &str, treatment: Treatment, owner: Owner) -> OpenObligation {
    OpenObligation {
        control_id: text(control),
        criterion_id: text(criterion),
        party_id: text(party),
        treatment,
        owner,
        basis: vec![text("a reason")],
        report_id: None,
        evidence_requests: 1,
        evidence_answered: 0,
        population: None,
        sample_size: None,
    }
}

pub fn party(id: &str, name: &str) -> ThirdParty {
    ThirdParty {
        party_id: text(id),
        name: text(name),
        domain: None,
        category: None,
        service_model: Some(ServiceModel::Iaas),
        origin: PartyOrigin::Provider,
        in_register: false,
        relation_strength: Some(Strength::Hosting),
    }
}

pub fn check(id: &str, control: &str, resource_type: &str) -> Check {
    Check {
        check_id: text(id),
        control_id: text(control),
        criterion_ids: vec![text("CC6.1")],
        provider: CheckProvider::Aws,
        resource_type: text(resource_type),
        title: format!("Title of {id}"),
        rationale: text("It matters."),
        query_name: text(id),
    }
}

pub fn result(check: &str, key: &str, status: CheckStatus) -> CheckResult {
    CheckResult {
        run_id: 7,
        check_id: text(check),
        resource_key: text(key),
        status,
        reason: format!("{status} because of a fact"),
        scope_id: Some(text("111122223333")),
        region: Some(text("global")),
        type_name: Some(text("AWS::IAM::User")),
        name: None,
    }
}

pub fn facts() -> AuditFacts {
    let relied = |mut obligation: OpenObligation| {
        obligation.report_id = Some(text(REPORT));
        obligation
    };
    AuditFacts {
        organization: text("acme"),
        run: Run {
            run_id: 7,
            started_at: "2026-06-30T00:00:00Z".parse().expect("an instant"),
            finished_at: "2026-06-30T01:00:00Z".parse().expect("an instant"),
            status: text("partial"),
            resources: Some(3),
        },
        scenario: Scenario {
            scenario: text("current"),
            categories: vec![Category::Security],
            report_type: ReportType::Type2,
            period_start: "2026-01-01".parse().expect("a day"),
            period_end: "2026-12-31".parse().expect("a day"),
        },
        sizing: Sizing {
            scenario: text("current"),
            criteria: 33,
            third_parties: 2,
            naive_size: 66,
            carve_out_size: 20,
            inclusive_size: 60,
            real_size: 41,
            customer: 12,
            shared: 9,
            inherited: 30,
            assess: 20,
            not_applicable: 5,
            report_reviews: 1,
            vendor_assessments: 1,
            evidence_requests: 90,
            evidence_answered: 70,
            hours_low: 110.2,
            hours_likely: 160.0,
            hours_high: 300.6,
            hours_pert: 175.1,
            incomplete_units: 1,
        },
        gaps: vec![Gap {
            run_id: 7,
            provider: Provider::Aws,
            scope_id: text("444455556666"),
            region: text("*"),
            type_name: text("*"),
            status: text("denied"),
            error_code: Some(text("AccessDenied")),
            message: Some(text("not authorized")),
        }],
        audit_gaps: vec![AuditGap {
            kind: GapKind::NoReport,
            control_id: None,
            party_id: text("northwind"),
            report_id: None,
            criterion_ids: vec![text("CC6.1")],
            obligations: 1,
            what: text("no report is held"),
        }],
        scopes: vec![scope("111122223333", 3), scope("444455556666", 0)],
        services: vec![ServiceUse {
            provider: Provider::Aws,
            scope_id: text("111122223333"),
            service: text("iam"),
            service_model: ServiceModel::Saas,
            resources: 3,
            regions: vec![text("global")],
        }],
        parties: vec![party("aws", "Amazon Web Services"), party("logs", "Northwind Logs")],
        party_uses: vec![PartyUse { party_id: text("aws"), relations: vec![text("hosts")], resources: 3 }],
        reports: vec![Report {
            report_id: text(REPORT),
            party_id: Some(text("aws")),
            organization: text("Amazon Web Services, Inc."),
            system: None,
            report_type: ReportType::Type2,
            auditor: Some(text("Sample LLP")),
            period_start: Some("2025-10-01".parse().expect("a day")),
            period_end: Some("2026-09-30".parse().expect("a day")),
            as_of: None,
            issued_on: None,
            opinion: Some(Opinion::Unqualified),
            categories: vec![Category::Security],
            subservice_method: None,
            bridge_until: None,
            reliance: Some(Reliance::Current),
            judged_on: "2026-12-31".parse().expect("a day"),
            source_sha256: text("00ff"),
            exceptions: 0,
        }],
        user_entity_controls: vec![cuec("CUEC-1", "CC6.1"), cuec("CUEC-2", "CC7.2")],
        subservices: vec![Subservice {
            report_id: text(REPORT),
            name: text("Equinix"),
            method: SubserviceMethod::CarveOut,
            services: None,
        }],
        subservice_expectations: vec![SubserviceExpectation {
            report_id: text(REPORT),
            csoc_ref: text("CSOC-1"),
            organization: None,
            criteria: vec![text("CC6.4")],
            description: text("Doors are locked."),
        }],
        criteria: vec![
            criterion("CC6.1", Category::Security),
            criterion("CC6.4", Category::Security),
            criterion("CC7.2", Category::Security),
            criterion("P1.1", Category::Privacy),
        ],
        controls: vec![
            control("AC-08", ControlKind::Automated, "platform lead", &["CC6.1"]),
            control("PH-01", ControlKind::Manual, "security lead", &["CC6.4"]),
            control("PR-01", ControlKind::Manual, "privacy lead", &["P1.1"]),
        ],
        layer_owners: vec![LayerOwner {
            service_model: ServiceModel::Iaas,
            layer: Layer::Data,
            owner: Owner::Customer,
            source: text("a source"),
        }],
        obligations: vec![
            relied(obligation("AC-08", "CC6.1", "aws", Treatment::Shared, Owner::Shared)),
            obligation("AC-08", "CC6.1", "logs", Treatment::Assess, Owner::Provider),
            relied(obligation("PH-01", "CC6.4", "aws", Treatment::Inherited, Owner::Provider)),
            obligation("PH-01", "CC6.4", "logs", Treatment::NotApplicable, Owner::NotApplicable),
        ],
        checks: vec![check(KEYS, "AC-08", "AWS::IAM::User")],
        check_summaries: vec![CheckSummary {
            control_id: text("AC-08"),
            party_id: Some(text("aws")),
            provider: CheckProvider::Aws,
            check_id: text(KEYS),
            passed: 1,
            failed: 0,
            unknown: 2,
            not_applicable: 0,
        }],
    }
}

fn scope(id: &str, resources: i64) -> ScopeUse {
    ScopeUse {
        provider: Provider::Aws,
        scope_id: text(id),
        kind: ScopeKind::Account,
        name: None,
        status: text("active"),
        resources,
    }
}

fn cuec(reference: &str, criterion: &str) -> UserEntityControlRow {
    UserEntityControlRow {
        report_id: text(REPORT),
        cuec_ref: text(reference),
        criteria: vec![text(criterion)],
        description: format!("Do what {reference} says."),
    }
}
