//! `carveout scope compare`: scenarios side by side, and what drives the difference.

use std::fmt::Write as _;

use carveout_scoping::{Comparison, compare};
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::{Compare, Format},
    commands::scope::{prepared, read_scenario},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// What is listed of drivers and of changed treatments.
const LINES: usize = 10;

/// Sizes each scenario and sets them beside the base.
pub fn run(workspace: &Workspace, arguments: &Compare) -> Result<Exit, CliError> {
    let (sizer, base) = prepared(workspace, &arguments.base)?;
    let mut scenarios = vec![base];
    for path in &arguments.scenarios {
        scenarios.push(read_scenario(path, &scenarios[0].scope)?);
    }
    let sized = scenarios.iter().map(|scenario| sizer.size(scenario)).collect::<Result<Vec<_>, _>>();
    let comparison = compare(&sized.or_fail(|| "can't size the scenarios".to_owned())?);
    printer::print(&table(&comparison), &arguments.output)?;
    if arguments.output.format == Format::Table && arguments.output.out.is_none() {
        printer::text(&drivers(&comparison))?;
    }
    Ok(Exit::Done)
}

/// One row a measure, one column a scenario.
fn table(comparison: &Comparison) -> Rows {
    let mut columns = vec![Column { name: "measure".to_owned(), type_name: "VARCHAR".to_owned() }];
    columns
        .extend(comparison.scenarios.iter().map(|name| Column { name: name.clone(), type_name: "DOUBLE".to_owned() }));
    let row = |measure: &carveout_scoping::Measure| {
        let values = measure.values.iter().map(|value| Cell::Double(value.round()));
        std::iter::once(Cell::Text(measure.measure.to_owned())).chain(values).collect()
    };
    Rows { columns, rows: comparison.measures.iter().map(row).collect() }
}

fn drivers(comparison: &Comparison) -> String {
    let mut text = "\nWhat drives the difference (hours in each scenario)\n".to_owned();
    for driver in comparison.drivers.iter().take(LINES) {
        let hours: Vec<String> = driver.hours.iter().map(|hours| format!("{hours:>7.0}")).collect();
        let _ = writeln!(text, "  {}  {} {}", hours.join(" "), driver.kind, driver.subject);
    }
    if !comparison.changes.is_empty() {
        text.push_str("\nWhat is treated otherwise than in the base\n");
    }
    for change in comparison.changes.iter().take(LINES) {
        let word =
            |treatment: Option<carveout_model::Treatment>| treatment.map_or("out of scope", |word| word.as_str());
        let _ = writeln!(
            text,
            "  {:>5}  {}: {} was {}, is {}",
            change.obligations,
            change.scenario,
            change.party_id,
            word(change.before),
            word(change.after)
        );
    }
    text
}
