//! Every query by name: those in the binary and those in a directory of the user's own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};

use crate::{
    BindError, Binding, CheckOf, ColumnDescription, FrontMatterError, Parameter, front_matter, parameter::near_misses,
};

static PACKAGED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../queries");

/// The category of every check.
const EVIDENCE: &str = "evidence";

/// Where a query comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built into the binary.
    Packaged,
    /// A file of the user's own.
    File(PathBuf),
}

/// One query with its documentation.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The stem of the file (`controls-repeat-per-provider`).
    pub name: String,
    /// The folder (`controls`); `evidence` for every check.
    pub category: String,
    /// One line.
    pub title: String,
    /// What it answers, and how to read it.
    pub description: String,
    /// What can be set.
    pub parameters: Vec<Parameter>,
    /// What comes out, in order.
    pub columns: Vec<ColumnDescription>,
    /// The tables it reads, with their schemas.
    pub tables: Vec<String>,
    /// What it checks, where it is a check.
    pub check: Option<CheckOf>,
    /// The whole file: one statement, the front matter as its comment.
    pub sql: String,
    /// Built in, or the user's own.
    pub origin: Origin,
}

impl Query {
    /// Types the values that a person gave for parameters of this query.
    ///
    /// # Errors
    /// For a name that the query does not declare, a name given twice, and a value of another type.
    pub fn bind<'v>(&self, given: impl IntoIterator<Item = (&'v str, &'v str)>) -> Result<Vec<Binding>, BindError> {
        let mut seen = BTreeSet::new();
        given.into_iter().map(|(name, text)| self.bind_one(name, text, &mut seen)).collect()
    }

    fn bind_one<'v>(&self, name: &'v str, text: &str, seen: &mut BTreeSet<&'v str>) -> Result<Binding, BindError> {
        let Some(parameter) = self.parameters.iter().find(|parameter| parameter.name == name) else {
            let known: Vec<String> = self.parameters.iter().map(|parameter| parameter.name.clone()).collect();
            let suggestion = near_misses(name, known.iter().map(String::as_str)).into_iter().next();
            return Err(BindError::Unknown { query: self.name.clone(), name: name.to_owned(), suggestion, known });
        };
        if !seen.insert(name) {
            return Err(BindError::Duplicate { query: self.name.clone(), name: name.to_owned() });
        }
        let value = parameter.parameter_type.parse(text).map_err(|reason| BindError::BadValue {
            query: self.name.clone(),
            name: name.to_owned(),
            expected: parameter.parameter_type,
            given: text.to_owned(),
            reason,
        })?;
        Ok(Binding { name: name.to_owned(), value })
    }
}

/// Why queries can't be listed.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file or folder can't be read.
    #[error("can't read {path}")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A file is no query.
    #[error("{path} is no packaged query")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: FrontMatterError,
    },
    /// Two files of one name.
    #[error("{first} and {second} are both called `{name}`; rename one")]
    Duplicate {
        /// The name.
        name: String,
        /// The one that was read first.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
}

/// There is no query of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no query `{name}`")]
pub struct UnknownQuery {
    /// The name as given.
    pub name: String,
    /// Names that look like it, nearest first.
    pub suggestions: Vec<String>,
}

/// Every query by name.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    queries: BTreeMap<String, Query>,
}

impl Catalogue {
    /// The queries in the binary.
    ///
    /// # Errors
    /// A packaged file is broken; a test keeps that from being released.
    pub fn embedded() -> Result<Self, CatalogueError> {
        let mut files = Vec::new();
        collect_packaged(&PACKAGED, &mut files);
        let mut catalogue = Self::default();
        for (path, sql) in files {
            catalogue.add(path, sql.to_owned(), Origin::Packaged)?;
        }
        Ok(catalogue)
    }

    /// Adds the `.sql` files of a directory and its folders. A query of the user's own goes before a packaged one of
    /// the same name, so that a copy can be changed; [`Query::origin`] says which one it is.
    ///
    /// # Errors
    /// A file or folder can't be read, a file is no query, or two files of the directory have one name.
    pub fn with_directory(mut self, directory: &Path) -> Result<Self, CatalogueError> {
        let mut paths = Vec::new();
        collect_files(directory, &mut paths)?;
        paths.sort();
        for path in paths {
            let sql = fs::read_to_string(&path)
                .map_err(|source| CatalogueError::Unreadable { path: path.clone(), source })?;
            self.add(&path, sql, Origin::File(path.clone()))?;
        }
        Ok(self)
    }

    /// The query of a name.
    ///
    /// # Errors
    /// There is none; the error carries the names that look like it.
    pub fn find(&self, name: &str) -> Result<&Query, UnknownQuery> {
        self.queries.get(name).ok_or_else(|| UnknownQuery {
            name: name.to_owned(),
            suggestions: near_misses(name, self.queries.keys().map(String::as_str)),
        })
    }

    /// Every query, by category and name.
    pub fn iter(&self) -> impl Iterator<Item = &Query> {
        let mut queries: Vec<&Query> = self.queries.values().collect();
        queries.sort_by(|a, b| (&a.category, &a.name).cmp(&(&b.category, &b.name)));
        queries.into_iter()
    }

    /// Every check with its query, by the control that it is filed under and name.
    pub fn checks(&self) -> impl Iterator<Item = (&CheckOf, &Query)> {
        let mut checks: Vec<(&CheckOf, &Query)> =
            self.queries.values().filter_map(|query| Some((query.check.as_ref()?, query))).collect();
        checks.sort_by(|a, b| (&a.0.control_ids, &a.1.name).cmp(&(&b.0.control_ids, &b.1.name)));
        checks.into_iter()
    }

    fn add(&mut self, path: &Path, sql: String, origin: Origin) -> Result<(), CatalogueError> {
        let matter =
            front_matter::parse(&sql).map_err(|source| CatalogueError::Invalid { path: path.to_path_buf(), source })?;
        let name = text_of(path.file_stem());
        let folder = text_of(path.parent().and_then(Path::file_name));
        if let (Origin::File(second), Some(Query { origin: Origin::File(first), .. })) =
            (&origin, self.queries.get(&name))
        {
            return Err(CatalogueError::Duplicate { name, first: first.clone(), second: second.clone() });
        }
        let query = Query {
            name: name.clone(),
            // The folders of checks are controls.
            category: if matter.check.is_some() { EVIDENCE.to_owned() } else { folder },
            title: matter.title,
            description: matter.description,
            parameters: matter.parameters,
            columns: matter.columns,
            tables: matter.tables,
            check: matter.check,
            sql,
            origin,
        };
        self.queries.insert(name, query);
        Ok(())
    }
}

/// The names of the queries in the binary, in order, without the checks: what a shell completes. No file is read.
pub fn packaged_names() -> Vec<&'static str> {
    let mut files = Vec::new();
    collect_packaged(&PACKAGED, &mut files);
    let questions = files.into_iter().filter(|(path, _)| !path.starts_with(EVIDENCE));
    let mut names: Vec<&str> = questions.filter_map(|(path, _)| path.file_stem()?.to_str()).collect();
    names.sort_unstable();
    names
}

fn text_of(part: Option<&std::ffi::OsStr>) -> String {
    part.map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}

fn is_sql(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "sql")
}

fn collect_packaged(directory: &'static Dir<'static>, files: &mut Vec<(&'static Path, &'static str)>) {
    let texts = directory.files().filter(|file| is_sql(file.path()));
    files.extend(texts.filter_map(|file| Some((file.path(), file.contents_utf8()?))));
    for child in directory.dirs() {
        collect_packaged(child, files);
    }
}

fn collect_files(directory: &Path, paths: &mut Vec<PathBuf>) -> Result<(), CatalogueError> {
    let unreadable = |source| CatalogueError::Unreadable { path: directory.to_path_buf(), source };
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            collect_files(&path, paths)?;
        } else if is_sql(&path) {
            paths.push(path);
        }
    }
    Ok(())
}
