/* ---
title = "Party without a name has no access"
description = """
Nobody can have approved the access of a party that nobody can name. Looks at parties known by a raw id only; fails
where one can administer, authenticate or read data or configuration.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "any"
resource_type = "third_party"
--- */
WITH accesses AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources, min(resource_key) AS example
    FROM parties.evidence
    WHERE
        status IN ('live', 'dormant')
        AND strength IN ('can_admin', 'can_read_data', 'can_read_config', 'identity')
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN parties.origin <> 'discovered' THEN 'not_applicable'
        WHEN accesses.party_id IS NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN parties.origin <> 'discovered' THEN 'a named party'
        WHEN accesses.party_id IS NULL THEN 'no access seen'
        ELSE 'access through ' || accesses.resources || ' resources, such as ' || accesses.example
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN accesses ON accesses.party_id = parties.party_id
ORDER BY resource_key;
