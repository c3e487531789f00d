//! From `[[connectors.…]]` to connectors.

use std::sync::Arc;

use carveout_aws::AwsConnector;
use carveout_azure::AzureConnector;
use carveout_crawl::{Connector, ConnectorError};
use carveout_gcp::GcpConnector;
use carveout_model::TypeView;

use crate::{
    config::Connectors,
    error::{CliError, OrFail},
};

/// The kinds of connectors, as `--only` names them.
pub const KINDS: &[&str] = &["aws", "azure", "gcp", "soc2_reports"];

/// Builds the clouds' connectors that `only` asks for (all without it); `types` replaces their own choice of types.
pub fn build(settings: &Connectors, only: &[String], types: &[String]) -> Result<Vec<Arc<dyn Connector>>, CliError> {
    if let Some(unknown) = only.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
        return Err(
            CliError::usage(format!("there is no connector `{unknown}`")).hint(format!("one of {}", KINDS.join(", ")))
        );
    }
    let wanted = |kind: &str| only.is_empty() || only.iter().any(|each| each == kind);
    let mut built: Vec<Arc<dyn Connector>> = Vec::new();
    if wanted("aws") {
        for each in &settings.aws {
            let mut each = each.clone();
            replace(&mut each.types, types);
            built.push(Arc::new(usable("aws", AwsConnector::new(each))?));
        }
    }
    if wanted("azure") {
        for (number, each) in settings.azure.iter().enumerate() {
            let mut each = each.clone();
            replace(&mut each.types, types);
            built.push(Arc::new(usable("azure", AzureConnector::new(name("azure", number), each))?));
        }
    }
    if wanted("gcp") {
        for (number, each) in settings.gcp.iter().enumerate() {
            let mut each = each.clone();
            replace(&mut each.types, types);
            built.push(Arc::new(usable("gcp", GcpConnector::new(name("gcp", number), each))?));
        }
    }
    Ok(built)
}

/// Every resource type of every catalogue as a view in SQL.
pub fn type_views() -> Result<Vec<TypeView>, CliError> {
    let aws = carveout_aws::type_views().or_fail(|| "the catalogue of AWS is broken".to_owned())?;
    Ok([aws, carveout_azure::type_views(), carveout_gcp::type_views()].concat())
}

fn replace(configured: &mut Vec<String>, given: &[String]) {
    if !given.is_empty() {
        *configured = given.to_vec();
    }
}

/// `aws`, and `aws-2` for the second of a kind.
fn name(kind: &str, number: usize) -> String {
    if number == 0 { kind.to_owned() } else { format!("{kind}-{}", number + 1) }
}

fn usable<C>(kind: &str, connector: Result<C, ConnectorError>) -> Result<C, CliError> {
    connector.or_usage(|| format!("[[connectors.{kind}]] can't be used"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_column_of_a_view_has_the_name_of_another() {
        for view in type_views().expect("the catalogues are right") {
            let common = TypeView::COMMON.iter().map(|(name, _)| *name).chain(["config"]);
            let typed = view.columns.iter().map(|column| column.name.as_str());
            let mut seen = BTreeSet::new();
            for name in common.chain(typed) {
                assert!(seen.insert(name), "{}: {name}", view.type_name);
            }
        }
    }
}
