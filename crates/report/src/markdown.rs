//! A document as GitHub-flavoured Markdown. Every text may come from a cloud or a vendor, so every text is escaped.

use std::collections::BTreeSet;

use crate::{
    document::{Document, Field, Section, SectionDraft, Table},
    draft::words,
};

/// Renders a document. Tables that are too long for paper are named and left to the workbook.
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n\n", escaped(&document.title));
    for (label, text) in &document.facts {
        out += &format!("- **{label}:** {}\n", escaped(text));
    }
    if document.sections.len() > 1 {
        out += "\n## Contents\n\n";
        for (number, section) in document.sections.iter().enumerate() {
            let number = number + 1;
            let title = section.section.title();
            out += &format!("{number}. [{title}](#{})\n", anchor(number, section.section));
        }
    }
    for (number, section) in document.sections.iter().enumerate() {
        render_section(&mut out, number + 1, section);
    }
    out
}

/// The fragment that renderers derive from a heading: lower case, spaces to dashes, dots dropped.
fn anchor(number: usize, section: Section) -> String {
    format!("{number}-{}", section.title().to_lowercase().replace(' ', "-"))
}

fn render_section(out: &mut String, number: usize, section: &SectionDraft) {
    *out += &format!("\n## {number}. {}\n\n> {}\n", section.section.title(), escaped(&section.as_of));
    for paragraph in &section.paragraphs {
        *out += &format!("\n{}\n", escaped(paragraph));
    }
    let (details, tables): (Vec<&Table>, Vec<&Table>) = section.tables.iter().partition(|table| table.is_detail);
    for (position, table) in tables.into_iter().enumerate() {
        *out += &format!("\n### {number}.{} {}\n\n", position + 1, table.title);
        render_table(out, table);
    }
    for table in details {
        *out += &format!("\n*{} ({} rows) is a sheet of the workbook.*\n", table.title, table.rows.len());
    }
}

fn render_table(out: &mut String, table: &Table) {
    if table.rows.is_empty() {
        *out += &format!("{}\n", escaped(table.when_empty));
        return;
    }
    if !table.is_grouped {
        return render_rows(out, table, 0, table.rows.iter().collect());
    }
    let groups: BTreeSet<String> = table.rows.iter().map(|row| group_of(row)).collect();
    for (position, group) in groups.iter().enumerate() {
        let gap = if position == 0 { "" } else { "\n" };
        *out += &format!("{gap}#### {}\n\n", escaped(group));
        render_rows(out, table, 1, table.rows.iter().filter(|row| group_of(row) == *group).collect());
    }
}

fn group_of(row: &[Field]) -> String {
    row.first().map(plain).unwrap_or_default()
}

fn render_rows(out: &mut String, table: &Table, first_column: usize, rows: Vec<&Vec<Field>>) {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let columns = &table.columns[first_column..];
    *out += &line(columns.iter().map(|column| escaped(&column.title)).collect());
    *out += &line(columns.iter().map(|column| if column.is_number { "--:" } else { "---" }.to_owned()).collect());
    for row in rows {
        *out += &line(row[first_column..].iter().map(|field| escaped(&plain(field))).collect());
    }
}

/// A dash says that nothing is known or that there is none; zero is a number.
fn plain(field: &Field) -> String {
    match field {
        Field::Absent => "–".to_owned(),
        Field::Text(text) => text.clone(),
        Field::Number(number) => number.to_string(),
        Field::Treatment(treatment) => words(treatment.as_str()),
    }
}

/// Text that Markdown shows as it is: no markup, no HTML, no links, no line breaks, and nothing that reorders a line.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    let mut characters = text.trim().chars().peekable();
    while let Some(character) = characters.next() {
        let after = characters.peek().copied();
        let is_in_word = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        match character {
            '_' if is_in_word => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' | '@' => {
                out.push('\\');
                out.push(character);
            }
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            // `https://…` and `www.…` would become links.
            ':' if after == Some('/') => out += "&#58;",
            '.' if out.to_ascii_lowercase().ends_with("www") => out += "&#46;",
            '\n' | '\r' | '\t' => out.push(' '),
            _ if is_invisible(character) => out.push('\u{fffd}'),
            _ => out.push(character),
        }
        before = Some(character);
    }
    out
}

/// Control characters, and those that hide, reorder or join what stands beside them.
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{number, text};

    fn document(name: &str) -> Document {
        let table = Table::new("Things", "Things", vec![text("Name", 20), number("Count")]);
        Document {
            title: name.to_owned(),
            facts: vec![("As of", name.to_owned())],
            sections: vec![SectionDraft {
                section: Section::Gaps,
                as_of: name.to_owned(),
                paragraphs: vec![name.to_owned()],
                timeline: None,
                tables: vec![table.rows([vec![name.into(), Field::Number(0)], vec![Field::Absent, Field::Absent]])],
            }],
        }
    }

    #[test]
    fn a_hostile_name_stays_text() {
        for (hostile, shown) in [
            ("a|b", r"a\|b"),
            ("x\n# y", r"x \# y"),
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("[l](javascript:y) ![i](x)", r"\[l\](javascript:y) !\[i\](x)"),
            (
                "https://evil.example www.evil.example a@evil.example",
                r"https&#58;//evil.example www&#46;evil.example a\@evil.example",
            ),
            ("`c` *b* _i_ ~~s~~ $m$ can_admin", r"\`c\` \*b\* \_i\_ \~\~s\~\~ \$m\$ can_admin"),
            ("\u{202e}gpj.exe\u{1b}[31m", "\u{fffd}gpj.exe\u{fffd}\\[31m"),
            ("&lt;", "&amp;lt;"),
        ] {
            let out = markdown(&document(hostile));
            assert!(out.starts_with(&format!("# {shown}\n")), "{out}");
            assert!(out.contains(&format!("\n> {shown}\n\n{shown}\n")), "{out}");
            assert!(out.contains(&format!("\n| {shown} | 0 |\n")), "{out}");
        }
    }

    #[test]
    fn zero_is_not_absent() {
        let out = markdown(&document("x"));
        assert!(out.contains("| x | 0 |\n| – | – |"), "{out}");
    }

    #[test]
    fn an_empty_table_says_so() {
        let mut document = document("x");
        document.sections[0].tables[0].rows.clear();
        assert!(markdown(&document).contains("None."));
    }
}
