//! The warehouse: one DuckDB file with the estate, its history and everything that is derived from it.
//!
//! The only crate that knows DuckDB, and no type of it shows in a public signature. [`Warehouse`] is the one writer of a
//! workspace, [`Sealing`] the transaction that ends a run, [`Reader`] what analysts' questions go through. It does not
//! crawl, decide or render.

mod as_of;
mod canonical;
mod checks;
mod derived;
mod documents;
mod error;
mod files;
mod history;
mod insert;
mod ledger;
mod lock;
mod migration;
mod parquet;
mod prune;
mod reader;
mod reliance;
mod rows;
mod run;
mod sealing;
mod stage;
mod type_views;
mod warehouse;

pub use as_of::{Moment, NoMoment};
pub use checks::CheckQuery;
pub use derived::{ControlRows, GraphRows, PartyRows, ScopingRows};
pub use error::{DatabaseFailure, WarehouseError};
pub use history::HistoryFrom;
pub use parquet::write_parquet;
pub use prune::Pruned;
pub use reader::{ColumnDoc, Interrupt, Reader, TableDoc};
pub use reliance::RelianceRows;
pub use rows::{Cell, Column, Rows};
pub use run::{ResourceScope, Run, RunId, RunRequest, RunRow, RunStatus, RunSummary};
pub use sealing::Sealing;
pub use warehouse::{Note, Settings, Warehouse};
