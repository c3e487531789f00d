//! What a made-up report says.

use jiff::civil::{Date, date};

/// How days are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    American,
    British,
    Iso,
    /// `30/09/2026`.
    Digits,
}

impl Dates {
    pub fn write(self, day: Date) -> String {
        let month = day.strftime("%B");
        match self {
            Self::American => format!("{month} {}, {}", day.day(), day.year()),
            Self::British => format!("{} {month} {}", day.day(), day.year()),
            Self::Iso => day.to_string(),
            Self::Digits => day.strftime("%d/%m/%Y").to_string(),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Control {
    pub reference: String,
    pub criteria: Vec<String>,
    pub text: String,
    pub test: String,
    pub result: String,
    pub exception: bool,
    pub response: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Facts {
    pub organization: &'static str,
    pub system: &'static str,
    pub auditor: &'static str,
    pub is_type2: bool,
    pub start: Date,
    pub end: Date,
    pub issued: Date,
    pub categories: Vec<&'static str>,
    pub opinion: &'static str,
    pub qualified: Vec<String>,
    /// Name, services, whether it is carved out.
    pub subservices: Vec<(&'static str, &'static str, bool)>,
    /// Text and criteria.
    pub user_entity_controls: Vec<(String, Vec<String>)>,
    /// Organization, text and criterion.
    pub subservice_controls: Vec<(&'static str, &'static str, &'static str)>,
    pub controls: Vec<Control>,
}

const ACTIVITIES: &[&str] = &[
    "New employees sign the code of conduct and the confidentiality agreement before they are given access.",
    "The audit committee, which is independent of management, meets four times a year and keeps minutes.",
    "Changes to infrastructure are described as code, reviewed by a second engineer and tested before they reach production.",
    "Administrators sign in with a hardware key from managed devices only.",
    "Logs of the production environment are kept for 400 days and cannot be altered.",
    "Alerts are triaged by an on-call engineer within 30 minutes, and incidents are reviewed in writing.",
    "Customer data is encrypted in transit with TLS 1.2 or later, and at rest with keys that rotate every year.",
    "A restore of the production database is rehearsed twice a year in a separate region.",
    "Suppliers with access to customer data are assessed before they are engaged and once a year after.",
    "Access of leavers is removed within one business day of their last day.",
];
const TESTS: &[&str] = &[
    "Inspected the agreements of a sample of new employees and determined that each was signed before access was given.",
    "Inspected the minutes of the meetings of the period and inquired of the chair.",
    "For a sample of changes, inspected the record of the review and of the test.",
    "Observed an administrator sign in and inspected the configuration of the identity provider.",
    "Inspected the retention settings and tried to alter a log entry.",
];

/// Facts of a type 2 report with about `count` controls; `seed` varies what is drawn.
pub fn facts(seed: usize, count: usize) -> Facts {
    let ids: Vec<String> =
        super::criteria().into_iter().filter(|id| id.starts_with("CC") || id.starts_with('A')).collect();
    let controls = (0..count)
        .map(|n| {
            let first = ids[n * ids.len() / count.max(1) % ids.len()].clone();
            let mut criteria = vec![first];
            if (n + seed).is_multiple_of(4) {
                let other = ids[(n * 7 + seed) % ids.len()].clone();
                if !criteria.contains(&other) {
                    criteria.push(other);
                }
            }
            let exception = (n + seed) % 9 == 3;
            Control {
                reference: format!("{}-{:02}", ["AC", "CTL", "OPS", "GOV"][seed % 4], n + 1),
                criteria,
                text: ACTIVITIES[(n * 3 + seed) % ACTIVITIES.len()].to_owned(),
                test: TESTS[(n + seed) % TESTS.len()].to_owned(),
                result: if exception {
                    format!("Exception noted. For {} of 25 items selected, the approval was not retained.", n % 5 + 1)
                } else {
                    "No exceptions noted.".to_owned()
                },
                exception,
                response: exception.then(|| "Management has automated the record and retrained the owners.".to_owned()),
            }
        })
        .collect();
    Facts {
        organization: "Halden Freight Systems, Inc.",
        system: "Halden Dispatch Cloud",
        auditor: "Mercer & Ostrow LLP",
        is_type2: true,
        start: date(2025, 7, 1),
        end: date(2026, 6, 30),
        issued: date(2026, 8, 13),
        categories: vec!["Security", "Availability"],
        opinion: "unqualified",
        qualified: Vec::new(),
        subservices: vec![
            ("Amazon Web Services, Inc.", "infrastructure hosting", true),
            ("Redpoint Telemetry Ltd", "log collection", false),
        ],
        user_entity_controls: [
            (
                "User entities are responsible for removing the accounts of people who have left.",
                vec!["CC6.2", "CC6.3"],
            ),
            ("User entities are responsible for protecting the keys that they use with the interface.", vec!["CC6.1"]),
            (
                "User entities are responsible for telling the service organization of incidents that they learn of.",
                vec!["CC7.3"],
            ),
            ("User entities are responsible for testing their own plans for business continuity.", vec!["A1.3"]),
        ]
        .map(|(text, criteria)| (text.to_owned(), criteria.into_iter().map(str::to_owned).collect()))
        .to_vec(),
        subservice_controls: vec![
            (
                "Amazon Web Services, Inc.",
                "Access to the buildings that hold the production servers is granted by role and reviewed.",
                "CC6.4",
            ),
            ("Amazon Web Services, Inc.", "Power and cooling of the data centers are monitored at all hours.", "A1.2"),
        ],
        controls,
    }
}
