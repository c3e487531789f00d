//! Criteria, controls and the scope of an audit.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::vocabulary::vocabulary;

vocabulary! {
    /// A category of the trust services criteria.
    Category {
        /// The common criteria CC1 to CC9; in every audit.
        Security => "security",
        /// A1.
        Availability => "availability",
        /// C1.
        Confidentiality => "confidentiality",
        /// PI1.
        ProcessingIntegrity => "processing_integrity",
        /// P1 to P8.
        Privacy => "privacy",
    }
}

vocabulary! {
    /// Type 1 speaks for a day and for design; type 2 for a period and for operation.
    ReportType {
        /// Design, on one day.
        Type1 => "type1",
        /// Design and operation, over a period.
        Type2 => "type2",
    }
}

vocabulary! {
    /// Whether a person or a machine carries the control out.
    ControlKind {
        /// By people.
        Manual => "manual",
        /// By configuration or code.
        Automated => "automated",
    }
}

vocabulary! {
    /// How often a control operates, which decides the sample size.
    Frequency {
        /// Once a year.
        Annual => "annual",
        /// Four times a year.
        Quarterly => "quarterly",
        /// Twelve times a year.
        Monthly => "monthly",
        /// Once a week.
        Weekly => "weekly",
        /// Once a day.
        Daily => "daily",
        /// Whenever the event happens (a hire, a change, an incident).
        PerEvent => "per_event",
        /// All the time, by configuration.
        Continuous => "continuous",
    }
}

vocabulary! {
    /// A layer of the stack that one side or both own.
    Layer {
        /// Governance, people, risk: never moves to a provider.
        Entity => "entity",
        /// What is stored and processed.
        Data => "data",
        /// Application and its configuration.
        Application => "application",
        /// Identities and what they may do.
        IdentityAndAccess => "identity_and_access",
        /// Runtime and managed platform.
        Platform => "platform",
        /// Operating system.
        OperatingSystem => "operating_system",
        /// Network.
        Network => "network",
        /// Hypervisor.
        Virtualization => "virtualization",
        /// Buildings and hardware.
        Physical => "physical",
    }
}

vocabulary! {
    /// Who owns a control, as the CSA's STA-04 tells them apart.
    Owner {
        /// The provider.
        Provider => "provider",
        /// Us.
        Customer => "customer",
        /// The provider and us.
        Shared => "shared",
        /// A third party on our behalf.
        OutsourcedToThirdParty => "outsourced_to_third_party",
        /// A third party and us.
        SharedWithThirdParty => "shared_with_third_party",
        /// Nobody: it does not apply.
        NotApplicable => "not_applicable",
    }
}

/// One trust services criterion: one row of `controls.criteria`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// `CC6.1`.
    pub criterion_id: String,
    /// The category that brings it into scope.
    pub category: Category,
    /// `CC6`.
    pub series: String,
    /// Our own short title.
    pub title: String,
}

/// One control of the user's list: one row of `controls.controls`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Normalized id (`AC-01`).
    pub control_id: String,
    /// Short title.
    pub title: String,
    /// What it is meant to achieve.
    pub objective: String,
    /// Manual or automated.
    pub kind: ControlKind,
    /// How often it operates.
    pub frequency: Frequency,
    /// The role that owns it.
    pub owner: String,
    /// The criteria it serves.
    pub criteria: Vec<String>,
    /// The layers it touches.
    pub layers: Vec<Layer>,
}

/// A period of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

/// What the audit covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditScope {
    /// The categories; security is among them.
    pub categories: CategorySet,
    /// Type 1 or type 2.
    pub report_type: ReportType,
    /// The audit period.
    pub period: Period,
    /// Frameworks in place whose evidence may be reused (`ccm`, `cobit`, `iso27001`, …).
    pub frameworks_in_place: Vec<String>,
}

/// Why a set of categories is no scope of an audit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CategorySetError {
    /// The common criteria are in every SOC 2 audit.
    #[error("the categories {given} leave out security, which is in every SOC 2 audit")]
    WithoutSecurity {
        /// The categories as given.
        given: String,
    },
    /// A category twice.
    #[error("the category {category} is listed twice")]
    Duplicate {
        /// The category.
        category: Category,
    },
}

/// Categories of an audit: security always, the others by choice, in the order of [`Category::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Category>", into = "Vec<Category>")]
pub struct CategorySet(Vec<Category>);

impl CategorySet {
    /// The categories, security first.
    pub fn iter(&self) -> impl Iterator<Item = Category> + '_ {
        self.0.iter().copied()
    }

    /// Whether the category is in scope.
    pub fn contains(&self, category: Category) -> bool {
        self.0.contains(&category)
    }
}

impl TryFrom<Vec<Category>> for CategorySet {
    type Error = CategorySetError;

    fn try_from(mut categories: Vec<Category>) -> Result<Self, Self::Error> {
        categories.sort();
        if let Some(pair) = categories.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(CategorySetError::Duplicate { category: pair[0] });
        }
        if categories.first() != Some(&Category::Security) {
            let given = categories.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            return Err(CategorySetError::WithoutSecurity { given: format!("[{given}]") });
        }
        Ok(Self(categories))
    }
}

impl From<CategorySet> for Vec<Category> {
    fn from(set: CategorySet) -> Self {
        set.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_without_security_is_refused() {
        let refused = CategorySet::try_from(vec![Category::Privacy, Category::Availability]);
        assert_eq!(refused, Err(CategorySetError::WithoutSecurity { given: "[availability, privacy]".to_owned() }));
    }

    #[test]
    fn categories_are_kept_in_order() {
        let set = CategorySet::try_from(vec![Category::Availability, Category::Security]).expect("security is in");
        assert_eq!(set.iter().collect::<Vec<_>>(), [Category::Security, Category::Availability]);
    }
}
