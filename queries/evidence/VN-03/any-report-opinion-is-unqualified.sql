/* ---
title = "Opinion of the newest report is unqualified"
description = """
A qualified opinion takes criteria out of what can be relied on; an adverse one or a disclaimer takes all of them.
Each needs an answer on our side.
"""
tables = ["parties.reports", "parties.third_parties"]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, opinion, qualified_criteria
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id ORDER BY coalesce(period_end, as_of) DESC NULLS LAST, report_id DESC
    ) = 1
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'not_applicable'
        WHEN latest_reports.opinion IS NULL THEN 'unknown'
        WHEN latest_reports.opinion = 'unqualified' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no report is held'
        WHEN latest_reports.opinion IS NULL THEN 'the opinion could not be read from the report'
        WHEN len(latest_reports.qualified_criteria) > 0
            THEN latest_reports.opinion || ' on ' || array_to_string(latest_reports.qualified_criteria, ', ')
        ELSE latest_reports.opinion
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
ORDER BY resource_key;
