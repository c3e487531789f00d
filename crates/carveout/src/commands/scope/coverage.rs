//! `carveout scope coverage`: the days of the audit period that reports and letters speak for.

use std::fmt::Write as _;

use carveout_model::{CoverageClass, Period, ReportCoverage};
use carveout_warehouse::{Cell, Column, Rows};

use crate::{
    cli::Coverage,
    commands::{parties, scope::prepared},
    error::{CliError, Exit},
    printer,
    workspace::Workspace,
};

/// Prints the days by what speaks for them.
pub fn run(workspace: &Workspace, arguments: &Coverage) -> Result<Exit, CliError> {
    let (sizer, mut scenario) = prepared(workspace, &arguments.scenario)?;
    if let Some(period) = arguments.period {
        scenario.scope.period = period;
    }
    let mut rows = sizer.report_coverage(&scenario);
    if let Some(party) = &arguments.party {
        let party_id = parties::find(&workspace.reader()?, party)?.party_id;
        rows.retain(|row| row.party_id == party_id);
        if rows.is_empty() {
            return Err(CliError::usage(format!("{party_id} is no third party in scope"))
                .hint("a fourth party is in scope where a report of its own is held; `graph chain` shows who it is"));
        }
    }
    let groups = grouped(&rows);
    if arguments.output.is_for_people() {
        printer::text(&for_people(&groups, &rows, &scenario.scope.period))?;
    } else {
        printer::print(&table(&groups), &arguments.output)?;
    }
    Ok(Exit::Done)
}

/// Criteria of one party for which the same speaks on every day.
struct Group<'r> {
    criteria: Vec<&'r str>,
    segments: &'r [ReportCoverage],
}

/// Groups by party, in the order of their first criteria.
fn grouped(rows: &[ReportCoverage]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for of_party in rows.chunk_by(|one, next| one.party_id == next.party_id) {
        let first_of_party = groups.len();
        for segments in of_party.chunk_by(|one, next| one.criterion_id == next.criterion_id) {
            let criterion_id = segments[0].criterion_id.as_str();
            match groups[first_of_party..].iter_mut().find(|group| say_the_same(group.segments, segments)) {
                Some(group) => group.criteria.push(criterion_id),
                None => groups.push(Group { criteria: vec![criterion_id], segments }),
            }
        }
    }
    groups
}

fn say_the_same(one: &[ReportCoverage], other: &[ReportCoverage]) -> bool {
    let said = |row: &ReportCoverage| (row.class, row.from_day, row.to_day);
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| {
            said(one) == said(other) && one.report_id == other.report_id && one.reason == other.reason
        })
}

fn table(groups: &[Group<'_>]) -> Rows {
    let rows = groups.iter().flat_map(|group| {
        group.segments.iter().map(|segment| {
            vec![
                Cell::Text(segment.party_id.clone()),
                Cell::Json(group.criteria.clone().into()),
                Cell::Text(segment.class.as_str().to_owned()),
                Cell::Date(segment.from_day.to_string()),
                Cell::Date(segment.to_day.to_string()),
                Cell::Integer(segment.days.into()),
                segment.report_id.clone().map_or(Cell::Null, Cell::Text),
                Cell::Text(segment.reason.clone()),
            ]
        })
    });
    Rows {
        columns: vec![
            Column::new("party_id", "VARCHAR"),
            Column::new("criteria", "VARCHAR[]"),
            Column::new("class", "VARCHAR"),
            Column::new("from_day", "DATE"),
            Column::new("to_day", "DATE"),
            Column::new("days", "BIGINT"),
            Column::new("report_id", "VARCHAR"),
            Column::new("reason", "VARCHAR"),
        ],
        rows: rows.collect(),
    }
}

/// Party by party; those without any report together at the end.
fn for_people(groups: &[Group<'_>], rows: &[ReportCoverage], period: &Period) -> String {
    let Some(first) = rows.first() else { return "no third party is in scope\n".to_owned() };
    let of_first = rows.iter().take_while(|row| row.party_id == first.party_id);
    let mut order: Vec<&str> = of_first.map(|row| row.criterion_id.as_str()).collect();
    order.dedup();
    let mut text = format!("What speaks for third parties on the days of {} to {}\n", period.start, period.end);
    let has_none = |group: &&Group<'_>| {
        let segments = group.segments;
        segments.len() == 1 && segments[0].class == CoverageClass::Nothing && segments[0].report_id.is_none()
    };
    for group in groups.iter().filter(|group| !has_none(group)) {
        let head = format!("{}, on {}", group.segments[0].party_id, runs(&group.criteria, &order));
        text.push('\n');
        text.push_str(&printer::wrapped(&head, 0));
        for segment in group.segments {
            let ReportCoverage { from_day, to_day, days, class, reason, .. } = segment;
            let class = class.as_str().replace('_', " ");
            let _ = writeln!(text, "  {from_day} to {to_day}  {days:>4} days  {class}");
            text.push_str(&printer::wrapped(reason, 6));
        }
    }
    let without: Vec<&str> = groups.iter().filter(has_none).map(|group| group.segments[0].party_id.as_str()).collect();
    if !without.is_empty() {
        let _ = writeln!(text, "\nNo report is at hand of {} third parties", without.len());
        without.iter().for_each(|party_id| text.push_str(&format!("  {party_id}\n")));
    }
    printer::harmless(&text)
}

/// Criteria in a few words: neighbours of one letter as `CC1.1 to CC9.2`.
fn runs(criteria: &[&str], order: &[&str]) -> String {
    let place = |id: &str| order.iter().position(|each| *each == id);
    let prefix = |id: &str| id.chars().take_while(char::is_ascii_alphabetic).collect::<String>();
    let is_next = |one: &&str, next: &&str| {
        let (one, next) = (*one, *next);
        place(one).map(|at| at + 1) == place(next) && prefix(one) == prefix(next)
    };
    let words = criteria.chunk_by(is_next).map(|run| match run {
        [first, .., last] if run.len() > 2 => format!("{first} to {last}"),
        few => few.join(", "),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn row(party_id: &str, criterion_id: &str, class: CoverageClass) -> ReportCoverage {
        ReportCoverage {
            scenario: "current".to_owned(),
            party_id: party_id.to_owned(),
            criterion_id: criterion_id.to_owned(),
            class,
            from_day: date(2026, 1, 1),
            to_day: date(2026, 12, 31),
            days: 365,
            report_id: (class == CoverageClass::Report).then(|| "report".to_owned()),
            reason: "because".to_owned(),
        }
    }

    #[test]
    fn criteria_with_the_same_days_are_told_together() {
        use CoverageClass::{Nothing, Report};
        let rows = [
            row("a", "CC1.1", Report),
            row("a", "CC1.2", Report),
            row("a", "CC1.3", Report),
            row("a", "A1.1", Nothing),
            row("a", "C1.1", Report),
            row("b", "CC1.1", Nothing),
            row("b", "CC1.2", Nothing),
            row("b", "CC1.3", Nothing),
            row("b", "A1.1", Nothing),
            row("b", "C1.1", Nothing),
        ];
        let groups = grouped(&rows);
        assert_eq!(groups.iter().map(|group| group.criteria.len()).collect::<Vec<_>>(), [4, 1, 5]);
        let period = Period { start: date(2026, 1, 1), end: date(2026, 12, 31) };
        let said = for_people(&groups, &rows, &period);
        assert!(
            said.contains("\na, on CC1.1 to CC1.3, C1.1\n  2026-01-01 to 2026-12-31   365 days  report\n"),
            "{said}"
        );
        assert!(said.ends_with("No report is at hand of 2 third parties\n  a\n  b\n"), "{said}");
    }
}
