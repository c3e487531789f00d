/* ---
title = "Application takes identities of our directory only"
description = """
An application that any organization or personal account may sign in to has to check by itself who is meant. The
audience has to be our own directory.
"""
tables = ["inventory.resources"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "azure"
resource_type = "microsoft.graph/applications"
--- */
WITH applications AS (
    SELECT resource_key, config ->> '$.signInAudience' AS audience
    FROM inventory.resources
    WHERE type = 'microsoft.graph/applications'
)

SELECT
    resource_key,
    CASE WHEN audience = 'AzureADMyOrg' THEN 'pass' WHEN audience IS NULL THEN 'unknown' ELSE 'fail' END AS status,
    coalesce('audience is ' || audience, 'its audience is not known') AS reason
FROM applications
ORDER BY resource_key;
