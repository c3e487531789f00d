/* ---
title = "Project refuses images that are not attested"
description = """
Only images that somebody vouched for are admitted. Looks at the default rule of the policy.
"""
tables = ["inventory.resources"]

[check]
control = "MW-02"
criteria = ["CC6.8", "CC7.1"]
provider = "gcp"
resource_type = "binaryauthorization.googleapis.com/Policy"
--- */
WITH policies AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.defaultAdmissionRule.evaluationMode', 'ALWAYS_ALLOW') AS evaluation,
        coalesce(config ->> '$.defaultAdmissionRule.enforcementMode', 'not stated') AS enforcement
    FROM inventory.resources
    WHERE type = 'binaryauthorization.googleapis.com/Policy'
)
SELECT
    resource_key,
    CASE
        WHEN evaluation = 'ALWAYS_ALLOW' THEN 'fail'
        WHEN enforcement = 'ENFORCED_BLOCK_AND_AUDIT_LOG' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN evaluation = 'ALWAYS_ALLOW' THEN 'every image is allowed'
        WHEN enforcement = 'ENFORCED_BLOCK_AND_AUDIT_LOG' THEN lower(evaluation) || ' is enforced'
        ELSE lower(evaluation) || ' is only logged'
    END AS reason
FROM policies
ORDER BY resource_key;
