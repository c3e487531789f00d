//! Obligations and the size of an audit as rows.

use serde::{Deserialize, Serialize};

use crate::{Owner, vocabulary::vocabulary};

vocabulary! {
    /// What an obligation asks of us.
    Treatment {
        /// We own it outright for this provider.
        Customer => "customer",
        /// Both own part: by the responsibility matrix, or the provider's report hands it back as a CUEC.
        Shared => "shared",
        /// The provider owns it and its report can be relied on for this criterion.
        Inherited => "inherited",
        /// The provider owns it and no report can be relied on.
        Assess => "assess",
        /// The party has no bearing on the criterion.
        NotApplicable => "not_applicable",
    }
}

impl Treatment {
    /// Whether the control has to be shown again for this party.
    pub const fn repeats(self) -> bool {
        matches!(self, Self::Customer | Self::Shared | Self::Assess)
    }
}

/// The party id under which controls that are shown once, for us and not for a provider, appear among obligations.
///
/// The same word as the graph's node for us. It is no third party: it counts in no `third_parties`, naive or real size.
pub const OWN_ORGANIZATION: &str = "organization";

/// One (control, criterion, third party): one row of `scoping.obligations`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Obligation {
    /// The scenario.
    pub scenario: String,
    /// The control.
    pub control_id: String,
    /// The criterion.
    pub criterion_id: String,
    /// The third party.
    pub party_id: String,
    /// What it asks of us.
    pub treatment: Treatment,
    /// Who owns the control here.
    pub owner: Owner,
    /// The reasons, in the order in which they decided.
    pub basis: Vec<String>,
    /// The report that is relied on.
    pub report_id: Option<String>,
    /// How many pieces of evidence are asked for.
    pub evidence_requests: u32,
    /// How many of those the inventory answers.
    pub evidence_answered: u32,
    /// The population that the control is tested on, where the inventory knows it.
    pub population: Option<u64>,
    /// Samples to draw, where the control operates over a period.
    pub sample_size: Option<u32>,
    /// Hours, optimistic.
    pub hours_low: f64,
    /// Hours, most likely.
    pub hours_likely: f64,
    /// Hours, pessimistic.
    pub hours_high: f64,
    /// `framework:control` whose evidence is reused.
    pub reused_from: Option<String>,
}

/// The size of one scenario: one row of `scoping.sizing`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sizing {
    /// The scenario.
    pub scenario: String,
    /// Criteria of the chosen categories.
    pub criteria: u32,
    /// Third parties in scope.
    pub third_parties: u32,
    /// `criteria × third_parties`: each for each.
    pub naive_size: u32,
    /// (criterion, party) pairs that are left when every report is relied on and nothing is tested at the vendor.
    pub carve_out_size: u32,
    /// (criterion, party) pairs when subservice organizations are tested at their sites.
    pub inclusive_size: u32,
    /// (criterion, party) pairs that really repeat.
    pub real_size: u32,
    /// Obligations by treatment.
    pub customer: u32,
    /// See `customer`.
    pub shared: u32,
    /// See `customer`.
    pub inherited: u32,
    /// See `customer`.
    pub assess: u32,
    /// See `customer`.
    pub not_applicable: u32,
    /// Reports to review.
    pub report_reviews: u32,
    /// Vendors to assess directly.
    pub vendor_assessments: u32,
    /// Pieces of evidence asked for.
    pub evidence_requests: u32,
    /// Pieces of evidence that the inventory answers.
    pub evidence_answered: u32,
    /// Hours, optimistic.
    pub hours_low: f64,
    /// Hours, most likely.
    pub hours_likely: f64,
    /// Hours, pessimistic.
    pub hours_high: f64,
    /// PERT mean of the hours.
    pub hours_pert: f64,
    /// Coverage rows of the run that are not `ok`: what the size can't know.
    pub incomplete_units: u32,
}
