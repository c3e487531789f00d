//! Checks: each is a packaged query over the estate as it will be, and fills `controls.check_results`.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::Check;

use crate::{Sealing, WarehouseError, error, insert::replace_rows};

/// A check with the statement that carries it out: one for each control that it is evidence for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckQuery {
    /// What is checked.
    pub check: Check,
    /// One SELECT of `resource_key`, `status` and `reason`.
    pub sql: String,
}

impl Sealing<'_> {
    /// Runs the checks and writes `controls.checks` and `controls.check_results`, in place of what was there. A check
    /// that is evidence for several controls is run once.
    ///
    /// A place that could not be listed is a row of its own with the status unknown. So is a check in `broken`, which
    /// is not run: its value is why.
    ///
    /// # Errors
    /// [`WarehouseError::Check`] names the check that DuckDB refused. The seal can't go on then, because DuckDB ends
    /// the transaction: begin it again with the check among `broken`.
    pub fn run_checks(
        &mut self,
        checks: &[CheckQuery],
        broken: &BTreeMap<String, String>,
    ) -> Result<(), WarehouseError> {
        replace_rows(self.connection(), "controls.checks", checks.iter().map(|each| &each.check))?;
        let doing = error::database("noting checks");
        self.connection().execute_batch("DELETE FROM controls.check_results").map_err(&doing)?;
        let mut run = BTreeSet::new();
        for each in checks.iter().filter(|each| run.insert(&each.check.check_id)) {
            let check_id = &each.check.check_id;
            if let Some(reason) = broken.get(check_id) {
                self.connection().execute(include_str!("sql/broken_check.sql"), [check_id, reason]).map_err(&doing)?;
                continue;
            }
            let statement = include_str!("sql/run_check.sql").replace("SELECT_OF_CHECK", single(&each.sql));
            self.connection().execute(&statement, [check_id]).map_err(|source| WarehouseError::Check {
                check_id: check_id.clone(),
                source: error::failure(source),
            })?;
        }
        self.connection().execute_batch(include_str!("sql/unlisted_places.sql")).map_err(&doing)
    }
}

/// A statement without what ends it, so that it can stand in parentheses.
fn single(sql: &str) -> &str {
    sql.trim_end().trim_end_matches(';')
}
