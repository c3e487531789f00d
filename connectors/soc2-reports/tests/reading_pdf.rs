//! What auditors set is what is read: the sample reports against their truth, and the same facts in many layouts. The
//! figures are printed (`--nocapture`): right/read/there.

#![expect(clippy::print_stdout, reason = "figures for whoever runs the tests")]

mod common;

use std::{collections::BTreeSet, path::Path};

use carveout_model::Soc2Report;
use carveout_soc2_reports::{Document, RegisterSettings, read};
use common::compare::{
    ControlKey, Figures, Wrong, control_keys, exception_keys, subservice_control_keys, subservice_keys,
    user_control_keys,
};
use common::facts::{Dates, Facts, facts};
use common::typeset::{Responses, Style, Tests, UserControls, set};
use serde_json::Value;

fn read_report(name: &str, bytes: &[u8]) -> Soc2Report {
    match read(Path::new(name), bytes, &common::criteria(), &RegisterSettings::default()) {
        Ok(Document::Report(report)) => *report,
        Ok(other) => panic!("{name}: no report but {other:?}"),
        Err(error) => panic!("{name}: {error}"),
    }
}

const SAMPLES: [(&str, &[u8], &str); 3] = [
    ("northwind", include_bytes!("samples/northwind-soc2.pdf"), include_str!("samples/northwind-soc2.truth.json")),
    ("papertrail", include_bytes!("samples/papertrail-soc2.pdf"), include_str!("samples/papertrail-soc2.truth.json")),
    ("tessel", include_bytes!("samples/tessel-soc2.pdf"), include_str!("samples/tessel-soc2.truth.json")),
];

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|list| list.iter().filter_map(text).collect()).unwrap_or_default()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[test]
fn the_sample_reports_are_read_as_they_are() {
    for (name, bytes, truth) in SAMPLES {
        let report = read_report(&format!("{name}.pdf"), bytes);
        let truth: Value = serde_json::from_str(truth).expect("the truth is JSON");
        let mut wrong = Wrong::default();
        let json = serde_json::to_value(&report).expect("a report is JSON");
        for field in [
            "organization",
            "system",
            "auditor",
            "report_type",
            "period_start",
            "period_end",
            "as_of",
            "issued_on",
            "opinion",
            "categories",
            "qualified_criteria",
        ] {
            wrong.check(field, &json[field], &truth[field]);
        }
        let list = |field: &str| truth[field].as_array().expect("a list").clone();
        let subservices = Figures::of(
            subservice_keys(&report).into_iter().map(|(name, method, services)| (name, method.to_owned(), services)),
            list("subservice_organizations").iter().map(|each| {
                (
                    text(&each["name"]).expect("a name"),
                    text(&each["method"]).expect("a method"),
                    text(&each["services"]),
                )
            }),
        );
        let cuecs = Figures::of(
            user_control_keys(&report),
            list("user_entity_controls").iter().map(|each| {
                (text(&each["ref"]).expect("a ref"), texts(&each["criteria"]), text(&each["text"]).expect("a text"))
            }),
        );
        let controls = Figures::of(
            control_keys(&report),
            list("controls").iter().map(|each| {
                let mut criteria = texts(&each["criteria"]);
                criteria.sort();
                // A report of type 1 shows no tests, whatever was made for it.
                let test = text(&each["test"]).filter(|_| truth["report_type"] == "type2");
                (
                    text(&each["ref"]).expect("a ref"),
                    criteria,
                    text(&each["text"]).expect("a text"),
                    test,
                    text(&each["result"]),
                )
            }),
        );
        let exceptions = Figures::of(
            exception_keys(&report),
            list("controls")
                .iter()
                .filter(|each| each["exception"] == true)
                .map(|each| (text(&each["ref"]).expect("a ref"), text(&each["result"]).expect("a result"))),
        );
        println!(
            "{name:12} fields wrong {}; subservices {subservices}; CUECs {cuecs}; controls {controls}; exceptions {exceptions}",
            wrong.0.len()
        );
        assert!(wrong.0.is_empty(), "{name}: {:#?}", wrong.0);
        assert!(
            subservices.is_exact() && cuecs.is_exact(),
            "{name}: {:#?}\n{:#?}",
            subservice_keys(&report),
            user_control_keys(&report)
        );
        assert!(controls.f1() >= 0.98 && exceptions.f1() >= 0.98, "{name}: {:#?}", control_keys(&report));
        let responses = report.exceptions.iter().filter(|each| each.management_response.is_some()).count();
        assert_eq!(responses, report.exceptions.len(), "{name}: management answers every exception");
        assert_eq!(report.subservice_controls.len(), 3, "{name}");
        assert!(report.subservice_controls.iter().all(|each| each.criteria == ["CC6.4"]), "{name}");
    }
}

fn styles() -> Vec<(&'static str, Style, Facts)> {
    let plain = Style::default;
    let long = || facts(1, 60);
    let mut qualified = facts(2, 40);
    qualified.opinion = "qualified";
    qualified.qualified = vec!["CC6.2".to_owned(), "CC7.4".to_owned()];
    let with_opinion = |opinion: &'static str| Facts { opinion, ..facts(0, 30) };
    let mut type1 = facts(3, 30);
    type1.is_type2 = false;
    for control in &mut type1.controls {
        (control.exception, control.response) = (false, None);
        control.result = "No exceptions noted.".to_owned();
    }
    vec![
        ("plain", plain(), long()),
        ("arabic, sections swapped", Style { roman: false, swapped: true, ..plain() }, facts(0, 45)),
        ("by criterion", Style { tests: Tests::ByCriterion, ..plain() }, facts(2, 50)),
        ("titles of criteria", Style { tests: Tests::UnderCriteria, ..plain() }, facts(3, 40)),
        ("rows of criteria", Style { tests: Tests::GroupRows, ..plain() }, facts(0, 40)),
        ("reference in the text", Style { tests: Tests::Joined, ..plain() }, facts(1, 40)),
        ("not ruled", Style { ruled: false, ..plain() }, facts(2, 40)),
        ("not ruled, tight", Style { ruled: false, padding: 3.0, ..plain() }, facts(3, 40)),
        ("ruled, in the middle", Style { centered: true, ..plain() }, facts(1, 40)),
        ("not ruled, in the middle", Style { centered: true, ruled: false, ..plain() }, facts(1, 40)),
        ("heads not repeated", Style { repeat_heads: false, ..plain() }, facts(2, 50)),
        ("rows over pages", Style { break_rows: true, ..plain() }, facts(0, 60)),
        ("rows over pages, no heads", Style { break_rows: true, repeat_heads: false, ..plain() }, facts(1, 60)),
        ("hyphens", Style { hyphenate: true, ..plain() }, facts(2, 50)),
        ("watermark turned", Style { watermark: Some(true), ..plain() }, facts(3, 30)),
        ("watermark upright", Style { watermark: Some(false), ..plain() }, facts(0, 30)),
        ("no running lines", Style { running: false, ..plain() }, facts(1, 30)),
        ("two columns", Style { two_columns: true, body: 9.0, ..plain() }, facts(2, 30)),
        ("two columns, hyphens", Style { two_columns: true, hyphenate: true, body: 9.0, ..plain() }, facts(3, 30)),
        ("landscape", Style { width: 842.0, height: 595.0, ..plain() }, facts(0, 50)),
        ("turned pages", Style { width: 842.0, height: 595.0, turned: true, ..plain() }, facts(1, 40)),
        ("British days", Style { dates: Dates::British, width: 595.0, height: 842.0, ..plain() }, facts(2, 30)),
        ("ISO days", Style { dates: Dates::Iso, ..plain() }, facts(3, 30)),
        ("days in digits", Style { dates: Dates::Digits, ..plain() }, facts(0, 30)),
        ("composite fonts", Style { composite: true, ..plain() }, facts(1, 40)),
        ("CUECs numbered", Style { user_controls: UserControls::Numbered, ..plain() }, facts(2, 30)),
        ("CUECs bulleted", Style { user_controls: UserControls::Bulleted, ..plain() }, facts(3, 30)),
        ("no CUECs", Style { user_controls: UserControls::None, ..plain() }, facts(0, 30)),
        ("qualified", plain(), qualified),
        ("type 1", Style { dates: Dates::British, ..plain() }, type1.clone()),
        ("adverse", plain(), with_opinion("adverse")),
        ("disclaimer", plain(), with_opinion("disclaimer")),
        ("under each criterion", Style { tests: Tests::Repeated, ..plain() }, facts(2, 40)),
        ("points of focus", Style { points_of_focus: true, width: 842.0, height: 595.0, ..plain() }, facts(0, 40)),
        ("answers in a table", Style { responses: Responses::Table, ..plain() }, facts(1, 40)),
        ("answers with results", Style { responses: Responses::WithResult, ..plain() }, facts(2, 40)),
        ("paragraphs", Style { tests: Tests::Labelled, ..plain() }, long()),
        ("paragraphs, hyphens", Style { tests: Tests::Labelled, hyphenate: true, body: 11.0, ..plain() }, facts(2, 40)),
        ("paragraphs, watermark", Style { tests: Tests::Labelled, watermark: Some(false), ..plain() }, facts(3, 40)),
        ("paragraphs, points", Style { tests: Tests::Labelled, points_of_focus: true, ..plain() }, facts(0, 40)),
        (
            "paragraphs with answers",
            Style { tests: Tests::Labelled, responses: Responses::WithResult, ..plain() },
            facts(1, 40),
        ),
        ("paragraphs, type 1", Style { tests: Tests::Labelled, ..plain() }, type1),
        ("labels apart", Style { tests: Tests::LabelledApart, ..plain() }, facts(2, 40)),
        (
            "labels apart, landscape",
            Style { tests: Tests::LabelledApart, width: 842.0, height: 595.0, roman: false, ..plain() },
            facts(3, 40),
        ),
        ("long", Style { tests: Tests::ByCriterion, break_rows: true, ..plain() }, facts(1, 300)),
    ]
}

#[test]
fn the_same_facts_are_read_from_every_layout() {
    let mut failed = Vec::new();
    for (name, style, facts) in styles() {
        let report = read_report(&format!("{name}.pdf"), &set(&facts, &style));
        let mut wrong = Wrong::default();
        wrong.check("organization", &report.organization.as_str(), &facts.organization);
        wrong.check("system", &report.system.as_deref(), &Some(facts.system));
        wrong.check("auditor", &report.auditor.as_deref(), &Some(facts.auditor));
        let kind = if facts.is_type2 { "type2" } else { "type1" };
        wrong.check("report_type", &report.report_type.as_str(), &kind);
        wrong.check("period_start", &report.period_start, &facts.is_type2.then_some(facts.start));
        wrong.check("period_end", &report.period_end, &facts.is_type2.then_some(facts.end));
        wrong.check("as_of", &report.as_of, &(!facts.is_type2).then_some(facts.end));
        wrong.check("issued_on", &report.issued_on, &Some(facts.issued));
        wrong.check("opinion", &report.opinion.map(|opinion| opinion.as_str()), &Some(facts.opinion));
        wrong.check("qualified_criteria", &report.qualified_criteria, &facts.qualified);
        let categories: Vec<String> = report.categories.iter().map(ToString::to_string).collect();
        wrong.check("categories", &categories, &facts.categories.iter().map(|each| each.to_lowercase()).collect());
        let subservices = Figures::of(
            subservice_keys(&report),
            facts.subservices.iter().map(|(name, services, carved)| {
                ((*name).to_owned(), if *carved { "carve_out" } else { "inclusive" }, Some((*services).to_owned()))
            }),
        );
        let listed = if style.user_controls == UserControls::None { &[][..] } else { &facts.user_entity_controls };
        let cuecs = Figures::of(
            user_control_keys(&report),
            listed
                .iter()
                .enumerate()
                .map(|(at, (text, criteria))| (format!("CUEC-{}", at + 1), criteria.clone(), text.clone())),
        );
        let csocs = Figures::of(
            subservice_control_keys(&report),
            facts.subservice_controls.iter().enumerate().map(|(at, (organization, text, criterion))| {
                let organization = Some((*organization).to_owned());
                (format!("CSOC-{}", at + 1), organization, vec![(*criterion).to_owned()], (*text).to_owned())
            }),
        );
        // Under titles or rows of criteria, a report names no other criteria of a control.
        let is_grouped = matches!(style.tests, Tests::UnderCriteria | Tests::GroupRows);
        // Paragraphs of a type 1 report have no tests; its tables are set with them all the same.
        let has_tests = facts.is_type2 || style.tests != Tests::Labelled;
        let controls = Figures::of(
            control_keys(&report),
            facts.controls.iter().map(|each| {
                let mut criteria = if is_grouped { each.criteria[..1].to_vec() } else { each.criteria.clone() };
                criteria.sort();
                (
                    each.reference.clone(),
                    criteria,
                    each.text.clone(),
                    has_tests.then(|| each.test.clone()),
                    has_tests.then(|| each.result.clone()),
                )
            }),
        );
        let exceptions_read: BTreeSet<_> = report
            .exceptions
            .iter()
            .map(|each| (each.control_ref.clone(), each.description.clone(), each.management_response.clone()))
            .collect();
        let exceptions_there: BTreeSet<_> = facts
            .controls
            .iter()
            .filter(|each| each.exception)
            .map(|each| (each.reference.clone(), each.result.clone(), each.response.clone()))
            .collect();
        let exceptions = Figures::of(exceptions_read.iter(), exceptions_there.iter());
        println!(
            "{name:28} fields wrong {}; subservices {subservices}; CUECs {cuecs}; CSOCs {csocs}; controls {controls}; exceptions {exceptions}",
            wrong.0.len()
        );
        if !(wrong.0.is_empty() && subservices.is_exact() && cuecs.is_exact() && csocs.is_exact())
            || controls.f1() < 0.98
            || exceptions.f1() < 0.98
        {
            let wrong_exceptions =
                exceptions_read.difference(&exceptions_there).chain(exceptions_there.difference(&exceptions_read));
            let control_is_there = |key: &ControlKey| {
                facts
                    .controls
                    .iter()
                    .any(|each| each.reference == key.0 && each.text == key.2 && Some(&each.test) == key.3.as_ref())
            };
            let off = control_keys(&report).into_iter().find(|key| !control_is_there(key));
            failed.push(format!(
                "{name}: {:?} {:?} {:?} {:?} {off:?} {:?}",
                wrong.0,
                subservice_keys(&report),
                user_control_keys(&report),
                subservice_control_keys(&report),
                wrong_exceptions.take(2).collect::<Vec<_>>()
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_field_has_its_page_and_quote_and_what_is_missing_is_listed() {
    let report = read_report("northwind.pdf", SAMPLES[0].1);
    let fields = report.extraction["fields"].as_array().expect("a list").clone();
    let of =
        |name: &str| fields.iter().find(|field| field["field"] == name).unwrap_or_else(|| panic!("{name}")).clone();
    assert_eq!(of("organization")["page"], 3);
    assert!(of("opinion")["quote"].as_str().is_some_and(|quote| quote.contains("In our opinion")));
    assert_eq!(of("user_entity_controls CUEC-1")["page"], 6);
    assert_eq!(of("exceptions 001 management_response")["page"], 9);
    assert!(fields.iter().all(|field| field["confidence"].as_f64().is_some_and(|each| each > 0.5 && each <= 1.0)));
    let without = facts(0, 10);
    let report =
        read_report("no-cuecs.pdf", &set(&without, &Style { user_controls: UserControls::None, ..Style::default() }));
    assert!(texts(&report.extraction["not_found"]).contains(&"user_entity_controls".to_owned()));
}

#[test]
fn an_invented_criterion_is_refused_by_its_name_and_the_control_is_read() {
    let mut made_up = facts(0, 12);
    made_up.controls[3].criteria.push("P1.4".to_owned());
    let report = read_report("invented.pdf", &set(&made_up, &Style::default()));
    assert!(report.controls.iter().all(|control| !control.criteria.contains(&"P1.4".to_owned())));
    assert_eq!(report.controls.len(), made_up.controls.len());
    let warnings = texts(&report.extraction["warnings"]);
    assert!(warnings.iter().any(|warning| warning.contains("`P1.4` is no trust services criterion")), "{warnings:?}");
}

#[test]
fn a_control_in_a_paragraph_has_its_page_and_quote() {
    let report =
        read_report("paragraphs.pdf", &set(&facts(1, 20), &Style { tests: Tests::Labelled, ..Style::default() }));
    let fields = report.extraction["fields"].as_array().expect("a list").clone();
    let field = fields.iter().find(|field| field["field"] == "controls CTL-01").expect("it was read");
    assert!(field["page"].as_u64().is_some_and(|page| page > 3), "{field}");
    assert!(field["quote"].as_str().is_some_and(|quote| quote.starts_with("CTL-01 ")), "{field}");
}
