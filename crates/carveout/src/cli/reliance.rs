//! What can be typed about reliance: days that reports cover, and what comes back to us.

use carveout_model::Period;
use clap::Args;

use super::{Output, ScenarioFlags};

#[derive(Debug, Args)]
pub struct Coverage {
    /// Only this third party, by id or name
    #[arg(value_name = "PARTY")]
    pub party: Option<String>,
    /// Another audit period than the scenario's
    #[arg(long, value_name = "FIRST..LAST", value_parser = parse_period)]
    pub period: Option<Period>,
    #[command(flatten)]
    pub scenario: ScenarioFlags,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Cuecs {
    /// Only those of this third party, by id or name
    #[arg(value_name = "PARTY")]
    pub party: Option<String>,
    /// Only those that nobody of ours answers for
    #[arg(long)]
    pub unowned: bool,
    #[command(flatten)]
    pub scenario: ScenarioFlags,
    #[command(flatten)]
    pub output: Output,
}

fn parse_period(text: &str) -> Result<Period, String> {
    let parts = text.split_once("..").ok_or_else(|| format!("`{text}` is not FIRST..LAST"))?;
    let day = |part: &str| part.trim().parse().map_err(|_| format!("`{part}` is no day; write for example 2026-01-31"));
    let period = Period { start: day(parts.0)?, end: day(parts.1)? };
    if period.end < period.start {
        return Err(format!("it ends on {}, before it starts on {}", period.end, period.start));
    }
    Ok(period)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_period_is_two_days_in_order() {
        let year = Period { start: date(2026, 1, 1), end: date(2026, 12, 31) };
        assert_eq!(parse_period("2026-01-01..2026-12-31"), Ok(year));
        for wrong in ["2026", "2026-01-01..", "2026-12-31..2026-01-01", "1.1.2026..31.1.2026"] {
            assert!(parse_period(wrong).is_err(), "{wrong}");
        }
    }
}
