//! From data files to a [`ControlSet`], with every problem of every file at its line.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use carveout_model::{Criterion, EvidenceGuide, Frequency, Layer, Owner, Provider, ServiceModel, UnknownWord};

use crate::catalogue::{
    CatalogueControl, ControlSet, CuecOwner, EffortUnit, LayerOwner, OwnerRule, PopulationRule, RoleRule, SampleRule,
    ServiceRules, ThreePoint,
};
use crate::crosswalk::{Crosswalk, CrosswalkEdge};
use crate::data_error::{DataCause, DataError, DataProblem};
use crate::ids;

mod controls;
mod tables;

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

const KNOWN_FILES: &str = "controls.toml, controls.csv, responsibility.csv, criterion_owners.csv, \
                           service_owners.csv, responsibility_overrides.csv, cuec_owners.csv, roles.csv, sample_sizes.csv, populations.csv, effort.toml, \
                           frameworks.csv, evidence_guide.csv, crosswalk_*.csv";

const BUNDLED: [DataFile<'static>; 12] = [
    DataFile { name: "criteria.csv", text: include_str!("../../data/criteria.csv") },
    DataFile { name: "effort.toml", text: include_str!("../../data/effort.toml") },
    DataFile { name: "controls.toml", text: include_str!("../../data/controls.toml") },
    DataFile { name: "responsibility.csv", text: include_str!("../../data/responsibility.csv") },
    DataFile { name: "criterion_owners.csv", text: include_str!("../../data/criterion_owners.csv") },
    DataFile { name: "service_owners.csv", text: include_str!("../../data/service_owners.csv") },
    DataFile { name: "roles.csv", text: include_str!("../../data/roles.csv") },
    DataFile { name: "sample_sizes.csv", text: include_str!("../../data/sample_sizes.csv") },
    DataFile { name: "populations.csv", text: include_str!("../../data/populations.csv") },
    DataFile { name: "frameworks.csv", text: include_str!("../../data/frameworks.csv") },
    DataFile { name: "evidence_guide.csv", text: include_str!("../../data/evidence_guide.csv") },
    DataFile { name: "crosswalk_ccm.csv", text: include_str!("../../data/crosswalk_ccm.csv") },
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
    /// With the source.
    criterion_owners: BTreeMap<(ServiceModel, String), (Owner, String)>,
    owner_rules: Vec<(OwnerRule, String, Option<usize>)>,
    /// By party, service, layer and criterion.
    service_rules: BTreeMap<(String, String, Option<Layer>, Option<String>), OwnerRule>,
    cuec_owners: BTreeMap<(String, String), (CuecOwner, String, Option<usize>)>,
    roles: BTreeMap<(String, String), RoleRule>,
    samples: BTreeMap<(Frequency, u64), SampleRule>,
    /// By control and query.
    populations: BTreeMap<(String, String), PopulationRule>,
    effort: BTreeMap<String, EffortUnit>,
    review_share: ThreePoint,
    crosswalk: BTreeSet<CrosswalkEdge>,
    framework_names: BTreeMap<String, String>,
    /// By the place of the criterion.
    evidence_guide: BTreeMap<(usize, Provider), EvidenceGuide>,
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
            "controls.csv" => self.read_controls_csv(file),
            "responsibility.csv" => self.read_layer_owners(file),
            "criterion_owners.csv" => self.read_criterion_owners(file),
            "service_owners.csv" => self.read_service_rules(file),
            "responsibility_overrides.csv" => self.read_owner_rules(file),
            "cuec_owners.csv" => self.read_cuec_owners(file),
            "roles.csv" => self.read_roles(file),
            "sample_sizes.csv" => self.read_samples(file),
            "populations.csv" => self.read_populations(file),
            "effort.toml" => self.read_effort(file),
            "frameworks.csv" => self.read_frameworks(file),
            "evidence_guide.csv" => self.read_evidence_guide(file),
            name if name.starts_with("crosswalk_") && name.ends_with(".csv") => self.read_crosswalk(file),
            _ => self.problem(file, None, DataCause::UnknownFile { known: KNOWN_FILES.to_owned() }),
        }
    }

    /// The rows of a CSV with all of the `needed` columns and no others than those and the `optional` ones. Headers are
    /// read in any order and case; a line that starts with `#` is a comment.
    fn rows(&mut self, file: &DataFile<'_>, needed: &[&str], optional: &[&str]) -> Vec<Row> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .from_reader(file.text.trim_start_matches('\u{feff}').as_bytes());
        let headers: Vec<String> = match reader.headers() {
            Ok(headers) => headers.iter().map(|header| header.to_lowercase().replace(' ', "_")).collect(),
            Err(error) => {
                self.problem(file, Some(1), DataCause::Syntax { message: error.to_string() });
                return Vec::new();
            }
        };
        let problems = self.problems.len();
        let is_there = |column: &&&str| headers.iter().any(|header| header == *column);
        for column in needed.iter().filter(|column| !is_there(column)) {
            self.problem(file, Some(1), DataCause::MissingColumn { column: (*column).to_owned() });
        }
        let known = || needed.iter().chain(optional).copied();
        for column in headers.iter().filter(|header| known().all(|column| column != **header)) {
            let known = known().collect::<Vec<_>>().join(", ");
            self.problem(file, Some(1), DataCause::UnknownColumn { column: column.clone(), known });
        }
        if self.problems.len() > problems {
            return Vec::new();
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => rows.push(Row {
                    line: record.position().and_then(|at| usize::try_from(at.line()).ok()),
                    cells: headers.iter().cloned().zip(record.iter().map(ToOwned::to_owned)).collect(),
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
        self.parse(file, row.line, column, row.text(column))
    }

    fn parse<T: FromStr<Err = UnknownWord>>(
        &mut self,
        file: &DataFile<'_>,
        line: Option<usize>,
        column: &str,
        word: &str,
    ) -> Option<T> {
        T::from_str(word)
            .map_err(|UnknownWord { word, expected }| {
                self.problem(file, line, DataCause::UnknownWord { column: column.to_owned(), word, expected });
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

    /// The criterion's id in its usual form, where there is such a criterion.
    fn known_criterion(&mut self, file: &DataFile<'_>, line: Option<usize>, text: &str) -> Option<String> {
        let id = ids::criterion(text);
        if self.criteria.iter().any(|each| each.criterion_id == id) {
            return Some(id);
        }
        self.problem(file, line, DataCause::UnknownCriterion { id: text.to_owned() });
        None
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
        self.check_ids();
        self.check_owners();
        self.check_samples();
        for unit in REQUIRED_UNITS {
            if !self.effort.contains_key(unit) {
                let cause = DataCause::MissingUnit { unit: unit.to_owned() };
                self.problems.push(DataProblem { file: "effort.toml".to_owned(), line: None, cause });
            }
        }
        if !self.problems.is_empty() {
            return Err(DataError { problems: self.problems });
        }
        let mut service_rules = ServiceRules::new();
        for ((party, service, _, _), rule) in self.service_rules {
            service_rules.entry(party).or_default().entry(service).or_default().push(rule);
        }
        Ok(ControlSet {
            // A list of the user's own that replaces ours may do without a control that has one.
            populations: self
                .populations
                .into_values()
                .filter(|rule| self.controls.contains_key(&rule.control_id))
                .collect(),
            criteria: self.criteria,
            controls: self.controls.into_values().map(|(control, _, _)| control).collect(),
            layer_owners: self.layer_owners.into_values().collect(),
            criterion_owners: self.criterion_owners,
            roles: self.roles.into_values().collect(),
            samples: self.samples.into_values().collect(),
            effort: self.effort,
            review_share: self.review_share,
            crosswalk: Crosswalk::new(self.crosswalk),
            owner_rules: self.owner_rules.into_iter().map(|(rule, _, _)| rule).collect(),
            service_rules,
            cuec_owners: self.cuec_owners.into_iter().map(|(key, (owner, _, _))| (key, owner)).collect(),
            framework_names: self.framework_names,
            evidence_guide: self.evidence_guide.into_values().collect(),
        })
    }

    /// No two controls whose ids look alike, and no reference to one that isn't there.
    fn check_ids(&mut self) {
        let mut problems = Vec::new();
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (id, (_, file, line)) in &self.controls {
            if let Some(other) = seen.insert(ids::look_alike(id), id) {
                let cause = DataCause::LookAlike { id: id.clone(), other: other.to_owned() };
                problems.push(DataProblem { file: file.clone(), line: *line, cause });
            }
        }
        let of_rules = self
            .owner_rules
            .iter()
            .flat_map(|(rule, file, line)| rule.control_id.iter().map(move |id| (id, file, *line)));
        let of_cuecs = self
            .cuec_owners
            .values()
            .flat_map(|(owner, file, line)| owner.control_ids.iter().map(move |id| (id, file, *line)));
        for (id, file, line) in of_rules.chain(of_cuecs).filter(|(id, _, _)| !self.controls.contains_key(*id)) {
            let cause = DataCause::UnknownControl { id: id.clone() };
            problems.push(DataProblem { file: file.clone(), line, cause });
        }
        self.problems.extend(problems);
    }

    /// Nothing is owned by nobody: each service model has an owner for each layer and each criterion.
    fn check_owners(&mut self) {
        for service_model in ServiceModel::ALL {
            let layers = Layer::ALL.iter().filter(|layer| !self.layer_owners.contains_key(&(*service_model, **layer)));
            let mut missing: Vec<(&str, String)> =
                layers.map(|layer| ("responsibility.csv", layer.as_str().to_owned())).collect();
            let criteria = self.criteria.iter().map(|each| each.criterion_id.clone());
            let criteria = criteria.filter(|id| !self.criterion_owners.contains_key(&(*service_model, id.clone())));
            missing.extend(criteria.map(|id| ("criterion_owners.csv", id)));
            for (file, subject) in missing {
                let cause = DataCause::WithoutOwner { service_model: *service_model, subject };
                self.problems.push(DataProblem { file: file.to_owned(), line: None, cause });
            }
        }
    }

    /// More items or more risk never ask for fewer samples.
    fn check_samples(&mut self) {
        let mut before: Option<&SampleRule> = None;
        let mut problems = Vec::new();
        for rule in self.samples.values() {
            let [low, moderate, high] = rule.samples;
            let mut shrinks = low > moderate || moderate > high;
            if let Some(before) = before.filter(|before| before.frequency == rule.frequency) {
                shrinks |= before.samples.iter().zip(rule.samples).any(|(fewer, more)| *fewer > more);
            }
            if shrinks {
                let cause =
                    DataCause::SamplesShrink { frequency: rule.frequency, population_from: rule.population_from };
                problems.push(DataProblem { file: "sample_sizes.csv".to_owned(), line: None, cause });
            }
            before = Some(rule);
        }
        self.problems.extend(problems);
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}
