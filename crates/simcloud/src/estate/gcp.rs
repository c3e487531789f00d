//! Acme's Google Cloud organization, kept as the assets that Cloud Asset Inventory lists.

use carveout_model::Provider;
use serde_json::{Value, json};

use super::{
    DOMAIN, EstateOptions, ExpectedEvidence, ExpectedResource, ExpectedScope, GITHUB_ORGANIZATION, Lookalike,
    PlantedSecret, Truth, random::Random,
};

const ORGANIZATION: &str = "organizations/900000000001";
const FOLDER: &str = "folders/900000000011";

/// A project of the organization.
#[derive(Debug, Clone)]
pub(crate) struct GcpProject {
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) denied: bool,
}

impl GcpProject {
    /// The scope's id as the inventory knows it.
    pub(crate) fn scope(&self) -> String {
        format!("projects/{}", self.id)
    }
}

/// One asset with what each content type says about it.
#[derive(Debug, Clone)]
pub(crate) struct Asset {
    pub(crate) name: String,
    pub(crate) asset_type: String,
    /// The id of its project; none for what belongs to the organization or a folder.
    pub(crate) project: Option<String>,
    pub(crate) ancestors: Vec<String>,
    pub(crate) update_time: String,
    pub(crate) location: String,
    pub(crate) parent: String,
    pub(crate) data: Value,
    pub(crate) bindings: Vec<(String, Vec<String>)>,
}

/// Every answer that the simulated organization gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct GcpEstate {
    pub(crate) organization: String,
    pub(crate) folder: String,
    pub(crate) projects: Vec<GcpProject>,
    /// Sorted by name.
    pub(crate) assets: Vec<Asset>,
}

impl GcpEstate {
    /// The project called by its id or its number, without `projects/`.
    pub(crate) fn project(&self, name: &str) -> Option<&GcpProject> {
        self.projects.iter().find(|project| project.id == name || project.number.to_string() == name)
    }

    /// The assets of a project whose type is `asset_type`.
    pub(crate) fn of_type<'a>(&'a self, project: &'a str, asset_type: &'a str) -> impl Iterator<Item = &'a Asset> {
        self.assets
            .iter()
            .filter(move |asset| asset.project.as_deref() == Some(project) && asset.asset_type == asset_type)
    }
}

struct Scribe<'a> {
    gcp: &'a mut GcpEstate,
    truth: &'a mut Truth,
    random: Random,
    project: GcpProject,
    index: usize,
    scale: usize,
}

impl Scribe<'_> {
    fn count(&self, count: usize) -> usize {
        let tenths = if self.index == 0 { 10 } else { 5 };
        (count * self.scale * tenths).div_ceil(10)
    }

    /// Adds an asset that a crawl must find; gives its full resource name.
    fn asset(
        &mut self,
        asset_type: &str,
        path: &str,
        location: &str,
        data: Value,
        bindings: &[(&str, &[&str])],
    ) -> String {
        let service = asset_type.split('/').next().unwrap_or_default();
        let name = format!("//{service}/{path}");
        let number = self.project.number;
        let parent = format!("//cloudresourcemanager.googleapis.com/projects/{number}");
        let asset = Asset {
            name: name.clone(),
            asset_type: asset_type.to_owned(),
            project: Some(self.project.id.clone()),
            ancestors: vec![format!("projects/{number}"), FOLDER.to_owned(), ORGANIZATION.to_owned()],
            update_time: self.random.created_at(),
            location: location.to_owned(),
            parent,
            data,
            bindings: owned(bindings),
        };
        self.gcp.assets.push(asset);
        let scope_id = self.project.scope();
        expect(self.truth, asset_type, &scope_id, location, &name);
        name
    }

    fn vendor(&mut self, vendor_id: &str, key: &str, signal: &str, value: &str) {
        let evidence = self.evidence(key, signal, value);
        self.truth.vendor(vendor_id, evidence);
    }

    fn evidence(&self, key: &str, signal: &str, value: &str) -> ExpectedEvidence {
        ExpectedEvidence {
            provider: Provider::Gcp,
            scope_id: self.project.scope(),
            resource_key: key.to_owned(),
            signal: signal.to_owned(),
            value: value.to_owned(),
        }
    }

    fn lookalike(&mut self, key: &str, value: &str, reason: &str) {
        self.truth.lookalikes.push(Lookalike {
            provider: Provider::Gcp,
            resource_key: key.to_owned(),
            value: value.to_owned(),
            reason: reason.to_owned(),
        });
    }

    /// `projects/ID/rest`.
    fn path(&self, rest: &str) -> String {
        format!("projects/{}/{rest}", self.project.id)
    }
}

fn owned(bindings: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    bindings
        .iter()
        .map(|(role, members)| ((*role).to_owned(), members.iter().map(|member| (*member).to_owned()).collect()))
        .collect()
}

fn expect(truth: &mut Truth, asset_type: &str, scope_id: &str, location: &str, name: &str) {
    truth.resource(ExpectedResource {
        provider: Provider::Gcp,
        type_name: asset_type.to_owned(),
        scope_id: scope_id.to_owned(),
        region: if location.is_empty() { "global".to_owned() } else { location.to_ascii_lowercase() },
        key: name.to_owned(),
    });
}

/// Generates the organization.
pub(super) fn generate(options: &EstateOptions, truth: &mut Truth) -> GcpEstate {
    let names = ["acme-prod", "acme-analytics", "acme-legacy"];
    let projects: Vec<GcpProject> = (0..options.gcp_projects)
        .map(|index| GcpProject {
            id: names.get(index).map_or_else(|| format!("acme-team-{index:02}"), |name| (*name).to_owned()),
            number: 900_000_000_101 + index as u64,
            denied: index == 2,
        })
        .collect();
    let mut gcp = GcpEstate {
        organization: ORGANIZATION.to_owned(),
        folder: FOLDER.to_owned(),
        projects: projects.clone(),
        assets: Vec::new(),
    };
    if projects.is_empty() {
        return gcp;
    }
    hierarchy(&mut gcp, truth);
    for (index, project) in projects.into_iter().enumerate() {
        if project.denied {
            truth.denied_scopes.push(ExpectedScope {
                provider: Provider::Gcp,
                scope_id: project.scope(),
                reason: "PERMISSION_DENIED".to_owned(),
            });
            continue;
        }
        let random = Random::for_part(options.seed, &format!("gcp {}", project.id));
        let mut scribe = Scribe { gcp: &mut gcp, truth, random, project, index, scale: options.scale.max(1) };
        project_itself(&mut scribe);
        identities(&mut scribe);
        stores(&mut scribe);
        workloads(&mut scribe);
        messages(&mut scribe);
        if index == 0 {
            names_of_hosts(&mut scribe);
        }
    }
    gcp.assets.sort_by(|one, other| one.name.cmp(&other.name));
    gcp
}

fn hierarchy(gcp: &mut GcpEstate, truth: &mut Truth) {
    let manager = "//cloudresourcemanager.googleapis.com";
    let administrators = format!("group:cloud-admins@{DOMAIN}");
    let levels = [
        (
            "Organization",
            ORGANIZATION,
            vec![ORGANIZATION],
            String::new(),
            json!({"displayName": DOMAIN, "state": "ACTIVE"}),
        ),
        (
            "Folder",
            FOLDER,
            vec![FOLDER, ORGANIZATION],
            format!("{manager}/{ORGANIZATION}"),
            json!({"displayName": "Workloads", "state": "ACTIVE", "parent": ORGANIZATION}),
        ),
    ];
    for (kind, id, ancestors, parent, data) in levels {
        let asset_type = format!("cloudresourcemanager.googleapis.com/{kind}");
        let name = format!("{manager}/{id}");
        let scope = if kind == "Folder" { FOLDER } else { ORGANIZATION };
        expect(truth, &asset_type, scope, "global", &name);
        gcp.assets.push(Asset {
            name,
            asset_type,
            project: None,
            ancestors: ancestors.into_iter().map(str::to_owned).collect(),
            update_time: "2025-01-01T00:00:00Z".to_owned(),
            location: "global".to_owned(),
            parent,
            data,
            bindings: owned(&[("roles/resourcemanager.organizationAdmin", &[administrators.as_str()])]),
        });
    }
}

fn project_itself(scribe: &mut Scribe<'_>) {
    let number = scribe.project.number;
    let id = scribe.project.id.clone();
    let engineers = format!("group:engineers@{DOMAIN}");
    let default_account = format!("serviceAccount:{number}-compute@developer.gserviceaccount.com");
    let agent = format!("serviceAccount:service-{number}@compute-system.iam.gserviceaccount.com");
    let deleted = format!("deleted:serviceAccount:old-loader@{id}.iam.gserviceaccount.com?uid=100000000000000000001");
    let person = "user:contractor.example@gmail.com";
    let fivetran = ["serviceAccount:g-acme-warehouse@fivetran-production.iam.gserviceaccount.com"];
    let reseller = ["domain:doit.com"];
    let mut bindings: Vec<(&str, &[&str])> = Vec::new();
    let (engineers, default_account, agent, deleted) =
        ([engineers.as_str()], [default_account.as_str()], [agent.as_str()], [deleted.as_str(), person]);
    bindings.push(("roles/viewer", &engineers));
    bindings.push(("roles/editor", &default_account));
    bindings.push(("roles/compute.serviceAgent", &agent));
    bindings.push(("roles/browser", &deleted));
    if scribe.index == 1 {
        bindings.push(("roles/bigquery.dataViewer", &fivetran));
    } else if scribe.index == 0 {
        bindings.push(("roles/billing.viewer", &reseller));
    }
    let data = json!({
        "projectId": id, "projectNumber": number.to_string(), "name": id, "lifecycleState": "ACTIVE",
        "parent": {"type": "folder", "id": "900000000011"}, "createTime": "2024-06-01T00:00:00.000Z",
    });
    let asset_type = "cloudresourcemanager.googleapis.com/Project";
    let name = scribe.asset(asset_type, &format!("projects/{number}"), "global", data, &bindings);
    scribe.lookalike(&name, agent[0], "provider_owned");
    scribe.lookalike(&name, default_account[0], "own_organization");
    scribe.lookalike(&name, deleted[0], "deleted_principal");
    scribe.lookalike(&name, person, "person");
    if scribe.index == 1 {
        scribe.vendor("fivetran", &name, "iam_member", fivetran[0]);
    } else if scribe.index == 0 {
        scribe.vendor("doit", &name, "iam_member", reseller[0]);
    }
    let services = [
        "bigquery",
        "cloudasset",
        "cloudkms",
        "compute",
        "container",
        "dns",
        "iam",
        "logging",
        "monitoring",
        "pubsub",
        "run",
        "secretmanager",
        "sqladmin",
        "storage",
    ];
    for service in services {
        let full = format!("{service}.googleapis.com");
        let data = json!({"name": full, "state": "ENABLED", "parent": format!("projects/{number}")});
        let path = format!("projects/{number}/services/{full}");
        scribe.asset("serviceusage.googleapis.com/Service", &path, "global", data, &[]);
    }
}

fn identities(scribe: &mut Scribe<'_>) {
    let id = scribe.project.id.clone();
    for index in 0..scribe.count(14) {
        let local = format!("{}-{index:02}", ["web", "loader", "scheduler", "monitor"][index % 4]);
        let email = format!("{local}@{id}.iam.gserviceaccount.com");
        let unique = format!("1{:020}", 900_000 + scribe.index * 1_000 + index);
        let datadog = "serviceAccount:ddogacme0001@datadog-gci-sts-us5-prod.iam.gserviceaccount.com";
        let watched = index == 3 && scribe.index == 0;
        let creators: &[&str] = &[datadog];
        let bindings: &[(&str, &[&str])] =
            if watched { &[("roles/iam.serviceAccountTokenCreator", creators)] } else { &[] };
        let data = json!({
            "name": scribe.path(&format!("serviceAccounts/{email}")), "email": email, "uniqueId": unique,
            "projectId": id, "displayName": local, "oauth2ClientId": unique,
        });
        let path = scribe.path(&format!("serviceAccounts/{unique}"));
        let name = scribe.asset("iam.googleapis.com/ServiceAccount", &path, "global", data, bindings);
        if watched {
            scribe.vendor("datadog", &name, "iam_member", datadog);
        }
        if index % 4 == 1 {
            let key = scribe.random.hex(40);
            let data = json!({"name": scribe.path(&format!("serviceAccounts/{email}/keys/{key}")), "keyType": "USER_MANAGED",
                              "keyOrigin": "GOOGLE_PROVIDED", "validAfterTime": "2024-02-01T00:00:00Z"});
            let path = scribe.path(&format!("serviceAccounts/{unique}/keys/{key}"));
            scribe.asset("iam.googleapis.com/ServiceAccountKey", &path, "global", data, &[]);
        }
    }
    if scribe.index != 0 {
        return;
    }
    let number = scribe.project.number;
    let pool = format!("projects/{number}/locations/global/workloadIdentityPools/delivery");
    let data = json!({"name": pool, "displayName": "delivery", "state": "ACTIVE"});
    scribe.asset("iam.googleapis.com/WorkloadIdentityPool", &pool, "global", data, &[]);
    let issuer = "https://token.actions.githubusercontent.com";
    let data = json!({
        "name": format!("{pool}/providers/github"), "state": "ACTIVE", "oidc": {"issuerUri": issuer},
        "attributeCondition": format!("assertion.repository_owner == '{GITHUB_ORGANIZATION}'"),
        "attributeMapping": {"google.subject": "assertion.sub"},
    });
    let kind = "iam.googleapis.com/WorkloadIdentityPoolProvider";
    let name = scribe.asset(kind, &format!("{pool}/providers/github"), "global", data, &[]);
    scribe.vendor("github", &name, "workload_identity_provider", issuer);
    let own = "000000001002";
    let data = json!({"name": format!("{pool}/providers/aws"), "state": "ACTIVE", "aws": {"accountId": own}});
    let name = scribe.asset(kind, &format!("{pool}/providers/aws"), "global", data, &[]);
    scribe.lookalike(&name, own, "own_organization");
}

fn stores(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(16) {
        let name =
            format!("{}-{}-{index:02}", scribe.project.id, ["exports", "backups", "models", "assets"][index % 4]);
        let public = index == 3 && scribe.index == 0;
        let bindings: &[(&str, &[&str])] = if public { &[("roles/storage.objectViewer", &["allUsers"])] } else { &[] };
        let location = if index % 3 == 2 { "EU" } else { "US" };
        let data = json!({
            "id": name, "name": name, "kind": "storage#bucket", "location": location, "locationType": "multi-region",
            "storageClass": "STANDARD", "projectNumber": scribe.project.number.to_string(), "labels": {"environment": scribe.project.id},
            "iamConfiguration": {"publicAccessPrevention": if public { "inherited" } else { "enforced" },
                                 "uniformBucketLevelAccess": {"enabled": true}},
            "versioning": {"enabled": index % 2 == 0}, "timeCreated": "2025-02-03T04:05:06.000Z",
        });
        let key = scribe.asset("storage.googleapis.com/Bucket", &name, &location.to_ascii_lowercase(), data, bindings);
        if public {
            let exposure = scribe.evidence(&key, "iam_member", "allUsers");
            scribe.truth.exposures.push(exposure);
        }
    }
    for index in 0..scribe.count(8) {
        let path = scribe.path(&format!("datasets/{}_{index:02}", ["events", "finance", "product"][index % 3]));
        let data = json!({"id": path, "location": "US", "defaultEncryptionConfiguration": {}, "access": [
            {"role": "OWNER", "specialGroup": "projectOwners"}]});
        scribe.asset("bigquery.googleapis.com/Dataset", &path, "US", data, &[]);
    }
    for index in 0..scribe.count(5) {
        let path = scribe.path(&format!("instances/acme-sql-{index:02}"));
        let data = json!({
            "name": format!("acme-sql-{index:02}"), "databaseVersion": "POSTGRES_16", "region": "us-central1", "state": "RUNNABLE",
            "settings": {"availabilityType": if index % 2 == 0 { "REGIONAL" } else { "ZONAL" }, "backupConfiguration":
                {"enabled": index % 4 != 3, "pointInTimeRecoveryEnabled": true}, "ipConfiguration": {"ipv4Enabled": index % 5 == 4,
                 "sslMode": "ENCRYPTED_ONLY"}, "deletionProtectionEnabled": true},
        });
        scribe.asset("sqladmin.googleapis.com/Instance", &path, "us-central1", data, &[]);
    }
    let ring = scribe.path("locations/us-central1/keyRings/acme");
    scribe.asset("cloudkms.googleapis.com/KeyRing", &ring, "us-central1", json!({"name": ring}), &[]);
    for index in 0..scribe.count(6) {
        let path = format!("{ring}/cryptoKeys/key-{index:02}");
        let mut data = json!({"name": path, "purpose": "ENCRYPT_DECRYPT"});
        if index % 3 != 2 {
            data["rotationPeriod"] = json!("7776000s");
        }
        scribe.asset("cloudkms.googleapis.com/CryptoKey", &path, "us-central1", data, &[]);
    }
    for index in 0..scribe.count(30) {
        let path = format!("projects/{}/secrets/secret-{index:02}", scribe.project.number);
        let data = json!({"name": path, "replication": {"automatic": {}}, "labels": {"owner": "platform"}});
        scribe.asset("secretmanager.googleapis.com/Secret", &path, "global", data, &[]);
    }
}

fn workloads(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(80) {
        let zone = ["us-central1-a", "us-central1-b", "europe-west1-b"][index % 3];
        let name = format!("vm-{index:03}");
        let path = scribe.path(&format!("zones/{zone}/instances/{name}"));
        let account = format!("{}-compute@developer.gserviceaccount.com", scribe.project.number);
        let data = json!({
            "name": name, "id": format!("{}", 9_000_000 + index), "status": "RUNNING", "machineType": format!("zones/{zone}/machineTypes/e2-standard-4"),
            "canIpForward": false, "deletionProtection": index % 2 == 0, "serviceAccounts": [{"email": account}],
            "shieldedInstanceConfig": {"enableSecureBoot": index % 5 != 4}, "networkInterfaces": [{"name": "nic0", "network": "global/networks/core"}],
            "creationTimestamp": "2025-03-04T05:06:07.000-07:00",
        });
        scribe.asset("compute.googleapis.com/Instance", &path, zone, data, &[]);
        let path = scribe.path(&format!("zones/{zone}/disks/{name}"));
        let data = json!({"name": name, "sizeGb": "100", "status": "READY", "type": format!("zones/{zone}/diskTypes/pd-balanced")});
        scribe.asset("compute.googleapis.com/Disk", &path, zone, data, &[]);
    }
    let path = scribe.path("global/networks/core");
    scribe.asset(
        "compute.googleapis.com/Network",
        &path,
        "global",
        json!({"name": "core", "autoCreateSubnetworks": false}),
        &[],
    );
    for (index, region) in ["us-central1", "europe-west1", "us-east1"].iter().enumerate() {
        let path = scribe.path(&format!("regions/{region}/subnetworks/core"));
        let data = json!({"name": "core", "ipCidrRange": format!("10.{}.0.0/20", 128 + index), "privateIpGoogleAccess": true,
                          "enableFlowLogs": index != 2});
        scribe.asset("compute.googleapis.com/Subnetwork", &path, region, data, &[]);
    }
    for index in 0..scribe.count(10) {
        let open = index == 4 && scribe.index == 1;
        let name = format!("allow-{}-{index:02}", ["https", "internal", "health", "ssh", "postgres"][index % 5]);
        let source = if open || index % 5 == 0 { "0.0.0.0/0" } else { "10.0.0.0/8" };
        let port = ["443", "0-65535", "8080", "22", "5432"][index % 5];
        let data = json!({"name": name, "direction": "INGRESS", "disabled": false, "priority": 1000, "sourceRanges": [source],
                          "allowed": [{"IPProtocol": "tcp", "ports": [port]}], "logConfig": {"enable": index % 2 == 0}});
        let path = scribe.path(&format!("global/firewalls/{name}"));
        scribe.asset("compute.googleapis.com/Firewall", &path, "global", data, &[]);
    }
    for index in 0..scribe.count(10) {
        let name = format!("{}-{index:02}", ["api", "web", "agent", "hooks"][index % 4]);
        let agent = index == 2 && scribe.index == 0;
        let image = if agent {
            "gcr.io/datadoghq/agent:7.61.0".to_owned()
        } else {
            format!("us-docker.pkg.dev/{}/services/{name}:2026.01", scribe.project.id)
        };
        let token = "sim-live-token-0000000000000000000001";
        let mut environment = vec![json!({"name": "STAGE", "value": scribe.project.id})];
        let planted = index == 3 && scribe.index == 0;
        if planted {
            environment.push(json!({"name": "WEBHOOK_SECRET", "value": token}));
        }
        let data = json!({
            "metadata": {"name": name, "annotations": {"run.googleapis.com/ingress": "internal-and-cloud-load-balancing"}},
            "spec": {"template": {"spec": {"containers": [{"image": image, "env": environment}]}}},
        });
        let path = scribe.path(&format!("locations/us-central1/services/{name}"));
        let key = scribe.asset("run.googleapis.com/Service", &path, "us-central1", data, &[]);
        if agent {
            scribe.vendor("datadog", &key, "container_image", &image);
        }
        if planted {
            scribe.truth.planted_secrets.push(PlantedSecret { resource_key: key, value: token.to_owned() });
        }
    }
    let path = scribe.path("locations/us-central1/clusters/acme");
    let data = json!({"name": "acme", "location": "us-central1", "status": "RUNNING", "currentMasterVersion": "1.31.4",
                      "privateClusterConfig": {"enablePrivateNodes": true}, "networkPolicy": {"enabled": true}});
    scribe.asset("container.googleapis.com/Cluster", &path, "us-central1", data, &[]);
    let path = scribe.path("locations/us/repositories/services");
    let data = json!({"name": path, "format": "DOCKER", "mode": "STANDARD_REPOSITORY"});
    scribe.asset("artifactregistry.googleapis.com/Repository", &path, "us", data, &[]);
}

fn messages(scribe: &mut Scribe<'_>) {
    for index in 0..scribe.count(20) {
        let name = format!("{}-{index:02}", ["orders", "events", "audit"][index % 3]);
        let topic = scribe.path(&format!("topics/{name}"));
        scribe.asset("pubsub.googleapis.com/Topic", &topic, "global", json!({"name": topic}), &[]);
        let path = scribe.path(&format!("subscriptions/{name}-reader"));
        let push = index == 2 && scribe.index == 0;
        let endpoint = "https://http-inputs-acme.splunkcloud.com/services/collector/raw";
        let config = if push { json!({"pushEndpoint": endpoint}) } else { json!({}) };
        let data =
            json!({"name": path, "topic": topic, "ackDeadlineSeconds": 30, "pushConfig": config, "state": "ACTIVE"});
        let key = scribe.asset("pubsub.googleapis.com/Subscription", &path, "global", data, &[]);
        if push {
            scribe.vendor("splunk", &key, "push_endpoint", endpoint);
        }
    }
    let path = scribe.path("sinks/audit");
    let data = json!({"name": "audit", "destination": format!("storage.googleapis.com/{}-backups-01", scribe.project.id),
                      "filter": "logName:cloudaudit.googleapis.com"});
    scribe.asset("logging.googleapis.com/LogSink", &path, "global", data, &[]);
    let bucket = scribe.path("locations/global/buckets/_Default");
    let data =
        json!({"name": bucket, "retentionDays": if scribe.index == 0 { 400 } else { 30 }, "lifecycleState": "ACTIVE"});
    scribe.asset("logging.googleapis.com/LogBucket", &bucket, "global", data, &[]);
}

fn names_of_hosts(scribe: &mut Scribe<'_>) {
    let zone = scribe.path("managedZones/labs");
    let data = json!({"name": "labs", "dnsName": "labs.acme.example.", "visibility": "public", "dnssecConfig": {"state": "on"}});
    scribe.asset("dns.googleapis.com/ManagedZone", &zone, "global", data, &[]);
    let records = [
        ("cdn.labs.acme.example.", "CNAME", "acme.map.fastly.net.", Some("fastly")),
        ("labs.acme.example.", "TXT", "\"hubspot-domain-verification=acme0000000000000006\"", Some("hubspot")),
        ("app.labs.acme.example.", "A", "203.0.113.10", None),
    ];
    for (name, kind, value, vendor) in records {
        let data = json!({"name": name, "type": kind, "ttl": 300, "rrdatas": [value]});
        let path = format!("{zone}/rrsets/{name}/{kind}");
        let key = scribe.asset("dns.googleapis.com/ResourceRecordSet", &path, "global", data, &[]);
        if let Some(vendor) = vendor {
            scribe.vendor(vendor, &key, "dns_record", value);
        }
    }
}
