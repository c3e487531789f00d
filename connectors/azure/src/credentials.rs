//! Where tokens come from: environment, workload identity, managed identity, `az login`, in this order.
//!
//! Tokens are cached here per audience, since not every credential of `azure_identity` caches (the CLI's starts a
//! process each time), and forgotten when a service says that they have expired.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use azure_core::{
    cloud::{CloudConfiguration, CustomConfiguration},
    credentials::{AccessToken, Secret, TokenCredential},
    http::{ClientOptions, RetryOptions, Transport},
    time::OffsetDateTime,
};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId,
    WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use carveout_crawl::{Failure, FailureClass};
use tokio::sync::Mutex;

/// The code of a failure to get a token.
pub(crate) const NO_CREDENTIALS: &str = "NoCredentials";
/// A token is renewed this long before it ends.
const EARLY: Duration = Duration::from_secs(300);
/// The address of a virtual machine's identity answers at once or not at all.
const INSTANCE_METADATA_PATIENCE: Duration = Duration::from_secs(3);

/// The variables that credentials are read from, taken once from the process.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    pub(crate) tenant: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) federated_token_file: Option<String>,
    pub(crate) identity_endpoint: Option<String>,
}

impl Environment {
    /// `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`, `AZURE_FEDERATED_TOKEN_FILE`, `IDENTITY_ENDPOINT`.
    pub(crate) fn of_process() -> Self {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            tenant: variable("AZURE_TENANT_ID"),
            client: variable("AZURE_CLIENT_ID"),
            client_secret: variable("AZURE_CLIENT_SECRET"),
            federated_token_file: variable("AZURE_FEDERATED_TOKEN_FILE"),
            identity_endpoint: variable("IDENTITY_ENDPOINT"),
        }
    }
}

/// Tokens for the audiences of one tenant.
pub(crate) struct Tokens {
    source: Source,
    cached: Mutex<HashMap<String, AccessToken>>,
}

enum Source {
    /// The same text for everything, for emulators.
    Fixed(Secret),
    Chain(Box<Chain>),
}

struct Chain {
    environment: Environment,
    tenant: Option<String>,
    authority: Option<String>,
    http: reqwest::Client,
    /// The link that gave the last token is asked first.
    worked: AtomicUsize,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Fixed(_) => "fixed",
            Source::Chain(_) => "chain",
        };
        f.debug_struct("Tokens").field("source", &source).finish_non_exhaustive()
    }
}

impl Tokens {
    /// The credential chain.
    pub(crate) fn chain(
        environment: Environment,
        tenant: Option<String>,
        authority: Option<String>,
        http: reqwest::Client,
    ) -> Self {
        let tenant = tenant.or_else(|| environment.tenant.clone());
        let chain = Chain { environment, tenant, authority, http, worked: AtomicUsize::new(0) };
        Self { source: Source::Chain(Box::new(chain)), cached: Mutex::default() }
    }

    /// One text for every audience: for emulators and tests.
    pub(crate) fn fixed(token: impl Into<String>) -> Self {
        Self { source: Source::Fixed(Secret::new(token.into())), cached: Mutex::default() }
    }

    /// A token for the audience (`https://management.azure.com/.default`); a fresh one when `renew` is set.
    pub(crate) async fn token(&self, scope: &str, renew: bool) -> Result<AccessToken, Failure> {
        let chain = match &self.source {
            Source::Fixed(token) => {
                let expires_on = OffsetDateTime::now_utc() + Duration::from_secs(3600);
                return Ok(AccessToken::new(token.clone(), expires_on));
            }
            Source::Chain(chain) => chain,
        };
        let mut cached = self.cached.lock().await;
        let is_fresh = |token: &&AccessToken| !renew && token.expires_on > OffsetDateTime::now_utc() + EARLY;
        if let Some(token) = cached.get(scope).filter(is_fresh) {
            return Ok(token.clone());
        }
        let token = chain.token(scope).await?;
        cached.insert(scope.to_owned(), token.clone());
        Ok(token)
    }
}

impl Chain {
    const LINKS: usize = 4;

    async fn token(&self, scope: &str) -> Result<AccessToken, Failure> {
        let first = self.worked.load(Ordering::Relaxed);
        let order = std::iter::once(first).chain((0..Self::LINKS).filter(|link| *link != first));
        let mut refusals = Vec::new();
        for link in order {
            let (name, built) = self.link(link);
            let attempt = match built {
                Ok(credential) => self.ask(link, credential, scope).await,
                Err(reason) => Err(reason),
            };
            match attempt {
                Ok(token) => {
                    self.worked.store(link, Ordering::Relaxed);
                    return Ok(token);
                }
                Err(reason) => refusals.push(format!("{name}: {reason}")),
            }
        }
        let message = format!("no credential gave a token for {scope}; tried {}", refusals.join("; "));
        Err(Failure::new(FailureClass::Denied, "sign in to Azure", message).with_code(NO_CREDENTIALS))
    }

    async fn ask(&self, link: usize, credential: Arc<dyn TokenCredential>, scope: &str) -> Result<AccessToken, String> {
        let scopes = [scope];
        let asked = credential.get_token(&scopes, None);
        let is_instance_metadata = link == 2 && self.environment.identity_endpoint.is_none();
        let answer = if is_instance_metadata {
            let patient = tokio::time::timeout(INSTANCE_METADATA_PATIENCE, asked).await;
            patient.map_err(|_| "no managed identity answers on this machine".to_owned())?
        } else {
            asked.await
        };
        answer.map_err(|error| error.to_string())
    }

    /// The credential at a place of the chain, or why it can't be used.
    fn link(&self, link: usize) -> (&'static str, Result<Arc<dyn TokenCredential>, String>) {
        match link {
            0 => ("environment (client secret)", self.client_secret()),
            1 => ("workload identity", self.workload_identity()),
            2 => ("managed identity", self.managed_identity()),
            _ => ("az login", self.az_login()),
        }
    }

    fn client_secret(&self) -> Result<Arc<dyn TokenCredential>, String> {
        let Environment { client: Some(client), client_secret: Some(secret), .. } = &self.environment else {
            return Err("AZURE_CLIENT_ID or AZURE_CLIENT_SECRET is not set".to_owned());
        };
        let tenant = self.tenant.as_deref().ok_or("neither `tenant` nor AZURE_TENANT_ID is set")?;
        let options = ClientSecretCredentialOptions { client_options: self.client_options() };
        ClientSecretCredential::new(tenant, client.clone(), Secret::new(secret.clone()), Some(options))
            .map(|credential| credential as Arc<dyn TokenCredential>)
            .map_err(|error| error.to_string())
    }

    fn workload_identity(&self) -> Result<Arc<dyn TokenCredential>, String> {
        let Some(file) = &self.environment.federated_token_file else {
            return Err("AZURE_FEDERATED_TOKEN_FILE is not set".to_owned());
        };
        let options = WorkloadIdentityCredentialOptions {
            credential_options: ClientAssertionCredentialOptions { client_options: self.client_options() },
            client_id: self.environment.client.clone(),
            tenant_id: self.tenant.clone(),
            token_file_path: Some(file.into()),
        };
        WorkloadIdentityCredential::new(Some(options))
            .map(|credential| credential as Arc<dyn TokenCredential>)
            .map_err(|error| error.to_string())
    }

    fn managed_identity(&self) -> Result<Arc<dyn TokenCredential>, String> {
        let options = ManagedIdentityCredentialOptions {
            user_assigned_id: self.environment.client.clone().map(UserAssignedId::ClientId),
            client_options: ClientOptions { cloud: None, ..self.client_options() },
        };
        ManagedIdentityCredential::new(Some(options))
            .map(|credential| credential as Arc<dyn TokenCredential>)
            .map_err(|error| error.to_string())
    }

    fn az_login(&self) -> Result<Arc<dyn TokenCredential>, String> {
        let options = AzureCliCredentialOptions { tenant_id: self.tenant.clone(), ..Default::default() };
        AzureCliCredential::new(Some(options))
            .map(|credential| credential as Arc<dyn TokenCredential>)
            .map_err(|error| error.to_string())
    }

    fn client_options(&self) -> ClientOptions {
        let cloud = self.authority.clone().map(|authority_host| {
            let mut custom = CustomConfiguration::default();
            custom.authority_host = authority_host;
            Arc::new(CloudConfiguration::Custom(custom))
        });
        ClientOptions {
            cloud,
            retry: RetryOptions::none(),
            transport: Some(Transport::new(Arc::new(self.http.clone()))),
            ..ClientOptions::default()
        }
    }
}

/// A token for one request of the 0.21 management crates, which have their own idea of a credential.
#[derive(Debug)]
pub(crate) struct Bridge(azure_core_legacy::auth::AccessToken);

impl Bridge {
    pub(crate) fn new(token: &AccessToken) -> Self {
        Self(azure_core_legacy::auth::AccessToken::new(token.token.secret().to_owned(), token.expires_on))
    }
}

#[async_trait]
impl azure_core_legacy::auth::TokenCredential for Bridge {
    async fn get_token(&self, _scopes: &[&str]) -> azure_core_legacy::Result<azure_core_legacy::auth::AccessToken> {
        Ok(self.0.clone())
    }

    async fn clear_cache(&self) -> azure_core_legacy::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debug_print_shows_no_token() {
        assert!(!format!("{:?}", Tokens::fixed("hunter2hunter2")).contains("hunter2"));
    }

    #[test]
    fn half_an_environment_is_named() {
        let environment = Environment { client: Some("app".to_owned()), ..Environment::default() };
        let chain = Chain {
            environment,
            tenant: None,
            authority: None,
            http: reqwest::Client::new(),
            worked: AtomicUsize::new(0),
        };
        let reason = chain.client_secret().map(|_| ()).expect_err("no secret");
        assert!(reason.contains("AZURE_CLIENT_SECRET"), "{reason}");
    }
}
