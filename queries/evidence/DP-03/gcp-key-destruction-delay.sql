/* ---
title = "Key waits before it is destroyed"
description = """
A destroyed version is beyond rescue; the delay is the time to notice. Passes with at least min_destruction_days;
without a stated delay it is 30 days.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "min_destruction_days"
type = "integer"
default = 7
description = "The shortest wait, in days."

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "cloudkms.googleapis.com/CryptoKey"
--- */
WITH keys AS (
    SELECT
        resource_key,
        coalesce(try_cast(rtrim(config ->> '$.destroyScheduledDuration', 's') AS DOUBLE) / 86400, 30) AS delay_days,
        coalesce(getvariable('min_destruction_days'), 7) AS limit_days
    FROM inventory.resources
    WHERE type = 'cloudkms.googleapis.com/CryptoKey'
)
SELECT
    resource_key,
    CASE
        WHEN delay_days >= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN delay_days >= limit_days THEN 'waits ' || round(delay_days)::BIGINT || ' days'
        ELSE 'waits ' || round(delay_days)::BIGINT || ' days only'
    END AS reason
FROM keys
ORDER BY resource_key;
