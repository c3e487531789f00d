//! Published sheets in their layouts, with invented mappings.

use carveout_scoping::{
    ControlSet, CrosswalkEdge, DataFile, SheetImport, SheetLayout, SheetTerms, crosswalk_csv, import_sheet,
};

use crate::estate::*;

fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split('|').map(|cell| cell.replace("\\n", "\n")).collect()).collect()
}

fn terms(source: &str) -> SheetTerms {
    SheetTerms { framework_version: "1".to_owned(), source: source.to_owned(), licence: "held by the user".to_owned() }
}

fn import(layout: SheetLayout, text: &str) -> SheetImport {
    import_sheet(layout, &rows(text), ControlSet::bundled().criteria(), &terms("publisher")).expect("headers are there")
}

fn pairs(import: &SheetImport) -> Vec<(&str, &str, &str)> {
    import.edges.iter().map(|edge| (&*edge.framework_control_id, &*edge.criterion_id, &*edge.relation)).collect()
}

fn problems(import: &SheetImport) -> Vec<String> {
    import.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_ccm_is_read_below_its_framework_names() {
    let import = import(
        SheetLayout::CsaCcm,
        "{\"specification_version\": \"4.0.13\"}\n\
         Cloud Controls Matrix|||||AICPA TSC 2017|||ISO/IEC 27001:2022||\n\
         Control Domain|Control Title|Control ID|Updated Control Specification|CSP|Control Mapping|Gap Level|Addendum|Control Mapping|Gap Level|Addendum\n\
         Audit & Assurance - A&A||||||||||\n\
         Audit & Assurance|One|A&A-01|…||CC1.2\\ncc 4.1|No Gap||5.1|No Gap|\n\
         Audit & Assurance|Two|A&A-02|…||CC4.9; CC4.2|Partial Gap|…|5.2|No Gap|\n\
         Audit & Assurance|Three|A&A-03|…||No Mapping|Full Gap|…|5.3|No Gap|\n\
         Audit & Assurance|Four|A&A-3|…||CC4.2|No Gap||||",
    );
    assert_eq!(
        pairs(&import),
        [("A&A-01", "CC1.2", "no_gap"), ("A&A-01", "CC4.1", "no_gap"), ("A&A-02", "CC4.2", "partial_gap")]
    );
    assert_eq!(problems(&import), ["F6: `CC4.9` is no trust services criterion", "C8: `A&A-3` is no CSA-CCM control"]);
}

#[test]
fn the_order_of_columns_does_not_matter() {
    let import = import(
        SheetLayout::CsaCcm,
        "Gap Level|AICPA TSC 2017 Control Mapping|Gap Level|Control ID\nNo Gap|CC6.1|Partial Gap|CEK-03",
    );
    assert_eq!(pairs(&import), [("CEK-03", "CC6.1", "partial_gap")], "the gap is the one beside the mapping");
}

#[test]
fn the_aicpas_sheet_for_nist_is_read_by_criterion() {
    let import = import(
        SheetLayout::AicpaNist80053,
        "Mapping||\n\
         TRUST SERVICES CRITERIA|FRAMEWORK REFERENCE|FRAMEWORK SPECIFIC POINTS OF FOCUS\n\
         CC6.1: The entity …||\n\
         CC6.1|AC-2a|…\n\
         CC6.1|AC-2b|…\n\
         CC6.1|AC-03(07)|…\n\
         CC6.2: The entity …||\n\
         CC6.2|None|\n\
         CC6.2|see above|…",
    );
    assert_eq!(pairs(&import), [("AC-2", "CC6.1", "related"), ("AC-3(7)", "CC6.1", "related")]);
    assert!(import.edges.iter().all(|edge| edge.level == "point_of_focus" && edge.framework == "NIST-800-53"));
    assert_eq!(problems(&import), ["B9: `see above` is no NIST-800-53 control"]);
}

#[test]
fn the_aicpas_sheets_for_cobit_and_iso_carry_a_criterion_down() {
    let cobit = import(
        SheetLayout::AicpaCobit,
        "2017 Trust Services Criteria|COBIT 5\n\
         CC1.0 Control environment|APO01.01\n\
         CC1.1 The entity …|EDM01.02, APO01.03\n\
         COSO point of focus for CC1.1|APO07.03 Maintain …\n\
         |APO07.04",
    );
    let found: Vec<(&str, &str)> = cobit.edges.iter().map(|edge| (&*edge.framework_control_id, &*edge.level)).collect();
    assert_eq!(
        found,
        [
            ("EDM01.02", "criterion"),
            ("APO01.03", "criterion"),
            ("APO07.03", "criterion"),
            ("APO07.04", "point_of_focus")
        ]
    );
    assert_eq!(problems(&cobit), ["B2: `APO01.01` stands under no criterion"]);
    let iso = import(SheetLayout::AicpaIso27001, "ISO 27001|TSC Ref\nA.9.2.1; 7.5.1(a)|CC6.2");
    assert_eq!(pairs(&iso), [("A.9.2.1", "CC6.2", "related"), ("7.5.1", "CC6.2", "related")]);
}

#[test]
fn the_cis_sheet_keeps_its_relations() {
    let import = import(
        SheetLayout::CisControls,
        "CIS Control|CIS Safeguard|Asset Type|Security Function|Title|Description|IG1|IG2|IG3|Relationship|SOC2 TSC|Description\n\
         4||||Secure configuration|…||||||\n\
         4|4.0999999999999996|…|…|…|…|x|x|x|Subset|CC7.1|…\n\
         4|4.9|…|…|…|…|||x|Equivalent|CC6.6|…\n\
         4|4.1|…|…|…|…|||x||CC6.1|…\n\
         4|4.11|…|…|…|…|||x|Intersects with|CC6.99|…\n\
         4|4.12|…|…|…|…|||x||No mapping|…",
    );
    assert_eq!(
        pairs(&import),
        [("4.1", "CC7.1", "subset"), ("4.9", "CC6.6", "equivalent"), ("4.10", "CC6.1", "related")]
    );
    assert_eq!(problems(&import), ["K6: `CC6.99` is no trust services criterion"]);
}

#[test]
fn a_sheet_without_its_headers_is_refused() {
    for layout in SheetLayout::ALL {
        let refused =
            import_sheet(layout, &rows("a|b|c\n1|2|3"), ControlSet::bundled().criteria(), &terms("publisher"));
        let said = refused.expect_err("there are no headers").to_string();
        assert!(said.starts_with(&format!("the sheet does not look like {layout}: no row has `")), "{said}");
        assert_eq!(layout.as_str().parse(), Ok(layout));
    }
}

/// Imported edges come back from the file that they are kept in, and only what enough sources agree on is reused.
#[test]
fn reuse_rests_on_as_many_sources_as_are_asked_for() {
    let edge = |control: &str, criterion: &str, source: &str| CrosswalkEdge {
        framework: "CSA-CCM".to_owned(),
        framework_version: "4.0.13".to_owned(),
        framework_control_id: control.to_owned(),
        criterion_id: criterion.to_owned(),
        level: "criterion".to_owned(),
        relation: "no_gap".to_owned(),
        source: source.to_owned(),
        licence: "held by the user".to_owned(),
    };
    let text = crosswalk_csv(&[
        edge("CEK-03", "CC6.1", "one"),
        edge("CEK-03", "CC6.1", "one, \"second\" edition"),
        edge("XYZ-01", "CC6.6", "one"),
    ]);
    let set = ControlSet::with_files(&[DataFile { name: "crosswalk_mine.csv", text: &text }]).expect("it is right");
    assert_eq!(set.crosswalk().len(), ControlSet::bundled().crosswalk().len() + 3);
    let agreed = |k| {
        let all = set.crosswalk().agreeing(k).into_iter();
        all.map(|each| (each.framework_control_id, each.criterion_id)).collect::<Vec<_>>()
    };
    assert!(agreed(1).contains(&("XYZ-01".to_owned(), "CC6.6".to_owned())));
    assert_eq!(agreed(2), [("CEK-03".to_owned(), "CC6.1".to_owned())], "with the bundled source there are three");
    assert_eq!(agreed(3).len(), 1);
    assert_eq!(agreed(4).len(), 0);
    let share = set.crosswalk().share_agreeing("CSA-CCM", 2).expect("it is mapped");
    assert!(share > 0.0 && share < 0.02, "{share}");
    assert_eq!(set.crosswalk().share_agreeing("nobody's", 1), None);

    let reused = |k| {
        let mut scenario = base(SECURITY);
        scenario.scope.frameworks_in_place = vec!["ccm".to_owned()];
        scenario.agreeing_sources = k;
        let sized = estate().sizer(&set).size(&scenario).expect("it is sized");
        let all = sized.obligations();
        let names: Vec<String> = all.into_iter().filter_map(|row| row.reused_from).collect();
        (names.len(), sized.sizing.hours_pert)
    };
    let (loose, strict, none) = (reused(1), reused(2), reused(4));
    assert!(loose.0 > strict.0 && strict.0 > none.0 && none.0 == 0, "{loose:?} {strict:?} {none:?}");
    assert!(loose.1 < strict.1 && strict.1 < none.1, "the spread shows in the hours");
}
