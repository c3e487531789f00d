/* ---
title = "Project is read into the inventory without gaps"
description = """
What can't be read is not in the inventory. Every project that is in use has to be readable for the inventory, with
every type and in every place; what is denied or unreachable fails here.
"""
tables = ["inventory.gaps", "inventory.latest_coverage", "inventory.scopes"]

[check]
control = "CM-01"
criteria = ["CC2.1", "CC6.1"]
provider = "gcp"
resource_type = "scope"
--- */
WITH places AS (
    SELECT
        places.scope_id,
        count(gaps.type) AS unseen,
        min(gaps.type || ' in ' || gaps.region || ' ' || gaps.status) AS example
    FROM inventory.scopes AS places
    LEFT JOIN inventory.gaps AS gaps
        ON gaps.provider = places.provider
        AND gaps.scope_id = places.scope_id
    WHERE places.provider = 'gcp'
        AND places.kind = 'project'
        AND places.status IN ('active')
    GROUP BY places.scope_id
)

SELECT
    scope_id AS resource_key,
    CASE
        WHEN unseen > 0 THEN 'fail'
        WHEN EXISTS (
            SELECT 1
            FROM inventory.latest_coverage AS coverage
            WHERE coverage.provider = 'gcp' AND coverage.scope_id = places.scope_id AND coverage.status = 'ok'
        ) THEN 'pass'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN unseen > 0 THEN 'not read: ' || unseen || ' (' || example || ')'
        WHEN EXISTS (
            SELECT 1
            FROM inventory.latest_coverage AS coverage
            WHERE coverage.provider = 'gcp' AND coverage.scope_id = places.scope_id AND coverage.status = 'ok'
        ) THEN 'read without gaps'
        ELSE 'never read'
    END AS reason
FROM places
ORDER BY resource_key;
