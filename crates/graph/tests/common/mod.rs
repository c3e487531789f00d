//! Small estates that can be checked by eye, and how they are published.

use carveout_graph::{
    CoverageRow, DaysCovered, DependencyGraph, EvidenceRow, GraphInput, KnownDependency, ObligationRow, PartyRef,
    PublishedGraph, ReportRow, ScopeUse, Sighting, SubserviceRow,
};
use carveout_model::{
    Category, Direction, Evidence, EvidenceStatus, Opinion, PartyOrigin, Provider, Relation, ReportType, Scope,
    ScopeKind, Soc2Report, Strength, SubserviceMethod, SubserviceOrganization, ThirdParty,
};
use serde_json::{Value, json};

pub fn scope(id: &str) -> Scope {
    Scope {
        provider: Provider::Aws,
        scope_id: id.to_owned(),
        kind: ScopeKind::Account,
        parent_id: None,
        name: None,
        status: "active".to_owned(),
        raw: Value::Null,
    }
}

pub fn party(id: &str, origin: PartyOrigin) -> ThirdParty {
    ThirdParty {
        party_id: id.to_owned(),
        name: id.to_uppercase(),
        domain: None,
        category: None,
        service_model: None,
        origin,
        in_register: false,
        relation_strength: None,
    }
}

pub fn evidence(party_id: &str, resource_key: &str, status: EvidenceStatus) -> Evidence {
    Evidence {
        party_id: party_id.to_owned(),
        resource_key: resource_key.to_owned(),
        signal: "iam_trust_policy".to_owned(),
        relation: Relation::ReadsData,
        strength: Strength::CanReadData,
        direction: Direction::Inbound,
        detail: json!({ "path": "AssumeRolePolicyDocument.Statement[0].Principal.AWS" }),
        relation_confidence: 0.9,
        attribution_confidence: 0.5,
        status,
    }
}

pub fn report(vendor: &str, subservices: &[&str]) -> Soc2Report {
    Soc2Report {
        report_id: format!("{vendor}-2026"),
        party_id: Some(vendor.to_owned()),
        organization: vendor.to_uppercase(),
        system: None,
        report_type: ReportType::Type2,
        auditor: None,
        period_start: None,
        period_end: None,
        as_of: None,
        issued_on: None,
        opinion: Some(Opinion::Unqualified),
        qualified_criteria: Vec::new(),
        categories: vec![Category::Security],
        bridge_until: None,
        subservice_organizations: subservices
            .iter()
            .map(|name| SubserviceOrganization {
                name: (*name).to_owned(),
                method: SubserviceMethod::CarveOut,
                services: None,
            })
            .collect(),
        user_entity_controls: Vec::new(),
        subservice_controls: Vec::new(),
        controls: Vec::new(),
        exceptions: Vec::new(),
        source: String::new(),
        source_sha256: String::new(),
        extraction: Value::Null,
    }
}

pub struct Estate {
    pub scopes: Vec<(Scope, u64)>,
    pub parties: Vec<ThirdParty>,
    pub evidence: Vec<Evidence>,
    pub reports: Vec<Soc2Report>,
    pub known: Vec<KnownDependency>,
    pub obligations: Vec<ObligationRow>,
}

impl Estate {
    pub fn build(&self) -> DependencyGraph {
        let scopes: Vec<ScopeUse<'_>> =
            self.scopes.iter().map(|(scope, resources)| ScopeUse { scope, resources: *resources }).collect();
        let input = GraphInput {
            organization: "Acme",
            scopes: &scopes,
            parties: &self.parties,
            reports: &self.reports,
            known_dependencies: &self.known,
            resolve_name: &|name| {
                let party_id = match name {
                    "Amazon Web Services, Inc." => "aws",
                    "DATADOG" => "datadog",
                    "OKTA" => "okta",
                    _ => return None,
                };
                Some(PartyRef { party_id: party_id.to_owned(), name: name.to_owned() })
            },
        };
        DependencyGraph::build(&input, self.evidence.iter().filter_map(|row| Sighting::of(row, scope_of(row))))
    }

    /// As the database would give it back.
    pub fn publish(&self) -> PublishedGraph {
        let graph = self.build();
        let mut parties = self.parties.clone();
        parties.extend(graph.added_parties().iter().cloned());
        parties.sort_by(|a, b| a.party_id.cmp(&b.party_id));
        let text = |row: &Evidence, member: &str| row.detail.get(member).and_then(Value::as_str).map(str::to_owned);
        let mut evidence: Vec<EvidenceRow> = self
            .evidence
            .iter()
            .map(|row| EvidenceRow {
                party_id: row.party_id.clone(),
                scope: scope_of(row).map(|(provider, scope_id)| format!("scope:{provider}:{scope_id}")),
                resource_key: row.resource_key.clone(),
                signal: row.signal.clone(),
                relation: row.relation,
                strength: row.strength,
                status: row.status,
                path: text(row, "path"),
                value: text(row, "value"),
            })
            .collect();
        evidence.sort_by(|a, b| (&a.party_id, &a.resource_key).cmp(&(&b.party_id, &b.resource_key)));
        PublishedGraph {
            nodes: graph.nodes().to_vec(),
            edges: graph.edges().to_vec(),
            reach: graph.reach().to_vec(),
            concentration: graph.concentration().to_vec(),
            parties,
            reports: self
                .reports
                .iter()
                .map(|report| ReportRow {
                    report_id: report.report_id.clone(),
                    party_id: graph.report_parties()[&report.report_id].clone(),
                    report_type: report.report_type.to_string(),
                    speaks_until: None,
                    opinion: report.opinion.map(|opinion| opinion.to_string()),
                    reliance: Some("current".to_owned()),
                })
                .collect(),
            subservices: graph
                .subservices()
                .iter()
                .map(|row| SubserviceRow {
                    report_id: row.report_id.clone(),
                    vendor_id: row.vendor_id.clone(),
                    party_id: row.party_id.clone(),
                    method: row.method,
                    csocs: 0,
                    csocs_shown: 0,
                    csocs_open: Vec::new(),
                })
                .collect(),
            coverage: self
                .reports
                .iter()
                .map(|report| CoverageRow {
                    party_id: graph.report_parties()[&report.report_id].clone(),
                    days: DaysCovered { report_days: 273, letter_days: 31, period_days: 365 },
                })
                .collect(),
            evidence,
            obligations: self.obligations.clone(),
        }
    }
}

/// Keys read `<account>/<name>`.
fn scope_of(row: &Evidence) -> Option<(Provider, &str)> {
    row.resource_key.split_once('/').map(|(account, _)| (Provider::Aws, account))
}

/// Acme runs in AWS and uses Datadog and Okta; Datadog uses AWS and Equinix, Okta uses Datadog and Datadog uses Okta.
pub fn acme() -> Estate {
    Estate {
        scopes: vec![(scope("111111111111"), 40), (scope("222222222222"), 2), (scope("333333333333"), 0)],
        parties: vec![
            party("datadog", PartyOrigin::Directory),
            party("okta", PartyOrigin::Directory),
            party("old-vendor", PartyOrigin::Directory),
            party("unknown-aws-999999999999", PartyOrigin::Discovered),
        ],
        evidence: vec![
            evidence("datadog", "111111111111/role", EvidenceStatus::Live),
            evidence("datadog", "222222222222/role", EvidenceStatus::Dormant),
            evidence("datadog", "elsewhere", EvidenceStatus::Live),
            evidence("okta", "111111111111/saml", EvidenceStatus::Live),
            evidence("old-vendor", "111111111111/left", EvidenceStatus::Stale),
            evidence("unknown-aws-999999999999", "111111111111/x", EvidenceStatus::Live),
        ],
        reports: vec![
            report("datadog", &["Amazon Web Services, Inc.", "Equinix, Inc.", "OKTA"]),
            report("okta", &["DATADOG", "OKTA"]),
        ],
        known: Vec::new(),
        obligations: Vec::new(),
    }
}
