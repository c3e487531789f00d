/* ---
title = "Exceptions that our vendors' auditors found"
description = """
Every exception in the tests of controls, with the criteria it bears on, what management answers, and how many
obligations of a scenario still inherit one of these criteria from that report.
"""
tables = ["parties.report_exceptions", "parties.reports", "scoping.obligations"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only reports of this party; all without it."

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario whose reliance is counted."

[[columns]]
name = "party_id"
description = "The party; empty where nobody has said."

[[columns]]
name = "report_id"
description = "The report."

[[columns]]
name = "control_ref"
description = "The control it was found in, by the report's own reference."

[[columns]]
name = "criteria"
description = "The criteria it bears on."

[[columns]]
name = "description"
description = "What was found."

[[columns]]
name = "management_response"
description = "What management answers; empty where it says nothing."

[[columns]]
name = "still_inherited"
description = "Obligations that inherit one of the criteria from the report."
--- */
WITH inheriting AS (
    SELECT
        exceptions.report_id,
        exceptions.control_ref,
        exceptions.description AS what,
        count(*) AS obligations
    FROM parties.report_exceptions AS exceptions
    INNER JOIN scoping.obligations AS obligations
        ON obligations.report_id = exceptions.report_id
        AND array_contains(exceptions.criteria, obligations.criterion_id)
    WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current') AND obligations.treatment = 'inherited'
    GROUP BY exceptions.report_id, exceptions.control_ref, exceptions.description
)
SELECT
    reports.party_id,
    exceptions.report_id,
    exceptions.control_ref,
    array_join(exceptions.criteria, ', ') AS criteria,
    exceptions.description,
    exceptions.management_response,
    coalesce(inheriting.obligations, 0) AS still_inherited
FROM parties.report_exceptions AS exceptions
INNER JOIN parties.reports AS reports ON reports.report_id = exceptions.report_id
LEFT JOIN inheriting
    ON inheriting.report_id = exceptions.report_id
    AND inheriting.control_ref = exceptions.control_ref
    AND inheriting.what = exceptions.description
WHERE coalesce(getvariable('party'), '') IN ('', reports.party_id)
ORDER BY reports.party_id NULLS LAST, exceptions.report_id, exceptions.control_ref, exceptions.description;
