/* ---
title = "Register entry is still backed by the estate"
description = """
An entry whose traces have all gone stale is a vendor that left without being struck off. Vendors that leave no trace
in a cloud (payroll, legal) can only be confirmed by a person, so those are unknown.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "VN-01"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH traces AS (
    SELECT
        party_id,
        count(*) FILTER (WHERE status IN ('live', 'dormant')) AS counting,
        count(*) FILTER (WHERE status = 'stale') AS stale
    FROM parties.evidence
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN NOT parties.in_register THEN 'not_applicable'
        WHEN coalesce(traces.counting, 0) > 0 THEN 'pass'
        WHEN coalesce(traces.stale, 0) > 0 THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN NOT parties.in_register THEN 'not in the register'
        WHEN coalesce(traces.counting, 0) > 0 THEN traces.counting || ' live or dormant traces'
        WHEN coalesce(traces.stale, 0) > 0 THEN 'only stale traces are left: ' || traces.stale
        ELSE 'no trace in the estate: confirm that it is still used'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN traces ON traces.party_id = parties.party_id
ORDER BY resource_key;
