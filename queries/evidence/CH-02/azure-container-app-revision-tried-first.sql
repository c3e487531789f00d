/* ---
title = "New revision is tried before it takes traffic"
description = """
In single mode, and where the latest revision gets all traffic, the first test of a change is in production. Several
revisions have to be active, with traffic pinned to one by name. Apps without ingress are left out.
"""
tables = ["inventory.resources"]

[check]
control = "CH-02"
criteria = ["CC8.1"]
provider = "azure"
resource_type = "microsoft.app/containerapps"
--- */
WITH apps AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') OR NOT json_exists(config, '$.properties') AS is_unread,
        coalesce(json_type(config, '$.properties.configuration.ingress'), 'NULL') = 'NULL' AS is_without_ingress,
        coalesce(config ->> '$.properties.configuration.activeRevisionsMode', 'Single') AS revision_mode,
        len(list_filter(
            json_extract(config, '$.properties.configuration.ingress.traffic[*]'),
            lambda share: (share ->> '$.latestRevision') = 'true' AND (share ->> '$.weight') = '100'
        )) AS to_latest
    FROM inventory.resources
    WHERE type = 'microsoft.app/containerapps'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_without_ingress THEN 'not_applicable'
        WHEN lower(revision_mode) <> 'single' AND to_latest = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'its properties could not be read'
        WHEN is_without_ingress THEN 'it takes no requests'
        WHEN lower(revision_mode) = 'single' THEN 'one revision at a time'
        WHEN to_latest > 0 THEN 'the latest revision gets all traffic'
        ELSE 'traffic goes to revisions by name'
    END AS reason
FROM apps
ORDER BY resource_key;
