//! Resource Manager: subscriptions, resource groups, resources, and the details that Resource Graph lacks.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{body::to_bytes, extract::Request, response::Response};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::{AzureError, Page, admit, authenticated, parameter, parameters, resource_graph, respond, without};
use crate::{
    estate::{AzureEstate, Estate, as_listed},
    faults::{Call, Gate},
};

const BODY_LIMIT: usize = 1 << 20;
/// Resource Manager pages its list of resources by a thousand.
const PAGE: usize = 1_000;
/// What a tenant-wide call is charged to.
const TENANT_SCOPE: &str = "tenant";

/// What the endpoint needs to answer.
#[derive(Debug)]
pub(crate) struct ResourceManagerEndpoint {
    pub(crate) estate: Arc<Estate>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) requests: Arc<AtomicU64>,
    pub(crate) base: String,
}

impl ResourceManagerEndpoint {
    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.route(request).await.unwrap_or_else(|error| error.response())
    }

    async fn route(&self, request: Request) -> Result<Response, AzureError> {
        let (parts, body) = request.into_parts();
        authenticated(&parts.headers)?;
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|error| {
            AzureError::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", error.to_string())
        })?;
        let path = parts.uri.path().trim_end_matches('/').to_ascii_lowercase();
        let query = parameters(parts.uri.query().unwrap_or_default());
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let azure = &self.estate.azure;
        if path == "/providers/microsoft.resourcegraph/resources" {
            if parts.method != Method::POST {
                return Err(AzureError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "Use POST."));
            }
            self.admit(TENANT_SCOPE, "Microsoft.ResourceGraph/resources/read").await?;
            return resource_graph::answer(azure, &body, &self.gate.injected());
        }
        if parameter(&query, "api-version").is_none_or(str::is_empty) {
            return Err(AzureError::new(
                StatusCode::BAD_REQUEST,
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.",
            ));
        }
        let body = match segments.as_slice() {
            ["tenants"] => {
                self.admit(TENANT_SCOPE, "Microsoft.Resources/tenants/read").await?;
                json!({"value": [{"id": format!("/tenants/{}", azure.tenant_id), "tenantId": azure.tenant_id}]})
            }
            ["subscriptions"] => {
                self.admit(TENANT_SCOPE, "Microsoft.Resources/subscriptions/read").await?;
                let items = azure.subscriptions.iter().map(|subscription| subscription_body(azure, &subscription.id));
                self.page(items.flatten().collect(), &path, &query)
            }
            ["providers", "microsoft.management", "managementgroups"] => {
                self.admit(TENANT_SCOPE, "Microsoft.Management/managementGroups/read").await?;
                let groups = rows_of(azure, "resourcecontainers", "microsoft.management/managementgroups", None);
                self.page(groups, &path, &query)
            }
            ["subscriptions", id] => {
                let id = self.enter(id, "Microsoft.Resources/subscriptions/read").await?;
                subscription_body(azure, &id).ok_or_else(|| AzureError::not_found(&path))?
            }
            ["subscriptions", id, "resourcegroups"] => {
                let id = self.enter(id, "Microsoft.Resources/subscriptions/resourceGroups/read").await?;
                let kind = "microsoft.resources/subscriptions/resourcegroups";
                let groups = rows_of(azure, "resourcecontainers", kind, Some(&id)).iter().map(resource_group).collect();
                self.page(groups, &path, &query)
            }
            ["subscriptions", id, "resources"] => {
                let id = self.enter(id, "Microsoft.Resources/subscriptions/resources/read").await?;
                let rows = azure.table("resources").unwrap_or_default();
                let own = rows.iter().filter(|row| row["subscriptionId"].as_str() == Some(&id));
                self.page(own.map(as_listed).collect(), &path, &query)
            }
            ["subscriptions", id, "providers", namespace, kind] if !azure.details.contains_key(&path) => {
                let id = self.enter(id, &format!("{namespace}/{kind}/read")).await?;
                let kind = format!("{namespace}/{kind}");
                let rows = azure.tables.keys().flat_map(|table| rows_of(azure, table, &kind, Some(&id))).collect();
                self.page(rows, &path, &query)
            }
            ["subscriptions", id, ..] => {
                self.enter(id, "*/read").await?;
                self.detail(&path).ok_or_else(|| AzureError::not_found(&path))?
            }
            _ => return Err(AzureError::not_found(&path)),
        };
        let mut response = respond(StatusCode::OK, &body);
        response.headers_mut().insert("x-ms-ratelimit-remaining-subscription-reads", HeaderValue::from_static("249"));
        Ok(response)
    }

    async fn admit(&self, scope: &str, action: &str) -> Result<(), AzureError> {
        admit(&self.gate, Call { scope, region: "global", service: "arm", action }).await
    }

    /// Checks that a subscription exists and may be read; gives its id in its own spelling.
    async fn enter(&self, id: &str, action: &str) -> Result<String, AzureError> {
        let subscription = self.estate.azure.subscription(id).ok_or_else(|| {
            let message = format!("The subscription '{id}' could not be found.");
            AzureError::new(StatusCode::NOT_FOUND, "SubscriptionNotFound", message)
        })?;
        self.admit(&subscription.id, action).await?;
        Ok(subscription.id.clone())
    }

    fn page(&self, items: Vec<Value>, path: &str, query: &[(String, String)]) -> Value {
        let offset = parameter(query, "$skiptoken").and_then(|token| token.parse().ok()).unwrap_or_default();
        let size = parameter(query, "$top").and_then(|top| top.parse().ok()).unwrap_or(PAGE).clamp(1, PAGE);
        let page = Page {
            items,
            size,
            offset,
            base: &self.base,
            path_and_query: format!("{path}?{}", without(query, "$skiptoken")),
            token_parameter: "$skiptoken",
            link_member: "nextLink",
        };
        page.body(&self.gate)
    }

    /// A stored detail, a whole resource, or an empty list of settings below one.
    fn detail(&self, path: &str) -> Option<Value> {
        let azure = &self.estate.azure;
        if let Some(value) = azure.details.get(path) {
            return Some(value.clone());
        }
        let find = |id: &str| {
            azure
                .tables
                .values()
                .flatten()
                .find(|row| row["id"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(id)))
        };
        if let Some(row) = find(path) {
            let mut listed = as_listed(row);
            listed["properties"] = row["properties"].clone();
            return Some(listed);
        }
        let (parent, _) = path.split_once("/providers/microsoft.insights/diagnosticsettings")?;
        find(parent).map(|_| json!({"value": []}))
    }
}

fn subscription_body(azure: &AzureEstate, id: &str) -> Option<Value> {
    let subscription = azure.subscription(id)?;
    Some(json!({
        "id": format!("/subscriptions/{id}"), "subscriptionId": id, "displayName": subscription.name, "state": "Enabled",
        "tenantId": azure.tenant_id, "authorizationSource": "RoleBased", "managedByTenants": [],
        "subscriptionPolicies": {"quotaId": "EnterpriseAgreement_2014-09-01", "spendingLimit": "Off",
                                 "locationPlacementId": "Public_2014-09-01"},
    }))
}

fn resource_group(row: &Value) -> Value {
    json!({
        "id": row["id"], "name": row["name"], "type": "Microsoft.Resources/resourceGroups", "location": row["location"],
        "tags": row["tags"], "properties": row["properties"],
    })
}

fn rows_of(azure: &AzureEstate, table: &str, kind: &str, subscription: Option<&str>) -> Vec<Value> {
    let rows = azure.table(table).unwrap_or_default().iter();
    rows.filter(|row| row["type"].as_str() == Some(kind))
        .filter(|row| subscription.is_none_or(|id| row["subscriptionId"].as_str() == Some(id)))
        .cloned()
        .collect()
}
