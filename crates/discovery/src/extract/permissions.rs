//! What a role may do, from the attached policies and inline documents that its configuration holds.

use carveout_model::{JsonPath, Strength};
use serde_json::{Map, Value, json};

use super::{
    each,
    grade::{self, Grade},
    iam_policy::document,
};

/// A role's permissions as far as its configuration shows them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Permissions {
    grade: Grade,
    policies: Vec<String>,
    /// Policies named whose documents are not here, and lists that were not read.
    unread: Vec<String>,
    boundary: Option<String>,
}

impl Permissions {
    /// Reads the lists that a rule names; `None` when it names none.
    pub(crate) fn read(paths: &[JsonPath], config: &Value) -> Option<Self> {
        if paths.is_empty() {
            return None;
        }
        let mut found = Self { grade: Grade::NOTHING, policies: Vec::new(), unread: Vec::new(), boundary: None };
        for path in paths {
            let places = path.select(config);
            if places.is_empty() || places.iter().any(|(_, value)| value.is_null()) {
                found.unread.push(path.to_string());
            }
            for (_, value) in places.iter().flat_map(|(at, value)| each(at, value)) {
                found.add(value);
            }
        }
        let boundary = config.get("PermissionsBoundary").and_then(|boundary| boundary.get("PermissionsBoundaryArn"));
        found.boundary = boundary.and_then(Value::as_str).map(str::to_owned);
        if let Some(limit) = found.boundary.as_deref().and_then(managed) {
            found.grade.strength = found.grade.strength.min(limit.strength);
        }
        Some(found)
    }

    /// The strength, when every policy could be graded, or when what could be graded is already the greatest.
    pub(crate) fn settled(&self) -> Option<Grade> {
        (self.unread.is_empty() || self.grade.strength == Strength::CanAdmin).then_some(self.grade)
    }

    pub(crate) fn describe(&self, context: &mut Map<String, Value>) {
        let basis = if self.settled().is_some() { "permissions" } else { "default: permissions not fully known" };
        context.insert("strength_basis".to_owned(), json!(basis));
        if !self.policies.is_empty() {
            context.insert("policies".to_owned(), json!(self.policies));
        }
        if !self.unread.is_empty() {
            context.insert("unread_policies".to_owned(), json!(self.unread));
        }
        if let Some(boundary) = &self.boundary {
            context.insert("permissions_boundary".to_owned(), json!(boundary));
        }
    }

    fn add(&mut self, value: &Value) {
        if let Some(policy) = document(value) {
            self.grade = self.grade.and(of_document(&policy));
            return;
        }
        match value {
            Value::String(name) => self.add_named(name),
            Value::Object(members) => {
                let name = ["PolicyArn", "policyArn", "Arn", "PolicyName", "policyName"]
                    .iter()
                    .find_map(|member| members.get(*member)?.as_str());
                let policy = ["PolicyDocument", "policyDocument", "Document"]
                    .iter()
                    .find_map(|member| document(members.get(*member)?));
                match (name, policy) {
                    (name, Some(policy)) => {
                        self.policies.extend(name.map(str::to_owned));
                        self.grade = self.grade.and(of_document(&policy));
                    }
                    (Some(name), None) => self.add_named(name),
                    // Inline documents by policy name.
                    (None, None) => members.iter().for_each(|(name, value)| match document(value) {
                        Some(policy) => {
                            self.policies.push(name.clone());
                            self.grade = self.grade.and(of_document(&policy));
                        }
                        None => self.unread.push(name.clone()),
                    }),
                }
            }
            _ => {}
        }
    }

    fn add_named(&mut self, name: &str) {
        self.policies.push(name.to_owned());
        match managed(name) {
            Some(grade) => self.grade = self.grade.and(grade),
            None => self.unread.push(name.to_owned()),
        }
    }
}

fn of_document(policy: &Value) -> Grade {
    let statements = policy.get("Statement").map(|statements| each("", statements)).unwrap_or_default();
    statements
        .into_iter()
        .filter(|(_, statement)| is_allow(statement))
        .map(|(_, statement)| of_statement(statement))
        .fold(Grade::NOTHING, Grade::and)
}

/// What one allowing statement permits. `NotAction` permits everything else.
pub(crate) fn of_statement(statement: &Value) -> Grade {
    if statement.get("NotAction").is_some() {
        return Grade::ADMIN;
    }
    let list = |member: &str| statement.get(member).map(|value| each("", value)).unwrap_or_default();
    let everywhere = list("Resource").iter().any(|(_, value)| value.as_str() == Some("*"));
    let actions = list("Action");
    grade::actions(actions.iter().filter_map(|(_, action)| action.as_str()), everywhere)
}

/// A statement that grants. A Deny names outsiders without letting them in.
pub(crate) fn is_allow(statement: &Value) -> bool {
    statement.get("Effect").and_then(Value::as_str).is_some_and(|effect| effect.eq_ignore_ascii_case("allow"))
}

/// What an AWS managed policy permits, by the naming that AWS keeps to; `None` for a customer's own policy.
///
/// `ReadOnlyAccess` reads data too; `SecurityAudit` and `ViewOnlyAccess` read settings.
fn managed(arn: &str) -> Option<Grade> {
    let path = arn.split_once(":iam::aws:policy/")?.1;
    let name = path.rsplit('/').next().unwrap_or(path);
    let strength = match name {
        "SecurityAudit" | "ViewOnlyAccess" | "AWSOrganizationsReadOnlyAccess" | "IAMReadOnlyAccess" => {
            Strength::CanReadConfig
        }
        "ReadOnlyAccess"
        | "AmazonS3ReadOnlyAccess"
        | "AmazonDynamoDBReadOnlyAccess"
        | "AmazonSSMReadOnlyAccess"
        | "AmazonSQSReadOnlyAccess"
        | "AmazonKinesisReadOnlyAccess"
        | "AmazonEC2ContainerRegistryReadOnly"
        | "AWSCodeCommitReadOnly"
        | "CloudWatchLogsReadOnlyAccess"
        | "CloudWatchReadOnlyAccess" => Strength::CanReadData,
        _ if name.ends_with("ReadOnlyAccess") || name.ends_with("ReadOnly") => Strength::CanReadConfig,
        _ => Strength::CanAdmin,
    };
    Some(Grade { strength, ..Grade::NOTHING })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(config: &Value) -> Permissions {
        let paths: Vec<JsonPath> = ["AttachedPolicies", "Inline"].iter().map(|p| p.parse().expect("a path")).collect();
        Permissions::read(&paths, config).expect("paths are given")
    }

    #[test]
    fn a_roles_policies_decide_its_strength() {
        for (name, expected) in [
            ("AdministratorAccess", Strength::CanAdmin),
            ("ReadOnlyAccess", Strength::CanReadData),
            ("SecurityAudit", Strength::CanReadConfig),
            ("job-function/ViewOnlyAccess", Strength::CanReadConfig),
        ] {
            let arn = format!("arn:aws:iam::aws:policy/{name}");
            let found = read(&json!({"AttachedPolicies": [{"PolicyName": name, "PolicyArn": arn}], "Inline": []}));
            assert_eq!(found.settled().map(|grade| grade.strength), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_list_that_was_not_read_leaves_the_strength_open_and_an_empty_one_settles_it() {
        assert_eq!(read(&json!({"AttachedPolicies": []})).settled(), None);
        let empty = read(&json!({"AttachedPolicies": [], "Inline": []}));
        assert_eq!(empty.settled(), Some(Grade::NOTHING));
    }

    #[test]
    fn a_customers_own_policy_without_its_document_leaves_the_strength_open() {
        let arn = "arn:aws:iam::123456789012:policy/own";
        assert_eq!(read(&json!({"AttachedPolicies": [{"PolicyArn": arn}], "Inline": []})).settled(), None);
    }

    #[test]
    fn a_boundary_cuts_what_the_policies_give() {
        let found = read(&json!({
            "AttachedPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess"],
            "Inline": [],
            "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/SecurityAudit"},
        }));
        assert_eq!(found.settled().map(|grade| grade.strength), Some(Strength::CanReadConfig));
    }
}
