//! A scenario's decisions, row by row with their reasons, built when somebody asks for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use carveout_model::{Obligation, Owner, Treatment};

use crate::basis::Basis;
use crate::catalogue::{Shown, ThreePoint};
use crate::effort::Cost;
use crate::frames::{Row, Rows};
use crate::outcome::{ControlRepeat, MatrixCell, RepeatedAt};
use crate::reliance::Standing;
use crate::responsibility::Ownership;
use crate::scenario::{Override, Verdict};
use crate::sizer::Estate;

/// No report, among indices.
pub(crate) const NONE: u32 = u32::MAX;

/// Which report speaks for a criterion at a party, and whether it can be relied on there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReportAt {
    /// The report, or [`NONE`].
    pub report: u32,
    pub relied: bool,
    /// Whether it hands something back.
    pub cuec: bool,
}

/// What of a scenario no walk over rows decides.
#[derive(Debug)]
pub(crate) struct Settled {
    pub scenario: String,
    pub criteria_in: Vec<bool>,
    pub parties_in: Vec<bool>,
    pub inclusive: Vec<bool>,
    /// Parties whose report is assumed.
    pub assumed: Vec<bool>,
    /// By report.
    pub standings: Vec<Standing>,
    /// Parties and us: the length of a line of `reliance`.
    pub places: usize,
    /// By criterion, and in it by party.
    pub reliance: Vec<ReportAt>,
    /// By criterion: the framework controls whose evidence is reused.
    pub reused: Vec<Vec<String>>,
    /// One for each control, and then those of single places.
    pub costs: Vec<Cost>,
    /// By control, and in it by place: which of the costs is counted there.
    pub cost_at: Vec<u32>,
    /// The override that decides (requirement, party).
    pub overrides: BTreeMap<(usize, usize), usize>,
    pub notes: Vec<String>,
}

impl Settled {
    pub(crate) fn reliance(&self, criterion: usize, party: usize) -> ReportAt {
        self.reliance[criterion * self.places + party]
    }

    pub(crate) fn cost(&self, control: usize, place: usize) -> usize {
        self.cost_at[control * self.places + place] as usize
    }

    /// Requirements in scope at parties in scope that no row was made for.
    pub(crate) fn left_out(&self, estate: &Estate, third_party_rows: u32) -> u32 {
        let requirements = estate.requirements.iter().filter(|each| self.criteria_in[each.criterion]).count();
        let parties = self.parties_in.iter().filter(|is_in| **is_in).count();
        u32::try_from(requirements * parties).unwrap_or(u32::MAX).saturating_sub(third_party_rows)
    }
}

/// All decisions of one scenario.
#[derive(Debug)]
pub(crate) struct Decisions {
    pub(crate) estate: Arc<Estate>,
    pub(crate) settled: Settled,
    pub(crate) rows: Vec<Row>,
    pub(crate) to_assess: BTreeSet<usize>,
    pub(crate) overrides: Vec<Override>,
}

impl Decisions {
    pub(crate) fn new(estate: Arc<Estate>, settled: Settled, rows: Rows, overrides: Vec<Override>) -> Self {
        Self { estate, settled, to_assess: rows.parties_to_assess, rows: rows.rows, overrides }
    }

    pub(crate) fn parties_to_assess(&self) -> Vec<String> {
        self.to_assess.iter().map(|party| self.estate.party_id(*party).to_owned()).collect()
    }

    pub(crate) fn obligations(&self) -> Vec<Obligation> {
        let mut found = Vec::new();
        let mut rows = self.rows.iter().peekable();
        // The criterion under which each control's evidence is asked for, by control and party.
        let primary: BTreeMap<(usize, usize), usize> = self
            .rows
            .iter()
            .filter(|row| row.primary)
            .map(|row| ((self.control_of(row.requirement), row.party), row.requirement))
            .collect();
        for (requirement, each) in self.estate.requirements.iter().enumerate() {
            if !self.settled.criteria_in[each.criterion] {
                continue;
            }
            let own = self.estate.own();
            let parties = (0..own).filter(|party| self.settled.parties_in[*party]).chain([own]);
            for party in parties {
                match rows.next_if(|row| (row.requirement, row.party) == (requirement, party)) {
                    Some(row) => found.push(self.decided(row, &primary)),
                    None if party != own => found.push(self.left_out(requirement, party)),
                    None => {}
                }
            }
        }
        found
    }

    fn control_of(&self, requirement: usize) -> usize {
        self.estate.requirements[requirement].control
    }

    fn blank(&self, requirement: usize, party: usize, treatment: Treatment, owner: Owner) -> Obligation {
        let each = self.estate.requirements[requirement];
        Obligation {
            scenario: self.settled.scenario.clone(),
            control_id: self.estate.set.controls[each.control].control.control_id.clone(),
            criterion_id: self.estate.set.criteria[each.criterion].criterion_id.clone(),
            party_id: self.estate.party_id(party).to_owned(),
            treatment,
            owner,
            basis: Vec::new(),
            report_id: None,
            evidence_requests: 0,
            evidence_answered: 0,
            population: None,
            sample_size: None,
            hours_low: 0.0,
            hours_likely: 0.0,
            hours_high: 0.0,
            reused_from: None,
        }
    }

    fn left_out(&self, requirement: usize, party: usize) -> Obligation {
        let each = self.estate.requirements[requirement];
        let mut obligation = self.blank(requirement, party, Treatment::NotApplicable, Owner::NotApplicable);
        obligation.basis = if self.estate.set.controls[each.control].shown == Shown::Once {
            vec!["shown once, for the organization and not for each third party".to_owned()]
        } else {
            vec![format!("role {}", self.estate.bearing(party, each.criterion).1)]
        };
        obligation
    }

    fn decided(&self, row: &Row, primary: &BTreeMap<(usize, usize), usize>) -> Obligation {
        let each = self.estate.requirements[row.requirement];
        let mut obligation = self.blank(row.requirement, row.party, row.treatment, row.owner);
        obligation.basis = self.reasons(row);
        if row.relied || row.treatment == Treatment::Inherited {
            obligation.report_id = row.report.map(|at| self.estate.reports[at].report.report_id.clone());
        }
        if row.primary {
            let cost = &self.settled.costs[row.cost];
            let hours = cost.hours(row.reused);
            obligation.evidence_requests = cost.requests;
            obligation.evidence_answered = cost.answered;
            obligation.population = cost.population;
            obligation.sample_size = cost.samples;
            obligation.hours_low = hours.low;
            obligation.hours_likely = hours.likely;
            obligation.hours_high = hours.high;
            if let Some(checks) = &cost.checks {
                obligation.basis.push(format!(
                    "checks: {} pass, {} fail, {} unknown",
                    checks.passed, checks.failed, checks.unknown
                ));
            }
            if row.reused {
                obligation.reused_from = Some(self.settled.reused[each.criterion].join(", "));
                obligation.basis.push("evidence of a framework in place is reused, by criterion".to_owned());
            }
        } else if let Some(first) = primary.get(&(each.control, row.party)) {
            let criterion = &self.estate.set.criteria[self.estate.requirements[*first].criterion].criterion_id;
            obligation.basis.push(format!("evidence for this control is asked for once, under {criterion}"));
        }
        obligation
    }

    /// Why a row came out as it did, in the order in which things decided.
    fn reasons(&self, row: &Row) -> Vec<String> {
        let each = self.estate.requirements[row.requirement];
        if row.party == self.estate.own() {
            return vec!["shown once, for the organization and not for each third party".to_owned()];
        }
        let mut reasons = Vec::new();
        if let Some(number) = self.settled.overrides.get(&(row.requirement, row.party)) {
            let decided = &self.overrides[*number];
            let verdict = match decided.verdict {
                Verdict::Owner(owner) => format!("owner {owner}"),
                Verdict::Treatment(treatment) => format!("treatment {treatment}"),
            };
            reasons.push(format!("override: {verdict}: {}", decided.reason));
            if matches!(decided.verdict, Verdict::Treatment(_)) {
                return reasons;
            }
        } else {
            reasons.push(format!("role {}", self.estate.bearing(row.party, each.criterion).1));
            reasons.extend(self.ownership(row));
        }
        let provider_owns = matches!(row.owner, Owner::Provider | Owner::OutsourcedToThirdParty);
        if provider_owns && self.settled.inclusive[row.party] {
            reasons.push("inclusive method: tested at the subservice organization's site".to_owned());
        } else if matches!(
            row.owner,
            Owner::Provider | Owner::OutsourcedToThirdParty | Owner::Shared | Owner::SharedWithThirdParty
        ) {
            reasons.extend(self.report_reasons(row, each.criterion));
        }
        reasons
    }

    /// Why the owner is who it is, for each thing that is used of the party.
    fn ownership(&self, row: &Row) -> Vec<String> {
        let each = self.estate.requirements[row.requirement];
        let set = &self.estate.set;
        let control = &set.controls[each.control].control;
        let criterion = &set.criteria[each.criterion];
        let party = &self.estate.parties[row.party];
        let profile = &self.estate.profiles[party.profile];
        let ownership = Ownership::of(set, profile);
        let layers = control.layers.iter().map(|layer| layer.as_str()).collect::<Vec<_>>().join(", ");
        let layers = if layers.is_empty() { "criterion's default".to_owned() } else { format!("layers {layers}") };
        // What stands before and behind the number of resources; what no row tells apart is said once.
        let mut said: Vec<((String, String), u64)> = Vec::new();
        for (usage, weight) in profile.usages.iter().zip(&party.weights) {
            let mut basis = Vec::new();
            let owner = ownership.of_control(control, criterion, usage, &mut basis);
            let reason = match basis.first() {
                Some(decided @ (Basis::NeverMoves { .. } | Basis::Override { .. })) => {
                    (decided.to_string(), String::new())
                }
                _ => {
                    let rules: Vec<String> = basis.iter().filter_map(rule_reason).collect();
                    let service = usage.service.as_ref().filter(|_| !rules.is_empty());
                    let service = service.map(|service| format!(", {service}")).unwrap_or_default();
                    (format!("{layers} under {}{service}", usage.model), format!(": {owner}{}", rules.concat()))
                }
            };
            match said.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, sum)) => *sum += weight,
                None => said.push((reason, *weight)),
            }
        }
        let counted = |weight: u64| party.provider.map(|_| format!(" ({weight} resources)")).unwrap_or_default();
        let line = |((before, behind), weight): ((String, String), u64)| {
            if behind.is_empty() { before } else { format!("{before}{}{behind}", counted(weight)) }
        };
        said.into_iter().map(line).collect()
    }

    /// Why a report can't be relied on for a criterion, where anything stands in the way.
    pub(crate) fn obstacle(&self, report: usize, criterion: usize) -> Option<&String> {
        let whole = self.settled.standings[report].obstacle.as_ref();
        whole.or(self.estate.reports[report].obstacles[criterion].as_ref())
    }

    fn report_reasons(&self, row: &Row, criterion: usize) -> Vec<String> {
        if self.settled.assumed[row.party] {
            return vec!["a clean report is assumed by the scenario".to_owned()];
        }
        let Some(at) = row.report else { return vec!["no report of this party is at hand".to_owned()] };
        let report_id = &self.estate.reports[at].report.report_id;
        let handed = &self.estate.reports[at].handed_back[criterion];
        let mut reasons = Vec::new();
        match self.obstacle(at, criterion) {
            Some(obstacle) => reasons.push(format!("report {report_id} can't be relied on here: {obstacle}")),
            None => reasons.push(format!("report {report_id}: {}", self.settled.standings[at].judgement.reason)),
        }
        if !handed.is_empty() {
            reasons.push(format!("the report hands it back to us: {}", handed.join(", ")));
        }
        reasons
    }

    pub(crate) fn repeats(&self) -> Vec<ControlRepeat> {
        let mut by_control: BTreeMap<usize, BTreeMap<usize, Vec<&Row>>> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.party != self.estate.own()) {
            by_control.entry(self.control_of(row.requirement)).or_default().entry(row.party).or_default().push(row);
        }
        let mut found: Vec<ControlRepeat> = Vec::new();
        for (at, parties) in by_control {
            let control = &self.estate.set.controls[at];
            let mut repeat = ControlRepeat {
                control_id: control.control.control_id.clone(),
                title: control.control.title.clone(),
                repeats_at: Vec::new(),
                inherited_from: Vec::new(),
                common_test: control.common_test.clone(),
                common_test_saves_hours: 0.0,
            };
            for (party, rows) in parties {
                let party_id = self.estate.party_id(party).to_owned();
                let strongest = rows.iter().filter(|row| row.treatment.repeats()).min_by_key(|row| row.treatment);
                if let Some(row) = strongest {
                    repeat.repeats_at.push(self.repeated_at(party_id, row, &rows));
                } else if let Some(report) = rows.iter().find(|row| row.treatment == Treatment::Inherited) {
                    let report_id = report.report.map(|at| self.estate.reports[at].report.report_id.clone());
                    repeat.inherited_from.push((party_id, report_id.unwrap_or_else(|| "assumed".to_owned())));
                }
            }
            if repeat.common_test.is_some() {
                let hours = || repeat.repeats_at.iter().map(|place| place.hours_likely);
                repeat.common_test_saves_hours = hours().sum::<f64>() - hours().fold(0.0, f64::max);
            }
            found.push(repeat);
        }
        found.sort_by(|a, b| b.repeats_at.len().cmp(&a.repeats_at.len()).then_with(|| a.control_id.cmp(&b.control_id)));
        found
    }

    fn repeated_at(&self, party_id: String, strongest: &Row, rows: &[&Row]) -> RepeatedAt {
        let primary = rows.iter().find(|row| row.primary);
        let cost = &self.settled.costs[strongest.cost];
        let hours = primary.map_or(ThreePoint::default(), |row| cost.hours(row.reused));
        let checks = cost.checks.as_ref();
        RepeatedAt {
            party_id,
            treatment: strongest.treatment,
            owner: strongest.owner,
            evidence_requests: primary.map_or(0, |_| cost.requests),
            evidence_answered: primary.map_or(0, |_| cost.answered),
            passed: checks.map_or(0, |each| each.passed),
            failed: checks.map_or(0, |each| each.failed),
            unknown: checks.map_or(0, |each| each.unknown),
            hours_likely: hours.likely,
        }
    }

    pub(crate) fn matrix(&self) -> Vec<MatrixCell> {
        struct Cell {
            treatment: Treatment,
            owners: BTreeSet<Owner>,
            controls: BTreeSet<usize>,
        }
        let mut cells: BTreeMap<(usize, usize), Cell> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.party != self.estate.own()) {
            let each = self.estate.requirements[row.requirement];
            let cell = cells.entry((each.criterion, row.party)).or_insert_with(|| Cell {
                treatment: row.treatment,
                owners: BTreeSet::new(),
                controls: BTreeSet::new(),
            });
            cell.treatment = cell.treatment.min(row.treatment);
            cell.owners.insert(row.owner);
            cell.controls.insert(each.control);
        }
        let mut found = Vec::new();
        for criterion in (0..self.estate.set.criteria.len()).filter(|at| self.settled.criteria_in[*at]) {
            for party in (0..self.estate.own()).filter(|party| self.settled.parties_in[*party]) {
                let cell = cells.get(&(criterion, party));
                let owner = match cell.map(|cell| &cell.owners) {
                    None => Owner::NotApplicable,
                    Some(owners) if owners.len() == 1 => owners.first().copied().unwrap_or(Owner::NotApplicable),
                    Some(_) => Owner::Shared,
                };
                found.push(MatrixCell {
                    criterion_id: self.estate.set.criteria[criterion].criterion_id.clone(),
                    party_id: self.estate.party_id(party).to_owned(),
                    treatment: cell.map_or(Treatment::NotApplicable, |cell| cell.treatment),
                    owner,
                    controls: cell.map_or(0, |cell| u32::try_from(cell.controls.len()).unwrap_or(u32::MAX)),
                });
            }
        }
        found
    }
}

/// A row that decided a part of the stack, as it stands in a reason; the address of a service's is in the matrix.
fn rule_reason(basis: &Basis) -> Option<String> {
    match basis {
        Basis::Override { .. } => Some(format!("; {basis}")),
        Basis::Service { owner, reason, .. } => Some(format!("; service table: {owner}: {reason}")),
        _ => None,
    }
}
