//! A document as one HTML page that needs nothing else: no script, nothing from outside, light and dark, on paper too.
//! Every text may come from a cloud or a vendor, so every text is escaped.

use crate::{
    document::{Document, Field, SectionDraft, Table},
    draft::words,
    markdown::is_invisible,
    timeline,
};

const STYLE: &str = include_str!("html.css");

/// Renders a document. Tables that are too long for paper are named and left to the workbook.
pub fn html(document: &Document) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let title = escaped(&document.title);
    out += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out += &format!("<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n");
    out += &format!("<header>\n<h1>{title}</h1>\n<dl>\n");
    for (label, text) in &document.facts {
        out += &format!("<dt>{label}</dt><dd>{}</dd>\n", escaped(text));
    }
    out += "</dl>\n</header>\n<nav aria-label=\"Contents\">\n<ol>\n";
    for section in &document.sections {
        out += &format!("<li><a href=\"#{}\">{}</a></li>\n", section.section, section.section.title());
    }
    out += "</ol>\n</nav>\n<main>\n";
    for (number, section) in document.sections.iter().enumerate() {
        render_section(&mut out, number + 1, section);
    }
    out += "</main>\n</body>\n</html>\n";
    out
}

fn render_section(out: &mut String, number: usize, section: &SectionDraft) {
    let id = section.section;
    *out += &format!("<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n");
    *out += &format!("<h2 id=\"{id}-title\">{number}. {}</h2>\n", id.title());
    *out += &format!("<p class=\"as-of\">{}</p>\n", escaped(&section.as_of));
    for paragraph in &section.paragraphs {
        *out += &format!("<p>{}</p>\n", escaped(paragraph));
    }
    if let Some(timeline) = &section.timeline {
        *out += &timeline::svg(timeline);
    }
    let (details, tables): (Vec<&Table>, Vec<&Table>) = section.tables.iter().partition(|table| table.is_detail);
    for table in tables {
        render_table(out, table);
    }
    for table in details {
        *out += &format!(
            "<p class=\"note\">{} ({} rows) is a sheet of the workbook.</p>\n",
            escaped(table.title),
            table.rows.len()
        );
    }
    *out += "</section>\n";
}

fn render_table(out: &mut String, table: &Table) {
    *out += &format!("<h3>{}</h3>\n", escaped(table.title));
    if table.rows.is_empty() {
        *out += &format!("<p class=\"note\">{}</p>\n", escaped(table.when_empty));
        return;
    }
    // Wide tables scroll by themselves, and by keyboard.
    *out += &format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table>\n<thead><tr>",
        escaped(table.title)
    );
    for column in &table.columns {
        let class = if column.is_number { " class=\"number\"" } else { "" };
        *out += &format!("<th scope=\"col\"{class}>{}</th>", escaped(&column.title));
    }
    *out += "</tr></thead>\n<tbody>\n";
    let mut group = None;
    for row in &table.rows {
        let begins_a_group = table.is_grouped && group != row.first();
        group = row.first();
        *out += if begins_a_group { "<tr class=\"group\">" } else { "<tr>" };
        for (field, column) in row.iter().zip(&table.columns) {
            *out += &cell(field, column.is_number);
        }
        *out += "</tr>\n";
    }
    *out += "</tbody>\n</table>\n</div>\n";
}

fn cell(field: &Field, is_number: bool) -> String {
    match field {
        Field::Absent => "<td class=\"absent\">–</td>".to_owned(),
        Field::Number(number) => format!("<td class=\"number\">{number}</td>"),
        Field::Text(text) if is_number => format!("<td class=\"number\">{}</td>", escaped(text)),
        Field::Text(text) => format!("<td>{}</td>", escaped(text)),
        Field::Treatment(treatment) => {
            format!("<td class=\"{}\">{}</td>", treatment.as_str(), words(treatment.as_str()))
        }
    }
}

/// Text that HTML shows as it is, in an element as in an attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            '\n' | '\r' | '\t' => out.push(' '),
            _ if is_invisible(character) => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use carveout_model::Treatment;

    use super::*;
    use crate::document::{Section, number, text};

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
                tables: vec![table.rows([
                    vec![name.into(), Field::Number(0)],
                    vec![Field::Treatment(Treatment::Assess), Field::Absent],
                ])],
            }],
        }
    }

    #[test]
    fn a_hostile_name_stays_text() {
        for (hostile, shown) in [
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("\"><script>1</script>", "&quot;&gt;&lt;script&gt;1&lt;/script&gt;"),
            ("a'b&amp;", "a&#39;b&amp;amp;"),
            ("\u{202e}gpj.exe\u{1b}[31m\n", "\u{fffd}gpj.exe\u{fffd}[31m "),
        ] {
            let out = html(&document(hostile));
            assert!(out.contains(&format!("<h1>{shown}</h1>")), "{out}");
            assert!(out.contains(&format!("<td>{shown}</td>")), "{out}");
            assert!(!out.contains(hostile), "{out}");
        }
    }

    #[test]
    fn a_page_asks_for_nothing_from_outside() {
        let out = html(&document("x"));
        assert!(out.contains("default-src 'none'"));
        for reference in ["<script", "src=", "href=\"http", "url(", "@import"] {
            assert!(!out.contains(reference), "{reference}");
        }
    }

    #[test]
    fn zero_is_not_absent_and_a_treatment_has_its_class() {
        let out = html(&document("x"));
        assert!(out.contains("<td class=\"number\">0</td>"), "{out}");
        assert!(out.contains("<td class=\"assess\">assess</td><td class=\"absent\">–</td>"), "{out}");
    }
}
