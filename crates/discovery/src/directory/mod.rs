//! The vendor directory: who publishes which id, who owns which domain, and what is the providers' own.
//!
//! The tables in `data/` are compiled in (its README names their sources); a user's tables are laid over them.

mod patterns;

use std::collections::{BTreeMap, HashMap};

use carveout_model::{NameRule, Provider, ServiceModel};
use serde::Deserialize;

pub(crate) use patterns::{Hit, Owner, SignalKind, Standing};
use patterns::{MatchRule, Pattern, Patterns};

use crate::hosts::suffixes;

/// One vendor of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// The id that every table uses.
    pub vendor_id: String,
    /// The name shown to people.
    pub name: String,
    /// Its main domain.
    pub domain: Option<String>,
    /// What kind of service it is (`observability`, `identity`, …).
    pub kind: Option<String>,
}

impl Vendor {
    /// The service model in which such a vendor is used; `None` where people and not a service are bought.
    pub fn service_model(&self) -> Option<ServiceModel> {
        match self.kind.as_deref() {
            Some("iaas") => Some(ServiceModel::Iaas),
            Some("paas") => Some(ServiceModel::Paas),
            Some("msp") | None => None,
            Some(_) => Some(ServiceModel::Saas),
        }
    }
}

/// A domain whose organization is known although no signal names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DomainOwner {
    pub(crate) organization: String,
    pub(crate) category: Option<String>,
    pub(crate) vendor_id: Option<String>,
}

/// A table that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The text is no CSV table with the expected columns.
    #[error("table `{table}` can't be read")]
    Csv {
        /// Which table.
        table: &'static str,
        /// Where and why.
        source: csv::Error,
    },
    /// A row uses a word that is not in the vocabulary.
    #[error("table `{table}`, row {row}: `{word}` is no {vocabulary}")]
    Word {
        /// Which table.
        table: &'static str,
        /// The row's number, the first below the head being 1.
        row: usize,
        /// The word as written.
        word: String,
        /// What it should have been: `signal kind`, `match rule`, `provider`, `standing`.
        vocabulary: &'static str,
    },
    /// A signal names a vendor that no table of vendors holds.
    #[error("table `signals`, row {row}: there is no vendor `{vendor_id}`")]
    UnknownVendor {
        /// The row's number, the first below the head being 1.
        row: usize,
        /// The vendor id as written.
        vendor_id: String,
    },
}

/// Vendors, their signals and the providers' own identities, indexed for look-up.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    vendors: BTreeMap<String, Vendor>,
    patterns: HashMap<SignalKind, Patterns>,
    vendor_domains: HashMap<String, String>,
    domains: HashMap<String, DomainOwner>,
    words: HashMap<String, Word>,
}

/// What is known by a name.
#[derive(Debug, Clone)]
struct Word {
    vendor_id: String,
    rule: NameRule,
    /// The name as the table spells it.
    text: String,
}

/// The vendor that a name means, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameMatch<'a> {
    /// The vendor.
    pub vendor: &'a Vendor,
    /// What kind of name it is.
    pub rule: NameRule,
    /// The name as the directory spells it.
    pub matched: &'a str,
}

#[derive(Deserialize)]
struct VendorRow {
    vendor_id: String,
    name: String,
    domain: String,
    kind: String,
}

#[derive(Deserialize)]
struct AliasRow {
    alias: String,
    vendor_id: String,
}

#[derive(Deserialize)]
struct SignalRow {
    vendor_id: String,
    signal_kind: String,
    pattern: String,
    r#match: String,
    source: String,
}

#[derive(Deserialize)]
struct OwnedRow {
    provider: String,
    id_kind: String,
    value: String,
    r#match: String,
    standing: String,
    service: String,
    source: String,
}

#[derive(Deserialize)]
struct DomainRow {
    domain: String,
    organisation: String,
    category: String,
    vendor_id: String,
}

fn rows<Row: for<'de> Deserialize<'de>>(table: &'static str, text: &str) -> Result<Vec<Row>, DirectoryError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|source| DirectoryError::Csv { table, source })
}

fn present(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

impl Directory {
    /// The directory that is compiled in.
    pub fn bundled() -> Self {
        let mut directory = Self::default();
        let read = directory
            .add_vendors(include_str!("../../data/vendors.csv"))
            .and_then(|()| directory.add_aliases(include_str!("../../data/aliases.csv")))
            .and_then(|()| directory.add_signals(include_str!("../../data/signals.csv")))
            .and_then(|()| directory.add_provider_owned(include_str!("../../data/provider_owned.csv")))
            .and_then(|()| directory.add_domains(include_str!("../../data/vendor_domains.csv")));
        read.expect("the compiled-in tables are read by a test");
        directory
    }

    /// Lays a user's tables over this directory: `vendors` with the columns `vendor_id, name, domain, kind` and
    /// `signals` with `vendor_id, signal_kind, pattern, match, source`. An equal vendor or pattern is replaced.
    ///
    /// # Errors
    /// [`DirectoryError`] for a table that can't be read, an unknown word, or a signal of a vendor in neither table.
    pub fn load_overrides(mut self, vendors: Option<&str>, signals: Option<&str>) -> Result<Self, DirectoryError> {
        vendors.map_or(Ok(()), |text| self.add_vendors(text))?;
        signals.map_or(Ok(()), |text| self.add_signals(text))?;
        Ok(self)
    }

    /// A vendor by its id.
    pub fn vendor(&self, vendor_id: &str) -> Option<&Vendor> {
        self.vendors.get(vendor_id)
    }

    /// Every vendor, in the order of their ids.
    pub fn vendors(&self) -> impl Iterator<Item = &Vendor> {
        self.vendors.values()
    }

    /// The vendor that a name means, see [`Self::name_match`].
    pub fn vendor_by_name(&self, name: &str) -> Option<&Vendor> {
        self.name_match(name).map(|found| found.vendor)
    }

    /// The vendor that a name means, and why: an id, a display name, a name without its parenthesis, another name or a
    /// domain, whatever the case, punctuation and legal form (`Okta, Inc.`).
    pub fn name_match(&self, name: &str) -> Option<NameMatch<'_>> {
        let known = |name: &str| self.words.get(&squash(name));
        let word = known(name).or_else(|| known(without_legal_form(name)?))?;
        let vendor = self.vendors.get(&word.vendor_id)?;
        Some(NameMatch { vendor, rule: word.rule, matched: &word.text })
    }

    /// The vendor that a user's table names for a party's raw id (signal kind `party_id`).
    pub fn vendor_of_party(&self, party_id: &str) -> Option<&Vendor> {
        match &self.find(SignalKind::PartyId, party_id)?.pattern.owner {
            Owner::Vendor(vendor_id) => self.vendors.get(vendor_id),
            Owner::Provider { .. } => None,
        }
    }

    /// The longest match for a text of a kind; an exact one beats all.
    pub(crate) fn find(&self, kind: SignalKind, text: &str) -> Option<Hit<'_>> {
        self.patterns.get(&kind)?.find(kind, text)
    }

    /// The vendor whose main domain a host is in.
    pub(crate) fn vendor_of_domain(&self, host: &str) -> Option<(&str, &Vendor)> {
        suffixes(host).find_map(|name| {
            let (domain, vendor_id) = self.vendor_domains.get_key_value(name)?;
            Some((domain.as_str(), self.vendors.get(vendor_id)?))
        })
    }

    /// The organization that is known to own a host's domain.
    pub(crate) fn domain_owner(&self, host: &str) -> Option<(&str, &DomainOwner)> {
        suffixes(host).find_map(|name| self.domains.get_key_value(name).map(|(domain, owner)| (domain.as_str(), owner)))
    }

    fn add_vendors(&mut self, text: &str) -> Result<(), DirectoryError> {
        for row in rows::<VendorRow>("vendors", text)? {
            let vendor = Vendor {
                vendor_id: row.vendor_id.clone(),
                name: row.name,
                domain: present(row.domain.to_ascii_lowercase()),
                kind: present(row.kind),
            };
            let plain = vendor.name.split('(').next().unwrap_or(&vendor.name).trim();
            for (rule, text) in [
                (NameRule::DirectoryId, vendor.vendor_id.as_str()),
                (NameRule::DirectoryName, vendor.name.as_str()),
                (NameRule::DirectoryName, plain),
                (NameRule::DirectoryDomain, vendor.domain.as_deref().unwrap_or_default()),
            ] {
                let word = squash(text);
                if !word.is_empty() {
                    let named = || Word { vendor_id: vendor.vendor_id.clone(), rule, text: text.to_owned() };
                    self.words.entry(word).or_insert_with(named);
                }
            }
            if let Some(domain) = &vendor.domain {
                self.vendor_domains.insert(domain.clone(), vendor.vendor_id.clone());
            }
            self.vendors.insert(row.vendor_id, vendor);
        }
        Ok(())
    }

    fn add_aliases(&mut self, text: &str) -> Result<(), DirectoryError> {
        for (index, row) in rows::<AliasRow>("aliases", text)?.into_iter().enumerate() {
            if !self.vendors.contains_key(&row.vendor_id) {
                return Err(DirectoryError::UnknownVendor { row: index + 1, vendor_id: row.vendor_id });
            }
            let word = squash(&row.alias);
            let named = Word { vendor_id: row.vendor_id, rule: NameRule::DirectoryAlias, text: row.alias };
            self.words.entry(word).or_insert(named);
        }
        Ok(())
    }

    fn add_signals(&mut self, text: &str) -> Result<(), DirectoryError> {
        for (index, row) in rows::<SignalRow>("signals", text)?.into_iter().enumerate() {
            if !self.vendors.contains_key(&row.vendor_id) {
                return Err(DirectoryError::UnknownVendor { row: index + 1, vendor_id: row.vendor_id });
            }
            let place = Place { table: "signals", row: index + 1 };
            let (kind, rule) = (place.kind(&row.signal_kind)?, place.rule(&row.r#match)?);
            let owner = Owner::Vendor(row.vendor_id);
            let pattern = Pattern { owner, kind, text: row.pattern.to_ascii_lowercase(), source: row.source };
            self.patterns.entry(kind).or_default().insert(rule, pattern);
        }
        Ok(())
    }

    fn add_provider_owned(&mut self, text: &str) -> Result<(), DirectoryError> {
        for (index, row) in rows::<OwnedRow>("provider_owned", text)?.into_iter().enumerate() {
            let place = Place { table: "provider_owned", row: index + 1 };
            let (kind, rule) = (place.kind(&row.id_kind)?, place.rule(&row.r#match)?);
            let provider = match row.provider.as_str() {
                "aws" => Provider::Aws,
                "microsoft" => Provider::Azure,
                "google" => Provider::Gcp,
                _ => return Err(place.word(&row.provider, "provider")),
            };
            let standing = match row.standing.as_str() {
                "owned" => Standing::Owned,
                "shared" => Standing::Shared,
                _ => return Err(place.word(&row.standing, "standing")),
            };
            let owner = Owner::Provider { provider, standing, service: row.service };
            let pattern = Pattern { owner, kind, text: row.value.to_ascii_lowercase(), source: row.source };
            self.patterns.entry(kind).or_default().insert_behind(rule, pattern);
        }
        Ok(())
    }

    fn add_domains(&mut self, text: &str) -> Result<(), DirectoryError> {
        for row in rows::<DomainRow>("vendor_domains", text)? {
            let owner = DomainOwner {
                organization: row.organisation,
                category: present(row.category),
                vendor_id: present(row.vendor_id).filter(|vendor_id| self.vendors.contains_key(vendor_id)),
            };
            self.domains.insert(row.domain.to_ascii_lowercase(), owner);
        }
        Ok(())
    }
}

/// Where a row stands, for messages.
#[derive(Clone, Copy)]
struct Place {
    table: &'static str,
    row: usize,
}

impl Place {
    fn word(self, word: &str, vocabulary: &'static str) -> DirectoryError {
        DirectoryError::Word { table: self.table, row: self.row, word: word.to_owned(), vocabulary }
    }

    fn kind(self, word: &str) -> Result<SignalKind, DirectoryError> {
        word.parse().map_err(|_| self.word(word, "signal kind"))
    }

    fn rule(self, word: &str) -> Result<MatchRule, DirectoryError> {
        word.parse().map_err(|_| self.word(word, "match rule"))
    }
}

/// Legal forms that reports and registers print behind a name.
const LEGAL_FORMS: &[&str] = &[
    "inc",
    "incorporated",
    "llc",
    "ltd",
    "limited",
    "gmbh",
    "corp",
    "corporation",
    "co",
    "company",
    "plc",
    "pbc",
    "ag",
    "sa",
    "sas",
    "bv",
    "ab",
    "oy",
    "pty",
];

/// The name in front of its legal form; none where it has none.
fn without_legal_form(name: &str) -> Option<&str> {
    let (plain, last) = name.trim().rsplit_once(char::is_whitespace)?;
    LEGAL_FORMS.contains(&squash(last).as_str()).then(|| plain.trim_end_matches([',', ' ']))
}

/// A name without case, punctuation and spaces.
fn squash(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendor<'a>(directory: &'a Directory, kind: SignalKind, text: &str) -> Option<&'a str> {
        match directory.find(kind, text)?.pattern.owner {
            Owner::Vendor(ref vendor_id) => Some(vendor_id),
            Owner::Provider { .. } => None,
        }
    }

    #[test]
    fn the_bundled_tables_are_read_and_account_ids_keep_their_leading_zeros() {
        let directory = Directory::bundled();
        assert_eq!(vendor(&directory, SignalKind::AwsAccount, "061190967865"), Some("cloudzero"));
        assert_eq!(vendor(&directory, SignalKind::AwsAccount, "61190967865"), None);
    }

    #[test]
    fn the_longest_match_wins_over_signals_and_provider_owned_together() {
        let directory = Directory::bundled();
        let namespace = |text| vendor(&directory, SignalKind::AzureProviderNamespace, text);
        assert_eq!(namespace("microsoft.datadog/monitors"), Some("datadog"));
        assert_eq!(namespace("microsoft.cache/redisenterprise"), Some("redis"));
        assert_eq!(namespace("microsoft.cache/redisenterprise/databases"), Some("redis"));
        assert_eq!(namespace("microsoft.cache/redis"), None);
        assert_eq!(namespace("microsoft.compute/virtualmachines"), None);
        assert_eq!(namespace("microsoft.datadogx/monitors"), None);
    }

    #[test]
    fn host_suffixes_match_at_a_label_and_registries_at_a_slash() {
        let directory = Directory::bundled();
        let host = |text| vendor(&directory, SignalKind::HttpDestinationHost, text);
        assert_eq!(host("acme.zendesk.com"), Some("zendesk"));
        assert_eq!(host("notzendesk.com"), None);
        let image = |text| vendor(&directory, SignalKind::ContainerRegistry, text);
        assert_eq!(image("quay.io/sysdig/agent"), Some("sysdig"));
        assert_eq!(image("quay.io/sysdigger/agent"), Some("red-hat"));
        assert_eq!(image("ghcr.io"), Some("github"));
        assert_eq!(image("ghcr.iox/a"), None);
    }

    #[test]
    fn a_users_rows_win_and_a_signal_without_a_vendor_is_refused() {
        let head = "vendor_id,signal_kind,pattern,match,source\n";
        let directory = Directory::bundled()
            .load_overrides(
                Some("vendor_id,name,domain,kind\nacme-scan,Acme Scan,acme.example,security\n"),
                Some(&format!("{head}acme-scan,aws_account,061190967865,exact,contract\n")),
            )
            .expect("both tables are right");
        assert_eq!(vendor(&directory, SignalKind::AwsAccount, "061190967865"), Some("acme-scan"));
        let nobody = Directory::bundled().load_overrides(None, Some(&format!("{head}nobody,aws_account,1,exact,x\n")));
        assert!(matches!(nobody, Err(DirectoryError::UnknownVendor { row: 1, .. })));
        let kind = Directory::bundled().load_overrides(None, Some(&format!("{head}okta,aws_acount,1,exact,x\n")));
        assert!(matches!(kind, Err(DirectoryError::Word { vocabulary: "signal kind", .. })));
    }

    #[test]
    fn a_vendor_is_found_by_the_names_people_write() {
        let directory = Directory::bundled();
        for name in ["Sumo Logic", "sumologic", "sumo-logic", "SUMO_LOGIC"] {
            assert_eq!(directory.vendor_by_name(name).map(|vendor| vendor.vendor_id.as_str()), Some("sumo-logic"));
        }
    }

    #[test]
    fn a_printed_name_is_known_with_its_legal_form_and_by_its_other_names() {
        let directory = Directory::bundled();
        let id = |name| directory.vendor_by_name(name).map(|vendor| vendor.vendor_id.as_str());
        assert_eq!(id("Amazon Web Services, Inc."), Some("aws"));
        assert_eq!(id("Okta, Inc."), Some("okta"));
        assert_eq!(id("Google Cloud Platform"), Some("google-cloud"));
        assert_eq!(id("Nobody in Particular, Inc."), None);
    }

    #[test]
    fn names_of_one_vendor_say_by_what_they_matched() {
        let directory = Directory::bundled();
        let found = |name| {
            let found = directory.name_match(name).expect("it is known");
            (found.vendor.vendor_id.as_str(), found.rule, found.matched)
        };
        assert_eq!(found("aws"), ("aws", NameRule::DirectoryId, "aws"));
        let (id, rule, matched) = found("Amazon Web Services, Inc.");
        assert_eq!((id, rule), ("aws", NameRule::DirectoryName));
        assert!(matched.starts_with("Amazon Web Services"), "{matched}");
        assert_eq!(found("Google Cloud Platform"), ("google-cloud", NameRule::DirectoryAlias, "Google Cloud Platform"));
        assert_eq!(found("datadoghq.com"), ("datadog", NameRule::DirectoryDomain, "datadoghq.com"));
    }
}
