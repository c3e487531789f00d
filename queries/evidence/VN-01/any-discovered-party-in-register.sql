/* ---
title = "Party that the estate shows is in the vendor register"
description = """
A register that misses a party which already holds data or access is not complete. Looks at every party with live or
dormant evidence. Without any entry in the register there is nothing to compare with, and the answer is unknown.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "VN-01"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH seen AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
),
register AS (
    SELECT count(*) AS entries FROM parties.third_parties WHERE in_register
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN seen.party_id IS NULL THEN 'not_applicable'
        WHEN parties.in_register THEN 'pass'
        WHEN register.entries = 0 THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN seen.party_id IS NULL THEN 'nothing in the estate shows it'
        WHEN parties.in_register THEN 'in the register, shown by ' || seen.resources || ' resources'
        WHEN register.entries = 0 THEN 'no register was given'
        ELSE 'not in the register, shown by ' || seen.resources || ' resources, reach ' || coalesce(
            parties.relation_strength, 'not known'
        )
    END AS reason
FROM parties.third_parties AS parties
CROSS JOIN register
LEFT JOIN seen ON seen.party_id = parties.party_id
ORDER BY resource_key;
