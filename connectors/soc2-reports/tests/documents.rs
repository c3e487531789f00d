//! What several files say of one report becomes one report, and what was known before is not lost.

mod common;

use std::path::Path;

use carveout_model::{Opinion, ReportType, Soc2Report};
use carveout_soc2_reports::{
    CARD_SCHEMA, DateOrder, Document, RegisterSettings, RowCause, Succession, TEMPLATE, combine, read, samples, succeed,
};
use jiff::civil::date;
use lopdf::{Dictionary, Object, Stream, dictionary};
use serde_json::Value;

const PDF: &[u8] = include_bytes!("samples/northwind-soc2.pdf");
const CARD: &str = r#"organization = "Northwind Logs, Inc."
report_type = "type2"
period = { start = 2025-10-01, end = 2026-09-30 }
categories = ["security", "availability", "confidentiality"]
opinion = "qualified"
qualified_criteria = ["CC.7.2", "cc_7_2-POF1"]
"#;

fn read_file(name: &str, bytes: &[u8]) -> Document {
    read(Path::new(name), bytes, &common::criteria(), &RegisterSettings::default())
        .unwrap_or_else(|error| panic!("{error}"))
}

fn report(document: Document) -> Soc2Report {
    match document {
        Document::Report(report) => *report,
        other => panic!("no report: {other:?}"),
    }
}

fn letter(lines: &[&str]) -> Vec<u8> {
    let text: String = lines
        .iter()
        .enumerate()
        .map(|(at, line)| format!("BT /F1 11 Tf 1 0 0 1 72 {} Tm ({line}) Tj ET\n", 720 - at * 16))
        .collect();
    let mut document = lopdf::Document::with_version("1.7");
    let tree = document.new_object_id();
    let font = dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding" };
    let stream = document.add_object(Stream::new(Dictionary::new(), text.into_bytes()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Contents" => stream,
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
    });
    document
        .objects
        .insert(tree, dictionary! { "Type" => "Pages", "Kids" => vec![Object::Reference(page)], "Count" => 1 }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("it is written to memory");
    bytes
}

#[test]
fn a_card_beside_a_pdf_overrides_it_and_says_so() {
    let documents = vec![read_file("vendors/northwind.pdf", PDF), read_file("vendors/northwind.toml", CARD.as_bytes())];
    let combined = combine(documents);
    assert_eq!(combined.reports.len(), 1);
    let report = &combined.reports[0];
    assert_eq!(
        (report.opinion, report.qualified_criteria.as_slice()),
        (Some(Opinion::Qualified), &["CC7.2".to_owned()][..])
    );
    assert_eq!(report.auditor.as_deref(), Some("Harlow & Pike LLP"), "what the card leaves open is the PDF's");
    assert_eq!(report.controls.len(), 38);
    let overridden = report.extraction["overridden"].as_array().expect("a list");
    assert_eq!(overridden.len(), 1, "{overridden:?}");
    assert_eq!(overridden[0]["field"], "opinion");
    assert_eq!(
        (&overridden[0]["card"], &overridden[0]["pdf"]),
        (&Value::from("qualified"), &Value::from("unqualified"))
    );
    assert_eq!(report.extraction["card"]["source"], "vendors/northwind.toml");
}

#[test]
fn a_bridge_letter_extends_its_report_and_no_other() {
    let bytes = letter(&[
        "Northwind Logs, Inc. SOC 2 Bridge Letter",
        "The most recent SOC 2 Type 2 report covers the period October 1, 2025 to September 30, 2026.",
        "Management is not aware of any material changes to its controls",
        "from October 1, 2026 to December 15, 2026.",
        "This letter is no substitute for the report itself.",
    ]);
    let combined = combine(vec![read_file("bridge.pdf", &bytes), read_file("northwind.pdf", PDF)]);
    assert!(combined.letters.is_empty());
    assert_eq!(combined.reports[0].bridge_until, Some(date(2026, 12, 15)));
    assert_eq!(combined.reports[0].extraction["bridge"]["source"], "bridge.pdf");
    let tessel = read_file("tessel.pdf", include_bytes!("samples/tessel-soc2.pdf"));
    let combined = combine(vec![read_file("bridge.pdf", &bytes), tessel]);
    assert_eq!((combined.letters.len(), combined.reports[0].bridge_until), (1, None));
}

#[test]
fn importing_again_changes_nothing_and_a_newer_version_keeps_the_older() {
    let first = report(read_file("northwind.pdf", PDF));
    assert!(matches!(succeed(None, first.clone()), Succession::Counts(_)));
    assert_eq!(succeed(Some(&first), first.clone()), Succession::Unchanged);
    let mut newer = first.clone();
    newer.source_sha256 = "ab".repeat(32);
    newer.issued_on = Some(date(2026, 12, 1));
    let Succession::Counts(stored) = succeed(Some(&first), newer.clone()) else { panic!("the newer counts") };
    assert_eq!(stored.issued_on, newer.issued_on);
    assert_eq!(stored.extraction["supersedes"][0]["issued_on"], "2026-11-06");
    assert_eq!(succeed(Some(&stored), newer), Succession::Unchanged);
    assert_eq!(succeed(Some(&stored), first.clone()), Succession::Unchanged, "an older version is known as well");
    let mut moved = first.clone();
    moved.source = "another-folder/northwind.pdf".to_owned();
    assert_eq!(succeed(Some(&first), moved), Succession::Unchanged, "the same file in another folder is the same file");
    let mut oldest = first;
    oldest.source_sha256 = "cd".repeat(32);
    oldest.issued_on = Some(date(2026, 10, 20));
    let Succession::IsOlder(kept) = succeed(Some(&stored), oldest) else { panic!("it is older") };
    assert_eq!(kept.issued_on, stored.issued_on);
    assert_eq!(kept.extraction["supersedes"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_letter_that_came_later_is_not_lost_when_the_report_is_read_again() {
    let bytes = letter(&[
        "Northwind Logs, Inc. SOC 2 Bridge Letter",
        "The most recent SOC 2 Type 2 report covers the period October 1, 2025 to September 30, 2026.",
        "Management is not aware of any material changes to its controls",
        "from October 1, 2026 to December 15, 2026.",
    ]);
    let extended = combine(vec![read_file("bridge.pdf", &bytes), read_file("northwind.pdf", PDF)]).reports.remove(0);
    assert_eq!(extended.bridge_until, Some(date(2026, 12, 15)));
    assert_eq!(succeed(Some(&extended), report(read_file("northwind.pdf", PDF))), Succession::Unchanged);
    let mut newer = report(read_file("northwind.pdf", PDF));
    newer.source_sha256 = "ab".repeat(32);
    let Succession::Counts(stored) = succeed(Some(&extended), newer) else { panic!("the newer counts") };
    assert_eq!(stored.bridge_until, Some(date(2026, 12, 15)));
    assert_eq!(stored.extraction["bridge"]["source"], "bridge.pdf");
}

#[test]
fn a_register_gives_vendors_and_reports_and_lists_what_it_can_not_read() {
    let csv = "Vendor register 2026\n\
        Vendor Name;Website;SOC report type;Period start;Period end;Report date;TSC;Opinion\n\
        Northwind Logs, Inc.;https://www.northwind.example/x;SOC 2 Type II;01/10/2025;30/09/2026;06/11/2026;Security, Availability;Unqualified\n\
        Papertrail Payments Ltd;papertrail.example;SOC 2 Type 1;;30/06/2026;;S;clean\n\
        Brightpipe AG;;ISO 27001;;;;;\n\
        Tessel Identity GmbH;;SOC 2 Type 2;01/04/2025;31/02/2026;;Security;\n\
        Only A Name;;;;;;;\n\
        ;;SOC 2 Type 2;01/04/2025;31/03/2026;;Security;\n\
        Halden;;SOC 2;;;;Uptime;\n";
    let Document::Register(register) = read_file("register.csv", csv.as_bytes()) else { panic!("a register") };
    let names: Vec<&str> = register.vendors.iter().map(|vendor| vendor.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Northwind Logs, Inc.",
            "Papertrail Payments Ltd",
            "Brightpipe AG",
            "Tessel Identity GmbH",
            "Only A Name",
            "Halden"
        ]
    );
    assert_eq!(register.vendors[0].domain.as_deref(), Some("northwind.example"));
    assert_eq!(register.vendors[0].place, "line 3");
    assert_eq!(register.reports.len(), 2);
    let northwind = &register.reports[0];
    assert_eq!((northwind.period_start, northwind.period_end), (Some(date(2025, 10, 1)), Some(date(2026, 9, 30))));
    assert_eq!((northwind.issued_on, northwind.opinion), (Some(date(2026, 11, 6)), Some(Opinion::Unqualified)));
    assert_eq!(
        (register.reports[1].report_type, register.reports[1].as_of),
        (ReportType::Type1, Some(date(2026, 6, 30)))
    );
    assert_eq!(register.documents.len(), 1);
    assert_eq!(register.documents[0].standard.as_deref(), Some("ISO/IEC 27001"));
    let problems: Vec<String> = register.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 3, "{problems:#?}");
    assert_eq!(problems[0], "line 6, column \"Period end\": `31/02/2026` is no date");
    assert!(problems[1].starts_with("line 8, column \"Vendor Name\""), "{problems:#?}");
    assert!(problems[2].contains("type 1 or type 2"), "{problems:#?}");
}

#[test]
fn unusual_heads_are_matched_by_the_configuration_and_unclear_days_are_not_guessed() {
    let csv = b"Lieferant,Bericht,von,bis\nNorthwind,SOC 2 Typ 2,03/04/2025,02/04/2026\n";
    let heads = [("vendor", "Lieferant"), ("report", "Bericht"), ("period_start", "von"), ("period_end", "bis")];
    let mut settings = RegisterSettings {
        columns: heads.map(|(column, head)| (column.to_owned(), head.to_owned())).into(),
        date_order: None,
    };
    let with = |settings: &RegisterSettings| read(Path::new("r.csv"), csv, &common::criteria(), settings);
    let Ok(Document::Register(register)) = with(&settings) else { panic!("a register") };
    assert!(register.problems.iter().all(|problem| matches!(problem.cause, RowCause::AmbiguousDate { .. })));
    assert_eq!((register.reports.len(), register.problems.len(), register.vendors.len()), (0, 2, 1));
    settings.date_order = Some(DateOrder::DayFirst);
    let Ok(Document::Register(register)) = with(&settings) else { panic!("a register") };
    assert_eq!(register.reports[0].period_start, Some(date(2025, 4, 3)));
    settings.columns.insert("vendor".to_owned(), "Anbieter".to_owned());
    assert!(with(&settings).is_err_and(|error| error.to_string().contains("Lieferant")));
    settings.columns.insert("vendour".to_owned(), "x".to_owned());
    assert!(with(&settings).is_err_and(|error| error.to_string().contains("vendour")));
}

#[test]
fn a_pdf_counts_more_than_the_row_of_a_register() {
    let csv = b"Vendor,Report,Period,Opinion\nNorthwind Logs,SOC 2 Type 2,2025-10-01 to 2026-09-30,qualified\n";
    let combined = combine(vec![read_file("register.csv", csv), read_file("northwind.pdf", PDF)]);
    assert_eq!(combined.reports.len(), 1);
    assert_eq!(combined.reports[0].opinion, Some(Opinion::Unqualified));
    assert_eq!(combined.register.vendors.len(), 1);
}

/// The problems that a value has with a schema, as far as the card's schema goes.
fn problems(schema: &Value, value: &Value, root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(name) = schema["$ref"].as_str() {
        return problems(root.pointer(name.trim_start_matches('#')).expect("it is defined"), value, root);
    }
    let of_type = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    };
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|name| of_type(name)) {
        found.push(format!("{value} is none of {types:?}"));
    }
    if let Some(any) = schema["anyOf"].as_array() {
        found.extend(
            (!any.iter().any(|each| problems(each, value, root).is_empty())).then(|| format!("{value} fits none")),
        );
    }
    if let Some(words) = schema["enum"].as_array() {
        found.extend((!words.contains(value)).then(|| format!("{value} is none of {words:?}")));
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str()) {
        let pattern = regex::Regex::new(pattern).expect("the pattern is one");
        found.extend((!pattern.is_match(text)).then(|| format!("{text} does not match {pattern}")));
    }
    if let Some(items) = value.as_array() {
        found.extend(items.iter().flat_map(|item| problems(&schema["items"], item, root)));
    }
    if let Some(entries) = value.as_object() {
        let known = schema["properties"].as_object().expect("objects have properties");
        for (key, entry) in entries {
            match known.get(key) {
                Some(schema) => {
                    found.extend(problems(schema, entry, root).into_iter().map(|problem| format!("{key}: {problem}")))
                }
                None => found.push(format!("{key} is unknown")),
            }
        }
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        found.extend(
            required
                .iter()
                .filter_map(Value::as_str)
                .filter(|key| !entries.contains_key(*key))
                .map(|key| format!("{key} is missing")),
        );
    }
    found
}

#[test]
fn every_sample_and_the_template_fit_the_published_schema() {
    let schema: Value = serde_json::from_str(CARD_SCHEMA).expect("the schema is JSON");
    let with_optional: String = TEMPLATE
        .lines()
        .map(|line| {
            line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with('[')).unwrap_or(line)
        })
        .filter(|line| !line.starts_with("as_of") && !line.starts_with("qualified_criteria"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut cards = vec![("template", TEMPLATE.to_owned()), ("template, all of it", with_optional)];
    for sample in samples().iter().filter(|sample| sample.name.ends_with(".toml")) {
        cards.push((sample.name, String::from_utf8(sample.bytes.to_vec()).expect("cards are text")));
    }
    for (name, card) in cards {
        let card: toml::Value = toml::from_str(&card).unwrap_or_else(|error| panic!("{name}: {error}"));
        let value = plain(card);
        assert_eq!(problems(&schema, &value, &schema), Vec::<String>::new(), "{name}");
    }
    for sample in samples().iter().filter(|sample| sample.name.ends_with(".json")) {
        let value: Value = serde_json::from_slice(sample.bytes).expect("it is JSON");
        assert_eq!(problems(&schema, &value, &schema), Vec::<String>::new(), "{}", sample.name);
    }
    let wrong =
        serde_json::json!({ "organization": "X", "report_type": "type3", "categories": ["uptime"], "opinon": "clean" });
    assert_eq!(problems(&schema, &wrong, &schema).len(), 4);
}

/// TOML as JSON, dates as their text.
fn plain(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(day) => Value::String(day.to_string()),
        toml::Value::Array(items) => items.into_iter().map(plain).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(key, value)| (key, plain(value))).collect::<serde_json::Map<_, _>>().into()
        }
        other => serde_json::to_value(other).expect("the rest is the same in JSON"),
    }
}

#[test]
fn a_register_of_ten_thousand_vendors_is_read_in_seconds() {
    let rows: String = (0..10_000).map(|n| format!("Vendor {n},SOC 2 Type 2,2025-01-01 to 2025-12-31\n")).collect();
    let started = std::time::Instant::now();
    let register = read_file("register.csv", format!("Vendor,Report,Period\n{rows}").as_bytes());
    let combined = combine(vec![register]);
    assert_eq!((combined.reports.len(), combined.register.vendors.len()), (10_000, 10_000));
    assert!(started.elapsed() < std::time::Duration::from_secs(30), "it took {:?}", started.elapsed());
}
