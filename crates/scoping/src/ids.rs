//! Ids as people write them, brought into one form.

/// A criterion's id in the form of the criteria table: `cc 6.1`, `CC-6.1` and `CC6.1` are one.
pub(crate) fn criterion(text: &str) -> String {
    text.chars().filter(|each| each.is_ascii_alphanumeric() || *each == '.').collect::<String>().to_ascii_uppercase()
}

/// A control's id in upper case with plain hyphens, or nothing where it holds other than letters, digits, hyphens and
/// dots. Its own zeros stay: `AC-1` and `AC-01` may be two schemes, see [`look_alike`].
pub(crate) fn control(text: &str) -> Option<String> {
    let mut id = String::new();
    for letter in text.trim().chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' => id.push(letter.to_ascii_uppercase()),
            // Word processors turn hyphens into dashes.
            '-' | '_' | ' ' | '\u{2010}'..='\u{2014}' if !id.ends_with('-') => id.push('-'),
            '-' | '_' | ' ' | '\u{2010}'..='\u{2014}' => {}
            _ => return None,
        }
    }
    let id = id.trim_matches('-');
    (!id.is_empty()).then(|| id.to_owned())
}

/// The same for ids that people would take for one another: without hyphens and leading zeros.
pub(crate) fn look_alike(id: &str) -> String {
    let mut key = String::new();
    let mut number = String::new();
    for letter in id.chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        key.push_str(number.trim_start_matches('0'));
        number.clear();
        if letter != '-' {
            key.push(letter);
        }
    }
    key.push_str(number.trim_start_matches('0'));
    key
}

/// The parts of a cell that lists several: separated by commas, semicolons or white space.
pub(crate) fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(|each: char| each == ',' || each == ';' || each.is_whitespace()).filter(|each| !each.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_brought_into_one_form() {
        assert_eq!(criterion(" cc 6.1"), "CC6.1");
        assert_eq!(criterion("PI-1.3"), "PI1.3");
        assert_eq!(control("ac_01").as_deref(), Some("AC-01"));
        assert_eq!(control(" AC – 01 ").as_deref(), Some("AC-01"));
        assert_eq!(control("AC/01"), None);
        assert_eq!(control(" - "), None);
    }

    #[test]
    fn a_zero_and_a_hyphen_do_not_make_another_id() {
        assert_eq!(look_alike("AC-01"), look_alike("AC1"));
        assert_ne!(look_alike("AC-01"), look_alike("AC-10"));
        assert_ne!(look_alike("AC-1.2"), look_alike("AC-12"));
    }
}
