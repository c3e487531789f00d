//! Samples that somebody else can draw again.
//!
//! Every member of the population gets a hash of the seed and its own key; the members with the smallest hashes are the
//! sample. That is a simple random sample without replacement, it does not depend on the order of the population, a
//! larger sample begins with the smaller one, and `printf '%s\n%s' SEED KEY | sha256sum` shows that it was not picked by
//! hand.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

/// The method, as a sentence for the sheet.
pub const METHOD: &str =
    "ordered by the SHA-256 of seed, line feed and key, as hexadecimal; the first ones are the sample";

/// A member of the population with its place in the draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'a> {
    /// 1 for the first.
    pub rank: usize,
    /// The key it was drawn by.
    pub key: &'a str,
    /// The hash that decided, in lower-case hexadecimal.
    pub draw_key: String,
    /// Whether it belongs to the sample.
    pub is_sampled: bool,
}

/// A population in the order of the draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample<'a> {
    /// The whole population.
    pub members: Vec<Member<'a>>,
    /// How many of them are the sample: no more than there are.
    pub size: usize,
}

/// The hash that decides the place of a member.
pub fn draw_key(seed: &str, key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(seed.as_bytes());
    hash.update(b"\n");
    hash.update(key.as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Draws a sample. A key that is given twice is one member: an item can't be tested twice.
pub fn draw<'a>(keys: impl IntoIterator<Item = &'a str>, seed: &str, size: usize) -> Sample<'a> {
    let keys: BTreeSet<&str> = keys.into_iter().collect();
    let mut drawn: Vec<(String, &str)> = keys.into_iter().map(|key| (draw_key(seed, key), key)).collect();
    drawn.sort();
    let size = size.min(drawn.len());
    let members = drawn.into_iter().enumerate();
    let members = members
        .map(|(index, (draw_key, key))| Member { rank: index + 1, key, draw_key, is_sampled: index < size })
        .collect();
    Sample { members, size }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h"];

    fn sampled(seed: &str, size: usize, keys: &[&'static str]) -> Vec<&'static str> {
        let sample = draw(keys.iter().copied(), seed, size);
        sample.members.into_iter().filter(|member| member.is_sampled).map(|member| member.key).collect()
    }

    #[test]
    fn the_draw_key_is_what_sha256sum_prints() {
        // printf '2026\narn:aws:s3:::logs' | sha256sum
        assert_eq!(
            draw_key("2026", "arn:aws:s3:::logs"),
            "862023c312096c398db92871b25160107e123604f1bde7649d16d10d4a0df518"
        );
    }

    #[test]
    fn a_larger_sample_begins_with_the_smaller_one() {
        assert_eq!(sampled("s", 5, KEYS)[..3], sampled("s", 3, KEYS));
    }

    #[test]
    fn the_order_of_the_population_does_not_matter() {
        let backwards: Vec<_> = KEYS.iter().rev().copied().collect();
        assert_eq!(sampled("s", 4, KEYS), sampled("s", 4, &backwards));
    }

    #[test]
    fn another_seed_draws_another_sample() {
        assert_ne!(sampled("s", 4, KEYS), sampled("t", 4, KEYS));
    }

    #[test]
    fn a_small_population_is_taken_whole() {
        assert_eq!(draw(["a", "b", "a"], "s", 25).size, 2);
    }
}
