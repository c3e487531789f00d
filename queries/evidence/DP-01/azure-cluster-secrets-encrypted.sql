/* ---
title = "Cluster encrypts Kubernetes secrets with a key of ours"
description = """
Secrets of a cluster lie in its database; the key management plug-in puts a key of ours in front of them. Absent
means off.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "azure"
resource_type = "microsoft.containerservice/managedclusters"
--- */
WITH resources AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.securityProfile.azureKeyVaultKms.enabled', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'microsoft.containerservice/managedclusters'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN is_on THEN 'secrets encrypted with a key in a vault'
        ELSE 'no key for secrets'
    END AS reason
FROM resources
ORDER BY resource_key;
