//! The page of a scoping session over HTTP: its files, who may ask, and how much one client may take.
//!
//! What is asked is answered by a [`Session`] that the caller brings; this room knows no database, no scenario and no
//! criterion. Everything that stands between a network and a session is here: the check of Host and Origin against DNS
//! rebinding and cross-site requests, the token where others can connect, the headers that keep the page to itself, and
//! the limits on bodies, time and connections. No file of the machine is ever opened: what can be asked for is a fixed
//! list of paths, and the page's files are in the program.

mod assets;
mod connections;
mod guard;
mod patience;
mod reply;
mod site;
mod token;

use std::{net::SocketAddr, time::Duration};

use serde::Serialize;

pub use connections::{ServeError, serve};
pub use token::{Token, TokenError};

/// What the page asks of the session behind it. All answers are JSON unless a topic says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// What no scenario changes: the run, criteria, controls, third parties, reports, and the scenario to start from.
    Estate,
    /// Which run is loaded, and whether a newer one was published since.
    Run,
    /// Loads the newest run.
    Reload,
    /// The size of a scenario.
    Size,
    /// Which controls repeat at which third parties.
    Repeats,
    /// The obligations of one control at one third party, with their reasons.
    Obligations,
    /// What stands between a scenario and its audit.
    Gaps,
    /// What single changes to a scenario would do.
    Toggles,
    /// Each for each, inclusive and carve-out beside the scenario.
    Modes,
    /// Scenarios side by side.
    Compare,
    /// Why a third party is here.
    Why,
    /// A scenario file as the page's scenario.
    ReadScenario,
    /// The page's scenario as a file.
    WriteScenario,
    /// The graph of third parties: a whole HTML page that needs nothing else.
    Graph,
}

/// Answers what the page asks.
pub trait Session: Send + Sync + 'static {
    /// Answers one question. `asked` is the JSON that came with it; empty for [`Topic::Estate`], [`Topic::Run`] and
    /// [`Topic::Graph`]. Called on a thread that may be blocked, by as many at a time as [`Limits::answers`] says.
    ///
    /// # Errors
    /// A [`Problem`] that says what is wrong and what to do.
    fn answer(&self, topic: Topic, asked: &[u8]) -> Result<Vec<u8>, Problem>;
}

/// Whose fault a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// What was asked can't be answered as it was put.
    Asked,
    /// It could be answered, and that failed.
    Ours,
}

/// Why something was not answered, for the person in front of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whose fault it is.
    pub blame: Blame,
    /// What is wrong.
    pub message: String,
    /// What to do, where that is known.
    pub remedy: Option<String>,
}

/// A problem as the page receives it.
#[derive(Serialize)]
struct ProblemBody<'a> {
    error: ProblemText<'a>,
}

#[derive(Serialize)]
struct ProblemText<'a> {
    message: &'a str,
    remedy: Option<&'a str>,
}

/// How much may be asked at once, and how long a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections that are open at once; others wait in the system's queue.
    pub connections: usize,
    /// Questions that are answered at once.
    pub answers: usize,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Time for a request's head, and for which a connection may be idle.
    pub head_within: Duration,
    /// Time for a request's body.
    pub body_within: Duration,
    /// Time for which a client may take nothing of what it is sent.
    pub stalled_within: Duration,
    /// Time for which a question may wait for its turn.
    pub turn_within: Duration,
    /// Time that requests on their way are given when the server stops.
    pub drain_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 128,
            answers: 4,
            body_bytes: 1 << 20,
            head_within: Duration::from_secs(10),
            body_within: Duration::from_secs(10),
            stalled_within: Duration::from_secs(20),
            turn_within: Duration::from_secs(20),
            drain_within: Duration::from_secs(3),
        }
    }
}

/// Who is let in, and how much.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Names under which the page may be reached, beyond addresses and `localhost`. A page of any other name is not
    /// ours: that is how DNS rebinding shows.
    pub names: Vec<String>,
    /// The token that is asked for; where others than this machine can connect, there has to be one.
    pub token: Option<Token>,
    /// The limits.
    pub limits: Limits,
}

/// Whether others than this machine can connect to an address.
pub fn is_open_to_others(address: SocketAddr) -> bool {
    !address.ip().is_loopback()
}
