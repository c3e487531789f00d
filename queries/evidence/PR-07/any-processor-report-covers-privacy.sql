/* ---
title = "Report of a processor covers privacy"
description = """
Where our audit includes privacy, those who process personal data for us should show theirs, and seldom do. Looks at
parties that read, store or receive data; has no bearing where the current scenario leaves privacy out.
"""
tables = ["parties.evidence", "parties.reports", "parties.third_parties", "scoping.scenarios"]

[check]
control = "PR-07"
criteria = ["P6.4"]
provider = "any"
resource_type = "third_party"
--- */
WITH processors AS (
    SELECT DISTINCT party_id
    FROM parties.evidence
    WHERE
        status IN ('live', 'dormant')
        AND (strength IN ('can_read_data', 'sends_data_to') OR relation IN ('stores_data', 'hosts'))
),
relied_on AS (
    SELECT party_id, bool_or(list_contains(categories, 'privacy')) AS covers_privacy
    FROM parties.reports
    WHERE reliance IN ('current', 'bridged')
    GROUP BY party_id
),
audit AS (
    SELECT coalesce(bool_or(list_contains(categories, 'privacy')), false) AS has_privacy
    FROM scoping.scenarios
    WHERE scenario = 'current'
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN NOT audit.has_privacy OR processors.party_id IS NULL THEN 'not_applicable'
        WHEN relied_on.covers_privacy THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT audit.has_privacy THEN 'privacy is not in scope'
        WHEN processors.party_id IS NULL THEN 'it processes no data of ours that the estate shows'
        WHEN relied_on.party_id IS NULL THEN 'no report to rely on'
        WHEN relied_on.covers_privacy THEN 'its report covers privacy'
        ELSE 'its report does not cover privacy'
    END AS reason
FROM parties.third_parties AS parties
CROSS JOIN audit
LEFT JOIN processors ON processors.party_id = parties.party_id
LEFT JOIN relied_on ON relied_on.party_id = parties.party_id
ORDER BY resource_key;
