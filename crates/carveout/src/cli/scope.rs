//! `carveout scope`: scenarios, and what is asked of them.

use std::path::PathBuf;

use carveout_model::{CheckProvider, CheckStatus, GapKind};
use clap::{Args, Subcommand, ValueEnum, builder::PossibleValuesParser};

use super::{Coverage, Cuecs, Output};

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
    /// The days of the audit period that reports and bridge letters speak for, by third party and criterion
    #[command(after_help = "Examples:\n  carveout scope coverage datadog\n  \
        carveout scope coverage --period 2026-01-01..2026-06-30 --format csv --out coverage.csv")]
    Coverage(Coverage),
    /// What vendors hand back to us (CUECs): our controls and their evidence; with --without, what falls away
    #[command(after_help = "Examples:\n  carveout scope cuecs --unowned\n  carveout scope cuecs --without datadog")]
    Cuecs(Cuecs),
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
    /// Every third party by itself, also where several have the same gap
    #[arg(long)]
    pub full: bool,
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
