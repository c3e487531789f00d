//! One workspace as a command sees it: configuration, database and key, resolved once.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use carveout_crawl::RedactionKey;
use carveout_discovery::Directory;
use carveout_scoping::ControlSet;
use carveout_warehouse::{Reader, Settings, Warehouse};

use crate::{
    cli::Global,
    config::{self, Config, FILE_NAME},
    error::{CliError, OrFail},
};

/// What a command works on.
#[derive(Debug)]
pub struct Workspace {
    /// The configuration, where there is one.
    config: Option<Config>,
    /// The folder that paths of the configuration are relative to.
    pub directory: PathBuf,
    database: Option<PathBuf>,
}

impl Workspace {
    /// Resolves flags, environment and file; a flag wins over the file.
    pub fn open(global: &Global) -> Result<Self, CliError> {
        let loaded = config::load(global.config.as_deref())?;
        let (config, directory) = match loaded {
            Some(loaded) => (Some(loaded.config), loaded.directory),
            None => (None, PathBuf::new()),
        };
        let configured = config.as_ref().map(|config| directory.join(&config.workspace.database));
        let database = global.database.clone().or(configured);
        Ok(Self { config, directory, database })
    }

    /// The configuration, for commands that can't do without.
    pub fn config(&self) -> Result<&Config, CliError> {
        self.config.as_ref().ok_or_else(|| {
            CliError::usage(format!("no {FILE_NAME} here or in a folder above"))
                .hint("`carveout init` writes one; `carveout demo` needs none")
        })
    }

    /// The configuration, for commands that only read a database.
    pub fn maybe_config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    /// The published database.
    pub fn database(&self) -> Result<&Path, CliError> {
        self.database.as_deref().ok_or_else(|| {
            CliError::usage("which database?")
                .hint(format!("name it with --database FILE, or run in a folder with a {FILE_NAME}"))
        })
    }

    /// Opens the published database for reading.
    pub fn reader(&self) -> Result<Reader, CliError> {
        let database = self.database()?;
        if !database.exists() {
            return Err(CliError::failed(format!("there is no database at {}", database.display()))
                .hint("`carveout refresh` makes it"));
        }
        Reader::open(database, &self.settings()).or_fail(|| format!("can't open {}", database.display()))
    }

    /// Opens the database for writing; one process at a time.
    pub fn warehouse(&self) -> Result<Warehouse, CliError> {
        let database = self.database()?;
        Warehouse::open(database, &self.settings()).or_fail(|| format!("can't open {} for writing", database.display()))
    }

    fn settings(&self) -> Settings {
        let limit = self.config.as_ref().and_then(|config| config.workspace.memory_limit_mib);
        Settings { memory_limit_bytes: limit.map(|mib| mib << 20), ..Settings::default() }
    }

    /// The vendor directory with the workspace's own additions.
    pub fn vendor_directory(&self) -> Result<Directory, CliError> {
        let Some(config) = &self.config else { return Ok(Directory::bundled()) };
        let read = |path: &Option<PathBuf>| {
            let path = path.as_ref().map(|path| self.directory.join(path));
            path.map(|path| fs::read_to_string(&path).or_usage(|| format!("can't read {}", path.display()))).transpose()
        };
        let (vendors, signals) = (read(&config.workspace.vendors)?, read(&config.workspace.signals)?);
        Directory::bundled()
            .load_overrides(vendors.as_deref(), signals.as_deref())
            .or_usage(|| "the workspace's own vendors can't be read".to_owned())
    }

    /// Criteria, controls and the tables that size them.
    pub fn control_set(&self) -> ControlSet {
        ControlSet::bundled()
    }

    /// The key of the fingerprints that stand for secrets; made at the first refresh, readable by its owner only.
    pub fn redaction_key(&self) -> Result<RedactionKey, CliError> {
        let path = PathBuf::from(format!("{}.key", self.database()?.display()));
        let key = read_key(&path).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => make_key(&path),
            _ => Err(error),
        });
        key.map(RedactionKey::new).or_fail(|| format!("can't use the key file {}", path.display()))
    }
}

fn read_key(path: &Path) -> io::Result<[u8; 32]> {
    let mut key = [0; 32];
    fs::File::open(path)?.read_exact(&mut key)?;
    Ok(key)
}

fn make_key(path: &Path) -> io::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(&key)?;
    file.sync_all()?;
    Ok(key)
}
