//! `carveout export`: what other tools read.

use std::{fs, path::Path};

use carveout_report::oscal;

use crate::{
    cli::{Export, ExportOscal},
    commands::report,
    error::{CliError, Exit, OrFail},
    workspace::Workspace,
};

/// Exports.
pub fn run(workspace: &Workspace, command: &Export) -> Result<Exit, CliError> {
    match command {
        Export::Oscal(arguments) => write_oscal(workspace, arguments),
    }
}

fn write_oscal(workspace: &Workspace, arguments: &ExportOscal) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    let facts = report::read(&reader, &arguments.scenario)?;
    let results = report::check_results(&reader, &[])?;
    let files = oscal::export(&facts, &results).or_fail(|| "can't make the OSCAL documents".to_owned())?;
    for file in &files {
        let path = file.path.split('/').fold(arguments.out.clone(), |folder, name| folder.join(name));
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).or_fail(|| format!("can't make {}", folder.display()))?;
        report::write_whole(&path, file.json.as_bytes())?;
    }
    tracing::info!(out = %arguments.out.display(), documents = files.len(), "OSCAL written");
    Ok(Exit::Done)
}
