/* ---
title = "Which checks do worst"
description = """
Checks with at least one failing result, the lowest share that passes first. What could not be decided counts for
neither side and is shown.
"""
tables = ["controls.check_results", "controls.checks"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only checks of this cloud (aws, azure, gcp), or any; all without it."

[[columns]]
name = "check_id"
description = "The check; `carveout query show` prints its SQL."

[[columns]]
name = "title"
description = "What holds when it passes."

[[columns]]
name = "controls"
description = "The controls it gives evidence for."

[[columns]]
name = "provider"
description = "aws, azure, gcp or any."

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
description = "pass of pass and fail, in percent."
--- */
WITH counted AS (
    SELECT
        check_id,
        count(*) FILTER (WHERE status = 'pass') AS passed,
        count(*) FILTER (WHERE status = 'fail') AS failed,
        count(*) FILTER (WHERE status = 'unknown') AS undecided
    FROM controls.check_results
    GROUP BY check_id
),
described AS (
    SELECT
        check_id,
        min(title) AS title,
        min(provider) AS provider,
        array_join(array_sort(array_agg(DISTINCT control_id)), ', ') AS control_ids
    FROM controls.checks
    GROUP BY check_id
)
SELECT
    described.check_id,
    described.title,
    described.control_ids AS controls,
    described.provider,
    counted.passed AS pass,
    counted.failed AS fail,
    counted.undecided AS unknown,
    round(100.0 * counted.passed / (counted.passed + counted.failed), 0) AS pass_percent
FROM counted
INNER JOIN described ON described.check_id = counted.check_id
WHERE counted.failed > 0
    AND coalesce(getvariable('provider'), '') IN ('', described.provider)
ORDER BY
    round(100.0 * counted.passed / (counted.passed + counted.failed), 0),
    counted.failed DESC,
    described.check_id;
