-- Reports and other documents of vendors, those that count: what a newer version or a later period superseded is left out.
-- `found_by` says how the party was found that the printed name stands for.
WITH found AS (
    SELECT reports.report_id, min(concat_ws(': ', replace(names.rule, '_', ' '), names.matched)) AS found_by
    FROM parties.reports AS reports
    INNER JOIN parties.report_documents AS documents ON documents.report_id = reports.report_id
    INNER JOIN parties.names AS names
        ON names.party_id = reports.party_id
        AND names.name = reports.organization
        AND names.place = 'report'
        -- Reports of one organization may come with the party's id and without.
        AND (names.rule = 'given') = (documents.document ->> '$.party_id' IS NOT NULL)
    GROUP BY reports.report_id
)
SELECT
    reports.report_id,
    reports.party_id,
    'soc2' AS kind,
    reports.report_type,
    reports.period_start,
    coalesce(reports.period_end, reports.as_of) AS until,
    reports.opinion,
    reports.reliance,
    reports.categories,
    found.found_by
FROM parties.reports AS reports
LEFT JOIN found ON found.report_id = reports.report_id
WHERE NOT EXISTS (
    SELECT 1 FROM parties.report_versions AS versions
    WHERE versions.report_id = reports.report_id AND versions.superseded_because = 'later_period'
)
UNION ALL
SELECT
    documents.document_id,
    documents.party_id,
    documents.kind,
    documents.report_type,
    coalesce(documents.period_start, documents.valid_from),
    coalesce(documents.valid_until, documents.period_end, documents.as_of, documents.issued_on),
    NULL,
    documents.reliance,
    NULL,
    NULL
FROM parties.other_documents AS documents
ORDER BY 2 NULLS LAST, 3 DESC, 6, 1;
