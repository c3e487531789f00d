//! `carveout.toml`: what a workspace is. An unknown key, a wrong type or an impossible combination names key and line.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use carveout_aws::AwsSettings;
use carveout_azure::AzureSettings;
use carveout_discovery::OrganizationSettings;
use carveout_gcp::GcpSettings;
use carveout_model::{AuditScope, CategorySet, Period, ReportType};
use carveout_soc2_reports::DateOrder;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::error::{CliError, OrFail};

/// The name that is searched for upwards.
pub const FILE_NAME: &str = "carveout.toml";

/// A whole configuration file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The workspace itself.
    pub workspace: WorkspaceSection,
    /// What is ours.
    #[serde(default)]
    pub organization: OrganizationSettings,
    /// What the audit covers.
    #[serde(default, deserialize_with = "audit_scope")]
    pub scope: Option<AuditScope>,
    /// Where to read.
    #[serde(default)]
    pub connectors: Connectors,
}

/// `[workspace]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceSection {
    /// Our organization's name in documents and graphs.
    pub name: String,
    /// The published database, relative to the configuration file.
    pub database: PathBuf,
    /// The most memory that the database may take, in MiB.
    #[serde(default)]
    pub memory_limit_mib: Option<u64>,
    /// Vendors and signals beside the bundled directory: CSV files relative to the configuration file.
    #[serde(default)]
    pub vendors: Option<PathBuf>,
    /// See `vendors`.
    #[serde(default)]
    pub signals: Option<PathBuf>,
    /// Whom vendors say that they depend on: a CSV file relative to the configuration file.
    #[serde(default)]
    pub subprocessors: Option<PathBuf>,
    /// The third parties that the organization knows of: a CSV file relative to the configuration file.
    #[serde(default)]
    pub register: Option<PathBuf>,
}

/// `[[connectors.…]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Connectors {
    /// Amazon Web Services.
    pub aws: Vec<AwsSettings>,
    /// Microsoft Azure and Entra.
    pub azure: Vec<AzureSettings>,
    /// Google Cloud.
    pub gcp: Vec<GcpSettings>,
    /// Vendors' report cards.
    pub soc2_reports: Vec<ReportsSection>,
}

/// `[[connectors.soc2_reports]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportsSection {
    /// Globs relative to the configuration file.
    pub paths: Vec<String>,
    /// Heads of a register that are not the usual ones: `{ vendor = "Lieferant", period_end = "bis" }`.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// `day_first` or `month_first`, where a register's dates of digits do not tell.
    #[serde(default)]
    pub date_order: Option<DateOrder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeSection {
    criteria: CategorySet,
    #[serde(default = "type2")]
    report_type: ReportType,
    period: PeriodSection,
    #[serde(default)]
    frameworks_in_place: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodSection {
    #[serde(deserialize_with = "date")]
    start: Date,
    #[serde(deserialize_with = "date")]
    end: Date,
}

const fn type2() -> ReportType {
    ReportType::Type2
}

fn audit_scope<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AuditScope>, D::Error> {
    let section = ScopeSection::deserialize(deserializer)?;
    let PeriodSection { start, end } = section.period;
    if end < start {
        return Err(D::Error::custom(format!("scope.period ends on {end}, before it starts on {start}")));
    }
    Ok(Some(AuditScope {
        categories: section.criteria,
        report_type: section.report_type,
        period: Period { start, end },
        frameworks_in_place: section.frameworks_in_place,
    }))
}

/// A date with or without quotes.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a date such as 2026-01-31")]
    enum Written {
        Toml(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Toml(date) => date.to_string(),
        Written::Text(text) => text,
    };
    text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no date; write for example 2026-01-31")))
}

/// A configuration with the place it was read from.
#[derive(Debug)]
pub struct Loaded {
    /// What it says.
    pub config: Config,
    /// The folder that its paths are relative to.
    pub directory: PathBuf,
}

/// Reads the given file, or the nearest `carveout.toml` upwards; none when there is none to be found.
pub fn load(given: Option<&Path>) -> Result<Option<Loaded>, CliError> {
    let Some(path) = given.map(Path::to_owned).or_else(find) else { return Ok(None) };
    let text = fs::read_to_string(&path).or_usage(|| format!("can't read {}", path.display()))?;
    let config: Config = toml::from_str(&text).map_err(|error| {
        CliError::usage(format!("{} is not a configuration\n{error}", path.display()))
            .hint("`carveout init` writes a commented example")
    })?;
    let directory = path.parent().map(Path::to_owned).unwrap_or_default();
    Ok(Some(Loaded { config, directory }))
}

fn find() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "[workspace]\nname = \"acme\"\ndatabase = \"acme.duckdb\"\n";

    fn parse(rest: &str) -> Result<Config, String> {
        toml::from_str(&format!("{WORKSPACE}{rest}")).map_err(|error| error.to_string())
    }

    #[test]
    fn dates_may_be_quoted_or_not() {
        for period in ["{ start = 2026-01-01, end = 2026-12-31 }", "{ start = \"2026-01-01\", end = \"2026-12-31\" }"] {
            let config =
                parse(&format!("[scope]\ncriteria = [\"security\"]\nperiod = {period}\n")).expect("it is right");
            assert_eq!(config.scope.expect("a scope").period.end.to_string(), "2026-12-31");
        }
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = parse("[scope]\ncriterias = [\"security\"]\n").expect_err("no such key");
        assert!(error.contains("line 5") && error.contains("criterias"), "{error}");
    }

    #[test]
    fn a_scope_without_security_is_refused() {
        let error = parse("[scope]\ncriteria = [\"privacy\"]\nperiod = { start = 2026-01-01, end = 2026-12-31 }\n");
        let error = error.expect_err("security is in every audit");
        assert!(error.contains("security") && error.contains("line 5"), "{error}");
    }

    #[test]
    fn a_period_that_ends_before_it_starts_is_refused() {
        let error = parse("[scope]\ncriteria = [\"security\"]\nperiod = { start = 2026-12-31, end = 2026-01-01 }\n");
        assert!(error.expect_err("the period is reversed").contains("before it starts"));
    }

    #[test]
    fn the_example_is_a_configuration() {
        let config: Config = toml::from_str(crate::commands::init::EXAMPLE).expect("the example is right");
        assert!(config.scope.is_some());
    }
}
