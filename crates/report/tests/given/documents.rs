//! Documents from given rows.

use carveout_model::{OWN_ORGANIZATION, Owner, Treatment};
use carveout_report::{Document, Field, Section, Table, draft, html, markdown, xlsx};

use crate::common::{facts, obligation};

const WRITTEN_AT: &str = "2026-06-30T01:00:00Z";

fn table<'a>(document: &'a Document, sheet: &str) -> &'a Table {
    let tables = document.sections.iter().flat_map(|section| &section.tables);
    tables.into_iter().find(|table| table.sheet == sheet).unwrap_or_else(|| panic!("no sheet {sheet}"))
}

fn cell<'a>(table: &'a Table, row: usize, column: &str) -> &'a Field {
    let index = table.columns.iter().position(|each| each.title == column).expect("the column is there");
    &table.rows[row][index]
}

fn text(text: &str) -> Field {
    Field::Text(text.to_owned())
}

#[test]
fn every_section_says_as_of_which_run_and_what_is_missing() {
    let document = draft(&facts(), Section::ALL);
    assert_eq!(document.sections.len(), Section::ALL.len());
    for section in &document.sections {
        for words in ["As of run 7, finished 2026-06-30 01:00 UTC (partial)", "1 unit could not be read (AWS 1)"] {
            assert!(section.as_of.contains(words), "{}: {}", section.section, section.as_of);
        }
    }
}

#[test]
fn a_scope_that_could_not_be_read_has_no_count() {
    let document = draft(&facts(), &[Section::Infrastructure]);
    let scopes = table(&document, "Scopes");
    assert_eq!((cell(scopes, 0, "Resources"), cell(scopes, 0, "Could be read")), (&Field::Number(3), &text("yes")));
    assert_eq!((cell(scopes, 1, "Resources"), cell(scopes, 1, "Could be read")), (&Field::Absent, &text("no")));
}

#[test]
fn a_subservice_organization_is_carved_out_as_far_as_its_report_reaches() {
    let document = draft(&facts(), &[Section::Subservices]);
    let organizations = table(&document, "Subservice organizations");
    assert_eq!(cell(organizations, 0, "Method"), &text("carve-out"));
    assert_eq!(cell(organizations, 0, "CSOCs its report covers"), &text("CC6.1, CC6.4"));
    assert_eq!(cell(organizations, 0, "CSOCs no report covers"), &Field::Absent);
    assert_eq!(cell(organizations, 1, "Method"), &text("direct assessment"));
    assert_eq!(cell(organizations, 1, "CSOCs no report covers"), &text("CC6.1"));
    assert_eq!(cell(table(&document, "Fourth parties"), 0, "Its subservice organization"), &text("Equinix"));
}

#[test]
fn a_cuec_has_our_control_or_nobody() {
    let document = draft(&facts(), &[Section::UserEntityControls]);
    let cuecs = table(&document, "CUECs");
    assert_eq!(cell(cuecs, 0, "Our controls"), &text("AC-08 Title of AC-08"));
    assert_eq!(cell(cuecs, 0, "Owner"), &text("platform lead"));
    assert_eq!([cell(cuecs, 0, "Pass"), cell(cuecs, 0, "Unknown")], [&Field::Number(1), &Field::Number(2)]);
    assert_eq!(cell(cuecs, 1, "Our controls"), &text("unowned"));
    assert_eq!(cell(cuecs, 1, "Pass"), &Field::Absent);
}

#[test]
fn the_matrix_prefers_what_applies() {
    let mut facts = facts();
    facts.obligations.push(obligation("PH-01", "CC6.1", "aws", Treatment::NotApplicable, Owner::NotApplicable));
    let document = draft(&facts, &[Section::Responsibility]);
    let matrix = table(&document, "Matrix");
    assert_eq!(cell(matrix, 0, "Amazon Web Services"), &text("shared"));
    assert_eq!(cell(matrix, 0, "Other third parties"), &text("provider: 1"));
    assert_eq!(cell(matrix, 1, "Other third parties"), &text("not applicable: 1"));
}

#[test]
fn our_own_organization_is_no_third_party() {
    let mut facts = facts();
    facts.obligations.push(obligation("PH-01", "CC6.4", OWN_ORGANIZATION, Treatment::Customer, Owner::Customer));
    let document = draft(&facts, Section::ALL);
    let matrix = table(&document, "Matrix");
    assert_eq!(cell(matrix, 1, "Our organization alone"), &text("customer"));
    assert_eq!(cell(matrix, 1, "Other third parties"), &text("not applicable: 1"));
    assert!(table(&document, "Other third parties").rows.is_empty());
    let requests = table(&document, "Requests");
    assert_eq!((cell(requests, 1, "Control"), cell(requests, 1, "Show it for")), (&text("PH-01"), &text("acme")));
}

#[test]
fn what_is_only_inherited_or_assessed_is_asked_of_no_owner() {
    let document = draft(&facts(), &[Section::Requests]);
    let requests = table(&document, "Requests");
    assert_eq!(requests.rows.len(), 1);
    assert_eq!(cell(requests, 0, "Control"), &text("AC-08"));
    assert_eq!(cell(requests, 0, "Show it for"), &text("Amazon Web Services"));
    assert_eq!(cell(table(&document, "Vendor requests"), 0, "Vendor"), &text("Northwind Logs"));
}

#[test]
fn gaps_are_those_of_the_scenario_and_then_what_was_not_seen() {
    let document = draft(&facts(), &[Section::Gaps]);
    let gaps = table(&document, "Gaps");
    let kinds: Vec<&Field> = (0..gaps.rows.len()).map(|row| cell(gaps, row, "Gap")).collect();
    let expected = ["no report", "not seen"].map(text);
    assert_eq!(kinds, expected.iter().collect::<Vec<_>>());
}

#[test]
fn without_any_fact_every_table_says_why_it_is_empty() {
    let mut facts = facts();
    facts.gaps.clear();
    facts.audit_gaps.clear();
    facts.scopes.clear();
    facts.services.clear();
    facts.reports.clear();
    facts.user_entity_controls.clear();
    facts.subservices.clear();
    facts.obligations.clear();
    facts.checks.clear();
    facts.check_summaries.clear();
    let text = markdown(&draft(&facts, Section::ALL));
    for words in ["Everything that was asked for could be read.", "No obligation is known", "That is no proof"] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
}

#[test]
fn sheet_names_are_short_and_unique() {
    let document = draft(&facts(), Section::ALL);
    let mut names: Vec<&str> =
        document.sections.iter().flat_map(|section| &section.tables).map(|table| table.sheet).collect();
    assert!(names.iter().all(|name| name.len() <= 31));
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let bytes = || xlsx(&draft(&facts(), Section::ALL), WRITTEN_AT).expect("it can be written");
    assert_eq!(bytes(), bytes());
}

#[test]
fn sections_come_in_the_order_in_which_they_are_asked_for_and_once() {
    let asked = [Section::Gaps, Section::Infrastructure, Section::Gaps];
    let sections: Vec<Section> = draft(&facts(), &asked).sections.iter().map(|each| each.section).collect();
    assert_eq!(sections, [Section::Gaps, Section::Infrastructure]);
}

#[test]
fn the_size_is_told_as_it_was_derived() {
    let document = draft(&facts(), &[Section::Size]);
    let size = table(&document, "Size");
    let number = |label: &str| {
        let row = size.rows.iter().position(|row| row[0] == text(label)).expect("the figure is there");
        cell(size, row, "Number").clone()
    };
    assert_eq!((number("Each for each"), number("This scenario")), (Field::Number(66), Field::Number(41)));
    assert_eq!(number("Not seen"), Field::Number(1));
    assert!(document.sections[0].paragraphs[2].contains("some 175 hours (PERT mean), between 110 and 301"));
}

#[test]
fn a_control_repeats_with_its_heaviest_treatment_per_cloud() {
    let mut facts = facts();
    let of = |party: &str, treatment| obligation("AC-08", "CC6.1", party, treatment, Owner::Customer);
    facts.obligations = vec![
        of("aws", Treatment::Inherited),
        of("aws", Treatment::Shared),
        of("logs", Treatment::Assess),
        of(OWN_ORGANIZATION, Treatment::Customer),
    ];
    let document = draft(&facts, &[Section::Repeats]);
    let repeats = table(&document, "Repeated controls");
    assert_eq!(repeats.rows.len(), 1);
    assert_eq!(cell(repeats, 0, "Amazon Web Services"), &Field::Treatment(Treatment::Shared));
    assert_eq!(cell(repeats, 0, "Other third parties"), &text("assess: 1"));
    assert_eq!(cell(repeats, 0, "Repeats for"), &Field::Number(2));
}

#[test]
fn a_page_has_every_section_with_its_coverage_drawn() {
    let page = html(&draft(&facts(), Section::ALL));
    for section in Section::ALL {
        assert!(page.contains(&format!("<section id=\"{section}\"")), "{section}");
    }
    assert!(page.contains("<rect class=\"report\""), "the report's period is drawn");
    assert!(page.contains("1 unit could not be read (AWS 1)"));
}
