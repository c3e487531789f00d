//! The warehouse: one DuckDB file with the estate, its history and everything that is derived from it.
//!
//! The only crate that knows DuckDB, and no type of it shows in a public signature. [`Warehouse`] is the one writer of a
//! workspace, [`Sealing`] the transaction that ends a run, [`Reader`] what analysts' questions go through. It does not
//! crawl, decide or render.

mod canonical;
mod checks;
mod derived;
mod error;
mod files;
mod insert;
mod ledger;
mod lock;
mod migration;
mod parquet;
mod reader;
mod rows;
mod run;
mod sealing;
mod stage;
mod warehouse;

pub use checks::CheckQuery;
pub use derived::{ControlRows, GraphRows, PartyRows, ScopingRows};
pub use error::{DatabaseFailure, WarehouseError};
pub use parquet::write_parquet;
pub use reader::{ColumnDoc, Interrupt, Reader, TableDoc};
pub use rows::{Cell, Column, Rows};
pub use run::{ResourceScope, Run, RunId, RunRequest, RunRow, RunStatus, RunSummary};
pub use sealing::Sealing;
pub use warehouse::{Note, Settings, Warehouse};
