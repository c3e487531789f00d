/* ---
title = "Vendors that have to be assessed directly"
description = """
Third parties with obligations that are theirs to show and that no report answers, the most controls first: a current
report would save most at the top. What an assessment costs is counted once for each vendor in the size of the
scenario, and not in its obligations.
"""
tables = ["parties.reports", "parties.third_parties", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "strength"
description = "The strongest evidence that counts."

[[columns]]
name = "controls"
description = "Controls that have to be assessed there."

[[columns]]
name = "criteria"
description = "Criteria of these."

[[columns]]
name = "report"
description = "The best reliance of its reports; none without one."
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
    obligations.party_id,
    max(parties.name) AS name,
    max(parties.relation_strength) AS strength,
    count(DISTINCT obligations.control_id) AS controls,
    count(DISTINCT obligations.criterion_id) AS criteria,
    CASE max(held.best)
        WHEN 1 THEN 'current'
        WHEN 2 THEN 'bridged'
        WHEN 3 THEN 'stale'
        WHEN 4 THEN 'expired'
        WHEN 5 THEN 'unreliable'
        WHEN 6 THEN 'not_evaluable'
        ELSE 'none'
    END AS report
FROM scoping.obligations AS obligations
LEFT JOIN parties.third_parties AS parties ON parties.party_id = obligations.party_id
LEFT JOIN held ON held.party_id = obligations.party_id
WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
    AND obligations.treatment = 'assess'
GROUP BY obligations.party_id
ORDER BY
    count(DISTINCT obligations.control_id) DESC,
    count(DISTINCT obligations.criterion_id) DESC,
    obligations.party_id;
