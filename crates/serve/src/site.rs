//! What can be asked for, and how a request becomes a response.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::{
    Method, Request, StatusCode,
    body::Body,
    header::{ALLOW, CONTENT_LENGTH, HeaderValue, SET_COOKIE, WWW_AUTHENTICATE},
};
use serde::Deserialize;
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};

use crate::{
    Blame, Limits, Problem, Session, Topic,
    assets::{ASSETS, Asset, PAGE, SIGN_IN},
    guard::{Access, COOKIE_NAME, Guard, Refusal},
    reply::{self, Reply},
};

/// What is behind a path.
#[derive(Clone, Copy)]
enum Content {
    Asset(&'static Asset),
    Answer(Topic),
    /// Where the token is exchanged for a cookie.
    SignIn,
}

struct Route {
    method: Method,
    path: &'static str,
    topic: Topic,
}

const fn get(path: &'static str, topic: Topic) -> Route {
    Route { method: Method::GET, path, topic }
}

const fn post(path: &'static str, topic: Topic) -> Route {
    Route { method: Method::POST, path, topic }
}

/// Every question. What takes a scenario is a POST with JSON, which no other site can send unasked.
const ROUTES: &[Route] = &[
    get("/api/estate", Topic::Estate),
    get("/api/run", Topic::Run),
    get("/graph.html", Topic::Graph),
    post("/api/reload", Topic::Reload),
    post("/api/size", Topic::Size),
    post("/api/repeats", Topic::Repeats),
    post("/api/obligations", Topic::Obligations),
    post("/api/gaps", Topic::Gaps),
    post("/api/toggles", Topic::Toggles),
    post("/api/modes", Topic::Modes),
    post("/api/compare", Topic::Compare),
    post("/api/why", Topic::Why),
    post("/api/scenario/read", Topic::ReadScenario),
    post("/api/scenario/write", Topic::WriteScenario),
];

/// Exchanges the token for a cookie.
const SIGN_IN_PATH: &str = "/api/sign-in";

/// How long a wrong token is thought about.
const WRONG_TOKEN_TAKES: Duration = Duration::from_millis(500);

/// The exact path, or nothing: there is no folder behind it, and no part of it is ever a file's name.
fn find(path: &str) -> Option<(Method, Access, Content)> {
    static FIRST: [Asset; 2] = [PAGE, SIGN_IN];
    if path == PAGE.path {
        return Some((Method::GET, Access::Page, Content::Asset(&FIRST[0])));
    }
    if path == SIGN_IN_PATH {
        return Some((Method::POST, Access::Anyone, Content::SignIn));
    }
    if let Some(asset) = FIRST.iter().chain(ASSETS).find(|asset| asset.path == path) {
        let access = if asset.is_way_in { Access::Anyone } else { Access::Within };
        return Some((Method::GET, access, Content::Asset(asset)));
    }
    let route = ROUTES.iter().find(|route| route.path == path)?;
    Some((route.method.clone(), Access::Within, Content::Answer(route.topic)))
}

/// Why a body was not taken.
enum Unread {
    TooLarge,
    TooSlow,
    Broken,
}

/// One server's rules, limits and session.
pub(crate) struct Site {
    pub guard: Guard,
    pub limits: Limits,
    pub session: Arc<dyn Session>,
    /// A turn for each question that may be answered at once.
    pub turns: Arc<Semaphore>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    token: String,
}

impl Site {
    /// Answers a request; whatever goes wrong is a response.
    pub(crate) async fn respond<B>(&self, request: Request<B>) -> Reply
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let found = find(head.uri.path());
        let access = found.as_ref().map_or(Access::Within, |(_, access, _)| *access);
        if let Err(refusal) = self.guard.admit(&head, access) {
            return refused(refusal, access);
        }
        let Some((method, _, content)) = found else {
            return reply::problem(StatusCode::NOT_FOUND, "there is nothing here", Some("start at /"));
        };
        let is_asked_right = head.method == method || (method == Method::GET && head.method == Method::HEAD);
        if !is_asked_right {
            let mut reply = reply::problem(StatusCode::METHOD_NOT_ALLOWED, &format!("this takes {method}"), None);
            let allowed = if method == Method::GET { "GET, HEAD" } else { "POST" };
            reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
            return reply;
        }
        let asked = if method == Method::POST {
            let length = head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
            match self.read(body, length).await {
                Ok(asked) => asked,
                Err(unread) => return self.unread(&unread),
            }
        } else {
            Bytes::new()
        };
        match content {
            Content::Asset(asset) => reply::content(StatusCode::OK, asset.media, asset.text),
            Content::SignIn => self.sign_in(&asked).await,
            Content::Answer(topic) => self.answer(topic, asked).await,
        }
    }

    /// Reads a body within its limits of size and time.
    async fn read<B>(&self, body: B, length: Option<u64>) -> Result<Bytes, Unread>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        if length.is_some_and(|length| length > self.limits.body_bytes as u64) {
            return Err(Unread::TooLarge);
        }
        let read = Limited::new(body, self.limits.body_bytes).collect();
        match timeout(self.limits.body_within, read).await {
            Err(_) => Err(Unread::TooSlow),
            Ok(Ok(collected)) => Ok(collected.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Unread::TooLarge),
            Ok(Err(_)) => Err(Unread::Broken),
        }
    }

    fn unread(&self, unread: &Unread) -> Reply {
        match unread {
            Unread::TooLarge => {
                let message = format!("the request is larger than {} bytes", self.limits.body_bytes);
                reply::problem(StatusCode::PAYLOAD_TOO_LARGE, &message, Some("a scenario is some kilobytes"))
            }
            Unread::TooSlow => reply::problem(StatusCode::REQUEST_TIMEOUT, "the request did not arrive in time", None),
            Unread::Broken => reply::problem(StatusCode::BAD_REQUEST, "the request broke off", None),
        }
    }

    async fn sign_in(&self, asked: &[u8]) -> Reply {
        let Some(token) = &self.guard.token else {
            return reply::problem(StatusCode::NOT_FOUND, "no token is asked for here", Some("start at /"));
        };
        let given: Result<SignIn, _> = serde_json::from_slice(asked);
        if !given.is_ok_and(|given| token.is(given.token.trim())) {
            sleep(WRONG_TOKEN_TAKES).await;
            return refused(Refusal::Token, Access::Within);
        }
        let mut reply = reply::content(StatusCode::OK, "application/json", "{}");
        let cookie = format!("{COOKIE_NAME}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200", token.cookie());
        let cookie = HeaderValue::try_from(cookie).expect("a name and hexadecimal digits");
        reply.headers_mut().insert(SET_COOKIE, cookie);
        reply
    }

    async fn answer(&self, topic: Topic, asked: Bytes) -> Reply {
        let Ok(Ok(turn)) = timeout(self.limits.turn_within, Arc::clone(&self.turns).acquire_owned()).await else {
            let remedy = Some("wait a moment and try again");
            return reply::problem(StatusCode::SERVICE_UNAVAILABLE, "too much is asked at once", remedy);
        };
        let session = Arc::clone(&self.session);
        // The turn goes along: a client that hangs up does not stop the answer, and must not get another one meanwhile.
        let answered = tokio::task::spawn_blocking(move || {
            let answer = session.answer(topic, &asked);
            drop(turn);
            answer
        });
        match answered.await {
            Ok(Ok(page)) if topic == Topic::Graph => reply::graph(page),
            Ok(Ok(answer)) => reply::content(StatusCode::OK, "application/json", answer),
            Ok(Err(Problem { blame, message, remedy })) => {
                let status = match blame {
                    Blame::Asked => StatusCode::BAD_REQUEST,
                    Blame::Ours => StatusCode::INTERNAL_SERVER_ERROR,
                };
                reply::problem(status, &message, remedy.as_deref())
            }
            Err(error) => {
                tracing::error!(?topic, %error, "an answer broke off");
                let remedy = Some("what was asked is in the log; other questions still work");
                reply::problem(StatusCode::INTERNAL_SERVER_ERROR, "the answer broke off", remedy)
            }
        }
    }
}

fn refused(refusal: Refusal, access: Access) -> Reply {
    match refusal {
        Refusal::Host => reply::problem(
            StatusCode::MISDIRECTED_REQUEST,
            "this server does not answer to that name",
            Some("open the address that `carveout serve` printed, or allow the name with --allow-host"),
        ),
        Refusal::Origin => reply::problem(
            StatusCode::FORBIDDEN,
            "only the page of this server may ask",
            Some("open the address that `carveout serve` printed"),
        ),
        Refusal::NotJson => reply::problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "only JSON is taken",
            Some("send the header Content-Type: application/json"),
        ),
        Refusal::Token if access == Access::Page => {
            reply::content(StatusCode::UNAUTHORIZED, SIGN_IN.media, SIGN_IN.text)
        }
        Refusal::Token => {
            let mut reply = reply::problem(
                StatusCode::UNAUTHORIZED,
                "the token is missing or wrong",
                Some("`carveout serve` printed it, or it is in the file that --token-file names"),
            );
            reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            reply
        }
    }
}
