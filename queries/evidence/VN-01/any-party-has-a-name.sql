/* ---
title = "Party behind every outside identity is named"
description = """
An account, tenant or domain that reaches into the estate and that nobody can put a vendor's name to can't be
assessed. Fails for parties that are known by a raw id only.
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
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN seen.party_id IS NULL THEN 'not_applicable'
        WHEN parties.origin = 'discovered' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN seen.party_id IS NULL THEN 'nothing in the estate shows it'
        WHEN parties.origin = 'discovered'
            THEN 'known by a raw id only, reach ' || coalesce(parties.relation_strength, 'not known')
        ELSE 'named by ' || parties.origin || ': ' || parties.name
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN seen ON seen.party_id = parties.party_id
ORDER BY resource_key;
