/* ---
title = "Which evidence the inventory already gives"
description = """
One row for each control and third party where evidence is asked for and checks exist: how much is asked, how much of it the
checks answer, and what they found. An answer counts only where no resource is unknown; it may still be that something fails.
"""
tables = ["controls.check_summary", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "party"
description = "The third party."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "checks"
description = "Checks of the control there."

[[columns]]
name = "pass"
description = "Resources that pass."

[[columns]]
name = "fail"
description = "Resources that fail."

[[columns]]
name = "unknown"
description = "Resources, and places that could not be listed, of which nobody knows."
--- */
WITH asked AS (
    SELECT
        control_id,
        party_id,
        CAST(sum(evidence_requests) AS BIGINT) AS evidence,
        CAST(sum(evidence_answered) AS BIGINT) AS answered
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND treatment IN ('customer', 'shared', 'assess')
    GROUP BY control_id, party_id
),
checked AS (
    SELECT
        control_id,
        party_id,
        count(*) AS checks,
        CAST(sum(passed) AS BIGINT) AS passed,
        CAST(sum(failed) AS BIGINT) AS failed,
        CAST(sum(unknown) AS BIGINT) AS undecided
    FROM controls.check_summary
    GROUP BY control_id, party_id
)
SELECT
    asked.control_id,
    asked.party_id AS party,
    asked.evidence,
    asked.answered,
    checked.checks,
    checked.passed AS pass,
    checked.failed AS fail,
    checked.undecided AS unknown
FROM asked
INNER JOIN checked ON checked.control_id = asked.control_id AND checked.party_id = asked.party_id
ORDER BY asked.answered DESC, asked.control_id, party;
