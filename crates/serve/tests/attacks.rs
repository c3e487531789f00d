//! What an attacker can send, over real connections: nothing of it is answered, and the page stays there for us.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use carveout_serve::{Blame, Limits, Problem, Session, Settings, Token, Topic, serve};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

const SECRET: &str = "0123456789abcdefABCDEF";

/// Says what it was asked, and counts.
#[derive(Default)]
struct Echo {
    answered: AtomicUsize,
}

impl Session for Echo {
    fn answer(&self, topic: Topic, asked: &[u8]) -> Result<Vec<u8>, Problem> {
        self.answered.fetch_add(1, Ordering::SeqCst);
        match topic {
            Topic::Why => Err(Problem {
                blame: Blame::Asked,
                message: "no such party".to_owned(),
                remedy: Some("ask for another".to_owned()),
            }),
            Topic::Reload => panic!("it breaks off"),
            Topic::Modes => {
                std::thread::sleep(Duration::from_millis(400));
                Ok(b"{}".to_vec())
            }
            // More than sockets buffer.
            Topic::Graph => Ok(vec![b'x'; 16 << 20]),
            _ => Ok(format!("{topic:?} {}", String::from_utf8_lossy(asked)).into_bytes()),
        }
    }
}

/// A server that stops when the test ends.
struct Server {
    address: SocketAddr,
    session: Arc<Echo>,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<()>,
}

impl Server {
    async fn start(settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on the loopback");
        let address = listener.local_addr().expect("an address");
        let session = Arc::new(Echo::default());
        let (stop, stopped) = oneshot::channel();
        let served: Arc<dyn Session> = session.clone();
        let ended = tokio::spawn(async move {
            let stopped = async { stopped.await.unwrap_or_default() };
            serve(listener, settings, served, stopped).await.expect("it starts");
        });
        Self { address, session, stop: Some(stop), ended }
    }

    async fn plain() -> Self {
        Self::start(Settings { limits: limits(), ..Settings::default() }).await
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// Sends bytes as they are, and reads until the server closes.
    async fn raw(&self, request: &str) -> String {
        let mut stream = self.connect().await;
        let mut received = Vec::new();
        // The server may hang up before it has everything, and a reset is an end, too.
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = timeout(Duration::from_secs(10), stream.read_to_end(&mut received)).await.expect("it ends");
        String::from_utf8_lossy(&received).into_owned()
    }

    /// A request with the headers of a browser on our own page, unless `headers` has others.
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
        let host = self.address.to_string();
        let origin = format!("http://{host}");
        let usual = [("Host", host.as_str()), ("Origin", origin.as_str()), ("Content-Type", "application/json")];
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        let is_given = |name: &str| headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
        for (name, value) in usual.iter().filter(|(name, _)| !is_given(name)).chain(headers) {
            request += &format!("{name}: {value}\r\n");
        }
        self.raw(&format!("{request}\r\n{body}")).await
    }

    async fn is_well(&self) -> bool {
        status(&self.ask("POST", "/api/size", &[], "{}").await) == 200
    }

    fn answered(&self) -> usize {
        self.session.answered.load(Ordering::SeqCst)
    }

    async fn stop(mut self) -> Duration {
        let began = Instant::now();
        self.stop.take().expect("it stops once").send(()).expect("it runs");
        self.ended.await.expect("it ends");
        began.elapsed()
    }
}

/// Short, so that slow clients do not make slow tests.
fn limits() -> Limits {
    Limits {
        connections: 8,
        answers: 2,
        body_bytes: 10_000,
        head_within: Duration::from_millis(600),
        body_within: Duration::from_millis(600),
        stalled_within: Duration::from_millis(600),
        turn_within: Duration::from_millis(300),
        drain_within: Duration::from_secs(2),
    }
}

fn status(response: &str) -> u16 {
    let word = response.split(' ').nth(1).unwrap_or_else(|| panic!("no response: {response:?}"));
    word.parse().unwrap_or_else(|_| panic!("no status: {response:?}"))
}

#[tokio::test]
async fn the_page_asks_and_is_answered() {
    let server = Server::plain().await;
    let response = server.ask("POST", "/api/size", &[], "{\"a\":1}").await;
    assert_eq!(status(&response), 200);
    assert!(response.ends_with("Size {\"a\":1}"), "{response}");
    assert_eq!(status(&server.ask("GET", "/", &[], "").await), 200);
    assert_eq!(status(&server.ask("HEAD", "/", &[], "").await), 200);
}

#[tokio::test]
async fn a_rebound_name_is_not_answered() {
    let server = Server::plain().await;
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8577", "10.0.0.1", "user@127.0.0.1"]
    {
        let response = server.ask("POST", "/api/size", &[("Host", host)], "{}").await;
        assert_eq!(status(&response), 421, "{host}");
        assert!(response.contains("\"remedy\":"), "{response}");
        assert_eq!(status(&server.ask("GET", "/", &[("Host", host)], "").await), 421, "{host}: the page, too");
    }
    assert_eq!(status(&server.raw("GET / HTTP/1.0\r\n\r\n").await), 421, "no host at all");
    let proxied = "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&server.raw(proxied).await), 421);
    assert_eq!(server.answered(), 0);
}

#[tokio::test]
async fn a_page_of_another_origin_is_not_answered() {
    let server = Server::plain().await;
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1", "http://localhost"] {
        let response = server.ask("POST", "/api/size", &[("Origin", origin)], "{}").await;
        assert_eq!(status(&response), 403, "{origin}");
        assert!(!response.to_lowercase().contains("access-control-allow"), "nothing is shared: {response}");
    }
    for site in ["cross-site", "same-site"] {
        for path in ["/api/estate", "/graph.html", "/app.js"] {
            let headers = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "no-cors")];
            assert_eq!(status(&server.ask("GET", path, &headers, "").await), 403, "{site} {path}");
        }
    }
    let preflight = [("Origin", "http://evil.example"), ("Access-Control-Request-Method", "POST")];
    assert_eq!(status(&server.ask("OPTIONS", "/api/size", &preflight, "").await), 403);
    assert_eq!(server.answered(), 0);
}

#[tokio::test]
async fn a_form_of_another_site_is_not_answered() {
    let server = Server::plain().await;
    for media in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""] {
        assert_eq!(status(&server.ask("POST", "/api/size", &[("Content-Type", media)], "{}").await), 415, "{media}");
    }
    assert_eq!(status(&server.ask("GET", "/api/size", &[], "").await), 405, "a picture's address can't ask either");
    assert_eq!(server.answered(), 0);
}

#[tokio::test]
async fn no_path_leads_to_a_file() {
    let server = Server::plain().await;
    for path in [
        "/../Cargo.toml",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/page/../app.js",
        "//etc/passwd",
        "/app.js/../../Cargo.toml",
        "/\\..\\..\\etc\\passwd",
        "/app.js%00",
        "/APP.JS",
        "/api/../app.js",
        "/.git/config",
    ] {
        let response = server.ask("GET", path, &[], "").await;
        assert!(matches!(status(&response), 400 | 404), "{path}: {response}");
        assert!(!response.contains("[package]") && !response.contains("root:"), "{path}");
    }
}

#[tokio::test]
async fn a_large_body_is_refused_before_it_is_read() {
    let server = Server::plain().await;
    let head = format!(
        "POST /api/size HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nConnection: close\r\n",
        server.address
    );
    let announced = server.raw(&format!("{head}Content-Length: 99999999999\r\n\r\n{{}}")).await;
    assert_eq!(status(&announced), 413);
    let chunk = format!("{:x}\r\n{}\r\n", 4_000, "x".repeat(4_000));
    let chunked = server.raw(&format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(4))).await;
    assert_eq!(status(&chunked), 413);
    let many = (0..200).map(|number| format!("X-{number}: 1\r\n")).collect::<String>();
    assert_eq!(status(&server.raw(&format!("{head}{many}\r\n")).await), 431, "too many headers");
    let long = server.raw(&format!("{head}X: {}\r\n\r\n", "x".repeat(100_000))).await;
    assert!(long.is_empty() || status(&long) == 431, "a head without end: {long}");
    assert_eq!(server.answered(), 0);
    assert!(server.is_well().await);
}

#[tokio::test]
async fn a_request_can_not_be_read_in_two_ways() {
    let server = Server::plain().await;
    let both = format!(
        "POST /api/size HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{{}}",
        server.address
    );
    assert_eq!(status(&server.raw(&both).await), 400);
    assert_eq!(server.answered(), 0);
}

#[tokio::test]
async fn a_slow_client_is_given_up() {
    let server = Server::plain().await;
    let began = Instant::now();
    assert_eq!(server.raw("GET / HTTP/1.1\r\nHost: ").await, "", "a head that never ends");
    let head = format!(
        "POST /api/size HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        server.address
    );
    assert_eq!(status(&server.raw(&head).await), 408, "a body that never ends");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_given_up() {
    let server = Server::plain().await;
    let mut readers = Vec::new();
    for _ in 0..limits().connections {
        let mut stream = server.connect().await;
        let request = format!("GET /graph.html HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
        stream.write_all(request.as_bytes()).await.expect("it can be sent");
        readers.push(stream);
    }
    sleep(Duration::from_millis(200)).await;
    let began = Instant::now();
    assert!(server.is_well().await, "all places were taken by clients that do not read");
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    drop(readers);
}

#[tokio::test]
async fn many_idle_connections_keep_nobody_out_for_long() {
    let server = Server::plain().await;
    let mut idle = Vec::new();
    for _ in 0..64 {
        idle.push(server.connect().await);
    }
    let began = Instant::now();
    // They wait in the system's queue before us, eight at a time.
    let answered = timeout(Duration::from_secs(30), server.is_well()).await;
    assert_eq!(answered.ok(), Some(true), "after {:?}", began.elapsed());
    drop(idle);
}

#[tokio::test]
async fn too_many_questions_are_told_to_wait() {
    let server = Server::plain().await;
    let asking = |server: &Server| {
        let address = server.address;
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            let request = format!(
                "POST /api/modes HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
                 Connection: close\r\n\r\n{{}}"
            );
            stream.write_all(request.as_bytes()).await.expect("it can be sent");
            let mut received = String::new();
            stream.read_to_string(&mut received).await.expect("a response");
            status(&received)
        })
    };
    let all: Vec<_> = (0..6).map(|_| asking(&server)).collect();
    let mut statuses = Vec::new();
    for each in all {
        statuses.push(each.await.expect("it ends"));
    }
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[5]), (200, 503), "{statuses:?}");
    assert!(server.is_well().await);
}

#[tokio::test]
async fn every_response_keeps_the_page_to_itself() {
    let server = Server::plain().await;
    for (method, path) in
        [("GET", "/"), ("GET", "/app.js"), ("GET", "/api/estate"), ("GET", "/nothing"), ("POST", "/api/why")]
    {
        let response = server.ask(method, path, &[], "{}").await.to_lowercase();
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "cross-origin-resource-policy: same-origin",
            "x-frame-options: deny",
        ] {
            assert!(response.contains(header), "{method} {path}: no {header}: {response}");
        }
        assert!(!response.contains("unsafe-"), "{path}");
    }
}

#[tokio::test]
async fn a_problem_says_what_to_do_and_the_next_question_is_answered() {
    let server = Server::plain().await;
    let response = server.ask("POST", "/api/why", &[], "{}").await;
    assert_eq!(status(&response), 400);
    let expected = r#"{"error":{"message":"no such party","remedy":"ask for another"}}"#;
    assert!(response.ends_with(expected), "{response}");
    assert_eq!(status(&server.ask("POST", "/api/reload", &[], "{}").await), 500, "an answer that panics");
    assert!(server.is_well().await);
}

#[tokio::test]
async fn nothing_is_answered_without_the_token() {
    let token = Token::new(SECRET).expect("a token");
    let server = Server::start(Settings { token: Some(token), limits: limits(), ..Settings::default() }).await;
    let page = server.ask("GET", "/", &[], "").await;
    assert_eq!(status(&page), 401);
    assert!(page.contains("/sign-in.js") && !page.contains("/app.js"), "{page}");
    for (method, path) in [("GET", "/api/estate"), ("POST", "/api/size"), ("GET", "/app.js"), ("GET", "/graph.html")] {
        assert_eq!(status(&server.ask(method, path, &[], "{}").await), 401, "{path}");
    }
    let wrong = server.ask("POST", "/api/sign-in", &[], r#"{"token":"0123456789abcdefABCDEX"}"#).await;
    assert_eq!(status(&wrong), 401);
    assert_eq!(server.answered(), 0);

    let foreign = [("Origin", "http://evil.example")];
    let body = format!(r#"{{"token":"{SECRET}"}}"#);
    assert_eq!(status(&server.ask("POST", "/api/sign-in", &foreign, &body).await), 403);
    let signed_in = server.ask("POST", "/api/sign-in", &[], &body).await;
    assert_eq!(status(&signed_in), 200);
    let cookie = signed_in.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(cookie.contains("HttpOnly; SameSite=Strict") && !cookie.contains(SECRET), "{cookie}");
    let cookie = cookie.split(';').next().expect("a name and a value");
    assert_eq!(status(&server.ask("POST", "/api/size", &[("Cookie", cookie)], "{}").await), 200);
    let bearer = format!("Bearer {SECRET}");
    assert_eq!(status(&server.ask("POST", "/api/size", &[("Authorization", &bearer)], "{}").await), 200);
    let crossing = [("Cookie", cookie), ("Origin", "http://evil.example")];
    assert_eq!(status(&server.ask("POST", "/api/size", &crossing, "{}").await), 403, "a cookie is not enough");
}

#[tokio::test]
async fn it_does_not_listen_to_others_without_a_token() {
    let listener = TcpListener::bind("0.0.0.0:0").await.expect("a port");
    let session: Arc<dyn Session> = Arc::new(Echo::default());
    let refused = serve(listener, Settings::default(), session, std::future::ready(())).await;
    assert!(refused.expect_err("nothing would be asked of others").to_string().contains("no token"));
}

#[tokio::test]
async fn it_stops_at_once_and_finishes_what_is_on_its_way() {
    let server = Server::plain().await;
    let idle = server.connect().await;
    let address = server.address;
    let asked = tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let request = format!(
            "POST /api/modes HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
        );
        stream.write_all(request.as_bytes()).await.expect("it can be sent");
        let mut received = String::new();
        stream.read_to_string(&mut received).await.expect("a response");
        status(&received)
    });
    sleep(Duration::from_millis(150)).await;
    let took = server.stop().await;
    assert_eq!(asked.await.expect("it ends"), 200);
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    drop(idle);
}
