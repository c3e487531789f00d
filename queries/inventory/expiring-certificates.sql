/* ---
title = "Certificates that end soon, or of which the end is not known"
description = """
Certificates and sign-on metadata that end within a number of days of the last run or a given day, those that have
ended, and those whose end the answer does not tell. The first to end come first.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "days"
type = "integer"
default = 60
description = "How many days ahead."

[[parameters]]
name = "as_of"
type = "date"
description = "The day to count from; the end of the last run without it."

[[columns]]
name = "ends_on"
description = "The day it ends; empty where it is not known."

[[columns]]
name = "has_ended"
description = "Whether that day is past."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "resource_key"
description = "The certificate."

[[columns]]
name = "name"
description = "Its name."
--- */
WITH today AS (
    SELECT coalesce(getvariable('as_of'), CAST(max(finished_at) AS DATE)) AS day_counted_from FROM inventory.runs
),
certificates AS (
    SELECT
        resource_key,
        provider,
        type AS type_name,
        scope_id,
        coalesce(name, config ->> '$.DomainName') AS certificate_name,
        CASE type
            WHEN 'AWS::CertificateManager::Certificate' THEN
                coalesce(
                    TRY_CAST(config ->> '$.NotAfter' AS TIMESTAMP),
                    TIMESTAMP '1970-01-01 00:00:00'
                        + INTERVAL '1' SECOND * CAST(TRY_CAST(config ->> '$.NotAfter' AS DOUBLE) AS BIGINT)
                )
            WHEN 'AWS::IAM::SAMLProvider' THEN TRY_CAST(config ->> '$.ValidUntil' AS TIMESTAMP)
            ELSE TRY_CAST(left(config ->> '$.expireTime', 19) AS TIMESTAMP)
        END AS ends_at
    FROM inventory.resources
    WHERE (
            type IN ('AWS::CertificateManager::Certificate', 'AWS::IAM::SAMLProvider')
            OR type IN ('compute.googleapis.com/SslCertificate', 'certificatemanager.googleapis.com/Certificate')
        )
        -- One that was never issued has no end.
        AND coalesce(config ->> '$.Status', '') NOT IN ('PENDING_VALIDATION', 'VALIDATION_TIMED_OUT', 'FAILED')
        AND coalesce(config ->> '$.managed.state', config ->> '$.managed.status', '') NOT LIKE 'PROVISIONING%'
)
SELECT
    CAST(certificates.ends_at AS DATE) AS ends_on,
    CAST(certificates.ends_at AS DATE) < today.day_counted_from AS has_ended,
    certificates.provider,
    certificates.type_name AS type,
    certificates.scope_id,
    certificates.resource_key,
    certificates.certificate_name AS name
FROM certificates
CROSS JOIN today
WHERE certificates.ends_at IS NULL
    OR CAST(certificates.ends_at AS DATE)
        <= today.day_counted_from + CAST(coalesce(getvariable('days'), 60) AS INTEGER)
ORDER BY CAST(certificates.ends_at AS DATE) NULLS LAST, certificates.provider, certificates.resource_key;
