//! Takes connections, so many at a time, and lets those on their way finish when the server stops.

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{Session, Settings, guard::Guard, is_open_to_others, patience::Patient, site::Site};

/// Bytes of a request's head; ten times what a browser sends.
const HEAD_BYTES: usize = 32 << 10;
const HEADERS: usize = 64;

/// How long is waited after a connection could not be taken, which is most often for want of file handles.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// The server can't start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener has no address.
    #[error("the listener has no address")]
    Listener {
        /// What the system said.
        source: io::Error,
    },
    /// Others can connect, and nothing would be asked of them.
    #[error("others can connect to {address}, and there is no token")]
    TokenNeeded {
        /// The address.
        address: SocketAddr,
    },
}

/// Serves a session until `stop` is ready; requests on their way are then finished, within [`crate::Limits`].
///
/// # Errors
/// [`ServeError`] where it can't start. Nothing that a client does ends it.
pub async fn serve(
    listener: TcpListener,
    settings: Settings,
    session: Arc<dyn Session>,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let address = listener.local_addr().map_err(|source| ServeError::Listener { source })?;
    let Settings { names, token, limits } = settings;
    let is_open = is_open_to_others(address);
    if is_open && token.is_none() {
        return Err(ServeError::TokenNeeded { address });
    }
    let names = names.into_iter().map(|name| name.trim_end_matches('.').to_ascii_lowercase()).collect();
    let guard = Guard { is_open, names, token };
    let site = Arc::new(Site { guard, limits, session, turns: Arc::new(Semaphore::new(limits.answers)) });
    let places = Arc::new(Semaphore::new(limits.connections));
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let taken = tokio::select! {
            () = &mut stop => break,
            taken = next(&listener, &places) => taken,
        };
        // Those that have ended are forgotten.
        while connections.try_join_next().is_some() {}
        match taken {
            Ok((stream, place)) => {
                connections.spawn(connection(stream, place, Arc::clone(&site), stopped.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                sleep(AFTER_FAILURE).await;
            }
        }
    }
    drop(listener);
    drop(stopping);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if timeout(limits.drain_within, all_ended).await.is_err() {
        tracing::debug!(open = connections.len(), "connections are cut off");
    }
    Ok(())
}

/// The next connection, once there is a place for it.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

async fn connection(stream: TcpStream, place: OwnedSemaphorePermit, site: Arc<Site>, mut stopped: watch::Receiver<()>) {
    // Answers are whole when they are sent: there is nothing to wait for.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let limits = site.limits;
    let service = service_fn(move |request: Request<Incoming>| {
        let site = Arc::clone(&site);
        async move { Ok::<_, Infallible>(site.respond(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(Patient::new(stream, limits.stalled_within)), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
    drop(place);
}
