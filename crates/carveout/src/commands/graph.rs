//! `carveout graph`: why a party is in scope, what hangs on it, and where dependence concentrates.

use carveout_queries::Binding;
use carveout_warehouse::Reader;

use crate::{
    cli::Graph,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Answers one question of the graph.
pub fn run(workspace: &Workspace, command: &Graph) -> Result<Exit, CliError> {
    let reader = workspace.reader()?;
    let (sql, bindings, output) = match command {
        Graph::Why { party, output } => (include_str!("graph_why.sql"), vec![named(&reader, party)?], output),
        Graph::Impact { party, output } => (include_str!("graph_impact.sql"), vec![named(&reader, party)?], output),
        Graph::Concentration { output } => (include_str!("graph_concentration.sql"), Vec::new(), output),
    };
    let rows = reader.query(sql, &bindings).or_fail(|| "can't read the graph".to_owned())?;
    printer::print(&rows, output)?;
    Ok(Exit::Done)
}

#[derive(serde::Deserialize)]
struct Match {
    party_id: String,
    is_exact: bool,
}

/// The party that is meant: by id, by name without regard to case, or by the only name that contains the word.
fn named(reader: &Reader, party: &str) -> Result<Binding, CliError> {
    let matches: Vec<Match> = reader
        .rows(
            "SELECT party_id, lower(party_id) = lower(getvariable('party')) OR lower(name) = lower(getvariable('party')) AS is_exact
             FROM parties.third_parties
             WHERE is_exact OR contains(lower(name), lower(getvariable('party')))
                 OR contains(lower(party_id), lower(getvariable('party')))
             ORDER BY is_exact DESC, party_id LIMIT 6",
            &[Binding::text("party", party)],
        )
        .or_fail(|| "can't read the parties".to_owned())?;
    match matches.as_slice() {
        [one, rest @ ..] if one.is_exact || rest.is_empty() => Ok(Binding::text("party", &one.party_id)),
        [] => Err(CliError::failed(format!("no third party is called `{party}`"))
            .hint("`carveout query run third-parties` lists all")),
        several => {
            let ids: Vec<&str> = several.iter().map(|each| each.party_id.as_str()).collect();
            Err(CliError::failed(format!("`{party}` may mean several parties"))
                .hint(format!("one of {}", ids.join(", "))))
        }
    }
}
