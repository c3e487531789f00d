//! What registers and certificates call documents that are no SOC 2 report, brought to a kind and a standard.

use std::ops::Range;
use std::sync::LazyLock;

use carveout_model::DocumentKind;
use regex::Regex;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program")
}

static SOC1: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bSOC\s*-?\s*1\b|\bSSAE\s*-?\s*16\b|\bISAE\s*-?\s*3402\b"));
static SOC3: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bSOC\s*-?\s*3\b"));
static PCI: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)\bPCI\b(?:\s*-?\s*DSS)?(?:[\s,]*(?:v|version|ver\.?)?\s*(?P<version>[1-9]\.\d(?:\.\d)?))?")
});
static PENETRATION: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bpen(?:etration)?[\s-]*test(?:s|ing)?\b"));
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\bISO(?:\s*/\s*IEC)?[\s-]*(?P<number>9001|20000-1|22301|27001|27017|27018|27701|42001)(?:\s*[:-]\s*(?P<year>(?:19|20)\d\d))?",
    )
});

/// What a short text names: the kind of document, and the standard where it says it.
pub(crate) fn named(text: &str) -> Option<(DocumentKind, Option<String>)> {
    if SOC1.is_match(text) {
        return Some((DocumentKind::Soc1, None));
    }
    if SOC3.is_match(text) {
        return Some((DocumentKind::Soc3, None));
    }
    if let Some((_, standards)) = iso_standards(text) {
        return Some((DocumentKind::IsoCertificate, Some(standards)));
    }
    if let Some(captures) = PCI.captures(text) {
        let version = captures.name("version").map(|version| format!("PCI DSS {}", version.as_str()));
        return Some((DocumentKind::PciAttestation, version));
    }
    PENETRATION.is_match(text).then_some((DocumentKind::PenetrationTest, None))
}

/// The ISO standards that a text names, each once and with its year where one place says it; and the first place.
pub(crate) fn iso_standards(text: &str) -> Option<(Range<usize>, String)> {
    let mut standards: Vec<(String, Option<String>)> = Vec::new();
    for captures in ISO.captures_iter(text) {
        let body = if matches!(&captures["number"], "9001" | "22301") { "ISO" } else { "ISO/IEC" };
        let standard = format!("{body} {}", &captures["number"]);
        let year = captures.name("year").map(|year| year.as_str().to_owned());
        match standards.iter_mut().find(|known| known.0 == standard) {
            Some(known) => known.1 = known.1.take().or(year),
            None => standards.push((standard, year)),
        }
    }
    let place = ISO.find(text)?.range();
    let spelled = standards.into_iter().map(|(standard, year)| match year {
        Some(year) => format!("{standard}:{year}"),
        None => standard,
    });
    Some((place, spelled.collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_registers_name_kinds_and_standards() {
        let of = |text: &str| named(text).map(|(kind, standard)| (kind, standard.unwrap_or_default()));
        assert_eq!(of("SOC 1 Type 2"), Some((DocumentKind::Soc1, String::new())));
        assert_eq!(of("soc-3"), Some((DocumentKind::Soc3, String::new())));
        assert_eq!(of("ISO27001"), Some((DocumentKind::IsoCertificate, "ISO/IEC 27001".to_owned())));
        assert_eq!(
            of("ISO/IEC 27001:2022 and ISO 9001, ISO 27001"),
            Some((DocumentKind::IsoCertificate, "ISO/IEC 27001:2022, ISO 9001".to_owned()))
        );
        assert_eq!(of("PCI DSS v4.0.1 AoC"), Some((DocumentKind::PciAttestation, "PCI DSS 4.0.1".to_owned())));
        assert_eq!(of("Pen test letter"), Some((DocumentKind::PenetrationTest, String::new())));
        assert_eq!(of("SOC 2 Type 2"), None);
        assert_eq!(of("HIPAA attestation"), None);
    }
}
