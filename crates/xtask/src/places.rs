//! Where things are.

use std::{
    env::{self, consts::EXE_SUFFIX},
    path::{Path, PathBuf},
};

use crate::failure::{Failure, Result};

/// The folders of this checkout.
#[derive(Debug)]
pub struct Places {
    /// The root of the workspace.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
}

impl Places {
    /// Finds them from where this program was built and `CARGO_TARGET_DIR`.
    ///
    /// # Errors
    /// The checkout is not where it was when this program was built.
    pub fn find() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest.ancestors().nth(2).map(Path::to_owned).unwrap_or_default();
        if !root.join("Cargo.lock").is_file() {
            return Err(Failure::new(format!("{} is no checkout of carveout; use `cargo xtask`", root.display())));
        }
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        Ok(Self { root, target })
    }

    /// A program of this workspace, built with the release profile.
    pub fn program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(format!("{name}{EXE_SUFFIX}"))
    }

    /// A folder for files that only this program reads, such as logs; it is made on demand.
    ///
    /// # Errors
    /// It can't be made.
    pub fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join("xtask").join(name);
        std::fs::create_dir_all(&folder).map_err(Failure::io(format_args!("can't make {}", folder.display())))?;
        Ok(folder)
    }
}
