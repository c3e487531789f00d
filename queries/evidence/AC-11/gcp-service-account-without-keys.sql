/* ---
title = "Service account has no key of its own"
description = """
Workloads in Google Cloud and federated ones outside get short-lived tokens. A key that people have made is a password
of a program.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "AC-11"
criteria = ["CC6.1", "CC6.3"]
provider = "gcp"
resource_type = "iam.googleapis.com/ServiceAccount"
--- */
WITH account_keys AS (
    SELECT regexp_extract(config ->> '$.name', 'serviceAccounts/([^/]+)/keys/', 1) AS email, count(*) AS live_keys
    FROM inventory.resources
    WHERE type = 'iam.googleapis.com/ServiceAccountKey'
        AND coalesce(config ->> '$.keyType', 'USER_MANAGED') = 'USER_MANAGED'
        AND coalesce(config ->> '$.disabled', 'false') = 'false'
    GROUP BY ALL
),

accounts AS (
    SELECT
        accounts.resource_key,
        coalesce(account_keys.live_keys, 0) AS live_keys,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'gcp'
                AND gaps.type IN ('iam.googleapis.com/ServiceAccountKey', '*')
                AND gaps.scope_id IN (accounts.scope_id, '*')
        ) AS is_gap
    FROM inventory.resources AS accounts
    LEFT JOIN account_keys ON account_keys.email = (accounts.config ->> '$.email')
    WHERE accounts.type = 'iam.googleapis.com/ServiceAccount'
)

SELECT
    resource_key,
    CASE WHEN live_keys > 0 THEN 'fail' WHEN is_gap THEN 'unknown' ELSE 'pass' END AS status,
    CASE
        WHEN live_keys > 0 THEN 'keys that people have made: ' || live_keys
        WHEN is_gap THEN 'keys could not be listed'
        ELSE 'no key that people have made'
    END AS reason
FROM accounts
ORDER BY resource_key;
