-- Staged resources with members that could not be read, beside their last known config.
SELECT
    units.unit_id,
    resources.resource_key,
    resources.provider,
    resources.scope_id,
    resources.region,
    resources.service,
    resources.service_model,
    resources.type AS type_name,
    resources.name,
    resources.tags,
    resources.config,
    strftime(resources.created_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS created_at,
    CAST(resources.unread AS JSON) AS unread,
    live.config AS known
FROM stage.resources AS resources
INNER JOIN stage.units AS units ON units.unit = resources.unit
INNER JOIN inventory.resource_history AS live
    ON live.resource_key = resources.resource_key AND live.valid_to_run IS NULL
WHERE resources.unread IS NOT NULL
ORDER BY resources.sequence;
