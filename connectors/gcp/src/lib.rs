//! Google Cloud: Cloud Asset Inventory first, Cloud Storage's own listing beside it, Resource Manager for the hierarchy.
//!
//! The README lists every request that is sent and why. What a type is stands in `catalogue/`, not in code.

mod catalogue;
mod clients;
mod connector;
mod failure;
mod pass;
mod permissions;
mod resource;
mod scopes;
mod settings;
mod views;

pub use catalogue::{BUCKET, Catalogue, Record};
pub use connector::GcpConnector;
pub use settings::GcpSettings;
pub use views::type_views;
