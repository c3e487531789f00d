/* ---
title = "Who answers for what vendors hand back to us, and what is the evidence"
description = """
Every complementary user entity control (CUEC) of the reports we hold, with the controls of ours that answer for it and
what their checks came to at the vendor. `by_criterion` are proposals, until cuec_owners.csv names an owner; `unowned` is
a gap. The least settled come first.
"""
tables = ["scoping.cuec_trace"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only reports of this party; all without it."

[[parameters]]
name = "ownership"
type = "text"
default = ""
description = "Only unowned, by_criterion, named or not_applicable; all without it."

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "party_id"
description = "The vendor."

[[columns]]
name = "cuec_ref"
description = "The report's own reference."

[[columns]]
name = "criteria"
description = "The criteria it bears on."

[[columns]]
name = "in_scope"
description = "Whether any of them is in scope; also where the report names none."

[[columns]]
name = "ownership"
description = "unowned, by_criterion, named or not_applicable."

[[columns]]
name = "controls"
description = "Our controls that carry it out, or could."

[[columns]]
name = "evidence"
description = "What their checks came to at the vendor: fail, unknown, pass or not_applicable; empty where no check looks there."

[[columns]]
name = "passed"
description = "Resources that pass."

[[columns]]
name = "failed"
description = "Resources that fail."

[[columns]]
name = "unknown"
description = "Resources of which it can't be told."

[[columns]]
name = "description"
description = "What we have to do."

[[columns]]
name = "reason"
description = "What was said of the ownership, or what is missing."

[[columns]]
name = "report_id"
description = "The report."
--- */
SELECT
    party_id,
    cuec_ref,
    array_join(criteria, ', ') AS criteria,
    in_scope,
    ownership,
    array_join(control_ids, ', ') AS controls,
    evidence,
    passed,
    failed,
    unknown,
    description,
    reason,
    report_id
FROM scoping.cuec_trace
WHERE
    scenario = coalesce(getvariable('scenario'), 'current')
    AND coalesce(getvariable('party'), '') IN ('', party_id)
    AND coalesce(getvariable('ownership'), '') IN ('', ownership)
ORDER BY
    CASE ownership WHEN 'unowned' THEN 1 WHEN 'by_criterion' THEN 2 WHEN 'named' THEN 3 ELSE 4 END,
    party_id,
    report_id,
    cuec_ref,
    description;
