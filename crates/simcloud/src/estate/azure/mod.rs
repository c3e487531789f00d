//! Acme's Entra tenant: subscriptions, their resources in Resource Graph's row form, and the directory.

mod directory;

use std::collections::HashMap;

use carveout_model::Provider;
use serde_json::{Map, Value, json};

use super::{EstateOptions, ExpectedEvidence, ExpectedResource, ExpectedScope, Truth, random::Random};

const TENANT: &str = "acce0000-0000-4000-8000-00000000ad00";
/// The made-up tenant of a managed services provider, which no directory knows.
const PROVIDER_TENANT: &str = "acce0000-0000-4000-8000-0000000f0001";
/// Built-in role definitions: Contributor and Reader.
const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/// A subscription of the tenant.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) denied: bool,
}

/// Every answer that the simulated tenant gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct AzureEstate {
    pub(crate) tenant_id: String,
    pub(crate) subscriptions: Vec<Subscription>,
    /// Resource Graph tables by name in lower case; rows are sorted by id.
    pub(crate) tables: HashMap<String, Vec<Value>>,
    /// Microsoft Graph collections by name (`servicePrincipals`).
    pub(crate) directory: HashMap<String, Vec<Value>>,
    /// Answers of Resource Manager that Resource Graph does not have, by path in lower case.
    pub(crate) details: HashMap<String, Value>,
}

impl AzureEstate {
    pub(crate) fn subscription(&self, id: &str) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.id.eq_ignore_ascii_case(id))
    }

    pub(crate) fn table(&self, name: &str) -> Option<&[Value]> {
        self.tables.get(&name.to_ascii_lowercase()).map(Vec::as_slice)
    }
}

struct Scribe<'a> {
    azure: &'a mut AzureEstate,
    truth: &'a mut Truth,
    random: Random,
    subscription: Subscription,
    index: usize,
    scale: usize,
}

impl Scribe<'_> {
    fn count(&self, count: usize) -> usize {
        let tenths = if self.index == 0 { 10 } else { 5 };
        (count * self.scale * tenths).div_ceil(10)
    }

    /// The row of a resource, which a crawl must find; gives its id in lower case.
    fn resource(&mut self, group: &str, kind: &str, name: &str, location: &str, members: Value) -> String {
        self.row("resources", group, kind, name, location, members)
    }

    fn row(&mut self, table: &str, group: &str, kind: &str, name: &str, location: &str, members: Value) -> String {
        // Some resource providers write the segment in lower case; readers must not care.
        let groups = if self.random.chance(10) { "resourcegroups" } else { "resourceGroups" };
        let id = format!("/subscriptions/{}/{groups}/{group}/providers/{}", self.subscription.id, nested(kind, name));
        let leaf = name.rsplit('/').next().unwrap_or(name);
        let mut row = json!({
            "id": id, "name": leaf, "type": kind.to_ascii_lowercase(), "tenantId": TENANT, "kind": "",
            "location": location, "resourceGroup": group, "subscriptionId": self.subscription.id, "managedBy": "",
            "sku": null, "plan": null, "properties": {}, "tags": {"environment": self.subscription.name},
            "identity": null, "zones": null, "extendedLocation": null,
        });
        if let (Value::Object(row), Value::Object(members)) = (&mut row, members) {
            row.extend(members);
        }
        self.push(table, row, location)
    }

    /// Adds a finished row and expects it to be found.
    fn push(&mut self, table: &str, row: Value, region: &str) -> String {
        let key = text(&row, "id").to_ascii_lowercase();
        self.truth.resource(ExpectedResource {
            provider: Provider::Azure,
            type_name: text(&row, "type").to_ascii_lowercase(),
            scope_id: self.subscription.id.clone(),
            region: region.to_owned(),
            key: key.clone(),
        });
        self.azure.tables.entry(table.to_owned()).or_default().push(row);
        key
    }

    fn detail(&mut self, path: &str, value: Value) {
        self.azure.details.insert(path.to_ascii_lowercase(), value);
    }

    fn vendor(&mut self, vendor_id: &str, key: &str, signal: &str, value: &str) {
        let evidence = evidence(&self.subscription.id, key, signal, value);
        self.truth.vendor(vendor_id, evidence);
    }
}

/// `Microsoft.Sql/servers/databases` and `server/db` as `Microsoft.Sql/servers/server/databases/db`.
fn nested(kind: &str, name: &str) -> String {
    let mut kinds = kind.split('/');
    let mut path = kinds.next().unwrap_or_default().to_owned();
    for (kind, name) in kinds.zip(name.split('/')) {
        path.push_str(&format!("/{kind}/{name}"));
    }
    path
}

fn text<'a>(row: &'a Value, member: &str) -> &'a str {
    row.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn evidence(scope_id: &str, key: &str, signal: &str, value: &str) -> ExpectedEvidence {
    ExpectedEvidence {
        provider: Provider::Azure,
        scope_id: scope_id.to_owned(),
        resource_key: key.to_owned(),
        signal: signal.to_owned(),
        value: value.to_owned(),
    }
}

/// A crawl must find `key`, which belongs to the tenant and not to a subscription.
fn expect_in_tenant(truth: &mut Truth, type_name: &str, key: &str) {
    truth.resource(ExpectedResource {
        provider: Provider::Azure,
        type_name: type_name.to_owned(),
        scope_id: TENANT.to_owned(),
        region: "global".to_owned(),
        key: key.to_owned(),
    });
}

/// Generates the tenant.
pub(super) fn generate(options: &EstateOptions, truth: &mut Truth) -> AzureEstate {
    let names = ["acme-platform", "acme-analytics", "acme-corporate"];
    let subscriptions: Vec<Subscription> = (0..options.azure_subscriptions)
        .map(|index| Subscription {
            id: format!("acce0000-0000-4000-8000-{:012x}", 0x5000 + index),
            name: names.get(index).map_or_else(|| format!("acme-team-{index:02}"), |name| (*name).to_owned()),
            denied: index == 2,
        })
        .collect();
    let mut azure =
        AzureEstate { tenant_id: TENANT.to_owned(), subscriptions: subscriptions.clone(), ..AzureEstate::default() };
    for table in [
        "resources",
        "resourcecontainers",
        "authorizationresources",
        "managedservicesresources",
        "securityresources",
        "policyresources",
        "networkresources",
        "dnsresources",
        "advisorresources",
        "insightsresources",
    ] {
        azure.tables.insert(table.to_owned(), Vec::new());
    }
    if subscriptions.is_empty() {
        return azure;
    }
    azure.tables.entry("resourcecontainers".to_owned()).or_default().push(json!({
        "id": format!("/providers/Microsoft.Management/managementGroups/{TENANT}"), "name": TENANT,
        "type": "microsoft.management/managementgroups", "tenantId": TENANT, "subscriptionId": "", "resourceGroup": "",
        "location": "", "tags": null, "properties": {"displayName": "Tenant Root Group", "tenantId": TENANT,
                                                      "details": {"parent": null}},
    }));
    let root = format!("/providers/microsoft.management/managementgroups/{TENANT}");
    expect_in_tenant(truth, "microsoft.management/managementgroups", &root);
    for (index, subscription) in subscriptions.iter().enumerate() {
        if subscription.denied {
            truth.denied_scopes.push(ExpectedScope {
                provider: Provider::Azure,
                scope_id: subscription.id.clone(),
                reason: "AuthorizationFailed".to_owned(),
            });
            continue;
        }
        let random = Random::for_part(options.seed, &format!("azure {}", subscription.id));
        let subscription = subscription.clone();
        let mut scribe = Scribe { azure: &mut azure, truth, random, subscription, index, scale: options.scale.max(1) };
        containers(&mut scribe);
        workloads(&mut scribe);
        stores(&mut scribe);
        network(&mut scribe);
        governance(&mut scribe);
        if index == 0 {
            partners(&mut scribe);
        }
    }
    directory::write(&mut azure, truth);
    for rows in azure.tables.values_mut() {
        rows.sort_by_cached_key(|row| text(row, "id").to_ascii_lowercase());
    }
    azure
}

const GROUPS: [&str; 4] = ["rg-web", "rg-data", "rg-network", "rg-monitoring"];

fn containers(scribe: &mut Scribe<'_>) {
    let id = scribe.subscription.id.clone();
    let row = json!({
        "id": format!("/subscriptions/{id}"), "name": scribe.subscription.name, "type": "microsoft.resources/subscriptions",
        "tenantId": TENANT, "subscriptionId": id, "location": "", "resourceGroup": "", "tags": null,
        "properties": {"state": "Enabled", "managedByTenants": [],
                       "managementGroupAncestorsChain": [{"name": TENANT, "displayName": "Tenant Root Group"}]},
    });
    scribe.push("resourcecontainers", row, "global");
    for group in GROUPS {
        let row = json!({
            "id": format!("/subscriptions/{id}/resourceGroups/{group}"), "name": group, "location": "eastus2",
            "type": "microsoft.resources/subscriptions/resourcegroups", "tenantId": TENANT, "subscriptionId": id,
            "resourceGroup": group, "tags": {"environment": scribe.subscription.name}, "managedBy": "",
            "properties": {"provisioningState": "Succeeded"},
        });
        scribe.push("resourcecontainers", row, "eastus2");
    }
}

fn workloads(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(70) {
        let name = format!("vm-{}-{index:03}", ["web", "job", "etl"][index % 3]);
        let encrypted = index % 8 != 7;
        let disk = scribe.resource(
            "rg-web",
            "Microsoft.Compute/disks",
            &format!("{name}-os"),
            "eastus2",
            json!({"sku": {"name": "Premium_LRS", "tier": "Premium"}, "properties": {"diskSizeGB": 128,
                   "diskState": "Attached", "networkAccessPolicy": "DenyAll", "publicNetworkAccess": "Disabled",
                   "encryption": {"type": if encrypted { "EncryptionAtRestWithCustomerKey" } else { "EncryptionAtRestWithPlatformKey" }}}}),
        );
        let machine = scribe.resource(
            "rg-web",
            "Microsoft.Compute/virtualMachines",
            &name,
            "eastus2",
            json!({"zones": ["1"], "identity": {"type": "SystemAssigned", "tenantId": TENANT},
                   "properties": {"hardwareProfile": {"vmSize": "Standard_D4s_v5"},
                   "storageProfile": {"imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server"},
                                      "osDisk": {"osType": "Linux", "managedDisk": {"id": disk}}}}}),
        );
        scribe.vendor("canonical", &machine, "vm_image_publisher", "Canonical");
        scribe.resource(
            "rg-network",
            "Microsoft.Network/networkInterfaces",
            &format!("{name}-nic"),
            "eastus2",
            json!({"properties": {"enableIPForwarding": false, "ipConfigurations": [{"name": "primary"}]}}),
        );
    }
    for index in 0..scribe.count(8) {
        scribe.resource(
            "rg-web",
            "Microsoft.Web/sites",
            &format!("acme-site-{index:02}-{}", scribe.index),
            "eastus2",
            json!({"kind": "app,linux", "properties": {"httpsOnly": index % 4 != 3, "state": "Running",
                   "siteConfig": {"minTlsVersion": "1.2", "ftpsState": "Disabled"}}}),
        );
    }
    let registry = format!("acmeregistry{}", scribe.index);
    scribe.resource(
        "rg-web",
        "Microsoft.ContainerRegistry/registries",
        &registry,
        "eastus2",
        json!({"sku": {"name": "Premium"}, "properties": {"adminUserEnabled": false, "publicNetworkAccess": "Enabled",
               "loginServer": format!("{registry}.azurecr.io")}}),
    );
    scribe.resource(
        "rg-web",
        "Microsoft.ContainerService/managedClusters",
        "aks-acme",
        "eastus2",
        json!({"properties": {"kubernetesVersion": "1.31", "enableRBAC": true, "disableLocalAccounts": true,
               "apiServerAccessProfile": {"enablePrivateCluster": scribe.index == 0}}}),
    );
    if scribe.index == 0 {
        let image = "docker.io/grafana/grafana:11.4.0";
        let key = scribe.resource(
            "rg-monitoring",
            "Microsoft.App/containerApps",
            "dashboards",
            "eastus2",
            json!({"properties": {"provisioningState": "Succeeded", "template": {"containers": [{"name": "grafana", "image": image}]}}}),
        );
        scribe.vendor("grafana", &key, "container_image", image);
    }
}

fn stores(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(40) {
        let name = format!("acmestore{:02}{index:03}", scribe.index);
        let public = index == 5;
        let key = scribe.resource(
            "rg-data",
            "Microsoft.Storage/storageAccounts",
            &name,
            if index % 3 == 2 { "westeurope" } else { "eastus2" },
            json!({"kind": "StorageV2", "sku": {"name": "Standard_ZRS", "tier": "Standard"}, "properties": {
                "allowBlobPublicAccess": public, "supportsHttpsTrafficOnly": true, "minimumTlsVersion": "TLS1_2",
                "publicNetworkAccess": "Enabled", "allowSharedKeyAccess": index % 2 == 0,
                "networkAcls": {"defaultAction": if public { "Allow" } else { "Deny" }, "bypass": "AzureServices"},
                "encryption": {"keySource": "Microsoft.Storage", "requireInfrastructureEncryption": false},
                "creationTime": "2025-03-01T08:00:00.0000000Z"}}),
        );
        let service = json!({
            "id": format!("{key}/blobServices/default"), "name": "default", "type": "Microsoft.Storage/storageAccounts/blobServices",
            "properties": {"deleteRetentionPolicy": {"enabled": index % 4 != 3, "days": 30}, "isVersioningEnabled": index % 2 == 0},
        });
        scribe.detail(&format!("{key}/blobservices/default"), service);
    }
    for index in 0..scribe.count(6) {
        let server = format!("acme-sql-{:02}-{index:02}", scribe.index);
        scribe.resource(
            "rg-data",
            "Microsoft.Sql/servers",
            &server,
            "eastus2",
            json!({"kind": "v12.0", "properties": {"minimalTlsVersion": "1.2", "publicNetworkAccess": "Disabled", "version": "12.0",
                   "administrators": {"azureADOnlyAuthentication": index % 2 == 0}}}),
        );
        for database in ["orders", "ledger"] {
            scribe.resource(
                "rg-data",
                "Microsoft.Sql/servers/databases",
                &format!("{server}/{database}"),
                "eastus2",
                json!({"sku": {"name": "GP_Gen5", "tier": "GeneralPurpose", "capacity": 4}, "properties": {"status": "Online",
                       "zoneRedundant": index % 2 == 0, "currentBackupStorageRedundancy": "Geo"}}),
            );
        }
    }
    for index in 0..scribe.count(5) {
        let name = format!("acme-kv-{:02}-{index:02}", scribe.index);
        scribe.resource(
            "rg-data",
            "Microsoft.KeyVault/vaults",
            &name,
            "eastus2",
            json!({"properties": {"tenantId": TENANT, "enableRbacAuthorization": true, "enableSoftDelete": true,
                   "enablePurgeProtection": index % 2 == 0, "publicNetworkAccess": "Disabled",
                   "vaultUri": format!("https://{name}.vault.azure.net/")}}),
        );
    }
    scribe.resource(
        "rg-data",
        "Microsoft.RecoveryServices/vaults",
        "acme-backup",
        "eastus2",
        json!({"sku": {"name": "RS0", "tier": "Standard"}, "properties": {"redundancySettings": {"crossRegionRestore": "Enabled"}}}),
    );
}

fn network(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(5) {
        let network = format!("vnet-{index:02}");
        scribe.resource(
            "rg-network",
            "Microsoft.Network/virtualNetworks",
            &network,
            "eastus2",
            json!({"properties": {"addressSpace": {"addressPrefixes": [format!("10.{}.0.0/16", 100 + index % 100)]},
                   "enableDdosProtection": false, "subnets": [{"name": "default"}], "virtualNetworkPeerings": []}}),
        );
        for (position, tier) in ["web", "data", "bastion"].iter().enumerate() {
            let port = ["443", "1433", "22"][position];
            let open = *tier == "bastion" && scribe.index == 1 && index == 0;
            let rule = json!({"name": "inbound", "properties": {"access": "Allow", "direction": "Inbound", "protocol": "Tcp",
                "priority": 100, "destinationPortRange": port,
                "sourceAddressPrefix": if open || *tier == "web" { "*" } else { "10.0.0.0/8" }}});
            scribe.resource(
                "rg-network",
                "Microsoft.Network/networkSecurityGroups",
                &format!("nsg-{tier}-{index:02}"),
                "eastus2",
                json!({"properties": {"securityRules": [rule]}}),
            );
        }
    }
    for index in 0..scribe.count(4) {
        scribe.resource(
            "rg-network",
            "Microsoft.Network/publicIPAddresses",
            &format!("pip-{index:02}"),
            "eastus2",
            json!({"sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static", "ipAddress": format!("198.51.100.{}", index % 250 + 1)}}),
        );
    }
}

fn governance(scribe: &mut Scribe<'_>) {
    let id = scribe.subscription.id.clone();
    scribe.resource(
        "rg-monitoring",
        "Microsoft.OperationalInsights/workspaces",
        "acme-logs",
        "eastus2",
        json!({"properties": {"retentionInDays": 365, "sku": {"name": "PerGB2018"}}}),
    );
    let workspace = format!(
        "/subscriptions/{id}/resourceGroups/rg-monitoring/providers/Microsoft.OperationalInsights/workspaces/acme-logs"
    );
    let categories: Vec<Value> = ["Administrative", "Security", "Policy"]
        .iter()
        .map(|category| json!({"category": category, "enabled": true}))
        .collect();
    let setting = json!({"id": format!("/subscriptions/{id}/providers/Microsoft.Insights/diagnosticSettings/activity"),
        "name": "activity", "type": "Microsoft.Insights/diagnosticSettings",
        "properties": {"workspaceId": workspace, "logs": categories}});
    let path = format!("/subscriptions/{id}/providers/microsoft.insights/diagnosticsettings");
    scribe.detail(&path, json!({"value": [setting]}));
    let principals = [("User", CONTRIBUTOR), ("ServicePrincipal", CONTRIBUTOR), ("Group", READER)];
    for (index, (kind, role)) in principals.iter().enumerate() {
        let name = scribe.random.uuid();
        let row = json!({
            "id": format!("/subscriptions/{id}/providers/Microsoft.Authorization/RoleAssignments/{name}"), "name": name,
            "type": "microsoft.authorization/roleassignments", "tenantId": TENANT, "subscriptionId": id, "location": "global",
            "resourceGroup": "", "properties": {"principalType": kind, "scope": format!("/subscriptions/{id}"),
            "principalId": format!("acce0000-0000-4000-8000-{:012x}", 0xa000 + index),
            "roleDefinitionId": format!("/subscriptions/{id}/providers/Microsoft.Authorization/RoleDefinitions/{role}"),
            "createdOn": "2025-01-01T00:00:00.0000000Z"},
        });
        scribe.push("authorizationresources", row, "global");
    }
    for plan in ["VirtualMachines", "StorageAccounts", "SqlServers", "KeyVaults", "Containers"] {
        let tier = if plan == "Containers" && scribe.index == 1 { "Free" } else { "Standard" };
        let row = json!({
            "id": format!("/subscriptions/{id}/providers/Microsoft.Security/pricings/{plan}"), "name": plan,
            "type": "microsoft.security/pricings", "tenantId": TENANT, "subscriptionId": id, "location": "",
            "resourceGroup": "", "properties": {"pricingTier": tier},
        });
        scribe.push("securityresources", row, "global");
    }
    let row = json!({
        "id": format!("/subscriptions/{id}/providers/Microsoft.Authorization/policyAssignments/security-benchmark"),
        "name": "security-benchmark", "type": "microsoft.authorization/policyassignments", "tenantId": TENANT,
        "subscriptionId": id, "location": "eastus2", "resourceGroup": "",
        "properties": {"displayName": "Microsoft cloud security benchmark", "enforcementMode": "Default",
                       "scope": format!("/subscriptions/{id}")},
    });
    scribe.push("policyresources", row, "eastus2");
}

/// What shows third parties: partner resources, a delegation to a managed services provider, DNS.
fn partners(scribe: &mut Scribe<'_>) {
    let id = scribe.subscription.id.clone();
    let key = scribe.resource(
        "rg-monitoring",
        "Microsoft.Datadog/monitors",
        "datadog-acme",
        "eastus2",
        json!({"sku": {"name": "payg_v2_Monthly"}, "identity": {"type": "SystemAssigned", "tenantId": TENANT},
               "properties": {"monitoringStatus": "Enabled", "marketplaceSubscriptionStatus": "Active",
                              "datadogOrganizationProperties": {"name": "Acme"}}}),
    );
    scribe.vendor("datadog", &key, "partner_resource", "microsoft.datadog/monitors");
    let key = scribe.resource(
        "rg-data",
        "Microsoft.Confluent/organizations",
        "streams",
        "eastus2",
        json!({"properties": {"provisioningState": "Succeeded", "offerDetail": {"publisherId": "confluentinc", "status": "Succeeded"}}}),
    );
    scribe.vendor("confluent", &key, "partner_resource", "microsoft.confluent/organizations");

    let definition = format!(
        "/subscriptions/{id}/providers/Microsoft.ManagedServices/registrationDefinitions/acce0000-0000-4000-8000-0000000000e1"
    );
    let authorization = json!({"principalId": "acce0000-0000-4000-8000-0000000f0002", "roleDefinitionId": CONTRIBUTOR,
                               "principalIdDisplayName": "Operations"});
    let row = json!({
        "id": definition, "name": "acce0000-0000-4000-8000-0000000000e1", "tenantId": TENANT, "subscriptionId": id,
        "type": "microsoft.managedservices/registrationdefinitions", "location": "", "resourceGroup": "",
        "properties": {"registrationDefinitionName": "Managed operations", "managedByTenantId": PROVIDER_TENANT,
                       "managedByTenantName": "Example Managed Services", "manageeTenantId": TENANT,
                       "authorizations": [authorization], "eligibleAuthorizations": [], "provisioningState": "Succeeded"},
    });
    let key = scribe.push("managedservicesresources", row, "global");
    scribe
        .truth
        .unknown(&format!("azure tenant {PROVIDER_TENANT}"), evidence(&id, &key, "lighthouse", PROVIDER_TENANT));
    let row = json!({
        "id": format!("/subscriptions/{id}/providers/Microsoft.ManagedServices/registrationAssignments/acce0000-0000-4000-8000-0000000000e2"),
        "name": "acce0000-0000-4000-8000-0000000000e2", "tenantId": TENANT, "subscriptionId": id, "location": "",
        "type": "microsoft.managedservices/registrationassignments", "resourceGroup": "",
        "properties": {"registrationDefinitionId": definition, "provisioningState": "Succeeded"},
    });
    scribe.push("managedservicesresources", row, "global");
}

/// A row as Resource Manager lists it: the same without what only Resource Graph has.
pub(crate) fn as_listed(row: &Value) -> Value {
    let kept = ["id", "name", "type", "location", "tags", "kind", "sku", "plan", "identity", "zones", "managedBy"];
    let members: Map<String, Value> = row
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| kept.contains(&name.as_str()) && !value.is_null() && value.as_str() != Some(""))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(members)
}
