/* ---
title = "Invitation of the guest was taken up within 30 days"
description = """
An invitation that hangs open is a way in for whoever reads that mailbox later.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_open_days"
type = "integer"
default = 30
description = "For how many days an invitation may be open."

[check]
control = "AC-04"
criteria = ["CC6.2", "CC6.3"]
provider = "azure"
resource_type = "microsoft.graph/users"
--- */
WITH guests AS (
    SELECT
        resource_key,
        config ->> '$.externalUserState' AS state,
        date_diff(
            'day',
            coalesce(try_cast(config ->> '$.createdDateTime' AS TIMESTAMP), created_at),
            (SELECT max(finished_at) FROM inventory.runs)
        ) AS age_days,
        coalesce(getvariable('max_open_days'), 30) AS max_open_days
    FROM inventory.resources
    WHERE type = 'microsoft.graph/users'
)

SELECT
    resource_key,
    CASE
        WHEN state = 'Accepted' THEN 'pass'
        WHEN state IS NULL OR age_days IS NULL THEN 'unknown'
        WHEN age_days <= max_open_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN state = 'Accepted' THEN 'taken up'
        WHEN state IS NULL OR age_days IS NULL THEN 'state or age of the invitation is not known'
        ELSE 'open for ' || age_days || ' days'
    END AS reason
FROM guests
ORDER BY resource_key;
