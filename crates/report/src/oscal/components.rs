//! Third parties as components: what each owns of a control, and what it leaves to us.

use std::collections::BTreeMap;

use carveout_model::{ThirdParty, Treatment};

use super::{
    Ground,
    model::{
        ComponentDefinition, ControlImplementationSet, DefinedComponent, DefinedRequirement, DefinedStatement, Link,
        Property, State, SystemComponent,
    },
    names::{property, token},
    responsible, statement_id,
};
use crate::{draft::words, facts::OpenObligation};

const PROFILE: &str = "../../profiles/audit/profile.json";

pub(super) fn third_parties(ground: &Ground<'_>) -> ComponentDefinition {
    ComponentDefinition {
        uuid: ground.uuid("component-definition", &["third-parties"]),
        metadata: ground.metadata(
            "third parties and who owns what",
            Some("What does not apply to a third party is left out; its reasons are in the scoping workbook."),
        ),
        components: ground
            .index
            .parties()
            .map(|(party_id, obligations)| component(ground, party_id, obligations))
            .collect(),
        back_matter: ground.reports(),
    }
}

fn component(ground: &Ground<'_>, party_id: &str, obligations: &[&OpenObligation]) -> DefinedComponent {
    let requirements = requirements(ground, party_id, obligations);
    let implementations = (!requirements.is_empty()).then(|| ControlImplementationSet {
        uuid: ground.uuid("control-implementation", &[party_id]),
        source: PROFILE.to_owned(),
        description: format!("Who owns what where {} is used.", ground.index.name(party_id)).into(),
        implemented_requirements: requirements,
    });
    DefinedComponent {
        uuid: ground.component_uuid(party_id),
        kind: "service",
        title: ground.index.name(party_id).into(),
        description: description(ground, party_id).into(),
        props: properties(ground, party_id),
        links: Vec::new(),
        control_implementations: implementations.into_iter().collect(),
    }
}

/// The same third party in a plan or in results.
pub(super) fn system_component(ground: &Ground<'_>, party_id: &str) -> SystemComponent {
    SystemComponent {
        uuid: ground.component_uuid(party_id),
        kind: "service",
        title: ground.index.name(party_id).into(),
        description: description(ground, party_id).into(),
        props: properties(ground, party_id),
        status: State { state: "operational", remarks: None },
    }
}

fn description(ground: &Ground<'_>, party_id: &str) -> String {
    let name = ground.index.name(party_id);
    match ground.index.party_use(party_id) {
        Some(each) => {
            let relations: Vec<String> = each.relations.iter().map(|relation| words(relation)).collect();
            format!("{name}: {}, shown by {} resources of ours.", relations.join(", "), each.resources)
        }
        None => format!("{name}: known from its report; no resource of ours shows it."),
    }
}

fn properties(ground: &Ground<'_>, party_id: &str) -> Vec<Property> {
    let mut properties = vec![property("party-id", party_id)];
    let party: Option<&ThirdParty> = ground.facts.parties.iter().find(|party| party.party_id == party_id);
    if let Some(party) = party {
        properties.push(property("origin", party.origin.as_str()));
        let optional = [
            ("category", party.category.as_deref()),
            ("domain", party.domain.as_deref()),
            ("service-model", party.service_model.map(carveout_model::ServiceModel::as_str)),
            ("relation-strength", party.relation_strength.map(carveout_model::Strength::as_str)),
        ];
        properties.extend(optional.into_iter().filter_map(|(name, value)| Some(property(name, value?))));
    }
    properties
}

fn requirements(ground: &Ground<'_>, party_id: &str, obligations: &[&OpenObligation]) -> Vec<DefinedRequirement> {
    let mut by_control: BTreeMap<&str, Vec<&OpenObligation>> = BTreeMap::new();
    for obligation in obligations.iter().filter(|each| each.treatment != Treatment::NotApplicable) {
        by_control.entry(&obligation.control_id).or_default().push(obligation);
    }
    let requirement = |(control_id, obligations): (&str, Vec<&OpenObligation>)| {
        let control = ground.index.control(control_id).filter(|_| ground.is_in_scope(control_id))?;
        Some(DefinedRequirement {
            uuid: ground.uuid("defined-requirement", &[party_id, control_id]),
            control_id: token(control_id),
            description: format!("{}: {}", control.title, control.objective).into(),
            responsible_roles: responsible(control),
            statements: obligations.into_iter().map(|each| statement(ground, each)).collect(),
        })
    };
    by_control.into_iter().filter_map(requirement).collect()
}

fn statement(ground: &Ground<'_>, obligation: &OpenObligation) -> DefinedStatement {
    let link = |report_id: &str| Link { href: format!("#{}", ground.report_uuid(report_id)), rel: "reference" };
    let names = [obligation.party_id.as_str(), &obligation.control_id, &obligation.criterion_id];
    DefinedStatement {
        statement_id: statement_id(&obligation.control_id, &obligation.criterion_id),
        uuid: ground.uuid("defined-statement", &names),
        description: statement_words(ground, obligation).into(),
        props: ownership(obligation),
        links: obligation
            .report_id
            .as_deref()
            .filter(|id| ground.index.report(id).is_some())
            .map(link)
            .into_iter()
            .collect(),
    }
}

/// Owner and treatment, as properties.
pub(super) fn ownership(obligation: &OpenObligation) -> Vec<Property> {
    vec![
        property("criterion", &obligation.criterion_id),
        property("owner", obligation.owner.as_str()),
        property("treatment", obligation.treatment.as_str()),
    ]
}

/// One sentence on who does what.
pub(super) fn statement_words(ground: &Ground<'_>, obligation: &OpenObligation) -> String {
    let name = ground.index.name(&obligation.party_id);
    let report = obligation.report_id.as_deref().and_then(|id| ground.index.report(id)).map(crate::draft::report_words);
    match (obligation.treatment, report) {
        (Treatment::Customer, _) => "Ours to carry out and to show.".to_owned(),
        (Treatment::Shared, Some(report)) => {
            format!("Shared with {name}: its part rests on {report}; ours has to be shown.")
        }
        (Treatment::Shared, None) => format!("Shared with {name}: no report shows its part; ours has to be shown."),
        (Treatment::Inherited, Some(report)) => format!("Provided by {name}, resting on {report}."),
        (Treatment::Inherited, None) => format!("Provided by {name}."),
        (Treatment::Assess, _) => format!("Provided by {name}; no report reaches, so it has to be assessed directly."),
        (Treatment::NotApplicable, _) => "Does not apply.".to_owned(),
    }
}
