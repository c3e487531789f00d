/* ---
title = "Project has a security contact, its own or from above"
description = """
Google writes to the essential contacts of a project, and of the folders and organization above it, when it sees abuse
or a leak. One of them has to take notices of security.
"""
tables = ["inventory.gaps", "inventory.resources", "inventory.scopes"]

[check]
control = "IR-03"
criteria = ["CC7.3", "CC7.4"]
provider = "gcp"
resource_type = "scope"
--- */
WITH RECURSIVE holders AS (
    SELECT scope_id AS project_id, scope_id, parent_id
    FROM inventory.scopes
    WHERE provider = 'gcp' AND kind = 'project' AND status = 'active'
    UNION ALL
    SELECT holders.project_id, parents.scope_id, parents.parent_id
    FROM holders
    INNER JOIN inventory.scopes AS parents ON parents.provider = 'gcp' AND parents.scope_id = holders.parent_id
),
contacts AS (
    SELECT scope_id, count(*) AS contacts
    FROM inventory.resources
    WHERE
        type = 'essentialcontacts.googleapis.com/Contact'
        AND list_has_any(
            CAST(config -> '$.notificationCategorySubscriptions' AS VARCHAR[]),
            ['SECURITY', 'ALL']
        )
    GROUP BY scope_id
),
unseen AS (
    SELECT DISTINCT scope_id
    FROM inventory.gaps
    WHERE provider = 'gcp' AND type IN ('essentialcontacts.googleapis.com/Contact', '*')
),
judged AS (
    SELECT
        holders.project_id,
        coalesce(sum(contacts.contacts), 0) AS contacts,
        bool_or(unseen.scope_id IS NOT NULL) AS is_partly_unseen
    FROM holders
    LEFT JOIN contacts ON contacts.scope_id = holders.scope_id
    LEFT JOIN unseen ON unseen.scope_id IN (holders.scope_id, '*')
    GROUP BY holders.project_id
)
SELECT
    project_id AS resource_key,
    CASE
        WHEN contacts > 0 THEN 'pass'
        WHEN is_partly_unseen THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN contacts > 0 THEN 'contacts on the project or above it: ' || contacts
        WHEN is_partly_unseen THEN 'contacts could not be read everywhere above it'
        ELSE 'no contact for it, on the project or above'
    END AS reason
FROM judged
ORDER BY resource_key;
