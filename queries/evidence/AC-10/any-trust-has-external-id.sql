/* ---
title = "Role trust of a vendor asks for an external id"
description = """
A vendor's account that assumes roles for many customers can be talked into assuming ours for somebody else, unless
the trust asks for an id that is ours alone. Looks at AWS role trusts in an outside account; federated sign-in has no
external id.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "any"
resource_type = "third_party"
--- */
WITH trusts AS (
    SELECT
        party_id,
        resource_key,
        coalesce(json_array_length(detail, '$.context.external_ids'), 0) > 0 AS has_external_id
    FROM parties.evidence
    WHERE
        signal = 'iam_trust_policy'
        AND status IN ('live', 'dormant')
        AND coalesce(detail ->> '$.context.federated', 'false') <> 'true'
),
counted AS (
    SELECT
        party_id,
        count(DISTINCT resource_key) AS roles,
        count(DISTINCT resource_key) FILTER (WHERE NOT has_external_id) AS open_roles,
        min(resource_key) FILTER (WHERE NOT has_external_id) AS example
    FROM trusts
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN counted.party_id IS NULL THEN 'not_applicable'
        WHEN counted.open_roles = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN counted.party_id IS NULL THEN 'no role trusts an account of it'
        WHEN counted.open_roles = 0 THEN 'external id asked for by all ' || counted.roles || ' roles'
        ELSE 'no external id on ' || counted.open_roles || ' of ' || counted.roles || ' roles, such as '
            || counted.example
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN counted ON counted.party_id = parties.party_id
ORDER BY resource_key;
