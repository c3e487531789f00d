//! Runs a scoping session and asks it as its page does.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{Ran, Running, Workspace};

/// A demo, run once for all tests of one file. None of them may change it.
pub fn demo() -> &'static Workspace {
    static DEMO: OnceLock<Workspace> = OnceLock::new();
    DEMO.get_or_init(|| {
        let workspace = Workspace::empty();
        workspace.carveout(["demo", "--dir", "demo"]).expect(0);
        workspace
    })
}

/// A copy of the demo that a test may change.
pub fn copy_of_demo() -> Workspace {
    let workspace = Workspace::empty();
    copy(&demo().path("demo"), &workspace.path("demo"));
    workspace
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("the file can be copied");
        }
    }
}

/// With so many vendors from a register, every third of them with a report that has expired.
pub fn import_vendors(workspace: &Workspace, vendors: usize) {
    let mut register = "vendor,report type,period start,period end,opinion,categories,auditor\n".to_owned();
    for number in 0..vendors {
        let period = if number % 3 == 0 { "2024-01-01,2024-12-31" } else { "2025-07-01,2026-06-30" };
        let categories = if number % 2 == 0 { "security" } else { "security; availability" };
        register +=
            &format!("Made-up Vendor {number:03},type2,{period},unqualified,{categories},Example Auditors LLP\n");
    }
    workspace.write("register.csv", register);
    workspace.carveout(["--config", "demo/carveout.toml", "reports", "import", "register.csv"]).expect(0);
}

/// A running scoping session.
#[derive(Debug)]
pub struct Served {
    running: Running,
    /// Where it listens.
    pub port: u16,
}

impl Served {
    /// Starts it on an address of this machine, and waits until it listens.
    ///
    /// # Panics
    /// Where it does not listen within a minute.
    pub fn start(workspace: &Workspace, address: &str, more: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let listen = format!("{address}:{port}");
        let arguments = ["--config", "demo/carveout.toml", "serve", "--listen", &listen];
        let mut running = workspace.start(arguments.iter().chain(more));
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline && running.is_alive(), "it does not listen: {}", running.finish());
            thread::sleep(Duration::from_millis(20));
        }
        Self { running, port }
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// A request as the page sends it, unless `headers` has others; the status and the body.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let host = format!("127.0.0.1:{}", self.port);
        let origin = format!("http://{host}");
        let usual = [("Host", host.as_str()), ("Origin", origin.as_str()), ("Content-Type", "application/json")];
        let is_given = |name: &str| headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in usual.iter().filter(|(name, _)| !is_given(name)).chain(headers) {
            head += &format!("{name}: {value}\r\n");
        }
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        let mut received = Vec::new();
        // It may hang up on what it does not want before it has everything.
        let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
        let _ = stream.read_to_end(&mut received);
        let text = String::from_utf8_lossy(&received);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no response: {text}"));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        (status.unwrap_or_else(|| panic!("no status: {head}")), body.to_owned())
    }

    /// What a question without a body is answered.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        let (status, body) = self.request("GET", path, &[], "");
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// What a question is answered.
    #[track_caller]
    pub fn ask(&self, path: &str, asked: &Value) -> Value {
        let (status, body) = self.request("POST", path, &[], &asked.to_string());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// Ends it as Ctrl-C does.
    pub fn stop(self) -> Ran {
        self.running.interrupt();
        self.running.finish()
    }
}
