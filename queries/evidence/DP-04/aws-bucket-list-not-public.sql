/* ---
title = "Bucket access list is not public"
description = """
Access lists are the older way to open a bucket. Fails where a grant goes to everybody or to every AWS user and such
grants are not ignored.
"""
tables = ["inventory.resources"]

[check]
control = "DP-04"
criteria = ["CC6.1", "CC6.6", "C1.1"]
provider = "aws"
resource_type = "AWS::S3::Bucket"
--- */
WITH buckets AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetBucketAcl') OR NOT json_exists(config, '$.GetBucketAcl') AS is_unread,
        coalesce(
            config ->> '$.GetPublicAccessBlock.PublicAccessBlockConfiguration.IgnorePublicAcls', 'false'
        ) = 'true' AS ignores_grants,
        len(list_filter(
            json_extract_string(config, '$.GetBucketAcl.Grants[*].Grantee.URI'),
            lambda uri: regexp_matches(uri, 'groups/global/(AllUsers|AuthenticatedUsers)$')
        )) AS public_grants,
        list_contains(unread, 'GetPublicAccessBlock')
            OR NOT json_exists(config, '$.GetPublicAccessBlock') AS is_block_unread
    FROM inventory.resources
    WHERE type = 'AWS::S3::Bucket'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN public_grants = 0 THEN 'pass'
        WHEN is_block_unread THEN 'unknown'
        WHEN ignores_grants THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the access list could not be read'
        WHEN public_grants = 0 THEN 'no public grant'
        WHEN is_block_unread THEN 'a public grant, and the public access block could not be read'
        WHEN ignores_grants THEN 'public grants are ignored'
        ELSE public_grants || ' public grants'
    END AS reason
FROM buckets
ORDER BY resource_key;
