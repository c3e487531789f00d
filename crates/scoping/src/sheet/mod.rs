//! Reads mappings that their publishers hand out as sheets, for users with a licence for them: nothing of them ships.
//!
//! Rows in, edges out; opening the workbook is the caller's. Columns are found by their headers, in any order and below
//! any number of title rows. What could be checked against programs that read the published workbooks: the CSA's
//! `Scope Applicability (Mappings)` (framework names in one row, `Control Mapping`, `Gap Level` and `Addendum` below
//! each), the AICPA's `NIST 800-53 as Points of Focus` (`TRUST SERVICES CRITERIA`, `FRAMEWORK REFERENCE`,
//! `FRAMEWORK SPECIFIC POINTS OF FOCUS`) and the CIS's `All CIS Controls & Safeguards` (`CIS Safeguard` or
//! `CIS Sub-Control`, `Relationship`, the mapped framework's columns to its right). The AICPA's sheets for COBIT and
//! ISO 27001 could not be checked; they are read by the same rules, with the framework's name as another header for the
//! reference.

mod columns;
mod references;

use std::fmt;
use std::str::FromStr;

use carveout_model::Criterion;

use crate::crosswalk::CrosswalkEdge;
use crate::ids;
use columns::{Found, find_columns};
use references::{Reference, Safeguards};

/// Whose sheet it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetLayout {
    /// The CSA's Cloud Controls Matrix, `Scope Applicability (Mappings)`.
    CsaCcm,
    /// The AICPA's mapping of the trust services criteria to COBIT.
    AicpaCobit,
    /// The AICPA's mapping of the trust services criteria to NIST SP 800-53.
    AicpaNist80053,
    /// The AICPA's mapping of the trust services criteria to ISO/IEC 27001.
    AicpaIso27001,
    /// The CIS's mapping of its controls to the trust services criteria.
    CisControls,
}

impl SheetLayout {
    /// Every layout.
    pub const ALL: [Self; 5] =
        [Self::CsaCcm, Self::AicpaCobit, Self::AicpaNist80053, Self::AicpaIso27001, Self::CisControls];

    /// The word for it (`csa_ccm`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CsaCcm => "csa_ccm",
            Self::AicpaCobit => "aicpa_cobit",
            Self::AicpaNist80053 => "aicpa_nist_800_53",
            Self::AicpaIso27001 => "aicpa_iso_27001",
            Self::CisControls => "cis_controls",
        }
    }

    /// The framework whose controls it maps, as edges name it.
    pub const fn framework(self) -> &'static str {
        match self {
            Self::CsaCcm => "CSA-CCM",
            Self::AicpaCobit => "COBIT",
            Self::AicpaNist80053 => "NIST-800-53",
            Self::AicpaIso27001 => "ISO-27001",
            Self::CisControls => "CIS-Controls",
        }
    }

    /// The sheet of the workbook that it reads, where its name is known.
    pub const fn sheet_name(self) -> Option<&'static str> {
        match self {
            Self::CsaCcm => Some("Scope Applicability (Mappings)"),
            Self::AicpaNist80053 => Some("NIST 800-53 as Points of Focus"),
            Self::CisControls => Some("All CIS Controls & Safeguards"),
            Self::AicpaCobit | Self::AicpaIso27001 => None,
        }
    }
}

impl fmt::Display for SheetLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for SheetLayout {
    type Err = carveout_model::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|layout| layout.as_str() == word).ok_or_else(|| carveout_model::UnknownWord {
            word: word.to_owned(),
            expected: Self::ALL.map(Self::as_str).join(", "),
        })
    }
}

/// What the user says of a sheet; every edge keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetTerms {
    /// The framework's version (`4.0.13`).
    pub framework_version: String,
    /// Who published the mapping, and which edition.
    pub source: String,
    /// The licence under which the user holds it.
    pub licence: String,
}

/// Edges and what could not be read of a sheet: the one does not spoil the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetImport {
    /// What was read, in the order of the sheet.
    pub edges: Vec<CrosswalkEdge>,
    /// What was not, in the order of the sheet.
    pub problems: Vec<CellProblem>,
}

/// A cell that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// The cell as spreadsheets name it (`F12`).
    pub cell: String,
    /// What is wrong.
    pub cause: CellCause,
}

impl fmt::Display for CellProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.cell, self.cause)
    }
}

/// What can be wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CellCause {
    /// Not a criterion.
    #[error("`{text}` is no trust services criterion")]
    UnknownCriterion {
        /// The part of the cell.
        text: String,
    },
    /// Not a control of the framework.
    #[error("`{text}` is no {framework} control")]
    UnreadableReference {
        /// The cell.
        text: String,
        /// The framework.
        framework: &'static str,
    },
    /// A reference before any criterion was named.
    #[error("`{text}` stands under no criterion")]
    WithoutCriterion {
        /// The cell.
        text: String,
    },
}

/// A sheet without the columns of its layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the sheet does not look like {layout}: no row has {wanted}")]
pub struct SheetError {
    /// The layout.
    pub layout: SheetLayout,
    /// The headers that were looked for.
    pub wanted: String,
}

/// Reads a published sheet: one edge for each framework control and criterion that it maps.
///
/// # Errors
/// [`SheetError`] where the headers of the layout are not found. Single cells that can't be read are problems of the
/// import.
pub fn import_sheet(
    layout: SheetLayout,
    rows: &[Vec<String>],
    criteria: &[Criterion],
    terms: &SheetTerms,
) -> Result<SheetImport, SheetError> {
    let found = find_columns(layout, rows)?;
    let mut reader = SheetReader { layout, criteria, terms, import: SheetImport::default() };
    match layout {
        SheetLayout::CsaCcm => reader.read_ccm(rows, &found),
        SheetLayout::CisControls => reader.read_cis(rows, &found),
        SheetLayout::AicpaCobit | SheetLayout::AicpaNist80053 | SheetLayout::AicpaIso27001 => {
            reader.read_aicpa(rows, &found);
        }
    }
    Ok(reader.import)
}

/// Cells that say that nothing is mapped.
fn is_nothing(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "" | "-" | "–" | "none" | "n/a" | "na" | "no mapping" | "no mappings")
}

fn cell_name(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", row + 1)
}

struct SheetReader<'a> {
    layout: SheetLayout,
    criteria: &'a [Criterion],
    terms: &'a SheetTerms,
    import: SheetImport,
}

impl SheetReader<'_> {
    fn problem(&mut self, row: usize, column: usize, cause: CellCause) {
        self.import.problems.push(CellProblem { cell: cell_name(row, column), cause });
    }

    fn edge(&mut self, control_id: &str, criterion_id: &str, level: &str, relation: &str) {
        let edge = CrosswalkEdge {
            framework: self.layout.framework().to_owned(),
            framework_version: self.terms.framework_version.clone(),
            framework_control_id: control_id.to_owned(),
            criterion_id: criterion_id.to_owned(),
            level: level.to_owned(),
            relation: relation.to_owned(),
            source: self.terms.source.clone(),
            licence: self.terms.licence.clone(),
        };
        // A sheet repeats a pair for each point of focus.
        if !self.import.edges.contains(&edge) {
            self.import.edges.push(edge);
        }
    }

    fn is_criterion(&self, id: &str) -> bool {
        self.criteria.iter().any(|each| each.criterion_id == id)
    }

    /// The criteria that a cell lists, separated by commas, semicolons, lines or spaces; `CC 6.1` is one.
    fn criteria_of(&mut self, row: usize, column: usize, cell: &str) -> Vec<String> {
        let mut found = Vec::new();
        for part in cell.split([',', ';', '\n']).filter(|part| !is_nothing(part.trim())) {
            let whole = ids::criterion(part);
            if self.is_criterion(&whole) {
                found.push(whole);
                continue;
            }
            for word in part.split_whitespace() {
                let id = ids::criterion(word);
                if self.is_criterion(&id) {
                    found.push(id);
                } else {
                    self.problem(row, column, CellCause::UnknownCriterion { text: word.to_owned() });
                }
            }
        }
        found
    }

    /// One control a row; the criteria in the column of the trust services criteria, the gap beside them.
    fn read_ccm(&mut self, rows: &[Vec<String>], found: &Found) {
        for (at, row) in rows.iter().enumerate().skip(found.header + 1) {
            let (id, mapping) = (found.text(row, found.control), found.text(row, found.reference));
            // Rows without an id are the names of domains and the remarks at the end.
            if id.is_empty() || is_nothing(mapping) {
                continue;
            }
            let Some(id) = Reference::Ccm.read(id) else {
                let (text, framework) = (id.to_owned(), self.layout.framework());
                self.problem(at, found.control, CellCause::UnreadableReference { text, framework });
                continue;
            };
            let relation = found.relation.map_or("", |column| found.text(row, column));
            let relation = if relation.is_empty() { "related".to_owned() } else { word(relation) };
            // The CSA's word for criteria that do not serve the control.
            if relation == "full_gap" {
                continue;
            }
            for criterion in self.criteria_of(at, found.reference, mapping) {
                self.edge(&id, &criterion, "criterion", &relation);
            }
        }
    }

    /// One pair a row: a safeguard, how it relates, and the criteria.
    fn read_cis(&mut self, rows: &[Vec<String>], found: &Found) {
        let mut safeguards = Safeguards::default();
        for (at, row) in rows.iter().enumerate().skip(found.header + 1) {
            let (id, mapping) = (found.text(row, found.control), found.text(row, found.reference));
            if id.is_empty() {
                continue;
            }
            let Some(id) = safeguards.read(id) else {
                let (text, framework) = (id.to_owned(), self.layout.framework());
                self.problem(at, found.control, CellCause::UnreadableReference { text, framework });
                continue;
            };
            if is_nothing(mapping) {
                continue;
            }
            let relation = found.relation.map_or("", |column| found.text(row, column));
            let relation = if is_nothing(relation) { "related".to_owned() } else { word(relation) };
            for criterion in self.criteria_of(at, found.reference, mapping) {
                self.edge(&id, &criterion, "criterion", &relation);
            }
        }
    }

    /// Criteria as headings or in every row, and what refers to them beside or below.
    fn read_aicpa(&mut self, rows: &[Vec<String>], found: &Found) {
        let kind = match self.layout {
            SheetLayout::AicpaCobit => Reference::Cobit,
            SheetLayout::AicpaIso27001 => Reference::Iso27001,
            _ => Reference::Nist80053,
        };
        let mut current: Option<String> = None;
        for (at, row) in rows.iter().enumerate().skip(found.header + 1) {
            let named = references::criterion_in(found.text(row, found.control), |id| self.is_criterion(id));
            let level = match named {
                references::Named::Criterion(id) => {
                    current = Some(id);
                    "criterion"
                }
                // The heading of a series ends the criterion before it.
                references::Named::Other => {
                    current = None;
                    "criterion"
                }
                references::Named::Nothing => "point_of_focus",
            };
            let level = if self.layout == SheetLayout::AicpaNist80053 { "point_of_focus" } else { level };
            let cell = found.text(row, found.reference);
            if is_nothing(cell) {
                continue;
            }
            let references = kind.list(cell);
            if references.is_empty() {
                let (text, framework) = (cell.to_owned(), self.layout.framework());
                self.problem(at, found.reference, CellCause::UnreadableReference { text, framework });
                continue;
            }
            let Some(criterion) = current.clone() else {
                self.problem(at, found.reference, CellCause::WithoutCriterion { text: cell.to_owned() });
                continue;
            };
            for reference in references {
                self.edge(&reference, &criterion, level, "related");
            }
        }
    }
}

/// A publisher's word in the form of our tables: `Partial Gap` is `partial_gap`.
fn word(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join("_")
}
