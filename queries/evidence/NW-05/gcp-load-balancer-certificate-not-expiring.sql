/* ---
title = "Certificate of a load balancer is valid for 30 days or more"
description = """
A certificate that runs out takes the name down with it. One that Google is still setting up has no end yet and is
left out.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "min_days_left"
type = "integer"
default = 30
description = "For how many days more a certificate has to be valid."

[check]
control = "NW-05"
criteria = ["CC6.7"]
provider = "gcp"
resource_type = "compute.googleapis.com/SslCertificate"
--- */
WITH certificates AS (
    SELECT
        resource_key,
        try_cast(left(config ->> '$.expireTime', 19) AS TIMESTAMP) AS ends_at,
        coalesce(config ->> '$.managed.state', config ->> '$.managed.status') AS managed_state,
        (SELECT max(finished_at) FROM inventory.runs) AS today
    FROM inventory.resources
    WHERE type = 'compute.googleapis.com/SslCertificate'
)

SELECT
    resource_key,
    CASE
        WHEN ends_at IS NULL AND managed_state LIKE 'PROVISIONING%' THEN 'not_applicable'
        WHEN ends_at IS NULL THEN 'unknown'
        WHEN date_diff('day', today, ends_at) >= coalesce(getvariable('min_days_left'), 30) THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN ends_at IS NULL AND managed_state LIKE 'PROVISIONING%' THEN 'is being set up'
        WHEN ends_at IS NULL THEN 'its end is not known'
        ELSE 'ends on ' || strftime(ends_at, '%Y-%m-%d')
    END AS reason
FROM certificates
ORDER BY resource_key;
