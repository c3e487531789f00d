//! The responsibility matrix: owners, weights, reasons, and what users decide otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use carveout_model::{Category, Layer, Owner, Provider, ServiceModel, Treatment, UserEntityControl};
use carveout_scoping::{
    Basis, ControlSet, DataFile, Override, ResourceCount, ResponsibilityCell, Scenario, Subject, Verdict,
};

use crate::estate::*;

fn matrix(estate: &Estate, set: &ControlSet, scenario: &Scenario) -> Vec<ResponsibilityCell> {
    estate.sizer(set).matrix(scenario).expect("the frames are built")
}

fn cell<'c>(
    cells: &'c [ResponsibilityCell],
    party: &str,
    model: ServiceModel,
    subject: &Subject,
) -> &'c ResponsibilityCell {
    let mut found = cells.iter().filter(|each| {
        each.party_id == party && each.service_model == model && each.subject == *subject && each.service.is_none()
    });
    let cell = found.next().expect("the cell is there");
    assert!(found.next().is_none(), "the cell is there once");
    cell
}

fn criterion(id: &str) -> Subject {
    Subject::Criterion(id.to_owned())
}

fn with_rules(rows: &str) -> ControlSet {
    let text = format!("party,service,service_model,layer,criterion,control,owner,reason\n{rows}");
    ControlSet::with_files(&[DataFile { name: "responsibility_overrides.csv", text: &text }]).expect("it is right")
}

#[test]
fn every_party_has_a_cell_for_each_layer_and_criterion_of_each_model_in_use() {
    let cells = matrix(&estate(), &ControlSet::bundled(), &base(SECURITY));
    let mut counted: BTreeMap<(&str, ServiceModel), usize> = BTreeMap::new();
    for each in &cells {
        *counted.entry((&each.party_id, each.service_model)).or_default() += 1;
        assert!(!each.basis.is_empty(), "{each:?}");
    }
    let each = Layer::ALL.len() + 33;
    let wanted = [
        (("aws", ServiceModel::Iaas), each),
        (("aws", ServiceModel::Paas), each),
        (("datadog", ServiceModel::Saas), each),
        (("newsletter", ServiceModel::Saas), each),
        (("okta", ServiceModel::Saas), each),
    ];
    assert_eq!(counted, wanted.into());
}

#[test]
fn cells_weigh_what_is_really_there() {
    let cells = matrix(&estate(), &ControlSet::bundled(), &base(SECURITY));
    let data = Subject::Layer(Layer::Data);
    let (iaas, paas) = (ServiceModel::Iaas, ServiceModel::Paas);
    let weight = |model| {
        let cell = cell(&cells, "aws", model, &data);
        (cell.resources, cell.share, cell.owner)
    };
    assert_eq!(weight(iaas), (300, 0.75, Owner::Customer));
    assert_eq!(weight(paas), (100, 0.25, Owner::Shared));
}

#[test]
fn what_a_provider_owns_rests_on_a_report_or_is_a_claim() {
    let mut estate = estate();
    estate.reports[0].report.user_entity_controls.push(UserEntityControl {
        cuec_ref: "CUEC-9".to_owned(),
        criteria: vec!["CC6.5".to_owned()],
        description: "…".to_owned(),
    });
    let cells = matrix(&estate, &ControlSet::bundled(), &base(SECURITY));
    let halls = cell(&cells, "aws", ServiceModel::Iaas, &criterion("CC6.4"));
    assert_eq!(halls.owner, Owner::Provider);
    assert!(
        halls.basis.iter().any(|each| matches!(each, Basis::Report { report_id, period_end: Some(_), .. }
            if report_id == "aws-2026-09-30")),
        "{halls:?}"
    );
    let handed_back = cell(&cells, "aws", ServiceModel::Iaas, &criterion("CC6.5"));
    assert_eq!(handed_back.owner, Owner::Shared);
    assert!(handed_back.basis.iter().any(|each| matches!(each, Basis::UserEntityControls { cuec_refs, .. }
        if cuec_refs == &["CUEC-9"])));
    let without = cell(&cells, "okta", ServiceModel::Saas, &criterion("CC6.6"));
    assert!(without.basis.iter().any(|each| matches!(each, Basis::Claim { .. })), "{without:?}");
    let governance = cell(&cells, "aws", ServiceModel::Iaas, &criterion("CC1.1"));
    assert_eq!((governance.owner, governance.basis.len()), (Owner::Customer, 1));
    assert!(matches!(governance.basis[0], Basis::NeverMoves { .. }));
    let contact = cell(&cells, "newsletter", ServiceModel::Saas, &criterion("CC6.1"));
    assert_eq!(contact.owner, Owner::NotApplicable);
    assert!(matches!(contact.basis[0], Basis::Role { .. }));
}

#[test]
fn a_row_of_the_user_decides_a_cell_with_its_reason() {
    let set = with_rules("aws,s3,,,CC6.7,,provider,the provider encrypts in transit\n");
    let estate = estate();
    let cells = matrix(&estate, &set, &base(SECURITY));
    let of_s3: Vec<&ResponsibilityCell> = cells
        .iter()
        .filter(|each| each.service.as_deref() == Some("s3") && each.subject == criterion("CC6.7"))
        .collect();
    assert_eq!(of_s3.len(), 1);
    assert_eq!((of_s3[0].owner, of_s3[0].resources), (Owner::Provider, 100));
    assert_eq!(
        of_s3[0].basis[0].to_string(),
        "override (responsibility_overrides.csv:2): provider: the provider encrypts in transit"
    );
    let other = cell(&cells, "aws", ServiceModel::Iaas, &criterion("CC6.7"));
    assert!(!other.basis.iter().any(|each| matches!(each, Basis::Override { .. })), "{other:?}");
    let all = estate.sizer(&set).size(&base(SECURITY)).expect("it is sized").obligations();
    let transit = all.iter().find(|row| row.control_id == "DP-02" && row.party_id == "aws").expect("it is there");
    assert!(transit.basis.iter().any(|each| each.contains("the provider encrypts in transit")), "{transit:?}");
}

#[test]
fn the_row_that_names_most_wins_and_of_those_the_last() {
    let set = with_rules(concat!(
        "aws,,,,,,shared,all of it\n",
        "aws,,,,CC6,PH-01,customer,ours\n",
        "aws,,,,CC6.4,,outsourced_to_third_party,theirs\n",
        "aws,,,,CC6.4,,shared_with_third_party,between us\n",
    ));
    let sized = estate().sizer(&set).size(&base(SECURITY)).expect("it is sized");
    let all = sized.obligations();
    let owner = |control: &str, criterion: &str| {
        let found =
            all.iter().find(|row| row.control_id == control && row.criterion_id == criterion && row.party_id == "aws");
        found.expect("it is there").owner
    };
    assert_eq!(owner("PH-01", "CC6.4"), Owner::Customer);
    assert_eq!(owner("PH-04", "CC6.5"), Owner::Shared);
    assert_eq!(owner("CM-01", "CC2.1"), Owner::Customer, "governance stays with us unless a row names it");
    let cells = matrix(&estate(), &set, &base(SECURITY));
    let halls = cell(&cells, "aws", ServiceModel::Iaas, &Subject::Layer(Layer::Physical));
    assert_eq!(halls.owner, Owner::Provider, "rows without a layer are about controls, not about layers");
}

#[test]
fn a_layer_can_be_decided_for_one_party() {
    let set = with_rules("aws,,iaas,operating_system,,,provider,managed by the provider for us\n");
    let cells = matrix(&estate(), &set, &base(SECURITY));
    let layer = Subject::Layer(Layer::OperatingSystem);
    assert_eq!(cell(&cells, "aws", ServiceModel::Iaas, &layer).owner, Owner::Provider);
    let all = estate().sizer(&set).size(&base(SECURITY)).expect("it is sized").obligations();
    let malware = all.iter().find(|row| row.control_id == "MW-01" && row.party_id == "aws").expect("it is there");
    assert_eq!(malware.treatment, Treatment::Inherited);
}

#[test]
fn the_scenarios_override_stands_in_the_matrix() {
    let mut scenario = base(SECURITY);
    scenario.overrides.push(Override {
        party: Some("aws".to_owned()),
        criterion: Some("CC6.4".to_owned()),
        control: None,
        verdict: Verdict::Owner(Owner::Customer),
        reason: "our own cage".to_owned(),
    });
    let cells = matrix(&estate(), &ControlSet::bundled(), &scenario);
    let halls = cell(&cells, "aws", ServiceModel::Iaas, &criterion("CC6.4"));
    assert_eq!(halls.owner, Owner::Customer);
    assert!(halls.basis.iter().any(|each| each.to_string().ends_with("owner customer: our own cage")), "{halls:?}");
}

#[test]
fn a_row_without_reason_key_or_known_words_is_refused() {
    let text = "party,service,service_model,layer,criterion,control,owner,reason\n\
                aws,,,,CC6.1,,shared,\n,,,,,,shared,x\naws,,,attic,CC6.99,XX-01,everybody,x\naws,,,,,XX-01,shared,x\n";
    let error = ControlSet::with_files(&[DataFile { name: "responsibility_overrides.csv", text }]).expect_err("wrong");
    let said: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
    let starts = [
        "responsibility_overrides.csv:2: a `reason` is needed",
        "responsibility_overrides.csv:3: at least one of party, service, service_model, layer, criterion, control",
        "responsibility_overrides.csv:4: `owner`: `everybody` is not one of",
        "responsibility_overrides.csv:4: `layer`: `attic` is not one of",
        "responsibility_overrides.csv:4: `CC6.99` is no trust services criterion",
        "responsibility_overrides.csv:5: there is no control `XX-01`",
    ];
    for start in starts {
        assert!(said.iter().any(|each| each.starts_with(start)), "{start:?} is not among {said:#?}");
    }
    assert_eq!(said.len(), starts.len(), "{said:#?}");
}

fn resources(service: &str, model: ServiceModel, count: u64) -> ResourceCount {
    ResourceCount {
        provider: Provider::Aws,
        service: service.to_owned(),
        type_name: format!("AWS::{service}"),
        service_model: model,
        count,
    }
}

fn owner_at_aws(set: &ControlSet, resources: Vec<ResourceCount>, control_id: &str, criterion_id: &str) -> Owner {
    let estate = Estate { resources, ..estate() };
    let all = estate.sizer(set).size(&base(SECURITY)).expect("it is sized").obligations();
    one(&all, control_id, criterion_id, "aws").owner
}

#[test]
fn what_a_provider_publishes_of_a_service_goes_before_its_service_model() {
    let set = ControlSet::bundled();
    let owner = |service| owner_at_aws(&set, vec![resources(service, ServiceModel::Paas, 7)], "VM-02", "CC7.1");
    assert_eq!(owner("kinesis"), Owner::Provider, "no row is about it: the service model decides");
    assert_eq!(owner("rds"), Owner::Shared, "minor versions come by themselves, major ones do not");
    assert_eq!(owner("ecs"), Owner::Shared, "the system below the platform is the customer's");
    assert_eq!(owner("ecs-fargate"), Owner::Provider);
    let both = vec![resources("ecs", ServiceModel::Paas, 1), resources("ecs-fargate", ServiceModel::Paas, 9)];
    assert_eq!(owner_at_aws(&set, both, "VM-02", "CC7.1"), Owner::Shared, "one that is ours makes it shared");
}

#[test]
fn a_service_has_a_cell_of_its_own_where_a_row_decides_it_and_counts_with_the_rest_elsewhere() {
    let resources = vec![resources("kinesis", ServiceModel::Paas, 3), resources("rds", ServiceModel::Paas, 7)];
    let cells = matrix(&Estate { resources, ..estate() }, &ControlSet::bundled(), &base(SECURITY));
    let at_aws = |subject: &Subject| -> Vec<(Option<String>, u64, Owner)> {
        let cells = cells.iter().filter(|each| each.party_id == "aws" && each.subject == *subject);
        cells.map(|each| (each.service.clone(), each.resources, each.owner)).collect()
    };
    assert_eq!(at_aws(&Subject::Layer(Layer::Physical)), [(None, 10, Owner::Provider)]);
    assert_eq!(
        at_aws(&criterion("CC7.1")),
        [(None, 3, Owner::Shared), (Some("rds".to_owned()), 7, Owner::Shared)],
        "the same owner for another reason is another cell"
    );
    let cell = cells.iter().find(|each| each.service.is_some() && each.subject == criterion("CC7.1")).expect("one");
    let published = cell.basis.iter().find(|each| matches!(each, Basis::Service { .. })).expect("it is the reason");
    let said = published.to_string();
    assert!(said.starts_with("service rds: ") && said.contains("(https://docs.aws.amazon.com/"), "{said}");
}

#[test]
fn a_row_of_the_user_goes_before_what_a_provider_publishes() {
    let set = with_rules("aws,,paas,platform,,,provider,our contract says so\n");
    assert_eq!(
        owner_at_aws(&set, vec![resources("rds", ServiceModel::Paas, 7)], "VM-02", "CC7.1"),
        Owner::Provider,
        "platform by the user's row, system by the provider's"
    );
}

#[test]
fn rows_of_services_name_what_they_are_about_and_where_it_is_published() {
    let set = ControlSet::bundled();
    assert!(set.service_rules().count() >= 60);
    let governance = ["CC1", "CC2", "CC3", "CC4", "CC5", "CC9"];
    for rule in set.service_rules() {
        assert!(rule.source.starts_with("https://") && !rule.reason.is_empty(), "{rule:?}");
        let series = rule.criterion.as_deref().map(|id| id.split('.').next().unwrap_or_default());
        assert!(series.is_none_or(|series| !governance.contains(&series)), "{rule:?}");
    }
    let text = "party,service,layer,criterion,owner,basis,source\n\
                aws,s3,data,CC6.1,shared,keys,\naws,,data,,shared,x,y\naws,s3,,,shared,x,y\naws,s3,attic,,shared,,y\n";
    let error = ControlSet::with_files(&[DataFile { name: "service_owners.csv", text }]).expect_err("wrong");
    let said: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
    assert_eq!(said[0], "service_owners.csv:2: a `source` is needed");
    assert!(said[1].starts_with("service_owners.csv:3: at least one of party, service and one of"), "{said:#?}");
    assert!(said[2].starts_with("service_owners.csv:4: at least one of party"), "{said:#?}");
    assert!(said[3].starts_with("service_owners.csv:5: `layer`: `attic` is not one of"), "{said:#?}");
    assert_eq!(said[4], "service_owners.csv:5: a `reason` is needed");
}

/// Every type that a connector can list, as one resource each.
fn every_type() -> Vec<ResourceCount> {
    let connectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../connectors");
    let mut found = Vec::new();
    for (folder, provider) in [("aws", Provider::Aws), ("azure", Provider::Azure), ("gcp", Provider::Gcp)] {
        for file in fs::read_dir(connectors.join(folder).join("catalogue")).expect("the catalogue is there") {
            let path = file.expect("it can be listed").path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let table: toml::Table = fs::read_to_string(&path).expect("it can be read").parse().expect("it is TOML");
            for each in table.get("type").and_then(toml::Value::as_array).into_iter().flatten() {
                let text = |key: &str| each.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
                let type_name = text("name");
                let service = match provider {
                    Provider::Aws => path.file_stem().expect("it has a name").to_string_lossy().into_owned(),
                    Provider::Azure => type_name.split('/').next().unwrap_or_default().to_owned(),
                    Provider::Gcp => type_name.split(".googleapis.com").next().unwrap_or_default().to_owned(),
                };
                let model = text("service_model");
                let service_model = model.parse().unwrap_or_else(|_| panic!("{type_name}: `{model}`"));
                assert!(!service.is_empty() && !type_name.is_empty(), "{}: {each}", path.display());
                found.push(ResourceCount { provider, service, type_name, service_model, count: 1 });
            }
        }
    }
    found
}

#[test]
fn every_type_of_the_three_catalogues_has_an_owner_with_a_reason_for_each_layer_and_criterion() {
    let resources = every_type();
    let mut types: BTreeMap<(Provider, ServiceModel), u64> = BTreeMap::new();
    for each in &resources {
        *types.entry((each.provider, each.service_model)).or_default() += 1;
    }
    let of_cloud = |provider| types.iter().filter(|(key, _)| key.0 == provider).map(|(_, count)| count).sum::<u64>();
    assert!([Provider::Aws, Provider::Azure, Provider::Gcp].into_iter().all(|each| of_cloud(each) > 50), "{types:?}");
    let cells = matrix(&Estate { resources, ..estate() }, &ControlSet::bundled(), &base(Category::ALL));
    for ((provider, model), count) in types {
        let mut weights: BTreeMap<&Subject, u64> = BTreeMap::new();
        let at = |each: &&ResponsibilityCell| each.party_id == provider.party_id() && each.service_model == model;
        for cell in cells.iter().filter(at) {
            assert!(!cell.basis.is_empty(), "{cell:?}");
            *weights.entry(&cell.subject).or_default() += cell.resources;
        }
        assert_eq!(weights.len(), Layer::ALL.len() + 61, "{provider} {model}");
        assert!(weights.values().all(|weight| *weight == count), "{provider} {model}: {weights:?}");
    }
}

/// Ways to run a service that the binary tells apart by what is configured.
const VARIANTS: [&str; 3] = ["ecs-fargate", "eks-nodegroup", "gke-autopilot"];

#[test]
fn every_row_of_a_service_is_about_one_that_is_crawled() {
    let crawled: BTreeSet<(&str, String)> =
        every_type().into_iter().map(|each| (each.provider.party_id(), each.service)).collect();
    for rule in ControlSet::bundled().service_rules() {
        let (party_id, service) = (rule.party_id.as_deref().unwrap_or(""), rule.service.clone().unwrap_or_default());
        assert!(VARIANTS.contains(&service.as_str()) || crawled.contains(&(party_id, service)), "{rule:?}");
    }
}
