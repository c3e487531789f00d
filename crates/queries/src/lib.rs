//! The packaged queries: their documentation, their parameters and where to find them.
//!
//! A query is one `.sql` file that runs unchanged in the plain DuckDB command line. What a person has to know about it
//! is TOML in one leading comment. This crate reads and checks that; it does not run anything.

mod catalogue;
mod front_matter;
mod parameter;

pub use catalogue::{Catalogue, CatalogueError, Origin, Query, UnknownQuery, packaged_names};
pub use front_matter::{CheckOf, ColumnDescription, FrontMatterError, Parameter};
pub use parameter::{BindError, Binding, ParameterType, Value, near_misses};
