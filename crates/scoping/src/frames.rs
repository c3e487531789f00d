//! Decides every row of a scenario and sums it up, over polars frames of small integers; names and reasons are looked
//! up afterwards.
//!
//! What no scenario changes is joined once and sorted. A scenario then walks that frame with dense tables by criterion
//! and party, which is far cheaper than a join for each thing that a toggle can change. Columns: `r` requirement, `k`
//! control, `c` criterion, `p` party; each an index into the estate's lists.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Owner, Treatment};
use polars::prelude::*;

use crate::catalogue::{Shown, ThreePoint};
use crate::decide::{NONE, Settled};
use crate::scenario::Override;
use crate::settle::forced;
use crate::sizer::{Estate, Requirement, ScopingError};

fn failed(step: &'static str) -> impl Fn(PolarsError) -> ScopingError {
    move |error| ScopingError::Frame { step, source: Box::new(error) }
}

fn index(value: usize) -> Result<u32, ScopingError> {
    u32::try_from(value).map_err(|_| ScopingError::TooMany { count: value })
}

fn indices(values: impl IntoIterator<Item = usize>) -> Result<Vec<u32>, ScopingError> {
    values.into_iter().map(index).collect()
}

/// Which requirement meets which party, and who owns it there.
#[derive(Debug)]
pub(crate) struct Frames {
    /// `r`, `k`, `c`, `p`, `owner`, by `r` and `p`, in one chunk: where a party bears on a criterion of a control that
    /// is shown per party.
    base: DataFrame,
}

/// A requirement at a party (or at us), decided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub requirement: usize,
    pub party: usize,
    pub owner: Owner,
    pub treatment: Treatment,
    /// The report that the decision rests on or failed on.
    pub report: Option<usize>,
    /// Whether it rests on a report, held or assumed.
    pub relied: bool,
    /// The cost that is counted here.
    pub cost: usize,
    /// Whether evidence is asked for here, or under another criterion of the same control.
    pub primary: bool,
    pub reused: bool,
}

/// Rows and the sums over them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// By requirement and party.
    pub rows: Vec<Row>,
    pub third_party_rows: u32,
    pub by_treatment: [u32; 5],
    pub real_size: u32,
    pub carve_out_size: u32,
    pub inclusive_size: u32,
    /// Parties of whose part no report speaks.
    pub parties_to_assess: BTreeSet<usize>,
    /// Obligations that rest on each report.
    pub reports_relied_on: BTreeMap<usize, u32>,
    /// Parties whose assumed report obligations rest on.
    pub assumed_reports: BTreeSet<usize>,
    /// Cost, whether reused, how many times.
    pub cost_counts: Vec<(usize, bool, u32)>,
    pub hours_by_party: Vec<(usize, ThreePoint)>,
    pub hours_by_control: Vec<(usize, ThreePoint)>,
    pub hours_by_criterion: Vec<(usize, ThreePoint)>,
}

impl Frames {
    pub(crate) fn new(
        requirements: &[Requirement],
        per_party: &dyn Fn(&Requirement) -> bool,
        bears: &[Vec<bool>],
        profiles: &[usize],
        owner: &dyn Fn(&Requirement, usize) -> Owner,
    ) -> Result<Self, ScopingError> {
        let failed = failed("preparing the estate");
        let shown: Vec<(usize, &Requirement)> =
            requirements.iter().enumerate().filter(|(_, each)| per_party(each)).collect();
        let requirement_frame = df![
            "r" => indices(shown.iter().map(|(at, _)| *at))?,
            "k" => indices(shown.iter().map(|(_, each)| each.control))?,
            "c" => indices(shown.iter().map(|(_, each)| each.criterion))?,
        ]
        .map_err(&failed)?;
        let pairs: Vec<(usize, usize)> = bears
            .iter()
            .enumerate()
            .flat_map(|(party, criteria)| {
                criteria.iter().enumerate().filter(|(_, bears)| **bears).map(move |(criterion, _)| (criterion, party))
            })
            .collect();
        let bearing_frame = df![
            "c" => indices(pairs.iter().map(|pair| pair.0))?,
            "p" => indices(pairs.iter().map(|pair| pair.1))?,
            "profile" => indices(pairs.iter().map(|pair| profiles[pair.1]))?,
        ]
        .map_err(&failed)?;
        let used: BTreeSet<usize> = profiles.iter().copied().collect();
        let (mut r, mut profile, mut owners) = (vec![], vec![], vec![]);
        for (at, each) in &shown {
            for used in &used {
                r.push(index(*at)?);
                profile.push(index(*used)?);
                owners.push(owner(each, *used) as u32);
            }
        }
        let owner_frame = df!["r" => r, "profile" => profile, "owner" => owners].map_err(&failed)?;
        let mut base = requirement_frame
            .inner_join(&bearing_frame, ["c"], ["c"])
            .and_then(|frame| frame.inner_join(&owner_frame, ["r", "profile"], ["r", "profile"]))
            .and_then(|frame| frame.select(["r", "k", "c", "p", "owner"]))
            .and_then(|frame| frame.sort(["r", "p"], SortMultipleOptions::default()))
            .map_err(&failed)?;
        base.rechunk_mut();
        Ok(Self { base })
    }

    /// Decides every row of a scenario and sums it up.
    pub(crate) fn rows(
        &self,
        estate: &Estate,
        settled: &Settled,
        overrides: &[Override],
    ) -> Result<Rows, ScopingError> {
        let failed = failed("deciding treatments");
        let column = |name: &str| -> Result<&[u32], ScopingError> {
            self.base.column(name).and_then(|column| column.u32()?.cont_slice()).map_err(&failed)
        };
        let (r, c, p, owner) = (column("r")?, column("c")?, column("p")?, column("owner")?);
        let mut extra = extra_rows(estate, settled, overrides).into_iter().peekable();
        let mut decider = Decider::new(estate, settled, r.len());
        for at in 0..r.len() {
            let (requirement, party) = (r[at] as usize, p[at] as usize);
            while let Some(((requirement, party), decided)) = extra.next_if(|next| next.0 < (requirement, party)) {
                decider.take(requirement, party, decided);
            }
            if extra.peek().is_some_and(|next| next.0 == (requirement, party)) {
                // Decided by an override, which comes next.
                continue;
            }
            if settled.criteria_in[c[at] as usize] && settled.parties_in[party] {
                decider.take(requirement, party, Given { owner: Owner::ALL[owner[at] as usize], forced: None });
            }
        }
        for ((requirement, party), decided) in extra {
            decider.take(requirement, party, decided);
        }
        Ok(decider.finish())
    }
}

/// What is known of a row before reports are looked at.
#[derive(Debug, Clone, Copy)]
struct Given {
    owner: Owner,
    forced: Option<Treatment>,
}

/// Rows that the base does not decide, by requirement and party: overrides, and what is shown once.
fn extra_rows(estate: &Estate, settled: &Settled, overrides: &[Override]) -> BTreeMap<(usize, usize), Given> {
    let mut extra: BTreeMap<(usize, usize), Given> = settled
        .overrides
        .iter()
        .map(|(row, number)| {
            let (owner, forced) = forced(estate, overrides[*number].verdict, *row);
            (*row, Given { owner, forced })
        })
        .collect();
    for (at, each) in estate.requirements.iter().enumerate() {
        if settled.criteria_in[each.criterion] && estate.set.controls[each.control].shown == Shown::Once {
            let given = Given { owner: Owner::Customer, forced: Some(Treatment::Customer) };
            extra.insert((at, estate.own()), given);
        }
    }
    extra
}

/// Takes rows in their order and counts what needs no grouping.
struct Decider<'a> {
    estate: &'a Estate,
    settled: &'a Settled,
    /// The row under which evidence is asked for, by control and place; the highest bit says that it is reused.
    first: Vec<u32>,
    /// By criterion and party: repeats, carved out, has a bearing.
    pairs: Vec<[bool; 3]>,
    /// By report: rows that rest on it.
    resting: Vec<u32>,
    /// By place: of whose part no report speaks; whose assumed report is rested on.
    to_assess: Vec<bool>,
    assumed: Vec<bool>,
    sums: Rows,
}

/// Rows are fewer than this; see [`Decider::first`].
const REUSED: u32 = 1 << 31;

impl<'a> Decider<'a> {
    fn new(estate: &'a Estate, settled: &'a Settled, rows: usize) -> Self {
        let places = estate.own() + 1;
        let mut sums = Rows::default();
        sums.rows.reserve(rows);
        Self {
            estate,
            settled,
            first: vec![NONE; estate.set.controls.len() * places],
            pairs: vec![[false; 3]; estate.set.criteria.len() * places],
            resting: vec![0; estate.reports.len()],
            to_assess: vec![false; places],
            assumed: vec![false; places],
            sums,
        }
    }

    fn take(&mut self, requirement: usize, party: usize, given: Given) {
        let each = self.estate.requirements[requirement];
        let is_ours = party == self.estate.own();
        let inclusive = !is_ours && self.settled.inclusive[party];
        let reliance = self.settled.reliance(each.criterion, party);
        let can_rely = reliance.relied && !inclusive;
        let treatment = given.forced.unwrap_or(match given.owner {
            Owner::Customer => Treatment::Customer,
            Owner::Shared | Owner::SharedWithThirdParty => Treatment::Shared,
            Owner::NotApplicable => Treatment::NotApplicable,
            Owner::Provider | Owner::OutsourcedToThirdParty if can_rely && reliance.cuec => Treatment::Shared,
            Owner::Provider | Owner::OutsourcedToThirdParty if can_rely => Treatment::Inherited,
            Owner::Provider | Owner::OutsourcedToThirdParty => Treatment::Assess,
        });
        let relied = can_rely && matches!(treatment, Treatment::Inherited | Treatment::Shared);
        let report = (reliance.report != NONE).then_some(reliance.report as usize);
        let sums = &mut self.sums;
        sums.by_treatment[treatment as usize] += 1;
        if relied {
            match report {
                Some(report) => self.resting[report] += 1,
                None => self.assumed[party] = true,
            }
        }
        if treatment == Treatment::Assess || (treatment == Treatment::Shared && !relied) {
            // What the provider owns of a shared control has to be shown by somebody, too.
            self.to_assess[party] = true;
        }
        if !is_ours {
            sums.third_party_rows += 1;
            let has_part = match given.forced {
                Some(treatment) => matches!(treatment, Treatment::Customer | Treatment::Shared),
                None => match given.owner {
                    Owner::Customer | Owner::Shared | Owner::SharedWithThirdParty => true,
                    Owner::Provider | Owner::OutsourcedToThirdParty => reliance.cuec,
                    Owner::NotApplicable => false,
                },
            };
            let pair = &mut self.pairs[each.criterion * (self.estate.own() + 1) + party];
            pair[0] |= treatment.repeats();
            pair[1] |= has_part;
            pair[2] |= treatment != Treatment::NotApplicable;
        }
        let asks = matches!(treatment, Treatment::Customer | Treatment::Shared)
            || (inclusive && treatment == Treatment::Assess);
        let reused = !self.settled.reused[each.criterion].is_empty();
        if asks {
            // Reused only where every criterion of the control is served, so that a criterion more never saves work.
            let at = u32::try_from(self.sums.rows.len()).unwrap_or(NONE);
            let first = &mut self.first[each.control * (self.estate.own() + 1) + party];
            *first = (*first).min(if reused { at | REUSED } else { at });
        }
        self.sums.rows.push(Row {
            requirement,
            party,
            owner: given.owner,
            treatment,
            report,
            relied,
            cost: self.settled.cost(each.control, party),
            primary: false,
            reused,
        });
    }

    fn finish(self) -> Rows {
        let mut rows = self.sums;
        let mut times = vec![[0_u32; 2]; self.settled.costs.len()];
        let [mut by_party, mut by_control, mut by_criterion] = [(); 3].map(|()| BTreeMap::<usize, ThreePoint>::new());
        for first in self.first.into_iter().filter(|first| *first != NONE) {
            let row = &mut rows.rows[(first & !REUSED) as usize];
            row.primary = true;
            times[row.cost][usize::from(row.reused)] += 1;
            let each = self.estate.requirements[row.requirement];
            let hours = self.settled.costs[row.cost].hours(row.reused);
            for (sums, key) in
                [(&mut by_party, row.party), (&mut by_control, each.control), (&mut by_criterion, each.criterion)]
            {
                *sums.entry(key).or_default() += hours;
            }
        }
        rows.cost_counts = times
            .iter()
            .enumerate()
            .flat_map(|(cost, [plain, reused])| [(cost, false, *plain), (cost, true, *reused)])
            .filter(|(_, _, times)| *times > 0)
            .collect();
        let marked = |flags: &[bool]| flags.iter().enumerate().filter(|(_, is)| **is).map(|(at, _)| at).collect();
        rows.parties_to_assess = marked(&self.to_assess);
        rows.assumed_reports = marked(&self.assumed);
        rows.reports_relied_on = self.resting.into_iter().enumerate().filter(|(_, times)| *times > 0).collect();
        let count = |at: usize| u32::try_from(self.pairs.iter().filter(|pair| pair[at]).count()).unwrap_or(u32::MAX);
        [rows.real_size, rows.carve_out_size, rows.inclusive_size] = [count(0), count(1), count(2)];
        rows.hours_by_party = by_party.into_iter().collect();
        rows.hours_by_control = by_control.into_iter().collect();
        rows.hours_by_criterion = by_criterion.into_iter().collect();
        rows
    }
}
