/* ---
title = "Party that appeared lately was taken up before it was used"
description = """
A vendor has to be assessed before it gets data or access. Looks at parties that a later run than the first named,
within the last max_age_days days: each has to be in the register or to have a report by now.
"""
tables = ["inventory.runs", "parties.evidence", "parties.reports", "parties.third_parties"]

[[parameters]]
name = "max_age_days"
type = "integer"
default = 90
description = "Days for which a party counts as new."

[check]
control = "VN-02"
criteria = ["CC9.2", "CC3.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH today AS (
    SELECT max(finished_at) AS at, min(run_id) AS first_run FROM inventory.runs
),
appearances AS (
    SELECT evidence.party_id, min(runs.run_id) AS run_id, min(runs.started_at) AS appeared_at
    FROM parties.evidence AS evidence
    INNER JOIN inventory.runs AS runs ON runs.run_id = evidence.first_seen_run
    WHERE evidence.status IN ('live', 'dormant')
    GROUP BY evidence.party_id
),
judged AS (
    SELECT
        parties.party_id,
        appearances.appeared_at,
        appearances.run_id > today.first_run
        AND date_diff('day', appearances.appeared_at, today.at) <= coalesce(getvariable('max_age_days'), 90) AS is_new,
        parties.in_register,
        parties.party_id IN (SELECT party_id FROM parties.reports WHERE party_id IS NOT NULL) AS has_report
    FROM parties.third_parties AS parties
    CROSS JOIN today
    LEFT JOIN appearances ON appearances.party_id = parties.party_id
)
SELECT
    party_id AS resource_key,
    CASE
        WHEN is_new IS NOT TRUE THEN 'not_applicable'
        WHEN in_register OR has_report THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN appeared_at IS NULL THEN 'nothing in the estate shows it'
        WHEN NOT is_new THEN 'not new: seen since ' || CAST(appeared_at AS DATE)
        ELSE 'appeared on ' || CAST(appeared_at AS DATE) || ', ' || CASE
            WHEN in_register THEN 'in the register'
            WHEN has_report THEN 'a report is held'
            ELSE 'neither in the register nor with a report'
        END
    END AS reason
FROM judged
ORDER BY resource_key;
