//! From data files to a [`ControlSet`], with every problem of every file at its line.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use carveout_model::{
    Category, Control, ControlKind, Criterion, Frequency, Layer, Owner, Relation, ServiceModel, Strength, UnknownWord,
};
use serde::Deserialize;

use crate::catalogue::{
    CatalogueControl, ControlSet, CrosswalkEdge, EffortUnit, EvidenceRequest, LayerOwner, RoleRule, SampleRule, Shown,
    ThreePoint,
};
use crate::data_error::{DataCause, DataError, DataProblem};

/// One data file of the user, as the caller read it.
#[derive(Debug, Clone, Copy)]
pub struct DataFile<'a> {
    /// Its name without folders, which says what it holds (`controls.toml`).
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Units that the rules name, whatever a user's file says.
pub(crate) const REQUIRED_UNITS: [&str; 11] = [
    "evidence.answered",
    "evidence.reused",
    "test.design",
    "test.sample_manual",
    "test.sample_automated",
    "report.review",
    "vendor.assessment",
    "fixed.planning",
    "fixed.system_description",
    "fixed.assertion",
    "fixed.reporting",
];

const KNOWN_FILES: &str = "controls.toml, responsibility.csv, criterion_owners.csv, roles.csv, sample_sizes.csv, \
                           effort.toml, frameworks.csv, crosswalk_*.csv";

const BUNDLED: [DataFile<'static>; 9] = [
    DataFile { name: "criteria.csv", text: include_str!("../data/criteria.csv") },
    DataFile { name: "effort.toml", text: include_str!("../data/effort.toml") },
    DataFile { name: "controls.toml", text: include_str!("../data/controls.toml") },
    DataFile { name: "responsibility.csv", text: include_str!("../data/responsibility.csv") },
    DataFile { name: "criterion_owners.csv", text: include_str!("../data/criterion_owners.csv") },
    DataFile { name: "roles.csv", text: include_str!("../data/roles.csv") },
    DataFile { name: "sample_sizes.csv", text: include_str!("../data/sample_sizes.csv") },
    DataFile { name: "frameworks.csv", text: include_str!("../data/frameworks.csv") },
    DataFile { name: "crosswalk_ccm.csv", text: include_str!("../data/crosswalk_ccm.csv") },
];

pub(crate) fn bundled() -> ControlSet {
    with_files(&[]).expect("the bundled data is checked by a test")
}

pub(crate) fn with_files(files: &[DataFile<'_>]) -> Result<ControlSet, DataError> {
    let mut loader = Loader::default();
    for file in &BUNDLED {
        loader.read(file);
    }
    for file in files {
        if file.name == "criteria.csv" {
            loader.problem(file, None, DataCause::UnknownFile { known: KNOWN_FILES.to_owned() });
        } else {
            loader.read(file);
        }
    }
    loader.finish()
}

#[derive(Default)]
struct Loader {
    problems: Vec<DataProblem>,
    criteria: Vec<Criterion>,
    /// With the file and line that it comes from.
    controls: BTreeMap<String, (CatalogueControl, String, Option<usize>)>,
    layer_owners: BTreeMap<(ServiceModel, Layer), LayerOwner>,
    criterion_owners: BTreeMap<(ServiceModel, String), Owner>,
    roles: BTreeMap<(String, String), RoleRule>,
    samples: BTreeMap<(Frequency, u64), SampleRule>,
    effort: BTreeMap<String, EffortUnit>,
    review_share: ThreePoint,
    crosswalk: BTreeSet<CrosswalkEdge>,
    framework_names: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlsFile {
    #[serde(default)]
    replace: bool,
    #[serde(default)]
    controls: Vec<toml::Spanned<ControlEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlEntry {
    id: String,
    title: String,
    objective: String,
    kind: ControlKind,
    frequency: Frequency,
    owner: String,
    criteria: Vec<String>,
    #[serde(default)]
    layers: Vec<Layer>,
    shown: Option<Shown>,
    common_test: Option<String>,
    #[serde(default)]
    evidence: Vec<EvidenceRequest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EffortFile {
    #[serde(default)]
    evidence: BTreeMap<String, UnitEntry>,
    #[serde(default)]
    test: BTreeMap<String, UnitEntry>,
    #[serde(default)]
    report: BTreeMap<String, UnitEntry>,
    #[serde(default)]
    vendor: BTreeMap<String, UnitEntry>,
    #[serde(default)]
    fixed: BTreeMap<String, UnitEntry>,
    review_share: Option<ThreePoint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitEntry {
    low: f64,
    likely: f64,
    high: f64,
    #[serde(default)]
    answerable: bool,
    source: String,
}

/// One row of a CSV, by column name.
struct Row {
    line: Option<usize>,
    cells: BTreeMap<String, String>,
}

impl Row {
    fn text(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

impl Loader {
    fn problem(&mut self, file: &DataFile<'_>, line: Option<usize>, cause: DataCause) {
        self.problems.push(DataProblem { file: file.name.to_owned(), line, cause });
    }

    fn read(&mut self, file: &DataFile<'_>) {
        match file.name {
            "criteria.csv" => self.read_criteria(file),
            "controls.toml" => self.read_controls(file),
            "responsibility.csv" => self.read_layer_owners(file),
            "criterion_owners.csv" => self.read_criterion_owners(file),
            "roles.csv" => self.read_roles(file),
            "sample_sizes.csv" => self.read_samples(file),
            "effort.toml" => self.read_effort(file),
            "frameworks.csv" => self.read_frameworks(file),
            name if name.starts_with("crosswalk_") && name.ends_with(".csv") => self.read_crosswalk(file),
            _ => self.problem(file, None, DataCause::UnknownFile { known: KNOWN_FILES.to_owned() }),
        }
    }

    fn rows(&mut self, file: &DataFile<'_>, columns: &[&str]) -> Vec<Row> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file.text.as_bytes());
        let headers = match reader.headers() {
            Ok(headers) => headers.clone(),
            Err(error) => {
                self.problem(file, Some(1), DataCause::Syntax { message: error.to_string() });
                return Vec::new();
            }
        };
        let missing: Vec<&&str> =
            columns.iter().filter(|column| !headers.iter().any(|header| header == **column)).collect();
        if !missing.is_empty() {
            for column in missing {
                self.problem(file, Some(1), DataCause::MissingColumn { column: (*column).to_owned() });
            }
            return Vec::new();
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => rows.push(Row {
                    line: record.position().and_then(|at| usize::try_from(at.line()).ok()),
                    cells: headers.iter().map(ToOwned::to_owned).zip(record.iter().map(ToOwned::to_owned)).collect(),
                }),
                Err(error) => {
                    let line = error.position().and_then(|at| usize::try_from(at.line()).ok());
                    self.problem(file, line, DataCause::Syntax { message: error.to_string() });
                }
            }
        }
        rows
    }

    fn word<T: FromStr<Err = UnknownWord>>(&mut self, file: &DataFile<'_>, row: &Row, column: &str) -> Option<T> {
        T::from_str(row.text(column))
            .map_err(|UnknownWord { word, expected }| {
                self.problem(file, row.line, DataCause::UnknownWord { column: column.to_owned(), word, expected });
            })
            .ok()
    }

    fn number<T: FromStr>(&mut self, file: &DataFile<'_>, row: &Row, column: &str) -> Option<T> {
        let text = row.text(column);
        let number = T::from_str(text).ok();
        if number.is_none() {
            self.problem(file, row.line, DataCause::NotANumber { column: column.to_owned(), text: text.to_owned() });
        }
        number
    }

    fn known_criterion(&mut self, file: &DataFile<'_>, line: Option<usize>, id: &str) -> bool {
        let known = self.criteria.iter().any(|each| each.criterion_id == id);
        if !known {
            self.problem(file, line, DataCause::UnknownCriterion { id: id.to_owned() });
        }
        known
    }

    fn read_criteria(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["criterion_id", "category", "series", "title"]) {
            let Some(category) = self.word::<Category>(file, &row, "category") else { continue };
            self.criteria.push(Criterion {
                criterion_id: row.text("criterion_id").to_owned(),
                category,
                series: row.text("series").to_owned(),
                title: row.text("title").to_owned(),
            });
        }
    }

    fn read_controls(&mut self, file: &DataFile<'_>) {
        let parsed: ControlsFile = match toml::from_str(file.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let line = error.span().map(|span| line_of(file.text, span.start));
                self.problem(file, line, DataCause::Syntax { message: error.message().to_owned() });
                return;
            }
        };
        if parsed.replace {
            self.controls.clear();
        }
        let mut here = BTreeSet::new();
        for entry in parsed.controls {
            let line = Some(line_of(file.text, entry.span().start));
            let entry = entry.into_inner();
            if !here.insert(entry.id.clone()) {
                self.problem(file, line, DataCause::DuplicateControl { id: entry.id });
                continue;
            }
            if entry.criteria.is_empty() {
                self.problem(file, line, DataCause::WithoutCriteria { id: entry.id.clone() });
            }
            let criteria: Vec<String> =
                entry.criteria.into_iter().filter(|id| self.known_criterion(file, line, id)).collect();
            let entity_only = entry.layers.iter().all(|layer| *layer == Layer::Entity) && !entry.layers.is_empty();
            let shown = entry.shown.unwrap_or(if entity_only { Shown::Once } else { Shown::PerParty });
            let control = CatalogueControl {
                control: Control {
                    control_id: entry.id.clone(),
                    title: entry.title,
                    objective: entry.objective,
                    kind: entry.kind,
                    frequency: entry.frequency,
                    owner: entry.owner,
                    criteria,
                    layers: entry.layers,
                },
                shown,
                common_test: entry.common_test,
                evidence: entry.evidence,
            };
            self.controls.insert(entry.id, (control, file.name.to_owned(), line));
        }
    }

    fn read_layer_owners(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["service_model", "layer", "owner", "source"]) {
            let service_model = self.word::<ServiceModel>(file, &row, "service_model");
            let layer = self.word::<Layer>(file, &row, "layer");
            let owner = self.word::<Owner>(file, &row, "owner");
            if let (Some(service_model), Some(layer), Some(owner)) = (service_model, layer, owner) {
                let source = row.text("source").to_owned();
                self.layer_owners.insert((service_model, layer), LayerOwner { service_model, layer, owner, source });
            }
        }
    }

    fn read_criterion_owners(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["service_model", "criterion_id", "owner", "source"]) {
            let service_model = self.word::<ServiceModel>(file, &row, "service_model");
            let owner = self.word::<Owner>(file, &row, "owner");
            let criterion = row.text("criterion_id").to_owned();
            let known = self.known_criterion(file, row.line, &criterion);
            if let (Some(service_model), Some(owner), true) = (service_model, owner, known) {
                self.criterion_owners.insert((service_model, criterion), owner);
            }
        }
    }

    fn read_roles(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["role", "criterion", "applies", "reason"]) {
            let role = row.text("role").to_owned();
            let is_role = role == "unknown" || Relation::from_str(&role).is_ok() || Strength::from_str(&role).is_ok();
            if !is_role {
                let words = Relation::ALL.iter().map(|each| each.as_str());
                let words = words.chain(Strength::ALL.iter().map(|each| each.as_str())).chain(["unknown"]);
                let expected = words.collect::<Vec<_>>().join(", ");
                let cause = DataCause::UnknownWord { column: "role".to_owned(), word: role.clone(), expected };
                self.problem(file, row.line, cause);
            }
            let criterion = row.text("criterion").to_owned();
            let is_series = criterion == "*" || self.criteria.iter().any(|each| each.series == criterion);
            let known = is_series || self.known_criterion(file, row.line, &criterion);
            let applies = match row.text("applies") {
                "yes" => true,
                "no" => false,
                other => {
                    let (column, word) = ("applies".to_owned(), other.to_owned());
                    let cause = DataCause::UnknownWord { column, word, expected: "yes, no".to_owned() };
                    self.problem(file, row.line, cause);
                    continue;
                }
            };
            if is_role && known {
                let rule = RoleRule { role, criterion, applies, reason: row.text("reason").to_owned() };
                self.roles.insert((rule.role.clone(), rule.criterion.clone()), rule);
            }
        }
    }

    fn read_samples(&mut self, file: &DataFile<'_>) {
        let columns = ["frequency", "population_from", "per_year", "low", "moderate", "high", "source"];
        for row in self.rows(file, &columns) {
            let frequency = self.word::<Frequency>(file, &row, "frequency");
            let population_from = self.number(file, &row, "population_from");
            let per_year = if row.text("per_year").is_empty() { None } else { self.number(file, &row, "per_year") };
            let [low, moderate, high] = ["low", "moderate", "high"].map(|column| self.number(file, &row, column));
            if let (Some(frequency), Some(population_from), Some(low), Some(moderate), Some(high)) =
                (frequency, population_from, low, moderate, high)
            {
                let samples = [low, moderate, high];
                let source = row.text("source").to_owned();
                let rule = SampleRule { frequency, population_from, per_year, samples, source };
                self.samples.insert((frequency, population_from), rule);
            }
        }
    }

    fn read_effort(&mut self, file: &DataFile<'_>) {
        let parsed: EffortFile = match toml::from_str(file.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let line = error.span().map(|span| line_of(file.text, span.start));
                self.problem(file, line, DataCause::Syntax { message: error.message().to_owned() });
                return;
            }
        };
        if let Some(share) = parsed.review_share {
            self.check_order(file, "review_share", share);
            self.review_share = share;
        }
        let groups = [
            ("evidence", parsed.evidence),
            ("test", parsed.test),
            ("report", parsed.report),
            ("vendor", parsed.vendor),
            ("fixed", parsed.fixed),
        ];
        for (group, units) in groups {
            for (name, entry) in units {
                let unit = format!("{group}.{name}");
                let hours = ThreePoint { low: entry.low, likely: entry.likely, high: entry.high };
                self.check_order(file, &unit, hours);
                let effort = EffortUnit { hours, answerable: entry.answerable, source: entry.source };
                self.effort.insert(unit, effort);
            }
        }
    }

    fn check_order(&mut self, file: &DataFile<'_>, unit: &str, hours: ThreePoint) {
        if !(0.0 <= hours.low && hours.low <= hours.likely && hours.likely <= hours.high) {
            let line = file.text.lines().position(|line| line.contains(unit)).map(|at| at + 1);
            self.problem(file, line, DataCause::HoursOutOfOrder { unit: unit.to_owned() });
        }
    }

    fn read_frameworks(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["name", "framework"]) {
            self.framework_names.insert(row.text("name").to_lowercase(), row.text("framework").to_owned());
        }
    }

    fn read_crosswalk(&mut self, file: &DataFile<'_>) {
        let columns = [
            "framework",
            "framework_version",
            "framework_control_id",
            "criterion_id",
            "level",
            "relation",
            "source",
            "licence",
        ];
        for row in self.rows(file, &columns) {
            if self.known_criterion(file, row.line, row.text("criterion_id")) {
                let [
                    framework,
                    framework_version,
                    framework_control_id,
                    criterion_id,
                    level,
                    relation,
                    source,
                    licence,
                ] = columns.map(|column| row.text(column).to_owned());
                self.crosswalk.insert(CrosswalkEdge {
                    framework,
                    framework_version,
                    framework_control_id,
                    criterion_id,
                    level,
                    relation,
                    source,
                    licence,
                });
            }
        }
    }

    fn finish(mut self) -> Result<ControlSet, DataError> {
        for (control, file, line) in self.controls.values() {
            for request in &control.evidence {
                if !self.effort.contains_key(&format!("evidence.{}", request.kind)) {
                    self.problems.push(DataProblem {
                        file: file.clone(),
                        line: *line,
                        cause: DataCause::UnknownEvidenceKind {
                            id: control.control.control_id.clone(),
                            kind: request.kind.clone(),
                        },
                    });
                }
            }
        }
        for unit in REQUIRED_UNITS {
            if !self.effort.contains_key(unit) {
                let cause = DataCause::MissingUnit { unit: unit.to_owned() };
                self.problems.push(DataProblem { file: "effort.toml".to_owned(), line: None, cause });
            }
        }
        if !self.problems.is_empty() {
            return Err(DataError { problems: self.problems });
        }
        Ok(ControlSet {
            criteria: self.criteria,
            controls: self.controls.into_values().map(|(control, _, _)| control).collect(),
            layer_owners: self.layer_owners.into_values().collect(),
            criterion_owners: self.criterion_owners,
            roles: self.roles.into_values().collect(),
            samples: self.samples.into_values().collect(),
            effort: self.effort,
            review_share: self.review_share,
            crosswalk: self.crosswalk.into_iter().collect(),
            framework_names: self.framework_names,
        })
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}
