//! Documents of vendors that are no SOC 2 report: kept as they were read, every version, and written with their parties.

use carveout_model::{JudgedDocument, OtherDocument};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Sealing, WarehouseError, error,
    insert::{insert_rows, replace_rows},
};

#[derive(Deserialize)]
struct Imported {
    document: OtherDocument,
}

#[derive(Serialize)]
struct ImportRow<'a> {
    document_id: &'a str,
    source_sha256: &'a str,
    document: &'a OtherDocument,
    imported_at: Timestamp,
}

#[derive(Serialize)]
struct DocumentRow<'a> {
    document_id: &'a str,
    kind: &'a str,
    party_id: Option<&'a str>,
    organization: Option<&'a str>,
    title: Option<&'a str>,
    standard: Option<&'a str>,
    issuer: Option<&'a str>,
    report_type: Option<&'a str>,
    period_start: Option<Date>,
    period_end: Option<Date>,
    as_of: Option<Date>,
    issued_on: Option<Date>,
    valid_from: Option<Date>,
    valid_until: Option<Date>,
    reliance: &'a str,
    limits: &'a str,
    judged_on: Date,
    source: &'a str,
    source_sha256: &'a str,
    extraction: &'a serde_json::Value,
}

impl Sealing<'_> {
    /// The last version of every document that was imported, as it was read.
    ///
    /// # Errors
    /// DuckDB refuses, or a row is of another version.
    pub fn imported_documents(&self) -> Result<Vec<OtherDocument>, WarehouseError> {
        let found: Vec<Imported> = self.rows(
            "SELECT document FROM parties.other_document_imports
            QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY imported_at DESC, source_sha256) = 1
            ORDER BY document_id",
            &[],
        )?;
        Ok(found.into_iter().map(|row| row.document).collect())
    }

    /// Keeps documents as they were read. One of the same id and hash replaces itself; another version is a row of its own.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn import_documents(&mut self, documents: &[OtherDocument]) -> Result<(), WarehouseError> {
        for document in documents {
            self.connection()
                .execute(
                    "DELETE FROM parties.other_document_imports WHERE document_id = ? AND source_sha256 = ?",
                    [&document.document_id, &document.source_sha256],
                )
                .map_err(error::database("replacing a document"))?;
        }
        let imported_at = self.at();
        let rows = documents.iter().map(|document| ImportRow {
            document_id: &document.document_id,
            source_sha256: &document.source_sha256,
            document,
            imported_at,
        });
        insert_rows(self.connection(), "parties.other_document_imports", rows)
    }

    /// Writes `parties.other_documents`.
    ///
    /// # Errors
    /// DuckDB refuses.
    pub fn write_documents(&mut self, documents: &[JudgedDocument]) -> Result<(), WarehouseError> {
        replace_rows(self.connection(), "parties.other_documents", documents.iter().map(document_row))
    }
}

fn document_row(judged: &JudgedDocument) -> DocumentRow<'_> {
    let document = &judged.document;
    DocumentRow {
        document_id: &document.document_id,
        kind: document.kind.as_str(),
        party_id: judged.party_id.as_deref(),
        organization: document.organization.as_deref(),
        title: document.title.as_deref(),
        standard: document.standard.as_deref(),
        issuer: document.issuer.as_deref(),
        report_type: document.report_type.map(|report_type| report_type.as_str()),
        period_start: document.period_start,
        period_end: document.period_end,
        as_of: document.as_of,
        issued_on: document.issued_on,
        valid_from: document.valid_from,
        valid_until: document.valid_until,
        reliance: judged.reliance.as_str(),
        limits: document.kind.limits(),
        judged_on: judged.judged_on,
        source: &document.source,
        source_sha256: &document.source_sha256,
        extraction: &document.extraction,
    }
}
