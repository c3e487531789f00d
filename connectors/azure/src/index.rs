//! Azure Resource Graph: queries, their pages, and what makes an answer incomplete.
//!
//! Read through `azure_mgmt_resourcegraph`, for its requests; the answers are taken raw.

use std::{collections::HashMap, time::Duration};

use azure_mgmt_resourcegraph::package_preview_2021_03::{
    ClientBuilder,
    models::{QueryRequest, QueryRequestOptions, query_request_options::ResultFormat},
};
use carveout_crawl::{Attempt, Failure, FailureClass, Quota, UnitContext};
use serde_json::Value;

use crate::{failure, service::Service, settings};

/// The tables that are read, in this order.
pub const TABLES: &[&str] = &[
    crate::catalogue::RESOURCES,
    "resourcecontainers",
    "authorizationresources",
    "managedservicesresources",
    "networkresources",
    "dnsresources",
    "policyresources",
    "securityresources",
];

/// Rows of one page; the most that Resource Graph gives.
const PAGE: i32 = 1000;
/// Longest wait for a quota that is used up; the window is five seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Resource Graph of one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    service: Service,
    bucket: String,
    quota: Quota,
}

/// The rows of one answer.
#[derive(Debug)]
struct Page {
    rows: Vec<Value>,
    total: Option<u64>,
    is_truncated: bool,
    next: Option<String>,
}

impl Index {
    pub(crate) fn new(service: Service, bucket: String) -> Self {
        // Fifteen queries in five seconds for each principal; an emulator has no such limit.
        let requests_per_second = (!settings::is_emulator(service.base())).then_some(3.0);
        Self { service, bucket, quota: Quota { requests_per_second, in_flight: 4 } }
    }

    /// The bucket that its queries count against.
    pub(crate) fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The pages of a query over the subscriptions; over the whole tenant when none is named.
    pub(crate) fn pages<'a>(
        &'a self,
        context: &'a UnitContext,
        subscriptions: Vec<String>,
        query: String,
    ) -> Pages<'a> {
        Pages { index: self, context, subscriptions, query, read: 0, next: Next::Page(None) }
    }

    /// How many rows of a table each subscription has; one that has none is not listed.
    pub(crate) async fn counts(&self, context: &UnitContext, table: &str) -> Result<HashMap<String, u64>, Failure> {
        let query = format!("{table} | summarize n=count() by subscriptionId");
        let mut pages = self.pages(context, Vec::new(), query);
        let mut counts = HashMap::new();
        while let Some(rows) = pages.next().await? {
            for row in rows {
                let subscription = row.get("subscriptionId").and_then(Value::as_str).unwrap_or_default();
                let count = row.get("n").and_then(Value::as_u64).unwrap_or_default();
                counts.insert(subscription.to_ascii_lowercase(), count);
            }
        }
        Ok(counts)
    }

    async fn page(
        &self,
        context: &UnitContext,
        subscriptions: &[String],
        query: &str,
        skip_token: Option<&str>,
    ) -> Result<Page, Failure> {
        let table = query.split_whitespace().next().unwrap_or_default();
        let operation = format!("Resource Graph: {table}");
        let operation = operation.as_str();
        let request = |attempt: Attempt| async move {
            let mut body = QueryRequest::new(query.to_owned());
            body.subscriptions = subscriptions.to_vec();
            body.options = Some(QueryRequestOptions {
                top: Some(PAGE),
                skip_token: skip_token.map(ToOwned::to_owned),
                result_format: Some(ResultFormat::ObjectArray),
                ..QueryRequestOptions::default()
            });
            let send = self.service.through_sdk(operation, attempt, None, |parts| async move {
                let client = ClientBuilder::new(parts.credential)
                    .endpoint(parts.endpoint)
                    .scopes(&[&parts.scope])
                    .retry(azure_core_legacy::RetryOptions::none())
                    .transport(parts.transport)
                    .build()?;
                client.resources(body).send().await.map(drop)
            });
            let answer = send.await?;
            let page = read(&answer.json(operation)?, operation)?;
            // The quota is shared by all queries of this principal: waiting here keeps the next one from being refused.
            let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
            if header("x-ms-user-quota-remaining") == Some("0") {
                let wait = header("x-ms-user-quota-resets-after").and_then(failure::clock).unwrap_or_default();
                tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
            }
            if header("x-ms-tenant-subscription-limit-hit") == Some("true") {
                let message = "the scope of this query holds more subscriptions than one query covers";
                return Err(Failure::new(FailureClass::Fatal, operation, message).with_code("SubscriptionLimitHit"));
            }
            Ok(page)
        };
        context.call(&self.bucket, self.quota, request).await
    }
}

fn read(body: &Value, operation: &str) -> Result<Page, Failure> {
    let rows = match body.get("data") {
        Some(Value::Array(rows)) => rows.clone(),
        _ => return Err(failure::unreadable(operation, "`data` is no list of rows")),
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    Ok(Page {
        rows,
        total: body.get("totalRecords").and_then(Value::as_u64),
        // The service writes a text here.
        is_truncated: text("resultTruncated").is_some_and(|word| word.eq_ignore_ascii_case("true"))
            || body.get("resultTruncated") == Some(&Value::Bool(true)),
        next: text("$skipToken").filter(|token| !token.is_empty()).map(ToOwned::to_owned),
    })
}

/// The pages of one query, one after the other.
#[derive(Debug)]
pub(crate) struct Pages<'a> {
    index: &'a Index,
    context: &'a UnitContext,
    subscriptions: Vec<String>,
    query: String,
    read: u64,
    next: Next,
}

/// What asking for another page gives.
#[derive(Debug)]
enum Next {
    Page(Option<String>),
    End,
    /// The rows were handed on; they are not all there are.
    CutOff(Failure),
}

impl Pages<'_> {
    /// The rows of the next page; none after the last.
    ///
    /// # Errors
    /// A failed request; and, instead of an end that looks like the whole, an answer that was cut off or that holds
    /// fewer rows than it counts.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Value>>, Failure> {
        let skip_token = match std::mem::replace(&mut self.next, Next::End) {
            Next::Page(skip_token) => skip_token,
            Next::End => return Ok(None),
            Next::CutOff(failure) => return Err(failure),
        };
        let page = self.index.page(self.context, &self.subscriptions, &self.query, skip_token.as_deref()).await?;
        self.read += page.rows.len() as u64;
        self.next = match page.next {
            Some(skip_token) => Next::Page(Some(skip_token)),
            None => self.shortfall(page.is_truncated, page.total).map_or(Next::End, Next::CutOff),
        };
        Ok(Some(page.rows))
    }

    /// Why the rows read so far are not the whole answer, when they are not.
    fn shortfall(&self, is_truncated: bool, total: Option<u64>) -> Option<Failure> {
        let table = self.query.split_whitespace().next().unwrap_or_default();
        let failure = |code: &str, message: String| {
            Failure::new(FailureClass::Fatal, format!("Resource Graph: {table}"), message).with_code(code)
        };
        if is_truncated {
            let message = format!("the answer was cut off after {} rows and gives no token for the rest", self.read);
            return Some(failure("ResultTruncated", message));
        }
        let total = total.filter(|total| self.read < *total)?;
        Some(failure("RowsMissing", format!("the answer counts {total} rows and gave {}", self.read)))
    }
}
