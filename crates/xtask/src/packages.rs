//! System packages that tests need: installed as root on Debian, asked for elsewhere.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    failure::{Failure, Result},
    steps::say,
};

/// A program that comes from a system package.
struct Requirement {
    /// Any of these on `PATH` will do.
    programs: &'static [&'static str],
    /// Arguments with which the program ends with status 0 if it is usable.
    check: &'static [&'static str],
    /// The Debian package that brings it.
    package: &'static str,
    /// What it is for.
    purpose: &'static str,
}

const REQUIREMENTS: &[Requirement] = &[
    Requirement {
        programs: &["python3"],
        check: &["-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
        package: "python3",
        purpose: "Python 3.11 or newer, for the emulators of clouds",
    },
    Requirement {
        programs: &["python3"],
        check: &["-c", "import ensurepip, venv"],
        package: "python3-venv",
        purpose: "Python environments",
    },
    Requirement {
        programs: &["java"],
        check: &["-version"],
        package: "default-jre-headless",
        purpose: "a Java runtime, for Spark",
    },
    Requirement {
        programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        check: &["--version"],
        package: "chromium",
        purpose: "a browser, for pages that the tool writes",
    },
];

impl Requirement {
    fn is_met(&self) -> bool {
        self.programs.iter().any(|program| {
            let ended = Command::new(program)
                .args(self.check)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            ended.is_ok_and(|status| status.success())
        })
    }
}

/// Installs what is missing.
///
/// # Errors
/// Something is missing and can't be installed from here, with the line to run; or apt-get fails.
pub fn install() -> Result<()> {
    let missing: Vec<&Requirement> = REQUIREMENTS.iter().filter(|each| !each.is_met()).collect();
    if missing.is_empty() {
        say("all there");
        return Ok(());
    }
    for each in &missing {
        say(&format!("missing: {} ({})", each.package, each.purpose));
    }
    let packages: Vec<&str> = missing.iter().map(|each| each.package).collect();
    let line =
        format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {}", packages.join(" "));
    if !is_debian() {
        let purposes: Vec<&str> = missing.iter().map(|each| each.purpose).collect();
        return Err(Failure::new(format!(
            "the tests need {}. On Debian or Ubuntu this installs them:\n  {line}\nelsewhere, install the same and run again",
            purposes.join("; ")
        )));
    }
    if !is_root() {
        return Err(Failure::new(format!("the tests need system packages. Run this, then the tests again:\n  {line}")));
    }
    apt_get(&["update"], &line)?;
    apt_get(&[&["install", "--yes", "--no-install-recommends"], &packages[..]].concat(), &line)?;
    match missing.iter().find(|each| !each.is_met()) {
        None => Ok(()),
        Some(each) => Err(Failure::new(format!(
            "{} is installed and still there is no usable {} ({})",
            each.package,
            each.programs.join(" or "),
            each.purpose
        ))),
    }
}

fn apt_get(arguments: &[&str], line: &str) -> Result<()> {
    let status = Command::new("apt-get")
        .arg("--quiet=2")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .status()
        .map_err(Failure::io("can't start apt-get"))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("apt-get {} ended with {status}; by hand it is\n  {line}", arguments.join(" "))))
}

fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is_like = release.lines().any(|line| {
        line.split_once('=').is_some_and(|(key, value)| matches!(key, "ID" | "ID_LIKE") && value.contains("debian"))
    });
    let on_path =
        |name: &str| env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|p| p.join(name).is_file()));
    is_like && on_path("apt-get")
}

/// Whether this process may install packages: the owner of `/proc/self` is the effective user.
fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(Path::new("/proc/self")).is_ok_and(|metadata| metadata.uid() == 0)
    }
    #[cfg(not(unix))]
    {
        false
    }
}
