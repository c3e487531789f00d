/* ---
title = "SOC 2 report of the party is held"
description = """
Reviewing a vendor's report begins with having it. Looks at every party that live or dormant evidence shows; a party
that is mere contact (a verified domain, a signed-in account) has no bearing.
"""
tables = ["parties.evidence", "parties.reports", "parties.third_parties"]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH seen AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
),
held AS (
    SELECT party_id, count(*) AS reports FROM parties.reports WHERE party_id IS NOT NULL GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN held.reports > 0 THEN 'pass'
        WHEN seen.party_id IS NULL THEN 'not_applicable'
        WHEN coalesce(parties.relation_strength, 'contact') = 'contact' THEN 'not_applicable'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN held.reports > 0 THEN 'reports held: ' || held.reports
        WHEN seen.party_id IS NULL THEN 'nothing in the estate shows it'
        WHEN coalesce(parties.relation_strength, 'contact') = 'contact' THEN 'contact only'
        ELSE 'no report; it reaches as far as ' || parties.relation_strength
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN seen ON seen.party_id = parties.party_id
LEFT JOIN held ON held.party_id = parties.party_id
ORDER BY resource_key;
