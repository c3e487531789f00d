//! The Python environment with the pinned emulators.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Result},
    places::Places,
    steps::say,
};

/// The DuckDB that readers of the version before have, in a folder inside the environment: two versions of a package don't
/// fit into one environment.
const OLDER_DUCKDB: &str = "older-duckdb";

/// A Python environment in the target folder that holds exactly what `tests/requirements.txt` asks for.
#[derive(Debug)]
pub struct Python {
    folder: PathBuf,
}

impl Python {
    /// Makes the environment, unless there is one for the same requirements and the same Python.
    ///
    /// # Errors
    /// A package can't be installed, with pip's own words above.
    pub fn prepare(places: &Places) -> Result<Self> {
        let folder = places.target.join("python");
        let python = Self { folder: folder.clone() };
        let requirements = places.root.join("tests/requirements.txt");
        let older = places.root.join("tests/readers/requirements.txt");
        let wanted = format!("{}{}{}", version(Path::new("python3"))?, read(&requirements)?, read(&older)?);
        // Written last, so that a half-made environment is made anew.
        let stamp = folder.join("made-from.txt");
        if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) && version(&python.program()).is_ok() {
            say("unchanged");
            return Ok(python);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Failure::io(format_args!("can't remove {}", folder.display())))?;
        }
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let pip = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--requirement"];
        run(Command::new(python.program()).args(pip).arg(&requirements))?;
        run(Command::new(python.program()).args(pip).arg(&older).arg("--target").arg(folder.join(OLDER_DUCKDB)))?;
        fs::write(&stamp, wanted).map_err(Failure::io(format_args!("can't write {}", stamp.display())))?;
        Ok(python)
    }

    /// Its interpreter.
    pub fn program(&self) -> PathBuf {
        self.script("python")
    }

    /// A program that one of its packages brings.
    pub fn script(&self, name: &str) -> PathBuf {
        if cfg!(windows) {
            self.folder.join("Scripts").join(format!("{name}.exe"))
        } else {
            self.folder.join("bin").join(name)
        }
    }
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(Failure::io(format_args!("can't read {}", file.display())))
}

fn version(python: &Path) -> Result<String> {
    let failure = || Failure::new(format!("{} can't be run", python.display()));
    let output =
        Command::new(python).args(["-c", "import sys; print('#', sys.version)"]).output().map_err(|_| failure())?;
    if !output.status.success() {
        return Err(failure());
    }
    String::from_utf8(output.stdout).map_err(|_| failure())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(Failure::io(format_args!("can't start {command:?}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{command:?} ended with {status}"))) }
}
