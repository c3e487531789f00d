//! What vendors send in place of a SOC 2 report is kept as what it is, and never as a report.

mod common;

use std::path::Path;

use carveout_model::{DocumentKind, OtherDocument, ReportType};
use carveout_soc2_reports::{Document, PdfError, ReadError, RegisterSettings, combine, read};
use common::paper::paper;
use jiff::civil::date;
use serde_json::Value;

fn read_file(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    read(Path::new(name), bytes, &common::criteria(), &RegisterSettings::default())
}

fn other(lines: &[(f64, &str)]) -> OtherDocument {
    match read_file("vendors/other.pdf", &paper(lines)) {
        Ok(Document::Other(document)) => *document,
        Ok(document) => panic!("it was read as {document:?}"),
        Err(error) => panic!("{error}"),
    }
}

fn not_found(document: &OtherDocument) -> Vec<&str> {
    document.extraction["not_found"].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

const ORGANIZATION: Option<&str> = Some("Halden Freight Systems, Inc.");

const CERTIFICATE: &[(f64, &str)] = &[
    (22.0, "Certificate of Registration"),
    (12.0, "Information Security Management System"),
    (11.0, "This is to certify that"),
    (16.0, "Halden Freight Systems, Inc."),
    (10.0, "1200 Harbor Way, Portland, Oregon, USA"),
    (10.0, "operates an Information Security Management System which complies with the requirements of"),
    (15.0, "ISO/IEC 27001:2022"),
    (10.0, "for the following scope"),
    (10.0, "Design, development and operation of the Halden Dispatch Cloud, in accordance with"),
    (10.0, "the statement of applicability of January 7, 2025."),
    (0.0, ""),
    (10.0, "Certificate number: IS 704412"),
    (10.0, "Original issue date\tIssue date\tExpiry date"),
    (10.0, "March 1, 2022\tMarch 3, 2025\tFebruary 28, 2028"),
    (10.0, "Issued by: Northgate Certification GmbH"),
];

#[test]
fn a_certificate_is_kept_with_its_standard_and_its_validity() {
    let read = other(CERTIFICATE);
    assert_eq!((read.kind, read.organization.as_deref()), (DocumentKind::IsoCertificate, ORGANIZATION));
    assert_eq!(read.standard.as_deref(), Some("ISO/IEC 27001:2022"));
    assert_eq!(read.issuer.as_deref(), Some("Northgate Certification GmbH"));
    let scope = "Design, development and operation of the Halden Dispatch Cloud, in accordance with \
                 the statement of applicability of January 7, 2025.";
    assert_eq!(read.title.as_deref(), Some(scope));
    assert_eq!((read.issued_on, read.valid_until), (Some(date(2025, 3, 3)), Some(date(2028, 2, 28))));
    assert_eq!(not_found(&read), Vec::<&str>::new());
    let id = "halden-freight-systems-inc-iso-certificate-iso-iec-27001-2022-\
              design-development-and-operation-of-the-2025-03-03";
    assert_eq!(read.document_id, id);
    assert_eq!((read.source.as_str(), read.source_sha256.len()), ("vendors/other.pdf", 64));
}

#[test]
fn what_a_certificate_does_not_say_is_null_and_listed() {
    let without: Vec<(f64, &str)> = CERTIFICATE
        .iter()
        .copied()
        .filter(|(_, text)| !text.contains("issue date") && !text.contains("2028"))
        .collect();
    let read = other(&without);
    assert_eq!((read.issued_on, read.valid_until), (None, None));
    assert_eq!(not_found(&read), ["issued_on", "valid_until"]);
    assert!(read.document_id.ends_with(&read.source_sha256[..12]), "{}", read.document_id);
    let fields = read.extraction["fields"].as_array().expect("a list");
    assert!(fields.iter().all(|field| field["page"] == 1 && field["quote"].as_str().is_some_and(|it| !it.is_empty())));
    assert!(fields.iter().all(|field| field["confidence"].as_f64().is_some_and(|each| each > 0.5 && each <= 1.0)));
}

#[test]
fn a_validity_from_and_to_is_read_and_the_holder_behind_the_words_management_system_of() {
    let read = other(&[
        (22.0, "CERTIFICATE"),
        (11.0, "The certification body hereby certifies that the Quality Management System of"),
        (15.0, "Papertrail Payments Ltd"),
        (11.0, "has been assessed and found to meet ISO 9001:2015 and ISO/IEC 27701:2019."),
        (11.0, "Valid from 01/07/2025 to 30/06/2028"),
        (11.0, "For and on behalf of Northgate Certification GmbH"),
    ]);
    assert_eq!(read.organization.as_deref(), Some("Papertrail Payments Ltd"));
    assert_eq!(read.standard.as_deref(), Some("ISO 9001:2015, ISO/IEC 27701:2019"));
    assert_eq!((read.valid_from, read.valid_until), (Some(date(2025, 7, 1)), Some(date(2028, 6, 30))));
    assert_eq!(read.issuer.as_deref(), Some("Northgate Certification GmbH"));
}

#[test]
fn a_soc_3_report_is_kept_and_says_that_it_has_no_tests() {
    let read = other(&[
        (20.0, "Halden Freight Systems, Inc."),
        (16.0, "SOC 3 Report"),
        (11.0, "Report on the Halden Dispatch Cloud relevant to Security and Availability"),
        (11.0, "For the period July 1, 2025 to June 30, 2026"),
        (0.0, ""),
        (15.0, "Section I - Independent Service Auditor's Report"),
        (11.0, "To the Management of Halden Freight Systems, Inc."),
        (0.0, ""),
        (10.0, "We have examined Halden Freight Systems, Inc.'s accompanying assertion titled Assertion of Management"),
        (
            10.0,
            "that the controls within Halden Freight Systems, Inc.'s Halden Dispatch Cloud were effective throughout",
        ),
        (10.0, "the period July 1, 2025 to June 30, 2026, based on the trust services criteria relevant to security."),
        (10.0, "In our opinion, management's assertion is fairly stated, in all material respects."),
        (0.0, ""),
        (10.0, "Mercer & Ostrow LLP"),
        (10.0, "August 13, 2026"),
    ]);
    assert_eq!((read.kind, read.organization.as_deref()), (DocumentKind::Soc3, ORGANIZATION));
    assert_eq!(
        (read.title.as_deref(), read.issuer.as_deref()),
        (Some("Halden Dispatch Cloud"), Some("Mercer & Ostrow LLP"))
    );
    assert_eq!((read.period_start, read.period_end), (Some(date(2025, 7, 1)), Some(date(2026, 6, 30))));
    assert_eq!((read.issued_on, read.report_type), (Some(date(2026, 8, 13)), None));
    assert_eq!(not_found(&read), Vec::<&str>::new());
    assert!(read.kind.limits().contains("no tests of controls"));
}

#[test]
fn a_soc_1_report_is_kept_with_its_type() {
    let read = other(&[
        (20.0, "SOC 1 Type 2 Report"),
        (
            11.0,
            "Controls at a Service Organization Relevant to User Entities' Internal Control over Financial Reporting",
        ),
        (0.0, ""),
        (15.0, "I. Independent Service Auditor's Report"),
        (11.0, "To the Board of Directors of Halden Freight Systems, Inc."),
        (0.0, ""),
        (
            10.0,
            "We have examined Halden Freight Systems, Inc.'s description of its Halden Billing Platform throughout the",
        ),
        (
            10.0,
            "period July 1, 2025 to June 30, 2026 and the suitability of the design and operating effectiveness of controls.",
        ),
        (10.0, "In our opinion, in all material respects, the controls operated effectively."),
        (0.0, ""),
        (10.0, "Mercer & Ostrow LLP"),
        (10.0, "August 13, 2026"),
    ]);
    assert_eq!((read.kind, read.organization.as_deref()), (DocumentKind::Soc1, ORGANIZATION));
    assert_eq!((read.title.as_deref(), read.report_type), (Some("Halden Billing Platform"), Some(ReportType::Type2)));
    assert_eq!((read.period_end, read.issued_on), (Some(date(2026, 6, 30)), Some(date(2026, 8, 13))));
}

#[test]
fn a_pci_attestation_is_kept_with_the_entity_and_its_assessor() {
    let read = other(&[
        (18.0, "Payment Card Industry Data Security Standard"),
        (14.0, "Attestation of Compliance for Report on Compliance - Service Providers"),
        (12.0, "PCI DSS v4.0.1"),
        (11.0, "Part 1a. Assessed Entity"),
        (10.0, "Company name:\tHalden Freight Systems, Inc."),
        (10.0, "DBA (doing business as):\tHalden Dispatch"),
        (11.0, "Part 1b. Assessor"),
        (10.0, "Company name:\tBrackwater Security Assessors LLC"),
        (11.0, "Part 2a. Scope Verification"),
        (10.0, "Name of service(s) assessed:\tHalden Dispatch Cloud"),
        (10.0, "Date of Report as noted in the Report on Compliance: 2026-05-04"),
    ]);
    assert_eq!((read.kind, read.organization.as_deref()), (DocumentKind::PciAttestation, ORGANIZATION));
    assert_eq!(read.issuer.as_deref(), Some("Brackwater Security Assessors LLC"));
    assert_eq!(
        (read.standard.as_deref(), read.title.as_deref()),
        (Some("PCI DSS 4.0.1"), Some("Halden Dispatch Cloud"))
    );
    assert_eq!((read.as_of, read.valid_until), (Some(date(2026, 5, 4)), None));
}

#[test]
fn a_penetration_test_letter_is_kept_with_its_tester_and_its_days() {
    let read = other(&[
        (16.0, "Letter of Attestation: Penetration Test"),
        (11.0, "Date: March 20, 2026"),
        (0.0, ""),
        (
            10.0,
            "Larkspur Offensive Security Ltd performed a web application penetration test of Halden Freight Systems,",
        ),
        (
            10.0,
            "Inc.'s Halden Dispatch Cloud between March 2, 2026 and March 13, 2026. No critical findings remain open.",
        ),
        (10.0, "The letter does not disclose the findings themselves, which were handed to the organization."),
    ]);
    assert_eq!((read.kind, read.organization.as_deref()), (DocumentKind::PenetrationTest, ORGANIZATION));
    assert_eq!(read.issuer.as_deref(), Some("Larkspur Offensive Security Ltd"));
    assert_eq!((read.period_start, read.period_end), (Some(date(2026, 3, 2)), Some(date(2026, 3, 13))));
    assert_eq!(read.issued_on, Some(date(2026, 3, 20)));
}

#[test]
fn what_is_none_of_them_is_refused_with_what_it_says() {
    let filler = "The text of this document goes on for a while so that there is something to read on its page.";
    let invoice = [(16.0, "Invoice 2026-118"), (11.0, filler), (11.0, filler), (11.0, filler)];
    match read_file("invoice.pdf", &paper(&invoice)) {
        Err(ReadError::Pdf { source: PdfError::NotRecognized { page: 1, quote }, .. }) => {
            assert!(quote.contains("Invoice 2026-118"), "{quote}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_of_a_register_are_kept_too_and_give_way_to_the_document_itself() {
    let csv = "Vendor,Report,Valid until,Issued on,Period start,Period end\n\
        Halden Freight Systems,ISO 27001:2022,2028-02-28,2025-03-03,,\n\
        Brightpipe AG,SOC 1 Type 2,,2026-02-01,2025-01-01,2025-12-31\n\
        Tessel Identity GmbH,Pen test,,,,\n\
        Halden Freight Systems,ISO 9001,2028-02-28,2025-03-03,,\n\
        Northwind Logs,HIPAA letter,,,,\n";
    let read = |name: &str, bytes: &[u8]| read_file(name, bytes).unwrap_or_else(|error| panic!("{error}"));
    let Document::Register(register) = read("register.csv", csv.as_bytes()) else { panic!("a register") };
    assert!(register.reports.is_empty(), "a SOC 1 of type 2 is no SOC 2 report: {:?}", register.reports);
    let kinds: Vec<DocumentKind> = register.documents.iter().map(|document| document.kind).collect();
    let certificate = DocumentKind::IsoCertificate;
    assert_eq!(kinds, [certificate, DocumentKind::Soc1, DocumentKind::PenetrationTest, certificate]);
    assert_eq!(register.others.len(), 1, "{:?}", register.others);
    assert_eq!(register.documents[0].valid_until, Some(date(2028, 2, 28)));
    assert_eq!(register.documents[1].report_type, Some(ReportType::Type2));
    assert_eq!(register.documents[1].document_id, "brightpipe-ag-soc1-2025-01-01-to-2025-12-31");
    let combined = combine(vec![read("register.csv", csv.as_bytes()), read("certificate.pdf", &paper(CERTIFICATE))]);
    let sources: Vec<&str> = combined.documents.iter().map(|document| document.source.as_str()).collect();
    assert_eq!(sources, ["certificate.pdf", "register.csv", "register.csv", "register.csv"]);
}

#[test]
fn a_row_stays_itself_when_another_row_of_the_register_changes() {
    let hash = |last: &str| {
        let csv = format!("Vendor,Report,Issued on\nHalden,ISO 27001,2025-03-03\nBrightpipe,{last},2025-01-01\n");
        match read_file("register.csv", csv.as_bytes()) {
            Ok(Document::Register(register)) => register.documents[0].source_sha256.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(hash("Pen test"), hash("PCI DSS AoC"));
}
