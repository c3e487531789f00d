//! Reads one card: a tree of values becomes a [`Soc2Report`], or everything that is wrong with it.

use std::collections::BTreeSet;
use std::path::Path;
use std::str::FromStr;

use carveout_model::{
    Category, Exception, Opinion, ReportControl, ReportType, Soc2Report, SubserviceControl, SubserviceMethod,
    SubserviceOrganization, UnknownWord, UserEntityControl,
};
use jiff::civil::Date;

use crate::criterion::normalize_criterion;
use crate::identity::{report_id, sha256};
use crate::node::{self, Entry, Node, Value};
use crate::problem::{CardError, Cause, Problem};

const ROOT_KEYS: &[&str] = &[
    "party",
    "organization",
    "system",
    "auditor",
    "report_type",
    "period",
    "as_of",
    "issued_on",
    "under_nda",
    "categories",
    "opinion",
    "qualified_criteria",
    "bridge_letter",
    "subservice_organizations",
    "user_entity_controls",
    "subservice_controls",
    "controls",
    "exceptions",
];

/// Reads one report card; the format is taken from the name of `path`, which is kept as the report's source.
///
/// `known_criteria` holds the ids of the trust services criteria (`CC6.1`); the card may spell them `CC 6.1` or
/// `cc6.1`. Things that are odd and not wrong (a qualified opinion without its criteria, say) are kept as
/// `warnings` in [`Soc2Report::extraction`].
///
/// # Errors
/// [`CardError`] with every problem of the card, by line.
pub fn read_card(path: &Path, bytes: &[u8], known_criteria: &BTreeSet<String>) -> Result<Soc2Report, CardError> {
    let fail = |mut problems: Vec<Problem>| {
        problems.sort_by_key(|problem| problem.line);
        CardError { path: path.to_owned(), problems }
    };
    let root = node::parse(path, bytes).map_err(fail)?;
    let mut reader = Reader { known_criteria, problems: Vec::new(), warnings: Vec::new() };
    let draft = reader.report(&root);
    let Reader { problems, warnings, .. } = reader;
    let Some(mut report) = draft.filter(|_| problems.is_empty()) else {
        return Err(fail(problems));
    };
    report.source = path.to_string_lossy().into_owned();
    report.source_sha256 = sha256(bytes);
    report.extraction["warnings"] = warnings.into();
    Ok(report)
}

/// One table of the card with its way down from the root.
struct Table<'n> {
    path: String,
    line: usize,
    entries: &'n [Entry],
}

impl<'n> Table<'n> {
    fn key(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// The entry, unless it is not there or null.
    fn entry(&self, name: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|entry| entry.key == name && !matches!(entry.node.value, Value::Null))
    }

    fn line_of(&self, name: &str) -> usize {
        self.entry(name).map_or(self.line, |entry| entry.line)
    }
}

struct Reader<'k> {
    known_criteria: &'k BTreeSet<String>,
    problems: Vec<Problem>,
    warnings: Vec<String>,
}

impl Reader<'_> {
    fn problem(&mut self, line: usize, key: impl Into<String>, cause: Cause) {
        self.problems.push(Problem { line: Some(line), key: key.into(), cause });
    }

    fn report(&mut self, root: &Node) -> Option<Soc2Report> {
        let card = self.table(root, String::new(), ROOT_KEYS)?;
        let party_id = self.text(&card, "party");
        let organization = self.required_text(&card, "organization", "the service organization, as printed");
        let system = self.text(&card, "system");
        let auditor = self.text(&card, "auditor");
        let report_type: Option<ReportType> = self.word(&card, "report_type");
        if report_type.is_none() && card.entry("report_type").is_none() {
            self.missing(&card, "report_type", "`type1` or `type2`");
        }
        let period = self.period(&card);
        let as_of = self.date(&card, "as_of");
        let issued_on = self.date(&card, "issued_on");
        self.check_time(&card, report_type, period, as_of);
        let under_nda = self.flag(&card, "under_nda");
        let categories = self.categories(&card);
        let opinion: Option<Opinion> = self.word(&card, "opinion");
        if card.entry("opinion").is_none() {
            self.missing(&card, "opinion", "`unqualified`, `qualified`, `adverse` or `disclaimer`");
        }
        let qualified_criteria = self.criteria(&card, "qualified_criteria").unwrap_or_default();
        if !qualified_criteria.is_empty() && opinion != Some(Opinion::Qualified) {
            let opinion = opinion.map_or_else(|| "missing".to_owned(), |opinion| opinion.to_string());
            let line = card.line_of("qualified_criteria");
            self.problem(line, "qualified_criteria", Cause::ExceptedWithoutQualification { opinion });
        }
        let bridge_until = self.bridge(&card, period);
        let subservice_organizations = self.subservice_organizations(&card);
        let user_entity_controls = self.user_entity_controls(&card);
        let subservice_controls = self.subservice_controls(&card, &subservice_organizations);
        let mut controls = self.controls(&card);
        let exceptions = self.exceptions(&card, &mut controls);
        let (period_start, period_end) = period.unzip();

        if opinion == Some(Opinion::Qualified) && qualified_criteria.is_empty() {
            self.warnings.push(
                "the opinion is qualified and `qualified_criteria` names none: no criterion can rest on it".to_owned(),
            );
        }
        if !categories.is_empty() && !categories.contains(&Category::Security) {
            self.warnings.push("the categories leave out security, which is in every SOC 2 report".to_owned());
        }
        if let (Some(issued), Some(last)) = (issued_on, period_end.or(as_of))
            && issued < last
        {
            self.warnings.push(format!("issued on {issued}, before the last day that it speaks for, {last}"));
        }

        let organization = organization?;
        let report_id =
            report_id(party_id.as_deref().unwrap_or(&organization), system.as_deref(), period_start, period_end, as_of);
        Some(Soc2Report {
            report_id,
            party_id,
            organization,
            system,
            report_type: report_type?,
            auditor,
            period_start,
            period_end,
            as_of,
            issued_on,
            opinion,
            qualified_criteria,
            categories,
            bridge_until,
            subservice_organizations,
            user_entity_controls,
            subservice_controls,
            controls,
            exceptions,
            source: String::new(),
            source_sha256: String::new(),
            extraction: serde_json::json!({ "reader": "card", "confidence": 1.0, "under_nda": under_nda }),
        })
    }

    fn period(&mut self, card: &Table<'_>) -> Option<(Date, Date)> {
        let entry = card.entry("period")?;
        let table = self.table(&entry.node, card.key("period"), &["start", "end"])?;
        for name in ["start", "end"] {
            if table.entry(name).is_none() {
                self.missing(&table, name, "the first and the last day of the period");
            }
        }
        let (start, end) = (self.date(&table, "start"), self.date(&table, "end"));
        let (start, end) = (start?, end?);
        if end < start {
            self.problem(table.line_of("end"), table.key("end"), Cause::PeriodReversed { start, end });
            return None;
        }
        Some((start, end))
    }

    /// Whether the type of report and the time it speaks for go together.
    fn check_time(
        &mut self,
        card: &Table<'_>,
        report_type: Option<ReportType>,
        period: Option<(Date, Date)>,
        as_of: Option<Date>,
    ) {
        let wrote_period = period.is_some() || card.entry("period").is_some();
        let wrote_day = as_of.is_some() || card.entry("as_of").is_some();
        match report_type {
            Some(ReportType::Type2) => {
                if !wrote_period {
                    self.problem(card.line_of("report_type"), "report_type", Cause::Type2WithoutPeriod);
                }
                if wrote_day {
                    self.problem(card.line_of("as_of"), "as_of", Cause::Type2WithDay);
                }
            }
            Some(ReportType::Type1) => {
                if !wrote_day {
                    self.problem(card.line_of("report_type"), "report_type", Cause::Type1WithoutDay);
                }
                if wrote_period {
                    self.problem(card.line_of("period"), "period", Cause::Type1WithPeriod);
                }
            }
            None => {}
        }
    }

    fn bridge(&mut self, card: &Table<'_>, period: Option<(Date, Date)>) -> Option<Date> {
        let entry = card.entry("bridge_letter")?;
        let table = self.table(&entry.node, card.key("bridge_letter"), &["until"])?;
        if table.entry("until").is_none() {
            self.missing(&table, "until", "the last day that the letter speaks for");
        }
        let until = self.date(&table, "until")?;
        match period {
            Some((_, end)) if until <= end => {
                self.problem(table.line_of("until"), table.key("until"), Cause::BridgeBeforePeriodEnd { until, end });
            }
            None if card.entry("period").is_none() => {
                self.problem(entry.line, "bridge_letter", Cause::BridgeWithoutPeriod);
            }
            _ => {}
        }
        Some(until)
    }

    fn categories(&mut self, card: &Table<'_>) -> Vec<Category> {
        if card.entry("categories").is_none() {
            self.missing(card, "categories", "the categories that the report covers");
        }
        let mut found = Vec::new();
        for (key, line, word) in self.texts(card, "categories").unwrap_or_default() {
            match Category::from_str(&word) {
                Ok(category) if found.contains(&category) => {
                    self.problem(line, key, Cause::RepeatedValue { value: word })
                }
                Ok(category) => found.push(category),
                Err(UnknownWord { word, expected }) => self.problem(line, key, Cause::UnknownWord { word, expected }),
            }
        }
        found.sort();
        found
    }

    fn subservice_organizations(&mut self, card: &Table<'_>) -> Vec<SubserviceOrganization> {
        let mut found = Vec::new();
        for table in self.tables(card, "subservice_organizations", &["name", "method", "services"]) {
            let name = self.required_text(&table, "name", "the name as printed");
            let method: Option<SubserviceMethod> = self.word(&table, "method");
            if table.entry("method").is_none() {
                self.missing(&table, "method", "`carve_out` or `inclusive`");
            }
            let services = self.text(&table, "services");
            if let (Some(name), Some(method)) = (name, method) {
                found.push(SubserviceOrganization { name, method, services });
            }
        }
        found
    }

    fn user_entity_controls(&mut self, card: &Table<'_>) -> Vec<UserEntityControl> {
        let tables = self.tables(card, "user_entity_controls", &["ref", "criteria", "description"]);
        let mut found = Vec::new();
        for (table, cuec_ref) in self.referenced(tables) {
            let criteria = self.required_criteria(&table);
            if let Some(description) = self.required_text(&table, "description", "what the user entity has to do") {
                found.push(UserEntityControl { cuec_ref, criteria, description });
            }
        }
        found
    }

    fn subservice_controls(
        &mut self,
        card: &Table<'_>,
        organizations: &[SubserviceOrganization],
    ) -> Vec<SubserviceControl> {
        let keys = &["ref", "organization", "criteria", "description"];
        let tables = self.tables(card, "subservice_controls", keys);
        let mut found = Vec::new();
        for (table, csoc_ref) in self.referenced(tables) {
            let organization = self.text(&table, "organization");
            if let Some(name) = &organization
                && !organizations.iter().any(|each| each.name == *name)
            {
                let cause = Cause::UnknownSubservice { name: name.clone() };
                self.problem(table.line_of("organization"), table.key("organization"), cause);
            }
            let criteria = self.required_criteria(&table);
            if let Some(description) = self.required_text(&table, "description", "what is assumed") {
                found.push(SubserviceControl { csoc_ref, organization, criteria, description });
            }
        }
        found
    }

    fn controls(&mut self, card: &Table<'_>) -> Vec<ReportControl> {
        let keys = &["ref", "criteria", "description", "test", "result", "exception"];
        let tables = self.tables(card, "controls", keys);
        let mut found = Vec::new();
        for (table, control_ref) in self.referenced(tables) {
            let criteria = self.required_criteria(&table);
            let description = self.required_text(&table, "description", "the control");
            let test = self.text(&table, "test");
            let result = self.text(&table, "result");
            let exception = self.flag(&table, "exception");
            if let Some(description) = description {
                found.push(ReportControl { control_ref, criteria, description, test, result, exception });
            }
        }
        found
    }

    /// The exceptions as listed, and those that only a control's flag and result tell of.
    fn exceptions(&mut self, card: &Table<'_>, controls: &mut [ReportControl]) -> Vec<Exception> {
        let keys = &["control", "criteria", "description", "management_response"];
        let mut found: Vec<Exception> = Vec::new();
        for table in self.tables(card, "exceptions", keys) {
            let control_ref = self.required_text(&table, "control", "the `ref` of the control it was found in");
            let criteria = self.criteria(&table, "criteria");
            let description = self.required_text(&table, "description", "what was found");
            let management_response = self.text(&table, "management_response");
            let (Some(control_ref), Some(description)) = (control_ref, description) else { continue };
            let control = controls.iter_mut().find(|control| control.control_ref == control_ref);
            if control.is_none() && card.entry("controls").is_some() {
                let cause = Cause::UnknownControl { reference: control_ref.clone() };
                self.problem(table.line_of("control"), table.key("control"), cause);
            }
            if control.is_none() && criteria.is_none() {
                self.missing(&table, "criteria", "the criteria it bears on, since no control of the card says so");
            }
            let criteria = match (criteria, control) {
                (given, Some(control)) => {
                    control.exception = true;
                    given.unwrap_or_else(|| control.criteria.clone())
                }
                (given, None) => given.unwrap_or_default(),
            };
            found.push(Exception { control_ref, criteria, description, management_response });
        }
        for control in controls.iter().filter(|control| control.exception) {
            if !found.iter().any(|exception| exception.control_ref == control.control_ref) {
                found.push(Exception {
                    control_ref: control.control_ref.clone(),
                    criteria: control.criteria.clone(),
                    description: control.result.clone().unwrap_or_else(|| "exception noted".to_owned()),
                    management_response: None,
                });
            }
        }
        found
    }

    /// The table behind a node, its unknown and repeated keys reported.
    fn table<'n>(&mut self, node: &'n Node, path: String, known: &'static [&'static str]) -> Option<Table<'n>> {
        let Value::Table(entries) = &node.value else {
            self.wrong_type(node, path, "a table");
            return None;
        };
        let table = Table { path, line: node.line, entries };
        for (at, entry) in entries.iter().enumerate() {
            if let Some(first) = entries[..at].iter().find(|earlier| earlier.key == entry.key) {
                self.problem(entry.line, table.key(&entry.key), Cause::RepeatedKey { first_line: first.line });
            } else if !known.contains(&entry.key.as_str()) {
                let cause = Cause::UnknownKey { nearest: nearest(&entry.key, known), known: known.join(", ") };
                self.problem(entry.line, table.key(&entry.key), cause);
            }
        }
        Some(table)
    }

    fn tables<'n>(&mut self, table: &Table<'n>, name: &str, known: &'static [&'static str]) -> Vec<Table<'n>> {
        let Some(entry) = table.entry(name) else { return Vec::new() };
        let Value::List(items) = &entry.node.value else {
            self.wrong_type(&entry.node, table.key(name), "a list of tables");
            return Vec::new();
        };
        items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| self.table(item, format!("{}[{at}]", table.key(name)), known))
            .collect()
    }

    /// Pairs tables with their `ref`, which is there and used once.
    fn referenced<'n>(&mut self, tables: Vec<Table<'n>>) -> Vec<(Table<'n>, String)> {
        let mut seen: Vec<(String, usize)> = Vec::new();
        let mut found = Vec::new();
        for table in tables {
            let Some(reference) = self.required_text(&table, "ref", "the report's own reference") else { continue };
            let line = table.line_of("ref");
            match seen.iter().find(|(earlier, _)| *earlier == reference) {
                Some((_, first_line)) => {
                    let cause = Cause::RepeatedReference { reference: reference.clone(), first_line: *first_line };
                    self.problem(line, table.key("ref"), cause);
                }
                None => seen.push((reference.clone(), line)),
            }
            found.push((table, reference));
        }
        found
    }

    fn missing(&mut self, table: &Table<'_>, name: &str, meaning: &'static str) {
        self.problem(table.line, table.key(name), Cause::Missing { meaning });
    }

    fn wrong_type(&mut self, node: &Node, key: String, expected: &'static str) {
        self.problem(node.line, key, Cause::WrongType { expected, found: node.value.describe() });
    }

    fn text(&mut self, table: &Table<'_>, name: &str) -> Option<String> {
        let entry = table.entry(name)?;
        match &entry.node.value {
            Value::Text(text) if text.trim().is_empty() => {
                self.problem(entry.line, table.key(name), Cause::Missing { meaning: "text that is not blank" });
                None
            }
            Value::Text(text) => Some(text.trim().to_owned()),
            _ => {
                self.wrong_type(&entry.node, table.key(name), "text");
                None
            }
        }
    }

    fn required_text(&mut self, table: &Table<'_>, name: &str, meaning: &'static str) -> Option<String> {
        if table.entry(name).is_none() {
            self.missing(table, name, meaning);
        }
        self.text(table, name)
    }

    fn flag(&mut self, table: &Table<'_>, name: &str) -> bool {
        match table.entry(name).map(|entry| &entry.node) {
            None => false,
            Some(Node { value: Value::Bool(value), .. }) => *value,
            Some(node) => {
                self.wrong_type(node, table.key(name), "true or false");
                false
            }
        }
    }

    fn date(&mut self, table: &Table<'_>, name: &str) -> Option<Date> {
        let entry = table.entry(name)?;
        let (Value::Text(text) | Value::Time(text)) = &entry.node.value else {
            self.wrong_type(&entry.node, table.key(name), "a date");
            return None;
        };
        // jiff takes dates in other spellings too, and a time behind them, which says more than a report does.
        let date = (text.len() == "2026-01-31".len()).then(|| Date::from_str(text).ok()).flatten();
        if date.is_none() {
            self.problem(entry.line, table.key(name), Cause::NotADate { text: text.clone() });
        }
        date
    }

    fn word<T: FromStr<Err = UnknownWord>>(&mut self, table: &Table<'_>, name: &str) -> Option<T> {
        let text = self.text(table, name)?;
        T::from_str(&text)
            .map_err(|UnknownWord { word, expected }| {
                self.problem(table.line_of(name), table.key(name), Cause::UnknownWord { word, expected });
            })
            .ok()
    }

    /// Each text of a list with its key and line.
    fn texts(&mut self, table: &Table<'_>, name: &str) -> Option<Vec<(String, usize, String)>> {
        let entry = table.entry(name)?;
        let Value::List(items) = &entry.node.value else {
            self.wrong_type(&entry.node, table.key(name), "a list of texts");
            return None;
        };
        let mut found = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let key = format!("{}[{at}]", table.key(name));
            match &item.value {
                Value::Text(text) => found.push((key, item.line, text.trim().to_owned())),
                _ => self.wrong_type(item, key, "text"),
            }
        }
        Some(found)
    }

    fn criteria(&mut self, table: &Table<'_>, name: &str) -> Option<Vec<String>> {
        let mut found: Vec<String> = Vec::new();
        let mut written: Vec<String> = Vec::new();
        for (key, line, text) in self.texts(table, name)? {
            let id = normalize_criterion(&text);
            if !self.known_criteria.contains(&id) {
                self.problem(line, key, Cause::UnknownCriterion { id: text });
            } else if written.contains(&text) {
                self.problem(line, key, Cause::RepeatedValue { value: id });
            } else if !found.contains(&id) {
                // Two points of focus of one criterion are that criterion once.
                found.push(id);
                written.push(text);
            }
        }
        Some(found)
    }

    fn required_criteria(&mut self, table: &Table<'_>) -> Vec<String> {
        if table.entry("criteria").is_none() {
            self.missing(table, "criteria", "the criteria it bears on");
        }
        self.criteria(table, "criteria").unwrap_or_default()
    }
}

/// The known key that a typing error may have meant: at most two edits away, and nearer than half its length.
fn nearest(written: &str, known: &[&'static str]) -> Option<&'static str> {
    known
        .iter()
        .map(|key| (edit_distance(written, key), *key))
        .filter(|(distance, key)| *distance <= 2 && distance * 2 < key.len())
        .min()
        .map(|(_, key)| key)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replace = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
