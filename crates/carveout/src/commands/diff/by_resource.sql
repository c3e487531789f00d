-- Every resource that the later run has more, less, or in another state, with what differs of it. A state that came and
-- went in between is no difference.
WITH earlier AS (
    SELECT resource_key, content_hash, provider, scope_id, region, type, name, tags, config
    FROM inventory.resource_history
    WHERE valid_from_run <= getvariable('from_run')
        AND valid_to_run > getvariable('from_run')
        AND valid_to_run <= getvariable('to_run')
),
later AS (
    SELECT resource_key, content_hash, provider, scope_id, region, type, name, tags, config
    FROM inventory.resource_history
    WHERE valid_from_run > getvariable('from_run')
        AND valid_from_run <= getvariable('to_run')
        AND (valid_to_run IS NULL OR valid_to_run > getvariable('to_run'))
),
old_members AS (
    SELECT earlier.resource_key, member.key, CAST(member.value AS VARCHAR) AS value
    FROM earlier, json_each(earlier.config) AS member
    WHERE earlier.resource_key IN (SELECT resource_key FROM later)
),
new_members AS (
    SELECT later.resource_key, member.key, CAST(member.value AS VARCHAR) AS value
    FROM later, json_each(later.config) AS member
    WHERE later.resource_key IN (SELECT resource_key FROM earlier)
),
altered AS (
    SELECT earlier.resource_key, earlier.name AS old_name, later.name AS new_name,
        CAST(earlier.tags AS VARCHAR) AS old_tags, CAST(later.tags AS VARCHAR) AS new_tags,
        earlier.scope_id AS old_scope_id, later.scope_id AS new_scope_id,
        earlier.region AS old_region, later.region AS new_region
    FROM earlier
    INNER JOIN later ON later.resource_key = earlier.resource_key
),
members AS (
    SELECT
        coalesce(new_members.resource_key, old_members.resource_key) AS resource_key,
        'config.' || coalesce(new_members.key, old_members.key) AS member
    FROM old_members
    FULL JOIN new_members
        ON new_members.resource_key = old_members.resource_key AND new_members.key = old_members.key
    WHERE new_members.value IS DISTINCT FROM old_members.value
    UNION ALL
    SELECT resource_key, 'name' FROM altered WHERE old_name IS DISTINCT FROM new_name
    UNION ALL
    SELECT resource_key, 'tags' FROM altered WHERE old_tags IS DISTINCT FROM new_tags
    UNION ALL
    SELECT resource_key, 'scope_id' FROM altered WHERE old_scope_id <> new_scope_id
    UNION ALL
    SELECT resource_key, 'region' FROM altered WHERE old_region <> new_region
),
lists AS (
    SELECT resource_key, list(member ORDER BY member) AS members FROM members GROUP BY resource_key
)
SELECT
    CASE
        WHEN earlier.resource_key IS NULL THEN 'added'
        WHEN later.resource_key IS NULL THEN 'removed'
        ELSE 'changed'
    END AS change,
    coalesce(later.provider, earlier.provider) AS provider,
    coalesce(later.scope_id, earlier.scope_id) AS scope_id,
    coalesce(later.region, earlier.region) AS region,
    coalesce(later.type, earlier.type) AS type,
    coalesce(later.name, earlier.name) AS name,
    coalesce(later.resource_key, earlier.resource_key) AS resource_key,
    lists.members AS changed_members
FROM earlier
FULL JOIN later ON later.resource_key = earlier.resource_key
LEFT JOIN lists ON lists.resource_key = coalesce(later.resource_key, earlier.resource_key)
WHERE earlier.content_hash IS DISTINCT FROM later.content_hash
ORDER BY provider, scope_id, type, resource_key;
