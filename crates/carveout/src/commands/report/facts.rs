//! Reads what drafts rest on from the published database.

use carveout_model::{Check, Control, Criterion, Sizing, ThirdParty};
use carveout_queries::Binding;
use carveout_report::{AuditFacts, CheckResult, Run, Scenario};
use carveout_warehouse::Reader;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    error::{CliError, OrFail},
    facts::PARTIES,
};

#[derive(Deserialize)]
struct OrganizationRow {
    organization: String,
}

/// Everything that drafts of a scenario rest on.
pub fn read(reader: &Reader, scenario: &str) -> Result<AuditFacts, CliError> {
    let named = [Binding::text("scenario", scenario)];
    let organization: Vec<OrganizationRow> = rows(reader, include_str!("organization.sql"), &[])?;
    Ok(AuditFacts {
        organization: organization
            .into_iter()
            .next()
            .map_or_else(|| "The organization".to_owned(), |row| row.organization),
        run: last_run(reader)?,
        scenario: read_scenario(reader, scenario)?,
        sizing: read_sizing(reader, scenario)?,
        gaps: rows(reader, include_str!("gaps.sql"), &[])?,
        audit_gaps: rows(reader, include_str!("audit_gaps.sql"), &named)?,
        scopes: rows(reader, include_str!("scopes.sql"), &[])?,
        services: rows(reader, include_str!("services.sql"), &[])?,
        parties: rows::<ThirdParty>(reader, PARTIES, &[])?,
        party_uses: rows(reader, include_str!("party_uses.sql"), &[])?,
        reports: rows(reader, include_str!("reports.sql"), &[])?,
        user_entity_controls: rows(reader, include_str!("user_entity_controls.sql"), &[])?,
        subservices: rows(reader, include_str!("subservices.sql"), &[])?,
        subservice_expectations: rows(reader, include_str!("subservice_expectations.sql"), &[])?,
        criteria: rows::<Criterion>(reader, include_str!("criteria.sql"), &[])?,
        controls: rows::<Control>(reader, include_str!("controls.sql"), &[])?,
        layer_owners: rows(reader, include_str!("layer_owners.sql"), &[])?,
        obligations: rows(reader, include_str!("obligations.sql"), &named)?,
        checks: checks(reader, &[])?,
        check_summaries: rows(reader, include_str!("check_summaries.sql"), &[])?,
    })
}

/// The run that the published file holds.
pub fn last_run(reader: &Reader) -> Result<Run, CliError> {
    let run = rows(reader, include_str!("run.sql"), &[])?.into_iter().next();
    run.ok_or_else(|| {
        CliError::failed("no run is sealed in this database").hint("`carveout refresh` crawls, or try `carveout demo`")
    })
}

fn read_scenario(reader: &Reader, scenario: &str) -> Result<Scenario, CliError> {
    let found = rows(reader, include_str!("scenario.sql"), &[Binding::text("scenario", scenario)])?.into_iter().next();
    found.ok_or_else(|| {
        CliError::usage(format!("no scenario is called `{scenario}`"))
            .hint("`carveout sql \"SELECT scenario FROM scoping.scenarios\"` lists all")
    })
}

fn read_sizing(reader: &Reader, scenario: &str) -> Result<Sizing, CliError> {
    let sized = rows(reader, include_str!("sizing.sql"), &[Binding::text("scenario", scenario)])?.into_iter().next();
    sized.ok_or_else(|| {
        CliError::failed(format!("the scenario `{scenario}` has no size in this database"))
            .hint("`carveout refresh` derives it")
    })
}

/// Checks, with the bindings `control` and `provider` where only some are meant.
pub fn checks(reader: &Reader, bindings: &[Binding]) -> Result<Vec<Check>, CliError> {
    rows(reader, include_str!("checks.sql"), bindings)
}

/// Results of checks, with the same bindings.
pub fn check_results(reader: &Reader, bindings: &[Binding]) -> Result<Vec<CheckResult>, CliError> {
    rows(reader, include_str!("check_results.sql"), bindings)
}

/// Rows of one query.
pub fn rows<T: DeserializeOwned>(reader: &Reader, sql: &str, bindings: &[Binding]) -> Result<Vec<T>, CliError> {
    reader.rows(sql, bindings).or_fail(|| "can't read what the drafts rest on".to_owned())
}
