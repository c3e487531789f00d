//! Publishers and products that a provider names itself: marketplaces, connectors, connections.

use serde_json::json;

use super::{
    Resolver,
    verdict::{PartyRef, STRONG, Verdict},
};
use crate::directory::SignalKind;

/// Names by which the providers call a vendor's product.
///
/// Source, also of the next list: the enumerations of CodeConnections, AppFlow, Logic Apps connectors, BigQuery data
/// transfers and Cloud Monitoring notification channels.
const PRODUCTS: &[(&str, &str)] = &[
    ("amazon_s3", "aws"),
    ("azure_blob_storage", "azure"),
    ("bitbucket", "atlassian"),
    ("githubenterpriseserver", "github"),
    ("gitlabselfmanaged", "gitlab"),
    ("google_chat", "google-workspace"),
    ("googleanalytics", "google-workspace"),
    ("jira", "atlassian"),
    ("office365", "microsoft-365"),
    ("onedriveforbusiness", "microsoft-365"),
    ("outlook", "microsoft-365"),
    ("pardot", "salesforce"),
    ("sapodata", "sap"),
    ("sharepointonline", "microsoft-365"),
    ("teams", "microsoft-365"),
];

/// Names of the providers, of their own services, and of means that are nobody's.
const OWN: &[&str] = &[
    "amazon",
    "amazon web services",
    "aws",
    "eks",
    "google",
    "google cloud",
    "adwords",
    "cross_region_copy",
    "customconnector",
    "customerprofiles",
    "dcm_dt",
    "dfp_dt",
    "displayvideo",
    "documentdb",
    "email",
    "eventbridge",
    "eventhubs",
    "google_ads",
    "google_cloud_storage",
    "honeycode",
    "keyvault",
    "lookoutmetrics",
    "merchant_center",
    "play",
    "pubsub",
    "redshift",
    "s3",
    "scheduled_query",
    "search_ads",
    "servicebus",
    "sms",
    "sql",
    "webhook_basicauth",
    "webhook_tokenauth",
    "youtube_channel",
    "youtube_content_owner",
];

impl Resolver<'_> {
    /// A publisher or vendor that the provider names.
    pub(super) fn publisher(&self, publisher: &str) -> Verdict {
        // Eventarc writes the resource name of the partner.
        let publisher = publisher.rsplit_once("/providers/").map_or(publisher, |(_, name)| name);
        let lower = publisher.trim().to_ascii_lowercase();
        let spelled = [lower.clone(), format!("azure:{lower}")];
        if let Some(hit) = spelled.iter().find_map(|text| self.directory.find(SignalKind::MarketplacePublisher, text)) {
            return self.hit(hit);
        }
        let product = PRODUCTS.iter().find(|(name, _)| *name == lower).map(|(_, vendor_id)| *vendor_id);
        let own = OWN.contains(&lower.as_str()) || lower.starts_with("microsoft") || lower.starts_with("azure");
        if own && product.is_none() {
            return Verdict::explained(format!("the provider's own, {publisher}"));
        }
        if let Some(vendor) = self.directory.vendor_by_name(product.unwrap_or(&lower)) {
            let matched = json!({"kind": "provider_stated_name", "pattern": publisher});
            return Verdict::party(PartyRef::vendor(vendor), STRONG, matched);
        }
        let slug: String = lower.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
        Verdict::unknown(format!("publisher-{slug}"), publisher.to_owned(), None)
    }
}
