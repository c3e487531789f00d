/* ---
title = "How each account, subscription and project does in the checks"
description = """
Results of checks by scope: those of its resources, of the scope itself, and of places in it that could not be listed.
The most failures first.
"""
tables = ["controls.check_results", "inventory.gaps", "inventory.resources", "inventory.scopes"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "scope"
description = "Its name."

[[columns]]
name = "pass"
description = "Results that pass."

[[columns]]
name = "fail"
description = "Results that fail."

[[columns]]
name = "unknown"
description = "Results that could not be decided."

[[columns]]
name = "pass_percent"
description = "pass of pass and fail, in percent; empty where nothing could be decided."
--- */
WITH places AS (
    SELECT DISTINCT
        provider || ':' || scope_id || ':' || region || ':' || type AS place,
        provider AS cloud,
        scope_id
    FROM inventory.gaps
),
placed AS (
    SELECT
        coalesce(resources.provider, own.provider, places.cloud) AS cloud,
        coalesce(resources.scope_id, own.scope_id, places.scope_id) AS scope_id,
        results.status
    FROM controls.check_results AS results
    LEFT JOIN inventory.resources AS resources ON resources.resource_key = results.resource_key
    LEFT JOIN inventory.scopes AS own ON own.scope_id = results.resource_key
    LEFT JOIN places ON places.place = results.resource_key
    WHERE results.status <> 'not_applicable'
),
counted AS (
    SELECT
        cloud,
        scope_id,
        count(*) FILTER (WHERE status = 'pass') AS passed,
        count(*) FILTER (WHERE status = 'fail') AS failed,
        count(*) FILTER (WHERE status = 'unknown') AS undecided
    FROM placed
    WHERE scope_id IS NOT NULL
    GROUP BY cloud, scope_id
)
SELECT
    counted.cloud AS provider,
    counted.scope_id,
    scopes.name AS scope,
    counted.passed AS pass,
    counted.failed AS fail,
    counted.undecided AS unknown,
    CASE
        WHEN counted.passed + counted.failed > 0
            THEN round(100.0 * counted.passed / (counted.passed + counted.failed), 0)
    END AS pass_percent
FROM counted
LEFT JOIN inventory.scopes AS scopes ON scopes.provider = counted.cloud AND scopes.scope_id = counted.scope_id
WHERE coalesce(getvariable('provider'), '') IN ('', counted.cloud)
ORDER BY counted.failed DESC, counted.undecided DESC, counted.cloud, counted.scope_id;
