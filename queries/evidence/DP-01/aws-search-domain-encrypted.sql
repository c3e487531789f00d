/* ---
title = "Search domain is encrypted at rest"
description = """
Search indexes hold copies of the records that they index. Looks at the at-rest encryption of each OpenSearch
domain.
"""
tables = ["inventory.resources"]

[check]
control = "DP-01"
criteria = ["CC6.1", "C1.1"]
provider = "aws"
resource_type = "AWS::OpenSearchService::Domain"
--- */
WITH settings AS (
    SELECT
        resource_key,
        list_contains(unread, 'DescribeDomain') OR NOT json_exists(config, '$.DescribeDomain') AS is_unread,
        coalesce(config ->> '$.DescribeDomain.DomainStatus.EncryptionAtRestOptions.Enabled', 'false') = 'true' AS is_on
    FROM inventory.resources
    WHERE type = 'AWS::OpenSearchService::Domain'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN is_on THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the domain could not be read'
        WHEN is_on THEN 'encrypted at rest'
        ELSE 'not encrypted at rest'
    END AS reason
FROM settings
ORDER BY resource_key;
