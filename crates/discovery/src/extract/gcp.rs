//! Google Cloud: IAM members with their roles, projects, service accounts and marketplace services.

use carveout_model::{Direction, EvidenceStatus, Outsider, Relation, Strength};
use serde_json::{Value, json};

use super::{EXACT, Edge, Finding, STATED, below, each, texts};
use crate::rule::Subject;

const CONTACT_IN: Edge = Edge::new(Relation::Contact, Strength::Contact, Direction::Inbound);
const NAMED: Edge = Edge::new(Relation::Contact, Strength::Contact, Direction::Neither);

/// Members of an IAM policy, its bindings, one binding or a BigQuery access list, and members that stand alone.
pub(super) fn members(at: &str, value: &Value) -> Vec<Finding> {
    if let Some(bindings) = value.get("bindings") {
        return members(&below(at, "bindings"), bindings);
    }
    let mut found = Vec::new();
    for (at, entry) in each(at, value) {
        match entry {
            Value::String(member) => found.extend(member_finding(&at, member, None)),
            Value::Object(_) => {
                let role = entry.get("role").and_then(Value::as_str);
                let start = found.len();
                if let Some(members) = entry.get("members") {
                    for (at, member) in texts(&below(&at, "members"), members) {
                        found.extend(member_finding(&at, member, role));
                    }
                } else {
                    found.extend(access_entry(&at, entry, role));
                }
                if let Some(condition) = entry.get("condition").filter(|condition| !condition.is_null()) {
                    for finding in &mut found[start..] {
                        finding.context.insert("condition".to_owned(), condition.clone());
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// One entry of a BigQuery dataset's `access`, which says the kind of member in the name of the member.
fn access_entry(at: &str, entry: &Value, role: Option<&str>) -> Option<Finding> {
    let text = |member: &str| entry.get(member).and_then(Value::as_str);
    let (member, written, value) = if let Some(email) = text("userByEmail") {
        let kind = if email.ends_with(".gserviceaccount.com") { "serviceAccount" } else { "user" };
        ("userByEmail", format!("{kind}:{email}"), email)
    } else if let Some(email) = text("groupByEmail") {
        ("groupByEmail", format!("group:{email}"), email)
    } else if let Some(domain) = text("domain") {
        ("domain", format!("domain:{domain}"), domain)
    } else if let Some(member) = text("iamMember") {
        ("iamMember", member.to_owned(), member)
    } else if let Some(group) = text("specialGroup").filter(|group| *group == "allAuthenticatedUsers") {
        ("specialGroup", group.to_owned(), group)
    } else {
        return None;
    };
    let mut finding = member_finding(&below(at, member), &written, role)?;
    finding.value = value.to_owned();
    Some(finding)
}

fn member_finding(at: &str, member: &str, role: Option<&str>) -> Option<Finding> {
    let member = member.trim();
    let outsider = match member {
        "" => return None,
        "allUsers" | "allAuthenticatedUsers" => Outsider::Anyone,
        _ => Outsider::GcpMember(canonical(member)),
    };
    let mut finding = Finding::new(outsider, at, member, CONTACT_IN, EXACT);
    if let Some(role) = role {
        finding.edge = Edge::inbound(role_strength(role));
        finding.settled = true;
        finding.context.insert("role".to_owned(), json!(role));
    }
    if member.starts_with("deleted:") {
        finding.status = EvidenceStatus::Stale;
    }
    Some(finding)
}

/// Mail addresses and domains compare in lower case; the kind of member keeps its spelling.
fn canonical(member: &str) -> String {
    match member.split_once(':') {
        Some((kind, name)) if !name.starts_with("//") => format!("{kind}:{}", name.to_ascii_lowercase()),
        _ => member.to_owned(),
    }
}

/// How far a role reaches, by the naming of predefined roles; a role that says nothing could do anything.
///
/// Source: IAM basic and predefined roles reference.
fn role_strength(role: &str) -> Strength {
    let name = role.rsplit('/').next().unwrap_or(role);
    let (service, verb) = name.split_once('.').unwrap_or(("", name));
    let lower = verb.to_ascii_lowercase();
    let reads_data = [
        "dataviewer",
        "objectviewer",
        "secretaccessor",
        "subscriber",
        "cryptokeydecrypter",
        "datareader",
        "filereader",
        "privatelogviewer",
        "reader",
        "instanceuser",
        "jobuser",
        "readsessionuser",
    ];
    match (service, lower.as_str()) {
        // Settings and metadata, no contents.
        ("iam" | "resourcemanager" | "monitoring" | "compute" | "cloudasset" | "serviceusage", verb)
            if verb.ends_with("viewer") || verb.ends_with("reviewer") =>
        {
            Strength::CanReadConfig
        }
        ("", "browser") | ("bigquery", "metadataviewer") => Strength::CanReadConfig,
        // The basic viewer role reads most data too.
        ("", "viewer" | "reader") => Strength::CanReadData,
        (_, verb) if reads_data.contains(&verb) => Strength::CanReadData,
        (_, verb) if verb.ends_with("viewer") => Strength::CanReadConfig,
        _ => Strength::CanAdmin,
    }
}

/// Projects by id or number, alone or in a resource name or URL.
pub(super) fn projects(subject: &Subject<'_>, at: &str, value: &Value) -> Vec<Finding> {
    let own = project_in(subject.scope_id).unwrap_or(subject.scope_id);
    texts(at, value)
        .into_iter()
        .filter_map(|(at, text)| {
            let plain = !text.contains(['/', ':', ' ']);
            let project = project_in(text).or_else(|| plain.then_some(text))?;
            let outsider = Outsider::GcpProject(project.to_owned());
            (project != own).then(|| Finding::new(outsider, &at, text, NAMED, EXACT))
        })
        .collect()
}

/// The project of a resource name.
fn project_in(text: &str) -> Option<&str> {
    let (before, after) = text.split_once("projects/")?;
    let starts = before.is_empty() || before.ends_with('/');
    let project = after.split(['/', '?', ':']).next()?;
    (starts && !project.is_empty()).then_some(project)
}

/// Service accounts by their mail address.
pub(super) fn service_accounts(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .filter(|(_, text)| text.contains('@'))
        .map(|(at, text)| {
            let email = text.strip_prefix("serviceAccount:").unwrap_or(text).to_ascii_lowercase();
            let outsider = Outsider::GcpMember(format!("serviceAccount:{email}"));
            Finding::new(outsider, &at, text, CONTACT_IN, EXACT)
        })
        .collect()
}

/// Enabled services that others sell on the marketplace.
pub(super) fn services(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .filter_map(|(at, text)| {
            let name = text.rsplit('/').next().unwrap_or(text);
            let sold = name.ends_with(".cloudpartnerservices.goog")
                || (name.contains(".endpoints.") && name.ends_with(".cloud.goog"));
            let outsider = Outsider::MarketplacePublisher(format!("gcp-service:{name}"));
            sold.then(|| Finding::new(outsider, &at, text, NAMED, STATED))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_of_a_binding_decides_how_far_its_members_reach() {
        let policy = json!({"bindings": [
            {"role": "roles/owner", "members": ["user:A@Example.net"]},
            {"role": "roles/storage.objectViewer", "members": ["serviceAccount:x@y.iam.gserviceaccount.com", "allUsers"]},
            {"role": "roles/compute.viewer", "members": ["deleted:user:b@example.net?uid=1"]},
        ]});
        let found = members("iamPolicy", &policy);
        let seen: Vec<_> = found.iter().map(|f| (f.at.as_str(), f.edge.strength, f.status)).collect();
        assert_eq!(
            seen,
            [
                ("iamPolicy.bindings[0].members[0]", Strength::CanAdmin, EvidenceStatus::Live),
                ("iamPolicy.bindings[1].members[0]", Strength::CanReadData, EvidenceStatus::Live),
                ("iamPolicy.bindings[1].members[1]", Strength::CanReadData, EvidenceStatus::Live),
                ("iamPolicy.bindings[2].members[0]", Strength::CanReadConfig, EvidenceStatus::Stale),
            ]
        );
        assert_eq!(found[0].outsider, Outsider::GcpMember("user:a@example.net".into()));
        assert_eq!(found[2].outsider, Outsider::Anyone);
    }

    #[test]
    fn a_dataset_names_its_readers_in_its_own_shape() {
        let access = json!([{"role": "READER", "userByEmail": "x@y.iam.gserviceaccount.com"}, {"role": "OWNER",
            "specialGroup": "projectOwners"}]);
        let found = members("access", &access);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].at, "access[0].userByEmail");
        assert_eq!(found[0].edge.strength, Strength::CanReadData);
    }

    #[test]
    fn googles_own_services_are_no_partners() {
        let found =
            services("name", &json!(["storage.googleapis.com", "datadog-datadog-saas.cloudpartnerservices.goog"]));
        assert_eq!(found.len(), 1);
    }
}
