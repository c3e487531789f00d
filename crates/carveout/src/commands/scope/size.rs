//! `carveout scope size`: the audit's size for a scenario.

use carveout_scoping::Scoping;
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::Size,
    commands::scope::prepared,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// What is listed of contributors and toggles.
const LINES: usize = 5;

/// Sizes a scenario.
pub fn run(workspace: &Workspace, arguments: &Size) -> Result<Exit, CliError> {
    let (sizer, scenario) = prepared(workspace, &arguments.scenario)?;
    let sizing = || "can't size the audit".to_owned();
    let scoping = sizer.size(&scenario).or_fail(sizing)?;
    printer::print(&table(&scoping), &arguments.output)?;
    if arguments.output.is_for_people() {
        let toggles = sizer.toggles(&scenario, LINES).or_fail(sizing)?;
        let mut text = "\nLargest parts\n".to_owned();
        for part in scoping.contributors(LINES).iter().filter(|part| part.kind == "party" || part.kind == "fixed") {
            text += &format!(
                "  {:>7.0} h  {:>4.0} %  {} {}\n",
                part.hours.pert(),
                part.share * 100.0,
                part.kind,
                part.subject
            );
        }
        text += "\nWhat one change would do\n";
        for toggle in toggles {
            text += &format!(
                "  {:>+7.0} h  {:>+5} repeats  {}\n",
                toggle.hours_delta, toggle.real_size_delta, toggle.change
            );
        }
        for note in &scoping.notes {
            text += &format!("\nNote: {note}\n");
        }
        printer::text(&text)?;
    }
    Ok(Exit::Done)
}

/// One row a measure: what is counted, how much, and what it means.
fn table(scoping: &Scoping) -> Rows {
    let sizing = &scoping.sizing;
    let count = |measure: &str, value: u32, meaning: &str| {
        vec![Cell::Text(measure.to_owned()), Cell::Double(f64::from(value)), Cell::Text(meaning.to_owned())]
    };
    let hours = |measure: &str, value: f64, meaning: &str| {
        vec![Cell::Text(measure.to_owned()), Cell::Double(value.round()), Cell::Text(meaning.to_owned())]
    };
    let rows = vec![
        count("criteria", sizing.criteria, "in the chosen categories"),
        count("third_parties", sizing.third_parties, "in scope, the clouds among them"),
        count("naive_size", sizing.naive_size, "each for each: every criterion for every third party"),
        count("inclusive_size", sizing.inclusive_size, "subservice organizations tested at their sites"),
        count("carve_out_size", sizing.carve_out_size, "no tests at the vendors"),
        count("real_size", sizing.real_size, "criteria that have to be shown again, over all third parties"),
        count("report_reviews", sizing.report_reviews, "vendors' reports to read, once each"),
        count("vendor_assessments", sizing.vendor_assessments, "vendors without a report to rely on"),
        count("evidence_requests", sizing.evidence_requests, "pieces of evidence asked for"),
        count("evidence_answered", sizing.evidence_answered, "of those, answered by the inventory"),
        hours("hours_p10", scoping.percentiles.p10, "one estimate in ten is below"),
        hours("hours_pert", sizing.hours_pert, "(low + 4 × likely + high) / 6"),
        hours("hours_p90", scoping.percentiles.p90, "nine estimates in ten are below"),
        count(
            "incomplete_units",
            sizing.incomplete_units,
            "units of the crawl that could not be read: unknown, not zero",
        ),
    ];
    Rows {
        columns: vec![
            Column::new("measure", "VARCHAR"),
            Column::new("value", "DOUBLE"),
            Column::new("meaning", "VARCHAR"),
        ],
        rows,
    }
}
