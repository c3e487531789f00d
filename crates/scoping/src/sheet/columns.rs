//! Finds the columns of a layout by their headers.

use super::{SheetError, SheetLayout};

/// Title rows above the headers are fewer than this.
const HEADER_WITHIN: usize = 25;

/// Where things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The row of headers.
    pub header: usize,
    /// The framework's control; in the AICPA's sheets the criterion.
    pub control: usize,
    /// The criteria; in the AICPA's sheets the framework's controls.
    pub reference: usize,
    /// How the two relate.
    pub relation: Option<usize>,
}

impl Found {
    pub fn text<'a>(&self, row: &'a [String], column: usize) -> &'a str {
        row.get(column).map_or("", |cell| cell.trim())
    }
}

fn plain(cell: &str) -> String {
    cell.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn speaks_of_criteria(cell: &str) -> bool {
    ["trust services", "tsc", "aicpa", "soc 2", "soc2"].iter().any(|word| cell.contains(word))
}

pub(super) fn find_columns(layout: SheetLayout, rows: &[Vec<String>]) -> Result<Found, SheetError> {
    let lines: Vec<Vec<String>> =
        rows.iter().take(HEADER_WITHIN).map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
    let find: fn(&[Vec<String>], usize) -> Option<Found> = match layout {
        SheetLayout::CsaCcm => ccm,
        SheetLayout::CisControls => cis,
        SheetLayout::AicpaCobit => |lines: &[Vec<String>], at| aicpa(lines, at, &["cobit"]),
        SheetLayout::AicpaNist80053 => |lines: &[Vec<String>], at| aicpa(lines, at, &["800-53", "nist"]),
        SheetLayout::AicpaIso27001 => |lines: &[Vec<String>], at| aicpa(lines, at, &["iso", "27001"]),
    };
    let wanted = match layout {
        SheetLayout::CsaCcm => "`Control ID` and, under the trust services criteria, `Control Mapping`",
        SheetLayout::CisControls => "`CIS Safeguard` (or `CIS Sub-Control`) and `Relationship`",
        SheetLayout::AicpaCobit => "`Trust Services Criteria` and `Framework Reference` (or COBIT)",
        SheetLayout::AicpaNist80053 => "`Trust Services Criteria` and `Framework Reference` (or NIST 800-53)",
        SheetLayout::AicpaIso27001 => "`Trust Services Criteria` and `Framework Reference` (or ISO 27001)",
    };
    (0..lines.len()).find_map(|at| find(&lines, at)).ok_or_else(|| SheetError { layout, wanted: wanted.to_owned() })
}

/// Framework names may stand in the row above, over the first of their columns, or in the header itself.
fn ccm(lines: &[Vec<String>], header: usize) -> Option<Found> {
    let cells = &lines[header];
    let control = cells.iter().position(|cell| cell == "control id")?;
    let is_mapping = |column: usize| cells.get(column).is_some_and(|cell| cell.ends_with("mapping"));
    let in_header = (0..cells.len()).find(|column| speaks_of_criteria(&cells[*column]) && is_mapping(*column));
    let above = || {
        let groups = lines.get(header.checked_sub(1)?)?;
        let start = groups.iter().position(|cell| speaks_of_criteria(cell))?;
        let end = (start + 1..groups.len()).find(|column| !groups[*column].is_empty()).unwrap_or(cells.len());
        (start..end).find(|column| is_mapping(*column))
    };
    let reference = in_header.or_else(above)?;
    // The gap stands beside its mapping; a later one is another framework's.
    let relation = (reference + 1..cells.len())
        .take_while(|column| !is_mapping(*column))
        .find(|column| cells[*column].contains("gap"));
    Some(Found { header, control, reference, relation })
}

fn cis(lines: &[Vec<String>], header: usize) -> Option<Found> {
    let cells = &lines[header];
    let control = cells.iter().position(|cell| cell == "cis safeguard" || cell == "cis sub-control")?;
    let relation = cells.iter().position(|cell| cell == "relationship")?;
    let named = (0..cells.len()).find(|column| *column != control && speaks_of_criteria(&cells[*column]));
    Some(Found { header, control, reference: named.unwrap_or(relation + 1), relation: Some(relation) })
}

fn aicpa(lines: &[Vec<String>], header: usize, names: &[&str]) -> Option<Found> {
    let cells = &lines[header];
    let control = cells.iter().position(|cell| cell.contains("trust services criteria") || cell.starts_with("tsc"))?;
    let others = || (0..cells.len()).filter(|column| *column != control);
    let reference = others()
        .find(|column| cells[*column] == "framework reference")
        .or_else(|| others().find(|column| names.iter().any(|name| cells[*column].contains(name))))?;
    Some(Found { header, control, reference, relation: None })
}
