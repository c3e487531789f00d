/* ---
title = "Key of a service account ends by itself"
description = """
A key without an end works until somebody finds it. Keys that the organization lets live for at most a year pass.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_lifetime_days"
type = "integer"
default = 365
description = "For how many days a key may be made to last."

[check]
control = "AC-08"
criteria = ["CC6.1", "CC6.2"]
provider = "gcp"
resource_type = "iam.googleapis.com/ServiceAccountKey"
--- */
WITH account_keys AS (
    SELECT
        resource_key,
        config ->> '$.keyType' AS key_type,
        coalesce(config ->> '$.disabled', 'false') = 'true' AS is_disabled,
        try_cast(config ->> '$.validAfterTime' AS TIMESTAMP) AS valid_from,
        try_cast(config ->> '$.validBeforeTime' AS TIMESTAMP) AS valid_until,
        (SELECT max(finished_at) FROM inventory.runs) AS today
    FROM inventory.resources
    WHERE type = 'iam.googleapis.com/ServiceAccountKey'
)

SELECT
    resource_key,
    CASE
        WHEN key_type = 'SYSTEM_MANAGED' THEN 'not_applicable'
        WHEN is_disabled THEN 'not_applicable'
        WHEN valid_until IS NULL OR valid_from IS NULL THEN 'unknown'
        WHEN date_diff('day', valid_from, valid_until) <= coalesce(getvariable('max_lifetime_days'), 365) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN key_type = 'SYSTEM_MANAGED' THEN 'kept and rotated by Google'
        WHEN is_disabled THEN 'disabled'
        WHEN valid_until IS NULL OR valid_from IS NULL THEN 'its end is not known'
        WHEN year(valid_until) >= 9999 THEN 'never ends'
        ELSE 'ends on ' || strftime(valid_until, '%Y-%m-%d')
    END AS reason
FROM account_keys
ORDER BY resource_key;
