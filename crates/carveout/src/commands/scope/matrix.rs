//! `carveout scope matrix`: who owns what at each third party as it is used, with the basis of each cell.

use carveout_scoping::{ResponsibilityCell, Subject};
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::{Matrix, MatrixBy},
    commands::scope::prepared,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Prints the responsibility matrix.
pub fn run(workspace: &Workspace, arguments: &Matrix) -> Result<Exit, CliError> {
    let (sizer, scenario) = prepared(workspace, &arguments.scenario)?;
    let mut cells = sizer.matrix(&scenario).or_fail(|| "can't build the matrix".to_owned())?;
    cells.retain(|cell| {
        let is_kind = match cell.subject {
            Subject::Layer(_) => arguments.by == MatrixBy::Layer,
            Subject::Criterion(_) => arguments.by == MatrixBy::Criterion,
        };
        is_kind && arguments.party.as_deref().is_none_or(|party| cell.party_id == party)
    });
    if let (true, Some(party)) = (cells.is_empty(), &arguments.party) {
        return Err(CliError::usage(format!("no third party in scope has the id `{party}`"))
            .hint("`carveout query run third-parties` lists all"));
    }
    printer::print(&table(&cells), &arguments.output)?;
    Ok(Exit::Done)
}

fn table(cells: &[ResponsibilityCell]) -> Rows {
    let row = |cell: &ResponsibilityCell| {
        let subject = match &cell.subject {
            Subject::Layer(layer) => layer.as_str().to_owned(),
            Subject::Criterion(criterion_id) => criterion_id.clone(),
        };
        let basis: Vec<String> = cell.basis.iter().map(ToString::to_string).collect();
        vec![
            Cell::Text(cell.party_id.clone()),
            Cell::Text(cell.service_model.as_str().to_owned()),
            cell.service.clone().map_or(Cell::Null, Cell::Text),
            Cell::Text(subject),
            Cell::Text(cell.owner.as_str().to_owned()),
            Cell::Integer(cell.resources.cast_signed()),
            Cell::Integer((cell.share * 100.0).round() as i64),
            Cell::Text(basis.join("; ")),
        ]
    };
    Rows {
        columns: vec![
            Column::new("party", "VARCHAR"),
            Column::new("model", "VARCHAR"),
            Column::new("service", "VARCHAR"),
            Column::new("subject", "VARCHAR"),
            Column::new("owner", "VARCHAR"),
            Column::new("resources", "BIGINT"),
            Column::new("percent", "BIGINT"),
            Column::new("basis", "VARCHAR"),
        ],
        rows: cells.iter().map(row).collect(),
    }
}
