/* ---
title = "Distribution sits behind a web application firewall"
description = """
A distribution serves everybody. Without a web ACL nothing filters attacks on what is behind it. Distributions that
are switched off are left out.
"""
tables = ["inventory.resources"]

[check]
control = "NW-02"
criteria = ["CC6.6", "A1.1"]
provider = "aws"
resource_type = "AWS::CloudFront::Distribution"
--- */
WITH distributions AS (
    SELECT
        resource_key,
        config ->> '$.Enabled' AS is_enabled,
        json_exists(config, '$.WebACLId') AS is_known,
        nullif(config ->> '$.WebACLId', '') AS web_acl
    FROM inventory.resources
    WHERE type = 'AWS::CloudFront::Distribution'
)

SELECT
    resource_key,
    CASE
        WHEN is_enabled = 'false' THEN 'not_applicable'
        WHEN web_acl IS NOT NULL THEN 'pass'
        WHEN is_known THEN 'fail'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN is_enabled = 'false' THEN 'switched off'
        WHEN web_acl IS NOT NULL THEN 'web ACL ' || web_acl
        WHEN is_known THEN 'no web ACL'
        ELSE 'its web ACL is not known'
    END AS reason
FROM distributions
ORDER BY resource_key;
