//! Reliance, table by table: what is written beside the rest of what is derived, in the same seal.

use carveout_model::{CsocCoverage, CuecRow, PartyName, ReportCoverage};

use crate::{Sealing, WarehouseError, insert::replace_rows};

/// What scenarios may rely on, and who is meant by whom.
#[derive(Debug, Clone, Copy, Default)]
pub struct RelianceRows<'a> {
    /// The names by which parties go.
    pub names: &'a [PartyName],
    /// The days that reports speak for.
    pub coverage: &'a [ReportCoverage],
    /// What vendors assume of their own providers.
    pub csocs: &'a [CsocCoverage],
    /// What comes back to us.
    pub cuecs: &'a [CuecRow],
}

impl Sealing<'_> {
    /// Writes `parties.names`, `scoping.report_coverage`, `scoping.csoc_coverage` and `scoping.cuec_trace`.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn write_reliance(&mut self, rows: &RelianceRows<'_>) -> Result<(), WarehouseError> {
        let connection = self.connection();
        replace_rows(connection, "parties.names", rows.names)?;
        replace_rows(connection, "scoping.report_coverage", rows.coverage)?;
        replace_rows(connection, "scoping.csoc_coverage", rows.csocs)?;
        replace_rows(connection, "scoping.cuec_trace", rows.cuecs)
    }
}
