//! What a card says is what the report holds, and everything that is wrong with a card is said at once.

use std::collections::BTreeSet;
use std::path::Path;

use carveout_model::{Category, Opinion, ReportType, Soc2Report, SubserviceMethod};
use carveout_soc2_reports::{CardError, Cause, TEMPLATE, expand, read_card, samples};
use jiff::civil::date;

fn criteria() -> BTreeSet<String> {
    let counts =
        [("CC1", 5), ("CC2", 3), ("CC3", 4), ("CC4", 2), ("CC5", 3), ("CC6", 8), ("CC7", 5), ("CC8", 1), ("CC9", 2)];
    let more = [("A1", 3), ("C1", 2), ("PI1", 5), ("P1", 1), ("P2", 1), ("P3", 2), ("P4", 3), ("P5", 2), ("P6", 7)];
    let last = [("P7", 1), ("P8", 1)];
    let series = counts.into_iter().chain(more).chain(last);
    series.flat_map(|(series, count)| (1..=count).map(move |n| format!("{series}.{n}"))).collect()
}

fn read(name: &str, text: &str) -> Result<Soc2Report, CardError> {
    read_card(Path::new(name), text.as_bytes(), &criteria())
}

/// (line, key, cause as text) of every problem.
fn problems(name: &str, text: &str) -> Vec<(Option<usize>, String, String)> {
    let error = read(name, text).expect_err("the card has problems");
    error.problems.into_iter().map(|each| (each.line, each.key, each.cause.to_string())).collect()
}

const TOML: &str = r#"party = "northwind"
organization = "Northwind Logs, Inc."
system = "Northwind Observability Platform"
report_type = "type2"
period = { start = 2025-10-01, end = 2026-09-30 }
issued_on = 2026-11-06
categories = ["availability", "security"]
opinion = "qualified"
qualified_criteria = ["CC 6.2"]
bridge_letter = { until = 2026-12-31 }

[[subservice_organizations]]
name = "Amazon Web Services, Inc."
method = "carve_out"

[[controls]]
ref = "AC-7"
criteria = ["cc6.3"]
description = "Access is reviewed."
result = "One review was not documented."
exception = true
"#;

const YAML: &str = r#"party: northwind
organization: Northwind Logs, Inc.
system: Northwind Observability Platform
report_type: type2
period: { start: 2025-10-01, end: 2026-09-30 }
issued_on: 2026-11-06
categories: [availability, security]
opinion: qualified
qualified_criteria: [CC 6.2]
bridge_letter: { until: 2026-12-31 }
auditor: null
subservice_organizations:
  - name: Amazon Web Services, Inc.
    method: carve_out
controls:
  - ref: AC-7
    criteria: [cc6.3]
    description: Access is reviewed.
    result: One review was not documented.
    exception: true
"#;

const JSON: &str = "{\n\t\"party\": \"northwind\",\n\t\"organization\": \"Northwind Logs, Inc.\",
\t\"system\": \"Northwind Observability Platform\", \"report_type\": \"type2\",
\t\"period\": {\"start\": \"2025-10-01\", \"end\": \"2026-09-30\"}, \"issued_on\": \"2026-11-06\",
\t\"categories\": [\"availability\", \"security\"], \"opinion\": \"qualified\",
\t\"qualified_criteria\": [\"CC 6.2\"], \"bridge_letter\": {\"until\": \"2026-12-31\"},
\t\"subservice_organizations\": [{\"name\": \"Amazon Web Services, Inc.\", \"method\": \"carve_out\"}],
\t\"controls\": [{\"ref\": \"AC-7\", \"criteria\": [\"cc6.3\"], \"description\": \"Access is reviewed.\",
\t\t\"result\": \"One review was not documented.\", \"exception\": true}]\n}\n";

#[test]
fn three_formats_say_the_same() {
    let toml = read("card.toml", TOML).expect("TOML is right");
    for (name, text) in [("card.yaml", YAML), ("card.json", JSON)] {
        let mut other = read(name, text).unwrap_or_else(|error| panic!("{error}"));
        assert_ne!(other.source_sha256, toml.source_sha256);
        other.source.clone_from(&toml.source);
        other.source_sha256.clone_from(&toml.source_sha256);
        assert_eq!(other, toml, "{name}");
    }
    assert_eq!(toml.report_id, "northwind-northwind-observability-platform-2025-10-01-to-2026-09-30");
    assert_eq!(toml.report_type, ReportType::Type2);
    assert_eq!((toml.period_start, toml.period_end), (Some(date(2025, 10, 1)), Some(date(2026, 9, 30))));
    assert_eq!(toml.categories, [Category::Security, Category::Availability]);
    assert_eq!((toml.opinion, toml.bridge_until), (Some(Opinion::Qualified), Some(date(2026, 12, 31))));
    assert_eq!(toml.qualified_criteria, ["CC6.2"]);
    assert_eq!(toml.subservice_organizations[0].method, SubserviceMethod::CarveOut);
    assert_eq!(toml.source_sha256.len(), 64);
}

#[test]
fn a_card_says_that_its_report_is_under_nda() {
    let plain = read("card.toml", TOML).expect("the card is right");
    assert_eq!(plain.extraction["under_nda"], false);
    let under_nda = read("card.toml", &format!("under_nda = true\n{TOML}")).expect("the card is right");
    assert_eq!(under_nda.extraction["under_nda"], true);
    assert!(read("card.toml", &format!("under_nda = \"yes\"\n{TOML}")).is_err());
}

#[test]
fn an_excepted_control_gives_an_exception_of_its_own() {
    let report = read("card.toml", TOML).expect("the card is right");
    assert_eq!(report.exceptions.len(), 1);
    assert_eq!(report.exceptions[0].control_ref, "AC-7");
    assert_eq!(report.exceptions[0].criteria, ["CC6.3"]);
    assert_eq!(report.exceptions[0].description, "One review was not documented.");
}

#[test]
fn every_problem_is_reported_with_its_line() {
    let card = r#"organisation = "Misspelt Ltd"
report_type = "type2"
period = { start = 2026-09-30, end = 2025-10-01 }
categories = ["security", "privacy", "security", "uptime"]
opinion = "unqualified"
qualified_criteria = ["CC6.9"]
issued_on = "soon"
auditor = 7

[[user_entity_controls]]
ref = "CUEC-1"
criteria = "CC6.1"
description = "…"

[[user_entity_controls]]
ref = "CUEC-1"
criteria = ["CC6.1"]
description = "…"
"#;
    let found = problems("card.toml", card);
    let expected = [
        (1, "organisation", "unknown key"),
        (1, "organization", "missing"),
        (3, "period.end", "the period ends on 2025-10-01, before it starts on 2026-09-30"),
        (4, "categories[2]", "`security` is listed twice"),
        (
            4,
            "categories[3]",
            "`uptime` is not one of security, availability, confidentiality, processing_integrity, privacy",
        ),
        (6, "qualified_criteria[0]", "`CC6.9` is no trust services criterion"),
        (7, "issued_on", "`soon` is no date"),
        (8, "auditor", "expected text, found the number `7`"),
        (12, "user_entity_controls[0].criteria", "expected a list of texts, found the text `CC6.1`"),
        (16, "user_entity_controls[1].ref", "`CUEC-1` is used twice, first on line 11"),
    ];
    for (line, key, cause) in expected {
        let wanted = (Some(line), key.to_owned(), cause.to_owned());
        assert!(found.contains(&wanted), "{wanted:?} is not among {found:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn a_misspelt_key_is_met_with_the_right_one() {
    let error = read("card.toml", &TOML.replace("issued_on", "isued_on")).expect_err("the key is unknown");
    assert_eq!(error.to_string(), "card.toml: 1 problem\n  line 6: `isued_on`: unknown key; did you mean `issued_on`?");
}

#[test]
fn yaml_and_json_problems_have_lines_too() {
    let yaml = YAML.replace("report_type: type2", "report_type: type3").replace("[cc6.3]", "[cc6.33]");
    let lines: Vec<_> = problems("card.yml", &yaml).into_iter().map(|each| (each.0, each.1)).collect();
    let key = |line, key: &str| (Some(line), key.to_owned());
    assert_eq!(lines, [key(4, "report_type"), key(17, "controls[0].criteria[0]")]);
    let json = JSON.replace("cc6.3", "cc6.33");
    assert_eq!(problems("card.json", &json)[0].0, Some(9));
}

#[test]
fn a_file_that_does_not_parse_is_one_problem_at_its_line() {
    let broken = problems("card.toml", "organization = \"Acme\"\nopinion = \n");
    assert_eq!(broken[0].0, Some(2));
    assert_eq!(problems("card.json", "{\n \"opinion\": }\n")[0].0, Some(2));
    assert_eq!(problems("card.yaml", "a: [1\nb: 2\n").len(), 1);
    assert_eq!(
        problems("report.pdf", "%PDF")[0].2,
        "a report card is a .toml, .yaml, .yml or .json file, and this is .pdf"
    );
    let error = read_card(Path::new("card.toml"), &[0xff, 0xfe], &criteria()).expect_err("not text");
    assert_eq!(error.problems[0].cause, Cause::NotUtf8);
}

#[test]
fn type_and_time_have_to_go_together() {
    let day = TOML.replace("period = { start = 2025-10-01, end = 2026-09-30 }", "as_of = 2026-09-30");
    let causes: Vec<String> = problems("card.toml", &day).into_iter().map(|each| each.2).collect();
    assert_eq!(
        causes,
        [
            "a type 2 report without a period",
            "a type 2 report speaks for a period and not for a day",
            "a bridge letter continues the period of a type 2 report, and there is none",
        ]
    );
    let type1 = day.replace("type2", "type1").replace("bridge_letter = { until = 2026-12-31 }\n", "");
    assert_eq!(read("card.toml", &type1).expect("a type 1 with its day").as_of, Some(date(2026, 9, 30)));
    let early = TOML.replace("until = 2026-12-31", "until = 2026-09-30");
    let cause = Cause::BridgeBeforePeriodEnd { until: date(2026, 9, 30), end: date(2026, 9, 30) };
    assert_eq!(read("card.toml", &early).expect_err("the letter bridges nothing").problems[0].cause, cause);
}

#[test]
fn a_qualified_opinion_without_criteria_is_a_warning() {
    let report = read("card.toml", &TOML.replace("qualified_criteria = [\"CC 6.2\"]\n", "")).expect("only odd");
    let warnings = report.extraction["warnings"].as_array().expect("a list");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn the_template_is_a_card_with_and_without_its_comments() {
    read("template.toml", TEMPLATE).unwrap_or_else(|error| panic!("{error}"));
    let full: String = TEMPLATE
        .lines()
        .filter(|line| !line.starts_with("# as_of") && !line.starts_with("# qualified_criteria"))
        .map(|line| {
            let code = line.strip_prefix("# ").filter(|rest| rest.starts_with("[[") || rest.contains(" = "));
            format!("{}\n", code.unwrap_or(line))
        })
        .collect();
    let report = read("template.toml", &full).unwrap_or_else(|error| panic!("{error}\n{full}"));
    assert_eq!(report.exceptions[0].management_response.as_deref(), Some("Reviews are now tracked by ticket."));
}

#[test]
fn every_sample_is_a_card_marked_as_a_sample_and_listed() {
    for sample in samples() {
        let report = read_card(Path::new(sample.name), sample.bytes, &criteria()).unwrap_or_else(|e| panic!("{e}"));
        assert!(report.system.as_deref().is_some_and(|system| system.ends_with("(sample)")), "{}", sample.name);
        assert_eq!(report.extraction["warnings"].as_array().map(Vec::len), Some(0), "{}", sample.name);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, samples().iter().map(|sample| sample.name).collect::<Vec<_>>());
}

#[test]
fn globs_start_at_the_base_and_name_each_file_once() {
    let base = Path::new(env!("CARGO_MANIFEST_DIR"));
    let patterns = ["samples/**/*.yaml", "samples/sendgrid.*", "vendors/*.toml"];
    let expanded = expand(base, &patterns).expect("the patterns are right");
    assert_eq!(expanded.files, [base.join("samples/sendgrid.yaml")]);
    assert_eq!(expanded.unmatched, ["vendors/*.toml"]);
    assert!(expand(base, &["samples/***.toml"]).is_err());
}
