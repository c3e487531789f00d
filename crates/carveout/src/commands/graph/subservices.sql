-- Subservice organizations with the party that each turned out to be, the controls that the report expects of it, and how
-- many of these the party's own report shows.
WITH csocs AS (
    SELECT report_id, party_id, count(*) AS expected
    FROM parties.subservice_controls
    GROUP BY report_id, party_id
),
judged AS (
    SELECT
        report_id,
        party_id,
        csoc_ref,
        bool_and(status = 'shown') AS is_shown,
        array_agg(
            csoc_ref || coalesce(' on ' || criterion_id, '') || ': ' || reason
            ORDER BY criterion_id
        ) FILTER (WHERE status <> 'shown') AS open_criteria
    FROM scoping.csoc_coverage
    WHERE scenario = 'current'
    GROUP BY report_id, party_id, csoc_ref
),
counted AS (
    SELECT
        report_id,
        party_id,
        count(*) FILTER (WHERE is_shown) AS shown,
        flatten(array_agg(open_criteria ORDER BY csoc_ref) FILTER (WHERE open_criteria IS NOT NULL)) AS open_csocs
    FROM judged
    GROUP BY report_id, party_id
)
SELECT
    subservice.report_id,
    reports.party_id AS vendor_id,
    subservice.party_id,
    subservice.method,
    coalesce(csocs.expected, 0) AS csocs,
    coalesce(counted.shown, 0) AS csocs_shown,
    coalesce(counted.open_csocs, []) AS csocs_open
FROM parties.subservice_organizations AS subservice
INNER JOIN parties.reports AS reports ON reports.report_id = subservice.report_id
LEFT JOIN csocs ON csocs.report_id = subservice.report_id AND csocs.party_id = subservice.party_id
LEFT JOIN counted ON counted.report_id = subservice.report_id AND counted.party_id = subservice.party_id
WHERE reports.party_id IS NOT NULL AND subservice.party_id IS NOT NULL
ORDER BY subservice.report_id, subservice.party_id, subservice.method;
