-- Whether the inventory was there for the whole audit period: only then is what happened in it known.
SELECT
    coalesce(
        (SELECT min(finished_at) FROM inventory.runs) < period_start + INTERVAL 1 DAY
        AND (SELECT max(finished_at) FROM inventory.runs) >= period_end,
        false
    ) AS is_whole
FROM scoping.scenarios
WHERE scenario = 'current';
