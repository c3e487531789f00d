/* ---
title = "Party that receives our data is in the register"
description = """
Every vendor that data goes to, or that can read it, was looked at before. Parties that only know us as a contact,
or whose reach is not known, are left out.
"""
tables = ["parties.third_parties"]

[check]
control = "DP-06"
criteria = ["CC6.7", "C1.1"]
provider = "any"
resource_type = "third_party"
--- */
WITH parties AS (
    SELECT
        party_id AS resource_key,
        name AS name,
        in_register AS in_register,
        coalesce(relation_strength, 'none') AS strength
    FROM parties.third_parties
)
SELECT
    resource_key,
    CASE
        WHEN strength NOT IN ('can_admin', 'can_read_data', 'sends_data_to') THEN 'not_applicable'
        WHEN in_register THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN strength NOT IN ('can_admin', 'can_read_data', 'sends_data_to') THEN 'receives no data: ' || strength
        WHEN in_register THEN 'in the register: ' || strength
        ELSE 'not in the register: ' || strength
    END AS reason
FROM parties
ORDER BY resource_key;
