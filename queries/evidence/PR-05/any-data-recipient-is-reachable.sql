/* ---
title = "Party that holds our data can be named to pass requests on"
description = """
An erasure or a correction has to reach everybody who holds the data. That fails at a recipient that is known by a raw
id only. Looks at parties that read, store or receive data.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "PR-05"
criteria = ["P5.2", "P4.3", "P6.7"]
provider = "any"
resource_type = "third_party"
--- */
WITH recipients AS (
    SELECT party_id, string_agg(DISTINCT relation, ', ' ORDER BY relation) AS relations
    FROM parties.evidence
    WHERE
        status IN ('live', 'dormant')
        AND (strength IN ('can_read_data', 'sends_data_to') OR relation = 'stores_data')
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN recipients.party_id IS NULL THEN 'not_applicable'
        WHEN parties.origin = 'discovered' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN recipients.party_id IS NULL THEN 'it holds no data of ours that the estate shows'
        WHEN parties.origin = 'discovered' THEN 'known by a raw id only: ' || recipients.relations
        ELSE parties.name || ': ' || recipients.relations
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN recipients ON recipients.party_id = parties.party_id
ORDER BY resource_key;
