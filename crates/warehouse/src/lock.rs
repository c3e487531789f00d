//! One writer at a time: a lock that the system releases when its owner dies.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    process,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{WarehouseError, error};

/// Who holds or held the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    pub(crate) pid: u32,
    pub(crate) host: String,
    pub(crate) since: Timestamp,
}

/// The held lock; released when dropped.
#[derive(Debug)]
pub(crate) struct WriterLock {
    file: File,
}

impl WriterLock {
    /// Takes the lock, and says who died holding it.
    pub(crate) fn take(path: &Path) -> Result<(Self, Option<Owner>), WarehouseError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(error::io("opening", path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let owner = read_owner(&mut file).unwrap_or_else(|| Owner {
                    // The owner writes its name right after it has the lock; this is that moment.
                    pid: 0,
                    host: "an unknown machine".to_owned(),
                    since: Timestamp::now(),
                });
                let Owner { pid, host, since } = owner;
                return Err(WarehouseError::Locked { path: path.to_path_buf(), pid, host, since });
            }
            Err(TryLockError::Error(source)) => return Err(error::io("locking", path)(source)),
        }
        let dead = read_owner(&mut file);
        let owner = Owner { pid: process::id(), host: host_name(), since: Timestamp::now() };
        let text = serde_json::to_vec(&owner).expect("an owner is numbers and texts");
        rewrite(&mut file, &text).map_err(error::io("writing", path))?;
        Ok((Self { file }, dead))
    }
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        // An empty lock says that its owner ended in order; closing the file releases it either way.
        let _ = rewrite(&mut self.file, b"");
    }
}

fn read_owner(file: &mut File) -> Option<Owner> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

fn rewrite(file: &mut File, contents: &[u8]) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(contents)?;
    file.sync_all()
}

fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"))
        .map(|name| name.trim().to_owned())
        .unwrap_or_else(|_| "this machine".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_writer_is_told_who_holds_the_lock() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("lock");
        let (held, dead) = WriterLock::take(&path).expect("it is free");
        assert_eq!(dead, None);
        let refused = WriterLock::take(&path).expect_err("it is held");
        assert!(matches!(refused, WarehouseError::Locked { pid, .. } if pid == process::id()));
        drop(held);
        assert_eq!(WriterLock::take(&path).expect("it is free again").1, None);
    }

    #[test]
    fn a_lock_of_a_dead_writer_is_taken_over_and_told() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("lock");
        let owner = Owner { pid: 4_000_000, host: "elsewhere".to_owned(), since: Timestamp::UNIX_EPOCH };
        std::fs::write(&path, serde_json::to_vec(&owner).expect("JSON")).expect("a file");
        assert_eq!(WriterLock::take(&path).expect("nobody holds it").1, Some(owner));
    }
}
