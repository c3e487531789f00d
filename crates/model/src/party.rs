//! Third parties and why we say that they are there.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ServiceModel, vocabulary::vocabulary};

vocabulary! {
    /// What a third party is to us: the relation of a graph edge.
    Relation {
        /// Changes access, configuration or code in our estate.
        Administers => "administers",
        /// Reads our data.
        ReadsData => "reads_data",
        /// Reads settings only.
        ReadsConfig => "reads_config",
        /// Keeps our data.
        StoresData => "stores_data",
        /// Our data is sent to it.
        ReceivesData => "receives_data",
        /// Our logs, metrics or traces are sent to it.
        ReceivesTelemetry => "receives_telemetry",
        /// Says who our people or jobs are.
        Authenticates => "authenticates",
        /// Runs our workload.
        Hosts => "hosts",
        /// Its code, image or layer runs in our estate.
        SuppliesCode => "supplies_code",
        /// Resolves or carries our traffic.
        RoutesTraffic => "routes_traffic",
        /// Is a subservice organization of another party.
        SubserviceOf => "subservice_of",
        /// Attests: a report speaks for it.
        Attests => "attests",
        /// A relationship is visible and no data path is.
        Contact => "contact",
    }
}

vocabulary! {
    /// How far a party reaches, weakest first, so that the greatest is the strongest.
    Strength {
        /// A relationship is visible and no data path is.
        Contact => "contact",
        /// It runs ours or we run its image, layer or appliance.
        Hosting => "hosting",
        /// It asserts who our users or jobs are.
        Identity => "identity",
        /// It reads settings, not data.
        CanReadConfig => "can_read_config",
        /// Our data goes there.
        SendsDataTo => "sends_data_to",
        /// It can read our data where it is.
        CanReadData => "can_read_data",
        /// It can change access, configuration, code or data.
        CanAdmin => "can_admin",
    }
}

vocabulary! {
    /// Which way an edge points.
    Direction {
        /// The party reaches into our estate.
        Inbound => "in",
        /// Our data or calls go to the party.
        Outbound => "out",
        /// Both.
        Both => "both",
        /// Neither.
        Neither => "none",
    }
}

vocabulary! {
    /// Whether a row of evidence counts. Only `live` and `dormant` make a party.
    EvidenceStatus {
        /// In effect.
        Live => "live",
        /// Granted and never used.
        Dormant => "dormant",
        /// Offered and not accepted.
        Pending => "pending",
        /// Left over: the principal was deleted, the source is gone.
        Stale => "stale",
        /// A name only.
        Hint => "hint",
    }
}

vocabulary! {
    /// How we came to know of a party.
    PartyOrigin {
        /// A cloud that we crawl.
        Provider => "provider",
        /// Named by the vendor directory.
        Directory => "directory",
        /// In the user's own register.
        Register => "register",
        /// Named by a SOC 2 report.
        Report => "report",
        /// Seen in the estate and named by nothing.
        Discovered => "discovered",
    }
}

/// An identity outside a resource, in the provider's own terms, before anyone has said whose it is.
///
/// Extractors produce these; resolution decides between ours, the provider's, a vendor's and an unknown party's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Outsider {
    /// A 12-digit AWS account id; leading zeros kept.
    AwsAccount(String),
    /// An AWS organization id (`o-…`).
    AwsOrganization(String),
    /// An AWS service principal (`delivery.logs.amazonaws.com`).
    AwsService(String),
    /// The unique id that AWS leaves in a policy when the principal was deleted (`AROA…`, `AIDA…`).
    AwsDeletedPrincipal(String),
    /// The 64-digit canonical id under which S3 names an AWS account.
    AwsCanonicalUser(String),
    /// An OIDC issuer, host and path without the scheme; the tenant claim is in the observation's context.
    OidcIssuer(String),
    /// A SAML entity id or sign-on location.
    SamlEntity(String),
    /// A DNS record: type and value as published.
    DnsRecord {
        /// `MX`, `TXT`, `CNAME`, `NS` or `A`.
        record_type: String,
        /// The record's full name in lower case.
        name: String,
        /// The record's value.
        value: String,
    },
    /// A container image reference.
    ContainerImage(String),
    /// The AWS account that publishes a Lambda layer.
    LayerAccount(String),
    /// A host that data or calls are sent to.
    Host(String),
    /// An Entra tenant id.
    AzureTenant(String),
    /// An Entra application id.
    AzureApplication(String),
    /// An ARM resource type in a partner's namespace, lower case.
    AzureNamespace(String),
    /// A Google Cloud IAM member (`user:…`, `serviceAccount:…`, `domain:…`, `allUsers`).
    GcpMember(String),
    /// A Google Cloud project id or number.
    GcpProject(String),
    /// A marketplace publisher, in the provider's spelling.
    MarketplacePublisher(String),
    /// A VPC endpoint service name or private link alias.
    EndpointService(String),
    /// An EventBridge partner event source (`aws.partner/vendor.com/…`).
    PartnerEventSource(String),
    /// The name of a secret, a parameter or a variable, which may hold a vendor's name.
    NameHint(String),
    /// Everybody: a wildcard principal, `allUsers`, an OIDC trust without a subject.
    Anyone,
}

/// One place in one resource that names an identity outside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The resource that shows it.
    pub resource_key: String,
    /// The signal, from the catalogue (`iam_trust_policy`, `dns_record`, `lambda_layer`, …).
    pub signal: String,
    /// Who is named.
    pub outsider: Outsider,
    /// What that makes the party to us.
    pub relation: Relation,
    /// How far it reaches.
    pub strength: Strength,
    /// Which way.
    pub direction: Direction,
    /// In effect, dormant, pending, stale or a hint.
    pub status: EvidenceStatus,
    /// That an outside party is there, 0 to 1.
    pub relation_confidence: f64,
    /// JSON path inside `config`, from its root (`AssumeRolePolicyDocument.Statement[0].Principal.AWS`).
    pub path: String,
    /// The text found there.
    pub value: String,
    /// What limits or explains it: external id, limiting conditions, tenant claim, actions.
    pub context: Value,
}

/// A party outside our organization: one row of `parties.third_parties`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThirdParty {
    /// The vendor id of the directory, or a raw id (`unknown-aws-123456789012`, `domain-example.net`).
    pub party_id: String,
    /// The name shown to people.
    pub name: String,
    /// Its main domain.
    pub domain: Option<String>,
    /// The directory's kind (`observability`, `identity`, …).
    pub category: Option<String>,
    /// The service model in which we use it.
    pub service_model: Option<ServiceModel>,
    /// How we came to know of it.
    pub origin: PartyOrigin,
    /// Whether the user's register lists it.
    pub in_register: bool,
    /// The strength of its strongest evidence that counts.
    pub relation_strength: Option<Strength>,
}

/// Why we say that a party is there: one row of `parties.evidence`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The party.
    pub party_id: String,
    /// Where it was seen.
    pub resource_key: String,
    /// The signal that showed it.
    pub signal: String,
    /// What the party is to us.
    pub relation: Relation,
    /// How far it reaches.
    pub strength: Strength,
    /// Which way.
    pub direction: Direction,
    /// `{"path": …, "value": …, "matched": …, "context": …}`.
    pub detail: Value,
    /// That an outside party is there, 0 to 1.
    pub relation_confidence: f64,
    /// That it is this party, 0 to 1.
    pub attribution_confidence: f64,
    /// Whether the row counts.
    pub status: EvidenceStatus,
}

/// Something that looks foreign and is not: one row of `parties.explained`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// Where it was seen.
    pub resource_key: String,
    /// What was seen.
    pub value: String,
    /// Why it is no third party.
    pub reason: String,
}

/// Public or any-tenant access, which is nobody's party: one row of `parties.exposures`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Where it was seen.
    pub resource_key: String,
    /// `public_principal`, `any_tenant`, `federation_without_subject`, `personal_account`.
    pub kind: String,
    /// The exact path and value.
    pub detail: Value,
}
