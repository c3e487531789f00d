//! The types of the catalogue as views in SQL.

use carveout_model::{Provider, TypeView, snake_case};

use crate::{Catalogue, CatalogueError, TypeRecord};

/// Every type of the catalogue as a view: `s3_bucket` for `AWS::S3::Bucket`.
///
/// # Errors
/// The first mistake in the built-in catalogue; the tests of this crate prove that there is none.
pub fn type_views() -> Result<Vec<TypeView>, CatalogueError> {
    Ok(Catalogue::embedded()?.types().iter().map(view).collect())
}

fn view(record: &TypeRecord) -> TypeView {
    let mut parts = record.name.split("::").skip(1);
    // A service's name is one word, however it is written (DynamoDB, CloudFront).
    let service = parts.next().unwrap_or_default().to_lowercase();
    let rest = parts.map(snake_case);
    TypeView {
        provider: Provider::Aws,
        name: std::iter::once(service).chain(rest).collect::<Vec<_>>().join("_"),
        type_name: record.name.clone(),
        description: record.description.clone(),
        columns: record.columns.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_type_has_a_view_of_its_own() {
        let views = type_views().unwrap_or_else(|error| panic!("{error}"));
        let names: BTreeSet<&str> = views.iter().map(|view| view.name.as_str()).collect();
        assert_eq!(names.len(), views.len());
        assert!(names.contains("s3_bucket") && names.contains("ec2_security_group"), "{names:?}");
    }
}
