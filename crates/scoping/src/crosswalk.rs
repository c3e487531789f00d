//! Published mappings between frameworks and criteria, and how far their sources agree.
//!
//! Mappings of the same pair of frameworks differ widely, so nothing is merged: an edge keeps its source, and who reads
//! says how many sources have to agree.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// One edge of a published crosswalk. Ids only: the frameworks' texts are not ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CrosswalkEdge {
    /// `CSA-CCM`.
    pub framework: String,
    /// `4.0.13`.
    pub framework_version: String,
    /// `CEK-03`.
    pub framework_control_id: String,
    /// `CC6.1`.
    pub criterion_id: String,
    /// `criterion` or `point_of_focus`: how fine the source maps.
    pub level: String,
    /// The source's word in lower case: `related`, `equivalent`, `subset`, `superset`, `no_gap`, `partial_gap`.
    pub relation: String,
    /// Who published the mapping.
    pub source: String,
    /// Under which licence.
    pub licence: String,
}

/// A framework's control and a criterion, with everyone who maps the one to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// The framework.
    pub framework: String,
    /// The framework's control.
    pub framework_control_id: String,
    /// The criterion.
    pub criterion_id: String,
    /// The sources that map them.
    pub sources: BTreeSet<String>,
    /// The relations that they name.
    pub relations: BTreeSet<String>,
    /// The versions of the framework that they map.
    pub framework_versions: BTreeSet<String>,
}

/// All edges that were loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crosswalk {
    edges: Vec<CrosswalkEdge>,
}

impl Crosswalk {
    /// Takes edges in; the same edge twice is one.
    pub fn new(edges: impl IntoIterator<Item = CrosswalkEdge>) -> Self {
        let edges: BTreeSet<CrosswalkEdge> = edges.into_iter().collect();
        Self { edges: edges.into_iter().collect() }
    }

    /// Every edge, by framework, version, control and criterion.
    pub fn iter(&self) -> std::slice::Iter<'_, CrosswalkEdge> {
        self.edges.iter()
    }

    /// How many edges there are.
    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// Whether there is no edge.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// The frameworks that are mapped.
    pub fn frameworks(&self) -> BTreeSet<&str> {
        self.edges.iter().map(|edge| edge.framework.as_str()).collect()
    }

    /// What at least `k` sources map, by framework, control and criterion. Two versions of one source's mapping are
    /// one source. `k` of 0 and 1 are the same.
    pub fn agreeing(&self, k: u32) -> Vec<Agreement> {
        self.agreeing_in(&self.frameworks(), k)
    }

    /// [`Self::agreeing`] for some of the frameworks.
    pub fn agreeing_in(&self, frameworks: &BTreeSet<&str>, k: u32) -> Vec<Agreement> {
        let mut found: BTreeMap<(&str, &str, &str), Agreement> = BTreeMap::new();
        for edge in self.edges.iter().filter(|edge| frameworks.contains(edge.framework.as_str())) {
            let key = (edge.framework.as_str(), edge.framework_control_id.as_str(), edge.criterion_id.as_str());
            let agreement = found.entry(key).or_insert_with(|| Agreement {
                framework: edge.framework.clone(),
                framework_control_id: edge.framework_control_id.clone(),
                criterion_id: edge.criterion_id.clone(),
                sources: BTreeSet::new(),
                relations: BTreeSet::new(),
                framework_versions: BTreeSet::new(),
            });
            agreement.sources.insert(edge.source.clone());
            agreement.relations.insert(edge.relation.clone());
            agreement.framework_versions.insert(edge.framework_version.clone());
        }
        let wanted = usize::try_from(k).unwrap_or(usize::MAX);
        found.into_values().filter(|agreement| agreement.sources.len() >= wanted).collect()
    }

    /// The part of a framework's pairs that at least `k` sources map, 0 to 1; none where the framework is not mapped.
    pub fn share_agreeing(&self, framework: &str, k: u32) -> Option<f64> {
        let (mut pairs, mut agreed) = (0_u32, 0_u32);
        for agreement in self.agreeing_in(&BTreeSet::from([framework]), 1) {
            pairs += 1;
            agreed += u32::from(agreement.sources.len() >= usize::try_from(k).unwrap_or(usize::MAX));
        }
        (pairs > 0).then(|| f64::from(agreed) / f64::from(pairs))
    }
}

impl<'a> IntoIterator for &'a Crosswalk {
    type Item = &'a CrosswalkEdge;
    type IntoIter = std::slice::Iter<'a, CrosswalkEdge>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Edges in the layout of `crosswalk_*.csv`, so that an imported sheet can be kept beside the user's other data.
pub fn crosswalk_csv(edges: &[CrosswalkEdge]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for edge in edges {
        writer.serialize(edge).expect("texts are written to memory");
    }
    let bytes = writer.into_inner().expect("memory takes every byte");
    String::from_utf8(bytes).expect("texts stay texts")
}
