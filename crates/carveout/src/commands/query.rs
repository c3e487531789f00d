//! `carveout query`: the packaged queries, and the workspace's own beside them.

use std::fmt::Write as _;

use carveout_queries::{Binding, Catalogue, Query as Packaged};
use carveout_warehouse::{Cell, Column, Reader, Rows};

use crate::{
    cli::{Global, Output, Query},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Lists, shows or runs.
pub fn run(global: &Global, command: &Query) -> Result<Exit, CliError> {
    let workspace = Workspace::open(global)?;
    let catalogue = workspace.queries()?;
    match command {
        Query::List { category, output } => printer::print(&list(&catalogue, category.as_deref()), output)?,
        Query::Show { name } => printer::text(&show(find(&catalogue, name)?))?,
        Query::Run { name, parameters, look_back, output } => {
            let query = find(&catalogue, name)?;
            let given = parameters.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            let bindings = query.bind(given).or_usage(|| format!("can't run `{name}`"))?;
            let reader = workspace.reader_as_of(look_back.as_of)?;
            return print_answer(&reader, query, &bindings, output);
        }
    }
    Ok(Exit::Done)
}

/// Prints the answer of a query that a verb names itself.
pub fn print_packaged(
    workspace: &Workspace,
    name: &str,
    bindings: &[Binding],
    output: &Output,
) -> Result<Exit, CliError> {
    let queries = workspace.queries()?;
    let query = queries.find(name).or_fail(|| format!("the query {name} is missing"))?;
    print_answer(&workspace.reader()?, query, bindings, output)
}

fn print_answer(reader: &Reader, query: &Packaged, bindings: &[Binding], output: &Output) -> Result<Exit, CliError> {
    let rows = reader.query(&query.sql, bindings).or_fail(|| format!("`{}` failed", query.name))?;
    printer::print(&rows, output)?;
    Ok(Exit::Done)
}

fn find<'c>(catalogue: &'c Catalogue, name: &str) -> Result<&'c Packaged, CliError> {
    catalogue.find(name).map_err(|unknown| {
        let hint = match unknown.suggestions.as_slice() {
            [] => "`carveout query list` shows all".to_owned(),
            near => format!("did you mean {}? `carveout query list` shows all", near.join(", ")),
        };
        CliError::usage(unknown.to_string()).hint(hint)
    })
}

fn list(catalogue: &Catalogue, category: Option<&str>) -> Rows {
    let columns = ["name", "category", "title"].map(|name| Column::new(name, "VARCHAR")).to_vec();
    let rows = catalogue
        .iter()
        // Checks are many; they are listed where they are asked for.
        .filter(|query| category.map_or(query.check.is_none(), |wanted| query.category == wanted))
        .map(|query| [&query.name, &query.category, &query.title].map(|text| Cell::Text(text.clone())).to_vec())
        .collect();
    Rows { columns, rows }
}

fn show(query: &Packaged) -> String {
    let mut text = format!("{}\n{}\n\n{}\n", query.name, query.title, query.description.trim());
    if !query.parameters.is_empty() {
        text.push_str("\nParameters (-p name=value)\n");
        for parameter in &query.parameters {
            let _ = writeln!(text, "  {:<20} {}: {}", parameter.name, parameter.parameter_type, parameter.description);
        }
    }
    text.push_str("\nColumns\n");
    for column in &query.columns {
        let _ = writeln!(text, "  {:<20} {}", column.name, column.description);
    }
    let _ = writeln!(text, "\nTables: {}\n\n{}", query.tables.join(", "), query.sql.trim_end());
    text
}
