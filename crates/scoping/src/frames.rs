//! The joins and sums, on polars frames of small integers; names and reasons are looked up afterwards.
//!
//! What no scenario changes is joined once; a scenario adds its reports, overrides and costs by left joins. Columns:
//! `r` requirement, `k` control, `c` criterion, `p` party, `v` cost; each an index into the estate's or the
//! scenario's lists.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Owner, Treatment};
use polars::prelude::*;

use crate::catalogue::{Shown, ThreePoint};
use crate::decide::Settled;
use crate::scenario::Override;
use crate::settle::forced;
use crate::sizer::{Estate, Requirement, ScopingError};

const NONE: u32 = u32::MAX;

fn failed(step: &'static str) -> impl Fn(PolarsError) -> ScopingError {
    move |error| ScopingError::Frame { step, source: Box::new(error) }
}

fn index(value: usize) -> Result<u32, ScopingError> {
    u32::try_from(value).map_err(|_| ScopingError::TooMany { count: value })
}

fn indices(values: impl IntoIterator<Item = usize>) -> Result<Vec<u32>, ScopingError> {
    values.into_iter().map(index).collect()
}

/// A literal in the type of all our columns; polars would widen a bare number to 64 bits.
fn number(value: u32) -> Expr {
    lit(value).cast(DataType::UInt32)
}

/// Which requirement meets which party, and who owns it there.
#[derive(Debug)]
pub(crate) struct Frames {
    /// `r`, `k`, `c`, `p`, `owner`: where a party bears on a criterion of a control that is shown per party.
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
    pub rows: Vec<Row>,
    pub third_party_rows: u32,
    pub by_treatment: [u32; 5],
    pub real_size: u32,
    pub carve_out_size: u32,
    pub inclusive_size: u32,
    pub parties_to_assess: BTreeSet<usize>,
    /// Obligations that rest on each report.
    pub reports_relied_on: BTreeMap<usize, u32>,
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
        masks: &[u32],
        owner: &dyn Fn(&Requirement, u32) -> Owner,
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
            "mask" => pairs.iter().map(|pair| masks[pair.1]).collect::<Vec<u32>>(),
        ]
        .map_err(&failed)?;
        let used: BTreeSet<u32> = masks.iter().copied().collect();
        let (mut r, mut mask, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        for (at, requirement) in shown {
            for each in &used {
                r.push(index(at)?);
                mask.push(*each);
                owners.push(owner(requirement, *each) as u32);
            }
        }
        let owner_frame = df!["r" => r, "mask" => mask, "owner" => owners].map_err(&failed)?;
        let base = requirement_frame
            .lazy()
            .join(bearing_frame.lazy(), [col("c")], [col("c")], JoinArgs::new(JoinType::Inner))
            .join(owner_frame.lazy(), [col("r"), col("mask")], [col("r"), col("mask")], JoinArgs::new(JoinType::Inner))
            .select([col("r"), col("k"), col("c"), col("p"), col("owner")])
            .collect()
            .map_err(&failed)?;
        Ok(Self { base })
    }

    /// Decides every row of a scenario and sums it up.
    pub(crate) fn rows(&self, scenario: &ScenarioFrames) -> Result<Rows, ScopingError> {
        let failed = failed("deciding treatments");
        let on = |names: &[&str]| names.iter().map(|name| col(*name)).collect::<Vec<Expr>>();
        let left = || JoinArgs::new(JoinType::Left);
        let semi = || JoinArgs::new(JoinType::Semi);
        let code = |treatment: Treatment| number(treatment as u32);
        let owned = |owner: Owner| col("owner").eq(number(owner as u32));

        let kept = self
            .base
            .clone()
            .lazy()
            .join(scenario.criteria.clone().lazy(), on(&["c"]), on(&["c"]), semi())
            .join(scenario.overrides.clone().lazy(), on(&["r", "p"]), on(&["r", "p"]), JoinArgs::new(JoinType::Anti))
            .with_column(number(NONE).alias("forced"));
        let mut decided = kept;
        if scenario.overrides.height() > 0 {
            let columns = [col("r"), col("k"), col("c"), col("p"), col("owner"), col("forced")];
            decided = concat(
                [decided.select(columns.clone()), scenario.overrides.clone().lazy().select(columns)],
                UnionArgs::default(),
            )
            .map_err(&failed)?;
        }
        let is_ours = owned(Owner::Customer);
        let is_shared = owned(Owner::Shared).or(owned(Owner::SharedWithThirdParty));
        let by_owner = when(is_ours.clone())
            .then(code(Treatment::Customer))
            .when(is_shared.clone())
            .then(code(Treatment::Shared))
            .when(owned(Owner::NotApplicable))
            .then(code(Treatment::NotApplicable))
            .when(col("inclusive"))
            .then(code(Treatment::Assess))
            .when(col("relied").and(col("cuec")))
            .then(code(Treatment::Shared))
            .when(col("relied"))
            .then(code(Treatment::Inherited))
            .otherwise(code(Treatment::Assess));
        let is_forced = col("forced").neq(number(NONE));
        let decided = decided
            .join(scenario.parties.clone().lazy(), on(&["p"]), on(&["p"]), JoinArgs::new(JoinType::Inner))
            .join(scenario.reports.clone().lazy(), on(&["c", "p"]), on(&["c", "p"]), left())
            .with_columns([
                col("relied").fill_null(lit(false)).and(col("inclusive").not()),
                col("cuec").fill_null(lit(false)),
                col("report").fill_null(number(NONE)),
            ])
            .with_column(when(is_forced).then(col("forced")).otherwise(by_owner).alias("treatment"))
            .with_column(
                is_ours
                    .or(is_shared)
                    .or(col("cuec"))
                    .or(col("forced").eq(code(Treatment::Customer)))
                    .or(col("forced").eq(code(Treatment::Shared)))
                    .and(col("treatment").neq(code(Treatment::NotApplicable)))
                    .alias("carved"),
            )
            .select(on(&["r", "k", "c", "p", "owner", "treatment", "report", "relied", "inclusive", "carved"]));
        // What is shown once joins here, so that its evidence is counted like any other.
        let decided = concat([decided, scenario.own.clone().lazy()], UnionArgs::default()).map_err(&failed)?;
        let asks = col("treatment")
            .eq(code(Treatment::Customer))
            .or(col("treatment").eq(code(Treatment::Shared)))
            .or(col("inclusive").and(col("treatment").eq(code(Treatment::Assess))));
        let decided = decided
            .join(scenario.reused.clone().lazy(), on(&["c"]), on(&["c"]), left())
            .join(scenario.special_costs.clone().lazy(), on(&["k", "p"]), on(&["k", "p"]), left())
            .with_columns([
                col("reused").fill_null(lit(false)),
                when(col("v").is_null()).then(col("k")).otherwise(col("v")).alias("v"),
                asks.alias("asks"),
            ])
            .collect()
            .map_err(&failed)?;
        // Evidence for one control at one place is asked for once: under its first criterion.
        let first = decided
            .clone()
            .lazy()
            .filter(col("asks"))
            .group_by(on(&["k", "p"]))
            .agg([col("r").min()])
            .with_column(lit(true).alias("primary"))
            .collect()
            .map_err(&failed)?;
        let decided = decided
            .lazy()
            .join(first.lazy(), on(&["k", "p", "r"]), on(&["k", "p", "r"]), left())
            .with_column(col("primary").fill_null(lit(false)))
            .sort(["r", "p"], SortMultipleOptions::default())
            .collect()
            .map_err(&failed)?;
        sums(&decided, scenario)
    }
}

fn sums(decided: &DataFrame, scenario: &ScenarioFrames) -> Result<Rows, ScopingError> {
    let failed = failed("summing up");
    let own = scenario.own_index;
    let numbers = |frame: &DataFrame, name: &str| -> Result<Vec<u32>, ScopingError> {
        let column = frame.column(name).and_then(|column| column.cast(&DataType::UInt32)).map_err(&failed)?;
        Ok(column.u32().map_err(&failed)?.iter().map(|value| value.unwrap_or(NONE)).collect())
    };
    let flags = |frame: &DataFrame, name: &str| -> Result<Vec<bool>, ScopingError> {
        let column = frame.column(name).and_then(|column| column.bool().cloned()).map_err(&failed)?;
        Ok(column.iter().map(|value| value.unwrap_or(false)).collect())
    };
    let [r, p, owner, treatment, report, v] =
        ["r", "p", "owner", "treatment", "report", "v"].map(|name| numbers(decided, name));
    let (r, p, owner, treatment, report, v) = (r?, p?, owner?, treatment?, report?, v?);
    let [relied, primary, reused] = ["relied", "primary", "reused"].map(|name| flags(decided, name));
    let (relied, primary, reused) = (relied?, primary?, reused?);
    let mut rows = Rows::default();
    rows.rows.reserve(r.len());
    for at in 0..r.len() {
        let treatment = Treatment::ALL[treatment[at] as usize];
        rows.by_treatment[treatment as usize] += 1;
        rows.third_party_rows += u32::from(p[at] != own);
        let rests = relied[at] && matches!(treatment, Treatment::Inherited | Treatment::Shared);
        if rests && report[at] != NONE {
            *rows.reports_relied_on.entry(report[at] as usize).or_default() += 1;
        }
        if treatment == Treatment::Assess {
            rows.parties_to_assess.insert(p[at] as usize);
        }
        rows.rows.push(Row {
            requirement: r[at] as usize,
            party: p[at] as usize,
            owner: Owner::ALL[owner[at] as usize],
            treatment,
            report: (report[at] != NONE).then_some(report[at] as usize),
            relied: rests,
            cost: v[at] as usize,
            primary: primary[at],
            reused: reused[at],
        });
    }

    let third = || decided.clone().lazy().filter(col("p").neq(number(own)));
    let pairs = |condition: Expr| -> Result<u32, ScopingError> {
        let frame = third()
            .filter(condition)
            .select([col("c"), col("p")])
            .unique(None, UniqueKeepStrategy::Any)
            .collect()
            .map_err(&failed)?;
        index(frame.height())
    };
    let is = |treatment: Treatment| col("treatment").eq(number(treatment as u32));
    rows.real_size = pairs(is(Treatment::Customer).or(is(Treatment::Shared)).or(is(Treatment::Assess)))?;
    rows.carve_out_size = pairs(col("carved"))?;
    rows.inclusive_size = pairs(is(Treatment::NotApplicable).not())?;

    let counted = decided
        .clone()
        .lazy()
        .filter(col("primary"))
        .join(
            scenario.costs.clone().lazy(),
            [col("v"), col("reused")],
            [col("v"), col("reused")],
            JoinArgs::new(JoinType::Inner),
        )
        .collect()
        .map_err(&failed)?;
    let by = |name: &str| -> Result<Vec<(usize, ThreePoint)>, ScopingError> {
        let frame = counted
            .clone()
            .lazy()
            .group_by([col(name)])
            .agg([col("low").sum(), col("likely").sum(), col("high").sum()])
            .sort([name], SortMultipleOptions::default())
            .collect()
            .map_err(&failed)?;
        let keys = numbers(&frame, name)?;
        let column = |name: &str| -> Result<Vec<f64>, ScopingError> {
            let column = frame.column(name).and_then(|column| column.f64().cloned()).map_err(&failed)?;
            Ok(column.iter().map(|value| value.unwrap_or(0.0)).collect())
        };
        let (low, likely, high) = (column("low")?, column("likely")?, column("high")?);
        let hours = |at: usize| ThreePoint { low: low[at], likely: likely[at], high: high[at] };
        Ok(keys.iter().enumerate().map(|(at, key)| (*key as usize, hours(at))).collect())
    };
    rows.hours_by_party = by("p")?;
    rows.hours_by_control = by("k")?;
    rows.hours_by_criterion = by("c")?;
    let counts = counted
        .lazy()
        .group_by([col("v"), col("reused")])
        .agg([len().alias("times")])
        .sort(["v", "reused"], SortMultipleOptions::default())
        .collect()
        .map_err(&failed)?;
    let (costs, times, reused) = (numbers(&counts, "v")?, numbers(&counts, "times")?, flags(&counts, "reused")?);
    rows.cost_counts = (0..costs.len()).map(|at| (costs[at] as usize, reused[at], times[at])).collect();
    Ok(rows)
}

/// The frames that a scenario adds.
pub(crate) struct ScenarioFrames {
    own_index: u32,
    /// `c`: criteria in scope.
    criteria: DataFrame,
    /// `p`, `inclusive`: parties in scope.
    parties: DataFrame,
    /// `c`, `p`, `report`, `relied`, `cuec`.
    reports: DataFrame,
    /// `r`, `k`, `c`, `p`, `owner`, `forced`.
    overrides: DataFrame,
    /// What is shown once, in the shape of decided rows.
    own: DataFrame,
    /// `c`, `reused`.
    reused: DataFrame,
    /// `k`, `p`, `v`: places whose cost differs.
    special_costs: DataFrame,
    /// `v`, `reused`, `low`, `likely`, `high`.
    costs: DataFrame,
}

impl ScenarioFrames {
    pub(crate) fn of(estate: &Estate, settled: &Settled, overrides: &[Override]) -> Result<Self, ScopingError> {
        let failed = failed("preparing a scenario");
        let own_index = index(estate.own())?;
        let criteria_in = || settled.criteria_in.iter().enumerate().filter(|(_, is_in)| **is_in).map(|(at, _)| at);
        let parties_in = || settled.parties_in.iter().enumerate().filter(|(_, is_in)| **is_in).map(|(at, _)| at);
        let criteria = df!["c" => indices(criteria_in())?].map_err(&failed)?;
        let parties = df![
            "p" => indices(parties_in())?,
            "inclusive" => parties_in().map(|at| settled.inclusive[at]).collect::<Vec<bool>>(),
        ]
        .map_err(&failed)?;

        let (mut c, mut p, mut report, mut relied, mut cuec) = (vec![], vec![], vec![], vec![], vec![]);
        for ((criterion, party), chosen) in settled.best.iter().filter(|((_, party), _)| !settled.assumed[*party]) {
            c.push(index(*criterion)?);
            p.push(index(*party)?);
            report.push(index(*chosen)?);
            relied.push(settled.obstacles[*chosen][*criterion].is_none());
            cuec.push(!settled.cuecs[*chosen][*criterion].is_empty());
        }
        for party in (0..settled.assumed.len()).filter(|party| settled.assumed[*party]) {
            for criterion in criteria_in() {
                c.push(index(criterion)?);
                p.push(index(party)?);
                report.push(NONE);
                relied.push(true);
                cuec.push(false);
            }
        }
        let reports =
            df!["c" => c, "p" => p, "report" => report, "relied" => relied, "cuec" => cuec].map_err(&failed)?;

        let (mut r, mut k, mut c, mut p, mut owner, mut forced_to) = (vec![], vec![], vec![], vec![], vec![], vec![]);
        for ((requirement, party), number) in &settled.overrides {
            let each = estate.requirements[*requirement];
            let (by, treatment) = forced(estate, overrides[*number].verdict, (*requirement, *party));
            r.push(index(*requirement)?);
            k.push(index(each.control)?);
            c.push(index(each.criterion)?);
            p.push(index(*party)?);
            owner.push(by as u32);
            forced_to.push(treatment.map_or(NONE, |treatment| treatment as u32));
        }
        let overrides =
            df!["r" => r, "k" => k, "c" => c, "p" => p, "owner" => owner, "forced" => forced_to].map_err(&failed)?;

        let once: Vec<(usize, Requirement)> = estate
            .requirements
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, each)| settled.criteria_in[each.criterion])
            .filter(|(_, each)| estate.set.controls[each.control].shown == Shown::Once)
            .collect();
        let all = |value: u32| vec![value; once.len()];
        let no = || vec![false; once.len()];
        let own = df![
            "r" => indices(once.iter().map(|(at, _)| *at))?,
            "k" => indices(once.iter().map(|(_, each)| each.control))?,
            "c" => indices(once.iter().map(|(_, each)| each.criterion))?,
            "p" => all(own_index),
            "owner" => all(Owner::Customer as u32),
            "treatment" => all(Treatment::Customer as u32),
            "report" => all(NONE),
            "relied" => no(),
            "inclusive" => no(),
            "carved" => no(),
        ]
        .map_err(&failed)?;

        let reused = df![
            "c" => indices(criteria_in())?,
            "reused" => criteria_in().map(|at| !settled.reused[at].is_empty()).collect::<Vec<bool>>(),
        ]
        .map_err(&failed)?;
        let special_costs = df![
            "k" => indices(settled.special_costs.keys().map(|key| key.0))?,
            "p" => indices(settled.special_costs.keys().map(|key| key.1))?,
            "v" => indices(settled.special_costs.values().copied())?,
        ]
        .map_err(&failed)?;
        let ways: Vec<(usize, bool, ThreePoint)> = settled
            .costs
            .iter()
            .enumerate()
            .flat_map(|(at, cost)| [(at, false, cost.hours), (at, true, cost.hours_reused)])
            .collect();
        let costs = df![
            "v" => indices(ways.iter().map(|way| way.0))?,
            "reused" => ways.iter().map(|way| way.1).collect::<Vec<bool>>(),
            "low" => ways.iter().map(|way| way.2.low).collect::<Vec<f64>>(),
            "likely" => ways.iter().map(|way| way.2.likely).collect::<Vec<f64>>(),
            "high" => ways.iter().map(|way| way.2.high).collect::<Vec<f64>>(),
        ]
        .map_err(&failed)?;
        Ok(Self { own_index, criteria, parties, reports, overrides, own, reused, special_costs, costs })
    }
}
