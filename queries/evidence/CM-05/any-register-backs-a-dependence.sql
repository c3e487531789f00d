/* ---
title = "Party that our service depends on is under contract"
description = """
Hosting, identity and administration by somebody with whom no agreement is on file leaves nobody to hold to account. A
register entry stands for the agreement; the clouds themselves are used under terms that every account accepts.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "CM-05"
criteria = ["CC2.3", "CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH depended_on AS (
    SELECT party_id, string_agg(DISTINCT relation, ', ' ORDER BY relation) AS relations
    FROM parties.evidence
    WHERE status = 'live' AND strength <> 'contact'
    GROUP BY party_id
),
register AS (
    SELECT count(*) AS entries FROM parties.third_parties WHERE in_register
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN depended_on.party_id IS NULL THEN 'not_applicable'
        WHEN parties.in_register OR parties.origin = 'provider' THEN 'pass'
        WHEN parties.origin = 'discovered' THEN 'fail'
        WHEN register.entries = 0 THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN depended_on.party_id IS NULL THEN 'nothing of ours depends on it'
        WHEN parties.in_register THEN 'in the register; it ' || depended_on.relations
        WHEN parties.origin = 'provider' THEN 'used under the terms of the provider'
        WHEN parties.origin = 'discovered' THEN 'known by a raw id only; it ' || depended_on.relations
        WHEN register.entries = 0 THEN 'no register was given; it ' || depended_on.relations
        ELSE 'no agreement is on file; it ' || depended_on.relations
    END AS reason
FROM parties.third_parties AS parties
CROSS JOIN register
LEFT JOIN depended_on ON depended_on.party_id = parties.party_id
ORDER BY resource_key;
