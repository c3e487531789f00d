//! What SQL shows of one resource type: a view with typed columns.

use crate::{Provider, TypedColumn};

/// A resource type as a view: `aws.s3_bucket` for `AWS::S3::Bucket`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeView {
    /// The provider; its name is the view's schema.
    pub provider: Provider,
    /// The view's name in its schema, in snake case.
    pub name: String,
    /// The provider's own name of the type.
    pub type_name: String,
    /// What it is, in one sentence.
    pub description: String,
    /// The typed columns, in their order.
    pub columns: Vec<TypedColumn>,
}

impl TypeView {
    /// The columns that every view begins with, and what they mean; `config`, the whole answer, comes last.
    pub const COMMON: &[(&str, &str)] = &[
        ("resource_key", "The provider's own canonical id."),
        ("scope_id", "The account, subscription or project that holds it."),
        ("region", "The provider's region or location; global where it has none."),
        ("name", "The name a person gave it."),
        ("tags", "Tags or labels: one object of texts."),
        ("created_at", "When it was created, where the provider says so (UTC)."),
        ("last_seen_at", "When a crawl last saw it (UTC)."),
        ("unread", "Top-level members of config that could not be read the last time; NULL below one says nothing."),
    ];
}

/// A name in camel case in snake case, with abbreviations as one word: `DBInstance` is `db_instance`, `VPCEndpoint`
/// `vpc_endpoint`.
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let begins_a_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && letters.get(at + 1).is_some_and(|after| after.is_lowercase()))
            });
        if begins_a_word {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_stay_one_word() {
        for (camel, snake) in [
            ("Bucket", "bucket"),
            ("SecurityGroup", "security_group"),
            ("DBInstance", "db_instance"),
            ("SAMLProvider", "saml_provider"),
            ("VPC", "vpc"),
            ("Route53Zone", "route53_zone"),
        ] {
            assert_eq!(snake_case(camel), snake);
        }
    }
}
