/* ---
title = "Sign-in metadata of the identity provider is valid for 30 days or more"
description = """
When the metadata of a SAML provider runs out, nobody can sign in through it and people go back to local users.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "min_days_left"
type = "integer"
default = 30
description = "For how many days more the metadata has to be valid."

[check]
control = "NW-05"
criteria = ["CC6.7"]
provider = "aws"
resource_type = "AWS::IAM::SAMLProvider"
--- */
WITH providers AS (
    SELECT
        resource_key,
        try_cast(config ->> '$.ValidUntil' AS TIMESTAMP) AS ends_at,
        (SELECT max(finished_at) FROM inventory.runs) AS today,
        coalesce(getvariable('min_days_left'), 30) AS min_days_left
    FROM inventory.resources
    WHERE type = 'AWS::IAM::SAMLProvider'
)

SELECT
    resource_key,
    CASE
        WHEN ends_at IS NULL THEN 'unknown'
        WHEN date_diff('day', today, ends_at) >= min_days_left THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE WHEN ends_at IS NULL THEN 'its end is not known' ELSE 'ends on ' || strftime(ends_at, '%Y-%m-%d') END AS reason
FROM providers
ORDER BY resource_key;
