//! Emulators of clouds that this project did not write: started on free ports of the loopback, stopped with us.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    failure::{Failure, Result},
    places::Places,
    python::Python,
    steps::say,
};

/// The packages whose tests use them.
pub const USERS: &[&str] = &["carveout-aws", "carveout-azure", "carveout-gcp", "carveout-tests"];

const READY_WITHIN: Duration = Duration::from_secs(120);
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// Of a log, when something failed.
const TAIL_LINES: usize = 30;

/// The three emulators, and the seeding of the first, which goes on beside whatever else is done.
#[derive(Debug)]
pub struct Emulators {
    moto: Process,
    seed: Process,
    manifest: PathBuf,
    amber: Process,
    drongo: Process,
}

/// The seeded estate, with room for a loaded machine.
const SEEDED_WITHIN: Duration = Duration::from_secs(900);

impl Emulators {
    /// Starts all of them; they answer when this returns, and moto is being seeded.
    ///
    /// # Errors
    /// One of them ends or does not answer in time; the end of its log is in the message.
    pub fn start(places: &Places, python: &Python) -> Result<Self> {
        let scratch = places.scratch("emulators")?;
        let estate = places.root.join("tests/estates/aws");
        let attached = places.root.join("tests/emulators/attached.py");
        let start = |name: &'static str, program: PathBuf, arguments: &[OsString]| {
            Process::start(name, &scratch, Command::new(python.program()).arg(&attached).arg(program).args(arguments))
        };
        let port = |at: SocketAddr| OsString::from(at.port().to_string());

        let (moto_at, amber_at, drongo_at) = (free_port()?, free_port()?, free_port()?);
        let mut moto =
            start("moto", python.program(), &[estate.join("serve_moto.py").into(), "--port".into(), port(moto_at)])?;
        // A folder of its own for each start: what amber-cloud keeps there would be found again.
        let workspace = scratch.join(format!("amber-{}", amber_at.port()));
        fs::create_dir_all(&workspace).map_err(Failure::io(format_args!("can't make {}", workspace.display())))?;
        let mut amber = start(
            "amber-cloud",
            python.program(),
            &[
                "-m".into(),
                "amber.server".into(),
                "--workspace".into(),
                workspace.into(),
                "--host".into(),
                "127.0.0.1".into(),
                "--port".into(),
                port(amber_at),
            ],
        )?;
        let mut drongo = start(
            "drongo",
            python.script("drongo"),
            &["server".into(), "--host".into(), "127.0.0.1".into(), "--port".into(), port(drongo_at)],
        )?;
        moto.wait_until_it_answers(moto_at)?;
        let manifest = scratch.join("estate.json");
        let seed = start(
            "seed",
            python.program(),
            &[
                estate.join("seed_estate.py").into(),
                "--port".into(),
                port(moto_at),
                "--accounts".into(),
                "3".into(),
                "--scale".into(),
                "1".into(),
                "--out".into(),
                manifest.clone().into(),
            ],
        )?;
        amber.wait_until_it_answers(amber_at)?;
        drongo.wait_until_it_answers(drongo_at)?;
        Ok(Self { moto, seed, manifest, amber, drongo })
    }

    /// Waits for the estate to be whole.
    ///
    /// # Errors
    /// The seeding fails or takes too long.
    pub fn wait_until_seeded(&mut self) -> Result<()> {
        let summary = self.seed.wait_until_it_ends(SEEDED_WITHIN)?;
        say(summary.trim_end());
        Ok(())
    }

    /// What tests are told about them.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("CARVEOUT_MOTO_ENDPOINTS", self.moto.url().into()),
            ("CARVEOUT_MOTO_MANIFEST", self.manifest.clone().into()),
            ("CARVEOUT_AMBER_ENDPOINT", self.amber.url().into()),
            ("CARVEOUT_DRONGO_ENDPOINT", self.drongo.url().into()),
        ]
    }
}

/// A program in the background. It is stopped when this is dropped, and also when we die: it runs under `attached.py`,
/// which holds the other end of a pipe.
#[derive(Debug)]
struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
    at: Option<SocketAddr>,
}

impl Process {
    fn start(name: &'static str, logs: &Path, command: &mut Command) -> Result<Self> {
        let log = logs.join(format!("{name}.log"));
        let file = File::create(&log).map_err(Failure::io(format_args!("can't write {}", log.display())))?;
        let copy = file.try_clone().map_err(Failure::io(format_args!("can't write {}", log.display())))?;
        let child = command
            .stdin(Stdio::piped())
            .stdout(file)
            .stderr(copy)
            // Of ours, none is about these programs, and some (proxies, profiles) would lead them astray.
            .envs(
                [
                    ("NO_PROXY", "127.0.0.1"),
                    ("no_proxy", "127.0.0.1"),
                    ("PYTHONUNBUFFERED", "1"),
                    ("PYTHONDONTWRITEBYTECODE", "1"),
                ]
                .map(texts),
            )
            .spawn()
            .map_err(Failure::io(format_args!("can't start {name}")))?;
        Ok(Self { name, child, log, at: None })
    }

    fn url(&self) -> String {
        self.at.map(|at| format!("http://{at}")).unwrap_or_default()
    }

    fn wait_until_it_answers(&mut self, at: SocketAddr) -> Result<()> {
        self.at = Some(at);
        let deadline = Instant::now() + READY_WITHIN;
        while !answers(at) {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(self.failure(&format!("ended with {status} before it answered")));
            }
            if Instant::now() > deadline {
                return Err(self.failure(&format!("does not answer on {at} after {} s", READY_WITHIN.as_secs())));
            }
            thread::sleep(Duration::from_millis(100));
        }
        say(&format!("{}: http://{at} (process {}, log {})", self.name, self.child.id(), self.log.display()));
        Ok(())
    }

    /// Waits for its end and returns what it printed.
    fn wait_until_it_ends(&mut self, within: Duration) -> Result<String> {
        let deadline = Instant::now() + within;
        loop {
            match self.child.try_wait().map_err(Failure::io(format_args!("can't wait for {}", self.name)))? {
                Some(status) if status.success() => return Ok(fs::read_to_string(&self.log).unwrap_or_default()),
                Some(status) => return Err(self.failure(&format!("ended with {status}"))),
                None if Instant::now() > deadline => {
                    return Err(self.failure(&format!("is not done after {} s", within.as_secs())));
                }
                None => thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    fn failure(&self, what: &str) -> Failure {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n  ");
        Failure::new(format!("{} {what}; the end of {}:\n  {tail}", self.name, self.log.display()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let deadline = Instant::now() + STOP_WITHIN;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                // Nothing more can be done about a failure here.
                let _ = self.child.kill().and_then(|()| self.child.wait());
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn texts<'a>((name, value): (&'a str, &'a str)) -> (&'a OsStr, &'a OsStr) {
    (OsStr::new(name), OsStr::new(value))
}

/// A port that nobody uses now. Another process may take it first; the emulator then ends, and says so in its log.
fn free_port() -> Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(Failure::io("no free port on 127.0.0.1"))
}

/// Whether a server answers a request, with whatever status.
fn answers(at: SocketAddr) -> bool {
    let timeout = Duration::from_secs(2);
    let ask = || -> std::io::Result<[u8; 5]> {
        let mut stream = TcpStream::connect_timeout(&at, timeout)?;
        stream.set_read_timeout(Some(timeout))?;
        write!(stream, "GET / HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n")?;
        let mut start = [0; 5];
        stream.read_exact(&mut start)?;
        Ok(start)
    };
    ask().is_ok_and(|start| &start == b"HTTP/")
}
