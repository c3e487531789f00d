//! `carveout serve`: a scoping session in a browser, from this program and the published file alone.
//!
//! The page, who may ask and the limits are `carveout-serve`'s; the answers are those of the other rooms, put into JSON
//! by the files beside this one. Nothing is written: a scenario is saved by the browser, as a file.

mod answers;
mod estate;
mod scenario;
mod session;

use std::{fs, net::SocketAddr, path::Path, sync::Arc};

use carveout_serve::{Settings, Token, is_open_to_others};
use tokio::net::TcpListener;

use crate::{
    cli::{Global, Serve},
    error::{CliError, Exit, OrFail},
    printer, runtime,
    workspace::Workspace,
};
use session::ScopingSession;

/// Bytes of a token that is made up: more than anybody guesses.
const TOKEN_BYTES: usize = 24;

/// Serves until Ctrl-C.
pub fn run(global: &Global, arguments: &Serve) -> Result<Exit, CliError> {
    let session = ScopingSession::open(Workspace::open(global)?)?;
    let runtime = runtime()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(arguments.listen).await.map_err(|error| {
            CliError::failed(format!("can't listen on {}", arguments.listen))
                .because(error)
                .hint("another program has the port, perhaps a session of yours; port 0 takes a free one")
        })?;
        let address = listener.local_addr().or_fail(|| "the listener has no address".to_owned())?;
        let token = token(arguments.token_file.as_deref(), address)?;
        printer::text(&greeting(address, &arguments.allow_host, token.as_ref()))?;
        let settings = Settings {
            names: arguments.allow_host.clone(),
            token: token.map(|token| token.checked),
            ..Settings::default()
        };
        let served = carveout_serve::serve(listener, settings, Arc::new(session), stopped()).await;
        served.or_fail(|| "can't serve".to_owned())
    })?;
    Ok(Exit::Done)
}

/// A token, with its text where it was made up and nobody else can tell it.
struct GivenToken {
    checked: Token,
    made_up: Option<String>,
}

/// The token of the file, or a new one where others can connect.
fn token(file: Option<&Path>, address: SocketAddr) -> Result<Option<GivenToken>, CliError> {
    let (text, is_made_up) = match file {
        Some(path) => {
            let reading = || format!("can't read the token in {}", path.display());
            let text = fs::read_to_string(path).map_err(|error| {
                CliError::usage(reading()).because(error).hint("`openssl rand -hex 24 > FILE` makes one")
            })?;
            warn_of_readers(path);
            (text, false)
        }
        None if is_open_to_others(address) => (made_up_token()?, true),
        None => return Ok(None),
    };
    let checked = Token::new(&text).map_err(|error| {
        CliError::usage("the token can't be used").because(error).hint("`openssl rand -hex 24 > FILE` makes one")
    })?;
    Ok(Some(GivenToken { checked, made_up: is_made_up.then_some(text) }))
}

fn made_up_token() -> Result<String, CliError> {
    let mut bytes = [0_u8; TOKEN_BYTES];
    getrandom::fill(&mut bytes).or_fail(|| "can't make a token".to_owned())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A secret that others can read is none.
fn warn_of_readers(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0) {
            tracing::warn!(file = %path.display(), "others can read the token; chmod 600 keeps it");
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// The address to open, and how it ends.
fn greeting(address: SocketAddr, names: &[String], token: Option<&GivenToken>) -> String {
    let host = match names.first() {
        Some(name) => format!("{name}:{}", address.port()),
        None if address.ip().is_unspecified() => format!("localhost:{}", address.port()),
        None => address.to_string(),
    };
    // After the hash, so that no server and no log ever sees it.
    let secret = token.and_then(|token| token.made_up.as_ref()).map(|text| format!("#token={text}"));
    let mut text = format!("http://{host}/{}\n", secret.unwrap_or_default());
    if is_open_to_others(address) {
        text += "Others can connect. The token goes over the network as it is: put a proxy with TLS before it.\n";
    }
    text += "Ctrl-C ends the session.\n";
    text
}

/// Ready when the user or the system wants an end.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    () = interrupted() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "only Ctrl-C ends the session");
                interrupted().await;
            }
        }
    }
    #[cfg(not(unix))]
    interrupted().await;
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "Ctrl-C can't be heard; kill the program to end the session");
        std::future::pending::<()>().await;
    }
}
