//! What a vendor's SOC 2 report says, as far as scoping needs it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Category, ReportType, vocabulary::vocabulary};

vocabulary! {
    /// The service auditor's opinion.
    Opinion {
        /// Without qualification.
        Unqualified => "unqualified",
        /// Except for named criteria.
        Qualified => "qualified",
        /// The description or the controls are not fairly presented.
        Adverse => "adverse",
        /// No opinion could be given.
        Disclaimer => "disclaimer",
    }
}

vocabulary! {
    /// How a report treats a subservice organization.
    SubserviceMethod {
        /// Its controls are left out; complementary subservice organization controls are assumed.
        CarveOut => "carve_out",
        /// Its controls are described and tested in the same report.
        Inclusive => "inclusive",
    }
}

vocabulary! {
    /// Whether a report's period still speaks for the day it was judged for. Opinion and exceptions are separate facts.
    Reliance {
        /// Up to twelve months after the period's end.
        Current => "current",
        /// Closed by a bridge letter of up to three months.
        Bridged => "bridged",
        /// Up to fifteen months after the period's end, without a letter.
        Stale => "stale",
        /// Older.
        Expired => "expired",
        /// Never: a type 1, an adverse opinion or a disclaimer.
        Unreliable => "unreliable",
        /// It can't be told: the period, the opinion or the categories are not known.
        NotEvaluable => "not_evaluable",
    }
}

/// A subservice organization that a report names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubserviceOrganization {
    /// The name as printed.
    pub name: String,
    /// Carve-out or inclusive.
    pub method: SubserviceMethod,
    /// What it does for the service organization.
    pub services: Option<String>,
}

/// A complementary user entity control: what the vendor hands back to us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserEntityControl {
    /// The report's own reference.
    pub cuec_ref: String,
    /// The criteria it bears on.
    pub criteria: Vec<String>,
    /// What the user entity has to do.
    pub description: String,
}

/// A complementary subservice organization control: what the vendor assumes of its own providers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubserviceControl {
    /// The report's own reference.
    pub csoc_ref: String,
    /// The subservice organization it is assumed of, as printed.
    pub organization: Option<String>,
    /// The criteria it bears on.
    pub criteria: Vec<String>,
    /// What is assumed.
    pub description: String,
}

/// One control of the tests of controls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportControl {
    /// The report's own reference.
    pub control_ref: String,
    /// The criteria it serves.
    pub criteria: Vec<String>,
    /// The control.
    pub description: String,
    /// The auditor's test.
    pub test: Option<String>,
    /// The result of the test.
    pub result: Option<String>,
    /// Whether an exception was noted.
    pub exception: bool,
}

/// An exception in the tests of controls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    /// The control it was found in.
    pub control_ref: String,
    /// The criteria it bears on.
    pub criteria: Vec<String>,
    /// What was found.
    pub description: String,
    /// What management answers.
    pub management_response: Option<String>,
}

/// The metadata of one SOC 2 report: one row of `parties.reports` with its children.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Soc2Report {
    /// Stable id, from vendor, system and period.
    pub report_id: String,
    /// The vendor, where the input names it by its directory id.
    pub party_id: Option<String>,
    /// The service organization, as printed.
    pub organization: String,
    /// The system the report describes.
    pub system: Option<String>,
    /// Type 1 or type 2.
    pub report_type: ReportType,
    /// The service auditor.
    pub auditor: Option<String>,
    /// First day of a type 2's period.
    pub period_start: Option<Date>,
    /// Last day of a type 2's period.
    pub period_end: Option<Date>,
    /// The day that a type 1 speaks for.
    pub as_of: Option<Date>,
    /// The day the auditor signed.
    pub issued_on: Option<Date>,
    /// The opinion, where it was found.
    pub opinion: Option<Opinion>,
    /// The criteria that a qualified opinion excepts.
    pub qualified_criteria: Vec<String>,
    /// The categories the report covers.
    pub categories: Vec<Category>,
    /// The last day that a bridge letter speaks for.
    pub bridge_until: Option<Date>,
    /// Subservice organizations.
    pub subservice_organizations: Vec<SubserviceOrganization>,
    /// Complementary user entity controls.
    pub user_entity_controls: Vec<UserEntityControl>,
    /// Complementary subservice organization controls.
    pub subservice_controls: Vec<SubserviceControl>,
    /// The tests of controls.
    pub controls: Vec<ReportControl>,
    /// Exceptions.
    pub exceptions: Vec<Exception>,
    /// Where it was read from: a path or an address.
    pub source: String,
    /// SHA-256 of the input, lower-case hex.
    pub source_sha256: String,
    /// How it was read and with what confidence (`{"reader": "card", "confidence": 1.0}`).
    pub extraction: Value,
}
