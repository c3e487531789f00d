//! The estate: what the made-up company Acme has in three clouds, generated from a seed.
//!
//! Account, tenant and project ids are made up (account ids start with `000000`, UUIDs with `acce`); the ids of vendors are
//! those that the vendors publish. The same options give the same estate on every machine.

mod aws;
mod azure;
mod gcp;
mod random;
mod truth;

pub use self::truth::{
    ExpectedEvidence, ExpectedParty, ExpectedResource, ExpectedScope, Lookalike, PlantedSecret, Truth,
};
pub(crate) use self::{
    aws::{AwsEstate, EVERYWHERE},
    azure::{AzureEstate, as_listed},
    gcp::{Asset, GcpEstate, GcpProject},
    random::iso,
};
use crate::faults::{Denial, Faults, Throttle};

/// Acme's main domain, reserved for examples by RFC 2606.
pub const DOMAIN: &str = "acme.example";
/// Acme's organization on GitHub, as OIDC subjects name it.
pub const GITHUB_ORGANIZATION: &str = "acme-corp";

/// How large an estate, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EstateOptions {
    /// The same seed gives the same estate.
    pub seed: u64,
    /// Accounts in the AWS organization; the third is throttled and the fourth can't be entered.
    pub aws_accounts: usize,
    /// Subscriptions in the Azure tenant; the third is forbidden.
    pub azure_subscriptions: usize,
    /// Projects in the Google Cloud organization; the third is forbidden.
    pub gcp_projects: usize,
    /// Multiplies what each scope holds; 1 gives about 3,000 resources with the other defaults.
    pub scale: usize,
}

impl Default for EstateOptions {
    fn default() -> Self {
        Self { seed: 2026, aws_accounts: 4, azure_subscriptions: 3, gcp_projects: 3, scale: 1 }
    }
}

/// A generated estate with its answer key.
#[derive(Debug, Clone)]
pub struct Estate {
    options: EstateOptions,
    pub(crate) aws: AwsEstate,
    pub(crate) azure: AzureEstate,
    pub(crate) gcp: GcpEstate,
    truth: Truth,
}

impl Estate {
    /// Generates the estate that `options` describe.
    pub fn generate(options: &EstateOptions) -> Self {
        let mut truth = Truth::default();
        let aws = aws::generate(options, &mut truth);
        let azure = azure::generate(options, &mut truth);
        let gcp = gcp::generate(options, &mut truth);
        truth.resources.sort_unstable();
        Self { options: *options, aws, azure, gcp, truth }
    }

    /// What it was generated from.
    pub fn options(&self) -> &EstateOptions {
        &self.options
    }

    /// What a crawl must find in it.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// The AWS organization's management account, which the long-term keys belong to.
    pub fn aws_management_account(&self) -> &str {
        &self.aws.management_account
    }

    /// The ids of every account in the AWS organization.
    pub fn aws_accounts(&self) -> Vec<&str> {
        self.aws.accounts.iter().map(|account| account.id.as_str()).collect()
    }

    /// An access key id of the management account. Any secret goes with it: signatures are not checked.
    pub fn aws_access_key_id(&self) -> String {
        crate::aws::long_term_key(&self.aws.management_account)
    }

    /// The Entra tenant.
    pub fn azure_tenant(&self) -> &str {
        &self.azure.tenant_id
    }

    /// The ids of every subscription.
    pub fn azure_subscriptions(&self) -> Vec<&str> {
        self.azure.subscriptions.iter().map(|subscription| subscription.id.as_str()).collect()
    }

    /// The Google Cloud organization (`organizations/900000000001`).
    pub fn gcp_organization(&self) -> &str {
        &self.gcp.organization
    }

    /// The ids of every project (`acme-prod`).
    pub fn gcp_projects(&self) -> Vec<&str> {
        self.gcp.projects.iter().map(|project| project.id.as_str()).collect()
    }

    /// The faults that the estate itself has, injected or not.
    pub(crate) fn standing_faults(&self) -> Faults {
        let denied = self.truth.denied_scopes.iter().map(|scope| Denial::new(&*scope.scope_id, "*")).collect();
        let throttle = self
            .truth
            .throttled_scopes
            .iter()
            .map(|scope| Throttle { scope: scope.scope_id.clone(), per_second: 40.0, burst: 40 })
            .collect();
        Faults { denied, throttle, ..Faults::default() }
    }
}
