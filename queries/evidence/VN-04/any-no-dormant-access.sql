/* ---
title = "No unused access of the party is left"
description = """
Access that a vendor holds and does not use (a role that is never assumed, a connection that is switched off) is what
an exit forgot. Fails with the resources to clear.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "VN-04"
criteria = ["CC9.2", "CC6.5"]
provider = "any"
resource_type = "third_party"
--- */
WITH accesses AS (
    SELECT
        party_id,
        count(DISTINCT resource_key) FILTER (WHERE status = 'dormant') AS dormant,
        count(DISTINCT resource_key) FILTER (WHERE status = 'live') AS live,
        min(resource_key) FILTER (WHERE status = 'dormant') AS example
    FROM parties.evidence
    WHERE direction IN ('in', 'both') AND strength IN ('can_admin', 'can_read_data', 'can_read_config', 'identity')
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN accesses.dormant > 0 THEN 'fail'
        WHEN accesses.live > 0 THEN 'pass'
        ELSE 'not_applicable'
    END AS status,
    CASE
        WHEN accesses.dormant > 0 THEN 'dormant in ' || accesses.dormant || ' resources, such as ' || accesses.example
        WHEN accesses.live > 0 THEN 'all access is live, in ' || accesses.live || ' resources'
        ELSE 'it has no access to the estate'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN accesses ON accesses.party_id = parties.party_id
ORDER BY resource_key;
