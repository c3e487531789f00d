//! A small estate that can be followed by hand.

use carveout_model::{
    AuditScope, Category, Obligation, Opinion, PartyOrigin, Period, Provider, Relation, ReportType, ServiceModel,
    Soc2Report, Strength, ThirdParty,
};
use carveout_scoping::{CheckCount, ControlSet, PartyFacts, PartyReport, ResourceCount, Scenario, ScopingInput, Sizer};
use jiff::civil::{Date, date};
use serde_json::Value;

pub fn party(id: &str, model: ServiceModel, roles: &[(Relation, Strength)]) -> PartyFacts {
    PartyFacts {
        party: ThirdParty {
            party_id: id.to_owned(),
            name: id.to_owned(),
            domain: None,
            category: None,
            service_model: Some(model),
            origin: PartyOrigin::Directory,
            in_register: false,
            relation_strength: None,
        },
        roles: roles.iter().copied().collect(),
        resources: 1,
    }
}

pub fn report(party_id: &str, end: Date) -> PartyReport {
    let report = Soc2Report {
        report_id: format!("{party_id}-{end}"),
        party_id: Some(party_id.to_owned()),
        organization: party_id.to_owned(),
        system: None,
        report_type: ReportType::Type2,
        auditor: None,
        period_start: Some(end.saturating_sub(jiff::Span::new().years(1))),
        period_end: Some(end),
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
        extraction: Value::Null,
    };
    PartyReport { party_id: party_id.to_owned(), report }
}

pub fn scope(categories: &[Category]) -> AuditScope {
    AuditScope {
        categories: categories.to_vec().try_into().expect("security is among them"),
        report_type: ReportType::Type2,
        period: Period { start: date(2026, 1, 1), end: date(2026, 12, 31) },
        frameworks_in_place: Vec::new(),
    }
}

pub fn base(categories: &[Category]) -> Scenario {
    Scenario::new("base", scope(categories))
}

/// AWS with machines and stores, a telemetry vendor, an identity provider and somebody we only have contact with.
#[derive(Clone)]
pub struct Estate {
    pub parties: Vec<PartyFacts>,
    pub resources: Vec<ResourceCount>,
    pub reports: Vec<PartyReport>,
    pub checks: Vec<CheckCount>,
}

pub fn estate() -> Estate {
    let count = |service: &str, model, count| ResourceCount {
        provider: Provider::Aws,
        service: service.to_owned(),
        type_name: format!("AWS::{service}"),
        service_model: model,
        count,
    };
    Estate {
        parties: vec![
            party("datadog", ServiceModel::Saas, &[(Relation::ReceivesTelemetry, Strength::SendsDataTo)]),
            party("okta", ServiceModel::Saas, &[(Relation::Authenticates, Strength::Identity)]),
            party("newsletter", ServiceModel::Saas, &[(Relation::StoresData, Strength::Contact)]),
        ],
        resources: vec![count("ec2", ServiceModel::Iaas, 300), count("s3", ServiceModel::Paas, 100)],
        reports: vec![report("aws", date(2026, 9, 30)), report("datadog", date(2026, 6, 30))],
        checks: Vec::new(),
    }
}

impl Estate {
    pub fn sizer(&self, set: &ControlSet) -> Sizer {
        let input = ScopingInput {
            parties: &self.parties,
            resources: &self.resources,
            reports: &self.reports,
            checks: &self.checks,
            populations: &[],
            incomplete_units: 0,
        };
        Sizer::new(set, &input).expect("the frames are built")
    }

    pub fn obligations(&self, scenario: &Scenario) -> Vec<Obligation> {
        self.sizer(&ControlSet::bundled()).size(scenario).expect("it is sized").obligations()
    }
}

pub fn one<'o>(all: &'o [Obligation], control: &str, criterion: &str, party: &str) -> &'o Obligation {
    all.iter()
        .find(|row| {
            (row.control_id.as_str(), row.criterion_id.as_str(), row.party_id.as_str()) == (control, criterion, party)
        })
        .unwrap_or_else(|| panic!("no obligation {control} {criterion} {party}"))
}

pub const SECURITY: &[Category] = &[Category::Security];

pub fn checks(control_id: &str, party_id: &str, passed: u64, failed: u64, unknown: u64) -> CheckCount {
    CheckCount {
        control_id: control_id.to_owned(),
        party_id: party_id.to_owned(),
        passed,
        failed,
        unknown,
        not_applicable: 0,
    }
}
