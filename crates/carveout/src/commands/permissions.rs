//! `carveout permissions`: the least-privilege policy for exactly the types that are configured.

use carveout_aws::AwsConnector;
use carveout_azure::AzureConnector;
use carveout_gcp::{GcpConnector, GcpSettings};

use crate::{
    cli::{Cloud, Global, Permissions},
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Prints the policy in the provider's own format: for what the configuration crawls first, or for every type where it
/// has nothing of this cloud.
pub fn run(global: &Global, arguments: &Permissions) -> Result<Exit, CliError> {
    let workspace = Workspace::open(global)?;
    let configured = workspace.maybe_config().map(|config| &config.connectors);
    let unusable = || "the configuration of the connector can't be used".to_owned();
    let policy = match arguments.cloud {
        Cloud::Aws => {
            let settings = configured.and_then(|of| of.aws.first().cloned()).unwrap_or_default();
            AwsConnector::new(settings).or_usage(unusable)?.permissions()
        }
        Cloud::Azure => {
            let settings = configured.and_then(|of| of.azure.first().cloned()).unwrap_or_default();
            AzureConnector::new("azure", settings).or_usage(unusable)?.permissions()
        }
        Cloud::Gcp => {
            let settings = configured.and_then(|of| of.gcp.first().cloned());
            let settings = settings.unwrap_or_else(|| GcpSettings::new("organizations/1"));
            GcpConnector::new("gcp", settings).or_usage(unusable)?.permissions()
        }
    };
    printer::text(&format!("{policy:#}\n"))?;
    Ok(Exit::Done)
}
