//! From facts to sections: one file per section.

mod attestations;
mod cuecs;
mod gaps;
mod index;
mod infrastructure;
mod repeats;
mod requests;
mod responsibility;
mod size;
mod subservices;

use carveout_model::{Provider, ReportType};

use crate::{
    document::{Document, Section, SectionDraft},
    facts::{AuditFacts, Run},
};

pub(crate) use index::{Evidence, Index};
pub(crate) use subservices::{period_words, report_words};

/// Drafts the sections, in the order in which they are asked for; a section that is named twice is drafted once.
pub fn draft(facts: &AuditFacts, sections: &[Section]) -> Document {
    let index = Index::new(facts);
    let mut drafts: Vec<SectionDraft> = Vec::with_capacity(sections.len());
    for section in sections {
        if drafts.iter().any(|draft| draft.section == *section) {
            continue;
        }
        drafts.push(match section {
            Section::Size => size::draft(facts),
            Section::Repeats => repeats::draft(facts, &index),
            Section::Infrastructure => infrastructure::draft(facts),
            Section::Subservices => subservices::draft(facts, &index),
            Section::UserEntityControls => cuecs::draft(facts, &index),
            Section::Responsibility => responsibility::draft(facts, &index),
            Section::Attestations => attestations::draft(facts, &index),
            Section::Requests => requests::draft(facts, &index),
            Section::Gaps => gaps::draft(facts, &index),
        });
    }
    let scenario = &facts.scenario;
    let categories: Vec<String> = scenario.categories.iter().map(|each| words(each.as_str())).collect();
    let report = match scenario.report_type {
        ReportType::Type1 => format!("SOC 2 type 1, as of {}", scenario.period_end),
        ReportType::Type2 => format!("SOC 2 type 2, {} to {}", scenario.period_start, scenario.period_end),
    };
    Document {
        title: format!("{}: drafts for the SOC 2 audit", facts.organization),
        facts: vec![
            ("Status", "Draft from the inventory and the reports at hand, for review by management".to_owned()),
            ("Audit", report),
            ("Categories", categories.join(", ")),
            ("Scenario", scenario.scenario.clone()),
            ("As of", run_words(&facts.run)),
            ("Not seen", coverage_words(facts)),
        ],
        sections: drafts,
    }
}

/// The line on top of every section, with what a gap means for it.
pub(crate) fn as_of(facts: &AuditFacts, meaning: &str) -> String {
    let gaps = coverage_words(facts);
    let meaning = if facts.gaps.is_empty() { "" } else { meaning };
    format!("As of {}. {gaps} {meaning}", run_words(&facts.run)).trim_end().to_owned()
}

fn run_words(run: &Run) -> String {
    let finished = run.finished_at.strftime("%Y-%m-%d %H:%M UTC");
    format!("run {}, finished {finished} ({})", run.run_id, run.status)
}

fn coverage_words(facts: &AuditFacts) -> String {
    if facts.gaps.is_empty() {
        return "Everything that was asked for could be read.".to_owned();
    }
    let counts: Vec<String> = Provider::ALL
        .iter()
        .map(|provider| (provider, facts.gaps.iter().filter(|gap| gap.provider == *provider).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(provider, count)| format!("{} {count}", provider_name(*provider)))
        .collect();
    format!("{} could not be read ({}).", counted(facts.gaps.len(), "unit", "units"), counts.join(", "))
}

/// A cloud's name for people.
pub(crate) const fn provider_name(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => "AWS",
        Provider::Azure => "Azure",
        Provider::Gcp => "Google Cloud",
    }
}

/// `1 report`, `2 reports`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A word of the vocabulary for people: `carve_out` as `carve out`.
pub(crate) fn words(word: &str) -> String {
    word.replace('_', " ")
}

/// Criteria in one text, runs of them shortened: `CC6.1–CC6.8, CC7.2`.
pub(crate) fn criteria_words<T: AsRef<str>>(criteria: impl IntoIterator<Item = T>) -> String {
    let parse = |criterion: &str| {
        let (series, number) = criterion.rsplit_once('.')?;
        Some((series.to_owned(), number.parse::<u32>().ok()?))
    };
    let mut numbered = std::collections::BTreeSet::new();
    let mut others = std::collections::BTreeSet::new();
    for criterion in criteria {
        match parse(criterion.as_ref()) {
            Some(parsed) => _ = numbered.insert(parsed),
            None => _ = others.insert(criterion.as_ref().to_owned()),
        }
    }
    let mut runs: Vec<(String, u32, u32)> = Vec::new();
    for (series, number) in numbered {
        match runs.last_mut() {
            Some((last, _, end)) if *last == series && *end + 1 == number => *end = number,
            _ => runs.push((series, number, number)),
        }
    }
    let run = |(series, start, end): (String, u32, u32)| match end - start {
        0 => format!("{series}.{start}"),
        1 => format!("{series}.{start}, {series}.{end}"),
        _ => format!("{series}.{start}–{series}.{end}"),
    };
    runs.into_iter().map(run).chain(others).collect::<Vec<_>>().join(", ")
}

/// Texts in one, in order, each once.
pub(crate) fn joined<T: AsRef<str> + Ord>(texts: impl IntoIterator<Item = T>, separator: &str) -> String {
    let texts: std::collections::BTreeSet<T> = texts.into_iter().collect();
    texts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_criteria_are_shortened() {
        assert_eq!(
            criteria_words(["CC6.2", "A1.2", "CC6.1", "CC6.3", "CC7.1", "CC7.2"]),
            "A1.2, CC6.1–CC6.3, CC7.1, CC7.2"
        );
        assert_eq!(criteria_words(["own", "CC6.1", "CC6.1"]), "CC6.1, own");
    }
}
