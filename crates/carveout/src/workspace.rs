//! One workspace as a command sees it: configuration, database and key, resolved once.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use carveout_crawl::RedactionKey;
use carveout_discovery::Directory;
use carveout_model::{AuditScope, Category, Check, Period, ReportType};
use carveout_queries::{Catalogue, CheckOf, Query};
use carveout_scoping::{ControlSet, DataFile};
use carveout_warehouse::{CheckQuery, Moment, Reader, Settings, Warehouse, WarehouseError};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::{
    cli::Global,
    config::{self, Config, FILE_NAME},
    connectors,
    derive::Ground,
    error::{CliError, OrFail},
    own_tables::OwnTables,
    populations::{self, PopulationQuery},
};

/// A workspace's own queries are found in this folder beside its configuration.
const OWN_QUERIES: &str = "queries";
/// And its own controls, owners, effort and crosswalks in this one.
const OWN_CONTROLS: &str = "controls";

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

    fn database_that_is_there(&self) -> Result<&Path, CliError> {
        let database = self.database()?;
        if !database.exists() {
            return Err(CliError::failed(format!("there is no database at {}", database.display()))
                .hint("`carveout refresh` makes it"));
        }
        Ok(database)
    }

    /// Opens the published database for reading.
    pub fn reader(&self) -> Result<Reader, CliError> {
        let database = self.database_that_is_there()?;
        Reader::open(database, &self.settings()).or_fail(|| format!("can't open {}", database.display()))
    }

    /// Opens the published database as it was at a moment; as it is now without one.
    pub fn reader_as_of(&self, moment: Option<Moment>) -> Result<Reader, CliError> {
        let Some(moment) = moment else { return self.reader() };
        let database = self.database_that_is_there()?;
        let reader = Reader::open_as_of(database, &self.settings(), moment).map_err(|error| {
            let message = format!("can't look back to {moment} in {}", database.display());
            let is_usage = matches!(error, WarehouseError::NoSealedRun { .. });
            if is_usage { CliError::usage(message) } else { CliError::failed(message) }.because(error)
        })?;
        if let Some(run) = reader.as_of() {
            tracing::info!(run = %run.run_id, ended = ?run.finished_at, "answering as of an earlier run");
        }
        Ok(reader)
    }

    /// Opens the database for writing; one process at a time.
    pub fn warehouse(&self) -> Result<Warehouse, CliError> {
        let database = self.database()?;
        let warehouse = Warehouse::open(database, &self.settings())
            .or_fail(|| format!("can't open {} for writing", database.display()))?;
        warehouse
            .define_type_views(&connectors::type_views()?)
            .or_fail(|| "can't define the views of resource types".to_owned())?;
        Ok(warehouse)
    }

    fn settings(&self) -> Settings {
        let limit = self.config.as_ref().and_then(|config| config.workspace.memory_limit_mib);
        Settings { memory_limit_bytes: limit.map(|mib| mib << 20), ..Settings::default() }
    }

    /// What deriving rests on beside the estate.
    pub fn ground(&self, at: Timestamp) -> Result<Ground, CliError> {
        let own_tables = self.config.as_ref().map(|_| self.own_tables()).transpose()?;
        let config = self.config.as_ref();
        let controls = self.control_set()?;
        Ok(Ground {
            organization: config.map_or_else(|| "organization".to_owned(), |config| config.workspace.name.clone()),
            ours: config.map(|config| config.organization.clone()).unwrap_or_default(),
            directory: self.vendor_directory()?,
            subprocessors: own_tables.as_ref().map_or(Ok(Vec::new()), OwnTables::subprocessors)?,
            register: own_tables.as_ref().map_or(Ok(Vec::new()), OwnTables::register)?,
            checks: self.checks(&controls)?,
            populations: self.populations(&controls)?,
            controls,
            scope: self.audit_scope(at),
            at,
        })
    }

    /// The packaged queries, and the workspace's own beside them.
    pub fn queries(&self) -> Result<Catalogue, CliError> {
        let embedded = Catalogue::embedded().or_fail(|| "the packaged queries are broken".to_owned())?;
        let own = self.directory.join(OWN_QUERIES);
        if self.config.is_some() && own.is_dir() {
            return embedded.with_directory(&own).or_usage(|| format!("a query in {} can't be read", own.display()));
        }
        Ok(embedded)
    }

    /// The queries that list what samples of controls are drawn from.
    pub fn populations(&self, controls: &ControlSet) -> Result<Vec<PopulationQuery>, CliError> {
        populations::of_controls(controls, &self.queries()?)
    }

    /// The checks among the queries. Each has to name a control of the set, and its criteria.
    fn checks(&self, controls: &ControlSet) -> Result<Vec<CheckQuery>, CliError> {
        let queries = self.queries()?;
        let checks: Vec<Vec<CheckQuery>> = queries
            .checks()
            .map(|(check, query)| check_queries(check, query, controls))
            .collect::<Result<_, CliError>>()?;
        Ok(checks.into_iter().flatten().collect())
    }

    /// The configured scope, or security over the twelve months before a day.
    pub fn audit_scope(&self, at: Timestamp) -> AuditScope {
        self.config.as_ref().and_then(|config| config.scope.clone()).unwrap_or_else(|| {
            let today = at.to_zoned_datetime(TimeZone::UTC).date();
            tracing::warn!("no [scope] in the configuration: sizing security over the last twelve months");
            AuditScope {
                categories: vec![Category::Security].try_into().expect("security alone is a scope"),
                report_type: ReportType::Type2,
                period: Period { start: today.saturating_sub(12.months()), end: today },
                frameworks_in_place: Vec::new(),
            }
        })
    }

    /// The workspace's own tables of vendors.
    pub fn own_tables(&self) -> Result<OwnTables, CliError> {
        Ok(OwnTables::new(&self.config()?.workspace, &self.directory))
    }

    /// The vendor directory with the workspace's own additions.
    pub fn vendor_directory(&self) -> Result<Directory, CliError> {
        match self.config {
            Some(_) => self.own_tables()?.directory(),
            None => Ok(Directory::bundled()),
        }
    }

    /// The folder of the workspace's own controls, owners, effort and crosswalks.
    pub fn own_controls(&self) -> PathBuf {
        self.directory.join(OWN_CONTROLS)
    }

    /// Criteria, controls and the tables that size them, with the files of the workspace's own folder over them.
    pub fn control_set(&self) -> Result<ControlSet, CliError> {
        let own = self.own_controls();
        if self.config.is_none() || !own.is_dir() {
            return Ok(ControlSet::bundled());
        }
        let reading = || format!("can't read {}", own.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(&own).or_usage(reading)? {
            let path = entry.or_usage(reading)?.path();
            if path.is_file() {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let text = fs::read_to_string(&path).or_usage(|| format!("can't read {}", path.display()))?;
                files.push((name, text));
            }
        }
        files.sort();
        let files: Vec<DataFile<'_>> = files.iter().map(|(name, text)| DataFile { name, text }).collect();
        ControlSet::with_files(&files).or_usage(|| format!("the controls in {} can't be used", own.display()))
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

/// The check under each of its controls, with the criteria that this control serves.
fn check_queries(check: &CheckOf, query: &Query, controls: &ControlSet) -> Result<Vec<CheckQuery>, CliError> {
    let mut found: Vec<CheckQuery> = Vec::new();
    for control_id in &check.control_ids {
        let control = controls.controls().iter().map(|each| &each.control).find(|each| each.control_id == *control_id);
        let Some(control) = control else {
            return Err(CliError::usage(format!("the check {} names the control {control_id}", query.name)).hint(
                "there is no such control; `carveout sql \"SELECT control_id, title FROM controls.controls\"` lists all",
            ));
        };
        let serves = |id: &&String| control.criteria.contains(*id);
        let criterion_ids: Vec<String> = check.criterion_ids.iter().filter(serves).cloned().collect();
        if criterion_ids.is_empty() {
            return Err(CliError::usage(format!(
                "the check {} names no criterion that {control_id} serves",
                query.name
            ))
            .hint(format!("it serves {}", control.criteria.join(", "))));
        }
        found.push(CheckQuery {
            check: Check {
                check_id: query.name.clone(),
                control_id: control_id.clone(),
                criterion_ids,
                provider: check.provider,
                resource_type: check.resource_type.clone(),
                title: query.title.clone(),
                rationale: query.description.clone(),
                query_name: query.name.clone(),
            },
            sql: query.sql.clone(),
        });
    }
    let is_served = |id: &&String| found.iter().any(|each| each.check.criterion_ids.contains(*id));
    if let Some(criterion) = check.criterion_ids.iter().find(|id| !is_served(id)) {
        return Err(CliError::usage(format!(
            "the check {} names {criterion}, which {} does not serve",
            query.name,
            check.control_ids.join(" and ")
        ))
        .hint("`carveout controls list` shows which criteria a control serves"));
    }
    Ok(found)
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
