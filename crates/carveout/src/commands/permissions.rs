//! `carveout permissions`: the least-privilege policy for exactly the types that are configured.

use carveout_aws::{AwsConnector, AwsSettings};

use crate::{
    cli::{Global, Permissions},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Prints the policy in the provider's own format.
pub fn run(global: &Global, _: &Permissions) -> Result<Exit, CliError> {
    let workspace = Workspace::open(global)?;
    let configured = workspace.maybe_config().and_then(|config| config.connectors.aws.first().cloned());
    let connector = AwsConnector::new(configured.unwrap_or_else(AwsSettings::default))
        .or_usage(|| "[[connectors.aws]] can't be used".to_owned())?;
    printer::text(&format!("{:#}\n", connector.permissions()))?;
    Ok(Exit::Done)
}
