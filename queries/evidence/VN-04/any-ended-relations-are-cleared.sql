/* ---
title = "Traces of ended relations are cleared away"
description = """
Rejected connections, deleted sources and cancelled subscriptions that stay in the configuration can be taken up again
by whoever gets that name or id next. Fails while stale traces of a party remain.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "VN-04"
criteria = ["CC9.2", "CC6.5"]
provider = "any"
resource_type = "third_party"
--- */
WITH traces AS (
    SELECT
        party_id,
        count(DISTINCT resource_key) FILTER (WHERE status = 'stale') AS stale,
        min(resource_key) FILTER (WHERE status = 'stale') AS example,
        count(*) AS total
    FROM parties.evidence
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN traces.party_id IS NULL THEN 'not_applicable'
        WHEN traces.stale > 0 THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN traces.party_id IS NULL THEN 'no traces in the estate'
        WHEN traces.stale > 0 THEN 'stale in ' || traces.stale || ' resources, such as ' || traces.example
        ELSE 'no stale traces'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN traces ON traces.party_id = parties.party_id
ORDER BY resource_key;
