//! A small typesetter: titles, paragraphs, lists and tables on pages, in the manners that make
//! reports hard to read back.

mod controls;

use super::facts::{Dates, Facts};
use super::file::write;
use super::metrics::Face;

/// How the tests of controls are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tests {
    /// Criteria, control, activity, test, result.
    ByCriterion,
    /// Control, activity, criteria, test, result.
    ByControl,
    /// A title for each criterion, and a table of its controls under it.
    UnderCriteria,
    /// One table, with a row across it for each criterion.
    GroupRows,
    /// Reference and activity in one cell.
    Joined,
    /// Under the title of each of its criteria, again and again.
    Repeated,
    /// Paragraphs with labels, "Control AC-01: …", under titles of criteria.
    Labelled,
    /// Labels on lines of their own, and the criteria behind one.
    LabelledApart,
}

/// Where management answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Responses {
    /// In paragraphs at the end.
    Paragraphs,
    /// In a table at the end.
    Table,
    /// Behind the result of the test.
    WithResult,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserControls {
    Table,
    Numbered,
    Bulleted,
    None,
}

#[derive(Debug, Clone)]
pub struct Style {
    pub width: f64,
    pub height: f64,
    pub body: f64,
    pub two_columns: bool,
    pub roman: bool,
    /// Management's assertion before the auditor's report.
    pub swapped: bool,
    pub tests: Tests,
    pub responses: Responses,
    /// Criteria as points of focus: `CC6.1-POF2`, `CC6.1.2`.
    pub points_of_focus: bool,
    pub user_controls: UserControls,
    pub dates: Dates,
    pub running: bool,
    /// A word across each page: turned, or upright and large.
    pub watermark: Option<bool>,
    pub hyphenate: bool,
    pub ruled: bool,
    /// Cells in the middle of their rows.
    pub centered: bool,
    /// The head of a table again on each page.
    pub repeat_heads: bool,
    /// Rows go on over the end of a page.
    pub break_rows: bool,
    pub padding: f64,
    /// Codes of two bytes and a table for copying, as office programs write.
    pub composite: bool,
    /// Upright pages whose content is turned, as for landscape tables.
    pub turned: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 612.0,
            height: 792.0,
            body: 10.0,
            two_columns: false,
            roman: true,
            swapped: false,
            tests: Tests::ByControl,
            responses: Responses::Paragraphs,
            points_of_focus: false,
            user_controls: UserControls::Table,
            dates: Dates::American,
            running: true,
            watermark: None,
            hyphenate: false,
            ruled: true,
            centered: false,
            repeat_heads: true,
            break_rows: false,
            padding: 5.0,
            composite: false,
            turned: false,
        }
    }
}

const MARGIN: f64 = 54.0;

struct Setter<'s> {
    style: &'s Style,
    pages: Vec<String>,
    y: f64,
    x: f64,
    measure: f64,
    /// The column of the page, and where columns begin on it.
    column: usize,
    top: f64,
}

/// Sets a report.
pub fn set(facts: &Facts, style: &Style) -> Vec<u8> {
    let mut setter = Setter {
        style,
        pages: Vec::new(),
        y: 0.0,
        x: MARGIN,
        measure: style.width - 2.0 * MARGIN,
        column: 0,
        top: MARGIN + 14.0,
    };
    setter.report(facts);
    write(style, &setter.pages, facts)
}

fn width(text: &str, size: f64, bold: bool) -> f64 {
    let face = if bold { Face::SansBold } else { Face::Sans };
    text.chars().map(|each| face.width(each)).sum::<f64>() / 1000.0 * size
}

fn wrap(text: &str, size: f64, bold: bool, measure: f64, hyphenate: bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&longer, size, bold) <= measure {
            line = longer;
            continue;
        }
        // A word that stands at the end of a line breaks where a part of it fits.
        let letters: Vec<char> = word.chars().collect();
        let can_break = hyphenate && letters.len() >= 8 && letters.iter().all(|each| each.is_ascii_lowercase());
        let at = (4..letters.len().saturating_sub(3)).rev().find(|at| {
            let part: String = letters[..*at].iter().collect();
            can_break && !line.is_empty() && width(&format!("{line} {part}-"), size, bold) <= measure
        });
        match at {
            Some(at) => {
                let (part, rest): (String, String) = (letters[..at].iter().collect(), letters[at..].iter().collect());
                lines.push(format!("{line} {part}-"));
                line = rest;
            }
            None => {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
    }
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    lines
}

impl Setter<'_> {
    fn new_page(&mut self) {
        self.pages.push(String::new());
        self.column = 0;
        (self.x, self.y) = (MARGIN, self.top);
        if let Some(turned) = self.style.watermark {
            let (x, y) = (self.style.width / 2.0, self.style.height / 2.0);
            let page = self.pages.last_mut().expect("there is a page");
            if turned {
                page.push_str(&format!(
                    "q .9 g BT /F2 54 Tf .82 .57 -.57 .82 {:.2} {:.2} Tm ({}) Tj ET Q\n",
                    x - 150.0,
                    y - 100.0,
                    "@DRAFT COPY@"
                ));
            } else {
                page.push_str(&format!(
                    "q .9 g BT /F2 48 Tf 1 0 0 1 {:.2} {:.2} Tm ({}) Tj ET Q\n",
                    x - 160.0,
                    y,
                    "@DRAFT COPY@"
                ));
            }
        }
    }

    fn bottom(&self) -> f64 {
        self.style.height - MARGIN - 16.0
    }

    fn need(&mut self, height: f64) {
        if self.y + height <= self.bottom() {
            return;
        }
        if self.style.two_columns && self.measure < self.style.width / 2.0 && self.column == 0 {
            self.column = 1;
            self.x = self.style.width / 2.0 + 9.0;
            self.y = self.top;
        } else {
            self.new_page();
        }
    }

    fn put(&mut self, x: f64, y: f64, size: f64, bold: bool, text: &str) {
        let font = if bold { "F2" } else { "F1" };
        let page = self.pages.last_mut().expect("there is a page");
        page.push_str(&format!(
            "BT /{font} {size:.2} Tf 1 0 0 1 {x:.2} {:.2} Tm (@{text}@) Tj ET\n",
            self.style.height - y
        ));
    }

    fn rule(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) {
        let (y0, y1) = (self.style.height - y0, self.style.height - y1);
        let page = self.pages.last_mut().expect("there is a page");
        page.push_str(&format!("0.5 w {x0:.2} {y0:.2} m {x1:.2} {y1:.2} l S\n"));
    }

    fn text(&mut self, text: &str, size: f64, bold: bool) {
        for line in wrap(text, size, bold, self.measure, self.style.hyphenate && !bold) {
            self.need(size * 1.25);
            self.y += size * 1.25;
            self.put(self.x, self.y, size, bold, &line);
        }
        self.y += size * 0.6;
    }

    fn title(&mut self, text: &str) {
        self.need(60.0);
        self.text(text, self.style.body + 4.0, true);
    }

    fn paragraph(&mut self, text: &str) {
        self.text(text, self.style.body, false);
    }

    fn item(&mut self, mark: &str, text: &str) {
        let size = self.style.body;
        self.measure -= 22.0;
        for (at, line) in wrap(text, size, false, self.measure, self.style.hyphenate).into_iter().enumerate() {
            self.need(size * 1.25);
            self.y += size * 1.25;
            if at == 0 {
                self.put(self.x + 4.0, self.y, size, false, mark);
            }
            self.put(self.x + 22.0, self.y, size, false, &line);
        }
        self.y += size * 0.3;
        self.measure += 22.0;
    }

    /// A table; a row with one cell runs across it.
    fn table(&mut self, heads: &[&str], shares: &[f64], rows: &[Vec<String>]) {
        let size = self.style.body - 1.5;
        let leading = size * 1.2;
        let padding = self.style.padding;
        let total: f64 = shares.iter().sum();
        let widths: Vec<f64> = shares.iter().map(|share| share / total * self.measure).collect();
        let set = |cells: &[String], bold: bool| -> Vec<Vec<String>> {
            let measure = |at: usize| if cells.len() == 1 { self.measure } else { widths[at] } - 2.0 * padding;
            cells
                .iter()
                .enumerate()
                .map(|(at, cell)| wrap(cell, size, bold, measure(at), self.style.hyphenate && !bold))
                .collect()
        };
        let head: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        let head = set(&head, true);
        let rows: Vec<Vec<Vec<String>>> = rows.iter().map(|row| set(row, row.len() == 1)).collect();
        self.need(120.0);
        self.row(&head, &widths, size, leading, true);
        for mut row in rows {
            loop {
                let longest = row.iter().map(Vec::len).max().unwrap_or(0);
                let room = ((self.bottom() - self.y - 2.0 * padding) / leading).floor().max(0.0) as usize;
                if longest <= room {
                    let is_across = row.len() == 1;
                    self.row(&row, &widths, size, leading, is_across);
                    break;
                }
                if self.style.break_rows && room >= 1 && row.len() > 1 {
                    let first: Vec<Vec<String>> =
                        row.iter_mut().map(|cell| cell.drain(..cell.len().min(room)).collect()).collect();
                    self.row(&first, &widths, size, leading, false);
                }
                self.new_page();
                if self.style.repeat_heads {
                    self.row(&head, &widths, size, leading, true);
                }
            }
        }
        self.y += 12.0;
    }

    fn row(&mut self, cells: &[Vec<String>], widths: &[f64], size: f64, leading: f64, bold: bool) {
        let padding = self.style.padding;
        let longest = cells.iter().map(Vec::len).max().unwrap_or(0);
        let height = longest as f64 * leading + 2.0 * padding;
        let mut x = self.x;
        let top = self.y;
        for (at, cell) in cells.iter().enumerate() {
            let width = if cells.len() == 1 { self.measure } else { widths[at] };
            let spare = if self.style.centered { (longest - cell.len()) as f64 * leading / 2.0 } else { 0.0 };
            for (line, text) in cell.iter().enumerate() {
                self.put(x + padding, top + padding + spare + (line as f64 + 0.85) * leading, size, bold, text);
            }
            if self.style.ruled {
                self.rule(x, top, x, top + height);
            }
            x += width;
        }
        if self.style.ruled {
            self.rule(x, top, x, top + height);
            self.rule(self.x, top, x, top);
            self.rule(self.x, top + height, x, top + height);
        }
        self.y = top + height;
    }

    fn report(&mut self, facts: &Facts) {
        let write = |day| self.style.dates.write(day);
        let time = if facts.is_type2 {
            format!("throughout the period {} to {}", write(facts.start), write(facts.end))
        } else {
            format!("as of {}", write(facts.end))
        };
        let kind = if facts.is_type2 { "Type 2" } else { "Type 1" };
        let issued = write(facts.issued);
        let list = and(&facts.categories);
        self.new_page();
        self.y = 160.0;
        self.text(facts.organization, 24.0, true);
        self.text(&format!("SOC 2 {kind} Report"), 18.0, true);
        self.text(&format!("{} – Controls Relevant to {list}", facts.system), 13.0, false);
        let cover_time =
            if facts.is_type2 { time.replace("throughout the", "For the") } else { time.replace("as of", "As of") };
        self.text(&cover_time, 12.0, false);
        self.text(&format!("Issued by {}", facts.auditor), 12.0, false);
        self.new_page();
        self.text("Table of Contents", 16.0, true);
        for (at, title) in self.titles().into_iter().enumerate() {
            self.paragraph(&format!("{title} {} {}", ".".repeat(40), 3 + at * 4));
        }
        let [auditor, assertion, description, tests, other] = self.titles();
        if self.style.two_columns {
            self.measure = (self.style.width - 2.0 * MARGIN) / 2.0 - 9.0;
        }
        if self.style.swapped {
            self.assertion(facts, &assertion, &time);
            self.auditors_report(facts, &auditor, &time, &list, &issued);
        } else {
            self.auditors_report(facts, &auditor, &time, &list, &issued);
            self.assertion(facts, &assertion, &time);
        }
        self.description(facts, &description);
        self.measure = self.style.width - 2.0 * MARGIN;
        self.complementary(facts);
        self.subservice_controls(facts);
        self.tests(facts, &tests);
        self.new_page();
        self.text(&other, 16.0, true);
        self.paragraph("The information in this section was not examined by the service auditor.");
        self.responses(facts);
    }

    /// The five titles by their sections' order in the report.
    fn titles(&self) -> [String; 5] {
        let numbers: [usize; 5] = if self.style.swapped { [2, 1, 3, 4, 5] } else { [1, 2, 3, 4, 5] };
        let names = [
            "Independent Service Auditor's Report",
            "Management's Assertion",
            "Description of the System",
            "Trust Services Criteria, Related Controls and Tests of Controls",
            "Other Information Provided by Management",
        ];
        let roman = ["I", "II", "III", "IV", "V"];
        std::array::from_fn(|at| {
            if self.style.roman {
                format!("Section {} – {}", roman[numbers[at] - 1], names[at])
            } else {
                format!("{}. {}", numbers[at], names[at])
            }
        })
    }

    fn assertion(&mut self, facts: &Facts, title: &str, time: &str) {
        self.new_page();
        self.text(title, 16.0, true);
        self.paragraph(&format!(
            "We have prepared the accompanying description of the {} {time}. The description is meant to give report users information about the system that may be useful when assessing the risks of their dealings with it. We confirm that the description presents what was designed and implemented.",
            facts.system
        ));
        for _ in 0..4 {
            self.paragraph(FILLER);
        }
    }

    fn auditors_report(&mut self, facts: &Facts, title: &str, time: &str, list: &str, issued: &str) {
        self.new_page();
        self.text(title, 16.0, true);
        self.paragraph(&format!("To the Board of Directors of {}", facts.organization));
        self.title("Scope");
        let effectiveness = if facts.is_type2 { " and operating effectiveness" } else { "" };
        self.paragraph(&format!(
            "We have examined {}'s accompanying description of its {} {time} and the suitability of the design{effectiveness} of controls stated in the description, based on the trust services criteria relevant to {} set forth in TSP section 100, 2017 Trust Services Criteria for Security, Availability, Processing Integrity, Confidentiality, and Privacy.",
            facts.organization,
            facts.system,
            list.to_lowercase()
        ));
        for (name, services, carved_out) in &facts.subservices {
            if *carved_out {
                self.paragraph(&format!("{} uses {name}, a subservice organization, to provide {services}. The description does not include the controls of {name}.", facts.organization));
            } else {
                self.paragraph(&format!("{name} is a subservice organization that provides {services}. The description includes the relevant controls of {name}, which are part of our examination."));
            }
        }
        self.title("Service Auditor's Responsibilities");
        self.paragraph(FILLER);
        self.paragraph(FILLER);
        if facts.opinion == "adverse" {
            self.title("Basis for Adverse Opinion");
            self.paragraph("The controls over access did not operate for most of the time.");
            self.title("Adverse Opinion");
            self.paragraph(&format!("In our opinion, because of the significance of the matter described above, the controls were not suitably designed and did not operate effectively {time}."));
        } else if facts.opinion == "disclaimer" {
            self.title("Basis for Disclaimer of Opinion");
            self.paragraph(
                "Management did not let us have the records of access, and other procedures were not possible.",
            );
            self.title("Disclaimer of Opinion");
            self.paragraph("Because of the significance of the matter described above, we do not express an opinion on the description or on the controls.");
        } else if facts.opinion == "qualified" {
            self.title("Basis for Qualified Opinion");
            self.paragraph(&format!(
                "The controls that address criterion {} did not operate as described for part of the time.",
                and(&facts.qualified.iter().map(String::as_str).collect::<Vec<_>>())
            ));
            self.title("Qualified Opinion");
            self.paragraph(&format!("In our opinion, except for the matter described above, in all material respects, the controls were suitably designed {time}."));
        } else {
            self.title("Opinion");
            self.paragraph(&format!("In our opinion, in all material respects, the description presents the {} that was designed and implemented {time}, and its controls were suitably designed.", facts.system));
        }
        self.paragraph(facts.auditor);
        self.paragraph("Portland, Oregon");
        self.paragraph(issued);
    }

    fn description(&mut self, facts: &Facts, title: &str) {
        self.new_page();
        self.text(title, 16.0, true);
        for topic in ["Company Overview", "Infrastructure", "Software", "People", "Procedures"] {
            self.title(topic);
            for _ in 0..3 {
                self.paragraph(FILLER);
            }
        }
        if self.style.two_columns {
            self.new_page();
            self.measure = self.style.width - 2.0 * MARGIN;
        }
        self.title("Subservice Organizations");
        let rows: Vec<Vec<String>> = facts
            .subservices
            .iter()
            .map(|(name, services, carved)| {
                vec![
                    (*name).to_owned(),
                    (*services).to_owned(),
                    if *carved { "Carve-out" } else { "Inclusive" }.to_owned(),
                ]
            })
            .collect();
        self.table(&["Subservice organization", "Services provided", "Method"], &[2.0, 2.0, 1.0], &rows);
    }

    fn complementary(&mut self, facts: &Facts) {
        if self.style.user_controls == UserControls::None {
            return;
        }
        self.title("Complementary User Entity Controls");
        self.paragraph("The controls of the service organization were designed on the assumption that user entities have the following controls in place.");
        match self.style.user_controls {
            UserControls::Table => {
                let rows: Vec<Vec<String>> = facts
                    .user_entity_controls
                    .iter()
                    .enumerate()
                    .map(|(at, (text, criteria))| vec![format!("CUEC-{}", at + 1), text.clone(), criteria.join(", ")])
                    .collect();
                self.table(&["No.", "Complementary user entity control", "Criteria"], &[1.0, 5.0, 1.5], &rows);
            }
            list => {
                for (at, (text, criteria)) in facts.user_entity_controls.iter().enumerate() {
                    let mark = if list == UserControls::Numbered { format!("{}.", at + 1) } else { "•".to_owned() };
                    self.item(&mark, &format!("{text} ({})", criteria.join(", ")));
                }
            }
        }
    }
}

const FILLER: &str = "The service organization operates its platform from two regions and keeps the duties of those who build and those who operate apart. Its people are trained when they are hired and every year after, and its management reviews the results of monitoring with the owners of the controls. Documentation of the environment is updated whenever responsibilities or configuration change.";

fn and(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
