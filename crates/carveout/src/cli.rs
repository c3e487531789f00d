//! What can be typed: verbs, flags and their help. Behaviour is in `commands/`.

use std::path::PathBuf;

use carveout_model::{CheckProvider, CheckStatus, GapKind};
use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, Styles},
};

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

impl Output {
    /// Whether a person reads the rows, so that words around them do no harm.
    pub fn is_for_people(&self) -> bool {
        self.format == Format::Table && self.out.is_none()
    }
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
    /// Third parties: list, show, name, and whom they depend on
    Parties {
        #[command(subcommand)]
        command: Parties,
    },
    /// The dependency graph of third parties
    Graph {
        #[command(subcommand)]
        command: Graph,
    },
    /// The control list: show it, and bring in crosswalks of other frameworks
    Controls {
        #[command(subcommand)]
        command: Controls,
    },
    /// Scope and size the audit
    Scope {
        #[command(subcommand)]
        command: Scope,
    },
    /// Draft what an audit ends in: system description, responsibility matrix, request list, samples
    #[command(after_help = "Examples:\n  carveout report --out scope.md\n  \
        carveout report --out scope.xlsx --sections cuecs,requests\n  \
        carveout report samples --control AC-08 --provider aws --size 25 --seed 2026 --out samples.csv")]
    Report(Report),
    /// Write what other tools read
    Export {
        #[command(subcommand)]
        command: Export,
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
    /// Read vendors' reports (PDF), report cards (TOML, YAML, JSON), bridge letters and registers (CSV, XLSX)
    #[command(
        after_help = "A card beside a PDF of the same name overrides it. A file that can't be read is told; the others are \
        imported, and the exit status is 3.\n\nExamples:\n  carveout reports import vendors/*.pdf register.xlsx\n  \
        carveout reports show datadog --explain"
    )]
    Import {
        /// The files
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
        /// Where each field was read: page, quote and confidence; what was not found; what a card overrides
        #[arg(long)]
        explain: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Print a commented card to fill in
    Template {
        /// Print the JSON Schema of cards instead, for editors
        #[arg(long)]
        schema: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Query {
    /// List the packaged queries
    List {
        /// Only this folder (controls, inventory, scoping, third_parties); `evidence` lists the checks
        #[arg(long, value_name = "FOLDER")]
        category: Option<String>,
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
    /// Why is this party in scope: the way to it, down to the resource and the line of policy
    Why {
        /// The party's id or name
        party: String,
        /// How many rows of evidence to show, strongest first; all in other formats than a table
        #[arg(long, value_name = "N")]
        evidence: Option<u32>,
        #[command(flatten)]
        output: Output,
    },
    /// What feels the loss of this party: other parties, scopes, resources, controls, obligations
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
    /// The party and everybody behind it, each with the report that speaks for it
    Chain {
        /// The party's id or name
        party: String,
        #[command(flatten)]
        output: Output,
    },
    /// The fewest parties whose reports would cover a criterion
    #[command(after_help = "Example:\n  carveout graph cover CC6.1")]
    Cover {
        /// The criterion
        criterion: String,
        #[command(flatten)]
        output: Output,
    },
    /// Groups of parties that depend on each other
    Cycles {
        #[command(flatten)]
        output: Output,
    },
    /// Write the whole graph for other tools, or as a page to look at
    #[command(after_help = "Examples:\n  carveout graph export --format html --out parties.html\n  \
        carveout graph export --format dot | dot -Tsvg > parties.svg")]
    Export {
        /// dot for Graphviz, graphml for Gephi and yEd, json for programs, html for people
        #[arg(long, value_enum, value_name = "FORMAT")]
        format: GraphFormat,
        /// Write to a file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// How the graph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// Graphviz
    Dot,
    /// Gephi, yEd, NetworkX
    Graphml,
    /// Everything, for programs
    Json,
    /// One page that needs nothing but a browser
    Html,
}

#[derive(Debug, Subcommand)]
pub enum Parties {
    /// List the third parties, the strongest first
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Show one party: who it is, what shows it, what hangs on it
    Show {
        /// The party's id or name
        party: String,
        #[command(flatten)]
        output: Output,
    },
    /// Say whose a raw id is, for good
    #[command(
        after_help = "Example:\n  carveout parties name unknown-aws-123456789012 \"Acme Scanning\" --domain acme-scanning.example"
    )]
    Name {
        /// The raw id, as `parties list` shows it
        party: String,
        /// The vendor's name; one of the directory, or a new one
        vendor: String,
        /// A new vendor's domain
        #[arg(long, value_name = "DOMAIN")]
        domain: Option<String>,
        /// A new vendor's kind of service (observability, identity, …)
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
    },
    /// Read the organization's register of third parties (CSV or XLSX: vendor, domain): who is known and who is not
    #[command(after_help = "What differs is then shown by `carveout query run register-differences`.")]
    Register {
        /// The register; it replaces the one that was read before
        file: PathBuf,
    },
    /// Read lists of vendors' subprocessors (CSV or XLSX: vendor, subprocessor, service) into the graph
    Subprocessors {
        /// The lists
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Controls {
    /// List the controls with their criteria
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Write a licensed mapping sheet (CSV, XLSX) into the workspace's controls/ folder
    #[command(after_help = "Example:\n  carveout controls import-crosswalk CCM.xlsx --layout csa_ccm \\\n    \
        --framework-version 4.0.13 --source 'CSA CCM 4.0.13' --licence 'licensed to Acme'")]
    ImportCrosswalk(ImportCrosswalk),
}

#[derive(Debug, Args)]
pub struct ImportCrosswalk {
    /// The sheet
    pub file: PathBuf,
    /// Whose layout it has: csa_ccm, aicpa_cobit, aicpa_nist_800_53, aicpa_iso_27001 or cis_controls
    #[arg(long, value_name = "LAYOUT")]
    pub layout: carveout_scoping::SheetLayout,
    /// The framework's version
    #[arg(long, value_name = "VERSION")]
    pub framework_version: String,
    /// Who published the mapping, and which edition; every edge keeps it
    #[arg(long, value_name = "TEXT")]
    pub source: String,
    /// The licence under which you hold it; every edge keeps it
    #[arg(long, value_name = "TEXT")]
    pub licence: String,
    /// The sheet of the workbook, where it is not called as published
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Scope {
    /// The size of the audit: each for each, carve-out, inclusive, and what really repeats
    #[command(after_help = "Examples:\n  carveout scope size\n  \
        carveout scope size --criteria security,privacy --without datadog")]
    Size(Size),
    /// Each for each, inclusive and carve-out beside the real size, and what makes the difference
    Modes(Modes),
    /// Who owns each layer or criterion at each third party, as it is used, and why
    #[command(after_help = "Examples:\n  carveout scope matrix --party aws\n  \
        carveout scope matrix --by criterion --format csv --out matrix.csv")]
    Matrix(Matrix),
    /// Scenarios side by side, and what drives the difference
    #[command(after_help = "Examples:\n  carveout scope compare next-year.toml without-snowflake.toml")]
    Compare(Compare),
    /// What stands between us and the audit: evidence, reports, user entity controls and coverage that are missing
    Gaps(Gaps),
    /// What shows a criterion in each cloud, and what the checks found
    #[command(after_help = "Examples:\n  carveout scope evidence CC6.6 --provider aws\n  \
        carveout scope evidence CC6.6 --status fail --format csv --out cc6.6.csv")]
    Evidence(EvidenceFor),
}

/// A scenario: a file, the configuration's scope without one, and what is changed of it.
#[derive(Debug, Args)]
pub struct ScenarioFlags {
    /// A scenario file (TOML), instead of the configuration's scope
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Categories, instead of the scenario's (security is in every audit)
    #[arg(long, value_name = "CATEGORY", value_delimiter = ',')]
    pub criteria: Vec<String>,
    /// Leave a party out
    #[arg(long, value_name = "PARTY", value_delimiter = ',')]
    pub without: Vec<String>,
    /// Test a party at its site (inclusive method) instead of carving it out
    #[arg(long, value_name = "PARTY", value_delimiter = ',')]
    pub inclusive: Vec<String>,
    /// As if a clean, current report of a party were held
    #[arg(long, value_name = "PARTY", value_delimiter = ',')]
    pub with_report: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Size {
    #[command(flatten)]
    pub scenario: ScenarioFlags,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Modes {
    #[command(flatten)]
    pub scenario: ScenarioFlags,
    #[command(flatten)]
    pub output: Output,
}

/// What the cells of the matrix are about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum MatrixBy {
    /// Layers of the stack
    #[default]
    Layer,
    /// Criteria in scope
    Criterion,
}

#[derive(Debug, Args)]
pub struct Matrix {
    /// Layers or criteria
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub by: MatrixBy,
    /// Only this third party
    #[arg(long, value_name = "PARTY")]
    pub party: Option<String>,
    #[command(flatten)]
    pub scenario: ScenarioFlags,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Compare {
    /// Scenario files (TOML), set beside the base
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub base: ScenarioFlags,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Gaps {
    /// Only gaps of this kind
    #[arg(
        long,
        value_name = "KIND",
        value_parser = PossibleValuesParser::new(GapKind::ALL.iter().map(|kind| kind.as_str()))
    )]
    pub kind: Option<String>,
    #[command(flatten)]
    pub scenario: ScenarioFlags,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct EvidenceFor {
    /// The criterion (CC6.6)
    pub criterion: String,
    /// Only this cloud, or `any` for checks of third parties
    #[arg(long, value_name = "CLOUD", value_parser = PossibleValuesParser::new(CheckProvider::ALL.iter().map(|cloud| cloud.as_str())))]
    pub provider: Option<String>,
    /// Each resource of this status, instead of counts
    #[arg(long, value_name = "STATUS", value_parser = PossibleValuesParser::new(CheckStatus::ALL.iter().map(|status| status.as_str())))]
    pub status: Option<String>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Report {
    #[command(subcommand)]
    pub command: Option<ReportCommand>,
    #[command(flatten)]
    pub document: ReportDocument,
}

#[derive(Debug, Args)]
pub struct ReportDocument {
    /// The file to write: its name ends with .md or .xlsx
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only these: infrastructure, subservices, cuecs, responsibility, attestations, requests, gaps
    #[arg(long, value_name = "SECTION", value_delimiter = ',')]
    pub sections: Vec<String>,
    /// The scenario whose obligations it rests on
    #[arg(long, value_name = "NAME", default_value = crate::derive::CURRENT_SCENARIO)]
    pub scenario: String,
}

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The population of each test of a control, in the order of a draw that anyone can repeat
    Samples(Samples),
}

#[derive(Debug, Args)]
pub struct Samples {
    /// The control
    #[arg(long, value_name = "CONTROL")]
    pub control: String,
    /// Only tests in this cloud (aws, azure, gcp), or of third parties (any)
    #[arg(long, value_name = "PROVIDER")]
    pub provider: Option<String>,
    /// How many to draw, instead of what the scenario asks for
    #[arg(long, value_name = "N")]
    pub size: Option<usize>,
    /// What the draw begins with; run-N of the last run without it
    #[arg(long, value_name = "TEXT")]
    pub seed: Option<String>,
    /// The scenario that says how many to draw
    #[arg(long, value_name = "NAME", default_value = crate::derive::CURRENT_SCENARIO)]
    pub scenario: String,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Subcommand)]
pub enum Export {
    /// OSCAL: catalogs, profile, component definition, security plans and assessment results
    #[command(after_help = "Example:\n  carveout export oscal --out oscal\n\n\
        The folder is laid out as a workspace of compliance-trestle:\n  \
        cd oscal && trestle init --local && cd profiles/audit && trestle validate -a")]
    Oscal(ExportOscal),
}

#[derive(Debug, Args)]
pub struct ExportOscal {
    /// The folder to write to; files of the same names are replaced
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The scenario whose obligations it rests on
    #[arg(long, value_name = "NAME", default_value = crate::derive::CURRENT_SCENARIO)]
    pub scenario: String,
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
