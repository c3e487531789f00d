//! `carveout controls`: the control list that sizing rests on, and crosswalks out of sheets that a user has licensed.

use std::{fs, path::Path};

use carveout_scoping::{CatalogueControl, SheetImport, SheetTerms, crosswalk_csv, import_sheet};
use carveout_sheets::{Sheet, read};
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::{Controls, ImportCrosswalk},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Problems that are shown one by one.
const PROBLEMS_SHOWN: usize = 20;

/// Lists or imports.
pub fn run(workspace: &Workspace, command: &Controls) -> Result<Exit, CliError> {
    match command {
        Controls::List { output } => {
            printer::print(&table(workspace.control_set()?.controls()), output)?;
            Ok(Exit::Done)
        }
        Controls::ImportCrosswalk(arguments) => import(workspace, arguments),
    }
}

fn table(controls: &[CatalogueControl]) -> Rows {
    let columns = ["control_id", "title", "kind", "frequency", "owner", "criteria"]
        .map(|name| Column::new(name, "VARCHAR"))
        .to_vec();
    let row = |each: &CatalogueControl| {
        let control = &each.control;
        let criteria = control.criteria.join(", ");
        [
            control.control_id.as_str(),
            &control.title,
            control.kind.as_str(),
            control.frequency.as_str(),
            &control.owner,
            &criteria,
        ]
        .map(|text| Cell::Text(text.to_owned()))
        .to_vec()
    };
    Rows { columns, rows: controls.iter().map(row).collect() }
}

/// Turns a published sheet into a data file of the workspace; the next command uses it.
fn import(workspace: &Workspace, arguments: &ImportCrosswalk) -> Result<Exit, CliError> {
    workspace.config()?;
    let path = &arguments.file;
    let bytes = fs::read(path).or_usage(|| format!("can't read {}", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let sheets = read(&bytes, &name).or_usage(|| format!("can't read {}", path.display()))?;
    let terms = SheetTerms {
        framework_version: arguments.framework_version.clone(),
        source: arguments.source.clone(),
        licence: arguments.licence.clone(),
    };
    let set = workspace.control_set()?;
    let sheet = choose(&sheets, arguments, path)?;
    let SheetImport { edges, problems } = import_sheet(arguments.layout, &dense(sheet), set.criteria(), &terms)
        .or_usage(|| format!("{} is no {} sheet", path.display(), arguments.layout))?;
    for problem in problems.iter().take(PROBLEMS_SHOWN) {
        tracing::warn!("left out: {problem}");
    }
    if let Some(more) = problems.len().checked_sub(PROBLEMS_SHOWN).filter(|more| *more > 0) {
        tracing::warn!("… and {more} more cells");
    }
    if edges.is_empty() {
        return Err(CliError::failed(format!("{} maps nothing to a criterion", path.display())));
    }
    let folder = workspace.own_controls();
    fs::create_dir_all(&folder).or_fail(|| format!("can't make {}", folder.display()))?;
    let target = folder.join(format!("crosswalk_{}.csv", arguments.layout));
    fs::write(&target, crosswalk_csv(&edges)).or_fail(|| format!("can't write {}", target.display()))?;
    printer::text(&format!("{} mappings written to {}\n", edges.len(), target.display()))?;
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Incomplete })
}

/// The sheet that was asked for, the one that the layout is published under, or the first.
fn choose<'s>(sheets: &'s [Sheet], arguments: &ImportCrosswalk, path: &Path) -> Result<&'s Sheet, CliError> {
    let named = |name: &str| sheets.iter().find(|sheet| sheet.name == name);
    if let Some(name) = &arguments.sheet {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        return named(name).ok_or_else(|| {
            CliError::usage(format!("{} has no sheet `{name}`", path.display()))
                .hint(format!("it has {}", names.join(", ")))
        });
    }
    let usual = arguments.layout.sheet_name().and_then(named);
    usual.or_else(|| sheets.first()).ok_or_else(|| CliError::usage(format!("{} is empty", path.display())))
}

/// The rows with the empty ones between them, so that a problem names the cell that a person sees.
fn dense(sheet: &Sheet) -> Vec<Vec<String>> {
    let mut rows = vec![Vec::new(); sheet.numbers.last().copied().unwrap_or_default()];
    for (row, number) in sheet.rows.iter().zip(&sheet.numbers) {
        rows[number - 1].clone_from(row);
    }
    rows
}
