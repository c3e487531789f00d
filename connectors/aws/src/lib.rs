//! The AWS connector: one declarative catalogue, one engine for the five wire protocols, the organization walk.
//!
//! A resource type is a record in `catalogue/<service>.toml`; nothing in this crate knows a type by name. It knows no
//! warehouse and no other connector, and it calls read operations only (and `sts:AssumeRole`, to enter accounts).

mod api;
mod catalogue;
mod connector;
mod crawl;
mod credentials;
mod errors;
mod organization;
mod permissions;
mod plan;
mod regions;
mod resource;
mod settings;
mod shapes;
mod sign;
mod template;
mod transport;
mod wire;

pub use catalogue::{
    Absence, Call, Catalogue, CatalogueError, Http, Paging, Protocol, ScopeKind, Service, Tokens, TypeRecord,
};
pub use connector::AwsConnector;
pub use permissions::policy;
pub use settings::{Accounts, AwsSettings, Regions};
pub use shapes::ShapesError;
pub use template::{Argument, Bindings, Template, TemplateError};
