//! Reports that AWS Artifact lists: what AWS says that there is, and not what anybody has read. Pure.
//!
//! A listing gives the company, the product and the period, and neither opinion nor criteria. Its rows of
//! `parties.reports` are claims: they belong to no party (`extraction.party_id` says whose they seem to be), so that nothing
//! that asks which reports of a party are held takes one for a report; and sizing never sees them. A report of the same
//! party and period that was imported takes a claim's place.

use carveout_discovery::Directory;
use carveout_model::{JudgedReport, Reliance, ReportType, Soc2Report};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::Deserialize;
use serde_json::json;

use crate::names;

/// `parties.reports.source` of a claim.
pub const SOURCE: &str = "aws-artifact";

/// Every listed report once, however many accounts see it.
pub const LISTED: &str = "
SELECT DISTINCT
    config ->> '$.arn' AS arn,
    config ->> '$.id' AS id,
    try_cast(config ->> '$.version' AS BIGINT) AS version,
    config ->> '$.name' AS name,
    config ->> '$.description' AS description,
    config ->> '$.companyName' AS company,
    config ->> '$.productName' AS product,
    config ->> '$.series' AS series,
    config ->> '$.category' AS category,
    config ->> '$.state' AS state,
    config ->> '$.periodStart' AS period_start,
    config ->> '$.periodEnd' AS period_end,
    sha256(CAST(config AS VARCHAR)) AS sha256
FROM inventory.resources
WHERE type = 'AWS::Artifact::Report' AND config ->> '$.state' = 'PUBLISHED'
ORDER BY id, version, sha256";

/// A row of Artifact's listing.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Listed {
    arn: Option<String>,
    id: Option<String>,
    version: Option<i64>,
    name: Option<String>,
    description: Option<String>,
    company: Option<String>,
    product: Option<String>,
    series: Option<String>,
    category: Option<String>,
    state: Option<String>,
    period_start: Option<String>,
    period_end: Option<String>,
    sha256: String,
}

/// The claims: the latest version of every SOC 2 report that is listed, whose company and type can be told, and that no
/// imported report takes the place of.
pub fn claims(
    listed: Vec<Listed>,
    imported: &[JudgedReport],
    directory: &Directory,
    judged_on: Date,
) -> Vec<JudgedReport> {
    let mut claims: Vec<(Option<i64>, JudgedReport)> = Vec::new();
    for row in listed {
        let version = row.version;
        let Some(claim) = claim(row, directory, judged_on) else { continue };
        if imported.iter().any(|report| takes_the_place(report, &claim)) {
            continue;
        }
        match claims.iter_mut().find(|(_, other)| other.report.report_id == claim.report.report_id) {
            Some(other) if other.0 <= version => *other = (version, claim),
            Some(_) => {}
            None => claims.push((version, claim)),
        }
    }
    claims.into_iter().map(|(_, claim)| claim).collect()
}

fn claim(row: Listed, directory: &Directory, judged_on: Date) -> Option<JudgedReport> {
    let (id, organization) = (row.id?, row.company?);
    let words = words(&[row.name.as_deref(), row.series.as_deref(), row.description.as_deref()]);
    if !is_soc2(&words) {
        return None;
    }
    let (period_start, period_end) =
        (row.period_start.as_deref().and_then(day), row.period_end.as_deref().and_then(day));
    let stated = stated_type(&words);
    // Only a type 2 speaks for a period.
    let by_period = (period_start < period_end && period_start.is_some()).then_some(ReportType::Type2);
    let report_type = stated.or(by_period)?;
    let party_id = names::party(directory, &organization).map(|party| party.party_id);
    let extraction = json!({
        "reader": SOURCE,
        "grade": "claim",
        "party_id": party_id,
        "arn": row.arn,
        "name": row.name,
        "version": row.version,
        "series": row.series,
        "category": row.category,
        "state": row.state,
        "report_type_from": if stated.is_some() { "the name" } else { "the period" },
    });
    let is_type1 = report_type == ReportType::Type1;
    let report = Soc2Report {
        report_id: format!("{SOURCE}-{id}"),
        party_id: None,
        organization,
        system: row.product,
        report_type,
        auditor: None,
        period_start: period_start.filter(|_| !is_type1),
        period_end: period_end.filter(|_| !is_type1),
        as_of: period_end.filter(|_| is_type1),
        issued_on: None,
        opinion: None,
        qualified_criteria: Vec::new(),
        categories: Vec::new(),
        bridge_until: None,
        subservice_organizations: Vec::new(),
        user_entity_controls: Vec::new(),
        subservice_controls: Vec::new(),
        controls: Vec::new(),
        exceptions: Vec::new(),
        source: SOURCE.to_owned(),
        source_sha256: row.sha256,
        extraction,
    };
    Some(JudgedReport {
        report,
        party_id: None,
        subservice_party_ids: Vec::new(),
        subservice_control_party_ids: Vec::new(),
        reliance: Some(Reliance::NotEvaluable),
        judged_on,
    })
}

/// Whether an imported report is the one that is claimed: of the same party, to the same day.
fn takes_the_place(imported: &JudgedReport, claim: &JudgedReport) -> bool {
    let last_day = |report: &Soc2Report| report.period_end.or(report.as_of);
    let party_id = claim.report.extraction["party_id"].as_str();
    party_id.is_some()
        && imported.party_id.as_deref() == party_id
        && last_day(&imported.report) == last_day(&claim.report)
}

fn words(texts: &[Option<&str>]) -> Vec<String> {
    let text = texts.iter().flatten().map(|text| text.to_lowercase()).collect::<Vec<_>>().join(" | ");
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn has(words: &[String], first: &str, seconds: &[&str]) -> bool {
    words.windows(2).any(|pair| pair[0] == first && seconds.contains(&pair[1].as_str()))
}

/// A letter about a report is none.
fn is_soc2(words: &[String]) -> bool {
    let is_named = words.iter().any(|word| word == "soc2") || has(words, "soc", &["2", "ii"]);
    is_named && !words.iter().any(|word| word == "letter")
}

fn stated_type(words: &[String]) -> Option<ReportType> {
    if has(words, "type", &["2", "ii"]) {
        return Some(ReportType::Type2);
    }
    has(words, "type", &["1", "i"]).then_some(ReportType::Type1)
}

/// A day as the API writes times: ISO 8601, or seconds since 1970.
fn day(text: &str) -> Option<Date> {
    if let Ok(seconds) = text.parse::<f64>() {
        // Whole seconds are enough for a day; what is out of range is refused by the timestamp.
        #[expect(clippy::cast_possible_truncation)]
        let at = Timestamp::from_second(seconds as i64).ok()?;
        return Some(TimeZone::UTC.to_datetime(at).date());
    }
    let at = text.parse::<Timestamp>().map(|at| TimeZone::UTC.to_datetime(at).date());
    at.or_else(|_| text.parse::<DateTime>().map(DateTime::date)).or_else(|_| text.parse::<Date>()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Date = jiff::civil::date(2026, 6, 30);

    fn listed(name: &str, company: &str) -> Listed {
        let text = |text: &str| Some(text.to_owned());
        Listed {
            arn: text("arn:aws:artifact:us-east-1::report/report-1:1"),
            id: text("report-1"),
            version: Some(1),
            name: text(name),
            company: text(company),
            product: text("Platform"),
            state: text("PUBLISHED"),
            period_start: text("2025-04-01T00:00:00Z"),
            period_end: text("2026-03-31T00:00:00Z"),
            sha256: "0".repeat(64),
            ..Listed::default()
        }
    }

    fn of(rows: Vec<Listed>, imported: &[JudgedReport]) -> Vec<JudgedReport> {
        claims(rows, imported, &Directory::bundled(), ON)
    }

    #[test]
    fn a_listed_report_is_a_claim_of_no_party_without_opinion_and_criteria() {
        let claims = of(vec![listed("SOC 2 Report", "Datadog, Inc.")], &[]);
        let claim = &claims[0];
        assert_eq!((claim.party_id.as_deref(), claim.reliance), (None, Some(Reliance::NotEvaluable)));
        assert_eq!(claim.report.extraction["party_id"], "datadog");
        assert_eq!(claim.report.extraction["report_type_from"], "the period");
        assert_eq!((claim.report.report_type, claim.report.opinion), (ReportType::Type2, None));
        assert!(claim.report.categories.is_empty() && claim.report.controls.is_empty());
        assert_eq!(claim.report.period_end, Some(jiff::civil::date(2026, 3, 31)));
    }

    #[test]
    fn what_is_no_soc_2_report_or_says_too_little_is_no_claim() {
        let nameless = Listed { company: None, ..listed("SOC 2 Report", "") };
        let timeless = Listed { period_start: None, ..listed("SOC 2 Report", "AWS") };
        let others = ["ISO 27001 Certificate", "SOC 1 Type 2 Report", "SOC 3 Report", "SOC 2 Bridge Letter"];
        let others = others.iter().map(|name| listed(name, "AWS"));
        assert!(of(others.chain([nameless, timeless]).collect(), &[]).is_empty());
    }

    #[test]
    fn a_type_that_is_stated_counts_before_the_period() {
        let claims = of(vec![listed("SOC2 Type I Report", "AWS")], &[]);
        let report = &claims[0].report;
        assert_eq!((report.report_type, report.period_end), (ReportType::Type1, None));
        assert_eq!(report.as_of, Some(jiff::civil::date(2026, 3, 31)));
    }

    #[test]
    fn the_latest_version_counts() {
        let second = Listed { version: Some(2), product: Some("Newer".to_owned()), ..listed("SOC 2", "AWS") };
        let claims = of(vec![second, listed("SOC 2", "AWS")], &[]);
        assert_eq!(claims.len(), 1);
        assert_eq!(claims[0].report.system.as_deref(), Some("Newer"));
    }

    #[test]
    fn an_imported_report_of_the_same_party_and_period_takes_the_place() {
        let mut imported = of(vec![listed("SOC 2", "Datadog, Inc.")], &[]).remove(0);
        imported.party_id = Some("datadog".to_owned());
        assert!(of(vec![listed("SOC 2", "Datadog")], std::slice::from_ref(&imported)).is_empty());
        imported.report.period_end = Some(jiff::civil::date(2025, 3, 31));
        assert_eq!(of(vec![listed("SOC 2", "Datadog")], std::slice::from_ref(&imported)).len(), 1);
    }

    #[test]
    fn days_come_as_text_or_as_seconds() {
        let expected = Some(jiff::civil::date(2026, 3, 31));
        for text in ["2026-03-31T00:00:00Z", "2026-03-31T00:00:00", "2026-03-31", "1774915200", "1774915200.0"] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("soon"), None);
    }
}
