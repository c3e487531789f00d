//! OSCAL from given rows: who says what, and what a result comes to.

use carveout_model::{CheckStatus, OWN_ORGANIZATION, Owner, Treatment};
use carveout_report::{CheckResult, oscal};
use serde_json::Value;

use crate::common::{KEYS, check, facts, obligation, result};

fn export(results: &[CheckResult]) -> Vec<oscal::OscalFile> {
    oscal::export(&facts(), results).expect("it can be written")
}

fn document(files: &[oscal::OscalFile], path: &str) -> Value {
    let file = files.iter().find(|file| file.path.starts_with(path)).unwrap_or_else(|| panic!("no {path}"));
    let value: Value = serde_json::from_str(&file.json).expect("it is JSON");
    value.as_object().expect("an object").values().next().expect("one root").clone()
}

fn by_components(plan: &Value, control: &str) -> Vec<Value> {
    let requirements = plan["control-implementation"]["implemented-requirements"].as_array().expect("requirements");
    let requirement = requirements.iter().find(|each| each["control-id"] == control).expect("the control is there");
    requirement["statements"][0]["by-components"].as_array().expect("components").clone()
}

#[test]
fn what_a_report_answers_is_provided_in_its_plan_and_inherited_in_ours() {
    let files = export(&[]);
    let vendor = document(&files, "system-security-plans/aws-2026");
    let export = &by_components(&vendor, "CC6.4")[0]["export"];
    let provided = &export["provided"][0]["uuid"];
    assert!(export.get("responsibilities").is_none());
    let ours = document(&files, "system-security-plans/system");
    let inherited = &by_components(&ours, "PH-01")[0]["inherited"][0];
    assert_eq!(&inherited["provided-uuid"], provided);
    let properties = inherited["props"].as_array().expect("properties");
    for name in ["report-id", "period", "reliance"] {
        assert!(properties.iter().any(|each| each["name"] == name), "inherited without {name}");
    }
}

#[test]
fn what_a_report_hands_back_is_a_responsibility_that_our_control_satisfies() {
    let files = export(&[]);
    let vendor = document(&files, "system-security-plans/aws-2026");
    let asked = &by_components(&vendor, "CC6.1")[0]["export"]["responsibilities"][0]["uuid"];
    let ours = document(&files, "system-security-plans/system");
    let satisfied = &by_components(&ours, "AC-08")[0]["satisfied"][0];
    assert_eq!(&satisfied["responsibility-uuid"], asked);
    assert_eq!(satisfied["responsible-roles"][0]["role-id"], "platform-lead");
    // Nobody carries out the second one: it is asked for, and satisfied nowhere.
    assert!(!by_components(&vendor, "CC7.2")[0]["export"]["responsibilities"][0]["uuid"].is_null());
    assert!(!ours.to_string().contains("CUEC-2"));
}

#[test]
fn nothing_is_inherited_without_a_report() {
    let ours = document(&export(&[]), "system-security-plans/system");
    let vendor = by_components(&ours, "AC-08")
        .into_iter()
        .find(|each| each["description"].as_str().is_some_and(|text| text.contains("Northwind")));
    let vendor = vendor.expect("the vendor is there");
    assert!(vendor.get("inherited").is_none() && vendor.get("satisfied").is_none(), "{vendor}");
}

#[test]
fn what_is_ours_alone_is_shown_for_the_system_itself() {
    let mut facts = facts();
    facts.obligations.push(obligation("PH-01", "CC6.4", OWN_ORGANIZATION, Treatment::Customer, Owner::Customer));
    let files = oscal::export(&facts, &[]).expect("it can be written");
    let ours = document(&files, "system-security-plans/system");
    let system = &ours["system-implementation"]["components"][0];
    assert_eq!(system["type"], "this-system");
    assert!(by_components(&ours, "PH-01").iter().any(|each| each["component-uuid"] == system["uuid"]));
    let components = document(&files, "component-definitions")["components"].clone();
    assert_eq!(components.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_hostile_name_is_text_where_oscal_reads_markdown_and_itself_where_it_does_not() {
    let hostile = "<img src=x> [l](https://evil.example)";
    let mut facts = facts();
    facts.parties[0].name = hostile.to_owned();
    facts.parties[0].domain = Some(hostile.to_owned());
    let files = oscal::export(&facts, &[]).expect("it can be written");
    let component = &document(&files, "component-definitions")["components"][0];
    assert_eq!(component["title"], "&lt;img src=x&gt; \\[l\\](https&#58;//evil.example)");
    let properties = component["props"].as_array().expect("properties");
    assert!(properties.iter().any(|each| each["name"] == "domain" && each["value"] == hostile));
}

#[test]
fn what_does_not_apply_is_in_no_plan() {
    let ours = document(&export(&[]), "system-security-plans/system");
    assert_eq!(by_components(&ours, "PH-01").len(), 1);
}

#[test]
fn controls_out_of_scope_are_in_the_catalog_and_not_in_the_profile() {
    let files = export(&[]);
    let profile = document(&files, "profiles/audit");
    assert!(!profile.to_string().contains("PR-01") && !profile.to_string().contains("P1.1"));
    assert!(document(&files, "catalogs/controls").to_string().contains("PR-01"));
}

fn findings(results: &[CheckResult]) -> Vec<(String, String)> {
    let assessment = document(&export(results), "assessment-results/run-7");
    let findings = assessment["results"][0].get("findings").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings
        .iter()
        .map(|each| (text(&each["target"]["status"]["state"]), text(&each["target"]["status"]["reason"])))
        .collect()
}

#[test]
fn unknown_is_never_satisfied() {
    use CheckStatus::{Fail, NotApplicable, Pass, Unknown};
    for (statuses, expected) in [
        (&[Pass, NotApplicable][..], Some(("satisfied", "pass"))),
        (&[Pass, Unknown], Some(("not-satisfied", "other"))),
        (&[Unknown], Some(("not-satisfied", "other"))),
        (&[Pass, Fail, Unknown], Some(("not-satisfied", "fail"))),
        (&[NotApplicable], None),
        (&[], None),
    ] {
        let results: Vec<CheckResult> = statuses
            .iter()
            .enumerate()
            .map(|(index, status)| result(KEYS, &format!("arn:aws:iam::111122223333:user/{index}"), *status))
            .collect();
        let expected: Vec<(String, String)> =
            expected.into_iter().map(|(state, reason)| (state.to_owned(), reason.to_owned())).collect();
        assert_eq!(findings(&results), expected, "{statuses:?}");
    }
}

#[test]
fn an_observation_names_every_subject_with_its_reason() {
    let results = [
        result(KEYS, "arn:aws:iam::111122223333:user/a", CheckStatus::Pass),
        result(KEYS, "arn:aws:iam::111122223333:user/b", CheckStatus::Fail),
        result(KEYS, "arn:aws:iam::111122223333:user/c", CheckStatus::Fail),
    ];
    let assessment = document(&export(&results), "assessment-results/run-7");
    let observations = assessment["results"][0]["observations"].as_array().expect("observations");
    assert_eq!(observations.len(), 2);
    assert_eq!(observations[1]["subjects"].as_array().map(Vec::len), Some(2));
    assert_eq!(observations[1]["subjects"][0]["remarks"], "fail because of a fact");
    let items = assessment["results"][0]["local-definitions"]["inventory-items"].as_array().expect("items");
    assert_eq!(items.len(), 3);
}

#[test]
fn an_empty_population_is_observed_and_not_judged() {
    let assessment = document(&export(&[]), "assessment-results/run-7");
    assert_eq!(assessment["results"][0]["observations"][0]["description"], "No resource of its population is known.");
    assert!(assessment["results"][0].get("findings").is_none());
}

#[test]
fn checks_of_controls_out_of_scope_are_left_out_and_counted() {
    let mut facts = facts();
    facts.checks.push(check("aws-privacy", "PR-01", "AWS::S3::Bucket"));
    let files = oscal::export(&facts, &[]).expect("it can be written");
    let assessment = document(&files, "assessment-results/run-7");
    assert_eq!(assessment["results"][0]["observations"].as_array().map(Vec::len), Some(1));
    assert!(assessment["results"][0]["remarks"].as_str().is_some_and(|text| text.contains("1 check is")));
}

#[test]
fn uuids_are_the_same_in_every_export_and_differ_between_organizations() {
    assert_eq!(export(&[]), export(&[]));
    let mut other = facts();
    other.organization = "globex".to_owned();
    let other = oscal::export(&other, &[]).expect("it can be written");
    let uuid = |files: &[oscal::OscalFile]| document(files, "component-definitions")["components"][0]["uuid"].clone();
    assert_ne!(uuid(&export(&[])), uuid(&other));
}
