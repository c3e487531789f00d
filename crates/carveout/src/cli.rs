//! What can be typed: verbs, flags and their help. Behaviour is in `commands/`.

mod history;
mod reliance;
mod runs;
mod scope;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::Styles};

use crate::commands::completions::QueryName;

pub use self::{
    history::{Diff, DiffBy, History, LookBack, Prune},
    reliance::{Coverage, Cuecs},
    runs::{Condition, Refresh, Serve, Status},
    scope::{Compare, EvidenceFor, Gaps, Matrix, MatrixBy, Modes, ScenarioFlags, Scope, Size},
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
    /// How lines on standard error are written
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        env = "CARVEOUT_LOG_FORMAT",
        help_heading = "Global options"
    )]
    pub log_format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, for collectors
    Json,
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
    #[command(after_help = "Examples:\n  carveout refresh\n  carveout refresh --only aws --types 'AWS::IAM::*'\n  \
        carveout refresh --schedule '0 2 * * * Europe/Berlin' --jitter 10m --health 127.0.0.1:9464\n\n\
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
        carveout sql --as-of 2026-03-31 \"SELECT count(*) FROM parties.third_parties\"\n  \
        echo 'SELECT 1' | carveout sql --format csv"
    )]
    Sql(Sql),
    /// What changed between two runs: resources, third parties, coverage by reports, criteria that repeat, checks
    #[command(after_help = "Examples:\n  carveout diff\n  carveout diff 2026-03-31 2026-06-30\n  \
        carveout diff --since 12 --by scoping --format csv --out drift.csv")]
    Diff(Diff),
    /// How far back the file remembers
    History {
        #[command(subcommand)]
        command: History,
    },
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
    /// Open a scoping session in a browser: toggle categories and third parties, and see the hours move
    #[command(after_help = "Examples:\n  carveout serve\n  carveout serve --listen 127.0.0.1:0\n  \
        carveout serve --listen 0.0.0.0:8577 --allow-host scoping.acme.example --token-file token\n\n\
        Only this machine can connect, unless --listen names another address. Then a token is asked for.")]
    Serve(Serve),
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

#[derive(Debug, Subcommand)]
pub enum Reports {
    /// Read vendors' reports (PDF), report cards (TOML, YAML, JSON), bridge letters and registers (CSV, XLSX)
    #[command(
        after_help = "A card beside a PDF of the same name overrides it. SOC 1 and SOC 3 reports, ISO certificates, PCI \
        attestations and penetration tests are kept as what they are, and nothing is inherited from them. A file that \
        can't be read is told; the others are imported, and the exit status is 3.\n\nExamples:\n  carveout reports import vendors/*.pdf register.xlsx\n  \
        carveout reports show datadog --explain"
    )]
    Import {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List the reports with their reliance, and the other documents that vendors sent
    List {
        /// Also what a newer version or a later period superseded, with when each version was imported
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Show one report whole, with its versions; or one other document
    Show {
        /// The report's or document's id, or its party's id
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
        #[arg(value_parser = QueryName, hide_possible_values = true)]
        name: String,
    },
    /// Run a query
    #[command(after_help = "Example:\n  carveout query run controls-repeat-per-provider -p party=aws")]
    Run {
        /// The query's name
        #[arg(value_parser = QueryName, hide_possible_values = true)]
        name: String,
        /// A parameter of the query
        #[arg(short, long = "param", value_name = "KEY=VALUE", value_parser = parse_parameter)]
        parameters: Vec<(String, String)>,
        #[command(flatten)]
        look_back: LookBack,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Args)]
pub struct Sql {
    /// The statement; without it, a prompt on a terminal, or the statement is read from standard input
    pub statement: Option<String>,
    #[command(flatten)]
    pub look_back: LookBack,
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
    /// The party and everybody behind it: reports, days of our period, and what is assumed of each
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
    /// Say whose a raw id is, or a name that a report prints, for good
    #[command(
        after_help = "Examples:\n  carveout parties name unknown-aws-123456789012 \"Acme Scanning\" --domain acme-scanning.example\n  \
            carveout parties name \"Northwind Traders, Inc.\" northwind"
    )]
    Name {
        /// The raw id, as `parties list` shows it, or the name as it is printed
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
    /// The file to write: its name ends with .html, .md or .xlsx
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only these: size, controls, infrastructure, subservices, cuecs, responsibility, attestations, requests, gaps
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

/// A cloud that is crawled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Cloud {
    /// An IAM policy
    Aws,
    /// A custom role, and application permissions of Microsoft Graph
    Azure,
    /// A custom role
    Gcp,
}

#[derive(Debug, Args)]
pub struct Permissions {
    /// The cloud
    pub cloud: Cloud,
}

fn parse_parameter(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not KEY=VALUE"))?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
