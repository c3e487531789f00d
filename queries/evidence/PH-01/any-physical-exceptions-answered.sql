/* ---
title = "Exceptions on physical access are answered"
description = """
An exception at somebody's doors is theirs to mend, and ours to follow: their management has to have said what it does
about it. Looks at exceptions on CC6.4 in the newest report of each party.
"""
tables = ["parties.report_exceptions", "parties.reports", "parties.third_parties"]

[check]
control = "PH-01"
criteria = ["CC6.4"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id ORDER BY coalesce(period_end, as_of) DESC NULLS LAST, report_id DESC
    ) = 1
),
noted AS (
    SELECT
        reports.party_id,
        count(exceptions.report_id) AS exceptions,
        count(exceptions.report_id) FILTER (WHERE trim(coalesce(exceptions.management_response, '')) = '') AS open
    FROM latest_reports AS reports
    LEFT JOIN parties.report_exceptions AS exceptions
        ON exceptions.report_id = reports.report_id AND list_contains(exceptions.criteria, 'CC6.4')
    GROUP BY reports.party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN noted.party_id IS NULL THEN 'not_applicable'
        WHEN noted.open > 0 THEN 'fail'
        WHEN noted.exceptions = 0 THEN 'not_applicable'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN noted.party_id IS NULL THEN 'no report is held'
        WHEN noted.open > 0 THEN 'exceptions on CC6.4 without an answer: ' || noted.open
        WHEN noted.exceptions = 0 THEN 'no exception on CC6.4'
        ELSE 'exceptions on CC6.4, all answered: ' || noted.exceptions
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN noted ON noted.party_id = parties.party_id
ORDER BY resource_key;
