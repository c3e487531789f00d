/* ---
title = "Who has to put what right"
description = """
For each owner of controls: how many of them have failing results, how many results fail and how many are unknown. For
handing out the work of remediation.
"""
tables = ["controls.check_results", "controls.checks", "controls.controls"]

[[columns]]
name = "owner"
description = "The role that owns the controls."

[[columns]]
name = "controls_failing"
description = "Controls with a result that fails."

[[columns]]
name = "controls_unknown"
description = "Controls with a result that could not be decided, and none that fails."

[[columns]]
name = "fail"
description = "Results that fail."

[[columns]]
name = "unknown"
description = "Results that could not be decided."

[[columns]]
name = "which"
description = "The controls with a result that fails."
--- */
WITH owned AS (
    SELECT DISTINCT
        coalesce(controls.owner, 'unknown') AS owner_role,
        checks.control_id,
        results.check_id || ' ' || results.resource_key AS result_key,
        results.status
    FROM controls.check_results AS results
    INNER JOIN controls.checks AS checks ON checks.check_id = results.check_id
    LEFT JOIN controls.controls AS controls ON controls.control_id = checks.control_id
    WHERE results.status IN ('fail', 'unknown')
),
per_control AS (
    SELECT owner_role, control_id, bool_or(status = 'fail') AS is_failing
    FROM owned
    GROUP BY owner_role, control_id
),
per_owner AS (
    SELECT
        owner_role,
        count(DISTINCT CASE WHEN status = 'fail' THEN result_key END) AS failed,
        count(DISTINCT CASE WHEN status = 'unknown' THEN result_key END) AS undecided
    FROM owned
    GROUP BY owner_role
)
SELECT
    per_owner.owner_role AS owner,
    count(*) FILTER (WHERE per_control.is_failing) AS controls_failing,
    count(*) FILTER (WHERE NOT per_control.is_failing) AS controls_unknown,
    per_owner.failed AS fail,
    per_owner.undecided AS unknown,
    array_join(array_sort(array_agg(per_control.control_id) FILTER (WHERE per_control.is_failing)), ', ') AS which
FROM per_owner
INNER JOIN per_control ON per_control.owner_role = per_owner.owner_role
GROUP BY per_owner.owner_role, per_owner.failed, per_owner.undecided
ORDER BY per_owner.failed DESC, per_owner.undecided DESC, per_owner.owner_role;
