//! Verbs that look back: what changed, how it was, and how far back it is kept.

use carveout_warehouse::Moment;
use clap::{Args, Subcommand, ValueEnum};

use super::Output;

/// An earlier state to answer from.
#[derive(Debug, Clone, Args)]
pub struct LookBack {
    /// Answer as it was after this run, or after the last run that had ended by this date (in UTC)
    #[arg(long, value_name = "RUN|DATE")]
    pub as_of: Option<Moment>,
}

/// What a difference is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffBy {
    /// Each resource, with the members of its configuration that changed
    Resource,
    /// Counts by resource type
    Type,
    /// Third parties, coverage by reports, criteria that repeat, and checks
    Scoping,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// The earlier run or date; without it, the sealed run before TO
    #[arg(value_name = "FROM")]
    pub from: Option<Moment>,
    /// The later run or date; without it, the last sealed run
    #[arg(value_name = "TO")]
    pub to: Option<Moment>,
    /// Another way to name FROM
    #[arg(long, value_name = "RUN|DATE", conflicts_with = "from")]
    pub since: Option<Moment>,
    /// Which rows; without it, a table shows types and scoping
    #[arg(long, value_enum, value_name = "WHAT")]
    pub by: Option<DiffBy>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Subcommand)]
pub enum History {
    /// Give up what only earlier runs need, and write the file anew without it
    #[command(
        after_help = "Every run that ended within the time can still be asked for, and so can the state at its beginning. \
        Of earlier runs, their row in inventory.runs stays.\n\nExamples:\n  \
        carveout history prune --keep 18mo --dry-run\n  carveout history prune --keep 2y"
    )]
    Prune(Prune),
}

#[derive(Debug, Args)]
pub struct Prune {
    /// How far back is kept (90d, 18mo, 2y)
    #[arg(long, value_name = "TIME", value_parser = parse_keep)]
    pub keep: jiff::Span,
    /// Only say what would be given up
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub output: Output,
}

fn parse_keep(text: &str) -> Result<jiff::Span, String> {
    let span: jiff::Span =
        text.parse().map_err(|_| format!("`{text}` is not a time; write for example 90d, 18mo or 2y"))?;
    if span.is_negative() {
        return Err(format!("`{text}` lies in the future"));
    }
    Ok(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_keep_is_read_in_months_and_years() {
        let months = |text: &str| parse_keep(text).map(|span| (span.get_years(), span.get_months()));
        assert_eq!(months("18mo"), Ok((0, 18)));
        assert_eq!(months("2y"), Ok((2, 0)));
        assert!(parse_keep("-2y").is_err());
        assert!(parse_keep("long").is_err());
    }
}
