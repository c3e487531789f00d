//! The parts of OSCAL that are written, as plain data in its own field names.
//!
//! Source: the OSCAL metaschema, <https://github.com/usnistgov/OSCAL>, version [`OSCAL_VERSION`]. A list that would be
//! empty is left out: OSCAL knows no empty lists.

use serde::Serialize;

use super::names::line;
use crate::markdown::escaped;

/// The version of OSCAL that is written.
pub const OSCAL_VERSION: &str = "1.2.1";

/// Text of a field that OSCAL reads as Markdown. What comes from a cloud or a vendor is escaped, so that it stays text.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Markup(String);

impl<T: AsRef<str>> From<T> for Markup {
    fn from(text: T) -> Self {
        Self(escaped(&line(text.as_ref())))
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Metadata {
    pub title: Markup,
    pub last_modified: String,
    pub version: String,
    pub oscal_version: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<Markup>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Role {
    pub id: String,
    pub title: Markup,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Party {
    pub uuid: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub name: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Property {
    pub name: &'static str,
    pub ns: &'static str,
    pub value: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Link {
    pub href: String,
    pub rel: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ResponsibleRole {
    pub role_id: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct BackMatter {
    pub resources: Vec<Resource>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Resource {
    pub uuid: String,
    pub title: Markup,
    pub description: Markup,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Property>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Catalog {
    pub uuid: String,
    pub metadata: Metadata,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Group {
    pub id: String,
    pub title: Markup,
    pub controls: Vec<CatalogControl>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct CatalogControl {
    pub id: String,
    pub class: &'static str,
    pub title: Markup,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Property>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Part {
    pub id: String,
    pub name: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Property>,
    pub prose: Markup,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Profile {
    pub uuid: String,
    pub metadata: Metadata,
    pub imports: Vec<Import>,
    pub merge: Merge,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Import {
    pub href: String,
    pub include_controls: Vec<WithIds>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct WithIds {
    pub with_ids: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Merge {
    pub as_is: bool,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ComponentDefinition {
    pub uuid: String,
    pub metadata: Metadata,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<DefinedComponent>,
    #[serde(rename = "back-matter", skip_serializing_if = "Option::is_none")]
    pub back_matter: Option<BackMatter>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct DefinedComponent {
    pub uuid: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: Markup,
    pub description: Markup,
    pub props: Vec<Property>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub control_implementations: Vec<ControlImplementationSet>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ControlImplementationSet {
    pub uuid: String,
    pub source: String,
    pub description: Markup,
    pub implemented_requirements: Vec<DefinedRequirement>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct DefinedRequirement {
    pub uuid: String,
    pub control_id: String,
    pub description: Markup,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responsible_roles: Vec<ResponsibleRole>,
    pub statements: Vec<DefinedStatement>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct DefinedStatement {
    pub statement_id: String,
    pub uuid: String,
    pub description: Markup,
    pub props: Vec<Property>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct SystemSecurityPlan {
    pub uuid: String,
    pub metadata: Metadata,
    pub import_profile: Reference,
    pub system_characteristics: SystemCharacteristics,
    pub system_implementation: SystemImplementation,
    pub control_implementation: PlanImplementation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_matter: Option<BackMatter>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reference {
    pub href: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct SystemCharacteristics {
    pub system_ids: Vec<SystemId>,
    pub system_name: String,
    pub description: Markup,
    pub system_information: SystemInformation,
    pub status: State,
    pub authorization_boundary: Described,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct SystemId {
    pub id: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct SystemInformation {
    pub information_types: Vec<InformationType>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct InformationType {
    pub title: Markup,
    pub description: Markup,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct State {
    pub state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<Markup>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Described {
    pub description: Markup,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct SystemImplementation {
    pub users: Vec<SystemUser>,
    pub components: Vec<SystemComponent>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct SystemUser {
    pub uuid: String,
    pub title: Markup,
    pub role_ids: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct SystemComponent {
    pub uuid: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: Markup,
    pub description: Markup,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Property>,
    pub status: State,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PlanImplementation {
    pub description: Markup,
    pub implemented_requirements: Vec<PlanRequirement>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PlanRequirement {
    pub uuid: String,
    pub control_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responsible_roles: Vec<ResponsibleRole>,
    pub statements: Vec<PlanStatement>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PlanStatement {
    pub statement_id: String,
    pub uuid: String,
    pub by_components: Vec<ByComponent>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ByComponent {
    pub component_uuid: String,
    pub uuid: String,
    pub description: Markup,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Property>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export: Option<Export>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherited: Vec<Inherited>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub satisfied: Vec<Satisfied>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Export {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provided: Vec<Provided>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responsibilities: Vec<ResponsibilityStatement>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Provided {
    pub uuid: String,
    pub description: Markup,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ResponsibilityStatement {
    pub uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provided_uuid: Option<String>,
    pub description: Markup,
    pub props: Vec<Property>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Inherited {
    pub uuid: String,
    pub provided_uuid: String,
    pub description: Markup,
    pub props: Vec<Property>,
    pub links: Vec<Link>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Satisfied {
    pub uuid: String,
    pub responsibility_uuid: String,
    pub description: Markup,
    pub props: Vec<Property>,
    pub responsible_roles: Vec<ResponsibleRole>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssessmentResults {
    pub uuid: String,
    pub metadata: Metadata,
    pub import_ap: Reference,
    pub results: Vec<AssessmentResult>,
    pub back_matter: BackMatter,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssessmentResult {
    pub uuid: String,
    pub title: Markup,
    pub description: Markup,
    pub start: String,
    pub end: String,
    pub props: Vec<Property>,
    pub local_definitions: LocalDefinitions,
    pub reviewed_controls: ReviewedControls,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<Observation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<Markup>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct LocalDefinitions {
    pub components: Vec<SystemComponent>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inventory_items: Vec<InventoryItem>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct InventoryItem {
    pub uuid: String,
    pub description: Markup,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Property>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ReviewedControls {
    pub control_selections: Vec<ControlSelection>,
}

/// Controls by id, or all of those that the profile selects.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ControlSelection {
    IncludeControls(Vec<ControlReference>),
    IncludeAll {},
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ControlReference {
    pub control_id: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Observation {
    pub uuid: String,
    pub title: Markup,
    pub description: Markup,
    pub props: Vec<Property>,
    pub methods: Vec<&'static str>,
    pub types: Vec<&'static str>,
    pub origins: Vec<Origin>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
    pub relevant_evidence: Vec<Described>,
    pub collected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<Markup>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Origin {
    pub actors: Vec<Actor>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Actor {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub actor_uuid: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Subject {
    pub subject_uuid: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: Markup,
    pub remarks: Markup,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Finding {
    pub uuid: String,
    pub title: Markup,
    pub description: Markup,
    pub target: FindingTarget,
    pub related_observations: Vec<RelatedObservation>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct FindingTarget {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub target_id: String,
    pub status: ObjectiveStatus,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct ObjectiveStatus {
    pub state: &'static str,
    pub reason: &'static str,
    pub remarks: Markup,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RelatedObservation {
    pub observation_uuid: String,
}
