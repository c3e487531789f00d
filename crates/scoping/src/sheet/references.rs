//! Ids of the frameworks' controls, as publishers write them, in one form each.

use crate::ids;

/// Whose ids they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    /// `A&A-01`, `CEK-03`.
    Ccm,
    /// `APO01.03`, `EDM03`.
    Cobit,
    /// `AC-2`, `AC-2(1)`; the letter of a statement (`PS-6a`) is dropped, since a control is what is in place.
    Nist80053,
    /// `A.5.9` of Annex A, `7.5.1` of the clauses.
    Iso27001,
}

impl Reference {
    /// The ids among the words of a cell, each once.
    pub fn list(self, cell: &str) -> Vec<String> {
        let mut found = Vec::new();
        for part in ids::list(cell) {
            if let Some(id) = self.read(part)
                && !found.contains(&id)
            {
                found.push(id);
            }
        }
        found
    }

    pub fn read(self, text: &str) -> Option<String> {
        let text = text.trim().trim_end_matches([':', '.']).to_ascii_uppercase();
        match self {
            Self::Ccm => {
                let (domain, number) = text.split_once('-')?;
                let is_domain = (2..=3).contains(&domain.len()) && domain.chars().all(|c| c == '&' || is_letter(c));
                (is_domain && number.len() == 2 && is_number(number)).then_some(text)
            }
            Self::Cobit => {
                let (objective, practice) = text.split_once('.').map_or((&*text, None), |(a, b)| (a, Some(b)));
                let (domain, number) = objective.split_at_checked(3)?;
                let is_objective = domain.chars().all(is_letter) && number.len() == 2 && is_number(number);
                (is_objective && practice.is_none_or(|each| each.len() == 2 && is_number(each))).then_some(text)
            }
            Self::Nist80053 => {
                let (family, rest) = text.split_once('-')?;
                let digits = rest.chars().take_while(char::is_ascii_digit).count();
                let (number, rest) = rest.split_at(digits);
                if family.len() != 2 || !family.chars().all(is_letter) || digits == 0 {
                    return None;
                }
                let enhancement = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner);
                let enhancement = enhancement.filter(|inner| is_number(inner));
                let enhancement =
                    enhancement.map(|inner| format!("({})", inner.trim_start_matches('0'))).unwrap_or_default();
                Some(format!("{family}-{}{enhancement}", number.trim_start_matches('0')))
            }
            Self::Iso27001 => {
                let (annex, rest) = match text.strip_prefix('A') {
                    Some(rest) => ("A.", rest.trim_start_matches('.')),
                    None => ("", &*text),
                };
                let rest = rest.split('(').next().unwrap_or_default();
                let parts: Vec<&str> = rest.split('.').collect();
                (parts.len() >= 2 && parts.iter().all(|part| is_number(part))).then(|| format!("{annex}{rest}"))
            }
        }
    }
}

fn is_letter(letter: char) -> bool {
    letter.is_ascii_uppercase()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit())
}

/// Reads safeguards in their order. Sheets keep them as numbers, so that 4.10 becomes 4.1: after 4.9 it is told apart.
#[derive(Debug, Default)]
pub(super) struct Safeguards {
    last: Option<(u32, u32)>,
}

impl Safeguards {
    pub fn read(&mut self, text: &str) -> Option<String> {
        let (control, minor) = text.split_once('.')?;
        let control: u32 = control.trim().parse().ok()?;
        let mut minor: u32 = if minor.len() <= 2 {
            minor.parse().ok()?
        } else {
            // 4.1 as a number with all its digits: 4.0999999999999996.
            let hundredths = (text.parse::<f64>().ok()?.fract() * 100.0).round();
            let hundredths = (0.0..100.0).contains(&hundredths).then_some(hundredths as u32)?;
            if hundredths % 10 == 0 { hundredths / 10 } else { hundredths }
        };
        let follows_nine = |last: &(u32, u32)| last.0 == control && last.1 >= 9;
        if minor == 1 && self.last.as_ref().is_some_and(follows_nine) {
            minor = 10;
        }
        self.last = Some((control, minor));
        Some(format!("{control}.{minor}"))
    }
}

/// What a cell of the AICPA's first column names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// A criterion: alone (`CC6.1`), as a heading (`CC6.1: …`) or for a point of focus (`… for CC6.1`).
    Criterion(String),
    /// Something in the form of a criterion that is none: the heading of a series (`CC6.0`).
    Other,
    /// No id at all.
    Nothing,
}

pub(super) fn criterion_in(cell: &str, is_criterion: impl Fn(&str) -> bool) -> Named {
    let mut named = Named::Nothing;
    for part in cell.split(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';' | '(' | ')' | '—' | '–')) {
        let id = ids::criterion(part.trim_end_matches('.'));
        if is_criterion(&id) {
            return Named::Criterion(id);
        }
        let letters = id.chars().take_while(char::is_ascii_uppercase).count();
        let has_form = (1..=2).contains(&letters)
            && id[letters..].split_once('.').is_some_and(|(series, number)| is_number(series) && is_number(number));
        if has_form {
            named = Named::Other;
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_in_one_form() {
        let nist = |text| Reference::Nist80053.read(text);
        assert_eq!(nist("PS-6a").as_deref(), Some("PS-6"));
        assert_eq!(nist("AC-02(01)(a)").as_deref(), Some("AC-2(1)"));
        assert_eq!(nist("see"), None);
        assert_eq!(Reference::Iso27001.read("A5.9").as_deref(), Some("A.5.9"));
        assert_eq!(Reference::Iso27001.read("7.5.1").as_deref(), Some("7.5.1"));
        assert_eq!(Reference::Iso27001.read("a"), None);
        assert_eq!(Reference::Cobit.list("APO01.03 Maintain, EDM03"), ["APO01.03", "EDM03"]);
        assert_eq!(Reference::Ccm.read("A&A-02").as_deref(), Some("A&A-02"));
        assert_eq!(Reference::Ccm.read("Total"), None);
    }

    #[test]
    fn a_safeguard_that_lost_its_zero_is_told_apart_by_its_place() {
        let mut safeguards = Safeguards::default();
        let read: Vec<_> = ["4.0999999999999996", "4.2", "4.9", "4.1", "4.11", "5.1"]
            .map(|text| safeguards.read(text).expect("a number"))
            .into();
        assert_eq!(read, ["4.1", "4.2", "4.9", "4.10", "4.11", "5.1"]);
    }

    #[test]
    fn the_heading_of_a_series_is_no_criterion() {
        let is_criterion = |id: &str| id == "CC6.1";
        assert_eq!(criterion_in("CC6.0 Logical access", is_criterion), Named::Other);
        assert_eq!(criterion_in("CC6.1: The entity", is_criterion), Named::Criterion("CC6.1".to_owned()));
        assert_eq!(
            criterion_in("Additional point of focus for CC6.1", is_criterion),
            Named::Criterion("CC6.1".to_owned())
        );
        assert_eq!(criterion_in("Sets the tone", is_criterion), Named::Nothing);
    }
}
