//! Populations that samples are drawn from beside what checks look at: people, keys, changes, third parties. Packaged
//! queries list them; `populations.csv` says of which control.

use std::collections::BTreeMap;

use carveout_model::{CheckProvider, Provider};
use carveout_queries::Catalogue;
use carveout_scoping::{ControlSet, Covers, Population};
use carveout_warehouse::{Rows, WarehouseError};

use crate::{
    error::{CliError, OrFail},
    facts::ask,
};

/// A query that lists the items of a control.
#[derive(Debug, Clone)]
pub struct PopulationQuery {
    /// The control.
    pub control_id: String,
    /// The query's name.
    pub query_name: String,
    /// What it lists.
    pub covers: Covers,
    /// One SELECT with the columns of every population.
    pub sql: String,
}

#[derive(serde::Deserialize)]
struct PeriodRow {
    is_whole: bool,
}

#[derive(serde::Deserialize)]
struct CountRow {
    provider: CheckProvider,
    items: u64,
}

/// The queries that a control set names.
pub fn of_controls(set: &ControlSet, queries: &Catalogue) -> Result<Vec<PopulationQuery>, CliError> {
    let query = |rule: &carveout_scoping::PopulationRule| {
        let query =
            queries.find(&rule.query).or_usage(|| format!("the population of {} can't be listed", rule.control_id));
        query.map(|query| PopulationQuery {
            control_id: rule.control_id.clone(),
            query_name: query.name.clone(),
            covers: rule.covers,
            sql: query.sql.clone(),
        })
    };
    set.populations().iter().map(query).collect()
}

/// How many items each control has at each cloud. What happened in the audit period counts only where the inventory was
/// there for all of it: a part of a population is no population.
pub fn counted(
    queries: &[PopulationQuery],
    query: &dyn Fn(&str) -> Result<Rows, WarehouseError>,
) -> Result<Vec<Population>, CliError> {
    let period: Vec<PeriodRow> = ask(query, include_str!("facts_period.sql"))?;
    let is_whole = period.first().is_some_and(|row| row.is_whole);
    let mut counts: BTreeMap<&str, Vec<CountRow>> = BTreeMap::new();
    // Of several queries for one control, the one that lists most is the population.
    let mut most: BTreeMap<(&str, Option<&'static str>), u64> = BTreeMap::new();
    for each in queries.iter().filter(|each| is_whole || each.covers == Covers::Now) {
        if !counts.contains_key(each.query_name.as_str()) {
            let sql = include_str!("facts_population.sql").replace("SELECT_OF_POPULATION", single(&each.sql));
            counts.insert(&each.query_name, ask(query, &sql)?);
        }
        for row in counts.get(each.query_name.as_str()).into_iter().flatten() {
            let items = most.entry((each.control_id.as_str(), party_id(row.provider))).or_default();
            *items = row.items.max(*items);
        }
    }
    let population = |((control_id, party_id), items): ((&str, Option<&str>), u64)| Population {
        control_id: control_id.to_owned(),
        party_id: party_id.map(ToOwned::to_owned),
        items,
    };
    Ok(most.into_iter().map(population).collect())
}

/// The third party that a cloud is; none for what is in no cloud.
pub const fn party_id(provider: CheckProvider) -> Option<&'static str> {
    match provider {
        CheckProvider::Aws => Some(Provider::Aws.party_id()),
        CheckProvider::Azure => Some(Provider::Azure.party_id()),
        CheckProvider::Gcp => Some(Provider::Gcp.party_id()),
        CheckProvider::Any => None,
    }
}

/// A statement without what ends it, so that it can stand in parentheses.
fn single(sql: &str) -> &str {
    sql.trim_end().trim_end_matches(';')
}
