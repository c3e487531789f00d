/* ---
title = "Build trigger has a service account of its own"
description = """
The account of the build service is shared by all builds of a project and has wide rights. Triggers that are off are
left out.
"""
tables = ["inventory.resources"]

[check]
control = "CH-05"
criteria = ["CC8.1", "CC6.3"]
provider = "gcp"
resource_type = "cloudbuild.googleapis.com/BuildTrigger"
--- */
WITH triggers AS (
    SELECT
        resource_key,
        (config ->> '$.disabled') = 'true' AS is_off,
        nullif(config ->> '$.serviceAccount', '') AS account
    FROM inventory.resources
    WHERE type = 'cloudbuild.googleapis.com/BuildTrigger'
)
SELECT
    resource_key,
    CASE
        WHEN is_off THEN 'not_applicable'
        WHEN account IS NULL THEN 'fail'
        WHEN regexp_matches(account, '@cloudbuild[.]|-compute@developer[.]') THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN is_off THEN 'off'
        WHEN account IS NULL THEN 'the shared account'
        WHEN regexp_matches(account, '@cloudbuild[.]|-compute@developer[.]') THEN 'a shared account: ' || account
        ELSE 'runs as ' || account
    END AS reason
FROM triggers
ORDER BY resource_key;
