//! Control lists, as TOML and as CSV.

use std::collections::BTreeSet;
use std::str::FromStr;

use carveout_model::{Control, ControlKind, Frequency, Layer, UnknownWord};
use serde::Deserialize;

use super::{DataFile, Loader, Row, line_of};
use crate::catalogue::{CatalogueControl, EvidenceRequest, Shown};
use crate::data_error::DataCause;
use crate::ids;

/// The first line of a CSV that drops all controls before it.
const REPLACE: &str = "# replace";

const COLUMNS: [&str; 7] = ["id", "title", "objective", "kind", "frequency", "owner", "criteria"];
const OPTIONAL: [&str; 4] = ["layers", "shown", "common_test", "evidence"];

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

impl Loader {
    pub(super) fn read_controls(&mut self, file: &DataFile<'_>) {
        let parsed: ControlsFile = match toml::from_str(file.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let line = error.span().map(|span| line_of(file.text, span.start));
                self.problem(file, line, DataCause::Syntax { message: error.message().to_owned() });
                return;
            }
        };
        let entries = parsed.controls.into_iter().map(|entry| {
            let line = Some(line_of(file.text, entry.span().start));
            (line, entry.into_inner())
        });
        self.take_controls(file, parsed.replace, entries.collect());
    }

    /// `id,title,objective,kind,frequency,owner,criteria` and, where wanted, `layers`, `shown`, `common_test` and
    /// `evidence` (`configuration: Settings of the buckets; records: Tickets`). Lists are separated by commas,
    /// semicolons or spaces.
    pub(super) fn read_controls_csv(&mut self, file: &DataFile<'_>) {
        let rows = self.rows(file, &COLUMNS, &OPTIONAL);
        let entries = rows.iter().filter_map(|row| Some((row.line, self.control_of_row(file, row)?))).collect();
        let replace = file.text.lines().next().is_some_and(|line| line.trim().eq_ignore_ascii_case(REPLACE));
        self.take_controls(file, replace, entries);
    }

    fn control_of_row(&mut self, file: &DataFile<'_>, row: &Row) -> Option<ControlEntry> {
        let kind = self.loose_word::<ControlKind>(file, row, "kind");
        let frequency = self.loose_word::<Frequency>(file, row, "frequency");
        let mut layers = Vec::new();
        for word in ids::list(row.text("layers")) {
            match Layer::from_str(&word.to_lowercase()) {
                Ok(layer) => layers.push(layer),
                Err(UnknownWord { word, expected }) => {
                    let column = "layers".to_owned();
                    self.problem(file, row.line, DataCause::UnknownWord { column, word, expected });
                }
            }
        }
        let shown = match row.text("shown") {
            "" => None,
            "once" => Some(Shown::Once),
            "per_party" => Some(Shown::PerParty),
            other => {
                let (column, word, expected) = ("shown".to_owned(), other.to_owned(), "once, per_party".to_owned());
                self.problem(file, row.line, DataCause::UnknownWord { column, word, expected });
                None
            }
        };
        let mut evidence = Vec::new();
        for part in row.text("evidence").split(';').map(str::trim).filter(|part| !part.is_empty()) {
            match part.split_once(':') {
                Some((kind, request)) => {
                    evidence.push(EvidenceRequest { kind: kind.trim().to_owned(), request: request.trim().to_owned() })
                }
                None => self.problem(file, row.line, DataCause::EvidenceWithoutKind { text: part.to_owned() }),
            }
        }
        let text = |column: &str| row.text(column).to_owned();
        Some(ControlEntry {
            id: text("id"),
            title: text("title"),
            objective: text("objective"),
            kind: kind?,
            frequency: frequency?,
            owner: text("owner"),
            criteria: ids::list(row.text("criteria")).map(ToOwned::to_owned).collect(),
            layers,
            shown,
            common_test: Some(text("common_test")).filter(|text| !text.is_empty()),
            evidence,
        })
    }

    /// A word as people write it in a sheet: `Per event`.
    fn loose_word<T: FromStr<Err = UnknownWord>>(&mut self, file: &DataFile<'_>, row: &Row, column: &str) -> Option<T> {
        let word = row.text(column).to_lowercase().replace([' ', '-'], "_");
        self.parse(file, row.line, column, &word)
    }

    fn take_controls(&mut self, file: &DataFile<'_>, replace: bool, entries: Vec<(Option<usize>, ControlEntry)>) {
        if replace {
            self.controls.clear();
        }
        let mut here = BTreeSet::new();
        for (line, entry) in entries {
            let Some(id) = ids::control(&entry.id) else {
                self.problem(file, line, DataCause::UnreadableId { id: entry.id });
                continue;
            };
            if !here.insert(id.clone()) {
                self.problem(file, line, DataCause::DuplicateControl { id });
                continue;
            }
            if entry.criteria.is_empty() {
                self.problem(file, line, DataCause::WithoutCriteria { id: id.clone() });
            }
            let mut criteria: Vec<String> = Vec::new();
            for written in &entry.criteria {
                if let Some(criterion) = self.known_criterion(file, line, written)
                    && !criteria.contains(&criterion)
                {
                    criteria.push(criterion);
                }
            }
            let entity_only = entry.layers.iter().all(|layer| *layer == Layer::Entity) && !entry.layers.is_empty();
            let shown = entry.shown.unwrap_or(if entity_only { Shown::Once } else { Shown::PerParty });
            let control = CatalogueControl {
                control: Control {
                    control_id: id.clone(),
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
            self.controls.insert(id, (control, file.name.to_owned(), line));
        }
    }
}
