//! The organization's register of third parties against what the estate shows. Pure.

use carveout_discovery::{Directory, Vendor};
use carveout_graph::subservice_slug;
use carveout_model::{PartyOrigin, ThirdParty};

use crate::{
    names::{self, Named},
    own_tables::RegisterEntry,
};

/// Marks the parties that the register lists, and adds those of it that nothing has shown.
pub fn mark(parties: &mut Vec<ThirdParty>, register: &[RegisterEntry], directory: &Directory) {
    for entry in register {
        let vendor = named(entry, directory).map(|named| named.vendor);
        let mut is_known = false;
        for party in parties.iter_mut().filter(|party| is_listed(entry, vendor, party)) {
            party.in_register = true;
            is_known = true;
        }
        if !is_known {
            parties.push(listed(entry, vendor));
        }
    }
    parties.sort_by(|one, other| one.party_id.cmp(&other.party_id));
    parties.dedup_by(|one, other| one.party_id == other.party_id);
}

/// The vendor that an entry stands for: by its name, and without that by its domain.
pub fn named<'d>(entry: &RegisterEntry, directory: &'d Directory) -> Option<Named<'d>> {
    let by_domain = || directory.name_match(&entry.domain).filter(|_| !entry.domain.is_empty()).map(Named::from);
    names::find(directory, &entry.vendor).or_else(by_domain)
}

/// Whether a party is the one that an entry lists, for whom the directory has `vendor`.
pub fn is_listed(entry: &RegisterEntry, vendor: Option<&Vendor>, party: &ThirdParty) -> bool {
    let has_domain = !entry.domain.is_empty() && party.domain.as_deref() == Some(&entry.domain);
    vendor.is_some_and(|vendor| vendor.vendor_id == party.party_id)
        || party.party_id == entry.vendor
        || party.name.eq_ignore_ascii_case(&entry.vendor)
        || has_domain
}

/// A party that only the register knows.
fn listed(entry: &RegisterEntry, vendor: Option<&Vendor>) -> ThirdParty {
    let slug = subservice_slug(&entry.vendor);
    let raw = format!("register-{}", slug.strip_prefix("subservice-").unwrap_or(&slug));
    ThirdParty {
        party_id: vendor.map_or(raw, |vendor| vendor.vendor_id.clone()),
        name: vendor.map_or(&entry.vendor, |vendor| &vendor.name).clone(),
        domain: vendor
            .and_then(|vendor| vendor.domain.clone())
            .or(Some(entry.domain.clone()))
            .filter(|it| !it.is_empty()),
        category: vendor.and_then(|vendor| vendor.kind.clone()),
        service_model: vendor.and_then(Vendor::service_model),
        origin: PartyOrigin::Register,
        in_register: true,
        relation_strength: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(vendor: &str, domain: &str) -> RegisterEntry {
        RegisterEntry { vendor: vendor.to_owned(), domain: domain.to_owned() }
    }

    #[test]
    fn a_party_is_known_by_id_name_legal_form_or_domain_and_the_others_are_added() {
        let directory = Directory::bundled();
        let seen = |party_id: &str, domain: Option<&str>| ThirdParty {
            domain: domain.map(ToOwned::to_owned),
            in_register: false,
            origin: PartyOrigin::Discovered,
            ..listed(&entry(party_id, ""), None)
        };
        let mut parties = vec![
            ThirdParty { party_id: "okta".to_owned(), ..seen("Okta", None) },
            ThirdParty { party_id: "domain-x.example".to_owned(), ..seen("x.example", Some("x.example")) },
            ThirdParty { party_id: "unknown-aws-390012345678".to_owned(), ..seen("unknown", None) },
            ThirdParty { party_id: "stripe".to_owned(), ..seen("Stripe", None) },
        ];
        let register = [
            entry("Okta, Inc.", ""),
            entry("X Analytics", "x.example"),
            entry("unknown-aws-390012345678", ""),
            entry("Payroll Bureau Ltd", ""),
            entry("Datadog", ""),
        ];
        mark(&mut parties, &register, &directory);
        let of =
            |id: &str| parties.iter().find(|party| party.party_id == id).map(|party| (party.origin, party.in_register));
        assert_eq!(of("okta"), Some((PartyOrigin::Discovered, true)));
        assert_eq!(of("domain-x.example"), Some((PartyOrigin::Discovered, true)));
        assert_eq!(of("unknown-aws-390012345678"), Some((PartyOrigin::Discovered, true)));
        assert_eq!(of("stripe"), Some((PartyOrigin::Discovered, false)));
        assert_eq!(of("register-payroll-bureau"), Some((PartyOrigin::Register, true)));
        assert_eq!(of("datadog"), Some((PartyOrigin::Register, true)));
        assert_eq!(parties.len(), 6);
    }
}
