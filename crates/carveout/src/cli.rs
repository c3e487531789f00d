//! What can be typed: verbs, flags and their help. Behaviour is in `commands/`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::Styles};

const STYLES: Styles = Styles::styled()
    .header(anstyle::Style::new().bold())
    .usage(anstyle::Style::new().bold())
    .literal(anstyle::AnsiColor::Cyan.on_default())
    .placeholder(anstyle::AnsiColor::Green.on_default());

/// Multi-cloud inventory and third-party mapping for SOC 2 scoping.
///
/// Crawls AWS, Azure and Google Cloud with read-only calls, reads vendors' SOC 2 report cards, finds third parties in
/// the inventory, and answers in SQL which controls repeat per provider and how big the audit is.
#[derive(Debug, Parser)]
#[command(name = "carveout", version, styles = STYLES, max_term_width = 100, propagate_version = true)]
#[command(after_help = "Start with `carveout demo`: no account and no network needed.")]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every verb.
#[derive(Debug, Args)]
pub struct Global {
    /// The workspace's configuration; without it, carveout.toml is searched for upwards
    #[arg(long, global = true, value_name = "FILE", env = "CARVEOUT_CONFIG", help_heading = "Global options")]
    pub config: Option<PathBuf>,
    /// The database to read or write, instead of the one that the configuration names
    #[arg(long, global = true, value_name = "FILE", env = "CARVEOUT_DATABASE", help_heading = "Global options")]
    pub database: Option<PathBuf>,
    /// Say more: once for what is going on, twice for every unit of work
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
    /// Say nothing but the result and errors
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// When to colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        env = "CARVEOUT_COLOR",
        help_heading = "Global options"
    )]
    pub color: Color,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Also into a pipe
    Always,
    /// Not at all
    Never,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned columns for people
    #[default]
    Table,
    /// Comma-separated values with a header
    Csv,
    /// One array of objects
    Json,
    /// One object a line
    Ndjson,
    /// A Markdown table
    Markdown,
    /// A Parquet file; needs --out
    Parquet,
}

/// Where rows go and how.
#[derive(Debug, Clone, Args)]
pub struct Output {
    /// How to print rows
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Write the rows to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole job against simulated clouds: no account, no network
    #[command(after_help = "Examples:\n  carveout demo\n  carveout demo --dir /tmp/acme --scale 4")]
    Demo(Demo),
    /// Write a commented carveout.toml and find the credentials that are there
    Init(Init),
    /// Crawl, load, discover and derive: one run
    #[command(after_help = "Examples:\n  carveout refresh\n  carveout refresh --only aws --types 'AWS::IAM::*'\n\n\
        Exit status: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but something could not be read.")]
    Refresh(Refresh),
    /// Show the last runs, their age and what they could not see
    Status(Status),
    /// Vendors' SOC 2 reports: import, list, show
    Reports {
        #[command(subcommand)]
        command: Reports,
    },
    /// The packaged queries: list, show, run
    Query {
        #[command(subcommand)]
        command: Query,
    },
    /// Run one read-only SQL statement, or open a prompt
    #[command(
        after_help = "Examples:\n  carveout sql \"SELECT type, count(*) FROM inventory.resources GROUP BY ALL\"\n  \
        echo 'SELECT 1' | carveout sql --format csv"
    )]
    Sql(Sql),
    /// The dependency graph of third parties
    Graph {
        #[command(subcommand)]
        command: Graph,
    },
    /// Scope and size the audit
    Scope {
        #[command(subcommand)]
        command: Scope,
    },
    /// Show tables and columns with what they mean
    Schema(Schema),
    /// Print the least-privilege policy for the configured resource types
    Permissions(Permissions),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Where the demo's workspace is written
    #[arg(long, value_name = "DIR", default_value = "carveout-demo")]
    pub dir: PathBuf,
    /// How many times the usual estate of about 3,000 resources
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub scale: u32,
}

#[derive(Debug, Args)]
pub struct Init {
    /// The file to write
    #[arg(default_value = "carveout.toml", value_name = "FILE")]
    pub file: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct Refresh {
    /// Only these connectors (aws, azure, gcp, soc2_reports)
    #[arg(long, value_name = "CONNECTOR", num_args = 1.., value_delimiter = ',')]
    pub only: Vec<String>,
    /// Only these resource types; others keep their last known state
    #[arg(long, value_name = "GLOB", num_args = 1.., value_delimiter = ',')]
    pub types: Vec<String>,
    /// Continue an interrupted run that is no older than this (30m, 6h, 2d); 0s starts over
    #[arg(long, value_name = "AGE", default_value = "6h", value_parser = parse_age)]
    pub resume_within: std::time::Duration,
    #[command(flatten)]
    pub fail_on: FailOn,
}

/// Conditions that end with exit status 4.
#[derive(Debug, Clone, Args)]
pub struct FailOn {
    /// End with status 4 when this holds
    #[arg(long, value_enum, value_name = "CONDITION", num_args = 1.., value_delimiter = ',')]
    pub fail_on: Vec<Condition>,
}

/// What --fail-on can watch for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Condition {
    /// The last sealed run is older than a day
    Stale,
    /// Something could not be read
    Partial,
    /// A check fails
    FailingCheck,
    /// A third party was seen for the first time
    NewThirdParty,
}

#[derive(Debug, Args)]
pub struct Status {
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub fail_on: FailOn,
}

#[derive(Debug, Subcommand)]
pub enum Reports {
    /// Read report cards (TOML, YAML, JSON) into the database
    Import {
        /// The cards
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List the reports with their reliance
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Show one report whole
    Show {
        /// The report's id, or its party's id
        report: String,
        #[command(flatten)]
        output: Output,
    },
    /// Print a commented card to fill in
    Template,
}

#[derive(Debug, Subcommand)]
pub enum Query {
    /// List the packaged queries
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Show a query: what it answers, parameters, columns and SQL
    Show {
        /// The query's name
        name: String,
    },
    /// Run a query
    #[command(after_help = "Example:\n  carveout query run controls-repeat-per-provider -p provider=aws")]
    Run {
        /// The query's name
        name: String,
        /// A parameter of the query
        #[arg(short, long = "param", value_name = "KEY=VALUE", value_parser = parse_parameter)]
        parameters: Vec<(String, String)>,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Args)]
pub struct Sql {
    /// The statement; without it, a prompt on a terminal, or the statement is read from standard input
    pub statement: Option<String>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Subcommand)]
pub enum Graph {
    /// Why is this party in scope: the paths to it and the evidence
    Why {
        /// The party's id or name
        party: String,
        #[command(flatten)]
        output: Output,
    },
    /// What depends on this party
    Impact {
        /// The party's id or name
        party: String,
        #[command(flatten)]
        output: Output,
    },
    /// How much hangs on each party
    Concentration {
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Subcommand)]
pub enum Scope {
    /// The size of the audit: each for each, carve-out, inclusive, and what really repeats
    #[command(after_help = "Examples:\n  carveout scope size\n  \
        carveout scope size --criteria security,privacy --without datadog")]
    Size(Size),
}

#[derive(Debug, Args)]
pub struct Size {
    /// Categories, instead of the configuration's (security is in every audit)
    #[arg(long, value_name = "CATEGORY", value_delimiter = ',')]
    pub criteria: Vec<String>,
    /// Leave a party out
    #[arg(long, value_name = "PARTY", value_delimiter = ',')]
    pub without: Vec<String>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Schema {
    /// Only tables whose name contains this
    pub filter: Option<String>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Permissions {
    /// The cloud
    #[arg(value_parser = ["aws"])]
    pub cloud: String,
}

fn parse_parameter(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not KEY=VALUE"))?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

fn parse_age(text: &str) -> Result<std::time::Duration, String> {
    let span: jiff::Span =
        text.parse().map_err(|_| format!("`{text}` is not an age; write for example 30m, 6h or 2d"))?;
    let day = jiff::SpanRelativeTo::days_are_24_hours();
    let duration = span.to_duration(day).map_err(|error| error.to_string())?;
    std::time::Duration::try_from(duration).map_err(|_| format!("`{text}` lies in the future"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn ages_are_read_with_days() {
        assert_eq!(parse_age("2d"), Ok(std::time::Duration::from_secs(172_800)));
        assert_eq!(parse_age("30m"), Ok(std::time::Duration::from_secs(1800)));
        assert!(parse_age("soon").is_err());
    }
}
