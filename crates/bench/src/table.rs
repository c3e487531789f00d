//! Markdown tables.

use std::fmt::Write as _;

/// A table with a title above and a remark below; all columns but the first are right-aligned.
pub fn table(title: &str, header: &[&str], rows: &[Vec<String>], remark: &str) -> String {
    let mut text = format!("### {title}\n\n| {} |\n|---|{}\n", header.join(" | "), "--:|".repeat(header.len() - 1));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    let _ = writeln!(text, "\n{remark}\n");
    text
}

/// Seconds, to a hundredth.
pub fn seconds(value: f64) -> String {
    format!("{value:.2}")
}

/// Bytes as mebibytes.
pub fn mebibytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / f64::from(1 << 20))
}

/// A count with thousands set apart.
pub fn count(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([7.0, 1000.4, 1_234_567.0].map(count), ["7", "1,000", "1,234,567"]);
    }
}
