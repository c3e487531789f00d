//! What is derived reaches its tables, and the packaged queries answer from them.

mod common;

use std::collections::BTreeMap;

use carveout_model::{
    AuditScope, Category, CategorySet, Check, CheckProvider, CheckStatus, CommonTest, Concentration, Control,
    ControlKind, CoverageClass, CoverageStatus, Criterion, CrosswalkEdge, CsocCoverage, CsocStatus, CuecRow, Direction,
    Edge, Evidence, EvidenceGuide, EvidenceStatus, Exception, Explained, Exposure, Frequency, Gap, GapKind,
    JudgedReport, Layer, NamePlace, NameRule, Node, NodeKind, Obligation, Opinion, Owner, PartyName, PartyOrigin,
    Period, Provider, Reach, Relation, Reliance, ReportControl, ReportCoverage, ReportType, Responsibility, Scenario,
    ServiceModel, Sizing, Soc2Report, Strength, SubserviceControl, SubserviceMethod, SubserviceOrganization,
    ThirdParty, Treatment, UserEntityControl,
};
use carveout_queries::Catalogue;
use carveout_warehouse::{CheckQuery, ControlRows, GraphRows, PartyRows, RelianceRows, RunId, ScopingRows, Sealing};
use common::{BUCKET, Workspace, begin, crawl, day, plain, seal};
use jiff::civil::date;
use serde_json::{Value, json};

fn party(party_id: &str) -> ThirdParty {
    ThirdParty {
        party_id: party_id.to_owned(),
        name: party_id.to_uppercase(),
        domain: None,
        category: Some("cloud".to_owned()),
        service_model: Some(ServiceModel::Iaas),
        origin: PartyOrigin::Directory,
        in_register: false,
        relation_strength: Some(Strength::CanReadData),
    }
}

fn evidence(party_id: &str, resource: &str, value: &str) -> Evidence {
    Evidence {
        party_id: party_id.to_owned(),
        resource_key: format!("arn:aws:s3:::{resource}"),
        signal: "s3_bucket_policy".to_owned(),
        relation: Relation::ReadsData,
        strength: Strength::CanReadData,
        direction: Direction::Inbound,
        detail: json!({"path": "Policy.Statement[0]", "value": value}),
        relation_confidence: 0.9,
        attribution_confidence: 1.0,
        status: EvidenceStatus::Live,
    }
}

fn report() -> Soc2Report {
    let criteria = vec!["CC6.1".to_owned()];
    Soc2Report {
        report_id: "tessel-2025".to_owned(),
        party_id: Some("tessel".to_owned()),
        organization: "Tessel, Inc.".to_owned(),
        system: None,
        report_type: ReportType::Type2,
        auditor: Some("An auditor".to_owned()),
        period_start: Some(date(2025, 1, 1)),
        period_end: Some(date(2025, 12, 31)),
        as_of: None,
        issued_on: None,
        opinion: Some(Opinion::Qualified),
        qualified_criteria: criteria.clone(),
        categories: vec![Category::Security, Category::Availability],
        bridge_until: None,
        subservice_organizations: vec![SubserviceOrganization {
            name: "AWS".to_owned(),
            method: SubserviceMethod::CarveOut,
            services: None,
        }],
        user_entity_controls: vec![UserEntityControl {
            cuec_ref: "CUEC-1".to_owned(),
            criteria: criteria.clone(),
            description: "Review access".to_owned(),
        }],
        subservice_controls: vec![SubserviceControl {
            csoc_ref: "CSOC-1".to_owned(),
            organization: Some("AWS".to_owned()),
            criteria: criteria.clone(),
            description: "Guards the door".to_owned(),
        }],
        controls: vec![ReportControl {
            control_ref: "C-1".to_owned(),
            criteria: criteria.clone(),
            description: "Access is reviewed".to_owned(),
            test: None,
            result: None,
            exception: true,
        }],
        exceptions: vec![Exception {
            control_ref: "C-1".to_owned(),
            criteria,
            description: "One review was late".to_owned(),
            management_response: None,
        }],
        source: "tessel.toml".to_owned(),
        source_sha256: "00".repeat(32),
        extraction: json!({"reader": "card", "confidence": 1.0}),
    }
}

fn obligation(party_id: &str, treatment: Treatment, report_id: Option<&str>) -> Obligation {
    Obligation {
        scenario: "current".to_owned(),
        control_id: "AC-01".to_owned(),
        criterion_id: "CC6.1".to_owned(),
        party_id: party_id.to_owned(),
        treatment,
        owner: Owner::Customer,
        basis: vec!["first".to_owned(), "second".to_owned()],
        report_id: report_id.map(str::to_owned),
        evidence_requests: 4,
        evidence_answered: 1,
        population: Some(2),
        sample_size: None,
        hours_low: 1.0,
        hours_likely: 2.0,
        hours_high: 4.0,
        reused_from: None,
    }
}

fn sizing() -> Sizing {
    Sizing {
        scenario: "current".to_owned(),
        criteria: 33,
        third_parties: 3,
        naive_size: 99,
        carve_out_size: 20,
        inclusive_size: 40,
        real_size: 33,
        customer: 1,
        shared: 0,
        inherited: 1,
        assess: 1,
        not_applicable: 0,
        report_reviews: 1,
        vendor_assessments: 1,
        evidence_requests: 12,
        evidence_answered: 3,
        hours_low: 3.0,
        hours_likely: 6.0,
        hours_high: 12.0,
        hours_pert: 6.5,
        incomplete_units: 0,
    }
}

/// Fills every table that is derived.
fn derive(sealing: &mut Sealing<'_>) {
    let parties = [party("aws"), party("tessel"), party("unknown-aws-999988887777")];
    let first = [evidence("unknown-aws-999988887777", "a", "arn:aws:iam::999988887777:root")];
    let explained =
        [Explained { resource_key: "arn:aws:s3:::a".to_owned(), value: "ours".to_owned(), reason: "ours".to_owned() }];
    let exposures = [Exposure {
        resource_key: "arn:aws:s3:::a".to_owned(),
        kind: "public_principal".to_owned(),
        detail: json!({"path": "Policy", "value": "*"}),
    }];
    let rows = PartyRows { third_parties: &parties, evidence: &first, explained: &explained, exposures: &exposures };
    sealing.write_parties(&rows).expect("parties are written");

    sealing.import_reports(&[report()]).expect("reports are imported");
    assert_eq!(sealing.imported_reports().expect("they are read"), [report()]);
    let judged = JudgedReport {
        report: report(),
        party_id: Some("tessel".to_owned()),
        subservice_party_ids: vec![Some("aws".to_owned())],
        subservice_control_party_ids: vec![Some("aws".to_owned())],
        reliance: Some(Reliance::Current),
        judged_on: date(2026, 1, 1),
    };
    sealing.write_reports(&[judged]).expect("reports are written");

    let node =
        |id: &str, kind| Node { node_id: id.to_owned(), kind, label: id.to_owned(), party_id: None, scope_id: None };
    let nodes = [node("organization", NodeKind::Organization), node("party:tessel", NodeKind::ThirdParty)];
    let edges = [Edge {
        from_id: "organization".to_owned(),
        to_id: "party:tessel".to_owned(),
        relation: Relation::Hosts,
        strength: None,
        evidence_count: 1,
        confidence: 0.9,
    }];
    let reach = [
        Reach { party_id: "tessel".to_owned(), depth: 1, via: None, path: vec!["tessel".to_owned()] },
        Reach {
            party_id: "aws".to_owned(),
            depth: 2,
            via: Some("tessel".to_owned()),
            path: vec!["tessel".to_owned(), "aws".to_owned()],
        },
    ];
    let concentration = [Concentration {
        party_id: "aws".to_owned(),
        direct_dependents: 1,
        total_dependents: 1,
        scopes: 1,
        resources: 1,
        dominates: 0,
        is_cut_vertex: false,
        centrality: 0.5,
    }];
    let graph = GraphRows { nodes: &nodes, edges: &edges, reach: &reach, concentration: &concentration };
    sealing.write_graph(&graph).expect("the graph is written");

    let criteria = [Criterion {
        criterion_id: "CC6.1".to_owned(),
        category: Category::Security,
        series: "CC6".to_owned(),
        title: "Logical access".to_owned(),
    }];
    let controls = [Control {
        control_id: "AC-01".to_owned(),
        title: "Access is least".to_owned(),
        objective: "Nobody has more than needed".to_owned(),
        kind: ControlKind::Automated,
        frequency: Frequency::Continuous,
        owner: "platform".to_owned(),
        criteria: vec!["CC6.1".to_owned()],
        layers: vec![Layer::IdentityAndAccess],
    }];
    let crosswalk = [CrosswalkEdge {
        framework: "ccm".to_owned(),
        framework_version: "4".to_owned(),
        framework_control_id: "IAM-01".to_owned(),
        criterion_id: "CC6.1".to_owned(),
        source: "published".to_owned(),
        relation: None,
        licence: None,
    }];
    let responsibility = [Responsibility {
        service_model: ServiceModel::Iaas,
        layer: Layer::Physical,
        criterion_id: None,
        party_id: None,
        owner: Owner::Provider,
        source: "default".to_owned(),
    }];
    let evidence_guide = [EvidenceGuide {
        criterion_id: "CC6.1".to_owned(),
        provider: Provider::Aws,
        traditional_test: "Inspect the firewall".to_owned(),
        cloud_native_evidence: "Bucket policies".to_owned(),
        query_name: None,
    }];
    let rows = ControlRows {
        criteria: &criteria,
        controls: &controls,
        crosswalk: &crosswalk,
        responsibility: &responsibility,
        common_tests: &[CommonTest { control_id: "AC-01".to_owned(), rests_on: "identity provider".to_owned() }],
        evidence_guide: &evidence_guide,
    };
    sealing.write_controls(&rows).expect("controls are written");
    sealing.run_checks(&[bucket_check()], &BTreeMap::new()).expect("the check runs");

    let scenarios = [Scenario {
        scenario: "current".to_owned(),
        scope: AuditScope {
            categories: CategorySet::try_from(vec![Category::Security]).expect("security is in"),
            report_type: ReportType::Type2,
            period: Period { start: date(2026, 1, 1), end: date(2026, 12, 31) },
            frameworks_in_place: vec!["ccm".to_owned()],
        },
        without_parties: Vec::new(),
        sized_at: day(1),
    }];
    let obligations = [
        obligation("aws", Treatment::Customer, None),
        obligation("tessel", Treatment::Inherited, Some("tessel-2025")),
        obligation("unknown-aws-999988887777", Treatment::Assess, None),
    ];
    sealing.write_scenarios(&scenarios).expect("scenarios are written");
    let gap = Gap {
        kind: GapKind::NoReport,
        control_id: None,
        party_id: "unknown-aws-999988887777".to_owned(),
        report_id: None,
        criterion_ids: vec!["CC6.1".to_owned()],
        obligations: 1,
        what: "no report is held".to_owned(),
    };
    let rows = ScopingRows { obligations: &obligations, sizing: &[sizing()], gaps: &[("current", gap)] };
    sealing.write_scoping(&rows).expect("scoping is written");
    write_reliance(sealing);
}

fn write_reliance(sealing: &mut Sealing<'_>) {
    let names = [PartyName {
        party_id: "aws".to_owned(),
        name: "AWS".to_owned(),
        place: NamePlace::SubserviceOrganization,
        rule: NameRule::DirectoryId,
        matched: Some("aws".to_owned()),
    }];
    let coverage = [ReportCoverage {
        scenario: "current".to_owned(),
        party_id: "tessel".to_owned(),
        criterion_id: "CC6.1".to_owned(),
        class: CoverageClass::Nothing,
        from_day: date(2026, 1, 1),
        to_day: date(2026, 12, 31),
        days: 365,
        report_id: Some("tessel-2025".to_owned()),
        reason: "the opinion is qualified on CC6.1".to_owned(),
    }];
    let csocs = [CsocCoverage {
        scenario: "current".to_owned(),
        vendor_id: "tessel".to_owned(),
        report_id: "tessel-2025".to_owned(),
        csoc_ref: "CSOC-1".to_owned(),
        party_id: Some("aws".to_owned()),
        criterion_id: Some("CC6.1".to_owned()),
        status: CsocStatus::NoReport,
        shown_by: None,
        reason: "no report of it is at hand".to_owned(),
    }];
    let cuecs = [CuecRow {
        scenario: "current".to_owned(),
        party_id: "tessel".to_owned(),
        report_id: "tessel-2025".to_owned(),
        cuec_ref: "CUEC-1".to_owned(),
        description: "Review access".to_owned(),
        criteria: vec!["CC6.1".to_owned()],
        in_scope: true,
        ownership: "by_criterion".to_owned(),
        reason: None,
        control_ids: vec!["AC-01".to_owned()],
        evidence: Some(CheckStatus::Fail),
        passed: 0,
        failed: 1,
        unknown: 0,
    }];
    let rows = RelianceRows { names: &names, coverage: &coverage, csocs: &csocs, cuecs: &cuecs };
    sealing.write_reliance(&rows).expect("reliance is written");
}

/// Fails every bucket.
fn bucket_check() -> CheckQuery {
    CheckQuery {
        check: Check {
            check_id: "aws-s3-public".to_owned(),
            control_id: "AC-01".to_owned(),
            criterion_ids: vec!["CC6.1".to_owned()],
            provider: CheckProvider::Aws,
            resource_type: BUCKET.to_owned(),
            title: "No bucket is public".to_owned(),
            rationale: "Data leaks".to_owned(),
            query_name: "aws-s3-public".to_owned(),
        },
        sql: format!(
            "SELECT resource_key, 'fail' AS status, 'Principal is *' AS reason
            FROM inventory.resources WHERE type = '{BUCKET}' ORDER BY resource_key;"
        ),
    }
}

fn derived() -> Workspace {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    crawl(&mut warehouse, "r1", CoverageStatus::Ok, &[plain("r1", "a")], day(1));
    let mut sealing = warehouse.seal(day(1)).expect("it applies");
    derive(&mut sealing);
    sealing.commit().expect("it commits");
    warehouse.publish().expect("it publishes");
    drop(warehouse);
    workspace
}

#[test]
fn every_derived_table_is_filled() {
    let reader = derived().reader();
    for table in reader.schema().expect("it is read") {
        // What a first run leaves empty, and what other tests fill.
        let is_filled_elsewhere = matches!(
            table.name.as_str(),
            "scopes"
                | "observations"
                | "gaps"
                | "type_views"
                | "names"
                | "other_document_imports"
                | "other_documents"
                | "report_coverage"
                | "csoc_coverage"
                | "cuec_trace"
        );
        if table.schema == "history" || is_filled_elsewhere {
            continue;
        }
        let count = reader.query(&format!("SELECT count(*) FROM {}.{}", table.schema, table.name), &[]);
        let rows = count.expect("it is counted").rows;
        assert_ne!(rows[0][0], carveout_warehouse::Cell::Integer(0), "{}.{}", table.schema, table.name);
    }
}

#[test]
fn every_packaged_query_runs_and_gives_the_columns_that_it_documents() {
    let reader = derived().reader();
    let catalogue = Catalogue::embedded().expect("they are whole");
    assert!(catalogue.iter().count() >= 16);
    for query in catalogue.iter() {
        let rows = reader.query(&query.sql, &[]).unwrap_or_else(|error| panic!("{}: {error:?}", query.name));
        let found: Vec<&str> = rows.columns.iter().map(|column| column.name.as_str()).collect();
        let documented: Vec<&str> = query.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(found, documented, "{}", query.name);
        let known: Vec<String> = reader
            .schema()
            .expect("it is read")
            .iter()
            .map(|table| format!("{}.{}", table.schema, table.name))
            .collect();
        for table in &query.tables {
            assert!(known.contains(table), "{} reads {table}", query.name);
        }
    }
}

#[test]
fn repeated_controls_are_told_per_party() {
    let reader = derived().reader();
    let catalogue = Catalogue::embedded().expect("they are whole");
    let query = catalogue.find("controls-repeat-per-provider").expect("it is packaged");
    let ask = |given: &[(&str, &str)]| {
        let bindings = query.bind(given.iter().copied()).expect("they are declared");
        reader.rows::<Value>(&query.sql, &bindings).expect("it runs")
    };
    let rows = ask(&[]);
    let brief: Vec<_> = rows.iter().map(|row| (&row["party"], &row["treatment"], &row["fail"])).collect();
    assert_eq!(
        brief,
        [
            (&json!("unknown-aws-999988887777"), &json!("assess"), &json!(null)),
            (&json!("aws"), &json!("customer"), &json!(1))
        ]
    );
    assert_eq!(
        (&rows[0]["repeats_in_total"], &rows[0]["evidence"], &rows[0]["answered"]),
        (&json!(2), &json!(4), &json!(1))
    );
    let all = ask(&[("only_repeating", "false"), ("party", "tessel")]);
    assert_eq!((&all[0]["treatment"], &all[0]["report"]), (&json!("inherited"), &json!("tessel-2025")));
    assert!(ask(&[("scenario", "another")]).is_empty());
}

#[test]
fn reliance_is_answered_to_the_day_and_to_the_obligation() {
    let reader = derived().reader();
    let catalogue = Catalogue::embedded().expect("they are whole");
    let query = catalogue.find("cuecs-that-fall-away").expect("it is packaged");
    let rows: Vec<Value> = reader.rows(&query.sql, &[]).expect("it runs");
    let [row] = rows.as_slice() else { panic!("one user entity control: {rows:?}") };
    assert_eq!((&row["cuec_ref"], &row["obligations"]), (&json!("CUEC-1"), &json!(0)), "tessel's is inherited");
    let query = catalogue.find("period-coverage").expect("it is packaged");
    let bindings = query.bind([("party", "tessel"), ("class", "nothing")]).expect("they are declared");
    let rows: Vec<Value> = reader.rows(&query.sql, &bindings).expect("it runs");
    assert_eq!((&rows[0]["days"], &rows[0]["percent"]), (&json!(365), &json!(100.0)));
}

#[test]
fn evidence_keeps_the_run_that_saw_it_first() {
    let workspace = derived();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(2));
    crawl(&mut warehouse, "r1", CoverageStatus::Denied, &[], day(2));
    crawl(&mut warehouse, "r2", CoverageStatus::Ok, &[plain("r2", "b")], day(2));
    let mut sealing = warehouse.seal(day(2)).expect("it applies");
    let mut moved = evidence("unknown-aws-999988887777", "a", "arn:aws:iam::999988887777:root");
    moved.detail["path"] = json!("Policy.Statement[1]");
    let rows = [moved, evidence("aws", "b", "arn:aws:iam::1:root")];
    let parties = [party("aws"), party("new"), party("unknown-aws-999988887777")];
    sealing
        .write_parties(&PartyRows { third_parties: &parties, evidence: &rows, ..PartyRows::default() })
        .expect("parties are written");
    sealing.commit().expect("it commits");
    warehouse.publish().expect("it publishes");
    let evidence = "SELECT party_id || first_seen_run || last_seen_run FROM parties.evidence ORDER BY ALL";
    assert_eq!(workspace.ask(evidence), [json!("aws22"), json!("unknown-aws-99998888777711")]);
    let parties = "SELECT party_id FROM parties.third_parties WHERE first_seen_run = 2";
    assert_eq!(workspace.ask(parties), [json!("new")]);
}

#[test]
fn a_party_that_was_only_named_is_not_a_new_one() {
    let workspace = derived();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(2));
    let mut sealing = warehouse.seal(day(2)).expect("it applies");
    let mut named = evidence("unknown-aws-999988887777", "a", "arn:aws:iam::999988887777:root");
    named.party_id = "scanner".to_owned();
    sealing
        .write_parties(&PartyRows { third_parties: &[party("scanner")], evidence: &[named], ..PartyRows::default() })
        .expect("parties are written");
    sealing.commit().expect("it commits");
    warehouse.publish().expect("it publishes");
    let first = "SELECT party_id || first_seen_run FROM parties.third_parties";
    assert_eq!(workspace.ask(first), [json!("scanner1")]);
}

#[test]
fn reports_can_be_imported_before_the_first_run_and_stay() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    let mut sealing = warehouse.revise(day(1)).expect("it begins");
    assert_eq!(sealing.run_id(), RunId(0));
    sealing.import_reports(&[report()]).expect("reports are imported");
    let mut newer = report();
    newer.auditor = None;
    sealing.import_reports(std::slice::from_ref(&newer)).expect("reports are imported");
    sealing.commit().expect("it commits");
    warehouse.publish().expect("it publishes");
    begin(&mut warehouse, day(2));
    let sealing = warehouse.seal(day(2)).expect("it applies");
    assert_eq!(sealing.imported_reports().expect("they are read"), [newer]);
    drop(sealing);
    assert_eq!(seal(&mut warehouse, day(2)).run_id, RunId(1));
}

#[test]
fn a_reason_beyond_coverage_makes_a_run_partial() {
    let workspace = Workspace::new();
    let mut warehouse = workspace.open();
    begin(&mut warehouse, day(1));
    let mut sealing = warehouse.seal(day(1)).expect("it applies");
    sealing.mark_partial();
    assert_eq!(sealing.commit().expect("it commits").status.as_str(), "partial");
}
