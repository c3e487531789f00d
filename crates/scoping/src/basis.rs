//! Why a cell of the responsibility matrix is as it is.

use std::fmt;

use carveout_model::{Layer, Owner, ServiceModel};
use jiff::civil::Date;
use serde::Serialize;

use crate::catalogue::OwnerRule;

/// One reason for the owner of a cell; several stand together, in the order in which they decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Basis {
    /// The default cell: service model × layer.
    LayerDefault {
        /// The service model.
        service_model: ServiceModel,
        /// The layer.
        layer: Layer,
        /// Who owns it there.
        owner: Owner,
        /// Where that is written.
        source: String,
    },
    /// The criterion's own row, for controls that name no layer: service model × criterion.
    CriterionDefault {
        /// The service model.
        service_model: ServiceModel,
        /// The criterion.
        criterion_id: String,
        /// Who owns it there.
        owner: Owner,
        /// Where that is written.
        source: String,
    },
    /// What the provider publishes about one of its services: a row of `service_owners.csv`.
    Service {
        /// The service.
        service: String,
        /// Who owns it there.
        owner: Owner,
        /// The fact that decides.
        reason: String,
        /// Where it is published.
        source: String,
    },
    /// Governance and vendor management never move to a provider.
    NeverMoves {
        /// `CC1` to `CC5` and `CC9`.
        series: String,
    },
    /// The controls on the criterion are shown once, for us, whoever the providers are.
    ShownOnce,
    /// The party's role has no bearing on the criterion.
    Role {
        /// The role and the rule.
        reason: String,
    },
    /// A row of `responsibility_overrides.csv`.
    Override {
        /// Who owns it.
        owner: Owner,
        /// The reason that was given.
        reason: String,
        /// The file and line.
        source: String,
    },
    /// An override of the scenario.
    ScenarioOverride {
        /// The owner or treatment.
        verdict: String,
        /// The controls it decides on this criterion.
        control_ids: Vec<String>,
        /// The reason that was given.
        reason: String,
    },
    /// A report hands part of it back to us.
    UserEntityControls {
        /// The report.
        report_id: String,
        /// Its references.
        cuec_refs: Vec<String>,
    },
    /// What the provider owns is shown by its report.
    Report {
        /// The report.
        report_id: String,
        /// The first day it speaks for.
        period_start: Option<Date>,
        /// The last day it speaks for.
        period_end: Option<Date>,
        /// How it stands.
        reason: String,
    },
    /// A report that the scenario takes for granted.
    AssumedReport,
    /// The provider is said to own it and no report shows that: a claim only.
    Claim {
        /// What stands in the way.
        reason: String,
    },
}

impl Basis {
    pub(crate) fn rule(rule: &OwnerRule) -> Self {
        Self::Override { owner: rule.owner, reason: rule.reason.clone(), source: rule.source.clone() }
    }

    pub(crate) fn service(rule: &OwnerRule) -> Self {
        Self::Service {
            service: rule.service.clone().unwrap_or_default(),
            owner: rule.owner,
            reason: rule.reason.clone(),
            source: rule.source.clone(),
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LayerDefault { service_model, layer, owner, .. } => {
                write!(f, "default: {layer} under {service_model}: {owner}")
            }
            Self::CriterionDefault { service_model, criterion_id, owner, .. } => {
                write!(f, "criterion table: {criterion_id} under {service_model}: {owner}")
            }
            Self::Service { service, owner, reason, source } => {
                write!(f, "service {service}: {owner}: {reason} ({source})")
            }
            Self::NeverMoves { series } => write!(f, "{series} never moves to a provider"),
            Self::ShownOnce => f.write_str("shown once, for the organization and not for each third party"),
            Self::Role { reason } => write!(f, "role {reason}"),
            Self::Override { owner, reason, source } => write!(f, "override ({source}): {owner}: {reason}"),
            Self::ScenarioOverride { verdict, control_ids, reason } => {
                write!(f, "scenario's override of {}: {verdict}: {reason}", control_ids.join(", "))
            }
            Self::UserEntityControls { report_id, cuec_refs } => {
                write!(f, "report {report_id} hands it back to us: {}", cuec_refs.join(", "))
            }
            Self::Report { report_id, reason, .. } => write!(f, "report {report_id}: {reason}"),
            Self::AssumedReport => f.write_str("a clean report is assumed by the scenario"),
            Self::Claim { reason } => write!(f, "a claim only: {reason}"),
        }
    }
}
