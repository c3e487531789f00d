//! The tables: criteria, responsibility, roles, samples, effort, frameworks, crosswalks and who answers for what.

use std::collections::BTreeMap;
use std::str::FromStr;

use carveout_model::{
    Category, Criterion, EvidenceGuide, Frequency, Layer, Owner, Provider, Relation, ServiceModel, Strength,
};
use serde::Deserialize;

use super::{DataFile, Loader, Row, line_of};
use crate::catalogue::{
    Covers, CuecOwner, EffortUnit, LayerOwner, OwnerRule, PopulationRule, RoleRule, SampleRule, ThreePoint,
};
use crate::crosswalk::CrosswalkEdge;
use crate::data_error::DataCause;
use crate::ids;

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

impl Loader {
    pub(super) fn read_criteria(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["criterion_id", "category", "series", "title"], &[]) {
            let Some(category) = self.word::<Category>(file, &row, "category") else { continue };
            self.criteria.push(Criterion {
                criterion_id: row.text("criterion_id").to_owned(),
                category,
                series: row.text("series").to_owned(),
                title: row.text("title").to_owned(),
            });
        }
    }

    pub(super) fn read_layer_owners(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["service_model", "layer", "owner", "source"], &[]) {
            let service_model = self.word::<ServiceModel>(file, &row, "service_model");
            let layer = self.word::<Layer>(file, &row, "layer");
            let owner = self.word::<Owner>(file, &row, "owner");
            if let (Some(service_model), Some(layer), Some(owner)) = (service_model, layer, owner) {
                let source = row.text("source").to_owned();
                self.layer_owners.insert((service_model, layer), LayerOwner { service_model, layer, owner, source });
            }
        }
    }

    pub(super) fn read_criterion_owners(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["service_model", "criterion_id", "owner", "source"], &[]) {
            let service_model = self.word::<ServiceModel>(file, &row, "service_model");
            let owner = self.word::<Owner>(file, &row, "owner");
            let criterion = self.known_criterion(file, row.line, row.text("criterion_id"));
            if let (Some(service_model), Some(owner), Some(criterion)) = (service_model, owner, criterion) {
                self.criterion_owners.insert((service_model, criterion), (owner, row.text("source").to_owned()));
            }
        }
    }

    pub(super) fn read_roles(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["role", "criterion", "applies", "reason"], &[]) {
            let role = row.text("role").to_owned();
            let is_role = role == "unknown" || Relation::from_str(&role).is_ok() || Strength::from_str(&role).is_ok();
            if !is_role {
                let words = Relation::ALL.iter().map(|each| each.as_str());
                let words = words.chain(Strength::ALL.iter().map(|each| each.as_str())).chain(["unknown"]);
                let expected = words.collect::<Vec<_>>().join(", ");
                let cause = DataCause::UnknownWord { column: "role".to_owned(), word: role.clone(), expected };
                self.problem(file, row.line, cause);
            }
            let criterion = self.criterion_or_series(file, row.line, row.text("criterion"), true);
            let applies = self.yes_or_no(file, &row, "applies");
            if let (true, Some(criterion), Some(applies)) = (is_role, criterion, applies) {
                let rule = RoleRule { role, criterion, applies, reason: row.text("reason").to_owned() };
                self.roles.insert((rule.role.clone(), rule.criterion.clone()), rule);
            }
        }
    }

    pub(super) fn read_samples(&mut self, file: &DataFile<'_>) {
        let columns = ["frequency", "population_from", "per_year", "low", "moderate", "high", "source"];
        for row in self.rows(file, &columns, &[]) {
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

    pub(super) fn read_populations(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["control", "query", "covers"], &[]) {
            let covers = match row.text("covers") {
                "now" => Covers::Now,
                "period" => Covers::Period,
                other => {
                    let (column, word) = ("covers".to_owned(), other.to_owned());
                    let cause = DataCause::UnknownWord { column, word, expected: "now, period".to_owned() };
                    self.problem(file, row.line, cause);
                    continue;
                }
            };
            let control = row.text("control");
            let control_id = ids::control(control).unwrap_or_else(|| control.to_owned());
            let query = row.text("query").to_owned();
            let rule = PopulationRule { control_id: control_id.clone(), query: query.clone(), covers };
            self.populations.insert((control_id, query), rule);
        }
    }

    pub(super) fn read_effort(&mut self, file: &DataFile<'_>) {
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

    pub(super) fn read_frameworks(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["name", "framework"], &[]) {
            self.framework_names.insert(row.text("name").to_lowercase(), row.text("framework").to_owned());
        }
    }

    pub(super) fn read_evidence_guide(&mut self, file: &DataFile<'_>) {
        let columns = ["criterion_id", "provider", "traditional_test", "cloud_native_evidence"];
        for row in self.rows(file, &columns, &["query_name"]) {
            let provider = self.word::<Provider>(file, &row, "provider");
            let criterion_id = self.known_criterion(file, row.line, row.text("criterion_id"));
            let (Some(provider), Some(criterion_id)) = (provider, criterion_id) else { continue };
            let text = |column: &str| row.text(column).to_owned();
            let place = self.criteria.iter().position(|each| each.criterion_id == criterion_id).unwrap_or_default();
            let guide = EvidenceGuide {
                criterion_id,
                provider,
                traditional_test: text("traditional_test"),
                cloud_native_evidence: text("cloud_native_evidence"),
                query_name: Some(text("query_name")).filter(|name| !name.is_empty()),
            };
            self.evidence_guide.insert((place, provider), guide);
        }
    }

    pub(super) fn read_crosswalk(&mut self, file: &DataFile<'_>) {
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
        for row in self.rows(file, &columns, &[]) {
            if let Some(criterion_id) = self.known_criterion(file, row.line, row.text("criterion_id")) {
                let text = |column: &str| row.text(column).to_owned();
                self.crosswalk.insert(CrosswalkEdge {
                    framework: text("framework"),
                    framework_version: text("framework_version"),
                    framework_control_id: text("framework_control_id"),
                    criterion_id,
                    level: text("level"),
                    relation: text("relation"),
                    source: text("source"),
                    licence: text("licence"),
                });
            }
        }
    }

    pub(super) fn read_owner_rules(&mut self, file: &DataFile<'_>) {
        let optional = ["party", "service", "service_model", "layer", "criterion", "control"];
        for row in self.rows(file, &["owner", "reason"], &optional) {
            let text = |column: &str| Some(row.text(column).to_owned()).filter(|text| !text.is_empty());
            let problems = self.problems.len();
            let owner = self.word::<Owner>(file, &row, "owner");
            let service_model =
                if text("service_model").is_some() { self.word(file, &row, "service_model") } else { None };
            let layer = if text("layer").is_some() { self.word(file, &row, "layer") } else { None };
            let criterion = text("criterion").and_then(|text| self.criterion_or_series(file, row.line, &text, false));
            if row.text("reason").is_empty() {
                self.problem(file, row.line, DataCause::WithoutReason);
            }
            if optional.iter().all(|column| row.text(column).is_empty()) {
                self.problem(file, row.line, DataCause::WithoutKey { keys: optional.join(", ") });
            }
            let (Some(owner), true) = (owner, self.problems.len() == problems) else { continue };
            let rule = OwnerRule {
                party_id: text("party"),
                service: text("service").map(|service| service.to_lowercase()),
                service_model,
                layer,
                criterion,
                control_id: text("control").map(|id| ids::control(&id).unwrap_or(id)),
                owner,
                reason: row.text("reason").to_owned(),
                source: row.line.map_or_else(|| file.name.to_owned(), |line| format!("{}:{line}", file.name)),
            };
            self.owner_rules.push((rule, file.name.to_owned(), row.line));
        }
    }

    pub(super) fn read_service_rules(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["party", "service", "owner", "basis", "source"], &["layer", "criterion"]) {
            let text = |column: &str| Some(row.text(column).to_owned()).filter(|text| !text.is_empty());
            let problems = self.problems.len();
            let owner = self.word::<Owner>(file, &row, "owner");
            let layer = if text("layer").is_some() { self.word(file, &row, "layer") } else { None };
            let criterion = text("criterion").and_then(|text| self.criterion_or_series(file, row.line, &text, false));
            if row.text("basis").is_empty() {
                self.problem(file, row.line, DataCause::WithoutReason);
            }
            if row.text("source").is_empty() {
                self.problem(file, row.line, DataCause::WithoutSource);
            }
            if row.text("party").is_empty()
                || row.text("service").is_empty()
                || (layer.is_none() && criterion.is_none())
            {
                let keys = "party, service and one of layer, criterion".to_owned();
                self.problem(file, row.line, DataCause::WithoutKey { keys });
            }
            let (Some(owner), true) = (owner, self.problems.len() == problems) else { continue };
            let (party, service) = (row.text("party").to_owned(), row.text("service").to_lowercase());
            let rule = OwnerRule {
                party_id: Some(party.clone()),
                service: Some(service.clone()),
                service_model: None,
                layer,
                criterion: criterion.clone(),
                control_id: None,
                owner,
                reason: row.text("basis").to_owned(),
                source: row.text("source").to_owned(),
            };
            self.service_rules.insert((party, service, layer, criterion), rule);
        }
    }

    pub(super) fn read_cuec_owners(&mut self, file: &DataFile<'_>) {
        for row in self.rows(file, &["party", "cuec_ref", "controls", "applies", "reason"], &[]) {
            let Some(applies) = self.yes_or_no(file, &row, "applies") else { continue };
            let control_ids: Vec<String> =
                ids::list(row.text("controls")).map(|id| ids::control(id).unwrap_or_else(|| id.to_owned())).collect();
            if !applies && row.text("reason").is_empty() {
                self.problem(file, row.line, DataCause::WithoutReason);
            }
            if applies && control_ids.is_empty() {
                self.problem(file, row.line, DataCause::CuecWithoutControl);
            }
            let owner = CuecOwner {
                party_id: row.text("party").to_owned(),
                cuec_ref: row.text("cuec_ref").to_owned(),
                control_ids,
                applies,
                reason: row.text("reason").to_owned(),
            };
            let key = (owner.party_id.clone(), owner.cuec_ref.clone());
            self.cuec_owners.insert(key, (owner, file.name.to_owned(), row.line));
        }
    }

    fn yes_or_no(&mut self, file: &DataFile<'_>, row: &Row, column: &str) -> Option<bool> {
        match row.text(column) {
            "yes" => Some(true),
            "no" => Some(false),
            other => {
                let (column, word) = (column.to_owned(), other.to_owned());
                self.problem(file, row.line, DataCause::UnknownWord { column, word, expected: "yes, no".to_owned() });
                None
            }
        }
    }

    /// A criterion, a series or, where it may be, `*`.
    fn criterion_or_series(
        &mut self,
        file: &DataFile<'_>,
        line: Option<usize>,
        text: &str,
        star: bool,
    ) -> Option<String> {
        let key = ids::criterion(text);
        if star && text == "*" {
            Some(text.to_owned())
        } else if self.criteria.iter().any(|each| each.series == key) {
            Some(key)
        } else {
            self.known_criterion(file, line, text)
        }
    }
}
