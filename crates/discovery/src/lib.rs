//! Who is outside: reads foreign identities out of a resource's configuration, and says whose they are.
//!
//! Two halves. *Extraction* ([`EvidenceRule::observe`]) runs beside a connector, one resource at a time, before
//! redaction, and knows no vendor. *Resolution* ([`resolve`]) runs over the observations of the whole estate, is pure,
//! and decides between ours, the provider's, a vendor's and an unknown party's. Neither does any I/O: the vendor
//! directory is compiled in, and the caller reads the user's additions.

mod directory;
mod extract;
mod hosts;
mod ours;
mod resolve;
mod rule;

pub use directory::{Directory, DirectoryError, NameMatch, Vendor};
pub use ours::{OrganizationSettings, Ours};
pub use resolve::{Resolution, attribution, resolve};
pub use rule::{EvidenceRule, Extractor, StateRule, Subject};
