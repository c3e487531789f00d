//! What single changes to a scenario would do.

use std::collections::BTreeSet;

use carveout_model::{Category, ReportType};

use crate::outcome::{Scoping, Toggle, ToggleKind};
use crate::scenario::{SampleLevel, Scenario};
use crate::sizer::{ScopingError, Sizer};

/// A change with its name.
type Change = (ToggleKind, String, Scenario);

impl Sizer {
    /// What single changes would do to a scenario: each category in or out, the report type, the sample level, each
    /// framework in or out, one more source that has to agree, and for third parties (at most `limit` of each kind, the
    /// dearest first) leaving it out, testing it at its site, receiving a clean report. Largest first, at most `limit`.
    ///
    /// # Errors
    /// As [`Self::size`].
    pub fn toggles(&self, scenario: &Scenario, limit: usize) -> Result<Vec<Toggle>, ScopingError> {
        let base = self.size(scenario)?;
        let mut changes = categories(scenario);
        changes.extend(terms(scenario));
        changes.extend(self.frameworks(scenario));
        changes.extend(parties(scenario, &base, limit));
        let mut toggles = Vec::with_capacity(changes.len());
        for (kind, change, other) in changes {
            let sized = self.size(&other)?.sizing;
            let delta = |after: u32, before: u32| i64::from(after) - i64::from(before);
            toggles.push(Toggle {
                kind,
                change,
                hours_delta: sized.hours_pert - base.sizing.hours_pert,
                real_size_delta: delta(sized.real_size, base.sizing.real_size),
                evidence_requests_delta: delta(sized.evidence_requests, base.sizing.evidence_requests),
            });
        }
        toggles
            .sort_by(|a, b| b.hours_delta.abs().total_cmp(&a.hours_delta.abs()).then_with(|| a.change.cmp(&b.change)));
        toggles.truncate(limit);
        Ok(toggles)
    }

    fn frameworks(&self, scenario: &Scenario) -> Vec<Change> {
        let set = &self.estate.set;
        let in_place = &scenario.scope.frameworks_in_place;
        let mut changes = Vec::new();
        for name in in_place {
            let mut other = scenario.clone();
            other.scope.frameworks_in_place.retain(|each| each != name);
            changes.push((ToggleKind::Framework, format!("without {name} in place"), other));
        }
        let known: BTreeSet<&str> = in_place.iter().map(|name| set.framework(name)).collect();
        for framework in set.crosswalk.frameworks().into_iter().filter(|framework| !known.contains(framework)) {
            let mut other = scenario.clone();
            other.scope.frameworks_in_place.push(framework.to_owned());
            changes.push((ToggleKind::Framework, format!("with {framework} in place"), other));
        }
        if !in_place.is_empty() {
            let mut other = scenario.clone();
            other.agreeing_sources = scenario.agreeing_sources.max(1) + 1;
            let change = format!("reuse only what {} sources agree on", other.agreeing_sources);
            changes.push((ToggleKind::Framework, change, other));
        }
        changes
    }
}

fn categories(scenario: &Scenario) -> Vec<Change> {
    let mut changes = Vec::new();
    for category in Category::ALL.iter().filter(|each| **each != Category::Security) {
        let mut categories: Vec<Category> = scenario.scope.categories.iter().collect();
        let change = if scenario.scope.categories.contains(*category) {
            categories.retain(|each| each != category);
            format!("without {category}")
        } else {
            categories.push(*category);
            format!("with {category}")
        };
        if let Ok(set) = categories.try_into() {
            let mut other = scenario.clone();
            other.scope.categories = set;
            changes.push((ToggleKind::Category, change, other));
        }
    }
    changes
}

/// Report type and sample level.
fn terms(scenario: &Scenario) -> Vec<Change> {
    let mut type_changed = scenario.clone();
    type_changed.scope.report_type = match scenario.scope.report_type {
        ReportType::Type1 => ReportType::Type2,
        ReportType::Type2 => ReportType::Type1,
    };
    let change = format!("as {}", type_changed.scope.report_type);
    let mut changes = vec![(ToggleKind::ReportType, change, type_changed)];
    for (level, word) in [(SampleLevel::Low, "low"), (SampleLevel::Moderate, "moderate"), (SampleLevel::High, "high")] {
        if level != scenario.sample_level && scenario.scope.report_type == ReportType::Type2 {
            let mut other = scenario.clone();
            other.sample_level = level;
            changes.push((ToggleKind::SampleLevel, format!("with samples for {word} risk"), other));
        }
    }
    changes
}

fn parties(scenario: &Scenario, base: &Scoping, limit: usize) -> Vec<Change> {
    let mut changes = Vec::new();
    // The dearest parties are those whose removal or method can change most.
    let dearest = base.contributors(limit).into_iter().filter(|each| each.kind == "party");
    let mut subjects: Vec<String> =
        dearest.map(|each| each.subject).filter(|id| id != crate::OWN_ORGANIZATION).collect();
    let to_assess = base.decisions.parties_to_assess();
    subjects.extend(to_assess.iter().take(limit).filter(|id| !subjects.contains(id)).cloned().collect::<Vec<_>>());
    for party_id in subjects {
        let mut other = scenario.clone();
        other.without.insert(party_id.clone());
        changes.push((ToggleKind::Party, format!("without {party_id}"), other));
        let mut other = scenario.clone();
        if !other.inclusive.remove(&party_id) {
            other.inclusive.insert(party_id.clone());
            changes.push((ToggleKind::Method, format!("{party_id} tested at its site"), other));
        } else {
            changes.push((ToggleKind::Method, format!("{party_id} carved out"), other));
        }
    }
    for party_id in to_assess.into_iter().filter(|id| !scenario.inclusive.contains(id)).take(limit) {
        let mut other = scenario.clone();
        other.assume_reports.insert(party_id.clone());
        changes.push((ToggleKind::Report, format!("with a clean report of {party_id}"), other));
    }
    changes
}
