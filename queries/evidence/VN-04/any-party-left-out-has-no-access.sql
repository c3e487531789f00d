/* ---
title = "Party left out of the audit has no access left"
description = """
A scope may leave a party out because it was retired. Its access and its data flows have to be gone, or it is still
there. Looks at parties that the current scenario leaves out by hand.
"""
tables = ["parties.evidence", "parties.third_parties", "scoping.scenarios"]

[check]
control = "VN-04"
criteria = ["CC9.2", "CC6.5"]
provider = "any"
resource_type = "third_party"
--- */
WITH left_out AS (
    SELECT unnest(without_parties) AS party_id FROM scoping.scenarios WHERE scenario = 'current'
),
remains AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources, min(resource_key) AS example
    FROM parties.evidence
    WHERE status IN ('live', 'dormant') AND strength <> 'contact'
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN left_out.party_id IS NULL THEN 'not_applicable'
        WHEN remains.party_id IS NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN left_out.party_id IS NULL THEN 'not left out'
        WHEN remains.party_id IS NULL THEN 'left out, and no access or flow is seen'
        ELSE 'left out, yet seen in ' || remains.resources || ' resources, such as ' || remains.example
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN left_out ON left_out.party_id = parties.party_id
LEFT JOIN remains ON remains.party_id = parties.party_id
ORDER BY resource_key;
