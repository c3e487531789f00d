//! Simulated clouds for the program to crawl.

use std::{
    thread,
    time::{Duration, Instant},
};

use carveout_simcloud::{Estate, EstateOptions, Faults, SimCloud};
use tokio::runtime::Runtime;

use crate::{Running, Workspace};

/// An estate in which every scope can be read and none is throttled: two accounts, subscriptions and projects.
pub fn small_estate() -> EstateOptions {
    EstateOptions { aws_accounts: 2, azure_subscriptions: 2, gcp_projects: 2, ..EstateOptions::default() }
}

/// The three clouds on the loopback, with a runtime of their own, so that tests need none.
#[derive(Debug)]
pub struct Clouds {
    runtime: Runtime,
    cloud: SimCloud,
}

impl Clouds {
    /// Generates an estate and serves it without faults of its own making.
    pub fn start(options: &EstateOptions) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let cloud = runtime.block_on(SimCloud::start(Estate::generate(options), Faults::default()));
        Self { runtime, cloud: cloud.expect("free ports on the loopback") }
    }

    /// What is served.
    pub fn estate(&self) -> &Estate {
        self.cloud.estate()
    }

    /// Replaces the injected faults.
    pub fn set_faults(&self, faults: Faults) {
        self.cloud.set_faults(faults);
    }

    /// How many requests have been answered.
    pub fn requests(&self) -> u64 {
        self.cloud.requests().total()
    }

    /// Waits until a run has sent so many requests, so that it is in the middle of its crawl.
    pub fn wait_for_requests(&self, requests: u64, running: &mut Running) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.requests() < requests {
            assert!(running.is_alive(), "it ended after {} requests", self.requests());
            assert!(Instant::now() < deadline, "only {} requests in a minute", self.requests());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Stops answering: from now on connections are refused.
    pub fn stop(self) {
        self.runtime.block_on(self.cloud.stop());
    }

    /// A workspace over all three clouds.
    pub fn workspace(&self) -> Workspace {
        self.workspace_with(&[self.aws(), self.azure(), self.gcp()].concat())
    }

    /// A workspace with these connectors.
    pub fn workspace_with(&self, connectors: &str) -> Workspace {
        let base = "[workspace]\nname = \"acme\"\ndatabase = \"acme.duckdb\"\n\n\
                    [organization]\ndomains = [\"acme.example\"]\n\n\
                    [scope]\ncriteria = [\"security\", \"availability\"]\nreport_type = \"type2\"\n\
                    period = { start = 2026-01-01, end = 2026-12-31 }\n\n";
        Workspace::new(&format!("{base}{connectors}"))
            .with_variable("AWS_ACCESS_KEY_ID", self.estate().aws_access_key_id())
            .with_variable("AWS_SECRET_ACCESS_KEY", "simulated")
    }

    /// `[[connectors.aws]]` over the whole organization.
    pub fn aws(&self) -> String {
        format!(
            "[[connectors.aws]]\naccounts = \"organization\"\nrole = \"arn:aws:iam::{{account}}:role/carveout-read\"\n\
             endpoint_url = \"{}\"\n\n",
            self.cloud.aws_endpoint()
        )
    }

    /// `[[connectors.azure]]` over every subscription.
    pub fn azure(&self) -> String {
        format!(
            "[[connectors.azure]]\ntenant = \"{}\"\nresource_manager_url = \"{}\"\ngraph_url = \"{}\"\n\n",
            self.estate().azure_tenant(),
            self.cloud.azure_resource_manager(),
            self.cloud.azure_graph()
        )
    }

    /// `[[connectors.gcp]]` over the whole organization.
    pub fn gcp(&self) -> String {
        format!(
            "[[connectors.gcp]]\nparent = \"{}\"\nasset_endpoint = \"{}\"\nresource_manager_endpoint = \"{}\"\n\
             storage_endpoint = \"{}\"\n\n",
            self.estate().gcp_organization(),
            self.cloud.gcp_asset(),
            self.cloud.gcp_resource_manager(),
            self.cloud.gcp_storage()
        )
    }
}
