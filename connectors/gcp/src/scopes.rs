//! The organization, its folders and its projects.

use std::collections::{BTreeSet, HashMap};

use carveout_model::{Coverage, CoverageStatus, Provider, Scope, ScopeKind};
use google_cloud_resourcemanager_v3::model::{Folder, Organization, Project};
use serde::Serialize;
use serde_json::Value;

use crate::settings::Parent;

/// What a plan found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Every scope.
    pub(crate) scopes: Vec<Scope>,
    /// Projects to crawl (`projects/name`).
    pub(crate) projects: Vec<String>,
    /// Folders and the organization, as far as they are crawled.
    pub(crate) containers: BTreeSet<String>,
    /// Projects that won't be crawled, each with its reason.
    pub(crate) coverage: Vec<Coverage>,
}

/// Everything below a parent, as the searches of Resource Manager give it.
///
/// A search gives what the credentials see anywhere. What leads to the parent belongs to it; so does what leads to a
/// folder that is not visible, since leaving it out would be silent.
pub(crate) fn below(
    parent: &Parent,
    organizations: Vec<Organization>,
    folders: Vec<Folder>,
    projects: Vec<Project>,
) -> Found {
    let parents: HashMap<String, String> =
        folders.iter().map(|folder| (folder.name.clone(), folder.parent.clone())).collect();
    let belongs = |start: &str| {
        let mut at = start;
        // A hierarchy has at most ten levels of folders.
        for _ in 0..16 {
            if at == parent.as_str() {
                return true;
            }
            match parents.get(at) {
                Some(above) => at = above,
                None => return at.starts_with("folders/"),
            }
        }
        false
    };
    let mut found = Found::default();
    if let Parent::Container(container) = parent {
        found.containers.insert(container.clone());
    }
    for organization in organizations.iter().filter(|organization| organization.name == parent.as_str()) {
        let state = state(organization.state.name());
        let name = Some(organization.display_name.clone());
        found.push(&organization.name, ScopeKind::Organization, None, name, state, organization);
    }
    for folder in folders.iter().filter(|folder| folder.name == parent.as_str() || belongs(&folder.parent)) {
        found.containers.insert(folder.name.clone());
        let (state, name) = (state(folder.state.name()), Some(folder.display_name.clone()));
        found.push(&folder.name, ScopeKind::Folder, Some(folder.parent.clone()), name, state, folder);
    }
    for project in projects {
        let is_wanted = match parent {
            Parent::Container(_) => belongs(&project.parent),
            Parent::Project(name) => *name == project.name || *name == scope_id(&project),
        };
        if is_wanted {
            found.project(&project);
        }
    }
    found
}

impl Found {
    fn project(&mut self, project: &Project) {
        let (id, state) = (scope_id(project), state(project.state.name()));
        if state == "active" {
            self.projects.push(id.clone());
        } else {
            let message = format!("the project is {}", state.replace('_', " "));
            self.coverage.push(row(&id, "*", CoverageStatus::Skipped, message));
        }
        let name = Some(project.display_name.clone()).filter(|name| !name.is_empty());
        let parent = Some(project.parent.clone()).filter(|parent| !parent.is_empty());
        self.push(&id, ScopeKind::Project, parent, name, state, project);
    }

    fn push(
        &mut self,
        scope_id: &str,
        kind: ScopeKind,
        parent_id: Option<String>,
        name: Option<String>,
        status: String,
        raw: &impl Serialize,
    ) {
        self.scopes.push(Scope {
            provider: Provider::Gcp,
            scope_id: scope_id.to_owned(),
            kind,
            parent_id,
            name,
            status,
            // The libraries' models always serialize; without an answer the scope itself still stands.
            raw: serde_json::to_value(raw).unwrap_or(Value::Null),
        });
    }
}

/// A row of the ledger for what won't be tried.
pub(crate) fn row(scope_id: &str, type_name: &str, status: CoverageStatus, message: String) -> Coverage {
    Coverage {
        provider: Provider::Gcp,
        scope_id: scope_id.to_owned(),
        region: "*".to_owned(),
        type_name: type_name.to_owned(),
        status,
        resources: 0,
        requests: 0,
        retries: 0,
        elapsed_ms: 0,
        error_code: None,
        message: Some(message),
    }
}

/// `projects/name`: people know a project by its id, not by its number.
fn scope_id(project: &Project) -> String {
    if project.project_id.is_empty() { project.name.clone() } else { format!("projects/{}", project.project_id) }
}

fn state(name: Option<&str>) -> String {
    name.unwrap_or("STATE_UNSPECIFIED").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use google_cloud_resourcemanager_v3::model::project::State;

    use super::*;

    fn project(id: &str, parent: &str, state: State) -> Project {
        Project::new().set_name(format!("projects/{}", id.len())).set_project_id(id).set_parent(parent).set_state(state)
    }

    #[test]
    fn only_what_is_below_the_parent_is_crawled_and_deleted_projects_are_recorded() {
        let folders = vec![
            Folder::new().set_name("folders/1").set_parent("organizations/9"),
            Folder::new().set_name("folders/2").set_parent("folders/1"),
            Folder::new().set_name("folders/3").set_parent("organizations/8"),
        ];
        let projects = vec![
            project("deep", "folders/2", State::Active),
            project("gone", "organizations/9", State::DeleteRequested),
            project("other", "folders/3", State::Active),
            project("hidden", "folders/77", State::Active),
        ];
        let parent = Parent::Container("organizations/9".to_owned());
        let found = below(&parent, Vec::new(), folders.clone(), projects.clone());
        assert_eq!(found.projects, ["projects/deep", "projects/hidden"]);
        assert_eq!(found.coverage.len(), 1);
        assert_eq!(found.coverage[0].message.as_deref(), Some("the project is delete requested"));
        let containers: Vec<_> = found.containers.iter().map(String::as_str).collect();
        assert_eq!(containers, ["folders/1", "folders/2", "organizations/9"]);

        let found = below(&Parent::Container("folders/1".to_owned()), Vec::new(), folders, projects);
        assert!(found.projects.contains(&"projects/deep".to_owned()));
        assert!(!found.projects.contains(&"projects/other".to_owned()));
    }
}
