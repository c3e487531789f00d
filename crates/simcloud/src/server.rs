//! Starts and stops the endpoints.

use std::{
    collections::BTreeSet,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Request, response::Response};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    aws::AwsEndpoint,
    azure::{GraphEndpoint, ResourceManagerEndpoint},
    estate::Estate,
    faults::{Faults, Gate},
    gcp::{RestEndpoint, StorageEndpoint},
};

/// How long [`SimCloud::stop`] waits for connections that are in use.
const STOP_WITHIN: Duration = Duration::from_secs(1);

/// The endpoints could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port could be had on the loopback.
    #[error("can't listen on 127.0.0.1 for the simulated {endpoint} endpoint")]
    Listen {
        /// The endpoint it was for.
        endpoint: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

/// How many requests each cloud has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestCounts {
    /// Every AWS service.
    pub aws: u64,
    /// Resource Manager, Resource Graph and Microsoft Graph.
    pub azure: u64,
    /// Asset Inventory, Resource Manager and Cloud Storage.
    pub gcp: u64,
}

impl RequestCounts {
    /// All clouds together.
    pub fn total(self) -> u64 {
        self.aws + self.azure + self.gcp
    }
}

/// The running endpoints. They stop when this is dropped.
#[derive(Debug)]
pub struct SimCloud {
    estate: Arc<Estate>,
    gate: Arc<Gate>,
    counters: [Arc<AtomicU64>; 3],
    aws_asked: Arc<Mutex<BTreeSet<String>>>,
    addresses: Addresses,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Addresses {
    aws: SocketAddr,
    resource_manager: SocketAddr,
    graph: SocketAddr,
    gcp_rest: SocketAddr,
    gcp_storage: SocketAddr,
}

impl SimCloud {
    /// Serves `estate` on ports of 127.0.0.1 that the system chooses, on the caller's Tokio runtime.
    ///
    /// # Errors
    /// [`StartError::Listen`] if a port can't be had.
    pub async fn start(estate: Estate, faults: Faults) -> Result<Self, StartError> {
        let estate = Arc::new(estate);
        let gate = Arc::new(Gate::new(estate.standing_faults(), faults));
        let counters: [Arc<AtomicU64>; 3] = Default::default();
        let aws_asked: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let (stop, stopped) = watch::channel(false);
        let mut servers = Vec::new();

        let (listener, aws_address) = listen("AWS").await?;
        let aws = Arc::new(AwsEndpoint {
            estate: Arc::clone(&estate),
            gate: Arc::clone(&gate),
            requests: Arc::clone(&counters[0]),
            asked: Arc::clone(&aws_asked),
        });
        servers.push(serve(listener, stopped.clone(), aws, |aws, request| async move { aws.answer(request).await }));

        let (listener, resource_manager) = listen("Azure Resource Manager").await?;
        let arm = Arc::new(ResourceManagerEndpoint {
            estate: Arc::clone(&estate),
            gate: Arc::clone(&gate),
            requests: Arc::clone(&counters[1]),
            base: format!("http://{resource_manager}"),
        });
        servers.push(serve(listener, stopped.clone(), arm, |arm, request| async move { arm.answer(request).await }));

        let (listener, graph_address) = listen("Microsoft Graph").await?;
        let graph = Arc::new(GraphEndpoint {
            estate: Arc::clone(&estate),
            gate: Arc::clone(&gate),
            requests: Arc::clone(&counters[1]),
            base: format!("http://{graph_address}"),
        });
        servers.push(serve(
            listener,
            stopped.clone(),
            graph,
            |graph, request| async move { graph.answer(request).await },
        ));

        let (listener, gcp_rest) = listen("Cloud Asset Inventory").await?;
        let rest = Arc::new(RestEndpoint {
            estate: Arc::clone(&estate),
            gate: Arc::clone(&gate),
            requests: Arc::clone(&counters[2]),
        });
        servers.push(serve(listener, stopped.clone(), rest, |rest, request| async move { rest.answer(request).await }));

        let (listener, gcp_storage) = listen("Cloud Storage").await?;
        let storage = Arc::new(StorageEndpoint {
            estate: Arc::clone(&estate),
            gate: Arc::clone(&gate),
            requests: Arc::clone(&counters[2]),
        });
        servers.push(serve(
            listener,
            stopped,
            storage,
            |storage, request| async move { storage.answer(request).await },
        ));

        let addresses = Addresses { aws: aws_address, resource_manager, graph: graph_address, gcp_rest, gcp_storage };
        Ok(Self { estate, gate, counters, aws_asked, addresses, stop, servers })
    }

    /// The estate that is served.
    pub fn estate(&self) -> &Estate {
        &self.estate
    }

    /// One URL for every AWS service, for `endpoint_url`.
    pub fn aws_endpoint(&self) -> String {
        format!("http://{}", self.addresses.aws)
    }

    /// The URL that stands for `https://management.azure.com`.
    pub fn azure_resource_manager(&self) -> String {
        format!("http://{}", self.addresses.resource_manager)
    }

    /// The URL that stands for `https://graph.microsoft.com`.
    pub fn azure_graph(&self) -> String {
        format!("http://{}", self.addresses.graph)
    }

    /// The URL that stands for `https://cloudasset.googleapis.com`.
    pub fn gcp_asset(&self) -> String {
        format!("http://{}", self.addresses.gcp_rest)
    }

    /// The URL that stands for `https://cloudresourcemanager.googleapis.com`.
    pub fn gcp_resource_manager(&self) -> String {
        format!("http://{}", self.addresses.gcp_rest)
    }

    /// The URL that stands for `https://storage.googleapis.com`: gRPC over HTTP/2 without TLS.
    pub fn gcp_storage(&self) -> String {
        format!("http://{}", self.addresses.gcp_storage)
    }

    /// How many requests have been answered, refusals included.
    pub fn requests(&self) -> RequestCounts {
        let [aws, azure, gcp] = self.counters.each_ref().map(|counter| counter.load(Ordering::Relaxed));
        RequestCounts { aws, azure, gcp }
    }

    /// Every AWS operation that has been asked for, as `service:Operation`, refusals included.
    pub fn aws_operations(&self) -> BTreeSet<String> {
        self.aws_asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the injected faults from now on. One-off faults fire anew.
    pub fn set_faults(&self, faults: Faults) {
        self.gate.set(faults);
    }

    /// Stops listening and waits, for a second at most, for the answers under way.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let servers = std::mem::take(&mut self.servers);
        for mut server in servers {
            if tokio::time::timeout(STOP_WITHIN, &mut server).await.is_err() {
                server.abort();
            }
        }
    }
}

impl Drop for SimCloud {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

async fn listen(endpoint: &'static str) -> Result<(TcpListener, SocketAddr), StartError> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|source| StartError::Listen { endpoint, source })?;
    let address = listener.local_addr().map_err(|source| StartError::Listen { endpoint, source })?;
    Ok((listener, address))
}

fn serve<E, F>(
    listener: TcpListener,
    mut stopped: watch::Receiver<bool>,
    endpoint: Arc<E>,
    answer: impl Fn(Arc<E>, Request) -> F + Clone + Send + Sync + 'static,
) -> JoinHandle<()>
where
    E: Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let router = Router::new().fallback(move |request: Request| answer(Arc::clone(&endpoint), request));
    tokio::spawn(async move {
        // The sender's end is a stop as well: it is gone only with the `SimCloud` itself.
        let until = async move { drop(stopped.wait_for(|stop| *stop).await) };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(until).await {
            tracing::error!(%error, "a simulated endpoint ended");
        }
    })
}
