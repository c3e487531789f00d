//! What the end-to-end tests share: the built program in a folder of its own, and simulated clouds for it to crawl.
//!
//! The tests run the program as a person or a scheduler does and look at nothing but its exit status, what it prints and
//! the database it leaves. Helpers panic on failure, with everything that the program said.

mod clouds;
mod program;
mod served;

pub use self::{
    clouds::{Clouds, small_estate},
    program::{Ran, Running, Workspace, program, python},
    served::{Served, copy_of_demo, demo, import_vendors},
};
