//! What a file is: a SOC 2 report, or one of the documents that vendors send in its place.

use std::sync::LazyLock;

use carveout_model::DocumentKind;
use jiff::civil::Date;
use regex::Regex;

use super::fields::{Seen, quote};
use super::lines::{Flow, Layout};
use crate::dates;

/// What a file is taken for.
#[derive(Debug)]
pub(super) enum Recognized {
    Soc2,
    Bridge {
        until: Option<Seen<Date>>,
        organization: Option<Seen<String>>,
        after: Option<Seen<Date>>,
    },
    Other(Seen<DocumentKind>),
    /// Something else; with what its first page says.
    Unknown {
        page: usize,
        quote: String,
    },
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

static SOC2: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bSOC\s*\)?\s*(?:2|II)\b|\bSOC\s*2®"));
static SOC1: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\bSOC\s*\)?\s*1\b|\bSSAE\s*(?:No\.\s*)?16\b|\bISAE\s*(?:No\.\s*)?3402\b|internal\s+control\s+over\s+financial\s+reporting",
    )
});
static SOC3: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bSOC\s*\)?\s*3\b"));
static ISO: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\bISO(?:\s*/\s*IEC)?\s*(?:9001|22301|2700\d|27017|27018|27701|42001)\b"));
static CERTIFICATE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bcertificate\b|\bcertifi(?:es|ed)\b"));
static PENETRATION: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bpenetration\s+test(?:ing)?\b|\bpentest\b"));
static PCI: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bPCI\b|\bpayment\s+card\s+industry\b"));
static COMPLIANCE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\battestation\s+of\s+compliance\b|\bAOC\b|\bcertificate\s+of\s+compliance\b"));
static BRIDGE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)\b(?:bridge|gap|comfort|continuity|negative\s+assurance)\s+letter\b|\bbridge\s+period\b")
});
static NO_CHANGES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:no|not\s+aware\s+of\s+any)\s+(?:material|significant)\s+changes\b|have\s+not\s+(?:been\s+)?(?:materially|significantly)\s+changed",
    )
});
static TRUST_CRITERIA: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\btrust\s+services?\s+(?:criteria|categor)"));
static THROUGH: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(r"(?i)(?:{date})\s*(?:to|through|until|–|—|-)\s*(?P<end>{date})", date = *dates::PATTERN))
});
static LETTER_OF: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|[.:]\s+|\b[Tt]he\s+)(?P<org>[A-Z0-9][^.;:]{2,80}?(?:,\s+(?:Inc|LLC|Ltd)\.?)?)(?:'s)?\s+(?:SOC\s*2|has\s+(?:engaged|obtained|received|completed)|management|confirms)",
    )
});

/// Recognizes a document by its first pages and its size.
pub(super) fn recognize(layout: &Layout) -> Recognized {
    let first: Vec<_> = layout.pages.iter().take(3).flat_map(|page| &page.lines).collect();
    let head = Flow::new(first, &layout.hyphens);
    let all = Flow::new(layout.lines(), &layout.hyphens);
    let title: Vec<_> = layout.pages.iter().take(1).flat_map(|page| page.lines.iter().take(14)).collect();
    let title = Flow::new(title, &layout.hyphens);
    let other = |kind: DocumentKind, flow: &Flow, range: std::ops::Range<usize>| {
        Recognized::Other(Seen {
            value: kind,
            page: flow.page(range.start),
            quote: quote(&flow.text, range),
            confidence: 0.95,
        })
    };
    let is_short = all.text.len() < 12_000;
    let speaks_of_soc2 = SOC2.is_match(&head.text);
    let has_report = all.text.to_lowercase().contains("independent service auditor") && all.text.len() > 3_000;
    if is_short && !has_report && speaks_of_soc2 && (BRIDGE.is_match(&head.text) || NO_CHANGES.is_match(&head.text)) {
        return bridge(&all);
    }
    if !speaks_of_soc2 {
        if let Some(found) = PCI.find(&head.text)
            && COMPLIANCE.is_match(&head.text)
        {
            return other(DocumentKind::PciAttestation, &head, found.range());
        }
        if let Some(found) = SOC3.find(&head.text) {
            return other(DocumentKind::Soc3, &head, found.range());
        }
        if let Some(found) = SOC1.find(&head.text) {
            return other(DocumentKind::Soc1, &head, found.range());
        }
        if let Some(found) = ISO.find(&head.text)
            && CERTIFICATE.is_match(&head.text)
        {
            return other(DocumentKind::IsoCertificate, &head, found.range());
        }
        if let Some(found) = PENETRATION.find(&title.text) {
            return other(DocumentKind::PenetrationTest, &title, found.range());
        }
        if !(TRUST_CRITERIA.is_match(&all.text) && SOC2.is_match(&all.text)) {
            let end = title.text.char_indices().nth(80).map_or(title.text.len(), |(at, _)| at);
            return Recognized::Unknown { page: title.page(0), quote: quote(&title.text, 0..end) };
        }
    }
    // The title says it first where a report is also about another: SOC 3 reports speak of the SOC 2 behind them.
    let at = |pattern: &Regex| pattern.find(&title.text).map(|found| found.range());
    let soc2 = at(&SOC2);
    let before_soc2 = |found: &std::ops::Range<usize>| soc2.as_ref().is_none_or(|soc2| found.start < soc2.start);
    for (pattern, kind) in [(&*SOC3, DocumentKind::Soc3), (&*SOC1, DocumentKind::Soc1)] {
        if let Some(found) = at(pattern).filter(before_soc2) {
            return other(kind, &title, found);
        }
    }
    if has_report {
        return Recognized::Soc2;
    }
    // What is no report and names SOC 2 beside its own matter.
    if let Some(found) = at(&PCI).filter(before_soc2)
        && COMPLIANCE.is_match(&title.text)
    {
        return other(DocumentKind::PciAttestation, &title, found);
    }
    if let Some(found) = at(&ISO).filter(before_soc2)
        && CERTIFICATE.is_match(&title.text)
    {
        return other(DocumentKind::IsoCertificate, &title, found);
    }
    if let Some(found) = at(&PENETRATION).filter(before_soc2) {
        return other(DocumentKind::PenetrationTest, &title, found);
    }
    Recognized::Soc2
}

/// A letter that continues a report: the last day of its stretch, the last day of the report's period, and whose it is.
fn bridge(all: &Flow) -> Recognized {
    let order = dates::order_in(&all.text);
    let seen = |range: std::ops::Range<usize>, value: Date| Seen {
        value,
        page: all.page(range.start),
        quote: quote(&all.text, range),
        confidence: 0.85,
    };
    let mut spans: Vec<(std::ops::Range<usize>, Date)> = THROUGH
        .captures_iter(&all.text)
        .filter_map(|found| {
            let end = dates::parse(&found["end"], dates::order_in(&found[0]).or(order)).ok()?;
            Some((found.get(0)?.range(), end))
        })
        .collect();
    spans.sort_by_key(|(_, end)| *end);
    let until = spans.last().cloned();
    let after = spans.iter().rev().find(|(_, end)| until.as_ref().is_some_and(|(_, until)| end < until)).cloned();
    let organization = LETTER_OF.captures(&all.text).and_then(|found| {
        let name = found.name("org")?;
        Some(Seen {
            value: super::fields::clean_name(name.as_str()),
            page: all.page(name.start()),
            quote: quote(&all.text, name.range()),
            confidence: 0.7,
        })
    });
    Recognized::Bridge {
        until: until.map(|(range, day)| seen(range, day)),
        after: after.map(|(range, day)| seen(range, day)),
        organization,
    }
}
