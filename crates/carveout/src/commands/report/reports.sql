WITH exceptions AS (
    SELECT report_id, count(*) AS exceptions
    FROM parties.report_exceptions
    GROUP BY report_id
)
SELECT
    reports.report_id,
    reports.party_id,
    reports.organization,
    reports.system,
    reports.report_type,
    reports.auditor,
    reports.period_start,
    reports.period_end,
    reports.as_of,
    reports.issued_on,
    reports.opinion,
    coalesce(reports.categories, []) AS categories,
    reports.subservice_method,
    reports.bridge_until,
    reports.reliance,
    reports.judged_on,
    reports.source_sha256,
    coalesce(exceptions.exceptions, 0) AS exceptions
FROM parties.reports AS reports
LEFT JOIN exceptions ON exceptions.report_id = reports.report_id
-- What AWS Artifact lists is a claim that nobody has read.
WHERE reports.source <> 'aws-artifact'
ORDER BY reports.party_id NULLS LAST, reports.report_id;
