//! Documents that vendors send beside a SOC 2 report or in its place: kept as what they are, and never counted as one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ReportType, vocabulary::vocabulary};

vocabulary! {
    /// What a document is that is no SOC 2 report.
    DocumentKind {
        /// A report on controls over financial reporting.
        Soc1 => "soc1",
        /// The public summary of a SOC 2 report.
        Soc3 => "soc3",
        /// A certificate of ISO/IEC 27001 or a sister standard.
        IsoCertificate => "iso_certificate",
        /// An attestation of compliance with PCI DSS.
        PciAttestation => "pci_aoc",
        /// A penetration test's report, summary or letter.
        PenetrationTest => "penetration_test",
    }
}

impl DocumentKind {
    /// Why nothing is inherited from it, in words.
    pub const fn limits(self) -> &'static str {
        match self {
            Self::Soc1 => {
                "it speaks for controls over financial reporting and not for the trust services criteria: nothing can be inherited from it"
            }
            Self::Soc3 => "it has no tests of controls and no complementary controls: nothing can be inherited from it",
            Self::IsoCertificate => {
                "it certifies a management system and shows no tests of controls against the trust services criteria: nothing can be inherited from it"
            }
            Self::PciAttestation => {
                "it attests to PCI DSS for cardholder data and not to the trust services criteria: nothing can be inherited from it"
            }
            Self::PenetrationTest => {
                "it shows what testers found in some days and no controls that operate over a period: nothing can be inherited from it"
            }
        }
    }
}

vocabulary! {
    /// How such a document stands on a day. None of these words counts as coverage of a criterion.
    DocumentStanding {
        /// Still valid, or not older than a report may be: worth a look beside a report.
        Informative => "informative",
        /// No longer valid, or older than a report may be.
        Lapsed => "lapsed",
        /// It says no day by which that could be told.
        NotEvaluable => "not_evaluable",
    }
}

/// The metadata of a document that is no SOC 2 report: one row of `parties.other_documents`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OtherDocument {
    /// Stable id, from vendor, kind, standard, title and time.
    pub document_id: String,
    /// What it is.
    pub kind: DocumentKind,
    /// The vendor, where the input names it by its directory id.
    pub party_id: Option<String>,
    /// Whose it is, as printed.
    pub organization: Option<String>,
    /// What it is about, as printed: the system, the scope of the certificate, the services assessed.
    pub title: Option<String>,
    /// The standard (`ISO/IEC 27001:2022`, `PCI DSS 4.0.1`).
    pub standard: Option<String>,
    /// The auditor, the certification body, the assessor or the tester.
    pub issuer: Option<String>,
    /// Type 1 or type 2 of a SOC 1 report.
    pub report_type: Option<ReportType>,
    /// First day of the period that it speaks for.
    pub period_start: Option<Date>,
    /// Last day of that period.
    pub period_end: Option<Date>,
    /// The day that it speaks for.
    pub as_of: Option<Date>,
    /// The day it was issued or signed.
    pub issued_on: Option<Date>,
    /// First day of its validity.
    pub valid_from: Option<Date>,
    /// Last day of its validity.
    pub valid_until: Option<Date>,
    /// Where it was read from: a path or an address.
    pub source: String,
    /// SHA-256 of the input, lower-case hex.
    pub source_sha256: String,
    /// How it was read: `fields` with page, quote and confidence, `not_found`, `warnings`.
    pub extraction: Value,
}

impl OtherDocument {
    /// The last day that it says something about: of its period, else the day that it speaks for or was issued on.
    pub fn last_day(&self) -> Option<Date> {
        self.period_end.or(self.as_of).or(self.issued_on).or(self.valid_from)
    }
}

/// A document with the third party it speaks for and how it stands: one row of `parties.other_documents`.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedDocument {
    /// The document as read.
    pub document: OtherDocument,
    /// The third party it speaks for.
    pub party_id: Option<String>,
    /// How it stands. No word of it is coverage.
    pub reliance: DocumentStanding,
    /// The day it was judged for.
    pub judged_on: Date,
}
