//! Which resource types a connector crawls: globs on type names.

use glob::{MatchOptions, Pattern};

/// `types` and `skip` of a connector's configuration.
#[derive(Debug, Clone)]
pub struct TypeFilter {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
}

/// A pattern that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is no pattern of type names: {reason}")]
pub struct TypeFilterError {
    pattern: String,
    reason: String,
}

/// Type names are compared without regard to case, since Azure's come in several spellings.
const MATCHING: MatchOptions =
    MatchOptions { case_sensitive: false, require_literal_separator: false, require_literal_leading_dot: false };

impl TypeFilter {
    /// A filter that lets through what one of `include` matches and none of `exclude` does. No `include` means all.
    ///
    /// # Errors
    /// The first pattern that is no glob.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, TypeFilterError> {
        Ok(Self { include: patterns(include)?, exclude: patterns(exclude)? })
    }

    /// Whether the type is crawled.
    pub fn lets_through(&self, type_name: &str) -> bool {
        let matches = |patterns: &[Pattern]| patterns.iter().any(|each| each.matches_with(type_name, MATCHING));
        (self.include.is_empty() || matches(&self.include)) && !matches(&self.exclude)
    }

    /// Patterns of `include` that match none of the names: a spelling mistake, most likely.
    pub fn without_match<'a>(&'a self, names: &[&str]) -> Vec<&'a str> {
        let unmatched = |each: &&Pattern| !names.iter().any(|name| each.matches_with(name, MATCHING));
        self.include.iter().filter(unmatched).map(Pattern::as_str).collect()
    }
}

fn patterns(texts: &[String]) -> Result<Vec<Pattern>, TypeFilterError> {
    let read = |text: &String| {
        Pattern::new(text).map_err(|error| TypeFilterError { pattern: text.clone(), reason: error.msg.to_owned() })
    };
    texts.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> TypeFilter {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        TypeFilter::new(&owned(include), &owned(exclude)).expect("globs")
    }

    #[test]
    fn skip_wins_over_types() {
        let filter = filter(&["AWS::S3::*", "AWS::IAM::*"], &["aws::iam::user"]);
        assert!(filter.lets_through("AWS::S3::Bucket"));
        assert!(!filter.lets_through("AWS::IAM::User"));
        assert!(!filter.lets_through("AWS::EC2::Instance"));
    }

    #[test]
    fn a_pattern_without_a_match_is_named() {
        assert_eq!(filter(&["AWS::S4::*", "*"], &[]).without_match(&["AWS::S3::Bucket"]), ["AWS::S4::*"]);
    }
}
