//! Nothing that looks like a secret leaves a connector: the member stays, its value becomes a keyed fingerprint.
//!
//! Three rules, in this order: paths that the catalogue declares as secret; members whose name says that they hold
//! one; text in the known shape of a credential, wherever it stands. A fingerprint is keyed with the workspace's own
//! key, so that a change is seen and a value can't be guessed from a table of hashes.

use std::{collections::HashMap, fmt, sync::LazyLock};

use carveout_model::{JsonPath, Resource};
use regex::{Captures, Regex};
use serde_json::Value;

/// The key of a workspace's fingerprints.
#[derive(Clone)]
pub struct RedactionKey([u8; 32]);

impl RedactionKey {
    /// Takes 32 bytes from a cryptographic source of randomness.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for RedactionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedactionKey(…)")
    }
}

/// Replaces secrets in resources.
#[derive(Debug)]
pub struct Redactor {
    key: RedactionKey,
    declared: HashMap<String, Vec<JsonPath>>,
}

/// Names of members whose text is a secret. Anchored at the end: `HttpTokens` and `SecretArn` are no secrets.
static SECRET_NAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:passw(?:or)?d|passphrase|pwd|secret|secret_?(?:access_?)?key|api_?key|private_?key|shared_?key|account_?key|auth_?token|access_?token|bearer_?token|refresh_?token|session_?token|connection_?string|client_?secret|webhook_?url|signing_?key|encryption_?key|sas_?token)$",
    )
});

/// Credentials by their own shape. Where a group named `keep` matches, that part is no secret and stays.
static SECRET_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
        r"|(?P<keep>(?i:\b[a-z][a-z0-9+.-]*://[^\s:/@]*:))[^\s@/]+@",
        r"|(?P<keep2>(?i:\b(?:accountkey|sharedaccesskey|sharedaccesssignature|password|pwd|passwd|client_?secret|api_?key|token|secret|aws_secret_access_key|sig)\s*[=:]\s*))[^\s;&,'\x22]{6,}",
        r"|(?P<keep3>https://hooks\.slack\.com/services/)[A-Za-z0-9/_-]+",
        r"|\bgh[opsur]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}|\bglpat-[A-Za-z0-9_-]{20,}",
        r"|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
        r"|\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|\bsk-[A-Za-z0-9_-]{20,}|\bAIza[A-Za-z0-9_-]{35}",
        r"|\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        r"|\bdop_v1_[a-f0-9]{64}|\bnpm_[A-Za-z0-9]{36}|\bpypi-[A-Za-z0-9_-]{40,}|\bhvs\.[A-Za-z0-9_-]{24,}",
    ))
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern in the source is checked by the tests")
}

/// Shorter texts hold no credential.
const SHORTEST: usize = 8;

impl Redactor {
    /// A redactor that knows no declared paths yet.
    pub fn new(key: RedactionKey) -> Self {
        Self { key, declared: HashMap::new() }
    }

    /// Adds paths whose values are secret in resources of the type.
    pub fn declare(&mut self, type_name: &str, paths: impl IntoIterator<Item = JsonPath>) {
        self.declared.entry(type_name.to_owned()).or_default().extend(paths);
    }

    /// Redacts a resource in place and tells its size in bytes, roughly that of its JSON.
    pub fn redact(&self, resource: &mut Resource) -> usize {
        for path in self.declared.get(&resource.type_name).into_iter().flatten() {
            path.for_each_mut(&mut resource.config, &mut |value| self.hide_all(value));
        }
        let tags = resource.tags.iter_mut();
        let tags: usize = tags.map(|(name, value)| name.len() + self.text(name, value)).sum();
        resource.resource_key.len() + tags + self.walk("", &mut resource.config)
    }

    /// Redacts by names and shapes below `value`; returns the size of the text it holds.
    fn walk(&self, name: &str, value: &mut Value) -> usize {
        match value {
            Value::String(text) => self.text(name, text),
            Value::Array(elements) => elements.iter_mut().map(|each| self.walk(name, each) + 1).sum(),
            Value::Object(members) => self.members(members),
            _ => 8,
        }
    }

    fn members(&self, members: &mut serde_json::Map<String, Value>) -> usize {
        // `{"Name": "DB_PASSWORD", "Value": "…"}`: the name stands beside the value, not above it.
        let beside = ["name", "Name", "key", "Key", "ParameterKey"]
            .iter()
            .find_map(|label| members.get(*label).and_then(Value::as_str))
            .filter(|label| SECRET_NAME.is_match(label))
            .map(ToOwned::to_owned);
        members
            .iter_mut()
            .map(|(name, value)| {
                let called = match (&beside, name.as_str()) {
                    (Some(label), "value" | "Value" | "ParameterValue") => label,
                    _ => name,
                };
                name.len() + 4 + self.walk(called, value)
            })
            .sum()
    }

    fn text(&self, name: &str, text: &mut String) -> usize {
        if text.starts_with(PREFIX) {
            return text.len();
        }
        if SECRET_NAME.is_match(name) && !is_reference(text) {
            *text = self.fingerprint(text);
        } else if text.len() >= SHORTEST && SECRET_TEXT.is_match(text) {
            let hidden = SECRET_TEXT.replace_all(text, |found: &Captures<'_>| self.hide_match(text, found));
            *text = hidden.into_owned();
        }
        text.len()
    }

    fn hide_match(&self, text: &str, found: &Captures<'_>) -> String {
        // `…:secret:NAME` inside an ARN is the secret's name.
        if found.get(0).is_some_and(|whole| text[..whole.start()].ends_with(':')) {
            return found[0].to_owned();
        }
        let keep = ["keep", "keep2", "keep3"].iter().find_map(|group| found.name(group)).map_or("", |m| m.as_str());
        let secret = &found[0][keep.len()..];
        if secret.starts_with(PREFIX) {
            return found[0].to_owned();
        }
        // The `@` that ends a user part belongs to the address.
        let (secret, rest) = match secret.strip_suffix('@') {
            Some(secret) if keep.ends_with(':') && keep.contains("://") => (secret, "@"),
            _ => (secret, ""),
        };
        format!("{keep}{}{rest}", self.fingerprint(secret))
    }

    /// Hides every text and number below a declared path.
    fn hide_all(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with(PREFIX) => {}
            Value::String(text) => *text = self.fingerprint(text),
            Value::Number(number) => *value = Value::String(self.fingerprint(&number.to_string())),
            Value::Array(elements) => elements.iter_mut().for_each(|each| self.hide_all(each)),
            Value::Object(members) => members.values_mut().for_each(|each| self.hide_all(each)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn fingerprint(&self, secret: &str) -> String {
        let hash = blake3::keyed_hash(&self.key.0, secret.as_bytes()).to_hex();
        format!("{PREFIX}{}", &hash[..16])
    }
}

/// What stands in front of a fingerprint.
const PREFIX: &str = "redacted:";

/// Texts under a secret's name that only point at it or say how it is handled.
fn is_reference(text: &str) -> bool {
    text.is_empty()
        || text.starts_with("arn:")
        || text.starts_with("{{resolve:")
        || text.starts_with("@Microsoft.KeyVault(")
        || text.starts_with("projects/")
        || matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "enabled" | "disabled" | "none" | "null")
}

#[cfg(test)]
mod tests {
    use carveout_model::{Provider, ServiceModel};
    use serde_json::json;

    use super::*;

    fn redacted(config: Value, declared: &[&str]) -> Value {
        let mut redactor = Redactor::new(RedactionKey::new([7; 32]));
        redactor.declare("AWS::Lambda::Function", declared.iter().map(|path| path.parse().expect("a path")));
        let mut resource = Resource {
            resource_key: "arn:aws:lambda:eu-west-1:111122223333:function:f".to_owned(),
            provider: Provider::Aws,
            scope_id: "111122223333".to_owned(),
            region: "eu-west-1".to_owned(),
            service: "lambda".to_owned(),
            service_model: ServiceModel::Paas,
            type_name: "AWS::Lambda::Function".to_owned(),
            name: None,
            tags: Default::default(),
            config,
            created_at: None,
            unread: Vec::new(),
        };
        redactor.redact(&mut resource);
        resource.config
    }

    #[test]
    fn declared_paths_keep_their_names_and_lose_their_values() {
        let config = json!({"Environment": {"Variables": {"LEVEL": "debug", "PORT": 8080}}, "Handler": "main"});
        let out = redacted(config, &["Environment.Variables.*"]);
        assert_eq!(out["Handler"], "main");
        for name in ["LEVEL", "PORT"] {
            let value = out["Environment"]["Variables"][name].as_str().expect("a fingerprint");
            assert!(value.starts_with("redacted:") && value.len() == 25, "{value}");
        }
    }

    #[test]
    fn a_fingerprint_tells_a_change_and_nothing_else() {
        let one = redacted(json!({"password": "correct horse"}), &[]);
        assert_eq!(one, redacted(json!({"password": "correct horse"}), &[]));
        assert_ne!(one, redacted(json!({"password": "correct horsf"}), &[]));
    }

    #[test]
    fn secrets_are_found_by_name_by_neighbour_and_by_shape() {
        let planted = "hunter2hunter2hunter2";
        let config = json!({
            "MasterUserPassword": planted,
            "environment": [{"name": "API_KEY", "value": planted}],
            "Parameters": [{"ParameterKey": "DbPassword", "ParameterValue": planted}],
            "url": format!("postgres://app:{planted}@db.internal:5432/app"),
            "cs": format!("DefaultEndpointsProtocol=https;AccountName=a;AccountKey={planted};Suffix=x"),
            "hook": format!("https://hooks.slack.com/services/{planted}"),
            "script": format!("export aws_secret_access_key={planted}\n"),
            "pem": format!("-----BEGIN RSA PRIVATE KEY-----\n{planted}\n-----END RSA PRIVATE KEY-----"),
            "gh": format!("ghp_{planted}{planted}"),
        });
        let out = redacted(config, &[]).to_string();
        assert!(!out.contains(planted), "{out}");
        for kept in
            ["postgres://app:redacted:", "@db.internal:5432/app", "AccountName=a;AccountKey=redacted:", ";Suffix=x"]
        {
            assert!(out.contains(kept), "{kept} in {out}");
        }
    }

    #[test]
    fn settings_about_secrets_are_no_secrets() {
        let config = json!({
            "MetadataOptions": {"HttpTokens": "required"},
            "SecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db",
            "clientSecret": "@Microsoft.KeyVault(SecretUri=https://vault)",
            "KeyId": "AKIAIOSFODNN7EXAMPLE",
            "Name": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/database-a1b2c3",
            "Resources": "arn:aws:secretsmanager:eu-west-1:1:secret:one-two-three arn:aws:ssm:eu-west-1:1:parameter/x",
            "issuer": "https://token.actions.githubusercontent.com",
            "Tokens": {"Unit": "hours"},
            "PasswordPolicy": {"MinimumLength": 12},
            "image": "public.ecr.aws/datadog/agent:7.54.0",
        });
        assert_eq!(redacted(config.clone(), &[]), config);
    }

    #[test]
    fn redacting_twice_changes_nothing() {
        let once = redacted(json!({"password": "correct horse", "u": "https://a:bcdefgh@c/"}), &["password"]);
        assert_eq!(redacted(once.clone(), &["password"]), once);
    }
}
