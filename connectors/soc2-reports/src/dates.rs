//! Dates in the forms that reports and registers use. A date that could be read in two ways is not guessed.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

/// Names of months, full and cut.
const MONTH: &str = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?";

/// A date within a text, in any of the forms that [`parse`] reads; without groups, to be put into other patterns.
pub(crate) static PATTERN: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?i:{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{MONTH},?[\s-]+\d{{4}}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}})"
    )
});

static WITHIN: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"\b{}\b", *PATTERN)));
static PARTS: LazyLock<Regex> = LazyLock::new(|| regex(r"[A-Za-z]+|\d+"));
static TIME: LazyLock<Regex> = LazyLock::new(|| regex(r"^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*$"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

/// The order of day and month in dates of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `30/09/2026`.
    DayFirst,
    /// `09/30/2026`.
    MonthFirst,
}

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateProblem {
    /// Not a date, or a day that the calendar does not have.
    NotADate,
    /// `03/04/2026`, and nothing tells which of the two is the month.
    Ambiguous,
}

/// Reads a date. `order` decides where digits alone do not; a date with points (`30.09.2026`) has the day first.
pub(crate) fn parse(text: &str, order: Option<DateOrder>) -> Result<Date, DateProblem> {
    let text = TIME.replace(text.trim(), "$1");
    let found = WITHIN.find(&text).filter(|found| found.range() == (0..text.len())).ok_or(DateProblem::NotADate)?;
    let parts: Vec<&str> = PARTS
        .find_iter(found.as_str())
        .map(|part| part.as_str())
        .filter(|part| !["st", "nd", "rd", "th", "of"].contains(&part.to_ascii_lowercase().as_str()))
        .collect();
    let [first, second, third] = parts[..] else { return Err(DateProblem::NotADate) };
    let number = |text: &str| text.parse::<i16>().ok();
    let date = |year: &str, month: i16, day: &str| {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(number(day)?).ok()?);
        Date::new(number(year)?, month, day).ok()
    };
    let day = match (month(first), month(second)) {
        (Some(month), _) => date(third, month, second),
        (_, Some(month)) => date(third, month, first),
        _ if first.len() == 4 => number(second).and_then(|month| date(first, month, third)),
        _ => {
            let (one, other) = (number(first).unwrap_or_default(), number(second).unwrap_or_default());
            let order = if one > 12 || found.as_str().contains('.') || one == other {
                DateOrder::DayFirst
            } else if other > 12 {
                DateOrder::MonthFirst
            } else {
                order.ok_or(DateProblem::Ambiguous)?
            };
            match order {
                DateOrder::DayFirst => date(third, other, first),
                DateOrder::MonthFirst => date(third, one, second),
            }
        }
    };
    day.ok_or(DateProblem::NotADate)
}

/// The order that the dates of a text show: those that can be read in one way only, and those with a month's name.
pub(crate) fn order_in(text: &str) -> Option<DateOrder> {
    let (mut day_first, mut month_first) = (0_usize, 0_usize);
    let (mut named_day_first, mut named_month_first) = (0_usize, 0_usize);
    for found in WITHIN.find_iter(text) {
        let found = found.as_str();
        let numbers: Vec<u32> = PARTS.find_iter(found).filter_map(|part| part.as_str().parse().ok()).collect();
        match numbers[..] {
            [one, other, _] if one <= 31 && !found.contains('.') => {
                day_first += usize::from(one > 12);
                month_first += usize::from(other > 12 && one <= 12);
            }
            [_, _] if found.starts_with(|each: char| each.is_ascii_digit()) => named_day_first += 1,
            [_, _] => named_month_first += 1,
            _ => {}
        }
    }
    let decide = |day: usize, month: usize| match (day, month) {
        (0, 0) => None,
        (_, 0) => Some(DateOrder::DayFirst),
        (0, _) => Some(DateOrder::MonthFirst),
        _ => None,
    };
    decide(day_first, month_first).or_else(|| decide(named_day_first, named_month_first))
}

/// All dates of a text that can be read, with their places.
pub(crate) fn dates_in(text: &str, order: Option<DateOrder>) -> Vec<(std::ops::Range<usize>, Date)> {
    let read = |found: regex::Match<'_>| Some((found.range(), parse(found.as_str(), order).ok()?));
    WITHIN.find_iter(text).filter_map(read).collect()
}

/// The number of a month's name.
fn month(text: &str) -> Option<i16> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = text.get(..3)?.to_ascii_lowercase();
    NAMES.iter().position(|name| *name == start).and_then(|at| i16::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn usual_forms_are_read() {
        for text in [
            "2026-09-30",
            "2026/09/30",
            "September 30, 2026",
            "Sept. 30 2026",
            "30 September 2026",
            "30th of September, 2026",
            "30-Sep-2026",
            "30/09/2026",
            "09/30/2026",
            "30.09.2026",
            "2026-09-30T00:00:00",
        ] {
            assert_eq!(parse(text, None), Ok(date(2026, 9, 30)), "{text}");
        }
    }

    #[test]
    fn a_date_that_could_be_two_days_is_decided_by_others_only() {
        assert_eq!(parse("03/04/2026", None), Err(DateProblem::Ambiguous));
        assert_eq!(parse("03/04/2026", order_in("until 30/09/2026")), Ok(date(2026, 4, 3)));
        assert_eq!(parse("03/04/2026", order_in("until 09/30/2026")), Ok(date(2026, 3, 4)));
        assert_eq!(parse("03/04/2026", order_in("13/01/2026 and 01/13/2026")), Err(DateProblem::Ambiguous));
        assert_eq!(parse("04.03.2026", None), Ok(date(2026, 3, 4)));
        assert_eq!(parse("31 June 2026", None), Err(DateProblem::NotADate));
        assert_eq!(parse("soon", None), Err(DateProblem::NotADate));
    }
}
