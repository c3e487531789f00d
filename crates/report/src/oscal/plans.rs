//! Security plans: ours, which says what is inherited and which responsibilities are satisfied, and a draft for each
//! report that is relied on, which says what the vendor provides and what it leaves to its customers.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Control, Criterion, Treatment};

use super::{
    Ground,
    components::{ownership, statement_words, system_component},
    model::{
        ByComponent, Described, Export, InformationType, Inherited, Link, PlanImplementation, PlanRequirement,
        PlanStatement, Property, Provided, Reference, ResponsibilityStatement, Satisfied, State, SystemCharacteristics,
        SystemComponent, SystemId, SystemImplementation, SystemInformation, SystemSecurityPlan, SystemUser,
    },
    names::{line, property, token},
    report_properties, responsible, role_id, statement_id,
};
use crate::{
    draft::report_words,
    facts::{OpenObligation, Report, UserEntityControlRow},
};

const AUDIT_PROFILE: &str = "../../profiles/audit/profile.json";
const CRITERIA_PROFILE: &str = "../../profiles/criteria/profile.json";

/// Our plan; none where no obligation is known, because OSCAL has no plan without a requirement.
pub(super) fn system(ground: &Ground<'_>) -> Option<SystemSecurityPlan> {
    let requirements: Vec<PlanRequirement> =
        ground.controls.iter().filter_map(|control| requirement(ground, control)).collect();
    if requirements.is_empty() {
        return None;
    }
    let ours = ground.this_system_uuid();
    let organization = &ground.facts.organization;
    let mut components = vec![this_system(ours, organization, &format!("The system of {organization}."))];
    components.extend(ground.index.parties().map(|(party_id, _)| system_component(ground, party_id)));
    let roles: BTreeMap<String, &str> =
        ground.controls.iter().map(|control| (role_id(control), control.owner.as_str())).collect();
    let users = roles.into_iter().map(|(role, title)| SystemUser {
        uuid: ground.uuid("user", &[&role]),
        title: title.into(),
        role_ids: vec![role],
    });
    Some(SystemSecurityPlan {
        uuid: ground.uuid("plan", &["system"]),
        metadata: ground.metadata(
            "third-party part of the security plan (draft)",
            Some("Drafted from the inventory and from vendors' reports. What does not apply is left out."),
        ),
        import_profile: Reference { href: AUDIT_PROFILE.to_owned() },
        system_characteristics: characteristics(
            &ground.uuid("system-id", &[]),
            organization,
            "Accounts, subscriptions and projects that the inventory covers, with the third parties that they depend on.",
        ),
        system_implementation: SystemImplementation { users: users.collect(), components },
        control_implementation: PlanImplementation {
            description: "Per control and criterion, what each third party does and what is left to us.".into(),
            implemented_requirements: requirements,
        },
        back_matter: ground.reports(),
    })
}

fn this_system(uuid: String, title: &str, description: &str) -> SystemComponent {
    SystemComponent {
        uuid,
        kind: "this-system",
        title: title.into(),
        description: description.into(),
        props: Vec::new(),
        status: State { state: "operational", remarks: None },
    }
}

/// What OSCAL asks of every plan. What the inventory can't know is said to be unknown, and not made up.
fn characteristics(id: &str, name: &str, boundary: &str) -> SystemCharacteristics {
    SystemCharacteristics {
        system_ids: vec![SystemId { id: id.to_owned() }],
        system_name: line(name),
        description: format!("The system of {name}, as far as inventory and reports show it.").into(),
        system_information: SystemInformation {
            information_types: vec![InformationType {
                title: "Not classified".into(),
                description: "The inventory does not say which information the system holds; management has to.".into(),
            }],
        },
        status: State { state: "operational", remarks: None },
        authorization_boundary: Described { description: boundary.into() },
    }
}

fn requirement(ground: &Ground<'_>, control: &Control) -> Option<PlanRequirement> {
    let mut by_criterion: BTreeMap<&str, Vec<&OpenObligation>> = BTreeMap::new();
    let obligations = ground.index.obligations_of_control(&control.control_id).iter();
    for obligation in obligations.filter(|each| each.treatment != Treatment::NotApplicable) {
        by_criterion.entry(&obligation.criterion_id).or_default().push(obligation);
    }
    let statements: Vec<PlanStatement> = by_criterion
        .into_iter()
        .map(|(criterion_id, obligations)| PlanStatement {
            statement_id: statement_id(&control.control_id, criterion_id),
            uuid: ground.uuid("plan-statement", &[&control.control_id, criterion_id]),
            by_components: obligations.into_iter().map(|each| by_component(ground, control, each)).collect(),
        })
        .collect();
    (!statements.is_empty()).then(|| PlanRequirement {
        uuid: ground.uuid("plan-requirement", &[&control.control_id]),
        control_id: token(&control.control_id),
        responsible_roles: responsible(control),
        statements,
    })
}

fn by_component(ground: &Ground<'_>, control: &Control, obligation: &OpenObligation) -> ByComponent {
    let names = [obligation.control_id.as_str(), &obligation.criterion_id, &obligation.party_id];
    let report = obligation.report_id.as_deref().and_then(|id| ground.index.report(id));
    ByComponent {
        component_uuid: ground.component_uuid(&obligation.party_id),
        uuid: ground.uuid("by-component", &names),
        description: format!("{}{}", statement_words(ground, obligation), reasons(obligation)).into(),
        props: ownership(obligation),
        export: None,
        inherited: report.map(|report| inherited(ground, obligation, report)).into_iter().collect(),
        satisfied: if obligation.is_ours() { satisfied(ground, control, obligation) } else { Vec::new() },
    }
}

fn reasons(obligation: &OpenObligation) -> String {
    if obligation.basis.is_empty() { String::new() } else { format!(" Reasons: {}.", obligation.basis.join("; ")) }
}

fn inherited(ground: &Ground<'_>, obligation: &OpenObligation, report: &Report) -> Inherited {
    let names = [obligation.control_id.as_str(), &obligation.criterion_id, &obligation.party_id];
    Inherited {
        uuid: ground.uuid("inherited", &names),
        provided_uuid: provided_uuid(ground, report, &obligation.criterion_id),
        description: format!("{} for {}.", report_words(report), obligation.criterion_id).into(),
        props: report_properties(report),
        links: vec![Link { href: format!("#{}", ground.report_uuid(&report.report_id)), rel: "reference" }],
    }
}

/// Responsibilities that the party's reports hand back on this criterion, with what checks found of our control.
fn satisfied(ground: &Ground<'_>, control: &Control, obligation: &OpenObligation) -> Vec<Satisfied> {
    let mut satisfied = Vec::new();
    for report in ground.index.relied_on(&obligation.party_id) {
        if report.party_id.as_deref() != Some(obligation.party_id.as_str()) {
            continue;
        }
        for cuec in handed_back(ground, report, &obligation.criterion_id) {
            satisfied.push(Satisfied {
                uuid: ground.uuid(
                    "satisfied",
                    &[
                        &obligation.control_id,
                        &obligation.criterion_id,
                        &report.report_id,
                        &cuec.cuec_ref,
                        &cuec.description,
                    ],
                ),
                responsibility_uuid: responsibility_uuid(ground, cuec, &obligation.criterion_id),
                description: format!(
                    "{} {} is proposed for {}: {}",
                    control.control_id, control.title, cuec.cuec_ref, cuec.description
                )
                .into(),
                props: evidence(ground, control, &obligation.party_id),
                responsible_roles: responsible(control),
            });
        }
    }
    satisfied
}

fn handed_back<'a>(
    ground: &Ground<'a>,
    report: &Report,
    criterion_id: &str,
) -> impl Iterator<Item = &'a UserEntityControlRow> {
    let cuecs = ground.handed_back.get(report.report_id.as_str()).into_iter().flatten();
    // A reference that is printed twice with the same words is one control.
    let cuecs: BTreeMap<(&str, &str), &UserEntityControlRow> = cuecs
        .filter(|cuec| cuec.criteria.iter().any(|each| each == criterion_id))
        .map(|cuec| ((cuec.cuec_ref.as_str(), cuec.description.as_str()), *cuec))
        .collect();
    cuecs.into_values()
}

/// What the inventory shows of a control for a party. Where nothing was checked, that is said.
fn evidence(ground: &Ground<'_>, control: &Control, party_id: &str) -> Vec<Property> {
    let evidence = ground.index.evidence(&control.control_id, party_id);
    if evidence.checks == 0 {
        return vec![property("evidence", "not checked")];
    }
    vec![
        property("evidence-pass", evidence.passed.to_string()),
        property("evidence-fail", evidence.failed.to_string()),
        property("evidence-unknown", evidence.unknown.to_string()),
    ]
}

fn provided_uuid(ground: &Ground<'_>, report: &Report, criterion_id: &str) -> String {
    ground.uuid("provided", &[&report.report_id, criterion_id])
}

fn responsibility_uuid(ground: &Ground<'_>, cuec: &UserEntityControlRow, criterion_id: &str) -> String {
    ground.uuid("responsibility", &[&cuec.report_id, &cuec.cuec_ref, &cuec.description, criterion_id])
}

/// A plan for each report that is relied on.
pub(super) fn vendors<'a>(ground: &Ground<'a>) -> Vec<(&'a Report, SystemSecurityPlan)> {
    let mut provided: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for obligation in &ground.facts.obligations {
        if let Some(report_id) = &obligation.report_id {
            provided.entry(report_id).or_default().insert(&obligation.criterion_id);
        }
    }
    let plans = provided.into_iter().filter_map(|(report_id, criteria)| {
        let report = ground.index.report(report_id)?;
        Some((report, vendor(ground, report, &criteria)?))
    });
    plans.collect()
}

fn vendor(ground: &Ground<'_>, report: &Report, provided: &BTreeSet<&str>) -> Option<SystemSecurityPlan> {
    let component = ground.uuid("vendor-system", &[&report.report_id]);
    let requirement = |criterion: &&Criterion| export(ground, report, criterion, provided, &component);
    let requirements: Vec<PlanRequirement> = ground.criteria.iter().filter_map(requirement).collect();
    if requirements.is_empty() {
        return None;
    }
    let system = report.system.as_deref().unwrap_or(&report.organization);
    let words = report_words(report);
    Some(SystemSecurityPlan {
        uuid: ground.uuid("plan", &[&report.report_id]),
        metadata: ground.metadata(
            &format!("what {system} provides, drafted from its report"),
            Some("Drafted from a report by its reader. The vendor has not issued it."),
        ),
        import_profile: Reference { href: CRITERIA_PROFILE.to_owned() },
        system_characteristics: characteristics(
            &ground.uuid("vendor-system-id", &[&report.report_id]),
            system,
            &format!("What {words} describes."),
        ),
        system_implementation: SystemImplementation {
            users: vec![SystemUser {
                uuid: ground.uuid("vendor-user", &[&report.report_id]),
                title: "User entity".into(),
                role_ids: ground.roles().into_iter().map(|role| role.id).collect(),
            }],
            components: vec![this_system(component, system, &format!("{system} of {}.", report.organization))],
        },
        control_implementation: PlanImplementation {
            description: format!("What {words} answers, by criterion, and what it leaves to user entities.").into(),
            implemented_requirements: requirements,
        },
        back_matter: Some(super::BackMatter { resources: vec![ground.report_resource(report)] }),
    })
}

fn export(
    ground: &Ground<'_>,
    report: &Report,
    criterion: &Criterion,
    provided: &BTreeSet<&str>,
    component: &str,
) -> Option<PlanRequirement> {
    let criterion_id = criterion.criterion_id.as_str();
    let is_provided = provided.contains(criterion_id);
    let responsibilities: Vec<ResponsibilityStatement> = handed_back(ground, report, criterion_id)
        .map(|cuec| ResponsibilityStatement {
            uuid: responsibility_uuid(ground, cuec, criterion_id),
            provided_uuid: is_provided.then(|| provided_uuid(ground, report, criterion_id)),
            description: format!("{}: {}", cuec.cuec_ref, cuec.description).into(),
            props: vec![property("cuec", &cuec.cuec_ref)],
        })
        .collect();
    if !is_provided && responsibilities.is_empty() {
        return None;
    }
    let answered = || Provided {
        uuid: provided_uuid(ground, report, criterion_id),
        description: format!("{criterion_id} ({}), as far as {} goes.", criterion.title, report_words(report)).into(),
    };
    let names = [report.report_id.as_str(), criterion_id];
    Some(PlanRequirement {
        uuid: ground.uuid("vendor-requirement", &names),
        control_id: token(criterion_id),
        responsible_roles: Vec::new(),
        statements: vec![PlanStatement {
            statement_id: format!("{}_smt", token(criterion_id)),
            uuid: ground.uuid("vendor-statement", &names),
            by_components: vec![ByComponent {
                component_uuid: component.to_owned(),
                uuid: ground.uuid("vendor-by-component", &names),
                description: "As the report describes it.".into(),
                props: Vec::new(),
                export: Some(Export { provided: is_provided.then(answered).into_iter().collect(), responsibilities }),
                inherited: Vec::new(),
                satisfied: Vec::new(),
            }],
        }],
    })
}
