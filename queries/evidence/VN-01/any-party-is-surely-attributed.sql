/* ---
title = "Party is identified by more than a weak match"
description = """
A name drawn from a DNS text record alone may be wrong, and an assessment of the wrong company is none. The best
evidence has to be attributed with at least min_confidence.
"""
tables = ["parties.evidence", "parties.third_parties"]

[[parameters]]
name = "min_confidence"
type = "double"
default = 0.6
description = "The least confidence of attribution, 0 to 1."

[check]
control = "VN-01"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH best_evidence AS (
    SELECT party_id, max(attribution_confidence) AS confidence
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN best_evidence.party_id IS NULL OR parties.origin = 'discovered' THEN 'not_applicable'
        WHEN best_evidence.confidence >= coalesce(getvariable('min_confidence'), 0.6) THEN 'pass'
        WHEN parties.in_register THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN best_evidence.party_id IS NULL THEN 'nothing in the estate shows it'
        WHEN parties.origin = 'discovered' THEN 'attributed to nobody yet'
        WHEN best_evidence.confidence >= coalesce(getvariable('min_confidence'), 0.6)
            THEN 'attributed with ' || best_evidence.confidence
        WHEN parties.in_register THEN 'weakly attributed, confirmed by the register'
        ELSE 'attributed with ' || best_evidence.confidence || ' only: confirm it'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN best_evidence ON best_evidence.party_id = parties.party_id
ORDER BY resource_key;
