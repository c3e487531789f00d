//! Evidence rules: where in a resource's configuration an outsider can show, as the catalogues write them.

use carveout_model::{Direction, EvidenceStatus, JsonPath, Observation, Relation, Strength};
use serde::Deserialize;
use serde_json::Value;

use crate::extract::{self, Edge, Finding, relation_of, strength_of};

/// The resource under observation.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The provider's canonical id.
    pub resource_key: &'a str,
    /// The account, subscription or project that holds it. An account that equals it is the resource's own.
    pub scope_id: &'a str,
    /// The provider's own type name.
    pub type_name: &'a str,
    /// The provider's answer with the answers of detail calls, before redaction.
    pub config: &'a Value,
}

/// How the value at a rule's path is read. The README's table says what each one takes and gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extractor {
    /// An AWS policy document.
    IamPolicy,
    /// An AWS account, principal or organization.
    AwsAccount,
    /// The account in an ARN.
    AwsAccountInArn,
    /// An S3 grant or a canonical user id.
    AwsCanonicalUser,
    /// A Lambda layer ARN.
    LayerArn,
    /// A private endpoint's service.
    EndpointService,
    /// An EventBridge partner event source.
    PartnerEventSource,
    /// An OIDC issuer.
    OidcIssuer,
    /// SAML metadata or an entity id.
    SamlMetadata,
    /// A DNS record object.
    DnsRecord,
    /// A container image reference.
    ContainerImage,
    /// A URL or host.
    Host,
    /// A URL or host in free text, raised only when the directory knows it.
    KnownHost,
    /// The name of a secret, parameter or variable.
    NameHint,
    /// An Entra tenant, or a Lighthouse definition.
    AzureTenant,
    /// An Entra application.
    AzureApplication,
    /// An ARM resource type.
    AzureNamespace,
    /// A Google Cloud IAM policy, binding or member.
    GcpMember,
    /// A Google Cloud project.
    GcpProject,
    /// A Google Cloud service account.
    GcpServiceAccount,
    /// A Google Cloud service name.
    GcpService,
    /// A publisher or vendor that the provider names.
    MarketplacePublisher,
}

/// Which words of a state member make evidence count less.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateRule {
    /// Where the state word is.
    pub path: JsonPath,
    /// Words for "offered and not accepted".
    #[serde(default)]
    pub pending: Vec<String>,
    /// Words for "left over".
    #[serde(default)]
    pub stale: Vec<String>,
    /// Words for "there and not used".
    #[serde(default)]
    pub dormant: Vec<String>,
}

impl StateRule {
    fn status(&self, config: &Value) -> Option<EvidenceStatus> {
        let word = self.path.first(config)?.as_str()?;
        let among = |words: &[String]| words.iter().any(|each| each.eq_ignore_ascii_case(word));
        if among(&self.stale) {
            Some(EvidenceStatus::Stale)
        } else if among(&self.pending) {
            Some(EvidenceStatus::Pending)
        } else if among(&self.dormant) {
            Some(EvidenceStatus::Dormant)
        } else {
            None
        }
    }
}

/// One place in a type's configuration where an outsider can show.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRule {
    /// Where the value is.
    pub path: JsonPath,
    /// How it is read.
    pub extractor: Extractor,
    /// The catalogue's word for the signal.
    pub signal: String,
    /// What the party is to us, where the extractor's default is not it.
    pub relation: Option<Relation>,
    /// How far the party reaches, where the extractor's default is not it.
    pub strength: Option<Strength>,
    /// Which way, where the extractor's default is not it.
    pub direction: Option<Direction>,
    /// Where a role's attached policies and inline documents are listed (`iam_policy`).
    #[serde(default)]
    pub permissions: Vec<JsonPath>,
    /// What makes the evidence pending, stale or dormant.
    pub state: Option<StateRule>,
}

impl EvidenceRule {
    /// Everyone whom the resource names at this rule's path, in the order of the configuration.
    ///
    /// A value that names the resource's own scope is left out, and so is whatever the extractor can't read: a value
    /// of another shape names nobody.
    pub fn observe(&self, subject: &Subject<'_>) -> Vec<Observation> {
        let status = self.state.as_ref().and_then(|state| state.status(subject.config));
        self.path
            .select(subject.config)
            .into_iter()
            .flat_map(|(at, value)| extract::read(self, subject, &at, value))
            .map(|finding| self.observation(subject, finding, status))
            .collect()
    }

    fn observation(&self, subject: &Subject<'_>, finding: Finding, status: Option<EvidenceStatus>) -> Observation {
        let Edge { relation, strength, direction } = self.edge(&finding);
        // The weaker status wins: a deleted principal stays stale whatever the resource's state says.
        let status = status.map_or(finding.status, |stated| stated.max(finding.status));
        Observation {
            resource_key: subject.resource_key.to_owned(),
            signal: self.signal.clone(),
            outsider: finding.outsider,
            relation,
            strength,
            direction,
            status,
            relation_confidence: finding.confidence,
            path: finding.at,
            value: finding.value,
            context: Value::Object(finding.context),
        }
    }

    fn edge(&self, finding: &Finding) -> Edge {
        let direction = self.direction.unwrap_or(finding.edge.direction);
        let (relation, strength) = match (self.relation, self.strength) {
            _ if finding.settled => (finding.edge.relation, finding.edge.strength),
            (Some(relation), Some(strength)) => (relation, strength),
            (Some(relation), None) => (relation, strength_of(relation)),
            (None, Some(strength)) => (relation_of(strength), strength),
            (None, None) => (finding.edge.relation, finding.edge.strength),
        };
        Edge { relation, strength, direction }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(text: &str) -> Result<EvidenceRule, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn an_unknown_extractor_is_refused_with_the_words_that_exist() {
        let error = rule("path = \"A\"\nextractor = \"iam_polcy\"\nsignal = \"x\"").expect_err("no such extractor");
        let message = error.to_string();
        assert!(message.contains("iam_polcy") && message.contains("iam_policy"), "{message}");
    }

    #[test]
    fn an_unknown_member_of_a_rule_is_refused() {
        assert!(rule("path = \"A\"\nextractor = \"host\"\nsignal = \"x\"\nstrenght = \"contact\"").is_err());
    }

    #[test]
    fn a_given_strength_brings_its_relation() {
        let rule = rule("path = \"U\"\nextractor = \"aws_account\"\nsignal = \"x\"\nstrength = \"can_read_data\"")
            .expect("a rule");
        let config = json!({"U": "464622532012"});
        let subject = Subject { resource_key: "r", scope_id: "123456789012", type_name: "T", config: &config };
        let seen = rule.observe(&subject);
        assert_eq!((seen[0].relation, seen[0].strength), (Relation::ReadsData, Strength::CanReadData));
        assert_eq!(seen[0].path, "U");
    }

    #[test]
    fn configured_is_not_used_a_pending_state_is_kept_as_pending() {
        let rule = rule(concat!(
            "path = \"Accepter.OwnerId\"\nextractor = \"aws_account\"\nsignal = \"vpc_peering\"\n",
            "state = { path = \"Status.Code\", pending = [\"pending-acceptance\"], stale = [\"deleted\"] }",
        ))
        .expect("a rule");
        for (code, status) in [
            ("pending-acceptance", EvidenceStatus::Pending),
            ("deleted", EvidenceStatus::Stale),
            ("active", EvidenceStatus::Live),
        ] {
            let config = json!({"Accepter": {"OwnerId": "464622532012"}, "Status": {"Code": code}});
            let subject = Subject { resource_key: "r", scope_id: "123456789012", type_name: "T", config: &config };
            assert_eq!(rule.observe(&subject)[0].status, status, "{code}");
        }
    }
}
