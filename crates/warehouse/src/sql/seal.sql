-- Applies the staged pages of a run to the estate. Runs inside the sealing transaction; the variable run_id names the
-- run. Only a listing that ended `ok` may close a row.

CREATE OR REPLACE TEMP TABLE seen AS
WITH latest AS (
    SELECT resources.resource_key, max(resources.sequence) AS sequence
    FROM stage.resources AS resources
    INNER JOIN stage.units AS units ON units.unit = resources.unit
    GROUP BY resources.resource_key
),
live AS (
    SELECT resource_key, content_hash, first_seen_at
    FROM inventory.resource_history
    WHERE valid_to_run IS NULL
),
former AS (
    SELECT resource_key, min(first_seen_at) AS first_seen_at
    FROM inventory.resource_history
    WHERE valid_to_run IS NOT NULL
    GROUP BY resource_key
)
SELECT
    latest.resource_key,
    latest.sequence,
    resources.type,
    resources.unread,
    units.unit_id,
    units.finished_at,
    coalesce(live.first_seen_at, former.first_seen_at, units.finished_at) AS first_seen_at,
    CASE
        WHEN live.resource_key IS NULL THEN 'added'
        WHEN live.content_hash <> resources.content_hash THEN 'changed'
        ELSE 'same'
    END AS change
FROM latest
INNER JOIN stage.resources AS resources ON resources.sequence = latest.sequence
INNER JOIN stage.units AS units ON units.unit = resources.unit
LEFT JOIN live ON live.resource_key = latest.resource_key
LEFT JOIN former ON former.resource_key = latest.resource_key;

-- Gone: not seen, its listing ended ok (by the coverage of its scope, region and type, or by the unit that had found it),
-- and nothing that was to read it failed.
CREATE OR REPLACE TEMP TABLE gone AS
WITH unseen AS (
    SELECT live.resource_key, live.type, live.provider, live.scope_id, live.region, live.found_by
    FROM inventory.resource_history AS live
    ANTI JOIN seen ON seen.resource_key = live.resource_key
    WHERE live.valid_to_run IS NULL
)
SELECT unseen.resource_key, unseen.type
FROM unseen
WHERE
    (
        EXISTS (
            SELECT 1
            FROM stage.coverage AS coverage
            WHERE coverage.status = 'ok'
                AND coverage.provider = unseen.provider
                AND coverage.scope_id = unseen.scope_id
                AND (coverage.region = unseen.region OR coverage.region = '*')
                AND (coverage.type = unseen.type OR coverage.type = '*')
        )
        OR unseen.found_by IN (SELECT units.unit_id FROM stage.units AS units WHERE units.is_complete)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM stage.coverage AS coverage
        WHERE coverage.status <> 'ok'
            AND coverage.provider = unseen.provider
            AND coverage.scope_id = unseen.scope_id
            AND (coverage.region = unseen.region OR coverage.region = '*')
            AND (coverage.type = unseen.type OR coverage.type = '*')
    );

CREATE OR REPLACE TEMP TABLE altered AS
SELECT
    seen.resource_key,
    seen.type,
    live.config AS old_config,
    resources.config AS new_config,
    live.name AS old_name,
    resources.name AS new_name,
    live.tags AS old_tags,
    resources.tags AS new_tags,
    live.scope_id AS old_scope_id,
    resources.scope_id AS new_scope_id,
    live.region AS old_region,
    resources.region AS new_region,
    live.type AS old_type,
    resources.type AS new_type
FROM seen
INNER JOIN inventory.resource_history AS live ON live.resource_key = seen.resource_key AND live.valid_to_run IS NULL
INNER JOIN stage.resources AS resources ON resources.sequence = seen.sequence
WHERE seen.change = 'changed';

INSERT INTO inventory.resource_changes (run_id, resource_key, type, change, paths)
WITH old_members AS (
    SELECT altered.resource_key, member.key, CAST(member.value AS VARCHAR) AS value
    FROM altered, json_each(altered.old_config) AS member
),
new_members AS (
    SELECT altered.resource_key, member.key, CAST(member.value AS VARCHAR) AS value
    FROM altered, json_each(altered.new_config) AS member
),
paths AS (
    SELECT
        coalesce(new_members.resource_key, old_members.resource_key) AS resource_key,
        'config.' || coalesce(new_members.key, old_members.key) AS path
    FROM old_members
    FULL JOIN new_members
        ON new_members.resource_key = old_members.resource_key AND new_members.key = old_members.key
    WHERE new_members.value IS DISTINCT FROM old_members.value
    UNION ALL
    SELECT resource_key, 'name' FROM altered WHERE old_name IS DISTINCT FROM new_name
    UNION ALL
    SELECT resource_key, 'tags' FROM altered WHERE CAST(old_tags AS VARCHAR) IS DISTINCT FROM CAST(new_tags AS VARCHAR)
    UNION ALL
    SELECT resource_key, 'scope_id' FROM altered WHERE old_scope_id IS DISTINCT FROM new_scope_id
    UNION ALL
    SELECT resource_key, 'region' FROM altered WHERE old_region IS DISTINCT FROM new_region
    UNION ALL
    SELECT resource_key, 'type' FROM altered WHERE old_type IS DISTINCT FROM new_type
),
lists AS (
    SELECT resource_key, list(path ORDER BY path) AS paths FROM paths GROUP BY resource_key
)
SELECT CAST(getvariable('run_id') AS BIGINT), altered.resource_key, altered.type, 'changed', lists.paths
FROM altered
LEFT JOIN lists ON lists.resource_key = altered.resource_key
UNION ALL
SELECT CAST(getvariable('run_id') AS BIGINT), resource_key, type, 'added', NULL FROM seen WHERE change = 'added'
UNION ALL
SELECT CAST(getvariable('run_id') AS BIGINT), resource_key, type, 'removed', NULL FROM gone;

DROP TABLE altered;

UPDATE inventory.resource_history
SET valid_to_run = CAST(getvariable('run_id') AS BIGINT)
WHERE valid_to_run IS NULL
    AND resource_key IN (
        SELECT resource_key FROM seen WHERE change = 'changed'
        UNION ALL
        SELECT resource_key FROM gone
    );

UPDATE inventory.resource_history AS live
SET last_seen_at = seen.finished_at, last_seen_run = CAST(getvariable('run_id') AS BIGINT)
FROM seen
WHERE seen.change = 'same' AND live.resource_key = seen.resource_key AND live.valid_to_run IS NULL;

-- Texts are rewritten only where they differ: they cost more than numbers.
UPDATE inventory.resource_history AS live
SET found_by = seen.unit_id
FROM seen
WHERE seen.change = 'same' AND live.resource_key = seen.resource_key AND live.valid_to_run IS NULL
    AND live.found_by <> seen.unit_id;

UPDATE inventory.resource_history AS live
SET unread = CAST(CAST(seen.unread AS JSON) AS VARCHAR[])
FROM seen
WHERE seen.change = 'same' AND live.resource_key = seen.resource_key AND live.valid_to_run IS NULL
    AND live.unread IS DISTINCT FROM CAST(CAST(seen.unread AS JSON) AS VARCHAR[]);

INSERT INTO inventory.resource_history BY NAME
SELECT
    resources.resource_key,
    CAST(getvariable('run_id') AS BIGINT) AS valid_from_run,
    CAST(NULL AS BIGINT) AS valid_to_run,
    resources.content_hash,
    resources.provider,
    resources.scope_id,
    resources.region,
    resources.service,
    resources.service_model,
    resources.type,
    resources.name,
    resources.tags,
    resources.config,
    CAST(CAST(resources.unread AS JSON) AS VARCHAR[]) AS unread,
    resources.created_at,
    seen.first_seen_at,
    seen.finished_at AS last_seen_at,
    seen.finished_at AS changed_at,
    CAST(getvariable('run_id') AS BIGINT) AS last_seen_run,
    seen.unit_id AS found_by
FROM seen
INNER JOIN stage.resources AS resources ON resources.sequence = seen.sequence
WHERE seen.change <> 'same'
ORDER BY resources.provider, resources.type, resources.scope_id, resources.resource_key;

-- Observations follow their resource: replaced when it was seen, kept while it is carried forward, dropped when it is
-- gone. Those of a member that could not be read are kept with it.
DELETE FROM parties.observations AS observations
USING seen
WHERE observations.resource_key = seen.resource_key
    AND (
        seen.unread IS NULL
        OR NOT list_contains(
            CAST(CAST(seen.unread AS JSON) AS VARCHAR[]), regexp_extract(observations.path, '^"?([^".\[]+)', 1)
        )
    );

DELETE FROM parties.observations WHERE resource_key IN (SELECT resource_key FROM gone);

INSERT INTO parties.observations BY NAME
SELECT
    observations.resource_key,
    min(observations.sequence) AS ordinal,
    observations.signal,
    observations.outsider,
    observations.relation,
    observations.strength,
    observations.direction,
    observations.status,
    max(observations.relation_confidence) AS relation_confidence,
    observations.path,
    observations.value,
    observations.context
FROM stage.observations AS observations
INNER JOIN stage.units AS units ON units.unit = observations.unit
INNER JOIN seen ON seen.resource_key = observations.resource_key
GROUP BY
    observations.resource_key,
    observations.signal,
    observations.outsider,
    observations.relation,
    observations.strength,
    observations.direction,
    observations.status,
    observations.path,
    observations.value,
    observations.context
ORDER BY ordinal;

DELETE FROM inventory.scopes AS scopes
USING stage.scopes AS staged
WHERE staged.provider = scopes.provider AND staged.scope_id = scopes.scope_id;

INSERT INTO inventory.scopes BY NAME
SELECT
    provider,
    scope_id,
    any_value(kind) AS kind,
    any_value(parent_id) AS parent_id,
    any_value(name) AS name,
    any_value(status) AS status,
    any_value(raw) AS raw,
    CAST(getvariable('run_id') AS BIGINT) AS last_seen_run
FROM stage.scopes
GROUP BY provider, scope_id
ORDER BY provider, scope_id;

INSERT INTO inventory.coverage BY NAME
SELECT
    CAST(getvariable('run_id') AS BIGINT) AS run_id,
    provider,
    scope_id,
    region,
    type,
    status,
    resources,
    requests,
    retries,
    elapsed_ms,
    error_code,
    message
FROM stage.coverage
ORDER BY provider, scope_id, type, region;

UPDATE inventory.runs
SET
    resources = (SELECT count(*) FROM inventory.resource_history WHERE valid_to_run IS NULL),
    added = (SELECT count(*) FROM seen WHERE change = 'added'),
    changed = (SELECT count(*) FROM seen WHERE change = 'changed'),
    removed = (SELECT count(*) FROM gone),
    requests = (SELECT coalesce(sum(coverage.requests), 0) FROM stage.coverage AS coverage),
    status = CASE
        WHEN EXISTS (
            SELECT 1 FROM stage.coverage AS coverage WHERE coverage.status NOT IN ('ok', 'skipped', 'unsupported')
        ) THEN 'partial'
        ELSE 'complete'
    END
WHERE run_id = CAST(getvariable('run_id') AS BIGINT);

DROP TABLE seen;
DROP TABLE gone;
