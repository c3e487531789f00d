//! From the globs of a configuration to the files they name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files that the patterns name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expanded {
    /// Files, sorted, each once.
    pub files: Vec<PathBuf>,
    /// Patterns that match no file: worth a word to the user, and no error, since a folder may be filled later.
    pub unmatched: Vec<String>,
}

/// Why patterns can't be expanded.
#[derive(Debug, thiserror::Error)]
pub enum ExpandError {
    /// Not a glob.
    #[error("`{pattern}` is no valid path pattern: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A folder on the way can't be read.
    #[error("can't look into {}", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Finds the files that match any of the patterns; relative patterns start at `base`.
///
/// `**` matches folders of any depth. A pattern without wildcards names one file, which has to be there to match.
///
/// # Errors
/// [`ExpandError`] where a pattern is malformed or a folder can't be read: a report that can't be seen is not absent.
pub fn expand<S: AsRef<str>>(base: &Path, patterns: &[S]) -> Result<Expanded, ExpandError> {
    let mut files = BTreeSet::new();
    let mut unmatched = Vec::new();
    for pattern in patterns {
        let pattern = pattern.as_ref();
        // The base is a place and not a pattern, even where its name has brackets.
        let full = if Path::new(pattern).is_absolute() {
            pattern.to_owned()
        } else {
            format!("{}/{pattern}", glob::Pattern::escape(&base.to_string_lossy()))
        };
        let matches = glob::glob(&full)
            .map_err(|error| ExpandError::Pattern { pattern: pattern.to_owned(), reason: error.msg.to_owned() })?;
        let before = files.len();
        let mut repeated = false;
        for found in matches {
            let path = found
                .map_err(|error| ExpandError::Unreadable { path: error.path().to_owned(), source: error.into() })?;
            if path.is_file() {
                repeated |= !files.insert(path);
            }
        }
        if files.len() == before && !repeated {
            unmatched.push(pattern.to_owned());
        }
    }
    Ok(Expanded { files: files.into_iter().collect(), unmatched })
}
