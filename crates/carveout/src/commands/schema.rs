//! `carveout schema`: what the tables and columns mean.

use carveout_warehouse::{Cell, Column, Rows, TableDoc};

use crate::{
    cli::{Global, Schema},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Prints one row per column.
pub fn run(global: &Global, arguments: &Schema) -> Result<Exit, CliError> {
    let tables = Workspace::open(global)?.reader()?.schema().or_fail(|| "can't read the schema".to_owned())?;
    let wanted = |table: &&TableDoc| {
        let name = format!("{}.{}", table.schema, table.name);
        arguments.filter.as_ref().is_none_or(|filter| name.contains(filter.as_str()))
    };
    let rows: Vec<Vec<Cell>> = tables.iter().filter(wanted).flat_map(rows_of).collect();
    if rows.is_empty() {
        let filter = arguments.filter.as_deref().unwrap_or_default();
        return Err(CliError::usage(format!("no table's name contains `{filter}`")).hint("`carveout schema` lists all"));
    }
    let columns = ["table", "column", "type", "description"].map(|name| Column::new(name, "VARCHAR")).to_vec();
    printer::print(&Rows { columns, rows }, &arguments.output)?;
    Ok(Exit::Done)
}

fn rows_of(table: &TableDoc) -> Vec<Vec<Cell>> {
    let name = Cell::Text(format!("{}.{}", table.schema, table.name));
    let text = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::Text);
    let head = vec![name.clone(), Cell::Null, Cell::Null, text(&table.comment)];
    let columns = table.columns.iter().map(|column| {
        let (column_name, type_name) = (column.name.clone(), column.type_name.clone());
        vec![name.clone(), Cell::Text(column_name), Cell::Text(type_name), text(&column.comment)]
    });
    std::iter::once(head).chain(columns).collect()
}
