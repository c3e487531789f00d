//! What stands between a scenario and its audit: evidence that fails or is missing, reliance that lapsed, user entity
//! controls of nobody.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Gap, GapKind, Treatment};

use crate::cuec::CuecOwnership;
use crate::frames::Row;
use crate::outcome::Scoping;
use crate::scenario::Scenario;
use crate::sizer::Sizer;

/// What gaps of one cause put at risk.
#[derive(Default)]
struct AtRisk {
    criteria: BTreeSet<usize>,
    obligations: u32,
}

impl AtRisk {
    fn add(&mut self, criterion: usize) {
        self.criteria.insert(criterion);
        self.obligations += 1;
    }
}

impl Sizer {
    /// Every gap of a scenario that was sized: those that put most criteria at risk first, then those that most
    /// obligations rest on.
    pub fn gaps(&self, scenario: &Scenario, scoping: &Scoping) -> Vec<Gap> {
        let mut gaps = self.evidence_gaps(scoping);
        gaps.extend(self.reliance_gaps(scoping));
        gaps.extend(self.cuec_gaps(scenario));
        gaps.sort_by(|a, b| {
            (b.criterion_ids.len(), b.obligations)
                .cmp(&(a.criterion_ids.len(), a.obligations))
                .then_with(|| (a.kind, &a.control_id, &a.party_id).cmp(&(b.kind, &b.control_id, &b.party_id)))
        });
        gaps
    }

    fn ids(&self, criteria: &BTreeSet<usize>) -> Vec<String> {
        criteria.iter().map(|at| self.estate.set.criteria[*at].criterion_id.clone()).collect()
    }

    /// By control and place: what asks for evidence of ours.
    fn evidence_gaps(&self, scoping: &Scoping) -> Vec<Gap> {
        let estate = &self.estate;
        let mut places: BTreeMap<(usize, usize), (AtRisk, &Row)> = BTreeMap::new();
        for row in &scoping.decisions.rows {
            let asks = matches!(row.treatment, Treatment::Customer | Treatment::Shared);
            if asks || row.primary {
                let each = estate.requirements[row.requirement];
                let at_risk =
                    &mut places.entry((each.control, row.party)).or_insert_with(|| (AtRisk::default(), row)).0;
                at_risk.add(each.criterion);
            }
        }
        let mut gaps = Vec::new();
        for ((control, party), (at_risk, row)) in places {
            let cost = &scoping.decisions.settled.costs[row.cost];
            let mut gap = |kind, what| {
                gaps.push(Gap {
                    kind,
                    control_id: Some(estate.set.controls[control].control.control_id.clone()),
                    party_id: estate.party_id(party).to_owned(),
                    report_id: None,
                    criterion_ids: self.ids(&at_risk.criteria),
                    obligations: at_risk.obligations,
                    what,
                });
            };
            let checks = cost.checks.as_ref();
            let population = checks.map_or(0, |checks| checks.population());
            if let Some(checks) = checks.filter(|checks| checks.failed > 0) {
                gap(GapKind::FailingEvidence, format!("{} of {population} fail", checks.failed));
            }
            if let Some(checks) = checks.filter(|checks| checks.unknown > 0) {
                gap(GapKind::UnknownEvidence, format!("{} of {population} can't be told", checks.unknown));
            }
            if population == 0 && cost.requests > cost.answered {
                let what = match cost.requests {
                    1 => "1 piece of evidence, not answered by the inventory".to_owned(),
                    requests => format!("{requests} pieces of evidence, none answered by the inventory"),
                };
                gap(GapKind::NoEvidence, what);
            }
        }
        gaps
    }

    /// By party and report: what the provider owns and nothing speaks for.
    fn reliance_gaps(&self, scoping: &Scoping) -> Vec<Gap> {
        let (estate, decisions) = (&self.estate, &scoping.decisions);
        let mut found: BTreeMap<(usize, Option<usize>, String), AtRisk> = BTreeMap::new();
        for row in &decisions.rows {
            let is_open = row.treatment == Treatment::Assess || (row.treatment == Treatment::Shared && !row.relied);
            if row.party == estate.own() || !is_open || decisions.settled.inclusive[row.party] {
                continue;
            }
            let criterion = estate.requirements[row.requirement].criterion;
            let reason = match row.report {
                Some(report) => decisions.obstacle(report, criterion).cloned().unwrap_or_default(),
                None => "no report of this party is at hand".to_owned(),
            };
            found.entry((row.party, row.report, reason)).or_default().add(criterion);
        }
        let gaps = found.into_iter().map(|((party, report, what), at_risk)| Gap {
            kind: if report.is_some() { GapKind::LapsedReliance } else { GapKind::NoReport },
            control_id: None,
            party_id: estate.party_id(party).to_owned(),
            report_id: report.map(|at| estate.reports[at].report.report_id.clone()),
            criterion_ids: self.ids(&at_risk.criteria),
            obligations: at_risk.obligations,
            what,
        });
        gaps.collect()
    }

    fn cuec_gaps(&self, scenario: &Scenario) -> Vec<Gap> {
        let open = self.cuecs(scenario).into_iter().filter(|trace| trace.in_scope);
        open.filter_map(|trace| {
            let CuecOwnership::Unowned { reason } = trace.ownership else { return None };
            Some(Gap {
                kind: GapKind::UnownedCuec,
                control_id: None,
                party_id: trace.party_id,
                report_id: Some(trace.report_id),
                obligations: u32::try_from(trace.criteria.len()).unwrap_or(u32::MAX),
                criterion_ids: trace.criteria,
                what: format!("{}: {reason}", trace.cuec_ref),
            })
        })
        .collect()
    }
}
