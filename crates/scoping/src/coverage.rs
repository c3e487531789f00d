//! Which days of an audit period a third party's reports speak for, criterion by criterion.
//!
//! A report speaks for the days of its period, whatever its age by now; a bridge letter for some months after it, and no
//! longer, whatever it says. Several reports of a party are laid over each other: a report goes before a letter, a letter
//! before what can't be judged. How a report stands as a whole on one day is [`crate::judge`].

use std::cmp::Reverse;
use std::collections::BTreeSet;

use carveout_model::{CoverageClass, Criterion, Period, ReportCoverage, ReportType, Soc2Report};
use jiff::{ToSpan, civil::Date};

use crate::reliance::{Thresholds, exceptions_on, out_of_category, qualified_on, unreliable, withheld};
use crate::scenario::Scenario;
use crate::sizer::Sizer;

/// Consecutive days for which the same speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What speaks.
    pub class: CoverageClass,
    /// First day.
    pub from_day: Date,
    /// Last day.
    pub to_day: Date,
    /// The report by its place among those that were given; where nothing speaks, the one that comes nearest.
    pub report: Option<usize>,
    /// Why, in words.
    pub reason: String,
}

impl Segment {
    /// Days, both ends included.
    pub fn days(&self) -> u32 {
        let apart = self.from_day.until(self.to_day).map_or(0, |span| span.get_days());
        u32::try_from(apart + 1).unwrap_or(0)
    }
}

/// What is said of a day, the weightier the sooner it sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Report,
    ReportWithException,
    Letter,
    NotEvaluable,
    /// Its period holds the day, and it still does not speak for the criterion.
    Obstructed,
    /// A letter says more than letters may.
    LetterTooLong,
    Ended,
    NotBegun,
    /// It never speaks for a period.
    Never,
}

impl Weight {
    const fn class(self) -> CoverageClass {
        match self {
            Self::Report | Self::ReportWithException => CoverageClass::Report,
            Self::Letter => CoverageClass::BridgeLetter,
            Self::NotEvaluable => CoverageClass::NotEvaluable,
            Self::Obstructed | Self::LetterTooLong | Self::Ended | Self::NotBegun | Self::Never => {
                CoverageClass::Nothing
            }
        }
    }
}

/// What one report says of some days.
struct Claim {
    weight: Weight,
    from: Date,
    to: Date,
    report: usize,
    reason: String,
}

fn day_after(day: Date) -> Date {
    day.saturating_add(1.days())
}

fn day_before(day: Date) -> Date {
    day.saturating_sub(1.days())
}

/// The claims of one report, over all days.
struct Claims<'a> {
    report: &'a Soc2Report,
    at: usize,
    thresholds: &'a Thresholds,
    found: Vec<Claim>,
}

impl Claims<'_> {
    fn add(&mut self, weight: Weight, from: Date, to: Date, reason: impl Into<String>) {
        self.found.push(Claim { weight, from, to, report: self.at, reason: reason.into() });
    }

    fn of(mut self, criterion: Option<&Criterion>) -> Vec<Claim> {
        let report = self.report;
        let (start, end) = (report.period_start, report.period_end);
        let never = unreliable(report);
        if let Some(reason) = never
            && (report.report_type == ReportType::Type1 || end.is_none())
        {
            self.add(Weight::Never, Date::MIN, Date::MAX, reason);
            return self.found;
        }
        let letter_until =
            end.zip(report.bridge_until).map(|(end, until)| until.min(self.thresholds.letter_until(end)));
        let letter_until = letter_until.filter(|until| Some(*until) > end);
        let speaks_until = letter_until.or(end);
        self.around(start, end, speaks_until);

        let (from, to) = (start.unwrap_or(Date::MIN), end.unwrap_or(Date::MAX));
        let obstacle = never.map(ToOwned::to_owned).or_else(|| {
            let criterion = criterion?;
            let out = (!report.categories.is_empty()).then(|| out_of_category(report, criterion.category)).flatten();
            out.or_else(|| qualified_on(report, &criterion.criterion_id))
        });
        let unclear = withheld(report).or_else(|| start.or(end).is_none().then_some("its period is not known"));
        if let Some(reason) = obstacle {
            self.add(Weight::Obstructed, from, speaks_until.unwrap_or(Date::MAX), reason);
            return self.found;
        }
        if let Some(reason) = unclear {
            self.add(Weight::NotEvaluable, from, speaks_until.unwrap_or(Date::MAX), reason);
            return self.found;
        }
        match (start, end) {
            (Some(start), Some(end)) => {
                let refs = criterion.map(|each| exceptions_on(report, &each.criterion_id)).unwrap_or_default();
                let period = format!("type 2, {start} to {end}");
                match refs.as_slice() {
                    [] => self.add(Weight::Report, start, end, period),
                    [one] => {
                        let reason = format!("{period}; an exception was found in control {one}");
                        self.add(Weight::ReportWithException, start, end, reason);
                    }
                    several => {
                        let reason = format!("{period}; exceptions were found in controls {}", several.join(", "));
                        self.add(Weight::ReportWithException, start, end, reason);
                    }
                }
            }
            (None, _) => self.add(Weight::NotEvaluable, from, to, "the first day of its period is not known"),
            (_, None) => self.add(Weight::NotEvaluable, from, to, "the last day of its period is not known"),
        }
        if let (Some(end), Some(until)) = (end, letter_until) {
            let reason = format!("a bridge letter continues the period that ended on {end}");
            self.add(Weight::Letter, day_after(end), until, reason);
        }
        self.found
    }

    /// The days before and after those that it may speak for.
    fn around(&mut self, start: Option<Date>, end: Option<Date>, speaks_until: Option<Date>) {
        if let Some(start) = start {
            self.add(Weight::NotBegun, Date::MIN, day_before(start), format!("its period begins on {start}"));
        }
        let (Some(end), Some(speaks_until)) = (end, speaks_until) else { return };
        let thresholds = *self.thresholds;
        if let Some(until) = self.report.bridge_until.filter(|until| *until > speaks_until) {
            let reason = format!(
                "its letter says {until}; {} months after {end} are as far as one goes",
                thresholds.bridge_months
            );
            self.add(Weight::LetterTooLong, day_after(speaks_until), until, reason);
        }
        let (current_until, stale_until) = (thresholds.current_until(end), thresholds.stale_until(end));
        let ages = [
            (speaks_until, current_until, "nothing speaks for later days".to_owned()),
            (current_until, stale_until, format!("stale {} months after that", thresholds.current_months)),
            (stale_until, Date::MAX, format!("expired {} months after that", thresholds.stale_months)),
        ];
        for (last, to, age) in ages {
            let from = day_after(last.max(speaks_until));
            self.add(Weight::Ended, from, to, format!("its period ended on {end}; {age}"));
        }
    }
}

/// The days of a period, taken apart by what speaks for a third party: all of its reports, whatever their order.
///
/// For a criterion, a report counts only where it covers the category and its opinion is not qualified there; an
/// exception is said, and the days count. Without a criterion, what it covers is not asked. Every day of the period is in
/// exactly one segment; none come of a period that ends before it starts.
pub fn coverage(
    reports: &[&Soc2Report],
    criterion: Option<&Criterion>,
    thresholds: &Thresholds,
    period: &Period,
) -> Vec<Segment> {
    if period.end < period.start {
        return Vec::new();
    }
    let claims: Vec<Claim> = reports
        .iter()
        .enumerate()
        .flat_map(|(at, report)| Claims { report, at, thresholds, found: Vec::new() }.of(criterion))
        .filter(|claim| claim.from <= claim.to)
        .collect();
    let changes = claims.iter().flat_map(|claim| [claim.from, day_after(claim.to)]);
    let mut firsts: BTreeSet<Date> = changes.filter(|day| *day > period.start && *day <= period.end).collect();
    firsts.insert(period.start);
    let mut segments: Vec<Segment> = Vec::new();
    for (from_day, next) in firsts.iter().zip(firsts.iter().skip(1).map(Some).chain([None])) {
        let to_day = next.map_or(period.end, |next| day_before(*next));
        let best = claims.iter().filter(|claim| claim.from <= *from_day && *from_day <= claim.to).min_by_key(|claim| {
            let report = reports[claim.report];
            (claim.weight, Reverse(report.period_end), report.report_id.as_str())
        });
        let (class, report, reason) = match best {
            Some(claim) => (claim.weight.class(), Some(claim.report), claim.reason.clone()),
            None => (CoverageClass::Nothing, None, "no report of this party is at hand".to_owned()),
        };
        match segments.last_mut() {
            Some(last) if (last.class, last.report, &last.reason) == (class, report, &reason) => last.to_day = to_day,
            _ => segments.push(Segment { class, from_day: *from_day, to_day, report, reason }),
        }
    }
    segments
}

impl Sizer {
    /// The rows of `scoping.report_coverage`: for each third party of a scenario and each criterion in scope, the days of
    /// the audit period by what speaks for them. By party, criterion and day.
    pub fn report_coverage(&self, scenario: &Scenario) -> Vec<ReportCoverage> {
        let estate = &self.estate;
        let period = &scenario.scope.period;
        let mut rows = Vec::new();
        for party in 0..estate.parties.len() {
            let party_id = estate.party_id(party);
            if scenario.without.contains(party_id) {
                continue;
            }
            let held = estate.reports.iter().filter(|held| held.party == party);
            let reports: Vec<&Soc2Report> = held.map(|held| &held.report).collect();
            let is_assumed = scenario.assume_reports.contains(party_id);
            for criterion in estate.set.criteria.iter().filter(|each| scenario.scope.categories.contains(each.category))
            {
                let segments = if is_assumed && period.start <= period.end {
                    vec![assumed(period)]
                } else {
                    coverage(&reports, Some(criterion), &scenario.thresholds, period)
                };
                rows.extend(segments.into_iter().map(|segment| ReportCoverage {
                    scenario: scenario.name.clone(),
                    party_id: party_id.to_owned(),
                    criterion_id: criterion.criterion_id.clone(),
                    class: segment.class,
                    from_day: segment.from_day,
                    to_day: segment.to_day,
                    days: segment.days(),
                    report_id: segment.report.map(|at| reports[at].report_id.clone()),
                    reason: segment.reason,
                }));
            }
        }
        rows
    }
}

/// The whole period under a report that the scenario takes as received.
fn assumed(period: &Period) -> Segment {
    Segment {
        class: CoverageClass::Report,
        from_day: period.start,
        to_day: period.end,
        report: None,
        reason: "the scenario assumes a clean report".to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use carveout_model::{Category, Exception, Opinion};
    use jiff::civil::date;
    use serde_json::{Value, json};

    use super::*;
    use carveout_model::CoverageClass::{BridgeLetter, NotEvaluable, Nothing, Report};

    /// A clean type 2 on security.
    pub(crate) fn report(id: &str, start: Date, end: Date) -> Soc2Report {
        Soc2Report {
            report_id: id.to_owned(),
            party_id: None,
            organization: id.to_owned(),
            system: None,
            report_type: ReportType::Type2,
            auditor: None,
            period_start: Some(start),
            period_end: Some(end),
            as_of: None,
            issued_on: None,
            opinion: Some(Opinion::Unqualified),
            qualified_criteria: Vec::new(),
            categories: vec![Category::Security],
            bridge_until: None,
            subservice_organizations: Vec::new(),
            user_entity_controls: Vec::new(),
            subservice_controls: Vec::new(),
            controls: Vec::new(),
            exceptions: Vec::new(),
            source: String::new(),
            source_sha256: String::new(),
            extraction: Value::Null,
        }
    }

    pub(crate) fn criterion(id: &str, category: Category) -> Criterion {
        Criterion { criterion_id: id.to_owned(), category, series: String::new(), title: String::new() }
    }

    const YEAR: Period = Period { start: date(2026, 1, 1), end: date(2026, 12, 31) };

    fn over_year(reports: &[Soc2Report], criterion_id: &str) -> Vec<Segment> {
        let reports: Vec<&Soc2Report> = reports.iter().collect();
        let criterion = criterion(criterion_id, Category::Security);
        coverage(&reports, Some(&criterion), &Thresholds::default(), &YEAR)
    }

    fn brief(segments: &[Segment]) -> Vec<(CoverageClass, String, u32)> {
        let to_day = |segment: &Segment| segment.to_day.to_string();
        segments.iter().map(|segment| (segment.class, to_day(segment), segment.days())).collect()
    }

    fn until(class: CoverageClass, to_day: &str, days: u32) -> (CoverageClass, String, u32) {
        (class, to_day.to_owned(), days)
    }

    #[test]
    fn a_period_is_covered_to_the_day_by_report_letter_and_nothing() {
        let mut held = report("a", date(2025, 10, 1), date(2026, 9, 30));
        held.bridge_until = Some(date(2026, 11, 15));
        let segments = over_year(&[held], "CC6.1");
        assert_eq!(
            brief(&segments),
            [until(Report, "2026-09-30", 273), until(BridgeLetter, "2026-11-15", 46), until(Nothing, "2026-12-31", 46)]
        );
        assert_eq!(segments[2].reason, "its period ended on 2026-09-30; nothing speaks for later days");
        assert_eq!(segments[2].report, Some(0));
    }

    #[test]
    fn a_letter_counts_for_three_months_whatever_it_says() {
        let mut held = report("a", date(2025, 2, 1), date(2026, 1, 31));
        held.bridge_until = Some(date(2026, 12, 31));
        let segments = over_year(&[held], "CC6.1");
        assert_eq!(
            brief(&segments),
            [until(Report, "2026-01-31", 31), until(BridgeLetter, "2026-04-30", 89), until(Nothing, "2026-12-31", 245)]
        );
        assert!(
            segments[2].reason.contains("3 months after 2026-01-31 are as far as one goes"),
            "{}",
            segments[2].reason
        );
    }

    #[test]
    fn several_reports_combine_and_a_report_goes_before_a_letter() {
        let mut first = report("first", date(2025, 4, 1), date(2026, 3, 31));
        first.bridge_until = Some(date(2026, 6, 30));
        let second = report("second", date(2026, 5, 1), date(2027, 4, 30));
        let segments = over_year(&[second, first], "CC6.1");
        assert_eq!(
            brief(&segments),
            [until(Report, "2026-03-31", 90), until(BridgeLetter, "2026-04-30", 30), until(Report, "2026-12-31", 245)]
        );
        assert_eq!(segments.iter().map(|each| each.report).collect::<Vec<_>>(), [Some(1), Some(1), Some(0)]);
    }

    #[test]
    fn days_long_after_a_period_are_stale_and_then_expired() {
        let segments = over_year(&[report("a", date(2024, 4, 1), date(2025, 3, 31))], "CC6.1");
        let said: Vec<_> = segments.iter().map(|each| (each.to_day, each.reason.as_str())).collect();
        assert_eq!(
            said,
            [
                (date(2026, 3, 31), "its period ended on 2025-03-31; nothing speaks for later days"),
                (date(2026, 6, 30), "its period ended on 2025-03-31; stale 12 months after that"),
                (date(2026, 12, 31), "its period ended on 2025-03-31; expired 15 months after that"),
            ]
        );
    }

    #[test]
    fn a_type_1_and_an_adverse_opinion_never_cover_a_day() {
        let mut type1 = report("a", date(2026, 1, 1), date(2026, 12, 31));
        type1.report_type = ReportType::Type1;
        type1.as_of = Some(date(2026, 6, 30));
        assert_eq!(brief(&over_year(&[type1], "CC6.1")), [until(Nothing, "2026-12-31", 365)]);
        let mut adverse = report("a", date(2026, 1, 1), date(2026, 6, 30));
        adverse.opinion = Some(Opinion::Adverse);
        adverse.bridge_until = Some(date(2026, 9, 30));
        let segments = over_year(&[adverse], "CC6.1");
        assert!(segments.iter().all(|each| each.class == Nothing), "{segments:?}");
        assert_eq!(segments[0].reason, "the opinion is adverse");
    }

    #[test]
    fn a_qualified_criterion_is_excluded_and_an_exception_is_said() {
        let mut held = report("a", date(2026, 1, 1), date(2026, 12, 31));
        held.opinion = Some(Opinion::Qualified);
        held.qualified_criteria = vec!["CC6.1".to_owned()];
        held.exceptions = vec![Exception {
            control_ref: "C-7".to_owned(),
            criteria: vec!["CC6.2".to_owned()],
            description: String::new(),
            management_response: None,
        }];
        let held = [held];
        let qualified = over_year(&held, "CC6.1");
        assert_eq!(brief(&qualified), [until(Nothing, "2026-12-31", 365)]);
        assert_eq!(qualified[0].reason, "the opinion is qualified on CC6.1");
        let excepted = over_year(&held, "CC6.2");
        assert_eq!(excepted[0].class, Report);
        assert!(excepted[0].reason.ends_with("an exception was found in control C-7"), "{}", excepted[0].reason);
        let reports: Vec<&Soc2Report> = held.iter().collect();
        let other = criterion("A1.2", Category::Availability);
        let outside = coverage(&reports, Some(&other), &Thresholds::default(), &YEAR);
        assert_eq!(outside[0].reason, "the report does not cover availability");
    }

    #[test]
    fn what_is_under_nda_or_of_unknown_period_is_not_evaluable_where_it_may_speak() {
        let mut nda = report("a", date(2025, 7, 1), date(2026, 6, 30));
        nda.extraction = json!({ "under_nda": true });
        assert_eq!(
            brief(&over_year(&[nda], "CC6.1")),
            [until(NotEvaluable, "2026-06-30", 181), until(Nothing, "2026-12-31", 184)]
        );
        let mut half = report("a", date(2026, 3, 1), date(2026, 6, 30));
        half.period_end = None;
        assert_eq!(
            brief(&over_year(std::slice::from_ref(&half), "CC6.1")),
            [until(Nothing, "2026-02-28", 59), until(NotEvaluable, "2026-12-31", 306)]
        );
        half.period_start = None;
        assert_eq!(brief(&over_year(&[half], "CC6.1")), [until(NotEvaluable, "2026-12-31", 365)]);
        let mut ended = report("a", date(2026, 3, 1), date(2026, 6, 30));
        ended.period_start = None;
        ended.bridge_until = Some(date(2026, 7, 31));
        assert_eq!(
            brief(&over_year(&[ended], "CC6.1")),
            [
                until(NotEvaluable, "2026-06-30", 181),
                until(BridgeLetter, "2026-07-31", 31),
                until(Nothing, "2026-12-31", 153)
            ]
        );
    }

    #[test]
    fn without_a_report_nothing_is_at_hand() {
        let segments = over_year(&[], "CC6.1");
        assert_eq!(brief(&segments), [until(Nothing, "2026-12-31", 365)]);
        assert_eq!((segments[0].report, segments[0].reason.as_str()), (None, "no report of this party is at hand"));
        let reversed = Period { start: YEAR.end, end: YEAR.start };
        assert_eq!(coverage(&[], None, &Thresholds::default(), &reversed), []);
    }
}
