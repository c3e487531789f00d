//! The files of a workspace's database, and how they are created, copied and renamed.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{WarehouseError, error};

/// Where everything lies, from the path of the published file.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// What everybody reads.
    pub(crate) published: PathBuf,
    /// Rows and hash sums per scope.
    pub(crate) ledger: PathBuf,
    /// Owner only: nothing in it is for analysts.
    pub(crate) private: PathBuf,
    /// The file that only the writer opens.
    pub(crate) working: PathBuf,
    /// Pages of a running crawl.
    pub(crate) stage: PathBuf,
    /// Where sorts spill.
    pub(crate) spill: PathBuf,
    /// The writer's lock.
    pub(crate) lock: PathBuf,
    /// The copy that is about to be published.
    outgoing: PathBuf,
    /// The working file, written anew without its holes.
    pub(crate) compacted: PathBuf,
}

impl Files {
    pub(crate) fn beside(database: &Path) -> Self {
        let with = |suffix: &str| {
            let mut name = database.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let private = with(".work");
        Self {
            published: database.to_path_buf(),
            ledger: with(".ledger.json"),
            working: private.join("working.duckdb"),
            stage: private.join("stage.duckdb"),
            spill: private.join("spill"),
            lock: private.join("lock"),
            outgoing: private.join("outgoing.duckdb"),
            compacted: private.join("compacted.duckdb"),
            private,
        }
    }

    /// Creates the private directory, and the directory of the database where that is missing.
    pub(crate) fn create_private(&self) -> Result<(), WarehouseError> {
        if let Some(parent) = self.published.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(error::io("creating", parent))?;
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.private).map_err(error::io("creating", &self.private))
    }

    /// Copies the published file to where the writer works.
    pub(crate) fn copy_published_to_working(&self) -> Result<(), WarehouseError> {
        // A log without its file would be applied to the copy.
        remove_if_there(&log_of(&self.working))?;
        copy_synced(&self.published, &self.working)
    }

    /// Copies the working file beside the published one and renames it over.
    pub(crate) fn publish_working(&self) -> Result<(), WarehouseError> {
        copy_synced(&self.working, &self.outgoing)?;
        rename_synced(&self.outgoing, &self.published)
    }

    /// Removes what a compaction left that was killed.
    pub(crate) fn remove_compacted(&self) -> Result<(), WarehouseError> {
        remove_if_there(&self.compacted)?;
        remove_if_there(&log_of(&self.compacted))
    }

    /// Puts the compacted file in the place of the working one, which must be closed.
    pub(crate) fn take_compacted(&self) -> Result<(), WarehouseError> {
        restrict(&self.compacted)?;
        rename_synced(&self.compacted, &self.working)?;
        remove_if_there(&log_of(&self.working))
    }

    /// Sets the working file aside, so that a person can still look at it.
    pub(crate) fn set_working_aside(&self) -> Result<PathBuf, WarehouseError> {
        let aside = self.private.join("damaged.duckdb");
        fs::rename(&self.working, &aside).map_err(error::io("setting aside", &self.working))?;
        remove_if_there(&log_of(&self.working))?;
        Ok(aside)
    }

    /// Removes the staged pages.
    pub(crate) fn remove_stage(&self) -> Result<(), WarehouseError> {
        remove_if_there(&self.stage)?;
        remove_if_there(&log_of(&self.stage))
    }
}

/// Restricts a file to its owner.
pub(crate) fn restrict(path: &Path) -> Result<(), WarehouseError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(error::io("restricting", path))?;
    }
    Ok(())
}

/// Replaces a small file: readers see the old or the new one.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> Result<(), WarehouseError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let fresh = PathBuf::from(name);
    let mut file = create_private_file(&fresh)?;
    file.write_all(contents).and_then(|()| file.sync_all()).map_err(error::io("writing", &fresh))?;
    rename_synced(&fresh, path)
}

/// DuckDB's write-ahead log of a file.
pub(crate) fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".wal");
    PathBuf::from(name)
}

fn create_private_file(path: &Path) -> Result<File, WarehouseError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(error::io("creating", path))?;
    // The mode above counts only for a file that was not there.
    restrict(path)?;
    Ok(file)
}

fn copy_synced(from: &Path, to: &Path) -> Result<(), WarehouseError> {
    let mut source = File::open(from).map_err(error::io("opening", from))?;
    let mut target = create_private_file(to)?;
    io::copy(&mut source, &mut target).and_then(|_| target.sync_all()).map_err(error::io("copying to", to))
}

fn rename_synced(from: &Path, to: &Path) -> Result<(), WarehouseError> {
    fs::rename(from, to).map_err(error::io("renaming to", to))?;
    // The new name lasts through a power cut only when the directory is synced too.
    let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[cfg(unix)]
    File::open(directory).and_then(|handle| handle.sync_all()).map_err(error::io("syncing", directory))?;
    Ok(())
}

fn remove_if_there(path: &Path) -> Result<(), WarehouseError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(error::io("removing", path)(source)),
        _ => Ok(()),
    }
}
