/* ---
title = "Certificate is valid for 30 days or more"
description = """
A certificate that runs out takes the name down with it. Certificates that are not issued are left out.
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
provider = "aws"
resource_type = "AWS::CertificateManager::Certificate"
--- */
WITH certificates AS (
    SELECT
        resource_key,
        config ->> '$.Status' AS state,
        coalesce(
            try_cast(config ->> '$.NotAfter' AS TIMESTAMP),
            make_timestamp(CAST(try_cast(config ->> '$.NotAfter' AS DOUBLE) * 1000000 AS BIGINT))
        ) AS ends_at,
        (SELECT max(finished_at) FROM inventory.runs) AS today,
        coalesce(getvariable('min_days_left'), 30) AS min_days_left
    FROM inventory.resources
    WHERE type = 'AWS::CertificateManager::Certificate'
)

SELECT
    resource_key,
    CASE
        WHEN state NOT IN ('ISSUED', 'EXPIRED') THEN 'not_applicable'
        WHEN state = 'EXPIRED' THEN 'fail'
        WHEN ends_at IS NULL THEN 'unknown'
        WHEN date_diff('day', today, ends_at) >= min_days_left THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state NOT IN ('ISSUED', 'EXPIRED') THEN 'certificate is ' || lower(state)
        WHEN ends_at IS NULL THEN 'its end is not known'
        ELSE 'ends on ' || strftime(ends_at, '%Y-%m-%d')
    END AS reason
FROM certificates
ORDER BY resource_key;
