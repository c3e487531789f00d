/* ---
title = "Build that a change starts waits for an approval"
description = """
Whoever pushes a change must not be the one who lets it into production alone. Triggers that are on have to ask for an
approval; Google leaves the setting out where they do not.
"""
tables = ["inventory.resources"]

[check]
control = "AC-12"
criteria = ["CC6.3", "CC8.1"]
provider = "gcp"
resource_type = "cloudbuild.googleapis.com/BuildTrigger"
--- */
WITH triggers AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.disabled', 'false') AS is_disabled,
        coalesce(config ->> '$.approvalConfig.approvalRequired', 'false') AS needs_approval
    FROM inventory.resources
    WHERE type = 'cloudbuild.googleapis.com/BuildTrigger'
)

SELECT
    resource_key,
    CASE
        WHEN is_disabled = 'true' THEN 'not_applicable'
        WHEN needs_approval = 'true' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_disabled = 'true' THEN 'switched off'
        WHEN needs_approval = 'true' THEN 'waits for an approval'
        ELSE 'starts without an approval'
    END AS reason
FROM triggers
ORDER BY resource_key;
