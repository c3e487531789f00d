//! Entra tenants and applications, partner namespaces, Google members and projects.

use carveout_model::{Observation, Outsider, Provider};
use serde_json::{Value, json};

use super::{
    Resolver,
    verdict::{PartyRef, STRONG, Verdict},
};
use crate::directory::{Owner, SignalKind, Standing};

/// Mail that anybody can have: an address there is a person, not a vendor.
pub(super) const PERSONAL_MAIL: &[&str] = &[
    "aol.com",
    "gmail.com",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "web.de",
    "yahoo.com",
];

/// Projects from which Google hands out images and code.
const GOOGLE_PROJECTS: &[&str] = &[
    "centos-cloud",
    "opensuse-cloud",
    "cloud-builders",
    "cloud-marketplace",
    "cloud-sql-connectors",
    "cloudsql-docker",
    "container-optimized-os",
    "cos-cloud",
    "deeplearning-platform-release",
    "distroless",
    "fedora-coreos-cloud",
    "gke-node-images",
    "gke-release",
    "google-containers",
    "google.com",
    "google_containers",
    "ml-images",
    "serverless-runtimes",
    "windows-cloud",
    "windows-sql-cloud",
];

/// The tenant of everybody's personal Microsoft account.
const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

impl Resolver<'_> {
    pub(super) fn azure_tenant(&self, tenant: &str) -> Verdict {
        if self.ours.has_tenant(tenant) {
            return Verdict::explained(format!("own Entra tenant {tenant}"));
        }
        if tenant == PERSONAL_TENANT {
            return Verdict::Exposure { kind: "personal_account" };
        }
        match self.directory.find(SignalKind::AzureTenant, tenant) {
            Some(hit) => self.hit(hit),
            None => Verdict::unknown(
                format!("unknown-tenant-{tenant}"),
                format!("Unknown Entra tenant {tenant}"),
                Some(Provider::Azure),
            ),
        }
    }

    /// The tenant that owns an application is whom the application says it is, where the tenant alone tells nothing.
    pub(super) fn owner_tenant(&self, tenant: &str, seen: &Observation) -> Verdict {
        match self.applications.get(seen.resource_key.as_str()) {
            Some(named)
                if !self.ours.has_tenant(tenant) && self.directory.find(SignalKind::AzureTenant, tenant).is_none() =>
            {
                match &named.outsider {
                    Outsider::AzureApplication(application) => self.azure_application(application, named),
                    _ => self.azure_tenant(tenant),
                }
            }
            _ => self.azure_tenant(tenant),
        }
    }

    /// An application is whose tenant owns it; its display name proves nothing.
    pub(super) fn azure_application(&self, application: &str, seen: &Observation) -> Verdict {
        let said = |member: &str| seen.context.get(member).and_then(Value::as_str);
        let owner = said("owner_tenant");
        if seen.context.get("owner_tenant").is_some_and(serde_json::Value::is_null) {
            return Verdict::explained("application without an owner tenant: a managed identity or our own".to_owned());
        }
        if let Some(owner) = owner.filter(|owner| self.ours.has_tenant(owner)) {
            return Verdict::explained(format!("application of the own Entra tenant {owner}"));
        }
        if let Some(hit) = self.directory.find(SignalKind::AzureAppId, application) {
            return self.hit(hit);
        }
        if let Some(vendor) = said("verified_publisher").and_then(|name| self.directory.vendor_by_name(name)) {
            let matched = json!({"kind": "verified_publisher", "pattern": said("verified_publisher")});
            return Verdict::party(PartyRef::vendor(vendor), STRONG, matched);
        }
        match owner {
            Some(owner) => self.azure_tenant(owner),
            None => Verdict::unknown(
                format!("unknown-application-{application}"),
                format!("Unknown Entra application {application}"),
                Some(Provider::Azure),
            ),
        }
    }

    /// Microsoft's own namespaces say nothing: every Azure resource has one.
    pub(super) fn azure_namespace(&self, namespace: &str) -> Verdict {
        match self.directory.find(SignalKind::AzureProviderNamespace, namespace) {
            Some(hit) if matches!(hit.pattern.owner, Owner::Provider { .. }) => Verdict::Silent,
            Some(hit) => self.hit(hit),
            None => {
                let partner = namespace.split('/').next().unwrap_or(namespace);
                let name = format!("Unknown Azure partner {partner}");
                Verdict::unknown(format!("azure-partner-{partner}"), name, None)
            }
        }
    }

    pub(super) fn gcp_member(&self, member: &str) -> Verdict {
        if member.starts_with("deleted:") {
            return Verdict::explained(format!("deleted member {member}: it stays in the policy and admits nobody"));
        }
        let Some((kind, name)) = member.split_once(':') else {
            return Verdict::unknown(
                format!("unknown-member-{member}"),
                format!("Unknown member {member}"),
                Some(Provider::Gcp),
            );
        };
        match kind {
            "serviceAccount" => self.service_account(name),
            "user" | "group" | "domain" => self.mail_domain(kind, name),
            "projectOwner" | "projectEditor" | "projectViewer" => self.gcp_project(name),
            "principal" | "principalSet" => match name.split_once("projects/") {
                Some((_, rest)) => self.gcp_project(rest.split('/').next().unwrap_or(rest)),
                // Workforce pools belong to an organization and hold its own people.
                None => Verdict::explained(format!("federated identity of a workforce pool, {member}")),
            },
            _ => Verdict::unknown(
                format!("unknown-member-{member}"),
                format!("Unknown member {member}"),
                Some(Provider::Gcp),
            ),
        }
    }

    fn service_account(&self, email: &str) -> Verdict {
        // A pool of a cluster: `project.svc.id.goog[namespace/account]`.
        if let Some((project, _)) = email.split_once(".svc.id.goog") {
            return self.gcp_project(project);
        }
        let Some((local, domain)) = email.split_once('@') else {
            let name = format!("Unknown service account {email}");
            return Verdict::unknown(format!("unknown-member-{email}"), name, Some(Provider::Gcp));
        };
        let hit = self.directory.find(SignalKind::GcpSaSuffix, email);
        match hit.map(|hit| (&hit.pattern.owner, hit)) {
            Some((Owner::Vendor(_), hit)) => self.hit(hit),
            Some((Owner::Provider { standing: Standing::Owned, .. }, hit)) => self.hit(hit),
            // The account is Google's, the project in its name is its customer's.
            Some((Owner::Provider { service, .. }, _)) => match customer_project(local) {
                Some(project) if self.ours.has_project(project) => {
                    Verdict::explained(format!("Google service agent of the own project {project}: {service}"))
                }
                Some(project) => self.gcp_project(project),
                None => Verdict::explained(format!("Google service account: {service}")),
            },
            None => match domain.strip_suffix(".iam.gserviceaccount.com") {
                Some(project) => self.gcp_project(project),
                None => self.mail_domain("serviceAccount", email),
            },
        }
    }

    fn mail_domain(&self, kind: &str, name: &str) -> Verdict {
        let domain = name.rsplit_once('@').map_or(name, |(_, domain)| domain);
        if self.ours.has_host(domain) {
            let note = if kind == "group" { "; a group can hold outsiders" } else { "" };
            return Verdict::explained(format!("{kind} of the own domain {domain}{note}"));
        }
        if PERSONAL_MAIL.contains(&domain) {
            return Verdict::Exposure { kind: "personal_account" };
        }
        self.foreign_host(&[SignalKind::GcpDomain], domain)
    }

    pub(super) fn gcp_project(&self, project: &str) -> Verdict {
        if self.ours.has_project(project) {
            return Verdict::explained(format!("own project {project}"));
        }
        if let Some(hit) =
            self.directory.find(SignalKind::MarketplacePublisher, &format!("gcp-image-project:{project}"))
        {
            return self.hit(hit);
        }
        if project.ends_with("-tp") {
            return Verdict::explained(format!("tenant project {project}, in which Google runs a service for us"));
        }
        if GOOGLE_PROJECTS.contains(&project) {
            return Verdict::explained(format!("Google's own project {project}"));
        }
        Verdict::unknown(
            format!("unknown-gcp-project-{project}"),
            format!("Unknown Google Cloud project {project}"),
            Some(Provider::Gcp),
        )
    }
}

/// The project in the local part of a Google service account's address: `service-<number>`, `<number>-compute`,
/// `<number>` or, for App Engine, the project's id.
fn customer_project(local: &str) -> Option<&str> {
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = local.split('-').collect();
    if let Some(number) = words.iter().find(|word| word.len() >= 6 && numeric(word)) {
        return Some(number);
    }
    (!local.starts_with("service-") && !local.is_empty()).then_some(local)
}
