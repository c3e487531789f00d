/* ---
title = "Deployments in the audit period"
description = """
One row for each task definition, function and stack that says that it was made or last changed in the period, and for
each app or service that a run of the period found changed. Providers keep the last deployment only: earlier ones are
in the pipeline. What tests before release are sampled from.
"""
tables = ["inventory.resource_changes", "inventory.resources", "inventory.runs", "scoping.scenarios"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario whose audit period is meant."

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
WITH period AS (
    SELECT
        period_start AS starts_at,
        period_end + INTERVAL 1 DAY AS ends_at,
        (SELECT min(finished_at) FROM inventory.runs) AS known_since
    FROM scoping.scenarios
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
),
stated AS (
    SELECT
        provider,
        resource_key,
        type,
        scope_id,
        name,
        CASE type
            WHEN 'AWS::ECS::TaskDefinition' THEN created_at
            WHEN 'AWS::Lambda::Function' THEN try_cast(left(config ->> '$.LastModified', 19) AS TIMESTAMP)
            ELSE try_cast(coalesce(config ->> '$.LastUpdatedTime', config ->> '$.CreationTime') AS TIMESTAMP)
        END AS deployed_at
    FROM inventory.resources
    WHERE type IN ('AWS::ECS::TaskDefinition', 'AWS::Lambda::Function', 'AWS::CloudFormation::Stack')
),
deployments AS (
    SELECT
        provider,
        resource_key AS item_key,
        type AS item_type,
        scope_id,
        name,
        deployed_at AS happened_at,
        'deployed then' AS detail
    FROM stated
    UNION ALL
    SELECT
        resources.provider,
        changes.resource_key || '#run-' || changes.run_id AS item_key,
        changes.type AS item_type,
        resources.scope_id,
        resources.name,
        runs.finished_at AS happened_at,
        changes.change || ' between two runs' AS detail
    FROM inventory.resource_changes AS changes
    INNER JOIN inventory.resources AS resources ON resources.resource_key = changes.resource_key
    INNER JOIN inventory.runs AS runs ON runs.run_id = changes.run_id
    CROSS JOIN period
    WHERE runs.finished_at > period.known_since
        AND changes.type IN (
            'microsoft.app/containerapps',
            'microsoft.web/sites',
            'cloudfunctions.googleapis.com/Function',
            'run.googleapis.com/Job',
            'run.googleapis.com/Service'
        )
)
SELECT
    deployments.provider,
    deployments.item_key,
    deployments.item_type,
    deployments.scope_id,
    deployments.name,
    deployments.happened_at,
    deployments.detail
FROM deployments
CROSS JOIN period
WHERE deployments.happened_at >= period.starts_at AND deployments.happened_at < period.ends_at
ORDER BY deployments.provider, deployments.item_key;
