/* ---
title = "What our vendors assume of their own providers"
description = """
Every complementary subservice organization control (CSOC) of the reports we hold, with the best report that we hold
of the organization it is assumed of. Without one that can be relied on, nobody shows that the assumption holds.
"""
tables = ["parties.reports", "parties.subservice_controls"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only reports of this vendor; all without it."

[[columns]]
name = "party_id"
description = "The vendor; empty where nobody has said."

[[columns]]
name = "csoc_ref"
description = "The report's own reference."

[[columns]]
name = "organization"
description = "The subservice organization, as printed."

[[columns]]
name = "subservice_party_id"
description = "The party behind it; empty where nobody has said."

[[columns]]
name = "criteria"
description = "The criteria it bears on."

[[columns]]
name = "description"
description = "What is assumed."

[[columns]]
name = "report_held"
description = "The best reliance of that party's reports; none without one."
--- */
WITH held AS (
    SELECT
        party_id,
        min(
            CASE reliance
                WHEN 'current' THEN 1
                WHEN 'bridged' THEN 2
                WHEN 'stale' THEN 3
                WHEN 'expired' THEN 4
                WHEN 'unreliable' THEN 5
                ELSE 6
            END
        ) AS best
    FROM parties.reports
    WHERE party_id IS NOT NULL
    GROUP BY party_id
)
SELECT
    reports.party_id,
    csocs.csoc_ref,
    csocs.organization,
    csocs.party_id AS subservice_party_id,
    array_join(csocs.criteria, ', ') AS criteria,
    csocs.description,
    CASE held.best
        WHEN 1 THEN 'current'
        WHEN 2 THEN 'bridged'
        WHEN 3 THEN 'stale'
        WHEN 4 THEN 'expired'
        WHEN 5 THEN 'unreliable'
        WHEN 6 THEN 'not_evaluable'
        ELSE 'none'
    END AS report_held
FROM parties.subservice_controls AS csocs
INNER JOIN parties.reports AS reports ON reports.report_id = csocs.report_id
LEFT JOIN held ON held.party_id = csocs.party_id
WHERE coalesce(getvariable('party'), '') IN ('', reports.party_id)
ORDER BY coalesce(held.best, 7) DESC, reports.party_id NULLS LAST, csocs.report_id, csocs.csoc_ref, csocs.description;
