//! Reports to be read: facts that are made up, and a typesetter that sets them in the layouts that auditors use.
#![allow(dead_code)]

pub mod compare;
pub mod facts;
pub mod file;
#[path = "../../src/pdf/metrics.rs"]
mod metrics;
pub mod paper;
pub mod typeset;

use std::collections::BTreeSet;

/// The ids of all trust services criteria.
pub fn criteria() -> BTreeSet<String> {
    let common =
        [("CC1", 5), ("CC2", 3), ("CC3", 4), ("CC4", 2), ("CC5", 3), ("CC6", 8), ("CC7", 5), ("CC8", 1), ("CC9", 2)];
    let more = [("A1", 3), ("C1", 2), ("PI1", 5), ("P1", 1), ("P2", 1), ("P3", 2), ("P4", 3), ("P5", 2), ("P6", 7)];
    let last = [("P7", 1), ("P8", 1)];
    let series = common.into_iter().chain(more).chain(last);
    series.flat_map(|(series, count)| (1..=count).map(move |n| format!("{series}.{n}"))).collect()
}
