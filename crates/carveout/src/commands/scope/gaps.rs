//! `carveout scope gaps`: what stands between a scenario and its audit.

use carveout_model::Gap;
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::Gaps,
    commands::scope::prepared,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Lists the gaps of a scenario.
pub fn run(workspace: &Workspace, arguments: &Gaps) -> Result<Exit, CliError> {
    let (sizer, scenario) = prepared(workspace, &arguments.scenario)?;
    let scoping = sizer.size(&scenario).or_fail(|| "can't size the audit".to_owned())?;
    let mut gaps = sizer.gaps(&scenario, &scoping);
    gaps.retain(|gap| arguments.kind.as_deref().is_none_or(|kind| gap.kind.as_str() == kind));
    printer::print(&table(&gaps), &arguments.output)?;
    if arguments.output.is_for_people() {
        printer::text("\nPlaces that could not be crawled: `carveout query run coverage-gaps`\n")?;
    }
    Ok(Exit::Done)
}

fn table(gaps: &[Gap]) -> Rows {
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
            Column::new("kind", "VARCHAR"),
            Column::new("control_id", "VARCHAR"),
            Column::new("party_id", "VARCHAR"),
            Column::new("report_id", "VARCHAR"),
            Column::new("obligations", "BIGINT"),
            Column::new("criteria", "VARCHAR"),
            Column::new("what", "VARCHAR"),
        ],
        rows: gaps.iter().map(row).collect(),
    }
}
