//! Documents that are no SOC 2 report, read for what they are: whose, by whom, about what, and for which days. What a
//! document does not say is null and listed, as with reports.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use carveout_model::{DocumentKind, OtherDocument, ReportType};
use jiff::civil::Date;
use regex::Regex;
use serde_json::{Value, json};

use super::fields::{self, Seen, clean_name, quote};
use super::heading::Section;
use super::labels::{day_of, paragraphs, text_of, value_of, values_of};
use super::lines::{Flow, Layout};
use super::sections::Parts;
use super::{Record, field, table};
use crate::attestation::iso_standards;
use crate::dates::{self, DateOrder};

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

/// A regular expression for a label at the beginning of a stretch of text: its words, then a colon or nothing.
fn label(words: &str) -> Regex {
    regex(&format!(r"(?i)^(?:{words})\s*(?:[:–—]\s*(?P<rest>.*)|$)"))
}

static SYSTEM_WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\bwithin\s+[^;:]{2,100}?(?:'s|s'|')\s+(?P<system>[^;:]{2,120}?),?\s+(?:\(|were\s+effective|was\s+effective|throughout|to\s+provide)",
    )
});
static PCI_VERSION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:PCI\s*DSS|data\s+security\s+standard)[^.;]{0,60}?(?:\bv|\bversion\s*|\bver\.\s*|\s)(?P<version>[1-9]\.\d(?:\.\d)?)",
    )
});
static HOLDER: LazyLock<Regex> = LazyLock::new(|| {
    label(
        r"(?:certified\s+|assessed\s+)?(?:organi[sz]ation|company|client|entity|certificate\s+holder|holder)(?:\s+name)?",
    )
});
static CERTIFIES: [LazyLock<Regex>; 2] = [
    LazyLock::new(|| regex(r"(?i)\bmanagement\s+systems?\s+(?:of|operated\s+by)\b:?\s*(?P<rest>.*)$")),
    LazyLock::new(|| {
        regex(
            r"(?i)\b(?:certify|certifies|confirms?)\s+that\b:?\s*(?P<rest>.*)$|\b(?:awarded|granted|issued)\s+to\b:?\s*(?P<other>.*)$",
        )
    }),
];
static NAME_ENDS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"\s+(?:has|have|operates?|maintains?|complies|is|are|located|whose|which|at|with|in)\b|\s+[–—-]\s")
});
static SCOPE: LazyLock<Regex> = LazyLock::new(|| {
    label(
        r"(?:the\s+)?scope(?:\s+of\s+(?:the\s+)?(?:certification|certificate|registration|services?))?|(?:.{0,80}\s)?(?:for|with|under)\s+the\s+following\s+(?:scope|activities)",
    )
});
static CERTIFIER: LazyLock<Regex> = LazyLock::new(|| {
    label(
        r"issued\s+by|certified\s+by|(?:accredited\s+)?certification\s+body|registrar|issuing\s+(?:body|office)|(?:signed\s+)?(?:for\s+and\s+)?on\s+behalf\s+of",
    )
});
static ON_BEHALF: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bon\s+behalf\s+of:?\s+(?P<firm>[A-Z0-9].{2,80})$"));
static ISSUED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:date\s+of\s+issue|issue\s+date|issuance\s+date|date\s+issued|issued\s+on|certification\s+date|certificate\s+date|latest\s+issue|report\s+date|date\s+of\s+(?:the\s+)?(?:report|letter))\b",
    )
});
static DATED: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)^dated?\s*:"));
static VALID_FROM: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\b(?:valid\s+from|effective\s+(?:date|from)|validity\s+start)\b"));
static VALID_UNTIL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:valid\s+(?:until|to|till|through)|expir(?:y|ation)(?:\s+date)?|date\s+of\s+expir(?:y|ation)|expires(?:\s+on)?|validity\s+end)\b",
    )
});
static VALIDITY: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)\bvalid(?:ity)?(?:\s+period)?\s*(?:from|:)?\s*(?P<start>{date})\s*(?:to|until|through|till|–|—|-)\s*(?P<end>{date})",
        date = *dates::PATTERN
    ))
});
static PCI_COMPANY: LazyLock<Regex> = LazyLock::new(|| {
    label(r"company\s+name|(?:service\s+provider|merchant|organi[sz]ation|entity|assessed\s+entity)(?:\s+name)?")
});
static PCI_ASSESSOR: LazyLock<Regex> = LazyLock::new(|| {
    label(
        r"(?:lead\s+)?(?:QSA|assessor)\s+company(?:\s+name)?|qualified\s+security\s+assessor(?:\s+company)?(?:\s+name)?|assessor",
    )
});
static PCI_SERVICES: LazyLock<Regex> = LazyLock::new(|| {
    label(r"names?\s+of\s+(?:the\s+)?services?(?:\(s\))?(?:\s+assessed)?|services?\s+(?:assessed|covered|in\s+scope)")
});
static PCI_DAY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:date\s+of\s+(?:the\s+)?(?:report|attestation|assessment)|report\s+date|date\s+assessment\s+(?:ended|completed)|assessment\s+(?:end|completion)\s+date|completion\s+date|ROC\s+date)\b",
    )
});
static TESTED_FOR: LazyLock<Regex> =
    LazyLock::new(|| label(r"(?:prepared|performed)\s+for|client|customer|organi[sz]ation|company"));
static TESTED_BY: LazyLock<Regex> = LazyLock::new(|| {
    label(
        r"(?:prepared|performed|conducted|tested|issued)\s+by|tester|testing\s+(?:firm|company|provider)|assessor|consultant",
    )
});
static PERFORMED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|[.]\s+)(?P<firm>[A-Z][^;:]{2,80}?)\s+(?:performed|conducted|completed|carried\s+out|executed)\s+(?:an?\s+|the\s+|its\s+)?(?:[\w-]+\s+){0,5}?[Pp]enetration\s+[Tt]est(?:ing)?(?:\s+(?:of|for|on|against)\s+(?P<org>[A-Z][^;:]{2,90}?)(?:'s?\s+(?P<what>[^.;]{2,100}?))?(?:,?\s+(?:between|from|in|during|on|was|and)\b|[.;](?:\s|$)|$))?",
    )
});
static ENGAGED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|[.]\s+)(?P<org>[A-Z][^;:]{2,90}?)\s+(?:has\s+)?(?:engaged|retained|commissioned|contracted)\s+(?P<firm>[A-Z][^;:]{2,80}?)\s+to\s",
    )
});
static PENETRATION: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bpenetration\s+test(?:ing)?\b|\bpentest\b"));

/// What a document says of itself.
#[derive(Default)]
struct Found {
    organization: Option<Seen<String>>,
    title: Option<Seen<String>>,
    standard: Option<Seen<String>>,
    issuer: Option<Seen<String>>,
    report_type: Option<Seen<ReportType>>,
    period: Option<Seen<(Date, Date)>>,
    as_of: Option<Seen<Date>>,
    issued_on: Option<Seen<Date>>,
    valid_from: Option<Seen<Date>>,
    valid_until: Option<Seen<Date>>,
    warnings: Vec<String>,
}

/// Reads a document of a kind. Id, source and hash are the caller's to set.
pub(super) fn read(
    layout: &Layout,
    kind: &Seen<DocumentKind>,
    pages: usize,
    known: &BTreeSet<String>,
) -> OtherDocument {
    let all = Flow::new(layout.lines(), &layout.hyphens);
    let order = dates::order_in(&all.text);
    let found = match kind.value {
        DocumentKind::Soc1 | DocumentKind::Soc3 => report(layout, kind.value, known, order),
        DocumentKind::IsoCertificate => certificate(layout, &all, order),
        DocumentKind::PciAttestation => attestation(layout, &all, order),
        DocumentKind::PenetrationTest => penetration_test(layout, order),
    };
    found.document(kind, pages)
}

impl Found {
    fn document(self, kind: &Seen<DocumentKind>, pages: usize) -> OtherDocument {
        let mut record = Record {
            fields: vec![field("kind", kind, kind.value.as_str())],
            not_found: Vec::new(),
            confidence: kind.confidence,
        };
        let text = |value: &String| Value::from(value.as_str());
        let day = |value: &Date| Value::from(value.to_string());
        let organization = record.take("organization", self.organization.as_ref(), text);
        let title = record.take("title", self.title.as_ref(), text);
        let standard = record.take("standard", self.standard.as_ref(), text);
        let issuer = record.take("issuer", self.issuer.as_ref(), text);
        let report_type = record.take("report_type", self.report_type.as_ref(), |value| value.as_str().into());
        let period =
            record.take("period", self.period.as_ref(), |(start, end)| Value::from(format!("{start} to {end}")));
        let as_of = record.take("as_of", self.as_of.as_ref(), day);
        let issued_on = record.take("issued_on", self.issued_on.as_ref(), day);
        let valid_from = record.take("valid_from", self.valid_from.as_ref(), day);
        let valid_until = record.take("valid_until", self.valid_until.as_ref(), day);
        let expected = expected(kind.value, report_type);
        record.not_found.retain(|name| expected.contains(&name.as_str()));
        let (period_start, period_end) = period.unzip();
        OtherDocument {
            document_id: String::new(),
            kind: kind.value,
            party_id: None,
            organization,
            title,
            standard,
            issuer,
            report_type,
            period_start,
            period_end,
            as_of,
            issued_on,
            valid_from,
            valid_until,
            source: String::new(),
            source_sha256: String::new(),
            extraction: json!({
                "reader": "pdf",
                "confidence": (record.confidence * 100.0).round() / 100.0,
                "pages": pages,
                "fields": record.fields,
                "not_found": record.not_found,
                "warnings": self.warnings,
            }),
        }
    }
}

/// What a document of a kind says where it is whole: the rest is not missing in it.
fn expected(kind: DocumentKind, report_type: Option<ReportType>) -> &'static [&'static str] {
    match (kind, report_type) {
        (DocumentKind::Soc1, Some(ReportType::Type1)) => &["organization", "title", "issuer", "as_of", "issued_on"],
        (DocumentKind::Soc1, _) => &["organization", "title", "issuer", "report_type", "period", "issued_on"],
        (DocumentKind::Soc3, _) => &["organization", "title", "issuer", "period", "issued_on"],
        (DocumentKind::IsoCertificate, _) => {
            &["organization", "title", "standard", "issuer", "issued_on", "valid_until"]
        }
        (DocumentKind::PciAttestation, _) => &["organization", "title", "standard", "issuer", "as_of"],
        (DocumentKind::PenetrationTest, _) => &["organization", "title", "issuer", "period", "issued_on"],
    }
}

/// A SOC 1 or SOC 3 report: it is built like a SOC 2 report, as far as it goes.
fn report(layout: &Layout, kind: DocumentKind, known: &BTreeSet<String>, order: Option<DateOrder>) -> Found {
    let tables = table::find(layout, known);
    let parts = Parts::new(layout, |page, line| tables.taken.contains(&(page, line)));
    let read = fields::read(&parts, known);
    let mut found = Found {
        organization: read.organization,
        title: read.system,
        issuer: read.auditor,
        report_type: read.report_type,
        period: read.period,
        as_of: read.as_of,
        issued_on: read.issued_on,
        warnings: read.warnings,
        ..Found::default()
    };
    if kind == DocumentKind::Soc3 {
        // It has no types, and speaks for a period.
        found.report_type = None;
        found.period = fields::period(&parts, order);
        found.as_of = fields::as_of(&parts, order).filter(|_| found.period.is_none());
        found.title = found.title.or_else(|| {
            [Section::Auditor, Section::Assertion].into_iter().find_map(|section| {
                let flow = parts.text(section);
                let system = SYSTEM_WITHIN.captures(&flow.text)?.name("system")?;
                let value = fields::clean_system(system.as_str());
                Some(Seen {
                    value,
                    page: flow.page(system.start()),
                    quote: quote(&flow.text, system.range()),
                    confidence: 0.85,
                })
            })
        });
    }
    found
}

/// A certificate of a management system.
fn certificate(layout: &Layout, all: &Flow, order: Option<DateOrder>) -> Found {
    let standard = iso_standards(&all.text).map(|(place, value)| Seen {
        value,
        page: all.page(place.start),
        quote: quote(&all.text, place),
        confidence: 0.95,
    });
    let validity = VALIDITY.captures(&all.text).and_then(|captures| {
        let whole = captures.get(0)?;
        let order = dates::order_in(whole.as_str()).or(order);
        let (start, end) = (dates::parse(&captures["start"], order).ok()?, dates::parse(&captures["end"], order).ok()?);
        let seen = |value| Seen {
            value,
            page: all.page(whole.start()),
            quote: quote(&all.text, whole.range()),
            confidence: 0.95,
        };
        (start < end).then(|| (seen(start), seen(end)))
    });
    let (from, until) = validity.unzip();
    Found {
        organization: holder(layout),
        title: value_of(layout, &SCOPE, 6),
        standard,
        issuer: value_of(layout, &CERTIFIER, 0).or_else(|| on_behalf(layout)).map(named),
        issued_on: day_of(layout, &ISSUED, order),
        valid_from: from.or_else(|| day_of(layout, &VALID_FROM, order)),
        valid_until: until.or_else(|| day_of(layout, &VALID_UNTIL, order)),
        ..Found::default()
    }
}

fn named(seen: Seen<String>) -> Seen<String> {
    Seen { value: clean_name(&seen.value), ..seen }
}

/// Whom a certificate is for: behind its label, or behind the words that certify.
fn holder(layout: &Layout) -> Option<Seen<String>> {
    if let Some(seen) = value_of(layout, &HOLDER, 0) {
        return Some(named(seen));
    }
    let lines: Vec<_> = layout.lines().collect();
    CERTIFIES.iter().find_map(|pattern| {
        lines.iter().enumerate().find_map(|(at, line)| {
            let captures = pattern.captures(&line.text)?;
            let rest = captures.name("rest").or_else(|| captures.name("other")).map_or("", |rest| rest.as_str());
            let (text, place) = if rest.trim().is_empty() {
                let next = lines.get(at + 1)?;
                (next.text.as_str(), next)
            } else {
                (rest, line)
            };
            let text = NAME_ENDS.find(text).map_or(text, |end| &text[..end.start()]);
            let value = clean_name(text.trim().trim_end_matches([',', ':']));
            let is_name = value.starts_with(|each: char| each.is_uppercase() || each.is_ascii_digit())
                && value.len() < 100
                && !value.to_lowercase().contains("management system");
            is_name.then(|| Seen { value, page: place.page, quote: place.text.clone(), confidence: 0.85 })
        })
    })
}

fn on_behalf(layout: &Layout) -> Option<Seen<String>> {
    layout.lines().find_map(|line| {
        let firm = ON_BEHALF.captures(&line.text)?;
        Some(Seen { value: firm["firm"].to_owned(), page: line.page, quote: line.text.clone(), confidence: 0.85 })
    })
}

/// An attestation of compliance with PCI DSS.
fn attestation(layout: &Layout, all: &Flow, order: Option<DateOrder>) -> Found {
    let standard = PCI_VERSION.captures(&all.text).and_then(|captures| {
        let version = captures.name("version")?;
        Some(Seen {
            value: format!("PCI DSS {}", version.as_str()),
            page: all.page(version.start()),
            quote: quote(&all.text, version.range()),
            confidence: 0.9,
        })
    });
    // The form asks for the name of a company twice: of the entity that is assessed, then of its assessor.
    let mut companies = values_of(layout, &PCI_COMPANY, 0).into_iter();
    let organization = companies.next().map(named);
    let assessor = value_of(layout, &PCI_ASSESSOR, 0).map(named);
    let is_other = |seen: &Seen<String>| organization.as_ref().is_none_or(|own| own.value != seen.value);
    let issuer = assessor.or_else(|| companies.map(named).find(is_other));
    Found {
        issuer,
        organization,
        title: value_of(layout, &PCI_SERVICES, 2),
        standard,
        as_of: day_of(layout, &PCI_DAY, order),
        valid_until: day_of(layout, &VALID_UNTIL, order),
        ..Found::default()
    }
}

/// A penetration test's report, summary or letter.
fn penetration_test(layout: &Layout, order: Option<DateOrder>) -> Found {
    let mut organization = value_of(layout, &TESTED_FOR, 0).map(named);
    let mut issuer = value_of(layout, &TESTED_BY, 0).map(named);
    for (page, text) in paragraphs(layout) {
        for pattern in [&*PERFORMED, &*ENGAGED] {
            let Some(captures) = pattern.captures(&text) else { continue };
            let seen = |name: &str| {
                let found = captures.name(name)?;
                let value = clean_name(name_within(found.as_str()));
                let is_name = value.starts_with(|each: char| each.is_uppercase() || each.is_ascii_digit());
                (is_name && !["We", "It"].contains(&value.as_str()) && !value.starts_with("The ")).then(|| Seen {
                    value,
                    page,
                    quote: quote(&text, found.range()),
                    confidence: 0.8,
                })
            };
            organization = organization.or_else(|| seen("org"));
            issuer = issuer.or_else(|| seen("firm"));
        }
    }
    let parts = Parts::new(layout, |_, _| false);
    let title = layout.lines().find(|line| PENETRATION.is_match(&line.text) && line.text.len() < 120);
    let dated = || {
        let first = layout.pages.first()?;
        first.lines.iter().find_map(|line| {
            let (range, day) = dates::dates_in(&line.text, order).into_iter().next()?;
            let is_alone = range.start <= 8 && line.text.len() - range.end < 3;
            is_alone.then(|| Seen { value: day, page: line.page, quote: line.text.clone(), confidence: 0.8 })
        })
    };
    Found {
        organization,
        title: title.map(|line| Seen {
            value: text_of(line),
            page: line.page,
            quote: line.text.clone(),
            confidence: 0.85,
        }),
        issuer,
        period: fields::period(&parts, order),
        issued_on: day_of(layout, &ISSUED, order).or_else(|| day_of(layout, &DATED, order)).or_else(dated),
        ..Found::default()
    }
}

/// The name at the end of the words before a verb: "We confirm that Larkspur", "In March 2026, Larkspur".
fn name_within(words: &str) -> &str {
    let words = words.rsplit_once(" that ").map_or(words, |(_, name)| name);
    let is_adverbial = ["In ", "On ", "During ", "Between ", "From "].iter().any(|lead| words.starts_with(lead));
    words.rsplit_once(", ").filter(|_| is_adverbial).map_or(words, |(_, name)| name)
}
