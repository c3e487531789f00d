//! Azure Resource Manager: the subscriptions, the generic list of a subscription's resources, and details.

use azure_mgmt_resources::package_resources_2021_04::ClientBuilder;
use carveout_crawl::{Attempt, Failure, FailureClass, Quota, UnitContext};
use carveout_model::Resource;
use futures_util::{StreamExt, stream};
use serde_json::Value;
use url::Url;

use crate::{catalogue::Detail, failure, service::Service, settings};

/// The API version of `GET /subscriptions`.
const SUBSCRIPTIONS: &str = "/subscriptions?api-version=2022-12-01";
/// What the generic list is asked to add; it has no `properties` in any case.
const EXPAND: &str = "createdTime,changedTime,provisioningState";
/// Detail requests of one page of resources at once.
const DETAILS_AT_ONCE: usize = 8;

/// Azure Resource Manager of one cloud.
#[derive(Debug, Clone)]
pub(crate) struct Manager {
    service: Service,
    bucket: String,
    quota: Quota,
}

impl Manager {
    pub(crate) fn new(service: Service, bucket: String) -> Self {
        // A bucket of 250 reads for each subscription and principal, filled again with 25 a second.
        let requests_per_second = (!settings::is_emulator(service.base())).then_some(25.0);
        Self { service, bucket, quota: Quota { requests_per_second, in_flight: 4 } }
    }

    /// The bucket of a subscription's requests; of the tenant's own for none.
    fn bucket(&self, subscription: Option<&str>) -> String {
        format!("{}/{}", self.bucket, subscription.unwrap_or("tenant"))
    }

    /// Every subscription that the credentials see, in ARM's own answer.
    ///
    /// Read raw: the generated model of this operation can't read an answer without a `nextLink`.
    pub(crate) async fn subscriptions(&self, context: &UnitContext) -> Result<Vec<Value>, Failure> {
        let mut subscriptions = Vec::new();
        let mut next = Some(self.service.url(SUBSCRIPTIONS)?);
        while let Some(url) = next.take() {
            let body = self.service.get(context, &self.bucket(None), self.quota, &url).await?;
            let (rows, link) = self.page(body, "GET /subscriptions")?;
            subscriptions.extend(rows);
            next = link;
        }
        Ok(subscriptions)
    }

    /// One page of the generic list of a subscription, and the link to the next.
    ///
    /// Through `azure_mgmt_resources`; its models drop members and refuse a page for one unknown word, so that the
    /// answer is taken raw.
    pub(crate) async fn resources(
        &self,
        context: &UnitContext,
        subscription: &str,
        follow: Option<Url>,
    ) -> Result<(Vec<Value>, Option<Url>), Failure> {
        let operation = format!("GET /subscriptions/{subscription}/resources");
        let (operation, follow) = (operation.as_str(), &follow);
        let request = |attempt: Attempt| async move {
            let send = self.service.through_sdk(operation, attempt, follow.clone(), |parts| async move {
                let client = ClientBuilder::new(parts.credential)
                    .endpoint(parts.endpoint)
                    .scopes(&[&parts.scope])
                    .retry(azure_core_legacy::RetryOptions::none())
                    .transport(parts.transport)
                    .build()?;
                let mut pages = client.resources_client().list(subscription).expand(EXPAND).into_stream();
                pages.next().await.transpose().map(drop)
            });
            send.await?.json(operation)
        };
        let body = context.call(&self.bucket(Some(subscription)), self.quota, request).await?;
        self.page(body, operation)
    }

    /// Asks for the details of every resource; what could not be read is named in `unread` and in the part's gaps.
    pub(crate) async fn add_details(&self, context: &UnitContext, details: &[Detail], resources: &mut [Resource]) {
        let mut wanted = Vec::with_capacity(resources.len());
        for resource in resources {
            wanted.push(self.add_details_to(context, details, resource));
        }
        stream::iter(wanted).buffer_unordered(DETAILS_AT_ONCE).collect::<()>().await;
    }

    async fn add_details_to(&self, context: &UnitContext, details: &[Detail], resource: &mut Resource) {
        for detail in details {
            match self.detail(context, detail, resource).await {
                Ok(answer) => set(resource, &detail.member, answer),
                Err(failure) if failure.class == FailureClass::Absent => set(resource, &detail.member, Value::Null),
                Err(failure) => {
                    context.gap(&detail.member, &failure);
                    resource.unread.push(detail.member.clone());
                }
            }
        }
    }

    async fn detail(&self, context: &UnitContext, detail: &Detail, resource: &Resource) -> Result<Value, Failure> {
        // The id in its own spelling: ARM does not mind, but what stands in front of it may.
        let id = resource.config.get("id").and_then(Value::as_str).unwrap_or(&resource.resource_key);
        let path = format!("{id}{}?api-version={}", detail.path, detail.api_version);
        let url = self.service.url(&path)?;
        let mut body = self.service.get(context, &self.bucket(Some(&resource.scope_id)), self.quota, &url).await?;
        // A collection becomes the list itself; these collections have one page.
        Ok(match body.get_mut("value") {
            Some(rows @ Value::Array(_)) => rows.take(),
            _ => body,
        })
    }

    fn page(&self, mut body: Value, operation: &str) -> Result<(Vec<Value>, Option<Url>), Failure> {
        let Some(Value::Array(rows)) = body.get_mut("value").map(Value::take) else {
            return Err(failure::unreadable(operation, "`value` is no list"));
        };
        let link = body.get("nextLink").and_then(Value::as_str).filter(|link| !link.is_empty());
        let link = link.map(|link| self.service.link(link, operation)).transpose()?;
        Ok((rows, link))
    }
}

fn set(resource: &mut Resource, member: &str, value: Value) {
    if let Value::Object(members) = &mut resource.config {
        members.insert(member.to_owned(), value);
    }
}
