//! Which days reports and bridge letters speak for, against the audit's own period: as data, and drawn as SVG.

use jiff::civil::Date;

use crate::html::escaped;

/// Bars of days, with the audit period behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// First and last day of the audit period.
    pub period: (Date, Date),
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
}

/// The days that one report speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Whose report it is.
    pub label: String,
    /// First and last day of the report's own period.
    pub report: (Date, Date),
    /// The last day of its bridge letter.
    pub letter_until: Option<Date>,
}

const WIDTH: f64 = 960.0;
const LABELS: f64 = 240.0;
const ROW: f64 = 22.0;
const TOP: f64 = 28.0;

/// Draws the bars; empty without any.
#[expect(clippy::cast_precision_loss, reason = "days and rows are small numbers")]
pub(crate) fn svg(timeline: &Timeline) -> String {
    let ends = |bar: &Bar| bar.letter_until.unwrap_or(bar.report.1).max(bar.report.1);
    let Some(first) = timeline.bars.iter().map(|bar| bar.report.0).min() else {
        return String::new();
    };
    let last = timeline.bars.iter().map(ends).max().unwrap_or(timeline.period.1);
    let (first, last) = (first.min(timeline.period.0), last.max(timeline.period.1));
    let days = |from: Date, to: Date| f64::from((to - from).get_days());
    let scale = (WIDTH - LABELS) / (days(first, last) + 1.0).max(1.0);
    // A day is as wide as a day: a bar reaches to the end of its last one.
    let left = |day: Date| LABELS + days(first, day) * scale;
    let right = |day: Date| LABELS + (days(first, day) + 1.0) * scale;
    let height = TOP + ROW * timeline.bars.len() as f64 + 6.0;
    let (from, to) = timeline.period;
    let mut out = format!(
        "<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline of report coverage\">\n\
         <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"Days that reports speak for; the tables below say \
         the same\">\n<rect class=\"period\" x=\"{:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{:.1}\"/>\n",
        left(from),
        right(to) - left(from),
        height - TOP,
    );
    for year in first.year()..=last.year() {
        for month in [1, 4, 7, 10] {
            let Ok(day) = Date::new(year, month, 1) else { continue };
            if day < first || day > last {
                continue;
            }
            let x = left(day);
            out += &format!(
                "<line class=\"tick\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{height}\"/>\
                 <text class=\"muted\" x=\"{:.1}\" y=\"{:.1}\">{}</text>\n",
                x + 2.0,
                TOP - 8.0,
                day.strftime("%Y-%m"),
            );
        }
    }
    for (row, bar) in timeline.bars.iter().enumerate() {
        let y = TOP + ROW * row as f64 + 4.0;
        let rect = |class: &str, from: f64, to: f64, title: String| {
            format!(
                "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{title}</title>\
                 </rect>\n",
                (to - from).max(1.0),
                ROW - 8.0,
            )
        };
        let (start, end) = bar.report;
        out += &format!("<text x=\"0\" y=\"{:.1}\">{}</text>\n", y + 11.0, escaped(&short(&bar.label)));
        out += &rect("report", left(start), right(end), format!("report: {start} to {end}"));
        if let Some(until) = bar.letter_until.filter(|until| *until > end) {
            out += &rect("letter", right(end), right(until), format!("bridge letter: to {until}"));
        }
    }
    out += &format!(
        "</svg>\n</div>\n<figcaption>Blue: a report's own period. Amber: a bridge letter, as far as it says. Shaded: the audit period, {from} to \
         {to}. A type 1 speaks for one day and is not drawn.</figcaption>\n</figure>\n"
    );
    out
}

/// As much of a name as there is room for.
fn short(name: &str) -> String {
    const LONGEST: usize = 34;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_bar_is_as_long_as_its_days_and_a_letter_begins_where_it_ends() {
        let timeline = Timeline {
            period: (day("2026-01-01"), day("2026-12-31")),
            bars: vec![Bar {
                label: "<b>".to_owned(),
                report: (day("2026-01-01"), day("2026-06-30")),
                letter_until: Some(day("2026-09-30")),
            }],
        };
        let out = svg(&timeline);
        let scale = (WIDTH - LABELS) / 365.0;
        let report = format!("<rect class=\"report\" x=\"240.0\" y=\"32.0\" width=\"{:.1}\"", 181.0 * scale);
        assert!(out.contains(&report), "{report} in {out}");
        let letter = format!("<rect class=\"letter\" x=\"{:.1}\"", 240.0 + 181.0 * scale);
        assert!(out.contains(&letter), "{letter} in {out}");
        assert!(out.contains("&lt;b&gt;") && !out.contains("<b>"), "{out}");
    }

    #[test]
    fn without_a_bar_nothing_is_drawn() {
        assert_eq!(svg(&Timeline { period: (day("2026-01-01"), day("2026-12-31")), bars: vec![] }), "");
    }
}
