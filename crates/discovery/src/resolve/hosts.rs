//! Hosts, DNS records, container images and names.

use carveout_model::{Observation, Provider};
use serde_json::{Value, json};

use super::{
    Resolver,
    microsoft_google::PERSONAL_MAIL,
    verdict::{HINT, MODERATE, PartyRef, Verdict, WEAK},
};
use crate::{
    directory::{Owner, SignalKind},
    hosts::{is_private, registrable, within},
};

/// Names of public registry namespaces that AWS fills itself.
const AWS_PUBLIC_ALIASES: &[&str] = &[
    "amazonlinux",
    "aws-observability",
    "aws-containers",
    "aws-secrets-manager",
    "cloudwatch-agent",
    "docker",
    "eks",
    "eks-distro",
    "ecs-sample-image",
    "karpenter",
    "lambda",
    "sam",
    "xray",
];

/// Words of vendors' names that are everyday words in names of secrets and parameters.
const EVERYDAY_WORDS: &[&str] = &[
    "apple",
    "armor",
    "aws",
    "azure",
    "box",
    "brave",
    "census",
    "cursor",
    "dell",
    "docker",
    "dub",
    "flock",
    "framer",
    "front",
    "funnel",
    "ghost",
    "insight",
    "lever",
    "linear",
    "make",
    "meta",
    "neon",
    "notion",
    "poly",
    "profound",
    "redis",
    "render",
    "resend",
    "rev",
    "shelf",
    "split",
    "spot",
    "square",
    "sst",
    "stacker",
    "stitch",
    "surge",
    "tines",
    "transcend",
    "uber",
    "drift",
    "lucid",
    "loom",
    "expel",
    "inky",
    "doppler",
    "clerk",
    "segmentio",
    "mesh",
    "teamwork",
];

impl Resolver<'_> {
    /// A host that data or calls go to.
    pub(super) fn destination(&self, host: &str, seen: &Observation) -> Verdict {
        let known_only = seen.context.get("known_only") == Some(&Value::Bool(true));
        // A mailbox that anybody can have is a person's, and nobody's party.
        if PERSONAL_MAIL.contains(&host) {
            return Verdict::Exposure { kind: "personal_account" };
        }
        if !known_only {
            return self.host(&[SignalKind::HttpDestinationHost, SignalKind::DnsCnameSuffix], host);
        }
        if is_private(host) || self.ours.has_host(host) {
            return Verdict::Silent;
        }
        let hit = self.directory.find(SignalKind::HttpDestinationHost, host);
        match hit {
            Some(hit) if matches!(hit.pattern.owner, Owner::Vendor(_)) => self.hit(hit),
            Some(_) => Verdict::Silent,
            None => self.directory.vendor_of_domain(host).map_or(Verdict::Silent, |(domain, vendor)| {
                Verdict::party(PartyRef::vendor(vendor), WEAK, json!({"kind": "vendor_domain", "pattern": domain}))
            }),
        }
    }

    fn host(&self, kinds: &[SignalKind], host: &str) -> Verdict {
        if is_private(host) {
            return Verdict::explained(format!("private name or address {host}"));
        }
        if self.ours.has_host(host) {
            return Verdict::explained(format!("own domain, {host}"));
        }
        self.foreign_host(kinds, host)
    }

    pub(super) fn dns_record(&self, record_type: &str, name: &str, value: &str) -> Verdict {
        if record_type == "TXT" {
            return match value.strip_prefix("include:") {
                Some(included) => {
                    self.record_target(&[SignalKind::DnsSpfInclude, SignalKind::DnsMxSuffix], name, included)
                }
                None => self.txt_token(name, value),
            };
        }
        if record_type == "NS" && is_provider_name_server(value) {
            return Verdict::explained(format!("name server of a cloud, {value}"));
        }
        let kinds: &[SignalKind] = match record_type {
            "MX" => &[SignalKind::DnsMxSuffix, SignalKind::DnsSpfInclude],
            _ => &[SignalKind::DnsCnameSuffix, SignalKind::HttpDestinationHost],
        };
        self.record_target(kinds, name, value)
    }

    fn record_target(&self, kinds: &[SignalKind], name: &str, target: &str) -> Verdict {
        if within(target, registrable(name)) {
            return Verdict::explained(format!("in the record's own domain, {target}"));
        }
        self.host(kinds, target)
    }

    /// Most texts are no tokens of anybody's; only a known one says something.
    fn txt_token(&self, name: &str, value: &str) -> Verdict {
        let by_value = self.directory.find(SignalKind::DnsTxtPrefix, value);
        let by_name = || {
            let label = name.split('.').next().unwrap_or(name);
            let challenge = label.starts_with('_') || label == "asuid";
            challenge.then(|| self.directory.find(SignalKind::DnsTxtPrefix, label)).flatten()
        };
        by_value.or_else(by_name).map_or(Verdict::Silent, |hit| self.hit(hit))
    }

    /// An image names its registry and, in the next segment, who publishes it.
    pub(super) fn container_image(&self, image: &str, seen: &Observation) -> Verdict {
        let image = image.to_ascii_lowercase();
        if image.starts_with("aws/codebuild/") {
            return Verdict::explained(format!("AWS's own build image {image}"));
        }
        let name = image_name(&image);
        let (registry, path) = name.split_once('/').unwrap_or((&name, ""));
        let publisher = path.split('/').next().unwrap_or_default();

        if let Some((account, _)) = registry.split_once(".dkr.ecr.") {
            // The marketplace's registry holds every seller's images.
            if let Some(hit) = self.directory.find(SignalKind::ContainerRegistry, &name)
                && matches!(hit.pattern.owner, Owner::Vendor(_))
            {
                return self.hit(hit);
            }
            if account == "709825985650" {
                return self.publisher(publisher);
            }
            return self.aws_account(account, seen);
        }
        if registry == "public.ecr.aws" && AWS_PUBLIC_ALIASES.contains(&publisher) {
            return Verdict::explained(format!("AWS's own images, public.ecr.aws/{publisher}"));
        }
        if registry == "gcr.io" || registry.ends_with(".gcr.io") || registry.ends_with("-docker.pkg.dev") {
            return self.google_image(&name, publisher);
        }
        if registry.ends_with(".azurecr.io") {
            return self.azure_image(registry);
        }
        if self.ours.has_registry(registry) == Some(true) {
            return Verdict::explained(format!("own registry {registry}"));
        }
        match self.directory.find(SignalKind::ContainerRegistry, &name) {
            // A pattern that goes past the host names the publisher.
            Some(hit) if hit.pattern.text.trim_end_matches('/').contains('/') => self.hit(hit),
            Some(hit) => match self.directory.vendor_by_name(publisher).filter(|_| is_hub(registry)) {
                Some(vendor) => {
                    let matched = json!({"kind": "image_publisher", "pattern": format!("{registry}/{publisher}/")});
                    Verdict::party(PartyRef::vendor(vendor), MODERATE, matched)
                }
                None if registry == "public.ecr.aws" => Verdict::unknown(
                    format!("ecr-public-{publisher}"),
                    format!("Unknown publisher {publisher} on ECR Public"),
                    None,
                ),
                None => self.hit(hit),
            },
            None => self.host(&[SignalKind::HttpDestinationHost], registry),
        }
    }

    fn google_image(&self, name: &str, project: &str) -> Verdict {
        let plain = name.strip_prefix("us.gcr.io/").or_else(|| name.strip_prefix("eu.gcr.io/"));
        let plain = plain.or_else(|| name.strip_prefix("asia.gcr.io/")).map(|rest| format!("gcr.io/{rest}"));
        let hit = self.directory.find(SignalKind::ContainerRegistry, plain.as_deref().unwrap_or(name));
        match hit {
            Some(hit) if matches!(hit.pattern.owner, Owner::Vendor(_)) => self.hit(hit),
            _ => self.gcp_project(project),
        }
    }

    fn azure_image(&self, registry: &str) -> Verdict {
        match self.ours.has_registry(registry) {
            Some(true) => Verdict::explained(format!("own registry {registry}")),
            None if self.ours.uses(Provider::Azure) => Verdict::explained(format!(
                "Azure registry {registry}, taken for our own because no registry of the inventory is known"
            )),
            _ => Verdict::unknown(
                format!("domain-{registry}"),
                format!("Unknown Azure registry {registry}"),
                Some(Provider::Azure),
            ),
        }
    }

    /// A vendor's name inside the name of a secret or a parameter.
    pub(super) fn name_hint(&self, name: &str) -> Verdict {
        let lower = name.to_ascii_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        // Two words first: `new-relic` is longer than `new` and `relic`.
        let pairs = words.windows(2).map(|pair| pair.concat());
        let singles =
            words.iter().filter(|word| word.len() > 3 && !EVERYDAY_WORDS.contains(word)).map(|&word| word.to_owned());
        pairs.chain(singles).find_map(|word| Some((self.directory.vendor_by_name(&word)?, word))).map_or(
            Verdict::Silent,
            |(vendor, word)| {
                Verdict::party(PartyRef::vendor(vendor), HINT, json!({"kind": "name_word", "pattern": word}))
            },
        )
    }
}

/// The repository of a reference without tag and digest, with the registry that a bare name means.
///
/// Source: the Docker reference grammar; `nginx:1` means `docker.io/library/nginx`.
fn image_name(image: &str) -> String {
    let image = image.trim_start_matches("https://").trim_start_matches("docker://");
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rfind('/').map_or(0, |at| at + 1);
    let image = image[last..].find(':').map_or(image, |at| &image[..last + at]);
    match image.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => image.to_owned(),
        Some(_) => format!("docker.io/{image}"),
        None => format!("docker.io/library/{image}"),
    }
}

/// Registries that host everybody's images below the publisher's name.
fn is_hub(registry: &str) -> bool {
    matches!(
        registry,
        "docker.io" | "index.docker.io" | "registry-1.docker.io" | "quay.io" | "ghcr.io" | "public.ecr.aws"
    )
}

fn is_provider_name_server(host: &str) -> bool {
    let label = host.split('.').nth(1).unwrap_or_default();
    label.starts_with("awsdns-")
        || label.starts_with("azure-dns")
        || (host.starts_with("ns-cloud-") && within(host, "googledomains.com"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_image_means_the_docker_library() {
        for (image, name) in [
            ("nginx:1", "docker.io/library/nginx"),
            ("newrelic/infrastructure-bundle:3.2", "docker.io/newrelic/infrastructure-bundle"),
            ("quay.io/sysdig/agent:13.1.0", "quay.io/sysdig/agent"),
            ("localhost:5000/a:b", "localhost:5000/a"),
            ("ghcr.io/a/b@sha256:00", "ghcr.io/a/b"),
        ] {
            assert_eq!(image_name(image), name);
        }
    }
}
