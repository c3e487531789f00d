-- How many resources of each type the later run has more, less, and in another state.
WITH earlier AS (
    SELECT resource_key, content_hash, provider, type
    FROM inventory.resource_history
    WHERE valid_from_run <= getvariable('from_run')
        AND valid_to_run > getvariable('from_run')
        AND valid_to_run <= getvariable('to_run')
),
later AS (
    SELECT resource_key, content_hash, provider, type
    FROM inventory.resource_history
    WHERE valid_from_run > getvariable('from_run')
        AND valid_from_run <= getvariable('to_run')
        AND (valid_to_run IS NULL OR valid_to_run > getvariable('to_run'))
),
changes AS (
    SELECT
        coalesce(later.provider, earlier.provider) AS provider,
        coalesce(later.type, earlier.type) AS type,
        CASE
            WHEN earlier.resource_key IS NULL THEN 'added'
            WHEN later.resource_key IS NULL THEN 'removed'
            ELSE 'changed'
        END AS change
    FROM earlier
    FULL JOIN later ON later.resource_key = earlier.resource_key
    WHERE earlier.content_hash IS DISTINCT FROM later.content_hash
)
SELECT
    provider,
    type,
    count(*) FILTER (WHERE change = 'added') AS added,
    count(*) FILTER (WHERE change = 'changed') AS changed,
    count(*) FILTER (WHERE change = 'removed') AS removed
FROM changes
GROUP BY provider, type
ORDER BY provider, type;
