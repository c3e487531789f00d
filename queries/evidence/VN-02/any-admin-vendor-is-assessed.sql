/* ---
title = "Party that can administer the estate has a report to rely on"
description = """
Administrative reach is the widest that an outside party can have, so it is the first whose own controls have to be
known. A report that is current or bridged counts; otherwise the vendor has to be assessed directly.
"""
tables = ["parties.evidence", "parties.reports", "parties.third_parties"]

[check]
control = "VN-02"
criteria = ["CC9.2", "CC3.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH reaching AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources
    FROM parties.evidence
    WHERE status IN ('live', 'dormant') AND strength IN ('can_admin')
    GROUP BY party_id
),
report_states AS (
    SELECT
        party_id,
        bool_or(reliance IN ('current', 'bridged')) AS has_relied_on,
        bool_or(reliance IS NULL OR reliance = 'not_evaluable') AS has_not_evaluable,
        string_agg(DISTINCT coalesce(reliance, 'not judged'), ', ' ORDER BY coalesce(reliance, 'not judged')) AS states
    FROM parties.reports
    WHERE party_id IS NOT NULL
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN reaching.party_id IS NULL THEN 'not_applicable'
        WHEN report_states.has_relied_on THEN 'pass'
        WHEN report_states.has_not_evaluable THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN reaching.party_id IS NULL THEN 'it does not administer anything of ours'
        WHEN report_states.party_id IS NULL THEN 'no report is held; seen in ' || reaching.resources || ' resources'
        ELSE 'reports held: ' || report_states.states || '; seen in ' || reaching.resources || ' resources'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN reaching ON reaching.party_id = parties.party_id
LEFT JOIN report_states ON report_states.party_id = parties.party_id
ORDER BY resource_key;
