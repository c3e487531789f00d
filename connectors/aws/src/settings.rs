//! `[[connectors.aws]]` of the configuration file.

use std::collections::BTreeMap;

use carveout_crawl::ConnectorError;
use serde::Deserialize;

use crate::record::ScopeKind;

/// One AWS connector's settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwsSettings {
    /// A name of its own, where a workspace has several AWS connectors.
    pub name: Option<String>,
    /// The profile of the shared AWS configuration; without it, the default credential chain.
    pub profile: Option<String>,
    /// The accounts to crawl.
    #[serde(default)]
    pub accounts: Accounts,
    /// The role to assume in every account but the caller's own, with `{account}` for the account's id.
    pub role: Option<String>,
    /// The external id that the role's trust policy asks for.
    pub external_id: Option<String>,
    /// The regions to crawl.
    #[serde(default)]
    pub regions: Regions,
    /// Globs on type names; all types without it.
    #[serde(default)]
    pub types: Vec<String>,
    /// Globs on type names that are left out.
    #[serde(default)]
    pub skip: Vec<String>,
    /// Types that the catalogue does not know, by their CloudFormation names.
    #[serde(default)]
    pub cloud_control: Vec<CloudControlType>,
    /// How many resources of a type are listed in one account and region, where the catalogue's own cap does not do.
    #[serde(default)]
    pub caps: BTreeMap<String, u32>,
    /// One endpoint for every service.
    pub endpoint_url: Option<String>,
}

/// A type that is read through Cloud Control: its name (`AWS::Batch::JobQueue`), or a table of name and scope.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "NameOrTable")]
pub struct CloudControlType {
    /// The CloudFormation name.
    pub type_name: String,
    /// Where its resources live: in each region, without a word.
    pub scope: ScopeKind,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a type's name, or a table with `type` and `scope`")]
enum NameOrTable {
    Name(String),
    Table(CloudControlTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CloudControlTable {
    #[serde(rename = "type")]
    type_name: String,
    #[serde(default)]
    scope: ScopeKind,
}

impl From<NameOrTable> for CloudControlType {
    fn from(given: NameOrTable) -> Self {
        match given {
            NameOrTable::Name(type_name) => Self { type_name, scope: ScopeKind::Regional },
            NameOrTable::Table(CloudControlTable { type_name, scope }) => Self { type_name, scope },
        }
    }
}

/// Which accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WordOrList")]
pub enum Accounts {
    /// The caller's own.
    #[default]
    Own,
    /// Every active account of the caller's organization.
    Organization,
    /// These.
    List(Vec<String>),
}

/// Which regions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WordOrList")]
pub enum Regions {
    /// Those that are switched on in each account.
    #[default]
    Enabled,
    /// These.
    List(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a word or a list of texts (account ids in quotes, so that leading zeros stay)")]
enum WordOrList {
    Word(String),
    List(Vec<String>),
}

impl TryFrom<WordOrList> for Accounts {
    type Error = String;

    fn try_from(given: WordOrList) -> Result<Self, String> {
        match given {
            WordOrList::Word(word) if word == "organization" => Ok(Self::Organization),
            WordOrList::Word(word) => Err(format!("`{word}` is neither \"organization\" nor a list of account ids")),
            WordOrList::List(ids) => match ids.iter().find(|id| !is_account(id)) {
                Some(id) => Err(format!("`{id}` is no account id: twelve digits")),
                None if ids.is_empty() => Err("the list of accounts is empty".to_owned()),
                None => Ok(Self::List(ids)),
            },
        }
    }
}

impl TryFrom<WordOrList> for Regions {
    type Error = String;

    fn try_from(given: WordOrList) -> Result<Self, String> {
        match given {
            WordOrList::Word(word) if word == "enabled" => Ok(Self::Enabled),
            WordOrList::Word(word) => Err(format!("`{word}` is neither \"enabled\" nor a list of regions")),
            WordOrList::List(names) if names.is_empty() => Err("the list of regions is empty".to_owned()),
            WordOrList::List(names) => Ok(Self::List(names)),
        }
    }
}

fn is_account(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())
}

impl AwsSettings {
    /// Checks what the types of the fields can't say.
    pub(crate) fn check(&self) -> Result<(), ConnectorError> {
        let error = |setting: &str, reason: &str| {
            Err(ConnectorError::Configuration { setting: setting.to_owned(), reason: reason.to_owned() })
        };
        match &self.role {
            None if self.accounts == Accounts::Organization => {
                error("role", "`accounts = \"organization\"` needs the role to assume in each account")
            }
            None if self.external_id.is_some() => error("external_id", "it is sent when a role is assumed; set `role`"),
            Some(role) if !role.starts_with("arn:") => error("role", "it has to be an ARN"),
            Some(role) if !role.contains("{account}") && self.accounts != Accounts::Own => {
                error("role", "it has to hold `{account}`, since each account has a role of its own")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<AwsSettings, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn accounts_are_a_word_or_ids() {
        assert_eq!(settings("").expect("defaults").accounts, Accounts::Own);
        let list = settings("accounts = [\"012345678901\"]").expect("a list").accounts;
        assert_eq!(list, Accounts::List(vec!["012345678901".to_owned()]));
        for wrong in ["accounts = \"all\"", "accounts = [\"1\"]", "accounts = [12345678901]", "accounts = []"] {
            assert!(settings(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_cloud_control_type_is_a_name_or_a_table() {
        let read = settings(
            "cloud_control = [\"AWS::Batch::JobQueue\", { type = \"AWS::CloudFront::Function\", scope = \"global\" }]",
        );
        let read = read.expect("a list").cloud_control;
        let (name, table) = (&read[0], &read[1]);
        assert_eq!((name.type_name.as_str(), name.scope), ("AWS::Batch::JobQueue", ScopeKind::Regional));
        assert_eq!((table.type_name.as_str(), table.scope), ("AWS::CloudFront::Function", ScopeKind::Global));
        assert!(settings("cloud_control = [{ type = \"AWS::Batch::JobQueue\", where = 1 }]").is_err());
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(settings("region = \"eu-west-1\"").is_err_and(|error| error.to_string().contains("region")));
    }

    #[test]
    fn an_organization_without_a_role_is_refused() {
        let settings = settings("accounts = \"organization\"").expect("it can be read");
        assert!(settings.check().is_err_and(|error| error.to_string().starts_with("role")));
    }
}
