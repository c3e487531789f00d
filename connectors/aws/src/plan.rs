//! Planning: who we are, which accounts there are and can be entered, which regions they use, and the units of work.

use std::{collections::HashMap, sync::Arc};

use carveout_crawl::{ConnectorError, Failure, FailureClass, Plan, Unit, UnitContext};
use carveout_model::{Coverage, CoverageStatus, Provider, ScopeKind};
use futures_util::stream::{self, StreamExt};
use serde_json::Value;

use crate::{
    api::Place,
    connector::{AwsConnector, GLOBAL, HOME_REGION},
    credentials::{Role, Session},
    organization::{self, Organization},
    record::{Call, ScopeKind as TypeScope, TypeRecord},
    regions,
    settings::{Accounts, Regions},
    template::Bindings,
};

/// Accounts that are entered at once.
const ACCOUNTS_AT_ONCE: usize = 16;

/// An account that can be crawled.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub session: Arc<Session>,
    pub partition: Arc<str>,
    /// Where services without a region are asked.
    pub home_region: Arc<str>,
}

/// The caller, as STS knows it.
struct Caller {
    session: Arc<Session>,
    account: String,
    arn: String,
    partition: Arc<str>,
    /// The region of the caller's configuration, whose STS is asked.
    region: String,
}

pub(crate) async fn plan(connector: &AwsConnector, context: &UnitContext) -> Result<Plan, ConnectorError> {
    let caller = identify(connector, context).await?;
    let place = Place {
        session: &caller.session,
        account: &caller.account,
        region: &caller.region,
        partition: &caller.partition,
    };
    let mut plan = Plan { identity: Some(caller.arn.clone()), ..Plan::default() };
    let walked = organization::walk(&connector.api, context, &place).await;
    let organization = match (walked, &connector.settings.accounts) {
        (Ok(organization), _) => organization,
        (Err(failure), Accounts::Organization) => return Err(ConnectorError::Discovery(failure)),
        (Err(failure), Accounts::Own | Accounts::List(_)) => {
            // Without the list of our own accounts, every account that a policy names looks foreign.
            plan.coverage.push(row(&caller.account, GLOBAL, "AWS::Organizations::Organization", &failure));
            None
        }
    };
    let Organization { management_account, scopes, without_units } = organization.unwrap_or_default();
    if let Some(failure) = without_units {
        plan.coverage.push(row(&caller.account, GLOBAL, "AWS::Organizations::OrganizationalUnit", &failure));
    }
    plan.scopes = scopes;
    let targets = targets(connector, &caller, &mut plan)?;
    let entered = stream::iter(targets.into_iter().map(|account| enter(connector, context, &caller, account)));
    let mut entered: Vec<_> = entered.buffered(ACCOUNTS_AT_ONCE).collect().await;
    let mut planned = HashMap::new();
    for account in &mut entered {
        plan.coverage.append(&mut account.coverage);
        let Some(session) = account.session.take() else { continue };
        plan.units.extend(units(connector, account, management_account.as_deref()));
        let home_region = HOME_REGION.into();
        let found = Planned { session, partition: Arc::clone(&caller.partition), home_region };
        planned.insert(account.id.clone(), found);
    }
    connector.remember(planned);
    Ok(plan)
}

/// Asks STS who we are: the proof that the credentials are good.
async fn identify(connector: &AwsConnector, context: &UnitContext) -> Result<Caller, ConnectorError> {
    let (session, region) = connector.base().await?;
    let call = Call { operation: "GetCallerIdentity".to_owned(), ..Call::default() };
    let place = Place { session: &session, account: "caller", region: &region, partition: "aws" };
    let service = connector.api.service("sts").map_err(ConnectorError::Discovery)?;
    let answer = connector.api.call(context, &place, service, &call, &Bindings::default()).await;
    let answer = answer.map_err(|failure| match failure.class {
        FailureClass::Unreachable | FailureClass::Transient | FailureClass::Throttled { .. } | FailureClass::Fatal => {
            ConnectorError::Discovery(failure)
        }
        _ => ConnectorError::Credentials { reason: failure.to_string() },
    })?;
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (account, arn) = (text("Account"), text("Arn"));
    let partition = arn.split(':').nth(1).filter(|partition| !partition.is_empty()).unwrap_or("aws").into();
    Ok(Caller { session: Arc::new(session), account, arn, partition, region })
}

/// The accounts to enter. Those that are closed stay as scopes and get a row.
fn targets(connector: &AwsConnector, caller: &Caller, plan: &mut Plan) -> Result<Vec<String>, ConnectorError> {
    let known: HashMap<String, String> = plan
        .scopes
        .iter()
        .filter(|scope| scope.kind == ScopeKind::Account)
        .map(|scope| (scope.scope_id.clone(), scope.status.clone()))
        .collect();
    let wanted: Vec<String> = match &connector.settings.accounts {
        Accounts::Own => vec![caller.account.clone()],
        Accounts::List(ids) => ids.clone(),
        Accounts::Organization if known.is_empty() => vec![caller.account.clone()],
        Accounts::Organization => {
            let accounts = plan.scopes.iter().filter(|scope| scope.kind == ScopeKind::Account);
            accounts.map(|scope| scope.scope_id.clone()).collect()
        }
    };
    let mut targets = Vec::with_capacity(wanted.len());
    for id in wanted {
        if id != caller.account && connector.settings.role.is_none() {
            return Err(ConnectorError::Configuration {
                setting: "role".to_owned(),
                reason: format!("account {id} is not the caller's own ({}) and needs a role to assume", caller.account),
            });
        }
        match known.get(&id).map(String::as_str) {
            None => plan.scopes.push(organization::lone_account(&id)),
            Some("active" | "pending_activation") => {}
            Some(status) => {
                let message = format!("the account is {status}");
                plan.coverage.push(Coverage {
                    status: CoverageStatus::Skipped,
                    error_code: None,
                    message: Some(message),
                    ..row(&id, "*", "*", &Failure::new(FailureClass::Unsupported, "plan", ""))
                });
                continue;
            }
        }
        targets.push(id);
    }
    Ok(targets)
}

/// An account, entered or not.
struct Entered {
    id: String,
    session: Option<Arc<Session>>,
    regions: Vec<String>,
    coverage: Vec<Coverage>,
}

/// Assumes the role and finds the regions.
async fn enter(connector: &AwsConnector, context: &UnitContext, caller: &Caller, id: String) -> Entered {
    let settings = &connector.settings;
    let role = settings.role.as_ref().filter(|role| id != caller.account || !role.contains("{account}"));
    let session = match role {
        None => Arc::clone(&caller.session),
        Some(role) => Arc::new(Session::role(Role {
            api: Arc::clone(&connector.api),
            base: Arc::clone(&caller.session),
            role_arn: role.replace("{account}", &id),
            external_id: settings.external_id.clone(),
            region: caller.region.clone(),
        })),
    };
    let mut entered = Entered { id, session: None, regions: Vec::new(), coverage: Vec::new() };
    if let Err(failure) = assume(connector, context, caller, &session).await {
        entered.coverage.push(row(&entered.id, "*", "*", &failure));
        return entered;
    }
    let place = Place { session: &session, account: &entered.id, region: &caller.region, partition: &caller.partition };
    let is_regional = |record: &TypeRecord| record.scope == TypeScope::Regional && connector.wants(&record.name);
    match &settings.regions {
        Regions::List(names) => entered.regions.clone_from(names),
        Regions::Enabled if !connector.api.catalogue.types().iter().any(is_regional) => {}
        Regions::Enabled => match regions::enabled(&connector.api, context, &place).await {
            Ok(names) => entered.regions = names,
            Err(failure) => entered.coverage.push(row(&entered.id, "*", "*", &failure)),
        },
    }
    entered.session = Some(session);
    entered
}

/// Fetches the session's first credentials at the pace of STS.
async fn assume(
    connector: &AwsConnector,
    context: &UnitContext,
    caller: &Caller,
    session: &Session,
) -> Result<(), Failure> {
    let service = connector.api.service("sts")?;
    let bucket = connector.api.bucket(service, &caller.account, &caller.region);
    let quota = connector.api.quota(service);
    context.call(&bucket, quota, |_| async { session.credentials(false).await.map(drop) }).await
}

/// One unit for each wanted root type and place; a wanted type below an unwanted one gets a unit of its own.
fn units(connector: &AwsConnector, account: &Entered, management_account: Option<&str>) -> Vec<Unit> {
    let catalogue = &connector.api.catalogue;
    let starts_a_unit = |record: &&TypeRecord| {
        let parent = record.parent.as_deref();
        connector.wants(&record.name) && !parent.is_some_and(|parent| connector.wants(parent))
    };
    let mut units = Vec::new();
    for record in catalogue.types().iter().filter(starts_a_unit) {
        let regions: Vec<&str> = match record.scope {
            TypeScope::Regional => account.regions.iter().map(String::as_str).collect(),
            TypeScope::Management if management_account != Some(account.id.as_str()) => Vec::new(),
            TypeScope::Management | TypeScope::Global => vec![GLOBAL],
        };
        let Ok(service) = connector.api.service(&record.service) else { continue };
        units.extend(regions.into_iter().map(|region| Unit {
            provider: Provider::Aws,
            scope_id: account.id.clone(),
            region: region.to_owned(),
            type_name: record.name.clone(),
            bucket: connector.api.bucket(service, &account.id, region),
        }));
    }
    units
}

/// A row for what is known before the crawl not to be readable.
fn row(account: &str, region: &str, type_name: &str, failure: &Failure) -> Coverage {
    Coverage {
        provider: Provider::Aws,
        scope_id: account.to_owned(),
        region: region.to_owned(),
        type_name: type_name.to_owned(),
        status: failure.status(),
        resources: 0,
        requests: 0,
        retries: 0,
        elapsed_ms: 0,
        error_code: failure.code.clone(),
        message: Some(format!("{}: {}", failure.operation, failure.message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_was_denied_and_where() {
        let failure = Failure::new(FailureClass::Denied, "sts:AssumeRole", "no").with_code("AccessDenied");
        let row = row("111122223333", "*", "*", &failure);
        assert_eq!((row.status, row.error_code.as_deref()), (CoverageStatus::Denied, Some("AccessDenied")));
        assert_eq!(row.message.as_deref(), Some("sts:AssumeRole: no"));
    }
}
