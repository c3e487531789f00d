//! The Azure endpoints over plain HTTP: Resource Graph, Resource Manager and Microsoft Graph.

use std::collections::BTreeSet;

use carveout_model::Provider;
use carveout_simcloud::{Denial, Estate, EstateOptions, Faults, SimCloud, Throttle};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

/// A client that reads no root certificates: nothing here speaks TLS, and reading them is slow.
fn client() -> Client {
    Client::builder().tls_certs_only([]).build().expect("a client")
}

async fn start(faults: Faults) -> SimCloud {
    SimCloud::start(Estate::generate(&EstateOptions::default()), faults).await.expect("the loopback has ports")
}

async fn get(url: &str) -> Response {
    client().get(url).bearer_auth("simulated").send().await.expect("the endpoint answers")
}

async fn ask(cloud: &SimCloud, body: &Value) -> Response {
    let url = format!(
        "{}/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01",
        cloud.azure_resource_manager()
    );
    client().post(url).bearer_auth("simulated").json(body).send().await.expect("the endpoint answers")
}

#[tokio::test]
async fn resource_graph_pages_over_every_readable_row_in_order() {
    let cloud = start(Faults::default()).await;
    let mut ids = Vec::new();
    let mut token = None::<String>;
    loop {
        let mut options = json!({"$top": 100, "resultFormat": "objectArray"});
        if let Some(token) = &token {
            options["$skipToken"] = json!(token);
        }
        let response = ask(&cloud, &json!({"query": "resources | order by id asc", "options": options})).await;
        assert_eq!(response.headers()["x-ms-user-quota-remaining"], "14");
        let body: Value = response.json().await.expect("JSON");
        assert_eq!(body["resultTruncated"], "false", "a string, as in the real service");
        assert_eq!(body["count"], body["data"].as_array().expect("rows").len());
        ids.extend(
            body["data"]
                .as_array()
                .expect("rows")
                .iter()
                .map(|row| row["id"].as_str().expect("id").to_ascii_lowercase()),
        );
        token = body["$skipToken"].as_str().map(str::to_owned);
        if token.is_none() {
            assert_eq!(body["totalRecords"], ids.len());
            break;
        }
    }
    assert!(ids.is_sorted(), "rows come in the order of their ids");
    let found: BTreeSet<String> = ids.into_iter().collect();
    let expected: BTreeSet<String> = cloud
        .estate()
        .truth()
        .resources
        .iter()
        .filter(|each| each.provider == Provider::Azure && each.key.contains("/providers/") && each.region != "global")
        .filter(|each| !each.key.contains("/policyassignments/"))
        .map(|each| each.key.clone())
        .collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_forbidden_subscription_is_listed_answers_403_and_is_missing_from_the_index() {
    let cloud = start(Faults::default()).await;
    let arm = cloud.azure_resource_manager();
    let denied = cloud.estate().truth().denied_scopes.iter().find(|scope| scope.provider == Provider::Azure);
    let denied = denied.expect("a forbidden subscription").scope_id.clone();
    let list: Value = get(&format!("{arm}/subscriptions?api-version=2016-06-01")).await.json().await.expect("JSON");
    assert!(list["value"].as_array().expect("subscriptions").iter().any(|each| each["subscriptionId"] == *denied));
    let response = get(&format!("{arm}/subscriptions/{denied}/resources?api-version=2021-04-01")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["error"]["code"], "AuthorizationFailed");
    let count = json!({"query": "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | summarize n=count()"});
    let body: Value = ask(&cloud, &count).await.json().await.expect("JSON");
    assert_eq!(body["data"], json!([{"n": 2}]));
    let only = ask(&cloud, &json!({"query": "resources", "subscriptions": [denied]})).await;
    assert_eq!(only.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_table_that_resource_graph_lacks_is_a_bad_request() {
    let cloud = start(Faults::default()).await;
    let response = ask(&cloud, &json!({"query": "nosuchresources | order by id asc"})).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let truncated = ask(&cloud, &json!({"query": "resources | take 3"})).await;
    let body: Value = truncated.json().await.expect("JSON");
    assert_eq!((body["resultTruncated"].as_str(), body["count"].as_u64()), (Some("true"), Some(3)));
}

#[tokio::test]
async fn next_links_are_absolute_and_lead_to_the_rest_unless_they_are_made_foreign() {
    let cloud = start(Faults { page_size: Some(50), ..Faults::default() }).await;
    let subscription = cloud.estate().azure_subscriptions()[0].to_owned();
    let first =
        format!("{}/subscriptions/{subscription}/resources?api-version=2021-04-01", cloud.azure_resource_manager());
    let mut url = first.clone();
    let mut found = 0;
    loop {
        let body: Value = get(&url).await.json().await.expect("JSON");
        found += body["value"].as_array().expect("resources").len();
        assert!(body["value"][0].get("properties").is_none(), "the list has no properties");
        match body["nextLink"].as_str() {
            Some(next) => {
                assert!(next.starts_with(&cloud.azure_resource_manager()) && next.contains("%24skiptoken="), "{next}");
                url = next.to_owned();
            }
            None => break,
        }
    }
    assert!(found > 100, "{found} resources");

    cloud.set_faults(Faults {
        page_size: Some(50),
        foreign_next_link: Some("http://127.0.0.2:9".to_owned()),
        ..Faults::default()
    });
    let body: Value = get(&first).await.json().await.expect("JSON");
    assert!(body["nextLink"].as_str().expect("a link").starts_with("http://127.0.0.2:9/subscriptions/"));
}

#[tokio::test]
async fn throttling_says_when_to_come_back_and_a_token_is_required() {
    let throttle = Throttle { scope: "tenant".to_owned(), per_second: 0.5, burst: 1 };
    let cloud = start(Faults { throttle: vec![throttle], ..Faults::default() }).await;
    assert_eq!(ask(&cloud, &json!({"query": "resources"})).await.status(), StatusCode::OK);
    let refused = ask(&cloud, &json!({"query": "resources"})).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "2");
    let anonymous = client().get(format!("{}/subscriptions", cloud.azure_resource_manager())).send().await;
    assert_eq!(anonymous.expect("the endpoint answers").status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn details_that_the_index_lacks_are_served_by_resource_manager() {
    let cloud = start(Faults::default()).await;
    let arm = cloud.azure_resource_manager();
    let account =
        cloud.estate().truth().resources.iter().find(|each| each.type_name == "microsoft.storage/storageaccounts");
    let key = &account.expect("a storage account").key;
    let url = format!("{arm}{key}/blobServices/default?api-version=2023-05-01");
    let body: Value = get(&url).await.json().await.expect("JSON");
    assert!(body["properties"]["deleteRetentionPolicy"]["enabled"].is_boolean());
    let url = format!("{arm}{key}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview");
    assert_eq!(get(&url).await.json::<Value>().await.expect("JSON"), json!({"value": []}));
    let subscription = cloud.estate().azure_subscriptions()[0].to_owned();
    let url = format!(
        "{arm}/subscriptions/{subscription}/providers/Microsoft.ManagedServices/registrationDefinitions?api-version=2022-10-01"
    );
    let body: Value = get(&url).await.json().await.expect("JSON");
    assert_eq!(body["value"][0]["properties"]["managedByTenantName"], "Example Managed Services");
}

#[tokio::test]
async fn microsoft_graph_pages_selects_and_filters() {
    let cloud = start(Faults::default()).await;
    let graph = cloud.azure_graph();
    let mut url = format!("{graph}/v1.0/servicePrincipals?$select=id,appId,appOwnerOrganizationId&$top=10");
    let mut found = Vec::new();
    loop {
        let body: Value = get(&url).await.json().await.expect("JSON");
        let page = body["value"].as_array().expect("principals").clone();
        assert!(page.len() <= 10 && page.iter().all(|each| each.get("displayName").is_none()));
        found.extend(page);
        match body["@odata.nextLink"].as_str() {
            Some(next) => url = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(found.len(), cloud.estate().truth().counts(Provider::Azure)["microsoft.graph/serviceprincipals"]);
    assert!(found.iter().any(|each| each["appOwnerOrganizationId"].is_null()), "managed identities have no owner");
    let url = format!("{graph}/v1.0/users?$filter=userType%20eq%20'Guest'");
    let guests: Value = get(&url).await.json().await.expect("JSON");
    assert_eq!(guests["value"].as_array().expect("users").len(), 1);

    cloud.set_faults(Faults { denied: vec![Denial::new("*", "graph:users")], ..Faults::default() });
    let refused = get(&url).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let body: Value = refused.json().await.expect("JSON");
    assert_eq!(body["error"]["code"], "Authorization_RequestDenied");
}
