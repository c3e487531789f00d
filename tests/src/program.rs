//! Runs the program.

use std::{
    env::{self, consts::EXE_SUFFIX},
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// Longer than any command takes on a loaded machine.
const ENDS_WITHIN: Duration = Duration::from_secs(180);

/// A folder with a configuration, in which the program runs. It is removed when this is dropped.
#[derive(Debug)]
pub struct Workspace {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Workspace {
    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder"), variables: Vec::new() }
    }

    /// A folder with a `carveout.toml`.
    pub fn new(configuration: &str) -> Self {
        let workspace = Self::empty();
        workspace.write("carveout.toml", configuration);
        workspace
    }

    /// Sets a variable for the runs that follow. Of ours, they only have `PATH`.
    #[must_use]
    pub fn with_variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// A file in the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("the folder can be made");
        fs::write(&path, content).expect("the folder can be written to");
        path
    }

    /// Reads a file.
    pub fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        let path = self.path(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Runs the program to its end.
    pub fn carveout<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Ran {
        self.start(arguments).finish()
    }

    /// Runs `carveout sql` and returns its rows.
    pub fn rows(&self, sql: &str) -> Vec<Value> {
        self.carveout(["sql", sql, "--format", "json"]).expect(0).rows()
    }

    /// Runs a query that answers one row with one number.
    pub fn number(&self, sql: &str) -> i64 {
        let rows = self.rows(sql);
        let value = match rows.as_slice() {
            [Value::Object(row)] if row.len() == 1 => row.values().next().and_then(Value::as_i64),
            _ => None,
        };
        value.unwrap_or_else(|| panic!("`{sql}` answers no single number: {rows:?}"))
    }

    /// Starts the program.
    pub fn start<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Running {
        let mut command = Command::new(program());
        command.args(arguments);
        self.spawn(command)
    }

    /// Runs a line of a shell, in which `carveout` is the program, to its end.
    pub fn shell(&self, line: &str) -> Ran {
        let program = program();
        let folder = program.parent().expect("it lies in a folder");
        let mut command = Command::new("sh");
        command.args(["-c", &format!("PATH=\"{}:$PATH\"; {line}", folder.display())]);
        self.spawn(command).finish()
    }

    fn spawn(&self, mut command: Command) -> Running {
        // Files and not pipes: a pipe that nobody reads while the program runs would stop it.
        let (stdout, stderr) = (tempfile::tempfile(), tempfile::tempfile());
        let (stdout, stderr) = (stdout.expect("a temporary file"), stderr.expect("a temporary file"));
        let copy = |file: &File| file.try_clone().expect("a second handle of a file");
        command
            .current_dir(self.folder.path())
            .env_clear()
            .envs(env::vars_os().filter(|(name, _)| matches!(name.to_str(), Some("PATH" | "SystemRoot"))))
            // No configuration, cache or credentials of whoever runs the tests.
            .env("HOME", self.folder.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(copy(&stdout))
            .stderr(copy(&stderr));
        let line = format!("{command:?}");
        let child = command.spawn().unwrap_or_else(|error| panic!("{line}: {error}"));
        Running { child, line, stdout, stderr }
    }
}

/// The program on its way. It is killed when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    line: String,
    stdout: File,
    stderr: File,
}

impl Running {
    /// Waits for the end.
    pub fn finish(mut self) -> Ran {
        let deadline = Instant::now() + ENDS_WITHIN;
        let status = loop {
            match self.child.try_wait().expect("a child can be waited for") {
                Some(status) => break status,
                None if Instant::now() > deadline => panic!("{} has not ended after {ENDS_WITHIN:?}", self.line),
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        Ran {
            line: self.line.clone(),
            status: status.code(),
            stdout: text(&mut self.stdout),
            stderr: text(&mut self.stderr),
        }
    }

    /// Ends it as a crash does, without a chance to tidy up.
    pub fn kill(mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("a child can be killed");
    }

    /// Asks it to stop, as a scheduler does, and waits for its end.
    pub fn terminate(self) -> Ran {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.expect("there is a kill").success(), "{} could not be asked to stop", self.line);
        self.finish()
    }

    /// Waits until a line on standard error holds a text, and returns that line.
    pub fn wait_for(&mut self, needle: &str) -> String {
        let deadline = Instant::now() + ENDS_WITHIN;
        loop {
            let said = so_far(&self.stderr);
            if let Some(line) = said.lines().find(|line| line.contains(needle)) {
                return line.to_owned();
            }
            assert!(self.is_alive(), "it ended without `{needle}`: {said}");
            assert!(Instant::now() < deadline, "it has not said `{needle}` after {ENDS_WITHIN:?}: {said}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks it to end, as Ctrl-C does.
    pub fn interrupt(&self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().expect("kill can be started");
        assert!(sent.success(), "{} can't be interrupted", self.line);
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("a child can be waited for").is_none()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has usually ended.
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// What a run of the program left.
#[derive(Debug)]
pub struct Ran {
    line: String,
    /// The exit status; none if it was killed.
    pub status: Option<i32>,
    /// Data.
    pub stdout: String,
    /// Everything else.
    pub stderr: String,
}

impl Ran {
    /// The run itself, if it ended with this status.
    #[track_caller]
    pub fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self}");
        self
    }

    /// The run itself, if it said all of these on standard error.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "nothing of `{word}` in what it said: {self}");
        }
        self
    }

    /// The rows of `--format json`.
    #[track_caller]
    pub fn rows(&self) -> Vec<Value> {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON array ({error}): {self}"))
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, status, stdout, stderr } = self;
        write!(f, "{line} ended with {status:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---")
    }
}

fn text(file: &mut File) -> String {
    use std::io::{Read as _, Seek as _};
    let mut bytes = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut bytes)).expect("a temporary file can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a file holds while the program still writes to it: its handle shares the place of the next write, which may not
/// be moved.
fn so_far(file: &File) -> String {
    use std::os::unix::fs::FileExt as _;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let mut bytes = vec![0; usize::try_from(length).expect("what was said fits into memory")];
    let read = file.read_at(&mut bytes, 0).expect("a temporary file can be read");
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

/// The program, built with the profile of this test: it lies beside the folder of the test's own program.
pub fn program() -> PathBuf {
    let this = env::current_exe().expect("the test has a path");
    let path = this.ancestors().nth(2).expect("target, profile, deps").join(format!("carveout{EXE_SUFFIX}"));
    assert!(
        path.is_file(),
        "{} is not built: run `cargo xtask test`, or `cargo build --release` first",
        path.display()
    );
    path
}

/// The Python of the environment that `cargo xtask setup` makes.
pub fn python() -> PathBuf {
    env::var_os("CARVEOUT_PYTHON").map(PathBuf::from).unwrap_or_else(|| {
        panic!("CARVEOUT_PYTHON is not set: run `cargo xtask test`, or `cargo xtask setup` and name its python in it")
    })
}
