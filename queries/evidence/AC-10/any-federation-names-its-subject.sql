/* ---
title = "Federated trust names whom it admits"
description = """
A trust in a shared token issuer admits every customer of that issuer unless the subject is pinned to our own
organization. Looks at AWS web identity trusts: a subject claim has to be there and must not be a wildcard or begin
with one.
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
        list_filter(json_keys(detail, '$.context.claims'), lambda claim: claim LIKE '%:sub') AS subject_claims,
        CAST(detail -> '$.context.claims' AS VARCHAR) AS claims
    FROM parties.evidence
    WHERE
        signal = 'iam_trust_policy'
        AND status IN ('live', 'dormant')
        AND list_contains(CAST(detail -> '$.context.actions' AS VARCHAR[]), 'sts:AssumeRoleWithWebIdentity')
),
counted AS (
    SELECT
        party_id,
        count(DISTINCT resource_key) AS roles,
        min(resource_key) FILTER (
            WHERE len(coalesce(subject_claims, [])) = 0 OR regexp_matches(claims, ':sub":\[[^\]]*"\*')
        ) AS open_role
    FROM trusts
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN counted.party_id IS NULL THEN 'not_applicable'
        WHEN counted.open_role IS NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN counted.party_id IS NULL THEN 'no role trusts its tokens'
        WHEN counted.open_role IS NULL THEN 'subject named by all ' || counted.roles || ' roles'
        ELSE 'no subject, or any subject, admitted by ' || counted.open_role
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN counted ON counted.party_id = parties.party_id
ORDER BY resource_key;
