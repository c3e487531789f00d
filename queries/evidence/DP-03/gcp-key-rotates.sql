/* ---
title = "Key rotates by itself"
description = """
New key material limits what one leaked version opens. Symmetric keys pass with a rotation period of at most
max_rotation_days; other keys cannot rotate by themselves and are left out.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "max_rotation_days"
type = "integer"
default = 365
description = "The longest time between two rotations, in days."

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "cloudkms.googleapis.com/CryptoKey"
--- */
WITH keys AS (
    SELECT
        resource_key,
        config ->> '$.purpose' AS purpose,
        try_cast(rtrim(config ->> '$.rotationPeriod', 's') AS DOUBLE) / 86400 AS rotation_days,
        coalesce(getvariable('max_rotation_days'), 365) AS limit_days
    FROM inventory.resources
    WHERE type = 'cloudkms.googleapis.com/CryptoKey'
)
SELECT
    resource_key,
    CASE
        WHEN purpose <> 'ENCRYPT_DECRYPT' THEN 'not_applicable'
        WHEN rotation_days IS NULL THEN 'fail'
        WHEN rotation_days <= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN purpose <> 'ENCRYPT_DECRYPT' THEN 'purpose is ' || purpose
        WHEN rotation_days IS NULL THEN 'no rotation period'
        WHEN rotation_days <= limit_days THEN 'rotates every ' || round(rotation_days)::BIGINT || ' days'
        ELSE 'rotates every ' || round(rotation_days)::BIGINT || ' days only'
    END AS reason
FROM keys
ORDER BY resource_key;
