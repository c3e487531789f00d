//! Documents that are no SOC 2 report: whose they are, and how they stand on the day of judgement. Pure.

use carveout_discovery::{Directory, Vendor};
use carveout_graph::subservice_slug;
use carveout_model::{DocumentStanding, JudgedDocument, OtherDocument, PartyOrigin, ThirdParty};
use jiff::{ToSpan, civil::Date};

use crate::names;

/// The party behind each document, in their order; none where a document does not say whose it is. A vendor that nothing
/// else has shown is added: who sends us certificates is a third party.
pub fn place(documents: &[OtherDocument], parties: &mut Vec<ThirdParty>, directory: &Directory) -> Vec<Option<String>> {
    let placed = documents
        .iter()
        .map(|document| {
            let name = document.organization.as_deref().or(document.party_id.as_deref())?;
            let vendor = match &document.party_id {
                Some(party_id) => directory.vendor(party_id),
                None => names::find(directory, name).map(|named| named.vendor),
            };
            let given = document.party_id.clone();
            let party_id = given
                .or_else(|| vendor.map(|vendor| vendor.vendor_id.clone()))
                .unwrap_or_else(|| subservice_slug(name));
            if !parties.iter().any(|party| party.party_id == party_id) {
                parties.push(shown_by_document(&party_id, name, vendor));
            }
            Some(party_id)
        })
        .collect();
    parties.sort_by(|one, other| one.party_id.cmp(&other.party_id));
    placed
}

fn shown_by_document(party_id: &str, name: &str, vendor: Option<&Vendor>) -> ThirdParty {
    ThirdParty {
        party_id: party_id.to_owned(),
        name: vendor.map_or(name, |vendor| &vendor.name).to_owned(),
        domain: vendor.and_then(|vendor| vendor.domain.clone()),
        category: vendor.and_then(|vendor| vendor.kind.clone()),
        service_model: vendor.and_then(Vendor::service_model),
        origin: PartyOrigin::Report,
        in_register: false,
        relation_strength: None,
    }
}

/// Documents with their parties, and how they stand on a day: until they say that they are valid, else for as many months
/// as a report is current.
pub fn judged(
    documents: Vec<OtherDocument>,
    party_ids: Vec<Option<String>>,
    current_months: u32,
    judged_on: Date,
) -> Vec<JudgedDocument> {
    documents
        .into_iter()
        .zip(party_ids)
        .map(|(document, party_id)| {
            let reliance = standing(&document, current_months, judged_on);
            JudgedDocument { document, party_id, reliance, judged_on }
        })
        .collect()
}

fn standing(document: &OtherDocument, current_months: u32, on: Date) -> DocumentStanding {
    let by_age = || document.last_day().map(|day| day.saturating_add(i64::from(current_months).months()));
    match document.valid_until.or_else(by_age) {
        None => DocumentStanding::NotEvaluable,
        Some(last) if on <= last => DocumentStanding::Informative,
        Some(_) => DocumentStanding::Lapsed,
    }
}

#[cfg(test)]
mod tests {
    use carveout_model::DocumentKind;
    use jiff::civil::date;

    use super::*;

    fn document(organization: Option<&str>) -> OtherDocument {
        OtherDocument {
            document_id: "d".to_owned(),
            kind: DocumentKind::IsoCertificate,
            party_id: None,
            organization: organization.map(str::to_owned),
            title: None,
            standard: None,
            issuer: None,
            report_type: None,
            period_start: None,
            period_end: None,
            as_of: None,
            issued_on: None,
            valid_from: None,
            valid_until: None,
            source: "d.pdf".to_owned(),
            source_sha256: "00".to_owned(),
            extraction: serde_json::Value::Null,
        }
    }

    #[test]
    fn a_document_is_its_vendors_and_an_unnamed_one_is_nobodys() {
        let documents = [document(Some("Okta, Inc.")), document(Some("Halden Freight GmbH")), document(None)];
        let mut parties = Vec::new();
        let placed = place(&documents, &mut parties, &Directory::bundled());
        assert_eq!(placed, [Some("okta".to_owned()), Some("subservice-halden-freight".to_owned()), None]);
        let origins: Vec<PartyOrigin> = parties.iter().map(|party| party.origin).collect();
        assert_eq!(origins, [PartyOrigin::Report, PartyOrigin::Report]);
        assert_eq!(place(&documents, &mut parties, &Directory::bundled()), placed);
        assert_eq!(parties.len(), 2, "a party is added once");
    }

    #[test]
    fn a_document_stands_until_it_says_so_else_as_long_as_a_report_is_current() {
        let on = date(2026, 12, 31);
        let mut certificate = document(None);
        assert_eq!(standing(&certificate, 12, on), DocumentStanding::NotEvaluable);
        certificate.issued_on = Some(date(2025, 12, 31));
        assert_eq!(standing(&certificate, 12, on), DocumentStanding::Informative);
        assert_eq!(standing(&certificate, 11, on), DocumentStanding::Lapsed);
        certificate.valid_until = Some(date(2028, 1, 1));
        assert_eq!(standing(&certificate, 0, on), DocumentStanding::Informative);
        certificate.valid_until = Some(date(2026, 12, 30));
        assert_eq!(standing(&certificate, 12, on), DocumentStanding::Lapsed);
    }
}
