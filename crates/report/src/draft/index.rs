//! What several sections look up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use carveout_model::{Control, Criterion, OWN_ORGANIZATION};

use crate::{
    document::Field,
    facts::{AuditFacts, CheckSummary, OpenObligation, PartyUse, Report, UserEntityControlRow},
};

/// What checks found, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Evidence {
    pub checks: usize,
    pub passed: i64,
    pub failed: i64,
    pub unknown: i64,
}

impl Evidence {
    /// Adds what a check found.
    pub fn add(&mut self, summary: &CheckSummary) {
        self.join(Self { checks: 1, passed: summary.passed, failed: summary.failed, unknown: summary.unknown });
    }

    /// Adds what other checks found.
    pub fn join(&mut self, other: Self) {
        self.checks += other.checks;
        self.passed += other.passed;
        self.failed += other.failed;
        self.unknown += other.unknown;
    }

    /// Pass, fail and unknown; absent where no check was carried out.
    pub fn fields(self) -> [Field; 3] {
        if self.checks == 0 {
            return [Field::Absent, Field::Absent, Field::Absent];
        }
        [self.passed.into(), self.failed.into(), self.unknown.into()]
    }
}

/// Facts by what they are looked up by.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    names: HashMap<&'a str, &'a str>,
    uses: HashMap<&'a str, &'a PartyUse>,
    controls: BTreeMap<&'a str, &'a Control>,
    criteria: BTreeMap<&'a str, &'a Criterion>,
    reports: HashMap<&'a str, &'a Report>,
    by_party: BTreeMap<&'a str, Vec<&'a OpenObligation>>,
    by_control: BTreeMap<&'a str, Vec<&'a OpenObligation>>,
    summaries: HashMap<&'a str, Vec<&'a CheckSummary>>,
}

impl<'a> Index<'a> {
    pub fn new(facts: &'a AuditFacts) -> Self {
        let mut by_party: BTreeMap<&str, Vec<&OpenObligation>> = BTreeMap::new();
        let mut by_control: BTreeMap<&str, Vec<&OpenObligation>> = BTreeMap::new();
        for obligation in &facts.obligations {
            by_party.entry(&obligation.party_id).or_default().push(obligation);
            by_control.entry(&obligation.control_id).or_default().push(obligation);
        }
        let mut summaries: HashMap<&str, Vec<&CheckSummary>> = HashMap::new();
        for summary in &facts.check_summaries {
            summaries.entry(&summary.control_id).or_default().push(summary);
        }
        let mut names: HashMap<&str, &str> =
            facts.parties.iter().map(|party| (party.party_id.as_str(), party.name.as_str())).collect();
        names.insert(OWN_ORGANIZATION, &facts.organization);
        Self {
            names,
            uses: facts.party_uses.iter().map(|each| (each.party_id.as_str(), each)).collect(),
            controls: facts.controls.iter().map(|control| (control.control_id.as_str(), control)).collect(),
            criteria: facts.criteria.iter().map(|each| (each.criterion_id.as_str(), each)).collect(),
            reports: facts.reports.iter().map(|report| (report.report_id.as_str(), report)).collect(),
            by_party,
            by_control,
            summaries,
        }
    }

    /// The name of a party; its id where nobody knows one. Our own organization is among them.
    pub fn name<'n>(&self, party_id: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.names.get(party_id).copied().unwrap_or(party_id)
    }

    pub fn party_use(&self, party_id: &str) -> Option<&'a PartyUse> {
        self.uses.get(party_id).copied()
    }

    pub fn control(&self, control_id: &str) -> Option<&'a Control> {
        self.controls.get(control_id).copied()
    }

    pub fn criterion(&self, criterion_id: &str) -> Option<&'a Criterion> {
        self.criteria.get(criterion_id).copied()
    }

    pub fn report(&self, report_id: &str) -> Option<&'a Report> {
        self.reports.get(report_id).copied()
    }

    /// Third parties of the scenario by id: those with obligations, even if every one of them does not apply.
    pub fn parties(&self) -> impl Iterator<Item = (&'a str, &[&'a OpenObligation])> {
        let parties = self.by_party.iter().filter(|(party_id, _)| **party_id != OWN_ORGANIZATION);
        parties.map(|(party_id, obligations)| (*party_id, obligations.as_slice()))
    }

    pub fn obligations_of_party(&self, party_id: &str) -> &[&'a OpenObligation] {
        self.by_party.get(party_id).map_or(&[], Vec::as_slice)
    }

    pub fn obligations_of_control(&self, control_id: &str) -> &[&'a OpenObligation] {
        self.by_control.get(control_id).map_or(&[], Vec::as_slice)
    }

    /// Reports of a party that are held.
    pub fn reports_of(&self, party_id: &str) -> Vec<&'a Report> {
        let mut reports: Vec<&Report> =
            self.reports.values().copied().filter(|report| report.party_id.as_deref() == Some(party_id)).collect();
        reports.sort_by(|one, other| one.report_id.cmp(&other.report_id));
        reports
    }

    /// Reports that the party's obligations rest on.
    pub fn relied_on(&self, party_id: &str) -> Vec<&'a Report> {
        let ids = self.obligations_of_party(party_id).iter().filter_map(|each| each.report_id.as_deref());
        let ids: BTreeSet<&str> = ids.collect();
        ids.into_iter().filter_map(|id| self.report(id)).collect()
    }

    /// Our controls that serve a control that a report hands back: those on its criteria of which the party leaves a part
    /// to us.
    pub fn controls_serving(&self, cuec: &UserEntityControlRow, party_id: &str) -> Vec<&'a Control> {
        let ids: BTreeSet<&str> = self
            .obligations_of_party(party_id)
            .iter()
            .filter(|each| each.is_ours() && cuec.criteria.contains(&each.criterion_id))
            .map(|each| each.control_id.as_str())
            .collect();
        ids.into_iter().filter_map(|id| self.control(id)).collect()
    }

    /// What checks of a control found at a party.
    pub fn evidence(&self, control_id: &str, party_id: &str) -> Evidence {
        let mut evidence = Evidence::default();
        for summary in self.summaries.get(control_id).into_iter().flatten() {
            if summary.party_id.as_deref() == Some(party_id) {
                evidence.add(summary);
            }
        }
        evidence
    }

    /// What all checks of a control found.
    pub fn evidence_of_control(&self, control_id: &str) -> Evidence {
        let mut evidence = Evidence::default();
        self.summaries.get(control_id).into_iter().flatten().for_each(|summary| evidence.add(summary));
        evidence
    }
}
