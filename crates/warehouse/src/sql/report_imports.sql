-- Every version that the reports name and that is not known yet: those that count, and those that they supersede.
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
WHERE
    source IS NOT NULL
    AND source_sha256 IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM parties.report_imports AS known
        WHERE known.report_id = told.report_id AND known.source_sha256 = told.source_sha256
    )
GROUP BY report_id, source_sha256;
