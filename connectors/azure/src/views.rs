//! The types of the catalogue as views in SQL.

use carveout_model::{Provider, TypeView};

use crate::catalogue::{self, Record};

/// Every type of the catalogue as a view: `storage_account` for `microsoft.storage/storageaccounts`.
pub fn type_views() -> Vec<TypeView> {
    catalogue::shared().records().map(view).collect()
}

fn view(record: &Record) -> TypeView {
    TypeView {
        provider: Provider::Azure,
        name: record.view.clone(),
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
        let views = type_views();
        let names: BTreeSet<&str> = views.iter().map(|view| view.name.as_str()).collect();
        assert_eq!(names.len(), views.len());
        assert!(names.contains("storage_account") && names.contains("sql_database"), "{names:?}");
    }
}
