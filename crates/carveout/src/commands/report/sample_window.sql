/* The audit period of a scenario, and how much of it the inventory knows. */
SELECT
    period_start,
    period_end,
    (SELECT min(finished_at) FROM inventory.runs) AS known_from,
    coalesce(
        (SELECT min(finished_at) FROM inventory.runs) < period_start + INTERVAL 1 DAY
        AND (SELECT max(finished_at) FROM inventory.runs) >= period_end,
        false
    ) AS is_whole
FROM scoping.scenarios
WHERE scenario = getvariable('scenario');
