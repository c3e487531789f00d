//! The AWS connector: one declarative catalogue, one engine for the five wire protocols, the organization walk.
//!
//! A resource type is a record in `catalogue/<service>.toml`; nothing in this crate knows a type by name. It knows no
//! warehouse and no other connector, and it calls read operations only (and `sts:AssumeRole`, to enter accounts).

mod api;
mod catalogue;
mod cloud_control;
mod connector;
mod crawl;
mod credentials;
mod decode;
mod errors;
#[cfg(test)]
mod fixtures;
mod lookup;
mod organization;
mod permissions;
mod plan;
mod record;
mod regions;
mod resource;
mod settings;
mod shapes;
mod sign;
mod template;
mod transport;
mod views;
mod wire;

pub use catalogue::{Catalogue, CatalogueError};
pub use connector::AwsConnector;
pub use permissions::policy;
pub use record::{
    Absence, Call, Condition, Each, Http, Lookup, Paging, Prepare, Protocol, ScopeKind, Service, Tokens, TypeRecord,
};
pub use settings::{Accounts, AwsSettings, CloudControlType, Regions};
pub use shapes::ShapesError;
pub use template::{Argument, Bindings, Template, TemplateError};
pub use views::type_views;
