//! What was read against what is true, in figures.

use std::collections::BTreeSet;

use carveout_model::Soc2Report;

/// How well lists agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    pub right: usize,
    pub read: usize,
    pub there: usize,
}

impl Figures {
    pub fn of<T: Ord>(read: impl IntoIterator<Item = T>, truth: impl IntoIterator<Item = T>) -> Self {
        let (read, truth): (BTreeSet<T>, BTreeSet<T>) = (read.into_iter().collect(), truth.into_iter().collect());
        Self { right: read.intersection(&truth).count(), read: read.len(), there: truth.len() }
    }

    pub fn f1(self) -> f64 {
        if self.read + self.there == 0 { 1.0 } else { 2.0 * self.right as f64 / (self.read + self.there) as f64 }
    }

    pub fn is_exact(self) -> bool {
        self.right == self.read && self.read == self.there
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{} F1 {:.3}", self.right, self.read, self.there, self.f1())
    }
}

/// A control as it is compared: reference, criteria, text, test, result.
pub type ControlKey = (String, Vec<String>, String, Option<String>, Option<String>);

pub fn control_keys(report: &Soc2Report) -> Vec<ControlKey> {
    let key = |each: &carveout_model::ReportControl| {
        let mut criteria = each.criteria.clone();
        criteria.sort();
        (each.control_ref.clone(), criteria, each.description.clone(), each.test.clone(), each.result.clone())
    };
    report.controls.iter().map(key).collect()
}

pub fn user_control_keys(report: &Soc2Report) -> Vec<(String, Vec<String>, String)> {
    let key = |each: &carveout_model::UserEntityControl| {
        (each.cuec_ref.clone(), each.criteria.clone(), each.description.clone())
    };
    report.user_entity_controls.iter().map(key).collect()
}

/// Reference, organization, criteria, text.
pub fn subservice_control_keys(report: &Soc2Report) -> Vec<(String, Option<String>, Vec<String>, String)> {
    let key = |each: &carveout_model::SubserviceControl| {
        (each.csoc_ref.clone(), each.organization.clone(), each.criteria.clone(), each.description.clone())
    };
    report.subservice_controls.iter().map(key).collect()
}

pub fn subservice_keys(report: &Soc2Report) -> Vec<(String, &'static str, Option<String>)> {
    let key = |each: &carveout_model::SubserviceOrganization| {
        (each.name.clone(), each.method.as_str(), each.services.clone())
    };
    report.subservice_organizations.iter().map(key).collect()
}

pub fn exception_keys(report: &Soc2Report) -> Vec<(String, String)> {
    report.exceptions.iter().map(|each| (each.control_ref.clone(), each.description.clone())).collect()
}

/// The report-level fields that are told wrong, by name.
#[derive(Debug, Default)]
pub struct Wrong(pub Vec<String>);

impl Wrong {
    pub fn check<T: PartialEq + std::fmt::Debug>(&mut self, name: &str, read: &T, truth: &T) {
        if read != truth {
            self.0.push(format!("{name}: read {read:?}, is {truth:?}"));
        }
    }
}
