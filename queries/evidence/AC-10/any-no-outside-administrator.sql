/* ---
title = "No outside party can administer the estate"
description = """
Administrative rights in the hands of a vendor undo every boundary of ours. Some are wanted (a pipeline that deploys);
each has to be known, and narrowed where it can be. Fails with the number of resources.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "any"
resource_type = "third_party"
--- */
WITH grants AS (
    SELECT
        party_id,
        count(DISTINCT resource_key) FILTER (WHERE strength = 'can_admin') AS admin_resources,
        min(resource_key) FILTER (WHERE strength = 'can_admin') AS example,
        count(*) FILTER (WHERE direction IN ('in', 'both')) AS inward
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN grants.admin_resources > 0 THEN 'fail'
        WHEN grants.inward > 0 THEN 'pass'
        ELSE 'not_applicable'
    END AS status,
    CASE
        WHEN grants.admin_resources > 0
            THEN 'can administer through ' || grants.admin_resources || ' resources, such as ' || grants.example
        WHEN grants.inward > 0 THEN 'reaches in without administrative rights'
        ELSE 'it does not reach into the estate'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN grants ON grants.party_id = parties.party_id
ORDER BY resource_key;
