-- Subservice organizations with the party that each turned out to be and the controls that the report expects of it.
WITH csocs AS (
    SELECT report_id, party_id, count(*) AS expected
    FROM parties.subservice_controls
    GROUP BY report_id, party_id
)
SELECT
    subservice.report_id,
    reports.party_id AS vendor_id,
    subservice.party_id,
    subservice.method,
    coalesce(csocs.expected, 0) AS csocs
FROM parties.subservice_organizations AS subservice
INNER JOIN parties.reports AS reports ON reports.report_id = subservice.report_id
LEFT JOIN csocs ON csocs.report_id = subservice.report_id AND csocs.party_id = subservice.party_id
WHERE reports.party_id IS NOT NULL AND subservice.party_id IS NOT NULL
ORDER BY subservice.report_id, subservice.party_id, subservice.method;
