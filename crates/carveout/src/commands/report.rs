//! `carveout report`: the drafts that an audit ends in, and the samples of its tests.

mod facts;
mod samples;

use std::{
    ffi::OsStr,
    io::{self, Write},
    path::Path,
};

use carveout_report::{Section, draft, html, markdown, xlsx};

pub use facts::{check_results, read};

use crate::{
    cli::{Report, ReportCommand, ReportDocument},
    error::{CliError, Exit, OrFail},
    workspace::Workspace,
};

/// Writes a document or a sample.
pub fn run(workspace: &Workspace, arguments: &Report) -> Result<Exit, CliError> {
    match &arguments.command {
        Some(ReportCommand::Samples(arguments)) => samples::run(workspace, arguments),
        None => document(workspace, &arguments.document),
    }
}

/// What the name of the file asks for.
enum DocumentFormat {
    Html,
    Markdown,
    Xlsx,
}

fn document(workspace: &Workspace, arguments: &ReportDocument) -> Result<Exit, CliError> {
    let Some(out) = &arguments.out else {
        return Err(
            CliError::usage("a report needs a file").hint("add --out FILE.html, --out FILE.md or --out FILE.xlsx")
        );
    };
    let format = match out.extension().and_then(OsStr::to_str).map(str::to_lowercase).as_deref() {
        Some("html" | "htm") => DocumentFormat::Html,
        Some("md" | "markdown") => DocumentFormat::Markdown,
        Some("xlsx") => DocumentFormat::Xlsx,
        _ => {
            return Err(CliError::usage(format!("{} says no format that a report has", out.display()))
                .hint("end the name with .html, .md or .xlsx"));
        }
    };
    let sections: Vec<Section> = if arguments.sections.is_empty() {
        Section::ALL.to_vec()
    } else {
        let parsed: Result<Vec<Section>, _> = arguments.sections.iter().map(|word| word.parse()).collect();
        parsed.or_usage(|| "--sections can't be used".to_owned())?
    };
    let facts = read(&workspace.reader()?, &arguments.scenario)?;
    let document = draft(&facts, &sections);
    match format {
        DocumentFormat::Html => write_whole(out, html(&document).as_bytes())?,
        DocumentFormat::Markdown => write_whole(out, markdown(&document).as_bytes())?,
        DocumentFormat::Xlsx => {
            let written_at = facts.run.finished_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            let bytes = xlsx(&document, &written_at).or_fail(|| format!("can't write {}", out.display()))?;
            write_whole(out, &bytes)?;
        }
    }
    tracing::info!(out = %out.display(), run = facts.run.run_id, gaps = facts.gaps.len(), "report written");
    Ok(Exit::Done)
}

/// Replaces a file when the new one is whole.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let write = || -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.flush()?;
        file.persist(path)?;
        Ok(())
    };
    write().or_fail(|| format!("can't write {}", path.display()))
}
