/* ---
title = "Log sink ends with parties of the register only"
description = """
Logs that leave for a vendor go where it was approved. What was found of parties outside is compared with the
register of vendors.
"""
tables = ["inventory.resources", "parties.evidence", "parties.third_parties"]

[check]
control = "DP-06"
criteria = ["CC6.7", "C1.1"]
provider = "gcp"
resource_type = "logging.googleapis.com/LogSink"
--- */
WITH outsiders AS (
    SELECT
        evidence.resource_key,
        string_agg(DISTINCT parties.name, ', ' ORDER BY parties.name) AS names,
        string_agg(DISTINCT parties.name, ', ' ORDER BY parties.name)
            FILTER (WHERE NOT parties.in_register) AS unknown_names
    FROM parties.evidence AS evidence
    INNER JOIN parties.third_parties AS parties ON parties.party_id = evidence.party_id
    WHERE evidence.status IN ('live', 'dormant') AND evidence.direction IN ('out', 'both')
    GROUP BY evidence.resource_key
),
found AS (
    SELECT
        resources.resource_key,
        outsiders.names AS names,
        outsiders.unknown_names AS unknown_names
    FROM inventory.resources AS resources
    LEFT JOIN outsiders ON outsiders.resource_key = resources.resource_key
    WHERE resources.type = 'logging.googleapis.com/LogSink'
)
SELECT
    resource_key,
    CASE
        WHEN unknown_names IS NOT NULL THEN 'fail'
        WHEN names IS NULL THEN 'pass'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN unknown_names IS NOT NULL THEN 'not in the register: ' || unknown_names
        WHEN names IS NULL THEN 'ends with us'
        ELSE 'in the register: ' || names
    END AS reason
FROM found
ORDER BY resource_key;
