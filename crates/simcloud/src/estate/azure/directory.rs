//! The directory: applications of ours and of vendors, what people let them do, and people.

use carveout_model::Provider;
use serde_json::{Value, json};

use super::{AzureEstate, TENANT, evidence, expect_in_tenant};
use crate::estate::{DOMAIN, GITHUB_ORGANIZATION, Lookalike, Truth};

/// Microsoft's own tenant, which its first-party applications belong to.
const MICROSOFT_TENANT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/// An application of another tenant that people have consented to.
struct ForeignApplication {
    vendor_id: &'static str,
    app_id: &'static str,
    name: &'static str,
    publisher: &'static str,
    homepage: &'static str,
    scope: &'static str,
}

/// Application ids as they are published.
const APPLICATIONS: &[ForeignApplication] = &[
    ForeignApplication {
        vendor_id: "docusign",
        app_id: "dff9b531-6290-4620-afce-26826a62a4e7",
        name: "DocuSign",
        publisher: "DocuSign, Inc.",
        homepage: "https://www.docusign.com",
        scope: "openid profile User.Read Files.Read.All",
    },
    ForeignApplication {
        vendor_id: "asana",
        app_id: "f217ad13-46b8-4c5b-b661-876ccdf37302",
        name: "Asana",
        publisher: "Asana, Inc.",
        homepage: "https://asana.com",
        scope: "openid profile email User.Read",
    },
];

/// Writes the directory.
pub(super) fn write(azure: &mut AzureEstate, truth: &mut Truth) {
    let mut principals = Vec::new();
    let mut grants = Vec::new();
    let mut principal = |id: String, app_id: &str, name: &str, members: Value| {
        let mut row = json!({
            "id": id, "appId": app_id, "displayName": name, "servicePrincipalType": "Application", "accountEnabled": true,
            "appOwnerOrganizationId": TENANT, "publisherName": "Acme", "homepage": null, "replyUrls": [], "tags": [],
            "signInAudience": "AzureADMyOrg", "createdDateTime": "2025-02-01T09:00:00Z", "appRoles": [], "info": {},
            "oauth2PermissionScopes": [], "verifiedPublisher": {"displayName": null, "verifiedPublisherId": null},
        });
        if let (Value::Object(row), Value::Object(members)) = (&mut row, members) {
            row.extend(members);
        }
        expect_in_tenant(truth, "microsoft.graph/serviceprincipals", &id);
        principals.push(row);
        id
    };
    let object_id = |number: usize| format!("acce0000-0000-4000-8000-{:012x}", 0xb_0000 + number);
    let mut seen = Vec::new();
    for (index, application) in APPLICATIONS.iter().enumerate() {
        let owner = format!("acce0000-0000-4000-8000-{:012x}", 0xe_0000 + index);
        let id = principal(
            object_id(index),
            application.app_id,
            application.name,
            json!({
                "appOwnerOrganizationId": owner, "publisherName": application.publisher, "homepage": application.homepage,
                "replyUrls": [format!("{}/oauth", application.homepage)], "signInAudience": "AzureADMultipleOrgs",
                "verifiedPublisher": {"displayName": application.publisher, "verifiedPublisherId": "1000001",
                                      "addedDateTime": "2023-01-01T00:00:00Z"},
            }),
        );
        grants.push(json!({
            "id": format!("grant-{index}"), "clientId": id, "consentType": "AllPrincipals", "principalId": null,
            "resourceId": object_id(90), "scope": application.scope,
        }));
        seen.push((application.vendor_id, evidence(TENANT, &id, "service_principal", application.app_id)));
    }
    let microsoft = principal(
        object_id(90),
        "00000003-0000-0000-c000-000000000000",
        "Microsoft Graph",
        json!({"appOwnerOrganizationId": MICROSOFT_TENANT, "publisherName": "Microsoft Services"}),
    );
    for index in 0..30 {
        let (kind, owner) =
            if index % 3 == 0 { ("ManagedIdentity", Value::Null) } else { ("Application", json!(TENANT)) };
        let app_id = format!("acce0000-0000-4000-8000-{:012x}", 0xd_0000 + index);
        let name = format!("acme-service-{index:02}");
        principal(
            object_id(100 + index),
            &app_id,
            &name,
            json!({"servicePrincipalType": kind, "appOwnerOrganizationId": owner}),
        );
    }
    for (vendor_id, evidence) in seen {
        truth.vendor(vendor_id, evidence);
    }
    truth.lookalikes.push(Lookalike {
        provider: Provider::Azure,
        resource_key: microsoft,
        value: MICROSOFT_TENANT.to_owned(),
        reason: "provider_owned".to_owned(),
    });
    let guest = json!({
        "id": object_id(200), "displayName": "Guest Consultant", "userType": "Guest", "accountEnabled": true,
        "mail": "guest@outlook.com", "userPrincipalName": format!("guest_outlook.com#EXT#@{DOMAIN}"),
        "createdDateTime": "2025-05-01T00:00:00Z", "externalUserState": "Accepted",
    });
    expect_in_tenant(truth, "microsoft.graph/users", &object_id(200));
    truth.lookalikes.push(Lookalike {
        provider: Provider::Azure,
        resource_key: object_id(200),
        value: "guest@outlook.com".to_owned(),
        reason: "person".to_owned(),
    });
    let members = (0..40).map(|index| {
        json!({
            "id": object_id(201 + index), "displayName": format!("Employee {index:02}"), "userType": "Member",
            "accountEnabled": true, "mail": format!("employee{index:02}@{DOMAIN}"),
            "userPrincipalName": format!("employee{index:02}@{DOMAIN}"), "createdDateTime": "2025-01-01T00:00:00Z",
        })
    });
    azure.directory.insert("users".to_owned(), std::iter::once(guest).chain(members).collect());
    azure.directory.insert("servicePrincipals".to_owned(), principals);
    azure.directory.insert("oauth2PermissionGrants".to_owned(), grants);
    let domains = vec![json!({"id": DOMAIN, "isDefault": true, "isVerified": true, "authenticationType": "Managed"})];
    azure.directory.insert("domains".to_owned(), domains);
    let tenant = json!({"id": TENANT, "displayName": "Acme", "verifiedDomains": [{"name": DOMAIN, "isDefault": true}]});
    azure.directory.insert("organization".to_owned(), vec![tenant]);
    let federated = json!({"id": "github", "name": "github", "issuer": "https://token.actions.githubusercontent.com",
                           "subject": format!("repo:{GITHUB_ORGANIZATION}/infra:ref:refs/heads/main"),
                           "audiences": ["api://AzureADTokenExchange"]});
    let application = json!({"id": object_id(300), "appId": object_id(301), "displayName": "deployer", "signInAudience": "AzureADMyOrg",
                             "federatedIdentityCredentials": [federated]});
    expect_in_tenant(truth, "microsoft.graph/applications", &object_id(300));
    azure.directory.insert("applications".to_owned(), vec![application]);
}
