/* ---
title = "Keys and secrets whose rotation is due, or overdue"
description = """
Encryption keys, secrets and service account keys with a day on which they are renewed or end, where that day lies
within a number of days of the last run or a given day, or is past. What has no rotation at all fails checks: see
`old-credentials` and checks of DP-03.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "days"
type = "integer"
default = 30
description = "How many days ahead."

[[parameters]]
name = "as_of"
type = "date"
description = "The day to count from; the end of the last run without it."

[[columns]]
name = "due_on"
description = "The day of the next rotation, or the end."

[[columns]]
name = "is_overdue"
description = "Whether that day is past."

[[columns]]
name = "what"
description = "rotation or end."

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
description = "The key or secret."
--- */
WITH today AS (
    SELECT coalesce(getvariable('as_of'), CAST(max(finished_at) AS DATE)) AS day_counted_from FROM inventory.runs
),
planned AS (
    SELECT
        resource_key,
        provider,
        type AS type_name,
        scope_id,
        CASE type WHEN 'iam.googleapis.com/ServiceAccountKey' THEN 'end' ELSE 'rotation' END AS event,
        CASE type
            WHEN 'AWS::KMS::Key' THEN config ->> '$.GetKeyRotationStatus.NextRotationDate'
            WHEN 'AWS::SecretsManager::Secret' THEN config ->> '$.NextRotationDate'
            WHEN 'cloudkms.googleapis.com/CryptoKey' THEN config ->> '$.nextRotationTime'
            WHEN 'secretmanager.googleapis.com/Secret' THEN config ->> '$.rotation.nextRotationTime'
            ELSE config ->> '$.validBeforeTime'
        END AS written
    FROM inventory.resources
    WHERE type IN (
            'AWS::KMS::Key',
            'AWS::SecretsManager::Secret',
            'cloudkms.googleapis.com/CryptoKey',
            'secretmanager.googleapis.com/Secret'
        )
        OR (
            type = 'iam.googleapis.com/ServiceAccountKey'
            AND coalesce(config ->> '$.keyType', '') = 'USER_MANAGED'
        )
),
dated AS (
    SELECT
        resource_key,
        provider,
        type_name,
        scope_id,
        event,
        -- AWS writes seconds since 1970, Google Cloud a text.
        CAST(
            coalesce(
                TRY_CAST(left(written, 19) AS TIMESTAMP),
                TIMESTAMP '1970-01-01 00:00:00' + INTERVAL '1' SECOND * CAST(TRY_CAST(written AS DOUBLE) AS BIGINT)
            ) AS DATE
        ) AS due_day
    FROM planned
)
SELECT
    dated.due_day AS due_on,
    dated.due_day < today.day_counted_from AS is_overdue,
    dated.event AS what,
    dated.provider,
    dated.type_name AS type,
    dated.scope_id,
    dated.resource_key
FROM dated
CROSS JOIN today
WHERE dated.due_day <= today.day_counted_from + CAST(coalesce(getvariable('days'), 30) AS INTEGER)
ORDER BY dated.due_day, dated.provider, dated.resource_key;
