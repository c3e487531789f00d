//! Simulated AWS, Azure and Google Cloud endpoints on the loopback, over a generated estate.
//!
//! The demo, the tests and the benchmarks crawl these with the real connectors. [`Estate::generate`] makes up a company,
//! [`Estate::truth`] says what a crawl of it must find, and [`SimCloud::start`] serves it in the providers' own protocols,
//! with paging, denials and throttling. Nothing here is a general emulator: only reads are served, signatures and tokens
//! are not checked, and nothing can be changed over the wire.

mod aws;
mod azure;
mod estate;
mod faults;
mod gcp;
mod server;

pub use self::{
    estate::{
        DOMAIN, Estate, EstateOptions, ExpectedEvidence, ExpectedParty, ExpectedResource, ExpectedScope,
        GITHUB_ORGANIZATION, Lookalike, PlantedSecret, Truth,
    },
    faults::{Denial, Faults, Throttle},
    server::{RequestCounts, SimCloud, StartError},
};
