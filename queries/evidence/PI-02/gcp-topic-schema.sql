/* ---
title = "Topic takes messages of one schema only"
description = """
A schema on a topic refuses messages that are incomplete or malformed before they are processed. The API leaves the
settings out where there are none; a deleted schema lets nothing be checked.
"""
tables = ["inventory.resources"]

[check]
control = "PI-02"
criteria = ["PI1.2"]
provider = "gcp"
resource_type = "pubsub.googleapis.com/Topic"
--- */
WITH topics AS (
    SELECT
        resource_key,
        config ->> '$.schemaSettings.schema' AS schema
    FROM inventory.resources
    WHERE type = 'pubsub.googleapis.com/Topic'
)
SELECT
    resource_key,
    CASE
        WHEN schema IS NULL THEN 'fail'
        WHEN schema = '_deleted-schema_' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN schema IS NULL THEN 'messages are not checked'
        WHEN schema = '_deleted-schema_' THEN 'its schema was deleted'
        ELSE 'checked against ' || schema
    END AS reason
FROM topics
ORDER BY resource_key;
