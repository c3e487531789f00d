//! `carveout scope modes`: each for each, inclusive and carve-out beside the real size.

use std::fmt::Write as _;

use carveout_scoping::{Mode, ModeSize};
use carveout_warehouse::Rows;

use crate::{
    cli::Modes,
    commands::scope::{prepared, side_by_side},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// What is listed of each mode's difference.
const LINES: usize = 5;

/// Sizes a scenario in each mode.
pub fn run(workspace: &Workspace, arguments: &Modes) -> Result<Exit, CliError> {
    let (sizer, scenario) = prepared(workspace, &arguments.scenario)?;
    let modes = sizer.modes(&scenario).or_fail(|| "can't size the modes".to_owned())?;
    printer::print(&table(&modes), &arguments.output)?;
    if arguments.output.is_for_people() {
        printer::text(&differences(&modes))?;
    }
    Ok(Exit::Done)
}

fn word(mode: Mode) -> &'static str {
    match mode {
        Mode::Real => "real",
        Mode::EachForEach => "each_for_each",
        Mode::Inclusive => "inclusive",
        Mode::CarveOut => "carve_out",
    }
}

fn table(modes: &[ModeSize]) -> Rows {
    type Measure = (&'static str, fn(&ModeSize) -> f64);
    let measures: [Measure; 8] = [
        ("pairs", |size| f64::from(size.pairs)),
        ("obligations", |size| f64::from(size.obligations)),
        ("evidence_requests", |size| f64::from(size.evidence_requests)),
        ("report_reviews", |size| f64::from(size.report_reviews)),
        ("vendor_assessments", |size| f64::from(size.vendor_assessments)),
        ("hours_p10", |size| size.percentiles.p10.round()),
        ("hours_pert", |size| size.hours_pert.round()),
        ("hours_p90", |size| size.percentiles.p90.round()),
    ];
    let measures = measures.map(|(name, value)| (name, modes.iter().map(value).collect()));
    side_by_side(modes.iter().map(|size| word(size.mode)), measures)
}

fn differences(modes: &[ModeSize]) -> String {
    let mut text = String::new();
    for size in modes.iter().filter(|size| !size.difference.is_empty()) {
        let _ = writeln!(text, "\nWhat makes {} differ from the real size", word(size.mode));
        for part in size.difference.iter().take(LINES) {
            let subject = part.party_id.as_deref().unwrap_or("overall");
            let _ = writeln!(text, "  {:>+7.0} h  {subject}: {}: {}", part.hours, part.what, part.why);
        }
    }
    text
}
