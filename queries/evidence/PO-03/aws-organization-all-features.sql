/* ---
title = "Organization can set limits for its accounts"
description = """
An organization that is there for billing only can't hold an account back. Its feature set has to be ALL.
"""
tables = ["inventory.resources"]

[check]
control = "PO-03"
criteria = ["CC5.2", "CC6.1"]
provider = "aws"
resource_type = "AWS::Organizations::Organization"
--- */
WITH organizations AS (
    SELECT resource_key, config ->> '$.FeatureSet' AS feature_set
    FROM inventory.resources
    WHERE type = 'AWS::Organizations::Organization'
)

SELECT
    resource_key,
    CASE WHEN feature_set = 'ALL' THEN 'pass' WHEN feature_set IS NULL THEN 'unknown' ELSE 'fail' END AS status,
    coalesce('feature set ' || feature_set, 'feature set is not known') AS reason
FROM organizations
ORDER BY resource_key;
