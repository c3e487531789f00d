//! Credentials: the default chain or a profile of `aws-config`, and a role for each account, renewed before it ends.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider},
};
use carveout_crawl::{Failure, FailureClass};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::{
    api::Api,
    record::Call,
    template::{Argument, Bindings, Template},
    wire,
};

/// Renewed when less than this is left.
const MARGIN: Duration = Duration::from_secs(300);
/// Credentials that are younger than this are not renewed again on the word of a request that was sent with older ones.
const FRESH: Duration = Duration::from_secs(10);
/// How CloudTrail shows us in the accounts that we read.
const SESSION_NAME: &str = "carveout";

/// One identity and its current credentials.
pub(crate) struct Session {
    source: Source,
    current: Mutex<Option<Current>>,
}

enum Source {
    Chain(SharedCredentialsProvider),
    Role(Box<Role>),
}

/// A role to assume.
pub(crate) struct Role {
    pub api: Arc<Api>,
    pub base: Arc<Session>,
    pub role_arn: String,
    pub external_id: Option<String>,
    /// The region whose STS is asked: tokens of the global endpoint are refused in regions that have to be opted into.
    pub region: String,
}

struct Current {
    credentials: Credentials,
    since: Instant,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Chain(_) => f.write_str("Session(the default chain)"),
            Source::Role(role) => write!(f, "Session({})", role.role_arn),
        }
    }
}

impl Session {
    /// The caller's own identity.
    pub(crate) fn chain(provider: SharedCredentialsProvider) -> Self {
        Self { source: Source::Chain(provider), current: Mutex::default() }
    }

    /// A role, entered from another identity.
    pub(crate) fn role(role: Role) -> Self {
        Self { source: Source::Role(Box::new(role)), current: Mutex::default() }
    }

    /// The credentials, renewed where they are about to end or where a request found them ended.
    pub(crate) async fn credentials(&self, renew: bool) -> Result<Credentials, Failure> {
        let mut current = self.current.lock().await;
        if let Some(current) = &*current {
            let ends_soon = current.credentials.expiry().is_some_and(|end| end < SystemTime::now() + MARGIN);
            let is_stale = renew && current.since.elapsed() > FRESH;
            if !ends_soon && !is_stale {
                return Ok(current.credentials.clone());
            }
        }
        let credentials = match &self.source {
            Source::Chain(provider) => {
                let provided = provider.provide_credentials().await;
                provided.map_err(|error| Failure::new(FailureClass::Denied, "credentials", reasons(&error)))?
            }
            Source::Role(role) => Box::pin(role.assume()).await?,
        };
        *current = Some(Current { credentials: credentials.clone(), since: Instant::now() });
        Ok(credentials)
    }
}

impl Role {
    async fn assume(&self) -> Result<Credentials, Failure> {
        const OPERATION: &str = "sts:AssumeRole";
        let wrong = |message: String| Failure::new(FailureClass::Fatal, OPERATION, message);
        let base = self.base.credentials(false).await?;
        let service = self.api.service("sts")?;
        let mut call = Call { operation: "AssumeRole".to_owned(), ..Call::default() };
        let arguments = [
            ("RoleArn", Some(self.role_arn.as_str())),
            ("RoleSessionName", Some(SESSION_NAME)),
            ("ExternalId", self.external_id.as_deref()),
        ];
        for (name, text) in arguments {
            if let Some(text) = text {
                call.args.insert(name.to_owned(), Argument::Text(Template::literal(text)));
            }
        }
        let request = wire::build(service, &call, &Bindings::default()).map_err(|error| wrong(error.to_string()))?;
        let answer = self.api.transport.send(service, ("", &self.region), OPERATION, &request, &base).await?;
        let shapes = self.api.shapes.service("sts");
        let shape = shapes.and_then(|shapes| Some((shapes, shapes.operation("AssumeRole")?)));
        let (shapes, shape) = shape.ok_or_else(|| wrong("it has no shape".to_owned()))?;
        let answer = wire::decode(shapes, service.protocol, shape, &answer.body, &answer.headers)
            .map_err(|error| wrong(error.to_string()))?;
        let text = |name: &str| answer.get("Credentials")?.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let expiry =
            text("Expiration").and_then(|text| SystemTime::try_from(text.parse::<jiff::Timestamp>().ok()?).ok());
        match (text("AccessKeyId"), text("SecretAccessKey")) {
            (Some(id), Some(secret)) => Ok(Credentials::new(id, secret, text("SessionToken"), expiry, SESSION_NAME)),
            _ => Err(wrong("the answer has no credentials".to_owned())),
        }
    }
}

/// The error and its causes: `aws-config` says what it tried in the causes.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut parts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        parts.push(cause.to_string());
        source = cause.source();
    }
    parts.join(": ")
}
