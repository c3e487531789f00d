-- Documents of vendors that are no SOC 2 report, and every version of every report that was ever imported.
CREATE TABLE parties.other_document_imports (
    document_id VARCHAR NOT NULL,
    source_sha256 VARCHAR NOT NULL,
    document JSON NOT NULL,
    imported_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE parties.other_document_imports IS 'Every document that is no SOC 2 report as it was imported, each version of it; parties.other_documents is derived from the last one.';
COMMENT ON COLUMN parties.other_document_imports.document_id IS 'Stable id, from vendor, kind, standard, title and time.';
COMMENT ON COLUMN parties.other_document_imports.source_sha256 IS 'SHA-256 of the input, lower-case hex.';
COMMENT ON COLUMN parties.other_document_imports.document IS 'The document''s metadata.';
COMMENT ON COLUMN parties.other_document_imports.imported_at IS 'When it was imported (UTC).';

CREATE TABLE parties.other_documents (
    document_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    party_id VARCHAR,
    organization VARCHAR,
    title VARCHAR,
    standard VARCHAR,
    issuer VARCHAR,
    report_type VARCHAR,
    period_start DATE,
    period_end DATE,
    as_of DATE,
    issued_on DATE,
    valid_from DATE,
    valid_until DATE,
    reliance VARCHAR NOT NULL,
    limits VARCHAR NOT NULL,
    judged_on DATE NOT NULL,
    source VARCHAR NOT NULL,
    source_sha256 VARCHAR NOT NULL,
    extraction JSON
);
COMMENT ON TABLE parties.other_documents IS 'Documents of vendors that are no SOC 2 report: SOC 1, SOC 3, certificates, attestations, penetration tests. None of them counts as coverage of a criterion.';
COMMENT ON COLUMN parties.other_documents.document_id IS 'Stable id, from vendor, kind, standard, title and time.';
COMMENT ON COLUMN parties.other_documents.kind IS 'soc1, soc3, iso_certificate, pci_aoc or penetration_test.';
COMMENT ON COLUMN parties.other_documents.party_id IS 'The party it speaks for; NULL where the document does not say whose it is.';
COMMENT ON COLUMN parties.other_documents.organization IS 'Whose it is, as printed.';
COMMENT ON COLUMN parties.other_documents.title IS 'What it is about, as printed: the system, the scope of a certificate, the services assessed.';
COMMENT ON COLUMN parties.other_documents.standard IS 'The standard, with its edition where the document says it (ISO/IEC 27001:2022, PCI DSS 4.0.1).';
COMMENT ON COLUMN parties.other_documents.issuer IS 'The auditor, the certification body, the assessor or the tester.';
COMMENT ON COLUMN parties.other_documents.report_type IS 'type1 or type2 of a SOC 1 report.';
COMMENT ON COLUMN parties.other_documents.period_start IS 'First day of the period that it speaks for.';
COMMENT ON COLUMN parties.other_documents.period_end IS 'Last day of that period.';
COMMENT ON COLUMN parties.other_documents.as_of IS 'The day that it speaks for.';
COMMENT ON COLUMN parties.other_documents.issued_on IS 'The day it was issued or signed.';
COMMENT ON COLUMN parties.other_documents.valid_from IS 'First day of its validity.';
COMMENT ON COLUMN parties.other_documents.valid_until IS 'Last day of its validity.';
COMMENT ON COLUMN parties.other_documents.reliance IS 'informative (still valid, or not older than a report may be), lapsed, or not_evaluable where it says no day. None of them is coverage.';
COMMENT ON COLUMN parties.other_documents.limits IS 'Why nothing can be inherited from it.';
COMMENT ON COLUMN parties.other_documents.judged_on IS 'The day that reliance was judged for.';
COMMENT ON COLUMN parties.other_documents.source IS 'Where it was read from.';
COMMENT ON COLUMN parties.other_documents.source_sha256 IS 'SHA-256 of the input, lower-case hex.';
COMMENT ON COLUMN parties.other_documents.extraction IS 'How it was read and with what confidence: fields with page and quote, and what was not found.';

CREATE TABLE parties.report_imports (
    report_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    source_sha256 VARCHAR NOT NULL,
    imported_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE parties.report_imports IS 'Every version of every SOC 2 report that was ever imported, once.';
COMMENT ON COLUMN parties.report_imports.report_id IS 'Stable id, from vendor, system and period.';
COMMENT ON COLUMN parties.report_imports.source IS 'Where it was read from.';
COMMENT ON COLUMN parties.report_imports.source_sha256 IS 'SHA-256 of the input, lower-case hex.';
COMMENT ON COLUMN parties.report_imports.imported_at IS 'When it was imported (UTC).';

-- What was imported before this version of the schema; of a superseded version, the day of the newer one is known.
INSERT INTO parties.report_imports (report_id, source, source_sha256, imported_at)
SELECT report_id, min(source), source_sha256, min(imported_at)
FROM (
    SELECT report_id, document ->> 'source' AS source, document ->> 'source_sha256' AS source_sha256, imported_at
    FROM parties.report_documents
    UNION ALL
    SELECT report_id, version ->> 'source', version ->> 'source_sha256', imported_at
    FROM (
        SELECT
            report_id,
            unnest(CAST(document -> 'extraction' -> 'supersedes' AS JSON[])) AS version,
            imported_at
        FROM parties.report_documents
    ) AS superseded
) AS told
WHERE source IS NOT NULL AND source_sha256 IS NOT NULL
GROUP BY report_id, source_sha256;

CREATE VIEW parties.report_versions AS
WITH current_versions AS (
    SELECT
        report_id,
        report_type,
        source_sha256,
        coalesce(party_id, lower(organization)) AS vendor,
        lower(system) AS described,
        coalesce(period_end, as_of) AS speaks_until
    FROM parties.reports
),
followed AS (
    SELECT older.report_id, newer.report_id AS superseded_by
    FROM current_versions AS older
    INNER JOIN current_versions AS newer
        ON newer.vendor = older.vendor
        AND newer.described IS NOT DISTINCT FROM older.described
        AND newer.speaks_until > older.speaks_until
        -- A report on one day takes nothing away from one over a period.
        AND NOT (older.report_type = 'type2' AND newer.report_type = 'type1')
    QUALIFY row_number() OVER (PARTITION BY older.report_id ORDER BY newer.speaks_until, newer.report_id) = 1
)
SELECT
    imports.report_id,
    imports.source,
    imports.source_sha256,
    imports.imported_at,
    CASE
        WHEN imports.source_sha256 <> current_versions.source_sha256 THEN imports.report_id
        ELSE followed.superseded_by
    END AS superseded_by,
    CASE
        WHEN imports.source_sha256 <> current_versions.source_sha256 THEN 'newer_version'
        WHEN followed.superseded_by IS NOT NULL THEN 'later_period'
    END AS superseded_because
FROM parties.report_imports AS imports
LEFT JOIN current_versions ON current_versions.report_id = imports.report_id
LEFT JOIN followed ON followed.report_id = imports.report_id;
COMMENT ON VIEW parties.report_versions IS 'Every version of every SOC 2 report with what took its place. A report of an earlier period stays in parties.reports: it still speaks for that period.';
COMMENT ON COLUMN parties.report_versions.report_id IS 'The report.';
COMMENT ON COLUMN parties.report_versions.source IS 'Where this version was read from.';
COMMENT ON COLUMN parties.report_versions.source_sha256 IS 'SHA-256 of the input, lower-case hex: which version it is.';
COMMENT ON COLUMN parties.report_versions.imported_at IS 'When it was imported (UTC).';
COMMENT ON COLUMN parties.report_versions.superseded_by IS 'The report that took its place: itself where a newer version is known, the next of the same vendor and system where a later period is; NULL where it counts.';
COMMENT ON COLUMN parties.report_versions.superseded_because IS 'newer_version or later_period; NULL where it counts.';
