/* ---
title = "Which checks give evidence for which control, and what they found"
description = """
One row for each check and control that it is evidence for: the criteria that it bears on, where it looks, and how many
resources pass, fail, are unknown or are none of its business. The clouds' implementations of one control stand side by side.
"""
tables = ["controls.check_summary", "controls.checks"]

[[parameters]]
name = "control"
type = "text"
default = ""
description = "Only checks of this control."

[[parameters]]
name = "criterion"
type = "text"
default = ""
description = "Only checks that bear on this criterion."

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only checks of this cloud (aws, azure, gcp), or of third parties (any)."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "provider"
description = "Where it looks: aws, azure, gcp, or any for third parties."

[[columns]]
name = "check_id"
description = "The check."

[[columns]]
name = "title"
description = "What holds when it passes."

[[columns]]
name = "criteria"
description = "The criteria it bears on."

[[columns]]
name = "pass"
description = "Resources that pass."

[[columns]]
name = "fail"
description = "Resources that fail."

[[columns]]
name = "unknown"
description = "Resources, and places that could not be listed, of which nobody knows."

[[columns]]
name = "not_applicable"
description = "Resources that it has no bearing on."
--- */
WITH found AS (
    SELECT
        control_id,
        check_id,
        CAST(sum(passed) AS BIGINT) AS passed,
        CAST(sum(failed) AS BIGINT) AS failed,
        CAST(sum(unknown) AS BIGINT) AS undecided,
        CAST(sum(not_applicable) AS BIGINT) AS none_of_its_business
    FROM controls.check_summary
    GROUP BY control_id, check_id
)
SELECT
    checks.control_id,
    checks.provider,
    checks.check_id,
    checks.title,
    array_join(checks.criterion_ids, ', ') AS criteria,
    coalesce(found.passed, 0) AS pass,
    coalesce(found.failed, 0) AS fail,
    coalesce(found.undecided, 0) AS unknown,
    coalesce(found.none_of_its_business, 0) AS not_applicable
FROM controls.checks AS checks
LEFT JOIN found ON found.control_id = checks.control_id AND found.check_id = checks.check_id
WHERE coalesce(getvariable('control'), '') IN ('', checks.control_id)
    AND coalesce(getvariable('provider'), '') IN ('', checks.provider)
    AND (
        coalesce(getvariable('criterion'), '') = ''
        OR array_contains(checks.criterion_ids, coalesce(getvariable('criterion'), ''))
    )
ORDER BY checks.control_id, checks.provider, checks.check_id;
