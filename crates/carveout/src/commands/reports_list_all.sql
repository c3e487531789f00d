-- Every version of every report and document that was ever imported, with what took its place.
SELECT
    versions.report_id,
    reports.party_id,
    'soc2' AS kind,
    reports.report_type,
    reports.period_start,
    coalesce(reports.period_end, reports.as_of) AS until,
    CASE WHEN versions.superseded_because IS DISTINCT FROM 'newer_version' THEN reports.opinion END AS opinion,
    CASE WHEN versions.superseded_because IS DISTINCT FROM 'newer_version' THEN reports.reliance END AS reliance,
    versions.superseded_by,
    versions.superseded_because,
    versions.imported_at,
    versions.source,
    versions.source_sha256
FROM parties.report_versions AS versions
LEFT JOIN parties.reports AS reports ON reports.report_id = versions.report_id
UNION ALL
SELECT
    imports.document_id,
    documents.party_id,
    documents.kind,
    documents.report_type,
    coalesce(documents.period_start, documents.valid_from),
    coalesce(documents.valid_until, documents.period_end, documents.as_of, documents.issued_on),
    NULL,
    CASE WHEN imports.source_sha256 = documents.source_sha256 THEN documents.reliance END,
    CASE WHEN imports.source_sha256 <> documents.source_sha256 THEN imports.document_id END,
    CASE WHEN imports.source_sha256 <> documents.source_sha256 THEN 'newer_version' END,
    imports.imported_at,
    imports.document ->> 'source',
    imports.source_sha256
FROM parties.other_document_imports AS imports
LEFT JOIN parties.other_documents AS documents ON documents.document_id = imports.document_id
ORDER BY 2 NULLS LAST, 3 DESC, 6, 1, 11, 13;
