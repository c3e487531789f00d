//! Rows of reliance: the days that reports speak for, what vendors assume of their own providers, what comes back to us,
//! and by which name a party was found.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{CheckStatus, vocabulary::vocabulary};

vocabulary! {
    /// What speaks for a third party on a day, the strongest first.
    CoverageClass {
        /// A type 2 report whose period holds the day.
        Report => "report",
        /// A bridge letter: the vendor's own word, without an auditor.
        BridgeLetter => "bridge_letter",
        /// A report that may speak for the day and can't be judged: under NDA, a section missing, its period unknown.
        NotEvaluable => "not_evaluable",
        /// Nothing.
        Nothing => "nothing",
    }
}

/// Consecutive days of an audit period for which the same speaks for a third party on a criterion: one row of
/// `scoping.report_coverage`. The rows of a party and a criterion add up to the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportCoverage {
    /// The scenario.
    pub scenario: String,
    /// The third party.
    pub party_id: String,
    /// The criterion.
    pub criterion_id: String,
    /// What speaks for it.
    pub class: CoverageClass,
    /// First day.
    pub from_day: Date,
    /// Last day.
    pub to_day: Date,
    /// Days, both ends included.
    pub days: u32,
    /// The report, or the one that comes nearest where nothing speaks.
    pub report_id: Option<String>,
    /// Why, in words.
    pub reason: String,
}

vocabulary! {
    /// Whether a provider's own report shows what a vendor assumes of it, the best first.
    CsocStatus {
        /// It does.
        Shown => "shown",
        /// Its auditor found an exception on the criterion.
        Exception => "exception",
        /// Its opinion is qualified on the criterion.
        Qualified => "qualified",
        /// It covers another category, or no control of it is tested for the criterion.
        NotTested => "not_tested",
        /// It can't be told: the report can't be judged, or the vendor does not say of whom or for which criterion.
        NotEvaluable => "not_evaluable",
        /// Its report can't be relied on: stale, expired, unreliable, or of another period.
        NotRelied => "not_relied",
        /// No report of it is at hand.
        NoReport => "no_report",
    }
}

/// What a vendor assumes of one of its own providers, on one criterion: one row of `scoping.csoc_coverage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsocCoverage {
    /// The scenario.
    pub scenario: String,
    /// The vendor that assumes it.
    pub vendor_id: String,
    /// The vendor's report.
    pub report_id: String,
    /// That report's own reference.
    pub csoc_ref: String,
    /// The provider that it is assumed of, where that is known.
    pub party_id: Option<String>,
    /// The criterion; none where the report names none.
    pub criterion_id: Option<String>,
    /// Whether the provider's report shows it.
    pub status: CsocStatus,
    /// The provider's report that decided.
    pub shown_by: Option<String>,
    /// Why, in words.
    pub reason: String,
}

/// A complementary user entity control with who answers for it: one row of `scoping.cuec_trace`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CuecRow {
    /// The scenario.
    pub scenario: String,
    /// The vendor that hands it to us.
    pub party_id: String,
    /// The vendor's report.
    pub report_id: String,
    /// That report's own reference.
    pub cuec_ref: String,
    /// What we have to do.
    pub description: String,
    /// The criteria it bears on.
    pub criteria: Vec<String>,
    /// Whether any of them is in scope; also where the report names none.
    pub in_scope: bool,
    /// `named`, `by_criterion`, `not_applicable` or `unowned`.
    pub ownership: String,
    /// What was said of the ownership, or what is missing.
    pub reason: Option<String>,
    /// Our controls that carry it out, or could.
    pub control_ids: Vec<String>,
    /// What the checks of these controls came to at the vendor; none where none looks there.
    pub evidence: Option<CheckStatus>,
    /// Resources that pass.
    pub passed: u64,
    /// Resources that fail.
    pub failed: u64,
    /// Resources of which it can't be told.
    pub unknown: u64,
}

vocabulary! {
    /// By what a name was found to be a party's.
    NameRule {
        /// The file that names it says the party's id.
        Given => "given",
        /// The workspace's own table says whose name it is.
        Workspace => "workspace",
        /// It is the id of a vendor of the directory.
        DirectoryId => "directory_id",
        /// It is the name of a vendor of the directory, whatever the case, punctuation and legal form.
        DirectoryName => "directory_name",
        /// It is another name of a vendor of the directory.
        DirectoryAlias => "directory_alias",
        /// It is the domain of a vendor of the directory.
        DirectoryDomain => "directory_domain",
        /// Nobody knows it: the party is called as it is printed.
        AsPrinted => "as_printed",
    }
}

vocabulary! {
    /// Where a party's name stands.
    NamePlace {
        /// A report is about it.
        Report => "report",
        /// A report names it as a subservice organization.
        SubserviceOrganization => "subservice_organization",
        /// The register of third parties lists it.
        Register => "register",
    }
}

/// One name by which a party goes: one row of `parties.names`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartyName {
    /// The party.
    pub party_id: String,
    /// The name as it is printed.
    pub name: String,
    /// Where.
    pub place: NamePlace,
    /// By what it was found to be this party's.
    pub rule: NameRule,
    /// The entry of the directory or the workspace that it matched; none where it matched nothing.
    pub matched: Option<String>,
}
