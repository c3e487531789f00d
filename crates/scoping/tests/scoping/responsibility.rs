//! The responsibility matrix: owners, weights, reasons, and what users decide otherwise.

use std::{collections::BTreeMap, fs, path::Path};

use carveout_model::{Layer, Owner, ServiceModel, Treatment, UserEntityControl};
use carveout_scoping::{Basis, ControlSet, DataFile, Override, ResponsibilityCell, Scenario, Subject, Verdict};

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

/// The connectors refuse a type without a service model; this is the same rule from the side that rests on it.
#[test]
fn every_type_of_the_three_catalogues_has_a_service_model() {
    let connectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../connectors");
    for cloud in ["aws", "azure", "gcp"] {
        let folder = connectors.join(cloud).join("catalogue");
        let mut types = 0;
        for file in fs::read_dir(&folder).expect("the catalogue is there") {
            let path = file.expect("it can be listed").path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("it can be read");
            let table: toml::Table = text.parse().expect("it is TOML");
            let listed = table.get("type").and_then(toml::Value::as_array);
            for each in listed.into_iter().flatten() {
                let model = each.get("service_model").and_then(toml::Value::as_str).unwrap_or_default();
                assert!(model.parse::<ServiceModel>().is_ok(), "{}: {:?}", path.display(), each.get("name"));
                types += 1;
            }
        }
        assert!(types > 50, "{cloud} has {types} types");
    }
}
