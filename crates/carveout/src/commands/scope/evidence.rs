//! `carveout scope evidence CC6.6`: what stands in for the traditional test in each cloud, and what the checks found.

use std::fmt::Write as _;

use carveout_queries::Binding;
use carveout_warehouse::Reader;

use crate::{
    cli::EvidenceFor,
    commands::query::print_packaged,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

#[derive(serde::Deserialize)]
struct Criterion {
    criterion_id: String,
    title: String,
}

#[derive(serde::Deserialize)]
struct Guide {
    provider: String,
    traditional_test: String,
    cloud_native_evidence: String,
    query_name: Option<String>,
}

/// Prints the argument, where people read, and the rows.
pub fn run(workspace: &Workspace, arguments: &EvidenceFor) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    let criterion = criterion(&reader, &arguments.criterion)?;
    let provider = arguments.provider.as_deref().unwrap_or_default();
    if arguments.output.is_for_people() {
        printer::text(&argument(&reader, &criterion, provider)?)?;
    }
    let mut bindings = vec![Binding::text("criterion", &criterion.criterion_id), Binding::text("provider", provider)];
    let name = match &arguments.status {
        Some(status) => {
            bindings.push(Binding::text("status", status));
            "check-results"
        }
        None => "checks-of-controls",
    };
    print_packaged(workspace, name, &bindings, &arguments.output)
}

fn criterion(reader: &Reader, id: &str) -> Result<Criterion, CliError> {
    let found: Vec<Criterion> = reader
        .rows(
            "SELECT criterion_id, title FROM controls.criteria WHERE upper(criterion_id) = upper(getvariable('id'))",
            &[Binding::text("id", id)],
        )
        .or_fail(|| "can't read the criteria".to_owned())?;
    found.into_iter().next().ok_or_else(|| {
        CliError::usage(format!("there is no criterion `{id}`"))
            .hint("criteria are CC1.1 to CC9.2, A1.1 to A1.3, C1.1, C1.2, PI1.1 to PI1.5 and P1.1 to P8.1")
    })
}

/// What an auditor is told: the traditional test, and what shows the same in this cloud.
fn argument(reader: &Reader, criterion: &Criterion, provider: &str) -> Result<String, CliError> {
    let guides: Vec<Guide> = reader
        .rows(
            "SELECT provider, traditional_test, cloud_native_evidence, query_name
             FROM controls.evidence_guide
             WHERE criterion_id = getvariable('criterion') AND getvariable('provider') IN ('', provider)
             ORDER BY provider",
            &[Binding::text("criterion", &criterion.criterion_id), Binding::text("provider", provider)],
        )
        .or_fail(|| "can't read the evidence guide".to_owned())?;
    let mut text = format!("{}  {}\n", criterion.criterion_id, criterion.title);
    for (at, guide) in guides.iter().enumerate() {
        // The clouds differ in what stands in for a test, seldom in the test.
        if at == 0 || guides[at - 1].traditional_test != guide.traditional_test {
            let _ = writeln!(text, "\nTraditional test\n  {}", guide.traditional_test);
        }
        let _ = writeln!(text, "\nIn {}\n  {}", guide.provider, guide.cloud_native_evidence);
        if let Some(query) = &guide.query_name {
            let _ = writeln!(text, "  carveout query run {query}");
        }
    }
    text.push_str("\nChecks that bear on it\n\n");
    Ok(text)
}
