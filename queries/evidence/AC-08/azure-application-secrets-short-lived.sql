/* ---
title = "Secrets of the application live for at most 180 days"
description = """
A client secret is a password of a program. One that was made to last for years will be copied for years.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_lifetime_days"
type = "integer"
default = 180
description = "For how many days a secret may be made to last."

[check]
control = "AC-08"
criteria = ["CC6.1", "CC6.2"]
provider = "azure"
resource_type = "microsoft.graph/applications"
--- */
WITH applications AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'passwordCredentials'), false)
            OR NOT json_exists(config, '$.passwordCredentials') AS is_unread,
        json_extract(config, '$.passwordCredentials[*]') AS credentials,
        (SELECT max(finished_at) FROM inventory.runs) AS today
    FROM inventory.resources
    WHERE type = 'microsoft.graph/applications'
),

judged AS (
    SELECT
        resource_key,
        is_unread,
        len(credentials) AS held,
        len(list_filter(
            credentials,
            lambda credential: try_cast(credential ->> '$.endDateTime' AS TIMESTAMP) IS NULL
                OR try_cast(credential ->> '$.startDateTime' AS TIMESTAMP) IS NULL
        )) AS undated,
        len(list_filter(
            credentials,
            lambda credential: date_diff(
                'day',
                try_cast(credential ->> '$.startDateTime' AS TIMESTAMP),
                try_cast(credential ->> '$.endDateTime' AS TIMESTAMP)
            ) > coalesce(getvariable('max_lifetime_days'), 180)
        )) AS poor
    FROM applications
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN held = 0 THEN 'not_applicable'
        WHEN poor > 0 THEN 'fail'
        WHEN undated > 0 THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_unread THEN 'secrets could not be read'
        WHEN held = 0 THEN 'holds no secrets'
        WHEN poor > 0 THEN 'too long-lived: ' || poor || ' of ' || held
        WHEN undated > 0 THEN 'dates of secrets are not known: ' || undated
        ELSE 'short-lived secrets: ' || held
    END AS reason
FROM judged
ORDER BY resource_key;
