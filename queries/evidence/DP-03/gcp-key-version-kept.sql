/* ---
title = "Key version is not about to be destroyed"
description = """
What a destroyed version encrypted is lost. Fails where a version waits for its destruction; versions that are gone
already are left out.
"""
tables = ["inventory.resources"]

[check]
control = "DP-03"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "cloudkms.googleapis.com/CryptoKeyVersion"
--- */
WITH versions AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.state', 'not stated') AS version_state
    FROM inventory.resources
    WHERE type = 'cloudkms.googleapis.com/CryptoKeyVersion'
)
SELECT
    resource_key,
    CASE
        WHEN version_state = 'DESTROYED' THEN 'not_applicable'
        WHEN version_state = 'DESTROY_SCHEDULED' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN version_state = 'DESTROYED' THEN 'destroyed already'
        WHEN version_state = 'DESTROY_SCHEDULED' THEN 'waits for its destruction'
        ELSE 'the version is ' || version_state
    END AS reason
FROM versions
ORDER BY resource_key;
