//! Which party a printed name stands for, and by what rule it was found. Pure.

use std::collections::BTreeSet;

use carveout_discovery::{Directory, NameMatch, Vendor};
use carveout_graph::{DependencyGraph, PartyRef, Subservice, subservice_slug};
use carveout_model::{JudgedReport, NamePlace, NameRule, PartyName, Soc2Report, SubserviceMethod, ThirdParty};

use crate::{
    own_tables::RegisterEntry,
    register::{self, is_listed},
};

/// The vendor that a name stands for, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Named<'d> {
    /// The vendor.
    pub vendor: &'d Vendor,
    /// By what rule.
    pub rule: NameRule,
    /// The entry that matched.
    pub matched: String,
}

impl<'d> From<NameMatch<'d>> for Named<'d> {
    fn from(NameMatch { vendor, rule, matched }: NameMatch<'d>) -> Self {
        Self { vendor, rule, matched: matched.to_owned() }
    }
}

/// The vendor that a printed name stands for: whom the workspace says it is, and without that the directory.
pub fn find<'d>(directory: &'d Directory, name: &str) -> Option<Named<'d>> {
    let raw_id = subservice_slug(name);
    match directory.vendor_of_party(&raw_id) {
        Some(vendor) => Some(Named { vendor, rule: NameRule::Workspace, matched: raw_id }),
        None => directory.name_match(name).map(Named::from),
    }
}

/// The party of such a vendor.
pub fn party(directory: &Directory, name: &str) -> Option<PartyRef> {
    let vendor = find(directory, name)?.vendor;
    Some(PartyRef { party_id: vendor.vendor_id.clone(), name: vendor.name.clone() })
}

/// The party behind each complementary subservice organization control of a report: the one of that name among its
/// subservice organizations, or the only one that it carves out where it names none.
pub fn csoc_parties(directory: &Directory, graph: &DependencyGraph, report: &Soc2Report) -> Vec<Option<String>> {
    let listed: Vec<&Subservice> =
        graph.subservices().iter().filter(|each| each.report_id == report.report_id).collect();
    let carved_out: BTreeSet<&str> = listed
        .iter()
        .filter(|each| each.method == SubserviceMethod::CarveOut)
        .map(|each| each.party_id.as_str())
        .collect();
    let only = carved_out.first().filter(|_| carved_out.len() == 1).map(|id| (*id).to_owned());
    let behind = |name: &String| {
        let by_rule = || {
            let party_id = party(directory, name).map_or_else(|| subservice_slug(name), |party| party.party_id);
            listed.iter().find(|each| each.party_id == party_id)
        };
        let found = listed.iter().find(|each| each.name == *name).or_else(by_rule)?;
        Some(found.party_id.clone())
    };
    report
        .subservice_controls
        .iter()
        .map(|csoc| csoc.organization.as_ref().map_or_else(|| only.clone(), behind))
        .collect()
}

/// The rows of `parties.names`: what reports and the register call each party.
pub fn rows(
    directory: &Directory,
    graph: &DependencyGraph,
    reports: &[JudgedReport],
    register: &[RegisterEntry],
    parties: &[ThirdParty],
) -> Vec<PartyName> {
    let mut rows = BTreeSet::new();
    let mut add = |party_id: &str, name: &str, place, rule, matched| {
        rows.insert(PartyName { party_id: party_id.to_owned(), name: name.to_owned(), place, rule, matched });
    };
    let printed = |name: &str| match find(directory, name) {
        Some(named) => (named.rule, Some(named.matched)),
        None => (NameRule::AsPrinted, None),
    };
    for judged in reports {
        let Some(party_id) = &judged.party_id else { continue };
        let (rule, matched) = match &judged.report.party_id {
            Some(given) => (NameRule::Given, Some(given.clone())),
            None => printed(&judged.report.organization),
        };
        add(party_id, &judged.report.organization, NamePlace::Report, rule, matched);
    }
    for each in graph.subservices() {
        let (rule, matched) = printed(&each.name);
        add(&each.party_id, &each.name, NamePlace::SubserviceOrganization, rule, matched);
    }
    for entry in register {
        match register::named(entry, directory) {
            Some(named) => {
                add(&named.vendor.vendor_id, &entry.vendor, NamePlace::Register, named.rule, Some(named.matched));
            }
            None => {
                for party in parties.iter().filter(|party| party.in_register && is_listed(entry, None, party)) {
                    let is_id = party.party_id == entry.vendor;
                    let rule = if is_id { NameRule::Given } else { NameRule::AsPrinted };
                    add(&party.party_id, &entry.vendor, NamePlace::Register, rule, is_id.then(|| entry.vendor.clone()));
                }
            }
        }
    }
    rows.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_vendor_are_one_party_and_say_by_what_rule() {
        let directory = Directory::bundled();
        for (name, rule) in [
            ("Amazon Web Services, Inc.", NameRule::DirectoryName),
            ("AWS", NameRule::DirectoryId),
            ("aws", NameRule::DirectoryId),
            ("Amazon AWS", NameRule::DirectoryAlias),
        ] {
            let named = find(&directory, name).unwrap_or_else(|| panic!("{name} is known"));
            assert_eq!((named.vendor.vendor_id.as_str(), named.rule), ("aws", rule), "{name}");
        }
        assert_eq!(find(&directory, "Nobody in Particular, Inc."), None);
    }

    #[test]
    fn what_the_workspace_says_of_a_name_goes_before_the_directory() {
        let signals = "vendor_id,signal_kind,pattern,match,source\n\
                       okta,party_id,subservice-amazon-web-services,exact,they mean somebody else\n";
        let directory = Directory::bundled().load_overrides(None, Some(signals)).expect("the table is right");
        let named = find(&directory, "Amazon Web Services, Inc.").expect("it is known");
        assert_eq!((named.vendor.vendor_id.as_str(), named.rule), ("okta", NameRule::Workspace));
        assert_eq!(named.matched, "subservice-amazon-web-services");
    }
}
