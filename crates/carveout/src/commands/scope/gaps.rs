//! `carveout scope gaps`: what stands between a scenario and its audit.

use carveout_model::Gap;
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::{Format, Gaps},
    commands::scope::prepared,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Lists the gaps of a scenario.
pub fn run(workspace: &Workspace, arguments: &Gaps) -> Result<Exit, CliError> {
    let (sizer, scenario) = prepared(workspace, &arguments.scenario)?;
    let mut gaps = sizer.gaps(&scenario).or_fail(|| "can't list the gaps".to_owned())?;
    gaps.retain(|gap| arguments.kind.as_deref().is_none_or(|kind| gap.kind.as_str() == kind));
    printer::print(&table(&gaps), &arguments.output)?;
    if arguments.output.format == Format::Table && arguments.output.out.is_none() {
        printer::text("\nPlaces that could not be crawled: `carveout query run coverage-gaps`\n")?;
    }
    Ok(Exit::Done)
}

fn table(gaps: &[Gap]) -> Rows {
    let column = |name: &str, type_name: &str| Column { name: name.to_owned(), type_name: type_name.to_owned() };
    let maybe = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::Text);
    let row = |gap: &Gap| {
        vec![
            Cell::Text(gap.kind.as_str().to_owned()),
            maybe(&gap.control_id),
            Cell::Text(gap.party_id.clone()),
            maybe(&gap.report_id),
            Cell::Integer(i64::from(gap.obligations)),
            Cell::Text(gap.criterion_ids.join(", ")),
            Cell::Text(gap.what.clone()),
        ]
    };
    Rows {
        columns: vec![
            column("kind", "VARCHAR"),
            column("control_id", "VARCHAR"),
            column("party_id", "VARCHAR"),
            column("report_id", "VARCHAR"),
            column("obligations", "BIGINT"),
            column("criteria", "VARCHAR"),
            column("what", "VARCHAR"),
        ],
        rows: gaps.iter().map(row).collect(),
    }
}
