/* ---
title = "Fourth party that only reports show is in the register"
description = """
Vendors of vendors are reached through subservice organizations that reports name. Those that no trace in the estate
shows are easily forgotten. Looks at parties at depth 2 and more without evidence of their own.
"""
tables = ["graph.reach", "parties.third_parties"]

[check]
control = "VN-01"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH register AS (
    SELECT count(*) AS entries FROM parties.third_parties WHERE in_register
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN reach.party_id IS NULL OR reach.depth < 2 THEN 'not_applicable'
        WHEN parties.in_register THEN 'pass'
        WHEN register.entries = 0 THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN reach.party_id IS NULL THEN 'nothing leads to it'
        WHEN reach.depth < 2 THEN 'a direct party'
        WHEN parties.in_register THEN 'in the register, reached through ' || reach.via
        WHEN register.entries = 0 THEN 'no register was given; reached through ' || reach.via
        ELSE 'not in the register, reached through ' || array_to_string(reach.path, ' > ')
    END AS reason
FROM parties.third_parties AS parties
CROSS JOIN register
LEFT JOIN graph.reach AS reach ON reach.party_id = parties.party_id
ORDER BY resource_key;
