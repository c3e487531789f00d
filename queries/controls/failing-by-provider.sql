/* ---
title = "Which controls fail where"
description = """
Controls with failing resources, cloud by cloud; `any` stands for checks of third parties and of every cloud's scopes.
The share is of what could be decided: unknown is neither. A check that is evidence for several controls counts for
each.
"""
tables = ["controls.check_summary", "controls.controls"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp), or any; all without it."

[[columns]]
name = "provider"
description = "aws, azure, gcp or any."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "checks"
description = "Checks of the control there."

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
name = "fail_percent"
description = "fail of pass and fail, in percent."
--- */
WITH counted AS (
    SELECT
        provider,
        control_id,
        count(DISTINCT check_id) AS checks,
        CAST(sum(passed) AS BIGINT) AS passed,
        CAST(sum(failed) AS BIGINT) AS failed,
        CAST(sum(unknown) AS BIGINT) AS undecided
    FROM controls.check_summary
    GROUP BY provider, control_id
)
SELECT
    counted.provider,
    counted.control_id,
    controls.title AS control,
    counted.checks,
    counted.passed AS pass,
    counted.failed AS fail,
    counted.undecided AS unknown,
    round(100.0 * counted.failed / (counted.passed + counted.failed), 0) AS fail_percent
FROM counted
LEFT JOIN controls.controls AS controls ON controls.control_id = counted.control_id
WHERE counted.failed > 0
    AND coalesce(getvariable('provider'), '') IN ('', counted.provider)
ORDER BY counted.provider, counted.failed DESC, counted.control_id;
