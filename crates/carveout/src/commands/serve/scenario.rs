//! The page's scenario is a scenario file as JSON: what the page sends, saves and loads goes through the same reader as
//! `--scenario`, so that there is one set of rules.

use carveout_scoping::{Scenario, ScenarioError};
use serde::Serialize;

use crate::error::{CliError, OrFail};

use super::estate::Estate;

/// A scenario that says no name of its own.
const UNNAMED: &str = "session";

/// A scenario as the page knows it, and what of it can't have an effect.
#[derive(Serialize)]
pub struct ReadScenario {
    scenario: serde_json::Value,
    warnings: Vec<String>,
}

/// A scenario as a file.
#[derive(Serialize)]
pub struct WrittenScenario {
    file: String,
    text: String,
}

/// The scenario that the page sent; what it leaves out is taken from the scope of the run.
pub fn read(table: &toml::Table, estate: &Estate) -> Result<Scenario, CliError> {
    parsed(UNNAMED, &table.to_string(), estate).or_usage(|| "the scenario can't be used".to_owned())
}

fn parsed(name: &str, text: &str, estate: &Estate) -> Result<Scenario, ScenarioError> {
    Scenario::from_toml(name, text, &estate.scope)
}

/// Reads a scenario file for the page.
pub fn from_file(name: &str, text: &str, estate: &Estate) -> Result<ReadScenario, CliError> {
    let broken = || format!("{name} is no scenario");
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    let scenario = parsed(stem, text, estate).or_usage(broken)?;
    let table: toml::Table = toml::from_str(text).or_usage(broken)?;
    let mut warnings: Vec<String> = scenario.unknown(&estate.controls).iter().map(ToString::to_string).collect();
    let named = scenario.without.iter().chain(&scenario.inclusive).chain(&scenario.assume_reports);
    let strangers = named.filter(|id| !estate.holds(id.as_str()));
    warnings.extend(strangers.map(|id| format!("no third party in scope has the id `{id}`")));
    Ok(ReadScenario { scenario: whole(table, &scenario, estate)?, warnings })
}

/// A table with everything that the page shows filled in.
fn whole(table: toml::Table, scenario: &Scenario, estate: &Estate) -> Result<serde_json::Value, CliError> {
    let failing = || "can't write the scenario".to_owned();
    let mut value = serde_json::to_value(table).or_fail(failing)?;
    let scope = serde_json::to_value(&scenario.scope).or_fail(failing)?;
    if let (Some(value), serde_json::Value::Object(scope)) = (value.as_object_mut(), scope) {
        value.extend(scope);
        value.insert("name".to_owned(), scenario.name.clone().into());
        value.insert("frameworks_in_place".to_owned(), estate.frameworks(scenario).into());
    }
    Ok(value)
}

/// The plain scenario of the run's scope, for the page.
pub fn base(estate: &Estate) -> Result<serde_json::Value, CliError> {
    let scenario = Scenario::new(UNNAMED, estate.scope.clone());
    whole(toml::Table::new(), &scenario, estate)
}

/// Writes the page's scenario as a file that `carveout scope size --scenario` reads.
pub fn to_file(table: &toml::Table, scenario: &Scenario) -> Result<WrittenScenario, CliError> {
    let text = toml::to_string_pretty(table).or_fail(|| "can't write the scenario".to_owned())?;
    let file = format!("{}.toml", file_stem(&scenario.name));
    Ok(WrittenScenario {
        text: format!("# A scenario of carveout: carveout scope size --scenario {file}\n{text}"),
        file,
    })
}

/// A name that every file system takes.
fn file_stem(name: &str) -> String {
    let mut stem = String::new();
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => stem.push(letter),
            _ if stem.is_empty() || stem.ends_with('-') => {}
            _ => stem.push('-'),
        }
    }
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() { UNNAMED.to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use carveout_model::{AuditScope, Category, Period, ReportType};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_the_page_sends_is_what_a_file_says() {
        let scope = AuditScope {
            categories: vec![Category::Security].try_into().expect("a scope"),
            report_type: ReportType::Type2,
            period: Period { start: date(2026, 1, 1), end: date(2026, 12, 31) },
            frameworks_in_place: Vec::new(),
        };
        let sent = r#"{"overrides": [{"party": "aws", "owner": "provider", "reason": "say \"so\""}], "without": ["a"],
            "name": "Less", "period": {"start": "2026-02-01", "end": "2026-03-01"}, "categories": ["security", "privacy"]}"#;
        let table: toml::Table = serde_json::from_str(sent).expect("a table");
        let scenario = Scenario::from_toml(UNNAMED, &table.to_string(), &scope).expect("a scenario");
        assert_eq!(scenario.overrides[0].reason, "say \"so\"");
        assert!(scenario.without.contains("a") && scenario.scope.categories.contains(Category::Privacy));
        let written = to_file(&table, &scenario).expect("a file");
        assert_eq!(written.file, "less.toml");
        assert_eq!(Scenario::from_toml("other", &written.text, &scope).expect("it is read again"), scenario);
    }

    #[test]
    fn a_name_becomes_a_plain_file_name() {
        assert_eq!(file_stem("Without Snowflake (2026)"), "without-snowflake-2026");
        assert_eq!(file_stem("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_stem("…"), "session");
    }
}
