/* ---
title = "Long-lived keys of users, applications and service accounts"
description = """
One row for each access key of a user of IAM, each client secret of an application and each key of a service account
that a person made. What reviews of keys are sampled from.
"""
tables = ["inventory.resources"]

[[columns]]
name = "provider"
description = "Where it is: aws, azure, gcp, or any for third parties."

[[columns]]
name = "item_key"
description = "The item, once; what a sample is drawn by."

[[columns]]
name = "item_type"
description = "What it is, in the provider's own word."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; NULL where it is in none."

[[columns]]
name = "name"
description = "The name a person gave it."

[[columns]]
name = "happened_at"
description = "When it happened or was made (UTC), where that is known."

[[columns]]
name = "detail"
description = "What an auditor has to know of it."
--- */
WITH holders AS (
    SELECT
        provider,
        resource_key,
        scope_id,
        name,
        unnest(json_extract(config, '$.ListAccessKeys.AccessKeyMetadata[*]')) AS key_entry,
        'access key' AS item_type,
        '$.AccessKeyId' AS id_path,
        '$.CreateDate' AS date_path
    FROM inventory.resources
    WHERE type = 'AWS::IAM::User'
    UNION ALL
    SELECT
        provider,
        resource_key,
        scope_id,
        name,
        unnest(json_extract(config, '$.passwordCredentials[*]')) AS key_entry,
        'client secret' AS item_type,
        '$.keyId' AS id_path,
        '$.startDateTime' AS date_path
    FROM inventory.resources
    WHERE type = 'microsoft.graph/applications'
),
keys AS (
    SELECT
        provider,
        resource_key || '#' || coalesce(key_entry ->> id_path, 'without an id') AS item_key,
        item_type,
        scope_id,
        name,
        try_cast(key_entry ->> date_path AS TIMESTAMP) AS happened_at,
        coalesce(key_entry ->> '$.Status', 'until ' || (key_entry ->> '$.endDateTime'), 'made then') AS detail
    FROM holders
    UNION ALL
    SELECT
        provider,
        resource_key AS item_key,
        'service account key' AS item_type,
        scope_id,
        name,
        try_cast(config ->> '$.validAfterTime' AS TIMESTAMP) AS happened_at,
        coalesce('until ' || (config ->> '$.validBeforeTime'), 'made then') AS detail
    FROM inventory.resources
    WHERE type = 'iam.googleapis.com/ServiceAccountKey' AND (config ->> '$.keyType') = 'USER_MANAGED'
)
SELECT provider, item_key, item_type, scope_id, name, happened_at, detail
FROM keys
ORDER BY provider, item_key;
