//! The user's files: control lists, tables, crosswalks and scenarios, with what can be wrong with them.

use carveout_model::Category;
use carveout_scoping::{ControlSet, DataFile, Scenario};

use crate::estate::*;

#[test]
fn a_users_file_replaces_and_adds_and_its_problems_are_named() {
    let mine = r#"
[[controls]]
id = "DP-01"
title = "Ours"
objective = "Ours."
kind = "automated"
frequency = "continuous"
owner = "Jo"
criteria = ["CC6.1"]
evidence = [{ kind = "configuration", request = "…" }]
"#;
    let set = ControlSet::with_files(&[DataFile { name: "controls.toml", text: mine }]).expect("it is right");
    assert_eq!(set.controls().len(), ControlSet::bundled().controls().len());
    let ours = set.controls().iter().find(|each| each.control.control_id == "DP-01").expect("it is there");
    assert_eq!(ours.control.title, "Ours");
    let only = format!("replace = true\n{mine}");
    assert_eq!(
        ControlSet::with_files(&[DataFile { name: "controls.toml", text: &only }]).expect("right").controls().len(),
        1
    );

    let wrong = format!("{mine}{}", mine.replace("\"CC6.1\"", "\"CC6.9\"")).replace("configuration", "seance");
    let error = ControlSet::with_files(&[
        DataFile { name: "controls.toml", text: &wrong },
        DataFile { name: "roles.csv", text: "role,criterion,applies,reason\nlurks,CC6,yes,x\ncontact,CC66,maybe,x\n" },
        DataFile { name: "effort.toml", text: "[test.design]\nlow = 3.0\nlikely = 1.0\nhigh = 4.0\nsource = \"x\"\n" },
        DataFile { name: "prices.csv", text: "" },
    ])
    .expect_err("there are problems");
    let said: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
    for wanted in [
        "controls.toml:12: the control `DP-01` is listed twice; give one of them another id",
        "controls.toml:2: the control `DP-01` asks for evidence of the kind `seance`, and effort.toml has no `[evidence.seance]`",
        "roles.csv:3: `CC66` is no trust services criterion; ids look like CC6.1, A1.2, C1.1, PI1.3 or P4.2",
        "roles.csv:3: `applies`: `maybe` is not one of yes, no",
        "effort.toml:1: `test.design`: low, likely and high have to grow and can't be negative",
    ] {
        assert!(said.iter().any(|each| each == wanted), "{wanted:?} is not among {said:#?}");
    }
    assert!(said.iter().any(|each| each.starts_with("roles.csv:2: `role`: `lurks` is not one of")), "{said:#?}");
    assert!(said.iter().any(|each| each.starts_with("prices.csv: no such data file")), "{said:#?}");
}

#[test]
fn a_scenario_file_says_what_differs() {
    let text = "categories = [\"security\", \"privacy\"]\nwithout = [\"okta\"]\n[[overrides]]\nparty = \"aws\"\nowner = \"shared\"\nreason = \"keys are ours\"\n";
    let scenario = Scenario::from_toml("privacy", text, &scope(SECURITY)).expect("it is right");
    assert_eq!((scenario.name.as_str(), scenario.overrides.len()), ("privacy", 1));
    assert!(scenario.scope.categories.contains(Category::Privacy) && scenario.without.contains("okta"));
    let error = |text: &str| Scenario::from_toml("x", text, &scope(SECURITY)).expect_err("wrong").to_string();
    assert!(error("without = []\nwihtout = []\n").starts_with("line 2: unknown field `wihtout`"));
    assert!(error("categories = [\"privacy\"]\n").contains("leave out security"));
    assert_eq!(error("[[overrides]]\nowner = \"shared\"\n"), "line 1: override 1 needs a `reason`");
    assert_eq!(
        error("[[overrides]]\nreason = \"x\"\n"),
        "line 1: override 1 needs exactly one of `owner` and `treatment`"
    );
}

#[test]
fn a_list_in_csv_extends_and_replaces() {
    let rows = "id,title,objective,kind,frequency,owner,criteria,layers,evidence\n\
                dp_01,Ours,Data is encrypted,Automated,Continuous,Jo,cc6.1 CC 6.7,data,configuration: Settings of the stores\n\
                ZZ-01,More,More,manual,Per event,Jo,\"P1.1, CC1.1\",entity,policy: Text; records: Tickets\n";
    let rows = rows.replace("cc6.1 CC 6.7", "\"cc6.1; CC6.7\"");
    let files = |text: &str| ControlSet::with_files(&[DataFile { name: "controls.csv", text }]);
    let set = files(&rows).expect("it is right");
    assert_eq!(set.controls().len(), ControlSet::bundled().controls().len() + 1);
    let ours = set.controls().iter().find(|each| each.control.control_id == "DP-01").expect("it is there");
    assert_eq!((ours.control.title.as_str(), ours.control.criteria.join(" ")), ("Ours", "CC6.1 CC6.7".to_owned()));
    assert_eq!(ours.evidence[0].request, "Settings of the stores");
    let more = set.controls().iter().find(|each| each.control.control_id == "ZZ-01").expect("it is there");
    assert_eq!((more.shown, more.evidence.len()), (carveout_scoping::Shown::Once, 2));
    let only = files(&format!("# replace\n{rows}")).expect("it is right");
    assert_eq!(only.controls().len(), 2);
}

#[test]
fn a_wrong_list_in_csv_is_named_by_line() {
    let text = "id,title,objective,kind,frequency,owner,criteria,evidence,colour\n";
    let error = ControlSet::with_files(&[DataFile { name: "controls.csv", text }]).expect_err("wrong");
    assert!(
        error.problems[0].to_string().starts_with("controls.csv:1: the column `colour` is not read; known are id,")
    );
    let error = ControlSet::with_files(&[DataFile { name: "controls.csv", text: "id,title\n" }]).expect_err("wrong");
    assert!(error.problems.iter().any(|each| each.to_string() == "controls.csv:1: the column `criteria` is missing"));

    let text = "id,title,objective,kind,frequency,owner,criteria,evidence\n\
                AC-1,a,a,automated,continuous,Jo,CC6.1,\n\
                B/2,a,a,automated,continuous,Jo,CC6.1,\n\
                C-3,a,a,now and then,continuous,Jo,CC6.1,\n\
                D-4,a,a,automated,continuous,Jo,CC6.1,Settings\n\
                D-4,a,a,automated,continuous,Jo,CC6.77,\n\
                E-5,a,a,automated,continuous,Jo,CC6.77,\n";
    let error = ControlSet::with_files(&[DataFile { name: "controls.csv", text }]).expect_err("wrong");
    let said: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
    let starts = [
        "controls.csv:4: `kind`: `now_and_then` is not one of",
        "controls.csv:5: `evidence`: `Settings` needs a kind before it",
        "controls.csv:3: `B/2` can't be a control's id",
        "controls.csv:6: the control `D-4` is listed twice",
        "controls.csv:7: `CC6.77` is no trust services criterion",
        "controls.csv:2: the control `AC-1` looks like `AC-01`",
    ];
    for start in starts {
        assert!(said.iter().any(|each| each.starts_with(start)), "{start:?} is not among {said:#?}");
    }
    assert_eq!(said.len(), starts.len(), "{said:#?}");
}

#[test]
fn samples_never_shrink_with_the_population() {
    let text = "frequency,population_from,per_year,low,moderate,high,source\nper_event,250,,25,40,39,mine\n";
    let error = ControlSet::with_files(&[DataFile { name: "sample_sizes.csv", text }]).expect_err("wrong");
    assert_eq!(
        error.problems[0].to_string(),
        "sample_sizes.csv: the samples for per_event from 250 items on are fewer than for less risk or fewer items"
    );
}

#[test]
fn what_a_scenario_names_and_nobody_knows_is_listed() {
    let text = "frameworks_in_place = [\"ccm\", \"hitrust\"]\n[[overrides]]\ncontrol = \"XX-1\"\ncriterion = \"cc 6.1\"\n\
                owner = \"shared\"\nreason = \"why not\"\n[[overrides]]\ncriterion = \"CC6.77\"\nowner = \"shared\"\nreason = \"y\"\n";
    let scenario = Scenario::from_toml("x", text, &scope(SECURITY)).expect("it is right");
    let said: Vec<String> = scenario.unknown(&ControlSet::bundled()).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "override 1 (why not) names the control `XX-1`, and there is none",
            "override 2 (y) names the criterion `CC6.77`, and there is none",
            "there is no crosswalk for `hitrust`; mapped are CSA-CCM",
        ]
    );
}

#[test]
fn an_override_that_decides_nothing_says_why() {
    let text = r#"
without = ["okta"]
overrides = [
    { party = "aws", control = "DP-01", criterion = "CC6.1", owner = "shared", reason = "keys are ours" },
    { party = "awz", owner = "shared", reason = "a slip" },
    { control = "DP-1", owner = "shared", reason = "a slip" },
    { criterion = "CC6.77", owner = "shared", reason = "a slip" },
    { control = "DP-01", criterion = "CC6.4", owner = "shared", reason = "apart" },
    { party = "okta", owner = "shared", reason = "left out" },
    { criterion = "P4.2", owner = "shared", reason = "not chosen" },
    { criterion = "CC1.1", owner = "shared", reason = "shown once" },
]
"#;
    let scenario = Scenario::from_toml("x", text, &scope(SECURITY)).expect("it is right");
    let idle = estate().sizer(&ControlSet::bundled()).idle_overrides(&scenario);
    let said: Vec<String> = idle.iter().map(|each| format!("{}: {}", each.number, each.why)).collect();
    assert_eq!(
        said,
        [
            "2: there is no third party `awz` in scope",
            "3: there is no control `DP-1`",
            "4: there is no criterion `CC6.77`",
            "5: DP-01 serves CC6.1, C1.1",
            "6: the scenario leaves `okta` out",
            "7: P4.2 is in none of the chosen categories",
            "8: no control that is shown per third party meets it",
        ]
    );
}

#[test]
fn every_population_is_of_a_control_and_says_what_it_covers() {
    let set = ControlSet::bundled();
    assert!(set.populations().len() >= 10);
    let mine = "control,query,covers\nac_03,joiners,period\nXX-99,joiners,now\n";
    let set = ControlSet::with_files(&[DataFile { name: "populations.csv", text: mine }]).expect("it is right");
    let of = |id: &str| set.populations().iter().filter(|rule| rule.control_id == id).count();
    assert_eq!((of("AC-03"), of("XX-99")), (2, 0), "one more, and none of a control that isn't there");
    let wrong = "control,query,covers\nAC-03,joiners,always\n";
    let error = ControlSet::with_files(&[DataFile { name: "populations.csv", text: wrong }]).expect_err("wrong");
    assert_eq!(error.problems[0].to_string(), "populations.csv:2: `covers`: `always` is not one of now, period");
}

#[test]
fn every_sample_size_and_unit_of_work_names_its_source() {
    let set = ControlSet::bundled();
    assert!(set.samples().iter().all(|rule| !rule.source.trim().is_empty()));
    assert!(set.effort().iter().all(|(_, unit)| !unit.source.trim().is_empty()));
    assert!(set.layer_owners().iter().all(|cell| !cell.source.trim().is_empty()));
}
