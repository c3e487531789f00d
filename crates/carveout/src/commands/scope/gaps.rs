//! `carveout scope gaps`: what stands between a scenario and its audit.

use carveout_model::{Gap, GapKind};
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::Gaps,
    commands::scope::prepared,
    error::{CliError, Exit, OrFail},
    printer,
    workspace::Workspace,
};

/// Lists the gaps of a scenario.
pub fn run(workspace: &Workspace, arguments: &Gaps) -> Result<Exit, CliError> {
    let (sizer, scenario) = prepared(workspace, &arguments.scenario)?;
    let scoping = sizer.size(&scenario).or_fail(|| "can't size the audit".to_owned())?;
    let mut gaps = sizer.gaps(&scenario, &scoping);
    gaps.retain(|gap| arguments.kind.as_deref().is_none_or(|kind| gap.kind.as_str() == kind));
    let lines = if arguments.full { gaps.iter().map(Line::of).collect() } else { by_control(&gaps) };
    printer::print(&table(&lines), &arguments.output)?;
    if arguments.output.is_for_people() {
        if lines.len() < gaps.len() {
            printer::text("\nWhere several third parties have the same gap: `--full` lists each\n")?;
        }
        printer::text("\nPlaces that could not be crawled: `carveout query run coverage-gaps`\n")?;
    }
    Ok(Exit::Done)
}

/// How many of several parties are named.
const NAMED: usize = 3;

/// A gap, or the same one at several parties.
struct Line<'g> {
    /// The first of them.
    gap: &'g Gap,
    party_ids: Vec<&'g str>,
    criterion_ids: Vec<&'g str>,
    obligations: u32,
}

impl<'g> Line<'g> {
    fn of(gap: &'g Gap) -> Self {
        Self {
            gap,
            party_ids: vec![gap.party_id.as_str()],
            criterion_ids: gap.criterion_ids.iter().map(String::as_str).collect(),
            obligations: gap.obligations,
        }
    }

    fn add(&mut self, gap: &'g Gap) {
        self.party_ids.push(&gap.party_id);
        self.obligations += gap.obligations;
        for criterion_id in &gap.criterion_ids {
            if !self.criterion_ids.contains(&criterion_id.as_str()) {
                self.criterion_ids.push(criterion_id);
            }
        }
    }

    /// What is wrong; at several parties, with some of them.
    fn what(&self) -> String {
        let what = &self.gap.what;
        match self.party_ids.as_slice() {
            [_] => what.clone(),
            [named @ .., _, _] if named.len() > NAMED => {
                format!("{what}, at each of {} and {} more", named[..NAMED].join(", "), self.party_ids.len() - NAMED)
            }
            all => format!("{what}, at each of {}", all.join(", ")),
        }
    }
}

/// Evidence that a control lacks everywhere is one line; the others differ by their figures and reports.
fn by_control(gaps: &[Gap]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for gap in gaps {
        let same = |line: &&mut Line<'_>| {
            gap.kind == GapKind::NoEvidence
                && (line.gap.kind, &line.gap.control_id, &line.gap.what) == (gap.kind, &gap.control_id, &gap.what)
        };
        match lines.iter_mut().find(same) {
            Some(line) => line.add(gap),
            None => lines.push(Line::of(gap)),
        }
    }
    // Stable: gaps come with what puts most at risk first.
    lines.sort_by_key(|line| std::cmp::Reverse((line.criterion_ids.len(), line.obligations)));
    lines
}

fn table(lines: &[Line<'_>]) -> Rows {
    let maybe = |text: &Option<String>| text.clone().map_or(Cell::Null, Cell::Text);
    let row = |line: &Line<'_>| {
        let party = match line.party_ids.as_slice() {
            [only] => Cell::Text((*only).to_owned()),
            _ => Cell::Null,
        };
        vec![
            Cell::Text(line.gap.kind.as_str().to_owned()),
            maybe(&line.gap.control_id),
            Cell::Integer(i64::try_from(line.party_ids.len()).unwrap_or(i64::MAX)),
            party,
            maybe(&line.gap.report_id),
            Cell::Integer(i64::from(line.obligations)),
            Cell::Text(line.criterion_ids.join(", ")),
            Cell::Text(line.what()),
        ]
    };
    Rows {
        columns: vec![
            Column::new("kind", "VARCHAR"),
            Column::new("control_id", "VARCHAR"),
            Column::new("parties", "BIGINT"),
            Column::new("party_id", "VARCHAR"),
            Column::new("report_id", "VARCHAR"),
            Column::new("obligations", "BIGINT"),
            Column::new("criteria", "VARCHAR"),
            Column::new("what", "VARCHAR"),
        ],
        rows: lines.iter().map(row).collect(),
    }
}
