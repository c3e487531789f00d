//! Ctrl-C and SIGTERM: the first asks to stop, the second ends the process at once.

use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A token that the first interrupt cancels.
pub fn stop_token(runtime: &Runtime) -> CancellationToken {
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    runtime.spawn(async move {
        interrupted().await;
        tracing::warn!("stopping; what is finished is kept (interrupt again to end at once)");
        cancelled.cancel();
        interrupted().await;
        std::process::exit(130);
    });
    stop
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
