//! Azure and Entra: Resource Graph first, ARM where Resource Graph has nothing, Microsoft Graph for the directory.
//!
//! The README lists every request that is sent and why. What a type is, and what is asked for it, stands in
//! `catalogue/`, not in code.

mod catalogue;
mod connector;
mod credentials;
mod directory;
mod failure;
mod index;
mod manager;
mod pass;
mod permissions;
mod resource;
mod scopes;
mod service;
mod settings;
mod views;

pub use catalogue::{Catalogue, Detail, DirectoryJoin, DirectoryListing, RESOURCES, Record};
pub use connector::AzureConnector;
pub use index::TABLES;
pub use settings::{AzureSettings, Subscriptions};
pub use views::type_views;
