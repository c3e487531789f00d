/* ---
title = "Party that much hangs on has a report that covers availability"
description = """
Where several vendors depend on one party, or can be reached through it only, its outage is everybody's. A party with
at least min_dependents dependents, or that dominates one, needs a current or bridged report with availability in it.
"""
tables = ["graph.concentration", "parties.reports", "parties.third_parties"]

[[parameters]]
name = "min_dependents"
type = "integer"
default = 2
description = "Dependents from which a party counts as concentrated."

[check]
control = "VN-02"
criteria = ["CC9.2", "CC3.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH relied_on AS (
    SELECT
        party_id,
        bool_or(list_contains(categories, 'availability')) AS covers_availability
    FROM parties.reports
    WHERE reliance IN ('current', 'bridged')
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN concentration.party_id IS NULL THEN 'not_applicable'
        WHEN concentration.total_dependents < coalesce(getvariable('min_dependents'), 2) AND concentration.dominates = 0
            THEN 'not_applicable'
        WHEN relied_on.covers_availability THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN concentration.party_id IS NULL THEN 'not in the dependency graph'
        ELSE concentration.total_dependents || ' parties depend on it, ' || concentration.dominates
            || ' reachable only through it; ' || CASE
                WHEN relied_on.party_id IS NULL THEN 'no report to rely on'
                WHEN relied_on.covers_availability THEN 'its report covers availability'
                ELSE 'its report does not cover availability'
            END
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN graph.concentration AS concentration ON concentration.party_id = parties.party_id
LEFT JOIN relied_on ON relied_on.party_id = parties.party_id
ORDER BY resource_key;
