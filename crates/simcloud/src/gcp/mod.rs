//! The Google Cloud endpoints: Cloud Asset Inventory and Resource Manager over REST, Cloud Storage over gRPC.
//!
//! Tokens are not looked at. The estate's forbidden project is found by a search, answers PERMISSION_DENIED when it is asked
//! for, and its assets are missing from the lists of its folder and organization.

mod grpc;
mod rest;

pub(crate) use self::{grpc::StorageEndpoint, rest::RestEndpoint};
