//! `carveout scope compare`: scenarios side by side, and what drives the difference.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::PathBuf,
};

use carveout_scoping::{Comparison, Scenario, compare};
use carveout_warehouse::Rows;

use crate::{
    cli::Compare,
    commands::scope::{check, prepared, read_scenario, side_by_side},
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
        let scenario = read_scenario(path, &scenarios[0].scope)?;
        check(&sizer, &scenario)?;
        scenarios.push(scenario);
    }
    name_apart(&mut scenarios, &arguments.scenarios)?;
    let sized = scenarios.iter().map(|scenario| sizer.size(scenario)).collect::<Result<Vec<_>, _>>();
    let comparison = compare(&sized.or_fail(|| "can't size the scenarios".to_owned())?);
    printer::print(&table(&comparison), &arguments.output)?;
    if arguments.output.is_for_people() {
        printer::text(&drivers(&comparison))?;
    }
    Ok(Exit::Done)
}

/// Scenarios of one name are told apart by their files: each is a column of its own.
fn name_apart(scenarios: &mut [Scenario], paths: &[PathBuf]) -> Result<(), CliError> {
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    for scenario in scenarios.iter() {
        *given.entry(scenario.name.clone()).or_default() += 1;
    }
    let mut named: BTreeSet<String> = scenarios.first().map(|base| base.name.clone()).into_iter().collect();
    for (scenario, path) in scenarios.iter_mut().skip(1).zip(paths) {
        if given.get(&scenario.name).is_some_and(|times| *times > 1) {
            scenario.name = path.with_extension("").display().to_string();
        }
        if !named.insert(scenario.name.clone()) {
            return Err(CliError::usage(format!("two scenarios are called `{}`", scenario.name))
                .hint("give each file once, and each its own `name`"));
        }
    }
    Ok(())
}

fn table(comparison: &Comparison) -> Rows {
    let rounded = |values: &[f64]| values.iter().map(|value| value.round()).collect();
    let measures = comparison.measures.iter().map(|each| (each.measure, rounded(&each.values)));
    side_by_side(comparison.scenarios.iter().map(String::as_str), measures)
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
