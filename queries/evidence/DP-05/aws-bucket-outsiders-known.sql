/* ---
title = "Bucket is shared with parties of the register only"
description = """
Parties that a bucket policy lets in are known and approved. What was found of parties outside is compared with the
register of vendors.
"""
tables = ["inventory.resources", "parties.evidence", "parties.third_parties"]

[check]
control = "DP-05"
criteria = ["CC6.1", "CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::S3::Bucket"
--- */
WITH outsiders AS (
    SELECT
        evidence.resource_key,
        string_agg(DISTINCT parties.name, ', ' ORDER BY parties.name) AS names,
        string_agg(DISTINCT parties.name, ', ' ORDER BY parties.name)
            FILTER (WHERE NOT parties.in_register) AS unknown_names
    FROM parties.evidence AS evidence
    INNER JOIN parties.third_parties AS parties ON parties.party_id = evidence.party_id
    WHERE evidence.status IN ('live', 'dormant') AND evidence.direction IN ('in', 'both')
    GROUP BY evidence.resource_key
),
found AS (
    SELECT
        resources.resource_key,
        list_contains(resources.unread, 'GetBucketPolicy')
           
            OR NOT json_exists(resources.config, '$.GetBucketPolicy') AS is_unread,
        outsiders.names AS names,
        outsiders.unknown_names AS unknown_names
    FROM inventory.resources AS resources
    LEFT JOIN outsiders ON outsiders.resource_key = resources.resource_key
    WHERE resources.type = 'AWS::S3::Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN unknown_names IS NOT NULL THEN 'fail'
        WHEN is_unread THEN 'unknown'
        WHEN names IS NULL THEN 'pass'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN unknown_names IS NOT NULL THEN 'not in the register: ' || unknown_names
        WHEN is_unread THEN 'the policy could not be read'
        WHEN names IS NULL THEN 'shared with no outsider'
        ELSE 'in the register: ' || names
    END AS reason
FROM found
ORDER BY resource_key;
