/* ---
title = "Data transfer ended well"
description = """
A regular load that failed leaves yesterday's data in place. Transfers that are switched off have no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "PI-03"
criteria = ["PI1.3"]
provider = "gcp"
resource_type = "bigquerydatatransfer.googleapis.com/TransferConfig"
--- */
WITH transfers AS (
    SELECT
        resource_key,
        coalesce(CAST(config ->> '$.disabled' AS BOOLEAN), false) AS is_off,
        config ->> '$.state' AS state
    FROM inventory.resources
    WHERE type = 'bigquerydatatransfer.googleapis.com/TransferConfig'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'not_applicable'
        WHEN state IS NULL THEN 'unknown'
        WHEN state IN ('FAILED', 'CANCELLED') THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_off THEN 'switched off'
        WHEN state IS NULL THEN 'the state is not in the answer'
        WHEN state IN ('FAILED', 'CANCELLED') THEN 'last run: ' || state
        ELSE 'last run: ' || state
    END AS reason
FROM transfers
ORDER BY resource_key;
